"""Identities, their DKIM settings, certificates and policies."""
