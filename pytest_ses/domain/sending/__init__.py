"""The checks that every sending operation applies, and custom verification emails."""
