"""Is what an endpoint has to refuse or to bear wrong in the one respect, and right in all others?"""

from __future__ import annotations

import contextlib
import json
from datetime import datetime, timedelta, timezone

import pytest
import requests
from verifying import verifies


class TestNegativeKit:
    def age(self, envelope):
        """How long ago an envelope was sent, by its own word."""
        sent = datetime.fromisoformat(envelope["Timestamp"].replace("Z", "+00:00"))
        return datetime.now(timezone.utc) - sent

    def verified(self, webhook):
        """Whether the last notification bears a right signature."""
        return verifies(webhook.deliveries[-1].notification, webhook.certificate)

    def test_redeliver(self, webhook, endpoint):
        """A duplicate is the same, byte for byte; without a delivery, of the last published."""
        first = webhook.publish("first")
        webhook.publish("second")
        assert 200 == webhook.redeliver(first).status
        webhook.redeliver()
        assert ["first", "second", "first", "second"] == endpoint.messages
        assert endpoint.bodies[1] == endpoint.bodies[3]
        assert endpoint.headers[1] == endpoint.headers[3]
        assert 4 == len(webhook.deliveries)

    @pytest.mark.parametrize("words", [{}, {"age": timedelta(minutes=90)}])
    def test_replay(self, webhook, endpoint, words):
        """A replayed notification is old, and rightly signed."""
        webhook.publish("event", "subject")
        webhook.replay(**words)
        first, again = endpoint.notifications
        changing = {"Timestamp", "Signature"}
        assert changing == {name for name in first if first[name] != again[name]}
        expected = words.get("age", timedelta(days=1))
        assert expected <= self.age(again) < expected + timedelta(minutes=1)
        assert self.verified(webhook)

    @pytest.mark.parametrize("message", ["as text", "as delivery", "by default"])
    def test_forge(self, webhook, endpoint, message):
        """A forged notification is a new one that looks right and has the signature of another."""
        delivery = webhook.publish("event", "subject")
        webhook.forge(*{"as text": ["event"], "as delivery": [delivery], "by default": []}[message])
        first, forged = endpoint.notifications
        assert "event" == forged["Message"]
        assert first["MessageId"] != forged["MessageId"]
        assert ("subject" if message != "as text" else None) == forged.get("Subject")
        assert len(first["Signature"]) == len(forged["Signature"])
        assert not self.verified(webhook)

    def test_from_topic(self, webhook, endpoint):
        """A notification of another topic is right in all but the topic."""
        other = "arn:aws:sns:us-west-2:999988887777:other"
        webhook.publish("event")
        webhook.from_topic(other)
        envelope, headers = endpoint.notifications[-1], endpoint.headers[-1]
        assert (other, other) == (envelope["TopicArn"], headers["x-amz-sns-topic-arn"])
        assert headers["x-amz-sns-subscription-arn"].startswith(f"{other}:")
        for name in ("SigningCertURL", "UnsubscribeURL"):
            assert envelope[name].startswith("https://sns.us-west-2.amazonaws.com/")
        assert self.verified(webhook)

    def test_from_certificate(self, subscribe):
        """A notification that names a certificate elsewhere is signed by what is there."""
        fetched = []

        def careless(body, headers):
            url = json.loads(body)["SigningCertURL"]
            fetched.append(requests.get(url, timeout=1).content)

        webhook = subscribe(careless)
        url = "https://sns.us-east-1.amazonaws.com.example.org/key.pem"
        delivery = webhook.from_certificate(url, "event")
        assert [webhook.certificate] * 2 == fetched
        assert url == delivery.notification["SigningCertURL"]
        assert self.verified(webhook)

    def test_out_of_order(self, webhook, endpoint):
        """What was published while held comes afterwards, the last first."""
        with webhook.hold():
            held = webhook.publish("first")
            webhook.publish("second")
            assert [] == endpoint.messages
        assert ["second", "first"] == endpoint.messages
        assert (0, None) == (held.attempt, held.status)
        assert "held back until the end of hold()" == str(held.error)
        assert [1, 1] == [delivery.attempt for delivery in webhook.deliveries]

    def test_held_and_dropped(self, webhook, endpoint):
        """What was held in a block that failed is not delivered; later notifications are."""
        with contextlib.suppress(ZeroDivisionError), webhook.hold():
            webhook.publish("held")
            raise ZeroDivisionError
        webhook.publish("later")
        assert ["later"] == endpoint.messages

    @pytest.mark.parametrize("name", ["redeliver", "replay", "forge"])
    def test_nothing_yet(self, webhook, name):
        """Without anything published there is nothing to repeat, and the error says so."""
        with pytest.raises(LookupError, match="nothing was published yet: send a mail first"):
            getattr(webhook, name)()
