"""Which calls does a rule answer, and when?"""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from hypothesis import given, strategies as st
from senders import addresses

from pytest_ses import SESBackend
from pytest_ses.faults.words import Words
from pytest_ses.wire import Fault


def mail(to="b@example.org", **more):
    return {
        "FromEmailAddress": "News <a@example.com>",
        "Destination": {"ToAddresses": [to]},
        "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
        **more,
    }


def fails(backend, params=None, service="sesv2", operation="SendEmail", **elsewhere):
    """Whether a call is throttled."""
    try:
        backend.call(service, operation, mail() if params is None else params, **elsewhere)
    except Fault as fault:
        return fault.code in {"Throttling", "TooManyRequestsException"}
    return False


def failing(backend, calls=8, **words):
    """The numbers of the calls that fail, from 1."""
    backend.throttle("SendEmail", **words)
    return [number for number in range(1, calls + 1) if fails(backend)]


@pytest.fixture
def quiet():
    return SESBackend(verified=["*"], seed=1)


WORDS = Words.__annotations__


class TestSchedule:
    @pytest.mark.parametrize(
        ("words", "expected"),
        [
            ({}, [1, 2, 3, 4, 5, 6, 7, 8]),
            (dict.fromkeys(WORDS), [1, 2, 3, 4, 5, 6, 7, 8]),
            ({"times": 2}, [1, 2]),
            ({"after": 2}, [3, 4, 5, 6, 7, 8]),
            ({"every": 2}, [2, 4, 6, 8]),
            ({"every": 3, "times": 1}, [3]),
            ({"after": 1, "every": 2}, [3, 5, 7]),
            ({"after": 2, "times": 3}, [3, 4, 5]),
            ({"probability": 1}, [1, 2, 3, 4, 5, 6, 7, 8]),
            ({"probability": 0}, []),
        ],
        ids=str,
    )
    def test_words(self, quiet, words, expected):
        """`times`, `after`, `every` and `probability` say which of the calls fail."""
        assert expected == failing(quiet, **words)

    def test_chance(self, quiet):
        """A chance hits some, about as many as it says."""
        hits = failing(quiet, calls=400, probability=0.25)
        assert 60 < len(hits) < 140

    def test_seed(self):
        """The same seed draws the same, in whatever backend; another one does not."""
        words = {"calls": 50, "probability": 0.5}
        first = failing(SESBackend(verified=["*"]), seed="dice", **words)
        assert first == failing(SESBackend(verified=["*"]), seed="dice", **words)
        assert first != failing(SESBackend(verified=["*"]), seed=7, **words)

    def test_seed_of_the_backend(self):
        """Without a seed of its own a rule draws from that of the backend, each rule anew."""
        words = {"calls": 50, "probability": 0.5}
        first = failing(SESBackend(verified=["*"], seed=3), **words)
        assert first == failing(SESBackend(verified=["*"], seed=3), **words)
        assert first != failing(SESBackend(verified=["*"], seed=4), **words)

    @given(times=st.none() | st.integers(1, 5), after=st.integers(0, 5), every=st.integers(1, 4))
    def test_together(self, times, after, every):
        """Whatever the schedule, it is that of the words read one by one."""
        backend = SESBackend(verified=["*"])
        due = [n for n in range(1, 13) if n > after and (n - after) % every == 0]
        assert due[:times] == failing(backend, calls=12, times=times, after=after, every=every)


