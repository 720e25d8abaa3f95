"""Predictive inbox placement tests.

The prediction is our own: a message that is signed, or whose domain has its own SPF record, arrives
in the inbox; any other message arrives in the spam folder; a message with a virus does not arrive.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import errors, scope
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.deliverability import dashboard
from pytest_ses.domain.deliverability.dashboard import DashboardState
from pytest_ses.domain.identities import identities
from pytest_ses.domain.mail import viruses
from pytest_ses.domain.mail.requests import Destination
from pytest_ses.domain.sending import sending
from pytest_ses.domain.sending.sending import SendingState

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.mail.requests import SendRequest

COMPLETED, IN_PROGRESS = "COMPLETED", "IN_PROGRESS"
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_CreateDeliverabilityTestReport.html
DURATION = timedelta(hours=24)
INBOX, SPAM, MISSING = "inbox", "spam", "missing"
# SES's own mailboxes at the providers; any account may send to them.
SEEDS = Destination(to=("success@simulator.amazonses.com",))

# This text is our own; SES's is unknown.
_DISABLED = "The Deliverability dashboard is not enabled."


class Prediction(NamedTuple):
    """The place where a message arrives, and whether it passes SPF and DKIM."""

    place: str
    spf: bool
    dkim: bool


@dataclass(slots=True)
class PlacementTest:
    """A placement test of a message, with its result."""

    report_id: str
    name: str | None
    message: Message
    prediction: Prediction
    created_at: datetime
    tags: dict[str, str] = field(default_factory=dict)

    def status(self, now: datetime) -> str:
        """Return `COMPLETED` or `IN_PROGRESS`."""
        return COMPLETED if now >= self.created_at + DURATION else IN_PROGRESS


class PlacementState(DashboardState, SendingState, Protocol):
    """The placement tests of an account."""

    placement_tests: Collection[PlacementTest]
    dns_records: dict[str, set[str]]


def store() -> Collection[PlacementTest]:
    """Return an empty store of placement tests."""
    return Collection(
        "deliverability test reports",
        missing=errors.PlacementTestDoesNotExist,
        order="newest first",
    )


def create(
    account: PlacementState,
    request: SendRequest,
    *,
    name: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> PlacementTest:
    """Test a message that SES would accept, without adding it to the outbox.

    Raises:
        InvalidParameterValue: if the dashboard is not enabled.
        SESError: if sending the message would fail.
    """
    if dashboard.status(account) == dashboard.DISABLED:
        raise errors.InvalidParameterValue(_DISABLED)
    message = sending.checked_message(account, request, SEEDS)
    placement_test = PlacementTest(
        scope.new_uuid(account),
        name,
        message,
        _predict(account, message),
        account.now(),
        dict(tags or {}),
    )
    return account.placement_tests.put(placement_test.report_id, placement_test)


def _predict(account: PlacementState, message: Message) -> Prediction:
    sender = message.sender
    identity = identities.covering(account.identities, sender)
    settings = identities.dkim_of(account, identity.name if identity else sender)
    signed = settings.signing_enabled and settings.status == identities.SUCCESS
    records = account.dns_records.get(sender.rpartition("@")[2].lower(), set())
    aligned = identity is not None and identity.mail_from_status == identities.SUCCESS
    spf = aligned or "SPF" in records
    if message.rendering_error is not None or viruses.has_virus(message):
        return Prediction(MISSING, spf, signed)
    return Prediction(INBOX if spf or signed else SPAM, spf, signed)
