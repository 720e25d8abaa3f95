"""smtplib and aiosmtplib reach the backend: the same behaviour for both of them."""

from __future__ import annotations

import asyncio
import logging
import logging.handlers
import smtplib
import socket
import ssl
import subprocess
import sys
import threading
import time

import aiosmtplib
import boto3
import pytest
from moto import mock_aws
from smtp_clients import (
    AUTHENTICATION_ERRORS,
    DATA_ERRORS,
    DISCONNECTED,
    EVERY,
    HOST,
    RECIPIENT,
    SENDER,
    STARTTLS,
    TIMED_OUT,
    TLS,
    aiosmtplib_starttls,
    code_and_text,
    message,
    smtplib_ssl,
    smtplib_starttls,
)

from pytest_ses import (
    CorruptResponse,
    Delay,
    Disconnect,
    ResponseLost,
    ServerError,
    SESBackend,
    Timeout,
)
from pytest_ses.smtp import passwords
from pytest_ses.transports import boto, hosts

every_client = pytest.mark.parametrize("send", EVERY, ids=lambda send: send.__name__)


@pytest.fixture
def backend():
    """An active backend."""
    with SESBackend(verified=["example.com"]) as backend:
        yield backend


def seconds(backend, action):
    """The seconds that an action adds to those that pass in reality, rounded."""
    started, start = time.monotonic(), backend.clock.now()
    action()
    virtual = (backend.clock.now() - start).total_seconds()
    return round(virtual - (time.monotonic() - started))


@every_client
class TestSending:
    def test_message(self, backend, send):
        """A message reaches the outbox, from the envelope and with its text unchanged."""
        send(message(Bcc="eve@example.org"))
        (sent,) = backend.outbox
        assert ("smtp", "SendSmtpEmail", "eu-west-1") == (sent.service, sent.operation, sent.region)
        assert (SENDER, [RECIPIENT], ["eve@example.org"]) == (sent.source, sent.to, sent.bcc)
        assert ("Order", ".Thanks\n") == (sent.subject, sent.text)

    def test_call(self, backend, send):
        """A message is one call, with the message as the client sent it."""
        send(message())
        (call,) = backend.calls
        assert ("smtp", "SendSmtpEmail") == (call.service, call.operation)
        assert (SENDER, [RECIPIENT]) == (call.params["Source"], call.params["Destinations"])
        assert b"\r\n\r\n.Thanks\r\n" in call.params["RawMessage"]["Data"]
        assert {"MessageId": backend.outbox[0].message_id} == call.response

    def test_account(self, backend, send):
        """A user name that is a key of an account selects the account."""
        account = backend.account("eu-west-1", "999988887777")
        account.verify("example.com")
        key = account.credentials
        password = passwords.derive(key.aws_secret_access_key, "eu-west-1")
        send(message(), username=key.aws_access_key_id, password=password)
        assert "999988887777" == backend.outbox.one().account_id

    def test_rejected(self, backend, send):
        """An error of SES is the client's own exception, with SES's reply."""
        with pytest.raises(DATA_ERRORS) as caught:
            send(message(From="eve@example.net"))
        assert code_and_text(caught.value) == (
            554,
            "Message rejected: Email address is not verified. The following identities failed the "
            "check in region EU-WEST-1: eve@example.net",
        )

    def test_wrong_password(self, backend, send):
        """A key of the account needs its password; any other user name has any password."""
        key = backend.account().credentials.aws_access_key_id
        other_region = passwords.derive("pytest-ses", "us-east-1")
        for username in (key, boto.ACCESS_KEY):
            with pytest.raises(AUTHENTICATION_ERRORS) as caught:
                send(message(), username=username, password=other_region)
            assert (535, "Authentication Credentials Invalid") == code_and_text(caught.value)
        assert [] == backend.calls

    def test_key_of_moto(self, backend, send):
        """A key that moto's IAM issued belongs to moto's account, and needs its password."""
        with mock_aws():
            iam = boto3.client("iam")
            iam.create_user(UserName="mailer")
            key = iam.create_access_key(UserName="mailer")["AccessKey"]
            password = passwords.derive(key["SecretAccessKey"], "eu-west-1")
            send(message(), username=key["AccessKeyId"], password=password)
            with pytest.raises(AUTHENTICATION_ERRORS):
                send(message(), username=key["AccessKeyId"], password="wrong")
        assert "123456789012" == backend.outbox.one().account_id

    def test_other_hosts(self, send):
        """A connection to another host is a real one, which here is refused."""
        with socket.socket() as unused, SESBackend():
            unused.bind(("127.0.0.1", 0))
            with pytest.raises((OSError, aiosmtplib.SMTPConnectError)):
                send(message(), host="127.0.0.1", port=unused.getsockname()[1])


