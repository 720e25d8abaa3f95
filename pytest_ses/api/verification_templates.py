"""Responses about custom verification email templates, shared by both APIs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.domain.sending import verification_templates

if TYPE_CHECKING:
    from pytest_ses.domain.account import Account
    from pytest_ses.domain.sending.verification_templates import VerificationTemplate


def summary(template: VerificationTemplate) -> dict[str, Any]:
    """Return the members of a template without its content."""
    return {
        "TemplateName": template.name,
        "FromEmailAddress": template.from_address,
        "TemplateSubject": template.subject,
        "SuccessRedirectionURL": template.success_url,
        "FailureRedirectionURL": template.failure_url,
    }


def page(
    account: Account, pages: paging.Pages, size: int | None, token: str | None
) -> dict[str, Any]:
    """Return a page of the templates, newest first."""
    templates, next_token = pages.page(account, account.verification_templates, size, token)
    return {
        "CustomVerificationEmailTemplates": [summary(template) for template in templates],
        **paging.next_token(next_token),
    }


def send(
    account: Account,
    email_address: str,
    template_name: str,
    configuration_set_name: str | None,
    *,
    service: str,
) -> dict[str, Any]:
    """Create an identity for an address and send it the verification email."""
    message = verification_templates.send(
        account,
        email_address,
        template_name,
        service=service,
        configuration_set=configuration_set_name,
    )
    return {"MessageId": message.message_id}
