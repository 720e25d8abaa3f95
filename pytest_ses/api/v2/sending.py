"""The operations of API v2 that send messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import contents, messages
from pytest_ses.api.errors import bulk_result
from pytest_ses.domain import errors
from pytest_ses.domain.configuration import multi_region_endpoints
from pytest_ses.domain.mail import message_tags, raw
from pytest_ses.domain.mail.requests import (
    NO_ARNS,
    NO_OVERRIDES,
    BulkEntry,
    SenderArns,
    SendRequest,
    TrackingOverrides,
)
from pytest_ses.domain.sending import sending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.sending.sending import EntryCheck

Tags = list[dict[str, str]]

# SES's error text for a request without FromEmailAddress; for simple content, there is no text.
_NO_SOURCE = {"Simple": None, "Template": "Source cannot be empty"}
_IS_ENABLED = {"ENABLED": True, "DISABLED": False}


def send_email(
    account: Account,
    *,
    content: dict[str, Any],
    from_email_address: str | None = None,
    from_email_address_identity_arn: str | None = None,
    destination: dict[str, list[str]] | None = None,
    reply_to_addresses: list[str] | None = None,
    feedback_forwarding_email_address: str | None = None,
    feedback_forwarding_email_address_identity_arn: str | None = None,
    email_tags: Tags | None = None,
    configuration_set_name: str | None = None,
    endpoint_id: str | None = None,
    tenant_name: str | None = None,
    list_management_options: dict[str, str] | None = None,
    configuration_overrides: dict[str, Any] | None = None,
) -> dict[str, Any]:
    """Send a simple, raw or templated message."""
    _check_endpoint(account, endpoint_id)
    kind, members = contents.kind_and_members(content)
    recipients = messages.destination(destination or {})
    shared: dict[str, Any] = {
        "service": "sesv2",
        "operation": "SendEmail",
        "arns": _arns(
            from_email_address_identity_arn, feedback_forwarding_email_address_identity_arn
        ),
        "overrides": _overrides(configuration_overrides),
        "reply_to": reply_to_addresses or (),
        "return_path": feedback_forwarding_email_address,
        "configuration_set": configuration_set_name,
        "tenant": tenant_name,
        "contact_list": (list_management_options or {}).get("ContactListName"),
        "topic": (list_management_options or {}).get("TopicName"),
    }
    if kind == "Raw":
        request, recipients = raw.read(
            members["Data"],
            source=from_email_address,
            envelope=recipients,
            tags=email_tags,
            **shared,
        )
    else:
        request = SendRequest(
            **shared,
            **contents.request_arguments(kind, members),
            source=_source(kind, from_email_address),
            tags=message_tags.parse(email_tags),
        )
    return {"MessageId": sending.send(account, request, recipients).message_id}


def send_bulk_email(
    account: Account,
    *,
    default_content: dict[str, Any],
    bulk_email_entries: list[dict[str, Any]],
    from_email_address: str | None = None,
    from_email_address_identity_arn: str | None = None,
    reply_to_addresses: list[str] | None = None,
    feedback_forwarding_email_address: str | None = None,
    feedback_forwarding_email_address_identity_arn: str | None = None,
    default_email_tags: Tags | None = None,
    configuration_set_name: str | None = None,
    endpoint_id: str | None = None,
    tenant_name: str | None = None,
    configuration_overrides: dict[str, Any] | None = None,
    entry_error: EntryCheck | None = None,
) -> dict[str, Any]:
    """Send a templated message to the destination of each entry; return a status for each."""
    _check_endpoint(account, endpoint_id)
    kind, members = contents.kind_and_members(default_content)
    request = SendRequest(
        service="sesv2",
        operation="SendBulkEmail",
        source=_source(kind, from_email_address),
        arns=_arns(from_email_address_identity_arn, feedback_forwarding_email_address_identity_arn),
        overrides=_overrides(configuration_overrides),
        reply_to=reply_to_addresses or (),
        return_path=feedback_forwarding_email_address,
        configuration_set=configuration_set_name,
        tags=message_tags.parse(default_email_tags),
        tenant=tenant_name,
        **contents.request_arguments(kind, members),
    )
    results = sending.send_bulk(
        account, request, [_entry(entry) for entry in bulk_email_entries], entry_error
    )
    return {"BulkEmailEntryResults": [bulk_result("sesv2", result) for result in results]}


def _arns(identity_arn: str | None, feedback_arn: str | None) -> SenderArns:
    """Return the ARNs of a request; the identity's ARN also applies to the From header."""
    if identity_arn is None and feedback_arn is None:
        return NO_ARNS
    return SenderArns(identity_arn, identity_arn, feedback_arn)


def _overrides(members: Mapping[str, Any] | None) -> TrackingOverrides:
    if not members:
        return NO_OVERRIDES
    tracking = members.get("Tracking", {})
    return TrackingOverrides(
        opens=_IS_ENABLED.get(tracking.get("OpenTrackingEnabled")),
        clicks=_IS_ENABLED.get(tracking.get("ClickTrackingEnabled")),
    )


def _source(kind: str, address: str | None) -> str:
    if not address:
        raise errors.InvalidParameterValue(_NO_SOURCE[kind])
    return address


def _check_endpoint(account: Account, endpoint_id: str | None) -> None:
    if endpoint_id is not None:
        multi_region_endpoints.check_exists(account.multi_region_endpoints, endpoint_id)


def _entry(entry: Mapping[str, Any]) -> BulkEntry:
    template = entry.get("ReplacementEmailContent", {}).get("ReplacementTemplate", {})
    headers = entry.get("ReplacementHeaders")
    return BulkEntry(
        messages.destination(entry["Destination"]),
        entry.get("ReplacementTags", ()),
        contents.headers(headers) if headers else (),
        template.get("ReplacementTemplateData"),
    )
