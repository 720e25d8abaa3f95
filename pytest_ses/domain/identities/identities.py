"""Who may send? The addresses and domains of the account, and what is set for each."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import addresses, associations, errors, formats
from pytest_ses.domain.addresses import normalised
from pytest_ses.domain.associations import AssociationState
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.identities import dkim
from pytest_ses.domain.identities.dkim import Dkim, Signing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from pytest_ses.domain.addresses import Address
    from pytest_ses.domain.connections import Connections

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
IDENTITIES = 10_000
DOMAIN, EMAIL_ADDRESS = "DOMAIN", "EMAIL_ADDRESS"
PENDING, SUCCESS = "PENDING", "SUCCESS"
USE_DEFAULT_VALUE, REJECT_MESSAGE = "USE_DEFAULT_VALUE", "REJECT_MESSAGE"

_LABEL = r"[a-z0-9_](?:[a-z0-9_-]*[a-z0-9_])?"
_ADDRESS_LABEL = re.compile(r"\+[^@]*@")
_DOMAIN_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_TOPIC = re.compile(r"arn:[^:\s]+:sns:[^:\s]+:\d+:\S+")
_TOKEN_LETTERS = string.ascii_letters + string.digits + "+/"

_NOT_A_DOMAIN = "The EmailIdentity value must be a valid domain."
_NOT_IDENTITY = "Identity {name} is invalid. Must be a verified email address or domain."
_NOT_IDENTITY_FOR_HEADERS = (
    "Identity {name} is invalid. It must be a verified email address or domain."
)


@dataclass(slots=True)
class Identity:
    """An address or a domain that the account has asked to send from.

    `topics` holds the SNS topic of each notification type (`Bounce`, `Complaint`, `Delivery`) that
    has one, `headers_in_notifications` the types that carry the headers of the mail.
    """

    name: str
    verification_status: str = PENDING
    verification_token: str | None = None
    verified_at: datetime | None = None
    dkim: Dkim = field(default_factory=Dkim)
    configuration_set_name: str | None = None
    mail_from_domain: str | None = None
    mail_from_status: str | None = None
    behavior_on_mx_failure: str = USE_DEFAULT_VALUE
    feedback_forwarding_enabled: bool = True
    topics: dict[str, str] = field(default_factory=dict)
    headers_in_notifications: set[str] = field(default_factory=set)
    policies: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def is_domain(self) -> bool:
        """Whether it is a domain, not an address."""
        return "@" not in self.name

    @property
    def kind(self) -> str:
        """`DOMAIN` or `EMAIL_ADDRESS`."""
        return DOMAIN if self.is_domain else EMAIL_ADDRESS

    @property
    def domain(self) -> str:
        """The domain, of an address the one after the @."""
        return self.name.rpartition("@")[2]

    @property
    def verified(self) -> bool:
        """Whether the account may send from it."""
        return self.verification_status == SUCCESS


class Certificate(NamedTuple):
    """The S/MIME certificate of an address, by its ARN in AWS Certificate Manager."""

    from_address: str
    arn: str


class ConfigurationSetNames(Protocol):
    """The configuration sets of an account, as far as identities name them."""

    def find(self, name: str) -> object:
        """Return the configuration set of a name, or raise `ConfigurationSetDoesNotExist`."""
        ...


class IdentityState(AssociationState, Protocol):
    """The identities of an account and what their settings refer to."""

    identities: Collection[Identity]
    certificates: dict[str, Collection[Certificate]]
    connections: Connections
    accepts_every_sender: bool
    has_topics: bool

    @property
    def configuration_sets(self) -> ConfigurationSetNames:
        """The configuration sets that an identity can use by default."""
        ...


def store() -> Collection[Identity]:
    """Return an empty store of identities."""
    return Collection(
        "identities",
        missing=errors.IdentityDoesNotExist,
        duplicate=errors.IdentityAlreadyExists,
        limit=IDENTITIES,
    )


def known(account: IdentityState, name: str) -> Identity | None:
    """The identity of that name, or of that ARN in this account and region, if there is one."""
    return account.identities.get(normalised(name.removeprefix(account.arn("identity", ""))))


def find(account: IdentityState, name: str) -> Identity:
    """The identity of that name, or `IdentityDoesNotExist`."""
    return known(account, name) or account.identities.find(name)


def register_address(account: IdentityState, address: str) -> Identity:
    """Begin to verify an address; one that is there already stays as it is."""
    name = _address_name(address)
    return account.identities.get(name) or _added(account.identities, Identity(name))


def register_domain(account: IdentityState, domain: str) -> Identity:
    """Begin to verify a domain by a token in the DNS; one that is there already stays as it is."""
    name = _domain_name(domain)
    return account.identities.get(name) or _added(account.identities, _new_domain(account, name))


def register_dkim(account: IdentityState, domain: str) -> Identity:
    """Begin to verify a domain by Easy DKIM; tokens that are there already stay."""
    identity = register_domain(account, domain)
    if not identity.dkim.is_easy:
        identity.dkim = dkim.started(account, Signing())
    return identity


def create(
    account: IdentityState,
    name: str,
    *,
    signing: Signing | None = None,
    tags: Mapping[str, str] | None = None,
    configuration_set_name: str | None = None,
) -> Identity:
    """Begin to verify a new address, or a new domain by DKIM.

    Raises:
        InvalidParameterValue: for a name that is neither, or DKIM settings of an address.
        ConfigurationSetDoesNotExist, LimitExceeded: as their names say.
    """
    identity = _new(account, name)
    if identity.is_domain:
        identity.dkim = dkim.started(account, signing or Signing())
    elif signing:
        raise errors.InvalidParameterValue(_NOT_A_DOMAIN)
    identity.tags = dict(tags or {})
    set_configuration_set(account, identity, configuration_set_name)
    return _added(account.identities, identity)


def check_is_new(account: IdentityState, name: str) -> None:
    """Refuse a name that an identity has already."""
    if known(account, name):
        raise errors.IdentityAlreadyExists(name=name)


def verify(account: IdentityState, name: str) -> Identity:
    """Do what the owner of an identity does outside of SES, so that it is verified.

    An identity that is not there yet is made. A domain's DKIM and a custom MAIL FROM domain are
    verified with it.
    """
    identity = known(account, name) or _added(account.identities, _new(account, name))
    identity.verification_status = SUCCESS
    identity.verified_at = account.now()
    if identity.is_domain:
        if not identity.dkim.tokens:
            identity.dkim = dkim.started(account, Signing())
        identity.dkim.status = SUCCESS
    if identity.mail_from_domain:
        identity.mail_from_status = SUCCESS
    return identity


def delete(account: IdentityState, identity: Identity) -> None:
    """Drop an identity, or `TenantAssociationsLeft` where one is a tenant's."""
    associations.check_none(account, "identity", identity.name)
    account.identities.remove(identity.name)
    account.certificates.pop(identity.name, None)


