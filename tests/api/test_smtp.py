"""Messages sent over SMTP: checks, headers, events, calls and planned errors."""

from __future__ import annotations

import re
import smtplib

import pytest
from smtp_clients import HOST, RECIPIENT, SENDER, code_and_text, message, smtplib_ssl

from pytest_ses import SESBackend, UnmodelledErrorWarning
from pytest_ses.faults import plans, targets
from pytest_ses.wire import Fault

PARAMS = {
    "Source": SENDER,
    "Destinations": [RECIPIENT],
    "RawMessage": {"Data": b"From: shop@example.com\r\nSubject: Order\r\n\r\nThanks\r\n"},
}
RECEIVED = re.compile(
    r"from localhost \(localhost \[127\.0\.0\.1\]\) by email-smtp\.amazonaws\.com with SMTP "
    r"\(SimpleEmailService-d-\w+\) id [A-Za-z0-9]{20}(?: for (?P<recipient>\S+))?; "
    r"\w{3}, \d\d \w{3} \d{4} \d\d:\d\d:\d\d \+0000 \(UTC\)"
)


@pytest.fixture
def backend():
    """An active backend in the region of the host."""
    with SESBackend(
        verified=["example.com"], region="eu-west-1", configuration_sets=["orders"]
    ) as backend:
        yield backend


def reply(mime):
    """The code and the text of the reply with which SES rejects a message."""
    with pytest.raises(smtplib.SMTPDataError) as caught:
        smtplib_ssl(mime)
    return code_and_text(caught.value)


class TestHeaders:
    def test_options(self, backend):
        """The headers of SES set the configuration set and the tags, and are not delivered."""
        smtplib_ssl(message(X_SES_CONFIGURATION_SET="orders", X_SES_MESSAGE_TAGS="a=1, b=2"))
        sent = backend.outbox.one()
        assert ("orders", {"a": "1", "b": "2"}) == (sent.configuration_set, sent.tags)
        assert b"X-SES" not in sent.raw

    def test_contact_list(self, backend):
        """The header for list management sets the contact list."""
        backend._call("sesv2", "CreateContactList", {"ContactListName": "readers"})
        smtplib_ssl(message(X_SES_LIST_MANAGEMENT_OPTIONS="readers"))
        assert "readers" == backend.outbox.one().contact_list

    def test_identity_of_another_account(self, backend):
        """The header with an ARN names an identity of another account that may be used."""
        arn = "arn:aws:ses:eu-west-1:999988887777:identity/example.net"
        assert 554 == reply(message(From="a@example.net"))[0]
        smtplib_ssl(message(From="a@example.net", X_SES_SOURCE_ARN=arn))
        assert "a@example.net" == backend.outbox.one().sender

    def test_unknown_configuration_set(self, backend):
        """A configuration set that does not exist is an invalid transaction."""
        assert (
            554,
            "Transaction failed: Configuration set <absent> does not exist.",
        ) == reply(message(X_SES_CONFIGURATION_SET="absent"))

    @pytest.mark.parametrize("recipients", [[RECIPIENT], [RECIPIENT, "bob@example.org"]])
    def test_received(self, backend, recipients):
        """SES adds a Received header, with the recipient if there is only one."""
        smtplib_ssl(message() if len(recipients) == 1 else message(Bcc=recipients[1]))
        sent = backend.outbox.one()
        match = RECEIVED.fullmatch(sent.headers["Received"])
        assert (recipients[0] if len(recipients) == 1 else None) == match["recipient"]
        header = sent.events[0].record["mail"]["headers"][0]
        assert ("Received", sent.headers["Received"]) == (header["name"], header["value"])


