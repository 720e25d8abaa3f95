"""Reputation entities through API v2: the tenants of the account."""

from __future__ import annotations

from datetime import timedelta

import pytest
from asking import answer, refusal

POLICY = "arn:aws:ses:us-east-1:aws:reputation-policy/{}"
NOBODY = "arn:aws:ses:us-east-1:123456789012:tenant/acme/tn-0"
MISSING = f"The reputation entity <{NOBODY}> does not exist."
BAD_REQUEST = ("BadRequestException", 400)


@pytest.fixture(name="arn")
def _arn(sesv2_client):
    """The ARN of the tenant `acme`."""
    return sesv2_client.create_tenant(TenantName="acme")["TenantArn"]


@pytest.fixture(name="ask")
def _ask(sesv2_client, arn):
    """Call an operation about an entity."""

    def ask(operation, reference=arn, **params):
        return answer(
            getattr(sesv2_client, operation)(
                ReputationEntityType="RESOURCE", ReputationEntityReference=reference, **params
            )
        )

    return ask


@pytest.fixture(name="shown")
def _shown(ask):
    """What is shown of the tenant."""
    return lambda: ask("get_reputation_entity")["ReputationEntity"]


@pytest.fixture(name="set_status")
def _set_status(ask):
    """Set the sending status of the tenant."""
    operation = "update_reputation_entity_customer_managed_status"
    return lambda status: ask(operation, SendingStatus=status)


def test_new(arn, shown):
    """A tenant of which nobody has said anything may send, and has no policy."""
    assert {
        "ReputationEntityReference": arn,
        "ReputationEntityType": "RESOURCE",
        "ReputationManagementPolicy": POLICY.format("none"),
        "AwsSesManagedStatus": {"Status": "ENABLED"},
        "SendingStatusAggregate": "ENABLED",
        "ReputationImpact": "NONE",
    } == shown()


@pytest.mark.parametrize("status", ["ENABLED", "DISABLED", "REINSTATED"])
def test_status(sesv2_client, ses_backend, set_status, shown, status):
    """A status shows since when and why it is so, and is the tenant's."""
    ses_backend.clock.advance(hours=1)
    assert {} == set_status(status)

    found = shown()
    own = found["CustomerManagedStatus"]
    age = ses_backend.clock.now() - own.pop("LastUpdatedTimestamp")
    assert timedelta(0) <= age < timedelta(minutes=1)
    assert {"Status": status, "Cause": "Status manually updated."} == own
    tenant = sesv2_client.get_tenant(TenantName="acme")["Tenant"]
    assert (status, status) == (found["SendingStatusAggregate"], tenant["SendingStatus"])


def test_disabled(sesv2_client, ses_backend, set_status):
    """A tenant that is disabled does not send, in words of our own."""
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
    assert ("SendingPausedException", 400, "Sending is paused for tenant acme") == refusal(send)
    set_status("REINSTATED")
    send()
    assert 1 == len(ses_backend.outbox)


def test_disabled_in_v1(ses_client, ses_backend, sesv2_client, set_status):
    """A raw mail of v1 that names a disabled tenant is rejected."""
    ses_backend.verify("example.com")
    sesv2_client.create_tenant_resource_association(
        TenantName="acme", ResourceArn="arn:aws:ses:us-east-1:123456789012:identity/example.com"
    )
    set_status("DISABLED")
    data = b"From: a@example.com\r\nTo: ada@example.org\r\nX-SES-TENANT: acme\r\n\r\nHi"
    assert ("MessageRejected", 400, "Sending is paused for tenant acme") == refusal(
        ses_client.send_raw_email, RawMessage={"Data": data}
    )


@pytest.mark.parametrize("policy", ["none", "standard", "strict"])
def test_policy(ask, shown, policy):
    """A policy is one of those of SES, by its ARN."""
    assert {} == ask(
        "update_reputation_entity_policy", ReputationEntityPolicy=POLICY.format(policy)
    )
    assert POLICY.format(policy) == shown()["ReputationManagementPolicy"]


def test_unknown_policy(ask):
    """Any other policy is refused, in words of our own."""
    policy = POLICY.format("harsh")
    text = f"The reputation policy <{policy}> does not exist."
    assert (*BAD_REQUEST, text) == refusal(
        ask, "update_reputation_entity_policy", ReputationEntityPolicy=policy
    )


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
def test_missing(ask, operation, params, expected):
    """An entity that is not there is missed; a change has no error of its own for that."""
    assert (*expected, MISSING) == refusal(ask, operation, reference=NOBODY, **params)


class TestList:
    @pytest.fixture(name="names")
    def _names(self, sesv2_client, arn, set_status):
        """The tenants on a page, and the token of the next; `acme` is disabled, `beta` is not."""
        sesv2_client.create_tenant(TenantName="beta")
        set_status("DISABLED")

        def names(**params):
            page = sesv2_client.list_reputation_entities(**params)
            found = [one["ReputationEntityReference"] for one in page["ReputationEntities"]]
            return [one.split("/")[1] for one in found], page.get("NextToken")

        return names

    def test_pages(self, names):
        """The tenants are listed by name, page by page."""
        found, token = names(PageSize=1)
        assert (["acme"], (["beta"], None)) == (found, names(NextToken=token))

    def test_shown(self, sesv2_client, names, shown):
        """A list shows all of an entity."""
        assert shown() == sesv2_client.list_reputation_entities()["ReputationEntities"][0]

    @pytest.mark.parametrize(
        ("wanted", "expected"),
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
    def test_filter(self, names, wanted, expected):
        """A filter goes by type, impact, status and the head of the ARN."""
        assert (expected, None) == names(Filter=wanted)

    def test_refused(self, names):
        """A token that SES did not give out is refused."""
        assert (*BAD_REQUEST, "Invalid Next Token") == refusal(names, NextToken="none")
