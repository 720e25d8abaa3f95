"""How does an endpoint confirm, and what if it does not?"""

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


def with_requests(asked):
    """Visit the SubscribeURL with requests."""
    return requests.get(asked["SubscribeURL"], timeout=1).text


def with_urllib(asked):
    """Visit the SubscribeURL with urllib."""
    with urllib.request.urlopen(asked["SubscribeURL"]) as answer:
        assert 200 == answer.status
        return answer.read().decode()


def with_boto3(asked):
    """Call ConfirmSubscription as django-anymail does."""
    client = boto3.client("sns", region_name=asked["TopicArn"].split(":")[3], **KEYS)
    return client.confirm_subscription(
        TopicArn=asked["TopicArn"], Token=asked["Token"], AuthenticateOnUnsubscribe="true"
    )["SubscriptionArn"]


WAYS = [with_requests, with_urllib, with_boto3]


@pytest.fixture
def confirming():
    """A function that gives an endpoint which confirms in a way, and answers 403 to all else."""

    def confirming(way, said=None):
        def endpoint(body, headers):
            asked = json.loads(body)
            if asked["Type"] == "SubscriptionConfirmation":
                (said if said is not None else []).append(way(asked))
            return 403

        return endpoint

    return confirming


class TestConfirmed:
    @pytest.mark.parametrize("way", WAYS)
    def test_by_the_endpoint(self, subscribe, confirming, way):
        """An endpoint that asks for the confirmation has confirmed, whatever it answers."""
        said = []
        webhook = subscribe(confirming(way, said))
        assert (True, True) == (webhook.confirmed, webhook.visited)
        assert webhook.subscription_arn in said[0]
        assert 403 == webhook.publish("event").status

    @pytest.mark.parametrize("way", WAYS)
    def test_within_a_backend(self, subscribe, confirming, way):
        """The same within an active backend."""
        with SESBackend() as backend:
            assert subscribe(confirming(way)).visited
        assert () == tuple(backend.calls)

    @pytest.mark.parametrize("way", [with_requests, with_urllib])
    def test_within_moto(self, subscribe, confirming, way):
        """The same within mock_aws, whichever of the two began first."""
        with mock_aws():
            inside = subscribe(confirming(way))
        before = subscribe(confirming(way))
        with mock_aws():
            url = before.handshake[0].notification["SigningCertURL"]
            before.visited = False
            before.subscribe()
            assert before.certificate == requests.get(url, timeout=1).content
        assert (True, True) == (inside.visited, before.visited)

    def test_motos_boto3(self, subscribe):
        """Within mock_aws boto3 confirms at moto, and the answer 200 of the endpoint counts."""

        def endpoint(body, headers):
            with_boto3(json.loads(body))

        with mock_aws():
            boto3.client("sns", region_name="eu-west-1").create_topic(Name="ses-events")
            webhook = subscribe(endpoint)
        assert (True, False) == (webhook.confirmed, webhook.visited)

    def test_by_an_answer(self, subscribe, endpoint):
        """An endpoint that has no use for the confirmation and answers 2xx counts as confirmed."""
        endpoint.answers = [204]
        webhook = subscribe(endpoint)
        assert (True, False) == (webhook.confirmed, webhook.visited)

    def test_later(self, subscribe, endpoint, clock):
        """The confirmation is tried again where the server fails."""
        endpoint.answers = [503]
        webhook = subscribe(endpoint)
        assert not webhook.confirmed
        clock.advance(seconds=21)
        assert webhook.confirmed
        assert [503, 200] == [delivery.status for delivery in webhook.handshake]
        assert [] == webhook.deliveries


class TestNotConfirmed:
    def test_nothing_is_posted(self, subscribe, endpoint):
        """An endpoint that refuses the confirmation gets nothing, and the delivery says why."""
        endpoint.answers = [(403, "no")]
        webhook = subscribe(endpoint)
        delivery = webhook.publish("event")
        assert [] == endpoint.messages
        assert [delivery] == webhook.deliveries
        assert (None, 0) == (delivery.status, delivery.attempt)
        assert "attempt 1: 403 no); webhook.confirm() does it" in str(delivery.error)
        assert "not confirmed" in repr(webhook)

    def test_before_the_handshake(self, subscribe, endpoint):
        """Where nobody was asked, the delivery says so."""
        endpoint.answers = [403]
        webhook = subscribe(endpoint)
        webhook.handshake.clear()
        assert "(nobody was asked yet)" in str(webhook.publish("event").error)

    def test_by_hand(self, subscribe, endpoint):
        """A subscription can be confirmed by hand."""
        endpoint.answers = [403]
        webhook = subscribe(endpoint)
        webhook.confirm()
        assert webhook.publish("event").ok

    def test_another_token(self, subscribe, clock):
        """A wrong token confirms nothing: the request goes where it would have gone."""
        import responses

        def endpoint(body, headers):
            url = json.loads(body)["SubscribeURL"].replace("Token=", "Token=x")
            return requests.get(url, timeout=1).status_code

        with responses.RequestsMock() as others:
            others.get("https://sns.eu-west-1.amazonaws.com/", status=403)
            webhook = subscribe(endpoint)
        assert not webhook.confirmed

    def test_stopped(self, clock):
        """Who stops the test within the handshake leaves nothing behind."""
        before = requests.Session.send

        def endpoint(body, headers):
            raise KeyboardInterrupt

        with pytest.raises(KeyboardInterrupt):
            Webhook(endpoint, topic_arn=TOPIC, clock=clock)
        assert before is requests.Session.send
