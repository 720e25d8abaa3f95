"""Records of events, made by the package's own account, and the envelopes of SNS.

Each record comes from a message that a new account sends, so it is the same as the record that a
backend would publish for such a message.
"""

from __future__ import annotations

import base64
import uuid
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from email.utils import formataddr
from typing import TYPE_CHECKING, Any, Literal, cast, get_args

from pytest_ses.clock import Clock
from pytest_ses.domain import templates as stored_templates
from pytest_ses.domain.account import Account
from pytest_ses.domain.configuration import configuration_sets
from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
from pytest_ses.domain.events import simulation
from pytest_ses.domain.lists import contact_lists
from pytest_ses.domain.lists.contact_lists import Topic
from pytest_ses.domain.mail import outcomes, records
from pytest_ses.domain.mail.events import EventType
from pytest_ses.domain.mail.requests import Destination, SendRequest, TemplateUse
from pytest_ses.domain.mime import Content
from pytest_ses.domain.sending import sending
from pytest_ses.faker import addresses, names, templates, times
from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from faker.providers import BaseProvider

    from pytest_ses.domain.mail.events import Event
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.faker.destinations import Place

SENDING_DOMAIN = "example.com"
NotificationType = Literal["Bounce", "Complaint", "Delivery"]
EVENT_TYPES: tuple[EventType, ...] = get_args(EventType)
NOTIFICATION_TYPES: tuple[EventType, ...] = get_args(NotificationType)

_SECOND = timedelta(seconds=1)
# Between a message and its last event; SES gives up after 14 hours.
_LONGEST_DELAY = timedelta(hours=12)
# Faker's own user agents contain times that depend on the current time.
_USER_AGENTS = (
    "Mozilla/5.0 (Windows NT 5.1; rv:11.0) Gecko Firefox/11.0 (via ggpht.com GoogleImageProxy)",
    "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko)",
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:128.0) Gecko/20100101 Thunderbird/128.5.0",
    "Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 Mobile/15E148",
)
_SIGNATURE_SIZE = 256  # bytes, as with the RSA keys of SNS


class StoppedClock(Clock):
    """A clock that starts at a given time and moves only when it is advanced."""

    def __init__(self, start: datetime) -> None:
        super().__init__()
        self._start = start

    def now(self) -> datetime:
        """Return the start plus the time by which the clock was advanced."""
        return self._start + self._offset


def message_id(fake: BaseProvider, place: Place) -> str:
    """Return the ID of a message."""
    account = _account(fake, place, Clock())
    return account.new_message_id(times.time(fake))


def record(fake: BaseProvider, place: Place, type_: str | None) -> dict[str, Any]:
    """Return the record of an event, as event destinations receive it.

    Raises:
        ValueError: if the type is unknown; the error suggests the closest one.
    """
    return _event(fake, place, _checked(fake, "event", type_, EVENT_TYPES)).record


def notification(fake: BaseProvider, place: Place, type_: str | None) -> dict[str, Any]:
    """Return a notification, as the topic of an identity receives it.

    Raises:
        ValueError: if the type is unknown; the error suggests the closest one.
    """
    event = _event(fake, place, _checked(fake, "notification", type_, NOTIFICATION_TYPES))
    return replace(event, with_headers=fake.generator.pybool()).notification or {}


def sns_envelope(fake: BaseProvider, document: Mapping[str, Any], topic_arn: str) -> dict[str, str]:
    """Return the SNS notification of a record; its signature is random and does not verify.

    Raises:
        ValueError: if the record has no time, or `topic_arn` is not the ARN of a topic.
    """
    from pytest_ses.webhooks import envelopes  # noqa: PLC0415  (slow to import)

    sent_at = _time_of(document) + _SECOND
    text, subject = records.sns_message(document)
    envelope = envelopes.notification(
        text,
        subject=subject,
        topic_arn=topic_arn,
        subscription_arn=f"{topic_arn}:{_uuid(fake)}",
        time=sent_at,
    )
    signature = base64.b64encode(fake.generator.random.randbytes(_SIGNATURE_SIZE))
    certificate = f"SimpleNotificationService-{_uuid(fake).replace('-', '')}.pem"
    return envelopes.ordered(
        {
            **envelope,
            "MessageId": _uuid(fake),
            "SignatureVersion": "1",
            "Signature": signature.decode(),
            "SigningCertURL": f"https://{envelopes.host_of(topic_arn)}/{certificate}",
        }
    )


def _checked(
    fake: BaseProvider, kind: str, type_: str | None, types: Sequence[EventType]
) -> EventType:
    if type_ is None:
        return fake.random_element(types)
    if type_ not in types:
        raise ValueError(with_nearest(f"unknown {kind} type {type_!r}", str(type_), types))
    return cast("EventType", type_)


def _time_of(document: Mapping[str, Any]) -> datetime:
    members = document.values() if isinstance(document, Mapping) else ()
    objects = [member for member in members if isinstance(member, dict)]
    timestamps = [content["timestamp"] for content in objects if "timestamp" in content]
    if not timestamps:
        raise ValueError(
            f"record={document!r} has no timestamp; expected a record such as ses_event() or "
            "ses_notification() returns"
        )
    return datetime.strptime(max(timestamps), "%Y-%m-%dT%H:%M:%S.%f%z")


