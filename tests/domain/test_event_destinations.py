"""Event destinations: names, event types, and one target of each kind."""

import pytest

from pytest_ses.domain import configuration, errors, event_destinations
from pytest_ses.domain.configuration import ConfigurationSet
from pytest_ses.domain.event_destinations import (
    SNS,
    CloudWatch,
    Definition,
    Dimension,
    EventBridge,
    EventDestination,
    Firehose,
    Pinpoint,
)

TOPIC = SNS("arn:aws:sns:us-east-1:123456789012:events")
STREAM = Firehose(
    "arn:aws:iam::123456789012:role/r", "arn:aws:firehose:us-east-1:1:deliverystream/s"
)
METRICS = CloudWatch((Dimension("ses:configuration-set", "MESSAGE_TAG", "no.set@all"),))
BUS = EventBridge("arn:aws:events:us-east-1:123456789012:event-bus/default")
PROJECT = Pinpoint("arn:aws:mobiletargeting:eu-west-1:123456789012:apps/0123abc")


def definition(*targets, enabled=True, event_types=("SEND",)):
    """What a request says."""
    return Definition(enabled, event_types, targets)


def refusal(kind, function, *args):
    """What the function says when it refuses."""
    with pytest.raises(kind) as caught:
        function(*args)
    assert kind is caught.type
    return caught.value.message


@pytest.fixture(name="letters")
def _letters(account):
    """The event destinations of the configuration set `letters`."""
    return configuration.create(account, ConfigurationSet("letters")).event_destinations


@pytest.mark.parametrize("target", [TOPIC, STREAM, METRICS, BUS, PROJECT])
def test_create(account, letters, target):
    """An event destination of each kind is kept under its name."""
    wanted = definition(target, event_types=["OPEN", "CLICK", "OPEN"])
    created = event_destinations.create(account, "letters", "one", wanted)
    assert (
        EventDestination("one", enabled=True, event_types=("OPEN", "CLICK"), target=target)
        == created
    )
    assert {"one": created} == dict(letters)


def test_update(account, letters):
    """An update replaces all that an event destination says, and leaves it in its place."""
    event_destinations.create(account, "letters", "one", definition(TOPIC))
    event_destinations.create(account, "letters", "two", definition(TOPIC))
    wanted = definition(BUS, enabled=False, event_types=["BOUNCE"])
    updated = event_destinations.update(account, "letters", "one", wanted)
    assert EventDestination("one", enabled=False, event_types=("BOUNCE",), target=BUS) == updated
    assert ["one", "two"] == [one.name for one in letters.values()]


def test_delete(account, letters):
    """A deleted event destination is gone."""
    event_destinations.create(account, "letters", "one", definition(TOPIC))
    event_destinations.delete(account, "letters", "one")
    assert {} == dict(letters)


def test_gone_with_its_set(account, letters):
    """A configuration set that is made anew has none of the old event destinations."""
    event_destinations.create(account, "letters", "one", definition(TOPIC))
    configuration.delete(account, "letters")
    anew = configuration.create(account, ConfigurationSet("letters"))
    assert {} == dict(anew.event_destinations)


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
    """The configuration set is looked for before all else."""
    assert "Configuration set <letters> does not exist." == refusal(
        errors.ConfigurationSetDoesNotExist, function, account, "letters", "bad name", *arguments
    )


@pytest.mark.parametrize(
    ("function", "arguments"),
    [(event_destinations.update, [definition()]), (event_destinations.delete, [])],
    ids=["update", "delete"],
)
@pytest.mark.usefixtures("letters")
def test_missing(account, function, arguments):
    """An event destination that is not there is missed by name and set."""
    expected = (
        "An event destination with name <one> does not exist for configuration set <letters>."
    )
    assert expected == refusal(
        errors.EventDestinationDoesNotExist, function, account, "letters", "one", *arguments
    )


@pytest.mark.usefixtures("letters")
def test_duplicate(account):
    """A name can be given once in a configuration set."""
    event_destinations.create(account, "letters", "one", definition(TOPIC))
    expected = (
        "An event destination with name <one> already exists for configuration set <letters>."
    )
    assert expected == refusal(
        errors.EventDestinationAlreadyExists,
        event_destinations.create,
        account,
        "letters",
        "one",
        definition(TOPIC),
    )


