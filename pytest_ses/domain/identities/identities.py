"""The identities of an account: addresses and domains, with their settings."""

from __future__ import annotations

import re
import string
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import addresses, associations, errors
from pytest_ses.domain.addresses import normalized
from pytest_ses.domain.associations import AssociationState
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.identities import dkim
from pytest_ses.domain.identities.dkim import NEVER, Dkim, Signing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from datetime import datetime

    from pytest_ses.domain.addresses import Address
    from pytest_ses.domain.connections import Connections

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_IDENTITIES = 10_000
DOMAIN, EMAIL_ADDRESS = "DOMAIN", "EMAIL_ADDRESS"
PENDING, SUCCESS, FAILED = dkim.PENDING, dkim.SUCCESS, dkim.FAILED
# https://docs.aws.amazon.com/ses/latest/APIReference/API_GetIdentityVerificationAttributes.html
ADDRESS_PERIOD = timedelta(hours=24)
USE_DEFAULT_VALUE, REJECT_MESSAGE = "USE_DEFAULT_VALUE", "REJECT_MESSAGE"

_LABEL = r"[a-z0-9](?:[a-z0-9-]*[a-z0-9])?"
_DOMAIN_NAME = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_TOKEN_LETTERS = string.ascii_letters + string.digits + "+/"

_NOT_A_DOMAIN = "The EmailIdentity value must be a valid domain."


@dataclass(slots=True)
class Identity:
    """An identity: an address or a domain that the account sends from.

    `topics` maps notification types (`Bounce`, `Complaint`, `Delivery`) to SNS topics;
    `headers_in_notifications` contains the types that include the headers of the message. A pending
    verification fails at `verification_expires_at`, and that of the custom MAIL FROM domain at
    `mail_from_expires_at`.
    """

    name: str
    verification_status: str = PENDING
    verification_expires_at: datetime = NEVER
    verification_token: str | None = None
    verified_at: datetime | None = None
    dkim: Dkim = field(default_factory=Dkim)
    configuration_set_name: str | None = None
    mail_from_domain: str | None = None
    mail_from_status: str | None = None
    mail_from_expires_at: datetime = NEVER
    behavior_on_mx_failure: str = USE_DEFAULT_VALUE
    feedback_forwarding_enabled: bool = True
    topics: dict[str, str] = field(default_factory=dict)
    headers_in_notifications: set[str] = field(default_factory=set)
    policies: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    @property
    def is_domain(self) -> bool:
        """Whether the identity is a domain rather than an address."""
        return "@" not in self.name

    @property
    def kind(self) -> str:
        """`DOMAIN` or `EMAIL_ADDRESS`."""
        return DOMAIN if self.is_domain else EMAIL_ADDRESS

    @property
    def domain(self) -> str:
        """The domain; for an address, the part after the @."""
        return self.name.rpartition("@")[2]

    @property
    def verified(self) -> bool:
        """Whether the account can send from the identity."""
        return self.verification_status == SUCCESS


class Certificate(NamedTuple):
    """The S/MIME certificate of an address, by its ARN in AWS Certificate Manager."""

    from_address: str
    arn: str


class ConfigurationSetNames(Protocol):
    """The lookup of configuration sets that identities use."""

    def find(self, name: str) -> object:
        """Return a configuration set by name, or raise `ConfigurationSetDoesNotExist`."""
        ...


class IdentityState(AssociationState, Protocol):
    """The identities of an account and what their settings refer to."""

    identities: Collection[Identity]
    certificates: dict[str, Collection[Certificate]]
    connections: Connections
    accepts_every_sender: bool
    auto_verify: bool
    has_topics: bool

    @property
    def configuration_sets(self) -> ConfigurationSetNames:
        """The configuration sets that can be the default of an identity."""
        ...


def store() -> Collection[Identity]:
    """Return an empty store of identities."""
    return Collection(
        "identities",
        missing=errors.IdentityDoesNotExist,
        duplicate=errors.IdentityAlreadyExists,
        limit=MAX_IDENTITIES,
    )


def get(account: IdentityState, name: str) -> Identity | None:
    """Return an identity by its name or ARN, or `None` if it does not exist."""
    return account.identities.get(normalized(name.removeprefix(account.arn("identity", ""))))


def find(account: IdentityState, name: str) -> Identity:
    """Return an identity by its name or ARN.

    Raises:
        IdentityDoesNotExist: if the identity does not exist.
    """
    return get(account, name) or account.identities.find(name)


def register_address(account: IdentityState, address: str) -> Identity:
    """Start or restart the verification of an address; a verified identity is not changed."""
    name = _address_name(address)
    identity = account.identities.get(name) or _add(account.identities, Identity(name))
    _begin_verification(account, identity)
    return identity


