"""What is said of plans that did not happen?"""

from __future__ import annotations

import pytest
from asking import refusal
from senders import addresses

from pytest_ses import SESBackend, Timeout


def mail(to="ada@example.org", **more):
    return {
        "FromEmailAddress": "news@example.com",
        "Destination": addresses([to]),
        "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
        **more,
    }


@pytest.fixture
def quiet():
    return SESBackend(verified=["*"], seed=1)


def send(backend, *args, **more):
    return backend.call("sesv2", "SendEmail", mail(*args, **more))


def said(backend):
    (text,) = backend.unused_faults()
    return text.splitlines()


class TestWhatIsUnused:
    def test_met(self, api, backend):
        """Of what happened as often as planned nothing is said."""
        backend.throttle("SendEmail", times=2)
        backend.throttle("SendEmail", optional=True)
        with backend.fail("SendEmail", Timeout(), after=50) as rule:
            rule.remove()
        assert "Maximum sending rate exceeded." == refusal(api.simple)[2]
        assert [] == backend.unused_faults()

    def test_less_often(self, quiet):
        """A plan with a number is met by that number only."""
        quiet.bulk_status("FAILED", times=1)
        assert ["bulk_status('FAILED', times=1) happened 0 of 1 time"] == said(quiet)[:1]

    def test_block(self, quiet):
        """A plan that ended with its block has to have happened, too."""
        with quiet.throttle("SendEmail"):
            pass
        send(quiet)
        assert "it came before the plan was made, or after its end" == said(quiet)[-1].strip()

    def test_chance(self, quiet):
        """Where chance decides it is enough that it had one."""
        quiet.throttle("SendEmail", probability=0, times=3)
        quiet.throttle("GetAccount", probability=1)
        send(quiet)
        assert said(quiet)[0].startswith("throttle('GetAccount', probability=1) happened 0 times")

    def test_always(self, quiet):
        """A plan without a number has to happen once."""
        quiet.fail("SendEmail", "MessageRejected")
        assert 1 == len(quiet.unused_faults())


@pytest.mark.filterwarnings("ignore::pytest_ses.UnmodelledErrorWarning")
class TestReasons:
    def test_no_call(self, quiet):
        """Where nothing was called it says so."""
        quiet.throttle("SendEmail", times=2)
        assert [
            "throttle('SendEmail', times=2) happened 0 of 2 times",
            "  there was no call at all",
        ] == said(quiet)

    def test_too_few_calls(self, quiet):
        """Where every call met the plan there were too few."""
        quiet.fail("sesv2:GetAccount", "Bad", times=2)
        with pytest.raises(Exception, match="Bad"):
            quiet.call("sesv2", "GetAccount")
        assert "  every call met it" == said(quiet)[1]

    def test_differences(self, quiet):
        """The nearest calls are told with what differs, the others are not."""
        quiet.throttle("ses:SendEmail", to="bob@example.org")
        quiet.call("sesv2", "GetAccount")
        send(quiet)
        send(quiet, "bob@example.org")
        assert [
            "throttle('ses:SendEmail', to='bob@example.org') happened 0 times",
            "  the nearest of 3 other calls:",
            "    sesv2:SendEmail in us-east-1: ok",
            "      operation: expected ses:SendEmail, was sesv2:SendEmail",
        ] == said(quiet)

    def test_many(self, quiet):
        """Of many calls that are as near three are shown."""
        quiet.throttle(to="bob@example.org", sender="x@example.com")
        for _ in range(5):
            send(quiet)
        lines = said(quiet)
        assert 3 == sum("sesv2:SendEmail in us-east-1: ok" in line for line in lines)
        assert "      to: expected 'bob@example.org', was ['ada@example.org']" in lines
        assert "      sender: expected 'x@example.com', was ['news@example.com']" in lines
        assert "    … and 2 like these" == lines[-1]

    def test_predicate_that_fails(self, quiet):
        """A predicate that stumbles over a call is no reason to stumble over the verdict."""
        quiet.throttle("sesv2:SendEmail", when=lambda call: call.params["Content"])
        quiet.call("sesv2", "GetAccount")
        assert said(quiet)[-1].endswith("raised KeyError('Content')")

    def test_many_operations(self, quiet):
        """Of many operations three are named."""
        quiet.throttle()
        quiet.call("sesv2", "GetAccount")
        assert said(quiet)[-1].startswith("      operation: expected ses:SendBounce, ses:SendB")
        assert said(quiet)[-1].endswith(", …, was sesv2:GetAccount")

    @pytest.mark.parametrize(
        ("words", "reason"),
        [
            ({"after": 3}, "it was let pass by after=3"),
            ({"every": 2, "after": 1}, "it was let pass by every=2, after=1"),
            ({"when": lambda _call: False}, "said no"),
            ({"template": "t"}, "template: expected 't', was None"),
            ({"configuration_set": "s"}, "configuration_set: expected 's', was None"),
            ({"region": "eu-west-1"}, "region: expected 'eu-west-1', was 'us-east-1'"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
    )
    def test_words(self, quiet, words, reason):
        """Each word says why it did not fit."""
        quiet.throttle("sesv2:SendEmail", **words)
        send(quiet)
        assert said(quiet)[-1].endswith(reason)

    @pytest.mark.parametrize(
        ("resource", "reason"),
        [("template", "it names no template"), (None, "it names no thing that could be missing")],
    )
    def test_resource(self, quiet, resource, reason):
        """A call that names nothing of the kind is told so."""
        quiet.not_found("sesv2:SendEmail", resource=resource)
        send(quiet)
        assert f"      resource: {reason}" == said(quiet)[-1]

    def test_earlier_plan(self, quiet):
        """A call that an earlier plan answered is told so."""
        quiet.fail("sesv2:GetAccount", "Bad", times=1)
        quiet.throttle("sesv2:GetAccount")
        with pytest.raises(Exception, match="Bad"):
            quiet.call("sesv2", "GetAccount")
        expected = "an earlier plan answered it: fail('sesv2:GetAccount', 'Bad', times=1)"
        assert expected == said(quiet)[-1].strip()

    def test_entries(self, bulk, backend):
        """Of a bulk send that of its destinations is told which comes nearest."""
        backend.bulk_status("FAILED", to="bob@example.org", index=1)
        bulk.send(bulk.entry("ada@example.org"), bulk.entry("cleo@example.org"))
        assert (
            "      to: expected 'bob@example.org', was ('cleo@example.org',)" == said(backend)[-1]
        )
