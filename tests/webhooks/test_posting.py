"""Posted notifications, their deliveries and retries."""

from __future__ import annotations

import json

import freezegun
import pytest
from endpoints import TOPIC

from pytest_ses.webhooks import Delivery, NotDeliveredError, Webhook


class TestPost:
    @pytest.mark.parametrize("subject", [None, "Amazon SES Email Event Notification"])
    def test_document(self, webhook, endpoint, subject):
        """A notification has the fields of SNS in order, with a Subject only if one is given."""
        webhook.publish("event", subject)
        envelope = endpoint.notifications[0]
        names = ["Type", "MessageId", "TopicArn", *(["Subject"] if subject else []), "Message"]
        names += ["Timestamp", "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL"]
        assert names == list(envelope)
        assert (TOPIC, "event") == (envelope["TopicArn"], envelope["Message"])
        assert webhook.subscription_arn in envelope["UnsubscribeURL"]

    def test_headers(self, webhook, endpoint):
        """A notification has the headers of SNS."""
        delivery = webhook.publish("event")
        expected = {
            "x-amz-sns-message-type": "Notification",
            "x-amz-sns-message-id": delivery.notification["MessageId"],
            "x-amz-sns-topic-arn": TOPIC,
            "x-amz-sns-subscription-arn": webhook.subscription_arn,
            "Content-Type": "text/plain; charset=UTF-8",
            "User-Agent": "Amazon Simple Notification Service Agent",
        }
        assert expected == endpoint.headers[-1]
        assert webhook.subscription_arn.startswith(f"{TOPIC}:")

    def test_confirmation(self, webhook, endpoint):
        """The confirmation has its own fields and no subscription header."""
        names = ["Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp"]
        names += ["SignatureVersion", "Signature", "SigningCertURL"]
        assert names == list(json.loads(endpoint.bodies[0]))
        assert "SubscriptionConfirmation" == endpoint.headers[0]["x-amz-sns-message-type"]
        assert "x-amz-sns-subscription-arn" not in endpoint.headers[0]

    @freezegun.freeze_time("2026-03-26T02:13:35.5")
    def test_timestamp(self, webhook, endpoint, clock):
        """The Timestamp is that of the virtual clock, in milliseconds."""
        clock.advance(hours=1)
        webhook.publish("event")
        assert "2026-03-26T03:13:35.500Z" == endpoint.notifications[0]["Timestamp"]

    def test_any_text(self, webhook, endpoint):
        """Characters that UTF-8 cannot encode do not prevent a notification."""
        assert 200 == webhook.publish("a \ud800 b").status
        assert ["a ? b"] == endpoint.messages


class TestDelivery:
    def test_response(self, webhook, endpoint):
        """A delivery contains what was posted and the response."""
        endpoint.answers = [(202, "thanks")]
        delivery = webhook.publish("event")
        assert [delivery] == webhook.deliveries
        assert (202, "thanks", 1, None) == (
            delivery.status,
            delivery.body,
            delivery.attempt,
            delivery.error,
        )
        assert endpoint.notifications == [delivery.notification]
        assert delivery.ok

    def test_raises(self, webhook, endpoint):
        """An exception of the endpoint is recorded on the delivery and not raised by `publish`."""
        error = ValueError("boom")
        endpoint.answers = [error]
        delivery = webhook.publish("event")
        assert (None, "", error, False) == (
            delivery.status,
            delivery.body,
            delivery.error,
            delivery.ok,
        )

    @pytest.mark.parametrize(
        ("attributes", "expected"),
        [
            ({"status": 200, "body": ""}, "Notification m-1, attempt 1: 200"),
            ({"status": 503, "body": "busy\nnow", "attempt": 2}, "attempt 2: 503 busy now"),
            ({"status": None, "body": "", "error": KeyError("x")}, "attempt 1: KeyError: 'x'"),
            (
                {"status": None, "body": "", "attempt": 0, "error": NotDeliveredError("held")},
                "Notification m-1 was not posted: held",
            ),
        ],
    )
    def test_summary(self, attributes, expected):
        """A summary is a single line."""
        delivery = Delivery(**attributes, notification={"Type": "Notification", "MessageId": "m-1"})
        assert delivery.summary().endswith(expected)

    def test_repr(self, webhook):
        """A webhook shows its state and the number of attempts."""
        webhook.publish("event")
        assert f"<Webhook of {TOPIC}: confirmed, 1 attempt>" == repr(webhook)


class TestRetries:
    @pytest.mark.parametrize("failure", [500, 503, 599, ValueError("boom")])
    def test_three_more(self, webhook, endpoint, clock, failure):
        """A failing endpoint receives the same message three more times, 20 seconds apart."""
        endpoint.answers = [failure] * 9
        webhook.publish("event")
        counts = [len(webhook.deliveries)]
        for _ in range(5):
            clock.advance(seconds=20)
            counts.append(len(webhook.deliveries))
        assert [1, 2, 3, 4, 4, 4] == counts
        assert [1, 2, 3, 4] == [delivery.attempt for delivery in webhook.deliveries]
        assert 1 == len(set(endpoint.bodies[1:]))

    def test_not_earlier(self, webhook, endpoint, clock):
        """Nothing is retried before 20 seconds have passed."""
        endpoint.answers = [500]
        with freezegun.freeze_time("2026-03-26"):
            webhook.publish("event")
            clock.advance(seconds=19)
            assert [500] == [delivery.status for delivery in webhook.deliveries]
            clock.advance(seconds=1)
        assert [500, 200] == [delivery.status for delivery in webhook.deliveries]

    @pytest.mark.parametrize("status", [200, 204, 302, 400, 404, 429])
    def test_final(self, webhook, endpoint, clock, status):
        """A response that is not a server error is not retried."""
        endpoint.answers = [status]
        webhook.publish("event")
        clock.advance(hours=1)
        assert [status] == [delivery.status for delivery in webhook.deliveries]

    def test_closed(self, webhook, endpoint, clock):
        """A closed webhook retries and posts nothing."""
        endpoint.answers = [500]
        webhook.publish("event")
        webhook.close()
        clock.advance(hours=1)
        delivery = webhook.publish("late")
        assert ["event"] == endpoint.messages
        assert "the webhook is closed" == str(delivery.error)
        assert [1, 0] == [delivery.attempt for delivery in webhook.deliveries]

    def test_nested_notification(self, subscribe):
        """An endpoint may trigger another notification while it handles one."""

        def endpoint(body, headers):
            if "first" in json.loads(body)["Message"]:
                webhook.publish("second")

        webhook = subscribe(endpoint)
        webhook.publish("first")
        assert ["second", "first"] == [
            delivery.notification["Message"] for delivery in webhook.deliveries
        ]


def test_context_manager(endpoint, clock):
    """A webhook is a context manager that closes it."""
    with Webhook(endpoint, topic_arn=TOPIC, clock=clock) as webhook:
        assert webhook.publish("event").ok
    assert 0 == webhook.publish("event").attempt
