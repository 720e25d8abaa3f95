"""The mailbox page of the account that is being served, and its updates."""

from __future__ import annotations

import hashlib
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from pytest_ses.endpoint.responses import content_response, json_response
from pytest_ses.mailbox import entries, page
from pytest_ses.mailbox.entries import Activity

if TYPE_CHECKING:
    from pytest_ses.backend import SESBackend
    from pytest_ses.wire.http import Response

_MAX_MESSAGES = 500
_MAX_CALLS = 500


def page_response(backend: SESBackend, nodeid: str) -> Response:
    """Return the page, with the messages that have been sent so far."""
    run = {
        "title": f"{backend.account_id} in {backend.region}",
        "created": None,
        "seed": "",
        "live": True,
        "tests": [_entry(backend, nodeid)],
        "resilience": None,
    }
    # Another website must not show the page in a frame, to make the user click its buttons.
    policy = f"{page.policy(live=True)}; frame-ancestors 'none'"
    headers = {"Content-Security-Policy": policy, "X-Frame-Options": "DENY"}
    body = page.render(run).encode("utf-8", "replace")
    return content_response(body, "text/html; charset=utf-8", headers)


def update_response(backend: SESBackend, nodeid: str, known: str | None) -> Response:
    """Return the entry of the test, or status 304 if the page has this version of it."""
    version = f'"{_version(backend, nodeid)}"'
    if version == known:
        return content_response(b"", "", {"ETag": version}, HTTPStatus.NOT_MODIFIED)
    return json_response(_entry(backend, nodeid), headers={"ETag": version})


def _entry(backend: SESBackend, nodeid: str) -> dict[str, Any]:
    """Return the entry with the last messages and calls."""
    done = entries.activity(backend)
    recent = Activity(
        done.messages[-_MAX_MESSAGES:], done.calls[-_MAX_CALLS:], done.failures, done.sleeps
    )
    entry = entries.of_test([recent], nodeid=nodeid, outcome="running")
    entry["omitted"]["messages"] = len(done.messages) - len(recent.messages)
    entry["omitted"]["calls"] = len(done.calls) - len(recent.calls)
    return entry


def _version(backend: SESBackend, nodeid: str) -> str:
    """Return an identifier that changes whenever the entry does."""
    backend.clock._run_due()
    messages, calls = list(backend.outbox), backend.calls
    state = (
        nodeid,
        backend._position(),
        len(messages),
        [message.message_id for message in messages[-1:]],
        [id(call) for call in calls[-1:]],
        [(failure.fired, failure.ended) for failure in backend.rules],
    )
    return hashlib.sha256(repr(state).encode("utf-8", "replace")).hexdigest()[:16]
