"""Tenants: their associated resources and their sending status."""

import pytest

from pytest_ses.domain import associations, errors
from pytest_ses.domain.configuration import configuration_sets
from pytest_ses.domain.configuration.configuration_sets import ConfigurationSet
from pytest_ses.domain.tenants import tenants
from pytest_ses.domain.tenants.tenants import SendingStatus


@pytest.fixture(name="acme")
def _acme(account):
    """A tenant with a configuration set."""
    configuration_sets.create(account, ConfigurationSet("letters"))
    tenant = tenants.create(account, "acme", tags={"team": "post"})
    tenants.associate(account, "acme", account.arn("configuration-set", "letters"))
    return tenant


def test_by_arn(account, acme):
    """A tenant is found only by its complete ARN."""
    assert acme is tenants.by_arn(account, acme.arn)
    assert tenants.by_arn(account, account.arn("tenant", "acme")) is None
    assert tenants.by_arn(account, "acme") is None


def test_ids_differ(account):
    """Each tenant has a different ID."""
    ids = [tenants.create(account, name).id for name in ("a", "b")]
    assert 2 == len(set(ids))


@pytest.mark.parametrize(
    ("status", "expected"), [("ENABLED", None), ("REINSTATED", None), ("DISABLED", "acme")]
)
def test_status(account, acme, status, expected):
    """A disabled tenant cannot send; a reinstated one can."""
    acme.status = SendingStatus(status, account.now())
    paused = None
    try:
        tenants.check_sending(account.tenants, "acme", list(acme.resources))
    except errors.TenantSendingPaused as error:
        paused = error.details["name"]
    assert (status, expected) == (acme.sending_status, paused)


def test_association_before_status(account, acme):
    """Associations are checked before the status."""
    acme.status = SendingStatus("DISABLED", account.now())
    with pytest.raises(errors.TenantNotAssociated):
        tenants.check_sending(account.tenants, "acme", ["arn"])


def test_delete_releases_resources(account, acme):
    """A resource can be deleted after its tenant is deleted."""
    with pytest.raises(errors.TenantAssociationsLeft):
        associations.check_unassociated(account, "configuration-set", "letters")
    tenants.delete(account, "acme")
    associations.check_unassociated(account, "configuration-set", "letters")
    assert [] == list(associations.of_resource(account.associations, account.arn("template", "t")))
