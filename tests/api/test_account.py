"""Account settings, sending quota and send statistics, through boto3 in both APIs."""

from datetime import timedelta

import pytest
from asking import error_of, require_operation, without_metadata
from botocore_models import needs
from mailing import counted

BAD_REQUEST = ("BadRequestException", 400)
DETAILS = {
    "MailType": "TRANSACTIONAL",
    "WebsiteURL": "https://example.com",
    "ContactLanguage": "EN",
    "UseCaseDescription": "Receipts",
    "AdditionalContactEmailAddresses": ["ada@example.com"],
}


def test_get_account(sesv2_client):
    """A new account is out of the sandbox and suppresses bounces and complaints."""
    assert {
        "DedicatedIpAutoWarmupEnabled": False,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": True,
        "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0},
        "SendingEnabled": True,
        "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
    } == without_metadata(sesv2_client.get_account())


@pytest.mark.ses(sandbox=True)
def test_both_apis_show_the_quota(ses_backend, ses_client, sesv2_client):
    """Both APIs show the quota and the number of recipients sent to, also in the sandbox."""
    ses_backend.account().history.record(counted(ses_backend.clock.now(), 3))
    expected = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 3.0}

    assert expected == without_metadata(ses_client.get_send_quota())
    assert expected == sesv2_client.get_account()["SendQuota"]
    assert not sesv2_client.get_account()["ProductionAccessEnabled"]


def test_the_quota_is_counted_over_24_hours(ses_backend, ses_client):
    """A message counts toward the quota for 24 hours."""
    ses_backend.account().history.record(counted(ses_backend.clock.now(), 3))

    ses_backend.clock.advance(hours=24)

    assert 0.0 == ses_client.get_send_quota()["SentLast24Hours"]


def test_send_statistics(ses_backend, ses_client):
    """Send statistics have one data point for each 15-minute period with activity."""
    assert [] == ses_client.get_send_statistics()["SendDataPoints"]
    now = ses_backend.clock.now()
    history = ses_backend.account().history
    history.record(counted(now, 3))
    history.bucket(now).complaints += 1

    [point] = ses_client.get_send_statistics()["SendDataPoints"]

    assert timedelta(0) <= now - point.pop("Timestamp") < timedelta(minutes=15)
    assert {"DeliveryAttempts": 3, "Bounces": 0, "Complaints": 1, "Rejects": 0} == point


@pytest.mark.parametrize(
    ("service", "operation", "params", "expected"),
    [
        ("ses", "update_account_sending_enabled", {"Enabled": True}, True),
        ("ses", "update_account_sending_enabled", {"Enabled": False}, False),
        ("ses", "update_account_sending_enabled", {}, False),
        ("sesv2", "put_account_sending_attributes", {"SendingEnabled": True}, True),
        ("sesv2", "put_account_sending_attributes", {"SendingEnabled": False}, False),
        ("sesv2", "put_account_sending_attributes", {}, False),
    ],
)
def test_sending_enabled(ses_client, sesv2_client, service, operation, params, expected):
    """Both APIs show what either sets; without an argument, sending is disabled."""
    getattr({"ses": ses_client, "sesv2": sesv2_client}[service], operation)(**params)

    assert expected == ses_client.get_account_sending_enabled()["Enabled"]
    assert expected == sesv2_client.get_account()["SendingEnabled"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [({"SuppressedReasons": ["BOUNCE"]}, ["BOUNCE"]), ({"SuppressedReasons": []}, []), ({}, [])],
)
def test_suppressed_reasons(sesv2_client, params, expected):
    """The request replaces the suppressed reasons; without an argument, there are none."""
    sesv2_client.put_account_suppression_attributes(**params)

    assert {"SuppressedReasons": expected} == sesv2_client.get_account()["SuppressionAttributes"]


@needs("sesv2", "PutAccountSuppressionAttributes", "ValidationAttributes")
def test_validation_attributes(sesv2_client):
    """Validation attributes are shown once they are set, and kept when the reasons change."""
    validation = {
        "ConditionThreshold": {
            "ConditionThresholdEnabled": "ENABLED",
            "OverallConfidenceThreshold": {"ConfidenceVerdictThreshold": "HIGH"},
        }
    }
    sesv2_client.put_account_suppression_attributes(ValidationAttributes=validation)

    sesv2_client.put_account_suppression_attributes(SuppressedReasons=["BOUNCE"])

    assert {
        "SuppressedReasons": ["BOUNCE"],
        "ValidationAttributes": validation,
    } == sesv2_client.get_account()["SuppressionAttributes"]


def test_unknown_reason(sesv2_client):
    """A suppressed reason other than BOUNCE and COMPLAINT is rejected."""
    assert (
        *BAD_REQUEST,
        (
            "1 validation error detected: Value at 'suppressedReasons' failed to satisfy constraint: "
            "Member must satisfy constraint: [Member must satisfy enum value set: "
            "[BOUNCE, COMPLAINT]]"
        ),
    ) == error_of(sesv2_client.put_account_suppression_attributes, SuppressedReasons=["x"])


