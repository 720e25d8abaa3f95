"""Tenants and their reputation."""
