"""Metrics (BatchGetMetricData), through API v2."""

from datetime import timedelta

import pytest
from asking import error_of, without_metadata
from senders import V2, addresses


@pytest.fixture(name="send")
def _send(ses_backend):
    """A function that sends a message to one recipient."""
    ses_backend.verify("example.com")
    sender = V2()
    return lambda to="ada@gmail.com": sender.simple(destination=addresses([to]))


@pytest.fixture(name="get_metrics")
def _get_metrics(ses_backend, sesv2_client):
    """A function that gets metrics of the last days, from pairs of metric and dimensions."""

    def get_metrics(*metrics, **params):
        now = ses_backend.clock.now().replace(microsecond=0)
        queries = [
            {
                "Id": f"q{number}",
                "Namespace": "VDM",
                "Metric": metric,
                "StartDate": now - timedelta(days=9),
                "EndDate": now + timedelta(days=1),
                **({"Dimensions": dimensions} if dimensions else {}),
                **params,
            }
            for number, (metric, dimensions) in enumerate(metrics)
        ]
        return without_metadata(sesv2_client.batch_get_metric_data(Queries=queries))

    return get_metrics


def test_days(ses_backend, send, get_metrics):
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
    } == get_metrics(("SEND", None), ("PERMANENT_BOUNCE", None))


def test_dimensions(ses_backend, send, get_metrics):
    """A metric counts only the events that match the requested dimensions."""
    ses_backend.recipient("bob@yahoo.com").bounces()
    send()
    send("bob@yahoo.com")
    response = get_metrics(
        ("SEND", {"EMAIL_IDENTITY": "example.com"}),
        ("DELIVERY", {"ISP": "Yahoo"}),
        ("PERMANENT_BOUNCE", {"ISP": "Yahoo", "EMAIL_IDENTITY": "example.com"}),
    )
    assert [[2], [], [1]] == [result["Values"] for result in response["Results"]]


def test_invalid_period(ses_backend, get_metrics):
    """A period that ends before it starts is rejected."""
    end = ses_backend.clock.now() - timedelta(days=90)
    text = "EndDate must not be before StartDate."
    assert ("BadRequestException", 400, text) == error_of(get_metrics, ("SEND", None), EndDate=end)
