"""The tests of `newsletter.py`: the main job of pytest-ses, on real boto3 calls."""

from __future__ import annotations

import boto3
import newsletter
import pytest
from botocore.exceptions import ClientError

STORIES = ["We moved", "New prices"]


def test_welcome(ses_backend):
    """A new reader gets a welcome."""
    ses_backend.verify("example.com")
    message_id = newsletter.sign_up("ada@example.org")
    message = ses_backend.outbox.one(to="ada@example.org")
    assert message.subject == "Welcome, Ada"
    assert message.message_id == message_id


def test_unverified_sender(ses_backend):
    """Where nobody verified the domain, SES refuses as the real one does."""
    with pytest.raises(newsletter.ses.exceptions.MessageRejected, match="not verified"):
        newsletter.sign_up("ada@example.org")
    assert len(ses_backend.outbox) == 0
    assert ses_backend.calls[-1].error.code == "MessageRejected"


@pytest.mark.ses(verified=["example.com"])
class TestNewsletter:
    """An issue goes out to all readers."""

    @pytest.fixture(autouse=True)
    def ready(self, ses_backend):
        newsletter.set_up()

    def test_everyone_gets_their_own(self, ses_backend):
        """Each reader is called by name; all get the same stories."""
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

    def test_one_bad_address(self, ses_backend):
        """One bad address does not keep the others from their issue."""
        readers = {"ada@example.org": "Ada", "bob": "Bob", "cleo@example.org": "Cleo"}
        report = newsletter.send_newsletter(readers, title="June", stories=STORIES)
        assert report.sent == ["ada@example.org", "cleo@example.org"]
        assert report.refused == {"bob": "Missing final '@domain'"}
        assert len(ses_backend.outbox) == 2

    @pytest.mark.ses(daily_quota=2)
    def test_quota_used_up(self, ses_backend):
        """Who did not fit into the day's quota is for later, and later they get it."""
        readers = {f"reader{n}@example.org": "you" for n in range(3)}
        report = newsletter.send_newsletter(readers, title="June", stories=STORIES)
        assert report.retry_later == ["reader2@example.org"]
        ses_backend.clock.advance(hours=24)
        late = {address: readers[address] for address in report.retry_later}
        assert newsletter.send_newsletter(late, title="June", stories=STORIES).sent == list(late)

    @pytest.mark.ses(sandbox=True)
    def test_sandbox(self, ses_backend):
        """In the sandbox only verified readers get anything."""
        ses_backend.verify("ada@example.org")
        readers = {"ada@example.org": "Ada", "bob@example.org": "Bob"}
        report = newsletter.send_newsletter(readers, title="June", stories=STORIES)
        assert report.sent == ["ada@example.org"]
        assert list(report.refused) == ["bob@example.org"]

    def test_paused(self, sesv2_client):
        """Nothing goes out while the configuration set is paused."""
        sesv2_client.put_configuration_set_sending_options(
            ConfigurationSetName=newsletter.CONFIGURATION_SET, SendingEnabled=False
        )
        with pytest.raises(
            ClientError, match="Sending is paused for configuration set newsletters"
        ):
            newsletter.send_newsletter({"ada@example.org": "Ada"}, title="June", stories=STORIES)


def test_old_and_new_client_share_everything(ses_backend):
    """What a v1 client made before this test creates, a v2 client sees, and the other way round."""
    newsletter.set_up()
    assert [
        one["TemplateName"] for one in newsletter.sesv2.list_email_templates()["TemplatesMetadata"]
    ] == ["newsletter"]
    described = newsletter.ses.describe_configuration_set(ConfigurationSetName="newsletters")
    assert described["ConfigurationSet"] == {"Name": "newsletters"}


def test_another_region(ses_backend):
    """Each region is an account of its own."""
    boto3.client("ses", region_name="eu-west-1").verify_email_identity(EmailAddress="a@example.com")
    assert list(ses_backend.account("eu-west-1").identities) == ["a@example.com"]
    assert list(ses_backend.account("us-east-1").identities) == []
