"""The commands of a session and their replies, without a socket."""

from __future__ import annotations

import base64

import pytest
from hypothesis import given, strategies as st

from pytest_ses.domain.sending.sending import MAX_BYTES
from pytest_ses.smtp import passwords
from pytest_ses.smtp.session import SMTPHost, SMTPSession
from pytest_ses.wire.http import NoReply, Response

HOST = SMTPHost("email-smtp.eu-west-1.amazonaws.com", "eu-west-1")
OK = b"250 Ok 0102-000000\r\n"


def encoded(text):
    """A text in Base64."""
    return base64.b64encode(text.encode()).decode()


PLAIN = f"AUTH PLAIN {encoded(chr(0) + 'AKIAX' + chr(0) + 'secret')}"
ENVELOPE = ["MAIL FROM:<ada@example.com>", "RCPT TO:<bob@example.org>"]


class Client:
    """A client of a session, without a socket."""

    def __init__(self, *, requires_tls=False):
        self.requests = []
        self.response = Response(200, {}, OK)
        self.session = SMTPSession(
            HOST,
            self.submit,
            lambda username, password: (username, password) == ("AKIAX", "secret"),
            requires_tls=requires_tls,
        )

    def submit(self, request):
        self.requests.append(request)
        return self.response, 0.0

    def send(self, *lines):
        """Send commands; return the text of the last reply."""
        return self.raw("".join(f"{line}\r\n" for line in lines).encode())

    def raw(self, data):
        """Send bytes; return the text of the last reply, None if there is none."""
        replies = list(self.session.receive(data))
        return replies[-1].data.decode().rstrip() if replies else None


@pytest.fixture
def client():
    """A client that has greeted the server."""
    client = Client()
    client.send("EHLO localhost")
    return client


@pytest.fixture
def sender(client):
    """A client that has authenticated."""
    client.send(PLAIN)
    return client


class TestGreeting:
    def test_greeting(self, client):
        """The server introduces itself as SES's does."""
        assert client.session.greeting().startswith(b"220 email-smtp.amazonaws.com ESMTP ")

    def test_ehlo(self, client):
        """EHLO lists the extensions, one per line."""
        assert [
            "250-email-smtp.amazonaws.com",
            "250-8BITMIME",
            "250-SIZE 41943040",
            "250-STARTTLS",
            "250-AUTH PLAIN LOGIN",
            "250 Ok",
        ] == client.send("EHLO localhost").splitlines()

    def test_helo(self):
        """HELO is enough to send."""
        client = Client()
        assert "250 email-smtp.amazonaws.com" == client.send("HELO localhost")
        assert "250 Ok" == client.send(PLAIN, *ENVELOPE)

    @pytest.mark.parametrize("command", ["STARTTLS", PLAIN, ENVELOPE[0]])
    def test_required(self, command):
        """Nothing else is possible before EHLO or HELO."""
        assert "503 Error: send HELO/EHLO first" == Client().send(command)


class TestTLS:
    @pytest.mark.parametrize("command", [PLAIN, *ENVELOPE, "DATA", "VRFY bob"])
    def test_required(self, command):
        """Without TLS, commands that send or authenticate are rejected."""
        client = Client(requires_tls=True)
        assert "530 Must issue a STARTTLS command first" == client.send("EHLO localhost", command)

    def test_started(self):
        """After the handshake, the client greets the server again, and TLS is no longer offered."""
        client = Client(requires_tls=True)
        assert "220 Ready to start TLS" == client.send("EHLO localhost", "STARTTLS")
        assert client.session.starting_tls
        client.session.secured()
        assert not client.session.starting_tls
        assert "503 Error: send HELO/EHLO first" == client.send(PLAIN)
        assert "STARTTLS" not in client.send("EHLO localhost")
        assert "235 Authentication successful." == client.send(PLAIN)

    def test_only_once(self, client):
        """TLS cannot be started a second time."""
        client.session.secured()
        assert "503 Bad sequence of commands" == client.send("EHLO localhost", "STARTTLS")

    def test_commands_before_the_handshake_are_discarded(self, client):
        """What arrives together with STARTTLS is not executed under TLS."""
        assert "220 Ready to start TLS" == client.send("STARTTLS", "RSET")
        client.session.secured()
        assert None is client.raw(b"")


