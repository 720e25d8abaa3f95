"""The operations of API v2 on custom verification email templates and emails."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging, verification_templates as shared
from pytest_ses.domain import resource_tags
from pytest_ses.domain.sending import verification_templates
from pytest_ses.domain.sending.verification_templates import (
    VerificationTemplate,
    VerificationTemplateUpdate,
)

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
    """Create a custom verification email template."""
    template = VerificationTemplate(
        template_name,
        from_email_address,
        template_subject,
        template_content,
        success_redirection_url,
        failure_redirection_url,
    )
    verification_templates.create(account, template, tags=resource_tags.parse(tags))


def get_custom_verification_email_template(
    account: Account, *, template_name: str
) -> dict[str, Any]:
    """Return a custom verification email template with its content and tags."""
    template = account.verification_templates.find(template_name)
    return {
        **shared.summary(template),
        "TemplateContent": template.content,
        "Tags": resource_tags.to_list(template.tags),
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
    """Replace everything in a custom verification email template except its tags."""
    update = VerificationTemplateUpdate(
        from_email_address,
        template_subject,
        template_content,
        success_redirection_url,
        failure_redirection_url,
    )
    verification_templates.update(account, template_name, update)


def delete_custom_verification_email_template(account: Account, *, template_name: str) -> None:
    """Delete a custom verification email template."""
    account.verification_templates.remove(template_name)


def list_custom_verification_email_templates(
    account: Account, *, next_token: str | None = None, page_size: int | None = None
) -> dict[str, Any]:
    """List the custom verification email templates without their content, newest first."""
    return shared.page(account, paging.V2_VERIFICATION_TEMPLATES, page_size, next_token)


def send_custom_verification_email(
    account: Account,
    *,
    email_address: str,
    template_name: str,
    configuration_set_name: str | None = None,
) -> dict[str, Any]:
    """Start the verification of an address with a custom verification email."""
    return shared.send(
        account, email_address, template_name, configuration_set_name, service="sesv2"
    )
