"""The options of configuration sets, in both APIs."""

import pytest
from asking import describe, error_of, read, require_operation
from botocore_models import needs

from pytest_ses.api.v2 import configuration as api_v2

ARCHIVE = "arn:aws:ses:us-east-1:123456789012:mailmanager-archive/a-abcdefghijklmnopqrstuvwx"
VDM = {
    "DashboardOptions": {"EngagementMetrics": "ENABLED"},
    "GuardianOptions": {"OptimizedSharedDelivery": "DISABLED"},
}
SMIME = {"SigningScheme": {"SmimeScheme": {"SignatureFormat": "DETACHED"}}}
DOMAIN = {"CustomRedirectDomain": "click.example.com"}
ENUM = (
    "1 validation error detected: Value at '{}' failed to satisfy constraint: "
    "Member must satisfy enum value set: [{}]"
)


@pytest.fixture(name="letters")
def _letters(sesv2_client):
    """The name of an existing configuration set."""
    sesv2_client.create_configuration_set(ConfigurationSetName="letters")
    return "letters"


class TestTrackingInV1:
    @pytest.fixture(autouse=True)
    def _verified(self, ses_backend):
        ses_backend.verify("example.com")

    @needs("sesv2", "PutConfigurationSetTrackingOptions", "HttpsPolicy")
    def test_create_update_delete(self, ses_client, sesv2_client, letters):
        """v1 creates, updates and deletes the domain; an update keeps the policy that v2 set."""
        ses_client.create_configuration_set_tracking_options(
            ConfigurationSetName=letters, TrackingOptions=DOMAIN
        )
        assert DOMAIN == describe(ses_client, "trackingOptions")["TrackingOptions"]
        sesv2_client.put_configuration_set_tracking_options(
            ConfigurationSetName=letters, HttpsPolicy="REQUIRE", **DOMAIN
        )
        ses_client.update_configuration_set_tracking_options(
            ConfigurationSetName=letters, TrackingOptions={"CustomRedirectDomain": "example.com"}
        )
        expected = {"CustomRedirectDomain": "example.com", "HttpsPolicy": "REQUIRE"}
        assert expected == read(sesv2_client)["TrackingOptions"]
        ses_client.delete_configuration_set_tracking_options(ConfigurationSetName=letters)
        assert "TrackingOptions" not in describe(ses_client, "trackingOptions")

    def test_duplicate(self, ses_client, letters):
        """Creating tracking options that already exist is rejected."""
        params = {"ConfigurationSetName": letters, "TrackingOptions": DOMAIN}
        ses_client.create_configuration_set_tracking_options(**params)
        text = "Configuration set <letters> already has tracking options."
        assert ("TrackingOptionsAlreadyExistsException", 400, text) == error_of(
            ses_client.create_configuration_set_tracking_options, **params
        )

    @pytest.mark.parametrize(
        ("operation", "params"),
        [
            ("update_configuration_set_tracking_options", {"TrackingOptions": DOMAIN}),
            ("delete_configuration_set_tracking_options", {}),
        ],
    )
    def test_missing(self, ses_client, letters, operation, params):
        """Tracking options that do not exist cannot be updated or deleted."""
        text = "There are no tracking options for configuration set <letters>"
        assert ("TrackingOptionsDoesNotExistException", 400, text) == error_of(
            getattr(ses_client, operation), ConfigurationSetName=letters, **params
        )

    @pytest.mark.parametrize(
        ("options", "code", "text"),
        [
            (
                {"CustomRedirectDomain": ""},
                "InvalidTrackingOptions",
                "At least one field of TrackingOptions must contain a value.",
            ),
            (
                {"CustomRedirectDomain": "example.org"},
                "InvalidTrackingOptions",
                "Domain <example.org> is not verified under this account.",
            ),
            (
                {},
                "ValidationError",
                (
                    "1 validation error detected: Value at 'trackingOptions' failed to satisfy "
                    "constraint: Member must not be null"
                ),
            ),
        ],
    )
    def test_rejected(self, ses_client, letters, options, code, text):
        """The domain is required and must be verified; empty options fail validation."""
        assert (code, 400, text) == error_of(
            ses_client.create_configuration_set_tracking_options,
            ConfigurationSetName=letters,
            TrackingOptions=options,
        )

    @pytest.mark.parametrize("verb", ["create", "update"])
    @pytest.mark.parametrize("domain", ["example.org", "ada@example.com"])
    def test_domain_is_checked_first(self, ses_client, verb, domain):
        """An unverified domain and an address are rejected before a missing configuration set."""
        text = f"Domain <{domain}> is not verified under this account."
        assert ("InvalidTrackingOptions", 400, text) == error_of(
            getattr(ses_client, f"{verb}_configuration_set_tracking_options"),
            ConfigurationSetName="missing",
            TrackingOptions={"CustomRedirectDomain": domain},
        )


