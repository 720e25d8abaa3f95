"""Configuration sets: names, options, pausing."""

from datetime import datetime, timedelta, timezone

import pytest

from pytest_ses.domain import configuration, dedicated_ips, errors, identities
from pytest_ses.domain.account import Account
from pytest_ses.domain.configuration import (
    ConfigurationSet,
    DeliveryOptions,
    SuppressionOptions,
    TrackingOptions,
)

NOON = datetime(2026, 3, 1, 12, tzinfo=timezone.utc)


class Watch:
    """A clock that goes when it is told to."""

    def __init__(self):
        self.time = NOON

    def now(self):
        return self.time


@pytest.fixture(name="watch")
def _watch():
    return Watch()


@pytest.fixture(name="account")
def _account(watch):
    account = Account("123456789012", "us-east-1", clock=watch, outbox=[])
    configuration.create(account, ConfigurationSet("letters"))
    return account


def text(kind, function, *args, **kwargs):
    """What the function says when it refuses."""
    with pytest.raises(kind) as refusal:
        function(*args, **kwargs)
    assert kind is refusal.type
    return refusal.value.message


def test_defaults(account):
    """A new configuration set sends, publishes no metrics and overrides nothing."""
    found = configuration.find(account, "letters")
    assert (True, False, None) == (
        found.sending_enabled,
        found.reputation_metrics_enabled,
        found.last_fresh_start,
    )
    assert (None, DeliveryOptions(), SuppressionOptions()) == (
        found.tracking,
        found.delivery,
        found.suppression,
    )
    assert ({}, 0) == (found.tags, len(found.event_destinations))


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
        lambda account, name: configuration.create(account, ConfigurationSet(name)),
        configuration.find,
        configuration.delete,
    ],
    ids=["create", "find", "delete"],
)
def test_bad_name(account, function, name, expected):
    """A name is looked at for being there, then for length, then for characters."""
    assert expected == text(errors.InvalidParameterValue, function, account, name)


def test_longest_name(account):
    """A name may have 64 characters."""
    name = "aZ0_-" + "x" * 59
    configuration.create(account, ConfigurationSet(name))
    assert name in account.configuration_sets


def test_duplicate(account):
    """A name can be given once."""
    assert "Configuration set <letters> already exists." == text(
        errors.ConfigurationSetAlreadyExists,
        configuration.create,
        account,
        ConfigurationSet("letters"),
    )


def test_full(account):
    """An account has at most 10,000 configuration sets."""
    for number in range(9_999):
        configuration.create(account, ConfigurationSet(f"set-{number}"))
    assert "The limit of 10000 configuration sets is reached." == text(
        errors.LimitExceeded, configuration.create, account, ConfigurationSet("more")
    )


def test_failed_create_leaves_nothing(account):
    """A configuration set whose options are refused is not kept."""
    wanted = ConfigurationSet("more", tracking=TrackingOptions("click.example.com"))
    text(errors.InvalidTrackingOptions, configuration.create, account, wanted)
    wanted = ConfigurationSet("more", delivery=DeliveryOptions(sending_pool_name="mine"))
    text(errors.InvalidParameterValue, configuration.create, account, wanted)
    assert ["letters"] == list(account.configuration_sets)


@pytest.mark.parametrize(
    "function", [configuration.find, configuration.delete, configuration.sending]
)
def test_missing(account, function):
    """A configuration set that is not there is missed by name."""
    assert "Configuration set <other> does not exist." == text(
        errors.ConfigurationSetDoesNotExist, function, account, "other"
    )


def test_delete(account):
    """A deleted configuration set is gone."""
    configuration.delete(account, "letters")
    assert {} == dict(account.configuration_sets)


def test_sending(account):
    """A mail may name a configuration set unless its sending is off."""
    assert account.configuration_sets["letters"] is configuration.sending(account, "letters")
    configuration.set_sending_enabled(account, "letters", enabled=False)
    assert "Sending is paused for configuration set letters" == text(
        errors.ConfigurationSetSendingPaused, configuration.sending, account, "letters"
    )


def test_fresh_start(account, watch):
    """The reputation starts afresh when sending is switched on again, and only then."""
    found = account.configuration_sets["letters"]
    configuration.set_sending_enabled(account, "letters", enabled=True)
    configuration.set_sending_enabled(account, "letters", enabled=False)
    assert None is found.last_fresh_start
    watch.time += timedelta(hours=1)
    configuration.set_sending_enabled(account, "letters", enabled=True)
    watch.time += timedelta(hours=1)
    configuration.set_sending_enabled(account, "letters", enabled=True)
    assert NOON + timedelta(hours=1) == found.last_fresh_start


@pytest.mark.parametrize(("part", "expected"), [("ETT", True), ("letters", True), ("ex", False)])
def test_name_contains(account, part, expected):
    """A part of a name is found in capitals or not."""
    found = account.configuration_sets["letters"]
    assert expected is configuration.name_contains(part, found)


