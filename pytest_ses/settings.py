"""How does the account start? The words of the `ses` marker, checked."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

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
        if isinstance(self.verified, str):
            msg = f"verified={self.verified!r} is one string; give a list: verified=[{self.verified!r}]"
            raise TypeError(msg)
        object.__setattr__(self, "verified", tuple(self.verified))
        for name, right, cure in (
            ("region", _is_region(self.region), 'give a region name such as "eu-west-1"'),
            ("account_id", _is_account_id(self.account_id), "give twelve digits as a string"),
            ("verified", _are_identities(self.verified), "give addresses, domains or '*'"),
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


def _is_region(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z]{2,}(-[a-z0-9]+)+", value) is not None


def _is_account_id(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[0-9]{12}", value) is not None


def _are_identities(values: Iterable[object]) -> bool:
    return all(isinstance(v, str) and v and not re.search(r"\s", v) for v in values)


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_quota(value: float | None) -> bool:
    return value is None or (_is_number(value) and (value >= 0 or value == -1))


def _is_rate(value: float | None) -> bool:
    return value is None or (_is_number(value) and value > 0)
