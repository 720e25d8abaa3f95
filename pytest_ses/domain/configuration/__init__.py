"""Configuration sets, event destinations, dedicated IP pools and multi-region endpoints."""
