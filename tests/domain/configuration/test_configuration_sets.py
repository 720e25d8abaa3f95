"""Names, options and pausing of configuration sets."""

from datetime import datetime, timedelta, timezone

import pytest

from pytest_ses.clock import Clock
from pytest_ses.domain import errors
from pytest_ses.domain.account import Account
from pytest_ses.domain.configuration import configuration_sets, dedicated_ips
from pytest_ses.domain.configuration.configuration_sets import (
    ConfigurationSet,
    DeliveryOptions,
    SuppressionOptions,
    TrackingOptions,
)
from pytest_ses.domain.identities import identities

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


class ManualClock(Clock):
    """A clock that is set by the test."""

    def __init__(self):
        super().__init__()
        self.time = NOON

    def now(self):
        return self.time


@pytest.fixture(name="clock")
def _clock():
    return ManualClock()


@pytest.fixture(name="account")
def _account(clock):
    account = Account("123456789012", "us-east-1", clock=clock)
    configuration_sets.create(account, ConfigurationSet("letters"))
    return account


def error_message(kind, function, *args, **kwargs):
    """The message of the error that a call raises."""
    with pytest.raises(kind) as caught:
        function(*args, **kwargs)
    assert kind is caught.type
    return caught.value.message


def test_defaults(account):
    """A new configuration set can send, publishes no metrics and overrides nothing."""
    configuration_set = configuration_sets.find(account, "letters")
    assert (True, False, None) == (
        configuration_set.sending_enabled,
        configuration_set.reputation_metrics_enabled,
        configuration_set.last_fresh_start,
    )
    assert (None, DeliveryOptions(), SuppressionOptions()) == (
        configuration_set.tracking,
        configuration_set.delivery,
        configuration_set.suppression,
    )
    assert ({}, 0) == (configuration_set.tags, len(configuration_set.event_destinations))


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("", "The configuration set name must be specified."),
        ("ü" * 65, "Configuration set name cannot exceed 64 characters."),
        (
            "a b",
            (
                "Invalid configuration set name <a b>: "
                "only alphanumeric ASCII characters, '_', and '-' are allowed."
            ),
        ),
        (
            "ü",
            (
                "Invalid configuration set name <ü>: "
                "only alphanumeric ASCII characters, '_', and '-' are allowed."
            ),
        ),
    ],
)
@pytest.mark.parametrize(
    "function",
    [
        lambda account, name: configuration_sets.create(account, ConfigurationSet(name)),
        configuration_sets.find,
        configuration_sets.delete,
    ],
    ids=["create", "find", "delete"],
)
def test_bad_name(account, function, name, expected):
    """The name is checked for presence, then length, then characters."""
    assert expected == error_message(errors.InvalidParameterValue, function, account, name)


def test_longest_name(account):
    """A name can have 64 characters."""
    name = "aZ0_-" + "x" * 59
    configuration_sets.create(account, ConfigurationSet(name))
    assert name in account.configuration_sets


def test_duplicate(account):
    """A duplicate name is rejected."""
    assert "Configuration set <letters> already exists." == error_message(
        errors.ConfigurationSetAlreadyExists,
        configuration_sets.create,
        account,
        ConfigurationSet("letters"),
    )


def test_full(account):
    """An account has at most 10,000 configuration sets."""
    for number in range(9_999):
        configuration_sets.create(account, ConfigurationSet(f"set-{number}"))
    assert "The limit of 10000 configuration sets is reached." == error_message(
        errors.LimitExceeded, configuration_sets.create, account, ConfigurationSet("more")
    )


def test_failed_create_leaves_nothing(account):
    """A configuration set with invalid options is not stored."""
    invalid = ConfigurationSet("more", tracking=TrackingOptions("click.example.com"))
    error_message(errors.InvalidTrackingOptions, configuration_sets.create, account, invalid)
    invalid = ConfigurationSet("more", delivery=DeliveryOptions(sending_pool_name="mine"))
    error_message(errors.InvalidParameterValue, configuration_sets.create, account, invalid)
    assert ["letters"] == list(account.configuration_sets)


