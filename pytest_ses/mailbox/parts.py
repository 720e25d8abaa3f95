"""The MIME parts of a message as a tree."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.domain import mime
from pytest_ses.domain.mime.parts import pieces, split

if TYPE_CHECKING:
    from pytest_ses.domain.mime.parts import PartHeaders

_MAX_DEPTH = 20


def tree(raw: bytes) -> dict[str, Any]:
    """Return the type, file name, encoding, size in bytes and parts of a message.

    Sizes are those of the encoded content. A message that cannot be parsed has no parts, and so have
    those that are nested too deeply.
    """
    try:
        return _part(raw, "text/plain", _MAX_DEPTH)
    except Exception:  # noqa: BLE001 - a malformed message can make the parser raise anything
        return _described("text/plain", len(raw))


def _part(raw: bytes, default_type: str, levels: int) -> dict[str, Any]:
    headers, body = split(raw, default_type)
    shown = _described(headers.content_type, len(body), headers)
    if levels and headers.boundary is not None:
        shown["parts"] = [
            _part(piece, headers.default_type_of_parts, levels - 1)
            for piece, is_part in pieces(body, headers.boundary)
            if is_part
        ]
    return shown


def _described(content_type: str, size: int, headers: PartHeaders | None = None) -> dict[str, Any]:
    filename = headers and headers.filename
    return {
        "content_type": content_type,
        "filename": filename and mime.decode_header(filename),
        "charset": headers and headers.charset,
        "encoding": headers and headers.transfer_encoding,
        "size": size,
        "parts": [],
    }
