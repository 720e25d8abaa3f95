"""Sending authorization policies through boto3, in both APIs."""

import json

import pytest
from asking import refusal

INVALID = ("InvalidParameterValue", 400)
BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
POLICY = '{"Version":"2012-10-17","Statement":[]}'

# How each API keeps a new policy, and the words of its own.
KEEPING = {
    "ses": ("put_identity_policy", "Identity", INVALID),
    "sesv2": ("create_email_identity_policy", "EmailIdentity", BAD_REQUEST),
}


@pytest.fixture(name="clients")
def _clients(ses_backend, ses_client, sesv2_client):
    ses_backend.verify("example.com")
    return {"ses": ses_client, "sesv2": sesv2_client}


@pytest.fixture(name="keep", params=KEEPING)
def _keep(request, clients):
    """The operation that keeps a new policy of example.com, in each API."""
    operation, word, _ = KEEPING[request.param]

    def keep(name, policy=POLICY, identity="example.com"):
        getattr(clients[request.param], operation)(
            PolicyName=name, Policy=policy, **{word: identity}
        )

    keep.code = KEEPING[request.param][2]
    keep.service = request.param
    return keep


def test_a_policy_is_shown_in_both(clients, keep):
    """A policy kept in one API is shown in both, without white space."""
    keep("p", json.dumps(json.loads(POLICY), indent=2))

    v1 = clients["ses"].get_identity_policies(Identity="example.com", PolicyNames=["p", "x"])
    v2 = clients["sesv2"].get_email_identity_policies(EmailIdentity="example.com")
    shown = clients["sesv2"].get_email_identity(EmailIdentity="example.com")
    assert {"p": POLICY} == v1["Policies"] == v2["Policies"] == shown["Policies"]


def test_an_identity_is_named_by_its_arn_too(clients):
    """v1 takes the ARN of an identity for its name."""
    clients["ses"].put_identity_policy(
        Identity="arn:aws:ses:us-east-1:123456789012:identity/example.com",
        PolicyName="p",
        Policy=POLICY,
    )

    listed = clients["ses"].list_identity_policies(Identity="example.com")
    assert ["p"] == listed["PolicyNames"]


def test_names_are_listed(clients):
    """v1 lists the names of policies."""
    for name in ("b", "a"):
        clients["ses"].put_identity_policy(Identity="example.com", PolicyName=name, Policy=POLICY)

    listed = clients["ses"].list_identity_policies(Identity="example.com")

    assert ["a", "b"] == listed["PolicyNames"]


def test_v1_puts_in_the_place_of_another(clients):
    """Putting a policy again replaces it."""
    for policy in (POLICY, "{}"):
        clients["ses"].put_identity_policy(Identity="example.com", PolicyName="p", Policy=policy)

    kept = clients["ses"].get_identity_policies(Identity="example.com", PolicyNames=["p"])
    assert {"p": "{}"} == kept["Policies"]


def test_v2_updates(clients):
    """Updating a policy replaces it."""
    words = {"EmailIdentity": "example.com", "PolicyName": "p"}
    clients["sesv2"].create_email_identity_policy(Policy=POLICY, **words)

    clients["sesv2"].update_email_identity_policy(Policy="{}", **words)

    kept = clients["sesv2"].get_email_identity_policies(EmailIdentity="example.com")
    assert {"p": "{}"} == kept["Policies"]


def test_v1_deletes_what_may_not_be_there(ses_backend, clients):
    """Deleting a policy twice, or of no identity, is no error in v1."""
    delete = clients["ses"].delete_identity_policy
    clients["ses"].put_identity_policy(Identity="example.com", PolicyName="p", Policy=POLICY)

    delete(Identity="example.com", PolicyName="p")
    delete(Identity="example.com", PolicyName="p")
    delete(Identity="x.org", PolicyName="p")

    assert {} == ses_backend.account().identities["example.com"].policies


def test_v1_reads_of_no_identity(clients):
    """An identity that is not there has no policies in v1."""
    client = clients["ses"]

    assert [] == client.list_identity_policies(Identity="x.org")["PolicyNames"]
    assert {} == client.get_identity_policies(Identity="x.org", PolicyNames=["p"])["Policies"]


