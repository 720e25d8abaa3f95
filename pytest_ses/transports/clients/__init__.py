"""Transports of HTTP clients, one module for each library."""
