"""May this mail go out, and what becomes of it? One path for every sending operation."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from pytest_ses import handlebars
from pytest_ses.domain import addresses, errors, templates
from pytest_ses.domain.configuration import configuration_sets, event_destinations
from pytest_ses.domain.configuration.configuration_sets import ConfigurationState
from pytest_ses.domain.events import statistics
from pytest_ses.domain.events.event_log import EventState
from pytest_ses.domain.identities import identities
from pytest_ses.domain.lists import contacts
from pytest_ses.domain.mail import message_tags
from pytest_ses.domain.mail.messages import Message
from pytest_ses.domain.mail.requests import (
    NOTHING,
    BulkEntry,
    Destination,
    SendRequest,
    TemplateUse,
)
from pytest_ses.domain.mail.tracking import Tracking
from pytest_ses.domain.mime import Content
from pytest_ses.domain.sending import permissions
from pytest_ses.domain.sending.permissions import PermissionState
from pytest_ses.domain.tenants import tenants

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from pytest_ses.domain.addresses import Address
    from pytest_ses.domain.collection import Collection
    from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
    from pytest_ses.domain.identities.identities import Identity
    from pytest_ses.domain.templates import StoredTemplate

# https://docs.aws.amazon.com/ses/latest/dg/quotas.html
MAX_RECIPIENTS = 50
MAX_ENTRIES = 50
MAX_BYTES = {"ses": 10 * 1024 * 1024, "sesv2": 40 * 1024 * 1024}

# Date and Message-ID are not among them: SES puts its own in their place.
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
"""Returns the error of an entry of a bulk send by its index and recipients, or `None`."""


class SendingState(EventState, PermissionState, ConfigurationState, Protocol):
    """The state of an account that a send depends on."""

    configuration_sets: Collection[ConfigurationSet]
    outbox: list[Message]
    sending_enabled: bool
    templates: Collection[StoredTemplate]

    def new_message_id(self, now: datetime) -> str:
        """Return a new message ID for a message that is sent now."""
        ...


class _Template(NamedTuple):
    """A template that is there and data that can be read."""

    render: Callable[[Mapping[str, Any]], list[str | None]]
    data: dict[str, Any]
    name: str | None


class _Letter(NamedTuple):
    """A mail as one destination gets it, all questions of the account settled."""

    mail: SendRequest
    destination: Destination
    configuration_set: str | None
    tags: Mapping[str, str]
    content: Content
    template: _Template | None


def send(account: SendingState, mail: SendRequest, destination: Destination) -> Message:
    """Accept a mail into the outbox, or say why not."""
    message = checked(account, mail, destination)
    return _accept(account, message, len(destination.recipients()))


def checked(account: SendingState, mail: SendRequest, destination: Destination) -> Message:
    """The message that a mail makes, if nothing but a quota could refuse it.

    The checks come in SES's order as far as it is known: addresses, recipients, pauses and
    configuration set, lengths, template, size, tenant, number of recipients, verification.
    """
    identity = identities.sender_identity(account.identities, addresses.parse(mail.source))
    recipients = _checked_recipients(mail, destination)
    configuration_set = _configuration_set(account, mail, identity)
    _check_lengths(mail, recipients)
    _check_headers(mail.content.headers)
    template = _template(account, mail.template)
    letter = _Letter(mail, destination, configuration_set, mail.tags, mail.content, template)
    message = _message(account, letter, account.now())
    _check_size(message)
    _check_tenant(account, mail, identity, configuration_set)
    _check_count(recipients)
    failed = permissions.unverified_senders(
        account, mail, identity
    ) + permissions.unverified_recipients(account, recipients)
    permissions.raise_unverified(account, failed)
    return message


def send_bulk(
    account: SendingState,
    mail: SendRequest,
    entries: Sequence[BulkEntry],
    entry_error: EntryCheck | None = None,
) -> list[Message | errors.SESError]:
    """Send a message for each entry; return the message or the error of each, in order.

    `mail` is what the entries share. An error in it fails the whole call, except that an invalid
    Reply-To address fails every entry; an error in an entry fails that entry alone. `entry_error`
    is asked before each entry and may fail it.
    """
    identity = identities.sender_identity(account.identities, _bulk_sender(mail))
    if len(entries) > MAX_ENTRIES:
        raise errors.TooManyEntries(count=len(entries), limit=MAX_ENTRIES)
    configuration_set = _configuration_set(account, mail, identity)
    _check_headers(mail.content.headers)
    template = _template(account, mail.template)
    _check_tenant(account, mail, identity, configuration_set)
    permissions.raise_unverified(account, permissions.unverified_senders(account, mail, identity))
    now = account.now()
    return [
        _entry_error(entry_error, index, entry)
        or _send_entry(account, mail, configuration_set, template, entry, now)
        for index, entry in enumerate(entries)
    ]


def _entry_error(check: EntryCheck | None, index: int, entry: BulkEntry) -> errors.SESError | None:
    if check is None:
        return None
    return check(index, [addresses.bare(text) for text in entry.destination.recipients()])


def _send_entry(
    account: SendingState,
    mail: SendRequest,
    configuration_set: str | None,
    template: _Template | None,
    entry: BulkEntry,
    now: datetime,
) -> Message | errors.SESError:
    try:
        recipients = _checked_recipients(mail, entry.destination)
        _check_lengths(mail, recipients)
        letter = _Letter(
            mail,
            entry.destination,
            configuration_set,
            {**mail.tags, **message_tags.checked(entry.tags)} if entry.tags else mail.tags,
            _with_headers(mail.content, entry.headers) if entry.headers else mail.content,
            _with_data(template, entry.data),
        )
        message = _message(account, letter, now)
        _check_size(message)
        _check_count(recipients)
        permissions.raise_unverified(
            account, permissions.unverified_recipients(account, recipients)
        )
        return _accept(account, message, len(recipients))
    except errors.SESError as error:
        return error


def _with_headers(content: Content, headers: Sequence[tuple[str, str]]) -> Content:
    """The headers of an entry take the place of those of the template with the same name."""
    _check_headers(headers)
    names = {name.lower() for name, _ in headers}
    kept = [pair for pair in content.headers if pair[0].lower() not in names]
    return content._replace(headers=(*kept, *headers))


def _with_data(template: _Template | None, replacement: str | None) -> _Template | None:
    if template is None or replacement is None:
        return template
    data = handlebars.merge(template.data, _data(replacement))
    return _Template(template.render, data, template.name)


def _accept(account: SendingState, message: Message, recipients: int) -> Message:
    statistics.check_quota(account, message.sent_at, recipients)
    account.history.record(message.sent_at, recipients)
    account.outbox.append(message)
    if message.contact_list:
        for recipient in message.recipients:
            contacts.enroll(account, message.contact_list, recipient)
    account.event_log.accepted(account, message)
    return message


def _message(account: SendingState, letter: _Letter, now: datetime) -> Message:
    mail, template = letter.mail, letter.template
    content, problem = letter.content, None
    if template:
        content, problem = _filled(template, content)
    message_id = account.new_message_id(now)
    name = letter.configuration_set
    return Message(
        message_id=message_id,
        service=mail.service,
        operation=mail.operation,
        region=account.region,
        account_id=account.account_id,
        source=mail.source,
        return_path=mail.return_path,
        reply_to=mail.reply_to,
        to=letter.destination.to,
        cc=letter.destination.cc,
        bcc=letter.destination.bcc,
        tags=letter.tags,
        configuration_set=name,
        template_name=template.name if template else None,
        template_data=template.data if template else None,
        sent_at=now,
        content=content,
        submitted=mail.raw,
        rendering_error=problem,
        contact_list=mail.contact_list,
        topic=mail.topic,
        tenant=mail.tenant,
        tracking=_tracking(account, name, message_id) if name else None,
    )


def _tracking(account: SendingState, name: str, message_id: str) -> Tracking | None:
    """What SES changes in the HTML to learn of opens and clicks, if a destination wants to know."""
    found = account.configuration_sets.find(name)
    wanted = event_destinations.wanted(found)
    if not wanted & {"OPEN", "CLICK"}:
        return None
    own = found.tracking
    return Tracking(
        opens="OPEN" in wanted,
        clicks="CLICK" in wanted,
        region=account.region,
        message_id=message_id,
        domain=own.custom_redirect_domain if own else None,
        https_policy=own.https_policy if own else None,
    )


def _filled(template: _Template, extra: Content) -> tuple[Content, str | None]:
    """What a templated mail says, or why nothing can be made of template and data."""
    try:
        subject, text, html = template.render(template.data)
    except handlebars.TemplateError as error:
        return NOTHING, str(error)
    return Content(subject, text, html, extra.attachments, extra.headers), None


def _template(account: SendingState, use: TemplateUse | None) -> _Template | None:
    if use is None:
        return None
    if use.parts is not None:
        parts = templates.inline(use.parts)
    else:
        parts = account.templates.find(use.name or "").parts
    return _Template(templates.renderer(parts), _data(use.data or "{}"), use.name)


def _data(text: str) -> dict[str, Any]:
    data = templates.parse_data(text)
    if data is None:
        raise errors.InvalidTemplateData
    return data


def _configuration_set(
    account: SendingState, mail: SendRequest, identity: Identity | None
) -> str | None:
    """Which configuration set applies; refused while that or the account is paused."""
    if not account.sending_enabled:
        raise errors.AccountSendingPaused
    name = mail.configuration_set or _default_set(account, identity)
    if name:
        configuration_sets.sending(account, name)
    if mail.contact_list is not None:
        contacts.check(account, mail.contact_list, mail.topic)
    return name


def _default_set(account: SendingState, identity: Identity | None) -> str | None:
    name = identity.configuration_set_name if identity else None
    if name and name not in account.configuration_sets:
        raise errors.DefaultConfigurationSetDoesNotExist(name=name)
    return name


def _bulk_sender(mail: SendRequest) -> Address:
    """The sender of a bulk send, whose syntax has a text of its own."""
    try:
        for text in filter(None, (mail.source, mail.return_path)):
            addresses.check_length(text)
            addresses.parse(text)
    except errors.InvalidParameterValue:
        raise errors.InvalidParameterValue(f"Invalid email address<{text}>.") from None
    return addresses.parse(mail.source)


def _checked_recipients(mail: SendRequest, destination: Destination) -> list[str]:
    recipients = destination.recipients()
    for address in (*recipients, *mail.reply_to):
        addresses.parse(address)
    if mail.return_path:
        addresses.parse(mail.return_path)
    if not recipients:
        raise errors.MissingRecipients
    return recipients


def _check_lengths(mail: SendRequest, recipients: Sequence[str]) -> None:
    for address in (mail.source, *recipients, *mail.reply_to):
        addresses.check_length(address)


def _check_headers(headers: Sequence[tuple[str, str]]) -> None:
    """Refuse a header of the caller's that the mail has already.

    That SES says of it what it says of a raw mail is inferred.
    """
    for name, _ in headers:
        if name.lower() in _OWN_HEADERS:
            raise errors.InvalidParameterValue(f"Duplicate header '{name}'.")


def _check_size(message: Message) -> None:
    limit = MAX_BYTES[message.service]
    # Composing is dear, and no encoding makes four times as much of it.
    if message.least_size * 4 > limit and (size := len(message.raw)) > limit:
        raise errors.InvalidParameterValue(
            f"Message length is more than {limit} bytes long: '{size}'."
        )


def _check_tenant(
    account: SendingState,
    mail: SendRequest,
    identity: Identity | None,
    configuration_set: str | None,
) -> None:
    """Refuse a mail of a tenant that lacks what the mail needs, a default configuration set too.

    Of a sender that no identity covers, the check of the senders tells.
    """
    if mail.tenant is None:
        return
    needed = {
        "identity": identity.name if identity else None,
        "configuration-set": configuration_set,
        "template": mail.template.name if mail.template else None,
    }
    arns = [account.arn(kind, name) for kind, name in needed.items() if name]
    tenants.check_sending(account.tenants, mail.tenant, arns)


def _check_count(recipients: Sequence[str]) -> None:
    if len(recipients) > MAX_RECIPIENTS:
        raise errors.InvalidParameterValue(f"Recipient count exceeds {MAX_RECIPIENTS}.")
