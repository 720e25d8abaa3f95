"""Sending authorization policies, in both APIs."""

import json

import pytest
from asking import error_of

INVALID = ("InvalidParameterValue", 400)
BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
POLICY = '{"Version":"2012-10-17","Statement":[]}'

# By API: the operation that creates a policy, its identity member, and the error for bad values.
CREATION = {
    "ses": ("put_identity_policy", "Identity", INVALID),
    "sesv2": ("create_email_identity_policy", "EmailIdentity", BAD_REQUEST),
}


@pytest.fixture(name="clients")
def _clients(ses_backend, ses_client, sesv2_client):
    ses_backend.verify("example.com")
    return {"ses": ses_client, "sesv2": sesv2_client}


@pytest.fixture(name="create", params=CREATION)
def _create(request, clients):
    """A function that creates a policy of example.com, in each API."""
    operation, identity_member, _ = CREATION[request.param]

    def create(name, policy=POLICY, identity="example.com"):
        getattr(clients[request.param], operation)(
            PolicyName=name, Policy=policy, **{identity_member: identity}
        )

    create.code = CREATION[request.param][2]
    create.service = request.param
    return create


def test_a_policy_is_shown_in_both(clients, create):
    """A policy created in one API is shown in both, without insignificant white space."""
    create("p", json.dumps(json.loads(POLICY), indent=2))

    v1 = clients["ses"].get_identity_policies(Identity="example.com", PolicyNames=["p", "x"])
    v2 = clients["sesv2"].get_email_identity_policies(EmailIdentity="example.com")
    shown = clients["sesv2"].get_email_identity(EmailIdentity="example.com")
    assert {"p": POLICY} == v1["Policies"] == v2["Policies"] == shown["Policies"]


def test_identity_arn(clients):
    """v1 accepts the ARN of an identity instead of its name."""
    clients["ses"].put_identity_policy(
        Identity="arn:aws:ses:us-east-1:123456789012:identity/example.com",
        PolicyName="p",
        Policy=POLICY,
    )

    response = clients["ses"].list_identity_policies(Identity="example.com")
    assert ["p"] == response["PolicyNames"]


def test_names_are_listed(clients):
    """v1 lists the names of the policies in order."""
    for name in ("b", "a"):
        clients["ses"].put_identity_policy(Identity="example.com", PolicyName=name, Policy=POLICY)

    response = clients["ses"].list_identity_policies(Identity="example.com")

    assert ["a", "b"] == response["PolicyNames"]


def test_v1_replaces(clients):
    """Putting a policy with the same name replaces it."""
    for policy in (POLICY, "{}"):
        clients["ses"].put_identity_policy(Identity="example.com", PolicyName="p", Policy=policy)

    response = clients["ses"].get_identity_policies(Identity="example.com", PolicyNames=["p"])
    assert {"p": "{}"} == response["Policies"]


def test_v2_updates(clients):
    """Updating a policy replaces it."""
    params = {"EmailIdentity": "example.com", "PolicyName": "p"}
    clients["sesv2"].create_email_identity_policy(Policy=POLICY, **params)

    clients["sesv2"].update_email_identity_policy(Policy="{}", **params)

    response = clients["sesv2"].get_email_identity_policies(EmailIdentity="example.com")
    assert {"p": "{}"} == response["Policies"]


def test_delete_twice_in_v1(ses_backend, clients):
    """Deleting a missing policy, or a policy of a missing identity, succeeds in v1."""
    delete = clients["ses"].delete_identity_policy
    clients["ses"].put_identity_policy(Identity="example.com", PolicyName="p", Policy=POLICY)

    delete(Identity="example.com", PolicyName="p")
    delete(Identity="example.com", PolicyName="p")
    delete(Identity="x.org", PolicyName="p")

    assert {} == ses_backend.account().identities["example.com"].policies


def test_too_many_names(clients):
    """v1 returns at most 20 policies at a time."""
    get = clients["ses"].get_identity_policies

    get(Identity="example.com", PolicyNames=["p"] * 20)

    # This text is our own; SES's is unknown.
    assert (*INVALID, "At most 20 policies can be requested at a time.") == error_of(
        get, Identity="example.com", PolicyNames=["p"] * 21
    )


