"""The initial settings of an account, and their validation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

DEFAULT_ACCOUNT_ID = "123456789012"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The initial account of a test.

    Args:
        region: the region of the account that `backend.account()` returns.
        account_id: twelve digits.
        verified: addresses and domains that are verified from the start; `"*"` accepts every
            sender.
        sandbox: whether recipients must be verified too.
        daily_quota: the maximum number of recipients in 24 hours; enforced if set; -1 means no
            limit.
        send_rate: the maximum number of recipients per second; enforced if set.
        sending_enabled: False if sending is paused.

    Raises:
        TypeError, ValueError: if a value is invalid.
    """

    region: str = DEFAULT_REGION
    account_id: str = DEFAULT_ACCOUNT_ID
    verified: Iterable[str] = ()
    sandbox: bool = False
    daily_quota: float | None = None
    send_rate: float | None = None
    sending_enabled: bool = True

    def __post_init__(self) -> None:
        object.__setattr__(self, "verified", checked_identities(self.verified))
        for name, is_valid, expected in (
            ("region", _is_region(self.region), 'a region name such as "eu-west-1"'),
            ("account_id", _is_account_id(self.account_id), "a string of twelve digits"),
            ("sandbox", isinstance(self.sandbox, bool), "True or False"),
            (
                "daily_quota",
                _is_quota(self.daily_quota),
                "a number of at least 0, or -1 for no limit",
            ),
            ("send_rate", _is_rate(self.send_rate), "a number greater than 0"),
            ("sending_enabled", isinstance(self.sending_enabled, bool), "True or False"),
        ):
            if not is_valid:
                msg = f"{name}={getattr(self, name)!r} is invalid; expected {expected}"
                raise ValueError(msg)


def checked_identities(verified: object) -> tuple[str, ...]:
    """Return the addresses and domains as a tuple.

    Raises:
        TypeError: if they are not a list of strings.
        ValueError: if a string is not an address, a domain or `"*"`.
    """
    if isinstance(verified, str):
        msg = f"verified={verified!r} is invalid; expected a list, such as verified=[{verified!r}]"
        raise TypeError(msg)
    if not isinstance(verified, Iterable):
        msg = f"verified={verified!r} is invalid; expected a list of addresses and domains"
        raise TypeError(msg)
    identities = tuple(verified)
    for identity in identities:
        is_string = isinstance(identity, str)
        if not is_string or (identity != "*" and not _IDENTITY.fullmatch(identity)):
            msg = (
                f"verified: {identity!r} is invalid; expected an address such as "
                "'ada@example.com', a domain such as 'example.com', or '*'"
            )
            raise (ValueError if is_string else TypeError)(msg)
    return identities


# Looser than SES's own check, which follows when the identity is verified.
_IDENTITY = re.compile(r"([^@\s<>,]+@)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


def _is_region(value: object) -> bool:
    # Emulators have regions without hyphens, such as "local".
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9-]+", value) is not None


def _is_account_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9]{12}", value) is not None


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_quota(value: float | None) -> bool:
    return value is None or (_is_number(value) and (value >= 0 or value == -1))


def _is_rate(value: float | None) -> bool:
    return value is None or (_is_number(value) and value > 0)
