"""The command `python -m pytest_ses serve`."""

from __future__ import annotations

import re
import signal
import smtplib
import socket
import ssl
import subprocess
import sys
from pathlib import Path

import pytest
from http_clients import OUTBOUND, SEND, Client

from pytest_ses import __main__ as command

SERVE = [sys.executable, "-m", "pytest_ses", "serve", "--port", "0"]


class Process:
    """A running command and a client of it."""

    def __init__(self, *arguments):
        if sys.platform == "win32":
            pytest.skip("a process cannot send SIGINT on Windows")
        self.process = subprocess.Popen(
            [*SERVE, *arguments],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            # A shell ignores SIGINT in the processes that it starts in the background.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.default_int_handler),  # noqa: PLW1509  (the function takes no lock)
        )
        self.addresses = [self.process.stdout.readline() for _ in range(4)]
        self.client = Client(int(re.search(r":(\d+)$", self.addresses[0])[1]))

    def end(self, number):
        """Send a signal; return the exit status and what was logged."""
        self.process.send_signal(number)
        _, log = self.process.communicate(timeout=10)
        self.client.connection.close()
        return self.process.returncode, log


def test_serve():
    """It prints its addresses, serves an account, logs requests, and ends at Ctrl-C."""
    serving = Process("--verified", "example.com", "ada@example.net", "--verified", "example.org")
    url = f"http://127.0.0.1:{serving.client.connection.port}"
    assert [f"Amazon SES:  {url}\n", f"Messages:    {url}/_ses\n"] == serving.addresses[:2]
    assert 200 == serving.client.send().status
    (message,) = serving.client("GET", "/_ses/messages").json["messages"]
    assert "Hi" == message["subject"]
    assert (
        0,
        "127.0.0.1 POST /v2/email/outbound-emails HTTP/1.1 200\n"
        "127.0.0.1 GET /_ses/messages HTTP/1.1 200\n",
    ) == serving.end(signal.SIGINT)


def test_container():
    """`docker stop` sends SIGTERM, which ends it as well; with `--quiet` it logs nothing."""
    serving = Process(
        "--quiet", "--sandbox", "--verified", "example.com", "--host", "0.0.0.0", "--host", "ses"
    )
    answer = serving.client.send(Host="ses:8005")
    assert (400, "MessageRejected") == (answer.status, answer.headers["x-amzn-ErrorType"])
    assert (0, "") == serving.end(signal.SIGTERM)


def test_no_response_is_logged():
    """A planned network failure is logged, too."""
    serving = Process()
    plan = {"plan": "fail", "operation": "GetAccount", "error": {"type": "Disconnect"}}
    serving.client("POST", "/_ses/failures", plan)
    with pytest.raises(ConnectionError):
        serving.client("GET", "/v2/email/account")
    _, log = serving.end(signal.SIGINT)
    assert log.endswith("127.0.0.1 GET /v2/email/account HTTP/1.1 no response\n")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (OUTBOUND, {**SEND, "FromEmailAddress": "a@b.example"}),
        (
            "/",
            b"Action=SendEmail&Source=a@b.example&Destination.ToAddresses.member.1=c@d.example"
            b"&Message.Subject.Data=Hi&Message.Body.Text.Data=Hello",
        ),
    ],
)
def test_rejection_is_logged(path, body):
    """The log line of a call that is rejected ends with the code and text of the error, in both APIs."""
    serving = Process()
    serving.client("POST", path, body)
    _, log = serving.end(signal.SIGINT)
    assert (
        f"127.0.0.1 POST {path} HTTP/1.1 400 MessageRejected: Email address is not verified. The "
        "following identities failed the check in region US-EAST-1: a@b.example\n"
    ) == log


@pytest.mark.parametrize(
    ("message", "outcome"), [("Nö\n127.0.0.1", "400 Odd: N\\xf6\\n127.0.0.1"), ("", "400 Odd")]
)
def test_text_of_rejection_is_escaped(message, outcome):
    """The text of an error is one line of ASCII in the log; an empty text is left out."""
    serving = Process()
    plan = {"plan": "fail", "operation": "GetAccount", "error": "Odd", "status": 400}
    serving.client("POST", "/_ses/failures", {**plan, "message": message})
    serving.client("GET", "/v2/email/account")
    _, log = serving.end(signal.SIGINT)
    assert f"127.0.0.1 GET /v2/email/account HTTP/1.1 {outcome}" == log.splitlines()[-1]


