"""The operations that names such as `SendEmail`, `send_email` or `sesv2:SendEmail` refer to."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pytest_ses import api
from pytest_ses.phrasing import nearest, with_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


class Target(NamedTuple):
    """An operation of one API."""

    service: str
    operation: str

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"

    @property
    def sends(self) -> bool:
        """Whether it sends messages."""
        return self.operation.startswith("Send")


@cache
def everything() -> tuple[Target, ...]:
    """Return every operation of both APIs."""
    return tuple(
        Target(service, name)
        for service in api.PACKAGES
        for name in sorted(api.model(service).operations)
    )


def resolve(names: Iterable[str]) -> list[Target]:
    """Return the operations with these names, in both APIs unless a name includes the API.

    Raises:
        ValueError: if a name is unknown.
    """
    return list(dict.fromkeys(target for name in names for target in _resolve(name)))


def is_operation(name: str) -> bool:
    """Whether an operation of either API has this name, without the name of an API."""
    return name in _by_name("")


def shown(targets: Iterable[Target]) -> str:
    """Return the operations as text for a message."""
    return ", ".join(map(str, targets))


def _resolve(name: str) -> tuple[Target, ...]:
    if not isinstance(name, str):
        raise ValueError(  # noqa: TRY004  (all invalid plans raise the same error)
            f"operation={name!r} is invalid; expected a name such as 'SendEmail'; pass each name as "
            "a separate argument"
        )
    service, colon, operation = name.rpartition(":")
    if not colon and name.partition(".")[0] in api.PACKAGES:
        raise ValueError(
            f"operation={name!r} is invalid; did you mean {name.replace('.', ':', 1)!r}?"
        )
    if colon and service not in api.PACKAGES:
        msg = f"unknown service {service!r} in {name!r}"
        raise ValueError(with_nearest(msg, service, api.PACKAGES))
    targets = _by_name(service).get(operation)
    if targets is None:
        raise ValueError(f"{service or 'SES'} has no operation {operation!r}; {_fix(name)}")
    return targets


def _fix(name: str) -> str:
    service, _, operation = name.rpartition(":")
    if elsewhere := _by_name("").get(operation):
        return f"did you mean {str(elsewhere[0])!r}?"
    operations = [target.operation for target in everything() if service in ("", target.service)]
    meant = nearest(operation, operations)
    return f"did you mean {meant!r}?" if meant else "expected a name such as 'SendEmail'"


@cache
def _by_name(service: str) -> Mapping[str, tuple[Target, ...]]:
    """The operations of one API, or of both if `service` is empty, by both of their names."""
    by_name: dict[str, tuple[Target, ...]] = {}
    for target in everything():
        if service in ("", target.service):
            for name in {target.operation, api.python_name(target.operation)}:
                by_name[name] = (*by_name.get(name, ()), target)
    return by_name
