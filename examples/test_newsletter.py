"""Tests of `newsletter.py`: messages sent with real boto3 calls."""

from __future__ import annotations

import boto3
import newsletter
import pytest
from botocore.exceptions import ClientError

STORIES = ["We moved", "New prices"]


def test_welcome(ses_backend):
    """A new reader receives a welcome message."""
    ses_backend.verify("example.com")
    message_id = newsletter.sign_up("ada@example.org")
    message = ses_backend.outbox.one(to="ada@example.org")
    assert message.subject == "Welcome, Ada"
    assert message.message_id == message_id


def test_unverified_sender(ses_backend):
    """Without a verified domain, SES rejects the message."""
    with pytest.raises(newsletter.ses.exceptions.MessageRejected, match="not verified"):
        newsletter.sign_up("ada@example.org")
    assert len(ses_backend.outbox) == 0
    assert ses_backend.calls[-1].error.code == "MessageRejected"


@pytest.mark.ses(verified=["example.com"])
class TestNewsletter:
    """One issue sent to all readers."""

    @pytest.fixture(autouse=True)
    def set_up(self, ses_backend):
        newsletter.set_up()

    def test_personal_messages(self, ses_backend):
        """Each reader is addressed by name; all receive the same stories."""
        readers = {f"reader{n}@example.org": f"Reader {n}" for n in range(120)}
        report = newsletter.send_newsletter(readers, title="June", stories=STORIES)
        assert report.sent == list(readers)
        assert len(ses_backend.outbox) == 120
        message = ses_backend.outbox.one(to="reader7@example.org")
        assert message.subject == "June"
        assert message.text == "Dear Reader 7,\n* We moved\n* New prices\n"
        assert message.configuration_set == newsletter.CONFIGURATION_SET
        bulk = [call for call in ses_backend.calls if call.operation == "SendBulkEmail"]
        assert [len(call.params["BulkEmailEntries"]) for call in bulk] == [50, 50, 20]

    def test_invalid_address(self, ses_backend):
        """An invalid address does not affect the other readers."""
        readers = {"ada@example.org": "Ada", "bob": "Bob", "cleo@example.org": "Cleo"}
        report = newsletter.send_newsletter(readers, title="June", stories=STORIES)
        assert report.sent == ["ada@example.org", "cleo@example.org"]
        assert report.rejected == {"bob": "Missing final '@domain'"}
        assert len(ses_backend.outbox) == 2

    @pytest.mark.ses(daily_quota=2)
    def test_quota_used_up(self, ses_backend):
        """Readers beyond the daily quota receive the issue a day later."""
        readers = {f"reader{n}@example.org": "Reader" for n in range(3)}
        report = newsletter.send_newsletter(readers, title="June", stories=STORIES)
        assert report.retry_later == ["reader2@example.org"]
        ses_backend.clock.advance(hours=24)
        late = {address: readers[address] for address in report.retry_later}
        assert newsletter.send_newsletter(late, title="June", stories=STORIES).sent == list(late)

    @pytest.mark.ses(sandbox=True)
    def test_sandbox(self, ses_backend):
        """In the sandbox, only verified readers receive the issue."""
        ses_backend.verify("ada@example.org")
        readers = {"ada@example.org": "Ada", "bob@example.org": "Bob"}
        report = newsletter.send_newsletter(readers, title="June", stories=STORIES)
        assert report.sent == ["ada@example.org"]
        assert list(report.rejected) == ["bob@example.org"]

    def test_paused(self, sesv2_client):
        """Nothing is sent while the configuration set is paused."""
        sesv2_client.put_configuration_set_sending_options(
            ConfigurationSetName=newsletter.CONFIGURATION_SET, SendingEnabled=False
        )
        with pytest.raises(
            ClientError, match="Sending is paused for configuration set newsletters"
        ):
            newsletter.send_newsletter({"ada@example.org": "Ada"}, title="June", stories=STORIES)


def test_both_apis_share_state(ses_backend):
    """Templates and configuration sets are shared by the clients of v1 and v2."""
    newsletter.set_up()
    assert [
        template["TemplateName"]
        for template in newsletter.sesv2.list_email_templates()["TemplatesMetadata"]
    ] == ["newsletter"]
    response = newsletter.ses.describe_configuration_set(ConfigurationSetName="newsletters")
    assert response["ConfigurationSet"] == {"Name": "newsletters"}


def test_another_region(ses_backend):
    """Each region has its own identities."""
    boto3.client("ses", region_name="eu-west-1").verify_email_identity(EmailAddress="a@example.com")
    assert list(ses_backend.account("eu-west-1").identities) == ["a@example.com"]
    assert list(ses_backend.account("us-east-1").identities) == []
