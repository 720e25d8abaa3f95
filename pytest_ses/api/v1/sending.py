"""The operations of API v1 that send messages."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import messages
from pytest_ses.api.errors import bulk_result
from pytest_ses.domain.mail import message_tags, raw
from pytest_ses.domain.mail.requests import (
    BulkEntry,
    Destination,
    SenderArns,
    SendRequest,
    TemplateUse,
)
from pytest_ses.domain.sending import sending

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.sending.sending import EntryCheck

Tags = list[dict[str, str]]


def send_email(
    account: Account,
    *,
    source: str,
    destination: dict[str, list[str]],
    message: dict[str, Any],
    reply_to_addresses: list[str] | None = None,
    return_path: str | None = None,
    source_arn: str | None = None,
    return_path_arn: str | None = None,
    tags: Tags | None = None,
    configuration_set_name: str | None = None,
) -> dict[str, Any]:
    """Send a message with a subject and a text or HTML body."""
    request = SendRequest(
        service="ses",
        operation="SendEmail",
        source=source,
        arns=SenderArns(source_arn, return_path=return_path_arn),
        reply_to=reply_to_addresses or (),
        return_path=return_path,
        configuration_set=configuration_set_name,
        tags=message_tags.parse(tags),
        content=messages.simple(message["Subject"], message["Body"]),
    )
    return {
        "MessageId": sending.send(account, request, messages.destination(destination)).message_id
    }


def send_raw_email(
    account: Account,
    *,
    raw_message: dict[str, bytes],
    source: str | None = None,
    destinations: list[str] | None = None,
    from_arn: str | None = None,
    source_arn: str | None = None,
    return_path_arn: str | None = None,
    tags: Tags | None = None,
    configuration_set_name: str | None = None,
) -> dict[str, Any]:
    """Send a complete MIME message; its headers supply what the request omits."""
    request, destination = raw.read(
        raw_message["Data"],
        service="ses",
        operation="SendRawEmail",
        source=source,
        arns=SenderArns(source_arn, from_arn, return_path_arn),
        envelope=Destination(destinations or ()),
        configuration_set=configuration_set_name,
        tags=tags,
    )
    return {"MessageId": sending.send(account, request, destination).message_id}


def send_templated_email(
    account: Account,
    *,
    source: str,
    destination: dict[str, list[str]],
    template: str,
    template_data: str,
    reply_to_addresses: list[str] | None = None,
    return_path: str | None = None,
    source_arn: str | None = None,
    return_path_arn: str | None = None,
    tags: Tags | None = None,
    configuration_set_name: str | None = None,
    template_arn: str | None = None,  # noqa: ARG001  (the required name identifies the template)
) -> dict[str, Any]:
    """Send a message from a stored template; the message is accepted even if rendering fails."""
    request = SendRequest(
        service="ses",
        operation="SendTemplatedEmail",
        source=source,
        arns=SenderArns(source_arn, return_path=return_path_arn),
        reply_to=reply_to_addresses or (),
        return_path=return_path,
        configuration_set=configuration_set_name,
        tags=message_tags.parse(tags),
        template=TemplateUse(name=template, data=template_data),
    )
    return {
        "MessageId": sending.send(account, request, messages.destination(destination)).message_id
    }


def send_bulk_templated_email(
    account: Account,
    *,
    source: str,
    template: str,
    default_template_data: str = "",  # optional in older models
    destinations: list[dict[str, Any]],
    source_arn: str | None = None,
    reply_to_addresses: list[str] | None = None,
    return_path: str | None = None,
    return_path_arn: str | None = None,
    configuration_set_name: str | None = None,
    default_tags: Tags | None = None,
    template_arn: str | None = None,  # noqa: ARG001  (the required name identifies the template)
    entry_error: EntryCheck | None = None,
) -> dict[str, Any]:
    """Send a message from a stored template to each destination; return a status for each."""
    request = SendRequest(
        service="ses",
        operation="SendBulkTemplatedEmail",
        source=source,
        arns=SenderArns(source_arn, return_path=return_path_arn),
        reply_to=reply_to_addresses or (),
        return_path=return_path,
        configuration_set=configuration_set_name,
        tags=message_tags.parse(default_tags),
        template=TemplateUse(name=template, data=default_template_data),
    )
    results = sending.send_bulk(
        account, request, [_entry(destination) for destination in destinations], entry_error
    )
    return {"Status": [bulk_result("ses", result) for result in results]}


def _entry(destination: Mapping[str, Any]) -> BulkEntry:
    return BulkEntry(
        messages.destination(destination["Destination"]),
        tags=destination.get("ReplacementTags", ()),
        # In v1, missing data is invalid: a request must contain "{}" to use the default data.
        data=destination.get("ReplacementTemplateData", ""),
    )
