"""The Deliverability dashboard, its reports, placement tests and recommendations."""
