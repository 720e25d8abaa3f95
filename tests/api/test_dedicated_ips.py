"""Dedicated IP addresses and pools, through API v2."""

import pytest
from asking import error_of, without_metadata

from pytest_ses.domain.configuration.dedicated_ips import DedicatedIp

BAD_REQUEST = ("BadRequestException", 400)
NOT_FOUND = ("NotFoundException", 404)
FIRST, SECOND = "192.0.2.5", "192.0.2.6"
INVALID_NAME = (
    "The pool name <{}> is invalid. It can contain up to 64 characters: "
    "alphanumeric characters, underscores (_) and hyphens (-)."
)
NO_IP = "The requested IP address <192.0.2.9> does not exist."
NO_POOL = "The requested pool <other> does not exist."
IN_OTHER = {"PoolName": "other"}


@pytest.fixture(name="client")
def _client(sesv2_client):
    """A client of an account with the pool `mine`."""
    sesv2_client.create_dedicated_ip_pool(PoolName="mine")
    return sesv2_client


@pytest.fixture(name="ips")
def _ips(ses_backend, client):
    """The dedicated IP addresses of the account, with two addresses."""
    dedicated_ips = ses_backend.account().dedicated_ips
    for address in (SECOND, FIRST):
        dedicated_ips.put(address, DedicatedIp(address, warmup_percentage=40))
    return dedicated_ips


def get_address(client, address=FIRST):
    """The result of GetDedicatedIp for an address."""
    return without_metadata(client.get_dedicated_ip(Ip=address))["DedicatedIp"]


@pytest.mark.parametrize(
    ("params", "expected"),
    [({}, "STANDARD"), ({"ScalingMode": "MANAGED"}, "MANAGED")],
    ids=["standard", "managed"],
)
def test_create_and_get(sesv2_client, params, expected):
    """A pool shows its scaling mode, which defaults to STANDARD."""
    assert {} == without_metadata(sesv2_client.create_dedicated_ip_pool(PoolName="mine", **params))
    pool = without_metadata(sesv2_client.get_dedicated_ip_pool(PoolName="mine"))
    assert {"DedicatedIpPool": {"PoolName": "mine", "ScalingMode": expected}} == pool


def test_tags(sesv2_client):
    """A pool can be tagged on creation and later."""
    team, stage = {"Key": "team", "Value": "post"}, {"Key": "stage", "Value": "test"}
    sesv2_client.create_dedicated_ip_pool(PoolName="mine", Tags=[team])
    arn = "arn:aws:ses:us-east-1:123456789012:dedicated-ip-pool/mine"
    sesv2_client.tag_resource(ResourceArn=arn, Tags=[stage])
    assert [team, stage] == sesv2_client.list_tags_for_resource(ResourceArn=arn)["Tags"]


def test_list_pools(client):
    """Pools are listed by name, in pages."""
    client.create_dedicated_ip_pool(PoolName="ours")
    client.create_dedicated_ip_pool(PoolName="a")
    first = client.list_dedicated_ip_pools(PageSize=2)
    rest = client.list_dedicated_ip_pools(NextToken=first["NextToken"])
    assert (["a", "mine"], {"DedicatedIpPools": ["ours"]}) == (
        first["DedicatedIpPools"],
        without_metadata(rest),
    )


def test_delete(client):
    """A deleted pool is no longer listed."""
    assert {} == without_metadata(client.delete_dedicated_ip_pool(PoolName="mine"))
    assert [] == client.list_dedicated_ip_pools()["DedicatedIpPools"]


def test_scale(client):
    """A standard pool can be converted to a managed one, but not back."""
    params = {"PoolName": "mine", "ScalingMode": "MANAGED"}
    assert {} == without_metadata(client.put_dedicated_ip_pool_scaling_attributes(**params))
    assert {} == without_metadata(client.put_dedicated_ip_pool_scaling_attributes(**params))
    pool = client.get_dedicated_ip_pool(PoolName="mine")["DedicatedIpPool"]
    assert "MANAGED" == pool["ScalingMode"]
    text = "The pool <mine> is MANAGED and cannot be converted to STANDARD."
    assert (*BAD_REQUEST, text) == error_of(
        client.put_dedicated_ip_pool_scaling_attributes, PoolName="mine", ScalingMode="STANDARD"
    )


def test_address(client, ips):
    """An address shows its warm-up and its pool, initially the default pool."""
    assert {
        "Ip": FIRST,
        "WarmupStatus": "IN_PROGRESS",
        "WarmupPercentage": 40,
        "PoolName": "ses-default-dedicated-pool",
    } == get_address(client)


def test_move(client, ips):
    """An address can be moved between pools."""
    assert {} == without_metadata(
        client.put_dedicated_ip_in_pool(Ip=FIRST, DestinationPoolName="mine")
    )
    assert "mine" == get_address(client)["PoolName"]
    client.put_dedicated_ip_in_pool(Ip=FIRST, DestinationPoolName="ses-default-dedicated-pool")
    assert "ses-default-dedicated-pool" == get_address(client)["PoolName"]


