"""Event destinations of configuration sets, in both APIs."""

from dataclasses import dataclass
from typing import Any

import pytest
from asking import error_of
from botocore_models import needs

TOPIC = "arn:aws:sns:us-east-1:123456789012:events"
ROLE = "arn:aws:iam::123456789012:role/ses"
STREAM = "arn:aws:firehose:us-east-1:123456789012:deliverystream/events"
NEEDS_EVENT_BRIDGE = needs(
    "sesv2", "CreateConfigurationSetEventDestination", "EventDestination.EventBridgeDestination"
)
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
# The targets that both APIs have, as v1 and as v2 writes them.
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
    pytest.param(
        {"EventBridgeDestination": {"EventBusArn": BUS}}, id="EventBridge", marks=NEEDS_EVENT_BRIDGE
    ),
    pytest.param({"PinpointDestination": {"ApplicationArn": PROJECT}}, id="Pinpoint"),
]


@dataclass
class API:
    """One of the two APIs behind a common interface."""

    client: Any
    v1: bool
    # An SNS target and an event type, which v1 and v2 spell differently.
    sns: dict[str, Any]
    type: str

    def create(self, name="one", *, configuration_set="letters", types=None, **target):
        """Create an event destination."""
        self._write("create", name, configuration_set, types, target)

    def update(self, name="one", *, configuration_set="letters", types=None, **target):
        """Update an event destination."""
        self._write("update", name, configuration_set, types, target)

    def delete(self, name="one", *, configuration_set="letters"):
        """Delete an event destination."""
        self.client.delete_configuration_set_event_destination(
            ConfigurationSetName=configuration_set, EventDestinationName=name
        )

    def read(self, configuration_set="letters"):
        """The event destinations of a configuration set."""
        if self.v1:
            return self.client.describe_configuration_set(
                ConfigurationSetName=configuration_set,
                ConfigurationSetAttributeNames=["eventDestinations"],
            )["EventDestinations"]
        return self.client.get_configuration_set_event_destinations(
            ConfigurationSetName=configuration_set
        )["EventDestinations"]

    def _write(self, verb, name, configuration_set, types, target):
        definition = {"MatchingEventTypes": [self.type] if types is None else types, **target}
        params = {"ConfigurationSetName": configuration_set, "EventDestination": definition}
        if self.v1:
            definition["Name"] = name
        else:
            params["EventDestinationName"] = name
        getattr(self.client, f"{verb}_configuration_set_event_destination")(**params)

    def error(self, v1, v2, text, *, status=400):
        """The code, status and text of an error whose code differs between the APIs."""
        return (v1, 400, text) if self.v1 else (v2, status, text)

    def invalid(self, text):
        """The code, status and text of the error for an invalid value."""
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
def test_shown_in_both(api, v1, v2, in_v1, in_v2):
    """Both APIs show an event destination that either creates, each with its own spelling."""
    api.create(Enabled=True, **(in_v1 if api.v1 else in_v2))
    common = {"Name": "one", "Enabled": True}
    assert [common | {"MatchingEventTypes": ["send"]} | in_v1] == v1.read()
    assert [common | {"MatchingEventTypes": ["SEND"]} | in_v2] == v2.read()


@pytest.mark.parametrize("target", V2_ONLY)
def test_v2_only(v1, v2, target):
    """v1 shows a v2-only event destination without its target and its v2-only event types."""
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
    """v2 shows the eight event types of v1 with its own spelling."""
    v1.create(types=list(TYPES), **v1.sns)
    assert list(TYPES.values()) == v2.read()[0]["MatchingEventTypes"]


@pytest.mark.parametrize(
    ("source", "expected"),
    [("messageTag", "MESSAGE_TAG"), ("emailHeader", "EMAIL_HEADER"), ("linkTag", "LINK_TAG")],
)
def test_dimension_sources(v1, v2, source, expected):
    """v2 shows the dimension sources of v1 with its own spelling."""
    dimension = DIMENSION_V1 | {"DimensionValueSource": source}
    v1.create(CloudWatchDestination={"DimensionConfigurations": [dimension]})
    shown = v2.read()[0]["CloudWatchDestination"]["DimensionConfigurations"][0]
    assert expected == shown["DimensionValueSource"]


def test_no_event_destinations(api):
    """A configuration set without event destinations shows an empty list."""
    assert [] == api.read()


def test_disabled(api):
    """An event destination is disabled by default."""
    api.create(**api.sns)
    assert False is api.read()[0]["Enabled"]