class TestTrackingInV2:
    @needs("sesv2", "PutConfigurationSetTrackingOptions", "HttpsPolicy")
    def test_put(self, ses_backend, sesv2_client, letters):
        """v2 sets the domain with or without a policy; a request without options removes it."""
        ses_backend.verify("example.com")
        put = sesv2_client.put_configuration_set_tracking_options
        for options in (
            {"CustomRedirectDomain": "example.com", "HttpsPolicy": "REQUIRE_OPEN_ONLY"},
            {"CustomRedirectDomain": "click.example.com"},
        ):
            put(ConfigurationSetName=letters, **options)
            assert options == read(sesv2_client)["TrackingOptions"]
        put(ConfigurationSetName=letters)
        assert "TrackingOptions" not in read(sesv2_client)

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            ({"HttpsPolicy": "REQUIRE"}, "CustomRedirectDomain must be specified."),
            ({"CustomRedirectDomain": ""}, "CustomRedirectDomain must be specified."),
            (
                {"CustomRedirectDomain": "example.org", "HttpsPolicy": "ALWAYS"},
                "Domain <example.org> is not verified under this account.",
            ),
            (
                {"CustomRedirectDomain": "ada@example.com"},
                "Domain <ada@example.com> is not verified under this account.",
            ),
            (
                {"CustomRedirectDomain": "example.com", "HttpsPolicy": "ALWAYS"},
                ENUM.format("httpsPolicy", "OPTIONAL, REQUIRE, REQUIRE_OPEN_ONLY"),
            ),
        ],
    )
    @needs("sesv2", "PutConfigurationSetTrackingOptions", "HttpsPolicy")
    def test_rejected(self, ses_backend, sesv2_client, letters, options, text):
        """The domain is required and must be verified; it is checked before the policy."""
        ses_backend.verify("example.com")
        assert ("BadRequestException", 400, text) == error_of(
            sesv2_client.put_configuration_set_tracking_options,
            ConfigurationSetName=letters,
            **options,
        )

    def test_configuration_set_is_checked_first(self, sesv2_client):
        """A missing configuration set is reported before an unverified domain."""
        assert (
            "NotFoundException"
            == (
                error_of(
                    sesv2_client.put_configuration_set_tracking_options,
                    ConfigurationSetName="missing",
                    CustomRedirectDomain="example.org",
                )[0]
            )
        )


