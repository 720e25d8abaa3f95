"""How does the REST-JSON protocol treat requests and results that botocore would not send?"""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from hypothesis import given, settings, strategies as st

from pytest_ses.wire import Fault, Request, rest_json, service

SESV2 = service("sesv2")
SEND = "/v2/email/outbound-emails"


def request(method, url, body=b""):
    """A request with a body of bytes or, if it is anything else, of JSON."""
    return Request(method, url, {}, body if isinstance(body, bytes) else json.dumps(body).encode())


def parsed(method, url, body=b""):
    """The parameters of a request."""
    return rest_json.parse(SESV2, request(method, url, body))[1]


def outcome(sent):
    """The operation and parameters of a request, or the fault that it meets."""
    try:
        return rest_json.parse(SESV2, sent)
    except Fault as fault:
        return fault


def refused(method, url, body=b""):
    """The fault that a request meets."""
    with pytest.raises(Fault) as caught:
        rest_json.parse(SESV2, request(method, url, body))
    return caught.value


def serialization(fault):
    """The text of a fault that must be one of serialization."""
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
        ("POST", "/v2/email/email-address-insights", "GetEmailAddressInsights", {}),
        ("POST", "/v2/email/tenants/get", "GetTenant", {}),
    ],
)
def test_method_and_path_name_the_operation(method, path, operation, params):
    """An operation is found by method and path, labels are unescaped, a plus stays one."""
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
    """A path that no operation has, or whose label is empty, is not found."""
    fault = refused(method, path)
    assert ("UnknownOperationException", 404, None) == (fault.code, fault.status, fault.message)
    assert (None, {}) == (fault.operation, fault.params)


def test_a_query_string_gives_texts_numbers_lists_and_timestamps():
    """Members of the query string are read by type, repeated ones as a list, unknown ones not."""
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
def test_a_query_string_that_is_no_number_is_said_to_be_none(text):
    """A page size that is no whole number is quoted in the text of the fault."""
    fault = refused("GET", f"/v2/email/templates?PageSize={text}")
    assert serialization(fault) == f"'{text}' can not be converted to Integer"
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
def test_broken_escapes_utf_8_and_timestamps_of_a_url_are_refused(url):
    """What is no text, or no moment, in a URL is refused without a text."""
    assert serialization(refused("GET", url)) is None


def test_what_was_read_before_a_fault_is_known():
    """A fault tells the operation and the parameters read so far, for the log of calls."""
    fault = refused("PUT", "/v2/email/templates/t", b"{")
    assert ("UpdateEmailTemplate", {"TemplateName": "t"}) == (fault.operation, fault.params)


@pytest.mark.parametrize(
    "body", [b"", b"{}", b"null", b' {"Nope": [1]} ', b'{"TemplateContent":null}']
)
def test_an_absent_body_and_null_are_nothing(body):
    """No body, null and unknown members leave the parameters as they are."""
    assert parsed("PUT", "/v2/email/templates/t", body) == {"TemplateName": "t"}


def test_the_body_of_an_operation_that_takes_none_is_ignored():
    """A body is not even read where no member stands in it."""
    assert parsed("GET", "/v2/email/account", b"{") == {}
    assert parsed("DELETE", "/v2/email/templates/t", b"{") == {"TemplateName": "t"}


def test_a_label_is_not_read_from_the_body():
    """A member of the path cannot be given in the body."""
    assert parsed("PUT", "/v2/email/templates/t", {"TemplateName": "u"}) == {"TemplateName": "t"}


def test_null_members_of_lists_and_maps_are_dropped():
    """Null within a list or a map is absent as a null member is."""
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
def test_what_is_no_json_is_refused_without_a_text(body):
    """Broken, endless or deep JSON, and any encoding but UTF-8, is a fault of serialization."""
    assert serialization(refused("POST", SEND, body)) is None


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
def test_json_of_another_type_is_refused_in_the_words_of_the_service(body, text):
    """Each mismatch of JSON and model has its text."""
    assert text == serialization(refused("POST", SEND, body))


@pytest.mark.parametrize("body", [[], {"TYPE": 1}])
def test_a_map_is_read_as_a_structure_is(body):
    """A map, and a value in it, is refused in the same words."""
    fault = refused("POST", "/v2/email/vdm/recommendations", {"Filter": body})
    assert serialization(fault).startswith(("Start of list", "NUMBER_VALUE"))


