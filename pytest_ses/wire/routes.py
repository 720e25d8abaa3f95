"""Which operation do a method and a path name?"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_ses.wire.shapes import Service

_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


class Route(NamedTuple):
    """The way to one operation."""

    operation: str
    pattern: re.Pattern[str]
    labels: tuple[str, ...]


class Routes(NamedTuple):
    """The ways to all operations of a service: those without labels, and the others by method."""

    plain: dict[tuple[str, str], str]
    labelled: dict[str, list[Route]]


def find(service: Service, method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """Give the operation's name and its labels, still escaped; None if there is no such one."""
    routes = _routes(service)
    plain = routes.plain.get((method, path))
    if plain is not None:
        return plain, {}
    for route in routes.labelled.get(method, ()):
        match = route.pattern.fullmatch(path)
        if match is not None:
            return route.operation, dict(zip(route.labels, match.groups(), strict=True))
    return None


@cache
def _routes(service: Service) -> Routes:
    routes = Routes({}, {})
    for operation, method, uri in sorted(_templates(service), key=_specificity):
        if _LABEL.search(uri):
            routes.labelled.setdefault(method, []).append(_route(operation, uri))
        else:
            routes.plain[method, uri] = operation
            routes.plain.setdefault((method, uri.rstrip("/")), operation)
    return routes


def _templates(service: Service) -> Iterator[tuple[str, str, str]]:
    for name in service.operations:
        http = service.model.operation_model(name).http
        yield name, http["method"], http["requestUri"]


def _specificity(template: tuple[str, str, str]) -> tuple[list[bool], str]:
    """Put a literal before a label, segment by segment."""
    operation, _, uri = template
    return ["{" in segment for segment in uri.split("/")], operation


def _route(operation: str, uri: str) -> Route:
    """Compile a template; a slash at its end is not required, for some clients drop it."""
    texts = _LABEL.split(uri.rstrip("/"))
    labels = [("(.+)" if greedy else "([^/]+)") for greedy in texts[2::3]]
    literals = [re.escape(text) for text in texts[::3]]
    pattern = literals[0] + "".join(map("".join, zip(labels, literals[1:], strict=True)))
    optional = "/?" if uri.endswith("/") else ""
    return Route(operation, re.compile(pattern + optional), tuple(texts[1::3]))
