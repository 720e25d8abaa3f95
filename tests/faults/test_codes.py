"""Codes, statuses and texts of planned failures in both APIs."""

from __future__ import annotations

import pytest
from asking import error_of
from botocore.exceptions import ClientError
from botocore_models import needs
from senders import addresses

from pytest_ses import UnmodelledErrorWarning, api as operations_of
from pytest_ses.faults import UNKNOWN_TEXT, missing, targets

RATE = "Maximum sending rate exceeded."
THROTTLING = {"ses": ("Throttling", 400), "sesv2": ("TooManyRequestsException", 429)}
TOKEN = "The security token included in the request is invalid."


class TestThrottle:
    def test_sends(self, api, backend):
        """A throttled send fails at every attempt with its API's error, and nothing is sent."""
        failure = backend.throttle()
        assert (*THROTTLING[api.service], RATE) == error_of(api.simple)
        assert (3, 3) == (failure.fired, len(backend.calls))
        assert [] == list(backend.outbox)

    def test_retries_count(self, api, backend):
        """Every attempt counts towards `times`, so the third attempt is sent."""
        failure = backend.throttle("SendEmail", times=2)
        assert api.simple() == backend.outbox.one().message_id
        assert [1, 2, 3] == [call.attempt for call in backend.calls]
        assert [failure, failure, None] == [call.fault for call in backend.calls]
        assert backend.calls[:2] == failure.calls

    @pytest.mark.parametrize(
        ("service", "operation"), [("ses", "list_identities"), ("sesv2", "get_account")]
    )
    def test_other_operations(self, backend, client, service, operation):
        """An operation that does not send is throttled only by name, with another text."""
        backend.throttle()
        getattr(client(service), operation)()
        backend.throttle(operation)
        expected = (*THROTTLING[service], "Rate exceeded")
        assert expected == error_of(getattr(client(service), operation))

    def test_daily_quota(self, api, backend):
        """A reached daily quota has the same code and its own text."""
        backend.throttle(daily_quota=True)
        expected = (*THROTTLING[api.service], "Daily message quota exceeded.")
        assert expected == error_of(api.simple)

    def test_bulk(self, bulk, backend):
        """A bulk send is throttled as a whole."""
        backend.throttle(times=3)
        entry = bulk.entry("ada@example.org")
        assert (*THROTTLING[bulk.service], RATE) == error_of(bulk.send, entry)
        assert [] == list(backend.outbox)
        bulk.send(entry)
        assert 1 == len(backend.outbox)


NOT_FOUND = [
    ("template", "GetTemplate", {"TemplateName": "x"}, "Template x does not exist."),
    (
        "template",
        "UpdateTemplate",
        {"Template": {"TemplateName": "x"}},
        "Template x does not exist.",
    ),
    (
        "event_destination",
        "DeleteConfigurationSetEventDestination",
        {"ConfigurationSetName": "s", "EventDestinationName": "d"},
        {
            "ses": "No EventDestination found for s",
            "sesv2": "An event destination with name <d> does not exist for configuration set <s>.",
        },
    ),
    (
        "configuration_set",
        "DeleteConfigurationSetEventDestination",
        {"ConfigurationSetName": "s", "EventDestinationName": "d"},
        "Configuration set <s> does not exist.",
    ),
    (
        "custom_verification_template",
        "GetCustomVerificationEmailTemplate",
        {"TemplateName": "x"},
        "Custom verification email template <x> does not exist",
    ),
    (
        "custom_verification_template",
        "SendCustomVerificationEmail",
        {"TemplateName": "x", "EmailAddress": "a@example.org"},
        {
            "ses": "Template <x> does not exist",
            "sesv2": "Custom verification email template <x> does not exist",
        },
    ),
    (
        "receipt_rule_set",
        "CloneReceiptRuleSet",
        {"RuleSetName": "new", "OriginalRuleSetName": "old"},
        "Rule set does not exist: old",
    ),
    (
        "receipt_rule",
        "UpdateReceiptRule",
        {"RuleSetName": "s", "Rule": {"Name": "r"}},
        "Rule does not exist: r",
    ),
    (
        "tracking_options",
        "DeleteConfigurationSetTrackingOptions",
        {"ConfigurationSetName": "s"},
        "There are no tracking options for configuration set <s>",
    ),
    (
        "identity",
        "GetEmailIdentity",
        {"EmailIdentity": "example.org"},
        "Email identity example.org does not exist.",
    ),
    (
        "contact_list",
        "GetContactList",
        {"ContactListName": "l"},
        "List with name: l doesn't exist.",
    ),
    (
        "contact",
        "GetContact",
        {"ContactListName": "l", "EmailAddress": "a@example.org"},
        "a@example.org doesn't exist in List.",
    ),
    (
        "suppressed_destination",
        "GetSuppressedDestination",
        {"EmailAddress": "a@example.org"},
        "Email address a@example.org does not exist on your suppression list.",
    ),
    (
        "dedicated_ip_pool",
        "GetDedicatedIpPool",
        {"PoolName": "p"},
        "The requested pool <p> does not exist.",
    ),
    (
        "tenant",
        "GetTenant",
        {"TenantName": "t"},
        "Tenant t for AwsAccountId 123456789012 not found.",
    ),
    (
        "policy",
        "DeleteEmailIdentityPolicy",
        {"EmailIdentity": "example.org", "PolicyName": "p"},
        "Policy <p> does not exist",
    ),
    ("job", "GetImportJob", {"JobId": "j"}, "Job j does not exist."),
]


