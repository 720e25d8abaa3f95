"""How the code under test copes with what SES does in production, measured over a run."""
