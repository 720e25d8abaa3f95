"""The HTTP endpoint and the SMTP server of an account, for other processes, languages and containers."""
