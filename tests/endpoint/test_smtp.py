"""The SMTP server: TLS, sessions, and failures on the connection."""

from __future__ import annotations

import os
import shutil
import smtplib
import socket
import ssl
import subprocess
import threading

import pytest
from smtp_clients import RECIPIENT, SENDER, code_and_text, message

from pytest_ses import Delay, Disconnect, ResponseLost, SESBackend, Timeout
from pytest_ses.endpoint.smtp import SMTPServer
from pytest_ses.smtp import passwords

RAW = b"From: shop@example.com\r\nSubject: Order\r\n\r\nThanks"


@pytest.fixture(scope="module", name="server")
def _server():
    """A server for all tests of the module."""
    server = SMTPServer()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def backend():
    """An active backend."""
    with SESBackend(verified=["example.com"], region="eu-west-1") as backend:
        yield backend


@pytest.fixture
def ses(server, backend):
    """The server of the backend."""
    with server.session(backend) as ses:
        yield ses


@pytest.fixture
def connect(server):
    """A function that connects a client; the connections are closed after the test."""
    clients = []

    def connect(**options):
        clients.append(smtplib.SMTP(server.host, server.port, **{"timeout": 5, **options}))
        return clients[-1]

    yield connect
    for client in clients:
        client.close()


@pytest.fixture
def client(ses, connect):
    """A client that has authenticated, without TLS."""
    client = connect()
    client.login(ses.username, ses.password)
    return client


class TestServer:
    def test_plain(self, backend, client):
        """A client sends without TLS."""
        client.send_message(message())
        sent = backend.outbox.one()
        assert ("Order", "eu-west-1") == (sent.subject, sent.region)

    def test_starttls(self, backend, ses, connect):
        """A client that trusts the certificate uses TLS, also if it is strict."""
        context = ssl.create_default_context(cafile=ses.certificate)
        context.verify_flags |= ssl.VERIFY_X509_STRICT
        client = connect()
        client.starttls(context=context)
        client.login(ses.username, ses.password)
        client.send_message(message())
        assert 1 == len(backend.outbox)

    @pytest.mark.parametrize("host", ["localhost", "127.0.0.1"])
    def test_names_of_the_certificate(self, ses, connect, host):
        """The certificate is for the names of this machine."""
        client = connect()
        client._host = host
        client.starttls(context=ssl.create_default_context(cafile=ses.certificate))
        assert host in str(client.sock.getpeercert()["subjectAltName"])

    def test_unknown_certificate(self, backend, ses, connect, capfd):
        """A client that does not trust the certificate fails, and the server reports nothing."""
        client = connect()
        with pytest.raises(ssl.SSLCertVerificationError):
            client.starttls(context=ssl.create_default_context())
        assert (250, b"Ok") == connect().noop()
        assert ("", "") == capfd.readouterr()

    def test_large_message(self, backend, client):
        """A message of several megabytes arrives whole."""
        body = RAW + b"\r\n" + b"x" * 70 + (b"\r\n" + b"y" * 70) * 60_000
        client.sendmail(SENDER, [RECIPIENT], body)
        assert backend.outbox.one().submitted.endswith(body + b"\r\n")

    def test_wrong_password(self, ses, connect):
        """The user name is a key of the account, so the password must be derived from it."""
        client = connect()
        with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
            client.login(ses.username, "wrong")
        assert (535, "Authentication Credentials Invalid") == code_and_text(caught.value)
        client.login("AKIAX", "anything")

    def test_password(self, ses):
        """The password is valid for the region of the backend."""
        assert passwords.derive("pytest-ses", "eu-west-1") == ses.password
        assert "AKIASESX123456789012" == ses.username

    def test_description(self, server, backend, ses):
        """The object shows its address, and has what another process needs."""
        assert f"smtp://127.0.0.1:{server.port}" == str(ses)
        assert f"<SESSMTP {ses} of {backend!r}>" == repr(ses)
        assert backend is ses.backend
        assert {
            "SMTP_HOST": "127.0.0.1",
            "SMTP_PORT": str(ses.port),
            "SMTP_USERNAME": ses.username,
            "SMTP_PASSWORD": ses.password,
            "SSL_CERT_FILE": str(ses.certificate),
            "NODE_EXTRA_CA_CERTS": str(ses.certificate),
        } == ses.environment

    def test_several_clients(self, backend, ses, connect):
        """Several clients send at the same time."""
        clients = [connect() for _number in range(4)]

        def send(client):
            client.login(ses.username, ses.password)
            for _number in range(10):
                client.sendmail(SENDER, [RECIPIENT], RAW)

        threads = [threading.Thread(target=send, args=(client,)) for client in clients]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert 40 == len(backend.outbox)

    def test_client_that_leaves(self, ses, connect, capfd):
        """A client that leaves in the middle of a message, or abruptly, is no error."""
        client = connect()
        client.login(ses.username, ses.password)
        client.sock.sendall(b"MAIL FROM:<a@example.com>\r\n")
        # Closing a socket with unread data resets the connection.
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
        client.close()
        assert (250, b"Ok") == connect().noop()
        assert ("", "") == capfd.readouterr()

    def test_error_of_a_handler(self, monkeypatch, backend, client, capfd):
        """An error of the fake itself is shown on both sides, and the connection stays open."""

        def fail(_request):
            raise LookupError("broken")

        monkeypatch.setattr(backend, "_handle", fail)
        with pytest.raises(smtplib.SMTPDataError) as caught:
            client.sendmail(SENDER, [RECIPIENT], RAW)
        assert (451, "LookupError: broken") == code_and_text(caught.value)
        assert "LookupError: broken" in capfd.readouterr().err
        assert (250, b"Ok") == client.noop()


