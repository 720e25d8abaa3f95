"""A session of SES's SMTP interface: the commands of a client and the replies, without a socket.

Replies are SES's own where a transcript of a session with SES has been published. The others, which
SES's guide does not list, are those of RFC 5321.
"""

from __future__ import annotations

import base64
import binascii
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from pytest_ses.domain.sending.sending import MAX_BYTES
from pytest_ses.smtp import protocol
from pytest_ses.wire.http import NoReply, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    Submit = Callable[[Request], tuple[Response | NoReply, float]]
    """Returns what a client receives for a message, and the seconds that this takes."""
    Authenticate = Callable[[str, str], bool]
    """Returns whether a user name and a password are valid."""

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

SERVER_NAME: Final = "email-smtp.amazonaws.com"
_LIMIT: Final = MAX_BYTES["smtp"]
_OK: Final = "250 Ok"
_BAD_SEQUENCE: Final = "503 Bad sequence of commands"
_NO_SENDER: Final = "503 Error: need MAIL command"
_TOO_LONG: Final = "552 Message is too long."
_ASK_USERNAME: Final = base64.b64encode(b"Username:").decode()
_ASK_PASSWORD: Final = base64.b64encode(b"Password:").decode()

_AFTER_GREETING: Final = ("STARTTLS", "AUTH", "MAIL")
_AFTER_TLS: Final = ("AUTH", "MAIL", "RCPT", "DATA", "VRFY")
_COMMAND = re.compile(r"([A-Za-z]+)(?:\s+(.*))?", re.DOTALL)
_PATH = re.compile(r"(?:FROM|TO):\s*(?:<([^<>]*)>|([^\s<>]+))(?:\s+(.*))?", re.IGNORECASE)
_SIZE = re.compile(r"\bSIZE=(\d+)", re.IGNORECASE)
# SES checks the rest of the syntax when it has the message.
_ADDRESS = re.compile(r'(?:[^@\s]+|".*")@[^@\s]+')
_REPLY = re.compile(rb"\d{3} [^\r\n]*\r\n")
_LINE_END: Final = b"\r\n"
_END_OF_DATA: Final = b"\r\n.\r\n"


class SMTPReply(NamedTuple):
    """What the client receives.

    Attributes:
        data: the bytes of the reply.
        seconds: how long the client waits.
        no_reply: the reason, as in `NoReply`, if the client receives nothing; the session has ended.
    """

    data: bytes = b""
    seconds: float = 0.0
    no_reply: str | None = None


class SMTPHost(NamedTuple):
    """The host that a client has connected to, and its region."""

    name: str
    region: str


