"""What is to fail? Plans, the rules they make, and the verdict at the end."""

# The text of a planned error where nobody has published what SES says; it is ours, and sounds so.
UNKNOWN = "Failure planned by the test."
