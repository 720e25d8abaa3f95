"""Custom verification email templates, in both APIs."""

from __future__ import annotations

import pytest
from asking import assert_error, error_of, without_metadata
from botocore_models import has, needs

ADA = "ada@example.org"
URLS = {
    "SuccessRedirectionURL": "https://example.com/yes",
    "FailureRedirectionURL": "https://example.com/no",
}
LISTED = {
    "TemplateName": "t",
    "FromEmailAddress": "Post <post@example.com>",
    "TemplateSubject": "Is it you?",
    **URLS,
}
CONTENT = {"TemplateContent": "<p>Hello.</p>"}
TEMPLATE = {**LISTED, **CONTENT}
MISSING = "Custom verification email template <t> does not exist"
UNVERIFIED = "The from email address <post@example.net> is not verified"
LINK = "https://email-verification.us-east-1.ses.invalid/123456789012/ada%40example.org"


class V1:
    """The operations of v1, behind an interface that both APIs share."""

    codes = {
        "exists": ("CustomVerificationEmailTemplateAlreadyExists", 400),
        "missing": ("CustomVerificationEmailTemplateDoesNotExist", 400),
        "sender": ("FromEmailAddressNotVerified", 400),
        "content": ("CustomVerificationEmailInvalidContent", 400),
        "sandbox": ("ProductionAccessNotGranted", 400),
        "invalid": ("InvalidParameterValue", 400),
        "full": ("LimitExceeded", 400),
        "set": ("ConfigurationSetDoesNotExist", 400),
    }
    service = "ses"
    size = "MaxResults"
    missing_when_sending = "Template <t> does not exist"
    tags: dict = {}

    def __init__(self, client):
        self.client = client

    def create(self, **changes):
        self.client.create_custom_verification_email_template(**{**TEMPLATE, **changes})

    def get(self, name="t"):
        return without_metadata(
            self.client.get_custom_verification_email_template(TemplateName=name)
        )

    def update(self, **changes):
        self.client.update_custom_verification_email_template(**{**TEMPLATE, **changes})

    def delete(self, name="t"):
        self.client.delete_custom_verification_email_template(TemplateName=name)

    def page(self, size=None, token=None):
        params = {self.size: size, "NextToken": token}
        return without_metadata(
            self.client.list_custom_verification_email_templates(
                **{name: value for name, value in params.items() if value is not None}
            )
        )

    def names(self, size=None, token=None):
        page = self.page(size, token)
        templates = page["CustomVerificationEmailTemplates"]
        return [template["TemplateName"] for template in templates], page.get("NextToken")

    def send(self, address=ADA, name="t", **params):
        return self.client.send_custom_verification_email(
            EmailAddress=address, TemplateName=name, **params
        )["MessageId"]


class V2(V1):
    """The operations of v2, behind the same interface."""

    codes = {
        "exists": ("AlreadyExistsException", 400),
        "missing": ("NotFoundException", 404),
        "sender": ("NotFoundException", 404),
        "content": ("BadRequestException", 400),
        "sandbox": ("BadRequestException", 400),
        "invalid": ("BadRequestException", 400),
        "full": ("LimitExceededException", 400),
        "set": ("NotFoundException", 404),
    }
    service = "sesv2"
    size = "PageSize"
    missing_when_sending = MISSING
    tags = {"Tags": []} if has("sesv2", "GetCustomVerificationEmailTemplate", "Tags") else {}


@pytest.fixture(name="api", params=["v1", "v2"])
def _api(request, ses_backend, ses_client, sesv2_client):
    """One of the two APIs, with example.com verified."""
    ses_backend.verify("example.com")
    return V1(ses_client) if request.param == "v1" else V2(sesv2_client)


@pytest.fixture(name="other")
def _other(api, ses_client, sesv2_client):
    """The other of the two APIs."""
    return V1(ses_client) if isinstance(api, V2) else V2(sesv2_client)


def test_each_api_reads_what_the_other_wrote(api, other):
    """A template of one API exists in the other, and is deleted for both."""
    api.create()
    assert {**TEMPLATE, **other.tags} == other.get()
    other.update(TemplateSubject="New")
    assert "New" == api.get()["TemplateSubject"]
    other.delete()
    assert_error(api, "missing", MISSING, api.get)


def test_partial_update_in_v1(ses_backend, ses_client):
    """An update in v1 keeps the members that it does not contain."""
    ses_backend.verify("example.com")
    V1(ses_client).create()
    ses_client.update_custom_verification_email_template(TemplateName="t", TemplateSubject="New")
    assert {**TEMPLATE, "TemplateSubject": "New"} == V1(ses_client).get()