def test_v2_deletes_what_is_there(clients):
    """Deleting a policy twice is an error in v2."""
    words = {"EmailIdentity": "example.com", "PolicyName": "p"}
    clients["sesv2"].create_email_identity_policy(Policy=POLICY, **words)

    clients["sesv2"].delete_email_identity_policy(**words)

    assert (*NOT_FOUND, "Policy <p> does not exist") == refusal(
        clients["sesv2"].delete_email_identity_policy, **words
    )


def test_policies_go_with_their_identity(clients):
    """An identity that is made anew has none of the policies it had."""
    client = clients["sesv2"]
    client.create_email_identity_policy(EmailIdentity="example.com", PolicyName="p", Policy=POLICY)
    client.delete_email_identity(EmailIdentity="example.com")
    client.create_email_identity(EmailIdentity="example.com")

    kept = client.get_email_identity_policies(EmailIdentity="example.com")

    assert {} == kept["Policies"]


def test_v2_refuses_a_name_that_is_taken(clients):
    """A policy is created once."""
    words = {"EmailIdentity": "example.com", "PolicyName": "p", "Policy": POLICY}
    clients["sesv2"].create_email_identity_policy(**words)

    assert ("AlreadyExistsException", 400, "Policy <p> already exists") == refusal(
        clients["sesv2"].create_email_identity_policy, **words
    )


def test_v2_refuses_to_update_what_is_not_there(clients):
    """A policy that is not there cannot be updated."""
    assert (*NOT_FOUND, "Policy <p> does not exist") == refusal(
        clients["sesv2"].update_email_identity_policy,
        EmailIdentity="example.com",
        PolicyName="p",
        Policy=POLICY,
    )


@pytest.mark.parametrize(
    ("service", "operation", "params", "code"),
    [
        (
            "ses",
            "put_identity_policy",
            {"Identity": "x.org", "PolicyName": "p", "Policy": POLICY},
            INVALID,
        ),
        (
            "sesv2",
            "create_email_identity_policy",
            {"EmailIdentity": "x.org", "PolicyName": "p", "Policy": POLICY},
            NOT_FOUND,
        ),
        (
            "sesv2",
            "update_email_identity_policy",
            {"EmailIdentity": "x.org", "PolicyName": "p", "Policy": POLICY},
            NOT_FOUND,
        ),
        (
            "sesv2",
            "delete_email_identity_policy",
            {"EmailIdentity": "x.org", "PolicyName": "p"},
            NOT_FOUND,
        ),
        ("sesv2", "get_email_identity_policies", {"EmailIdentity": "x.org"}, NOT_FOUND),
    ],
)
def test_policies_are_of_identities(clients, service, operation, params, code):
    """An identity that is not there takes no policy."""
    assert (*code, "Email identity <x.org> does not exist.") == refusal(
        getattr(clients[service], operation), **params
    )


def test_bad_names_are_refused(keep):
    """A name has letters, digits, dashes and underscores."""
    assert (
        *keep.code,
        (
            "PolicyName is invalid. Policy names must only include alpha-numeric characters, "
            "dashes, and underscores."
        ),
    ) == refusal(keep, name="a.b")


def test_long_names_are_refused(keep):
    """A name has at most 64 characters."""
    code = {"ses": "ValidationError", "sesv2": "BadRequestException"}[keep.service]

    assert (
        code,
        400,
        (
            "1 validation error detected: Value at 'policyName' failed to satisfy constraint: "
            "Member must have length less than or equal to 64"
        ),
    ) == refusal(keep, name="x" * 65)


def test_what_is_no_policy_is_refused(keep):
    """A policy is a JSON object."""
    code = {"ses": "InvalidPolicy", "sesv2": "BadRequestException"}[keep.service]

    assert (code, 400, "The policy is not a JSON object.") == refusal(keep, name="p", policy="text")


def test_the_21st_policy_is_refused(keep):
    """An identity has at most 20 policies."""
    code = {"ses": "InvalidParameterValue", "sesv2": "LimitExceededException"}[keep.service]
    for number in range(20):
        keep(f"p{number}")

    assert (
        code,
        400,
        "Number of policies for <example.com> exceeds max allowed number of policies per resource",
    ) == refusal(keep, name="one-more")
