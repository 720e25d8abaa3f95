"""Attached pictures as data: URLs."""

from __future__ import annotations

import base64

import pytest
from mailboxes import PICTURE

from pytest_ses.domain.mime import Attachment
from pytest_ses.mailbox import pictures

DATA = f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}"
LOGO = Attachment("logo.png", "image/png", PICTURE, "logo@1&2")


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<img src="cid:logo@1&amp;2">', f'<img src="{DATA}">'),
        ("<img src=CID:logo%401%262>", f"<img src={DATA}>"),
        ("<b style='background:url(cid:logo@1&2)'>", f"<b style='background:url({DATA})'>"),
        ('<img src="cid:other">', '<img src="cid:other">'),
        ("acid:logo@1&2", "acid:logo@1&2"),
    ],
)
def test_inlined(html, expected):
    """A reference to an attached picture becomes its data; other text does not change."""
    assert expected == pictures.inlined(html, [LOGO])


@pytest.mark.parametrize("content_type", ["text/html", "image/png\"onerror='1"])
def test_not_a_picture(content_type):
    """Attachments of other types are not inlined."""
    file = Attachment(None, content_type, b"x", "logo")
    assert "<img src=cid:logo>" == pictures.inlined("<img src=cid:logo>", [file])
