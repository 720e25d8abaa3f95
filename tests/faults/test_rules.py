"""Matching and schedules of planned failures."""

from __future__ import annotations

import re
from email.message import EmailMessage

import pytest
from hypothesis import given, strategies as st
from senders import addresses

from pytest_ses import SESBackend
from pytest_ses.faults.options import FailureOptions
from pytest_ses.wire import Fault


def send_params(to="b@example.org", **more):
    return {
        "FromEmailAddress": "News <a@example.com>",
        "Destination": {"ToAddresses": [to]},
        "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
        **more,
    }


def fails(backend, params=None, service="sesv2", operation="SendEmail", **elsewhere):
    """Whether a call is throttled."""
    try:
        backend._call(service, operation, send_params() if params is None else params, **elsewhere)
    except Fault as fault:
        return fault.code in {"Throttling", "TooManyRequestsException"}
    return False


def failing(backend, calls=8, **arguments):
    """The numbers of the calls that fail, counted from 1."""
    backend.throttle("SendEmail", **arguments)
    return [number for number in range(1, calls + 1) if fails(backend)]


@pytest.fixture
def direct_backend():
    """A backend that is called directly, without boto3."""
    return SESBackend(verified=["*"], seed=1)


ARGUMENTS = FailureOptions.__annotations__


