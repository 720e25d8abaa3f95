"""The codes of errors: those that the models declare, and the few others."""

from __future__ import annotations

import inspect

import pytest
from asking import error_of

from pytest_ses.api import errors as api_errors, model
from pytest_ses.domain import errors

# The common errors of each API, which no operation declares, as in AWS's documentation.
COMMON = {
    "ses": {
        "AccessDenied",
        "InternalFailure",
        "InvalidParameterValue",
        "Throttling",
        "ValidationError",
    },
    "sesv2": {"AccessDeniedException", "InternalFailure", "ValidationException"},
}
# Errors that never are the error of a response.
INTERNAL = {errors.SESError, errors.EntryRejected, errors.JobFailed, errors.ObjectsUnreachable}
CLASSES = [
    value
    for value in vars(errors).values()
    if inspect.isclass(value) and issubclass(value, errors.SESError) and value not in INTERNAL
]
HEADER = "X-SES-LIST-MANAGEMENT-OPTIONS: {value}\r\n"
RAW = "From: news@example.com\r\nTo: ada@example.org\r\n{header}\r\nHi"


@pytest.mark.parametrize("service", COMMON)
def test_codes(service):
    """The code of every error is declared by the model of its API or is a common one."""
    declared = {shape.error_code for shape in model(service).model.error_shapes}
    codes = {api_errors.code(service, error_class) for error_class in CLASSES}
    assert set() == codes - declared - COMMON[service]


@pytest.fixture
def contact_list(sesv2_client):
    topics = [{"TopicName": "t", "DisplayName": "T", "DefaultSubscriptionStatus": "OPT_IN"}]
    sesv2_client.create_contact_list(ContactListName="l", Topics=topics)


class TestListManagement:
    """Errors of contact lists, which only v2 declares, in a header that both APIs accept."""

    def test_unknown_topic(self, api, contact_list):
        """A topic that the list does not have is an invalid value in both APIs."""
        raw = RAW.format(header=HEADER.format(value="l; topic=other"))
        assert (*api.codes["invalid"], "List: l doesn't contain Topic: other") == error_of(
            api.raw, raw.encode()
        )

    def test_missing_list(self, api):
        """A list that does not exist is an invalid value in v1, and not found in v2."""
        raw = RAW.format(header=HEADER.format(value="l"))
        code = {
            "ses": ("InvalidParameterValue", 400),
            "sesv2": ("NotFoundException", 404),
        }[api.service]
        assert (*code, "List with name: l doesn't exist.") == error_of(api.raw, raw.encode())


class TestUndeclared:
    """Errors that the model of the operation does not declare, although that of its API does."""

    @pytest.mark.parametrize(
        ("service", "code"),
        [("ses", "AccountSendingPausedException"), ("sesv2", "SendingPausedException")],
    )
    def test_custom_verification_email_of_a_paused_account(
        self, clients, ses_backend, service, code
    ):
        """A paused account sends no custom verification email; v1's code is that of other sends."""
        ses_backend.verify("example.com")
        client = clients[service]
        client.create_custom_verification_email_template(
            TemplateName="t",
            FromEmailAddress="news@example.com",
            TemplateSubject="s",
            TemplateContent="c",
            SuccessRedirectionURL="https://example.com/yes",
            FailureRedirectionURL="https://example.com/no",
        )
        ses_backend.account().sending_enabled = False
        raised = error_of(
            client.send_custom_verification_email,
            EmailAddress="ada@example.org",
            TemplateName="t",
        )
        assert (code, 400) == raised[:2]

    def test_import_into_a_missing_list(self, sesv2_client):
        """An import into a contact list that does not exist is not found."""
        source = {"S3Url": "s3://b/k", "DataFormat": "CSV"}
        destination = {
            "ContactListDestination": {"ContactListName": "l", "ContactListImportAction": "PUT"}
        }
        assert ("NotFoundException", 404, "ContactList <l> doesn't exist") == error_of(
            sesv2_client.create_import_job,
            ImportDataSource=source,
            ImportDestination=destination,
        )


class TestUnions:
    """A union, which must have exactly one member."""

    NAME = "letters"

    @pytest.mark.parametrize("union", [{}, {"DefaultScheme": {}, "SmimeScheme": {}}])
    def test_without_http(self, ses_backend, union):
        """A call without HTTP with a malformed union has the wrong type; nothing is stored."""
        params = {
            "ConfigurationSetName": self.NAME,
            "MessageSecurityOptions": {"SigningScheme": union},
        }
        if (
            "MessageSecurityOptions"
            not in model("sesv2").operation("CreateConfigurationSet").input.members
        ):
            pytest.skip("the installed botocore has no union in SES")
        with pytest.raises(TypeError, match="expected a dict with exactly one member"):
            ses_backend._call("sesv2", "CreateConfigurationSet", params)
        assert {} == dict(ses_backend.account().configuration_sets)
