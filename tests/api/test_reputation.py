"""Reputation entities (the tenants of the account), through API v2."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asking import error_of, without_metadata
from botocore_models import needs

pytestmark = needs("sesv2", "GetReputationEntity")

POLICY = "arn:aws:ses:us-east-1:aws:reputation-policy/{}"
MISSING_ARN = "arn:aws:ses:us-east-1:123456789012:tenant/acme/tn-0"
MISSING = f"The reputation entity <{MISSING_ARN}> does not exist."
BAD_REQUEST = ("BadRequestException", 400)


@pytest.fixture(name="arn")
def _arn(sesv2_client):
    """The ARN of the tenant `acme`."""
    return sesv2_client.create_tenant(TenantName="acme")["TenantArn"]


@pytest.fixture(name="call")
def _call(sesv2_client, arn):
    """A function that calls an operation on an entity, by default the tenant `acme`."""

    def call(operation, reference=arn, **params):
        return without_metadata(
            getattr(sesv2_client, operation)(
                ReputationEntityType="RESOURCE", ReputationEntityReference=reference, **params
            )
        )

    return call


@pytest.fixture(name="get_entity")
def _get_entity(call):
    """A function that returns the entity of the tenant `acme`."""
    return lambda: call("get_reputation_entity")["ReputationEntity"]


@pytest.fixture(name="set_status")
def _set_status(call):
    """A function that sets the sending status of the tenant `acme`."""
    operation = "update_reputation_entity_customer_managed_status"
    return lambda status: call(operation, SendingStatus=status)


def test_new(arn, get_entity):
    """A new tenant can send and has no policy."""
    assert {
        "ReputationEntityReference": arn,
        "ReputationEntityType": "RESOURCE",
        "ReputationManagementPolicy": POLICY.format("none"),
        "AwsSesManagedStatus": {"Status": "ENABLED"},
        "SendingStatusAggregate": "ENABLED",
        "ReputationImpact": "NONE",
    } == get_entity()


@pytest.mark.parametrize("status", ["ENABLED", "DISABLED", "REINSTATED"])
def test_status(sesv2_client, ses_backend, set_status, get_entity, status):
    """A status shows its cause and time, and becomes the status of the tenant."""
    ses_backend.clock.advance(hours=1)
    assert {} == set_status(status)

    entity = get_entity()
    customer_status = entity["CustomerManagedStatus"]
    age = ses_backend.clock.now() - customer_status.pop("LastUpdatedTimestamp")
    assert timedelta(0) <= age < timedelta(minutes=1)
    assert {"Status": status, "Cause": "Status manually updated."} == customer_status
    tenant = sesv2_client.get_tenant(TenantName="acme")["Tenant"]
    assert (status, status) == (entity["SendingStatusAggregate"], tenant["SendingStatus"])


def test_disabled(sesv2_client, ses_backend, set_status):
    """A disabled tenant cannot send."""
    ses_backend.verify("example.com")
    sesv2_client.create_tenant_resource_association(
        TenantName="acme", ResourceArn="arn:aws:ses:us-east-1:123456789012:identity/example.com"
    )

    def send():
        sesv2_client.send_email(
            FromEmailAddress="a@example.com",
            Destination={"ToAddresses": ["ada@example.org"]},
            Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
            TenantName="acme",
        )

    set_status("DISABLED")
    # This text is our own; SES's is unknown.
    assert ("SendingPausedException", 400, "Sending is paused for tenant acme") == error_of(send)
    set_status("REINSTATED")
    send()
    assert 1 == len(ses_backend.outbox)


def test_disabled_in_v1(ses_client, ses_backend, sesv2_client, set_status):
    """A raw message of v1 that names a disabled tenant is rejected."""
    ses_backend.verify("example.com")
    sesv2_client.create_tenant_resource_association(
        TenantName="acme", ResourceArn="arn:aws:ses:us-east-1:123456789012:identity/example.com"
    )
    set_status("DISABLED")
    data = b"From: a@example.com\r\nTo: ada@example.org\r\nX-SES-TENANT: acme\r\n\r\nHi"
    assert ("MessageRejected", 400, "Sending is paused for tenant acme") == error_of(
        ses_client.send_raw_email, RawMessage={"Data": data}
    )


@pytest.mark.parametrize("policy", ["none", "standard", "strict"])
def test_policy(call, get_entity, policy):
    """A policy is set by the ARN of one of SES's policies."""
    assert {} == call(
        "update_reputation_entity_policy", ReputationEntityPolicy=POLICY.format(policy)
    )
    assert POLICY.format(policy) == get_entity()["ReputationManagementPolicy"]