class TestDelivery:
    @pytest.mark.parametrize(("v1", "v2"), [("Optional", "OPTIONAL"), ("Require", "REQUIRE")])
    def test_tls_policy(self, ses_client, sesv2_client, letters, v1, v2):
        """Both APIs show the TLS policy that v1 sets, each with its own spelling."""
        ses_client.put_configuration_set_delivery_options(
            ConfigurationSetName=letters, DeliveryOptions={"TlsPolicy": v1}
        )
        assert {"TlsPolicy": v2} == read(sesv2_client)["DeliveryOptions"]
        assert {"TlsPolicy": v1} == describe(ses_client, "deliveryOptions")["DeliveryOptions"]

    @needs("sesv2", "PutConfigurationSetDeliveryOptions", "MaxDeliverySeconds")
    def test_v1_changes_only_the_policy(self, ses_client, sesv2_client, letters):
        """Without options, v1 removes the policy and keeps the options that only v2 has."""
        sesv2_client.put_configuration_set_delivery_options(
            ConfigurationSetName=letters, TlsPolicy="REQUIRE", MaxDeliverySeconds=50400
        )
        ses_client.put_configuration_set_delivery_options(ConfigurationSetName=letters)
        assert {"MaxDeliverySeconds": 50400} == read(sesv2_client)["DeliveryOptions"]
        assert "DeliveryOptions" not in describe(ses_client, "deliveryOptions")

    @needs("sesv2", "PutConfigurationSetDeliveryOptions", "MaxDeliverySeconds")
    def test_v2_replaces(self, sesv2_client, letters):
        """v2 replaces all delivery options; if there are none, they are not shown."""
        put = sesv2_client.put_configuration_set_delivery_options
        put(ConfigurationSetName=letters, TlsPolicy="REQUIRE", SendingPoolName="ses-shared-pool")
        put(ConfigurationSetName=letters, MaxDeliverySeconds=300)
        assert {"MaxDeliverySeconds": 300} == read(sesv2_client)["DeliveryOptions"]
        put(ConfigurationSetName=letters)
        assert "DeliveryOptions" not in read(sesv2_client)

    def test_rejected_in_v1(self, ses_client, letters):
        """v1 rejects an unknown TLS policy and lists the valid ones."""
        text = ENUM.format("deliveryOptions.tlsPolicy", "Optional, Require")
        assert ("ValidationError", 400, text) == error_of(
            ses_client.put_configuration_set_delivery_options,
            ConfigurationSetName=letters,
            DeliveryOptions={"TlsPolicy": "REQUIRE"},
        )

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            ({"TlsPolicy": "Require"}, ENUM.format("tlsPolicy", "OPTIONAL, REQUIRE")),
            ({"SendingPoolName": " "}, "sendingPoolName can't be blank."),
            ({"SendingPoolName": "mine"}, "SendingPool <mine> doesn't exist"),
            (
                {"MaxDeliverySeconds": 50401},
                (
                    "1 validation error detected: Value at 'maxDeliverySeconds' failed to satisfy "
                    "constraint: Member must have value less than or equal to 50400"
                ),
            ),
            (
                {"MaxDeliverySeconds": 299},
                (
                    "1 validation error detected: Value at 'maxDeliverySeconds' failed to satisfy "
                    "constraint: Member must have value greater than or equal to 300"
                ),
            ),
        ],
    )
    @needs("sesv2", "PutConfigurationSetDeliveryOptions", "MaxDeliverySeconds")
    def test_rejected_in_v2(self, ses_backend, letters, options, text):
        """An unknown policy, a missing pool and a delivery time out of range are rejected."""
        params = {"ConfigurationSetName": letters, **options}
        with pytest.raises(Exception, match="BadRequestException") as caught:
            ses_backend._call("sesv2", "PutConfigurationSetDeliveryOptions", params)
        error = caught.value
        assert ("BadRequestException", 400, text) == (error.code, error.status, error.message)


class TestReputationAndSending:
    def test_shared(self, ses_client, sesv2_client, letters):
        """Both APIs show what either sets."""
        ses_client.update_configuration_set_reputation_metrics_enabled(
            ConfigurationSetName=letters, Enabled=True
        )
        sesv2_client.put_configuration_set_sending_options(
            ConfigurationSetName=letters, SendingEnabled=False
        )
        expected = {"SendingEnabled": False, "ReputationMetricsEnabled": True}
        assert expected == describe(ses_client, "reputationOptions")["ReputationOptions"]
        shown = read(sesv2_client)
        assert {"SendingEnabled": False} == shown["SendingOptions"]
        assert {"ReputationMetricsEnabled": True} == shown["ReputationOptions"]

    def test_omitted(self, sesv2_client, letters):
        """In v2, an omitted boolean is false."""
        sesv2_client.put_configuration_set_reputation_options(
            ConfigurationSetName=letters, ReputationMetricsEnabled=True
        )
        sesv2_client.put_configuration_set_reputation_options(ConfigurationSetName=letters)
        sesv2_client.put_configuration_set_sending_options(ConfigurationSetName=letters)
        shown = read(sesv2_client)
        assert {"SendingEnabled": False} == shown["SendingOptions"]
        assert {"ReputationMetricsEnabled": False} == shown["ReputationOptions"]

    def test_fresh_start(self, ses_client, sesv2_client, letters):
        """Disabling and enabling sending again sets the last fresh start, which both APIs show."""
        for enabled in (False, True):
            ses_client.update_configuration_set_sending_enabled(
                ConfigurationSetName=letters, Enabled=enabled
            )
        shown = read(sesv2_client)["ReputationOptions"]["LastFreshStart"]
        described = describe(ses_client, "reputationOptions")["ReputationOptions"]
        assert shown == described["LastFreshStart"]


