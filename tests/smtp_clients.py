"""SMTP clients: a function for each way to send a message."""

from __future__ import annotations

import asyncio
import smtplib
import ssl
from email.message import EmailMessage

import aiosmtplib

HOST = "email-smtp.eu-west-1.amazonaws.com"
SENDER, RECIPIENT = "shop@example.com", "ada@example.org"


def message(**headers):
    """A message; an underscore in the name of a header stands for a hyphen."""
    mime = EmailMessage()
    for name, value in {"From": SENDER, "To": RECIPIENT, "Subject": "Order", **headers}.items():
        mime[name.replace("_", "-")] = value
    mime.set_content(".Thanks")
    return mime


def smtplib_starttls(mime, *, host=HOST, port=587, username="AKIAX", password="x", timeout=7):
    """Send with smtplib and STARTTLS."""
    with smtplib.SMTP(host, port, timeout=timeout) as client:
        client.starttls(context=ssl.create_default_context())
        client.login(username, password)
        client.send_message(mime)


def smtplib_ssl(mime, *, host=HOST, port=465, username="AKIAX", password="x", timeout=7):
    """Send with smtplib and TLS from the start."""
    with smtplib.SMTP_SSL(host, port, timeout=timeout) as client:
        client.login(username, password)
        client.send_message(mime)


def aiosmtplib_starttls(mime, *, host=HOST, port=587, username="AKIAX", password="x", timeout=7):
    """Send with aiosmtplib and STARTTLS."""
    asyncio.run(
        aiosmtplib.send(
            mime, hostname=host, port=port, username=username, password=password, timeout=timeout
        )
    )


def aiosmtplib_ssl(mime, *, host=HOST, port=465, username="AKIAX", password="x", timeout=7):
    """Send with aiosmtplib and TLS from the start."""
    asyncio.run(
        aiosmtplib.send(
            mime,
            hostname=host,
            port=port,
            use_tls=True,
            username=username,
            password=password,
            timeout=timeout,
        )
    )


STARTTLS = (smtplib_starttls, aiosmtplib_starttls)
TLS = (smtplib_ssl, aiosmtplib_ssl)
EVERY = (*STARTTLS, *TLS)

# The exceptions of smtplib and aiosmtplib, by what has happened.
AUTHENTICATION_ERRORS = (smtplib.SMTPAuthenticationError, aiosmtplib.SMTPAuthenticationError)
DATA_ERRORS = (smtplib.SMTPDataError, aiosmtplib.SMTPDataError)
DISCONNECTED = (smtplib.SMTPServerDisconnected, aiosmtplib.SMTPServerDisconnected)
TIMED_OUT = (smtplib.SMTPServerDisconnected, aiosmtplib.SMTPReadTimeoutError)


def code_and_text(error):
    """The reply in an exception of either library."""
    if isinstance(error, smtplib.SMTPResponseException):
        return error.smtp_code, error.smtp_error.decode()
    return error.code, error.message
