"""The certificate of a server on this machine."""

from __future__ import annotations

import ipaddress
import ssl
from contextlib import suppress
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

if TYPE_CHECKING:
    from collections.abc import Iterable

# No clock is read, because the test may have frozen it.
_START, _END = (datetime(year, 1, 1, tzinfo=timezone.utc) for year in (2000, 2100))


class ServerCertificate:
    """A self-signed certificate, which clients trust if they load its file.

    Attributes:
        path: the certificate in PEM format.
        context: the TLS context of a server with the certificate.
    """

    def __init__(self, hosts: Iterable[str]) -> None:
        self._folder = TemporaryDirectory(prefix="pytest-ses-")
        folder = Path(self._folder.name)
        self.path = folder / "certificate.pem"
        key = ec.generate_private_key(ec.SECP256R1())
        self.path.write_bytes(_signed(key, hosts).public_bytes(serialization.Encoding.PEM))
        key_path = folder / "key.pem"
        key_path.write_bytes(
            key.private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            )
        )
        self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        self.context.load_cert_chain(self.path, key_path)
        key_path.unlink()

    def remove(self) -> None:
        """Remove the file."""
        self._folder.cleanup()


def _signed(key: ec.EllipticCurvePrivateKey, hosts: Iterable[str]) -> x509.Certificate:
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "pytest-ses")])
    key_id = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    return (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(_START)
        .not_valid_after(_END)
        .add_extension(x509.SubjectAlternativeName([_name(host) for host in hosts]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
        .add_extension(_KEY_USAGE, critical=True)
        .add_extension(key_id, critical=False)
        .sign(key, hashes.SHA256())
    )


_KEY_USAGE = x509.KeyUsage(
    digital_signature=True,
    key_cert_sign=True,
    content_commitment=False,
    key_encipherment=False,
    data_encipherment=False,
    key_agreement=False,
    crl_sign=False,
    encipher_only=False,
    decipher_only=False,
)


def _name(host: str) -> x509.GeneralName:
    with suppress(ValueError):
        return x509.IPAddress(ipaddress.ip_address(host))
    return x509.DNSName(host)