@needs("sesv2", "CreateCustomVerificationEmailTemplate", "Tags")
def test_tags(ses_backend, sesv2_client):
    """An update keeps the tags; they can be changed by ARN."""
    ses_backend.verify("example.com")
    api, arn = (
        V2(sesv2_client),
        ses_backend.account().arn("custom-verification-email-template", "t"),
    )
    api.create(Tags=[{"Key": "team", "Value": "post"}])
    api.update()
    sesv2_client.tag_resource(ResourceArn=arn, Tags=[{"Key": "stage", "Value": "test"}])
    assert [{"Key": "team", "Value": "post"}, {"Key": "stage", "Value": "test"}] == api.get()[
        "Tags"
    ]


def test_tags_of_a_missing_template(sesv2_client, ses_backend):
    """Listing the tags of a missing template fails."""
    arn = ses_backend.account().arn("custom-verification-email-template", "t")
    text = "No CustomVerificationEmailTemplate present with name: t"
    assert ("NotFoundException", 404, text) == error_of(
        sesv2_client.list_tags_for_resource, ResourceArn=arn
    )


@needs("sesv2", "CreateCustomVerificationEmailTemplate", "Tags")
def test_invalid_tag(ses_backend, sesv2_client):
    """A template with an invalid tag is rejected and not created."""
    ses_backend.verify("example.com")
    api = V2(sesv2_client)
    text = "The tag key <aws:x> starts with the reserved prefix aws:."
    assert_error(api, "invalid", text, api.create, Tags=[{"Key": "aws:x", "Value": ""}])
    assert_error(api, "missing", MISSING, api.get)


def test_duplicate(api, other):
    """A name that exists in one API is a duplicate in the other."""
    other.create()
    text = "Custom verification email template <t> already exists"
    assert_error(api, "exists", text, api.create)


@pytest.mark.parametrize("operation", ["get", "update"])
def test_missing(api, operation):
    """A template that does not exist cannot be read or updated."""
    assert_error(api, "missing", MISSING, getattr(api, operation))


def test_delete_missing(ses_client, sesv2_client):
    """Deleting a missing template succeeds in v1 and fails in v2."""
    V1(ses_client).delete()
    assert_error(V2, "missing", MISSING, V2(sesv2_client).delete)


@pytest.mark.parametrize(
    ("kind", "message", "changes"),
    [
        ("sender", UNVERIFIED, {"FromEmailAddress": "post@example.net"}),
        ("sender", "The from email address <> is not verified", {"FromEmailAddress": ""}),
        ("invalid", "The success redirection URL is invalid", {"SuccessRedirectionURL": "yes"}),
        ("invalid", "The failure redirection URL is invalid", {"FailureRedirectionURL": ""}),
        (
            "invalid",
            "The failure redirection URL is invalid",
            {"FailureRedirectionURL": "https://[1"},
        ),
        (
            "invalid",
            "The success redirection URL is invalid",
            {"SuccessRedirectionURL": "ftp://example.com"},
        ),
        (
            "content",
            "The content has 10485760 bytes; it must have fewer than 10485760.",
            {"TemplateContent": "x" * 10 * 1024 * 1024},
        ),
        (
            "content",
            "The content must not contain comments, such as <!-- Hi -->.",
            {"TemplateContent": "<p>Hello.<!-- Hi -->"},
        ),
    ],
)
def test_rejected(api, kind, message, changes):
    """An invalid member is rejected on creation and on update."""
    assert_error(api, kind, message, api.create, **changes)
    api.create()
    assert_error(api, kind, message, api.update, **changes)
    assert {**TEMPLATE, **api.tags} == api.get()


def test_name_is_required_in_v1(ses_backend, ses_client):
    """v1 rejects an empty name; in v2, the model does not allow it."""
    ses_backend.verify("example.com")
    api = V1(ses_client)
    assert_error(
        api, "invalid", "The template name must be specified.", api.create, TemplateName=""
    )


def test_every_sender(ses_backend, ses_client):
    """If every sender is verified, a template accepts any sender."""
    ses_backend.verify("*")
    V1(ses_client).create(FromEmailAddress="post@example.net")
    assert "post@example.net" == V1(ses_client).get()["FromEmailAddress"]


def test_limit(api):
    """A fifty-first template is rejected."""
    for number in range(50):
        api.create(TemplateName=f"t{number}")
    text = "The limit of 50 custom verification email templates is reached."
    assert_error(api, "full", text, api.create)


class TestList:
    @pytest.fixture(autouse=True)
    def _three_templates(self, api):
        for name in ("a", "b", "c"):
            api.create(TemplateName=name)

    def test_listed_template(self, api):
        """A listed template shows everything but its content and tags."""
        last = api.page()["CustomVerificationEmailTemplates"][0]
        assert {**LISTED, "TemplateName": "c"} == last

    def test_pages(self, api, other):
        """Templates are listed newest first; a token of one API is valid in the other."""
        first_page, token = api.names(size=2)
        assert (["c", "b"], (["a"], None)) == (first_page, other.names(token=token))

    def test_empty_token(self, api):
        """An empty token is ignored."""
        assert (["c", "b", "a"], None) == api.names(token="")

    def test_invalid_token(self, api):
        """An invalid token is rejected."""
        assert_error(api, "invalid", "Invalid nextToken <x>.", api.names, token="x")

    def test_page_size(self, api, ses_client, sesv2_client):
        """v1 ignores a page size out of range; v2 rejects it."""
        assert (["c", "b", "a"], None) == V1(ses_client).names(size=51)
        text = "The page size must be between 1 and 50"
        assert_error(V2, "invalid", text, V2(sesv2_client).names, size=51)
        assert (["c", "b", "a"], None) == V2(sesv2_client).names(size=50)


