"""The tests of `bounces.py`: what happens after the send, by way of SNS."""

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
    """An event as SNS would wrap it, as far as the handler looks."""
    return {
        "Type": "Notification",
        "MessageId": "1",
        "TopicArn": bounces.TOPIC_ARN,
        "Message": json.dumps(event.record),
        **more,
    }


class TestHandler:
    """The function by itself: records of events, and no topic."""

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
        """Only who bounced for good is marked."""
        event = ses_backend.bounce(message, type=type, subtype=subtype)
        assert bounces.handle(customers, envelope(event)) == 200
        assert customers.bounced == expected

    def test_complaint(self, ses_backend, customers, message):
        """Who complained is marked."""
        bounces.handle(customers, envelope(ses_backend.complain(message)))
        assert customers.complained == {"ada@example.org"}

    def test_other_events(self, ses_backend, customers, message):
        """Any other event is taken, and changes nothing."""
        ses_backend.delay(message)
        answers = [
            bounces.handle(customers, envelope(event, MessageId=str(number)))
            for number, event in enumerate(message.events)
        ]
        assert answers == [200, 200, 200]
        assert customers.may_get_mail("ada@example.org")

    def test_other_topic(self, ses_backend, customers, message):
        """What comes of another topic is refused."""
        event = ses_backend.bounce(message)
        other = "arn:aws:sns:us-east-1:999988887777:other"
        assert bounces.handle(customers, envelope(event, TopicArn=other)) == 403
        assert customers.may_get_mail("ada@example.org")


class TestWayThere:
    """The whole way, from the send over the topic to the handler."""

    @pytest.mark.ses_bounce("bob@example.org")
    def test_bounce(self, ses_backend, webhook, customers):
        """After a hard bounce nothing more is sent."""
        assert bounces.confirm_order(customers, "bob@example.org", 7)
        assert not bounces.confirm_order(customers, "bob@example.org", 8)
        assert len(ses_backend.outbox) == 1

    @pytest.mark.ses_bounce("bob@example.org", "Transient", "MailboxFull")
    def test_full_mailbox(self, webhook, customers):
        """A full mailbox may be empty tomorrow."""
        bounces.confirm_order(customers, "bob@example.org", 7)
        assert customers.may_get_mail("bob@example.org")

    @pytest.mark.ses_complaint("bob@example.org", after=timedelta(hours=8))
    def test_complaint(self, ses_backend, webhook, customers):
        """A complaint comes hours later, and counts then."""
        bounces.confirm_order(customers, "bob@example.org", 7)
        assert customers.may_get_mail("bob@example.org")
        ses_backend.clock.advance(hours=9)
        assert customers.complained == {"bob@example.org"}

    def test_duplicate(self, webhook, customers):
        """A notification that comes twice does nothing the second time."""
        bounces.confirm_order(customers, "bounce@simulator.amazonses.com", 7)
        customers.bounced.clear()  # the customer has a new mailbox
        assert webhook.redeliver().ok
        assert customers.bounced == set()

    def test_nonsense(self, webhook):
        """A message that is no JSON is taken, so that SNS does not send it again."""
        assert webhook.publish("Hello").ok

    def test_other_topic(self, ses_backend, webhook, customers):
        """A notification of another topic is refused, however well it is signed."""
        bounces.confirm_order(customers, "bounce@simulator.amazonses.com", 7)
        customers.bounced.clear()
        assert webhook.from_topic("arn:aws:sns:us-east-1:999988887777:other").status == 403
        assert customers.bounced == set()
