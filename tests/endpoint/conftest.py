"""Fixtures for the tests of the endpoint."""

from __future__ import annotations

import pytest
from http_clients import Client

from pytest_ses import SESBackend
from pytest_ses.endpoint.server import Server


@pytest.fixture(scope="session", name="server")
def _server():
    """A server for all tests, without a session."""
    server = Server()
    server.start()
    yield server
    server.stop()


@pytest.fixture
def backend(server):
    """The backend that the server serves during the test."""
    with SESBackend(verified=["example.com"]) as backend, server.session(backend):
        yield backend


@pytest.fixture
def connect(server):
    """A function that opens connections to the server; they are closed after the test."""
    clients = []

    def connect(**options):
        clients.append(Client(server.port, **options))
        return clients[-1]

    yield connect
    for client in clients:
        client.connection.close()


@pytest.fixture
def client(connect):
    """A connection to the server."""
    return connect()
