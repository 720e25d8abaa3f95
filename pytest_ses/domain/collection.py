"""Collections of named resources, with SES's errors, limits and pagination."""

from __future__ import annotations

import json
import math
from base64 import b64decode, b64encode
from bisect import bisect_right
from collections.abc import Callable, Iterator, Mapping
from itertools import islice
from operator import itemgetter
from typing import Generic, Literal, TypeVar

from pytest_ses.domain import errors

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

T = TypeVar("T")

Order = Literal["name", "oldest first", "newest first"]

# The sort key of an item, from its serial number and its name.
_ORDERS: dict[Order, Callable[[int, str], tuple[int, str]]] = {
    "name": lambda _, name: (0, name),
    "oldest first": lambda serial, _: (serial, ""),
    "newest first": lambda serial, _: (-serial, ""),
}


class Collection(Mapping[str, T], Generic[T]):
    """Resources of one kind by name, in the order of their creation.

    It can be read as a mapping. `add`, `put`, `find` and `remove` raise SES's errors.
    """

    def __init__(
        self,
        kind: str,
        *,
        missing: type[errors.NotFound],
        duplicate: type[errors.AlreadyExists] = errors.AlreadyExists,
        limit: float = math.inf,
        order: Order = "oldest first",
        error_details: Mapping[str, str] | None = None,
    ) -> None:
        self._kind = kind
        self._missing = missing
        self._duplicate = duplicate
        self._limit = limit
        self._order = _ORDERS[order]
        self._error_details = dict(error_details or {})
        self._items: dict[str, T] = {}
        self._serials: dict[str, int] = {}
        self._last_serial = 0
        # Made when they are needed: the sort keys and names in order, and the names by their lower case.
        self._sorted: list[tuple[tuple[int, str], str]] | None = None
        self._by_lower_case: dict[str, dict[str, None]] | None = None

    def __getitem__(self, name: str) -> T:
        return self._items[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._items)

    def __len__(self) -> int:
        return len(self._items)

    def __repr__(self) -> str:
        return f"<{self._kind}: {', '.join(self._items) or 'none'}>"

    def find(self, name: str) -> T:
        """Return the item with this name, or raise the collection's not-found error."""
        try:
            return self._items[name]
        except KeyError:
            raise self._missing(name=name, **self._error_details) from None

    def add(self, name: str, item: T) -> T:
        """Add a new item.

        Raises:
            AlreadyExists: if the name is taken.
            LimitExceeded: if the collection is full.
        """
        if name in self._items:
            raise self._duplicate(name=name, **self._error_details)
        return self.put(name, item)

    def put(self, name: str, item: T) -> T:
        """Add an item, or replace the item with the same name.

        Raises:
            LimitExceeded: if the name is new and the collection is full.
        """
        if name not in self._items:
            if len(self._items) >= self._limit:
                raise errors.LimitExceeded(things=self._kind, limit=self._limit)
            self._last_serial += 1
            self._serials[name] = self._last_serial
            self._sorted = None
            if self._by_lower_case is not None:
                self._by_lower_case.setdefault(name.lower(), {})[name] = None
        self._items[name] = item
        return item

    def remove(self, name: str) -> T:
        """Remove and return the item with this name, or raise the collection's not-found error."""
        item = self.find(name)
        del self._items[name], self._serials[name]
        self._sorted = None
        if self._by_lower_case is not None:
            del self._by_lower_case[name.lower()][name]
        return item

    def discard(self, name: str) -> None:
        """Remove the item with this name, if there is one."""
        if name in self._items:
            self.remove(name)

    def get_ignoring_case(self, name: str) -> T | None:
        """Return the item with this name, or the oldest one whose name differs only in case."""
        if name in self._items:
            return self._items[name]
        if self._by_lower_case is None:
            self._by_lower_case = {}
            for other in self._items:
                self._by_lower_case.setdefault(other.lower(), {})[other] = None
        names = self._by_lower_case.get(name.lower(), {})
        return next((self._items[other] for other in names), None)

    def page(
        self,
        *,
        size: int,
        token: str | None,
        region: str,
        where: Callable[[T], bool] | None = None,
        scope: str = "",
    ) -> tuple[list[T], str | None]:
        """Return one page of items and the token of the next page (None on the last page).

        A token encodes a position in the sort order instead of an offset, so no item is skipped or
        repeated if items are added or removed between two pages. A token is valid only in its
        region and scope (for example, the arguments of a filter).

        Raises:
            InvalidNextToken: if the token does not belong to this collection, region and scope.
        """
        origin = [self._kind, region, scope]
        after = _position(token, origin) if token else None
        if self._sorted is None:
            self._sorted = sorted((self._key(name), name) for name in self._items)
        start = 0 if after is None else bisect_right(self._sorted, after, key=itemgetter(0))
        entries = islice(self._sorted, start, None)
        found = (entry for entry in entries if where is None or where(self._items[entry[1]]))
        page = list(islice(found, size + 1))
        next_token = _token(origin, page[size - 1][0]) if len(page) > size else None
        return [self._items[name] for _, name in page[:size]], next_token

    def _key(self, name: str) -> tuple[int, str]:
        return self._order(self._serials[name], name)


def _token(origin: list[str], position: tuple[int, str]) -> str:
    return b64encode(json.dumps([origin, *position]).encode()).decode()


def _position(token: str, origin: list[str]) -> tuple[int, str]:
    try:
        token_origin, number, name = json.loads(b64decode(token, validate=True))
    except (ValueError, TypeError, RecursionError):
        raise errors.InvalidNextToken(token=token) from None
    if token_origin != origin or type(number) is not int or not isinstance(name, str):
        raise errors.InvalidNextToken(token=token)
    return number, name