@pytest.mark.usefixtures("letters")
def test_full(account):
    """A configuration set has at most ten event destinations."""
    for number in range(10):
        event_destinations.create(account, "letters", f"one-{number}", definition(TOPIC))
    assert "The limit of 10 event destinations is reached." == refusal(
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
@pytest.mark.usefixtures("letters")
def test_bad_name(account, name, expected):
    """A name is looked at for being there, then for characters, then for length."""
    assert expected == refusal(
        errors.InvalidParameterValue,
        event_destinations.create,
        account,
        "letters",
        name,
        definition(),
    )


@pytest.mark.parametrize(
    ("wanted", "expected"),
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
@pytest.mark.usefixtures("letters")
def test_bad_definition(account, wanted, expected):
    """An event destination is for one type of events at least, and has exactly one target."""
    assert expected == refusal(
        errors.InvalidParameterValue,
        event_destinations.create,
        account,
        "letters",
        "one",
        wanted,
    )


def dimensions(count=1, *, name="campaign", default="none"):
    """A CloudWatch target with that many dimensions."""
    return CloudWatch((Dimension(name, "EMAIL_HEADER", default),) * count)


@pytest.mark.parametrize(
    ("target", "expected"),
    [
        (dimensions(0), "CloudWatch metrics dimension configuration list cannot be empty."),
        (dimensions(11), "A CloudWatch destination has at most 10 dimensions; these are 11."),
        (
            dimensions(name="a b"),
            "The dimension name <a b> does not match [A-Za-z0-9_:-]+ with at most 256 characters.",
        ),
        (
            dimensions(default="a:b"),
            (
                "The dimension default value <a:b> does not match [A-Za-z0-9_@.-]+ "
                "with at most 256 characters."
            ),
        ),
        (
            dimensions(name="x" * 257),
            (
                f"The dimension name <{'x' * 257}> does not match [A-Za-z0-9_:-]+ "
                "with at most 256 characters."
            ),
        ),
        (
            dimensions(default=""),
            (
                "The dimension default value <> does not match [A-Za-z0-9_@.-]+ "
                "with at most 256 characters."
            ),
        ),
    ],
)
@pytest.mark.usefixtures("letters")
def test_bad_dimensions(account, target, expected):
    """A CloudWatch target has one to ten dimensions of ASCII words."""
    assert expected == refusal(
        errors.InvalidCloudWatchDestination,
        event_destinations.create,
        account,
        "letters",
        "one",
        definition(target),
    )


@pytest.mark.parametrize("target", [dimensions(10), dimensions(name="x" * 256, default="x" * 256)])
def test_most_dimensions(account, letters, target):
    """Ten dimensions and 256 characters are not too many."""
    event_destinations.create(account, "letters", "one", definition(target))
    assert target == letters["one"].target


@pytest.mark.parametrize(
    "arn",
    [
        "arn:aws:events:us-east-1:123456789012:event-bus/orders",
        "arn:aws:events:eu-west-1:123456789012:event-bus/default",
        "arn:aws:events:us-east-1:111122223333:event-bus/default",
        "default",
    ],
)
@pytest.mark.usefixtures("letters")
def test_other_bus(account, arn):
    """Only the default bus of the same account and region takes events."""
    expected = (
        f"The event bus <{arn}> is not the default bus of this account and region, "
        f"<{BUS.event_bus_arn}>."
    )
    assert expected == refusal(
        errors.InvalidEventBridgeDestination,
        event_destinations.create,
        account,
        "letters",
        "one",
        definition(EventBridge(arn)),
    )


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        ("my-project", "Invalid Pinpoint application ARN provided: my-project."),
        (None, "Invalid Pinpoint application ARN provided: null."),
    ],
)
@pytest.mark.usefixtures("letters")
def test_bad_project(account, arn, expected):
    """A Pinpoint project is named by the ARN of one."""
    assert expected == refusal(
        errors.InvalidPinpointDestination,
        event_destinations.create,
        account,
        "letters",
        "one",
        definition(Pinpoint(arn)),
    )


def test_failed_update_changes_nothing(account, letters):
    """An update that is refused leaves the event destination as it was."""
    created = event_destinations.create(account, "letters", "one", definition(TOPIC))
    refusal(
        errors.InvalidPinpointDestination,
        event_destinations.update,
        account,
        "letters",
        "one",
        definition(Pinpoint("x")),
    )
    assert {"one": created} == dict(letters)