def test_simple_options(account):
    """Metrics, archive, VDM and message security are kept as they are given."""
    configuration.set_reputation_metrics_enabled(account, "letters", enabled=True)
    configuration.put_archive(account, "letters", "arn:archive")
    configuration.put_vdm_options(account, "letters", {"DashboardOptions": {}})
    configuration.put_message_security_options(account, "letters", {"SigningScheme": {}})
    found = account.configuration_sets["letters"]
    assert (True, "arn:archive", {"DashboardOptions": {}}, {"SigningScheme": {}}) == (
        found.reputation_metrics_enabled,
        found.archive_arn,
        found.vdm_options,
        found.message_security_options,
    )


class TestTracking:
    @pytest.fixture(autouse=True)
    def _verified(self, account):
        identities.verify(account, "example.com")

    @pytest.mark.parametrize("policy", [None, "OPTIONAL", "REQUIRE", "REQUIRE_OPEN_ONLY"])
    def test_put(self, account, policy):
        """The redirect domain is a verified one, or lies in one."""
        wanted = TrackingOptions("click.example.com", policy)
        configuration.put_tracking(account, "letters", wanted)
        assert wanted == account.configuration_sets["letters"].tracking

    def test_put_none(self, account):
        """Without options SES's own domains are used again."""
        configuration.put_tracking(account, "letters", TrackingOptions("example.com"))
        configuration.put_tracking(account, "letters", None)
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
    def test_refused(self, account, domain, kind, expected):
        """The domain is looked at for being there and verified, and then the HTTPS policy."""
        wanted = TrackingOptions(domain, "ALWAYS")
        assert expected == text(kind, configuration.put_tracking, account, "letters", wanted)
        assert None is account.configuration_sets["letters"].tracking

    def test_create_update_delete(self, account):
        """A new domain keeps the HTTPS policy; deleting forgets both."""
        configuration.create_tracking(account, "letters", TrackingOptions("example.com", "REQUIRE"))
        configuration.update_tracking(account, "letters", "click.example.com")
        found = account.configuration_sets["letters"]
        assert TrackingOptions("click.example.com", "REQUIRE") == found.tracking
        configuration.delete_tracking(account, "letters")
        assert None is found.tracking

    def test_create_twice(self, account):
        """Options that are there already are not created again."""
        configuration.create_tracking(account, "letters", TrackingOptions("example.com"))
        assert "Configuration set <letters> already has tracking options." == text(
            errors.TrackingOptionsAlreadyExists,
            configuration.create_tracking,
            account,
            "letters",
            TrackingOptions("example.com"),
        )

    @pytest.mark.parametrize(
        ("function", "arguments"),
        [(configuration.update_tracking, ["example.com"]), (configuration.delete_tracking, [])],
        ids=["update", "delete"],
    )
    def test_without(self, account, function, arguments):
        """Options that are not there cannot be changed or deleted."""
        assert "There are no tracking options for configuration set <letters>" == text(
            errors.TrackingOptionsDoesNotExist, function, account, "letters", *arguments
        )


class TestDelivery:
    def test_put(self, account):
        """The pool is one of the account's."""
        dedicated_ips.create_pool(account, "mine")
        wanted = DeliveryOptions("REQUIRE", "mine", 300)
        configuration.put_delivery(account, "letters", wanted)
        assert wanted == account.configuration_sets["letters"].delivery

    def test_put_tls_policy(self, account):
        """The TLS policy changes alone."""
        dedicated_ips.create_pool(account, "mine")
        configuration.put_delivery(account, "letters", DeliveryOptions("REQUIRE", "mine", 300))
        configuration.put_tls_policy(account, "letters", None)
        found = account.configuration_sets["letters"]
        assert DeliveryOptions(None, "mine", 300) == found.delivery

    @pytest.mark.parametrize(
        ("pool", "expected"),
        [
            ("", "sendingPoolName can't be blank."),
            (" ", "sendingPoolName can't be blank."),
            ("mine", "SendingPool <mine> doesn't exist"),
        ],
    )
    def test_refused(self, account, pool, expected):
        """A pool has a name and is there."""
        wanted = DeliveryOptions(sending_pool_name=pool)
        assert expected == text(
            errors.InvalidParameterValue, configuration.put_delivery, account, "letters", wanted
        )


class TestSuppression:
    @pytest.mark.parametrize("reasons", [None, (), ("BOUNCE",), ("COMPLAINT", "BOUNCE")])
    def test_put(self, account, reasons):
        """No reasons and an empty list of reasons are not the same."""
        configuration.put_suppression(account, "letters", SuppressionOptions(reasons))
        assert reasons == account.configuration_sets["letters"].suppression.suppressed_reasons

    def test_refused(self, account):
        """A reason is a bounce or a complaint."""
        wanted = SuppressionOptions(("BOUNCE", "SPITE"))
        assert "Reason SPITE is invalid, must be one of [BOUNCE, COMPLAINT]." == text(
            errors.InvalidParameterValue, configuration.put_suppression, account, "letters", wanted
        )
