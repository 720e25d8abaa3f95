"""Constraints of the model, and the text and order of their violations."""

from __future__ import annotations

import pytest
from botocore_models import needs

from pytest_ses.wire import service

SES = service("ses")
SESV2 = service("sesv2")
V1_EVENTS = "send, reject, bounce, complaint, delivery, open, click, renderingFailure"
NOT_NULL = "Member must not be null"
NAME = "Value at 'name' failed to satisfy constraint: "


def violation(path, constraint):
    """The text of one violation."""
    return f"Value at '{path}' failed to satisfy constraint: {constraint}"


def single_violation(path, constraint):
    """The whole text about a single violation."""
    return f"1 validation error detected: {violation(path, constraint)}"


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("GetAccount", {}),
        ("PutAccountSuppressionAttributes", {"SuppressedReasons": ["BOUNCE"]}),
        (
            "PutConfigurationSetDeliveryOptions",
            {"ConfigurationSetName": "c", "MaxDeliverySeconds": 300},
        ),
    ],
)
def test_valid_parameters_have_no_violations(operation, params):
    """Parameters within their constraints have no violations."""
    assert SESV2.operation(operation).violations(params) is None


def test_an_operation_without_input_has_no_violations():
    """An operation without input has no constraints."""
    assert SES.operation("GetSendQuota").violations({}) is None


@pytest.mark.parametrize("template", [{}, {"TemplateName": None}])
def test_a_missing_member_must_not_be_null(template):
    """A required member that is absent or None is named by its path in lower camel case."""
    expected = single_violation("template.templateName", NOT_NULL)
    assert expected == SES.operation("CreateTemplate").violations({"Template": template})


def test_members_of_a_missing_structure_are_not_reported():
    """Of a missing structure, only itself is reported, not its required members."""
    assert single_violation("template", NOT_NULL) == SES.operation("CreateTemplate").violations({})


def test_several_violations_are_one_text():
    """Violations are counted and joined in the order of the model."""
    expected = (
        f"2 validation errors detected: {violation('source', NOT_NULL)}; "
        f"{violation('message.subject.data', NOT_NULL)}"
    )
    params = {"Message": {"Subject": {}, "Body": {}}, "Destination": {}}
    assert expected == SES.operation("SendEmail").violations(params)


@needs("sesv2", "SendEmail", "Content.Simple.Headers")
def test_members_of_lists_are_counted_from_one():
    """The path to a list member contains its number and `member`."""
    headers = [{"Name": "X-A", "Value": "1"}, {"Value": "1"}]
    params = {"Content": {"Simple": {"Subject": {"Data": ""}, "Body": {}, "Headers": headers}}}
    expected = single_violation("content.simple.headers.2.member.name", NOT_NULL)
    assert expected == SESV2.operation("SendEmail").violations(params)


def test_the_values_of_an_enum_are_listed():
    """A value outside an enum is reported with all valid values, in the model's order."""
    expected = single_violation(
        "tlsPolicy", "Member must satisfy enum value set: [REQUIRE, OPTIONAL]"
    )
    params = {"ConfigurationSetName": "c", "TlsPolicy": "require"}
    assert expected == SESV2.operation("PutConfigurationSetDeliveryOptions").violations(params)


def test_an_enum_in_a_list_is_nested_and_reported_once():
    """A list is reported once, however many of its members violate constraints."""
    destination = {"Name": "n", "MatchingEventTypes": ["send", "deliveryDelay", "nope"]}
    params = {"ConfigurationSetName": "c", "EventDestination": destination}
    expected = single_violation(
        "eventDestination.matchingEventTypes",
        f"Member must satisfy constraint: [Member must satisfy enum value set: [{V1_EVENTS}]]",
    )
    operation = SES.operation("CreateConfigurationSetEventDestination")
    assert expected == operation.violations(params)


def test_all_constraints_on_members_of_a_list_are_listed():
    """A nested text contains every constraint on the members, violated or not."""
    expected = single_violation(
        "additionalContactEmailAddresses",
        "Member must satisfy constraint: [Member must have length less than or equal to 254, "
        "Member must have length greater than or equal to 6, "
        "Member must satisfy regular expression pattern: ^(.+)@(.+)$]",
    )
    params = {
        "MailType": "MARKETING",
        "WebsiteURL": "x",
        "UseCaseDescription": "News",  # required in older models
        "AdditionalContactEmailAddresses": ["a@b"],
    }
    assert expected == SESV2.operation("PutAccountDetails").violations(params)


@pytest.mark.parametrize(
    ("size", "constraint"),
    [
        (0, "Member must have length greater than or equal to 1"),
        (1, None),
        (10, None),
        (11, "Member must have length less than or equal to 10"),
    ],
)
def test_the_length_of_a_list_is_bounded(size, constraint):
    """A list has a minimum and a maximum length."""
    query = {"Id": "a", "Namespace": "VDM", "Metric": "SEND", "StartDate": 0, "EndDate": 0}
    expected = constraint and single_violation("queries", constraint)
    operation = SESV2.operation("BatchGetMetricData")
    assert expected == operation.violations({"Queries": [query] * size})


