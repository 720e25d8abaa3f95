"""Mock libraries for HTTP clients, which pass requests for SES on unless a test registers SES's host."""
