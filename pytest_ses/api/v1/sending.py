"""How does API v1 send mail?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import messages
from pytest_ses.api.errors import bulk_result
from pytest_ses.domain.mail import message_tags, raw
from pytest_ses.domain.mail.requests import BulkEntry, Destination, SendRequest, TemplateUse
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
    return_path_arn: str | None = None,  # noqa: ARG001  (needs no check of its own)
    tags: Tags | None = None,
    configuration_set_name: str | None = None,
) -> dict[str, Any]:
    """Send a mail with a subject and a text or HTML body."""
    mail = SendRequest(
        service="ses",
        operation="SendEmail",
        source=source,
        source_arn=source_arn,
        reply_to=reply_to_addresses or (),
        return_path=return_path,
        configuration_set=configuration_set_name,
        tags=message_tags.checked(tags),
        content=messages.simple(message["Subject"], message["Body"]),
    )
    return {"MessageId": sending.send(account, mail, messages.destination(destination)).message_id}


def send_raw_email(
    account: Account,
    *,
    raw_message: dict[str, bytes],
    source: str | None = None,
    destinations: list[str] | None = None,
    from_arn: str | None = None,
    source_arn: str | None = None,
    return_path_arn: str | None = None,  # noqa: ARG001  (needs no check of its own)
    tags: Tags | None = None,
    configuration_set_name: str | None = None,
) -> dict[str, Any]:
    """Send a mail that the caller has composed; its headers say what the call does not."""
    mail, destination = raw.read(
        raw_message["Data"],
        service="ses",
        operation="SendRawEmail",
        source=source,
        source_arn=source_arn or from_arn,
        envelope=Destination(destinations or ()),
        configuration_set=configuration_set_name,
        tags=tags,
    )
    return {"MessageId": sending.send(account, mail, destination).message_id}


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
    return_path_arn: str | None = None,  # noqa: ARG001  (needs no check of its own)
    tags: Tags | None = None,
    configuration_set_name: str | None = None,
    template_arn: str | None = None,  # noqa: ARG001  (the name is required and says the same)
) -> dict[str, Any]:
    """Send a mail made of a stored template; one that cannot be rendered is accepted all the same."""
    mail = SendRequest(
        service="ses",
        operation="SendTemplatedEmail",
        source=source,
        source_arn=source_arn,
        reply_to=reply_to_addresses or (),
        return_path=return_path,
        configuration_set=configuration_set_name,
        tags=message_tags.checked(tags),
        template=TemplateUse(name=template, data=template_data),
    )
    return {"MessageId": sending.send(account, mail, messages.destination(destination)).message_id}


def send_bulk_templated_email(
    account: Account,
    *,
    source: str,
    template: str,
    default_template_data: str,
    destinations: list[dict[str, Any]],
    source_arn: str | None = None,
    reply_to_addresses: list[str] | None = None,
    return_path: str | None = None,
    return_path_arn: str | None = None,  # noqa: ARG001  (needs no check of its own)
    configuration_set_name: str | None = None,
    default_tags: Tags | None = None,
    template_arn: str | None = None,  # noqa: ARG001  (the name is required and says the same)
    entry_error: EntryCheck | None = None,
) -> dict[str, Any]:
    """Send a mail made of a stored template to each destination, with a status for each."""
    mail = SendRequest(
        service="ses",
        operation="SendBulkTemplatedEmail",
        source=source,
        source_arn=source_arn,
        reply_to=reply_to_addresses or (),
        return_path=return_path,
        configuration_set=configuration_set_name,
        tags=message_tags.checked(default_tags),
        template=TemplateUse(name=template, data=default_template_data),
    )
    results = sending.send_bulk(
        account, mail, [_entry(destination) for destination in destinations], entry_error
    )
    return {"Status": [bulk_result("ses", result) for result in results]}


def _entry(destination: Mapping[str, Any]) -> BulkEntry:
    return BulkEntry(
        messages.destination(destination["Destination"]),
        tags=destination.get("ReplacementTags", ()),
        # v1 takes missing data for bad data: users had to send "{}" to mean the defaults.
        data=destination.get("ReplacementTemplateData", ""),
    )
