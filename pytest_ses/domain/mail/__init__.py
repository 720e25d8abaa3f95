"""Messages, their events, and the JSON records of those events."""