def register_domain(account: IdentityState, domain: str) -> Identity:
    """Start the verification of a domain by a DNS token, or restart it with the same token.

    A verified identity is not changed.
    """
    name = _domain_name(domain)
    identity = account.identities.get(name) or _add(account.identities, _new_domain(account, name))
    _begin_verification(account, identity)
    return identity


def register_dkim(account: IdentityState, domain: str) -> Identity:
    """Start the verification of a domain by Easy DKIM, or restart it with the same tokens."""
    identity = register_domain(account, domain)
    if not identity.dkim.is_easy:
        identity.dkim = dkim.pending(account, Signing())
    _begin_dkim(account, identity.dkim)
    return identity


def create(
    account: IdentityState,
    name: str,
    *,
    signing: Signing | None = None,
    tags: Mapping[str, str] | None = None,
    configuration_set_name: str | None = None,
) -> Identity:
    """Start the verification of a new address, or of a new domain by DKIM.

    Raises:
        InvalidParameterValue: if the name is neither an address nor a domain, or if DKIM settings
            are given for an address.
        ConfigurationSetDoesNotExist: if the configuration set does not exist.
        LimitExceeded: if the account has 10,000 identities.
    """
    identity = _new_identity(account, name)
    if identity.is_domain:
        identity.dkim = dkim.pending(account, signing or Signing())
    elif signing:
        raise errors.InvalidParameterValue(_NOT_A_DOMAIN)
    identity.tags = dict(tags or {})
    set_configuration_set(account, identity, configuration_set_name)
    _add(account.identities, identity)
    _begin_verification(account, identity)
    if identity.is_domain:
        _begin_dkim(account, identity.dkim)
    return identity


def check_is_new(account: IdentityState, name: str) -> None:
    """Raise `IdentityAlreadyExists` if the identity exists."""
    if get(account, name):
        raise errors.IdentityAlreadyExists(name=name)


def verify(account: IdentityState, name: str) -> Identity:
    """Complete the verification of an identity, as its owner does outside SES.

    An identity that does not exist is created. The DKIM settings of a domain and a custom MAIL
    FROM domain are verified as well, except that DKIM fails if the domain has a key of your own
    that SES cannot use.
    """
    identity = get(account, name) or _add(account.identities, _new_identity(account, name))
    _complete_verification(account, identity)
    if identity.is_domain:
        if not identity.dkim.tokens:
            identity.dkim = dkim.pending(account, Signing())
        dkim.complete(identity.dkim)
    if identity.mail_from_domain:
        identity.mail_from_status = SUCCESS
    return identity


def delete(account: IdentityState, identity: Identity) -> None:
    """Delete an identity and its certificates.

    Raises:
        TenantAssociationsLeft: if the identity belongs to a tenant.
    """
    associations.check_unassociated(account, "identity", identity.name)
    account.identities.remove(identity.name)
    account.certificates.pop(identity.name, None)


def sender_identity(identities: Collection[Identity], address: Address) -> Identity | None:
    """Return the verified identity of an address, its domain or a parent domain, or `None`."""
    return covering(identities, address.bare)


def is_verified(identities: Collection[Identity], name: str) -> bool:
    """Whether a verified identity covers a bare address or a domain."""
    return covering(identities, name) is not None


def dkim_of(account: IdentityState, name: str) -> Dkim:
    """Return the DKIM settings that apply to a name: for an address, those of its domain."""
    domain_identity = _domain_identity(account.identities, name) if "@" in name else None
    identity = domain_identity or get(account, name)
    return identity.dkim if identity else Dkim()


def set_dkim_signing(account: IdentityState, name: str, *, enabled: bool) -> None:
    """Enable or disable DKIM signing of a domain; for an address, do nothing.

    Raises:
        InvalidParameterValue: if the domain is not an identity.
    """
    if "@" in name:
        identity = _domain_identity(account.identities, name)
    elif identity := get(account, name):
        identity.dkim.signing_enabled = enabled
    if identity is None:
        domain = name.rpartition("@")[2]
        raise errors.InvalidParameterValue(f"Domain {domain} is not verified for DKIM signing.")


def change_dkim(account: IdentityState, name: str, signing: Signing) -> Dkim:
    """Change the DKIM keys of a domain; its verification status is unchanged.

    Raises:
        InvalidParameterValue: if the name is not a domain, if the origin is `EXTERNAL` and the
            selector or key is missing, if the key already has the length, or if the length was
            changed less than 24 hours ago.
        IdentityDoesNotExist: if the identity does not exist.
    """
    if "@" in name or not name.strip():
        raise errors.InvalidParameterValue(_NOT_A_DOMAIN)
    identity = find(account, name)
    identity.dkim = dkim.updated(account, identity.dkim, signing)
    _begin_dkim(account, identity.dkim)
    return identity.dkim


def set_configuration_set(account: IdentityState, identity: Identity, name: str | None) -> None:
    """Set the default configuration set of an identity, or remove it if there is no name."""
    if name:
        account.configuration_sets.find(name)
    identity.configuration_set_name = name or None


