"""Webhooks, which post notifications to an HTTP endpoint as Amazon SNS does."""

from __future__ import annotations

import secrets
import uuid
from contextlib import ExitStack, contextmanager
from datetime import timedelta
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pytest_ses.phrasing import counted
from pytest_ses.transports import serving
from pytest_ses.webhooks import envelopes, signing, targets
from pytest_ses.webhooks.deliveries import Delivery, NotDeliveredError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import TracebackType

    from typing_extensions import Self

    from pytest_ses.clock import Clock

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

__all__ = ["Delivery", "NotDeliveredError", "Webhook"]

# SNS's default delivery policy for HTTP, which a subscription can change:
# https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.retry.html
RETRIES = 3
RETRY_DELAY = timedelta(seconds=20)


class Webhook:
    """A subscription of your HTTP endpoint to an SNS topic.

    As in SNS, the endpoint first receives a SubscriptionConfirmation, and receives notifications
    only after it has confirmed. It confirms by requesting the SubscribeURL (with `requests` or
    `urllib`) or by calling `sns.confirm_subscription` of boto3; neither needs a network. Inside
    moto's `mock_aws`, moto handles the boto3 call, so the topic must exist there. Unlike in SNS, a
    2xx response to the SubscriptionConfirmation also confirms, because many endpoints do not need
    to confirm in a test.

    If the endpoint raises an exception or responds with 5xx, the message is posted again, up to
    three times, twenty seconds of virtual time apart: `clock.advance(seconds=20)`.

    Args:
        target: a function of body and headers, a WSGI or ASGI application, a test client of Django,
            Flask or Starlette, or a URL; with a path as `(target, "/path")`.
        topic_arn: the topic of the notifications.
        signature_version: 1 (SHA1), which is the default in SNS, or 2 (SHA256).
        clock: the virtual clock.

    Attributes:
        topic_arn: the topic of the notifications.
        subscription_arn: the ARN of this subscription.
        handshake: the attempts to deliver a SubscriptionConfirmation.
        deliveries: the attempts to deliver a notification, in the order in which they ended.
        confirmed: whether the subscription is confirmed, so that notifications are posted.
        visited: whether the endpoint itself confirmed, through the SubscribeURL or boto3.
    """

    def __init__(
        self,
        target: Any,
        *,
        topic_arn: str,
        signature_version: signing.SignatureVersion = 1,
        clock: Clock,
    ) -> None:
        self._target = targets.post_of(target)
        self._version = signing.checked_version(signature_version)
        self._clock = clock
        self._key = signing.key_pair()
        self._certificate_url = signing.certificate_url(envelopes.host_of(topic_arn))
        self._token = secrets.token_hex(128)
        self._latest: dict[str, str] | None = None
        self._held: list[dict[str, str]] | None = None
        self._closed = False
        self.topic_arn = topic_arn
        self.subscription_arn = f"{topic_arn}:{uuid.uuid4()}"
        self.handshake: list[Delivery] = []
        self.deliveries: list[Delivery] = []
        self.confirmed = False
        self.visited = False
        with ExitStack() as undo:
            pages = {
                self._certificate_url: lambda: self.certificate,
                envelopes.subscribe_url(topic_arn, token=self._token): self._confirm_by_visit,
            }
            undo.enter_context(serving.serve_pages(pages))
            self.subscribe()
            self._active = undo.pop_all()

    def __repr__(self) -> str:
        state = "confirmed" if self.confirmed else "not confirmed"
        return f"<Webhook of {self.topic_arn}: {state}, {counted(self.deliveries, 'attempt')}>"

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    @property
    def certificate(self) -> bytes:
        """The certificate in PEM, for endpoints that do not fetch it with `requests` or `urllib`."""
        return self._key.certificate

    def close(self) -> None:
        """Stop posting and retrying, and stop serving the certificate and the SubscribeURL."""
        self._closed = True
        self._active.close()

    def subscribe(self) -> Delivery:
        """Send a SubscriptionConfirmation; one is sent automatically when the webhook is created."""
        confirmation = envelopes.subscription_confirmation(
            topic_arn=self.topic_arn, token=self._token, time=self._clock.now()
        )
        return self._deliver(self._signed(confirmation), self.handshake)

    def confirm(self) -> None:
        """Confirm the subscription manually."""
        self.confirmed = True

    def publish(self, message: str, subject: str | None = None) -> Delivery:
        """Deliver a message as a signed notification, and return the first attempt.

        An exception in the endpoint is not raised here; it is the `error` of the delivery. If the
        notification cannot be posted, for example because the subscription is not confirmed, the
        delivery has `attempt` 0 and an `error` with the reason.
        """
        self._latest = self._signed(self._notification(message, subject))
        if self._held is None:
            return self._publish(self._latest)
        self._held.append(self._latest)
        return self._not_posted(self._latest, "held back until the end of hold()")

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold back the notifications of the `with` block, then deliver them in reverse order."""
        outer, self._held = self._held, []
        try:
            yield
        finally:
            held, self._held = self._held, outer
        for envelope in reversed(held):
            self._publish(envelope)

    def redeliver(self, delivery: Delivery | None = None) -> Delivery:
        """Deliver a notification again, byte for byte, because SNS delivers at least once.

        Defaults to the last notification that was published.
        """
        return self._post_once(self._envelope(delivery))

    def replay(
        self, delivery: Delivery | None = None, *, age: timedelta = timedelta(days=1)
    ) -> Delivery:
        """Deliver a notification with an old Timestamp and a valid signature.

        The Timestamp is `age` before the current time of the virtual clock, so that it is also old
        for an endpoint that reads the computer's clock.
        """
        timestamp = envelopes.timestamp(self._clock.now() - age)
        return self._post_once(self._signed({**self._envelope(delivery), "Timestamp": timestamp}))

    def forge(self, message: str | Delivery | None = None) -> Delivery:
        """Deliver a new notification with the signature of another one.

        `message` is a text, or a delivery whose message and subject are reused. It defaults to the
        last notification that was published.
        """
        notification = self._signed(self._notification(*self._message_and_subject(message)))
        other = {**notification, "MessageId": str(uuid.uuid4())}
        return self._post_once({**notification, "Signature": self._signed(other)["Signature"]})

    def from_topic(self, topic_arn: str, message: str | Delivery | None = None) -> Delivery:
        """Deliver a new notification from another topic, with a valid signature.

        `message` is the same as in `forge`.
        """
        url = signing.certificate_url(envelopes.host_of(topic_arn))
        arns = {"topic_arn": topic_arn, "subscription_arn": f"{topic_arn}:{uuid.uuid4()}"}
        return self._post_certified_at(url, self._message_and_subject(message), **arns)

    def from_certificate(self, url: str, message: str | Delivery | None = None) -> Delivery:
        """Deliver a new notification whose signature matches a certificate at a URL of your choice.

        The certificate is served at that URL, so that only an endpoint that checks the URL rejects
        the notification. `message` is the same as in `forge`.
        """
        return self._post_certified_at(url, self._message_and_subject(message))

    def _confirm_by_visit(self) -> bytes:
        self.visited = True
        self.confirm()
        return envelopes.confirmation_response(self.subscription_arn)

    def _notification(self, message: str, subject: str | None, **arns: str) -> dict[str, str]:
        """An unsigned notification; `arns` replace the ARNs of the topic and the subscription."""
        defaults = {"topic_arn": self.topic_arn, "subscription_arn": self.subscription_arn}
        return envelopes.notification(
            message, subject=subject, time=self._clock.now(), **{**defaults, **arns}
        )

    def _signed(self, envelope: dict[str, str], url: str | None = None) -> dict[str, str]:
        return {
            **envelope,
            "SignatureVersion": str(self._version),
            "Signature": signing.signature(envelope, key=self._key, version=self._version),
            "SigningCertURL": url or self._certificate_url,
        }

    def _envelope(self, delivery: Delivery | None) -> dict[str, str]:
        if delivery is not None:
            return dict(delivery.notification)
        if self._latest is None:
            raise LookupError(
                "no notification has been published yet; send a message first, or pass a delivery"
            )
        return self._latest

    def _message_and_subject(self, message: str | Delivery | None) -> tuple[str, str | None]:
        if isinstance(message, str):
            return message, None
        envelope = self._envelope(message)
        return envelope["Message"], envelope.get("Subject")

    def _post_certified_at(
        self, url: str, message_and_subject: tuple[str, str | None], **arns: str
    ) -> Delivery:
        envelope = self._notification(*message_and_subject, **arns)
        with serving.serve_pages({url: lambda: self.certificate}):
            return self._post_once(
                self._signed(envelope, url), subscription_arn=arns.get("subscription_arn")
            )

    def _publish(self, envelope: dict[str, str]) -> Delivery:
        reason = self._reason_not_to_post()
        if reason is None:
            return self._deliver(envelope, self.deliveries)
        delivery = self._not_posted(envelope, reason)
        self.deliveries.append(delivery)
        return delivery

    def _reason_not_to_post(self) -> str | None:
        if self._closed:
            return "the webhook is closed"
        if not self.confirmed:
            handshake = self.handshake[-1].summary() if self.handshake else "not attempted yet"
            return (
                f"the subscription is not confirmed ({handshake}); "
                "call webhook.confirm() to confirm it"
            )
        return None

    def _not_posted(self, envelope: dict[str, str], reason: str) -> Delivery:
        return Delivery(None, "", dict(envelope), attempt=0, error=NotDeliveredError(reason))

    def _deliver(self, envelope: dict[str, str], log: list[Delivery], attempt: int = 1) -> Delivery:
        delivery = self._post(envelope, attempt=attempt, subscription_arn=self.subscription_arn)
        log.append(delivery)
        if delivery.ok and log is self.handshake:
            self.confirm()
        if _should_retry(delivery) and attempt <= RETRIES:
            retry = partial(self._retry, envelope, log, attempt + 1)
            self._clock.call_at(self._clock.now() + RETRY_DELAY, retry)
        return delivery

    def _retry(self, envelope: dict[str, str], log: list[Delivery], attempt: int) -> None:
        if not self._closed:
            self._deliver(envelope, log, attempt)

    def _post_once(
        self, envelope: dict[str, str], *, subscription_arn: str | None = None
    ) -> Delivery:
        delivery = self._post(
            envelope, attempt=1, subscription_arn=subscription_arn or self.subscription_arn
        )
        self.deliveries.append(delivery)
        return delivery

    def _post(self, envelope: dict[str, str], *, attempt: int, subscription_arn: str) -> Delivery:
        headers = envelopes.headers(envelope, subscription_arn=subscription_arn)
        try:
            status, body = self._target(envelopes.body(envelope), headers)
        except Exception as error:  # noqa: BLE001  (any exception of an endpoint is a result)
            return Delivery(None, "", dict(envelope), attempt=attempt, error=error)
        return Delivery(status, body, dict(envelope), attempt=attempt)


def _should_retry(delivery: Delivery) -> bool:
    return delivery.status is None or delivery.status >= HTTPStatus.INTERNAL_SERVER_ERROR
