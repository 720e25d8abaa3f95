"""Sending features that only API v2 has."""

from __future__ import annotations

import pytest
from asking import assert_error
from botocore.exceptions import ClientError
from botocore_models import longest, needs
from senders import V2, addresses, unverified

LONGEST_HEADER = longest("sesv2", "MessageHeaderValue")


class TestV2Only:
    @pytest.fixture(autouse=True)
    def _verified(self, ses_backend):
        ses_backend.verify("example.com")

    @needs("sesv2", "SendEmail", "Content.Simple.Attachments")
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
    @needs("sesv2", "SendEmail", "Content.Simple.Headers")
    def test_reserved_headers(self, name):
        """A header that the message already has is rejected."""
        api = V2()
        headers = [{"Name": name, "Value": "x"}]
        assert_error(api, "invalid", f"Duplicate header '{name}'.", api.simple, headers=headers)

    @pytest.mark.parametrize(
        ("names", "duplicate"),
        [
            (["Precedence", "precedence"], "precedence"),
            (["X-One", "X-One"], None),
            (["Reply-To"], "Reply-To"),
        ],
    )
    @needs("sesv2", "SendEmail", "Content.Simple.Headers")
    def test_repeated_headers(self, ses_backend, names, duplicate):
        """Headers that can appear once are rejected if repeated, also if SES sets them."""
        api = V2()
        options = {
            "headers": [{"Name": name, "Value": "x"} for name in names],
            "reply_to": ["reply@example.com"],
        }
        if duplicate:
            text = f"Duplicate header '{duplicate}'."
            assert_error(api, "invalid", text, api.simple, **options)
        else:
            api.simple(**options)
            assert ["x", "x"] == ses_backend.outbox.one().mime.get_all("X-One")

    @pytest.mark.skipif(LONGEST_HEADER < 991, reason="the model allows only shorter headers")
    def test_header_length(self, ses_backend):
        """Name and value of a header have at most 996 characters together."""
        api = V2()
        api.simple(headers=[{"Name": "X-Long", "Value": "x" * 990}])
        text = "The header 'X-Long' has 997 characters in name and value; the limit is 996."
        headers = [{"Name": "X-Long", "Value": "x" * 991}]
        assert_error(api, "invalid", text, api.simple, headers=headers)
        assert 1 == len(ses_backend.outbox)

    @needs("sesv2", "SendEmail", "Content.Simple.Headers")
    def test_return_path_header(self, ses_backend):
        """A Return-Path header is the return path unless the call has one; it is not delivered."""
        api = V2()
        headers = [{"Name": "return-path", "Value": "back@example.com"}]
        api.simple(headers=headers)
        api.simple(headers=headers, path="own@example.com")
        first, second = ses_backend.outbox
        assert ("back@example.com", "own@example.com") == (first.return_path, second.return_path)
        assert "Return-Path" not in first.headers
        headers[0]["Value"] = "eve@evil.example"
        text = unverified("eve@evil.example")
        assert_error(api, "unverified", text, api.simple, headers=headers)

    @needs("sesv2", "SendEmail", "Content.Template.TemplateContent")
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
    @needs("sesv2", "SendEmail", "Content.Template.TemplateContent")
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
            pytest.param(
                {"Template": {"TemplateName": "t", "TemplateContent": {}}},
                "TemplateName, TemplateContent",
                marks=needs("sesv2", "SendEmail", "Content.Template.TemplateContent"),
            ),
            (
                {
                    "Template": {
                        "TemplateName": "t",
                        "TemplateArn": "arn:aws:ses:us-east-1:123456789012:template/t",
                    }
                },
                "TemplateName, TemplateArn",
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
            pytest.param(
                {"TenantName": "acme"},
                "NotFoundException",
                "Tenant acme for AwsAccountId 123456789012 not found.",
                marks=needs("sesv2", "SendEmail", "TenantName"),
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

    @needs("sesv2", "SendEmail", "EndpointId")
    def test_missing_endpoint(self, ses_backend):
        """A multi-region endpoint that does not exist is rejected."""
        from pytest_ses.wire.http import Fault

        with pytest.raises(Fault, match=r"NotFoundException") as caught:
            ses_backend._call(
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
            (
                [{"Name": "X" * 127, "Value": "1"}],
                "Member must have length less than or equal to 126",
            ),
            (
                [{"Name": "X", "Value": "1" * (LONGEST_HEADER + 1)}],
                f"Member must have length less than or equal to {LONGEST_HEADER}",
            ),
            ([{"Name": "a:b", "Value": "1"}], "Member must satisfy regular expression pattern"),
            ([{"Name": "X", "Value": "ü"}], "Member must satisfy regular expression pattern"),
        ],
    )
    @needs("sesv2", "SendEmail", "Content.Simple.Headers")
    def test_invalid_headers(self, headers, text):
        """Headers that the model does not allow are rejected."""
        with pytest.raises(ClientError, match=text):
            V2().simple(headers=headers)
