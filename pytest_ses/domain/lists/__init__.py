"""Contact lists, contacts and suppression lists."""
