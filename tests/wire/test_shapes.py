"""Services and operations, and the checks of parameters and results."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from pytest_ses.wire import CODECS, Fault, adapted, service
from pytest_ses.wire.shapes import loader

SES = service("ses")
SESV2 = service("sesv2")
TIMESTAMP = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def test_a_service_is_described_by_its_model():
    """Protocol, version, namespace and operations are those of the model."""
    assert (SES.name, SES.protocol, SES.api_version) == ("ses", "query", "2010-12-01")
    assert (SESV2.name, SESV2.protocol, SESV2.namespace) == ("sesv2", "rest-json", "")
    assert SES.namespace == "http://ses.amazonaws.com/doc/2010-12-01/"
    assert SES.operations == frozenset(SES.model.operation_names)


def test_services_loaders_and_operations_are_shared():
    """The process shares one loader, one object per service and one per operation."""
    assert loader() is loader()
    assert service("ses") is SES
    assert SES.operation("SendEmail") is SES.operation("SendEmail")


def test_an_unknown_operation_is_a_key_error():
    """An operation that the service does not have is a KeyError."""
    with pytest.raises(KeyError, match="CreateTenant"):
        SES.operation("CreateTenant")


def test_declared_errors_are_found_by_code():
    """An error has the code of the model, or else the name of its shape, and a status."""
    errors = SES.operation("CreateConfigurationSet").errors
    assert errors["ConfigurationSetAlreadyExists"] == 400
    errors = SESV2.operation("CreateConfigurationSet").errors
    assert errors["NotFoundException"] == 404
    assert errors["TooManyRequestsException"] == 429


def test_a_fault_as_text():
    """A fault as text contains code, status and message."""
    assert str(Fault("Throttling", "Slow down.")) == "Throttling (400): Slow down."


@pytest.mark.parametrize(
    ("operation", "params", "text"),
    [
        (
            "SendEmail",
            {"Sorce": "a"},
            "SendEmail: unknown parameter 'Sorce'; did you mean 'Source'\\?",
        ),
        (
            "SendEmail",
            {"source": "a"},
            "SendEmail: unknown parameter 'source'; did you mean 'Source'",
        ),
        ("VerifyEmailIdentity", {"zzz": 1}, "unknown parameter 'zzz'; .* EmailAddress"),
        ("SendEmail", {"Source": None}, "SendEmail: Source=None is invalid; expected a str"),
        ("SendEmail", {"Source": 1}, "SendEmail: Source=1 is invalid; expected a str"),
        ("SendEmail", {"Destination": "a"}, "Destination='a' is invalid; expected a dict"),
        (
            "SendEmail",
            {"Destination": {"ToAddresses": "a"}},
            "Destination.ToAddresses='a' is invalid; expected a list",
        ),
        (
            "SendEmail",
            {"Destination": {"ToAddresses": [1]}},
            r"Destination.ToAddresses\[0\]=1 is invalid; expected a str",
        ),
        ("ListIdentities", {"MaxItems": True}, "MaxItems=True is invalid; expected an int"),
        ("ListIdentities", {"MaxItems": 1.0}, "MaxItems=1.0 is invalid; expected an int"),
        (
            "SendRawEmail",
            {"RawMessage": {"Data": "x"}},
            "RawMessage.Data='x' is invalid; expected bytes",
        ),
        (
            "CreateReceiptRule",
            {"Rule": {"Enabled": 1}},
            "Rule.Enabled=1 is invalid; expected a bool",
        ),
        (
            "SendBounce",
            {"MessageDsn": {"ArrivalDate": TIMESTAMP.replace(tzinfo=None)}},
            "MessageDsn.ArrivalDate=.* is invalid; expected a datetime with a time zone",
        ),
        ("GetSendQuota", {"x": 1}, "GetSendQuota: unknown parameter 'x'"),
    ],
)
def test_parameters_of_another_type_are_rejected(operation, params, text):
    """The error names path, value and type, or suggests the correct name."""
    with pytest.raises(TypeError, match=text):
        SES.operation(operation).check_types(params)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"Filter": []}, r"Filter=\[\] is invalid; expected a dict"),
        ({"Filter": {1: "a"}}, "Filter=1 is invalid; expected a str as the key of a dict"),
        ({"Filter": {"TYPE": 1}}, r"Filter\['TYPE'\]=1 is invalid; expected a str"),
    ],
)
def test_maps_of_another_type_are_rejected(params, text):
    """The path to a value contains its key."""
    with pytest.raises(TypeError, match=text):
        SESV2.operation("ListRecommendations").check_types(params)


def test_parameters_of_the_right_types_are_accepted():
    """Only types are checked: members may be missing, and a tuple is a list."""
    SES.operation("SendEmail").check_types({"Destination": {"ToAddresses": ("a",)}})
    SES.operation("SendRawEmail").check_types({"RawMessage": {"Data": b"x"}})
    SES.operation("SendBounce").check_types({"MessageDsn": {"ArrivalDate": TIMESTAMP}})
    SES.operation("GetSendQuota").check_types({})


def rendered(owner, operation, result):
    """A result as written by the codec of its service."""
    return CODECS[owner.protocol].render(owner.operation(operation), result, "id-1")


@pytest.mark.parametrize(
    ("owner", "operation", "result", "text"),
    [
        (
            SES,
            "SendEmail",
            {},
            "result of SendEmail: required member 'MessageId' is missing",
        ),
        (SES, "SendEmail", {"MessageId": None}, "'MessageId' is missing"),
        (SES, "SendEmail", {"MessageId": 1}, "MessageId=1 is invalid; expected a str"),
        (SES, "SendEmail", [], "the result of SendEmail: \\[\\] is invalid; expected a dict"),
        (SES, "ListIdentities", {"Identities": "a"}, "Identities='a' is invalid; expected a list"),
        (
            SES,
            "GetSendQuota",
            {"SentLast24Hours": "1"},
            "SentLast24Hours='1' is invalid; expected a number",
        ),
        (
            SES,
            "GetAccountSendingEnabled",
            {"Enabled": "x"},
            "Enabled='x' is invalid; expected a bool",
        ),
        (
            SES,
            "GetSendStatistics",
            {"SendDataPoints": [{"Bounces": "1"}]},
            "Bounces='1' is invalid",
        ),
        (
            SES,
            "GetSendStatistics",
            {"SendDataPoints": [{"Timestamp": 1}]},
            "Timestamp=1 is invalid",
        ),
        (
            SES,
            "GetIdentityPolicies",
            {"Policies": ["a"]},
            r"Policies=\['a'\] is invalid; expected a dict",
        ),
        (SESV2, "SendEmail", {"MessageId": 1}, "MessageId=1 is invalid; expected a str"),
        (SESV2, "SendBulkEmail", {}, "'BulkEmailEntryResults' is missing"),
        (SESV2, "SendBulkEmail", {"BulkEmailEntryResults": {}}, "expected a list"),
        (
            SESV2,
            "GetEmailTemplate",
            {"TemplateName": "t", "TemplateContent": None},
            "'TemplateContent' is missing",
        ),
        (
            SESV2,
            "GetAccount",
            {"SendQuota": {"SentLast24Hours": "1"}},
            "SendQuota.SentLast24Hours='1' is invalid",
        ),
        (
            SESV2,
            "GetAccount",
            {"SendingEnabled": 1},
            "SendingEnabled=1 is invalid; expected a bool",
        ),
        (
            SESV2,
            "GetContactList",
            {"CreatedTimestamp": TIMESTAMP.replace(tzinfo=None)},
            "expected a datetime with a time zone",
        ),
    ],
)
def test_a_result_that_the_model_does_not_allow_is_rejected(owner, operation, result, text):
    """A missing or invalid member of a result is a TypeError that names it."""
    with pytest.raises(TypeError, match=text):
        rendered(owner, operation, result)


@pytest.mark.parametrize(
    ("owner", "operation", "result", "newer"),
    [
        (SES, "SendEmail", {"MessageId": "1"}, {"MessageId": "1", "Newer": "n"}),
        (SES, "DeleteVerifiedEmailAddress", {}, {"Newer": "n"}),
        (
            SES,
            "GetSendStatistics",
            {"SendDataPoints": [{"Bounces": 1}]},
            {"SendDataPoints": ({"Bounces": 1, "Newer": {}},)},
        ),
        (
            SES,
            "GetIdentityDkimAttributes",
            {"DkimAttributes": {"a": {"DkimEnabled": True, "DkimVerificationStatus": "Failed"}}},
            {
                "DkimAttributes": {
                    "a": {"DkimEnabled": True, "DkimVerificationStatus": "Failed", "Newer": 1}
                }
            },
        ),
        (SESV2, "SendEmail", {"MessageId": "1"}, {"MessageId": "1", "Newer": [1]}),
        (SESV2, "GetAccount", {"SendQuota": {}}, {"SendQuota": {"Newer": 1}}),
    ],
)
def test_members_that_the_model_does_not_have_are_omitted(owner, operation, result, newer):
    """A member that only a newer botocore knows is omitted, at any depth."""
    assert rendered(owner, operation, result) == rendered(owner, operation, newer)


def test_infinity_is_rejected():
    """Infinity is a float, but not valid JSON."""
    with pytest.raises(ValueError, match="JSON"):
        rendered(SESV2, "GetAccount", {"SendQuota": {"Max24HourSend": float("inf")}})


def test_none_is_omitted():
    """A member that is None is omitted, in both protocols."""
    body = rendered(SES, "ListIdentities", {"Identities": [], "NextToken": None}).body
    assert b"NextToken" not in body
    body = rendered(SESV2, "SendEmail", {"MessageId": None}).body
    assert body == b"{}"


def test_a_required_member_can_be_declared_optional():
    """A result may omit a required member that is declared optional."""
    lenient = service("ses", optional=frozenset({("SendEmailResponse", "MessageId")}))
    assert b"<SendEmailResult></SendEmailResult>" in rendered(lenient, "SendEmail", {}).body
    with pytest.raises(TypeError, match="'MessageId' is missing"):
        rendered(SES, "SendEmail", {})


@pytest.mark.parametrize(
    "pair", [("Nope", "MessageId"), ("SendEmailResponse", "Nope"), ("Address", "x")]
)
def test_an_optional_member_that_the_model_does_not_have(pair):
    """A structure or a member that only a newer botocore has is ignored."""
    lenient = service("ses", optional=frozenset({pair}))
    with pytest.raises(TypeError, match="'MessageId' is missing"):
        rendered(lenient, "SendEmail", {})


def test_enum_values_are_listed_in_the_given_order():
    """A violation lists the values in the given order of the service, without unknown ones."""
    statuses = ("OPT_OUT", "GONE", "OPT_IN")
    ordered = service("sesv2", ordered=frozenset({("SubscriptionStatus", statuses)}))
    params = {"ContactListName": "l", "Filter": {"FilteredStatus": "MAYBE"}}
    for model, expected in ((ordered, "[OPT_OUT, OPT_IN]"), (SESV2, "[OPT_IN, OPT_OUT]")):
        assert model.operation("ListContacts").violations(params).endswith(f"value set: {expected}")


def test_other_enum_values_are_listed_last():
    """A value that is not in the given order, such as that of a newer model, is listed last."""
    ordered = service("sesv2", ordered=frozenset({("SubscriptionStatus", ("OPT_OUT",))}))
    params = {"ContactListName": "l", "Filter": {"FilteredStatus": "MAYBE"}}
    assert "[OPT_OUT, OPT_IN]" in ordered.operation("ListContacts").violations(params)


@pytest.mark.parametrize("name", ["Nope", "ContactListName", "Contact"])
def test_an_order_for_an_enum_that_the_model_does_not_have(name):
    """The order of an enum that only a newer botocore has is ignored."""
    ordered = service("sesv2", ordered=frozenset({(name, ("a",))}))
    assert ordered.operation("GetContactList").violations({"ContactListName": "l"}) is None


def test_an_adapted_operation():
    """An adapted operation requires the members it has, and has the errors and result of the original."""
    pigeons = adapted(
        "ses",
        name="pigeons",
        protocol="feather",
        operation="SendPigeon",
        original="SendEmail",
        members=frozenset({"Source", "Message"}),
    )
    assert ("pigeons", "feather", {"SendPigeon"}) == (
        pigeons.name,
        pigeons.protocol,
        pigeons.operations,
    )
    operation, original = pigeons.operation("SendPigeon"), SES.operation("SendEmail")
    assert (original.errors, original.output.name) == (operation.errors, operation.output.name)
    with pytest.raises(TypeError, match="Destination"):
        operation.check_types({"Destination": {}})
    assert "2 validation errors detected" in operation.violations({})
    assert "destination" in original.violations({})
