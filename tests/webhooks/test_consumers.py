"""Do the real webhooks of django-anymail and django-ses take what is sent?

Django is configured once in a process, and only here.
"""

from __future__ import annotations

import json
from types import ModuleType

import boto3
import django
import pytest
from django.conf import settings
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
def configured():
    """A Django project with nothing but the two webhooks."""
    urls = ModuleType("urls")
    settings.configure(
        ALLOWED_HOSTS=["testserver"],
        ANYMAIL={"WEBHOOK_SECRET": "ada:secret", "AMAZON_SES_CLIENT_PARAMS": {}},
        AWS_SES_VERIFY_EVENT_SIGNATURES=True,
        INSTALLED_APPS=["anymail", "django_ses"],
        LOGGING_CONFIG=None,
        ROOT_URLCONF=urls,
        SECRET_KEY="none",
        USE_TZ=True,
    )
    django.setup()
    from anymail.webhooks.amazon_ses import AmazonSESTrackingWebhookView
    from django.urls import path
    from django_ses.views import SESEventWebhookView

    urls.urlpatterns = [
        path("anymail/amazon_ses/tracking/", AmazonSESTrackingWebhookView.as_view()),
        path("ses/event-webhook/", SESEventWebhookView.as_view()),
    ]


@pytest.fixture
def client():
    """Django's test client; it does not raise what a view raises, as no server does."""
    from django.test import Client

    return Client(enforce_csrf_checks=True, raise_request_exception=False)


@pytest.fixture
def receive():
    """A function that connects a signal to a list for the time of a test."""
    from contextlib import ExitStack

    with ExitStack() as undo:

        def receive(signal):
            came = []

            def receiver(**words):
                came.append(words)

            signal.connect(receiver)
            undo.callback(signal.disconnect, receiver)
            undo.callback(lambda: receiver)  # signals hold their receivers weakly
            return came

        yield receive


class TestAnymail:
    @pytest.fixture
    def url(self):
        """The address that its manual has one give to SNS, with the secret."""
        return "https://ada:secret@testserver/anymail/amazon_ses/tracking/"

    @pytest.fixture
    def came(self, receive):
        """What its signal told."""
        from anymail.signals import tracking

        return receive(tracking)

    @pytest.mark.parametrize("version", [1, 2])
    def test_bounce(self, subscribe, client, url, came, version):
        """A bounce becomes a tracking event for its recipient."""
        with SESBackend():
            webhook = subscribe((client, url), signature_version=version)
        assert webhook.publish(EVENT, SUBJECT).ok
        (event,) = [words["event"] for words in came]
        assert ("bounced", "grace@example.org", ["welcome"]) == (
            event.event_type,
            event.recipient,
            event.tags,
        )
        assert webhook.deliveries[0].notification["MessageId"] == event.event_id

    def test_confirms(self, subscribe, client, url, came):
        """It confirms through boto3, with no network and no moto."""
        with SESBackend():
            webhook = subscribe((client, url))
        assert (True, True, 200) == (
            webhook.confirmed,
            webhook.visited,
            webhook.handshake[0].status,
        )
        assert [] == came

    def test_confirms_at_moto(self, subscribe, client, url):
        """Within mock_aws it confirms at moto, where the topic has to be."""
        with mock_aws():
            without = subscribe((client, url))
            boto3.client("sns", region_name="eu-west-1").create_topic(Name="ses-events")
            webhook = subscribe((client, url))
        assert (500, False) == (without.handshake[0].status, without.confirmed)
        assert (200, True) == (webhook.handshake[0].status, webhook.confirmed)

    def test_without_the_secret(self, subscribe, client, came):
        """Who does not know the secret gets nowhere."""
        webhook = subscribe((client, "/anymail/amazon_ses/tracking/"))
        assert 401 == webhook.handshake[0].status
        assert 0 == webhook.publish(EVENT).attempt
        assert [] == came


class TestDjangoSes:
    @pytest.fixture
    def came(self, receive):
        """What its signal told."""
        from django_ses.signals import bounce_received

        return receive(bounce_received)

    @pytest.fixture
    def webhook(self, subscribe, client):
        """A webhook to its view, which verifies signatures."""
        return subscribe((client, "/ses/event-webhook/"))

    @pytest.mark.parametrize("subject", [None, SUBJECT])
    def test_bounce(self, webhook, came, subject):
        """A bounce becomes a signal with its recipient, the signature being verified."""
        assert webhook.publish(EVENT, subject).ok
        (bounce,) = [words["bounce_obj"] for words in came]
        assert ["grace@example.org"] == [one["emailAddress"] for one in bounce["bouncedRecipients"]]

    def test_confirms(self, webhook):
        """It confirms by visiting the SubscribeURL."""
        assert (True, True) == (webhook.confirmed, webhook.visited)

    def test_within_moto(self, subscribe, client, came):
        """The same within mock_aws."""
        with mock_aws():
            webhook = subscribe((client, "/ses/event-webhook/"))
            assert webhook.publish(EVENT, SUBJECT).ok
        assert webhook.visited
        assert 1 == len(came)

    def test_refused(self, webhook, came):
        """It refuses a forged notification, and one whose certificate is elsewhere."""
        elsewhere = "https://sns.eu-west-1.amazonaws.com.example.org/key.pem"
        assert 400 == webhook.forge(EVENT).status
        assert 400 == webhook.from_certificate(elsewhere, EVENT).status
        assert [] == came

    def test_trusted_topics(self, webhook, came):
        """It refuses another topic, if it has been told its own."""
        from django.test import override_settings

        other = "arn:aws:sns:us-west-2:999988887777:other"
        with override_settings(AWS_SNS_EVENT_TRUSTED_TOPIC_ARNS=[TOPIC]):
            assert 400 == webhook.from_topic(other, EVENT).status
            assert [] == came
            assert webhook.publish(EVENT).ok
        assert webhook.from_topic(other, EVENT).ok

    def test_version_2(self, subscribe, client, came):
        """It verifies by SHA1 whatever the version: its limit, not ours."""
        webhook = subscribe((client, "/ses/event-webhook/"), signature_version=2)
        assert 400 == webhook.handshake[0].status
        assert "Signature verification failed." == webhook.handshake[0].body

    def test_wsgi(self, subscribe, came):
        """The whole project as a WSGI application takes it too."""
        from django.core.handlers.wsgi import WSGIHandler

        assert subscribe((WSGIHandler(), "/ses/event-webhook/")).publish(EVENT).ok
        assert 1 == len(came)

    def test_asgi(self, subscribe, came):
        """And so does the project as an ASGI application."""
        from django.core.handlers.asgi import ASGIHandler

        assert subscribe((ASGIHandler(), "/ses/event-webhook/")).publish(EVENT).ok
        assert 1 == len(came)

    def test_async_client(self, subscribe, came):
        """And so does Django's async test client."""
        from django.test import AsyncClient

        assert subscribe((AsyncClient(), "/ses/event-webhook/")).publish(EVENT).ok
        assert 1 == len(came)