def _uuid(fake: BaseProvider) -> str:
    return str(uuid.UUID(bytes=fake.generator.random.randbytes(16), version=4))


def _account(fake: BaseProvider, place: Place, clock: Clock) -> Account:
    account = Account(place.account_id, place.region, clock=clock)
    account._random = fake.generator.random  # noqa: SLF001  (IDs depend on Faker's seed)
    return account


def _event(fake: BaseProvider, place: Place, type_: EventType) -> Event:
    clock = StoppedClock(times.time(fake))
    account = _account(fake, place, clock)
    account.verify(SENDING_DOMAIN)
    message = _MESSAGES.get(type_, _ordinary_message)(fake, account)
    if type_ not in _SIMULATIONS:
        return next(event for event in message.events if event.type == type_)
    clock.advance(seconds=fake.random_int(1, _LONGEST_DELAY // _SECOND))
    return _SIMULATIONS[type_](fake, account, message)


def _send(
    fake: BaseProvider, account: Account, recipients: Sequence[str], **content: Any
) -> Message:
    configuration_set = names.resource(fake)
    configuration_sets.create(account, ConfigurationSet(configuration_set))
    sender = f"{names.topic(fake)}@{SENDING_DOMAIN}"
    request = SendRequest(
        service="sesv2",
        operation="SendEmail",
        source=fake.random_element((sender, formataddr((fake.generator.company(), sender)))),
        tags=names.tags(fake),
        configuration_set=configuration_set,
        **content,
    )
    return sending.send(account, request, Destination(recipients))


def _ordinary_message(fake: BaseProvider, account: Account) -> Message:
    recipients = [addresses.plain(fake) for _ in range(fake.random_int(1, 3))]
    return _send(fake, account, recipients, content=_content(fake))


def _templated_message(fake: BaseProvider, account: Account) -> Message:
    """Send a message without the data that its template requires."""
    arguments = templates.template(fake)
    name = arguments["TemplateName"]
    stored_templates.create(account, name, templates.parts_of(arguments))
    use = TemplateUse(name=name, data="{}")
    return _send(fake, account, [addresses.plain(fake)], template=use)


def _message_to_contact(fake: BaseProvider, account: Account) -> Message:
    list_name = names.resource(fake)
    topics = fake.random_elements(names.TOPICS, length=3, unique=True)
    contact_lists.create(
        account, list_name, [Topic(topic, topic.title(), "OPT_IN") for topic in topics]
    )
    return _send(
        fake,
        account,
        [addresses.plain(fake)],
        content=_content(fake),
        contact_list=list_name,
        topic=fake.random_element((*topics, None)),
    )


def _content(fake: BaseProvider) -> Content:
    subject, text = fake.generator.sentence(), fake.generator.paragraph()
    links = [f"https://www.{SENDING_DOMAIN}/{names.topic(fake)}/{page}" for page in range(1, 4)]
    html = "".join(f'<p><a href="{link}">{names.topic(fake)}</a></p>' for link in links)
    return Content(subject, text, f"<html><body><p>{text}</p>{html}</body></html>")


def _bounce(fake: BaseProvider, account: Account, message: Message) -> Event:
    type_, subtype = cast("tuple[Any, Any]", fake.random_element(tuple(outcomes.BOUNCES)))
    recipient = _recipient(fake, message)
    return simulation.bounce(account, message, recipient, type=type_, subtype=subtype)


def _complaint(fake: BaseProvider, account: Account, message: Message) -> Event:
    feedback_type = fake.random_element(outcomes.FEEDBACK_TYPES)
    return simulation.complain(
        account, message, _recipient(fake, message), feedback_type=feedback_type
    )


def _delay(fake: BaseProvider, account: Account, message: Message) -> Event:
    type_ = fake.random_element(outcomes.DELAY_TYPES)
    return simulation.delay(account, message, _recipient(fake, message), type=type_)


def _open(fake: BaseProvider, account: Account, message: Message) -> Event:
    return _read(fake, simulation.open(account, message))


def _click(fake: BaseProvider, account: Account, message: Message) -> Event:
    return _read(fake, simulation.click(account, message, fake.random_element(message.links)))


def _recipient(fake: BaseProvider, message: Message) -> str:
    return fake.random_element(message.recipients)


def _read(fake: BaseProvider, event: Event) -> Event:
    """Return the event with another reader."""
    reader = {
        "userAgent": fake.random_element(_USER_AGENTS),
        "ipAddress": fake.generator.ipv4_public(),
    }
    return replace(event, detail={**event.detail, **reader})


# The messages whose events an ordinary message does not have.
_MESSAGES: Mapping[EventType, Callable[[BaseProvider, Account], Message]] = {
    "Rendering Failure": _templated_message,
    "Subscription": _message_to_contact,
}
# The events that do not follow from the send itself.
_SIMULATIONS: Mapping[EventType, Callable[[BaseProvider, Account, Message], Event]] = {
    "Bounce": _bounce,
    "Complaint": _complaint,
    "DeliveryDelay": _delay,
    "Open": _open,
    "Click": _click,
    "Reject": lambda _fake, account, message: simulation.reject(account, message),
    "Subscription": lambda _fake, account, message: simulation.unsubscribe(account, message),
}