@pytest.mark.parametrize(
    "function",
    [configuration_sets.find, configuration_sets.delete, configuration_sets.find_for_sending],
)
def test_missing(account, function):
    """The error for a missing configuration set contains its name."""
    assert "Configuration set <other> does not exist." == error_message(
        errors.ConfigurationSetDoesNotExist, function, account, "other"
    )


def test_delete(account):
    """A deleted configuration set no longer exists."""
    configuration_sets.delete(account, "letters")
    assert {} == dict(account.configuration_sets)


def test_sending(account):
    """A send can use a configuration set unless its sending is paused."""
    assert account.configuration_sets["letters"] is configuration_sets.find_for_sending(
        account, "letters"
    )
    configuration_sets.set_sending_enabled(account, "letters", enabled=False)
    assert "Sending is paused for configuration set letters" == error_message(
        errors.ConfigurationSetSendingPaused,
        configuration_sets.find_for_sending,
        account,
        "letters",
    )


def test_fresh_start(account, clock):
    """The reputation is reset only when sending is enabled again."""
    configuration_set = account.configuration_sets["letters"]
    configuration_sets.set_sending_enabled(account, "letters", enabled=True)
    configuration_sets.set_sending_enabled(account, "letters", enabled=False)
    assert None is configuration_set.last_fresh_start
    clock.time += timedelta(hours=1)
    configuration_sets.set_sending_enabled(account, "letters", enabled=True)
    clock.time += timedelta(hours=1)
    configuration_sets.set_sending_enabled(account, "letters", enabled=True)
    assert NOON + timedelta(hours=1) == configuration_set.last_fresh_start


@pytest.mark.parametrize(("part", "expected"), [("ETT", True), ("letters", True), ("ex", False)])
def test_name_contains(account, part, expected):
    """A part of a name matches, ignoring case."""
    configuration_set = account.configuration_sets["letters"]
    assert expected is configuration_sets.name_contains(part, configuration_set)


def test_simple_options(account):
    """Metrics, archive, VDM and message security options are stored as given."""
    configuration_sets.set_reputation_metrics_enabled(account, "letters", enabled=True)
    configuration_sets.put_archive(account, "letters", "arn:archive")
    configuration_sets.put_vdm_options(account, "letters", {"DashboardOptions": {}})
    configuration_sets.put_message_security_options(account, "letters", {"SigningScheme": {}})
    configuration_set = account.configuration_sets["letters"]
    assert (True, "arn:archive", {"DashboardOptions": {}}, {"SigningScheme": {}}) == (
        configuration_set.reputation_metrics_enabled,
        configuration_set.archive_arn,
        configuration_set.vdm_options,
        configuration_set.message_security_options,
    )


