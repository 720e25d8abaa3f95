"""Reports of planned failures that did not happen."""

from __future__ import annotations

import pytest
from asking import error_of
from senders import addresses

from pytest_ses import SESBackend, Timeout


def send_params(to="ada@example.org", **more):
    return {
        "FromEmailAddress": "news@example.com",
        "Destination": addresses([to]),
        "Content": {"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
        **more,
    }


@pytest.fixture
def direct_backend():
    """A backend that is called directly, without boto3."""
    return SESBackend(verified=["*"], seed=1)


def send(backend, *args, **more):
    return backend._call("sesv2", "SendEmail", send_params(*args, **more))


def report(backend):
    """The lines about the only failure that did not happen."""
    (report_text,) = backend.unused_faults()
    return report_text.splitlines()


class TestUnused:
    def test_used(self, api, backend):
        """Failures that happened as often as planned are not reported."""
        backend.throttle("SendEmail", times=2)
        backend.throttle("SendEmail", optional=True)
        with backend.fail("SendEmail", Timeout(), after=50) as failure:
            failure.remove()
        assert "Maximum sending rate exceeded." == error_of(api.simple)[2]
        assert [] == backend.unused_faults()

    def test_less_often(self, direct_backend):
        """A failure with `times` must happen exactly that often."""
        direct_backend.bulk_status("FAILED", times=1)
        assert ["bulk_status('FAILED', times=1) happened 0 of 1 time"] == report(direct_backend)[:1]

    def test_block(self, direct_backend):
        """A failure that ended with its block is reported if it did not happen."""
        with direct_backend.throttle("SendEmail"):
            pass
        send(direct_backend)
        assert (
            "the call was made before the failure was planned or after it ended"
            == report(direct_backend)[-1].strip()
        )

    def test_chance(self, direct_backend):
        """A failure with `probability` only needs a call that matches."""
        direct_backend.throttle("SendEmail", probability=0, times=3)
        direct_backend.throttle("GetAccount", probability=1)
        send(direct_backend)
        assert report(direct_backend)[0].startswith(
            "throttle('GetAccount', probability=1) happened 0 times"
        )

    def test_always(self, direct_backend):
        """A failure without `times` must happen at least once."""
        direct_backend.fail("SendEmail", "MessageRejected")
        assert 1 == len(direct_backend.unused_faults())


@pytest.mark.filterwarnings("ignore::pytest_ses.UnmodelledErrorWarning")
class TestReasons:
    def test_no_call(self, direct_backend):
        """The report says if there were no calls."""
        direct_backend.throttle("SendEmail", times=2)
        assert [
            "throttle('SendEmail', times=2) happened 0 of 2 times",
            "  there were no calls",
        ] == report(direct_backend)

    def test_too_few_calls(self, direct_backend):
        """The report says if every call matched, but there were too few."""
        direct_backend.fail("sesv2:GetAccount", "Bad", times=2)
        with pytest.raises(Exception, match="Bad"):
            direct_backend._call("sesv2", "GetAccount")
        assert "  it applied to every call" == report(direct_backend)[1]

    def test_differences(self, direct_backend):
        """The nearest calls are reported with their differences, other calls are not."""
        direct_backend.throttle("ses:SendEmail", to="bob@example.org")
        direct_backend._call("sesv2", "GetAccount")
        send(direct_backend)
        send(direct_backend, "bob@example.org")
        assert [
            "throttle('ses:SendEmail', to='bob@example.org') happened 0 times",
            "  it did not apply to 3 calls; the closest:",
            "    sesv2:SendEmail in us-east-1: ok",
            "      operation: expected ses:SendEmail, was sesv2:SendEmail",
        ] == report(direct_backend)

    def test_many(self, direct_backend):
        """At most three equally near calls are shown."""
        direct_backend.throttle(to="bob@example.org", sender="x@example.com")
        for _ in range(5):
            send(direct_backend)
        lines = report(direct_backend)
        assert 3 == sum("sesv2:SendEmail in us-east-1: ok" in line for line in lines)
        assert "      to: expected 'bob@example.org', was ['ada@example.org']" in lines
        assert "      sender: expected 'x@example.com', was ['news@example.com']" in lines
        assert "    … and 2 more" == lines[-1]

    def test_predicate_that_raises(self, direct_backend):
        """An exception raised by a predicate is reported and does not break the report."""
        direct_backend.throttle("sesv2:SendEmail", when=lambda call: call.params["Content"])
        direct_backend._call("sesv2", "GetAccount")
        assert report(direct_backend)[-1].endswith("raised KeyError('Content')")

    def test_many_operations(self, direct_backend):
        """At most three operations are named."""
        direct_backend.throttle()
        direct_backend._call("sesv2", "GetAccount")
        assert report(direct_backend)[-1].startswith(
            "      operation: expected ses:SendBounce or ses:SendB"
        )
        assert report(direct_backend)[-1].endswith(" or …, was sesv2:GetAccount")

    @pytest.mark.parametrize(
        ("arguments", "reason"),
        [
            ({"after": 3}, "the call was skipped because of after=3"),
            ({"every": 2, "after": 1}, "the call was skipped because of every=2, after=1"),
            (
                {"after": 3, "probability": 0.5},
                "the call was skipped because of after=3, probability=0.5",
            ),
            ({"when": lambda _call: False}, "was false"),
            ({"template": "t"}, "template: expected 't', was None"),
            ({"configuration_set": "s"}, "configuration_set: expected 's', was None"),
            ({"region": "eu-west-1"}, "region: expected 'eu-west-1', was 'us-east-1'"),
        ],
        ids=lambda value: " ".join(value) if isinstance(value, dict) else None,
    )
    def test_arguments(self, direct_backend, arguments, reason):
        """Each argument that kept a call from failing is reported."""
        direct_backend.throttle("sesv2:SendEmail", **arguments)
        send(direct_backend)
        assert report(direct_backend)[-1].endswith(reason)

    @pytest.mark.parametrize(
        ("resource", "reason"),
        [
            ("template", "the call names no template"),
            (None, "the call names no resource that can be missing"),
        ],
    )
    def test_resource(self, direct_backend, resource, reason):
        """A call that names no such resource is reported as such."""
        direct_backend.not_found("sesv2:SendEmail", resource=resource)
        send(direct_backend)
        assert f"      resource: {reason}" == report(direct_backend)[-1]

    def test_earlier_failure(self, direct_backend):
        """A call that an earlier failure applied to is reported with that failure."""
        direct_backend.fail("sesv2:GetAccount", "Bad", times=1)
        direct_backend.throttle("sesv2:GetAccount")
        with pytest.raises(Exception, match="Bad"):
            direct_backend._call("sesv2", "GetAccount")
        expected = "an earlier planned failure applied: fail('sesv2:GetAccount', 'Bad', times=1)"
        assert expected == report(direct_backend)[-1].strip()

    def test_entries(self, bulk, backend):
        """For a bulk send, the nearest destination is reported."""
        backend.bulk_status("FAILED", to="bob@example.org", index=1)
        bulk.send(bulk.entry("ada@example.org"), bulk.entry("cleo@example.org"))
        assert (
            "      to: expected 'bob@example.org', was ('cleo@example.org',)" == report(backend)[-1]
        )
