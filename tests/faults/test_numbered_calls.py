"""The argument `call` of planned failures: the number of the call that fails."""

from __future__ import annotations

import pytest
from botocore.exceptions import ClientError, ConnectionClosedError

from pytest_ses import Timeout
from pytest_ses.faults import verdict
from pytest_ses.wire import Fault


def failed(backend):
    """The number of the call and of the attempt of each request that failed."""
    number, failures = 0, []
    for call in backend.calls:
        number += call.attempt == 1
        failures += [(number, call.attempt)] if call.fault else []
    return failures


class TestCall:
    def test_all_attempts(self, backend, api):
        """The call with this number fails in all of its attempts; others do not fail."""
        backend.throttle("SendEmail", call=2)
        api.simple()
        with pytest.raises(ClientError, match="Maximum sending rate"):
            api.simple()
        api.simple()
        assert [(2, 1), (2, 2), (2, 3)] == failed(backend)

    @pytest.mark.parametrize("times", [1, 2])
    def test_times(self, backend, api, times):
        """`times` limits the attempts of this call that fail."""
        backend.throttle("SendEmail", call=2, times=times)
        api.simple()
        api.simple()
        assert [(2, 1), (2, 2)][:times] == failed(backend)

    def test_matching_calls(self, backend, api):
        """Only calls that match are counted."""
        backend.throttle("SendEmail", call=2, times=1, to="bob@example.org")
        for name in ("ada", "bob", "ada", "bob", "bob"):
            api.simple(destination={"ToAddresses": [f"{name}@example.org"]})
        assert [(4, 1)] == failed(backend)

    @pytest.mark.parametrize("first", ["throttle", "call"])
    def test_precedence(self, backend, api, first):
        """It precedes failures without `call`, and counts calls to which these apply."""
        plans = {
            "throttle": lambda: backend.throttle("SendEmail", times=2),
            "call": lambda: backend.fail("SendEmail", Timeout(), call=2, times=1),
        }
        for name in sorted(plans, key=first.__ne__):
            plans[name]()
        api.simple()
        api.simple()
        assert [(1, 1), (1, 2), (2, 1)] == failed(backend)
        assert ["throttle", "throttle", "fail"] == [
            call.fault.planned.partition("(")[0] for call in backend.calls if call.fault
        ]

    def test_several(self, backend, api):
        """Several numbered failures of one call apply one after the other."""
        backend.throttle("SendEmail", call=1, times=1)
        backend.fail("SendEmail", Timeout(), call=1, times=1)
        api.simple()
        assert [(1, 1), (1, 2)] == failed(backend)

    def test_bulk_status(self, backend, bulk):
        """A status with `call` is for the destinations of the bulk send with this number."""
        failure = backend.bulk_status("TRANSIENT_FAILURE", call=2)
        for _ in range(3):
            bulk.send(bulk.entry("ada@example.org"), bulk.entry("bob@example.org"))
        assert (2, 4) == (failure.fired, len(backend.outbox))

    def test_other_clients(self, backend):
        """Without the header that AWS's SDKs send, each request is a call."""
        backend.throttle("GetAccount", call=2)
        backend._call("sesv2", "GetAccount")
        with pytest.raises(Fault, match="Rate exceeded"):
            backend._call("sesv2", "GetAccount")
        backend._call("sesv2", "GetAccount")

    def test_ended(self, backend, api):
        """A numbered failure that has ended does not apply."""
        with backend.throttle("SendEmail", call=1, optional=True):
            pass
        api.simple()
        assert [] == failed(backend)

    def test_unmet(self, backend, api):
        """The report on a failure that did not happen names the number."""
        failure = backend.throttle("SendEmail", call=3)
        api.simple()
        api.simple()
        (report,) = verdict.reports([failure], backend.calls)
        assert "throttle('SendEmail', call=3) happened 0 times" in report
        assert 2 == report.count("the call was skipped because of call=3")

    @pytest.mark.parametrize("number", [0, -1, 1.0, True, "1"])
    def test_invalid(self, backend, number):
        """The number is an integer of at least 1."""
        with pytest.raises(
            ValueError, match=f"call={number!r} is invalid; expected an integer of at"
        ):
            backend.throttle(call=number)


class TestNames:
    @pytest.mark.parametrize(
        "name", ["Timeout", "Disconnect", "ServerError", "CorruptResponse", "ResponseLost"]
    )
    def test_network_failure(self, backend, name):
        """A network failure can be planned by its name."""
        failure = backend.fail("SendEmail", name, optional=True)
        assert name == type(failure.network).__name__
        assert failure.planned.startswith(f"fail('SendEmail', {name}(")

    def test_effect(self, backend, api):
        """A network failure that is planned by its name has its effect."""
        backend.fail("SendEmail", "ResponseLost")
        with pytest.raises(ConnectionClosedError):
            api.simple()
        assert 3 == len(backend.outbox)

    def test_message(self, backend):
        """Its arguments are those of a network failure, not of an error code."""
        with pytest.raises(ValueError, match="message and status are invalid for Timeout"):
            backend.fail("SendEmail", "Timeout", message="slow")
