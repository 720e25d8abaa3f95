"""Metrics through API v2."""

from datetime import timedelta

import pytest
from asking import answer, refusal
from senders import V2, addresses


@pytest.fixture(name="send")
def _send(ses_backend):
    """Send a mail to one recipient."""
    ses_backend.verify("example.com")
    sender = V2()
    return lambda to="ada@gmail.com": sender.simple(destination=addresses([to]))


@pytest.fixture(name="ask")
def _ask(ses_backend, sesv2_client):
    """Ask for metrics of the days around now, each with dimensions or without."""

    def ask(*wanted, **words):
        now = ses_backend.clock.now().replace(microsecond=0)
        queries = [
            {
                "Id": f"q{number}",
                "Namespace": "VDM",
                "Metric": metric,
                "StartDate": now - timedelta(days=9),
                "EndDate": now + timedelta(days=1),
                **({"Dimensions": dimensions} if dimensions else {}),
                **words,
            }
            for number, (metric, dimensions) in enumerate(wanted)
        ]
        return answer(sesv2_client.batch_get_metric_data(Queries=queries))

    return ask


def test_days(ses_backend, send, ask):
    """A metric has a value for each day on which it is not zero."""
    send()
    today = ses_backend.outbox.last.sent_at.replace(hour=0, minute=0, second=0, microsecond=0)
    ses_backend.clock.advance(days=1)
    send()
    send()
    assert {
        "Results": [
            {"Id": "q0", "Timestamps": [today, today + timedelta(days=1)], "Values": [1, 2]},
            {"Id": "q1", "Timestamps": [], "Values": []},
        ],
        "Errors": [],
    } == ask(("SEND", None), ("PERMANENT_BOUNCE", None))


def test_dimensions(ses_backend, send, ask):
    """A metric is counted for the dimensions that are asked for."""
    ses_backend.recipient("bob@yahoo.com").bounces()
    send()
    send("bob@yahoo.com")
    found = ask(
        ("SEND", {"EMAIL_IDENTITY": "example.com"}),
        ("DELIVERY", {"ISP": "Yahoo"}),
        ("PERMANENT_BOUNCE", {"ISP": "Yahoo", "EMAIL_IDENTITY": "example.com"}),
    )
    assert [[2], [], [1]] == [result["Values"] for result in found["Results"]]


def test_refused(ses_backend, ask):
    """A time that ends before it begins is refused."""
    early = ses_backend.clock.now() - timedelta(days=90)
    text = "EndDate must not be before StartDate."
    assert ("BadRequestException", 400, text) == refusal(ask, ("SEND", None), EndDate=early)
