"""How does an account keep its named things, and hand them out page by page?"""

from __future__ import annotations

import json
import math
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator, Mapping
from typing import Generic, Literal, TypeVar

from pytest_ses.domain import errors

T = TypeVar("T")

Order = Literal["name", "oldest first", "newest first"]

# The place of a thing in its list, from its serial number and its name.
_ORDERS: dict[Order, Callable[[int, str], tuple[int, str]]] = {
    "name": lambda _, name: (0, name),
    "oldest first": lambda serial, _: (serial, ""),
    "newest first": lambda serial, _: (-serial, ""),
}


class Collection(Mapping[str, T], Generic[T]):
    """Things of one kind by name, in the order they were made.

    A plain mapping to read from; `add`, `put`, `find` and `remove` say no as SES does.
    """

    def __init__(
        self,
        things: str,
        *,
        missing: type[errors.NotFound],
        duplicate: type[errors.AlreadyExists] = errors.AlreadyExists,
        limit: float = math.inf,
        order: Order = "oldest first",
        about: Mapping[str, str] | None = None,
    ) -> None:
        self._things = things
        self._missing = missing
        self._duplicate = duplicate
        self._limit = limit
        self._order = _ORDERS[order]
        self._about = dict(about or {})
        self._items: dict[str, T] = {}
        self._serials: dict[str, int] = {}
        self._made = 0

    def __getitem__(self, name: str) -> T:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<{self._things}: {', '.join(self._items) or 'none'}>"

    def find(self, name: str) -> T:
        """The thing of that name, or the kind's own not-found error."""
        try:
            return self._items[name]
        except KeyError:
            raise self._missing(name=name, **self._about) from None

    def add(self, name: str, item: T) -> T:
        """Keep a new thing; refused if the name is taken or the account is full."""
        if name in self._items:
            raise self._duplicate(name=name, **self._about)
        return self.put(name, item)

    def put(self, name: str, item: T) -> T:
        """Keep a thing, in the place of the one that had its name."""
        if name not in self._items:
            if len(self._items) >= self._limit:
                raise errors.LimitExceeded(things=self._things, limit=self._limit)
            self._made += 1
            self._serials[name] = self._made
        self._items[name] = item
        return item

    def remove(self, name: str) -> T:
        """Drop the thing of that name, or the kind's own not-found error."""
        item = self.find(name)
        del self._items[name], self._serials[name]
        return item

    def discard(self, name: str) -> None:
        """Drop the thing of that name, if there is one."""
        if name in self._items:
            self.remove(name)

    def page(
        self,
        *,
        size: int,
        token: str | None,
        region: str,
        where: Callable[[T], bool] | None = None,
        scope: str = "",
    ) -> tuple[list[T], str | None]:
        """One page of the things, and the token of the next (None on the last).

        A token holds the place in the order, not a number of things, so that nothing is skipped or
        repeated when things come and go between two pages. It is good in its region and scope (the
        words of a filter, say) only.

        Raises:
            InvalidNextToken: for a token that is not one of this collection, region and scope.
        """
        origin = [self._things, region, scope]
        after = _place(token, origin) if token else None
        names = sorted(self._items, key=self._key)
        left = [
            name
            for name in names
            if (after is None or self._key(name) > after)
            and (where is None or where(self._items[name]))
        ]
        shown = left[:size]
        more = _token(origin, self._key(shown[-1])) if len(left) > size else None
        return [self._items[name] for name in shown], more

    def _key(self, name: str) -> tuple[int, str]:
        return self._order(self._serials[name], name)


def _token(origin: list[str], place: tuple[int, str]) -> str:
    return b64encode(json.dumps([origin, *place]).encode()).decode()


def _place(token: str, origin: list[str]) -> tuple[int, str]:
    try:
        of, number, name = json.loads(b64decode(token, validate=True))
    except (ValueError, TypeError, RecursionError):
        raise errors.InvalidNextToken(token=token) from None
    if of != origin or type(number) is not int or not isinstance(name, str):
        raise errors.InvalidNextToken(token=token)
    return number, name
