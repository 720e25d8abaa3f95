"""Sending features that only API v2 has."""

from __future__ import annotations

import pytest
from asking import assert_error
from botocore.exceptions import ClientError
from senders import V2, addresses


class TestV2Only:
    @pytest.fixture(autouse=True)
    def _verified(self, ses_backend):
        ses_backend.verify("example.com")

    def test_headers_and_attachments(self, ses_backend):
        """Headers and attachments are sent unchanged."""
        V2().simple(
            html="<img src='cid:logo'>",
            headers=[{"Name": "X-Campaign", "Value": "spring"}],
            attachments=[
                {"FileName": "a.txt", "RawContent": b"text"},
                {
                    "FileName": "logo.png",
                    "RawContent": b"\x89PNG",
                    "ContentId": "logo",
                    "ContentDisposition": "INLINE",
                    "ContentTransferEncoding": "BASE64",
                    "ContentDescription": "our logo",
                },
                {"FileName": "thing", "RawContent": b"?", "ContentType": "application/x-thing"},
                {"FileName": "unknown", "RawContent": b"?"},
            ],
        )
        message = ses_backend.outbox.one()
        assert "spring" == message.headers["x-campaign"]
        assert ["text/plain", "image/png", "application/x-thing", "application/octet-stream"] == [
            attachment.content_type for attachment in message.attachments
        ]
        assert ("logo", True) == (message.attachments[1].content_id, message.attachments[1].inline)
        filenames = [part.get_filename() for part in message.mime.walk() if part.get_filename()]
        assert {"a.txt", "logo.png", "thing", "unknown"} == set(filenames)

    @pytest.mark.parametrize("name", ["Subject", "from", "Content-Type"])
    def test_reserved_headers(self, name):
        """A header that the message already has is rejected."""
        api = V2()
        headers = [{"Name": name, "Value": "x"}]
        assert_error(api, "invalid", f"Duplicate header '{name}'.", api.simple, headers=headers)

    def test_inline_template(self, ses_backend):
        """An inline template replaces simple variables."""
        V2()._send(
            "a@example.com",
            {
                "Template": {
                    "TemplateContent": {"Subject": "Hi {{name}}", "Text": "T", "Html": "H"},
                    "TemplateData": '{"name": "Ada"}',
                }
            },
            {},
        )
        message = ses_backend.outbox.one()
        assert ("Hi Ada", None) == (message.subject, message.template_name)

    @pytest.mark.parametrize("part", ["{{#if a}}x{{/if}}", "{{a.b}}", "{{snake_case}}"])
    def test_inline_template_with_expressions(self, part):
        """An inline template with anything but simple variables is rejected."""
        api = V2()
        content = {"Template": {"TemplateContent": {"Subject": part}, "TemplateData": "{}"}}
        assert_error(
            api,
            "invalid",
            "Template contains unsupported operations.",
            api._send,
            "a@example.com",
            content,
            {},
        )

    def test_template_by_arn(self, ses_backend, template):
        """A stored template can be referenced by its ARN."""
        arn = ses_backend.account().arn("template", template)
        content = {"TemplateArn": arn, "TemplateData": '{"name": "A", "place": {"city": "B"}}'}
        V2()._send("a@example.com", {"Template": content}, {})
        assert "Hi A" == ses_backend.outbox.one(template_name="t").subject

    @pytest.mark.parametrize(
        ("content", "shown"),
        [
            ({}, "none"),
            ({"Template": {}}, "none"),
            ({"Template": {"TemplateData": "{}"}}, "TemplateData"),
            (
                {"Template": {"TemplateName": "t", "TemplateContent": {}}},
                "TemplateName, TemplateContent",
            ),
            ({"Raw": {"Data": b""}, "Template": {"TemplateName": "t"}}, "Raw, Template"),
        ],
    )
    def test_one_kind_of_content(self, content, shown):
        """A message without exactly one kind of content is rejected."""
        api = V2()
        text = f"Give exactly one kind of content; given: {shown}."
        assert_error(api, "invalid", text, api._send, "a@example.com", content, {})

    @pytest.mark.parametrize(
        ("content", "text"),
        [
            ({"Simple": {"Subject": {"Data": "s"}, "Body": {}}}, None),
            ({"Template": {"TemplateName": "t"}}, "Source cannot be empty"),
            ({"Raw": {"Data": b"To: a@example.org\n\n"}}, "Missing required header 'From'."),
        ],
    )
    def test_without_sender(self, content, text):
        """A message without a sender is rejected; for a simple message, the error has no text."""
        api = V2()
        with pytest.raises(ClientError) as caught:
            api._send(None, content, {})
        error = caught.value.response["Error"]
        assert ("BadRequestException", text) == (error["Code"], error["Message"])

    @pytest.mark.parametrize(
        ("params", "code", "text"),
        [
            (
                {"TenantName": "acme"},
                "NotFoundException",
                "Tenant acme for AwsAccountId 123456789012 not found.",
            ),
            (
                {"ListManagementOptions": {"ContactListName": "l"}},
                "NotFoundException",
                "List with name: l doesn't exist.",
            ),
        ],
    )
    def test_missing_resource(self, params, code, text):
        """A tenant or contact list that does not exist is rejected."""
        with pytest.raises(ClientError) as caught:
            V2().client.send_email(
                FromEmailAddress="a@example.com",
                Destination=addresses(),
                Content={"Simple": {"Subject": {"Data": "s"}, "Body": {}}},
                **params,
            )
        error = caught.value.response["Error"]
        assert (code, text) == (error["Code"], error["Message"])

    def test_missing_endpoint(self, ses_backend):
        """A multi-region endpoint that does not exist is rejected."""
        from pytest_ses.wire.http import Fault

        with pytest.raises(Fault, match=r"NotFoundException") as caught:
            ses_backend.call(
                "sesv2", "SendEmail", {"Content": {"Raw": {"Data": b""}}, "EndpointId": "e.1"}
            )
        assert 404 == caught.value.status

    @pytest.mark.parametrize(
        ("headers", "text"),
        [
            (
                [{"Name": "X", "Value": "1"}] * 16,
                "Member must have length less than or equal to 15",
            ),
            ([{"Name": "a:b", "Value": "1"}], "Member must satisfy regular expression pattern"),
            ([{"Name": "X", "Value": "ü"}], "Member must satisfy regular expression pattern"),
        ],
    )
    def test_invalid_headers(self, headers, text):
        """Headers that the model does not allow are rejected."""
        with pytest.raises(ClientError, match=text):
            V2().simple(headers=headers)
