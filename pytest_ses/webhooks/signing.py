"""Signatures of notifications, with the method of SNS and a key of this process.

The method is described in "Verifying the signatures of Amazon SNS messages" in the SNS Developer
Guide.
"""

from __future__ import annotations

import base64
import uuid
from dataclasses import dataclass
from datetime import datetime, timezone
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Mapping

    from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

_CONFIRMATION = ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn", "Type")
_SIGNED_FIELDS = {
    "Notification": ("Message", "MessageId", "Subject", "Timestamp", "TopicArn", "Type"),
    "SubscriptionConfirmation": _CONFIRMATION,
    "UnsubscribeConfirmation": _CONFIRMATION,
}
SignatureVersion = Literal[1, 2]
_HASHES: Mapping[SignatureVersion, str] = {1: "SHA1", 2: "SHA256"}
# Wide enough for any time at which a test freezes its clock.
_VALIDITY = (datetime(2000, 1, 1, tzinfo=timezone.utc), datetime(2100, 1, 1, tzinfo=timezone.utc))


@dataclass(frozen=True)
class KeyPair:
    """A private key, and the certificate of its public key in PEM."""

    private: RSAPrivateKey
    certificate: bytes


@lru_cache(maxsize=1)
def key_pair() -> KeyPair:
    """The key of this process, which is created on first use and never stored."""
    from cryptography import x509  # noqa: PLC0415  (slow to import)
    from cryptography.hazmat.primitives import hashes, serialization  # noqa: PLC0415
    from cryptography.hazmat.primitives.asymmetric import rsa  # noqa: PLC0415

    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
    certificate = (
        x509.CertificateBuilder(issuer_name=name, subject_name=name)
        .public_key(private.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_VALIDITY[0])
        .not_valid_after(_VALIDITY[1])
        .sign(private, hashes.SHA256())
    )
    return KeyPair(private, certificate.public_bytes(serialization.Encoding.PEM))


def certificate_url(host: str) -> str:
    """A new URL for the certificate, in SNS's format.

    It is new each time, because consumers cache the result for a URL, even a failure, for as long as
    their process lives.
    """
    return f"https://{host}/SimpleNotificationService-{uuid.uuid4().hex}.pem"


def checked_version(version: SignatureVersion) -> SignatureVersion:
    """Return the version of the signature unchanged.

    Raises:
        ValueError: if the version does not exist.
    """
    if version not in _HASHES:
        valid = " or ".join(f"{number} ({name})" for number, name in _HASHES.items())
        raise ValueError(f"signature_version={version!r} is invalid; expected {valid}")
    return version


def canonical(envelope: Mapping[str, str]) -> bytes:
    """The bytes of an envelope that are signed: name and value of some fields, each on a line."""
    names = _SIGNED_FIELDS[envelope["Type"]]
    return "".join(f"{name}\n{envelope[name]}\n" for name in names if name in envelope).encode()


def signature(envelope: Mapping[str, str], *, key: KeyPair, version: SignatureVersion) -> str:
    """The Base64 signature of an envelope: RSA, PKCS #1 v1.5, with the hash of the version."""
    from cryptography.hazmat.primitives import hashes  # noqa: PLC0415  (as above)
    from cryptography.hazmat.primitives.asymmetric import padding  # noqa: PLC0415

    algorithm = getattr(hashes, _HASHES[version])()
    signature_bytes = key.private.sign(canonical(envelope), padding.PKCS1v15(), algorithm)
    return base64.b64encode(signature_bytes).decode()
