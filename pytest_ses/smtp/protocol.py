"""The protocol in which a session submits messages: a `Codec` whose responses are SMTP replies.

A message that a client has sent is a request with the envelope in its headers and the message as its
body. So accounts, planned failures, checks and calls apply to it as to a request of the APIs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from pytest_ses.smtp import passwords
from pytest_ses.wire.http import Fault, Request, Response

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from pytest_ses.wire.shapes import Operation, Service

SCHEME: Final = "smtp:"
OPERATION: Final = "SendSmtpEmail"

# https://docs.aws.amazon.com/ses/latest/dg/troubleshoot-smtp.html#troubleshoot-smtp-responses
TEMPORARY_FAILURE: Final = b"451 Temporary service failure\r\n"
INVALID_CREDENTIALS: Final = "535 Authentication Credentials Invalid"
_REPLIES: Final = {
    "AccessDenied": "554 Access denied: {text}",
    "ExpiredToken": INVALID_CREDENTIALS,
    "InvalidClientTokenId": INVALID_CREDENTIALS,
    # Seen in a session, but not in the guide.
    "MailFromDomainNotVerifiedException": "554 MAIL FROM domain not verified: {text}",
    "MessageRejected": "554 Message rejected: {text}",
    "SignatureDoesNotMatch": INVALID_CREDENTIALS,
    "Throttling": "454 Throttling failure: {text}",
}
# Seen for errors that the API returns as InvalidParameterValue.
_OTHER_REPLY: Final = "554 Transaction failed: {text}"
_FIRST_SERVER_ERROR: Final = 500


def request(
    host: str, region: str, username: str, sender: str, recipients: Sequence[str], message: bytes
) -> Request:
    """Return the request for a message that a client has sent."""
    headers = {
        "authorization": passwords.scope(quote(username, safe=""), region),
        "mail-from": sender,
        "rcpt-to": "\n".join(recipients),
    }
    return Request("SMTP", f"{SCHEME}//{host}", headers, message)


def parse(_service: Service, request: Request) -> tuple[str, dict[str, Any]]:
    """Read the envelope and the message; see `Codec`."""
    return OPERATION, {
        "Source": request.headers["mail-from"],
        "Destinations": request.headers["rcpt-to"].split("\n"),
        "RawMessage": {"Data": request.body},
    }


def render(_operation: Operation, result: Mapping[str, Any], _request_id: str) -> Response:
    """Write the message ID as a reply; see `Codec`."""
    return Response(200, {}, f"250 Ok {result['MessageId']}\r\n".encode())


def render_error(_service: Service, fault: Fault, _request_id: str) -> Response:
    """Write the fault as a reply; see `Codec`."""
    if fault.status >= _FIRST_SERVER_ERROR:
        return Response(fault.status, {}, TEMPORARY_FAILURE)
    reply = _REPLIES.get(fault.code, _OTHER_REPLY).format(text=_line(fault.message or fault.code))
    return Response(fault.status, {}, f"{reply}\r\n".encode())


def failure(text: str) -> Response:
    """Return the reply for an error of the fake itself."""
    return Response(200, {}, f"451 {_line(text)}\r\n".encode())


def reply(response: Response) -> bytes:
    """Return a response as the bytes that the client receives.

    The error page of a load balancer has no counterpart in SMTP.
    """
    return TEMPORARY_FAILURE if response.status >= _FIRST_SERVER_ERROR else response.body


def _line(text: str) -> str:
    return " ".join(text.splitlines())
