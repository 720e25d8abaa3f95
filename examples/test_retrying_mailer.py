"""The tests of `retrying_mailer.py`: failures on demand, and no test that waits."""

from __future__ import annotations

import pytest
import retrying_mailer
from botocore.exceptions import ClientError
from retrying_mailer import DailyQuotaReached, Mailer, NotSent, Unsure

from pytest_ses import CorruptResponse, Delay, Disconnect, ResponseLost, ServerError, Timeout

pytestmark = pytest.mark.ses(verified=["example.com"])


@pytest.fixture(autouse=True)
def virtual_time(ses_backend, monkeypatch):
    """The mailer's own waits move the clock of the account."""
    monkeypatch.setattr(retrying_mailer, "sleep", ses_backend.clock.sleep)


@pytest.fixture
def template(sesv2_client):
    """The template of the newsletter."""
    sesv2_client.create_email_template(
        TemplateName=retrying_mailer.TEMPLATE,
        TemplateContent={"Subject": "News", "Text": "Dear reader"},
    )


def order(mailer, key="order-7", **more):
    return mailer.send(key, "ada@example.org", "Your order", "It is on its way.", **more)


class TestThrottling:
    @pytest.mark.ses_throttle("SendEmail", times=2)
    def test_twice(self, ses_backend):
        """A mail that is throttled twice is sent at the third attempt."""
        assert order(Mailer()) == ses_backend.outbox.one().message_id
        assert ses_backend.clock.sleeps == [2, 4]

    @pytest.mark.ses_throttle("SendEmail")
    def test_for_good(self, ses_backend):
        """After four attempts the mailer gives up, and nothing is sent."""
        with pytest.raises(NotSent):
            order(Mailer())
        assert len(ses_backend.calls) == 4
        assert not ses_backend.outbox

    @pytest.mark.ses(send_rate=1)
    def test_own_rate(self, ses_backend):
        """A mailer that is too fast for its account slows down, and every mail arrives."""
        mailer = Mailer()
        for number in range(5):
            order(mailer, f"order-{number}")
        assert len(ses_backend.outbox) == 5
        assert set(ses_backend.clock.sleeps) == {2}

    @pytest.mark.ses_throttle("SendEmail", probability=0.4, seed="a bad day")
    def test_bad_day(self, ses_backend):
        """On a day when many calls are throttled a queue is worked off, each mail once."""
        mailer = Mailer()
        queue = [f"order-{number}" for number in range(40)]
        while queue:
            key = queue.pop(0)
            try:
                order(mailer, key)
            except NotSent:
                queue.append(key)
        assert len(ses_backend.outbox) == len({one.tags["key"] for one in ses_backend.outbox}) == 40


class TestNetwork:
    @pytest.mark.ses_fail("SendEmail", Timeout("connect"), times=3)
    def test_no_connection(self, ses_backend):
        """What certainly did not reach SES is sent again."""
        order(Mailer())
        assert len(ses_backend.outbox) == 1

    @pytest.mark.parametrize(
        "fault",
        [Timeout(), Disconnect(), ServerError(504), ResponseLost(), Delay(30), CorruptResponse()],
        ids=repr,
    )
    def test_no_answer(self, ses_backend, fault):
        """Where no answer arrives nobody knows, so nothing is sent again, not even later."""
        mailer = Mailer()
        rule = ses_backend.fail("SendEmail", fault)
        for _ in range(2):
            with pytest.raises(Unsure):
                order(mailer)
        assert rule.fired == len(ses_backend.calls) == 1
        assert len(ses_backend.outbox) <= 1

    @pytest.mark.ses_fail("SendEmail", ResponseLost(), times=1)
    def test_at_least_once(self, ses_backend):
        """Where a second copy is better than none there are two, with the same tag."""
        message_id = order(Mailer(), at_least_once=True)
        copies = ses_backend.outbox.filter(tags={"key": "order-7"})
        assert [copy.message_id for copy in copies][1:] == [message_id]


