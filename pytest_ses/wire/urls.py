"""Parsing of URLs and forms."""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

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
    if "%" not in text:
        return text
    if _BROKEN_ESCAPE.search(text):
        raise UnreadableError
    return unquote_to_bytes(text).decode("utf-8")


def pairs(form: str) -> list[tuple[str, str]]:
    """Parse a form or a query string into pairs of name and value, in order.

    Raises:
        ValueError: if an escape is incomplete or a name or value is not UTF-8.
    """
    fields = [part.partition("=") for part in form.replace("+", " ").split("&") if part]
    return [(unescape(name), unescape(value)) for name, _, value in fields]