class TestAuth:
    def test_plain(self, client):
        """PLAIN has the user name and the password in one response."""
        assert "235 Authentication successful." == client.send(PLAIN)

    def test_plain_in_two_steps(self, client):
        """The response can follow on a line of its own."""
        assert "334 Ok" == client.send("AUTH PLAIN")
        assert "235 Authentication successful." == client.send(PLAIN.rpartition(" ")[2])

    @pytest.mark.parametrize("initial", [True, False])
    def test_login(self, client, initial):
        """LOGIN asks for the user name, unless it is in the command, and for the password."""
        username = encoded("AKIAX")
        if initial:
            reply = client.send(f"auth login {username}")
        else:
            assert f"334 {encoded('Username:')}" == client.send("AUTH LOGIN")
            reply = client.send(username)
        assert f"334 {encoded('Password:')}" == reply
        assert "235 Authentication successful." == client.send(encoded("secret"))

    @pytest.mark.parametrize(
        "lines",
        [
            [f"AUTH PLAIN {encoded(chr(0) + 'AKIAX' + chr(0) + 'wrong')}"],
            [f"AUTH PLAIN {encoded('AKIAX')}"],
            [f"AUTH PLAIN {encoded(chr(0).join('abcd'))}"],
            ["AUTH PLAIN not-base64"],
            ["AUTH PLAIN", "*"],
            [f"AUTH LOGIN {encoded('AKIAX')}", encoded("wrong")],
            ["AUTH LOGIN", "*", ""],
            ["AUTH PLAIN //8="],
        ],
    )
    def test_invalid(self, client, lines):
        """Wrong and unreadable credentials are rejected, and the client can try again."""
        assert "535 Authentication Credentials Invalid" == client.send(*lines)
        assert "235 Authentication successful." == client.send(PLAIN)

    def test_unknown_mechanism(self, client):
        """There are no other mechanisms."""
        assert "504 Command parameter not implemented" == client.send("AUTH CRAM-MD5")

    def test_only_once(self, sender):
        """A client cannot authenticate a second time."""
        assert "503 Bad sequence of commands" == sender.send(PLAIN)


class TestEnvelope:
    def test_authentication_required(self, client):
        """A client that has not authenticated cannot send."""
        assert "530 Authentication required" == client.send(ENVELOPE[0])

    @pytest.mark.parametrize(
        "path", ["<a@b.c>", "a@b.c", " <a@b.c>", "<a@b.c> BODY=8BITMIME SIZE=99", '<"a b"@c.d>']
    )
    def test_addresses(self, sender, path):
        """Addresses have brackets or not, and parameters."""
        assert "250 Ok" == sender.send(f"mail from:{path}")
        assert "250 Ok" == sender.send(f"rcpt to:{path}")

    @pytest.mark.parametrize("path", ["", "<>", "<root>", "root", "<ä@b.c>", "<a>b@c.d>"])
    def test_unreadable_addresses(self, sender, path):
        """An argument without an address is rejected at once."""
        assert "501 Invalid MAIL FROM address provided" == sender.send(f"MAIL FROM:{path}")
        sender.send(ENVELOPE[0])
        assert "501 Invalid RCPT TO address provided" == sender.send(f"RCPT TO:{path}")

    @pytest.mark.parametrize("address", ["a@", "@b.c", "a b@c.d", "a@b@c"])
    def test_invalid_addresses(self, sender, address):
        """An address without a local part or a domain is rejected at once."""
        assert f"553 <{address}> Invalid email address" == sender.send(f"MAIL FROM:<{address}>")
        sender.send(ENVELOPE[0])
        assert f"553 <{address}> address unknown" == sender.send(f"RCPT TO:<{address}>")

    @pytest.mark.parametrize(
        ("lines", "reply"),
        [
            (["RCPT TO:<a@b.c>"], "503 Error: need MAIL command"),
            (["DATA"], "503 Error: need MAIL command"),
            ([ENVELOPE[0], "DATA"], "503 Error: need RCPT command"),
            ([ENVELOPE[0], ENVELOPE[0]], "503 Error: nested MAIL command"),
            ([*ENVELOPE, "RSET", "DATA"], "503 Error: need MAIL command"),
            ([*ENVELOPE, "EHLO again", "DATA"], "503 Error: need MAIL command"),
            ([*ENVELOPE, "HELO again", "DATA"], "503 Error: need MAIL command"),
        ],
    )
    def test_order(self, sender, lines, reply):
        """The commands of an envelope have an order, and RSET and EHLO discard it."""
        assert reply == sender.send(*lines)

    def test_announced_size(self, sender):
        """A message whose announced size exceeds the limit is rejected at once."""
        limit = MAX_BYTES["smtp"]
        assert "552 Message is too long." == sender.send(f"MAIL FROM:<a@b.c> SIZE={limit + 1}")
        assert "250 Ok" == sender.send(f"MAIL FROM:<a@b.c> SIZE={limit}")


