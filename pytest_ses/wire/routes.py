"""Routing of a method and a path to an operation."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_ses.wire.shapes import Service

_LABEL = re.compile(r"\{([^}+]+)(\+?)\}")


class Route(NamedTuple):
    """The pattern of an operation's path, and the names of its labels."""

    operation: str
    pattern: re.Pattern[str]
    labels: tuple[str, ...]


class Routes(NamedTuple):
    """The routes of a service: those without labels by method and path, the others by method."""

    plain: dict[tuple[str, str], str]
    labelled: dict[str, list[Route]]


def find(service: Service, method: str, path: str) -> tuple[str, dict[str, str]] | None:
    """Return the matching operation and its labels, which are still escaped, or None."""
    routes = _routes(service)
    operation = routes.plain.get((method, path))
    if operation is not None:
        return operation, {}
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
    """The sort key that puts literals before labels, segment by segment."""
    operation, _, uri = template
    return ["{" in segment for segment in uri.split("/")], operation


def _route(operation: str, uri: str) -> Route:
    """Compile a path template; a trailing slash is optional, because some clients omit it."""
    parts = _LABEL.split(uri.rstrip("/"))
    labels = [("(.+)" if greedy else "([^/]+)") for greedy in parts[2::3]]
    literals = [re.escape(text) for text in parts[::3]]
    pattern = literals[0] + "".join(map("".join, zip(labels, literals[1:], strict=True)))
    optional_slash = "/?" if uri.endswith("/") else ""
    return Route(operation, re.compile(pattern + optional_slash), tuple(parts[1::3]))
