"""Which operations does a word such as `SendEmail`, `send_email` or `sesv2:SendEmail` name?"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple

from pytest_ses import api
from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping


class Target(NamedTuple):
    """An operation of one API."""

    service: str
    operation: str

    def __str__(self) -> str:
        return f"{self.service}:{self.operation}"

    @property
    def sends(self) -> bool:
        """Whether it sends mail."""
        return self.operation.startswith("Send")


@cache
def everything() -> tuple[Target, ...]:
    """Every operation of both APIs."""
    return tuple(
        Target(service, name)
        for service in api.PACKAGES
        for name in sorted(api.model(service).operations)
    )


def of(words: Iterable[str]) -> list[Target]:
    """The operations that words name, in both APIs unless a word says which.

    Raises:
        ValueError: for a word that names none, with the closest one that does.
    """
    return list(dict.fromkeys(target for word in words for target in _of(word)))


def shown(targets: Iterable[Target]) -> str:
    """Several operations as a report shows them."""
    return ", ".join(map(str, targets))


def _of(word: str) -> tuple[Target, ...]:
    if not isinstance(word, str):
        raise ValueError(f"{word!r} is no operation: give names, one by one: 'SendEmail'")  # noqa: TRY004  (the one error of all plans)
    service, colon, name = word.rpartition(":")
    if colon and service not in api.PACKAGES:
        msg = f"there is no service {service!r} in {word!r}"
        raise ValueError(with_nearest(msg, service, api.PACKAGES))
    found = _by_name(service).get(name)
    if found is None:
        msg = f"{service or 'SES'} has no operation {name!r}"
        names = {one.operation for one in everything() if service in ("", one.service)}
        raise ValueError(with_nearest(msg, name, sorted(names)))
    return found


@cache
def _by_name(service: str) -> Mapping[str, tuple[Target, ...]]:
    found: dict[str, tuple[Target, ...]] = {}
    for target in everything():
        if service in ("", target.service):
            for name in {target.operation, api.python_name(target.operation)}:
                found[name] = (*found.get(name, ()), target)
    return found
