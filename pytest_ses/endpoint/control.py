"""The control plane below `/_ses`, with which other processes and languages use the backend."""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import parse_qsl, quote, unquote

from werkzeug.exceptions import MethodNotAllowed, NotFound
from werkzeug.routing import Map, Rule

from pytest_ses.domain.errors import SESError
from pytest_ses.domain.formats import timestamp
from pytest_ses.endpoint import live, plans
from pytest_ses.endpoint.responses import JSON, Problem, content_response, json_response
from pytest_ses.mailbox import pictures, views
from pytest_ses.phrasing import with_nearest
from pytest_ses.wire import urls

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from typing import TypeGuard

    from pytest_ses.backend import SESBackend
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.faults.planned import PlannedFailure
    from pytest_ses.wire.http import Request, Response

ROOT = "/_ses"
# Nothing that a message contains runs or is loaded, even if its HTML is opened on its own.
_POLICY = (
    "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self'"
)
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)


class _Call(NamedTuple):
    """A request to the control plane: its query string as pairs, its body and its headers.

    `nodeid` is the test that the backend belongs to, or `serve`.
    """

    backend: SESBackend
    query: list[tuple[str, str]]
    body: dict[str, Any]
    headers: Mapping[str, str]
    nodeid: str


def respond(backend: SESBackend, request: Request, nodeid: str) -> Response:
    """Return the response to a request to the control plane.

    Raises:
        Problem: if the request is rejected.
    """
    path, query = urls.split(request.url)
    function, variables = _route(path, request.method)
    body = {} if request.method in ("GET", "HEAD") else _body(request)
    if query and function is not _messages:
        raise Problem(f"the query string {query!r} has no effect on {request.method} {path}")
    if body and function in _WITHOUT_BODY:
        raise Problem(f"the body {json.dumps(body)} has no effect; expected {{}}")
    pairs = parse_qsl(query, keep_blank_values=True)
    try:
        return function(_Call(backend, pairs, body, request.headers, nodeid), **variables)
    except SESError as error:
        raise Problem(error.message or type(error).__name__) from error
    except (TypeError, ValueError, OverflowError, Warning) as error:
        raise Problem(_for_json(str(error))) from error


def _for_json(text: str) -> str:
    """Return an error of the Python API in the terms of the control plane."""
    for python, replacement in _TERMS:
        text = text.replace(python, replacement)
    return text


_TERMS = (
    ("True or False", "true or false"),
    ("or None for no limit", "or null for no limit"),
    ("=None is invalid", "=null is invalid"),
    ("=True is invalid", "=true is invalid"),
    ("=False is invalid", "=false is invalid"),
    (", a compiled pattern, a predicate or a list", " or a list"),
    (", a compiled pattern or a predicate", " as a string"),
    ("add status=", 'add the member "status"'),
    ("such as Timeout()", 'such as {"type": "Timeout"}'),
    ("; pass each name as a separate argument", ""),
    ("verified: ", "identities: "),
)


def _page(call: _Call) -> Response:
    if call.headers.get("accept") == JSON:
        return live.update_response(call.backend, call.nodeid, call.headers.get("if-none-match"))
    return live.page_response(call.backend, call.nodeid)


def _messages(call: _Call) -> Response:
    messages = call.backend.outbox.filter(**_match(call.query))
    return json_response({"messages": [views.message(message) for message in messages]})


def _message(call: _Call, message_id: str) -> Response:
    return json_response(views.message(_find(call.backend, message_id)))


def _raw(call: _Call, message_id: str) -> Response:
    return content_response(_find(call.backend, message_id).raw, "message/rfc822")


def _html(call: _Call, message_id: str) -> Response:
    message = _find(call.backend, message_id)
    if message.html is None:
        raise Problem(f"the message {message_id!r} has no HTML", HTTPStatus.NOT_FOUND)
    body = pictures.inlined(message.html, message.attachments).encode("utf-8", "replace")
    return content_response(body, "text/html; charset=utf-8", {"Content-Security-Policy": _POLICY})


def _attachment(call: _Call, message_id: str, index: int) -> Response:
    attachments = _find(call.backend, message_id).attachments
    if index >= len(attachments):
        raise Problem(
            f"the message {message_id!r} has no attachment {index}; it has {len(attachments)}",
            HTTPStatus.NOT_FOUND,
        )
    file = attachments[index]
    is_valid = _MEDIA_TYPE.fullmatch(file.content_type)
    name = quote(file.filename or f"attachment-{index}", safe="", errors="replace")
    headers = {
        "Content-Disposition": f"attachment; filename*=UTF-8''{name}",
        "Content-Security-Policy": _POLICY,
    }
    content_type = file.content_type if is_valid else "application/octet-stream"
    return content_response(file.content, content_type, headers)


def _clear_outbox(call: _Call) -> Response:
    count = len(call.backend.outbox)
    call.backend.clear_outbox()
    return json_response({"removed": count})


def _calls(call: _Call) -> Response:
    return json_response({"calls": [views.call(logged) for logged in list(call.backend.calls)]})


def _events(call: _Call) -> Response:
    return json_response({"events": [views.event(event) for event in call.backend.events]})


def _simulate_event(call: _Call) -> Response:
    event = plans.simulate_event(call.backend, call.body)
    # An event that is planned for a recipient has not happened yet.
    view = {"planned": True, **call.body} if event is None else views.event(event)
    return json_response(view, HTTPStatus.CREATED)


def _verify(call: _Call) -> Response:
    identities = call.body.get("identities")
    if list(call.body) != ["identities"] or not _are_strings(identities):
        shown = json.dumps(call.body)
        raise Problem(f'the body {shown} is invalid; expected {{"identities": ["example.com"]}}')
    call.backend.verify(*identities)
    return json_response({"identities": identities})


