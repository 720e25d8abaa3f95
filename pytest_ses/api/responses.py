"""How is an answer put together?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import model

if TYPE_CHECKING:
    from pytest_ses.domain.sending.verification_templates import VerificationTemplate


def given(**members: Any) -> dict[str, Any]:
    """The members that have a value; SES leaves the others out."""
    return {name: value for name, value in members.items() if value is not None}


def known(service: str, shape: str, members: dict[str, Any]) -> dict[str, Any]:
    """The members of a structure that the installed model has; an older one knows fewer."""
    of_model = model(service).model.shape_for(shape).members
    return {name: value for name, value in members.items() if name in of_model}


def verification_template(found: VerificationTemplate) -> dict[str, Any]:
    """A template for verification mails without its content, in the words of both APIs."""
    return {
        "TemplateName": found.name,
        "FromEmailAddress": found.from_address,
        "TemplateSubject": found.subject,
        "SuccessRedirectionURL": found.success_url,
        "FailureRedirectionURL": found.failure_url,
    }
