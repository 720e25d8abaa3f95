"""How does the account start? The words of the `ses` marker, checked."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

DEFAULT_ACCOUNT_ID = "123456789012"
DEFAULT_REGION = "us-east-1"


@dataclass(frozen=True, kw_only=True)
class Settings:
    """The account a test starts with.

    Args:
        region: the region of the account that `backend.account()` gives.
        account_id: twelve digits.
        verified: addresses and domains that are verified from the start; `"*"` accepts any sender.
        sandbox: whether recipients have to be verified too.
        daily_quota: recipients in 24 hours; enforced once it is set, -1 is no limit.
        send_rate: recipients a second; enforced once it is set.
        sending_enabled: False starts with sending paused.

    Raises:
        TypeError, ValueError: for a value that no account can have.
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
        for name, right, cure in (
            ("region", _is_region(self.region), 'give a region name such as "eu-west-1"'),
            ("account_id", _is_account_id(self.account_id), "give twelve digits as a string"),
            ("sandbox", isinstance(self.sandbox, bool), "give True or False"),
            (
                "daily_quota",
                _is_quota(self.daily_quota),
                "give a number from 0, or -1 for no limit",
            ),
            ("send_rate", _is_rate(self.send_rate), "give a number above 0"),
            ("sending_enabled", isinstance(self.sending_enabled, bool), "give True or False"),
        ):
            if not right:
                msg = f"{name}={getattr(self, name)!r} is not possible: {cure}"
                raise ValueError(msg)


def checked_identities(verified: object) -> tuple[str, ...]:
    """The addresses and domains to verify, as a tuple.

    Raises:
        TypeError: for something that is no list of strings.
        ValueError: for a string that is neither an address nor a domain nor `"*"`.
    """
    if isinstance(verified, str):
        msg = f"verified={verified!r} is one string; give a list: verified=[{verified!r}]"
        raise TypeError(msg)
    if not isinstance(verified, Iterable):
        msg = f"verified={verified!r} is not possible: give a list of addresses and domains"
        raise TypeError(msg)
    identities = tuple(verified)
    for one in identities:
        if not isinstance(one, str):
            msg = f"verified: {one!r} is no string; give addresses, domains or '*'"
            raise TypeError(msg)
        if one != "*" and not _IDENTITY.fullmatch(one):
            msg = f"verified: {one!r} is no bare address, no domain and not '*'"
            raise ValueError(msg)
    return identities


# Looser than SES, which has the last word when the account is made.
_IDENTITY = re.compile(r"([^@\s<>,]+@)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")


def _is_region(value: object) -> bool:
    # Emulators have regions of one word, such as "local".
    return isinstance(value, str) and re.fullmatch(r"[a-z0-9-]+", value) is not None


def _is_account_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9]{12}", value) is not None


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_quota(value: float | None) -> bool:
    return value is None or (_is_number(value) and (value >= 0 or value == -1))


def _is_rate(value: float | None) -> bool:
    return value is None or (_is_number(value) and value > 0)
