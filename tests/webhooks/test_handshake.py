"""Confirmation of subscriptions."""

from __future__ import annotations

import json
import urllib.request

import boto3
import pytest
import requests
from endpoints import TOPIC
from moto import mock_aws

from pytest_ses import SESBackend
from pytest_ses.webhooks import Webhook

KEYS = {"aws_access_key_id": "AKIAOWN", "aws_secret_access_key": "own"}


def with_requests(confirmation):
    """Visit the SubscribeURL with requests."""
    return requests.get(confirmation["SubscribeURL"], timeout=1).text


def with_urllib(confirmation):
    """Visit the SubscribeURL with urllib."""
    with urllib.request.urlopen(confirmation["SubscribeURL"]) as response:
        assert 200 == response.status
        return response.read().decode()


def with_boto3(confirmation):
    """Call ConfirmSubscription as django-anymail does."""
    client = boto3.client("sns", region_name=confirmation["TopicArn"].split(":")[3], **KEYS)
    return client.confirm_subscription(
        TopicArn=confirmation["TopicArn"],
        Token=confirmation["Token"],
        AuthenticateOnUnsubscribe="true",
    )["SubscriptionArn"]


WAYS = [with_requests, with_urllib, with_boto3]


@pytest.fixture
def confirming():
    """A function that creates an endpoint, which confirms as given and responds 403 otherwise."""

    def confirming(way, replies=None):
        def endpoint(body, headers):
            confirmation = json.loads(body)
            if confirmation["Type"] == "SubscriptionConfirmation":
                (replies if replies is not None else []).append(way(confirmation))
            return 403

        return endpoint

    return confirming


class TestConfirmed:
    @pytest.mark.parametrize("way", WAYS)
    def test_by_the_endpoint(self, subscribe, confirming, way):
        """An endpoint that requests the confirmation is confirmed, whatever it responds."""
        replies = []
        webhook = subscribe(confirming(way, replies))
        assert (True, True) == (webhook.confirmed, webhook.visited)
        assert webhook.subscription_arn in replies[0]
        assert 403 == webhook.publish("event").status

    @pytest.mark.parametrize("way", WAYS)
    def test_within_a_backend(self, subscribe, confirming, way):
        """An endpoint can confirm within an active backend."""
        with SESBackend() as backend:
            assert subscribe(confirming(way)).visited
        assert () == tuple(backend.calls)

    @pytest.mark.parametrize("way", [with_requests, with_urllib])
    def test_within_moto(self, subscribe, confirming, way):
        """An endpoint can confirm within mock_aws, whichever of the two starts first."""
        with mock_aws():
            within = subscribe(confirming(way))
        before = subscribe(confirming(way))
        with mock_aws():
            url = before.handshake[0].notification["SigningCertURL"]
            before.visited = False
            before.subscribe()
            assert before.certificate == requests.get(url, timeout=1).content
        assert (True, True) == (within.visited, before.visited)

    def test_motos_boto3(self, subscribe):
        """Within mock_aws, boto3 confirms through moto, and the endpoint's 200 response counts."""

        def endpoint(body, headers):
            with_boto3(json.loads(body))

        with mock_aws():
            boto3.client("sns", region_name="eu-west-1").create_topic(Name="ses-events")
            webhook = subscribe(endpoint)
        assert (True, False) == (webhook.confirmed, webhook.visited)

    def test_by_a_response(self, subscribe, endpoint):
        """An endpoint that does not confirm but responds with 2xx counts as confirmed."""
        endpoint.answers = [204]
        webhook = subscribe(endpoint)
        assert (True, False) == (webhook.confirmed, webhook.visited)

    def test_retried(self, subscribe, endpoint, clock):
        """The confirmation is retried after a server error."""
        endpoint.answers = [503]
        webhook = subscribe(endpoint)
        assert not webhook.confirmed
        clock.advance(seconds=21)
        assert webhook.confirmed
        assert [503, 200] == [delivery.status for delivery in webhook.handshake]
        assert [] == webhook.deliveries


class TestNotConfirmed:
    def test_rejected(self, subscribe, endpoint):
        """An endpoint that rejects the confirmation receives nothing; the delivery says why."""
        endpoint.answers = [(403, "no")]
        webhook = subscribe(endpoint)
        delivery = webhook.publish("event")
        assert [] == endpoint.messages
        assert [delivery] == webhook.deliveries
        assert (None, 0) == (delivery.status, delivery.attempt)
        assert "attempt 1: 403 no); call webhook.confirm()" in str(delivery.error)
        assert "not confirmed" in repr(webhook)

    def test_before_the_handshake(self, subscribe, endpoint):
        """Without any attempt to confirm, the delivery says so."""
        endpoint.answers = [403]
        webhook = subscribe(endpoint)
        webhook.handshake.clear()
        assert "(not attempted yet)" in str(webhook.publish("event").error)

    def test_by_the_test(self, subscribe, endpoint):
        """A subscription can be confirmed by the test."""
        endpoint.answers = [403]
        webhook = subscribe(endpoint)
        webhook.confirm()
        assert webhook.publish("event").ok

    def test_another_token(self, subscribe, clock):
        """A wrong token confirms nothing; the request goes to its real destination."""
        import responses

        def endpoint(body, headers):
            url = json.loads(body)["SubscribeURL"].replace("Token=", "Token=x")
            return requests.get(url, timeout=1).status_code

        with responses.RequestsMock() as server:
            server.get("https://sns.eu-west-1.amazonaws.com/", status=403)
            webhook = subscribe(endpoint)
        assert not webhook.confirmed

    def test_interrupted(self, clock):
        """Interrupting the test during the handshake leaves nothing behind."""
        before = requests.Session.send

        def endpoint(body, headers):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            Webhook(endpoint, topic_arn=TOPIC, clock=clock)
        assert before is requests.Session.send
