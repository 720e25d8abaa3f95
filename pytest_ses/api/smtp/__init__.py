"""The SMTP interface as an API with one operation."""
