"""What is posted, what is a delivery, and when is it tried again?"""

from __future__ import annotations

import json

import freezegun
import pytest
from endpoints import TOPIC

from pytest_ses.webhooks import Delivery, NotDeliveredError, Webhook


class TestPost:
    @pytest.mark.parametrize("subject", [None, "Amazon SES Email Event Notification"])
    def test_document(self, webhook, endpoint, subject):
        """A notification has the fields of SNS in their order, and a Subject only if there is one."""
        webhook.publish("event", subject)
        envelope = endpoint.notifications[0]
        names = ["Type", "MessageId", "TopicArn", *(["Subject"] if subject else []), "Message"]
        names += ["Timestamp", "SignatureVersion", "Signature", "SigningCertURL", "UnsubscribeURL"]
        assert names == list(envelope)
        assert (TOPIC, "event") == (envelope["TopicArn"], envelope["Message"])
        assert webhook.subscription_arn in envelope["UnsubscribeURL"]

    def test_headers(self, webhook, endpoint):
        """A notification comes with the headers of SNS."""
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
        """The confirmation has its own fields, and no header of a subscription."""
        names = ["Type", "MessageId", "Token", "TopicArn", "Message", "SubscribeURL", "Timestamp"]
        names += ["SignatureVersion", "Signature", "SigningCertURL"]
        assert names == list(json.loads(endpoint.bodies[0]))
        assert "SubscriptionConfirmation" == endpoint.headers[0]["x-amz-sns-message-type"]
        assert "x-amz-sns-subscription-arn" not in endpoint.headers[0]

    @freezegun.freeze_time("2026-03-26T02:13:35.5")
    def test_timestamp(self, webhook, endpoint, clock):
        """The Timestamp is that of the virtual clock, to the millisecond."""
        clock.advance(hours=1)
        webhook.publish("event")
        assert "2026-03-26T03:13:35.500Z" == endpoint.notifications[0]["Timestamp"]

    def test_any_text(self, webhook, endpoint):
        """What JSON can escape and UTF-8 cannot encode does not keep a notification back."""
        assert 200 == webhook.publish("a \ud800 b").status
        assert ["a ? b"] == endpoint.messages


class TestDelivery:
    def test_answer(self, webhook, endpoint):
        """A delivery has what was posted and what was answered."""
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
        """What an endpoint raises is on the delivery, and does not leave publish."""
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
        ("words", "said"),
        [
            ({"status": 200, "body": ""}, "Notification m-1, attempt 1: 200"),
            ({"status": 503, "body": "busy\nnow", "attempt": 2}, "attempt 2: 503 busy now"),
            ({"status": None, "body": "", "error": KeyError("x")}, "attempt 1: KeyError: 'x'"),
            (
                {"status": None, "body": "", "attempt": 0, "error": NotDeliveredError("held")},
                "Notification m-1: not sent, held",
            ),
        ],
    )
    def test_summary(self, words, said):
        """A summary is one line."""
        delivery = Delivery(**words, notification={"Type": "Notification", "MessageId": "m-1"})
        assert delivery.summary().endswith(said)

    def test_repr(self, webhook):
        """A webhook shows what it is and how much it has tried."""
        webhook.publish("event")
        assert f"<Webhook of {TOPIC}: confirmed, 1 attempt>" == repr(webhook)


class TestRetries:
    @pytest.mark.parametrize("failure", [500, 503, 599, ValueError("boom")])
    def test_three_more(self, webhook, endpoint, clock, failure):
        """An endpoint that fails gets the same message three times more, twenty seconds apart."""
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
        """Before twenty seconds have passed nothing is tried again."""
        endpoint.answers = [500]
        with freezegun.freeze_time("2026-03-26"):
            webhook.publish("event")
            clock.advance(seconds=19)
            assert [500] == [delivery.status for delivery in webhook.deliveries]
            clock.advance(seconds=1)
        assert [500, 200] == [delivery.status for delivery in webhook.deliveries]

    @pytest.mark.parametrize("status", [200, 204, 302, 400, 404, 429])
    def test_final(self, webhook, endpoint, clock, status):
        """What is not a failure of the server is not tried again."""
        endpoint.answers = [status]
        webhook.publish("event")
        clock.advance(hours=1)
        assert [status] == [delivery.status for delivery in webhook.deliveries]

    def test_closed(self, webhook, endpoint, clock):
        """A closed webhook tries nothing again and posts nothing more."""
        endpoint.answers = [500]
        webhook.publish("event")
        webhook.close()
        clock.advance(hours=1)
        delivery = webhook.publish("late")
        assert ["event"] == endpoint.messages
        assert "the webhook is closed" == str(delivery.error)
        assert [1, 0] == [delivery.attempt for delivery in webhook.deliveries]

    def test_mail_of_an_endpoint(self, subscribe):
        """An endpoint may cause another notification while it handles one."""

        def endpoint(body, headers):
            if "first" in json.loads(body)["Message"]:
                webhook.publish("second")

        webhook = subscribe(endpoint)
        webhook.publish("first")
        assert ["second", "first"] == [one.notification["Message"] for one in webhook.deliveries]


def test_context_manager(endpoint, clock):
    """A webhook is a context manager that closes it."""
    with Webhook(endpoint, topic_arn=TOPIC, clock=clock) as webhook:
        assert webhook.publish("event").ok
    assert 0 == webhook.publish("event").attempt