class TestStack:
    def test_in_the_order_planned(self, quiet):
        """The first that matches and is not spent answers."""
        first = quiet.throttle("SendEmail", times=2)
        second = quiet.throttle("SendEmail", times=1)
        assert [True, True, True, False] == [fails(quiet) for _ in range(4)]
        assert [first, first, second, None] == [call.fault for call in quiet.calls]
        assert (2, 1) == (first.fired, second.fired)

    def test_counts_what_reaches_it(self, quiet):
        """A rule counts the calls that no earlier rule has answered."""
        quiet.throttle("SendEmail", times=1)
        quiet.throttle("SendEmail", after=1)
        assert [True, False, True] == [fails(quiet) for _ in range(3)]

    def test_remove(self, quiet):
        """A rule that is taken back answers no more."""
        rule = quiet.throttle("SendEmail")
        assert fails(quiet)
        rule.remove()
        assert not fails(quiet)
        assert (1, quiet.calls[:1]) == (rule.fired, rule.calls)

    def test_block(self, quiet):
        """As a context manager it ends with its block."""
        with quiet.throttle("SendEmail") as rule:
            assert fails(quiet)
        assert not fails(quiet)
        assert "<PlannedFailure throttle('SendEmail'), fired 1>" == repr(rule)

    def test_reset(self, quiet):
        """A reset ends all rules; what did not happen until then is still spoken of."""
        rule = quiet.throttle("SendEmail")
        quiet.reset()
        assert not fails(quiet)
        assert [rule] == list(quiet.rules)
        assert 1 == len(quiet.unused_faults())


RAW = EmailMessage()
RAW["From"] = "Ada <ada@example.com>"
RAW["To"] = "bob@example.org, Cleo <cleo@example.org>"
RAW["Bcc"] = "dan@example.org"
RAW["X-SES-CONFIGURATION-SET"] = "raw-set"
RAW.set_content("Hi")

RAW_V1 = ("ses", "SendRawEmail", {"RawMessage": {"Data": bytes(RAW)}})
RAW_V2 = ("sesv2", "SendEmail", {"Content": {"Raw": {"Data": bytes(RAW)}}})
ENVELOPE = ("ses", "SendRawEmail", {**RAW_V1[2], "Destinations": ["eve@example.org"]})
SIMPLE = (
    "sesv2",
    "SendEmail",
    mail(
        "bob@example.org",
        Destination=addresses(["Bob <bob@EXAMPLE.org>"], ["cc@example.org"], ["bcc@example.org"]),
        ConfigurationSetName="set",
    ),
)
TEMPLATED = (
    "ses",
    "SendTemplatedEmail",
    {
        "Source": "a@example.com",
        "Destination": addresses(),
        "Template": "t",
        "TemplateData": "{}",
    },
)
BULK = (
    "sesv2",
    "SendBulkEmail",
    {
        "FromEmailAddress": "a@example.com",
        "DefaultContent": {"Template": {"TemplateName": "t", "TemplateData": "{}"}},
        "BulkEmailEntries": [
            {"Destination": addresses(["one@example.org"])},
            {"Destination": addresses(["two@example.org"])},
        ],
    },
)
VERIFICATION = (
    "sesv2",
    "SendCustomVerificationEmail",
    {"EmailAddress": "eve@example.org", "TemplateName": "t"},
)
QUOTA = ("ses", "GetSendQuota", {})


