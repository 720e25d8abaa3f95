"""Creating, listing, reading and deleting configuration sets, in both APIs."""

import pytest
from asking import describe, error_of, read, require_operation
from botocore_models import needs

from pytest_ses.api.v2 import configuration as api_v2
from pytest_ses.domain import errors
from pytest_ses.domain.configuration import dedicated_ips
from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet

ARCHIVE = "arn:aws:ses:us-east-1:123456789012:mailmanager-archive/a-abcdefghijklmnopqrstuvwx"
VDM = {
    "DashboardOptions": {"EngagementMetrics": "ENABLED"},
    "GuardianOptions": {"OptimizedSharedDelivery": "DISABLED"},
}

MISSING = "Configuration set <letters> does not exist."


@pytest.fixture(name="letters")
def _letters(sesv2_client):
    """The name of an existing configuration set."""
    sesv2_client.create_configuration_set(ConfigurationSetName="letters")
    return "letters"


@pytest.fixture(name="clients")
def _clients(ses_client, sesv2_client):
    return {"ses": ses_client, "sesv2": sesv2_client}


def create(client, name):
    """Create a configuration set in either API."""
    if client.meta.service_model.service_name == "ses":
        client.create_configuration_set(ConfigurationSet={"Name": name})
    else:
        client.create_configuration_set(ConfigurationSetName=name)


class TestCreate:
    @pytest.mark.parametrize(("service", "metrics"), [("ses", False), ("sesv2", True)])
    def test_shown_in_both(self, clients, service, metrics):
        """Both APIs show a configuration set that either creates, with the default options.

        Only v2 enables reputation metrics by default.
        """
        create(clients[service], "letters")
        assert {
            "ConfigurationSetName": "letters",
            "Tags": [],
            "SendingOptions": {"SendingEnabled": True},
            "ReputationOptions": {"ReputationMetricsEnabled": metrics},
        } == read(clients["sesv2"])
        assert {"ConfigurationSet": {"Name": "letters"}} == describe(clients["ses"])

    @needs("sesv2", "CreateConfigurationSet", "SuppressionOptions.ValidationOptions")
    def test_all_options(self, ses_backend, sesv2_client):
        """All options of the request are shown unchanged."""
        ses_backend.verify("example.com")
        dedicated_ips.create_pool(ses_backend.account(), "mine")
        configuration_set = {
            "ConfigurationSetName": "letters",
            "TrackingOptions": {
                "CustomRedirectDomain": "click.example.com",
                "HttpsPolicy": "REQUIRE",
            },
            "DeliveryOptions": {
                "TlsPolicy": "REQUIRE",
                "SendingPoolName": "mine",
                "MaxDeliverySeconds": 300,
            },
            "ReputationOptions": {"ReputationMetricsEnabled": True},
            "SendingOptions": {"SendingEnabled": False},
            "Tags": [{"Key": "team", "Value": "post"}],
            "SuppressionOptions": {
                "SuppressedReasons": ["COMPLAINT"],
                "ValidationOptions": {
                    "ConditionThreshold": {
                        "ConditionThresholdEnabled": "ENABLED",
                        "OverallConfidenceThreshold": {"ConfidenceVerdictThreshold": "HIGH"},
                    }
                },
            },
            "VdmOptions": VDM,
            "ArchivingOptions": {"ArchiveArn": ARCHIVE},
        }
        sesv2_client.create_configuration_set(**configuration_set)
        assert configuration_set == read(sesv2_client)

    @needs("sesv2", "CreateConfigurationSet", "ArchivingOptions")
    def test_empty_options(self, sesv2_client):
        """In empty options, booleans default to false; options without a value are not shown."""
        sesv2_client.create_configuration_set(
            ConfigurationSetName="letters",
            DeliveryOptions={},
            ReputationOptions={},
            SendingOptions={},
            VdmOptions={},
            ArchivingOptions={},
        )
        assert {
            "ConfigurationSetName": "letters",
            "Tags": [],
            "SendingOptions": {"SendingEnabled": False},
            "ReputationOptions": {"ReputationMetricsEnabled": False},
        } == read(sesv2_client)

    @pytest.mark.parametrize(
        ("service", "code"),
        [("ses", "ConfigurationSetAlreadyExists"), ("sesv2", "AlreadyExistsException")],
    )
    def test_duplicate(self, clients, letters, service, code):
        """A duplicate name is rejected, whichever API created the first."""
        text = "Configuration set <letters> already exists."
        assert (code, 400, text) == error_of(create, clients[service], letters)

    @pytest.mark.parametrize(
        ("service", "code"), [("ses", "InvalidParameterValue"), ("sesv2", "BadRequestException")]
    )
    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("", "The configuration set name must be specified."),
            ("x" * 65, "Configuration set name cannot exceed 64 characters."),
            (
                "a b",
                (
                    "Invalid configuration set name <a b>: "
                    "only alphanumeric ASCII characters, '_', and '-' are allowed."
                ),
            ),
        ],
    )
    def test_invalid_name(self, clients, service, code, name, text):
        """Both APIs reject an empty, too long or malformed name with the same text."""
        assert (code, 400, text) == error_of(create, clients[service], name)

    def test_duplicate_before_tags(self, sesv2_client, letters):
        """A duplicate name is rejected before the tags and options are validated."""
        code, *_ = error_of(
            sesv2_client.create_configuration_set,
            ConfigurationSetName=letters,
            Tags=[{"Key": "aws:a", "Value": ""}],
            SuppressionOptions={},
        )
        assert "AlreadyExistsException" == code

    @pytest.mark.parametrize(
        ("options", "text"),
        [
            (
                {"TrackingOptions": {"CustomRedirectDomain": "example.com"}},
                "Domain <example.com> is not verified under this account.",
            ),
            (
                {"TrackingOptions": {"CustomRedirectDomain": " ", "HttpsPolicy": "REQUIRE"}},
                "CustomRedirectDomain must be specified.",
            ),
            (
                {"DeliveryOptions": {"SendingPoolName": "mine"}},
                "SendingPool <mine> doesn't exist",
            ),
            (
                {"SuppressionOptions": {"SuppressedReasons": ["SPITE"]}},
                (
                    "1 validation error detected: Value at 'suppressionOptions.suppressedReasons' "
                    "failed to satisfy constraint: Member must satisfy constraint: "
                    "[Member must satisfy enum value set: [BOUNCE, COMPLAINT]]"
                ),
            ),
            (
                {"Tags": [{"Key": "AWS:a", "Value": ""}]},
                "The tag key <AWS:a> starts with the reserved prefix aws:.",
            ),
        ],
    )
    @needs("sesv2", "CreateConfigurationSet", "TrackingOptions.HttpsPolicy")
    def test_invalid_options(self, ses_backend, sesv2_client, options, text):
        """An invalid option is rejected, and the configuration set is not created."""
        assert ("BadRequestException", 400, text) == error_of(
            sesv2_client.create_configuration_set, ConfigurationSetName="letters", **options
        )
        assert {} == dict(ses_backend.account().configuration_sets)

    def test_suppression_without_reasons(self, ses_backend):
        """Suppression options without reasons cause an internal failure."""
        params = {"ConfigurationSetName": "letters", "SuppressionOptions": {}}
        with pytest.raises(Exception, match="An internal failure has occurred") as caught:
            ses_backend._call("sesv2", "CreateConfigurationSet", params)
        error = caught.value
        assert ("InternalFailure", 500, "An internal failure has occurred.") == (
            error.code,
            error.status,
            error.message,
        )


