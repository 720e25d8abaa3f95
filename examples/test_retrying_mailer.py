"""Tests of `retrying_mailer.py`: planned failures, and retries that wait in virtual time."""

from __future__ import annotations

import pytest
import retrying_mailer
from botocore.exceptions import ClientError
from retrying_mailer import DailyQuotaReached, Mailer, NotSent, OutcomeUnknown

from pytest_ses import CorruptResponse, Delay, Disconnect, ResponseLost, ServerError, Timeout

pytestmark = pytest.mark.ses(verified=["example.com"])


@pytest.fixture(autouse=True)
def virtual_time(ses_backend, monkeypatch):
    """The mailer waits in virtual time, which moves the clock of the account."""
    monkeypatch.setattr(retrying_mailer, "sleep", ses_backend.clock.sleep)


@pytest.fixture
def template(sesv2_client):
    """The template of the newsletter."""
    sesv2_client.create_email_template(
        TemplateName=retrying_mailer.TEMPLATE,
        TemplateContent={"Subject": "News", "Text": "Dear reader"},
    )


def send_order(mailer, key="order-7", **more):
    return mailer.send(key, "ada@example.org", "Your order", "It is on its way.", **more)


class TestThrottling:
    @pytest.mark.ses_throttle("SendEmail", times=2)
    def test_twice(self, ses_backend):
        """A message that is throttled twice is sent at the third attempt."""
        assert send_order(Mailer()) == ses_backend.outbox.one().message_id
        assert ses_backend.clock.sleeps == [2, 4]

    @pytest.mark.ses_throttle("SendEmail")
    def test_every_attempt(self, ses_backend):
        """After four attempts the mailer gives up, and nothing is sent."""
        with pytest.raises(NotSent):
            send_order(Mailer())
        assert len(ses_backend.calls) == 4
        assert not ses_backend.outbox

    @pytest.mark.ses(send_rate=1)
    def test_send_rate(self, ses_backend):
        """A mailer that exceeds the send rate slows down, and every message is sent."""
        mailer = Mailer()
        for number in range(5):
            send_order(mailer, f"order-{number}")
        assert len(ses_backend.outbox) == 5
        assert set(ses_backend.clock.sleeps) == {2}

    @pytest.mark.ses_throttle("SendEmail", probability=0.4, seed="a bad day")
    def test_queue(self, ses_backend):
        """When many calls are throttled, every message in a queue is still sent exactly once."""
        mailer = Mailer()
        queue = [f"order-{number}" for number in range(40)]
        while queue:
            key = queue.pop(0)
            try:
                send_order(mailer, key)
            except NotSent:
                queue.append(key)
        assert (
            len(ses_backend.outbox)
            == len({message.tags["key"] for message in ses_backend.outbox})
            == 40
        )


class TestNetwork:
    @pytest.mark.ses_fail("SendEmail", Timeout("connect"), times=3)
    def test_no_connection(self, ses_backend):
        """A message that certainly did not reach SES is sent again."""
        send_order(Mailer())
        assert len(ses_backend.outbox) == 1

    @pytest.mark.parametrize(
        "fault",
        [Timeout(), Disconnect(), ServerError(504), ResponseLost(), Delay(30), CorruptResponse()],
        ids=repr,
    )
    def test_no_response(self, ses_backend, fault):
        """Without a response the outcome is unknown, and the message is never sent again."""
        mailer = Mailer()
        failure = ses_backend.fail("SendEmail", fault)
        for _ in range(2):
            with pytest.raises(OutcomeUnknown):
                send_order(mailer)
        assert failure.fired == len(ses_backend.calls) == 1
        assert len(ses_backend.outbox) <= 1

    @pytest.mark.ses_fail("SendEmail", ResponseLost(), times=1)
    def test_at_least_once(self, ses_backend):
        """With `at_least_once` there may be two copies, which have the same tag."""
        message_id = send_order(Mailer(), at_least_once=True)
        copies = ses_backend.outbox.filter(tags={"key": "order-7"})
        assert [copy.message_id for copy in copies][1:] == [message_id]


