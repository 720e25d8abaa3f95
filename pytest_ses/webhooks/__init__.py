"""How do events reach the user's own endpoint? As Amazon SNS posts them: signed, and again if need be."""

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

__all__ = ["Delivery", "NotDeliveredError", "Webhook"]

# SNS's own policy for HTTP, which a subscription may change:
# https://docs.aws.amazon.com/sns/latest/dg/SendMessageToHttp.retry.html
RETRIES = 3
BETWEEN_RETRIES = timedelta(seconds=20)


class Webhook:
    """A subscription of an endpoint of yours to an SNS topic.

    It begins as in SNS: the endpoint gets a SubscriptionConfirmation, and notifications only once
    it has confirmed. It confirms by asking for the SubscribeURL (with `requests` or `urllib`) or by
    `sns.confirm_subscription` of boto3; both are answered without a network. Kinder than SNS, any
    answer 2xx to the confirmation counts too, since many endpoints under test have no use for it.
    Inside moto's `mock_aws` the call of boto3 is answered by moto, which has to know the topic.

    An endpoint that raises or answers 5xx gets the message again, three times, twenty seconds of
    virtual time apart: `clock.advance(seconds=20)`.

    Args:
        target: where to post: a function of body and headers, a WSGI or ASGI application, a test
            client of Django, Flask or Starlette, or a URL; with a path as `(target, "/path")`.
        topic_arn: the topic that the notifications come from.
        signature_version: 1 (SHA1), which SNS begins with, or 2 (SHA256).
        clock: virtual time.

    Attributes:
        topic_arn: the topic that the notifications come from.
        subscription_arn: the ARN of this subscription.
        handshake: each attempt to get the subscription confirmed.
        deliveries: each attempt to deliver a notification, in the order in which they ended.
        confirmed: whether the subscription is confirmed, so that notifications are posted.
        visited: whether the endpoint itself asked for the confirmation.
    """

    def __init__(
        self, target: Any, *, topic_arn: str, signature_version: int = 1, clock: Clock
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
                envelopes.subscribe_url(topic_arn, token=self._token): self._visit,
            }
            undo.enter_context(serving.answering(pages))
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
        """The certificate in PEM, for an endpoint that would fetch it with another HTTP client."""
        return self._key.certificate

    def close(self) -> None:
        """Post nothing more, retries neither, and answer for SNS no longer."""
        self._closed = True
        self._active.close()

    def subscribe(self) -> Delivery:
        """Ask the endpoint for its confirmation; this was done once when the webhook was made."""
        asked = envelopes.confirmation(
            topic_arn=self.topic_arn, token=self._token, when=self._clock.now()
        )
        return self._deliver(self._signed(asked), self.handshake)

    def confirm(self) -> None:
        """Confirm the subscription by hand."""
        self.confirmed = True

    def publish(self, message: str, subject: str | None = None) -> Delivery:
        """Deliver a message as a signed notification, and give the first attempt.

        It never raises: what the endpoint raises is the `error` of the delivery. What cannot be
        posted, since nobody confirmed, is a delivery with attempt 0 and the reason.
        """
        self._latest = self._signed(self._notification(message, subject))
        if self._held is None:
            return self._publish(self._latest)
        self._held.append(self._latest)
        return self._not_sent(self._latest, "held back until the end of hold()")

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold back what is published meanwhile, and deliver it afterwards out of order, last first."""
        outer, self._held = self._held, []
        try:
            yield
        finally:
            held, self._held = self._held, outer
        for envelope in reversed(held):
            self._publish(envelope)

    def redeliver(self, delivery: Delivery | None = None) -> Delivery:
        """Deliver a notification once more, byte for byte, as SNS may: it promises at least once.

        Without a delivery it is the last that was published.
        """
        return self._send(self._envelope(delivery))

    def replay(
        self, delivery: Delivery | None = None, *, age: timedelta = timedelta(days=1)
    ) -> Delivery:
        """Deliver a notification as if it had been recorded long ago, rightly signed at that time.

        Its Timestamp is `age` before the clock's now; an endpoint that reads the computer's clock
        finds it old without any clock having to move.
        """
        when = envelopes.timestamp(self._clock.now() - age)
        return self._send(self._signed({**self._envelope(delivery), "Timestamp": when}))

    def forge(self, message: str | Delivery | None = None) -> Delivery:
        """Deliver a new notification with the signature of another one.

        Here and below the message is a text, that of a delivery, or that of the last published.
        """
        forged = self._signed(self._notification(*self._said(message)))
        other = {**forged, "MessageId": str(uuid.uuid4())}
        return self._send({**forged, "Signature": self._signed(other)["Signature"]})

    def from_topic(self, topic_arn: str, message: str | Delivery | None = None) -> Delivery:
        """Deliver a new notification of another topic, rightly signed."""
        url = signing.certificate_url(envelopes.host_of(topic_arn))
        place = {"topic_arn": topic_arn, "subscription_arn": f"{topic_arn}:{uuid.uuid4()}"}
        return self._certified_at(url, self._said(message), **place)

    def from_certificate(self, url: str, message: str | Delivery | None = None) -> Delivery:
        """Deliver a new notification whose signature fits a certificate at a URL of your choice.

        The certificate is there, so that only an endpoint that checks the URL refuses it.
        """
        return self._certified_at(url, self._said(message))

    def _visit(self) -> bytes:
        self.visited = True
        self.confirm()
        return envelopes.confirmed(self.subscription_arn)

    def _notification(self, message: str, subject: str | None, **place: str) -> dict[str, str]:
        """A notification of the topic, or of another place."""
        own = {"topic_arn": self.topic_arn, "subscription_arn": self.subscription_arn}
        return envelopes.notification(
            message, subject=subject, when=self._clock.now(), **{**own, **place}
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
                "nothing was published yet: send a mail first, or say which delivery or message"
            )
        return self._latest

    def _said(self, message: str | Delivery | None) -> tuple[str, str | None]:
        if isinstance(message, str):
            return message, None
        given = self._envelope(message)
        return given["Message"], given.get("Subject")

    def _certified_at(self, url: str, said: tuple[str, str | None], **place: str) -> Delivery:
        envelope = self._notification(*said, **place)
        with serving.answering({url: lambda: self.certificate}):
            return self._send(
                self._signed(envelope, url), subscription_arn=place.get("subscription_arn")
            )

    def _publish(self, envelope: dict[str, str]) -> Delivery:
        why = self._obstacle()
        if why is None:
            return self._deliver(envelope, self.deliveries)
        delivery = self._not_sent(envelope, why)
        self.deliveries.append(delivery)
        return delivery

    def _obstacle(self) -> str | None:
        if self._closed:
            return "the webhook is closed"
        if not self.confirmed:
            answered = self.handshake[-1].summary() if self.handshake else "nobody was asked yet"
            return f"the subscription is not confirmed ({answered}); webhook.confirm() does it"
        return None

    def _not_sent(self, envelope: dict[str, str], why: str) -> Delivery:
        return Delivery(None, "", dict(envelope), attempt=0, error=NotDeliveredError(why))

    def _deliver(self, envelope: dict[str, str], log: list[Delivery], attempt: int = 1) -> Delivery:
        delivery = self._post(envelope, attempt=attempt, subscription_arn=self.subscription_arn)
        log.append(delivery)
        if delivery.ok and log is self.handshake:
            self.confirm()
        if _is_failure_of_server(delivery) and attempt <= RETRIES:
            again = partial(self._retry, envelope, log, attempt + 1)
            self._clock.call_at(self._clock.now() + BETWEEN_RETRIES, again)
        return delivery

    def _retry(self, envelope: dict[str, str], log: list[Delivery], attempt: int) -> None:
        if not self._closed:
            self._deliver(envelope, log, attempt)

    def _send(self, envelope: dict[str, str], *, subscription_arn: str | None = None) -> Delivery:
        delivery = self._post(
            envelope, attempt=1, subscription_arn=subscription_arn or self.subscription_arn
        )
        self.deliveries.append(delivery)
        return delivery

    def _post(self, envelope: dict[str, str], *, attempt: int, subscription_arn: str) -> Delivery:
        headers = envelopes.headers(envelope, subscription_arn=subscription_arn)
        try:
            status, body = self._target(envelopes.body(envelope), headers)
        except Exception as error:  # noqa: BLE001  (whatever an endpoint does is a result)
            return Delivery(None, "", dict(envelope), attempt=attempt, error=error)
        return Delivery(status, body, dict(envelope), attempt=attempt)


def _is_failure_of_server(delivery: Delivery) -> bool:
    return delivery.status is None or delivery.status >= HTTPStatus.INTERNAL_SERVER_ERROR
