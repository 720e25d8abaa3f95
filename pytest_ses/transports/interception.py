"""The clients that reach the backend, and the order in which they are patched."""

from __future__ import annotations

from contextlib import contextmanager, nullcontext
from functools import partial
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

from pytest_ses.transports import boto, guard, imports
from pytest_ses.transports.exchange import Exchange
from pytest_ses.transports.moto import SESPassthrough
from pytest_ses.transports.patching import Replacements

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from types import ModuleType

    from pytest_ses.transports.exchange import Backend

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


class Library(NamedTuple):
    """A library and its transport, which is imported once the library is.

    The transport has a function `intercept(library, exchange)`, a context manager that patches the
    library.

    Attributes:
        module: the module whose import triggers the patch.
        name: a name that this module defines; a project's module of the same name may not define it.
        transport: the name of the transport.
    """

    module: str
    name: str
    transport: str


# Clients are patched at the last step before the socket. Libraries that replace this step, so that
# tests can register responses, pass requests for SES on.
LIBRARIES = (
    Library("urllib3", "HTTPConnectionPool", "clients.urllib3"),
    Library("urllib.request", "AbstractHTTPHandler", "clients.urllib_request"),
    Library("httpx", "AsyncHTTPTransport", "clients.httpx"),
    Library("httpx2", "AsyncHTTPTransport", "clients.httpx"),
    Library("aiohttp", "BaseConnector", "clients.aiohttp"),
    Library("aiobotocore.session", "AioSession", "clients.aiobotocore"),
    Library("smtplib", "SMTP", "clients.smtplib"),
    Library("aiosmtplib", "SMTP", "clients.aiosmtplib"),
    Library("responses", "RequestsMock", "mocks.responses"),
    Library("respx", "MockRouter", "mocks.respx"),
    Library("pytest_httpx", "HTTPXMock", "mocks.pytest_httpx"),
    Library("aioresponses", "aioresponses", "mocks.aioresponses"),
    Library("vcr", "VCR", "mocks.vcr"),
    Library("moto.cloudformation.models", "CloudFormationBackend", "cloudformation"),
)


class Interception:
    """Sends every SES request of this process to a backend; restores everything at the end."""

    def __init__(self) -> None:
        self._exchange = exchange = Exchange()
        self._moto = SESPassthrough()
        self._environment = boto.Environment()
        self._session = boto.DefaultSession()
        self._patches = Replacements(
            [*boto.intercept(exchange, self._moto), *guard.no_connections()]
        )
        self._libraries = imports.Patches(
            {library.module: partial(_patch, library, exchange) for library in LIBRARIES}
        )

    @contextmanager
    def of(self, backend: Backend) -> Iterator[None]:
        """Intercept the requests for a backend."""
        self._exchange.connect(backend)
        self._environment.region = backend.region
        with self._moto, self._environment, self._session, self._patches, self._libraries:
            yield


_idle: list[Interception] = []
"""Those of earlier backends. Making one takes several times as long as using it again."""


@contextmanager
def intercept(backend: Backend) -> Iterator[None]:
    """Send every SES request of this process to the backend; restore everything at the end."""
    interception = _idle.pop() if _idle else Interception()
    with interception.of(backend):
        yield
    _idle.append(interception)


def _patch(
    library: Library, exchange: Exchange, module: ModuleType
) -> AbstractContextManager[None]:
    if not hasattr(module, library.name):
        return nullcontext()
    transport = import_module(f"pytest_ses.transports.{library.transport}")
    context: AbstractContextManager[None] = transport.intercept(module, exchange)
    return context