def rows_of_each_api(row):
    """Yield the row for each API that has the operation."""
    resource, operation, params, text = row
    for service in ("ses", "sesv2"):
        if operation in operations_of.model(service).operations:
            yield (
                service,
                resource,
                operation,
                params,
                text if isinstance(text, str) else text[service],
            )


class TestNotFound:
    @pytest.mark.parametrize(
        ("service", "resource", "operation", "params", "text"),
        [case for row in NOT_FOUND for case in rows_of_each_api(row)],
    )
    def test_text(self, backend, client, service, resource, operation, params, text):
        """Each resource has its own code and text, with the name from the call."""
        failure = backend.not_found(operation, resource=resource)
        call = getattr(client(service), operations_of.python_name(operation))
        with pytest.raises(ClientError) as caught:
            call(**params)
        error = caught.value.response["Error"]
        status = caught.value.response["ResponseMetadata"]["HTTPStatusCode"]
        assert text == error["Message"]
        if service == "ses":
            assert error["Code"].replace("Exception", "").endswith("DoesNotExist")
            assert 400 == status
        else:
            assert ("NotFoundException", 404) == (error["Code"], status)
        assert 1 == failure.fired

    @pytest.mark.parametrize(
        ("params", "text"),
        [
            ({"set": "s"}, "Template t does not exist."),
            ({}, "Template t does not exist."),
        ],
    )
    def test_first_of_several(self, api, backend, params, text):
        """Of several resources that a send names, the template is the default."""
        backend.not_found("SendEmail", "SendTemplatedEmail")
        code = {"ses": "TemplateDoesNotExist", "sesv2": "NotFoundException"}[api.service]
        assert (code, text) == error_of(api.templated, **params)[::2]

    def test_another_resource(self, api, backend):
        """`resource` selects another resource that the call names."""
        backend.not_found("SendEmail", "SendTemplatedEmail", resource="configuration_set")
        assert "Configuration set <s> does not exist." == error_of(api.templated, set="s")[2]

    def test_resource_not_in_call(self, api, backend):
        """A call that does not name the resource is sent."""
        failure = backend.not_found("SendEmail", resource="configuration_set")
        api.simple()
        assert (0, 1) == (failure.fired, len(backend.outbox))

    def test_exception_class(self, backend, client):
        """The client raises the exception class of its model."""
        backend.not_found("GetTemplate", "GetEmailTemplate")
        v1, v2 = client("ses"), client("sesv2")
        with pytest.raises(v1.exceptions.TemplateDoesNotExistException):
            v1.get_template(TemplateName="t")
        with pytest.raises(v2.exceptions.NotFoundException):
            v2.get_email_template(TemplateName="t")

    def test_every_operation(self, backend, client):
        """Without operations, the failure applies to every operation that declares the error."""
        backend.not_found(resource="template")
        assert (
            "Template t does not exist."
            == error_of(client("sesv2").delete_email_template, TemplateName="t")[2]
        )

    def test_template_by_arn(self, backend, api, client):
        """For a template given by its ARN, the text contains the name of the template."""
        backend.not_found("sesv2:SendBulkEmail")
        arn = "arn:aws:ses:us-east-1:123456789012:template/t"
        assert (
            "Template t does not exist."
            == error_of(
                client("sesv2").send_bulk_email,
                FromEmailAddress="a@example.com",
                DefaultContent={"Template": {"TemplateArn": arn, "TemplateData": "{}"}},
                BulkEmailEntries=[{"Destination": addresses()}],
            )[2]
        )

    def test_no_resource_in_call(self, backend, client):
        """An operation whose parameters name no resource can still fail with a not-found error."""
        backend.not_found("PutDeliverabilityDashboardOption")
        error = error_of(client("sesv2").put_deliverability_dashboard_option, DashboardEnabled=True)
        assert ("NotFoundException", 404, UNKNOWN_TEXT) == error

    def test_every_declared_error_has_a_resource(self):
        """Every not-found error of the v1 model can be planned, except one that names nothing."""
        declared = {
            (target.operation, code)
            for target in targets.everything()
            if target.service == "ses"
            for code in operations_of.model("ses").operation(target.operation).errors
            if "DoesNotExist" in code
        }
        planned = {
            (target.operation, missing.code(target, resource))
            for target in targets.everything()
            if target.service == "ses"
            for resource in missing.resources(target)
        }
        assert {("ReorderReceiptRuleSet", "RuleDoesNotExist")} == declared - planned