class TestList:
    @pytest.fixture(autouse=True)
    def _three_configuration_sets(self, sesv2_client):
        for name in ("b", "Alpha", "alpha-2"):
            sesv2_client.create_configuration_set(ConfigurationSetName=name)

    def test_v1(self, ses_client):
        """v1 lists objects in the order of their names, in pages."""
        first = ses_client.list_configuration_sets(MaxItems=2)
        assert [{"Name": "Alpha"}, {"Name": "alpha-2"}] == first["ConfigurationSets"]
        second = ses_client.list_configuration_sets(MaxItems=2, NextToken=first["NextToken"])
        assert [{"Name": "b"}] == second["ConfigurationSets"]
        assert "NextToken" not in second

    def test_v2(self, sesv2_client):
        """v2 lists names in order, in pages."""
        first = sesv2_client.list_configuration_sets(PageSize=2)
        assert ["Alpha", "alpha-2"] == first["ConfigurationSets"]
        second = sesv2_client.list_configuration_sets(PageSize=2, NextToken=first["NextToken"])
        assert ["b"] == second["ConfigurationSets"]
        assert "NextToken" not in second

    def test_page_sizes(self, ses_backend, clients):
        """A page has 50 configuration sets by default and up to 1,000 on request."""
        sets = ses_backend.account().configuration_sets
        for number in range(998):
            sets.put(f"c{number}", ConfigurationSet(f"c{number}"))
        for client, parameter in ((clients["ses"], "MaxItems"), (clients["sesv2"], "PageSize")):
            default = client.list_configuration_sets()
            largest = client.list_configuration_sets(**{parameter: 1000})
            rest = client.list_configuration_sets(NextToken=largest["NextToken"])
            pages = [page["ConfigurationSets"] for page in (default, largest, rest)]
            assert [50, 1000, 1] == [len(page) for page in pages]

    def test_token_of_the_other_api(self, ses_client, sesv2_client):
        """A token of one API is valid in the other."""
        token = ses_client.list_configuration_sets(MaxItems=2)["NextToken"]
        assert ["b"] == sesv2_client.list_configuration_sets(NextToken=token)["ConfigurationSets"]

    def test_invalid_token(self, ses_client, sesv2_client):
        """An invalid token is rejected, in v1 without a message."""
        assert ("InvalidParameterValue", 400, None) == error_of(
            ses_client.list_configuration_sets, NextToken="x"
        )
        assert ("BadRequestException", 400, "invalid nextToken x") == error_of(
            sesv2_client.list_configuration_sets, NextToken="x"
        )

    def test_invalid_page_size(self, ses_client, sesv2_client):
        """v1 ignores a page size that v2 rejects."""
        assert 3 == len(ses_client.list_configuration_sets(MaxItems=1001)["ConfigurationSets"])
        text = "The page size must be between 1 and 1000"
        assert ("BadRequestException", 400, text) == error_of(
            sesv2_client.list_configuration_sets, PageSize=1001
        )

    @pytest.mark.parametrize(
        ("filter", "expected"),
        [
            (None, ["Alpha", "alpha-2", "b"]),
            ({}, ["Alpha", "alpha-2", "b"]),
            ({"CONFIGURATION_SET_NAME_CONTAINS": "LPHA"}, ["Alpha", "alpha-2"]),
            ({"CONFIGURATION_SET_NAME_CONTAINS": "a-2"}, ["alpha-2"]),
            ({"CONFIGURATION_SET_NAME_CONTAINS": "x" * 64}, []),
        ],
    )
    def test_filter(self, ses_backend, filter, expected):
        """The filter matches a part of the name, ignoring case."""
        account = ses_backend.account()
        response = api_v2.list_configuration_sets(account, filter=filter)
        assert {"ConfigurationSets": expected} == response

    @pytest.mark.parametrize("part", ["ab", "x" * 65])
    def test_invalid_filter(self, ses_backend, sesv2_client, part):
        """A filter value shorter than 3 or longer than 64 characters is rejected."""
        filter = {"CONFIGURATION_SET_NAME_CONTAINS": part}
        with pytest.raises(errors.InvalidParameterValue):
            api_v2.list_configuration_sets(ses_backend.account(), filter=filter)
        shape = sesv2_client.meta.service_model.operation_model("ListConfigurationSets").input_shape
        if "Filter" not in shape.members:
            pytest.skip("this botocore has no filter of configuration sets")
        text = "CONFIGURATION_SET_NAME_CONTAINS must be between 3 and 64 characters"
        assert ("BadRequestException", 400, text) == error_of(
            sesv2_client.list_configuration_sets, Filter=filter
        )


