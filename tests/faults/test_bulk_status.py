"""Planned statuses of single destinations in a bulk send."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, given, settings, strategies as st
from senders import BulkV1

from pytest_ses.api.errors import V1_STATUS

READERS = ["ada@example.org", "bob@example.org", "cleo@example.org"]
SUCCESS = {"ses": "Success", "sesv2": "SUCCESS"}
KNOWN_TEXTS = {
    "ACCOUNT_THROTTLED": "Maximum sending rate exceeded.",
    "ACCOUNT_DAILY_QUOTA_EXCEEDED": "Daily message quota exceeded.",
    "TEMPLATE_NOT_FOUND": "Template t does not exist.",
    "CONFIGURATION_SET_NOT_FOUND": "Configuration set <s> does not exist.",
    "CONFIGURATION_SET_SENDING_PAUSED": "Sending is paused for configuration set s",
    "MESSAGE_REJECTED": "Email address is not verified. The following identities failed the check "
    "in region US-EAST-1: news@example.com",
    "TRANSIENT_FAILURE": "Failure planned by the test.",
}


def send(bulk, *readers, **more):
    return bulk.send(*(bulk.entry(reader) for reader in readers or READERS), **more)


def api_status(bulk, status):
    """The status in the spelling of the API."""
    return V1_STATUS[status] if bulk.service == "ses" else status


def failed(results):
    return [index for index, result in enumerate(results) if "Error" in result]


@pytest.mark.parametrize("status", V1_STATUS)
@pytest.mark.parametrize("spelling", ["own", "other"])
def test_every_status(bulk, backend, status, spelling):
    """A status of either API is returned in the spelling of the called API."""
    in_v1 = (bulk.service == "ses") == (spelling == "own")
    failure = backend.bulk_status(V1_STATUS[status] if in_v1 else status, to="bob@example.org")
    results = send(bulk)
    assert api_status(bulk, status) == results[1]["Status"]
    assert (status == "SUCCESS") == ("MessageId" in results[1])
    assert (status != "SUCCESS") == ("Error" in results[1])
    sent = [result["MessageId"] for result in results if "MessageId" in result]
    assert sent == [message.message_id for message in backend.outbox]
    assert {SUCCESS[bulk.service]} == {results[0]["Status"], results[2]["Status"]}
    assert (1, backend.calls[-1:]) == (failure.fired, failure.calls)
    assert failure is backend.calls[-1].fault


@pytest.mark.parametrize(("status", "text"), KNOWN_TEXTS.items())
def test_text(bulk, backend, client, status, text):
    """The error text is SES's where it is known, or the one that the test gives."""
    client("sesv2").create_configuration_set(ConfigurationSetName="s")
    backend.bulk_status(status, index=0)
    backend.bulk_status(status, index=1, error="Out of ink.")
    results = send(bulk, set="s")
    assert [text, "Out of ink.", None] == [result.get("Error") for result in results]


class TestMatch:
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ({}, [0, 1, 2]),
            ({"to": "cleo@example.org"}, [2]),
            ({"to": re.compile("o@|b@")}, [1, 2]),
            ({"index": 1}, [1]),
            ({"index": 1, "to": "ada@example.org"}, []),
            ({"index": 9}, []),
            ({"times": 2}, [0, 1]),
            ({"after": 1}, [1, 2]),
            ({"every": 2}, [1]),
            ({"template": "t", "sender": "news@example.com"}, [0, 1, 2]),
            ({"template": "other"}, []),
            ({"region": "us-east-1", "when": lambda call: "Bulk" in call.operation}, [0, 1, 2]),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
    )
    def test_arguments(self, bulk, backend, arguments, expected):
        """Arguments match a destination, its index or the call; schedules count destinations."""
        failure = backend.bulk_status("FAILED", **arguments)
        results = send(bulk)
        assert expected == failed(results)
        assert (len(expected), 3 - len(expected)) == (failure.fired, len(backend.outbox))

    def test_times_over_calls(self, bulk, backend):
        """A failure that one call does not use up continues in the next call."""
        failure = backend.bulk_status("TRANSIENT_FAILURE", times=4)
        assert [0, 1, 2] == failed(send(bulk))
        assert [0] == failed(send(bulk))
        assert backend.calls[-2:] == failure.calls

    def test_success_exempts(self, bulk, backend):
        """A planned SUCCESS exempts a destination from the failures planned after it."""
        backend.bulk_status("SUCCESS", to="bob@example.org")
        backend.bulk_status("FAILED")
        assert [0, 2] == failed(send(bulk))
        assert ["bob@example.org"] == backend.outbox.one().to

    def test_several_failures(self, bulk, backend):
        """Failures apply in the order planned; the call records the first one that applied."""
        first = backend.bulk_status("FAILED", to="cleo@example.org")
        second = backend.bulk_status("TRANSIENT_FAILURE")
        statuses = [result["Status"] for result in send(bulk)]
        assert [api_status(bulk, "TRANSIENT_FAILURE")] * 2 + [
            api_status(bulk, "FAILED")
        ] == statuses
        assert backend.calls[-1].fault is second
        assert [backend.calls[-1]] == first.calls == second.calls

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
    @given(planned=st.sets(st.integers(0, 5)), count=st.integers(1, 6))
    def test_any_indexes(self, backend, client, planned, count):
        """Exactly the planned indexes fail; all other destinations are in the outbox in order."""
        backend.reset()
        backend.verify("example.com")
        parts = {"TemplateName": "t", "SubjectPart": "Hi", "TextPart": "Dear reader"}
        client("ses").create_template(Template=parts)
        for index in planned:
            backend.bulk_status("FAILED", index=index)
        readers = [f"reader{number}@example.org" for number in range(count)]
        assert sorted(index for index in planned if index < count) == failed(
            send(BulkV1(), *readers)
        )
        expected = [reader for index, reader in enumerate(readers) if index not in planned]
        assert expected == [message.to[0] for message in backend.outbox]


class TestOtherFailures:
    def test_with_planned_failures(self, bulk, backend):
        """An invalid address, a planned failure and a reached quota each fail one destination."""
        backend.account().daily_quota = 2
        backend.bulk_status("TRANSIENT_FAILURE", to="bob@example.org")
        results = send(
            bulk,
            "ada@example.org",
            "nobody",
            "bob@example.org",
            "cleo@example.org",
            "dan@example.org",
        )
        expected = ["SUCCESS", "INVALID_PARAMETER", "TRANSIENT_FAILURE", "SUCCESS"]
        expected.append("ACCOUNT_DAILY_QUOTA_EXCEEDED")
        assert [api_status(bulk, status) for status in expected] == [
            result["Status"] for result in results
        ]

    def test_sandbox(self, bulk, backend):
        """In the sandbox, only unverified recipients fail."""
        backend.account().sandbox = True
        backend.verify("ada@example.org")
        assert [1, 2] == failed(send(bulk))

    def test_call_that_fails_as_a_whole(self, bulk, backend):
        """A call that fails as a whole uses up no failure planned for its destinations."""
        failure = backend.bulk_status("FAILED")
        with pytest.raises(bulk.client.exceptions.ClientError, match="Template x does not exist"):
            send(bulk, template="x")
        assert (0, []) == (failure.fired, failure.calls)

    def test_single_sends(self, api, backend):
        """A planned bulk status does not affect single sends."""
        failure = backend.bulk_status("FAILED")
        api.simple()
        assert 0 == failure.fired
