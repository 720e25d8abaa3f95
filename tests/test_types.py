"""The types of the public API against what the package accepts and has at run time."""

from __future__ import annotations

import inspect
import re
from collections.abc import Sequence
from pathlib import Path
from typing import get_args

import pytest

from pytest_ses import (
    Call,
    Clock,
    CorruptResponse,
    Event,
    Message,
    Outbox,
    PlannedFailure,
    Recipient,
    ServerError,
    SESBackend,
    Timeout,
    Webhook,
)
from pytest_ses.api.errors import V1_STATUS
from pytest_ses.domain.mail import events, outbox, outcomes
from pytest_ses.domain.receiving import arrivals
from pytest_ses.faults import missing, network, plans
from pytest_ses.webhooks import signing


class TestLiterals:
    @pytest.mark.parametrize(
        ("literal", "values"),
        [
            (outcomes.BounceType, {type_ for type_, _ in outcomes.BOUNCES}),
            (outcomes.BounceSubtype, {subtype for _, subtype in outcomes.BOUNCES}),
            (outcomes.FeedbackType, set(outcomes.FEEDBACK_TYPES)),
            (outcomes.DelayType, set(outcomes.DELAY_TYPES)),
            (outcomes.SuppressionReason, set(outcomes.SUPPRESSED)),
            (events.EventType, set(events.V2_TYPES)),
            (missing.Resource, set(missing.RESOURCES)),
            (plans.BulkStatus, {*V1_STATUS, *V1_STATUS.values()}),
            (arrivals.ScanVerdict, set(arrivals.VERDICTS)),
            (signing.SignatureVersion, {1, 2}),
        ],
    )
    def test_values(self, literal, values):
        """A type has exactly the values of the table that is used at run time, each once."""
        assert sorted(values) == sorted(get_args(literal))

    @pytest.mark.parametrize(
        ("failure", "literal"),
        [
            (Timeout, network.TimeoutKind),
            (CorruptResponse, network.CorruptionKind),
            (ServerError, network.ServerErrorStatus),
        ],
    )
    def test_network_failures(self, failure, literal):
        """A network failure can be created with each value of its type."""
        for value in get_args(literal):
            failure(value)

    def test_signature_versions(self):
        """Each signature version is accepted."""
        versions = get_args(signing.SignatureVersion)
        assert list(versions) == [signing.checked_version(version) for version in versions]


class TestKeywordArguments:
    def test_match(self):
        """The types of the keyword arguments of `one` and `filter` cover all criteria."""
        assert set(outbox._CRITERIA) == set(outbox.MessageMatch.__annotations__)


API_PAGE = (Path(__file__).parents[1] / "docs/reference/api.md").read_text(encoding="utf-8")
CLASSES = (
    Call,
    Clock,
    Event,
    Message,
    Outbox,
    PlannedFailure,
    Recipient,
    SESBackend,
    Webhook,
)


@pytest.fixture(name="objects")
def _objects(ses_backend, ses_client):
    """An object of each class, by its class."""
    ses_backend.verify("*")
    failure = ses_backend.throttle()
    failure.remove()
    message_id = ses_client.send_email(
        Source="news@example.com",
        Destination={"ToAddresses": ["ada@example.org"]},
        Message={"Subject": {"Data": "News"}, "Body": {"Text": {"Data": "Hi"}}},
    )["MessageId"]
    topic_arn = "arn:aws:sns:us-east-1:123456789012:events"
    objects = [
        ses_backend,
        ses_backend.bounce(message_id),
        ses_backend.calls[0],
        ses_backend.clock,
        ses_backend.outbox,
        ses_backend.outbox.last,
        ses_backend.recipient("ada@example.org"),
        ses_backend.webhook(lambda _body, _headers: 200, topic_arn=topic_arn),
        failure,
    ]
    return {type(item): item for item in objects}


def documented_names(class_):
    """The names that the API page shows: members, and names in the docstring and in a table."""
    name = class_.__name__
    options = re.search(rf"autoclass:: pytest_ses\.{name}\(.*\)\n((?:   :.*\n)*)", API_PAGE)[1]
    assert ":members:\n" in options
    shows_all = ":undoc-members:" in options
    members = {name for name, value in vars(class_).items() if shows_all or value.__doc__}
    tables = re.findall(rf"`~pytest_ses\.{name}` has these attributes.*\n\n((?:\|.*\n)+)", API_PAGE)
    text = "\n".join([inspect.getdoc(class_), *tables])
    attributes = re.findall(r"`(\w+)`|^ +(\w+): ", text, re.MULTILINE)
    return members | {name for names in attributes for name in names}


class TestCompletion:
    @pytest.mark.parametrize("class_", CLASSES)
    def test_only_documented_names(self, objects, class_):
        """The public names of an object that tests use are those that the API page documents."""
        inherited = set(dir(Sequence)) if class_ is Outbox else set()
        names = {name for name in dir(objects[class_]) if not name.startswith("_")}
        assert set() == names - inherited - documented_names(class_)