@pytest.mark.ses_each_error("sesv2:SendEmail")
def test_each_error(ses_backend, ses_each_error):
    """Every SES error reaches the caller, and only throttling is retried."""
    with pytest.raises((NotSent, ClientError)):
        send_order(Mailer())
    attempts = 4 if ses_each_error == "TooManyRequestsException" else 1
    assert len(ses_backend.calls) == attempts
    assert not ses_backend.outbox


class TestOnce:
    def test_same_key(self, ses_backend):
        """A job that runs twice sends one message."""
        mailer = Mailer()
        assert send_order(mailer) == send_order(mailer)
        assert len(ses_backend.outbox) == 1

    @pytest.mark.ses(daily_quota=1)
    def test_daily_quota(self, ses_backend):
        """At the daily quota, the mailer does not retry; a day later, it sends."""
        mailer = Mailer()
        send_order(mailer, "order-1")
        with pytest.raises(DailyQuotaReached):
            send_order(mailer, "order-2")
        assert ses_backend.clock.sleeps == []
        ses_backend.clock.advance(hours=24)
        send_order(mailer, "order-2")


@pytest.mark.usefixtures("template")
class TestNewsletter:
    READERS = ("ada@example.org", "bob@example.org", "cleo@example.org")

    @pytest.mark.ses_bulk_status("TRANSIENT_FAILURE", to="bob@example.org", times=2)
    def test_transient_failure(self, ses_backend):
        """Only a reader with a transient failure is retried; each receives one message."""
        report = retrying_mailer.send_newsletter(self.READERS)
        assert sorted(report.sent) == list(self.READERS)
        assert len(ses_backend.outbox) == 3
        bulk = [call for call in ses_backend.calls if call.operation == "SendBulkEmail"]
        assert [len(call.params["BulkEmailEntries"]) for call in bulk] == [3, 1, 1]

    @pytest.mark.ses_each_bulk_status(to="bob@example.org")
    def test_each_status(self, ses_backend, ses_each_bulk_status):
        """Any failure of one reader is reported, and the others receive their message."""
        report = retrying_mailer.send_newsletter(self.READERS)
        assert report.sent == ["ada@example.org", "cleo@example.org"]
        if ses_each_bulk_status in retrying_mailer.TRANSIENT:
            assert report.gave_up == ["bob@example.org"]
        elif ses_each_bulk_status == "ACCOUNT_DAILY_QUOTA_EXCEEDED":
            assert report.over_quota == ["bob@example.org"]
        else:
            assert report.rejected == {"bob@example.org": ses_each_bulk_status}

    @pytest.mark.ses(daily_quota=60)
    def test_daily_quota(self, ses_backend):
        """When the daily quota is used up, the mailer stops; the rest is sent a day later."""
        readers = [f"reader{number}@example.org" for number in range(120)]
        report = retrying_mailer.send_newsletter(readers)
        assert (len(report.sent), report.over_quota) == (60, readers[60:])
        assert [call.operation for call in ses_backend.calls].count("SendBulkEmail") == 2
        ses_backend.clock.advance(hours=24)
        assert retrying_mailer.send_newsletter(report.over_quota).sent == readers[60:]

    @pytest.mark.ses_fail("SendBulkEmail", ResponseLost(), times=1)
    def test_lost_response(self, ses_backend):
        """After a lost response, no reader receives a second message."""
        assert retrying_mailer.send_newsletter(self.READERS).unknown == list(self.READERS)
        assert len(ses_backend.outbox) == 3

    def test_throttled_as_a_whole(self, ses_backend):
        """A call that is throttled as a whole is retried as a whole."""
        with ses_backend.throttle("SendBulkEmail", times=3) as failure:
            assert retrying_mailer.send_newsletter(self.READERS).sent == list(self.READERS)
        assert [call.error.code for call in failure.calls] == ["TooManyRequestsException"] * 3
