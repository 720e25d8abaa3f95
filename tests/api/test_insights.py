"""Insights into mails and addresses through API v2."""

from datetime import timedelta

import pytest
from asking import answer, needs, refusal
from senders import V2, addresses

ADA = "ada@gmail.com"


@pytest.fixture(name="send")
def _send(ses_backend):
    """Send a mail with HTML to Ada, and give its id."""
    ses_backend.verify("example.com")
    sender = V2()
    return lambda *to, **words: sender.simple(
        destination=addresses(to or [ADA]), html="<p>Hi</p>", **words
    )


@pytest.fixture(name="insights")
def _insights(sesv2_client):
    """What is told of a mail, by recipient: each event without its time."""

    def insights(message_id):
        found = sesv2_client.get_message_insights(MessageId=message_id)
        return {
            one["Destination"]: [
                {name: value for name, value in event.items() if name != "Timestamp"}
                for event in one["Events"]
            ]
            for one in found["Insights"]
        }

    return insights


def test_message(ses_backend, sesv2_client, send):
    """A mail shows its sender, its subject, its tags and what happened to it when."""
    message_id = send(tags=[{"Name": "campaign", "Value": "june"}])
    found = answer(sesv2_client.get_message_insights(MessageId=message_id))
    tags = {tag["Name"]: tag["Value"] for tag in found.pop("EmailTags")}
    [insight] = found.pop("Insights")
    assert {
        "MessageId": message_id,
        "FromEmailAddress": "news@example.com",
        "Subject": "Hello",
    } == found
    assert ("june", "SendEmail") == (tags["campaign"], tags["ses:operation"])
    assert (ADA, "Gmail") == (insight["Destination"], insight["Isp"])
    assert ["SEND", "DELIVERY"] == [event["Type"] for event in insight["Events"]]
    sent, delivered = (event["Timestamp"] for event in insight["Events"])
    assert timedelta(0) < delivered - sent < timedelta(seconds=1)


def test_no_subject(sesv2_client, send):
    """A mail without a subject shows none."""
    found = sesv2_client.get_message_insights(MessageId=send(subject=""))
    assert "Subject" not in found


def test_bounce(ses_backend, send, insights):
    """A bounce shows its type, and what the server said."""
    ses_backend.recipient(ADA).bounces()
    bounce = {
        "BounceType": "PERMANENT",
        "BounceSubType": "General",
        "DiagnosticCode": "smtp; 550 5.1.1 user unknown",
    }
    expected = [{"Type": "SEND"}, {"Type": "BOUNCE", "Details": {"Bounce": bounce}}]
    assert {ADA: expected} == insights(send())


def test_bounce_without_a_word(ses_backend, send, insights):
    """A bounce that nothing is known of shows its type alone."""
    ses_backend.recipient(ADA).bounces("Transient", "General")
    bounce = {"BounceType": "TRANSIENT", "BounceSubType": "General"}
    [_, event] = insights(send())[ADA]
    assert {"Type": "BOUNCE", "Details": {"Bounce": bounce}} == event


def test_complaint(ses_backend, send, insights):
    """A complaint shows its kind."""
    message_id = send()
    ses_backend.complain(message_id, feedback_type="fraud")
    [_, _, event] = insights(message_id)[ADA]
    complaint = {"ComplaintFeedbackType": "fraud"}
    assert {"Type": "COMPLAINT", "Details": {"Complaint": complaint}} == event


def test_later(ses_backend, send, insights):
    """What happens later is shown too."""
    message_id = send()
    ses_backend.open(message_id)
    assert {"Type": "OPEN"} == insights(message_id)[ADA][-1]


def test_several_recipients(send, insights):
    """Of a mail to several recipients no more is told than that it was sent."""
    expected = [{"Type": "SEND"}]
    assert {ADA: expected, "bob@x.org": expected} == insights(send(ADA, "bob@x.org"))


def test_missing(sesv2_client):
    """A mail that was never sent is missed."""
    assert ("NotFoundException", 404, "Message 0100 does not exist.") == refusal(
        sesv2_client.get_message_insights, MessageId="0100"
    )


def test_address(ses_backend, sesv2_client):
    """An address has a verdict as a whole and one for each check."""
    needs(sesv2_client, "GetEmailAddressInsights")
    ses_backend.recipient("sales@example.com").bounces()
    found = sesv2_client.get_email_address_insights(EmailAddress="sales@example.com")
    high, low = {"ConfidenceVerdict": "HIGH"}, {"ConfidenceVerdict": "LOW"}
    assert {
        "IsValid": low,
        "Evaluations": {
            "HasValidSyntax": high,
            "HasValidDnsRecords": high,
            "MailboxExists": low,
            "IsRoleAddress": high,
            "IsDisposable": low,
            "IsRandomInput": low,
        },
    } == found["MailboxValidation"]


def test_blank_address(sesv2_client):
    """A blank address is refused."""
    needs(sesv2_client, "GetEmailAddressInsights")
    assert ("BadRequestException", 400, "EmailAddress can't be blank.") == refusal(
        sesv2_client.get_email_address_insights, EmailAddress=" "
    )
