"""Parsing of URLs and forms."""

from __future__ import annotations

import re
from binascii import a2b_qp

from pytest_ses.wire.scalars import UnreadableError

_BROKEN_ESCAPE = re.compile("%(?![0-9A-Fa-f]{2})")
# An incomplete escape, or one of the two bytes that UTF-8 does not have. These stand for the separators
# of a form while it is decoded.
_NOT_UTF8 = re.compile("%(?![0-9A-Ea-e][0-9A-Fa-f]|[Ff][0-9A-Da-d])")


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
    form = form.replace("+", " ")
    if "%" not in form:
        fields = [part.partition("=") for part in form.split("&") if part]
        return [(name, value) for name, _, value in fields]
    if _NOT_UTF8.search(form):
        raise UnreadableError
    # Decoding the whole form takes less time than decoding each value.
    separated = form.encode("utf-8").replace(b"=", b"\xfe").replace(b"&", b"\xff")
    decoded = a2b_qp(separated.replace(b"%", b"="))
    is_ascii = decoded.replace(b"\xfe", b"=").replace(b"\xff", b"&").decode("utf-8").isascii()
    # In Latin-1, each byte is one character, so that the separators can be found.
    parts = [part for part in decoded.decode("latin-1").split("\xff") if part]
    fields = [part.partition("\xfe") for part in parts]
    if is_ascii:
        return [(name, value.replace("\xfe", "=")) for name, _, value in fields]
    return [(_field_text(name), _field_text(value)) for name, _, value in fields]


def _field_text(latin_1: str) -> str:
    """Return a name or value of a form, given its UTF-8 bytes as Latin-1."""
    return latin_1.encode("latin-1").replace(b"\xfe", b"=").decode("utf-8")


def _decoded(text: str) -> str:
    """Decode text whose escapes are complete."""
    # Quoted-printable differs only in its sign, and the standard library decodes it in C.
    return a2b_qp(text.replace("=", "=3D").replace("%", "=").encode("utf-8")).decode("utf-8")
