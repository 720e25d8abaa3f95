"""Tags of messages, as opposed to tags of resources."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_ses.domain.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_LENGTH = 255
_NAME = re.compile(r"[A-Za-z0-9_-]*")
_VALUE = re.compile(r"[A-Za-z0-9_.@-]*")
# The only names with a colon that a caller can set.
_FEEDBACK_IDS = ("ses:feedback-id-a", "ses:feedback-id-b")


def parse(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Return the tags of a message as a dict; if a name occurs twice, its last value is used.

    The order of the checks and the texts, including the odd spaces, were recorded from SES.

    Raises:
        InvalidParameterValue: for the first tag that SES rejects.
    """
    parsed = {}
    for tag in tags or ():
        name, value = tag["Name"], tag["Value"]
        _check(name, value)
        parsed[name] = value
    return parsed


def parse_header(header: str) -> dict[str, str]:
    """Return the tags in the X-SES-MESSAGE-TAGS header of a raw message: `name=value, name=value`.

    Raises:
        InvalidParameterValue: for the first tag that SES rejects.
    """
    pairs = (item.partition("=") for item in header.split(",") if item.strip())
    return parse({"Name": name.strip(), "Value": value.strip()} for name, _, value in pairs)


def _check(name: str, value: str) -> None:
    if not name:
        raise InvalidParameterValue("The tag name must be specified.")
    if not value:
        raise InvalidParameterValue("The tag value must be specified.")
    if len(name) > MAX_LENGTH:
        raise InvalidParameterValue(f"Tag name cannot exceed {MAX_LENGTH} characters.")
    if not _NAME.fullmatch(name) and name not in _FEEDBACK_IDS:
        raise InvalidParameterValue(
            f"Invalid tag name <{name}>: only alphanumeric ASCII characters, '_',  '-' are allowed."
        )
    if len(value) > MAX_LENGTH:
        raise InvalidParameterValue(f"Tag value cannot exceed {MAX_LENGTH} characters.")
    if not _VALUE.fullmatch(value):
        raise InvalidParameterValue(
            f"Invalid tag value <{value}>: only alphanumeric ASCII characters, "
            "'_',  '-' , '.', '@' are allowed."
        )
