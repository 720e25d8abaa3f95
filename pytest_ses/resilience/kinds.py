"""The kinds of failures that a run injects."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from collections.abc import Mapping


class Kind(NamedTuple):
    """A kind of failure, as a planned failure.

    Attributes:
        method: the method of the backend that plans it, which is also the name of the marker.
        args: the arguments of the method after the operation, which `bulk_status` does not have.
        times: how often it happens to a call; None: to every attempt.
    """

    method: str
    args: tuple[Any, ...] = ()
    times: int | None = 1


KINDS: Mapping[str, Kind] = {
    "throttle": Kind("throttle"),
    "server_error": Kind("fail", ("ServiceUnavailable",)),
    "timeout": Kind("fail", ("Timeout",)),
    "disconnect": Kind("fail", ("Disconnect",)),
    "response_lost": Kind("fail", ("ResponseLost",)),
    # The status of a destination that SES says to send to again.
    "bulk_status": Kind("bulk_status", ("TRANSIENT_FAILURE",)),
    "outage": Kind("throttle", times=None),
}

WORST_FIRST = (
    "outage",
    "response_lost",
    "bulk_status",
    "timeout",
    "disconnect",
    "server_error",
    "throttle",
)
"""The kinds by how often code does not survive them; clients retry the last ones by themselves."""


def named(text: str) -> tuple[str, ...]:
    """Return the kinds in a comma-separated list; all of them if the list is empty.

    Raises:
        ValueError: if there is no such kind.
    """
    names = dict.fromkeys(name.strip() for name in text.split(",")) if text else KINDS
    for name in names:
        if name not in KINDS:
            raise ValueError(with_nearest(f"unknown kind of failure {name!r}", name, KINDS))
    return tuple(names)
