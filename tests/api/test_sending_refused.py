"""Messages rejected for their addresses, senders or tags, or for a pause, in both APIs."""

from __future__ import annotations

import pytest
from asking import assert_error
from botocore.exceptions import ClientError
from senders import addresses, unverified


class TestAddresses:
    @pytest.mark.parametrize(
        ("address", "text"),
        [
            ("ada", "Missing final '@domain'"),
            ("ada@", "Missing domain"),
            ("ädä@example.org", "Local address contains control or whitespace"),
            ("ada@exämple.org", "Domain contains control or whitespace"),
        ],
    )
    @pytest.mark.parametrize("member", ["source", "to", "cc", "bcc", "reply_to", "path"])
    def test_syntax(self, api, address, text, member):
        """A malformed sender, recipient, Reply-To address or return path is rejected."""
        arguments = {}
        if member in ("to", "cc", "bcc"):
            arguments["destination"] = addresses(**{member: [address]})
        else:
            arguments[member] = [address] if member == "reply_to" else address
        assert_error(api, "invalid", text, api.simple, **arguments)

    def test_length(self, api):
        """An address longer than 320 characters is rejected."""
        address = "x" * 310 + "@example.com"
        assert_error(
            api,
            "invalid",
            f"Address length is more than 320 characters long: '{address}'.",
            api.simple,
            destination=addresses([address]),
        )

    def test_no_recipients(self, api):
        """A message without recipients is rejected."""
        destination = {"ToAddresses": []}
        assert_error(
            api, "invalid", "Missing required header 'To'.", api.simple, destination=destination
        )
        assert_error(
            api, "invalid", "Missing required header 'To'.", api.raw, b"From: a@example.com\n\n"
        )
        assert_error(
            api, "invalid", "Missing required header 'To'.", api.templated, destination=destination
        )

    def test_recipient_count(self, api, ses_backend):
        """A message with more than 50 To, Cc and Bcc recipients is rejected."""
        recipients = [f"a{number}@example.org" for number in range(51)]
        api.simple(destination=addresses(recipients[:20], recipients[20:40], recipients[40:50]))
        assert_error(
            api,
            "invalid",
            "Recipient count exceeds 50.",
            api.simple,
            destination=addresses(recipients[:20], recipients[20:40], recipients[40:]),
        )
        assert 50 == len(ses_backend.outbox.one().recipients)

    def test_recipient_count_of_other_kinds(self, api, template):
        """Templated and raw messages have the same limit of recipients."""
        recipients = [f"a{number}@example.org" for number in range(51)]
        head = f"From: news@example.com\nTo: {','.join(recipients[:30])}\nCc: {recipients[30]}\n"
        bcc = f"Bcc: {','.join(recipients[31:])}\n\nHi"
        text = "Recipient count exceeds 50."
        assert_error(api, "invalid", text, api.raw, (head + bcc).encode())
        assert_error(api, "invalid", text, api.templated, destination=addresses(recipients))


