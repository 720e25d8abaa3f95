"""The HTTP of the endpoint, its sessions, and failures on the connection."""

from __future__ import annotations

import http.client
import json
import socket
import threading
import time

import pytest
from http_clients import OUTBOUND, SEND

from pytest_ses import (
    CorruptResponse,
    Delay,
    Disconnect,
    ResponseLost,
    ServerError,
    SESBackend,
    Timeout,
)
from pytest_ses.endpoint.server import Server

BODY = json.dumps(SEND).encode()
START = f"POST {OUTBOUND} HTTP/1.1\r\nHost: localhost\r\n".encode()


def chunked(*chunks, end=b"0\r\n\r\n"):
    """A request with a chunked body."""
    parts = [b"%x;x=y\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks]
    return START + b"Transfer-Encoding: chunked\r\n\r\n" + b"".join(parts) + end


class TestRequests:
    def test_connection_is_reused(self, backend, client):
        """A connection serves one request after the other."""
        client.send()
        connection = client.connection.sock
        assert 200 == client.send().status
        assert connection is client.connection.sock
        assert 2 == len(backend.outbox)

    def test_connection_is_closed_on_request(self, backend, client):
        """`Connection: close` closes the connection after the response."""
        assert "close" == client.send(Connection="close").headers["Connection"]

    @pytest.mark.parametrize("end", [b"0\r\n\r\n", b"0\r\nX-Checksum: 1\r\n\r\n"])
    def test_chunked_body(self, backend, client, end):
        """A chunked body, with or without trailers, is read to its end."""
        for request in (chunked(BODY[:10], BODY[10:], end=end), chunked(BODY)):
            client.raw(request)
            assert 200 == client.raw_answer().status

    def test_expect(self, backend, client):
        """A client that expects `100 Continue` receives it before it sends the body."""
        client.raw(START + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(BODY))
        assert b"HTTP/1.1 100 Continue\r\n\r\n" == client.connection.sock.recv(1000)
        client.raw(BODY)
        assert 200 == client.raw_answer().status

    def test_large_body(self, backend, client):
        """A message of almost 40 MB is accepted through v2."""
        text = "x" * 998 + "\r\n"
        simple = {**SEND["Content"]["Simple"], "Body": {"Text": {"Data": text * 38_000}}}
        answer = client("POST", OUTBOUND, {**SEND, "Content": {"Simple": simple}})
        assert 200 == answer.status, answer.body
        assert 38_000_000 == len(backend.outbox.last.text)

    def test_head(self, backend, client):
        """HEAD has the headers of GET and no body."""
        got, head = client("GET", "/_ses/messages"), client("HEAD", "/_ses/messages")
        assert (got.headers["Content-Length"], b"") == (head.headers["Content-Length"], head.body)

    @pytest.mark.parametrize(
        ("request_bytes", "text"),
        [
            (START + b"Content-Length: -1\r\n\r\n", "Content-Length: '-1' is invalid"),
            (chunked(end=b"-5\r\n"), "the chunk size b'-5' is invalid"),
            (chunked(end=b"5\r\nab"), "the body has 2 bytes; expected 5"),
            (START + b"Content-Length: 5\r\n\r\nab", "the body has 2 bytes; expected 5"),
            (b"GET\r\n\r\n", "Bad request syntax ('GET')"),
            (b"GET / HTTP/3.0\r\n\r\n", "Invalid HTTP version (3.0)"),
            (b"BREW / HTTP/1.1\r\nHost: localhost\r\n\r\n", "Unsupported method ('BREW')"),
        ],
    )
    def test_malformed(self, backend, client, request_bytes, text):
        """A request that is not valid HTTP receives an error in JSON, and the connection is closed."""
        client.raw(request_bytes)
        client.connection.sock.shutdown(socket.SHUT_WR)
        answer = client.raw_answer()
        assert answer.status in (400, 501, 505)
        assert text in answer.error
        assert "close" == answer.headers["Connection"]

    def test_client_that_resets(self, backend, client, connect, capfd):
        """A client that resets the connection does no harm."""
        client.raw(START)
        client.connection.sock.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0"
        )
        client.connection.close()
        assert 200 == connect().send().status
        assert "" == capfd.readouterr().err

    def test_exception(self, backend, client, capsys):
        """An exception, such as that of a predicate of the test, is a response and a traceback."""
        backend.fail("SendEmail", "MessageRejected", when=lambda _: 1 / 0)
        answer = client.send()
        assert (500, "ZeroDivisionError: division by zero") == (answer.status, answer.error)
        assert "1 / 0" in capsys.readouterr().err


class TestSessions:
    def test_between_tests(self, server, client):
        """Without a session, every request receives status 503."""
        answers = [client.send(), client("GET", "/_ses/messages")]
        assert [503, 503] == [answer.status for answer in answers]
        assert "no test that uses the fixture ses_endpoint is running" in answers[0].error

    def test_request_that_arrives_during_two_tests(self, server, client):
        """A request belongs to the session in which it starts."""
        first, second = SESBackend(), SESBackend(verified=["*"])
        with server.session(first):
            client.raw(START + b"Expect: 100-continue\r\nContent-Length: %d\r\n\r\n" % len(BODY))
            assert client.connection.sock.recv(1000)
        with server.session(second):
            client.raw(BODY)
            answer = client.raw_answer()
        assert (503, [], []) == (answer.status, list(first.calls), list(second.calls))
        assert "the test that this request belongs to has ended" in answer.error

    def test_request_that_waits(self, server, client):
        """A request that waits at the end of the session receives status 503."""
        backend, received = SESBackend(), threading.Event()
        with server.session(backend):
            backend.fail("SendEmail", Timeout(), when=lambda _: received.set() or True)
            client.raw(START + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY)
            assert received.wait(10)
        assert 503 == client.raw_answer().status

    def test_sessions_are_nested(self, server, client):
        """The inner of two sessions is served, and afterwards the outer one again."""
        outer, inner = SESBackend(verified=["*"]), SESBackend(verified=["*"])
        with server.session(outer):
            with server.session(inner):
                client.send()
            assert (0, 1) == (len(outer.outbox), len(inner.outbox))
            client.send()
        assert (1, 1) == (len(outer.outbox), len(inner.outbox))


