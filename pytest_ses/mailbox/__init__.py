"""The mailbox page: the messages of a run, and what happened to them, for people to look at."""
