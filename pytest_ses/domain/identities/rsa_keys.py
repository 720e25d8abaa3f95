"""The size of RSA private keys that are given as the Base64 content of PEM files."""

from __future__ import annotations

import base64
from typing import NamedTuple

_INTEGER, _OCTETS, _SEQUENCE = 0x02, 0x04, 0x30
# The object identifier rsaEncryption (RFC 8017), as DER.
_RSA = bytes.fromhex("06092a864886f70d010101")


class _Element(NamedTuple):
    """An element of DER: its tag, its content, and the bytes after it."""

    tag: int
    content: bytes
    rest: bytes


def bits(encoded: str) -> int | None:
    """Return the length in bits of an RSA key in PKCS #1 or PKCS #8; None for any other text."""
    try:
        second = _after_version(base64.b64decode(encoded, validate=True))
        # PKCS #8 (RFC 5208): the algorithm, then the key in PKCS #1.
        if second.tag == _SEQUENCE and second.content.startswith(_RSA):
            second = _after_version(_expect(second.rest, _OCTETS).content)
    except (ValueError, IndexError):
        return None
    return int.from_bytes(second.content, "big").bit_length() if second.tag == _INTEGER else None


def _after_version(der: bytes) -> _Element:
    """Return the second element of a key: the modulus in PKCS #1, the algorithm in PKCS #8."""
    key = _expect(der, _SEQUENCE)
    return _element(_expect(key.content, _INTEGER).rest)


def _expect(der: bytes, tag: int) -> _Element:
    element = _element(der)
    if element.tag != tag:
        raise ValueError
    return element


def _element(der: bytes) -> _Element:
    tag, length = der[0], der[1]
    start = 2
    if length & 0x80:
        start += length & 0x7F
        length = int.from_bytes(der[2:start], "big")
    end = start + length
    if end > len(der):
        raise ValueError
    return _Element(tag, der[start:end], der[end:])