def test_update(api):
    """An update replaces the whole event destination; omitted members are reset."""
    api.create(Enabled=True, **api.sns)
    types = ["click"] if api.v1 else ["CLICK"]
    api.update(types=types, **api.sns)
    assert [(False, types)] == [
        (destination["Enabled"], destination["MatchingEventTypes"]) for destination in api.read()
    ]


def test_delete(api):
    """A deleted event destination is no longer shown."""
    api.create(**api.sns)
    api.delete()
    assert [] == api.read()


def test_response_is_a_copy(ses_backend, v2):
    """Changing a response does not change the account."""
    v2.create(**v2.sns)
    params = {"ConfigurationSetName": "letters"}
    response = ses_backend._call("sesv2", "GetConfigurationSetEventDestinations", params)
    response["EventDestinations"][0]["MatchingEventTypes"].clear()
    response["EventDestinations"].clear()
    assert ["SEND"] == v2.read()[0]["MatchingEventTypes"]


@pytest.mark.parametrize("verb", ["create", "update", "delete", "read"])
def test_missing_set(api, verb):
    """Both APIs reject a missing configuration set with the same text."""
    target = api.sns if verb in {"create", "update"} else {}
    assert api.error(
        "ConfigurationSetDoesNotExist",
        "NotFoundException",
        "Configuration set <other> does not exist.",
        status=404,
    ) == error_of(getattr(api, verb), configuration_set="other", **target)


@pytest.mark.parametrize("verb", ["update", "delete"])
def test_missing(api, verb):
    """A missing event destination is rejected; v1 names only the configuration set."""
    target = api.sns if verb == "update" else {}
    text = (
        "No EventDestination found for letters"
        if api.v1
        else "An event destination with name <one> does not exist for configuration set <letters>."
    )
    assert api.error(
        "EventDestinationDoesNotExist", "NotFoundException", text, status=404
    ) == error_of(getattr(api, verb), **target)


def test_duplicate(api):
    """A duplicate name within a configuration set is rejected."""
    api.create(**api.sns)
    text = "An event destination with name <one> already exists for configuration set <letters>."
    assert api.error("EventDestinationAlreadyExists", "AlreadyExistsException", text) == error_of(
        api.create, **api.sns
    )


def test_limit(api):
    """An eleventh event destination is rejected."""
    for number in range(10):
        api.create(f"one-{number}", **api.sns)
    text = "The limit of 10 event destinations is reached."
    assert api.error("LimitExceeded", "LimitExceededException", text) == error_of(
        api.create, "eleventh", **api.sns
    )


@pytest.mark.parametrize("verb", ["create", "update"])
def test_no_types(api, verb):
    """An event destination without event types is rejected."""
    api.create(**api.sns)
    assert api.invalid("At least one event type must be specified.") == error_of(
        getattr(api, verb), types=[], **api.sns
    )


@pytest.mark.parametrize("verb", ["create", "update"])
def test_no_target(api, verb):
    """An event destination without a target is rejected."""
    api.create(**api.sns)
    assert api.invalid("Event destination is not provided.") == error_of(getattr(api, verb))


@pytest.mark.parametrize("verb", ["create", "update"])
def test_two_targets(api, verb):
    """An event destination with two targets is rejected."""
    api.create(**api.sns)
    dimension = DIMENSION_V1 if api.v1 else DIMENSION_V2
    metrics = {"CloudWatchDestination": {"DimensionConfigurations": [dimension]}}
    assert api.invalid(
        "Please provide only one destination with each request. Either a Firehose Destination "
        "or a Cloudwatch Destination or an SNS Destination or an EventBridge Destination."
    ) == error_of(getattr(api, verb), **api.sns, **metrics)


@pytest.mark.parametrize("verb", ["create", "update", "delete"])
@pytest.mark.parametrize(
    ("name", "text"),
    [
        (
            "a b",
            "Invalid event destination name <a b>: "
            "only alphanumeric ASCII characters, '_', and '-' are allowed.",
        ),
        ("a" * 65, "Event destination name cannot exceed 64 characters."),
    ],
)
def test_invalid_name(api, verb, name, text):
    """An invalid name is rejected as such, even where no destination can have it."""
    target = {} if verb == "delete" else api.sns

    assert api.invalid(text) == error_of(getattr(api, verb), name, **target)