def every_error():
    return [
        pytest.param(target, code, id=f"{target}-{code}")
        for target in targets.everything()
        for code in operations_of.model(target.service).operation(target.operation).errors
    ]


class TestFail:
    @pytest.mark.parametrize(("target", "code"), every_error())
    def test_every_declared_error(self, target, code):
        """Every declared error can be planned, with the code and status of the model."""
        from pytest_ses import SESBackend
        from pytest_ses.wire import Fault

        backend = SESBackend()
        backend.fail(str(target), code)
        with pytest.raises(Fault) as caught:
            backend._call(target.service, target.operation, {})
        status = operations_of.model(target.service).operation(target.operation).errors[code]
        assert (code, status) == (caught.value.code, caught.value.status)
        assert caught.value.message

    def test_exception_class(self, api, backend):
        """The client raises its own exception class and does not retry."""
        failure = backend.fail("SendEmail", "MessageRejected")
        with pytest.raises(api.client.exceptions.MessageRejected) as caught:
            api.simple()
        assert "Email address is not verified." in str(caught.value)
        assert "news@example.com" in str(caught.value)
        assert (1, 1, 0) == (failure.fired, len(backend.calls), len(backend.outbox))

    @pytest.mark.parametrize(
        ("name", "declaring_api"),
        [
            ("ConfigurationSetDoesNotExist", "ses"),
            ("ConfigurationSetDoesNotExistException", "ses"),
            ("NotFoundException", "sesv2"),
        ],
    )
    def test_error_of_one_api(self, api, backend, name, declaring_api):
        """An error that only one API declares fails only its calls; its class name works, too."""
        failure = backend.fail("SendEmail", name, times=1)
        if api.service == declaring_api:
            assert "Configuration set <s> does not exist." == error_of(api.simple, set="s")[2]
        else:
            api.simple()
        assert (api.service == declaring_api) == bool(failure.fired)

    @pytest.mark.parametrize(
        ("name", "v1", "v2", "status", "text"),
        [
            ("InvalidClientTokenId", None, "UnrecognizedClientException", 403, TOKEN),
            ("UnrecognizedClientException", "InvalidClientTokenId", None, 403, TOKEN),
            ("AccessDenied", None, "AccessDeniedException", 403, "is not authorized to perform"),
            ("AccessDeniedException", "AccessDenied", None, 403, "is not authorized to perform"),
            ("SignatureDoesNotMatch", None, None, 403, "The request signature we calculated"),
            ("RequestExpired", None, None, 400, UNKNOWN_TEXT),
            ("InternalFailure", None, None, 500, "An internal failure has occurred."),
            ("ServiceUnavailable", None, None, 503, UNKNOWN_TEXT),
        ],
    )
    def test_common_errors(self, api, backend, name, v1, v2, status, text):
        """Errors that no model declares have the code of the called API."""
        backend.fail("SendEmail", name)
        code = {"ses": v1, "sesv2": v2}[api.service] or name
        error = error_of(api.simple)
        assert (code, status) == error[:2]
        assert text in error[2]

    def test_message_and_status(self, api, backend):
        """The test can give its own text and status."""
        backend.fail("send_email", "MessageRejected", message="Too much spam.", status=403)
        assert ("MessageRejected", 403, "Too much spam.") == error_of(api.simple)

    def test_unknown_code(self, api, backend):
        """An unknown code is accepted with a warning that lists the declared ones."""
        pattern = r"the model of ses:SendEmail, sesv2:SendEmail does not declare the error 'Odd'; expected one of"
        with pytest.warns(UnmodelledErrorWarning, match=pattern) as warned:
            backend.fail("SendEmail", "Odd")
        assert __file__ == warned[0].filename
        assert ("Odd", 400, UNKNOWN_TEXT) == error_of(api.simple)

    def test_code_of_another_operation(self, backend, client):
        """A code that only other operations have is accepted with a warning, also with a status."""
        with pytest.warns(UnmodelledErrorWarning, match="does not declare the error"):
            backend.fail("sesv2:GetAccount", "ConflictException", status=500)
        assert ("ConflictException", 500, UNKNOWN_TEXT) == error_of(client("sesv2").get_account)

    @pytest.mark.parametrize(
        ("operation", "error", "advice"),
        [
            (
                "ses:SendEmail",
                "TemplateDoesNotExist",
                "; it is an error of other operations, such as ses:SendTemplatedEmail",
            ),
            ("SendEmail", "TemplateDoesNotExist", "; expected NotFoundException"),
            (
                "sesv2:SendEmail",
                "TemplateDoesNotExist",
                ", which is a code of the other API; expected NotFoundException",
            ),
        ],
    )
    def test_advice_on_a_known_code(self, backend, operation, error, advice):
        """The warning about a code of other operations says what has it, or what is used instead."""
        with pytest.warns(UnmodelledErrorWarning) as warned:
            backend.fail(operation, error)
        assert str(warned[0].message).endswith(f"does not declare the error {error!r}{advice}")

    def test_unknown_code_without_declared_errors(self, backend):
        """The warning says if the operation declares no errors at all."""
        with pytest.warns(
            UnmodelledErrorWarning, match="does not declare the error .* or any other error"
        ):
            backend.fail("GetSendQuota", "Bad")

    @pytest.mark.parametrize(
        ("operation", "error", "meant"),
        [
            ("SendEmail", "MesageRejected", "MessageRejected"),
            ("sesv2:SendEmail", "TooManyRequests", "TooManyRequestsException"),
            ("ses:SendEmail", "Throttle", "Throttling"),
            ("ses:SendEmail", "SlowDown", "Throttling"),
            ("sesv2:SendEmail", "ThrottlingException", "TooManyRequestsException"),
            ("SendEmail", "ThrottlingException", "Throttling' or 'TooManyRequestsException"),
            ("SendEmail", "BadRequest", "BadRequestException"),
            ("sesv2:SendEmail", "NotFound", "NotFoundException"),
            ("GetSendQuota", "AcessDenied", "AccessDenied"),
        ],
    )
    def test_misspelled_code(self, backend, operation, error, meant):
        """An unknown code that is close to one of the operation is a mistake."""
        with pytest.raises(
            ValueError, match=f"did you mean '{meant}'. For a code of your own, add"
        ):
            backend.fail(operation, error)

    def test_own_code(self, backend, client):
        """A code with a status is accepted, even if it is close to a known one."""
        backend.fail("GetSendQuota", "AcessDenied", status=418)
        assert ("AcessDenied", 418, UNKNOWN_TEXT) == error_of(client("ses").get_send_quota)

    @pytest.mark.parametrize(
        ("operation", "code", "params", "text"),
        [
            (
                "ses:CreateTemplate",
                "AlreadyExists",
                {"Template": {"TemplateName": "t"}},
                "Template t already exists.",
            ),
            (
                "ses:CreateConfigurationSet",
                "ConfigurationSetAlreadyExists",
                {"ConfigurationSet": {"Name": "s"}},
                "Configuration set <s> already exists.",
            ),
            (
                "sesv2:CreateEmailIdentity",
                "AlreadyExistsException",
                {"EmailIdentity": "example.org"},
                "Email identity example.org already exist.",
            ),
            pytest.param(
                "sesv2:CreateTenant",
                "AlreadyExistsException",
                {"TenantName": "acme"},
                "Tenant with name acme already exists in account 123456789012",
                marks=needs("sesv2", "CreateTenant"),
            ),
            (
                "ses:CreateCustomVerificationEmailTemplate",
                "CustomVerificationEmailTemplateAlreadyExists",
                {"TemplateName": "t"},
                "Custom verification email template <t> already exists",
            ),
            (
                "sesv2:CreateContactList",
                "AlreadyExistsException",
                {"ContactListName": "l"},
                UNKNOWN_TEXT,
            ),
            ("ses:SendEmail", "ConfigurationSetSendingPausedException", {}, UNKNOWN_TEXT),
            (
                "ses:SendEmail",
                "ConfigurationSetSendingPausedException",
                {"ConfigurationSetName": "s"},
                "Sending is paused for configuration set s",
            ),
            ("sesv2:SendEmail", "MessageRejected", {}, UNKNOWN_TEXT),
            ("sesv2:GetAccount", "AccessDenied", {}, UNKNOWN_TEXT),
        ],
    )
    def test_names_of_the_call(self, operation, code, params, text):
        """Texts contain the names from the call; otherwise a placeholder is used."""
        from pytest_ses import SESBackend
        from pytest_ses.wire import Fault

        backend = SESBackend()
        backend.fail(operation, code)
        with pytest.raises(Fault) as caught:
            backend._call(*operation.split(":"), params)
        assert text == caught.value.message

    def test_limit_of_jobs(self, backend, client):
        """A limit error can be planned without reaching the limit."""
        backend.fail("CreateImportJob", "LimitExceededException")
        sesv2 = client("sesv2")
        with pytest.raises(sesv2.exceptions.LimitExceededException):
            sesv2.create_import_job(
                ImportDestination={
                    "ContactListDestination": {
                        "ContactListName": "l",
                        "ContactListImportAction": "PUT",
                    }
                },
                ImportDataSource={"S3Url": "s3://b/k", "DataFormat": "CSV"},
            )


