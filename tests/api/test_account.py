"""Account settings and numbers through boto3, in both APIs."""

from datetime import timedelta

import boto3
import pytest
from asking import answer, refusal

BAD_REQUEST = ("BadRequestException", 400)
DETAILS = {
    "MailType": "TRANSACTIONAL",
    "WebsiteURL": "https://example.com",
    "ContactLanguage": "EN",
    "UseCaseDescription": "Receipts",
    "AdditionalContactEmailAddresses": ["ada@example.com"],
}


def test_get_account(sesv2_client):
    """A fresh account is out of the sandbox and suppresses bounces and complaints."""
    assert {
        "DedicatedIpAutoWarmupEnabled": False,
        "EnforcementStatus": "HEALTHY",
        "ProductionAccessEnabled": True,
        "SendQuota": {"Max24HourSend": 50_000.0, "MaxSendRate": 14.0, "SentLast24Hours": 0.0},
        "SendingEnabled": True,
        "SuppressionAttributes": {"SuppressedReasons": ["BOUNCE", "COMPLAINT"]},
    } == answer(sesv2_client.get_account())


@pytest.mark.ses(sandbox=True)
def test_the_quota_is_the_same_in_both(ses_backend, ses_client, sesv2_client):
    """Both APIs tell the quota and how many recipients were sent to, in the sandbox too."""
    ses_backend.account().history.record(ses_backend.clock.now(), 3)
    expected = {"Max24HourSend": 200.0, "MaxSendRate": 1.0, "SentLast24Hours": 3.0}

    assert expected == answer(ses_client.get_send_quota())
    assert expected == sesv2_client.get_account()["SendQuota"]
    assert not sesv2_client.get_account()["ProductionAccessEnabled"]


def test_the_quota_is_counted_over_24_hours(ses_backend, ses_client):
    """After 24 hours nothing was sent in the last 24 hours."""
    ses_backend.account().history.record(ses_backend.clock.now(), 3)

    ses_backend.clock.advance(hours=24)

    assert 0.0 == ses_client.get_send_quota()["SentLast24Hours"]


def test_send_statistics(ses_backend, ses_client):
    """Statistics have a data point for each quarter of an hour with something in it."""
    assert [] == ses_client.get_send_statistics()["SendDataPoints"]
    now = ses_backend.clock.now()
    history = ses_backend.account().history
    history.record(now, 3)
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
def test_sending_is_switched(ses_client, sesv2_client, service, operation, params, expected):
    """Sending is switched in one API and shown in both; without a word it is switched off."""
    getattr({"ses": ses_client, "sesv2": sesv2_client}[service], operation)(**params)

    assert expected == ses_client.get_account_sending_enabled()["Enabled"]
    assert expected == sesv2_client.get_account()["SendingEnabled"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [({"SuppressedReasons": ["BOUNCE"]}, ["BOUNCE"]), ({"SuppressedReasons": []}, []), ({}, [])],
)
def test_suppressed_reasons(sesv2_client, params, expected):
    """The reasons are replaced; without a word there are none."""
    sesv2_client.put_account_suppression_attributes(**params)

    assert {"SuppressedReasons": expected} == sesv2_client.get_account()["SuppressionAttributes"]


def test_validation_of_addresses(sesv2_client):
    """How addresses are validated is shown once it is set, and stays when reasons change."""
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


def test_unknown_reasons_are_refused(sesv2_client):
    """A reason is one of two words."""
    assert (
        *BAD_REQUEST,
        (
            "1 validation error detected: Value at 'suppressedReasons' failed to satisfy constraint: "
            "Member must satisfy constraint: [Member must satisfy enum value set: "
            "[BOUNCE, COMPLAINT]]"
        ),
    ) == refusal(sesv2_client.put_account_suppression_attributes, SuppressedReasons=["x"])


def test_vdm(sesv2_client):
    """What is set for dashboard and guardian is shown while VDM is enabled."""
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


def test_unknown_vdm_status_is_refused(sesv2_client):
    """VDM is enabled or disabled."""
    assert (
        BAD_REQUEST
        == refusal(sesv2_client.put_account_vdm_attributes, VdmAttributes={"VdmEnabled": "x"})[:2]
    )


def test_details(sesv2_client):
    """Details are shown once they are told, those that are told only."""
    sesv2_client.put_account_details(MailType="MARKETING", WebsiteURL="https://example.com")
    assert {
        "MailType": "MARKETING",
        "WebsiteURL": "https://example.com",
    } == sesv2_client.get_account()["Details"]

    sesv2_client.put_account_details(**DETAILS, ProductionAccessEnabled=True)
    assert DETAILS == sesv2_client.get_account()["Details"]


@pytest.mark.ses(sandbox=True)
def test_leaving_the_sandbox_is_reviewed(ses_backend, sesv2_client):
    """The request to leave the sandbox is under review until the test ends it."""
    sesv2_client.put_account_details(**DETAILS)
    sesv2_client.put_account_details(**DETAILS, ProductionAccessEnabled=True)

    assert ("ConflictException", 409, "The details of the account are under review.") == refusal(
        sesv2_client.put_account_details, **DETAILS
    )
    assert "PENDING" == sesv2_client.get_account()["Details"]["ReviewDetails"]["Status"]

    ses_backend.account().sandbox = False
    assert "GRANTED" == sesv2_client.get_account()["Details"]["ReviewDetails"]["Status"]
    sesv2_client.put_account_details(**DETAILS)


@pytest.mark.parametrize(("params", "expected"), [({"AutoWarmupEnabled": True}, True), ({}, False)])
def test_warm_up(sesv2_client, params, expected):
    """Warming up is switched; without a word it is switched off."""
    sesv2_client.put_account_dedicated_ip_warmup_attributes(**params)

    assert expected == sesv2_client.get_account()["DedicatedIpAutoWarmupEnabled"]


@pytest.mark.skipif(
    not hasattr(boto3.client("sesv2", "us-east-1"), "put_account_pricing_attributes"),
    reason="this botocore does not know the operation",
)
def test_pricing(sesv2_client):
    """Another plan is scheduled for the next cycle; the current one unschedules it."""
    put = sesv2_client.put_account_pricing_attributes

    put(Plan="PRO")
    assert {"CurrentPlan": "NONE", "NextPlan": "PRO"} == (
        sesv2_client.get_account()["PricingAttributes"]
    )

    put(Plan="NONE")
    assert {"CurrentPlan": "NONE"} == sesv2_client.get_account()["PricingAttributes"]