@pytest.mark.parametrize("verb", ["create", "update"])
@pytest.mark.parametrize(
    "topic", ["events", f"{TOPIC}.fifo", STREAM, f"{TOPIC}:x", "arn:aws:sns:us-east-1:1:events"]
)
def test_invalid_topic(api, verb, topic):
    """An SNS target needs the ARN of a standard topic."""
    api.create(**api.sns)
    ((kind, (member, _)),) = ((kind, *target.items()) for kind, target in api.sns.items())
    # This text is our own; SES's is unknown.
    text = f"<{topic}> is not the ARN of a standard SNS topic."
    assert api.error("InvalidSNSDestination", "BadRequestException", text) == error_of(
        getattr(api, verb), **{kind: {member: topic}}
    )


@pytest.mark.parametrize(
    ("role", "stream", "invalid", "kind"),
    [
        ("ses", STREAM, "ses", "an IAM role"),
        ("arn:aws:iam::123456789012:user/ses", STREAM, None, "an IAM role"),
        (ROLE, "events", "events", "a Firehose delivery stream"),
        (ROLE, TOPIC, TOPIC, "a Firehose delivery stream"),
    ],
)
def test_invalid_stream(api, role, stream, invalid, kind):
    """A Firehose target needs the ARNs of a role and of a delivery stream."""
    names = ("IAMRoleARN", "DeliveryStreamARN") if api.v1 else ("IamRoleArn", "DeliveryStreamArn")
    # This text is our own; SES's is unknown.
    text = f"<{invalid or role}> is not the ARN of {kind}."
    assert api.error("InvalidFirehoseDestination", "BadRequestException", text) == error_of(
        api.create, KinesisFirehoseDestination=dict(zip(names, (role, stream), strict=True))
    )


@pytest.mark.parametrize("name", ["Return-Path", "to"])
def test_header_without_dimension(api, name):
    """Some headers cannot be the source of a dimension."""
    # This text is our own; SES's is unknown.
    text = f"The header <{name}> cannot be the source of a dimension."
    dimension = {
        "DimensionName": name,
        "DimensionValueSource": "emailHeader" if api.v1 else "EMAIL_HEADER",
        "DefaultDimensionValue": "none",
    }
    assert api.error("InvalidCloudWatchDestination", "BadRequestException", text) == error_of(
        api.create, CloudWatchDestination={"DimensionConfigurations": [dimension]}
    )


def test_no_dimensions(api):
    """A CloudWatch target without dimensions is rejected."""
    assert api.error(
        "InvalidCloudWatchDestination",
        "BadRequestException",
        "CloudWatch metrics dimension configuration list cannot be empty.",
    ) == error_of(api.create, CloudWatchDestination={"DimensionConfigurations": []})


@pytest.mark.parametrize("verb", ["create", "update"])
@pytest.mark.parametrize("event_type", ["deliveryDelay", "subscription", "SEND"])
def test_unknown_type_in_v1(v1, verb, event_type):
    """v1 rejects an unknown event type before it checks anything else."""
    assert (
        "ValidationError",
        400,
        (
            "1 validation error detected: Value at 'eventDestination.matchingEventTypes' failed to "
            "satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: "
            "[click, bounce, send, open, complaint, delivery, renderingFailure, reject]]"
        ),
    ) == error_of(
        getattr(v1, verb), configuration_set="other", types=["open", event_type], **v1.sns
    )


def test_unknown_type_in_v2(v2):
    """v2 rejects an event type that its model does not have."""
    code, status, text = error_of(v2.create, types=["send"], **v2.sns)
    assert ("BadRequestException", 400) == (code, status)
    assert text.startswith(
        "1 validation error detected: Value at 'eventDestination.matchingEventTypes' failed to "
        "satisfy constraint: Member must satisfy constraint: [Member must satisfy enum value set: ["
    )


@NEEDS_EVENT_BRIDGE
def test_other_bus(v2):
    """An event bus other than the default bus of the account and region is rejected."""
    # This text is our own; SES's is unknown.
    arn = "arn:aws:events:us-east-1:123456789012:event-bus/orders"
    text = f"The event bus <{arn}> is not the default bus of this account and region, <{BUS}>."
    assert ("BadRequestException", 400, text) == error_of(
        v2.create, EventBridgeDestination={"EventBusArn": arn}
    )


@pytest.mark.parametrize(("project", "shown"), [({"ApplicationArn": "mine"}, "mine"), ({}, "null")])
def test_invalid_project(v2, project, shown):
    """A Pinpoint target without a valid application ARN is rejected."""
    text = f"Invalid Pinpoint application ARN provided: {shown}."
    assert ("BadRequestException", 400, text) == error_of(v2.create, PinpointDestination=project)