class SMTPSession:
    """One connection of a client.

    Args:
        host: the host that the client has connected to.
        submit: the function that handles a message.
        authenticate: the function that checks credentials.
        requires_tls: whether a client must start TLS before it authenticates.

    Attributes:
        starting_tls: whether the client is about to start TLS; call `secured` once it has.
        closed: whether the session has ended.
    """

    def __init__(
        self,
        host: SMTPHost,
        submit: Submit,
        authenticate: Authenticate,
        *,
        requires_tls: bool = True,
    ) -> None:
        self.starting_tls = False
        self.closed = False
        self._host = host
        self._submit = submit
        self._authenticate = authenticate
        self._requires_tls = requires_tls
        self._buffer = bytearray()
        self._commands: Mapping[str, Callable[[str], SMTPReply]] = {
            "AUTH": self._auth,
            "DATA": self._data,
            "EHLO": self._ehlo,
            "EXPN": self._not_implemented,
            "HELO": self._helo,
            "HELP": self._not_implemented,
            "MAIL": self._mail,
            "NOOP": self._noop,
            "QUIT": self._quit,
            "RCPT": self._rcpt,
            "RSET": self._rset,
            "STARTTLS": self._starttls,
            "VRFY": self._vrfy,
        }
        self._start(secure=False)

    def greeting(self) -> bytes:
        """Return what the client receives first."""
        return _reply(f"220 {SERVER_NAME} ESMTP SimpleEmailService-d-PYTESTSES").data

    def secured(self) -> None:
        """Continue after the connection has been secured."""
        self.starting_tls = False
        self._start(secure=True)

    def receive(self, data: bytes) -> Iterator[SMTPReply]:
        """Receive bytes from the client, and yield the replies to complete commands and messages."""
        self._buffer += data
        while not self.closed and (reply := self._next()) is not None:
            yield reply

    def _start(self, *, secure: bool) -> None:
        self._secure = secure
        self._greeted = False
        self._username = ""
        self._envelope: _Envelope | None = None
        # The function that handles the next line, if the line is not a command.
        self._continuation: Callable[[str], SMTPReply] | None = None

    def _next(self) -> SMTPReply | None:
        if self._envelope is not None and self._envelope.is_open:
            return self._next_data(self._envelope)
        line, newline, rest = self._buffer.partition(b"\n")
        if not newline:
            return None
        self._buffer = rest
        return self._take_line(line.rstrip(b"\r").decode("utf-8", "surrogateescape"))

    def _next_data(self, envelope: _Envelope) -> SMTPReply | None:
        rest = envelope.add(self._buffer)
        self._buffer.clear()
        if rest is None:
            return None
        self._buffer += rest
        self._envelope = None
        if envelope.size > _LIMIT:
            return _reply(_TOO_LONG)
        response, seconds = self._submit(
            protocol.request(
                *self._host,
                self._username,
                envelope.sender,
                envelope.recipients,
                envelope.message(),
            )
        )
        if isinstance(response, NoReply):
            self.closed = True
            return SMTPReply(b"", seconds, response.reason)
        reply = SMTPReply(protocol.reply(response), seconds)
        # After a corrupt reply, the client cannot continue.
        self.closed = not _REPLY.fullmatch(reply.data)
        return reply

    def _take_line(self, line: str) -> SMTPReply:
        continuation, self._continuation = self._continuation, None
        if continuation is not None:
            return continuation(line)
        match = _COMMAND.fullmatch(line)
        name = match[1].upper() if match else ""
        if match is None or name not in self._commands:
            return _reply("500 Syntax error, command unrecognized")
        if name in _AFTER_GREETING and not self._greeted:
            return _reply("503 Error: send HELO/EHLO first")
        if name in _AFTER_TLS and self._requires_tls and not self._secure:
            return _reply("530 Must issue a STARTTLS command first")
        return self._commands[name](match[2] or "")

    def _ehlo(self, _argument: str) -> SMTPReply:
        self._greeted = True
        self._envelope = None
        return _reply(
            f"250-{SERVER_NAME}",
            "250-8BITMIME",
            f"250-SIZE {_LIMIT}",
            *([] if self._secure else ["250-STARTTLS"]),
            "250-AUTH PLAIN LOGIN",
            _OK,
        )

    def _helo(self, _argument: str) -> SMTPReply:
        self._greeted = True
        self._envelope = None
        return _reply(f"250 {SERVER_NAME}")

    def _starttls(self, _argument: str) -> SMTPReply:
        if self._secure:
            return _reply(_BAD_SEQUENCE)
        # A client sends nothing before the handshake; bytes that are here may be an attacker's.
        self._buffer.clear()
        self.starting_tls = True
        return _reply("220 Ready to start TLS")

    def _auth(self, argument: str) -> SMTPReply:
        mechanism, _, response = argument.partition(" ")
        steps = {"PLAIN": (self._plain, "Ok"), "LOGIN": (self._login_username, _ASK_USERNAME)}
        if mechanism.upper() not in steps:
            return _reply("504 Command parameter not implemented")
        if self._username or self._envelope:
            return _reply(_BAD_SEQUENCE)
        step, challenge = steps[mechanism.upper()]
        return step(response) if response else self._challenge(challenge, step)

    def _challenge(self, challenge: str, step: Callable[[str], SMTPReply]) -> SMTPReply:
        self._continuation = step
        return _reply(f"334 {challenge}")

    def _plain(self, response: str) -> SMTPReply:
        _, *credentials = _decoded(response).split("\0")
        return self._log_in(*credentials)

    def _login_username(self, response: str) -> SMTPReply:
        username = _decoded(response)
        return self._challenge(
            _ASK_PASSWORD, lambda password: self._log_in(username, _decoded(password))
        )

    def _log_in(self, username: str = "", password: str = "", *rest: str) -> SMTPReply:
        if rest or not username or not self._authenticate(username, password):
            return _reply(protocol.INVALID_CREDENTIALS)
        self._username = username
        return _reply("235 Authentication successful.")

    def _mail(self, argument: str) -> SMTPReply:
        if not self._username:
            return _reply("530 Authentication required")
        if self._envelope:
            return _reply("503 Error: nested MAIL command")
        address, parameters = _path(argument)
        size = _SIZE.search(parameters)
        if size and int(size[1]) > _LIMIT:
            return _reply(_TOO_LONG)
        if "@" not in address:
            return _reply("501 Invalid MAIL FROM address provided")
        if not _ADDRESS.fullmatch(address):
            return _reply(f"553 <{address}> Invalid email address")
        self._envelope = _Envelope(address)
        return _reply(_OK)

    def _rcpt(self, argument: str) -> SMTPReply:
        if self._envelope is None:
            return _reply(_NO_SENDER)
        address, _ = _path(argument)
        if "@" not in address:
            return _reply("501 Invalid RCPT TO address provided")
        if not _ADDRESS.fullmatch(address):
            return _reply(f"553 <{address}> address unknown")
        self._envelope.recipients.append(address)
        return _reply(_OK)

    def _data(self, _argument: str) -> SMTPReply:
        if self._envelope is None:
            return _reply(_NO_SENDER)
        if not self._envelope.recipients:
            return _reply("503 Error: need RCPT command")
        self._envelope.is_open = True
        return _reply("354 End data with <CR><LF>.<CR><LF>")

    def _rset(self, _argument: str) -> SMTPReply:
        self._envelope = None
        return _reply(_OK)

    def _noop(self, _argument: str) -> SMTPReply:
        return _reply(_OK)

    def _quit(self, _argument: str) -> SMTPReply:
        self.closed = True
        return _reply("221 Bye")

    def _vrfy(self, _argument: str) -> SMTPReply:
        return _reply("252 Cannot VRFY user, but will accept message and attempt delivery")

    def _not_implemented(self, _argument: str) -> SMTPReply:
        return _reply("502 Command not implemented")


