"""What does a call say: who sends, to whom, which template, which configuration set?"""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pytest_ses.domain import addresses, mime
from pytest_ses.domain.mail import raw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.calls import Call

# The member with the destinations of each bulk operation.
BULK = {
    ("ses", "SendBulkTemplatedEmail"): "Destinations",
    ("sesv2", "SendBulkEmail"): "BulkEmailEntries",
}

_SENDER = ("Source", "FromEmailAddress", "BounceSender")
_TEMPLATE = (
    "TemplateName",
    "Template",
    "Template.TemplateName",
    "Content.Template.TemplateName",
    "Content.Template.TemplateArn",
    "DefaultContent.Template.TemplateName",
    "DefaultContent.Template.TemplateArn",
)
_RAW = ("RawMessage.Data", "Content.Raw.Data")


def named(call: Call, paths: Sequence[str]) -> str | None:
    """The first text that the call has at one of these paths of members; of an ARN, the name."""
    for path in paths:
        value = _at(call.params, path)
        if isinstance(value, str) and value:
            return value.rpartition("/")[2] if path.endswith("Arn") else value
    return None


def sender(call: Call) -> str | None:
    """Whom the mail is from, as the call or the header says it."""
    return named(call, _SENDER) or _header(call, "From")


def senders(call: Call) -> list[str]:
    """The bare address of the sender, if there is one."""
    found = sender(call)
    return [addresses.bare(found)] if found else []


def recipients(call: Call) -> list[str]:
    """Everyone a call sends to: bare addresses of To, Cc and Bcc, of all entries."""
    entries = call.params.get(BULK.get((call.service, call.operation or ""), ""))
    if entries is not None:
        return [address for entry in entries for address in of_entry(entry)]
    envelope = call.params.get("Destinations") or _destination(call.params)
    if not envelope and _raw(call) is not None:
        headers = (_header(call, name) or "" for name in ("To", "Cc", "Bcc"))
        envelope = [text for header in headers for text in addresses.parse_list(header)]
    return [addresses.bare(text) for text in envelope]


def of_entry(entry: Mapping[str, Any]) -> list[str]:
    """Everyone that an entry of a bulk send goes to."""
    return [addresses.bare(text) for text in _destination(entry)]


def template(call: Call) -> str | None:
    """The name of the template that a call sends with or is about."""
    return named(call, _TEMPLATE)


def configuration_set(call: Call) -> str | None:
    """The configuration set that a call sends with or is about."""
    return named(call, ("ConfigurationSetName",)) or _header(call, raw.CONFIGURATION_SET_HEADER)


def _at(params: Any, path: str) -> Any:
    for name in path.split("."):
        params = params.get(name) if isinstance(params, Mapping) else None
    return params


def _destination(params: Mapping[str, Any]) -> list[str]:
    lists = (params.get("Destination") or {}).values()
    if not lists and "EmailAddress" in params:
        return [params["EmailAddress"]]
    return [address for one in lists for address in one]


def _raw(call: Call) -> bytes | None:
    return next((data for path in _RAW if (data := _at(call.params, path)) is not None), None)


def _header(call: Call, name: str) -> str | None:
    data = _raw(call)
    return None if data is None else mime.Headers(mime.fields(data)).get(name)