class TestSend:
    @pytest.fixture(autouse=True)
    def _template(self, api):
        api.create()

    def test_message(self, api, ses_backend):
        """The message has the template's sender, subject and content, and a verification link."""
        message_id = api.send()

        [message] = ses_backend.outbox
        assert (message_id, api.service, "SendCustomVerificationEmail") == (
            message.message_id,
            message.service,
            message.operation,
        )
        assert ("Post <post@example.com>", [ADA], "Is it you?", [LINK]) == (
            message.source,
            message.to,
            message.subject,
            message.links,
        )
        content, disclaimer = message.html.rsplit("\n", 1)
        assert f'<p>Hello.</p>\n<p><a href="{LINK}">{LINK}</a></p>' == content
        assert (
            "<p>If you did not request to verify this email address, please disregard this message. "
            "If you have any concerns, please forward this message to the following "
            '<a href="mailto:aws-email-domain-verification@amazon.com">email address</a> '
            "along with your questions or comments.</p>"
        ) == disclaimer

    def test_identity(self, api, ses_backend, sesv2_client):
        """The recipient becomes a pending identity; a verified identity stays verified."""
        api.send()
        assert "PENDING" == sesv2_client.get_email_identity(EmailIdentity=ADA)["VerificationStatus"]

        ses_backend.verify(ADA)
        api.send()
        assert sesv2_client.get_email_identity(EmailIdentity=ADA)["VerifiedForSendingStatus"]

    def test_configuration_set(self, api, ses_backend, sesv2_client):
        """The message has the configuration set of the request."""
        sesv2_client.create_configuration_set(ConfigurationSetName="letters")
        api.send(ConfigurationSetName="letters")
        assert "letters" == ses_backend.outbox[0].configuration_set

    def test_no_tracking(self, api, ses_backend, sesv2_client):
        """Opens and clicks are not tracked, even if the configuration set publishes them."""
        sesv2_client.create_configuration_set(ConfigurationSetName="letters")
        sesv2_client.create_configuration_set_event_destination(
            ConfigurationSetName="letters",
            EventDestinationName="engagement",
            EventDestination={
                "Enabled": True,
                "MatchingEventTypes": ["OPEN", "CLICK"],
                "SnsDestination": {"TopicArn": "arn:aws:sns:us-east-1:123456789012:mail"},
            },
        )
        api.send(ConfigurationSetName="letters")
        [message] = ses_backend.outbox
        assert f'href="{LINK}"'.encode() in message.raw
        assert b"awstrack" not in message.raw

    @pytest.mark.parametrize(
        ("kind", "message", "arguments"),
        [
            ("invalid", "Email address not specified.", {"address": "", "name": "u"}),
            ("invalid", "Invalid email address<ada>.", {"address": "ada", "name": "u"}),
            (
                "set",
                "Configuration set <letters> does not exist.",
                {"ConfigurationSetName": "letters"},
            ),
        ],
    )
    def test_rejected(self, api, ses_backend, kind, message, arguments):
        """An invalid address is reported before a missing template; nothing is sent or created."""
        assert_error(api, kind, message, api.send, **arguments)
        assert ([], ["example.com"]) == (
            list(ses_backend.outbox),
            list(ses_backend.account().identities),
        )

    def test_rejected_for_an_existing_identity(self, api, ses_backend):
        """An existing identity is kept if the message is rejected."""
        ses_backend.verify(ADA)
        text = "Configuration set <letters> does not exist."
        assert_error(api, "set", text, api.send, ConfigurationSetName="letters")
        assert ADA in ses_backend.account().identities

    def test_missing(self, api):
        """A missing template is rejected, with a different text in each API."""
        api.delete()
        assert_error(api, "missing", api.missing_when_sending, api.send)

    def test_sandbox(self, api, ses_backend):
        """An account in the sandbox cannot send verification messages."""
        ses_backend.account().sandbox = True
        text = "The account has not been granted production access."
        assert_error(api, "sandbox", text, api.send)

    def test_unverified_sender(self, api, sesv2_client):
        """A template whose sender is no longer verified is rejected."""
        sesv2_client.delete_email_identity(EmailIdentity="example.com")
        text = "The from email address <Post <post@example.com>> is not verified"
        assert_error(api, "sender", text, api.send)