@pytest.mark.parametrize("operation", ["create", "update", "delete"])
def test_invalid_name_in_v2(clients, operation):
    """Each operation of v2 with the name of a policy checks the name."""
    params = {"EmailIdentity": "example.com", "PolicyName": "a b"}
    if operation != "delete":
        params["Policy"] = POLICY
    text = (
        "PolicyName is invalid. Policy names must only include alpha-numeric characters, dashes, "
        "and underscores."
    )

    assert (*BAD_REQUEST, text) == error_of(
        getattr(clients["sesv2"], f"{operation}_email_identity_policy"), **params
    )


def test_v1_reads_of_a_missing_identity(clients):
    """A missing identity has no policies in v1."""
    client = clients["ses"]

    assert [] == client.list_identity_policies(Identity="x.org")["PolicyNames"]
    assert {} == client.get_identity_policies(Identity="x.org", PolicyNames=["p"])["Policies"]


def test_delete_twice_in_v2(clients):
    """Deleting a policy twice fails in v2."""
    params = {"EmailIdentity": "example.com", "PolicyName": "p"}
    clients["sesv2"].create_email_identity_policy(Policy=POLICY, **params)

    clients["sesv2"].delete_email_identity_policy(**params)

    assert (*NOT_FOUND, "Policy <p> does not exist") == error_of(
        clients["sesv2"].delete_email_identity_policy, **params
    )


def test_deleting_an_identity_deletes_its_policies(clients):
    """An identity that is deleted and created again has no policies."""
    client = clients["sesv2"]
    client.create_email_identity_policy(EmailIdentity="example.com", PolicyName="p", Policy=POLICY)
    client.delete_email_identity(EmailIdentity="example.com")
    client.create_email_identity(EmailIdentity="example.com")

    response = client.get_email_identity_policies(EmailIdentity="example.com")

    assert {} == response["Policies"]


def test_duplicate_in_v2(clients):
    """v2 rejects a duplicate policy name."""
    params = {"EmailIdentity": "example.com", "PolicyName": "p", "Policy": POLICY}
    clients["sesv2"].create_email_identity_policy(**params)

    assert ("AlreadyExistsException", 400, "Policy <p> already exists") == error_of(
        clients["sesv2"].create_email_identity_policy, **params
    )


def test_update_missing_in_v2(clients):
    """A policy that does not exist cannot be updated in v2."""
    assert (*NOT_FOUND, "Policy <p> does not exist") == error_of(
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
def test_missing_identity(clients, service, operation, params, code):
    """A missing identity is rejected by PutIdentityPolicy of v1 and by every operation of v2."""
    assert (*code, "Email identity <x.org> does not exist.") == error_of(
        getattr(clients[service], operation), **params
    )


def test_invalid_name(create):
    """A name with characters other than letters, digits, dashes and underscores is rejected."""
    assert (
        *create.code,
        (
            "PolicyName is invalid. Policy names must only include alpha-numeric characters, "
            "dashes, and underscores."
        ),
    ) == error_of(create, name="a.b")


def test_long_name(create):
    """A name longer than 64 characters is rejected."""
    code = {"ses": "ValidationError", "sesv2": "BadRequestException"}[create.service]

    assert (
        code,
        400,
        (
            "1 validation error detected: Value at 'policyName' failed to satisfy constraint: "
            "Member must have length less than or equal to 64"
        ),
    ) == error_of(create, name="x" * 65)


def test_invalid_policy(create):
    """A policy that is not a JSON object is rejected."""
    code = {"ses": "InvalidPolicy", "sesv2": "BadRequestException"}[create.service]

    assert (code, 400, "The policy is not a JSON object.") == error_of(
        create, name="p", policy="text"
    )


def test_limit(create):
    """A twenty-first policy of an identity is rejected."""
    code = {"ses": "InvalidParameterValue", "sesv2": "LimitExceededException"}[create.service]
    for number in range(20):
        create(f"p{number}")

    assert (
        code,
        400,
        "Number of policies for <example.com> exceeds max allowed number of policies per resource",
    ) == error_of(create, name="one-more")
