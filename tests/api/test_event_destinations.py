"""Event destinations through both APIs: what the operations answer, refuse and show each other."""

from dataclasses import dataclass
from typing import Any

import pytest
from asking import refusal

TOPIC = "arn:aws:sns:us-east-1:123456789012:events"
ROLE = "arn:aws:iam::123456789012:role/ses"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/events"
BUS = "arn:aws:events:us-east-1:123456789012:event-bus/default"
PROJECT = "arn:aws:mobiletargeting:us-east-1:123456789012:apps/0123abc"

DIMENSION_V1 = {
    "DimensionName": "ses:configuration-set",
    "DimensionValueSource": "messageTag",
    "DefaultDimensionValue": "none",
}
DIMENSION_V2 = DIMENSION_V1 | {"DimensionValueSource": "MESSAGE_TAG"}

TYPES = {
    "send": "SEND",
    "reject": "REJECT",
    "bounce": "BOUNCE",
    "complaint": "COMPLAINT",
    "delivery": "DELIVERY",
    "open": "OPEN",
    "click": "CLICK",
    "renderingFailure": "RENDERING_FAILURE",
}
# What both APIs have, in the words of each.
BOTH = [
    pytest.param(
        {"SNSDestination": {"TopicARN": TOPIC}}, {"SnsDestination": {"TopicArn": TOPIC}}, id="SNS"
    ),
    pytest.param(
        {"KinesisFirehoseDestination": {"IAMRoleARN": ROLE, "DeliveryStreamARN": STREAM}},
        {"KinesisFirehoseDestination": {"IamRoleArn": ROLE, "DeliveryStreamArn": STREAM}},
        id="Firehose",
    ),
    pytest.param(
        {"CloudWatchDestination": {"DimensionConfigurations": [DIMENSION_V1]}},
        {"CloudWatchDestination": {"DimensionConfigurations": [DIMENSION_V2]}},
        id="CloudWatch",
    ),
]
V2_ONLY = [
    pytest.param({"EventBridgeDestination": {"EventBusArn": BUS}}, id="EventBridge"),
    pytest.param({"PinpointDestination": {"ApplicationArn": PROJECT}}, id="Pinpoint"),
]


@dataclass
class API:
    """One of the two APIs, in the words that they share."""

    client: Any
    v1: bool
    # What v1 calls otherwise than v2.
    sns: dict[str, Any]
    type: str

    def create(self, name="one", *, of="letters", types=None, **target):
        """Create an event destination."""
        self._write("create", name, of, types, target)

    def update(self, name="one", *, of="letters", types=None, **target):
        """Update an event destination."""
        self._write("update", name, of, types, target)

    def delete(self, name="one", *, of="letters"):
        """Delete an event destination."""
        self.client.delete_configuration_set_event_destination(
            ConfigurationSetName=of, EventDestinationName=name
        )

    def read(self, of="letters"):
        """The event destinations of a configuration set."""
        if self.v1:
            return self.client.describe_configuration_set(
                ConfigurationSetName=of, ConfigurationSetAttributeNames=["eventDestinations"]
            )["EventDestinations"]
        return self.client.get_configuration_set_event_destinations(ConfigurationSetName=of)[
            "EventDestinations"
        ]

    def _write(self, verb, name, of, types, target):
        definition = {"MatchingEventTypes": [self.type] if types is None else types, **target}
        params = {"ConfigurationSetName": of, "EventDestination": definition}
        if self.v1:
            definition["Name"] = name
        else:
            params["EventDestinationName"] = name
        getattr(self.client, f"{verb}_configuration_set_event_destination")(**params)

    def error(self, v1, v2, text, *, status=400):
        """What `refusal` gives of an error that has a code in each API."""
        return (v1, 400, text) if self.v1 else (v2, status, text)

    def invalid(self, text):
        """What `refusal` gives of a value that both APIs refuse in the same words."""
        return self.error("InvalidParameterValue", "BadRequestException", text)


@pytest.fixture(name="v1")
def _v1(ses_client):
    return API(ses_client, v1=True, sns={"SNSDestination": {"TopicARN": TOPIC}}, type="send")


@pytest.fixture(name="v2")
def _v2(sesv2_client):
    return API(sesv2_client, v1=False, sns={"SnsDestination": {"TopicArn": TOPIC}}, type="SEND")


