"""The size of RSA private keys."""

import base64

import pytest
from hypothesis import given, strategies as st
from keys import PKCS1, PKCS8, elliptic_key, private_key

from pytest_ses.domain.identities import rsa_keys


@pytest.mark.parametrize("form", [PKCS1, PKCS8])
@pytest.mark.parametrize("bits", [1024, 1536, 2048])
def test_bits(bits, form):
    """The size is read from PKCS #1 and PKCS #8."""
    assert bits == rsa_keys.bits(private_key(bits, form))


@pytest.mark.parametrize("form", [PKCS1, PKCS8])
def test_another_algorithm(form):
    """A key of another algorithm is not an RSA key."""
    assert rsa_keys.bits(elliptic_key(form)) is None


@pytest.mark.parametrize(
    "text",
    [
        "",
        "MIIE",
        "x",
        private_key(1024)[:200],
        private_key(1024, PKCS1)[:200],
        base64.b64encode(f"-----BEGIN PRIVATE KEY-----\n{private_key(1024)}".encode()).decode(),
    ],
    # The keys are random, and xdist compares the names of the tests.
    ids=["empty", "short", "one letter", "truncated", "truncated PKCS #1", "PEM file"],
)
def test_not_a_key(text):
    """Other text, a truncated key and a whole PEM file are not keys."""
    assert rsa_keys.bits(text) is None


@given(st.binary())
def test_any_bytes(content):
    """Random bytes never raise an exception."""
    rsa_keys.bits(base64.b64encode(content).decode())
