"""How does an identity sign its mail?"""

from __future__ import annotations

import string
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pytest_ses.domain import errors

if TYPE_CHECKING:
    from datetime import datetime

    from pytest_ses.domain.scope import Scope


EASY, OWN_KEY = "AWS_SES", "EXTERNAL"
# https://docs.aws.amazon.com/ses/latest/dg/send-email-authentication-dkim-easy.html
DOMAIN_KEY_LENGTH = "RSA_2048_BIT"
HOSTED_ZONE = "dkim.amazonses.com"
TOKENS, TOKEN_LENGTH = 3, 32

# The text is ours: no source tells SES's.
_NO_KEY = "A selector and a private key are required to sign with a key of your own."


@dataclass(frozen=True, slots=True)
class Signing:
    """What a request asks of DKIM; the origin is `AWS_SES`, `EXTERNAL` or a region to copy from."""

    origin: str = EASY
    selector: str | None = None
    private_key: str | None = None
    key_length: str | None = None


@dataclass(slots=True)
class Dkim:
    """The DKIM settings of an identity; the defaults are those of an address on its own."""

    signing_enabled: bool = False
    status: str = "NOT_STARTED"
    origin: str = EASY
    tokens: list[str] = field(default_factory=list)
    next_key_length: str | None = "RSA_1024_BIT"
    current_key_length: str | None = None
    key_generated_at: datetime | None = None

    @property
    def is_easy(self) -> bool:
        """Whether SES keeps the keys (Easy DKIM)."""
        return bool(self.tokens) and self.origin != OWN_KEY

    @property
    def hosted_zone(self) -> str | None:
        """Where SES publishes the keys it keeps."""
        return HOSTED_ZONE if self.is_easy else None


def started(account: Scope, asked: Signing) -> Dkim:
    """DKIM as a request asks for it, not yet seen in the DNS.

    Raises:
        InvalidParameterValue: for a key of one's own that lacks the key or its selector.
    """
    if asked.origin == OWN_KEY:
        return _with_own_key(asked)
    length = asked.key_length or DOMAIN_KEY_LENGTH
    return Dkim(
        signing_enabled=True,
        status="PENDING",
        origin=asked.origin,
        tokens=[_token(account) for _ in range(TOKENS)],
        next_key_length=length,
        current_key_length=length,
        key_generated_at=account.now(),
    )


def changed(account: Scope, dkim: Dkim, asked: Signing) -> Dkim:
    """The same settings if nothing changes, else new keys, which have to be seen in the DNS again."""
    same_origin = dkim.is_easy and dkim.origin == asked.origin
    if same_origin and asked.key_length in {None, dkim.next_key_length}:
        return dkim
    return started(account, asked)


def _with_own_key(asked: Signing) -> Dkim:
    if not (asked.selector and asked.private_key):
        raise errors.InvalidParameterValue(_NO_KEY)
    return Dkim(
        signing_enabled=True,
        status="PENDING",
        origin=OWN_KEY,
        tokens=[asked.selector],
        next_key_length=None,
    )


def _token(account: Scope) -> str:
    return account.new_token(string.ascii_lowercase + string.digits, TOKEN_LENGTH)
