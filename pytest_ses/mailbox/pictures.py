"""Pictures that the HTML of a message shows and that are attached to it."""

from __future__ import annotations

import base64
import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.domain.mime import Attachment

_REFERENCE = re.compile(r"\bcid:([^\s\"'<>()]+)", re.ASCII | re.IGNORECASE)
_PICTURE = re.compile(r"image/[\w.+-]+", re.ASCII)


def inlined(html: str, attachments: Sequence[Attachment]) -> str:
    """Return HTML in which references to attached pictures (`cid:`) are `data:` URLs."""
    pictures = {
        file.content_id: file
        for file in attachments
        if file.content_id and _PICTURE.fullmatch(file.content_type)
    }

    def data_url(reference: re.Match[str]) -> str:
        file = pictures.get(unquote(unescape(reference[1])))
        if file is None:
            return reference[0]
        return f"data:{file.content_type};base64,{base64.b64encode(file.content).decode('ascii')}"

    return _REFERENCE.sub(data_url, html) if pictures else html