def sender_identity(identities: Collection[Identity], address: Address) -> Identity | None:
    """The verified identity that covers an address: its own, or a domain that it lies in."""
    return covering(identities, address.bare)


def is_verified(identities: Collection[Identity], name: str) -> bool:
    """Whether a verified identity covers a bare address or a domain."""
    return covering(identities, name) is not None


def dkim_of(account: IdentityState, name: str) -> Dkim:
    """The DKIM settings of a name; an address has those of its domain."""
    above = _domain_above(account.identities, name) if "@" in name else None
    identity = above or known(account, name)
    return identity.dkim if identity else Dkim()


def set_dkim_signing(account: IdentityState, name: str, *, enabled: bool) -> None:
    """Sign mail or not; for an address, whose domain decides, nothing happens.

    Raises:
        InvalidParameterValue: where the domain is not an identity.
    """
    if "@" in name:
        identity = _domain_above(account.identities, name)
    elif identity := known(account, name):
        identity.dkim.signing_enabled = enabled
    if identity is None:
        domain = name.rpartition("@")[2]
        raise errors.InvalidParameterValue(f"Domain {domain} is not verified for DKIM signing.")


def change_dkim(account: IdentityState, name: str, asked: Signing) -> Dkim:
    """Change the keys of a domain; whether the domain is verified does not change.

    Raises:
        InvalidParameterValue: for an address, or a key of one's own that is not whole.
        IdentityDoesNotExist: as its name says.
    """
    if "@" in name or not name.strip():
        raise errors.InvalidParameterValue(_NOT_A_DOMAIN)
    identity = find(account, name)
    identity.dkim = dkim.changed(account, identity.dkim, asked)
    return identity.dkim


def set_configuration_set(account: IdentityState, identity: Identity, name: str | None) -> None:
    """Set the configuration set that mail from the identity uses by default; no name, none."""
    if name:
        account.configuration_sets.find(name)
    identity.configuration_set_name = name or None


def set_mail_from(
    account: IdentityState, name: str, mail_from_domain: str | None, *, behavior: str | None = None
) -> None:
    """Set the custom MAIL FROM domain of an identity, to be verified; no domain, none.

    Raises:
        InvalidParameterValue: for an unknown identity or a domain that is not below its own.
    """
    identity = known(account, name)
    if identity is None:
        raise errors.InvalidParameterValue(f"Identity <{name}> does not exist.")
    wanted = mail_from_domain.lower() if mail_from_domain else None
    if wanted and not wanted.endswith(f".{identity.domain}"):
        raise errors.InvalidParameterValue(
            f"Provided MAIL-FROM domain <{mail_from_domain}> is not subdomain of the domain of "
            f"the identity <{identity.domain}>."
        )
    if wanted != identity.mail_from_domain:
        identity.mail_from_domain = wanted
        identity.mail_from_status = PENDING if wanted else None
    identity.behavior_on_mx_failure = (behavior if wanted else None) or USE_DEFAULT_VALUE


