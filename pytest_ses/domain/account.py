"""What does one AWS account hold of SES in one region?"""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NoReturn, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.dashboard import Dashboard
from pytest_ses.domain.happenings import Happenings
from pytest_ses.domain.regions import region_code
from pytest_ses.domain.statistics import SendingHistory

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from datetime import datetime

    from pytest_ses.domain.associations import Association
    from pytest_ses.domain.certificates import Certificate
    from pytest_ses.domain.configuration import ConfigurationSet
    from pytest_ses.domain.contact_lists import ContactList
    from pytest_ses.domain.dedicated_ips import DedicatedIp, DedicatedIpPool
    from pytest_ses.domain.export_jobs import ExportJob
    from pytest_ses.domain.identities import Identity
    from pytest_ses.domain.import_jobs import ImportJob
    from pytest_ses.domain.messages import Message
    from pytest_ses.domain.multi_region_endpoints import MultiRegionEndpoint
    from pytest_ses.domain.placement_tests import PlacementTest
    from pytest_ses.domain.receipt_filters import ReceiptFilter
    from pytest_ses.domain.receipt_rules import RuleSet
    from pytest_ses.domain.receiving import Arrival
    from pytest_ses.domain.recommendations import Recommendation
    from pytest_ses.domain.suppression import SuppressedDestination
    from pytest_ses.domain.templates import StoredTemplate
    from pytest_ses.domain.tenants import Tenant
    from pytest_ses.domain.verification_templates import VerificationTemplate

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
CONFIGURATION_SETS = 10_000
DEDICATED_IP_POOLS = 50
IDENTITIES = 10_000
RECEIPT_RULE_SETS = 40
TEMPLATES = 20_000
TENANTS = 10_000
# https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html, questions and answers.
VERIFICATION_TEMPLATES = 50
# https://docs.aws.amazon.com/ses/latest/dg/sending-email-list-management.html
CONTACT_LISTS = 1
SANDBOX_QUOTA, SANDBOX_RATE = 200.0, 1.0
QUOTA, RATE = 50_000.0, 14.0

_PARTITIONS = {"cn": "aws-cn", "us-gov": "aws-us-gov"}


class Time(Protocol):
    """Whatever tells the time; the account never asks the computer."""

    def now(self) -> datetime:
        """The time, aware and in UTC."""
        ...

    def call_at(self, when: datetime, action: Callable[[], object]) -> None:
        """Do something once that time has come."""
        ...

    def run_due(self) -> None:
        """Do what was planned for a time that has come."""
        ...


@dataclass(frozen=True)
class Credentials:
    """Keys that reach one account: give them to `boto3.client` or `boto3.Session`."""

    aws_access_key_id: str
    aws_secret_access_key: str
    aws_session_token: str | None = None


# An access key that carries its account: no table of keys has to be kept.
KEY_PREFIX = "AKIASESX"


