"""Planned failures, their effects on calls, and the reports about them."""

# The text of a planned error for which SES's own text is not known. It is recognizably our own.
UNKNOWN_TEXT = "Failure planned by the test."