class _Envelope:
    """The sender and the recipients of a message, and its content while the client sends it.

    Attributes:
        is_open: whether the client is sending the content.
        size: the length of the content so far.
    """

    def __init__(self, sender: str) -> None:
        self.sender = sender
        self.recipients: list[str] = []
        self.is_open = False
        self.size = 0
        # The end of the line with DATA, so that the first line is like any other.
        self._content = bytearray(_LINE_END)

    def add(self, data: bytes | bytearray) -> bytes | None:
        """Add bytes; return what comes after the content, or None if the content is not complete."""
        start = max(0, len(self._content) - len(_END_OF_DATA) + 1)
        self._content += data
        self.size += len(data)
        end = self._content.find(_END_OF_DATA, start)
        if end >= 0:
            rest = bytes(self._content[end + len(_END_OF_DATA) :])
            self.size = end
            del self._content[end + len(_LINE_END) :]
            return rest
        return None

    def message(self) -> bytes:
        """Return the content without the dots that the client added at the start of lines."""
        return bytes(self._content.replace(b"\r\n..", b"\r\n.")[len(_LINE_END) :])


def _path(argument: str) -> tuple[str, str]:
    """Return the address and the parameters of a MAIL or RCPT command; the address may be empty."""
    match = _PATH.fullmatch(argument)
    if match is None or not argument.isascii():
        return "", ""
    return match[1] or match[2] or "", match[3] or ""


def _decoded(response: str) -> str:
    """Return a response of the client to a challenge, or an empty text if it is invalid."""
    try:
        return base64.b64decode(response.strip(), validate=True).decode()
    except (binascii.Error, ValueError):
        return ""


def _reply(*lines: str) -> SMTPReply:
    return SMTPReply("".join(f"{line}\r\n" for line in lines).encode())
