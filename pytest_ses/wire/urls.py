"""Parsing of URLs and forms."""

from __future__ import annotations

import re
from binascii import a2b_qp

from pytest_ses.wire.scalars import UnreadableError

_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


def split(url: str) -> tuple[str, str]:
    """Split a URL into its path and query string, which are still escaped.

    Raises:
        ValueError: if the URL contains a lone surrogate.
    """
    url.encode("utf-8")
    address, _, query = url.partition("#")[0].partition("?")
    if address.startswith("/"):
        return address, query
    return "/" + address.partition("://")[2].partition("/")[2], query


def unescape(text: str) -> str:
    """Decode percent-encoded text.

    Raises:
        ValueError: if an escape is incomplete or the result is not UTF-8.
    """
    if _BROKEN_ESCAPE.search(text):
        raise UnreadableError
    return _decoded(text)


def pairs(form: str) -> list[tuple[str, str]]:
    """Parse a form or a query string into pairs of name and value, in order.

    Raises:
        ValueError: if an escape is incomplete or a name or value is not UTF-8.
    """
    fields = [part.partition("=") for part in form.replace("+", " ").split("&") if part]
    if "%" not in form:
        return [(name, value) for name, _, value in fields]
    if _BROKEN_ESCAPE.search(form):
        raise UnreadableError
    return [
        (
            _decoded(name) if "%" in name else name,
            _decoded(value) if "%" in value else value,
        )
        for name, _, value in fields
    ]


def _decoded(text: str) -> str:
    """Decode text whose escapes are complete."""
    # Quoted-printable differs only in its sign, and the standard library decodes it in C.
    return a2b_qp(text.replace("=", "=3D").replace("%", "=").encode("utf-8")).decode("utf-8")
