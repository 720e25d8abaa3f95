"""Chaos: the rate and the kinds, and the draws for the calls of a test."""

from __future__ import annotations

from contextlib import suppress

import boto3
import pytest
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError
from hypothesis import given, strategies as st
from senders import ONCE, BulkV1, BulkV2

from pytest_ses import SESBackend
from pytest_ses.faults import planned, plans
from pytest_ses.resilience import chaos, kinds
from pytest_ses.resilience.chaos import Chaos, Injection
from pytest_ses.resilience.kinds import KINDS

ALL = tuple(KINDS)
THREE_TIMES = Config(retries={"mode": "standard", "total_max_attempts": 3})


@pytest.fixture(name="backend")
def _backend():
    with SESBackend(verified=["example.com"]) as backend:
        yield backend


@pytest.fixture
def inject():
    """A function that injects chaos until the end of the test."""
    before = list(planned.injected)

    def inject(rate, *names, seed="1"):
        injection = Injection(Chaos(rate, names or ALL), seed=seed)
        planned.injected.extend(injection.failures)
        return injection

    yield inject
    planned.injected[:] = before


def client(config=ONCE):
    return boto3.client("sesv2", region_name="us-east-1", config=config)


def failures(backend, count, sesv2=None):
    """The planned failures of this many calls, as text; None for a call that succeeds."""
    sesv2 = sesv2 or client()
    start = len(backend.calls)
    for _ in range(count):
        with suppress(BotoCoreError, ClientError):
            sesv2.get_account()
    return [call.fault and call.fault.planned for call in backend.calls[start:]]


class TestParse:
    @pytest.mark.parametrize(
        ("text", "expected"),
        [
            ("0.2", Chaos(0.2, ALL)),
            ("1", Chaos(1, ALL)),
            ("0", Chaos(0, ALL)),
            ("5e-2:timeout", Chaos(0.05, ("timeout",))),
            ("1:throttle, outage,throttle", Chaos(1, ("throttle", "outage"))),
        ],
    )
    def test_valid(self, text, expected):
        """A rate, and kinds after a colon; all kinds by default, and each once."""
        assert expected == chaos.parse(text)

    @pytest.mark.parametrize(
        ("text", "error"),
        [
            ("5%", "the rate '5%' is invalid; expected a number from 0 to 1"),
            ("1.5", "the rate '1.5' is invalid"),
            ("-0.1", "the rate '-0.1' is invalid"),
            ("nan", "the rate 'nan' is invalid"),
            ("throttle", "the rate 'throttle' is invalid"),
            ("", "the rate '' is invalid"),
            ("0.1:", "no kind of failure follows '0.1:'; add one, or remove the colon"),
            ("0.1:trottle", "unknown kind of failure 'trottle'; did you mean 'throttle'?"),
            ("0.1:timeout,", "unknown kind of failure ''; expected one of throttle, "),
        ],
    )
    def test_invalid(self, text, error):
        """An invalid rate or kind is an error that names the fix."""
        with pytest.raises(ValueError, match=error.replace("?", r"\?")):
            chaos.parse(text)

    def test_kinds(self):
        """An empty text names all kinds."""
        assert ALL == kinds.named("")


@pytest.mark.slow
class TestDraws:
    @given(seed=st.text(), rate=st.floats(0, 1))
    def test_repeated(self, seed, rate):
        """The same seed draws the same failures for the same calls."""
        drawn = []
        for _ in range(2):
            injection = Injection(Chaos(rate, ALL), seed=seed)
            planned.injected.extend(injection.failures)
            try:
                with SESBackend() as backend:
                    drawn.append(failures(backend, 6))
            finally:
                planned.injected.clear()
        assert drawn[0] == drawn[1]

    def test_rate(self, backend, inject):
        """About as many calls fail as the rate says, in each of the ways that apply to them."""
        inject(0.3)
        drawn = failures(backend, 400)
        assert 90 < sum(name is not None for name in drawn) < 150
        expected = {f"chaos: {kind}" for kind in ALL if kind != "bulk_status"}
        assert expected == {name for name in drawn if name}

    @pytest.mark.parametrize(("rate", "expected"), [(0, None), (1, "chaos: throttle")])
    def test_never_and_always(self, backend, inject, rate, expected):
        """With a rate of 0 no call fails, with 1 each does."""
        inject(rate, "throttle")
        assert [expected] * 20 == failures(backend, 20)

    def test_attempts(self, backend, inject):
        """Each attempt is drawn separately, so a call can succeed after retries."""
        inject(0.5, "throttle")
        failures(backend, 20, client(THREE_TIMES))
        assert {1, 2, 3} == {call.attempt for call in backend.calls}
        assert any(call.attempt > 1 and not call.fault for call in backend.calls)

    def test_outage(self, backend, inject):
        """An outage makes every attempt of the call fail."""
        inject(0.4, "outage")
        failures(backend, 20, client(THREE_TIMES))
        by_attempt = {
            attempt: sum(1 for c in backend.calls if c.attempt == attempt and c.fault)
            for attempt in (1, 2, 3)
        }
        assert 0 < by_attempt[1] == by_attempt[2] == by_attempt[3] < 20

    def test_planned_failures_of_the_test(self, backend, inject):
        """The failures that the test plans precede chaos."""
        inject(1, "throttle")
        backend.fail("GetAccount", "BadRequestException", times=1)
        first, second = failures(backend, 2)
        assert first.startswith("fail('GetAccount'")
        assert "chaos: throttle" == second

    def test_calls_of_the_test(self, ses_backend, sesv2_client, inject):
        """The calls of the clients that fixtures provide do not fail."""
        inject(1)
        assert [None] * 5 == failures(ses_backend, 5, sesv2_client)

    def test_calls_of_cloudformation(self, backend, inject):
        """The calls that CloudFormation makes do not fail."""
        inject(1)
        assert "Max24HourSend" in backend._call("ses", "GetSendQuota")

    def test_suspended(self, backend, inject):
        """While it is suspended, no call fails, and nothing is drawn."""
        injection = inject(0.5, seed="7")
        expected = failures(backend, 10)
        planned.injected.clear()

        injection = inject(0.5, seed="7")
        injection.is_suspended = True
        assert [None] * 10 == failures(backend, 10)
        injection.is_suspended = False
        assert expected == failures(backend, 10)


@pytest.mark.parametrize("sender", [BulkV1, BulkV2], ids=["v1", "v2"])
class TestBulkStatus:
    @pytest.fixture(autouse=True)
    def _template(self, backend):
        boto3.client("ses", "us-east-1").create_template(
            Template={"TemplateName": "t", "SubjectPart": "Hi", "TextPart": "Hi"}
        )

    def test_one_destination(self, backend, inject, sender):
        """One destination of a bulk send has a failing status, which is drawn as well."""
        inject(1, "bulk_status")
        bulk = sender()
        statuses, positions = set(), set()
        for _ in range(60):
            results = bulk.send(*map(bulk.entry, ["a@example.org", "b@example.org"]))
            (failed,) = (n for n, result in enumerate(results) if "MessageId" not in result)
            positions.add(failed)
            statuses.add(results[failed]["Status"])
        assert {0, 1} == positions
        assert 8 < len(statuses) <= len(plans.FAILING_STATUSES)
        assert backend.calls[-1].fault.planned.startswith("chaos: bulk_status(")

    def test_other_calls(self, backend, inject, sender):
        """Other calls have no destinations, so this kind does not apply to them."""
        inject(1, "bulk_status")
        assert [None] * 5 == failures(backend, 5)
