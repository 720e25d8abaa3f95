"""Type checks of the public API: mypy checks this module, and nothing runs it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import pytest
from typing_extensions import assert_type

from pytest_ses import (
    SESSMTP,
    Account,
    Attachment,
    Call,
    Clock,
    CorruptResponse,
    Credentials,
    Delay,
    Delivery,
    Disconnect,
    Error,
    Event,
    ForkedProcessWarning,
    Message,
    NotDeliveredError,
    Outbox,
    PlannedFailure,
    Recipient,
    RenderingFailureWarning,
    ResponseLost,
    ServerError,
    SESBackend,
    SESEndpoint,
    Timeout,
    UndeliveredEvent,
    UnmodelledErrorWarning,
    UnsupportedOperationError,
    UnsupportedResourceWarning,
    UnusedFaultWarning,
    Webhook,
)
from pytest_ses.faker import SESProvider

if TYPE_CHECKING:
    from faker import Faker
    from mypy_boto3_ses import SESClient
    from mypy_boto3_sesv2 import SESV2Client


@pytest.fixture(scope="module")
def backend() -> Iterator[SESBackend]:
    with SESBackend(
        region="eu-west-1",
        account_id="111122223333",
        verified=["example.com"],
        sandbox=True,
        daily_quota=200,
        send_rate=1.5,
        sending_enabled=True,
        seed=5,
        real_sleep=True,
    ) as ses_backend:
        yield ses_backend


@pytest.mark.ses(verified=["example.com"], daily_quota=3)
def test_backend(ses_backend: SESBackend, ses_client: SESClient, sesv2_client: SESV2Client) -> None:
    identities: list[str] = ses_client.list_identities()["Identities"]
    enabled: bool = sesv2_client.get_account()["SendingEnabled"]
    ses_backend.verify("example.com", "ada@example.org")
    outbox: Outbox = ses_backend.outbox
    message: Message = outbox.one(to="ada@example.org", subject=re.compile("Welcome"))
    last: Message = outbox.last
    filtered: Outbox = outbox.filter(
        tags={"campaign": "spring"}, sender=lambda s: s.endswith(".org")
    )
    assert_type(outbox.one(), Message)
    assert_type(outbox.filter(subject=None, to=["ada@example.org"]), Outbox)
    outbox.filter(tags={"campaign": re.compile("spring")}, template_name=str.isupper)
    outbox.one(too="ada@example.org")  # type: ignore[call-arg]
    outbox.filter(recipient=5)  # type: ignore[arg-type]
    count: int = len(filtered)
    first: Message = filtered[0]
    for listed in outbox:
        subject: str | None = listed.subject
    calls: list[Call] = list(ses_backend.calls)
    error: Error | None = calls[0].error
    if error is not None:
        code: str = error.code
        text: str | None = error.message
        status: int = error.status
    attempt: int = calls[0].attempt
    account: Account = ses_backend.account("eu-west-1", "111122223333")
    keys: Credentials = account.credentials
    key: str = keys.aws_access_key_id
    clock: Clock = ses_backend.clock
    now: datetime = clock.now()
    clock.advance(hours=24)
    clock.advance(timedelta(days=1))
    ses_backend.reset()


def test_message(message: Message) -> None:
    identifier: str = message.message_id
    to: list[str] = list(message.to)
    recipients: list[str] = list(message.recipients)
    html: str | None = message.html
    tags: dict[str, str] = dict(message.tags)
    raw: bytes = message.raw
    mime: EmailMessage = message.mime
    sent_at: datetime = message.sent_at
    problem: str | None = message.rendering_error
    header: str = message.headers["X-Campaign"]
    attachments: list[Attachment] = list(message.attachments)
    name: str | None = attachments[0].filename
    content: bytes = attachments[0].content


def test_errors() -> None:
    problem: type[NotImplementedError] = UnsupportedOperationError
    warning: type[UserWarning] = RenderingFailureWarning


@pytest.mark.ses_throttle("SendEmail", times=2)
@pytest.mark.ses_fail("SendEmail", Timeout("connect"))
@pytest.mark.ses_each_error("sesv2:SendEmail")
def test_planned_failures(ses_backend: SESBackend, ses_each_error: str) -> None:
    failure: PlannedFailure = ses_backend.throttle(
        "SendEmail", "SendBulkEmail", daily_quota=True, times=3
    )
    ses_backend.not_found("GetTemplate", resource="template", optional=True, to="a@example.org")
    ses_backend.fail("SendEmail", "MessageRejected", message="Spam.", status=400, after=1, every=2)
    ses_backend.fail("SendEmail", "Timeout", call=2, times=1)
    for fault in (
        Timeout(),
        Disconnect(),
        ServerError(503),
        CorruptResponse("html"),
        ResponseLost(),
        Delay(2.5),
    ):
        ses_backend.fail("SendEmail", fault, probability=0.5, seed="dice")
    ses_backend.bulk_status(
        "TRANSIENT_FAILURE",
        to=re.compile("@example.org$"),
        sender=lambda address: address.endswith(".com"),
        template="t",
        configuration_set="s",
        region="eu-west-1",
        index=0,
        error="Later.",
        when=lambda call: call.attempt > 1,
    )
    ses_backend.bulk_status("TransientFailure")
    ses_backend.bulk_status("TRANSIENT")  # type: ignore[arg-type]
    ses_backend.not_found(resource="tempalte")  # type: ignore[arg-type]
    assert_type(Timeout().kind, Literal["read", "connect"])
    Timeout("conect")  # type: ignore[arg-type]
    ServerError(501)  # type: ignore[arg-type]
    ses_backend.throttle(tmies=2)  # type: ignore[call-arg]
    ses_backend.throttle(times="2")  # type: ignore[arg-type]
    with failure as entered:
        fired: int = entered.fired
        calls: list[Call] = entered.calls
        planned: str = entered.planned
    failure.remove()
    failures: list[PlannedFailure] = list(ses_backend.rules)
    texts: list[str] = ses_backend.unused_faults()
    applied = ses_backend.calls[0].fault
    applied_plan: str | None = applied.planned if applied else None
    sleeps: list[float] = ses_backend.clock.sleeps
    ses_backend.clock.sleep(2)
    warnings: tuple[type[Warning], ...] = (
        ForkedProcessWarning,
        UnmodelledErrorWarning,
        UnsupportedResourceWarning,
        UnusedFaultWarning,
    )


@pytest.mark.ses_bounce("a@example.org", "Transient", "MailboxFull", after=timedelta(hours=1))
def test_events(ses_backend: SESBackend) -> None:
    message: Message = ses_backend.outbox.last
    events: list[Event] = message.events
    everything: list[Event] = list(ses_backend.events)
    event_type: str = events[0].type
    is_bounce: bool = events[0].type == "Bounce"
    is_misspelled: bool = events[0].type == "bounce"  # type: ignore[comparison-overlap]
    record: dict[str, Any] = events[0].record
    notification: dict[str, Any] | None = events[0].notification
    recipients: tuple[str, ...] = events[0].recipients
    planned: Recipient = ses_backend.recipient("b@example.org")
    planned.bounces("Permanent", "General", after=timedelta(hours=3))
    planned.bounces("Soft")  # type: ignore[arg-type]
    planned.complains("spam")  # type: ignore[arg-type]
    planned.delays("MailboxFull")
    planned.suppressed("COMPLAINT")
    ses_backend.receive(b"", spam="FAIL")
    ses_backend.receive(b"", spam="fail")  # type: ignore[arg-type]
    event: Event = ses_backend.bounce(message, "b@example.org", type="Transient", subtype="General")
    event = ses_backend.complain(message.message_id, feedback_type="fraud")
    event = ses_backend.deliver(message)
    event = ses_backend.delay(message, type="General")
    event = ses_backend.reject(message)
    event = ses_backend.open(message)
    event = ses_backend.click(message, message.links[0])
    event = ses_backend.unsubscribe(message, "weekly")
    undelivered: list[UndeliveredEvent] = list(ses_backend.undelivered)
    webhook: Webhook = ses_backend.webhook(lambda _body, _headers: 200, topic_arn="arn:…")
    delivery: Delivery = webhook.deliveries[0]
    error: BaseException | None = delivery.error
    not_delivered: type[Exception] = NotDeliveredError


def test_smtp(ses_smtp: SESSMTP) -> None:
    address: tuple[str, int] = (ses_smtp.host, ses_smtp.port)
    credentials: tuple[str, str] = (ses_smtp.username, ses_smtp.password)
    certificate: Path = ses_smtp.certificate
    environment: dict[str, str] = ses_smtp.environment
    backend: SESBackend = ses_smtp.backend


def test_endpoint(ses_endpoint: SESEndpoint) -> None:
    backend: SESBackend = ses_endpoint.backend
    url: str = ses_endpoint.url
    address: tuple[str, int] = (ses_endpoint.host, ses_endpoint.port)
    environment: dict[str, str] = ses_endpoint.environment
    names: list[str] = backend.load_templates("templates", Path("stack.yaml"), region="eu-west-1")
    backend.clear_outbox()
    backend.clear_outbox(backend.outbox.last, "0100…")


def test_faker(ses_faker: Faker) -> None:
    ses_faker.add_provider(SESProvider)
    provider = SESProvider(ses_faker.factories[0], region="eu-west-1", account_id="111122223333")
    address: str = provider.ses_simulator_address("bounce")
    provider.ses_simulator_address("bounced")  # type: ignore[arg-type]
    record: dict[str, Any] = provider.ses_event("Rendering Failure")
    provider.ses_event("RENDERING_FAILURE")  # type: ignore[arg-type]
    envelope: dict[str, str] = provider.ses_sns_envelope(record, topic_arn="arn:…")
    entries: list[dict[str, Any]] = provider.ses_bulk_entries(50, provider.ses_template())
    raw: bytes = provider.ses_mime(sender=address)