def test_unknown_policy(call):
    """An unknown policy is rejected."""
    policy = POLICY.format("harsh")
    # This text is our own; SES's is unknown.
    text = f"The reputation policy <{policy}> does not exist."
    assert (*BAD_REQUEST, text) == error_of(
        call, "update_reputation_entity_policy", ReputationEntityPolicy=policy
    )


def test_other_type(sesv2_client, arn):
    """An entity has the type RESOURCE; SES has no other type."""
    params = {"ReputationEntityType": "ACCOUNT", "ReputationEntityReference": arn}
    code, status, text = error_of(sesv2_client.get_reputation_entity, **params)
    assert (*BAD_REQUEST, True) == (code, status, text.endswith("enum value set: [RESOURCE]"))


@pytest.mark.parametrize(
    ("operation", "params", "expected"),
    [
        ("get_reputation_entity", {}, ("NotFoundException", 404)),
        (
            "update_reputation_entity_customer_managed_status",
            {"SendingStatus": "ENABLED"},
            BAD_REQUEST,
        ),
        (
            "update_reputation_entity_policy",
            {"ReputationEntityPolicy": POLICY.format("none")},
            BAD_REQUEST,
        ),
    ],
)
def test_missing(call, operation, params, expected):
    """Reading or updating a missing entity fails, with different errors."""
    assert (*expected, MISSING) == error_of(call, operation, reference=MISSING_ARN, **params)


class TestList:
    @pytest.fixture(name="list_tenants")
    def _list_tenants(self, sesv2_client, arn, set_status):
        """A function that returns the tenants on a page, and the next token; `acme` is disabled."""
        sesv2_client.create_tenant(TenantName="beta")
        set_status("DISABLED")

        def list_tenants(**params):
            page = sesv2_client.list_reputation_entities(**params)
            arns = [entity["ReputationEntityReference"] for entity in page["ReputationEntities"]]
            return [arn.split("/")[1] for arn in arns], page.get("NextToken")

        return list_tenants

    def test_pages(self, list_tenants):
        """Entities are listed by tenant name, in pages."""
        first_page, token = list_tenants(PageSize=1)
        assert (["acme"], (["beta"], None)) == (first_page, list_tenants(NextToken=token))

    def test_listed_entity(self, sesv2_client, list_tenants, get_entity):
        """A listed entity has all members."""
        assert get_entity() == sesv2_client.list_reputation_entities()["ReputationEntities"][0]

    @pytest.mark.parametrize(
        ("filter", "expected"),
        [
            ({"SENDING_STATUS": "DISABLED"}, ["acme"]),
            ({"SENDING_STATUS": "ENABLED"}, ["beta"]),
            ({"ENTITY_TYPE": "RESOURCE"}, ["acme", "beta"]),
            ({"ENTITY_TYPE": "OTHER"}, []),
            ({"REPUTATION_IMPACT": "HIGH"}, []),
            (
                {
                    "ENTITY_REFERENCE_PREFIX": "arn:aws:ses:us-east-1:123456789012:tenant/b",
                    "REPUTATION_IMPACT": "NONE",
                },
                ["beta"],
            ),
        ],
    )
    def test_filter(self, list_tenants, filter, expected):
        """A filter matches type, impact, status and a prefix of the ARN."""
        assert (expected, None) == list_tenants(Filter=filter)

    def test_invalid_token(self, list_tenants):
        """An invalid token is rejected."""
        assert (*BAD_REQUEST, "Invalid Next Token") == error_of(list_tenants, NextToken="none")