@every_client
class TestFailures:
    def test_planned_error(self, backend, send):
        """A planned error is SES's reply to the message."""
        with (
            backend.fail("SendSmtpEmail", "MessageRejected", message="No."),
            pytest.raises(DATA_ERRORS) as caught,
        ):
            send(message())
        assert (554, "Message rejected: No.") == code_and_text(caught.value)
        assert 0 == len(backend.outbox)

    def test_throttle(self, backend, send):
        """`throttle` applies to SMTP as to other sends."""
        with backend.throttle(times=1), pytest.raises(DATA_ERRORS) as caught:
            send(message())
        assert (454, "Throttling failure: Maximum sending rate exceeded.") == code_and_text(
            caught.value
        )

    @pytest.mark.parametrize("failure", [Timeout(), Timeout("connect"), Delay(8)])
    def test_timeout(self, backend, send, failure):
        """A timeout is the client's own exception at once, and takes virtual time."""
        backend.fail("SendSmtpEmail", failure)

        def attempt():
            with pytest.raises(TIMED_OUT):
                send(message())

        assert 7 == seconds(backend, attempt)

    def test_delay(self, backend, send):
        """A reply within the timeout is late in virtual time."""
        backend.fail("SendSmtpEmail", Delay(6))
        assert 6 == seconds(backend, lambda: send(message()))

    @pytest.mark.parametrize(("failure", "sent"), [(Disconnect(), 0), (ResponseLost(), 1)])
    def test_disconnect(self, backend, send, failure, sent):
        """A broken connection is the client's own exception."""
        with backend.fail("SendSmtpEmail", failure), pytest.raises(DISCONNECTED):
            send(message())
        assert sent == len(backend.outbox)

    @pytest.mark.parametrize("status", [500, 502, 503])
    def test_server_error(self, backend, send, status):
        """A failure inside SES, or of a load balancer, is a temporary one."""
        backend.fail("SendSmtpEmail", ServerError(status))
        with pytest.raises(DATA_ERRORS) as caught:
            send(message())
        assert (451, "Temporary service failure") == code_and_text(caught.value)

    def test_page(self, backend, send):
        """A page in the place of a reply is an error of the client."""
        backend.fail("SendSmtpEmail", CorruptResponse("html"))
        with pytest.raises((smtplib.SMTPResponseException, aiosmtplib.SMTPResponseException)):
            send(message())
        assert 1 == len(backend.outbox)


