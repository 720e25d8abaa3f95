"""What do the tests of the plugin share?"""

from __future__ import annotations

import pytest

SEND = """
import boto3

def send(to="ada@example.org", sender="news@example.com", subject="Welcome"):
    boto3.client("sesv2", region_name="us-east-1").send_email(
        FromEmailAddress=sender,
        Destination={"ToAddresses": [to]},
        Content={"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": "Hi"}}}},
    )
"""


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with one module that sends mail, and without plugins that only cost time."""
    plugins = ("faker", "hypothesispytest", "time_machine")
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(f"-p no:{plugin}" for plugin in plugins))
    pytester.makepyfile(mailer=SEND)
    return pytester
