"""SMTP passwords, which AWS derives from secret keys."""

from __future__ import annotations

import base64
import hashlib
import hmac
from typing import Final

# https://docs.aws.amazon.com/ses/latest/dg/smtp-credentials.html#smtp-credentials-convert
_DATE: Final = "11111111"
_MESSAGE: Final = "SendRawEmail"
_VERSION: Final = b"\x04"


def derive(secret_key: str, region: str) -> str:
    """Return the SMTP password of a secret key, which is valid in one region."""
    signature = f"AWS4{secret_key}".encode()
    for part in (_DATE, region, "ses", "aws4_request", _MESSAGE):
        signature = hmac.digest(signature, part.encode(), hashlib.sha256)
    return base64.b64encode(_VERSION + signature).decode()


def scope(username: str, region: str) -> str:
    """Return the credential of an SMTP user as the `Authorization` header of a request contains it."""
    return f"Credential={username}/{_DATE}/{region}/ses/aws4_request"
