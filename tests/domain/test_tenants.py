"""Tenants: what they are given, and what that allows."""

import pytest

from pytest_ses.domain import associations, configuration, errors, tenants
from pytest_ses.domain.configuration import ConfigurationSet
from pytest_ses.domain.tenants import Status


@pytest.fixture(name="acme")
def _acme(account):
    """A tenant with a configuration set."""
    configuration.create(account, ConfigurationSet("letters"))
    made = tenants.create(account, "acme", tags={"team": "post"})
    tenants.associate(account, "acme", account.arn("configuration-set", "letters"))
    return made


def test_by_arn(account, acme):
    """A tenant is found by its whole ARN."""
    assert acme is tenants.by_arn(account, acme.arn)
    assert tenants.by_arn(account, account.arn("tenant", "acme")) is None
    assert tenants.by_arn(account, "acme") is None


def test_ids_differ(account):
    """Each tenant has an id of its own."""
    made = [tenants.create(account, name).id for name in ("a", "b")]
    assert 2 == len(set(made))


@pytest.mark.parametrize(
    ("status", "expected"), [("ENABLED", None), ("REINSTATED", None), ("DISABLED", "acme")]
)
def test_status(account, acme, status, expected):
    """A tenant that is disabled does not send; one that is reinstated does."""
    acme.status = Status(status, account.now())
    refused = None
    try:
        tenants.check_sending(account, "acme", list(acme.resources))
    except errors.TenantSendingPaused as error:
        refused = error.details["name"]
    assert (status, expected) == (acme.sending_status, refused)


def test_association_before_status(account, acme):
    """A strange resource is told before the status."""
    acme.status = Status("DISABLED", account.now())
    with pytest.raises(errors.TenantNotAssociated):
        tenants.check_sending(account, "acme", ["arn"])


def test_delete_frees(account, acme):
    """A resource of a tenant that is gone may be deleted."""
    with pytest.raises(errors.TenantAssociationsLeft):
        associations.check_none(account, "configuration-set", "letters")
    tenants.delete(account, "acme")
    associations.check_none(account, "configuration-set", "letters")
    assert [] == list(associations.of_resource(account, account.arn("template", "t")))