def set_mail_from(
    account: IdentityState, name: str, mail_from_domain: str | None, *, behavior: str | None = None
) -> None:
    """Set the custom MAIL FROM domain of an identity, or remove it if there is no domain.

    A domain is pending until `verify` is called, and fails after 72 hours. Setting it again then
    restarts its verification. An account with `auto_verify` verifies it immediately.

    Raises:
        InvalidParameterValue: if the identity does not exist, or if the domain is not a subdomain
            of the identity's domain.
    """
    identity = get(account, name)
    if identity is None:
        raise errors.InvalidParameterValue(f"Identity <{name}> does not exist.")
    new_domain = mail_from_domain.lower() if mail_from_domain else None
    if new_domain and not new_domain.endswith(f".{identity.domain}"):
        raise errors.InvalidParameterValue(
            f"Provided MAIL-FROM domain <{mail_from_domain}> is not subdomain of the domain of "
            f"the identity <{identity.domain}>."
        )
    if new_domain != identity.mail_from_domain:
        identity.mail_from_domain = new_domain
        identity.mail_from_status = PENDING if new_domain else None
    if new_domain:
        _begin_mail_from(account, identity)
    identity.behavior_on_mx_failure = (behavior if new_domain else None) or USE_DEFAULT_VALUE


def check_mail_from(identity: Identity) -> None:
    """Check the custom MAIL FROM domain of an identity whose behavior is `REJECT_MESSAGE`.

    Raises:
        MailFromDomainNotVerified: if the MAIL FROM domain is not verified.
    """
    rejects = identity.mail_from_domain and identity.behavior_on_mx_failure == REJECT_MESSAGE
    if rejects and identity.mail_from_status != SUCCESS:
        raise errors.MailFromDomainNotVerified


def _add(identities: Collection[Identity], identity: Identity) -> Identity:
    return identities.add(identity.name, identity)


def _begin_verification(account: IdentityState, identity: Identity) -> None:
    if account.auto_verify:
        _complete_verification(account, identity)
    elif not identity.verified:
        period = dkim.DNS_PERIOD if identity.is_domain else ADDRESS_PERIOD
        identity.verification_status = PENDING
        identity.verification_expires_at = _expiry(account, identity, period)


def _complete_verification(account: IdentityState, identity: Identity) -> None:
    if not identity.verified:
        identity.verification_status = SUCCESS
        identity.verified_at = account.now()


def _begin_dkim(account: IdentityState, settings: Dkim) -> None:
    if account.auto_verify:
        dkim.complete(settings)
    else:
        dkim.begin(account, settings)


def _begin_mail_from(account: IdentityState, identity: Identity) -> None:
    if account.auto_verify:
        identity.mail_from_status = SUCCESS
    elif identity.mail_from_status != SUCCESS:
        identity.mail_from_status = PENDING
        identity.mail_from_expires_at = _expiry(account, identity, dkim.DNS_PERIOD)


def _expiry(account: IdentityState, identity: Identity, period: timedelta) -> datetime:
    """Return the end of a period that starts now, and schedule a check for that time."""
    expires_at = account.now() + period
    account.schedule(expires_at, partial(_expire, account, identity))
    return expires_at


def _expire(account: IdentityState, identity: Identity) -> None:
    now = account.now()
    if identity.verification_status == PENDING and identity.verification_expires_at <= now:
        identity.verification_status = FAILED
    if identity.mail_from_status == PENDING and identity.mail_from_expires_at <= now:
        identity.mail_from_status = FAILED


def _new_identity(account: IdentityState, name: str) -> Identity:
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
    return normalized(address)


def covering(identities: Collection[Identity], name: str) -> Identity | None:
    """Return the verified identity that covers a bare address or a domain, or `None`."""
    if not identities:
        return None
    canonical = normalized(name)
    for candidate in _covering_names(canonical):
        identity = identities.get(candidate)
        if identity and identity.verified:
            return identity
    return None


def _covering_names(name: str) -> Iterator[str]:
    """Yield the names that an identity can have which covers an address or a domain, likely ones first."""
    yield name
    yield _without_label(name)
    yield from _with_parent_domains(name)


def _without_label(name: str) -> str:
    """Return `ada@example.com` for `ada+news@example.com`: a verified address covers its labels.

    https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html
    """
    local_part, at_sign, domain = name.rpartition("@")
    return local_part.partition("+")[0] + at_sign + domain


def _domain_identity(identities: Collection[Identity], address: str) -> Identity | None:
    domains = _with_parent_domains(address.rpartition("@")[2].lower())
    return next(filter(None, map(identities.get, domains)), None)


def _with_parent_domains(name: str) -> Iterator[str]:
    yield name
    _, at, domain = name.rpartition("@")
    if at:
        yield domain
    while "." in domain:
        domain = domain.partition(".")[2]
        yield domain
