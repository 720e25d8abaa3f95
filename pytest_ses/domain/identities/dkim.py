"""The DKIM settings of identities."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from functools import partial
from typing import TYPE_CHECKING

from pytest_ses.domain import errors
from pytest_ses.domain.identities import rsa_keys

if TYPE_CHECKING:
    from pytest_ses.domain.scope import Scope


PENDING, SUCCESS, FAILED = "PENDING", "SUCCESS", "FAILED"
NEVER = datetime.max.replace(tzinfo=timezone.utc)
# How long SES looks for the DNS records of a domain, of its DKIM and of its MAIL FROM domain.
# https://docs.aws.amazon.com/ses/latest/APIReference/API_GetIdentityVerificationAttributes.html
# https://docs.aws.amazon.com/ses/latest/dg/mail-from.html
DNS_PERIOD = timedelta(hours=72)
EASY_DKIM, BYODKIM = "AWS_SES", "EXTERNAL"
# https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-easy.html
DOMAIN_KEY_LENGTH = "RSA_2048_BIT"
HOSTED_ZONE = "dkim.amazonses.com"
TOKEN_COUNT, TOKEN_LENGTH = 3, 32
# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_DkimSigningAttributes.html
OWN_KEY_BITS = (1024, 2048)
# https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim.html
LENGTH_CHANGE_INTERVAL = timedelta(hours=24)
_SHORT = "RSA_1024_BIT"

# These texts are our own; SES's are unknown.
_KEY_REQUIRED = "Signing with your own key requires a selector and a private key."
_LENGTH_CHANGED = "The length of the DKIM signing key can be changed only once in 24 hours."
_SAME_LENGTH = "The length of the DKIM signing key is already {length}."


@dataclass(frozen=True, slots=True)
class Signing:
    """The DKIM signing options of a request.

    `origin` is `AWS_SES`, `EXTERNAL`, or a region to copy the keys from, such as
    `AWS_SES_EU_WEST_1`.
    """

    origin: str = EASY_DKIM
    selector: str | None = None
    private_key: str | None = None
    key_length: str | None = None


@dataclass(slots=True)
class Dkim:
    """The DKIM settings of an identity.

    The defaults are those of an address whose domain is not an identity. Pending settings fail at
    `expires_at`. `length_changes` maps each key length to the time of the last change to it.
    """

    signing_enabled: bool = False
    status: str = "NOT_STARTED"
    origin: str = EASY_DKIM
    tokens: list[str] = field(default_factory=list)
    next_key_length: str | None = _SHORT
    current_key_length: str | None = None
    key_generated_at: datetime | None = None
    key_is_usable: bool = True
    length_changes: dict[str, datetime] = field(default_factory=dict)
    expires_at: datetime = NEVER

    @property
    def is_easy(self) -> bool:
        """Whether SES manages the keys (Easy DKIM)."""
        return bool(self.tokens) and self.origin != BYODKIM

    @property
    def hosted_zone(self) -> str | None:
        """The hosted zone in which SES publishes the keys that it manages."""
        return HOSTED_ZONE if self.is_easy else None


def pending(account: Scope, signing: Signing) -> Dkim:
    """Return new DKIM settings for a request, with the status `PENDING`.

    Raises:
        InvalidParameterValue: if the origin is `EXTERNAL` and the selector or key is missing.
    """
    if signing.origin == BYODKIM:
        return _with_own_key(signing)
    length = signing.key_length or DOMAIN_KEY_LENGTH
    return Dkim(
        signing_enabled=True,
        status=PENDING,
        origin=signing.origin,
        tokens=[_token(account) for _ in range(TOKEN_COUNT)],
        next_key_length=length,
        current_key_length=length,
        key_generated_at=account.now(),
    )


def begin(account: Scope, dkim: Dkim) -> None:
    """Start or restart the verification of DKIM settings, unless they are verified."""
    if dkim.status != SUCCESS:
        dkim.status = PENDING
        dkim.expires_at = account.now() + DNS_PERIOD
        account.schedule(dkim.expires_at, partial(_expire, account, dkim))


def complete(dkim: Dkim) -> None:
    """Complete the verification, which fails with a key of your own that SES cannot use."""
    dkim.status = SUCCESS if dkim.key_is_usable else FAILED


def updated(account: Scope, dkim: Dkim, signing: Signing) -> Dkim:
    """Return pending settings with new keys, or the same settings if no change is requested.

    Raises:
        InvalidParameterValue: as in `pending`, or if the key already has the requested length, or
            if its length was changed less than 24 hours ago.
    """
    same_origin = dkim.is_easy and dkim.origin == signing.origin
    if same_origin and signing.key_length is None:
        return dkim
    if same_origin and signing.key_length == dkim.next_key_length:
        raise errors.InvalidParameterValue(_SAME_LENGTH.format(length=signing.key_length))
    new = pending(account, signing)
    new.length_changes = dkim.length_changes
    if same_origin and new.next_key_length:
        new.length_changes = _with_length(dkim, new.next_key_length, account.now())
    return new


def _with_length(dkim: Dkim, length: str, now: datetime) -> dict[str, datetime]:
    """Return the changes of the key length, including a new change if it is allowed.

    The first change to 1024 bits is allowed even within 24 hours of another change.
    """
    recent = {
        changed_to
        for changed_to, when in dkim.length_changes.items()
        if now < when + LENGTH_CHANGE_INTERVAL
    }
    if recent and (length != _SHORT or _SHORT in recent):
        raise errors.InvalidParameterValue(_LENGTH_CHANGED)
    return {**dkim.length_changes, length: now}


def _expire(account: Scope, dkim: Dkim) -> None:
    if dkim.status == PENDING and dkim.expires_at <= account.now():
        dkim.status = FAILED


def _with_own_key(signing: Signing) -> Dkim:
    if not (signing.selector and signing.private_key):
        raise errors.InvalidParameterValue(_KEY_REQUIRED)
    return Dkim(
        signing_enabled=True,
        status=PENDING,
        origin=BYODKIM,
        tokens=[signing.selector],
        next_key_length=None,
        # SES accepts any key here, as Terraform's acceptance tests and user reports show, but never
        # verifies the domain with a key that it cannot use.
        key_is_usable=rsa_keys.bits(signing.private_key) in OWN_KEY_BITS,
    )


def _token(account: Scope) -> str:
    return account.new_token(string.ascii_lowercase + string.digits, TOKEN_LENGTH)