@pytest.mark.parametrize(
    ("value", "boolean"),
    [
        (True, True),
        (False, False),
        *[(word, True) for word in ("true", "Yes", "y", "T", "1")],
        *[(word, False) for word in ("false", "NO", "n", "f", "0")],
    ],
)
def test_booleans_may_be_words(value, boolean):
    """A boolean may be a word for it, in any case."""
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
def test_other_values_are_no_booleans(value, text):
    """A boolean that is neither is refused, null as well, though without a text."""
    fault = refused("PUT", "/v2/email/account/sending", {"SendingEnabled": value})
    assert text == serialization(fault)


@pytest.mark.parametrize("value", [7, 7.0])
def test_whole_numbers_may_have_a_point(value):
    """A number that is whole is read as one."""
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
def test_other_values_are_no_whole_numbers(value, text):
    """A number that is not whole, too wide or no number is refused."""
    fault = refused("POST", "/v2/email/list-export-jobs", {"PageSize": value})
    assert text == serialization(fault)


def test_numbers_beyond_a_float_are_refused():
    """A number that no float holds is no whole number and no moment."""
    url = "/v2/email/list-export-jobs"
    assert serialization(refused("POST", url, b'{"PageSize": 1e999}')) is None
    body = b'{"Queries": [{"StartDate": %s}]}'
    for number in (b"1e999", b"-1e15", b"9" * 400):
        assert serialization(refused("POST", "/v2/email/metrics/batch", body % number)) is None


def test_a_timestamp_is_a_number():
    """A moment is seconds since the epoch, and a text is none."""
    url, moment = "/v2/email/metrics/batch", datetime(2026, 11, 20, 12, 0, 0, 500000, timezone.utc)
    body = {"Queries": [{"StartDate": moment.timestamp()}]}
    assert parsed("POST", url, body) == {"Queries": [{"StartDate": moment}]}
    body = {"Queries": [{"StartDate": "2026-11-20T12:00:00Z"}]}
    text = "STRING_VALUE can not be converted to a Timestamp"
    assert text == serialization(refused("POST", url, body))


def test_a_lone_surrogate_becomes_a_question_mark():
    """Half a character cannot be encoded later on, a pair of halves and a backslash can."""
    body = rb'{"FromEmailAddress": "\ud800 \ud83d\ude00 \\ud800 \u00e9", "\udfff": 1}'
    assert parsed("POST", SEND, body) == {"FromEmailAddress": "? \U0001f600 \\ud800 \u00e9"}


def test_the_whole_answer_is_as_the_service_writes_it():
    """Body, status and header fields are those of the service; None is absent."""
    result = {"ContactListName": "\u00e9\ud800", "Description": None}
    response = rest_json.render(SESV2.operation("GetContactList"), result, "id-1")
    assert (200, '{"ContactListName":"\u00e9?"}'.encode()) == (response.status, response.body)
    assert response.headers == {"x-amzn-RequestId": "id-1", "Content-Type": "application/json"}


def test_a_timestamp_is_written_with_milliseconds():
    """A moment is a number, cut off at the millisecond."""
    moment = datetime(2026, 11, 20, 12, 0, 0, 123999, timezone.utc)
    result = {"CreatedTimestamp": moment}
    body = rest_json.render(SESV2.operation("GetContactList"), result, "id-1").body
    assert json.loads(body) == {"CreatedTimestamp": 1795176000.123}


@pytest.mark.parametrize("message", [None, "set <x>"])
def test_an_error_is_a_header_and_a_message(message):
    """The code stands in a header alone, and no text is null."""
    response = rest_json.render_error(SESV2, Fault("NotFoundException", message, 404), "id-1")
    assert (404, {"message": message}) == (response.status, json.loads(response.body))
    assert response.headers == {
        "x-amzn-RequestId": "id-1",
        "Content-Type": "application/json",
        "x-amzn-ErrorType": "NotFoundException",
    }


@settings(deadline=None)
@given(st.sampled_from(["GET", "POST", "PUT", "DELETE", "x"]), st.text(), st.binary())
def test_any_request_is_read_or_refused(method, path, body):
    """Whatever the path and the bytes, nothing but a fault is raised."""
    for url in (path, f"/v2/email/{path}", f"/v2/email/templates/{path}"):
        met = outcome(Request(method, url, {}, body))
        assert isinstance(met, tuple) or met.status in {400, 404}


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


@settings(deadline=None)
@given(st.sampled_from(PLAIN), BODIES)
def test_any_json_is_read_or_refused(route, body):
    """Whatever the document, the params are of the model's types or a fault is raised."""
    met = outcome(request(*route, body))
    if isinstance(met, Fault):
        assert (met.code, met.status) == ("SerializationException", 400)
    else:
        SESV2.operation(met[0]).check_types(met[1])