@pytest.mark.parametrize(
    ("text", "constraint"),
    [
        ("a" * 262144, None),
        ("\u00e9" * 262144, None),
        ("a" * 262145, "Member must have length less than or equal to 262144"),
        ("\U0001f600" * 131073, "Member must have length less than or equal to 262144"),
        ("\ud800" * 262145, "Member must have length less than or equal to 262144"),
    ],
)
def test_length_counts_utf_16_units(text, constraint):
    """A character outside the BMP counts twice, a lone surrogate once."""
    expected = constraint and single_violation("templateData", constraint)
    params = {"TemplateName": "t", "TemplateData": text}
    assert expected == SES.operation("TestRenderTemplate").violations(params)


@pytest.mark.parametrize(
    ("seconds", "constraint"),
    [
        (299, "Member must have value greater than or equal to 300"),
        (50400, None),
        (50401, "Member must have value less than or equal to 50400"),
    ],
)
@needs("sesv2", "PutConfigurationSetDeliveryOptions", "MaxDeliverySeconds")
def test_numbers_are_bounded(seconds, constraint):
    """A number has a minimum and a maximum value."""
    params = {"ConfigurationSetName": "c", "MaxDeliverySeconds": seconds}
    expected = constraint and single_violation("maxDeliverySeconds", constraint)
    assert expected == SESV2.operation("PutConfigurationSetDeliveryOptions").violations(params)


@pytest.mark.parametrize("name", ["a b", "a\n", "\u00e9", "\u0661"])
@needs("sesv2", "GetMultiRegionEndpoint")
def test_a_pattern_must_match_as_a_whole_and_in_ascii(name):
    """A pattern matches the whole text, without a final newline, and only ASCII classes."""
    expected = single_violation(
        "endpointName", r"Member must satisfy regular expression pattern: ^[\w\-_]+$"
    )
    assert expected == SESV2.operation("GetMultiRegionEndpoint").violations({"EndpointName": name})


@pytest.mark.parametrize("end", ["\n", "\r", "\x85", "\u2028", "\u2029"])
def test_the_dot_of_a_pattern_matches_no_end_of_line(end):
    """The dot excludes every line terminator that the service excludes."""
    params = {
        "MailType": "MARKETING",
        "WebsiteURL": "x",
        "UseCaseDescription": "News",  # required in older models
        "AdditionalContactEmailAddresses": [f"ada{end}@example.com"],
    }
    assert SESV2.operation("PutAccountDetails").violations(params) is not None


@needs("sesv2", "GetMultiRegionEndpoint")
def test_length_and_pattern_are_two_violations():
    """A string that violates two constraints is reported with both."""
    pattern = r"Member must satisfy regular expression pattern: ^[\w\-_]+$"
    length = "Member must have length less than or equal to 64"
    expected = (
        f"2 validation errors detected: {violation('endpointName', length)}; "
        f"{violation('endpointName', pattern)}"
    )
    params = {"EndpointName": " " * 65}
    assert expected == SESV2.operation("GetMultiRegionEndpoint").violations(params)


def test_keys_and_values_of_maps_are_checked():
    """Keys are reported once, at the map, and values by their key."""
    keys = "TYPE, IMPACT, STATUS, RESOURCE_ARN"
    first = violation(
        "filter",
        f"Map keys must satisfy constraint: [Member must satisfy enum value set: [{keys}]]",
    )
    second = violation("filter.NOPE.value", "Member must have length greater than or equal to 1")
    third = violation("filter.NADA.value", "Member must have length greater than or equal to 1")
    expected = f"3 validation errors detected: {first}; {second}; {third}"
    params = {"Filter": {"NOPE": "", "NADA": ""}}
    assert expected == SESV2.operation("ListRecommendations").violations(params)


def test_an_unchecked_path_is_not_reported():
    """Violations at an unchecked path are not reported, all others are."""
    types = ("CreateConfigurationSetEventDestination", "eventDestination.matchingEventTypes")
    ses = service("ses", frozenset({types, ("CreateTemplate", "template")}))
    params = {"EventDestination": {"MatchingEventTypes": ["nope"]}}
    expected = (
        f"2 validation errors detected: {violation('configurationSetName', NOT_NULL)}; "
        f"{violation('eventDestination.name', NOT_NULL)}"
    )
    assert expected == ses.operation(types[0]).violations(params)
    assert ses.operation("CreateTemplate").violations({}) is None
    expected = single_violation("template.templateName", NOT_NULL)
    assert expected == ses.operation("CreateTemplate").violations({"Template": {}})
    assert single_violation("template", NOT_NULL) == SES.operation("CreateTemplate").violations({})


def test_an_unchecked_path_has_no_numbers_and_keys():
    """Within lists and maps, a path applies to every member."""
    paths = {
        ("SendEmail", "content.simple.headers.member.name"),
        ("ListRecommendations", "filter.value"),
        ("ListRecommendations", "filter"),
    }
    sesv2 = service("sesv2", frozenset(paths))
    headers = [{"Value": "1"}]
    params = {"Content": {"Simple": {"Subject": {"Data": ""}, "Body": {}, "Headers": headers}}}
    assert sesv2.operation("SendEmail").violations(params) is None
    assert sesv2.operation("ListRecommendations").violations({"Filter": {"NOPE": ""}}) is None


@pytest.mark.parametrize(
    "pair", [("CreateTemplate", "template.nope"), ("CreateTemplate", "nope"), ("Nope", "x")]
)
def test_an_unchecked_path_that_the_model_does_not_have(pair):
    """A path or an operation that only a newer botocore has is ignored."""
    ses = service("ses", frozenset({pair}))
    assert single_violation("template", NOT_NULL) == ses.operation("CreateTemplate").violations({})
