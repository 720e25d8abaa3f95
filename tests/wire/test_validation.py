"""Which constraints of the model are checked, and in which words and order?"""

from __future__ import annotations

import pytest

from pytest_ses.wire import service
from pytest_ses.wire.shapes import from_model

SES = service("ses")
SESV2 = service("sesv2")
V1_EVENTS = "send, reject, bounce, complaint, delivery, open, click, renderingFailure"
NOT_NULL = "Member must not be null"
NAME = "Value at 'name' failed to satisfy constraint: "


def violation(path, constraint):
    """One violation, as a text."""
    return f"Value at '{path}' failed to satisfy constraint: {constraint}"


def one(path, constraint):
    """The whole text of one violation."""
    return f"1 validation error detected: {violation(path, constraint)}"


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("GetAccount", {}),
        ("PutAccountDetails", {"MailType": "MARKETING", "WebsiteURL": "https://example.com"}),
        (
            "PutConfigurationSetDeliveryOptions",
            {"ConfigurationSetName": "c", "MaxDeliverySeconds": 300},
        ),
    ],
)
def test_what_breaks_no_constraint_gives_nothing(operation, params):
    """Parameters within their constraints have no violations."""
    assert SESV2.operation(operation).violations(params) is None


def test_an_operation_without_input_has_no_violations():
    """There is nothing to break where nothing is taken."""
    assert SES.operation("GetSendQuota").violations({}) is None


@pytest.mark.parametrize("template", [{}, {"TemplateName": None}])
def test_a_missing_member_must_not_be_null(template):
    """A required member that is absent or None is named by its path, in lower camel case."""
    expected = one("template.templateName", NOT_NULL)
    assert expected == SES.operation("CreateTemplate").violations({"Template": template})


def test_an_absent_structure_misses_no_members():
    """Only the structure is missing, not what would be in it."""
    assert one("template", NOT_NULL) == SES.operation("CreateTemplate").violations({})


def test_several_violations_are_one_text():
    """Violations are counted and joined in the order of the model."""
    expected = (
        f"2 validation errors detected: {violation('source', NOT_NULL)}; "
        f"{violation('message.subject.data', NOT_NULL)}"
    )
    params = {"Message": {"Subject": {}, "Body": {}}, "Destination": {}}
    assert expected == SES.operation("SendEmail").violations(params)


def test_members_of_lists_are_counted_from_one():
    """The path to a member of a list holds its number and the word `member`."""
    headers = [{"Name": "X-A", "Value": "1"}, {"Value": "1"}]
    params = {"Content": {"Simple": {"Subject": {"Data": ""}, "Body": {}, "Headers": headers}}}
    expected = one("content.simple.headers.2.member.name", NOT_NULL)
    assert expected == SESV2.operation("SendEmail").violations(params)


def test_the_value_set_of_an_enum_is_told():
    """A text outside an enum is answered with all that it could be, in the model's order."""
    expected = one("tlsPolicy", "Member must satisfy enum value set: [REQUIRE, OPTIONAL]")
    params = {"ConfigurationSetName": "c", "TlsPolicy": "require"}
    assert expected == SESV2.operation("PutConfigurationSetDeliveryOptions").violations(params)


def test_an_enum_in_a_list_is_nested_and_told_once():
    """However many members of a list break their constraints, the list is reported once."""
    destination = {"Name": "n", "MatchingEventTypes": ["send", "deliveryDelay", "nope"]}
    params = {"ConfigurationSetName": "c", "EventDestination": destination}
    expected = one(
        "eventDestination.matchingEventTypes",
        f"Member must satisfy constraint: [Member must satisfy enum value set: [{V1_EVENTS}]]",
    )
    operation = SES.operation("CreateConfigurationSetEventDestination")
    assert expected == operation.violations(params)


