"""Custom verification templates through both APIs."""

from __future__ import annotations

import pytest
from asking import answer, refusal, refused

ADA = "ada@example.org"
URLS = {
    "SuccessRedirectionURL": "https://example.com/yes",
    "FailureRedirectionURL": "https://example.com/no",
}
SHOWN = {
    "TemplateName": "t",
    "FromEmailAddress": "Post <post@example.com>",
    "TemplateSubject": "Is it you?",
    **URLS,
}
CONTENT = {"TemplateContent": "<p>Hello.</p>"}
GOOD = {**SHOWN, **CONTENT}
MISSING = "Custom verification email template <t> does not exist"
GONE = "The from email address <post@example.net> is not verified"
LINK = "https://email-verification.us-east-1.ses.invalid/123456789012/ada%40example.org"


class V1:
    """The operations in the words of v1."""

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
    missing_of_send = "Template <t> does not exist"
    tags: dict = {}

    def __init__(self, client):
        self.client = client

    def create(self, **changes):
        self.client.create_custom_verification_email_template(**{**GOOD, **changes})

    def get(self, name="t"):
        return answer(self.client.get_custom_verification_email_template(TemplateName=name))

    def update(self, **changes):
        self.client.update_custom_verification_email_template(**{**GOOD, **changes})

    def delete(self, name="t"):
        self.client.delete_custom_verification_email_template(TemplateName=name)

    def page(self, size=None, token=None):
        words = {self.size: size, "NextToken": token}
        return answer(
            self.client.list_custom_verification_email_templates(
                **{word: value for word, value in words.items() if value is not None}
            )
        )

    def names(self, size=None, token=None):
        page = self.page(size, token)
        found = [one["TemplateName"] for one in page["CustomVerificationEmailTemplates"]]
        return found, page.get("NextToken")

    def send(self, address=ADA, name="t", **words):
        return self.client.send_custom_verification_email(
            EmailAddress=address, TemplateName=name, **words
        )["MessageId"]


class V2(V1):
    """The same in the words of v2."""

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
    missing_of_send = MISSING
    tags = {"Tags": []}


@pytest.fixture(name="api", params=["v1", "v2"])
def _api(request, ses_backend, ses_client, sesv2_client):
    """One of the two APIs, with example.com verified."""
    ses_backend.verify("example.com")
    return V1(ses_client) if request.param == "v1" else V2(sesv2_client)


@pytest.fixture(name="other")
def _other(api, ses_client, sesv2_client):
    """The API that `api` is not."""
    return V1(ses_client) if isinstance(api, V2) else V2(sesv2_client)


def test_each_api_reads_what_the_other_wrote(api, other):
    """A template of one API is there in the other, and gone for both."""
    api.create()
    assert {**GOOD, **other.tags} == other.get()
    other.update(TemplateSubject="New")
    assert "New" == api.get()["TemplateSubject"]
    other.delete()
    refused(api, "missing", MISSING, api.get)


def test_v1_changes_what_it_names(ses_backend, ses_client):
    """An update through v1 leaves what it does not name."""
    ses_backend.verify("example.com")
    V1(ses_client).create()
    ses_client.update_custom_verification_email_template(TemplateName="t", TemplateSubject="New")
    assert {**GOOD, "TemplateSubject": "New"} == V1(ses_client).get()


def test_tags(ses_backend, sesv2_client):
    """Tags stay through an update, and are changed by ARN."""
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


def test_tags_of_a_missing_one(sesv2_client, ses_backend):
    """A template that is not there has no tags."""
    arn = ses_backend.account().arn("custom-verification-email-template", "t")
    text = "No CustomVerificationEmailTemplate present with name: t"
    assert ("NotFoundException", 404, text) == refusal(
        sesv2_client.list_tags_for_resource, ResourceArn=arn
    )


def test_bad_tag(ses_backend, sesv2_client):
    """A template with a bad tag is not made."""
    ses_backend.verify("example.com")
    api = V2(sesv2_client)
    text = "The tag key <aws:x> has the prefix aws:, which is reserved."
    refused(api, "invalid", text, api.create, Tags=[{"Key": "aws:x", "Value": ""}])
    refused(api, "missing", MISSING, api.get)


def test_duplicate(api, other):
    """A name is taken for both APIs."""
    other.create()
    text = "Custom verification email template <t> already exists"
    refused(api, "exists", text, api.create)


@pytest.mark.parametrize("operation", ["get", "update"])
def test_missing(api, operation):
    """A template that is not there is missed."""
    refused(api, "missing", MISSING, getattr(api, operation))


def test_delete_missing(ses_client, sesv2_client):
    """Deleting what is not there succeeds in v1, and is refused in v2."""
    V1(ses_client).delete()
    refused(V2, "missing", MISSING, V2(sesv2_client).delete)