def test_vdm(sesv2_client):
    """The dashboard and guardian attributes are shown only while VDM is enabled."""
    attributes = {
        "VdmEnabled": "ENABLED",
        "DashboardAttributes": {"EngagementMetrics": "ENABLED"},
        "GuardianAttributes": {"OptimizedSharedDelivery": "DISABLED"},
    }
    put = sesv2_client.put_account_vdm_attributes

    put(VdmAttributes=attributes)
    assert attributes == sesv2_client.get_account()["VdmAttributes"]

    put(VdmAttributes=attributes | {"VdmEnabled": "DISABLED"})
    assert {"VdmEnabled": "DISABLED"} == sesv2_client.get_account()["VdmAttributes"]


@pytest.mark.parametrize(
    ("given", "dashboard", "guardian"),
    [
        ({}, "DISABLED", "DISABLED"),
        ({"DashboardAttributes": {}}, "DISABLED", "DISABLED"),
        ({"DashboardAttributes": {"EngagementMetrics": "ENABLED"}}, "ENABLED", "DISABLED"),
        ({"GuardianAttributes": {"OptimizedSharedDelivery": "ENABLED"}}, "DISABLED", "ENABLED"),
    ],
)
def test_vdm_features(sesv2_client, given, dashboard, guardian):
    """While VDM is enabled, each of its features is shown; a feature that was not set is disabled."""
    sesv2_client.put_account_vdm_attributes(VdmAttributes={"VdmEnabled": "ENABLED", **given})

    assert {
        "VdmEnabled": "ENABLED",
        "DashboardAttributes": {"EngagementMetrics": dashboard},
        "GuardianAttributes": {"OptimizedSharedDelivery": guardian},
    } == sesv2_client.get_account()["VdmAttributes"]


def test_unknown_vdm_status(sesv2_client):
    """A VDM status other than ENABLED and DISABLED is rejected."""
    assert (
        BAD_REQUEST
        == error_of(sesv2_client.put_account_vdm_attributes, VdmAttributes={"VdmEnabled": "x"})[:2]
    )


def test_details(sesv2_client):
    """Only the details that were set are shown."""
    # Older models require the description.
    details = {
        "MailType": "MARKETING",
        "WebsiteURL": "https://example.com",
        "UseCaseDescription": "News",
    }
    sesv2_client.put_account_details(**details)
    assert details == sesv2_client.get_account()["Details"]

    sesv2_client.put_account_details(**DETAILS, ProductionAccessEnabled=True)
    assert DETAILS == sesv2_client.get_account()["Details"]


@pytest.mark.ses(sandbox=True)
def test_leaving_the_sandbox_is_reviewed(ses_backend, sesv2_client):
    """A request to leave the sandbox is under review until the test leaves the sandbox."""
    sesv2_client.put_account_details(**DETAILS)
    sesv2_client.put_account_details(**DETAILS, ProductionAccessEnabled=True)

    assert ("ConflictException", 409, "The details of the account are under review.") == error_of(
        sesv2_client.put_account_details, **DETAILS
    )
    assert "PENDING" == sesv2_client.get_account()["Details"]["ReviewDetails"]["Status"]

    ses_backend.account().sandbox = False
    assert "GRANTED" == sesv2_client.get_account()["Details"]["ReviewDetails"]["Status"]
    sesv2_client.put_account_details(**DETAILS)


@pytest.mark.parametrize(("params", "expected"), [({"AutoWarmupEnabled": True}, True), ({}, False)])
def test_warm_up(sesv2_client, params, expected):
    """Automatic warm-up is set; without an argument, it is disabled."""
    sesv2_client.put_account_dedicated_ip_warmup_attributes(**params)

    assert expected == sesv2_client.get_account()["DedicatedIpAutoWarmupEnabled"]


def test_unknown_plan(sesv2_client):
    """A plan that does not exist is rejected, with a list of the plans."""
    require_operation(sesv2_client, "PutAccountPricingAttributes")
    code, status, text = error_of(sesv2_client.put_account_pricing_attributes, Plan="FREE")
    assert (*BAD_REQUEST, True) == (
        code,
        status,
        text.endswith("enum value set: [NONE, ESSENTIALS, PRO, ENTERPRISE]"),
    )


def test_pricing(sesv2_client):
    """A different plan is scheduled for the next cycle; setting the current plan cancels it."""
    require_operation(sesv2_client, "PutAccountPricingAttributes")
    put = sesv2_client.put_account_pricing_attributes

    put(Plan="PRO")
    assert {"CurrentPlan": "NONE", "NextPlan": "PRO"} == (
        sesv2_client.get_account()["PricingAttributes"]
    )

    put(Plan="NONE")
    assert {"CurrentPlan": "NONE"} == sesv2_client.get_account()["PricingAttributes"]