class Account:
    """The state of SES for one account in one region, shared by v1 and v2.

    Its collections are plain mappings by name; tests may read and change them.
    """

    def __init__(
        self,
        account_id: str,
        region: str,
        *,
        clock: Time,
        outbox: list[Message],
        happenings: Happenings | None = None,
    ) -> None:
        self.account_id = account_id
        self.region = region
        self.clock = clock
        self.outbox = outbox
        self.happenings = happenings or Happenings()
        self.sandbox = False
        self.daily_quota: float | None = None
        self.send_rate: float | None = None
        self.sending_enabled = True
        self.accepts_every_sender = False
        # Asked for each entry of a bulk send, by its index and recipients: is it to be refused?
        self.refuse_entry: Callable[[int, Sequence[str]], errors.SESError | None] | None = None
        # Whether an identity has a topic that is told of what happens.
        self.has_topics = False
        # Lets a topic be told that it is to get word; False if it is known not to be there.
        self.greet_topic: Callable[[str, str], bool] = lambda _arn, _message: True
        # Let a bucket be told that it is to get mail, and ask for a function; False if known missing.
        self.greet_bucket: Callable[[str, str, bytes], bool] = lambda _name, _key, _mail: True
        self.has_function: Callable[[str], bool] = lambda _arn: True
        # Read an object of S3 by its URL, and write one: that gives a URL to fetch it by.
        self.read_object: Callable[[str], bytes] = _unreachable
        self.write_object: Callable[[str, bytes], str] = _unreachable
        self.history = SendingHistory()
        self.configuration_sets: Collection[ConfigurationSet] = Collection(
            "configuration sets",
            missing=errors.ConfigurationSetDoesNotExist,
            duplicate=errors.ConfigurationSetAlreadyExists,
            limit=CONFIGURATION_SETS,
            order="name",
        )
        self.templates: Collection[StoredTemplate] = Collection(
            "templates",
            missing=errors.TemplateDoesNotExist,
            duplicate=errors.TemplateAlreadyExists,
            limit=TEMPLATES,
            order="newest first",
        )
        self.verification_templates: Collection[VerificationTemplate] = Collection(
            "custom verification email templates",
            missing=errors.CustomVerificationEmailTemplateDoesNotExist,
            duplicate=errors.CustomVerificationEmailTemplateAlreadyExists,
            limit=VERIFICATION_TEMPLATES,
            order="newest first",
        )
        self.identities: Collection[Identity] = Collection(
            "identities",
            missing=errors.IdentityDoesNotExist,
            duplicate=errors.IdentityAlreadyExists,
            limit=IDENTITIES,
        )
        self.tenants: Collection[Tenant] = Collection(
            "tenants",
            missing=errors.TenantDoesNotExist,
            duplicate=errors.TenantAlreadyExists,
            limit=TENANTS,
            order="name",
            about={"account_id": account_id},
        )
        self.multi_region_endpoints: Collection[MultiRegionEndpoint] = Collection(
            "multi-region endpoints",
            missing=errors.EndpointDoesNotExist,
            duplicate=errors.EndpointAlreadyExists,
            order="name",
        )
        # The certificates of each identity, by its name.
        self.certificates: dict[str, Collection[Certificate]] = {}
        # The tenants of each resource, by its ARN.
        self.associations: dict[str, Collection[Association]] = {}
        self.contact_lists: Collection[ContactList] = Collection(
            "contact lists",
            missing=errors.ContactListDoesNotExist,
            limit=CONTACT_LISTS,
        )
        self.suppressed_destinations: Collection[SuppressedDestination] = Collection(
            "suppressed destinations",
            missing=errors.SuppressedDestinationDoesNotExist,
        )
        self.dedicated_ip_pools: Collection[DedicatedIpPool] = Collection(
            "dedicated IP pools",
            missing=errors.DedicatedIpPoolDoesNotExist,
            duplicate=errors.DedicatedIpPoolAlreadyExists,
            limit=DEDICATED_IP_POOLS,
            order="name",
        )
        # AWS leases them; here a test puts them.
        self.dedicated_ips: Collection[DedicatedIp] = Collection(
            "dedicated IP addresses", missing=errors.DedicatedIpDoesNotExist, order="name"
        )
        self.import_jobs: Collection[ImportJob] = Collection(
            "import jobs", missing=errors.JobDoesNotExist, order="newest first"
        )
        self.export_jobs: Collection[ExportJob] = Collection(
            "export jobs", missing=errors.JobDoesNotExist, order="newest first"
        )
        self.deliverability = Dashboard()
        self.placement_tests: Collection[PlacementTest] = Collection(
            "deliverability test reports",
            missing=errors.PlacementTestDoesNotExist,
            order="newest first",
        )
        # What a test says that the DNS of a domain has: `DMARC`, `SPF`, `BIMI`.
        self.dns_records: dict[str, set[str]] = {}
        self.recommendations: Collection[Recommendation] = Collection(
            "recommendations", missing=errors.NotFound
        )
        self.receipt_rule_sets: Collection[RuleSet] = Collection(
            "receipt rule sets",
            missing=errors.RuleSetDoesNotExist,
            duplicate=errors.RuleSetAlreadyExists,
            limit=RECEIPT_RULE_SETS,
            order="name",
        )
        self.active_receipt_rule_set: str | None = None
        self.receipt_filters: Collection[ReceiptFilter] = Collection(
            "receipt filters",
            missing=errors.NotFound,
            duplicate=errors.FilterAlreadyExists,
            order="name",
        )
        # Mail that came in, by its id.
        self.arrivals: dict[str, Arrival] = {}
        self.suppressed_reasons = ["BOUNCE", "COMPLAINT"]
        self.suppression_validation_attributes: dict[str, Any] | None = None
        self.dedicated_ip_auto_warmup_enabled = False
        self.details: dict[str, Any] | None = None
        self.vdm_attributes: dict[str, Any] | None = None
        self.pricing_attributes: dict[str, Any] | None = None
        # Seeded, so that the same test makes the same ids after the time part.
        self._random = random.Random(f"{account_id}/{region}")
        # The head of the last message id: all mails of a bulk send have the same.
        self._id_time: datetime | None = None
        self._id_head = ""

    def __repr__(self) -> str:
        return f"<Account {self.account_id} in {self.region}>"

    @property
    def needs_events(self) -> bool:
        """Whether what happens to any mail depends on more than the mail."""
        return self.has_topics or bool(self.suppressed_destinations or self.tenants)

    @property
    def max_24_hour_send(self) -> float:
        """Recipients a day, as reported; enforced only if the test set it."""
        if self.daily_quota is not None:
            return float(self.daily_quota)
        return SANDBOX_QUOTA if self.sandbox else QUOTA

    @property
    def max_send_rate(self) -> float:
        """Recipients a second, as reported; enforced only if the test set it."""
        if self.send_rate is not None:
            return float(self.send_rate)
        return SANDBOX_RATE if self.sandbox else RATE

    @property
    def credentials(self) -> Credentials:
        """Keys whose requests reach this account."""
        return Credentials(KEY_PREFIX + self.account_id, "pytest-ses")

    @property
    def partition(self) -> str:
        """The part of AWS that the region belongs to: `aws`, `aws-cn`, `aws-us-gov`."""
        for prefix, partition in _PARTITIONS.items():
            if self.region.startswith(prefix + "-"):
                return partition
        return "aws"

    def arn(self, kind: str, name: str) -> str:
        """The ARN of a resource of this account: `arn("identity", "example.com")`."""
        return f"arn:{self.partition}:ses:{self.region}:{self.account_id}:{kind}/{name}"

    def now(self) -> datetime:
        """The time on the test's clock."""
        return self.clock.now()

    def verify(self, *identities: str) -> None:
        """Make addresses and domains verified identities of this account in this region.

        `"*"` accepts every sender.
        """
        from pytest_ses.domain.identities import verify  # noqa: PLC0415  (it imports this module)

        for name in identities:
            if name == "*":
                self.accepts_every_sender = True
            else:
                verify(self, name)

    def new_message_id(self, now: datetime) -> str:
        """An id as SES makes them: region, time in milliseconds, and digits of its own."""
        if now is not self._id_time:
            code = region_code(self.region)
            self._id_head = f"{code}{int(now.timestamp() * 1000):012x}"
            self._id_time = now
        own = self._random.randbytes(16).hex()
        return f"{self._id_head}-{own[:8]}-{own[8:12]}-{own[12:16]}-{own[16:20]}-{own[20:]}-000000"

    def new_token(self, alphabet: str, length: int) -> str:
        """Random letters for a DKIM or verification token."""
        return "".join(self._random.choices(alphabet, k=length))


def _unreachable(*_: object) -> NoReturn:
    raise errors.ObjectsUnreachable