@pytest.mark.parametrize(
    ("kind", "message", "changes"),
    [
        ("sender", GONE, {"FromEmailAddress": "post@example.net"}),
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
            "The content has 10485760 bytes; it has to be less than 10485760.",
            {"TemplateContent": "x" * 10 * 1024 * 1024},
        ),
    ],
)
def test_refused(api, kind, message, changes):
    """Neither a new template nor a changed one may be wrong."""
    refused(api, kind, message, api.create, **changes)
    api.create()
    refused(api, kind, message, api.update, **changes)
    assert {**GOOD, **api.tags} == api.get()


def test_name_is_required_in_v1(ses_backend, ses_client):
    """An empty name is refused (v2's is refused by the model)."""
    ses_backend.verify("example.com")
    api = V1(ses_client)
    refused(api, "invalid", "The template name must be specified.", api.create, TemplateName="")


def test_every_sender(ses_backend, ses_client):
    """Where every sender is accepted, the sender of a template is."""
    ses_backend.verify("*")
    V1(ses_client).create(FromEmailAddress="post@example.net")
    assert "post@example.net" == V1(ses_client).get()["FromEmailAddress"]


def test_limit(api):
    """An account has no more than fifty of them."""
    for number in range(50):
        api.create(TemplateName=f"t{number}")
    text = "The limit of 50 custom verification email templates is reached."
    refused(api, "full", text, api.create)


class TestList:
    @pytest.fixture(autouse=True)
    def three(self, api):
        """Three templates."""
        for name in ("a", "b", "c"):
            api.create(TemplateName=name)

    def test_shown(self, api):
        """A template in the list shows all but its content and tags."""
        last = api.page()["CustomVerificationEmailTemplates"][0]
        assert {**SHOWN, "TemplateName": "c"} == last

    def test_pages(self, api, other):
        """They are listed newest first, and a token is good in both APIs."""
        found, token = api.names(size=2)
        assert (["c", "b"], (["a"], None)) == (found, other.names(token=token))

    def test_empty_token(self, api):
        """An empty token is none."""
        assert (["c", "b", "a"], None) == api.names(token="")

    def test_bad_token(self, api):
        """A token that SES did not give out is refused."""
        refused(api, "invalid", "Invalid nextToken <x>.", api.names, token="x")

    def test_size(self, api, ses_client, sesv2_client):
        """A page size out of range is refused by v2, and not minded by v1."""
        assert (["c", "b", "a"], None) == V1(ses_client).names(size=51)
        text = "The page size must be between 1 and 50"
        refused(V2, "invalid", text, V2(sesv2_client).names, size=51)


class TestSend:
    @pytest.fixture(autouse=True)
    def one(self, api):
        """A template."""
        api.create()

    def test_mail(self, api, ses_backend):
        """The mail says what the template says, and has a link."""
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
        assert f'<p>Hello.</p>\n<p><a href="{LINK}">{LINK}</a></p>' == message.html

    def test_identity(self, api, ses_backend, sesv2_client):
        """The recipient becomes an identity that is yet to be verified."""
        api.send()
        assert "PENDING" == sesv2_client.get_email_identity(EmailIdentity=ADA)["VerificationStatus"]

        ses_backend.verify(ADA)
        api.send()
        assert sesv2_client.get_email_identity(EmailIdentity=ADA)["VerifiedForSendingStatus"]

    def test_configuration_set(self, api, ses_backend, sesv2_client):
        """The mail has the configuration set of the call."""
        sesv2_client.create_configuration_set(ConfigurationSetName="letters")
        api.send(ConfigurationSetName="letters")
        assert "letters" == ses_backend.outbox[0].configuration_set

    @pytest.mark.parametrize(
        ("kind", "message", "words"),
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
    def test_refused(self, api, ses_backend, kind, message, words):
        """A bad address is told before a missing template; nothing is left of what is refused."""
        refused(api, kind, message, api.send, **words)
        assert ([], ["example.com"]) == (
            list(ses_backend.outbox),
            list(ses_backend.account().identities),
        )

    def test_refused_of_an_identity(self, api, ses_backend):
        """An address that was an identity stays one when the mail is refused."""
        ses_backend.verify(ADA)
        text = "Configuration set <letters> does not exist."
        refused(api, "set", text, api.send, ConfigurationSetName="letters")
        assert ADA in ses_backend.account().identities

    def test_missing(self, api):
        """A template that is not there is missed, in each API in its words."""
        api.delete()
        refused(api, "missing", api.missing_of_send, api.send)

    def test_sandbox(self, api, ses_backend):
        """In the sandbox nothing is sent."""
        ses_backend.account().sandbox = True
        text = "The account has not been granted production access."
        refused(api, "sandbox", text, api.send)

    def test_sender_gone(self, api, sesv2_client):
        """A sender that is no longer verified does not send."""
        sesv2_client.delete_email_identity(EmailIdentity="example.com")
        text = "The from email address <Post <post@example.com>> is not verified"
        refused(api, "sender", text, api.send)