class TestMatch:
    @pytest.mark.parametrize(
        ("call", "words"),
        [
            (SIMPLE, {"to": "bob@example.org"}),
            (SIMPLE, {"to": "cc@example.org"}),
            (SIMPLE, {"to": "bcc@example.org"}),
            (SIMPLE, {"to": re.compile("^bob@")}),
            (SIMPLE, {"to": lambda address: address.startswith("cc")}),
            (SIMPLE, {"to": ["bob@example.org", "cc@example.org", "bcc@example.org"]}),
            (SIMPLE, {"sender": "a@example.com"}),
            (SIMPLE, {"sender": re.compile("example.com$"), "to": "bob@example.org"}),
            (SIMPLE, {"configuration_set": "set"}),
            (SIMPLE, {"region": "us-east-1"}),
            (SIMPLE, {"when": lambda call: call.params["FromEmailAddress"].startswith("News")}),
            (RAW_V1, {"to": "cleo@example.org"}),
            (RAW_V2, {"to": "dan@example.org"}),
            (RAW_V1, {"sender": "ada@example.com"}),
            (RAW_V2, {"configuration_set": "raw-set"}),
            (ENVELOPE, {"to": "eve@example.org"}),
            (TEMPLATED, {"template": "t"}),
            (BULK, {"template": re.compile("^t$")}),
            (BULK, {"to": "two@example.org"}),
            (VERIFICATION, {"to": "eve@example.org", "template": "t"}),
        ],
    )
    def test_fits(self, quiet, call, words):
        """A call that fits is answered, whatever operation it came by."""
        service, operation, params = call
        quiet.throttle(**words)
        assert fails(quiet, params, service, operation)

    @pytest.mark.parametrize(
        ("call", "words"),
        [
            (SIMPLE, {"to": "bo@example.org"}),
            (SIMPLE, {"to": ["bob@example.org"]}),
            (SIMPLE, {"sender": "News"}),
            (SIMPLE, {"configuration_set": "other"}),
            (SIMPLE, {"template": "t"}),
            (SIMPLE, {"region": "eu-west-1"}),
            (SIMPLE, {"when": lambda call: call.attempt > 1}),
            (SIMPLE, {"to": "bob@example.org", "sender": "x@example.com"}),
            (ENVELOPE, {"to": "bob@example.org"}),
            (RAW_V1, {"configuration_set": "set"}),
            (QUOTA, {"to": "a@example.org"}),
            (QUOTA, {"sender": "a@example.com"}),
            (QUOTA, {"configuration_set": "set"}),
        ],
    )
    def test_does_not_fit(self, quiet, call, words):
        """All words have to fit, else the call is answered as ever."""
        service, operation, params = call
        quiet.throttle("SendEmail", "SendRawEmail", "GetSendQuota", **words)
        assert not fails(quiet, params, service, operation)

    def test_elsewhere(self, quiet):
        """The region is that of the call."""
        quiet.throttle(region="eu-west-1")
        assert not fails(quiet)
        quiet.account("eu-west-1").verify("*")
        assert fails(quiet, region="eu-west-1")

    @pytest.mark.parametrize(
        ("operations", "v1", "v2"),
        [
            (["SendEmail"], True, True),
            (["send_email"], True, True),
            (["ses:SendEmail"], True, False),
            (["sesv2:send_email"], False, True),
            (["GetSendQuota", "sesv2:SendEmail"], False, True),
            (["SendBulkEmail"], False, False),
            ([], True, True),
        ],
    )
    def test_operations(self, quiet, operations, v1, v2):
        """An operation is named as in the model or as in boto3, in both APIs or in one."""
        quiet.throttle(*operations)
        simple = {
            "Source": "a@example.com",
            "Destination": addresses(),
            "Message": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
        }
        assert (v1, v2) == (fails(quiet, simple, "ses"), fails(quiet))

    def test_predicate_that_fails(self, quiet):
        """A predicate of the test's own that raises is heard, and leaves nothing locked."""
        quiet.throttle(when=lambda call: call.params["Nonsense"], times=1)
        with pytest.raises(KeyError, match="Nonsense"):
            fails(quiet)


