"""The DKIM settings of identities."""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_ses.domain import errors

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_ses.domain.scope import Scope


EASY_DKIM, BYODKIM = "AWS_SES", "EXTERNAL"
# https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-easy.html
DOMAIN_KEY_LENGTH = "RSA_2048_BIT"
HOSTED_ZONE = "dkim.amazonses.com"
TOKEN_COUNT, TOKEN_LENGTH = 3, 32

# This text is our own; SES's is unknown.
_KEY_REQUIRED = "Signing with your own key requires a selector and a private key."


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

    The defaults are those of an address whose domain is not an identity.
    """

    signing_enabled: bool = False
    status: str = "NOT_STARTED"
    origin: str = EASY_DKIM
    tokens: list[str] = field(default_factory=list)
    next_key_length: str | None = "RSA_1024_BIT"
    current_key_length: str | None = None
    key_generated_at: datetime | None = None

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
        status="PENDING",
        origin=signing.origin,
        tokens=[_token(account) for _ in range(TOKEN_COUNT)],
        next_key_length=length,
        current_key_length=length,
        key_generated_at=account.now(),
    )


def updated(account: Scope, dkim: Dkim, signing: Signing) -> Dkim:
    """Return the same settings if nothing changes, otherwise pending settings with new keys."""
    same_origin = dkim.is_easy and dkim.origin == signing.origin
    if same_origin and signing.key_length in {None, dkim.next_key_length}:
        return dkim
    return pending(account, signing)


def _with_own_key(signing: Signing) -> Dkim:
    if not (signing.selector and signing.private_key):
        raise errors.InvalidParameterValue(_KEY_REQUIRED)
    return Dkim(
        signing_enabled=True,
        status="PENDING",
        origin=BYODKIM,
        tokens=[signing.selector],
        next_key_length=None,
    )


def _token(account: Scope) -> str:
    return account.new_token(string.ascii_lowercase + string.digits, TOKEN_LENGTH)