class TestTracking:
    @pytest.fixture(autouse=True)
    def _verified(self, account):
        identities.verify(account, "example.com")

    @pytest.mark.parametrize("policy", [None, "OPTIONAL", "REQUIRE", "REQUIRE_OPEN_ONLY"])
    def test_put(self, account, policy):
        """The redirect domain is a verified domain or a subdomain of one."""
        options = TrackingOptions("click.example.com", policy)
        configuration_sets.put_tracking(account, "letters", options)
        assert options == account.configuration_sets["letters"].tracking

    def test_put_none(self, account):
        """Without options, SES's own domains are used again."""
        configuration_sets.put_tracking(account, "letters", TrackingOptions("example.com"))
        configuration_sets.put_tracking(account, "letters", None)
        assert None is account.configuration_sets["letters"].tracking

    @pytest.mark.parametrize(
        ("domain", "kind", "expected"),
        [
            ("", errors.RedirectDomainMissing, "CustomRedirectDomain must be specified."),
            (" ", errors.RedirectDomainMissing, "CustomRedirectDomain must be specified."),
            (
                "example.org",
                errors.InvalidTrackingOptions,
                "Domain <example.org> is not verified under this account.",
            ),
            (
                "example.com",
                errors.ValueNotAllowed,
                (
                    "1 validation error detected: Value at 'httpsPolicy' failed to satisfy constraint: "
                    "Member must satisfy enum value set: [OPTIONAL, REQUIRE, REQUIRE_OPEN_ONLY]"
                ),
            ),
        ],
    )
    def test_invalid_options(self, account, domain, kind, expected):
        """The domain is checked first, and then the HTTPS policy."""
        options = TrackingOptions(domain, "ALWAYS")
        assert expected == error_message(
            kind, configuration_sets.put_tracking, account, "letters", options
        )
        assert None is account.configuration_sets["letters"].tracking

    def test_create_update_delete(self, account):
        """A new domain keeps the HTTPS policy; deleting removes both."""
        configuration_sets.create_tracking(
            account, "letters", TrackingOptions("example.com", "REQUIRE")
        )
        configuration_sets.update_tracking(account, "letters", "click.example.com")
        configuration_set = account.configuration_sets["letters"]
        assert TrackingOptions("click.example.com", "REQUIRE") == configuration_set.tracking
        configuration_sets.delete_tracking(account, "letters")
        assert None is configuration_set.tracking

    def test_create_twice(self, account):
        """Tracking options that exist cannot be created again."""
        configuration_sets.create_tracking(account, "letters", TrackingOptions("example.com"))
        assert "Configuration set <letters> already has tracking options." == error_message(
            errors.TrackingOptionsAlreadyExists,
            configuration_sets.create_tracking,
            account,
            "letters",
            TrackingOptions("example.com"),
        )

    @pytest.mark.parametrize(
        ("function", "arguments"),
        [
            (configuration_sets.update_tracking, ["example.com"]),
            (configuration_sets.delete_tracking, []),
        ],
        ids=["update", "delete"],
    )
    def test_no_options(self, account, function, arguments):
        """Tracking options that do not exist cannot be updated or deleted."""
        assert "There are no tracking options for configuration set <letters>" == error_message(
            errors.TrackingOptionsDoesNotExist, function, account, "letters", *arguments
        )


class TestDelivery:
    def test_put(self, account):
        """A pool of the account can be used."""
        dedicated_ips.create_pool(account, "mine")
        options = DeliveryOptions("REQUIRE", "mine", 300)
        configuration_sets.put_delivery(account, "letters", options)
        assert options == account.configuration_sets["letters"].delivery

    def test_put_tls_policy(self, account):
        """The TLS policy can be changed without the other options."""
        dedicated_ips.create_pool(account, "mine")
        configuration_sets.put_delivery(account, "letters", DeliveryOptions("REQUIRE", "mine", 300))
        configuration_sets.put_tls_policy(account, "letters", None)
        configuration_set = account.configuration_sets["letters"]
        assert DeliveryOptions(None, "mine", 300) == configuration_set.delivery

    @pytest.mark.parametrize(
        ("pool", "expected"),
        [
            ("", "sendingPoolName can't be blank."),
            (" ", "sendingPoolName can't be blank."),
            ("mine", "SendingPool <mine> doesn't exist"),
        ],
    )
    def test_invalid_pool(self, account, pool, expected):
        """A pool must have a name and exist."""
        options = DeliveryOptions(sending_pool_name=pool)
        assert expected == error_message(
            errors.InvalidParameterValue,
            configuration_sets.put_delivery,
            account,
            "letters",
            options,
        )


class TestSuppression:
    @pytest.mark.parametrize("reasons", [None, (), ("BOUNCE",), ("COMPLAINT", "BOUNCE")])
    def test_put(self, account, reasons):
        """No reasons and an empty list of reasons are different."""
        configuration_sets.put_suppression(account, "letters", SuppressionOptions(reasons))
        assert reasons == account.configuration_sets["letters"].suppression.suppressed_reasons

    def test_invalid_reason(self, account):
        """A reason is a bounce or a complaint."""
        options = SuppressionOptions(("BOUNCE", "SPITE"))
        assert "Reason SPITE is invalid, must be one of [BOUNCE, COMPLAINT]." == error_message(
            errors.InvalidParameterValue,
            configuration_sets.put_suppression,
            account,
            "letters",
            options,
        )