@pytest.mark.parametrize(
    ("operation", "params", "name"),
    [
        pytest.param(
            "CreateMultiRegionEndpoint",
            {"EndpointName": "both"},
            "both",
            marks=needs("sesv2", "CreateMultiRegionEndpoint"),
        ),
        pytest.param(
            "CreateTenant", {"TenantName": "acme"}, "acme", marks=needs("sesv2", "CreateTenant")
        ),
        ("CreateDedicatedIpPool", {"PoolName": "pool"}, "pool"),
        ("CreateContact", {"ContactListName": "l", "EmailAddress": "a@b.org"}, "a@b.org"),
    ],
)
def test_already_exists_names_the_resource(backend, client, operation, params, name):
    """A planned already-exists error names the resource that the call creates."""
    backend.fail(operation, "AlreadyExistsException")
    optional = {"CreateMultiRegionEndpoint": {"Details": {"RoutesDetails": [{"Region": "x"}]}}}
    call = getattr(client("sesv2"), operations_of.python_name(operation))
    _, _, message = error_of(call, **params, **optional.get(operation, {}))
    assert name in message


@needs("sesv2", "GetReputationEntity")
def test_missing_reputation_entity(backend, client):
    """A planned not-found error of a reputation entity names the reference of the call."""
    backend.not_found("GetReputationEntity", resource="reputation_entity")
    reference = "arn:aws:ses:us-east-1:123456789012:tenant/acme/tn-1"
    _, _, message = error_of(
        client("sesv2").get_reputation_entity,
        ReputationEntityReference=reference,
        ReputationEntityType="RESOURCE",
    )
    assert reference in message