MISUSE = [
    (
        lambda b: b.throttle("SendEmial"),
        "SES has no operation 'SendEmial'; did you mean 'SendEmail'",
    ),
    (
        lambda b: b.throttle("ses:SendBulkEmail"),
        "ses has no operation 'SendBulkEmail'; did you mean",
    ),
    (
        lambda b: b.throttle("sesv3:SendEmail"),
        "no service 'sesv3' in 'sesv3:SendEmail'; did you mean",
    ),
    (lambda b: b.throttle(["SendEmail"]), "is no operation: give names, one by one"),
    (lambda b: b.throttle("GetAccount", daily_quota=True), "sesv2:GetAccount, which does not send"),
    (lambda b: b.throttle(tmies=2), "there is no word 'tmies'; did you mean 'times'"),
    (lambda b: b.throttle(times=0), "times=0 is not possible: give a whole number from 1"),
    (lambda b: b.throttle(times=True), "times=True is not possible"),
    (lambda b: b.throttle(times=1.5), "times=1.5 is not possible"),
    (lambda b: b.throttle(after=-1), "after=-1 is not possible: give a whole number from 0"),
    (lambda b: b.throttle(every=0), "every=0 is not possible"),
    (
        lambda b: b.throttle(probability=1.1),
        "probability=1.1 is not possible: give a number from 0",
    ),
    (lambda b: b.throttle(probability="1"), "probability='1' is not possible"),
    (lambda b: b.throttle(probability=True), "probability=True is not possible"),
    (lambda b: b.throttle(seed=1), "seed=… has no effect without probability=…"),
    (lambda b: b.throttle(seed=1, probability=None), "seed=… has no effect without probability=…"),
    (lambda b: b.throttle(tmies=None), "there is no word 'tmies'"),
    (lambda b: b.throttle(seed=1.5, probability=1), "seed=1.5 is not possible"),
    (lambda b: b.throttle(when="yes"), "when='yes' is not possible: give a predicate"),
    (lambda b: b.throttle(to=5), "to=5 is not possible: give an address"),
    (lambda b: b.throttle(to=[5]), "to=[5] is not possible: give an address"),
    (lambda b: b.throttle(sender=["a"]), "sender=['a'] is not possible"),
    (lambda b: b.throttle(template=1), "template=1 is not possible: give a name"),
    (lambda b: b.throttle(configuration_set=1), "configuration_set=1 is not possible: give a name"),
    (lambda b: b.throttle(region=1), "region=1 is not possible: give a region"),
    (lambda b: b.throttle(optional=1), "optional=1 is not possible: give True or False"),
    (
        lambda b: b.throttle(daily_quota="yes"),
        "daily_quota='yes' is not possible: give True or False",
    ),
    (lambda b: b.not_found("SendEmail", resource="tempalte"), "did you mean 'template'"),
    (lambda b: b.not_found("SendEmail", resource=5), "there is no resource 5"),
    (
        lambda b: b.not_found("ListIdentities"),
        "ses:ListIdentities cannot answer with a not-found error",
    ),
    (
        lambda b: b.not_found("ses:SendEmail", resource="template"),
        "ses:SendEmail cannot say that a template is not there; it can say so of configuration_set",
    ),
    (lambda b: b.fail("SendEmail", None), "None is no error: give a code such as"),
    (lambda b: b.fail("SendEmail", ""), "'' is no error: give a code such as"),
    (lambda b: b.fail("SendEmail", KeyError), "or a fault object such as"),
    (lambda b: b.fail("SendEmail", "MessageRejected", status=200), "status=200 is not possible"),
    (lambda b: b.fail("SendEmail", "MessageRejected", message=5), "message=5 is not possible"),
    (
        lambda b: b.bulk_status("TRANSIENT_FAILED"),
        "no status 'TRANSIENT_FAILED'; did you mean 'TRANSIENT_FAILURE'",
    ),
    (lambda b: b.bulk_status(5), "there is no status 5"),
    (lambda b: b.bulk_status("FAILED", index=-1), "index=-1 is not possible: give a whole number"),
    (lambda b: b.bulk_status("FAILED", index="0"), "index='0' is not possible"),
    (lambda b: b.bulk_status("FAILED", error=5), "error=5 is not possible"),
    (lambda b: b.bulk_status("SUCCESS", error="x"), "error='x' is not possible"),
    (lambda b: b.bulk_status("FAILED", indx=0), "there is no word 'indx'"),
]


@pytest.mark.parametrize(("plan", "said"), MISUSE, ids=[said for _, said in MISUSE])
def test_misuse(quiet, plan, said):
    """What cannot be planned is a ValueError with the value and the cure, and plans nothing."""
    with pytest.raises(ValueError, match=re.escape(said)):
        plan(quiet)
    assert () == quiet.rules


def test_fault_class():
    """A fault class in the place of an object is told how to be one; an object has no text."""
    from pytest_ses import Timeout

    backend = SESBackend()
    with pytest.raises(ValueError, match=r"such as Timeout\(\)"):
        backend.fail("SendEmail", Timeout)
    with pytest.raises(ValueError, match="message and status belong to an error code"):
        backend.fail("SendEmail", Timeout(), message="x")
