"""The list of sent messages at `/_aws/ses`, in LocalStack's format.

https://docs.localstack.cloud/aws/services/ses/#retrieve-sent-emails
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from pytest_ses.endpoint.responses import Problem, json_response
from pytest_ses.wire import urls
from pytest_ses.wire.http import Response

if TYPE_CHECKING:
    from pytest_ses.backend import SESBackend
    from pytest_ses.domain.mail.messages import Message
    from pytest_ses.wire.http import Request

ROOT = "/_aws/ses"


def respond(backend: SESBackend, request: Request) -> Response:
    """List or remove messages; `id` selects one, and `email` (the sender) those to list.

    Raises:
        Problem: if the method or path is not supported, or the message does not exist.
    """
    path, query = urls.split(request.url)
    if path != ROOT:
        raise Problem(f"{path} does not exist; expected {ROOT}", HTTPStatus.NOT_FOUND)
    selected = dict(parse_qsl(query))
    if request.method in ("GET", "HEAD"):
        return json_response({"messages": _messages(backend, selected)})
    if request.method == "DELETE":
        _remove(backend, selected)
        return Response(HTTPStatus.NO_CONTENT, {}, b"")
    raise Problem(
        f"{request.method} {path} is not supported; expected GET or DELETE",
        HTTPStatus.METHOD_NOT_ALLOWED,
        {"Allow": "GET, DELETE"},
    )


def _messages(backend: SESBackend, selected: dict[str, str]) -> list[dict[str, Any]]:
    message_id, source = selected.get("id"), selected.get("email")
    return [
        _view(message)
        for message in backend.outbox
        if message_id in (None, "", message.message_id) and source in (None, "", message.source)
    ]


def _remove(backend: SESBackend, selected: dict[str, str]) -> None:
    try:
        backend.clear_outbox(*([selected["id"]] if "id" in selected else []))
    except ValueError as error:
        raise Problem(str(error), HTTPStatus.NOT_FOUND) from error


def _view(message: Message) -> dict[str, Any]:
    view = {
        "Id": message.message_id,
        "Region": message.region,
        "Source": message.source,
        **_content(message),
    }
    return {**view, "Timestamp": f"{message.sent_at:%Y-%m-%dT%H:%M:%S}"}


def _content(message: Message) -> dict[str, Any]:
    if message.submitted is not None:
        return {"RawData": message.submitted.decode("utf-8", "replace")}
    addresses = {
        "ToAddresses": message.to,
        "CcAddresses": message.cc,
        "BccAddresses": message.bcc,
    }
    destination = {name: value for name, value in addresses.items() if value}
    if message.template_name is not None:
        return {
            "Destination": destination,
            "Template": message.template_name,
            "TemplateData": json.dumps(message.template_data),
        }
    return {
        "Destination": destination,
        "Subject": message.subject,
        "Body": {"text_part": message.text, "html_part": message.html},
    }
