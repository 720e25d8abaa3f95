"""Which texts does a URL or a form carry?"""

from __future__ import annotations

import re
from urllib.parse import unquote_to_bytes

from pytest_ses.wire.scalars import UnreadableError

_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")


def split(url: str) -> tuple[str, str]:
    """Give the path and the query string of a URL, both still escaped.

    Raises:
        ValueError: the URL is no Unicode text.
    """
    url.encode("utf-8")
    address, _, query = url.partition("#")[0].partition("?")
    if address.startswith("/"):
        return address, query
    return "/" + address.partition("://")[2].partition("/")[2], query


def unescape(text: str) -> str:
    """Give the text that a percent-encoded one means.

    Raises:
        ValueError: a broken escape, or no UTF-8.
    """
    if "%" not in text:
        return text
    if _BROKEN_ESCAPE.search(text):
        raise UnreadableError
    return unquote_to_bytes(text).decode("utf-8")


def pairs(form: str) -> list[tuple[str, str]]:
    """Give the names and values of a form or a query string, in order.

    Raises:
        ValueError: a broken escape, or no UTF-8.
    """
    fields = [part.partition("=") for part in form.replace("+", " ").split("&") if part]
    return [(unescape(name), unescape(value)) for name, _, value in fields]
