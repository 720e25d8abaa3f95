"""The checks and the acceptance of messages, shared by every sending operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pytest_ses import handlebars
from pytest_ses.domain import addresses, errors, formats, mime, templates
from pytest_ses.domain.configuration import configuration_sets
from pytest_ses.domain.configuration.configuration_sets import ConfigurationState
from pytest_ses.domain.events import statistics
from pytest_ses.domain.events.event_log import EventState
from pytest_ses.domain.identities import identities
from pytest_ses.domain.lists import contacts
from pytest_ses.domain.mail import attachments, message_tags
from pytest_ses.domain.mail.messages import Message
from pytest_ses.domain.mail.requests import (
    EMPTY_CONTENT,
    BulkEntry,
    Destination,
    SendRequest,
    Submission,
    TemplateUse,
)
from pytest_ses.domain.mime import Content
from pytest_ses.domain.sending import engagement, permissions
from pytest_ses.domain.sending.engagement import EngagementState
from pytest_ses.domain.sending.permissions import PermissionState
from pytest_ses.domain.tenants import tenants

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pytest_ses.domain.addresses import Address
    from pytest_ses.domain.collection import Collection
    from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
    from pytest_ses.domain.identities.identities import Identity
    from pytest_ses.domain.mime import Parts
    from pytest_ses.domain.templates import StoredTemplate

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_RECIPIENTS = 50
MAX_ENTRIES = 50
MAX_BYTES = {"ses": 10 * 1024 * 1024, "sesv2": 40 * 1024 * 1024, "smtp": 40 * 1024 * 1024}
_LOWEST_MAX_BYTES = min(MAX_BYTES.values())

MAX_HEADER_LENGTH = 996  # characters of name and value together; from v2's model

# Date and Message-ID are not included: SES replaces them with its own.
_OWN_HEADERS = frozenset(
    {
        "from",
        "to",
        "cc",
        "bcc",
        "subject",
        "mime-version",
        "content-type",
        "content-transfer-encoding",
    }
)

EntryCheck = Callable[[int, Sequence[str]], errors.SESError | None]
"""A function that returns the error of a bulk entry, given its index and recipients, or `None`."""


class SendingState(EventState, PermissionState, ConfigurationState, EngagementState, Protocol):
    """The state of an account that a send depends on."""

    configuration_sets: Collection[ConfigurationSet]
    outbox: list[Message]
    sending_enabled: bool
    templates: Collection[StoredTemplate]

    def new_message_id(self, now: datetime) -> str:
        """Return a new message ID for a message sent at this time."""
        ...


class _Template(NamedTuple):
    """A compiled template with its parsed data, and its source."""

    render: Callable[[Mapping[str, Any]], Sequence[str | None]]
    data: dict[str, Any]
    name: str | None
    parts: Parts


def send(account: SendingState, request: SendRequest, destination: Destination) -> Message:
    """Check a send request, accept its message into the outbox and return the message.

    Raises:
        SESError: if a check fails or a quota is exhausted.
    """
    message = checked_message(account, request, destination)
    return _accept(account, message)


def checked_message(
    account: SendingState, request: SendRequest, destination: Destination
) -> Message:
    """Return the message of a send request after every check except those of quotas.

    The checks are in SES's order as far as it is known: addresses, recipients, pauses and
    configuration set, lengths, headers, attachments, template, size, attachments of raw messages,
    tenant, number of recipients, verification.

    Raises:
        SESError: if a check fails.
    """
    identity = identities.sender_identity(account.identities, addresses.parse(request.source))
    request = _with_return_path(request)
    recipients = _checked_recipients(request, destination)
    configuration_set = _configuration_set(account, request, identity)
    addresses.check_lengths((request.source, *recipients, *request.reply_to))
    _check_headers(request, request.content.headers)
    attachments.check(request.content.attachments)
    template = _template(account, request.template)
    submission = _submission(account, request, configuration_set, template)
    message = _message(
        account,
        submission,
        destination,
        request.tags,
        request.content,
        template,
        _template_data(template, None),
    )
    _check_size(message)
    if request.raw is not None:
        attachments.check_types(message.attachments)
    _check_tenant(account, request, identity, configuration_set)
    _check_count(recipients)
    unverified = permissions.unverified_senders(account, request, identity)
    unverified += permissions.unverified_recipients(account, recipients)
    permissions.raise_unverified(account, unverified)
    return message


def send_bulk(
    account: SendingState,
    request: SendRequest,
    entries: Sequence[BulkEntry],
    entry_error: EntryCheck | None = None,
) -> list[Message | errors.SESError]:
    """Send a message for each entry; return the message or the error of each, in order.

    `request` contains what the entries share. An error in it fails the whole call, except that an
    invalid Reply-To address fails every entry; an error in an entry fails only that entry.
    `entry_error` is called before each entry is sent and can return an error for it.
    """
    request = _with_return_path(request)
    identity = identities.sender_identity(account.identities, _bulk_sender(request))
    if len(entries) > MAX_ENTRIES:
        raise errors.TooManyEntries(count=len(entries), limit=MAX_ENTRIES)
    configuration_set = _configuration_set(account, request, identity)
    _check_headers(request, request.content.headers)
    attachments.check(request.content.attachments)
    template = _template(account, request.template)
    _check_tenant(account, request, identity, configuration_set)
    permissions.raise_unverified(
        account, permissions.unverified_senders(account, request, identity)
    )
    submission = _submission(account, request, configuration_set, template)
    return [
        _entry_error(entry_error, index, entry)
        or _send_entry(account, request, submission, template, entry)
        for index, entry in enumerate(entries)
    ]


def _entry_error(check: EntryCheck | None, index: int, entry: BulkEntry) -> errors.SESError | None:
    if check is None:
        return None
    return check(index, [addresses.bare(recipient) for recipient in entry.destination.recipients()])


def _send_entry(
    account: SendingState,
    request: SendRequest,
    submission: Submission,
    template: _Template | None,
    entry: BulkEntry,
) -> Message | errors.SESError:
    try:
        recipients = _checked_recipients(request, entry.destination)
        addresses.check_lengths((request.source, *recipients, *request.reply_to))
        message = _message(
            account,
            submission,
            entry.destination,
            {**request.tags, **message_tags.parse(entry.tags)} if entry.tags else request.tags,
            _with_headers(request, entry.headers) if entry.headers else request.content,
            template,
            _template_data(template, entry.data),
        )
        _check_size(message)
        _check_count(recipients)
        permissions.raise_unverified(
            account, permissions.unverified_recipients(account, recipients)
        )
        return _accept(account, message)
    except errors.SESError as error:
        return error


def _with_return_path(request: SendRequest) -> SendRequest:
    """Return the request; without a return path, it gets that of its Return-Path header."""
    if request.return_path or not request.content.headers:
        return request
    return request._replace(return_path=mime.Headers(request.content.headers).get("Return-Path"))


def _with_headers(request: SendRequest, headers: Sequence[tuple[str, str]]) -> Content:
    """Return the content with the headers of an entry, which replace default ones by name."""
    _check_headers(request, headers)
    content = request.content
    names = {name.lower() for name, _ in headers}
    defaults = [header for header in content.headers if header[0].lower() not in names]
    return content._replace(headers=(*defaults, *headers))


def _template_data(template: _Template | None, replacement: str | None) -> dict[str, Any] | None:
    """Return the data of a request's template, changed by the data that replaces it for an entry."""
    if template is None:
        return None
    if replacement is None:
        return template.data
    return handlebars.merge(template.data, _parsed_data(replacement))


