"""Insights into messages and email addresses, through API v2."""

from datetime import timedelta

import pytest
from asking import error_of, require_operation, without_metadata
from senders import V2, addresses

ADA = "ada@gmail.com"


@pytest.fixture(name="send")
def _send(ses_backend):
    """A function that sends a message with HTML, by default to Ada, and returns its id."""
    ses_backend.verify("example.com")
    sender = V2()
    return lambda *to, **arguments: sender.simple(
        destination=addresses(to or [ADA]), html="<p>Hi</p>", **arguments
    )


@pytest.fixture(name="insights")
def _insights(sesv2_client):
    """A function that returns the events of a message by recipient, without timestamps."""

    def insights(message_id):
        response = sesv2_client.get_message_insights(MessageId=message_id)
        return {
            insight["Destination"]: [
                {name: value for name, value in event.items() if name != "Timestamp"}
                for event in insight["Events"]
            ]
            for insight in response["Insights"]
        }

    return insights


def test_message(ses_backend, sesv2_client, send):
    """Insights show sender, subject, tags and the events of a message with their times."""
    message_id = send(tags=[{"Name": "campaign", "Value": "june"}])
    response = without_metadata(sesv2_client.get_message_insights(MessageId=message_id))
    tags = {tag["Name"]: tag["Value"] for tag in response.pop("EmailTags")}
    [insight] = response.pop("Insights")
    assert {
        "MessageId": message_id,
        "FromEmailAddress": "news@example.com",
        "Subject": "Hello",
    } == response
    assert ("june", "SendEmail") == (tags["campaign"], tags["ses:operation"])
    assert (ADA, "Gmail") == (insight["Destination"], insight["Isp"])
    assert ["SEND", "DELIVERY"] == [event["Type"] for event in insight["Events"]]
    sent, delivered = (event["Timestamp"] for event in insight["Events"])
    assert timedelta(0) < delivered - sent < timedelta(seconds=1)


def test_no_subject(sesv2_client, send):
    """Insights into a message without a subject do not contain one."""
    response = sesv2_client.get_message_insights(MessageId=send(subject=""))
    assert "Subject" not in response


def test_bounce(ses_backend, send, insights):
    """A bounce shows its type and the diagnostic code."""
    ses_backend.recipient(ADA).bounces()
    bounce = {
        "BounceType": "PERMANENT",
        "BounceSubType": "General",
        "DiagnosticCode": "smtp; 550 5.1.1 user unknown",
    }
    expected = [{"Type": "SEND"}, {"Type": "BOUNCE", "Details": {"Bounce": bounce}}]
    assert {ADA: expected} == insights(send())


def test_bounce_without_diagnostic_code(ses_backend, send, insights):
    """A bounce without a diagnostic code shows only its type."""
    ses_backend.recipient(ADA).bounces("Transient", "General")
    bounce = {"BounceType": "TRANSIENT", "BounceSubType": "General"}
    [_, event] = insights(send())[ADA]
    assert {"Type": "BOUNCE", "Details": {"Bounce": bounce}} == event


def test_complaint(ses_backend, send, insights):
    """A complaint shows its feedback type."""
    message_id = send()
    ses_backend.complain(message_id, feedback_type="fraud")
    [_, _, event] = insights(message_id)[ADA]
    complaint = {"ComplaintFeedbackType": "fraud"}
    assert {"Type": "COMPLAINT", "Details": {"Complaint": complaint}} == event


def test_later_event(ses_backend, send, insights):
    """Events that happen after the delivery are shown."""
    message_id = send()
    ses_backend.open(message_id)
    assert {"Type": "OPEN"} == insights(message_id)[ADA][-1]


def test_several_recipients(send, insights):
    """Insights into a message to several recipients contain only the Send."""
    expected = [{"Type": "SEND"}]
    assert {ADA: expected, "bob@x.org": expected} == insights(send(ADA, "bob@x.org"))


def test_missing(sesv2_client):
    """Insights into a message that does not exist are rejected."""
    assert ("NotFoundException", 404, "Message 0100 does not exist.") == error_of(
        sesv2_client.get_message_insights, MessageId="0100"
    )


def test_address(ses_backend, sesv2_client):
    """An address has an overall verdict and one for each check."""
    require_operation(sesv2_client, "GetEmailAddressInsights")
    ses_backend.recipient("sales@example.com").bounces()
    response = sesv2_client.get_email_address_insights(EmailAddress="sales@example.com")
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
    } == response["MailboxValidation"]


def test_blank_address(sesv2_client):
    """A blank address is rejected."""
    require_operation(sesv2_client, "GetEmailAddressInsights")
    assert ("BadRequestException", 400, "EmailAddress can't be blank.") == error_of(
        sesv2_client.get_email_address_insights, EmailAddress=" "
    )
