"""The event log, simulated events, and the statistics derived from events."""