class TestData:
    def test_request(self, sender):
        """A message becomes a request with the envelope and the credential of the user."""
        sender.send(*ENVELOPE, "RCPT TO:<eve@example.org>", "DATA")
        assert OK.decode().rstrip() == sender.send("Subject: Hi", "", "Hello", ".")
        (request,) = sender.requests
        assert b"Subject: Hi\r\n\r\nHello\r\n" == request.body
        assert {
            "authorization": passwords.scope("AKIAX", "eu-west-1"),
            "mail-from": "ada@example.com",
            "rcpt-to": "bob@example.org\neve@example.org",
        } == request.headers

    def test_prompt(self, sender):
        """DATA says how the message ends."""
        assert "354 End data with <CR><LF>.<CR><LF>" == sender.send(*ENVELOPE, "DATA")

    def test_several(self, sender):
        """A session sends several messages, each with its own envelope."""
        for body in ("1", "2"):
            sender.send(*ENVELOPE, "DATA", body, ".")
        assert [b"1\r\n", b"2\r\n"] == [request.body for request in sender.requests]
        assert "503 Error: need MAIL command" == sender.send("DATA")

    def test_empty(self, sender):
        """A message can be empty."""
        sender.send(*ENVELOPE, "DATA", ".")
        assert b"" == sender.requests[0].body

    def test_commands_after_the_message(self, sender):
        """What follows the message is a command again."""
        assert "221 Bye" == sender.send(*ENVELOPE, "DATA", "Hello", ".", "QUIT")

    @pytest.mark.parametrize("size", [MAX_BYTES["smtp"], MAX_BYTES["smtp"] + 1])
    def test_size(self, sender, size):
        """A message that exceeds the limit is rejected without being sent."""
        sender.send(*ENVELOPE, "DATA")
        reply = sender.raw(b"x" * (size - 2) + b"\r\n.\r\n")
        is_too_long = size > MAX_BYTES["smtp"]
        assert is_too_long is (reply == "552 Message is too long.")
        assert is_too_long is not bool(sender.requests)

    @given(
        st.lists(st.text(alphabet="ab. \r\n", max_size=5)),
        st.lists(st.integers(1, 30), max_size=20),
    )
    def test_any_message_in_any_pieces(self, lines, sizes):
        """A message arrives as it was, however it is cut, and with lines that begin with dots."""
        message = "".join(f"{line}\r\n" for line in lines).replace("\r\n.\r\n", "\r\n").encode()
        message = message.removeprefix(b".\r\n")
        stuffed = (b"\r\n" + message).replace(b"\r\n.", b"\r\n..")[2:]
        client = Client()
        client.send("EHLO localhost", PLAIN, *ENVELOPE, "DATA")
        data = stuffed + b".\r\n"
        for size in sizes:
            client.raw(data[:size])
            data = data[size:]
        client.raw(data)
        assert [message] == [request.body for request in client.requests]

    @pytest.mark.parametrize("status", [500, 502])
    def test_server_error(self, sender, status):
        """A failure inside SES is temporary, and the session continues."""
        sender.response = Response(status, {}, b"<html></html>")
        sender.send(*ENVELOPE, "DATA")
        assert "451 Temporary service failure" == sender.send(".")
        assert "250 Ok" == sender.send("NOOP")

    @pytest.mark.parametrize("body", [b"250 Ok 01", b"<html>\r\n</html>\r\n"])
    def test_corrupt_reply(self, sender, body):
        """After a reply that is not one, the session ends."""
        sender.response = Response(200, {}, body)
        sender.send(*ENVELOPE, "DATA", ".")
        assert sender.session.closed
        assert None is sender.send("NOOP")

    def test_no_reply(self, sender):
        """Without a reply, the session ends, with the reason."""
        sender.response = NoReply("read timeout")
        sender.send(*ENVELOPE, "DATA")
        (reply,) = sender.session.receive(b".\r\n")
        assert (b"", "read timeout") == (reply.data, reply.no_reply)
        assert sender.session.closed


class TestOtherCommands:
    @pytest.mark.parametrize(
        ("command", "reply"),
        [
            ("NOOP", "250 Ok"),
            ("RSET", "250 Ok"),
            ("VRFY bob", "252 Cannot VRFY user, but will accept message and attempt delivery"),
            ("HELP", "502 Command not implemented"),
            ("EXPN staff", "502 Command not implemented"),
            ("BDAT 3", "500 Syntax error, command unrecognized"),
            ("", "500 Syntax error, command unrecognized"),
        ],
    )
    def test_reply(self, client, command, reply):
        """The other commands have the replies of the standard."""
        assert reply == client.send(command)

    def test_quit(self, client):
        """QUIT ends the session."""
        assert "221 Bye" == client.send("QUIT", "NOOP")
        assert client.session.closed

    def test_line_ends(self, client):
        """A command may end without a carriage return, and arrive in pieces."""
        assert None is client.raw(b"NO")
        assert "250 Ok" == client.raw(b"OP\n")

    @given(st.binary(max_size=200))
    def test_any_bytes(self, data):
        """Whatever a client sends, there are only replies."""
        client = Client()
        client.send("EHLO localhost", PLAIN)
        for reply in client.session.receive(data + b"\r\n"):
            assert reply.data[:3].isdigit()