def _accept(account: SendingState, message: Message) -> Message:
    statistics.check_quota(account, message)
    account.history.record(message)
    account.outbox.append(message)
    if message.contact_list:
        for recipient in message.recipients:
            contacts.find_or_add(account, message.contact_list, recipient)
    account.event_log.accept(account, message)
    return message


def _submission(
    account: SendingState,
    request: SendRequest,
    configuration_set: str | None,
    template: _Template | None,
) -> Submission:
    return Submission(
        request.service,
        request.operation,
        account.region,
        account.account_id,
        request.source,
        account.now(),
        tuple(request.reply_to),
        request.return_path,
        configuration_set,
        request.contact_list,
        request.topic,
        request.tenant,
        template.name if template else None,
        template.parts if template else None,
        request.raw,
        engagement.tracking(account, request.overrides, configuration_set),
    )


def _message(
    account: SendingState,
    submission: Submission,
    destination: Destination,
    tags: Mapping[str, str],
    content: Content,
    template: _Template | None,
    data: dict[str, Any] | None,
) -> Message:
    rendering_error = None
    if template is not None and data is not None:
        content, rendering_error = _rendered(template, data, content)
    return Message(
        submission,
        account.new_message_id(submission.sent_at),
        destination,
        tags=tags,
        template_data=data,
        content=content,
        rendering_error=rendering_error,
    )