@pytest.fixture(name="api", params=["v1", "v2"])
def _api(request):
    return request.getfixturevalue(request.param)


@pytest.fixture(autouse=True)
def _letters(sesv2_client):
    sesv2_client.create_configuration_set(ConfigurationSetName="letters")


@pytest.mark.parametrize(("in_v1", "in_v2"), BOTH)
def test_shared(api, v1, v2, in_v1, in_v2):
    """What one API creates, both show, each in its own words."""
    api.create(Enabled=True, **(in_v1 if api.v1 else in_v2))
    common = {"Name": "one", "Enabled": True}
    assert [common | {"MatchingEventTypes": ["send"]} | in_v1] == v1.read()
    assert [common | {"MatchingEventTypes": ["SEND"]} | in_v2] == v2.read()


@pytest.mark.parametrize("target", V2_ONLY)
def test_v2_only(v1, v2, target):
    """v1 shows an event destination of v2 alone without its types and target."""
    v2.create(types=["DELIVERY_DELAY", "OPEN", "SUBSCRIPTION"], **target)
    assert [
        {
            "Name": "one",
            "Enabled": False,
            "MatchingEventTypes": ["DELIVERY_DELAY", "OPEN", "SUBSCRIPTION"],
            **target,
        }
    ] == v2.read()
    assert [{"Name": "one", "Enabled": False, "MatchingEventTypes": ["open"]}] == v1.read()


def test_event_types(v1, v2):
    """The eight event types of v1 are those of v2 in other letters."""
    v1.create(types=list(TYPES), **v1.sns)
    assert list(TYPES.values()) == v2.read()[0]["MatchingEventTypes"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [("messageTag", "MESSAGE_TAG"), ("emailHeader", "EMAIL_HEADER"), ("linkTag", "LINK_TAG")],
)
def test_dimension_sources(v1, v2, source, expected):
    """The three sources of a dimension are the same in other letters."""
    dimension = DIMENSION_V1 | {"DimensionValueSource": source}
    v1.create(CloudWatchDestination={"DimensionConfigurations": [dimension]})
    read = v2.read()[0]["CloudWatchDestination"]["DimensionConfigurations"][0]
    assert expected == read["DimensionValueSource"]


def test_none(api):
    """A configuration set without event destinations shows an empty list."""
    assert [] == api.read()


def test_disabled(api):
    """An event destination is disabled unless it says otherwise."""
    api.create(**api.sns)
    assert False is api.read()[0]["Enabled"]


def test_update(api):
    """An update replaces all; what it leaves out is not kept."""
    api.create(Enabled=True, **api.sns)
    types = ["click"] if api.v1 else ["CLICK"]
    api.update(types=types, **api.sns)
    assert [(False, types)] == [(one["Enabled"], one["MatchingEventTypes"]) for one in api.read()]


def test_delete(api):
    """A deleted event destination is gone."""
    api.create(**api.sns)
    api.delete()
    assert [] == api.read()


def test_read_is_a_copy(ses_backend, v2):
    """What an operation answers is not what is kept."""
    v2.create(**v2.sns)
    params = {"ConfigurationSetName": "letters"}
    answer = ses_backend.call("sesv2", "GetConfigurationSetEventDestinations", params)
    answer["EventDestinations"][0]["MatchingEventTypes"].clear()
    answer["EventDestinations"].clear()
    assert ["SEND"] == v2.read()[0]["MatchingEventTypes"]


@pytest.mark.parametrize("verb", ["create", "update", "delete", "read"])
def test_missing_set(api, verb):
    """A configuration set that is not there is missed by name, in the same words."""
    target = api.sns if verb in {"create", "update"} else {}
    assert api.error(
        "ConfigurationSetDoesNotExist",
        "NotFoundException",
        "Configuration set <other> does not exist.",
        status=404,
    ) == refusal(getattr(api, verb), of="other", **target)


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_missing(api, verb):
    """An event destination that is not there is missed; v1 names the configuration set only."""
    target = api.sns if verb == "update" else {}
    text = (
        "No EventDestination found for letters"
        if api.v1
        else "An event destination with name <one> does not exist for configuration set <letters>."
    )
    assert api.error(
        "EventDestinationDoesNotExist", "NotFoundException", text, status=404
    ) == refusal(getattr(api, verb), **target)


