"""Transports, which route requests to the backend by patching the packages that send them."""