def test_paused_entry(backend, bulk):
    """A planned pause of an entry has the text of a paused account."""
    backend.bulk_status("ACCOUNT_SENDING_PAUSED")
    (result,) = bulk.send(bulk.entry("ada@example.org"))
    assert "Sending paused for this account." in result["Error"]


@pytest.mark.parametrize(
    ("service", "code"), [("ses", "Throttling"), ("sesv2", "TooManyRequestsException")]
)
def test_throttling_by_its_code(backend, client, service, code):
    """A throttling error planned by its code has the text of the operation that it fails."""
    operation = {"ses": "get_send_quota", "sesv2": "get_account"}[service]
    backend.fail(operation, code)
    assert (code, "Rate exceeded") == error_of(getattr(client(service), operation))[::2]


def test_throttled_send_by_its_code(api, backend):
    """A throttling error of a send, planned by its code, has the text of the send rate."""
    code, status = THROTTLING[api.service]
    backend.fail("SendEmail", code)
    assert (code, status, RATE) == error_of(api.simple)


@pytest.mark.parametrize("code", ["InvalidParameterValue", "MalformedInput", "ValidationError"])
def test_common_errors_of_v1(backend, client, code):
    """An error that any operation of v1 can return has status 400 without being declared."""
    backend.fail("ses:GetSendQuota", code)
    assert (code, 400) == error_of(client("ses").get_send_quota)[:2]
