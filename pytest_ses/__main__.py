"""The command line: `python -m pytest_ses serve`."""

from __future__ import annotations

import argparse
import errno
import signal
import sys
from contextlib import ExitStack, closing, suppress
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar

from pytest_ses.backend import SESBackend
from pytest_ses.endpoint.security import split_hosts
from pytest_ses.endpoint.server import Server
from pytest_ses.endpoint.smtp import SMTPServer

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

_Server = TypeVar("_Server", Server, SMTPServer)
_MAX_PORT = 65535
_SMTP_PORT = 2525


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the command, and return its exit status: 0, or 1 if it cannot listen."""
    options = _parser().parse_args(arguments)
    try:
        backend = SESBackend(verified=options.verified, sandbox=options.sandbox)
        server = _listening(Server, options, "port")
        with closing(server):
            _serve(backend, server, _smtp_server(options))
    except (TypeError, ValueError) as error:
        return _failed(str(error))
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m pytest_ses", description="A fake Amazon SES.")
    commands = parser.add_subparsers(required=True, metavar="command")
    serve = commands.add_parser(
        "serve",
        help="serve an account over HTTP, for local development and other languages",
        description="Serve an account over HTTP until Ctrl-C.",
    )
    serve.add_argument(
        "--port", type=_port, default=8005, help="the port; 0 selects a free one (default: 8005)"
    )
    serve.add_argument(
        "--smtp-port",
        type=_port,
        help="the port of the SMTP server; 0 selects a free one "
        f"(default: {_SMTP_PORT}, or a free one if it is in use)",
    )
    serve.add_argument(
        "--host",
        action="append",
        default=[],
        help="an IP address is the address to listen on (default: 127.0.0.1), a name is a further name "
        "under which clients reach it; can be repeated",
    )
    serve.add_argument(
        "--verified",
        nargs="+",
        action="extend",
        default=[],
        metavar="IDENTITY",
        help="addresses and domains that are verified; '*' accepts every sender",
    )
    serve.add_argument(
        "--sandbox",
        action="store_true",
        help="start in the sandbox: recipients must be verified too",
    )
    serve.add_argument("--quiet", action="store_true", help="do not log requests")
    return parser


def _serve(backend: SESBackend, server: Server, smtp_server: SMTPServer) -> None:
    """Serve until Ctrl-C."""
    signal.signal(signal.SIGTERM, _interrupt)
    smtp_server.start()
    with suppress(KeyboardInterrupt), ExitStack() as opened:
        opened.callback(smtp_server.stop)
        opened.enter_context(backend)
        endpoint = opened.enter_context(server.session(backend))
        smtp = opened.enter_context(smtp_server.session(backend))
        print(f"Amazon SES:  {endpoint.url}")
        print(f"Messages:    {endpoint.url}/_ses")
        print(f"SMTP:        {smtp}")
        print(f"Certificate: {smtp.certificate}", flush=True)
        server.run()


def _smtp_server(options: argparse.Namespace) -> SMTPServer:
    if options.smtp_port is not None:
        return _listening(SMTPServer, options, "smtp_port")
    try:
        return SMTPServer(options.host, port=_SMTP_PORT, log=_log_of(options))
    except OSError:
        return SMTPServer(options.host, log=_log_of(options))


def _listening(server: type[_Server], options: argparse.Namespace, name: str) -> _Server:
    """Return a server at the port of an option.

    Raises:
        ValueError: if a host is invalid, or the address or port is not available.
    """
    port = getattr(options, name)
    try:
        return server(options.host, port=port, log=_log_of(options))
    except OSError as error:
        flag = "--" + name.replace("_", "-")
        raise ValueError(_listening_error(error, options.host, port, flag)) from None


def _listening_error(error: OSError, hosts: Sequence[str], port: int, flag: str) -> str:
    if error.errno == errno.EADDRNOTAVAIL:
        address, _ = split_hosts(hosts)
        return (
            f"cannot listen on the address {address}: {error.strerror}; choose an address of this "
            "machine with --host, or all with --host 0.0.0.0"
        )
    return (
        f"cannot listen on port {port}: {error.strerror}; choose another port with {flag}, or a free "
        f"one with {flag} 0"
    )


def _log_of(options: argparse.Namespace) -> Callable[[str], None] | None:
    return None if options.quiet else _log


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _MAX_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 0 to {_MAX_PORT}")
    return int(text)


def _log(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def _failed(text: str) -> int:
    _log(f"python -m pytest_ses serve: {text}")
    return 1


def _interrupt(_signal: int, _frame: Any) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    sys.exit(main())
