"""Custom verification email templates: updates, links and the order of checks."""

import pytest

from pytest_ses.domain import errors
from pytest_ses.domain.sending import verification_templates
from pytest_ses.domain.sending.verification_templates import (
    VerificationTemplate,
    VerificationTemplateUpdate,
)

TEMPLATE = VerificationTemplate(
    "t", "post@example.com", "Hi", "<p>", "http://example.com", "https://example.com/no"
)
NOTHING = VerificationTemplateUpdate(None, None, None, None, None)


@pytest.fixture(name="stored")
def _stored(account):
    """A stored template whose sender is verified."""
    account.verify("example.com")
    return verification_templates.create(account, TEMPLATE, tags={"team": "post"})


def test_update_in_part(account, stored):
    """A partial update keeps all other values and the tags."""
    verification_templates.update(account, "t", NOTHING._replace(content="<b>"))
    template = account.verification_templates["t"]
    assert ("Hi", "<b>", {"team": "post"}) == (template.subject, template.content, template.tags)


def test_link(account):
    """The link has a host that does not exist, and contains the address."""
    assert (
        "https://email-verification.us-east-1.ses.invalid/123456789012/a%2Bb%40example.org"
    ) == verification_templates.verification_link(account, "a+b@example.org")


def test_order_of_checks(account, stored):
    """The template is checked first, then the sandbox, then the sender."""
    account.sandbox = True
    account.identities.remove("example.com")
    for name, kind in (
        ("other", errors.TemplateOfVerificationDoesNotExist),
        ("t", errors.ProductionAccessNotGranted),
    ):
        with pytest.raises(kind):
            verification_templates.send(account, "ada@example.org", name, service="ses")
    account.sandbox = False
    with pytest.raises(errors.FromEmailAddressNotVerified):
        verification_templates.send(account, "ada@example.org", "t", service="ses")
    assert [] == list(account.identities)