class TestFailures:
    @pytest.mark.parametrize("kind", ["read", "connect"])
    def test_timeout(self, backend, connect, kind):
        """A timeout holds the connection until the client gives up, and SES receives nothing."""
        backend.fail("SendEmail", Timeout(kind), times=1)
        with pytest.raises(TimeoutError):
            connect(timeout=0.2).send()
        assert 200 == connect().send().status
        assert 1 == len(backend.outbox)

    def test_client_that_gives_up(self, backend, connect):
        """The thread of a connection ends when the client gives up."""
        threads = threading.enumerate()
        backend.fail("SendEmail", Timeout(), times=1)
        client = connect(timeout=0.2)
        with pytest.raises(TimeoutError):
            client.send()
        (waiting,) = set(threading.enumerate()) - set(threads)
        client.connection.close()
        waiting.join(10)
        assert not waiting.is_alive()

    def test_client_that_resets_while_it_waits(self, backend, connect):
        """The same for a client that resets the connection."""
        threads = threading.enumerate()
        backend.fail("SendEmail", Timeout(), times=1)
        client = connect(timeout=0.2)
        with pytest.raises(TimeoutError):
            client.send()
        (waiting,) = set(threading.enumerate()) - set(threads)
        client.connection.sock.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0"
        )
        client.connection.close()
        waiting.join(10)
        assert not waiting.is_alive()

    @pytest.mark.parametrize(("fault", "sent"), [(Disconnect(), 0), (ResponseLost(), 1)])
    def test_no_response(self, backend, client, fault, sent):
        """The connection is closed before or after SES has processed the call."""
        backend.fail("SendEmail", fault, times=1)
        with pytest.raises(http.client.RemoteDisconnected):
            client.send()
        assert sent == len(backend.outbox)

    def test_delay(self, backend, connect):
        """A delayed response arrives after the time, or after the client has given up."""
        backend.fail("SendEmail", Delay(0.12), times=1)
        assert 200 == connect().send().status
        backend.fail("SendEmail", Delay(60), times=1)
        with pytest.raises(TimeoutError):
            connect(timeout=0.1).send()
        assert 2 == len(backend.outbox)

    def test_next_request(self, backend, client):
        """A client that already sends its next request waits as well."""
        backend.fail("SendEmail", Delay(0.06), times=1)
        start = time.perf_counter()
        client.raw((START + b"Content-Length: %d\r\n\r\n" % len(BODY) + BODY) * 50)
        assert 200 == client.raw_answer().status
        assert 0.06 <= time.perf_counter() - start

    def test_frozen_time(self, backend, client):
        """A delay ends even if the test has frozen the time."""
        from freezegun import freeze_time

        backend.fail("SendEmail", Delay(0.01), times=1)
        with freeze_time("2026-01-01"):
            assert 200 == client.send().status

    def test_truncated_response(self, backend, client):
        """A truncated response ends before its length."""
        backend.fail("SendEmail", CorruptResponse("truncated"), times=1)
        with pytest.raises(http.client.IncompleteRead):
            client.send()

    @pytest.mark.parametrize(
        ("fault", "status"), [(CorruptResponse("html"), 200), (ServerError(502), 502)]
    )
    def test_page(self, backend, client, fault, status):
        """A proxy or load balancer answers with a page, and the connection stays open."""
        backend.fail("SendEmail", fault, times=1)
        answer = client.send()
        assert (status, "text/html") == (answer.status, answer.headers["Content-Type"])
        assert b"<html>" in answer.body
        assert 200 == client.send().status


class TestServer:
    def test_addresses(self):
        """The server reports an address at which it can be reached."""
        servers = [Server(), Server(["0.0.0.0", "ses"]), Server(["::"]), Server(["::1"])]
        assert ["127.0.0.1", "127.0.0.1", "::1", "::1"] == [server.host for server in servers]
        with servers[3].session(SESBackend()) as endpoint:
            assert f"http://[::1]:{servers[3].port}" == str(endpoint)
        for server in servers:
            server.close()

    @pytest.mark.parametrize(
        ("hosts", "text"),
        [
            (["127.0.0.1", "::1"], "127.0.0.1 and ::1 are several addresses; expected only one"),
            (["http://ses"], "'http://ses' is invalid; expected an address such as '0.0.0.0'"),
        ],
    )
    def test_invalid_hosts(self, hosts, text):
        """Several addresses, or a name with more than a name, are an error."""
        with pytest.raises(ValueError, match=text):
            Server(hosts)

    def test_port_in_use(self, server):
        """A port that is in use is an error."""
        with pytest.raises(OSError, match="in use"):
            Server(port=server.port)
