"""Which status does a destination of a bulk send get, and what of the others?"""

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


def word(bulk, status):
    """The status in the spelling of the API."""
    return V1_STATUS[status] if bulk.service == "ses" else status


def failed(results):
    return [number for number, result in enumerate(results) if "Error" in result]


@pytest.mark.parametrize("status", V1_STATUS)
@pytest.mark.parametrize("spelling", ["own", "other"])
def test_every_status(bulk, backend, status, spelling):
    """Every status of either API, in either spelling, is answered in that of the API called."""
    in_v1 = (bulk.service == "ses") == (spelling == "own")
    rule = backend.bulk_status(V1_STATUS[status] if in_v1 else status, to="bob@example.org")
    results = send(bulk)
    assert word(bulk, status) == results[1]["Status"]
    assert (status == "SUCCESS") == ("MessageId" in results[1])
    assert (status != "SUCCESS") == ("Error" in results[1])
    sent = [result["MessageId"] for result in results if "MessageId" in result]
    assert sent == [message.message_id for message in backend.outbox]
    assert {SUCCESS[bulk.service]} == {results[0]["Status"], results[2]["Status"]}
    assert (1, backend.calls[-1:]) == (rule.fired, rule.calls)
    assert rule is backend.calls[-1].fault


@pytest.mark.parametrize(("status", "text"), KNOWN_TEXTS.items())
def test_text(bulk, backend, client, status, text):
    """The text is SES's where it is known, or the user's own."""
    client("sesv2").create_configuration_set(ConfigurationSetName="s")
    backend.bulk_status(status, index=0)
    backend.bulk_status(status, index=1, error="Out of ink.")
    results = send(bulk, set="s")
    assert [text, "Out of ink.", None] == [result.get("Error") for result in results]


class TestMatch:
    @pytest.mark.parametrize(
        ("words", "expected"),
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
    def test_words(self, bulk, backend, words, expected):
        """Words match the destination, its place or the call; the schedule counts destinations."""
        rule = backend.bulk_status("FAILED", **words)
        results = send(bulk)
        assert expected == failed(results)
        assert (len(expected), 3 - len(expected)) == (rule.fired, len(backend.outbox))

    def test_times_over_calls(self, bulk, backend):
        """A plan that one call does not use up goes on in the next."""
        rule = backend.bulk_status("TRANSIENT_FAILURE", times=4)
        assert [0, 1, 2] == failed(send(bulk))
        assert [0] == failed(send(bulk))
        assert backend.calls[-2:] == rule.calls

    def test_success_lets_pass(self, bulk, backend):
        """SUCCESS keeps a destination from the plans after it."""
        backend.bulk_status("SUCCESS", to="bob@example.org")
        backend.bulk_status("FAILED")
        assert [0, 2] == failed(send(bulk))
        assert ["bob@example.org"] == backend.outbox.one().to

    def test_several_rules(self, bulk, backend):
        """PlannedFailures stack in the order planned; the call tells of the first one that it met."""
        first = backend.bulk_status("FAILED", to="cleo@example.org")
        second = backend.bulk_status("TRANSIENT_FAILURE")
        statuses = [result["Status"] for result in send(bulk)]
        assert [word(bulk, "TRANSIENT_FAILURE")] * 2 + [word(bulk, "FAILED")] == statuses
        assert backend.calls[-1].fault is second
        assert [backend.calls[-1]] == first.calls == second.calls

    @settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
    @given(planned=st.sets(st.integers(0, 5)), count=st.integers(1, 6))
    def test_any_places(self, backend, client, planned, count):
        """Whatever places are planned, those fail, and all others are in the outbox in order."""
        backend.reset()
        backend.verify("example.com")
        parts = {"TemplateName": "t", "SubjectPart": "Hi", "TextPart": "Dear reader"}
        client("ses").create_template(Template=parts)
        for index in planned:
            backend.bulk_status("FAILED", index=index)
        readers = [f"reader{number}@example.org" for number in range(count)]
        assert sorted(one for one in planned if one < count) == failed(send(BulkV1(), *readers))
        expected = [reader for number, reader in enumerate(readers) if number not in planned]
        assert expected == [message.to[0] for message in backend.outbox]


class TestNaturalOnes:
    def test_beside_planned_ones(self, bulk, backend):
        """A bad address, a planned failure and a reached quota each fail their own destination."""
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
        assert [word(bulk, status) for status in expected] == [one["Status"] for one in results]

    def test_sandbox(self, bulk, backend):
        """In the sandbox a recipient who is not verified fails alone."""
        backend.account().sandbox = True
        backend.verify("ada@example.org")
        assert [1, 2] == failed(send(bulk))

    def test_whole_call_comes_first(self, bulk, backend):
        """A call that fails as a whole uses up no plan for its destinations."""
        rule = backend.bulk_status("FAILED")
        with pytest.raises(bulk.client.exceptions.ClientError, match="Template x does not exist"):
            send(bulk, template="x")
        assert (0, []) == (rule.fired, rule.calls)

    def test_single_sends(self, api, backend):
        """A single send has no destinations that could have a status."""
        rule = backend.bulk_status("FAILED")
        api.simple()
        assert 0 == rule.fired
