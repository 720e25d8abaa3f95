"""SES requests of processes that are forked from the test."""

from __future__ import annotations

import os

import boto3
import pytest

from pytest_ses import ForkedProcessWarning, SESBackend


@pytest.fixture
def forked(monkeypatch):
    """A function that makes the code run as if in a forked process."""
    return lambda pid: monkeypatch.setattr(os, "getpid", lambda: pid)


@pytest.mark.parametrize(
    ("service", "operation"), [("ses", "list_identities"), ("sesv2", "get_account")]
)
class TestFork:
    def test_warns_once(self, capsys, forked, service, operation):
        """The first request of a forked process prints a warning that says what to do."""
        with SESBackend() as backend, pytest.MonkeyPatch.context() as patch:
            patch.setattr("warnings.filters", [])
            client = boto3.client(service, region_name="us-east-1")
            call = getattr(client, operation)
            call()
            assert "" == capsys.readouterr().err
            forked(123456)
            call()
            printed = capsys.readouterr().err
            call()
        assert "ForkedProcessWarning: process 123456 was forked" in printed
        assert "ThreadPoolExecutor" in printed
        assert "" == capsys.readouterr().err
        assert 3 == len(backend.calls)

    def test_as_an_error(self, forked, service, operation):
        """A filter can turn the warning into an error."""
        with SESBackend():
            client = boto3.client(service, region_name="us-east-1")
            forked(123456)
            with pytest.raises(ForkedProcessWarning):
                getattr(client, operation)()

    @pytest.mark.filterwarnings("ignore::pytest_ses.ForkedProcessWarning")
    def test_ignored(self, capsys, forked, service, operation):
        """A filter can silence the warning."""
        with SESBackend():
            client = boto3.client(service, region_name="us-east-1")
            forked(123456)
            getattr(client, operation)()
        assert "" == capsys.readouterr().err