def check_mail_from(identity: Identity) -> None:
    """Refuse mail from an identity that wants it so while its MAIL FROM domain is not verified.

    Raises:
        MailFromDomainNotVerified: as its name says.
    """
    rejects = identity.mail_from_domain and identity.behavior_on_mx_failure == REJECT_MESSAGE
    if rejects and identity.mail_from_status != SUCCESS:
        raise errors.MailFromDomainNotVerified(identity=identity.name)


def set_feedback_forwarding(account: IdentityState, name: str, *, enabled: bool) -> None:
    """Forward bounces and complaints by e-mail or not."""
    _notified(account, name).feedback_forwarding_enabled = enabled


def set_topic(account: IdentityState, name: str, kind: str, topic_arn: str | None) -> None:
    """Set the SNS topic of one type of notification; no topic, none.

    Raises:
        InvalidParameterValue: for an unknown identity or a topic that is no ARN of one.
    """
    identity = _notified(account, name)
    if topic_arn is None:
        identity.topics.pop(kind, None)
    elif _TOPIC.fullmatch(topic_arn):
        identity.topics[kind] = topic_arn
        account.has_topics = True
        account.connections.validate_topic(topic_arn, _subscription_message(topic_arn, name, kind))
    else:
        raise errors.InvalidParameterValue(f"SNS topic {topic_arn} is invalid.")


def _subscription_message(topic_arn: str, identity: str, kind: str) -> str:
    """What a topic is told when it is to get the notifications of an identity."""
    content = {
        "notificationType": "AmazonSnsSubscriptionSucceeded",
        "message": f"You have successfully subscribed your Amazon SNS topic '{topic_arn}' to receive "
        f"'{kind}' notifications from Amazon SES for identity '{identity}'.",
    }
    return formats.compact_json(content) + "\n"


def set_headers_in_notifications(
    account: IdentityState, name: str, kind: str, *, enabled: bool
) -> None:
    """Carry the headers of the mail in one type of notification or not."""
    kinds = _notified(account, name, refusal=_NOT_IDENTITY_FOR_HEADERS).headers_in_notifications
    if enabled:
        kinds.add(kind)
    else:
        kinds.discard(kind)


def _added(identities: Collection[Identity], identity: Identity) -> Identity:
    return identities.add(identity.name, identity)


def _new(account: IdentityState, name: str) -> Identity:
    return Identity(_address_name(name)) if "@" in name else _new_domain(account, name)


def _new_domain(account: IdentityState, domain: str) -> Identity:
    token = account.new_token(_TOKEN_LETTERS, 43) + "="
    return Identity(_domain_name(domain), verification_token=token)


def _domain_name(domain: str) -> str:
    name = domain.lower()
    if not _DOMAIN_NAME.fullmatch(name):
        raise errors.InvalidParameterValue(f"Invalid domain name {domain}.")
    return name


def _address_name(address: str) -> str:
    if not addresses.is_bare(address):
        raise errors.InvalidParameterValue(f"Invalid email address<{address}>.")
    return normalised(address)


def covering(identities: Collection[Identity], name: str) -> Identity | None:
    """The verified identity that covers a bare address or a domain."""
    if not identities:
        return None
    whole = normalised(name)
    for candidate in (whole, _without_label(whole), *_and_domains_above(whole)):
        identity = identities.get(candidate)
        if identity and identity.verified:
            return identity
    return None


def _without_label(name: str) -> str:
    """`ada@example.com` of `ada+news@example.com`: a verified address covers its labels.

    https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    return _ADDRESS_LABEL.sub("@", name)


def _domain_above(identities: Collection[Identity], address: str) -> Identity | None:
    domains = _and_domains_above(address.rpartition("@")[2].lower())
    return next(filter(None, map(identities.get, domains)), None)


def _and_domains_above(name: str) -> Iterator[str]:
    yield name
    _, at, above = name.rpartition("@")
    if at:
        yield above
    while "." in above:
        above = above.partition(".")[2]
        yield above


def _notified(account: IdentityState, name: str, *, refusal: str = _NOT_IDENTITY) -> Identity:
    identity = known(account, name)
    if identity is None:
        raise errors.InvalidParameterValue(refusal.format(name=name))
    return identity