def test_duplicate(api):
    """A name can be given once in a configuration set."""
    api.create(**api.sns)
    text = "An event destination with name <one> already exists for configuration set <letters>."
    assert api.error("EventDestinationAlreadyExists", "AlreadyExistsException", text) == refusal(
        api.create, **api.sns
    )


def test_full(api):
    """An eleventh event destination is one too many."""
    for number in range(10):
        api.create(f"one-{number}", **api.sns)
    text = "The limit of 10 event destinations is reached."
    assert api.error("LimitExceeded", "LimitExceededException", text) == refusal(
        api.create, "eleventh", **api.sns
    )


@pytest.mark.parametrize("verb", ["create", "update"])
def test_no_types(api, verb):
    """An event destination is for one type of events at least."""
    api.create(**api.sns)
    assert api.invalid("At least one event type must be specified.") == refusal(
        getattr(api, verb), types=[], **api.sns
    )


@pytest.mark.parametrize("verb", ["create", "update"])
def test_no_target(api, verb):
    """An event destination has a target."""
    api.create(**api.sns)
    assert api.invalid("Event destination is not provided.") == refusal(getattr(api, verb))


@pytest.mark.parametrize("verb", ["create", "update"])
def test_two_targets(api, verb):
    """An event destination has one target alone."""
    api.create(**api.sns)
    dimension = DIMENSION_V1 if api.v1 else DIMENSION_V2
    metrics = {"CloudWatchDestination": {"DimensionConfigurations": [dimension]}}
    assert api.invalid(
        "Please provide only one destination with each request. Either a Firehose Destination "
        "or a Cloudwatch Destination or an SNS Destination or an EventBridge Destination."
    ) == refusal(getattr(api, verb), **api.sns, **metrics)


def test_bad_name(api):
    """A name has letters, digits, underscores and hyphens."""
    assert api.invalid(
        "Invalid event destination name <a b>: "
        "only alphanumeric ASCII characters, '_', and '-' are allowed."
    ) == refusal(api.create, "a b", **api.sns)


def test_no_dimensions(api):
    """A CloudWatch target has one dimension at least."""
    assert api.error(
        "InvalidCloudWatchDestination",
        "BadRequestException",
        "CloudWatch metrics dimension configuration list cannot be empty.",
    ) == refusal(api.create, CloudWatchDestination={"DimensionConfigurations": []})


@pytest.mark.parametrize("verb", ["create", "update"])
@pytest.mark.parametrize("word", ["deliveryDelay", "subscription", "SEND"])
def test_unknown_type_in_v1(v1, verb, word):
    """v1 knows eight event types and names them in its own order, before it looks at anything."""
    assert (
        "ValidationError",
        400,
        (
            "1 validation error detected: Value at 'eventDestination.matchingEventTypes' failed to "
            "satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: "
            "[click, bounce, send, open, complaint, delivery, renderingFailure, reject]]"
        ),
    ) == refusal(getattr(v1, verb), of="other", types=["open", word], **v1.sns)


def test_unknown_type_in_v2(v2):
    """v2 refuses an event type that its model does not have."""
    code, status, text = refusal(v2.create, types=["send"], **v2.sns)
    assert ("BadRequestException", 400) == (code, status)
    assert text.startswith(
        "1 validation error detected: Value at 'eventDestination.matchingEventTypes' failed to "
        "satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: ["
    )


def test_other_bus(v2):
    """Only the default bus of the account in its region takes events; the text is our own."""
    arn = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
    text = f"The event bus <{arn}> is not the default bus of this account and region, <{BUS}>."
    assert ("BadRequestException", 400, text) == refusal(
        v2.create, EventBridgeDestination={"EventBusArn": arn}
    )


@pytest.mark.parametrize(("project", "shown"), [({"ApplicationArn": "mine"}, "mine"), ({}, "null")])
def test_bad_project(v2, project, shown):
    """A Pinpoint project is named by the ARN of one."""
    text = f"Invalid Pinpoint application ARN provided: {shown}."
    assert ("BadRequestException", 400, text) == refusal(v2.create, PinpointDestination=project)
