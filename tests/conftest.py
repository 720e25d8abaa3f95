"""Fixtures shared by all tests."""

from __future__ import annotations

# pytester unloads the modules that a run in this process imported first, and a second import of
# cryptography creates classes that its compiled part does not know.
import cryptography.hazmat.primitives.asymmetric.padding
import cryptography.x509  # noqa: F401
import pytest

pytest_plugins = ["pytester"]


@pytest.fixture
def account():
    """An account outside the sandbox, used without HTTP or boto3."""
    from pytest_ses.clock import Clock
    from pytest_ses.domain.account import Account

    return Account("123456789012", "us-east-1", clock=Clock())
