"""Custom verification email templates, and the messages that are sent with them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.identities import identities
from pytest_ses.domain.mail.requests import Destination, SendRequest, TrackingOverrides
from pytest_ses.domain.mime import Content
from pytest_ses.domain.sending import sending
from pytest_ses.domain.sending.sending import SendingState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.identities.identities import Identity
    from pytest_ses.domain.mail.messages import Message

# From the service models: the whole message must be smaller.
MAX_SIZE = 10 * 1024 * 1024

# From the FAQ of https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html.
MAX_TEMPLATES = 50

# From the same FAQ, which does not show the markup.
DISCLAIMER = (
    "If you did not request to verify this email address, please disregard this message. "
    "If you have any concerns, please forward this message to the following "
    '<a href="mailto:aws-email-domain-verification@amazon.com">email address</a> '
    "along with your questions or comments."
)
# From the same FAQ: these messages cannot include open or click tracking.
_NO_TRACKING = TrackingOverrides(opens=False, clicks=False)

_SCHEMES = ("http", "https")
_COMMENT = re.compile(r"<!--(?:.{0,40}?-->)?", re.DOTALL)


class VerificationTemplateUpdate(NamedTuple):
    """The new values of a template; `None` keeps the current value."""

    from_address: str | None
    subject: str | None
    content: str | None
    success_url: str | None
    failure_url: str | None


@dataclass(slots=True)
class VerificationTemplate:
    """A custom verification email template, shared by v1 and v2; its content is HTML."""

    name: str
    from_address: str
    subject: str
    content: str
    success_url: str
    failure_url: str
    tags: dict[str, str] = field(default_factory=dict)


class VerificationState(SendingState, Protocol):
    """The custom verification email templates of an account, and the state that sending needs."""

    verification_templates: Collection[VerificationTemplate]


def store() -> Collection[VerificationTemplate]:
    """Return an empty store of custom verification email templates."""
    return Collection(
        "custom verification email templates",
        missing=errors.CustomVerificationEmailTemplateDoesNotExist,
        duplicate=errors.CustomVerificationEmailTemplateAlreadyExists,
        limit=MAX_TEMPLATES,
        order="newest first",
    )


def create(
    account: VerificationState,
    template: VerificationTemplate,
    *,
    tags: Mapping[str, str] | None = None,
) -> VerificationTemplate:
    """Store a new template.

    Raises:
        InvalidParameterValue: if the name is missing or a redirection URL is invalid.
        CustomVerificationEmailInvalidContent: if the content is too large or has a comment.
        FromEmailAddressNotVerified: if the sender is not verified.
        CustomVerificationEmailTemplateAlreadyExists: if the name is taken.
        LimitExceeded: if the account has 50 templates.
    """
    if not template.name:
        raise errors.InvalidParameterValue("The template name must be specified.")
    _check(account, template)
    stored = replace(template, tags=dict(tags or {}))
    return account.verification_templates.add(stored.name, stored)


def update(account: VerificationState, name: str, new: VerificationTemplateUpdate) -> None:
    """Replace the given values of a template; its tags and its place in the list are kept.

    Raises:
        CustomVerificationEmailTemplateDoesNotExist: if the template does not exist; other errors
            as in `create`.
    """
    changes = {member: value for member, value in new._asdict().items() if value is not None}
    template = replace(account.verification_templates.find(name), **changes)
    _check(account, template)
    account.verification_templates.put(name, template)


def send(
    account: VerificationState,
    address: str,
    template_name: str,
    *,
    service: str,
    configuration_set: str | None = None,
) -> Message:
    """Register an address as a pending identity, and send it a verification email.

    An existing identity is not changed and gets the message as well. If the message is rejected, no
    new identity is left behind.

    Raises:
        InvalidParameterValue: if the address is invalid.
        TemplateOfVerificationDoesNotExist: if the template does not exist.
        ProductionAccessNotGranted: if the account is in the sandbox.
        FromEmailAddressNotVerified: if the sender of the template is no longer verified.
        SESError: if sending the message fails in any other way.
    """
    if not address.strip():
        raise errors.InvalidParameterValue("Email address not specified.")
    is_new = identities.get(account, address) is None
    identity = identities.register_address(account, address)
    try:
        return _send_message(account, identity, template_name, service, configuration_set)
    except errors.SESError:
        if is_new:
            account.identities.discard(identity.name)
        raise


def verification_link(account: VerificationState, address: str) -> str:
    """Return the URL that verifies an address.

    SES's URLs are signed, so the format is our own; a host in `.invalid` never exists (RFC 6761).
    """
    quoted_address = quote(address, safe="")
    return f"https://email-verification.{account.region}.ses.invalid/{account.account_id}/{quoted_address}"


def _send_message(
    account: VerificationState,
    identity: Identity,
    template_name: str,
    service: str,
    configuration_set: str | None,
) -> Message:
    template = account.verification_templates.get(template_name)
    if template is None:
        raise errors.TemplateOfVerificationDoesNotExist(name=template_name)
    if account.sandbox:
        raise errors.ProductionAccessNotGranted
    _check_sender(account, template.from_address)
    request = SendRequest(
        service=service,
        operation="SendCustomVerificationEmail",
        source=template.from_address,
        tags={},
        configuration_set=configuration_set,
        content=Content(subject=template.subject, html=_html(account, identity, template)),
        overrides=_NO_TRACKING,
    )
    return sending.send(account, request, Destination(to=[identity.name]))


def _html(account: VerificationState, identity: Identity, template: VerificationTemplate) -> str:
    """Return the content of a template, the link, whose format is our own, and the disclaimer."""
    url = verification_link(account, identity.name)
    return f'{template.content}\n<p><a href="{url}">{url}</a></p>\n<p>{DISCLAIMER}</p>'


def _check(account: VerificationState, template: VerificationTemplate) -> None:
    for kind, url in (("success", template.success_url), ("failure", template.failure_url)):
        if not _is_url(url):
            raise errors.InvalidParameterValue(f"The {kind} redirection URL is invalid")
    size = len(template.content.encode("utf-8", "replace"))
    if size >= MAX_SIZE:
        raise errors.CustomVerificationEmailInvalidContent(size=size, limit=MAX_SIZE)
    # From the same FAQ.
    if comment := _COMMENT.search(template.content):
        raise errors.CustomVerificationEmailHasComment(comment=comment[0])
    _check_sender(account, template.from_address)


def _check_sender(account: VerificationState, address: str) -> None:
    if account.accepts_every_sender:
        return
    if not identities.is_verified(account.identities, addresses.bare(address)):
        raise errors.FromEmailAddressNotVerified(name=address)


def _is_url(text: str) -> bool:
    try:
        parts = urlsplit(text)
    except ValueError:
        return False
    return parts.scheme in _SCHEMES and bool(parts.hostname)