class TestFailures:
    def test_timeout(self, backend, ses, connect):
        """A timeout holds the connection until the client gives up."""
        backend.fail("SendSmtpEmail", Timeout(), times=1)
        client = connect(timeout=0.2)
        client.login(ses.username, ses.password)
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            client.sendmail(SENDER, [RECIPIENT], RAW)
        assert 0 == len(backend.outbox)

    @pytest.mark.parametrize(("failure", "sent"), [(Disconnect(), 0), (ResponseLost(), 1)])
    def test_disconnect(self, backend, client, failure, sent):
        """A broken connection is closed without a reply."""
        with backend.fail("SendSmtpEmail", failure), pytest.raises(smtplib.SMTPServerDisconnected):
            client.sendmail(SENDER, [RECIPIENT], RAW)
        assert sent == len(backend.outbox)

    def test_delay(self, backend, ses, connect):
        """A late reply takes real time, here more than the client's timeout."""
        backend.fail("SendSmtpEmail", Delay(0.3), times=1)
        client = connect(timeout=0.1)
        client.login(ses.username, ses.password)
        with pytest.raises(smtplib.SMTPServerDisconnected, match="timed out"):
            client.sendmail(SENDER, [RECIPIENT], RAW)
        assert 1 == len(backend.outbox)

    def test_short_delay(self, backend, client):
        """A reply within the timeout arrives."""
        backend.fail("SendSmtpEmail", Delay(0.01), times=1)
        assert {} == client.sendmail(SENDER, [RECIPIENT], RAW)


class TestSessions:
    def test_between_tests(self, server):
        """Without a session, a client is told so."""
        with pytest.raises(smtplib.SMTPConnectError) as caught:
            smtplib.SMTP(server.host, server.port)
        code, text = code_and_text(caught.value)
        assert 421 == code
        assert "ses_smtp" in text

    def test_connection_of_an_earlier_test(self, server, connect):
        """A connection of an earlier test does not reach the account of the next."""
        with SESBackend() as first, server.session(first) as ses:
            client = connect()
            client.login(ses.username, ses.password)
        with SESBackend(verified=["example.com"]) as second, server.session(second):
            with pytest.raises(smtplib.SMTPSenderRefused) as caught:
                client.sendmail(SENDER, [RECIPIENT], RAW)
            assert (421, b"The test that this connection belongs to has ended") == (
                caught.value.smtp_code,
                caught.value.smtp_error,
            )
        assert [] == [*first.calls, *second.calls]

    @pytest.mark.parametrize("failure", [Timeout(), Delay(60)])
    def test_message_of_an_earlier_test(self, server, connect, failure):
        """A client that waits for its reply when the test ends receives 421."""
        received = threading.Event()
        errors = []
        with SESBackend(verified=["example.com"]) as backend, server.session(backend) as ses:
            backend.fail("SendSmtpEmail", failure, when=lambda _call: received.set() or True)
            client = connect()
            client.login(ses.username, ses.password)

            def send():
                try:
                    client.sendmail(SENDER, [RECIPIENT], RAW)
                except smtplib.SMTPException as error:
                    errors.append(error)

            thread = threading.Thread(target=send)
            thread.start()
            assert received.wait(5)
        thread.join(5)
        assert [421] == [error.smtp_code for error in errors]

    def test_nested(self, server, backend, ses, connect):
        """The server serves the innermost session, and then the one around it again."""
        with SESBackend(verified=["example.com"]) as inner, server.session(inner) as inner_ses:
            client = connect()
            client.login(inner_ses.username, inner_ses.password)
            client.send_message(message())
        client = connect()
        client.login(ses.username, ses.password)
        client.send_message(message())
        assert (1, 1) == (len(inner.outbox), len(backend.outbox))