@pytest.mark.ses_each_error("sesv2:SendEmail")
def test_each_error(ses_backend, ses_each_error):
    """Whatever SES can refuse with, the caller hears of it, and only throttling is repeated."""
    with pytest.raises((NotSent, ClientError)):
        order(Mailer())
    attempts = 4 if ses_each_error == "TooManyRequestsException" else 1
    assert len(ses_backend.calls) == attempts
    assert not ses_backend.outbox


class TestOnce:
    def test_same_key(self, ses_backend):
        """A job that runs twice sends once."""
        mailer = Mailer()
        assert order(mailer) == order(mailer)
        assert len(ses_backend.outbox) == 1

    @pytest.mark.ses(daily_quota=1)
    def test_daily_quota(self, ses_backend):
        """At the daily quota the mailer does not try again; a day later it sends."""
        mailer = Mailer()
        order(mailer, "order-1")
        with pytest.raises(DailyQuotaReached):
            order(mailer, "order-2")
        assert ses_backend.clock.sleeps == []
        ses_backend.clock.advance(hours=24)
        order(mailer, "order-2")


@pytest.mark.usefixtures("template")
class TestNewsletter:
    READERS = ("ada@example.org", "bob@example.org", "cleo@example.org")

    @pytest.mark.ses_bulk_status("TRANSIENT_FAILURE", to="bob@example.org", times=2)
    def test_transient_failure(self, ses_backend):
        """Only the reader whose failure may pass is sent to again; each gets one mail."""
        report = retrying_mailer.send_newsletter(self.READERS)
        assert sorted(report.sent) == list(self.READERS)
        assert len(ses_backend.outbox) == 3
        bulk = [call for call in ses_backend.calls if call.operation == "SendBulkEmail"]
        assert [len(call.params["BulkEmailEntries"]) for call in bulk] == [3, 1, 1]

    @pytest.mark.ses_each_bulk_status(to="bob@example.org")
    def test_each_status(self, ses_backend, ses_each_bulk_status):
        """Whatever becomes of one reader, it is told, and the others have their mail."""
        report = retrying_mailer.send_newsletter(self.READERS)
        assert report.sent == ["ada@example.org", "cleo@example.org"]
        if ses_each_bulk_status in retrying_mailer.TRANSIENT:
            assert report.gave_up == ["bob@example.org"]
        elif ses_each_bulk_status == "ACCOUNT_DAILY_QUOTA_EXCEEDED":
            assert report.tomorrow == ["bob@example.org"]
        else:
            assert report.refused == {"bob@example.org": ses_each_bulk_status}

    @pytest.mark.ses(daily_quota=60)
    def test_daily_quota(self, ses_backend):
        """When the quota is used up half-way the mailer stops asking; the rest is for tomorrow."""
        readers = [f"reader{number}@example.org" for number in range(120)]
        report = retrying_mailer.send_newsletter(readers)
        assert (len(report.sent), report.tomorrow) == (60, readers[60:])
        assert [call.operation for call in ses_backend.calls].count("SendBulkEmail") == 2
        ses_backend.clock.advance(hours=24)
        assert retrying_mailer.send_newsletter(report.tomorrow).sent == readers[60:]

    @pytest.mark.ses_fail("SendBulkEmail", ResponseLost(), times=1)
    def test_lost_answer(self, ses_backend):
        """After a lost answer no reader gets a second mail."""
        assert retrying_mailer.send_newsletter(self.READERS).unsure == list(self.READERS)
        assert len(ses_backend.outbox) == 3

    def test_throttled_as_a_whole(self, ses_backend):
        """A call that is throttled as a whole is made again as a whole."""
        with ses_backend.throttle("SendBulkEmail", times=3) as rule:
            assert retrying_mailer.send_newsletter(self.READERS).sent == list(self.READERS)
        assert [call.error.code for call in rule.calls] == ["TooManyRequestsException"] * 3
