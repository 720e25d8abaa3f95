"""Runs for the mailbox page."""

from __future__ import annotations

import boto3

from pytest_ses import SESBackend
from pytest_ses.mailbox import entries

PICTURE = b"\x89PNG\r\n\x1a\n" + b"\0" * 16


def run(*tests, **more):
    """A run with these tests."""
    settings = {
        "title": "SES mailbox of shop",
        "created": "2026-11-21T22:00:00+00:00",
        "seed": "4711",
        "live": False,
        "resilience": None,
    }
    return {**settings, "tests": list(tests), **more}


def entry(*actions, nodeid="tests/test_shop.py::test_order", outcome="passed", **about):
    """The entry of a test that calls each action with a backend and a v2 client."""
    with SESBackend(verified=["example.com"], seed=1) as backend:
        client = boto3.client("sesv2", region_name="us-east-1")
        for action in actions:
            action(backend, client)
        return entries.of_test([backend], nodeid=nodeid, outcome=outcome, **about)


def sends(subject="Hi", text="Hello", html=None, to=("ada@example.org",), **options):
    """An action that sends a message."""

    def send(_backend, client):
        bodies = {"Text": text, "Html": html}
        body = {name: {"Data": data} for name, data in bodies.items() if data is not None}
        client.send_email(
            FromEmailAddress="News <news@example.com>",
            Destination={"ToAddresses": list(to)},
            Content={"Simple": {"Subject": {"Data": subject}, "Body": body}},
            **options,
        )

    return send


def sends_raw(raw, to=("ada@example.org",)):
    """An action that sends a raw message."""

    def send(_backend, client):
        data = raw if isinstance(raw, bytes) else raw.as_bytes()
        client.send_email(Destination={"ToAddresses": list(to)}, Content={"Raw": {"Data": data}})

    return send


RESILIENCE = {
    "seed": "4711",
    "error_coverage": {
        "percent": 41.7,
        "operations": {
            "sesv2:SendEmail": {
                "calls": 3,
                "met": ["TooManyRequestsException"],
                "missed": ["MessageRejected", "timeout"],
            }
        },
    },
    "sweep": [
        {
            "test": "tests/test_shop.py::test_order",
            "call": 2,
            "operation": "sesv2:SendEmail",
            "kind": "timeout",
            "outcome": "escaped",
            "exception": "ReadTimeoutError: Read timeout on endpoint URL",
            "where": "shop/mailer.py:42",
            "marker": '@pytest.mark.ses_fail("sesv2:SendEmail", Timeout(), times=1)',
        },
        {
            "test": "tests/test_shop.py::test_other",
            "call": 1,
            "operation": "sesv2:SendEmail",
            "kind": "throttle",
            "outcome": "survived",
            "exception": None,
            "where": None,
            "marker": '@pytest.mark.ses_throttle("sesv2:SendEmail", times=1)',
        },
    ],
    "chaos": {
        "rate": 0.05,
        "kinds": ["throttle", "timeout"],
        "line": "pytest --ses-chaos=0.05:throttle,timeout --ses-seed=4711",
        "failures": 17,
    },
}
"""Results of the resilience checks, as `--ses-json` writes them."""