def _are_strings(value: Any) -> TypeGuard[list[str]]:
    return isinstance(value, list) and bool(value) and all(isinstance(item, str) for item in value)


def _failures(call: _Call) -> Response:
    failures = [
        views.failure(failure, number) for number, failure in _active_failures(call.backend).items()
    ]
    return json_response({"failures": failures})


def _plan_failure(call: _Call) -> Response:
    failure = plans.plan_failure(call.backend, call.body)
    number = call.backend.rules.index(failure) + 1
    return json_response(views.failure(failure, number), HTTPStatus.CREATED)


def _withdraw_failure(call: _Call, number: int) -> Response:
    failure = _active_failures(call.backend).get(number)
    if failure is None:
        raise Problem(
            f"there is no planned failure {number}; GET {ROOT}/failures lists them",
            HTTPStatus.NOT_FOUND,
        )
    failure.remove()
    return json_response(views.failure(failure, number))


def _active_failures(backend: SESBackend) -> dict[int, PlannedFailure]:
    """Return the failures that still apply, by their number in the order of planning."""
    return {
        number: failure
        for number, failure in enumerate(backend.rules, start=1)
        if not failure.ended
    }


def _advance_clock(call: _Call) -> Response:
    if not call.body:
        raise Problem('the body is invalid; expected units such as {"hours": 24}')
    call.backend.clock.advance(**call.body)
    return json_response({"now": timestamp(call.backend.clock.now())})


def _reset(call: _Call) -> Response:
    call.backend.reset()
    return json_response({})


_WITHOUT_BODY = (_clear_outbox, _withdraw_failure, _reset)
_EXAMPLES = {"message_id": "ID", "index": "0", "number": "ID"}
_ROUTES: tuple[tuple[str, str, Callable[..., Response]], ...] = (
    ("GET", "", _page),
    ("GET", "/messages", _messages),
    ("DELETE", "/messages", _clear_outbox),
    ("GET", "/messages/<message_id>", _message),
    ("GET", "/messages/<message_id>/raw", _raw),
    ("GET", "/messages/<message_id>/html", _html),
    ("GET", "/messages/<message_id>/attachments/<int:index>", _attachment),
    ("GET", "/calls", _calls),
    ("GET", "/events", _events),
    ("POST", "/events", _simulate_event),
    ("POST", "/identities", _verify),
    ("GET", "/failures", _failures),
    ("POST", "/failures", _plan_failure),
    ("DELETE", "/failures/<int:number>", _withdraw_failure),
    ("POST", "/clock", _advance_clock),
    ("POST", "/reset", _reset),
)
# As in the documentation: each path once, with examples of its variables.
_PATHS = tuple(
    dict.fromkeys(
        ROOT + re.sub(r"<(?:int:)?(\w+)>", lambda variable: _EXAMPLES[variable[1]], path)
        for _, path, _ in _ROUTES
    )
)
# How similar an unknown path must be to a known one to count as misspelled.
_MISSPELLED = 0.8
_MAP = Map(
    [Rule(ROOT + path, methods=[method], endpoint=function) for method, path, function in _ROUTES],
    strict_slashes=False,
    merge_slashes=False,
).bind("localhost")


def _route(path: str, method: str) -> tuple[Callable[..., Response], Mapping[str, Any]]:
    try:
        function, variables = _MAP.match(unquote(path), method)
    except NotFound:
        text = with_nearest(f"{path} does not exist", path, _PATHS, cutoff=_MISSPELLED)
        raise Problem(text, HTTPStatus.NOT_FOUND) from None
    except MethodNotAllowed as error:
        allowed = ", ".join(sorted({*(error.valid_methods or ())} - {"HEAD"}))
        text = f"{method} {path} is not supported; expected {allowed}"
        raise Problem(text, HTTPStatus.METHOD_NOT_ALLOWED, {"Allow": allowed}) from None
    return function, variables


def _body(request: Request) -> dict[str, Any]:
    content_type = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if content_type != JSON:
        raise Problem(
            f"the content type {content_type!r} is invalid; add the header Content-Type: {JSON}",
            HTTPStatus.UNSUPPORTED_MEDIA_TYPE,
        )
    try:
        body = json.loads(request.body or b"{}")
    except (ValueError, RecursionError) as error:
        raise Problem(f"the body is not valid JSON: {error}") from error
    if not isinstance(body, dict):
        raise Problem(f"the body {json.dumps(body)} is invalid; expected an object")
    return body


def _match(query: list[tuple[str, str]]) -> dict[str, Any]:
    """Return the arguments of `Outbox.filter`; a repeated address is a list of them."""
    values: dict[str, Any] = {}
    for name, value in query:
        values.setdefault(name, []).append(value)
    return {name: _expected(name, texts) for name, texts in values.items()}


def _expected(name: str, texts: list[str]) -> Any:
    if name == "tags":
        for text in texts:
            if ":" not in text:
                raise Problem(f"tags={text} is invalid; expected NAME:VALUE, such as campaign:june")
        tags = [text.rpartition(":") for text in texts]
        return {tag: value for tag, _, value in tags}
    if len(texts) > 1 and name not in _ADDRESSES:
        raise Problem(f"{name} is in the query string {len(texts)} times; expected once")
    return texts if len(texts) > 1 else texts[0]


_ADDRESSES = ("to", "cc", "bcc", "recipient", "sender")


def _find(backend: SESBackend, message_id: str) -> Message:
    for message in backend.outbox:
        if message.message_id == message_id:
            return message
    raise Problem(
        f"there is no message {message_id!r}; GET {ROOT}/messages lists them", HTTPStatus.NOT_FOUND
    )