class TestChecks:
    def test_operation_in_records(self, backend):
        """Records of events name the operation SendSmtpEmail."""
        smtplib_ssl(message())
        tags = backend.events[0].record["mail"]["tags"]
        assert ["SendSmtpEmail"] == tags["ses:operation"]

    def test_sender_of_the_envelope(self, backend):
        """The sender of the envelope is checked as well as that of the message."""
        with smtplib.SMTP_SSL(HOST) as client:
            client.login("AKIAX", "x")
            with pytest.raises(smtplib.SMTPDataError, match=r"eve@example\.net"):
                client.send_message(message(), from_addr="eve@example.net")

    def test_sandbox(self):
        """In the sandbox, recipients must be verified."""
        with SESBackend(verified=["example.com"], sandbox=True):
            code, text = reply(message())
        assert 554 == code
        assert text.endswith("the check in region EU-WEST-1: ada@example.org")

    def test_quotas(self):
        """Sends count for the quotas, which are a throttling error."""
        with SESBackend(verified=["example.com"], daily_quota=1) as backend:
            smtplib_ssl(message())
            assert (454, "Throttling failure: Daily message quota exceeded.") == reply(message())
        assert 1 == len(backend.outbox)

    def test_suppression(self, backend):
        """A message to a suppressed recipient is accepted and bounces."""
        backend._call(
            "sesv2",
            "PutSuppressedDestination",
            {"EmailAddress": RECIPIENT, "Reason": "BOUNCE"},
            region="eu-west-1",
        )
        smtplib_ssl(message())
        assert ["Send", "Bounce"] == [event.type for event in backend.events]

    def test_invalid_message(self, backend):
        """What the API calls an invalid parameter is an invalid transaction, with the same text."""
        with smtplib.SMTP_SSL(HOST) as client:
            client.login("AKIAX", "x")
            with pytest.raises(smtplib.SMTPDataError) as caught:
                client.sendmail(
                    SENDER,
                    RECIPIENT,
                    b"From: shop@example.com\nPrecedence: bulk\nPrecedence: list\n\n",
                )
        expected = (554, "Transaction failed: Duplicate header 'Precedence'.")
        assert expected == code_and_text(caught.value)

    def test_too_many_recipients(self, backend):
        """More recipients than 50 are rejected with the message."""
        recipients = ", ".join(f"r{number}@example.org" for number in range(51))
        expected = (554, "Transaction failed: Recipient count exceeds 50.")
        assert expected == reply(message(Bcc=recipients, To="r0@example.org"))

    def test_paused_account(self):
        """If sending is paused, the reply has the text of the API."""
        with SESBackend(verified=["example.com"], sending_enabled=False):
            code, text = reply(message())
        assert 554 == code
        assert text.startswith("Transaction failed: Sending paused for this account.")

    def test_without_smtp(self):
        """`call` sends without a client, and returns the message ID."""
        backend = SESBackend(verified=["example.com"])
        result = backend._call("smtp", "SendSmtpEmail", PARAMS)
        assert backend.outbox.one().message_id == result["MessageId"]
        with pytest.raises(Fault, match="MessageRejected"):
            backend._call("smtp", "SendSmtpEmail", {**PARAMS, "Source": "eve@example.net"})


class TestPlans:
    @pytest.mark.parametrize(
        "name", ["SendSmtpEmail", "send_smtp_email", "smtp:SendSmtpEmail", "smtp:send_smtp_email"]
    )
    def test_names(self, name):
        """Plans name the operation as those of the APIs."""
        assert ["smtp:SendSmtpEmail"] == [str(target) for target in targets.resolve([name])]

    def test_every_sending_operation(self, backend):
        """Plans for every operation that sends include SMTP."""
        with backend.throttle(daily_quota=True):
            assert (454, "Throttling failure: Daily message quota exceeded.") == reply(message())

    def test_errors(self):
        """The errors are those of SendRawEmail, with the codes of v1."""
        assert plans.errors_of("ses:SendRawEmail") == plans.errors_of("SendSmtpEmail")

    @pytest.mark.parametrize(
        ("error", "expected"),
        [
            ("MessageRejected", (554, "Message rejected: No.")),
            ("MailFromDomainNotVerifiedException", (554, "MAIL FROM domain not verified: No.")),
            ("InvalidParameterValue", (554, "Transaction failed: No.")),
            ("AccessDenied", (554, "Access denied: No.")),
            ("AccessDeniedException", (554, "Access denied: No.")),
            ("Throttling", (454, "Throttling failure: No.")),
            ("SignatureDoesNotMatch", (535, "Authentication Credentials Invalid")),
            ("InvalidClientTokenId", (535, "Authentication Credentials Invalid")),
            ("ExpiredToken", (535, "Authentication Credentials Invalid")),
            ("ServiceUnavailable", (451, "Temporary service failure")),
        ],
    )
    def test_replies(self, backend, error, expected):
        """Each error has the reply of the Developer Guide."""
        with backend.fail("SendSmtpEmail", error, message="No."):
            assert expected == reply(message())
        assert error.removesuffix("Exception") == backend.calls[-1].error.code.removesuffix(
            "Exception"
        )

    def test_access_denied(self, backend):
        """The text of a denied permission names the operation as IAM does."""
        with backend.fail("SendSmtpEmail", "AccessDenied"):
            assert "perform `ses:SendRawEmail' on resource" in reply(message())[1]

    def test_lines(self, backend):
        """A text of several lines is one line of a reply."""
        with backend.fail("SendSmtpEmail", "MessageRejected", message="One\ntwo."):
            assert (554, "Message rejected: One two.") == reply(message())

    def test_code_of_v2(self, backend):
        """A code of v2 is used as given, with a warning that has the code of SMTP."""
        with pytest.warns(UnmodelledErrorWarning, match="expected Throttling"):
            plan = backend.fail("SendSmtpEmail", "TooManyRequestsException")
        plan.remove()

    def test_criteria(self, backend):
        """Plans can depend on the sender, the recipient, the configuration set and the region."""
        backend.fail(
            "SendSmtpEmail",
            "MessageRejected",
            sender=SENDER,
            to=RECIPIENT,
            configuration_set="orders",
            region="eu-west-1",
        )
        smtplib_ssl(message())
        assert 554 == reply(message(X_SES_CONFIGURATION_SET="orders"))[0]
