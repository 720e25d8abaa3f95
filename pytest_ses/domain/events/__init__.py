"""The event log, the simulation of recipients, and the statistics drawn from events."""