def _rendered(
    template: _Template, data: dict[str, Any], extra: Content
) -> tuple[Content, str | None]:
    """Return the content of a templated message and no error, or no content and the error."""
    try:
        subject, text, html = template.render(data)
    except handlebars.TemplateError as error:
        return EMPTY_CONTENT, str(error)
    return Content(subject, text, html, extra.attachments, extra.headers), None


def _template(account: SendingState, template_use: TemplateUse | None) -> _Template | None:
    if template_use is None:
        return None
    if template_use.parts is not None:
        parts = templates.validate_inline(template_use.parts)
    else:
        parts = account.templates.find(template_use.name or "").parts
    return _Template(
        templates.renderer(parts),
        _parsed_data(template_use.data or "{}"),
        template_use.name,
        parts,
    )


def _parsed_data(text: str) -> dict[str, Any]:
    data = formats.json_object(text)
    if data is None:
        raise errors.InvalidTemplateData
    return data


def _configuration_set(
    account: SendingState, request: SendRequest, identity: Identity | None
) -> str | None:
    """Return the name of the configuration set that applies, or `None`.

    Raises an error if the configuration set or the account is paused, or if the contact list does
    not exist.
    """
    if not account.sending_enabled:
        raise errors.AccountSendingPaused
    name = request.configuration_set or _default_set(account, identity)
    if name:
        configuration_sets.find_for_sending(account, name)
    if request.contact_list is not None:
        contacts.check_list_and_topic(account, request.contact_list, request.topic)
    return name


def _default_set(account: SendingState, identity: Identity | None) -> str | None:
    name = identity.configuration_set_name if identity else None
    if name and name not in account.configuration_sets:
        raise errors.DefaultConfigurationSetDoesNotExist(name=name)
    return name


def _bulk_sender(request: SendRequest) -> Address:
    """Return the sender of a bulk send, which has its own text for syntax errors."""
    try:
        for address in filter(None, (request.source, request.return_path)):
            addresses.check_length(address)
            addresses.parse(address)
    except errors.InvalidParameterValue:
        raise errors.InvalidParameterValue(f"Invalid email address<{address}>.") from None
    return addresses.parse(request.source)


def _checked_recipients(request: SendRequest, destination: Destination) -> list[str]:
    recipients = destination.recipients()
    for address in (*recipients, *request.reply_to):
        addresses.parse(address)
    if request.return_path:
        addresses.parse(request.return_path)
    if not recipients:
        raise errors.MissingRecipients
    return recipients


def _check_headers(request: SendRequest, headers: Sequence[tuple[str, str]]) -> None:
    """Reject a header that is too long, or that the message already has.

    The text for duplicates is known for raw messages; here it is inferred.
    """
    if not headers:
        return
    taken = {*_OWN_HEADERS, *(["reply-to"] if request.reply_to else [])}
    for name, value in headers:
        if (lower := name.lower()) in taken:
            raise errors.InvalidParameterValue(f"Duplicate header '{name}'.")
        if lower in mime.UNIQUE_HEADERS:
            taken.add(lower)
        if (length := len(name) + len(value)) > MAX_HEADER_LENGTH:
            raise errors.HeaderTooLong(name=name, length=length, limit=MAX_HEADER_LENGTH)


def _check_size(message: Message) -> None:
    # Composing is expensive, and no encoding needs more than 16 bytes for a character.
    if message._length * 16 <= _LOWEST_MAX_BYTES:
        return
    limit = MAX_BYTES[message.service]
    if (size := len(message.raw)) > limit:
        raise errors.InvalidParameterValue(
            f"Message length is more than {limit} bytes long: '{size}'."
        )


def _check_tenant(
    account: SendingState,
    request: SendRequest,
    identity: Identity | None,
    configuration_set: str | None,
) -> None:
    """Check that the tenant of a request can send it and has the resources that it needs.

    These include a default configuration set. A sender that no identity covers is rejected later,
    when the senders are checked.
    """
    if request.tenant is None:
        return
    needed = {
        "identity": identity.name if identity else None,
        "configuration-set": configuration_set,
        "template": request.template.name if request.template else None,
    }
    arns = [account.arn(kind, name) for kind, name in needed.items() if name]
    tenants.check_sending(account.tenants, request.tenant, arns)


def _check_count(recipients: Sequence[str]) -> None:
    if len(recipients) > MAX_RECIPIENTS:
        raise errors.InvalidParameterValue(f"Recipient count exceeds {MAX_RECIPIENTS}.")