def test_all_constraints_on_members_of_a_list_are_told():
    """A nested text holds every constraint on the members, broken or not."""
    expected = one(
        "additionalContactEmailAddresses",
        "Member must satisfy constraint: [Member must have length less than or equal to 254, "
        "Member must have length greater than or equal to 6, "
        "Member must satisfy regular expression pattern: ^(.+)@(.+)$]",
    )
    params = {
        "MailType": "MARKETING",
        "WebsiteURL": "x",
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
    """A list has a least and a greatest length."""
    query = {"Id": "a", "Namespace": "VDM", "Metric": "SEND", "StartDate": 0, "EndDate": 0}
    expected = constraint and one("queries", constraint)
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
    """A character beyond the first plane counts twice, half of one counts once."""
    expected = constraint and one("templateData", constraint)
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
def test_numbers_are_bounded(seconds, constraint):
    """A number has a least and a greatest value."""
    params = {"ConfigurationSetName": "c", "MaxDeliverySeconds": seconds}
    expected = constraint and one("maxDeliverySeconds", constraint)
    assert expected == SESV2.operation("PutConfigurationSetDeliveryOptions").violations(params)


@pytest.mark.parametrize("name", ["a b", "a\n", "\u00e9", "\u0661"])
def test_a_pattern_must_match_as_a_whole_and_in_ascii(name):
    """A pattern is the service's: no ending line, and classes of ASCII alone."""
    expected = one("endpointName", r"Member must satisfy regular expression pattern: ^[\w\-_]+$")
    assert expected == SESV2.operation("GetMultiRegionEndpoint").violations({"EndpointName": name})


@pytest.mark.parametrize("end", ["\n", "\r", "\x85", "\u2028", "\u2029"])
def test_the_dot_of_a_pattern_matches_no_end_of_line(end):
    """The dot leaves out every end of line that the service knows."""
    params = {
        "MailType": "MARKETING",
        "WebsiteURL": "x",
        "AdditionalContactEmailAddresses": [f"ada{end}@example.com"],
    }
    assert SESV2.operation("PutAccountDetails").violations(params) is not None


def test_length_and_pattern_are_two_violations():
    """A text that breaks two constraints of its own is reported twice."""
    pattern = r"Member must satisfy regular expression pattern: ^[\w\-_]+$"
    length = "Member must have length less than or equal to 64"
    expected = (
        f"2 validation errors detected: {violation('endpointName', length)}; "
        f"{violation('endpointName', pattern)}"
    )
    params = {"EndpointName": " " * 65}
    assert expected == SESV2.operation("GetMultiRegionEndpoint").violations(params)


def test_keys_and_values_of_maps_are_checked():
    """Keys are reported at the map, once, and values by their key."""
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


def test_an_unchecked_path_is_the_callers():
    """What would be reported at an unchecked path is not, and all else is."""
    types = ("CreateConfigurationSetEventDestination", "eventDestination.matchingEventTypes")
    mine = service("ses", frozenset({types, ("CreateTemplate", "template")}))
    params = {"EventDestination": {"MatchingEventTypes": ["nope"]}}
    expected = (
        f"2 validation errors detected: {violation('configurationSetName', NOT_NULL)}; "
        f"{violation('eventDestination.name', NOT_NULL)}"
    )
    assert expected == mine.operation(types[0]).violations(params)
    assert mine.operation("CreateTemplate").violations({}) is None
    expected = one("template.templateName", NOT_NULL)
    assert expected == mine.operation("CreateTemplate").violations({"Template": {}})
    assert one("template", NOT_NULL) == SES.operation("CreateTemplate").violations({})


def test_an_unchecked_path_has_no_numbers_and_keys():
    """Within lists and maps a path serves for every member."""
    paths = {
        ("SendEmail", "content.simple.headers.member.name"),
        ("ListRecommendations", "filter.value"),
        ("ListRecommendations", "filter"),
    }
    mine = service("sesv2", frozenset(paths))
    headers = [{"Value": "1"}]
    params = {"Content": {"Simple": {"Subject": {"Data": ""}, "Body": {}, "Headers": headers}}}
    assert mine.operation("SendEmail").violations(params) is None
    assert mine.operation("ListRecommendations").violations({"Filter": {"NOPE": ""}}) is None


def test_an_unchecked_path_must_exist():
    """A path or an operation that the model has not is a mistake, and is named."""
    with pytest.raises(ValueError, match=r"CreateTemplate has no member at template\.nope"):
        service("ses", frozenset({("CreateTemplate", "template.nope")})).operation("CreateTemplate")
    with pytest.raises(ValueError, match="GetSendQuota has no member at x"):
        service("ses", frozenset({("GetSendQuota", "x")})).operation("GetSendQuota")
    with pytest.raises(ValueError, match="ses has no operation Nope"):
        from_model(SES.model, unchecked=frozenset({("Nope", "x")}))
