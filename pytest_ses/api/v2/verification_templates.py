"""How does API v2 verify addresses with mails of one's own?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import verification_template
from pytest_ses.domain import resource_tags
from pytest_ses.domain.sending import verification_templates
from pytest_ses.domain.sending.verification_templates import VerificationTemplate, Wording

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account


def create_custom_verification_email_template(
    account: Account,
    *,
    template_name: str,
    from_email_address: str,
    template_subject: str,
    template_content: str,
    success_redirection_url: str,
    failure_redirection_url: str,
    tags: list[dict[str, str]] | None = None,
) -> None:
    """Keep a new template for verification mails."""
    wanted = VerificationTemplate(
        template_name,
        from_email_address,
        template_subject,
        template_content,
        success_redirection_url,
        failure_redirection_url,
    )
    verification_templates.create(account, wanted, tags=resource_tags.checked(tags))


def get_custom_verification_email_template(
    account: Account, *, template_name: str
) -> dict[str, Any]:
    """All of a template for verification mails, its tags too."""
    found = account.verification_templates.find(template_name)
    return {
        **verification_template(found),
        "TemplateContent": found.content,
        "Tags": resource_tags.listed(found.tags),
    }


def update_custom_verification_email_template(
    account: Account,
    *,
    template_name: str,
    from_email_address: str,
    template_subject: str,
    template_content: str,
    success_redirection_url: str,
    failure_redirection_url: str,
) -> None:
    """Replace all of a template for verification mails but its tags."""
    wording = Wording(
        from_email_address,
        template_subject,
        template_content,
        success_redirection_url,
        failure_redirection_url,
    )
    verification_templates.update(account, template_name, wording)


def delete_custom_verification_email_template(account: Account, *, template_name: str) -> None:
    """Drop a template for verification mails."""
    account.verification_templates.remove(template_name)


def list_custom_verification_email_templates(
    account: Account, *, next_token: str | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """The templates for verification mails without their content, newest first."""
    found, token = paging.V2_VERIFICATION_TEMPLATES.page(
        account, account.verification_templates, page_size, next_token
    )
    return {
        "CustomVerificationEmailTemplates": [verification_template(one) for one in found],
        **paging.next_token(token),
    }


def send_custom_verification_email(
    account: Account,
    *,
    email_address: str,
    template_name: str,
    configuration_set_name: str | None = None,
) -> dict[str, Any]:
    """Begin to verify an address with a mail made of a template."""
    message = verification_templates.send(
        account,
        email_address,
        template_name,
        service="sesv2",
        configuration_set=configuration_set_name,
    )
    return {"MessageId": message.message_id}
