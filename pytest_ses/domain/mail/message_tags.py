"""Which message tags does SES accept? Those of a mail, not those of a resource."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from pytest_ses.domain.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

MAX_LENGTH = 255
_NAME = re.compile(r"[A-Za-z0-9_-]*")
_VALUE = re.compile(r"[A-Za-z0-9_.@-]*")
# The only names with a colon that a caller may set.
_FEEDBACK_IDS = ("ses:feedback-id-a", "ses:feedback-id-b")


def checked(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """The tags of a mail as a dict; a name given twice keeps its last value.

    The order of the checks and their texts (odd spaces too) were recorded from the real service.

    Raises:
        InvalidParameterValue: for the first tag that SES refuses.
    """
    found = {}
    for tag in tags or ():
        name, value = tag["Name"], tag["Value"]
        _check(name, value)
        found[name] = value
    return found


def from_header(text: str) -> dict[str, str]:
    """The tags of a raw mail's X-SES-MESSAGE-TAGS header: `name=value, name=value`."""
    pairs = (item.partition("=") for item in text.split(",") if item.strip())
    return checked({"Name": n.strip(), "Value": v.strip()} for n, _, v in pairs)


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
