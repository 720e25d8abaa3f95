"""Receipt rules and filters, the messages they apply to, and bounces of those messages."""
