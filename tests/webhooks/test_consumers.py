"""Webhooks received by the real views of django-anymail and django-ses."""

from __future__ import annotations

import json

import boto3
import django_project
import pytest
from endpoints import TOPIC
from moto import mock_aws

from pytest_ses import SESBackend

SUBJECT = "Amazon SES Email Event Notification"
BOUNCE = json.dumps(
    {
        "eventType": "Bounce",
        "bounce": {
            "feedbackId": "0102018f2a3b4c5d-11111111-2222-3333-4444-555555555555-000000",
            "bounceType": "Permanent",
            "bounceSubType": "General",
            "bouncedRecipients": [
                {
                    "emailAddress": "grace@example.org",
                    "action": "failed",
                    "status": "5.1.1",
                    "diagnosticCode": "smtp; 550 5.1.1 user unknown",
                }
            ],
            "timestamp": "2026-03-26T02:13:35.890Z",
            "reportingMTA": "dns; b8-29.smtp-out.eu-west-1.amazonses.com",
        },
        "mail": {
            "timestamp": "2026-03-26T02:13:35.500Z",
            "source": "ada@example.com",
            "messageId": "0102018f2a3b4c5c-66666666-7777-8888-9999-000000000000-000000",
            "destination": ["grace@example.org"],
            "headersTruncated": False,
            "headers": [{"name": "X-Tag", "value": "welcome"}],
            "commonHeaders": {"from": ["ada@example.com"], "to": ["grace@example.org"]},
            "tags": {"ses:configuration-set": ["events"]},
        },
    },
    separators=(",", ":"),
)
EVENT = f"{BOUNCE}\n"


@pytest.fixture(scope="session", autouse=True)
def _django_project():
    django_project.configure()


@pytest.fixture
def client():
    """Django's test client, which returns a 500 response when a view raises, as a server does."""
    from django.test import Client

    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def receive():
    """A function that records the arguments of a signal until the test ends."""
    from contextlib import ExitStack

    with ExitStack() as undo:

        def receive(signal):
            received = []

            def receiver(**arguments):
                received.append(arguments)

            signal.connect(receiver)
            undo.callback(signal.disconnect, receiver)
            undo.callback(lambda: receiver)  # signals hold their receivers weakly
            return received

        yield receive


class TestAnymail:
    @pytest.fixture
    def url(self):
        """The URL, including the secret, that django-anymail's manual gives for SNS."""
        return "https://ada:secret@testserver/anymail/amazon_ses/tracking/"

    @pytest.fixture
    def received(self, receive):
        """The events sent with its tracking signal."""
        from anymail.signals import tracking

        return receive(tracking)

    @pytest.mark.parametrize("version", [1, 2])
    def test_bounce(self, subscribe, client, url, received, version):
        """A bounce becomes a tracking event for its recipient."""
        with SESBackend():
            webhook = subscribe((client, url), signature_version=version)
        assert webhook.publish(EVENT, SUBJECT).ok
        (event,) = [arguments["event"] for arguments in received]
        assert ("bounced", "grace@example.org", ["welcome"]) == (
            event.event_type,
            event.recipient,
            event.tags,
        )
        assert webhook.deliveries[0].notification["MessageId"] == event.event_id

    def test_confirms(self, subscribe, client, url, received):
        """The view confirms through boto3, without a network and without moto."""
        with SESBackend():
            webhook = subscribe((client, url))
        assert (True, True, 200) == (
            webhook.confirmed,
            webhook.visited,
            webhook.handshake[0].status,
        )
        assert [] == received

    def test_confirms_at_moto(self, subscribe, client, url):
        """Within mock_aws, the view confirms through moto, where the topic must exist."""
        with mock_aws():
            without = subscribe((client, url))
            boto3.client("sns", region_name="eu-west-1").create_topic(Name="ses-events")
            webhook = subscribe((client, url))
        assert (500, False) == (without.handshake[0].status, without.confirmed)
        assert (200, True) == (webhook.handshake[0].status, webhook.confirmed)

    def test_without_the_secret(self, subscribe, client, received):
        """A notification without the secret is rejected."""
        webhook = subscribe((client, "/anymail/amazon_ses/tracking/"))
        assert 401 == webhook.handshake[0].status
        assert 0 == webhook.publish(EVENT).attempt
        assert [] == received


class TestDjangoSes:
    @pytest.fixture
    def received(self, receive):
        """The events sent with its bounce signal."""
        from django_ses.signals import bounce_received

        return receive(bounce_received)

    @pytest.fixture
    def webhook(self, subscribe, client):
        """A webhook for its view, which verifies signatures."""
        return subscribe((client, "/ses/event-webhook/"))

    @pytest.mark.parametrize("subject", [None, SUBJECT])
    def test_bounce(self, webhook, received, subject):
        """A bounce with a verified signature becomes a signal with its recipient."""
        assert webhook.publish(EVENT, subject).ok
        (bounce,) = [arguments["bounce_obj"] for arguments in received]
        assert ["grace@example.org"] == [
            recipient["emailAddress"] for recipient in bounce["bouncedRecipients"]
        ]

    def test_confirms(self, webhook):
        """The view confirms by visiting the SubscribeURL."""
        assert (True, True) == (webhook.confirmed, webhook.visited)

    def test_within_moto(self, subscribe, client, received):
        """The view confirms and receives notifications within mock_aws, too."""
        with mock_aws():
            webhook = subscribe((client, "/ses/event-webhook/"))
            assert webhook.publish(EVENT, SUBJECT).ok
        assert webhook.visited
        assert 1 == len(received)

    def test_forged(self, webhook, received):
        """The view rejects a forged notification and a certificate from another host."""
        elsewhere = "https://sns.eu-west-1.amazonaws.com.example.org/key.pem"
        assert 400 == webhook.forge(EVENT).status
        assert 400 == webhook.from_certificate(elsewhere, EVENT).status
        assert [] == received

    def test_trusted_topics(self, webhook, received):
        """The view rejects other topics if its settings list the trusted ones."""
        from django.test import override_settings

        other = "arn:aws:sns:us-west-2:999988887777:other"
        with override_settings(AWS_SNS_EVENT_TRUSTED_TOPIC_ARNS=[TOPIC]):
            assert 400 == webhook.from_topic(other, EVENT).status
            assert [] == received
            assert webhook.publish(EVENT).ok
        assert webhook.from_topic(other, EVENT).ok

    def test_version_2(self, subscribe, client, received):
        """The view verifies with SHA1 whatever the version; this is a limitation of django-ses."""
        webhook = subscribe((client, "/ses/event-webhook/"), signature_version=2)
        assert 400 == webhook.handshake[0].status
        assert "Signature verification failed." == webhook.handshake[0].body

    def test_wsgi(self, subscribe, received):
        """The project as a WSGI application receives notifications, too."""
        from django.core.handlers.wsgi import WSGIHandler

        assert subscribe((WSGIHandler(), "/ses/event-webhook/")).publish(EVENT).ok
        assert 1 == len(received)

    def test_asgi(self, subscribe, received):
        """The project as an ASGI application receives notifications, too."""
        from django.core.handlers.asgi import ASGIHandler

        assert subscribe((ASGIHandler(), "/ses/event-webhook/")).publish(EVENT).ok
        assert 1 == len(received)

    def test_async_client(self, subscribe, received):
        """Django's async test client receives notifications, too."""
        from django.test import AsyncClient

        assert subscribe((AsyncClient(), "/ses/event-webhook/")).publish(EVENT).ok
        assert 1 == len(received)
