"""How does a mail look on the wire, and what does a mail from the wire say?"""

from pytest_ses.domain.mime.composing import compose, rendered
from pytest_ses.domain.mime.content import Attachment, Content, Parts
from pytest_ses.domain.mime.headers import (
    HEADER_LIMIT,
    Headers,
    fields,
    internet_date,
    redact,
    scan,
)
from pytest_ses.domain.mime.reading import decoded, read
from pytest_ses.domain.mime.rewriting import rewritten, with_headers

__all__ = [
    "HEADER_LIMIT",
    "Attachment",
    "Content",
    "Headers",
    "Parts",
    "compose",
    "decoded",
    "fields",
    "internet_date",
    "read",
    "redact",
    "rendered",
    "rewritten",
    "scan",
    "with_headers",
]
