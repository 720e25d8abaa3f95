"""Templates for verification mails: what is checked, and in which order."""

import pytest

from pytest_ses.domain import errors, verification_templates
from pytest_ses.domain.verification_templates import VerificationTemplate, Wording

TEMPLATE = VerificationTemplate(
    "t", "post@example.com", "Hi", "<p>", "http://example.com", "https://example.com/no"
)
NOTHING = Wording(None, None, None, None, None)


@pytest.fixture(name="kept")
def _kept(account):
    """A template whose sender is verified."""
    account.verify("example.com")
    return verification_templates.create(account, TEMPLATE, tags={"team": "post"})


def test_update_in_part(account, kept):
    """What is not given stays, and so do the tags."""
    verification_templates.update(account, "t", NOTHING._replace(content="<b>"))
    found = account.verification_templates["t"]
    assert ("Hi", "<b>", {"team": "post"}) == (found.subject, found.content, found.tags)


def test_link(account):
    """The link has a host that is nowhere, and names the address."""
    assert (
        "https://email-verification.us-east-1.ses.invalid/123456789012/a%2Bb%40example.org"
    ) == verification_templates.link(account, "a+b@example.org")


def test_order_of_a_send(account, kept):
    """The template is looked for before the sandbox is minded, and that before the sender."""
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
