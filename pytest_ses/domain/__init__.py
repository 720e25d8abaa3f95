"""What is Amazon SES, apart from its wire? State and rules in plain Python, in the words of API v2."""
