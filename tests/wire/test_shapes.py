"""What is known of a service and its operations?"""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from pytest_ses.wire import CODECS, Fault, service
from pytest_ses.wire.shapes import loader

SES = service("ses")
SESV2 = service("sesv2")
MOMENT = datetime(2026, 11, 20, 12, tzinfo=timezone.utc)


def test_a_service_tells_what_its_model_says():
    """Protocol, version, namespace and operations are the model's."""
    assert (SES.name, SES.protocol, SES.api_version) == ("ses", "query", "2010-12-01")
    assert (SESV2.name, SESV2.protocol, SESV2.namespace) == ("sesv2", "rest-json", "")
    assert SES.namespace == "http://ses.amazonaws.com/doc/2010-12-01/"
    assert SES.operations == frozenset(SES.model.operation_names)


def test_services_loaders_and_operations_are_made_once():
    """The process shares one loader, one service of a name, one operation of it."""
    assert loader() is loader()
    assert service("ses") is SES
    assert SES.operation("SendEmail") is SES.operation("SendEmail")


def test_an_unknown_operation_is_a_key_error():
    """A service has no operations but its own."""
    with pytest.raises(KeyError, match="CreateTenant"):
        SES.operation("CreateTenant")


def test_the_declared_errors_are_known_by_their_code_on_the_wire():
    """The code is the model's, or else the name of the shape, and comes with its status."""
    errors = SES.operation("CreateConfigurationSet").errors
    assert errors["ConfigurationSetAlreadyExists"] == 400
    errors = SESV2.operation("CreateConfigurationSet").errors
    assert errors["NotFoundException"] == 404
    assert errors["TooManyRequestsException"] == 429


def test_a_fault_says_what_it_is():
    """The text of a fault as an exception holds code, status and message."""
    assert str(Fault("Throttling", "Slow down.")) == "Throttling (400): Slow down."


@pytest.mark.parametrize(
    ("operation", "params", "text"),
    [
        (
            "SendEmail",
            {"Sorce": "a"},
            "SendEmail: Sorce is unknown, did you mean ReturnPath|SourceArn|Source",
        ),
        ("SendEmail", {"source": "a"}, "SendEmail: source is unknown, did you mean Source\\?"),
        ("VerifyEmailIdentity", {"zzz": 1}, "zzz is unknown, known are EmailAddress"),
        ("SendEmail", {"Source": None}, "SendEmail: Source is None, expected a str"),
        ("SendEmail", {"Source": 1}, "SendEmail: Source is 1, expected a str"),
        ("SendEmail", {"Destination": "a"}, "Destination is 'a', expected a dict"),
        (
            "SendEmail",
            {"Destination": {"ToAddresses": "a"}},
            "Destination.ToAddresses is 'a', expected a list",
        ),
        (
            "SendEmail",
            {"Destination": {"ToAddresses": [1]}},
            r"Destination.ToAddresses\[0\] is 1, expected a str",
        ),
        ("ListIdentities", {"MaxItems": True}, "MaxItems is True, expected an int"),
        ("ListIdentities", {"MaxItems": 1.0}, "MaxItems is 1.0, expected an int"),
        ("SendRawEmail", {"RawMessage": {"Data": "x"}}, "RawMessage.Data is 'x', expected bytes"),
        ("CreateReceiptRule", {"Rule": {"Enabled": 1}}, "Rule.Enabled is 1, expected a bool"),
        (
            "SendBounce",
            {"MessageDsn": {"ArrivalDate": MOMENT.replace(tzinfo=None)}},
            "MessageDsn.ArrivalDate is .*, expected a datetime with a time zone",
        ),
        ("GetSendQuota", {"x": 1}, "GetSendQuota takes no members, got x"),
    ],
)
def test_parameters_of_another_type_are_refused(operation, params, text):
    """Path, value and type, or the closest right name, are named."""
    with pytest.raises(TypeError, match=text):
        SES.operation(operation).check_types(params)


@pytest.mark.parametrize(
    ("params", "text"),
    [
        ({"Filter": []}, r"Filter is \[\], expected a dict"),
        ({"Filter": {1: "a"}}, "Filter is 1, expected a dict with keys that are str"),
        ({"Filter": {"TYPE": 1}}, r"Filter\['TYPE'\] is 1, expected a str"),
    ],
)
def test_maps_of_another_type_are_refused(params, text):
    """The key is part of the path to a value."""
    with pytest.raises(TypeError, match=text):
        SESV2.operation("ListRecommendations").check_types(params)


def test_parameters_of_the_right_types_are_accepted():
    """Types alone are checked: members may be missing, and a tuple is a list."""
    SES.operation("SendEmail").check_types({"Destination": {"ToAddresses": ("a",)}})
    SES.operation("SendRawEmail").check_types({"RawMessage": {"Data": b"x"}})
    SES.operation("SendBounce").check_types({"MessageDsn": {"ArrivalDate": MOMENT}})
    SES.operation("GetSendQuota").check_types({})


def rendered(owner, operation, result):
    """A result as the codec of its service writes it."""
    return CODECS[owner.protocol].render(owner.operation(operation), result, "id-1")


