"""Signatures and certificates, checked by an independent verifier."""

from __future__ import annotations

import re

import pytest
import requests
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15
from cryptography.hazmat.primitives.hashes import SHA256
from verifying import verifies

from pytest_ses.webhooks import signing

VERSIONS = [1, 2]
SUBJECTS = [None, "Amazon SES Email Event Notification"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("subject", SUBJECTS)
class TestSignature:
    def test_notification(self, subscribe, endpoint, version, subject):
        """A notification is signed, including its Subject if it has one."""
        webhook = subscribe(endpoint, signature_version=version)
        webhook.publish('{"eventType":"Send","name":"Åsa 🙂"}\n', subject)
        envelope = endpoint.notifications[0]
        assert str(version) == envelope["SignatureVersion"]
        assert subject == envelope.get("Subject")
        assert verifies(envelope, webhook.certificate)

    @pytest.mark.parametrize("name", ["Message", "MessageId", "Timestamp", "TopicArn", "Subject"])
    def test_tampering(self, subscribe, endpoint, version, subject, name):
        """A change of any signed field invalidates the signature."""
        webhook = subscribe(endpoint, signature_version=version)
        webhook.publish("event", subject)
        envelope = endpoint.notifications[0]
        changed = {**envelope, name: envelope.get(name, "") + "x"}
        assert not verifies(changed, webhook.certificate)


@pytest.mark.parametrize("version", VERSIONS)
def test_confirmation(subscribe, endpoint, version):
    """The SubscriptionConfirmation is signed over its own fields."""
    webhook = subscribe(endpoint, signature_version=version)
    envelope = webhook.handshake[0].notification
    assert verifies(envelope, webhook.certificate)
    assert not verifies({**envelope, "Token": "other"}, webhook.certificate)


class TestCertificate:
    def test_address(self, webhook, endpoint):
        """The certificate can be fetched with requests from the kind of URL that SNS uses."""
        webhook.publish("event")
        url = endpoint.notifications[0]["SigningCertURL"]
        assert re.fullmatch(
            r"https://sns\.eu-west-1\.amazonaws\.com/SimpleNotificationService-[0-9a-f]{32}\.pem",
            url,
        )
        assert webhook.certificate == requests.get(url, timeout=1).content

    def test_shared_key(self, subscribe, endpoint):
        """All webhooks of a process share one key, each at its own URL."""
        first, second = subscribe(endpoint), subscribe(endpoint)
        assert first.certificate == second.certificate
        assert 2 == len(
            {webhook.handshake[0].notification["SigningCertURL"] for webhook in (first, second)}
        )

    def test_validity(self):
        """The certificate is self-signed and valid at any time that a test may freeze."""
        certificate = x509.load_pem_x509_certificate(signing.key_pair().certificate)
        certificate.public_key().verify(
            certificate.signature, certificate.tbs_certificate_bytes, PKCS1v15(), SHA256()
        )
        # Older versions of cryptography have only the names without `_utc`.
        valid = tuple(
            (getattr(certificate, f"{name}_utc", None) or getattr(certificate, name)).year
            for name in ("not_valid_before", "not_valid_after")
        )
        assert (2000, 2100) == valid

    def test_china(self, subscribe, endpoint):
        """URLs in China have their own domain."""
        webhook = subscribe(endpoint, topic_arn="arn:aws-cn:sns:cn-north-1:123456789012:t")
        webhook.publish("event")
        host = "https://sns.cn-north-1.amazonaws.com.cn/"
        envelope = endpoint.notifications[0]
        assert envelope["SigningCertURL"].startswith(f"{host}SimpleNotificationService-")
        assert envelope["UnsubscribeURL"].startswith(host)


class TestMisuse:
    @pytest.mark.parametrize("version", [0, 3, "1"])
    def test_version(self, subscribe, endpoint, version):
        """An unknown signature version is an error that lists the known ones."""
        pattern = rf"signature_version={version!r} is invalid; expected 1 \(SHA1\) or 2 \(SHA256\)"
        with pytest.raises(ValueError, match=pattern):
            subscribe(endpoint, signature_version=version)

    @pytest.mark.parametrize("arn", ["ses-events", "arn:aws:sqs:us-east-1:123456789012:t", ""])
    def test_topic(self, subscribe, endpoint, arn):
        """A value that is not a topic ARN is an error that shows an example."""
        pattern = "is invalid; expected the ARN of an SNS topic, such as arn:aws:sns:"
        with pytest.raises(ValueError, match=pattern):
            subscribe(endpoint, topic_arn=arn)
        assert [] == endpoint.bodies