class TestSchedule:
    @pytest.mark.parametrize(
        ("arguments", "expected"),
        [
            ({}, [1, 2, 3, 4, 5, 6, 7, 8]),
            (dict.fromkeys(ARGUMENTS), [1, 2, 3, 4, 5, 6, 7, 8]),
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
    def test_arguments(self, direct_backend, arguments, expected):
        """`times`, `after`, `every` and `probability` select the calls that fail."""
        assert expected == failing(direct_backend, **arguments)

    def test_chance(self, direct_backend):
        """`probability` makes about that share of the calls fail."""
        failed = failing(direct_backend, calls=400, probability=0.25)
        assert 60 < len(failed) < 140

    def test_seed(self):
        """The same seed draws the same failures in any backend; another seed does not."""
        arguments = {"calls": 50, "probability": 0.5}
        first = failing(SESBackend(verified=["*"]), seed="dice", **arguments)
        assert first == failing(SESBackend(verified=["*"]), seed="dice", **arguments)
        assert first != failing(SESBackend(verified=["*"]), seed=7, **arguments)

    def test_seed_of_the_backend(self):
        """Without its own seed, a failure draws from the seed of the backend."""
        arguments = {"calls": 50, "probability": 0.5}
        first = failing(SESBackend(verified=["*"], seed=3), **arguments)
        assert first == failing(SESBackend(verified=["*"], seed=3), **arguments)
        assert first != failing(SESBackend(verified=["*"], seed=4), **arguments)

    @given(times=st.none() | st.integers(1, 5), after=st.integers(0, 5), every=st.integers(1, 4))
    def test_together(self, times, after, every):
        """Any combination of `times`, `after` and `every` selects the expected calls."""
        backend = SESBackend(verified=["*"])
        due = [n for n in range(1, 13) if n > after and (n - after) % every == 0]
        assert due[:times] == failing(backend, calls=12, times=times, after=after, every=every)


class TestOrder:
    def test_first_match_applies(self, direct_backend):
        """The first matching failure that is not used up applies."""
        first = direct_backend.throttle("SendEmail", times=2)
        second = direct_backend.throttle("SendEmail", times=1)
        assert [True, True, True, False] == [fails(direct_backend) for _ in range(4)]
        assert [first, first, second, None] == [call.fault for call in direct_backend.calls]
        assert (2, 1) == (first.fired, second.fired)

    def test_counted_calls(self, direct_backend):
        """A failure counts the calls that no earlier failure applied to."""
        direct_backend.throttle("SendEmail", times=1)
        direct_backend.throttle("SendEmail", after=1)
        assert [True, False, True] == [fails(direct_backend) for _ in range(3)]

    def test_remove(self, direct_backend):
        """A withdrawn failure no longer applies."""
        failure = direct_backend.throttle("SendEmail")
        assert fails(direct_backend)
        failure.remove()
        assert not fails(direct_backend)
        assert (1, direct_backend.calls[:1]) == (failure.fired, failure.calls)

    def test_block(self, direct_backend):
        """As a context manager, a failure ends with its block."""
        with direct_backend.throttle("SendEmail") as failure:
            assert fails(direct_backend)
        assert not fails(direct_backend)
        assert "<PlannedFailure throttle('SendEmail'), fired 1>" == repr(failure)

    def test_reset(self, direct_backend):
        """A reset ends all failures; those that did not happen are still reported."""
        failure = direct_backend.throttle("SendEmail")
        direct_backend.reset()
        assert not fails(direct_backend)
        assert [failure] == list(direct_backend.rules)
        assert 1 == len(direct_backend.unused_faults())


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
    send_params(
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
        ("call", "arguments"),
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
    def test_matches(self, direct_backend, call, arguments):
        """A call that matches fails, whatever its operation."""
        service, operation, params = call
        direct_backend.throttle(**arguments)
        assert fails(direct_backend, params, service, operation)

    @pytest.mark.parametrize(
        ("call", "arguments"),
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
    def test_does_not_match(self, direct_backend, call, arguments):
        """A call that does not match every argument succeeds."""
        service, operation, params = call
        direct_backend.throttle("SendEmail", "SendRawEmail", "GetSendQuota", **arguments)
        assert not fails(direct_backend, params, service, operation)

    def test_region(self, direct_backend):
        """`region` is matched against the region of the call."""
        direct_backend.throttle(region="eu-west-1")
        assert not fails(direct_backend)
        direct_backend.account("eu-west-1").verify("*")
        assert fails(direct_backend, region="eu-west-1")

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
    def test_operations(self, direct_backend, operations, v1, v2):
        """Operations are named as in the model or as in boto3, for both APIs or for one."""
        direct_backend.throttle(*operations)
        simple = {
            "Source": "a@example.com",
            "Destination": addresses(),
            "Message": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
        }
        assert (v1, v2) == (fails(direct_backend, simple, "ses"), fails(direct_backend))

    def test_predicate_that_raises(self, direct_backend):
        """An exception raised by the predicate propagates and leaves nothing locked."""
        direct_backend.throttle(when=lambda call: call.params["Nonsense"], times=1)
        with pytest.raises(KeyError, match="Nonsense"):
            fails(direct_backend)


MISUSE = [
    (
        lambda b: b.throttle("SendEmial"),
        "SES has no operation 'SendEmial'; did you mean 'SendEmail'",
    ),
    (
        lambda b: b.throttle("ses:SendBulkEmail"),
        "ses has no operation 'SendBulkEmail'; did you mean 'sesv2:SendBulkEmail'?",
    ),
    (
        lambda b: b.throttle("sesv2:send_raw_email"),
        "sesv2 has no operation 'send_raw_email'; did you mean 'ses:SendRawEmail'?",
    ),
    (
        lambda b: b.throttle("sesv2.SendEmail"),
        "operation='sesv2.SendEmail' is invalid; did you mean 'sesv2:SendEmail'?",
    ),
    (lambda b: b.throttle(""), "SES has no operation ''; expected a name such as 'SendEmail'"),
    (
        lambda b: b.throttle(operation="SendEmail"),
        "unknown argument operation='SendEmail'; pass operations as positional arguments",
    ),
    (
        lambda b: b.not_found(operations=["SendEmail"]),
        "unknown argument operations=['SendEmail']; pass operations as positional arguments",
    ),
    (lambda b: b.bulk_status("FAILED", operation="x"), "unknown argument 'operation'; "),
    (
        lambda b: b.throttle("sesv3:SendEmail"),
        "unknown service 'sesv3' in 'sesv3:SendEmail'; did you mean",
    ),
    (
        lambda b: b.throttle(["SendEmail"]),
        "is invalid; expected a name such as 'SendEmail'; pass each name as a separate argument",
    ),
    (
        lambda b: b.throttle("GetAccount", daily_quota=True),
        "daily_quota=True is invalid for sesv2:GetAccount; expected operations that send",
    ),
    (lambda b: b.throttle(tmies=2), "unknown argument 'tmies'; did you mean 'times'"),
    (lambda b: b.throttle(times=0), "times=0 is invalid; expected an integer of at least 1"),
    (lambda b: b.throttle(times=True), "times=True is invalid"),
    (lambda b: b.throttle(times=1.5), "times=1.5 is invalid"),
    (lambda b: b.throttle(after=-1), "after=-1 is invalid; expected an integer of at least 0"),
    (lambda b: b.throttle(every=0), "every=0 is invalid"),
    (
        lambda b: b.throttle(probability=1.1),
        "probability=1.1 is invalid; expected a number from 0",
    ),
    (lambda b: b.throttle(probability="1"), "probability='1' is invalid"),
    (lambda b: b.throttle(probability=True), "probability=True is invalid"),
    (lambda b: b.throttle(seed=1), "seed has no effect without probability; add probability"),
    (
        lambda b: b.throttle(seed=1, probability=None),
        "seed has no effect without probability; add probability",
    ),
    (lambda b: b.throttle(tmies=None), "unknown argument 'tmies'"),
    (lambda b: b.throttle(seed=1.5, probability=1), "seed=1.5 is invalid"),
    (lambda b: b.throttle(when="yes"), "when='yes' is invalid; expected a predicate"),
    (lambda b: b.throttle(to=5), "to=5 is invalid; expected an address"),
    (lambda b: b.throttle(to=[5]), "to=[5] is invalid; expected an address"),
    (lambda b: b.throttle(to=[]), "to=[] is invalid; expected an address"),
    (lambda b: b.throttle(to="ada"), "to='ada' is invalid: 'ada' is not an address"),
    (lambda b: b.throttle(to=["a@c.org", "@c.org"]), "'@c.org' is not an address"),
    (lambda b: b.throttle(sender=["a"]), "sender=['a'] is invalid"),
    (lambda b: b.throttle(template=1), "template=1 is invalid; expected a name"),
    (lambda b: b.throttle(configuration_set=1), "configuration_set=1 is invalid; expected a name"),
    (lambda b: b.throttle(region=1), "region=1 is invalid; expected a name"),
    (
        lambda b: b.throttle(region="eu-west1"),
        "region='eu-west1' is unknown to botocore; did you mean 'eu-west-1'?",
    ),
    (lambda b: b.throttle(optional=1), "optional=1 is invalid; expected True or False"),
    (
        lambda b: b.throttle(daily_quota="yes"),
        "daily_quota='yes' is invalid; expected True or False",
    ),
    (lambda b: b.not_found("SendEmail", resource="tempalte"), "did you mean 'template'"),
    (lambda b: b.not_found("SendEmail", resource=5), "unknown resource 5"),
    (
        lambda b: b.not_found("ListIdentities"),
        "the model of ses:ListIdentities declares no not-found error",
    ),
    (
        lambda b: b.not_found("ses:SendEmail", resource="template"),
        "resource='template' is invalid for ses:SendEmail; expected configuration_set",
    ),
    (lambda b: b.fail("SendEmail", None), "error=None is invalid; expected a code such as"),
    (lambda b: b.fail("SendEmail", ""), "error='' is invalid; expected a code such as"),
    (lambda b: b.fail("SendEmail", KeyError), "or a network failure such as Timeout()"),
    (
        lambda b: b.fail("SendEmail", type("MessageRejected", (Exception,), {})),
        "is invalid; pass its code, 'MessageRejected'",
    ),
    (
        lambda b: b.fail("SendEmail", type("NotFoundException", (Exception,), {})()),
        "is invalid; pass its code, 'NotFoundException'",
    ),
    (
        lambda b: b.fail("MessageRejected", "SendEmail"),
        "error='SendEmail' is an operation; pass the operation first and then the error",
    ),
    (lambda b: b.fail("SendEmail", "MessageRejected", status=200), "status=200 is invalid"),
    (lambda b: b.fail("SendEmail", "MessageRejected", message=5), "message=5 is invalid"),
    (
        lambda b: b.bulk_status("TRANSIENT_FAILED"),
        "unknown status 'TRANSIENT_FAILED'; did you mean 'TRANSIENT_FAILURE'",
    ),
    (lambda b: b.bulk_status(5), "unknown status 5"),
    (lambda b: b.bulk_status("FAILED", index=-1), "index=-1 is invalid; expected an integer"),
    (lambda b: b.bulk_status("FAILED", index="0"), "index='0' is invalid"),
    (lambda b: b.bulk_status("FAILED", error=5), "error=5 is invalid"),
    (lambda b: b.bulk_status("SUCCESS", error="x"), "error='x' is invalid"),
    (lambda b: b.bulk_status("FAILED", indx=0), "unknown argument 'indx'"),
]


@pytest.mark.parametrize(("plan", "text"), MISUSE, ids=[text for _, text in MISUSE])
def test_misuse(direct_backend, plan, text):
    """An invalid plan raises ValueError with the value and the fix, and plans nothing."""
    with pytest.raises(ValueError, match=re.escape(text)):
        plan(direct_backend)
    assert () == direct_backend.rules


def test_fault_class():
    """A fault class is rejected, and so is a message for a fault object."""
    from pytest_ses import Timeout

    backend = SESBackend()
    with pytest.raises(ValueError, match=r"such as Timeout\(\)"):
        backend.fail("SendEmail", Timeout)
    with pytest.raises(
        ValueError, match=r"message and status are invalid for .*; expected an error code"
    ):
        backend.fail("SendEmail", Timeout(), message="x")
