"""Property tests of planned failures and events with arbitrary calls."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from strategies import params, wild_params

from pytest_ses import SESBackend, UnsupportedOperationError, api
from pytest_ses.faults import targets
from pytest_ses.wire import Fault

SENDING = [target for target in targets.everything() if target.sends]


def planned():
    """A backend with planned failures of each kind, none of which matches any call."""
    backend = SESBackend(verified=["*"])
    backend.throttle(to="x@y.z", sender="q@y.z", template="t", configuration_set="s", region="r")
    backend.not_found(resource="template", when=lambda _call: False)
    backend.bulk_status("FAILED", to="nobody@y.z", index=49)
    backend.recipient("x@y.z").complains()
    return backend


@pytest.mark.parametrize("target", SENDING, ids=str)
def test_any_send(target):
    """After any send, its events, records and unused failures can be read without an error."""
    model = api.model(target.service).operation(target.operation)

    @settings(max_examples=25, suppress_health_check=list(HealthCheck))
    @given(params(model) | wild_params(model))
    def check(call_params):
        backend = planned()
        with contextlib.suppress(Fault, UnsupportedOperationError):
            backend._call(target.service, target.operation, call_params)
        assert 3 == len(backend.unused_faults())
        for event in backend.events:
            assert event.type in event.record["eventType"]
            assert event.notification is None or "mail" in event.notification
        for message in backend.outbox:
            assert isinstance(message.raw, bytes)
            assert isinstance(message.links, list)

    check()
