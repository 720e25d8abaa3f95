"""SES's SMTP interface for clients of this process: ports, credentials and sessions."""

from __future__ import annotations

import ssl
from functools import partial
from typing import TYPE_CHECKING

from pytest_ses.domain.account import KEY_PREFIX, SECRET_KEY
from pytest_ses.smtp import passwords
from pytest_ses.smtp.session import SMTPHost, SMTPSession
from pytest_ses.transports import boto, moto

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.transports.exchange import Exchange, Timeouts

# Whether clients start with TLS, by port. On the other ports they send STARTTLS.
# https://docs.aws.amazon.com/ses/latest/dg/smtp-connect.html
PORTS: Mapping[int, bool] = {25: False, 465: True, 587: False, 2465: True, 2587: False}


def session(exchange: Exchange, host: SMTPHost, timeouts: Timeouts) -> SMTPSession:
    """Return a session with the backend."""
    return SMTPSession(
        host,
        lambda request: exchange.reply(request, lambda: timeouts),
        partial(is_valid, host.region),
    )


def wrong_port() -> ssl.SSLError:
    """Return the error of a client that starts with TLS on a port that expects STARTTLS."""
    return ssl.SSLError(1, "[SSL: WRONG_VERSION_NUMBER] wrong version number")


def is_valid(region: str, username: str, password: str) -> bool:
    """Whether SES accepts credentials in a region.

    If the user name is a known access key, the password must be derived from its secret key. With any
    other user name, every password is valid: the backend does not know the keys of real accounts.
    """
    secret_key = _secret_key(username)
    return secret_key is None or password == passwords.derive(secret_key, region)


def _secret_key(access_key: str) -> str | None:
    if access_key == boto.ACCESS_KEY:
        return boto.SECRET_KEY
    if access_key.startswith(KEY_PREFIX):
        return SECRET_KEY
    return moto.secret_of(access_key)
