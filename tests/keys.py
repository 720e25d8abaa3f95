"""Private keys for DKIM, in the Base64 that SES expects."""

import base64

from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

PKCS1, PKCS8 = PrivateFormat.TraditionalOpenSSL, PrivateFormat.PKCS8


def private_key(bits, form=PKCS8):
    """An RSA key of a size."""
    return encoded(rsa.generate_private_key(public_exponent=65537, key_size=bits), form)


def elliptic_key(form=PKCS8):
    """A key that is not an RSA key."""
    return encoded(ec.generate_private_key(ec.SECP256R1()), form)


def encoded(key, form):
    """A key as the Base64 of its DER."""
    return base64.b64encode(key.private_bytes(Encoding.DER, form, NoEncryption())).decode()
