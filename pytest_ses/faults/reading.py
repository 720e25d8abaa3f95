"""The sender, recipients, template and configuration set in the parameters of a call."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from pytest_ses.domain import addresses, mime
from pytest_ses.domain.mail import raw

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pytest_ses.calls import Call

# For each bulk operation, the member that contains the destinations.
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


def name_at(call: Call, paths: Sequence[str]) -> str | None:
    """Return the first non-empty string at these paths of members; for an ARN, the name in it."""
    for path in paths:
        value = _at(call.params, path)
        if isinstance(value, str) and value:
            return value.rpartition("/")[2] if path.endswith("Arn") else value
    return None


def sender(call: Call) -> str | None:
    """Return the sender as the parameters or the From header contain it."""
    return name_at(call, _SENDER) or _header(call, "From")


def senders(call: Call) -> list[str]:
    """Return the bare address of the sender in a list, which is empty if there is no sender."""
    address = sender(call)
    return [addresses.bare(address)] if address else []


def recipients(call: Call) -> list[str]:
    """Return the bare To, Cc and Bcc addresses; in a bulk send, those of all entries."""
    entries = call.params.get(BULK.get((call.service, call.operation or ""), ""))
    if entries is not None:
        return [address for entry in entries for address in entry_recipients(entry)]
    envelope = call.params.get("Destinations") or _destination(call.params)
    if not envelope and (data := _raw(call)) is not None:
        fields = mime.fields(data)
        headers = (mime.joined_values(fields, name) for name in raw.RECIPIENT_HEADERS)
        envelope = [address for header in headers for address in addresses.parse_list(header)]
    return [addresses.bare(address) for address in envelope]


def entry_recipients(entry: Mapping[str, Any]) -> list[str]:
    """Return the bare addresses of the recipients of an entry of a bulk send."""
    return [addresses.bare(address) for address in _destination(entry)]


def template(call: Call) -> str | None:
    """Return the name of the template that the call uses or manages."""
    return name_at(call, _TEMPLATE)


def configuration_set(call: Call) -> str | None:
    """Return the name of the configuration set that the call uses or manages."""
    return name_at(call, ("ConfigurationSetName",)) or _header(call, raw.CONFIGURATION_SET_HEADER)


def _at(params: Any, path: str) -> Any:
    for name in path.split("."):
        params = params.get(name) if isinstance(params, Mapping) else None
    return params


def _destination(params: Mapping[str, Any]) -> list[str]:
    address_lists = (params.get("Destination") or {}).values()
    if not address_lists and "EmailAddress" in params:
        return [params["EmailAddress"]]
    return [address for address_list in address_lists for address in address_list]


def _raw(call: Call) -> bytes | None:
    return next((data for path in _RAW if (data := _at(call.params, path)) is not None), None)


def _header(call: Call, name: str) -> str | None:
    data = _raw(call)
    return None if data is None else mime.Headers(mime.fields(data)).get(name)