class TestOptions:
    def test_log(self, backend):
        """The server logs a line for each message."""
        lines = []
        server = SMTPServer(log=lines.append)
        server.start()
        with server.session(backend) as ses, smtplib.SMTP(ses.host, ses.port) as client:
            client.login(ses.username, ses.password)
            client.sendmail(SENDER, [RECIPIENT], RAW)
            backend.fail("SendSmtpEmail", Disconnect())
            with pytest.raises(smtplib.SMTPServerDisconnected):
                client.sendmail(SENDER, [RECIPIENT], RAW)
        server.stop()
        message_id = backend.outbox.one().message_id
        assert [
            f"127.0.0.1 SendSmtpEmail 250 Ok {message_id}",
            "127.0.0.1 SendSmtpEmail no response",
        ] == lines

    def test_certificate_is_removed(self, backend):
        """A server that has stopped has removed its certificate."""
        server = SMTPServer()
        server.start()
        with server.session(backend) as ses:
            assert ses.certificate.is_file()
        server.stop()
        assert not ses.certificate.exists()

    def test_names(self, backend):
        """Further names of the machine are in the certificate."""
        server = SMTPServer(["host.docker.internal"])
        server.start()
        with server.session(backend) as ses, smtplib.SMTP(ses.host, ses.port) as client:
            client._host = "host.docker.internal"
            client.starttls(context=ssl.create_default_context(cafile=ses.certificate))
        server.stop()

    @pytest.mark.skipif(not socket.has_ipv6, reason="no IPv6 on this machine")
    def test_ipv6(self, backend):
        """The server listens on an IPv6 address."""
        server = SMTPServer(["::1"])
        server.start()
        with server.session(backend) as ses, smtplib.SMTP(ses.host, ses.port) as client:
            assert f"smtp://[::1]:{ses.port}" == str(ses)
            assert (250, b"Ok") == client.noop()
        server.stop()


NODEMAILER = """
const nodemailer = require("nodemailer");
const transport = nodemailer.createTransport({
  host: process.env.SMTP_HOST,
  port: Number(process.env.SMTP_PORT),
  requireTLS: true,
  auth: { user: process.env.SMTP_USERNAME, pass: process.env.SMTP_PASSWORD },
});
const send = (from) =>
  transport.sendMail({ from, to: "ada@example.org", subject: "Order", html: "<p>Thanks</p>" });
send("shop@example.com")
  .then((sent) => console.log(sent.response))
  .then(() => send("eve@example.net"))
  .catch((error) => console.log(error.responseCode));
"""


def test_nodemailer(backend, ses):
    """Nodemailer sends with STARTTLS, and receives SES's replies."""
    node = shutil.which("node")
    asked = node and subprocess.run(
        [node, "-e", "require('nodemailer')"], capture_output=True, check=False
    )
    if not asked or asked.returncode:
        pytest.skip("Node or nodemailer is not installed (npm install nodemailer; NODE_PATH)")
    environment = {**os.environ, **ses.environment}
    lines = subprocess.check_output(
        [node, "-e", NODEMAILER], env=environment, text=True, timeout=20
    )
    sent = backend.outbox.one(to="ada@example.org")
    assert ("<p>Thanks</p>", "Order") == (sent.html.strip(), sent.subject)
    assert [f"250 Ok {sent.message_id}", "554"] == lines.splitlines()
