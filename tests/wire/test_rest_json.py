"""The REST-JSON protocol with requests and results that botocore does not produce."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from botocore_models import needs
from hypothesis import given, strategies as st

from pytest_ses.wire import Fault, Request, rest_json, service

SESV2 = service("sesv2")
SEND = "/v2/email/outbound-emails"


def request(method, url, body=b""):
    """A request with a body of bytes, or of any other value encoded as JSON."""
    return Request(method, url, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


def parsed(method, url, body=b""):
    """The parameters of a request."""
    return rest_json.parse(SESV2, request(method, url, body))[1]


def outcome(sent):
    """The operation and parameters of a request, or the fault that it raises."""
    try:
        return rest_json.parse(SESV2, sent)
    except Fault as fault:
        return fault


def fault_of(method, url, body=b""):
    """The fault that a request raises."""
    with pytest.raises(Fault) as caught:
        rest_json.parse(SESV2, request(method, url, body))
    return caught.value


def serialization_message(fault):
    """The message of a fault, which must be a SerializationException."""
    assert (fault.code, fault.status) == ("SerializationException", 400)
    return fault.message


@pytest.mark.parametrize(
    ("method", "path", "operation", "params"),
    [
        ("get", "/v2/email/account", "GetAccount", {}),
        ("GET", "/v2/email/templates/a%2Fb%20+c", "GetEmailTemplate", {"TemplateName": "a/b +c"}),
        ("GET", "/v2/email/templates/%C3%A9", "GetEmailTemplate", {"TemplateName": "\u00e9"}),
        ("GET", "/v2/email/templates/\u00e9", "GetEmailTemplate", {"TemplateName": "\u00e9"}),
        ("GET", "/v2/email/identities/a@b.c", "GetEmailIdentity", {"EmailIdentity": "a@b.c"}),
        ("GET", "/v2/email/dedicated-ips/1.2.3.4", "GetDedicatedIp", {"Ip": "1.2.3.4"}),
        ("GET", "/v2/email/insights/m-1/", "GetMessageInsights", {"MessageId": "m-1"}),
        ("GET", "/v2/email/insights/m-1", "GetMessageInsights", {"MessageId": "m-1"}),
        pytest.param(
            "POST",
            "/v2/email/email-address-insights",
            "GetEmailAddressInsights",
            {},
            marks=needs("sesv2", "GetEmailAddressInsights"),
        ),
        pytest.param(
            "POST", "/v2/email/tenants/get", "GetTenant", {}, marks=needs("sesv2", "GetTenant")
        ),
    ],
)
def test_method_and_path_select_the_operation(method, path, operation, params):
    """Method and path select an operation; labels are unescaped, and a plus is kept."""
    for host in ("", "https://email.us-east-1.amazonaws.com"):
        assert rest_json.parse(SESV2, request(method, host + path)) == (operation, params)


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/"),
        ("GET", ""),
        ("GET", "/v2/email/nope"),
        ("GET", "/v2/email/templates/"),
        ("POST", "/v2/email/identities//policies/p"),
        ("GET", "/v2/email/templates/a/b"),
        ("PATCH", "/v2/email/account"),
        ("PATCH", "/v2/email/templates/a"),
        ("GET", "/V2/email/account"),
    ],
)
def test_any_other_path_is_an_unknown_operation(method, path):
    """A path that no operation has, or with an empty label, is an unknown operation."""
    fault = fault_of(method, path)
    assert ("UnknownOperationException", 404, None) == (fault.code, fault.status, fault.message)
    assert (None, {}) == (fault.operation, fault.params)


def test_query_string_members_are_parsed_by_type():
    """Query members are parsed by type, repeated ones as a list; unknown ones are ignored."""
    url = (
        "/v2/email/suppression/addresses?Reason=BOUNCE&Reason=COMPLAINT&PageSize=7&Nope=1"
        "&NextToken=a+b%2B&StartDate=2026-11-20T12:00:00Z"
    )
    expected = {
        "Reasons": ["BOUNCE", "COMPLAINT"],
        "PageSize": 7,
        "NextToken": "a b+",
        "StartDate": datetime(2026, 11, 20, 12, tzinfo=timezone.utc),
    }
    assert expected == parsed("GET", url)


@pytest.mark.parametrize("text", ["abc", "", "1.5", "2147483648"])
def test_an_invalid_integer_in_a_query_string_is_quoted(text):
    """A page size that is not an integer is quoted in the message of the fault."""
    fault = fault_of("GET", f"/v2/email/templates?PageSize={text}")
    assert serialization_message(fault) == f"'{text}' can not be converted to Integer"
    assert fault.operation == "ListEmailTemplates"


@pytest.mark.parametrize(
    "url",
    [
        "/v2/email/templates/%zz",
        "/v2/email/templates/%ff",
        "/v2/email/templates/\ud800",
        "/v2/email/templates?NextToken=%",
        "/v2/email/suppression/addresses?StartDate=today",
    ],
)
def test_broken_escapes_utf_8_and_timestamps_in_a_url_are_rejected(url):
    """A URL that cannot be decoded, or an invalid timestamp in it, is rejected."""
    assert serialization_message(fault_of("GET", url)) is None


def test_a_fault_has_what_was_parsed_before():
    """A fault has the operation and the parameters parsed so far, for the log of calls."""
    fault = fault_of("PUT", "/v2/email/templates/t", b"{")
    assert ("UpdateEmailTemplate", {"TemplateName": "t"}) == (fault.operation, fault.params)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b' {"Nope": [1]} ', b'{"TemplateContent":null}']
)
def test_a_missing_body_and_null_are_ignored(body):
    """A missing body, null and unknown members leave the parameters unchanged."""
    assert parsed("PUT", "/v2/email/templates/t", body) == {"TemplateName": "t"}


def test_the_body_of_an_operation_without_one_is_ignored():
    """A body is not parsed if no member belongs to it."""
    assert parsed("GET", "/v2/email/account", b"{") == {}
    assert parsed("DELETE", "/v2/email/templates/t", b"{") == {"TemplateName": "t"}


def test_a_label_is_not_read_from_the_body():
    """A member of the path cannot be set in the body."""
    assert parsed("PUT", "/v2/email/templates/t", {"TemplateName": "u"}) == {"TemplateName": "t"}


def test_null_members_of_lists_and_maps_are_dropped():
    """A null in a list or a map is dropped, like a null member of a structure."""
    assert parsed("POST", SEND, {"ReplyToAddresses": [None, "a"]}) == {"ReplyToAddresses": ["a"]}
    body = {"Filter": {"TYPE": None, "STATUS": "OPEN"}}
    assert parsed("POST", "/v2/email/vdm/recommendations", body) == {"Filter": {"STATUS": "OPEN"}}


@pytest.mark.parametrize(
    "body",
    [
        b"{",
        b" ",
        b'{"a": NaN}',
        b'{"a": -Infinity}',
        b'{"a": "\\ud800", "b": 1e999}',
        b'{"a": ' + b"9" * 5000 + b"}",
        b'{"FromEmailAddress": "\xff"}',
        b"\xef\xbb\xbf{}",
        '{"FromEmailAddress": "a"}'.encode("utf-16"),
        b"[" * 200_000,
        b'{"a":' * 200_000,
    ],
)
def test_invalid_json_is_rejected_without_a_message(body):
    """Invalid or too deep JSON, and any encoding but UTF-8, is a SerializationException."""
    assert serialization_message(fault_of("POST", SEND, body)) is None


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ([], "Start of list found where not expected"),
        ("text", "Expected null"),
        (1, "Expected null"),
        ({"Destination": "a"}, "Expected null"),
        ({"Destination": True}, "Expected null"),
        ({"Destination": []}, "Start of list found where not expected"),
        ({"ReplyToAddresses": "a"}, "Expected list or null"),
        ({"ReplyToAddresses": {}}, "Start of structure or map found where not expected."),
        ({"FromEmailAddress": 1}, "NUMBER_VALUE can not be converted to a String"),
        ({"FromEmailAddress": 1.5}, "NUMBER_VALUE can not be converted to a String"),
        ({"FromEmailAddress": True}, "TRUE_VALUE can not be converted to a String"),
        ({"FromEmailAddress": False}, "FALSE_VALUE can not be converted to a String"),
        ({"FromEmailAddress": []}, "Start of list found where not expected"),
        ({"FromEmailAddress": {}}, "Start of structure or map found where not expected."),
        ({"ReplyToAddresses": [1]}, "NUMBER_VALUE can not be converted to a String"),
        ({"Content": {"Raw": {"Data": 1}}}, "NUMBER_VALUE can not be converted to a Blob"),
        ({"Content": {"Raw": {"Data": "a"}}}, None),
    ],
)
def test_json_of_another_type_is_rejected(body, text):
    """Each mismatch of JSON and model has its own message."""
    assert text == serialization_message(fault_of("POST", SEND, body))


@pytest.mark.parametrize("body", [[], {"TYPE": 1}])
def test_a_map_of_another_type_is_rejected(body):
    """A map, and a value in it, is rejected with the same messages."""
    fault = fault_of("POST", "/v2/email/vdm/recommendations", {"Filter": body})
    assert serialization_message(fault).startswith(("Start of list", "NUMBER_VALUE"))


@pytest.mark.parametrize(
    ("value", "boolean"),
    [
        (True, True),
        (False, False),
        *[(text, True) for text in ("true", "Yes", "y", "T", "1")],
        *[(text, False) for text in ("false", "NO", "n", "f", "0")],
    ],
)
def test_booleans_may_be_strings(value, boolean):
    """A boolean may be a string, in upper or lower case."""
    assert parsed("PUT", "/v2/email/account/sending", {"SendingEnabled": value}) == {
        "SendingEnabled": boolean
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("maybe", "STRING_VALUE can not be converted to an Boolean"),
        (1, "NUMBER_VALUE can not be converted to a Boolean"),
        ([], "Start of list found where not expected"),
        (None, None),
    ],
)
def test_other_values_are_not_booleans(value, text):
    """Any other value of a boolean is rejected; null is rejected without a message."""
    fault = fault_of("PUT", "/v2/email/account/sending", {"SendingEnabled": value})
    assert text == serialization_message(fault)


@pytest.mark.parametrize("value", [7, 7.0])
def test_integers_may_have_a_decimal_point(value):
    """An integer may be written with a decimal point."""
    assert parsed("POST", "/v2/email/list-export-jobs", {"PageSize": value}) == {"PageSize": 7}


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("7", "STRING_VALUE can not be converted to an Integer"),
        (True, "TRUE_VALUE can not be converted to an Integer"),
        ({}, "Start of structure or map found where not expected."),
        (7.5, None),
        (2**31, None),
    ],
)
def test_other_values_are_not_integers(value, text):
    """A value that is not an integer, or is too large, is rejected."""
    fault = fault_of("POST", "/v2/email/list-export-jobs", {"PageSize": value})
    assert text == serialization_message(fault)


def test_numbers_beyond_a_float_are_rejected():
    """A number that exceeds a float is rejected as an integer and as a timestamp."""
    url = "/v2/email/list-export-jobs"
    assert serialization_message(fault_of("POST", url, b'{"PageSize": 1e999}')) is None
    body = b'{"Queries": [{"StartDate": %s}]}'
    for number in (b"1e999", b"-1e15", b"9" * 400):
        assert (
            serialization_message(fault_of("POST", "/v2/email/metrics/batch", body % number))
            is None
        )


def test_a_timestamp_is_a_number():
    """A timestamp is a number of seconds since the epoch; a string is rejected."""
    url = "/v2/email/metrics/batch"
    timestamp = datetime(2026, 11, 20, 12, 0, 0, 500000, timezone.utc)
    body = {"Queries": [{"StartDate": timestamp.timestamp()}]}
    assert parsed("POST", url, body) == {"Queries": [{"StartDate": timestamp}]}
    body = {"Queries": [{"StartDate": "2026-11-20T12:00:00Z"}]}
    text = "STRING_VALUE can not be converted to a Timestamp"
    assert text == serialization_message(fault_of("POST", url, body))


def test_a_lone_surrogate_becomes_a_question_mark():
    """A lone surrogate, which cannot be encoded, is replaced; a surrogate pair is kept."""
    body = rb'{"FromEmailAddress": "\ud800 \ud83d\ude00 \\ud800 \u00e9", "\udfff": 1}'
    assert parsed("POST", SEND, body) == {"FromEmailAddress": "? \U0001f600 \\ud800 \u00e9"}


def test_the_response_is_as_the_service_writes_it():
    """Body, status and headers are those of the service; None is omitted."""
    result = {"ContactListName": "\u00e9\ud800", "Description": None}
    response = rest_json.render(SESV2.operation("GetContactList"), result, "id-1")
    assert (200, '{"ContactListName":"\u00e9?"}'.encode()) == (response.status, response.body)
    assert response.headers == {"x-amzn-RequestId": "id-1", "Content-Type": "application/json"}


def test_a_timestamp_is_written_with_milliseconds():
    """A timestamp is a number, truncated to milliseconds."""
    timestamp = datetime(2026, 11, 20, 12, 0, 0, 123999, timezone.utc)
    result = {"CreatedTimestamp": timestamp}
    body = rest_json.render(SESV2.operation("GetContactList"), result, "id-1").body
    assert json.loads(body) == {"CreatedTimestamp": 1795176000.123}


@pytest.mark.parametrize("message", [None, "set <x>"])
def test_an_error_is_a_header_and_a_message(message):
    """The code is only in a header; a missing message is null."""
    response = rest_json.render_error(SESV2, Fault("NotFoundException", message, 404), "id-1")
    assert (404, {"message": message}) == (response.status, json.loads(response.body))
    assert response.headers == {
        "x-amzn-RequestId": "id-1",
        "Content-Type": "application/json",
        "x-amzn-ErrorType": "NotFoundException",
    }


@given(st.sampled_from(["GET", "POST", "PUT", "DELETE", "x"]), st.text(), st.binary())
def test_any_request_is_parsed_or_rejected(method, path, body):
    """Any path and body are parsed or raise a fault, and nothing else."""
    for url in (path, f"/v2/email/{path}", f"/v2/email/templates/{path}"):
        result = outcome(Request(method, url, {}, body))
        assert isinstance(result, tuple) or result.status in {400, 404}


NAMES = sorted(
    {name for o in SESV2.operations for name in (getattr(SESV2.operation(o).input, "members", {}))}
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=False) | st.integers() | st.text(max_size=3),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(NAMES) | st.text(max_size=3), inner, max_size=3)
    ),
    max_leaves=8,
)
BODIES = st.dictionaries(st.sampled_from(NAMES), VALUES, max_size=5)
PLAIN = sorted(
    (http["method"], http["requestUri"])
    for http in (SESV2.operation(name).model.http for name in SESV2.operations)
    if "{" not in http["requestUri"] and http["method"] in {"POST", "PUT"}
)


@given(st.sampled_from(PLAIN), BODIES)
def test_any_json_is_parsed_or_rejected(route, body):
    """Any document gives parameters of the model's types or raises a fault."""
    result = outcome(request(*route, body))
    if isinstance(result, Fault):
        assert (result.code, result.status) == ("SerializationException", 400)
    else:
        SESV2.operation(result[0]).check_types(result[1])
