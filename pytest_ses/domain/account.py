"""The account and its stores."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from pytest_ses.domain import templates
from pytest_ses.domain.configuration import (
    configuration_sets,
    dedicated_ips,
    multi_region_endpoints,
)
from pytest_ses.domain.connections import Connections
from pytest_ses.domain.deliverability import placement_tests, recommendations
from pytest_ses.domain.deliverability.dashboard import Dashboard
from pytest_ses.domain.events.event_log import EventLog
from pytest_ses.domain.events.statistics import SendingHistory
from pytest_ses.domain.identities import identities
from pytest_ses.domain.jobs import export_jobs, import_jobs
from pytest_ses.domain.lists import contact_lists, suppression
from pytest_ses.domain.receiving import receipt_filters, receipt_rules
from pytest_ses.domain.regions import arn, partition_of, region_code
from pytest_ses.domain.sending import verification_templates
from pytest_ses.domain.tenants import tenants

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_ses.domain.associations import Association
    from pytest_ses.domain.collection import Collection
    from pytest_ses.domain.identities.identities import Certificate
    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.domain.receiving.arrivals import Arrival
    from pytest_ses.domain.scope import Schedule, TimeSource

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
SANDBOX_QUOTA, SANDBOX_RATE = 200.0, 1.0
QUOTA, RATE = 50_000.0, 14.0


@dataclass(frozen=True)
class Credentials:
    """Access keys for one account, to pass to `boto3.client` or `boto3.Session`."""

    aws_access_key_id: str
    aws_secret_access_key: str
    aws_session_token: str | None = None


# The access key contains the account ID, so no table of keys is needed.
KEY_PREFIX = "AKIASESX"
SECRET_KEY = "pytest-ses"  # noqa: S105  (of fake credentials)


class Account:
    """The state of SES for one account in one region, shared by v1 and v2.

    Its stores map names to resources; tests can read and change them.
    """

    sandbox: bool = False
    daily_quota: float | None = None
    send_rate: float | None = None
    sending_enabled: bool = True
    accepts_every_sender: bool = False
    auto_verify: bool = False
    """Whether identities are verified as soon as their verification is requested."""
    has_topics: bool = False
    """Whether an identity publishes notifications to a topic."""
    active_receipt_rule_set: str | None = None
    suppression_validation_attributes: dict[str, Any] | None = None
    dedicated_ip_auto_warmup_enabled: bool = False
    details: dict[str, Any] | None = None
    vdm_attributes: dict[str, Any] | None = None
    pricing_attributes: dict[str, Any] | None = None

    def __init__(
        self, account_id: str, region: str, *, clock: TimeSource, event_log: EventLog | None = None
    ) -> None:
        self.account_id = account_id
        self.region = region
        self.clock = clock
        self.event_log = event_log or EventLog()
        self.connections = Connections()
        self.schedule: Schedule = clock.call_at
        self.outbox: list[Message] = []
        self.history = SendingHistory()
        self.identities = identities.store()
        self.certificates: dict[str, Collection[Certificate]] = {}
        self.configuration_sets = configuration_sets.store()
        self.dedicated_ips = dedicated_ips.store()
        self.dedicated_ip_pools = dedicated_ips.pool_store()
        self.multi_region_endpoints = multi_region_endpoints.store()
        self.templates = templates.store()
        self.verification_templates = verification_templates.store()
        self.contact_lists = contact_lists.store()
        self.suppressed_destinations = suppression.store()
        self.suppressed_reasons = ["BOUNCE", "COMPLAINT"]
        self.tenants = tenants.store(account_id)
        self.associations: dict[str, Collection[Association]] = {}
        self.receipt_rule_sets = receipt_rules.store()
        self.receipt_filters = receipt_filters.store()
        self.arrivals: dict[str, Arrival] = {}
        self.import_jobs = import_jobs.store()
        self.export_jobs = export_jobs.store()
        self.deliverability = Dashboard()
        self.placement_tests = placement_tests.store()
        self.recommendations = recommendations.store()
        self.dns_records: dict[str, set[str]] = {}
        # Seeded, so that a test gets the same IDs in every run, except for the time in them.
        self._random = random.Random(f"{account_id}/{region}")
        self._id_time: datetime | None = None
        self._id_prefix = ""

    def __repr__(self) -> str:
        return f"<Account {self.account_id} in {self.region}>"

    @property
    def needs_events(self) -> bool:
        """Whether the state of the account can affect the events of a message."""
        return self.has_topics or bool(self.suppressed_destinations or self.tenants)

    @property
    def max_24_hour_send(self) -> float:
        """The reported quota of recipients per 24 hours; enforced only if the test sets it."""
        if self.daily_quota is not None:
            return float(self.daily_quota)
        return SANDBOX_QUOTA if self.sandbox else QUOTA

    @property
    def max_send_rate(self) -> float:
        """The reported quota of recipients per second; enforced only if the test sets it."""
        if self.send_rate is not None:
            return float(self.send_rate)
        return SANDBOX_RATE if self.sandbox else RATE

    @property
    def credentials(self) -> Credentials:
        """Access keys for this account."""
        return Credentials(KEY_PREFIX + self.account_id, SECRET_KEY)

    @property
    def partition(self) -> str:
        """The AWS partition of the region: `aws`, `aws-cn` or `aws-us-gov`."""
        return partition_of(self.region)

    def arn(self, kind: str, name: str) -> str:
        """Return the ARN of a resource of this account: `arn("identity", "example.com")`."""
        return arn(self.region, self.account_id, kind, name)

    def now(self) -> datetime:
        """Return the current time of the test's clock."""
        return self.clock.now()

    def verify(self, *names: str) -> None:
        """Add addresses and domains to this account and region as verified identities.

        If a name is `"*"`, the account accepts every sender.
        """
        for name in names:
            if name == "*":
                self.accepts_every_sender = True
            else:
                identities.verify(self, name)

    def is_verified(self, name: str) -> bool:
        """Whether a verified identity covers a bare address or a domain."""
        return identities.is_verified(self.identities, name)

    def events_of(self, message: Message) -> list[Event]:
        """Return the events of a message of this account, in order."""
        self.clock._run_due()
        return self.event_log.events_of(message)

    def new_message_id(self, now: datetime) -> str:
        """Return a new message ID in SES's format: region, time in milliseconds, random digits."""
        # All messages of a bulk send share the prefix, so it is cached.
        if now is not self._id_time:
            code = region_code(self.region)
            self._id_prefix = f"{code}{int(now.timestamp() * 1000):012x}"
            self._id_time = now
        tail = self._random.getrandbits(128).to_bytes(16, "big").hex()
        return (
            f"{self._id_prefix}-{tail[:8]}-{tail[8:12]}-{tail[12:16]}-{tail[16:20]}-{tail[20:]}"
            "-000000"
        )

    def new_token(self, alphabet: str, length: int) -> str:
        """Return random characters of an alphabet, for a DKIM or verification token."""
        return "".join(self._random.choices(alphabet, k=length))
