"""Who may send? The addresses and domains of the account, and what is set for each."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_ses.domain import addresses, associations, dkim, errors, records
from pytest_ses.domain.dkim import Dkim, Signing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.addresses import Address

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


def normalised(name: str) -> str:
    """The name that an identity is kept by: the domain in lower case."""
    local, at, domain = name.rpartition("@")
    return local + at + domain.lower()


def known(account: Account, name: str) -> Identity | None:
    """The identity of that name, or of that ARN in this account and region, if there is one."""
    return account.identities.get(normalised(name.removeprefix(account.arn("identity", ""))))


def find(account: Account, name: str) -> Identity:
    """The identity of that name, or `IdentityDoesNotExist`."""
    return known(account, name) or account.identities.find(name)


def register_address(account: Account, address: str) -> Identity:
    """Begin to verify an address; one that is there already stays as it is."""
    name = _address_name(address)
    return account.identities.get(name) or _added(account, Identity(name))


def register_domain(account: Account, domain: str) -> Identity:
    """Begin to verify a domain by a token in the DNS; one that is there already stays as it is."""
    name = _domain_name(domain)
    return account.identities.get(name) or _added(account, _new_domain(account, name))


def register_dkim(account: Account, domain: str) -> Identity:
    """Begin to verify a domain by Easy DKIM; tokens that are there already stay."""
    identity = register_domain(account, domain)
    if not identity.dkim.is_easy:
        identity.dkim = dkim.started(account, Signing())
    return identity


def create(
    account: Account,
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
    return _added(account, identity)


def check_is_new(account: Account, name: str) -> None:
    """Refuse a name that an identity has already."""
    if known(account, name):
        raise errors.IdentityAlreadyExists(name=name)


def verify(account: Account, name: str) -> Identity:
    """Do what the owner of an identity does outside of SES, so that it is verified.

    An identity that is not there yet is made. A domain's DKIM and a custom MAIL FROM domain are
    verified with it.
    """
    identity = known(account, name) or _added(account, _new(account, name))
    identity.verification_status = SUCCESS
    identity.verified_at = account.now()
    if identity.is_domain:
        if not identity.dkim.tokens:
            identity.dkim = dkim.started(account, Signing())
        identity.dkim.status = SUCCESS
    if identity.mail_from_domain:
        identity.mail_from_status = SUCCESS
    return identity


def delete(account: Account, identity: Identity) -> None:
    """Drop an identity, or `TenantAssociationsLeft` where one is a tenant's."""
    associations.check_none(account, "identity", identity.name)
    account.identities.remove(identity.name)
    account.certificates.pop(identity.name, None)


def sender_identity(account: Account, address: Address) -> Identity | None:
    """The verified identity that covers an address: its own, or a domain that it lies in."""
    return covering(account, address.bare)


def is_verified(account: Account, name: str) -> bool:
    """Whether a verified identity covers a bare address or a domain."""
    return covering(account, name) is not None


def dkim_of(account: Account, name: str) -> Dkim:
    """The DKIM settings of a name; an address has those of its domain."""
    above = _domain_above(account, name) if "@" in name else None
    identity = above or known(account, name)
    return identity.dkim if identity else Dkim()


def set_dkim_signing(account: Account, name: str, *, enabled: bool) -> None:
    """Sign mail or not; for an address, whose domain decides, nothing happens.

    Raises:
        InvalidParameterValue: where the domain is not an identity.
    """
    if "@" in name:
        identity = _domain_above(account, name)
    elif identity := known(account, name):
        identity.dkim.signing_enabled = enabled
    if identity is None:
        domain = name.rpartition("@")[2]
        raise errors.InvalidParameterValue(f"Domain {domain} is not verified for DKIM signing.")


def change_dkim(account: Account, name: str, asked: Signing) -> Dkim:
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


def set_configuration_set(account: Account, identity: Identity, name: str | None) -> None:
    """Set the configuration set that mail from the identity uses by default; no name, none."""
    identity.configuration_set_name = account.configuration_sets.find(name).name if name else None


def set_mail_from(
    account: Account, name: str, mail_from_domain: str | None, *, behavior: str | None = None
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


def set_feedback_forwarding(account: Account, name: str, *, enabled: bool) -> None:
    """Forward bounces and complaints by e-mail or not."""
    _notified(account, name).feedback_forwarding_enabled = enabled


def set_topic(account: Account, name: str, kind: str, topic_arn: str | None) -> None:
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
        account.greet_topic(topic_arn, records.subscribed(topic_arn, name, kind))
    else:
        raise errors.InvalidParameterValue(f"SNS topic {topic_arn} is invalid.")


def set_headers_in_notifications(account: Account, name: str, kind: str, *, enabled: bool) -> None:
    """Carry the headers of the mail in one type of notification or not."""
    kinds = _notified(account, name, refusal=_NOT_IDENTITY_FOR_HEADERS).headers_in_notifications
    if enabled:
        kinds.add(kind)
    else:
        kinds.discard(kind)


def _added(account: Account, identity: Identity) -> Identity:
    return account.identities.add(identity.name, identity)


def _new(account: Account, name: str) -> Identity:
    return Identity(_address_name(name)) if "@" in name else _new_domain(account, name)


def _new_domain(account: Account, domain: str) -> Identity:
    token = account.new_token(_TOKEN_LETTERS, 43) + "="
    return Identity(_domain_name(domain), verification_token=token)


def _domain_name(domain: str) -> str:
    name = domain.lower()
    if not _DOMAIN_NAME.fullmatch(name):
        raise errors.InvalidParameterValue(f"Invalid domain name {domain}.")
    return name


def _address_name(address: str) -> str:
    try:
        whole = addresses.parse(address).bare == address
    except errors.InvalidParameterValue:
        whole = False
    if not whole:
        raise errors.InvalidParameterValue(f"Invalid email address<{address}>.")
    return normalised(address)


def covering(account: Account, name: str) -> Identity | None:
    """The verified identity that covers a bare address or a domain."""
    if not account.identities:
        return None
    whole = normalised(name)
    for candidate in (whole, _without_label(whole), *_and_domains_above(whole)):
        identity = account.identities.get(candidate)
        if identity and identity.verified:
            return identity
    return None


def _without_label(name: str) -> str:
    """`ada@example.com` of `ada+news@example.com`: a verified address covers its labels.

    https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    return _ADDRESS_LABEL.sub("@", name)


def _domain_above(account: Account, address: str) -> Identity | None:
    domains = _and_domains_above(address.rpartition("@")[2].lower())
    return next(filter(None, map(account.identities.get, domains)), None)


def _and_domains_above(name: str) -> Iterator[str]:
    yield name
    _, at, above = name.rpartition("@")
    if at:
        yield above
    while "." in above:
        above = above.partition(".")[2]
        yield above


def _notified(account: Account, name: str, *, refusal: str = _NOT_IDENTITY) -> Identity:
    identity = known(account, name)
    if identity is None:
        raise errors.InvalidParameterValue(refusal.format(name=name))
    return identity