def test_warmup(client, ips):
    """The warm-up of an address has the status DONE at 100 percent."""
    params = {"Ip": FIRST, "WarmupPercentage": 100}
    assert {} == without_metadata(client.put_dedicated_ip_warmup_attributes(**params))
    address = get_address(client)
    assert ("DONE", 100) == (address["WarmupStatus"], address["WarmupPercentage"])


def test_list_addresses(client, ips):
    """Addresses are listed in order, in pages, optionally of one pool."""
    client.put_dedicated_ip_in_pool(Ip=SECOND, DestinationPoolName="mine")

    def list_page(**params):
        page = client.get_dedicated_ips(**params)
        return [address["Ip"] for address in page["DedicatedIps"]], page.get("NextToken")

    first, token = list_page(PageSize=1)
    assert ([FIRST], ([SECOND], None)) == (first, list_page(NextToken=token))
    assert ([SECOND], None) == list_page(PoolName="mine")


@pytest.mark.parametrize(
    ("operation", "params", "expected"),
    [
        (
            "create_dedicated_ip_pool",
            {"PoolName": "mine"},
            ("AlreadyExistsException", 400, "The pool <mine> already exists."),
        ),
        (
            "create_dedicated_ip_pool",
            {"PoolName": "ses-shared-pool"},
            ("AlreadyExistsException", 400, "The pool <ses-shared-pool> already exists."),
        ),
        ("create_dedicated_ip_pool", {"PoolName": ""}, (*BAD_REQUEST, INVALID_NAME.format(""))),
        (
            "create_dedicated_ip_pool",
            {"PoolName": "p" * 65},
            (*BAD_REQUEST, INVALID_NAME.format("p" * 65)),
        ),
        (
            "create_dedicated_ip_pool",
            {"PoolName": "mine", "ScalingMode": "NONE"},
            (*BAD_REQUEST, "The ScalingMode parameter is invalid."),
        ),
        (
            "put_dedicated_ip_pool_scaling_attributes",
            {**IN_OTHER, "ScalingMode": "NONE"},
            (*BAD_REQUEST, "The ScalingMode parameter is invalid."),
        ),
        (
            "put_dedicated_ip_pool_scaling_attributes",
            {**IN_OTHER, "ScalingMode": "MANAGED"},
            (*NOT_FOUND, NO_POOL),
        ),
        ("get_dedicated_ip_pool", IN_OTHER, (*NOT_FOUND, NO_POOL)),
        ("delete_dedicated_ip_pool", IN_OTHER, (*NOT_FOUND, NO_POOL)),
        ("get_dedicated_ips", IN_OTHER, (*NOT_FOUND, NO_POOL)),
        (
            "put_dedicated_ip_in_pool",
            {"Ip": FIRST, "DestinationPoolName": "other"},
            (*NOT_FOUND, NO_POOL),
        ),
        ("get_dedicated_ip", {"Ip": "192.0.2.9"}, (*NOT_FOUND, NO_IP)),
        (
            "put_dedicated_ip_in_pool",
            {"Ip": "192.0.2.9", "DestinationPoolName": "other"},
            (*NOT_FOUND, NO_IP),
        ),
        (
            "put_dedicated_ip_warmup_attributes",
            {"Ip": "192.0.2.9", "WarmupPercentage": 101},
            (*NOT_FOUND, NO_IP),
        ),
        (
            "put_dedicated_ip_warmup_attributes",
            {"Ip": FIRST, "WarmupPercentage": 101},
            (*BAD_REQUEST, "The warm-up percentage 101 is not between 0 and 100."),
        ),
        (
            "get_dedicated_ips",
            {**IN_OTHER, "PageSize": 1001},
            (*BAD_REQUEST, "The page size must be between 1 and 1000"),
        ),
        (
            "list_dedicated_ip_pools",
            {"PageSize": 0},
            (*BAD_REQUEST, "The page size must be between 1 and 1000"),
        ),
        (
            "list_dedicated_ip_pools",
            {"NextToken": "nonsense"},
            (*BAD_REQUEST, "Invalid NextToken <nonsense>."),
        ),
    ],
)
def test_rejected(client, ips, operation, params, expected):
    """Invalid requests are rejected, with the checks in SES's order."""
    assert expected == error_of(getattr(client, operation), **params)


def test_pool_in_use(client):
    """A pool that a configuration set uses cannot be deleted."""
    client.create_configuration_set(
        ConfigurationSetName="letters", DeliveryOptions={"SendingPoolName": "mine"}
    )
    text = "The pool <mine> is used by the configuration set <letters>."
    assert (*BAD_REQUEST, text) == error_of(client.delete_dedicated_ip_pool, PoolName="mine")
