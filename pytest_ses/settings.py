"""The initial settings of an account, and their validation."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from pytest_ses.phrasing import nearest, with_nearest
from pytest_ses.wire import partitions

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

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
        auto_verify: whether an identity is verified as soon as its verification is requested, with
            DKIM and its custom MAIL FROM domain.
        configuration_sets: the names of configuration sets that exist from the start, in every
            region.

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
    auto_verify: bool = False
    configuration_sets: Iterable[str] = ()

    def __post_init__(self) -> None:
        object.__setattr__(self, "verified", checked_identities(self.verified))
        names = _checked_configuration_sets(self.configuration_sets)
        object.__setattr__(self, "configuration_sets", names)
        check_region(self.region)
        check_account_id(self.account_id)
        for name, is_valid, expected in (
            ("sandbox", isinstance(self.sandbox, bool), "True or False"),
            (
                "daily_quota",
                _is_quota(self.daily_quota),
                "a number of at least 0, or -1 for no limit",
            ),
            ("send_rate", _is_rate(self.send_rate), "a number greater than 0"),
            ("sending_enabled", isinstance(self.sending_enabled, bool), "True or False"),
            ("auto_verify", isinstance(self.auto_verify, bool), "True or False"),
        ):
            if not is_valid:
                raise _invalid(name, getattr(self, name), expected)


def check_region(region: object) -> None:
    """Check the name of a region.

    A name that botocore does not know is valid if it has no hyphens, as in emulators, or if it
    looks like a region of a new partition: it ends with a number, does not have the form of any
    partition that botocore knows, and is not similar to any known region.

    Raises:
        ValueError: if the name is invalid.
    """
    if not isinstance(region, str) or not re.fullmatch(r"[a-z0-9-]+", region):
        raise _invalid("region", region, 'a region name such as "eu-west-1"')
    if _ACCOUNT_ID.fullmatch(region):
        raise ValueError(f"region={region!r} is an account ID; pass it as account_id={region!r}")
    known = partitions.regions()
    if region in known or "-" not in region:
        return
    has_number = re.search(r"-[0-9]+$", region)
    if (
        not has_number
        or partitions.is_in_known_partition(region)
        or nearest(region, known, cutoff=_TYPO)
    ):
        raise ValueError(with_nearest(f"region={region!r} is unknown to botocore", region, known))


# "ues-east-1" is a typo; "eusc-fr-east-1" may be a new partition, although "eusc-de-east-1" exists.
_TYPO = 0.9
_ACCOUNT_ID = re.compile(r"[0-9]{12}")


def check_account_id(account_id: object) -> None:
    """Check an account ID.

    Raises:
        ValueError: if it is not a string of twelve digits.
    """
    if not isinstance(account_id, str) or not _ACCOUNT_ID.fullmatch(account_id):
        raise _invalid("account_id", account_id, "a string of twelve digits")


def _invalid(name: str, value: object, expected: str) -> ValueError:
    return ValueError(f"{name}={value!r} is invalid; expected {expected}")


def checked_identities(verified: object) -> tuple[str, ...]:
    """Return the addresses and domains as a tuple.

    Raises:
        TypeError: if they are not a list of strings.
        ValueError: if a string is not an address, a domain or `"*"`.
    """
    identities = _checked_list("verified", verified, "addresses and domains")
    for identity in identities:
        is_string = isinstance(identity, str)
        if not is_string or (identity != "*" and not _IDENTITY.fullmatch(identity)):
            msg = (
                f"verified: {identity!r} is invalid; expected an address such as "
                "'ada@example.com', a domain such as 'example.com', or '*'"
            )
            raise (ValueError if is_string else TypeError)(msg)
    return identities


def _checked_configuration_sets(names: object) -> tuple[str, ...]:
    checked = _checked_list("configuration_sets", names, "names")
    for name in checked:
        if not isinstance(name, str) or not _CONFIGURATION_SET.fullmatch(name):
            msg = (
                f"configuration_sets: {name!r} is invalid; expected up to 64 letters, digits, "
                "underscores and hyphens"
            )
            raise (ValueError if isinstance(name, str) else TypeError)(msg)
    return checked


def _checked_list(name: str, value: object, items: str) -> tuple[Any, ...]:
    if isinstance(value, str):
        msg = f"{name}={value!r} is invalid; expected a list, such as {name}=[{value!r}]"
        raise TypeError(msg)
    if not isinstance(value, Iterable):
        msg = f"{name}={value!r} is invalid; expected a list of {items}"
        raise TypeError(msg)
    return tuple(value)


# Looser than SES's own check, which follows when the identity is verified.
_IDENTITY = re.compile(r"([^@\s<>,]+@)?[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*")
_CONFIGURATION_SET = re.compile(r"[A-Za-z0-9_-]{1,64}")


def _is_number(value: object) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _is_quota(value: float | None) -> bool:
    return value is None or (_is_number(value) and (value >= 0 or value == -1))


def _is_rate(value: float | None) -> bool:
    return value is None or (_is_number(value) and value > 0)