class TestVerification:
    def test_sender(self, api):
        """The error names the region and the sender as supplied."""
        assert_error(
            api,
            "unverified",
            unverified("Eve <eve@evil.example>"),
            api.simple,
            "Eve <eve@evil.example>",
        )

    def test_return_path(self, api):
        """The return path must be verified."""
        assert_error(
            api, "unverified", unverified("eve@evil.example"), api.simple, path="eve@evil.example"
        )

    def test_sandbox(self, api, ses_backend):
        """In the sandbox, the error names the unverified sender and recipients."""
        ses_backend.account().sandbox = True
        ses_backend.verify("known@example.org")
        assert_error(
            api,
            "unverified",
            unverified("eve@evil.example", "ada@example.org", "c@example.org"),
            api.simple,
            "eve@evil.example",
            destination=addresses(["ada@example.org", "known@example.org"], ["c@example.org"]),
        )
        data = b"From: news@example.com\nTo: known@example.org\nCc: c@example.org\n\nHi"
        assert_error(api, "unverified", unverified("c@example.org"), api.raw, data)

    @pytest.mark.parametrize("header", ["From", "Sender", "Return-Path"])
    def test_raw(self, api, header):
        """Every sender in the headers of a raw message must be verified."""
        headers = {"From": "news@example.com", "To": "ada@example.org", header: "eve@evil.example"}
        data = "".join(f"{name}: {value}\r\n" for name, value in headers.items()) + "\r\nHi"
        assert_error(
            api,
            "unverified",
            unverified("eve@evil.example"),
            api.raw,
            data.encode(),
            source="news@example.com",
        )

    def test_pending(self, api, ses_client):
        """A pending identity is not verified."""
        ses_client.verify_email_identity(EmailAddress="eve@evil.example")
        assert_error(
            api, "unverified", unverified("eve@evil.example"), api.simple, "eve@evil.example"
        )

    def test_unverified_mail_from_domain(self, api, ses_client):
        """With `RejectMessage`, a message is rejected if the MAIL FROM domain is not verified."""
        ses_client.set_identity_mail_from_domain(
            Identity="example.com",
            MailFromDomain="mail.example.com",
            BehaviorOnMXFailure="RejectMessage",
        )
        with pytest.raises(ClientError) as caught:
            api.simple()
        assert api.codes["mail from"][0] == caught.value.response["Error"]["Code"]


class TestPauses:
    def test_missing_set(self, api):
        """A configuration set that does not exist is rejected."""
        assert_error(
            api, "no set", "Configuration set <nil> does not exist.", api.simple, set="nil"
        )

    def test_paused_set(self, api, sesv2_client):
        """Sending with a paused configuration set is rejected."""
        sesv2_client.create_configuration_set(ConfigurationSetName="s")
        sesv2_client.put_configuration_set_sending_options(ConfigurationSetName="s")
        assert_error(
            api, "set paused", "Sending is paused for configuration set s", api.simple, set="s"
        )

    def test_deleted_default_set(self, api, ses_backend):
        """A sender whose default configuration set was deleted cannot send."""
        ses_backend.account().identities["example.com"].configuration_set_name = "gone"
        assert_error(api, "default set", "Configuration set <gone> does not exist.", api.simple)

    def test_paused_account(self, api, ses_client):
        """A paused account cannot send."""
        ses_client.update_account_sending_enabled(Enabled=False)
        with pytest.raises(ClientError) as caught:
            api.simple()
        assert {
            "Code": api.codes["account paused"][0],
            "Message": "Sending paused for this account. For more information, please check the "
            "inbox of the email address associated with your AWS account.",
        } == {name: caught.value.response["Error"][name] for name in ("Code", "Message")}


class TestTags:
    @pytest.mark.parametrize(
        ("name", "value", "text"),
        [
            ("", "", "The tag name must be specified."),
            ("n", "", "The tag value must be specified."),
            ("n" * 256, "v", "Tag name cannot exceed 255 characters."),
            (
                "n.n",
                "v" * 256,
                "Invalid tag name <n.n>: only alphanumeric ASCII characters, '_',  '-' are allowed.",
            ),
            ("n", "v" * 256, "Tag value cannot exceed 255 characters."),
            (
                "n",
                "v!",
                "Invalid tag value <v!>: only alphanumeric ASCII characters, '_',  '-' , '.', '@' "
                "are allowed.",
            ),
        ],
    )
    def test_rejected(self, api, name, value, text):
        """Invalid tags are rejected before the sender is checked."""
        tags = [{"Name": name, "Value": value}]
        assert_error(api, "invalid", text, api.simple, "eve@evil.example", tags=tags)

    def test_longest(self, api, ses_backend):
        """The name and the value of a tag can have 255 characters each."""
        api.simple(tags=[{"Name": "n" * 255, "Value": "v" * 255}])
        assert {"n" * 255: "v" * 255} == ses_backend.outbox.one().tags

    def test_feedback_id(self, api, ses_backend):
        """The tag names of feedback IDs can contain a colon."""
        api.simple(tags=[{"Name": "ses:feedback-id-a", "Value": "x"}])
        assert {"ses:feedback-id-a": "x"} == ses_backend.outbox.one().tags
