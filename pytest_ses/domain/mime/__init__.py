"""MIME messages: composing, reading and rewriting."""

from pytest_ses.domain.mime.composing import compose, compose_rendered
from pytest_ses.domain.mime.content import Attachment, Content, Parts
from pytest_ses.domain.mime.headers import (
    HEADER_LIMIT,
    UNIQUE_HEADERS,
    Headers,
    fields,
    internet_date,
    joined_values,
    redact,
    validated_fields,
)
from pytest_ses.domain.mime.reading import decode_header, read
from pytest_ses.domain.mime.rewriting import rewrite_bodies, with_headers

__all__ = [
    "HEADER_LIMIT",
    "UNIQUE_HEADERS",
    "Attachment",
    "Content",
    "Headers",
    "Parts",
    "compose",
    "compose_rendered",
    "decode_header",
    "fields",
    "internet_date",
    "joined_values",
    "read",
    "redact",
    "rewrite_bodies",
    "validated_fields",
    "with_headers",
]