@pytest.mark.parametrize("service", ["ses", "sesv2"])
def test_delete(clients, letters, service):
    """A configuration set deleted in one API no longer exists in either."""
    clients[service].delete_configuration_set(ConfigurationSetName=letters)
    assert [] == clients["ses"].list_configuration_sets()["ConfigurationSets"]
    assert [] == clients["sesv2"].list_configuration_sets()["ConfigurationSets"]


def test_invalid_name_on_lookup(clients):
    """Looking up a malformed name fails as an invalid name, not as a missing set."""
    text = (
        "Invalid configuration set name <a b>: "
        "only alphanumeric ASCII characters, '_', and '-' are allowed."
    )
    assert ("InvalidParameterValue", 400, text) == error_of(
        clients["ses"].describe_configuration_set, ConfigurationSetName="a b"
    )
    assert ("BadRequestException", 400, text) == error_of(
        clients["sesv2"].get_configuration_set, ConfigurationSetName="a b"
    )


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("delete_configuration_set", {}),
        ("describe_configuration_set", {}),
        (
            "create_configuration_set_tracking_options",
            {"TrackingOptions": {"CustomRedirectDomain": "example.com"}},
        ),
        (
            "update_configuration_set_tracking_options",
            {"TrackingOptions": {"CustomRedirectDomain": "example.com"}},
        ),
        ("delete_configuration_set_tracking_options", {}),
        ("put_configuration_set_delivery_options", {}),
        ("update_configuration_set_reputation_metrics_enabled", {"Enabled": True}),
        ("update_configuration_set_sending_enabled", {"Enabled": True}),
    ],
)
def test_missing_in_v1(ses_backend, ses_client, operation, params):
    """Each v1 operation rejects a missing configuration set with the same text."""
    ses_backend.verify("example.com")
    assert ("ConfigurationSetDoesNotExist", 400, MISSING) == error_of(
        getattr(ses_client, operation), ConfigurationSetName="letters", **params
    )


@pytest.mark.parametrize(
    ("operation", "params"),
    [
        ("get_configuration_set", {}),
        ("delete_configuration_set", {}),
        ("update_configuration_set", {}),
        ("put_configuration_set_archiving_options", {}),
        ("put_configuration_set_delivery_options", {}),
        ("put_configuration_set_reputation_options", {}),
        ("put_configuration_set_sending_options", {}),
        ("put_configuration_set_suppression_options", {}),
        ("put_configuration_set_tracking_options", {}),
        ("put_configuration_set_vdm_options", {}),
    ],
)
@needs("sesv2", "PutConfigurationSetArchivingOptions")
def test_missing_in_v2(sesv2_client, operation, params):
    """Each v2 operation rejects a missing configuration set with the same text."""
    require_operation(sesv2_client, operation)
    assert ("NotFoundException", 404, MISSING) == error_of(
        getattr(sesv2_client, operation), ConfigurationSetName="letters", **params
    )


def test_describe_attributes(ses_client, letters):
    """v1 shows only the requested attributes, and of those only the ones that are set."""
    assert {"ConfigurationSet": {"Name": letters}, "EventDestinations": []} == describe(
        ses_client, "eventDestinations", "trackingOptions", "deliveryOptions"
    )
