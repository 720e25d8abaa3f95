"""Event destinations: names, event types and targets."""

import pytest

from pytest_ses.domain import errors
from pytest_ses.domain.configuration import configuration_sets, event_destinations
from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
from pytest_ses.domain.configuration.event_destinations import Definition
from pytest_ses.domain.configuration.targets import (
    CloudWatchTarget,
    Dimension,
    EventBridgeTarget,
    EventDestination,
    FirehoseTarget,
    PinpointTarget,
    SnsTarget,
)

TOPIC = SnsTarget("arn:aws:sns:us-east-1:123456789012:events")
STREAM = FirehoseTarget(
    "arn:aws:iam::123456789012:role/r",
    "arn:aws:firehose:us-east-1:123456789012:deliverystream/s",
)
METRICS = CloudWatchTarget((Dimension("ses:configuration-set", "MESSAGE_TAG", "no.set@all"),))
BUS = EventBridgeTarget("arn:aws:events:us-east-1:123456789012:event-bus/default")
PROJECT = PinpointTarget("arn:aws:mobiletargeting:eu-west-1:123456789012:apps/0123abc")


def definition(*targets, enabled=True, event_types=("SEND",)):
    """The definition of an event destination as given in a request."""
    return Definition(enabled, event_types, targets)


def error_message(kind, function, *args):
    """The message of the error that a call raises."""
    with pytest.raises(kind) as caught:
        function(*args)
    assert kind is caught.type
    return caught.value.message


@pytest.fixture(name="destinations")
def _destinations(account):
    """The event destinations of the configuration set `letters`."""
    return configuration_sets.create(account, ConfigurationSet("letters")).event_destinations


@pytest.mark.parametrize("target", [TOPIC, STREAM, METRICS, BUS, PROJECT])
def test_create(account, destinations, target):
    """An event destination with any kind of target is stored under its name."""
    requested = definition(target, event_types=["OPEN", "CLICK", "OPEN"])
    created = event_destinations.create(account, "letters", "one", requested)
    assert (
        EventDestination("one", enabled=True, event_types=("OPEN", "CLICK"), target=target)
        == created
    )
    assert {"one": created} == dict(destinations)


def test_update(account, destinations):
    """An update replaces the whole definition and keeps the position in the list."""
    event_destinations.create(account, "letters", "one", definition(TOPIC))
    event_destinations.create(account, "letters", "two", definition(TOPIC))
    requested = definition(BUS, enabled=False, event_types=["BOUNCE"])
    updated = event_destinations.update(account, "letters", "one", requested)
    assert EventDestination("one", enabled=False, event_types=("BOUNCE",), target=BUS) == updated
    assert ["one", "two"] == [destination.name for destination in destinations.values()]


def test_delete(account, destinations):
    """A deleted event destination no longer exists."""
    event_destinations.create(account, "letters", "one", definition(TOPIC))
    event_destinations.delete(account, "letters", "one")
    assert {} == dict(destinations)


def test_deleted_with_its_set(account, destinations):
    """A configuration set that is created again does not have the old event destinations."""
    event_destinations.create(account, "letters", "one", definition(TOPIC))
    configuration_sets.delete(account, "letters")
    configuration_set = configuration_sets.create(account, ConfigurationSet("letters"))
    assert {} == dict(configuration_set.event_destinations)


@pytest.mark.parametrize(
    ("function", "arguments"),
    [
        (event_destinations.create, [definition()]),
        (event_destinations.update, [definition()]),
        (event_destinations.delete, []),
    ],
    ids=["create", "update", "delete"],
)
def test_missing_set(account, function, arguments):
    """The configuration set is looked up before anything else is checked."""
    assert "Configuration set <letters> does not exist." == error_message(
        errors.ConfigurationSetDoesNotExist, function, account, "letters", "bad name", *arguments
    )


@pytest.mark.parametrize(
    ("function", "arguments"),
    [(event_destinations.update, [definition()]), (event_destinations.delete, [])],
    ids=["update", "delete"],
)
@pytest.mark.usefixtures("destinations")
def test_missing(account, function, arguments):
    """The error for a missing event destination contains its name and its configuration set."""
    expected = (
        "An event destination with name <one> does not exist for configuration set <letters>."
    )
    assert expected == error_message(
        errors.EventDestinationDoesNotExist, function, account, "letters", "one", *arguments
    )


@pytest.mark.usefixtures("destinations")
def test_duplicate(account):
    """A duplicate name within a configuration set is rejected."""
    event_destinations.create(account, "letters", "one", definition(TOPIC))
    expected = (
        "An event destination with name <one> already exists for configuration set <letters>."
    )
    assert expected == error_message(
        errors.EventDestinationAlreadyExists,
        event_destinations.create,
        account,
        "letters",
        "one",
        definition(TOPIC),
    )


@pytest.mark.usefixtures("destinations")
def test_full(account):
    """A configuration set has at most ten event destinations."""
    for number in range(10):
        event_destinations.create(account, "letters", f"one-{number}", definition(TOPIC))
    assert "The limit of 10 event destinations is reached." == error_message(
        errors.LimitExceeded,
        event_destinations.create,
        account,
        "letters",
        "eleventh",
        definition(TOPIC),
    )


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "The event destination name must be specified."),
        (
            "ü" * 65,
            (
                f"Invalid event destination name <{'ü' * 65}>: "
                "only alphanumeric ASCII characters, '_', and '-' are allowed."
            ),
        ),
        ("x" * 65, "Event destination name cannot exceed 64 characters."),
    ],
)
@pytest.mark.usefixtures("destinations")
def test_bad_name(account, name, expected):
    """The name is checked for presence, then characters, then length."""
    assert expected == error_message(
        errors.InvalidParameterValue,
        event_destinations.create,
        account,
        "letters",
        name,
        definition(),
    )


