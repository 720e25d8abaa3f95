"""Notifications that an endpoint must reject or tolerate, and what is wrong with each."""

from __future__ import annotations

import contextlib
import json
from datetime import datetime, timedelta, timezone

import pytest
import requests
from verifying import verifies


class TestNegativeKit:
    def age(self, envelope):
        """The time since an envelope was sent, according to its Timestamp."""
        sent = datetime.fromisoformat(envelope["Timestamp"].replace("Z", "+00:00"))
        return datetime.now(timezone.utc) - sent

    def verified(self, webhook):
        """Whether the signature of the last notification is valid."""
        return verifies(webhook.deliveries[-1].notification, webhook.certificate)

    def test_redeliver(self, webhook, endpoint):
        """A duplicate is identical, byte for byte; by default, it repeats the last notification."""
        first = webhook.publish("first")
        webhook.publish("second")
        assert 200 == webhook.redeliver(first).status
        webhook.redeliver()
        assert ["first", "second", "first", "second"] == endpoint.messages
        assert endpoint.bodies[1] == endpoint.bodies[3]
        assert endpoint.headers[1] == endpoint.headers[3]
        assert 4 == len(webhook.deliveries)

    @pytest.mark.parametrize("arguments", [{}, {"age": timedelta(minutes=90)}])
    def test_replay(self, webhook, endpoint, arguments):
        """A replayed notification is old and has a valid signature."""
        webhook.publish("event", "subject")
        webhook.replay(**arguments)
        first, again = endpoint.notifications
        changing = {"Timestamp", "Signature"}
        assert changing == {name for name in first if first[name] != again[name]}
        expected = arguments.get("age", timedelta(days=1))
        assert expected <= self.age(again) < expected + timedelta(minutes=1)
        assert self.verified(webhook)

    @pytest.mark.parametrize("message", ["as text", "as delivery", "by default"])
    def test_forge(self, webhook, endpoint, message):
        """A forged notification is new and looks valid, but is signed for another notification."""
        delivery = webhook.publish("event", "subject")
        webhook.forge(*{"as text": ["event"], "as delivery": [delivery], "by default": []}[message])
        first, forged = endpoint.notifications
        assert "event" == forged["Message"]
        assert first["MessageId"] != forged["MessageId"]
        assert ("subject" if message != "as text" else None) == forged.get("Subject")
        assert len(first["Signature"]) == len(forged["Signature"])
        assert not self.verified(webhook)

    def test_from_topic(self, webhook, endpoint):
        """A notification of another topic is valid in every other respect."""
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
        """A notification with another certificate URL is signed with the certificate there."""
        fetched = []

        def trusting_endpoint(body, headers):
            url = json.loads(body)["SigningCertURL"]
            fetched.append(requests.get(url, timeout=1).content)

        webhook = subscribe(trusting_endpoint)
        url = "https://sns.us-east-1.amazonaws.com.example.org/key.pem"
        delivery = webhook.from_certificate(url, "event")
        assert [webhook.certificate] * 2 == fetched
        assert url == delivery.notification["SigningCertURL"]
        assert self.verified(webhook)

    def test_out_of_order(self, webhook, endpoint):
        """Notifications published while held are delivered afterwards, the last one first."""
        with webhook.hold():
            held = webhook.publish("first")
            webhook.publish("second")
            assert [] == endpoint.messages
        assert ["second", "first"] == endpoint.messages
        assert (0, None) == (held.attempt, held.status)
        assert "held back until the end of hold()" == str(held.error)
        assert [1, 1] == [delivery.attempt for delivery in webhook.deliveries]

    def test_held_and_dropped(self, webhook, endpoint):
        """Notifications held in a block that failed are not delivered; later ones are."""
        with contextlib.suppress(ZeroDivisionError), webhook.hold():
            webhook.publish("held")
            raise ZeroDivisionError
        webhook.publish("later")
        assert ["later"] == endpoint.messages

    @pytest.mark.parametrize("name", ["redeliver", "replay", "forge"])
    def test_nothing_published(self, webhook, name):
        """Before anything is published, there is nothing to repeat, and the error says so."""
        with pytest.raises(LookupError, match="no notification has been published yet; send"):
            getattr(webhook, name)()
