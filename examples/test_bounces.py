"""Tests of `bounces.py`: events published through SNS to a handler."""

from __future__ import annotations

import json
from datetime import timedelta

import bounces
import pytest

pytestmark = pytest.mark.ses(verified=["example.com"])


@pytest.fixture
def customers():
    return bounces.Customers()


@pytest.fixture
def webhook(ses_backend, customers):
    """The handler, subscribed to its topic."""
    bounces.set_up()
    return ses_backend.webhook(
        lambda body, headers: bounces.handle(customers, json.loads(body)),
        topic_arn=bounces.TOPIC_ARN,
    )


def envelope(event, **more):
    """An event in an SNS envelope, with the members that the handler reads."""
    return {
        "Type": "Notification",
        "MessageId": "1",
        "TopicArn": bounces.TOPIC_ARN,
        "Message": json.dumps(event.record),
        **more,
    }


class TestHandler:
    """The handler by itself, called with event records and without a topic."""

    @pytest.fixture
    def message(self, ses_backend, customers):
        bounces.set_up()
        bounces.confirm_order(customers, "ada@example.org", 7)
        return ses_backend.outbox.one()

    @pytest.mark.parametrize(
        ("type", "subtype", "expected"),
        [
            ("Permanent", "General", {"ada@example.org"}),
            ("Transient", "MailboxFull", set()),
            ("Undetermined", "Undetermined", set()),
        ],
    )
    def test_bounce(self, ses_backend, customers, message, type, subtype, expected):
        """Only permanent bounces block an address."""
        event = ses_backend.bounce(message, type=type, subtype=subtype)
        assert bounces.handle(customers, envelope(event)) == 200
        assert customers.bounced == expected

    def test_complaint(self, ses_backend, customers, message):
        """A complaint blocks an address."""
        bounces.handle(customers, envelope(ses_backend.complain(message)))
        assert customers.complained == {"ada@example.org"}

    def test_other_events(self, ses_backend, customers, message):
        """Any other event is accepted and ignored."""
        ses_backend.delay(message)
        statuses = [
            bounces.handle(customers, envelope(event, MessageId=str(number)))
            for number, event in enumerate(message.events)
        ]
        assert statuses == [200, 200, 200]
        assert customers.can_receive("ada@example.org")

    def test_other_topic(self, ses_backend, customers, message):
        """An event of another topic is rejected."""
        event = ses_backend.bounce(message)
        other = "arn:aws:sns:us-east-1:999988887777:other"
        assert bounces.handle(customers, envelope(event, TopicArn=other)) == 403
        assert customers.can_receive("ada@example.org")


class TestEndToEnd:
    """The complete path from the send through the topic to the handler."""

    @pytest.mark.ses_bounce("bob@example.org")
    def test_bounce(self, ses_backend, webhook, customers):
        """After a permanent bounce, nothing more is sent."""
        assert bounces.confirm_order(customers, "bob@example.org", 7)
        assert not bounces.confirm_order(customers, "bob@example.org", 8)
        assert len(ses_backend.outbox) == 1

    @pytest.mark.ses_bounce("bob@example.org", "Transient", "MailboxFull")
    def test_full_mailbox(self, webhook, customers):
        """A full mailbox does not block the address."""
        bounces.confirm_order(customers, "bob@example.org", 7)
        assert customers.can_receive("bob@example.org")

    @pytest.mark.ses_complaint("bob@example.org", after=timedelta(hours=8))
    def test_complaint(self, ses_backend, webhook, customers):
        """A complaint that arrives hours later blocks the address then."""
        bounces.confirm_order(customers, "bob@example.org", 7)
        assert customers.can_receive("bob@example.org")
        ses_backend.clock.advance(hours=9)
        assert customers.complained == {"bob@example.org"}

    def test_duplicate(self, webhook, customers):
        """A notification that is delivered twice is handled once."""
        bounces.confirm_order(customers, "bounce@simulator.amazonses.com", 7)
        customers.bounced.clear()  # the customer opened a new mailbox
        assert webhook.redeliver().ok
        assert customers.bounced == set()

    def test_invalid_json(self, webhook):
        """A message that is not JSON is accepted, so that SNS does not retry it."""
        assert webhook.publish("Hello").ok

    def test_other_topic(self, ses_backend, webhook, customers):
        """A notification of another topic is rejected even with a valid signature."""
        bounces.confirm_order(customers, "bounce@simulator.amazonses.com", 7)
        customers.bounced.clear()
        assert webhook.from_topic("arn:aws:sns:us-east-1:999988887777:other").status == 403
        assert customers.bounced == set()