@pytest.mark.parametrize(
    ("owner", "operation", "result", "text"),
    [
        (
            SES,
            "SendEmail",
            {"MessageID": "1"},
            "result of SendEmail: MessageID is unknown, .* MessageId",
        ),
        (
            SES,
            "SendEmail",
            {},
            "result of SendEmail: MessageId is missing, and the model requires it",
        ),
        (SES, "SendEmail", {"MessageId": None}, "MessageId is missing"),
        (SES, "SendEmail", {"MessageId": 1}, "MessageId is 1, expected a str"),
        (SES, "SendEmail", [], "is \\[\\], expected a dict"),
        (SES, "ListIdentities", {"Identities": "a"}, "Identities is 'a', expected a list"),
        (
            SES,
            "GetSendQuota",
            {"SentLast24Hours": "1"},
            "SentLast24Hours is '1', expected a number",
        ),
        (SES, "GetAccountSendingEnabled", {"Enabled": "x"}, "Enabled is 'x', expected a bool"),
        (SES, "GetSendStatistics", {"SendDataPoints": [{"Bounces": "1"}]}, "Bounces is '1'"),
        (SES, "GetSendStatistics", {"SendDataPoints": [{"Timestamp": 1}]}, "Timestamp is 1"),
        (SES, "GetIdentityPolicies", {"Policies": ["a"]}, r"Policies is \['a'\], expected a dict"),
        (SES, "DeleteVerifiedEmailAddress", {"a": 1}, "takes no members, got a"),
        (
            SESV2,
            "SendEmail",
            {"MessageID": "1"},
            "result of SendEmail: MessageID is unknown, .* MessageId",
        ),
        (SESV2, "SendEmail", {"MessageId": 1}, "MessageId is 1, expected a str"),
        (SESV2, "SendBulkEmail", {}, "BulkEmailEntryResults is missing"),
        (SESV2, "SendBulkEmail", {"BulkEmailEntryResults": {}}, "expected a list"),
        (
            SESV2,
            "GetEmailTemplate",
            {"TemplateName": "t", "TemplateContent": None},
            "TemplateContent is missing",
        ),
        (
            SESV2,
            "GetAccount",
            {"SendQuota": {"SentLast24Hours": "1"}},
            "SendQuota.SentLast24Hours is '1'",
        ),
        (SESV2, "GetAccount", {"SendingEnabled": 1}, "SendingEnabled is 1, expected a bool"),
        (
            SESV2,
            "GetContactList",
            {"CreatedTimestamp": MOMENT.replace(tzinfo=None)},
            "expected a datetime with a time zone",
        ),
    ],
)
def test_a_result_that_the_model_does_not_allow_is_refused(owner, operation, result, text):
    """An unknown, missing or wrong member of a result is named, and nothing is answered."""
    with pytest.raises(TypeError, match=text):
        rendered(owner, operation, result)


def test_a_number_that_json_has_not_is_refused():
    """Infinity is a float, but no JSON."""
    with pytest.raises(ValueError, match="JSON"):
        rendered(SESV2, "GetAccount", {"SendQuota": {"Max24HourSend": float("inf")}})


def test_members_of_a_result_that_are_none_are_absent():
    """None is as good as no member, in both protocols."""
    body = rendered(SES, "ListIdentities", {"Identities": [], "NextToken": None}).body
    assert b"NextToken" not in body
    body = rendered(SESV2, "SendEmail", {"MessageId": None}).body
    assert body == b"{}"


def test_a_member_may_be_optional_whatever_the_model_says():
    """What the service leaves out, though its model requires it, a result need not have."""
    loose = service("ses", optional=frozenset({("SendEmailResponse", "MessageId")}))
    assert b"<SendEmailResult></SendEmailResult>" in rendered(loose, "SendEmail", {}).body
    with pytest.raises(TypeError, match="MessageId is missing"):
        rendered(SES, "SendEmail", {})


@pytest.mark.parametrize(
    "pair", [("Nope", "MessageId"), ("SendEmailResponse", "Nope"), ("Address", "x")]
)
def test_an_optional_member_must_exist(pair):
    """A structure or a member that the model has not is a mistake, and is named."""
    with pytest.raises(ValueError, match=f"no structure {pair[0]} has a member {pair[1]}"):
        service("ses", optional=frozenset({pair}))


def test_values_are_named_in_the_order_of_the_service():
    """The text of a violation has the values as the service names them, then any others."""
    statuses = ("OPT_OUT", "GONE", "OPT_IN")
    ordered = service("sesv2", ordered=frozenset({("SubscriptionStatus", statuses)}))
    params = {"ContactListName": "l", "Filter": {"FilteredStatus": "MAYBE"}}
    for model, expected in ((ordered, "[OPT_OUT, OPT_IN]"), (SESV2, "[OPT_IN, OPT_OUT]")):
        assert model.operation("ListContacts").violations(params).endswith(f"value set: {expected}")


def test_values_that_the_service_is_not_said_to_name_follow():
    """A value that a newer model brings is allowed, and named last."""
    ordered = service("sesv2", ordered=frozenset({("SubscriptionStatus", ("OPT_OUT",))}))
    params = {"ContactListName": "l", "Filter": {"FilteredStatus": "MAYBE"}}
    assert "[OPT_OUT, OPT_IN]" in ordered.operation("ListContacts").violations(params)


@pytest.mark.parametrize("name", ["Nope", "ContactListName", "Contact"])
def test_a_string_whose_values_are_ordered_must_have_some(name):
    """A string that the model has not, or without values of its own, is a mistake, and is named."""
    with pytest.raises(ValueError, match=f"no string {name} has values of its own"):
        service("sesv2", ordered=frozenset({(name, ("a",))}))
