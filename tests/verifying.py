"""Verification of SNS signatures by a consumer, as described in the Developer Guide."""

from __future__ import annotations

import base64

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding


def verifies(envelope, certificate):
    """Whether an envelope is signed by the key of a PEM certificate."""
    lines = []
    if envelope["Type"] == "Notification":
        lines += ["Message", envelope["Message"], "MessageId", envelope["MessageId"]]
        if "Subject" in envelope:
            lines += ["Subject", envelope["Subject"]]
        lines += ["Timestamp", envelope["Timestamp"]]
        lines += ["TopicArn", envelope["TopicArn"], "Type", "Notification"]
    else:
        for name in ("Message", "MessageId", "SubscribeURL", "Timestamp", "Token", "TopicArn"):
            lines += [name, envelope[name]]
        lines += ["Type", "SubscriptionConfirmation"]
    signed = "\n".join([*lines, ""]).encode()
    algorithm = {"1": hashes.SHA1, "2": hashes.SHA256}[envelope["SignatureVersion"]]()
    key = x509.load_pem_x509_certificate(certificate).public_key()
    try:
        key.verify(base64.b64decode(envelope["Signature"]), signed, padding.PKCS1v15(), algorithm)
    except InvalidSignature:
        return False
    return True
