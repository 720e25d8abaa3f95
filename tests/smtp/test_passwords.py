"""SMTP passwords."""

from __future__ import annotations

from pytest_ses.smtp import passwords


def test_password():
    """A password is derived as in AWS's documentation, with a different one for each region."""
    # Computed separately, step by step as in the Developer Guide.
    assert "BPH5yZxCGO0DuPQDeWGSV93ad2xW+GliVGSlfRdPXhxG" == passwords.derive(
        "pytest-ses", "us-east-1"
    )
    assert passwords.derive("pytest-ses", "us-east-1") != passwords.derive(
        "pytest-ses", "eu-west-1"
    )


def test_version():
    """A password contains the version of its algorithm, 4, and so begins with B."""
    assert passwords.derive("secret", "eu-west-1").startswith("B")
