"""Would a mail arrive in the inbox? Predictive inbox placement tests.

The prediction is ours: a mail that is signed, or whose MAIL FROM domain is its own, arrives in the
inbox; any other in the spam folder; one with a virus nowhere.
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
TAKES = timedelta(hours=24)
INBOX, SPAM, MISSING = "inbox", "spam", "missing"
# SES's own mailboxes at the providers; any account may send there.
SEEDS = Destination(to=("success@simulator.amazonses.com",))

# The text is ours.
_DISABLED = "The Deliverability dashboard is not enabled."


class Prediction(NamedTuple):
    """Where a mail arrives, and how it is authenticated."""

    place: str
    spf: bool
    dkim: bool


@dataclass(slots=True)
class PlacementTest:
    """A test of a mail, and what will come of it."""

    report_id: str
    name: str | None
    message: Message
    prediction: Prediction
    created_at: datetime
    tags: dict[str, str] = field(default_factory=dict)

    def status(self, now: datetime) -> str:
        """Whether it is done."""
        return COMPLETED if now >= self.created_at + TAKES else IN_PROGRESS


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
    mail: SendRequest,
    *,
    name: str | None = None,
    tags: Mapping[str, str] | None = None,
) -> PlacementTest:
    """Test a mail, which has to be one that SES would send; it does not go to the outbox.

    Raises:
        InvalidParameterValue: while the dashboard is not enabled.
        SESError: what a send of the mail would be refused with.
    """
    if dashboard.status(account) == dashboard.DISABLED:
        raise errors.InvalidParameterValue(_DISABLED)
    message = sending.checked(account, mail, SEEDS)
    made = PlacementTest(
        scope.new_uuid(account),
        name,
        message,
        _predicted(account, message),
        account.now(),
        dict(tags or {}),
    )
    return account.placement_tests.put(made.report_id, made)


def _predicted(account: PlacementState, message: Message) -> Prediction:
    sender = message.sender
    identity = identities.covering(account.identities, sender)
    own = identities.dkim_of(account, identity.name if identity else sender)
    dkim = own.signing_enabled and own.status == identities.SUCCESS
    records = account.dns_records.get(sender.rpartition("@")[2].lower(), set())
    aligned = identity is not None and identity.mail_from_status == identities.SUCCESS
    spf = aligned or "SPF" in records
    if message.rendering_error is not None or viruses.has_virus(message):
        return Prediction(MISSING, spf, dkim)
    return Prediction(INBOX if spf or dkim else SPAM, spf, dkim)
