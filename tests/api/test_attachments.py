"""The attachments that are rejected, in both APIs."""

from __future__ import annotations

from email.message import EmailMessage

import pytest
from asking import assert_error, error_of
from botocore_models import needs
from senders import V2, BulkV2


def raw(filename):
    """A raw message with one attachment."""
    message = EmailMessage()
    message["From"], message["To"] = "news@example.com", "ada@example.org"
    message.set_content("Hi")
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", filename=filename)
    return message.as_bytes()


def attachment(filename="a.txt", **members):
    """An attachment as passed to v2."""
    return {"FileName": filename, "RawContent": b"x"} | members


@pytest.fixture(name="v2")
def _v2(ses_backend):
    ses_backend.verify("example.com")
    return V2()


@pytest.mark.parametrize(
    ("filename", "extension"),
    [("a.exe", ".exe"), ("a.pdf.JS", ".JS"), ("grüße.ps1xml", ".ps1xml"), (".reg", ".reg")],
)
class TestTypes:
    def test_raw(self, api, filename, extension):
        """A raw message with an attachment of a blocked type is rejected."""
        text = f"The attachment <{filename}> has an unsupported type: {extension}."
        assert_error(api, "invalid", text, api.raw, raw(filename))

    @needs("sesv2", "SendEmail", "Content.Simple.Attachments")
    def test_composed(self, v2, filename, extension):
        """An attachment of a blocked type is rejected, whatever its content type."""
        text = f"The attachment <{filename}> has an unsupported type: {extension}."
        files = [attachment(), attachment(filename, ContentType="text/plain")]
        assert_error(v2, "invalid", text, v2.simple, attachments=files)

    @pytest.mark.usefixtures("v2", "template")
    @needs("sesv2", "SendBulkEmail", "DefaultContent.Template.Attachments")
    def test_bulk(self, filename, extension):
        """A bulk send with an attachment of a blocked type is rejected as a whole."""
        bulk = BulkV2()
        text = f"The attachment <{filename}> has an unsupported type: {extension}."
        content = {"Attachments": [attachment(filename)]}
        assert ("BadRequestException", 400, text) == error_of(
            bulk.send, bulk.entry("ada@example.org"), content=content
        )


@pytest.mark.parametrize("filename", ["exe", "a.exe.zip", "a.json", "a."])
def test_other_types(api, ses_backend, filename):
    """Any other type is accepted."""
    api.raw(raw(filename))
    assert [filename] == [file.filename for file in ses_backend.outbox.one().attachments]


def test_part_without_filename(api, ses_backend):
    """A part without a file name has no blocked type."""
    data = b"From: a@example.com\nTo: b@example.org\nContent-Type: application/x-msdownload\n\nx"
    api.raw(data)
    assert [None] == [file.filename for file in ses_backend.outbox.one().attachments]


@pytest.mark.parametrize("character", list('/\\:*?"<>|'))
@needs("sesv2", "SendEmail", "Content.Simple.Attachments")
def test_invalid_character(v2, ses_backend, character):
    """v2 rejects file names with these characters, except in raw messages."""
    name = f"a{character}b.txt"
    text = f'The file name <{name}> is invalid: it must not contain / \\ : * ? " < > |.'
    assert_error(v2, "invalid", text, v2.simple, attachments=[attachment(name)])
    v2.raw(raw(name))
    assert 1 == len(ses_backend.outbox)


@pytest.mark.parametrize(
    ("member", "limit"),
    [("FileName", 255), ("ContentId", 78), ("ContentDescription", 1000), ("ContentType", 78)],
)
@needs("sesv2", "SendEmail", "Content.Simple.Attachments")
def test_lengths(v2, ses_backend, member, limit):
    """The members of an attachment have at most the length that the model states."""
    start = "text/" if member == "ContentType" else ""
    v2.simple(attachments=[attachment(**{member: start + "x" * (limit - len(start))})])
    code, status, text = error_of(
        v2.simple, attachments=[attachment(**{member: start + "x" * (limit + 1 - len(start))})]
    )
    assert ("BadRequestException", 400) == (code, status)
    assert f"Member must have length less than or equal to {limit}" in text
    assert 1 == len(ses_backend.outbox)
