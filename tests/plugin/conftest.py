"""Fixtures for the tests of the plugin."""

from __future__ import annotations

import sys
from importlib import import_module
from pkgutil import iter_modules

import pytest

import pytest_ses.backend
import pytest_ses.mailbox.page
import pytest_ses.webhooks
from pytest_ses import api, plugin, resilience

# pytester runs the projects in this process and then unloads the modules that a run imported.
# Modules imported here stay loaded, so that there is never a second copy of one.
assert pytest_ses.backend
assert pytest_ses.mailbox.page
assert pytest_ses.webhooks
for service in api.PACKAGES:
    api.operations(service)
for package in (plugin, resilience):
    for module in iter_modules(package.__path__, f"{package.__name__}."):
        import_module(module.name)

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
    """A project with one module that sends messages, without plugins that would slow it down."""
    plugins = (
        *("allure_pytest", "anyio", "faker", "html", "html_fixtures", "hypothesispytest"),
        *("metadata", "pytest_httpx", "rerunfailures", "respx", "time_machine"),
    )
    monkeypatch.setenv("PYTEST_ADDOPTS", " ".join(f"-p no:{plugin}" for plugin in plugins))
    # pytest 7 and 8 run the bytecode of a file's first version if the second is written within the
    # same second and has the same length.
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    monkeypatch.setenv("PYTHONDONTWRITEBYTECODE", "1")
    pytester.makepyfile(mailer=SEND)
    return pytester