class TestSuppression:
    @pytest.mark.parametrize("reasons", [[], ["BOUNCE"], ["COMPLAINT", "BOUNCE"]])
    def test_put(self, sesv2_client, letters, reasons):
        """The reasons are shown unchanged, even if the list is empty."""
        sesv2_client.put_configuration_set_suppression_options(
            ConfigurationSetName=letters, SuppressedReasons=reasons
        )
        assert {"SuppressedReasons": reasons} == read(sesv2_client)["SuppressionOptions"]

    def test_put_nothing(self, sesv2_client, letters):
        """A request without options removes the suppression options of the configuration set."""
        put = sesv2_client.put_configuration_set_suppression_options
        put(ConfigurationSetName=letters, SuppressedReasons=["BOUNCE"])
        put(ConfigurationSetName=letters)
        assert "SuppressionOptions" not in read(sesv2_client)

    def test_unknown_reason(self, sesv2_client, letters):
        """A reason other than BOUNCE and COMPLAINT is rejected."""
        text = "Reason SPITE is invalid, must be one of [BOUNCE, COMPLAINT]."
        assert ("BadRequestException", 400, text) == error_of(
            sesv2_client.put_configuration_set_suppression_options,
            ConfigurationSetName=letters,
            SuppressedReasons=["SPITE"],
        )

    def test_scope(self, ses_backend):
        """A suppression scope does not need reasons."""
        account = ses_backend.account()
        scope = {"SuppressionScope": "TENANT"}
        api_v2.create_configuration_set(
            account, configuration_set_name="letters", suppression_options=scope
        )
        shown = api_v2.get_configuration_set(account, configuration_set_name="letters")
        assert scope == shown["SuppressionOptions"]


@needs("sesv2", "PutConfigurationSetArchivingOptions")
def test_archive_and_vdm(sesv2_client, letters):
    """Archiving and VDM options are shown once set; a request without options removes them."""
    put_archiving = sesv2_client.put_configuration_set_archiving_options
    put_vdm = sesv2_client.put_configuration_set_vdm_options
    put_archiving(ConfigurationSetName=letters, ArchiveArn=ARCHIVE)
    put_vdm(ConfigurationSetName=letters, VdmOptions=VDM)
    shown = read(sesv2_client)
    assert ({"ArchiveArn": ARCHIVE}, VDM) == (shown["ArchivingOptions"], shown["VdmOptions"])
    put_archiving(ConfigurationSetName=letters)
    put_vdm(ConfigurationSetName=letters)
    assert {"ArchivingOptions", "VdmOptions"}.isdisjoint(read(sesv2_client))


@needs("sesv2", "PutConfigurationSetArchivingOptions")
def test_invalid_archive(sesv2_client, letters):
    """An archive ARN that does not match the pattern is rejected."""
    code, status, text = error_of(
        sesv2_client.put_configuration_set_archiving_options,
        ConfigurationSetName=letters,
        ArchiveArn="x" * 20,
    )
    assert ("BadRequestException", 400) == (code, status)
    assert text.startswith(
        "1 validation error detected: Value at 'archiveArn' failed to satisfy constraint: "
        "Member must satisfy regular expression pattern: arn:"
    )


def test_message_security(ses_backend):
    """An update changes the options it contains and keeps the others."""
    account = ses_backend.account()
    api_v2.create_configuration_set(account, configuration_set_name="letters")
    name = {"configuration_set_name": "letters"}
    api_v2.update_configuration_set(account, **name, message_security_options=SMIME)
    api_v2.update_configuration_set(account, **name)
    assert SMIME == api_v2.get_configuration_set(account, **name)["MessageSecurityOptions"]


def test_message_security_through_boto3(sesv2_client, letters):
    """UpdateConfigurationSet works through boto3 if the installed botocore has it."""
    require_operation(sesv2_client, "UpdateConfigurationSet")
    sesv2_client.update_configuration_set(
        ConfigurationSetName=letters, MessageSecurityOptions=SMIME
    )
    assert SMIME == read(sesv2_client)["MessageSecurityOptions"]


def test_options_are_copied(ses_backend):
    """Changing the request or a response afterwards does not change the account."""
    account = ses_backend.account()
    options = {"DashboardOptions": {"EngagementMetrics": "ENABLED"}}
    api_v2.create_configuration_set(account, configuration_set_name="letters", vdm_options=options)
    options.clear()
    shown = api_v2.get_configuration_set(account, configuration_set_name="letters")
    shown["VdmOptions"].clear()
    shown_again = api_v2.get_configuration_set(account, configuration_set_name="letters")
    assert {"DashboardOptions": {"EngagementMetrics": "ENABLED"}} == shown_again["VdmOptions"]
