"""The Query protocol with requests and results that botocore does not produce."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from datetime import datetime, timezone
from urllib.parse import urlencode

import pytest
from hypothesis import given, strategies as st

from pytest_ses.wire import Fault, Request, query, service

SES = service("ses")
VERSION = SES.api_version
FAULT_NAMESPACE = "http://webservices.amazon.com/AWSFault/2005-15-09"
BULK = "Destinations.member"


def post(body):
    """A POST request with a form as its body."""
    return Request("POST", "https://email.us-east-1.amazonaws.com/", {}, body)


def form(operation, **fields):
    """The form of an operation; underscores in names stand for dots."""
    keys = {key.replace("_", "."): value for key, value in fields.items()}
    return post(urlencode({"Action": operation, "Version": VERSION, **keys}).encode())


def outcome(request):
    """The operation and parameters of a request, or the fault that it raises."""
    try:
        return query.parse(SES, request)
    except Fault as fault:
        return fault


def fault_of(request):
    """The fault that a request raises."""
    with pytest.raises(Fault) as caught:
        query.parse(SES, request)
    return caught.value


def test_a_query_string_serves_as_a_form():
    """A GET request has the form in its query string; its fragment is ignored."""
    url = f"https://email.us-east-1.amazonaws.com/?Action=GetTemplate&TemplateName=a+%2B&Version={VERSION}#x"
    assert query.parse(SES, Request("GET", url, {}, b"")) == (
        "GetTemplate",
        {"TemplateName": "a +"},
    )


def test_unknown_keys_are_ignored():
    """Keys that are not in the model are ignored, at the top level and below."""
    request = form("GetTemplate", TemplateName="t", AWSAccessKeyId="AKID", Nope_member_x="1")
    assert query.parse(SES, request) == ("GetTemplate", {"TemplateName": "t"})
    request = form("SendEmail", Destination_Nope="x")
    assert query.parse(SES, request) == ("SendEmail", {"Destination": {}})


def test_an_operation_without_input_takes_no_parameters():
    """Fields of an operation without input are ignored."""
    assert query.parse(SES, form("GetSendQuota", Source="x")) == ("GetSendQuota", {})


def test_a_repeated_key_counts_once():
    """The last value of a repeated key is used."""
    body = f"Action=GetTemplate&Version={VERSION}&TemplateName=a&TemplateName=b".encode()
    assert query.parse(SES, post(body)) == ("GetTemplate", {"TemplateName": "b"})


def test_list_members_are_ordered_by_number():
    """Members are in the order of their numbers, not of their text or position."""
    fields = {f"Destination_ToAddresses_member_{n}": f"to{n}" for n in (10, 9, 2)}
    _, params = query.parse(SES, form("SendEmail", **fields))
    assert params == {"Destination": {"ToAddresses": ["to2", "to9", "to10"]}}


@pytest.mark.parametrize("key", ["ToAddresses", "ToAddresses_member", "ToAddresses_1"])
def test_a_list_may_be_empty(key):
    """A list whose key has an empty value, or no numbered member, is empty."""
    _, params = query.parse(SES, form("SendEmail", **{f"Destination_{key}": ""}))
    assert params == {"Destination": {"ToAddresses": []}}


def test_scalars_are_parsed():
    """Scalar types are parsed in all the spellings that clients use."""
    rule = {"Enabled": "TRUE", "ScanEnabled": "false", "Name": ""}
    _, params = query.parse(
        SES, form("CreateReceiptRule", **{f"Rule_{k}": v for k, v in rule.items()})
    )
    assert params == {"Rule": {"Enabled": True, "ScanEnabled": False, "Name": ""}}
    assert query.parse(SES, form("ListIdentities", MaxItems="+7"))[1] == {"MaxItems": 7}
    assert query.parse(SES, form("SendRawEmail", RawMessage_Data="aGk="))[1] == {
        "RawMessage": {"Data": b"hi"}
    }


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2026-11-20T12:00:00Z", datetime(2026, 11, 20, 12, tzinfo=timezone.utc)),
        ("2026-11-20T13:00:00.5+01:00", datetime(2026, 11, 20, 12, 0, 0, 500000, timezone.utc)),
        ("2026-11-20T12:00:00.123456789Z", datetime(2026, 11, 20, 12, 0, 0, 123456, timezone.utc)),
    ],
)
def test_timestamps_are_converted_to_utc(text, expected):
    """A timestamp may have a fraction and an offset, and is converted to UTC."""
    _, params = query.parse(SES, form("SendBounce", MessageDsn_ArrivalDate=text))
    assert params == {"MessageDsn": {"ArrivalDate": expected}}


def test_without_a_version():
    """A request without a version is of the only one; an empty version is unknown."""
    name, params = query.parse(SES, post(urlencode({"Action": "GetSendQuota"}).encode()))
    assert ("GetSendQuota", {}) == (name, params)


@pytest.mark.parametrize(
    ("action", "version", "text"),
    [
        ("Nope", VERSION, f"Could not find operation Nope for version {VERSION}"),
        (
            "GetSendQuota",
            "2009-10-16",
            "Could not find operation GetSendQuota for version 2009-10-16",
        ),
        (
            "GetSendQuota",
            "",
            "Could not find operation GetSendQuota for version NO_VERSION_SPECIFIED",
        ),
    ],
)
def test_an_unknown_operation_or_version_is_an_invalid_action(action, version, text):
    """An operation that the version does not have is an error with its own XML namespace."""
    fault = fault_of(post(urlencode({"Action": action, "Version": version}).encode()))
    assert (fault.code, fault.status, fault.message) == ("InvalidAction", 400, text)
    assert (fault.operation, fault.params) == (None, {})
    document = ET.fromstring(query.render_error(SES, fault, "id-1").body)
    assert document.tag == f"{{{FAULT_NAMESPACE}}}ErrorResponse"
    assert document.findtext(f".//{{{FAULT_NAMESPACE}}}Message") == text


@pytest.mark.parametrize("body", [b"", b"Version=x", b"Action=", b"Action.x=1", b'{"Action": 1}'])
def test_a_form_without_an_action_is_rejected(body):
    """A form that names no operation is rejected, whatever else it contains."""
    fault = fault_of(post(body))
    assert (fault.code, fault.status, fault.message) == ("MissingAction", 400, None)


@pytest.mark.parametrize(
    ("operation", "key", "value"),
    [
        ("ListIdentities", "MaxItems", "ten"),
        ("ListIdentities", "MaxItems", "1.5"),
        ("ListIdentities", "MaxItems", "1_0"),
        ("ListIdentities", "MaxItems", "\u0661"),
        ("ListIdentities", "MaxItems", "2147483648"),
        ("ListIdentities", "MaxItems", "9" * 5000),
        ("ListIdentities", "MaxItems_x", "1"),
        ("CreateReceiptRule", "Rule_Enabled", "yes"),
        ("CreateReceiptRule", "Rule_Enabled", ""),
        ("CreateReceiptRule", "Rule_Enabled_x", "true"),
        ("SendBounce", "MessageDsn_ArrivalDate", ""),
        ("SendBounce", "MessageDsn_ArrivalDate", "1700000000"),
        ("SendBounce", "MessageDsn_ArrivalDate", "2026-11-20T12:00:00"),
        ("SendBounce", "MessageDsn_ArrivalDate", "2026-02-30T00:00:00Z"),
        ("SendBounce", "MessageDsn_ArrivalDate", "0001-01-01T00:00:00+23:00"),
        ("SendBounce", "MessageDsn_ArrivalDate_x", "1"),
        ("SendRawEmail", "RawMessage_Data", "a"),
        ("SendRawEmail", "RawMessage_Data", "aGk=\u00e9"),
        ("SendRawEmail", "RawMessage_Data_x", "aGk="),
        ("SendRawEmail", "RawMessage", "aGk="),
        ("SendEmail", "Destination", "a@example.com"),
        ("SendEmail", "Destination", ""),
        ("SendEmail", "Source_x", "a@example.com"),
        ("SendEmail", "ReplyToAddresses", "a@example.com"),
        ("SendEmail", "ReplyToAddresses_member", "a@example.com"),
        ("SendEmail", "ReplyToAddresses_member_0", "a@example.com"),
        ("SendEmail", "ReplyToAddresses_member_x", "a@example.com"),
        ("SendEmail", "ReplyToAddresses_member_\u0661", "a@example.com"),
        ("SendEmail", "ReplyToAddresses_member_1_x", "a@example.com"),
    ],
)
def test_a_value_of_another_type_is_malformed(operation, key, value):
    """A value that is invalid for the type of its member is rejected without a message."""
    fault = fault_of(form(operation, **{key: value}))
    assert (fault.code, fault.status, fault.message) == ("MalformedInput", 400, None)
    assert fault.operation == operation


def test_an_empty_number_is_malformed_with_a_message():
    """An empty number is the only malformed input that has a message."""
    fault = fault_of(form("ListIdentities", IdentityType="Domain", MaxItems=""))
    assert (fault.code, fault.message) == ("MalformedInput", "missing value for decimal type")
    assert (fault.operation, fault.params) == ("ListIdentities", {"IdentityType": "Domain"})


@pytest.mark.parametrize(
    "fields", ["Destination=a&Destination.x=b", "Destination.x=b&Destination=a"]
)
def test_a_key_cannot_be_a_value_and_a_prefix(fields):
    """A key that has a value and is the prefix of another key is malformed."""
    fault = fault_of(post(f"Action=SendEmail&Version={VERSION}&{fields}".encode()))
    assert (fault.code, fault.operation) == ("MalformedInput", "SendEmail")


@pytest.mark.parametrize("value", [b"%zz", b"%", b"%e", b"%ff", b"\xff", b"%ED%A0%80"])
def test_broken_escapes_and_broken_utf_8_are_malformed(value):
    """A body that cannot be decoded is malformed."""
    fault = fault_of(post(b"Action=GetTemplate&TemplateName=" + value))
    assert (fault.code, fault.message, fault.operation) == ("MalformedInput", None, None)


def test_a_lone_surrogate_in_a_url_is_malformed():
    """A lone surrogate in a URL is rejected, so that it cannot fail to encode later."""
    fault = fault_of(Request("GET", "/?Action=\ud800", {}, b""))
    assert fault.code == "MalformedInput"


def test_the_response_is_as_the_service_writes_it():
    """Root, wrapper, metadata, namespace and headers are those of the service."""
    response = query.render(SES.operation("SendEmail"), {"MessageId": "0<1"}, "id-1")
    expected = (
        f'<SendEmailResponse xmlns="{SES.namespace}"><SendEmailResult><MessageId>0&lt;1</MessageId>'
        "</SendEmailResult><ResponseMetadata><RequestId>id-1</RequestId></ResponseMetadata>"
        "</SendEmailResponse>"
    )
    assert expected == response.body.decode()
    assert response.headers == {"x-amzn-RequestId": "id-1", "Content-Type": "text/xml"}


def test_an_operation_without_output_returns_only_metadata():
    """The response of an operation without output has no result element."""
    body = query.render(SES.operation("DeleteVerifiedEmailAddress"), {}, "id-1").body
    expected = (
        f'<DeleteVerifiedEmailAddressResponse xmlns="{SES.namespace}"><ResponseMetadata>'
        "<RequestId>id-1</RequestId></ResponseMetadata></DeleteVerifiedEmailAddressResponse>"
    )
    assert expected == body.decode()


def test_characters_that_xml_forbids_are_replaced():
    """A carriage return is escaped, and a character that XML forbids becomes U+FFFD."""
    result = {"TemplateContent": "a\r\n\t&\x00\x1b\ud800\uffff\U0001f600"}
    result = {"Template": {"TemplateName": result["TemplateContent"]}}
    body = query.render(SES.operation("GetTemplate"), result, "id-1").body.decode()
    assert "<TemplateName>a&#xD;\n\t&amp;\ufffd\ufffd\ufffd\ufffd\U0001f600</TemplateName>" in body


def test_a_timestamp_is_written_with_milliseconds_in_utc():
    """A timestamp of any time zone is written in UTC, truncated to milliseconds."""
    timestamp = datetime.fromisoformat("2026-11-20T13:00:00.123999+01:00")
    result = {"TemplatesMetadata": [{"Name": "t", "CreatedTimestamp": timestamp}]}
    body = query.render(SES.operation("ListTemplates"), result, "id-1").body
    assert b"<CreatedTimestamp>2026-11-20T12:00:00.123Z</CreatedTimestamp>" in body


@pytest.mark.parametrize(
    ("status", "kind"), [(400, "Sender"), (499, "Sender"), (500, "Receiver"), (503, "Receiver")]
)
def test_the_type_of_an_error_depends_on_its_status(status, kind):
    """The type of an error depends on its status, and its message is escaped."""
    response = query.render_error(SES, Fault("Code", "set <x>", status), "id-1")
    expected = (
        f'<ErrorResponse xmlns="{SES.namespace}"><Error><Type>{kind}</Type><Code>Code</Code>'
        "<Message>set &lt;x&gt;</Message></Error><RequestId>id-1</RequestId></ErrorResponse>"
    )
    assert (status, expected) == (response.status, response.body.decode())


def test_an_error_without_a_message():
    """An error without a message has no Message element."""
    assert b"<Message>" not in query.render_error(SES, Fault("MalformedInput"), "id-1").body


@given(st.binary())
def test_any_body_is_parsed_or_rejected(body):
    """Any body is parsed or raises a fault, and nothing else."""
    for request in (post(body), post(f"Action=SendEmail&Version={VERSION}&".encode() + body)):
        result = outcome(request)
        assert isinstance(result, tuple) or query.render_error(SES, result, "id-1").status == 400


PARTS = [
    "Source",
    "Destination",
    "Destinations",
    "member",
    "ToAddresses",
    "Data",
    "1",
    "2",
    "",
    "x",
]
KEYS = st.lists(st.sampled_from(PARTS), min_size=1, max_size=6).map(".".join)


@given(
    st.sampled_from(sorted(SES.operations)),
    st.lists(st.tuples(KEYS, st.text(st.characters(exclude_categories=["Cs"]), max_size=3))),
)
def test_any_form_is_parsed_or_rejected(operation, pairs):
    """Any form gives parameters of the model's types or raises a fault."""
    fields = [("Action", operation), ("Version", VERSION), *pairs]
    result = outcome(post(urlencode(fields).encode()))
    if isinstance(result, Fault):
        assert (operation, "MalformedInput") == (result.operation, result.code)
    else:
        assert operation == result[0]
        SES.operation(operation).check_types(result[1])


@given(st.text())
def test_any_url_is_rejected(url):
    """A GET request for any URL raises a fault and nothing else."""
    with pytest.raises(Fault):
        query.parse(SES, Request("GET", url, {}, b""))