def test_control_characters_are_escaped():
    """A request cannot write control characters to the log."""
    serving = Process()
    serving.client.raw(b"GET /\x1b[2J HTTP/1.1\r\nHost: localhost\r\n\r\n")
    assert 404 == serving.client.raw_answer().status
    _, log = serving.end(signal.SIGINT)
    assert "127.0.0.1 GET /\\x1b[2J HTTP/1.1 404\n" == log


@pytest.mark.parametrize(
    ("arguments", "text"),
    [
        (["--verified", "a b"], "verified: 'a b' is invalid; expected an address"),
        (["--host", "http://ses"], "'http://ses' is invalid; expected an address"),
    ],
)
def test_invalid_argument(arguments, text, capsys):
    """An invalid value is an error with exit status 1."""
    assert 1 == command.main(["serve", *arguments])
    assert f"python -m pytest_ses serve: {text}" in capsys.readouterr().err


@pytest.mark.parametrize("port", ["-1", "65536", "http"])
def test_invalid_port(port, capsys):
    """A port that does not exist is an error of the command line."""
    with pytest.raises(SystemExit, match="2"):
        command.main(["serve", f"--port={port}"])
    assert f"argument --port: '{port}' is not a number from 0 to 65535" in capsys.readouterr().err


def test_port_in_use(server, capsys):
    """If the port is taken, the error says how to choose another."""
    assert 1 == command.main(["serve", "--port", str(server.port)])
    assert (
        f"python -m pytest_ses serve: cannot listen on port {server.port}: Address already in use; "
        "choose another port with --port, or a free one with --port 0\n"
    ) == capsys.readouterr().err


def test_foreign_address(capsys):
    """An address of another machine is an error that does not blame the port."""
    assert 1 == command.main(["serve", "--port", "0", "--host", "192.0.2.1"])
    assert (
        "python -m pytest_ses serve: cannot listen on the address 192.0.2.1: Cannot assign requested "
        "address; choose an address of this machine with --host, or all with --host 0.0.0.0\n"
    ) == capsys.readouterr().err


class TestSMTP:
    def test_serve(self):
        """The SMTP server serves the same account, and prints its address."""
        serving = Process("--verified", "example.com", "--smtp-port", "0")
        line = serving.addresses[2]
        port = int(re.fullmatch(r"SMTP:        smtp://127\.0\.0\.1:(\d+)\n", line)[1])
        with smtplib.SMTP("127.0.0.1", port) as client:
            client.login("AKIAX", "x")
            client.sendmail(
                "a@example.com", "b@example.org", b"Subject: Over SMTP\n\nFrom: a@example.com"
            )
        (message,) = serving.client("GET", "/_ses/messages").json["messages"]
        assert ("Over SMTP", "SendSmtpEmail") == (message["subject"], message["operation"])
        status, log = serving.end(signal.SIGINT)
        assert 0 == status
        assert f"127.0.0.1 SendSmtpEmail 250 Ok {message['message_id']}\n" in log

    def test_certificate(self):
        """A client that loads the printed certificate trusts the server; the file ends with it."""
        serving = Process("--smtp-port", "0", "--host", "localhost")
        _, _, smtp, certificate = serving.addresses
        path = Path(re.fullmatch(r"Certificate: (.+)\n", certificate)[1])
        with smtplib.SMTP("localhost", int(smtp.rpartition(":")[2])) as client:
            client.starttls(context=ssl.create_default_context(cafile=path))
            assert (235, b"Authentication successful.") == client.login("any", "password")
        serving.end(signal.SIGINT)
        assert not path.exists()

    def test_port_in_use(self, capsys):
        """A port that is in use is an error, unless the user has not chosen it."""
        with socket.create_server(("127.0.0.1", 0)) as taken:
            port = taken.getsockname()[1]
            assert 1 == command.main(["serve", "--port", "0", "--smtp-port", str(port)])
        assert (
            f"cannot listen on port {port}: Address already in use; choose another port with "
            "--smtp-port, or a free one with --smtp-port 0" in capsys.readouterr().err
        )

    def test_default_port_in_use(self, monkeypatch):
        """If the default port is in use, the server has a free one."""
        options = command._parser().parse_args(["serve"])
        with socket.create_server(("127.0.0.1", 0)) as taken:
            monkeypatch.setattr(command, "_SMTP_PORT", taken.getsockname()[1])
            server = command._smtp_server(options)
            server.start()
            assert taken.getsockname()[1] != server.port
            server.stop()
