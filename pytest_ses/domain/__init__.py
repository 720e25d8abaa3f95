"""The state and rules of Amazon SES in plain Python, named as in API v2."""