class TestConnecting:
    @pytest.mark.parametrize("send", STARTTLS, ids=lambda send: send.__name__)
    @pytest.mark.parametrize("port", [25, 587, 2587])
    def test_starttls_ports(self, backend, send, port):
        """These ports use STARTTLS."""
        send(message(), port=port)
        assert 1 == len(backend.outbox)

    @pytest.mark.parametrize("send", TLS, ids=lambda send: send.__name__)
    @pytest.mark.parametrize("port", [465, 2465])
    def test_tls_ports(self, backend, send, port):
        """These ports use TLS from the start."""
        send(message(), port=port)
        assert 1 == len(backend.outbox)

    @pytest.mark.parametrize("send", TLS, ids=lambda send: send.__name__)
    def test_tls_on_a_starttls_port(self, backend, send):
        """A client that starts with TLS where SES expects STARTTLS fails as with SES."""
        with pytest.raises((ssl.SSLError, aiosmtplib.SMTPConnectError), match="WRONG_VERSION"):
            send(message(), port=587)

    @pytest.mark.parametrize("send", STARTTLS, ids=lambda send: send.__name__)
    def test_no_tls_on_a_tls_port(self, backend, send):
        """A client that expects a greeting where SES expects TLS waits until its timeout."""

        def attempt():
            with pytest.raises(
                (smtplib.SMTPServerDisconnected, aiosmtplib.SMTPConnectTimeoutError)
            ):
                send(message(), port=465)

        assert 7 == seconds(backend, attempt)

    @every_client
    def test_other_ports(self, backend, send):
        """On any other port, the connection times out."""

        def attempt():
            with pytest.raises((TimeoutError, aiosmtplib.SMTPConnectTimeoutError)):
                send(message(), port=8025)

        assert 7 == seconds(backend, attempt)

    @pytest.mark.parametrize(
        ("host", "region"),
        [
            (HOST.upper() + ".", "eu-west-1"),
            ("email-smtp-fips.us-gov-west-1.amazonaws.com", "us-gov-west-1"),
            ("email-smtp.cn-north-1.amazonaws.com.cn", "cn-north-1"),
            ("vpce-0a1b-2c.email-smtp.us-east-1.vpce.amazonaws.com", "us-east-1"),
        ],
    )
    def test_regions(self, backend, host, region):
        """The region is that of the host, in every partition."""
        backend.account(region).verify("example.com")
        smtplib_starttls(message(), host=host)
        assert region == backend.outbox.one().region

    @pytest.mark.parametrize(
        "host",
        [
            "email-smtp.eu-west-1.amazonaws.com.example.org",
            "email.eu-west-1.amazonaws.com",
            "smtp.example.com",
        ],
    )
    def test_similar_hosts(self, host):
        """No other host is one of the SMTP interface."""
        assert None is hosts.smtp_region(host)

    def test_default_timeout(self, backend):
        """Without a timeout, a connection has that of new sockets; a connection can have none."""
        backend.fail("SendSmtpEmail", Timeout())
        for timeout, expected in (({}, 3), ({"timeout": None}, 0)):
            socket.setdefaulttimeout(3)
            try:
                client = smtplib.SMTP_SSL(HOST, **timeout)
                client.login("AKIAX", "x")
            finally:
                socket.setdefaulttimeout(None)

            def attempt(client=client):
                with pytest.raises(smtplib.SMTPServerDisconnected):
                    client.send_message(message())

            assert expected == seconds(backend, attempt)

    def test_starttls_required(self, backend):
        """A client that forgets STARTTLS cannot authenticate or send."""
        with smtplib.SMTP(HOST, 587) as client:
            with pytest.raises(smtplib.SMTPAuthenticationError) as caught:
                client.login("AKIAX", "x")
            assert (530, "Must issue a STARTTLS command first") == code_and_text(caught.value)
            with pytest.raises(smtplib.SMTPSenderRefused):
                client.send_message(message())

    def test_aiosmtplib_without_starttls(self, backend):
        """A client that does not start TLS cannot authenticate."""
        sending = aiosmtplib.send(
            message(), hostname=HOST, port=587, start_tls=False, username="AKIAX", password="x"
        )
        with pytest.raises(aiosmtplib.SMTPException, match="STARTTLS"):
            asyncio.run(sending)

    def test_several_messages(self, backend):
        """A connection stays open, also after a rejected message, until the client closes it."""
        with smtplib.SMTP_SSL(HOST) as client:
            client.login("AKIAX", "x")
            client.send_message(message())
            with pytest.raises(smtplib.SMTPDataError):
                client.send_message(message(From="eve@example.net"))
            client.send_message(message(Subject="Again"))
            assert (250, b"Ok") == client.noop()
            assert (221, b"Bye") == client.quit()
        assert ["Order", "Again"] == [sent.subject for sent in backend.outbox]

    def test_real_time(self):
        """With `real_sleep`, a late reply takes real time."""
        with SESBackend(verified=["example.com"], real_sleep=True) as backend:
            backend.fail("SendSmtpEmail", Delay(0.01))
            for send in EVERY:
                send(message())
            assert [] == backend.clock.sleeps
        assert 4 == len(backend.outbox)

    def test_threads(self, backend):
        """Several threads send at the same time."""
        threads = [
            threading.Thread(target=send, args=(message(Subject=str(number)),))
            for number, send in enumerate(EVERY * 3)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert {str(number) for number in range(12)} == {sent.subject for sent in backend.outbox}

    def test_other_tls_connections(self, backend):
        """TLS on other sockets is not affected."""
        here, there = socket.socketpair()
        with here, there:
            there.close()
            with pytest.raises((ssl.SSLError, OSError)):
                ssl.create_default_context().wrap_socket(here, server_hostname="localhost")


class TestUsers:
    def test_smtp_handler(self, backend):
        """The SMTPHandler of logging works unchanged."""
        handler = logging.handlers.SMTPHandler(
            (HOST, 587), SENDER, [RECIPIENT], "Failure", credentials=("AKIAX", "x"), secure=()
        )
        logger = logging.getLogger("test_smtp_handler")
        logger.addHandler(handler)
        try:
            logger.error("It failed.")
        finally:
            logger.removeHandler(handler)
        sent = backend.outbox.one(subject="Failure")
        assert "It failed." in sent.text

    # Django's newest way to configure a backend does not exist in older versions.
    @pytest.mark.filterwarnings("ignore:Directly creating EmailBackend")
    @pytest.mark.parametrize(("port", "security"), [(587, "use_tls"), (465, "use_ssl")])
    def test_django(self, backend, port, security):
        """Django's SMTP backend works unchanged, with several messages on one connection."""
        import django_project
        from django.core.mail import EmailMultiAlternatives
        from django.core.mail.backends.smtp import EmailBackend

        django_project.configure()
        connection = EmailBackend(
            HOST, port, "AKIAX", "x", fail_silently=False, timeout=3, **{security: True}
        )
        mails = [
            EmailMultiAlternatives(subject, "Hello", SENDER, [RECIPIENT], bcc=["eve@example.org"])
            for subject in ("One", "Two")
        ]
        mails[0].attach_alternative("<p>Hello</p>", "text/html")
        assert 2 == connection.send_messages(mails)
        first, second = backend.outbox
        assert ("One", "<p>Hello</p>", ["eve@example.org"]) == (
            first.subject,
            first.html.strip(),
            first.bcc,
        )
        assert "Two" == second.subject

    def test_throttled_once(self, backend):
        """Code that sends again after a temporary reply succeeds."""
        backend.throttle("send_smtp_email", times=1)
        with pytest.raises(smtplib.SMTPDataError):
            smtplib_ssl(message())
        smtplib_ssl(message())
        assert ["Throttling", None] == [call.error and call.error.code for call in backend.calls]


class TestPatching:
    @pytest.mark.parametrize("library", ["smtplib", "aiosmtplib"])
    def test_imported_later(self, library):
        """A library that is imported during the test is patched, and none is imported before."""
        code = (
            "import sys\n"
            "from pytest_ses import SESBackend\n"
            "with SESBackend(verified=['example.com']) as backend:\n"
            f"    assert {library!r} not in sys.modules\n"
            "    sys.path.insert(0, 'tests')\n"
            "    from smtp_clients import *\n"
            f"    {library}_ssl(message())\n"
            "assert 'Order' == backend.outbox.one().subject\n"
        )
        subprocess.run([sys.executable, "-c", code], check=True)

    def test_removed(self):
        """Nothing of the libraries is changed after the test."""
        places = [
            (smtplib.SMTP, "_get_socket"),
            (ssl.SSLContext, "wrap_socket"),
            (aiosmtplib.SMTP, "_create_connection"),
        ]
        before = [vars(owner)[name] for owner, name in places]
        with SESBackend():
            assert all(
                vars(owner)[name] is not original
                for (owner, name), original in zip(places, before, strict=True)
            )
        assert before == [vars(owner)[name] for owner, name in places]

    def test_ended_backend(self):
        """A connection that outlives its backend still belongs to it."""
        with SESBackend(verified=["example.com"]) as backend:
            client = smtplib.SMTP_SSL(HOST)
            client.login("AKIAX", "x")
        client.send_message(message())
        assert 1 == len(backend.outbox)

    def test_aiosmtplib_close(self, backend):
        """A client can close a connection at any time, more than once."""

        async def use():
            client = aiosmtplib.SMTP(hostname=HOST, port=587)
            await client.connect()
            transport = client.transport
            client.close()
            transport.close()
            assert transport.is_closing()
            assert None is transport.get_extra_info("peername")
            await asyncio.sleep(0)

        asyncio.run(use())

    def test_unused_send(self, backend):
        """A failed sign-in leaves no message."""
        with pytest.raises(aiosmtplib.SMTPAuthenticationError):
            aiosmtplib_starttls(message(), username=boto.ACCESS_KEY)
        assert 0 == len(backend.outbox)