@pytest.mark.parametrize(
    ("invalid", "expected"),
    [
        (definition(event_types=()), "At least one event type must be specified."),
        (definition(), "Event destination is not provided."),
        (
            definition(TOPIC, METRICS),
            (
                "Please provide only one destination with each request. Either a Firehose Destination "
                "or a Cloudwatch Destination or an SNS Destination or an EventBridge Destination."
            ),
        ),
    ],
    ids=["no type", "no target", "two targets"],
)
@pytest.mark.usefixtures("destinations")
def test_bad_definition(account, invalid, expected):
    """An event destination needs at least one event type and exactly one target."""
    assert expected == error_message(
        errors.InvalidParameterValue,
        event_destinations.create,
        account,
        "letters",
        "one",
        invalid,
    )


def dimensions(count=1, *, name="campaign", default="none"):
    """A CloudWatch target with `count` equal dimensions."""
    return CloudWatchTarget((Dimension(name, "EMAIL_HEADER", default),) * count)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (dimensions(0), "CloudWatch metrics dimension configuration list cannot be empty."),
        (
            dimensions(11),
            "A CloudWatch destination can have at most 10 dimensions; 11 were specified.",
        ),
        (
            dimensions(name="a b"),
            "The dimension name <a b> is invalid: it must match [A-Za-z0-9_:-]+ and have at most 256 characters.",
        ),
        (
            dimensions(default="a:b"),
            (
                "The dimension default value <a:b> is invalid: it must match [A-Za-z0-9_@.-]+ "
                "and have at most 256 characters."
            ),
        ),
        (
            dimensions(name="x" * 257),
            (
                f"The dimension name <{'x' * 257}> is invalid: it must match [A-Za-z0-9_:-]+ "
                "and have at most 256 characters."
            ),
        ),
        (
            dimensions(default=""),
            (
                "The dimension default value <> is invalid: it must match [A-Za-z0-9_@.-]+ "
                "and have at most 256 characters."
            ),
        ),
    ],
)
@pytest.mark.usefixtures("destinations")
def test_bad_dimensions(account, target, expected):
    """A CloudWatch target has one to ten dimensions with restricted names and values."""
    assert expected == error_message(
        errors.InvalidCloudWatchDestination,
        event_destinations.create,
        account,
        "letters",
        "one",
        definition(target),
    )


@pytest.mark.parametrize(
    "name", ["Received", "To", "From", "DKIM-Signature", "CC", "message-id", "return-path"]
)
def test_headers_without_dimension(account, destinations, name):
    """Some headers cannot be the source of a dimension, whatever their case."""
    # This text is our own; SES's is unknown.
    expected = f"The header <{name}> cannot be the source of a dimension."
    create = (event_destinations.create, account, "letters", "one")
    header = definition(dimensions(name=name))

    assert expected == error_message(errors.InvalidCloudWatchDestination, *create, header)

    tag = CloudWatchTarget((Dimension(name, "MESSAGE_TAG", "none"),))
    event_destinations.create(account, "letters", "one", definition(tag))
    assert tag == destinations["one"].target


@pytest.mark.parametrize("target", [dimensions(10), dimensions(name="x" * 256, default="x" * 256)])
def test_most_dimensions(account, destinations, target):
    """Ten dimensions and 256 characters are accepted."""
    event_destinations.create(account, "letters", "one", definition(target))
    assert target == destinations["one"].target


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:events:us-east-1:123456789012:event-bus/orders",
        "arn:aws:events:eu-west-1:123456789012:event-bus/default",
        "arn:aws:events:us-east-1:111122223333:event-bus/default",
        "default",
    ],
)
@pytest.mark.usefixtures("destinations")
def test_other_bus(account, arn):
    """Only the default bus of the same account and region is accepted."""
    expected = (
        f"The event bus <{arn}> is not the default bus of this account and region, "
        f"<{BUS.event_bus_arn}>."
    )
    assert expected == error_message(
        errors.InvalidEventBridgeDestination,
        event_destinations.create,
        account,
        "letters",
        "one",
        definition(EventBridgeTarget(arn)),
    )


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("my-project", "Invalid Pinpoint application ARN provided: my-project."),
        (None, "Invalid Pinpoint application ARN provided: null."),
    ],
)
@pytest.mark.usefixtures("destinations")
def test_bad_project(account, arn, expected):
    """A Pinpoint project must be given by its ARN."""
    assert expected == error_message(
        errors.InvalidPinpointDestination,
        event_destinations.create,
        account,
        "letters",
        "one",
        definition(PinpointTarget(arn)),
    )


def test_failed_update_changes_nothing(account, destinations):
    """A rejected update leaves the event destination unchanged."""
    created = event_destinations.create(account, "letters", "one", definition(TOPIC))
    error_message(
        errors.InvalidPinpointDestination,
        event_destinations.update,
        account,
        "letters",
        "one",
        definition(PinpointTarget("x")),
    )
    assert {"one": created} == dict(destinations)
