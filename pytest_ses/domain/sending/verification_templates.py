"""What is a template for verification mails, and what does a mail made of one do?"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, NamedTuple, Protocol
from urllib.parse import quote, urlsplit

from pytest_ses.domain import addresses, errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.identities import identities
from pytest_ses.domain.mail.requests import Destination, SendRequest
from pytest_ses.domain.mime import Content
from pytest_ses.domain.sending import sending
from pytest_ses.domain.sending.sending import SendingState

if TYPE_CHECKING:
    from collections.abc import Mapping

    from pytest_ses.domain.identities.identities import Identity
    from pytest_ses.domain.mail.messages import Message

# The service models: the whole mail has to be smaller.
MAX_SIZE = 10 * 1024 * 1024

# https://docs.aws.amazon.com/ses/latest/dg/creating-identities.html, questions and answers.
VERIFICATION_TEMPLATES = 50

_SCHEMES = ("http", "https")


class Wording(NamedTuple):
    """What a template says, and where the reader lands; in an update None keeps what was there."""

    from_address: str | None
    subject: str | None
    content: str | None
    success_url: str | None
    failure_url: str | None


@dataclass(slots=True)
class VerificationTemplate:
    """A template for verification mails, which v1 and v2 share; its content is HTML."""

    name: str
    from_address: str
    subject: str
    content: str
    success_url: str
    failure_url: str
    tags: dict[str, str] = field(default_factory=dict)


class VerificationState(SendingState, Protocol):
    """The custom verification email templates of an account, and what sending them needs."""

    verification_templates: Collection[VerificationTemplate]


def store() -> Collection[VerificationTemplate]:
    """Return an empty store of custom verification email templates."""
    return Collection(
        "custom verification email templates",
        missing=errors.CustomVerificationEmailTemplateDoesNotExist,
        duplicate=errors.CustomVerificationEmailTemplateAlreadyExists,
        limit=VERIFICATION_TEMPLATES,
        order="newest first",
    )


def create(
    account: VerificationState,
    wanted: VerificationTemplate,
    *,
    tags: Mapping[str, str] | None = None,
) -> VerificationTemplate:
    """Keep a new template.

    Raises:
        InvalidParameterValue: without a name, or for a URL that nobody can be sent to.
        CustomVerificationEmailInvalidContent: for too much content.
        FromEmailAddressNotVerified: as its name says.
        CustomVerificationEmailTemplateAlreadyExists, LimitExceeded: as their names say.
    """
    if not wanted.name:
        raise errors.InvalidParameterValue("The template name must be specified.")
    _check(account, wanted)
    made = replace(wanted, tags=dict(tags or {}))
    return account.verification_templates.add(made.name, made)


def update(account: VerificationState, name: str, wording: Wording) -> None:
    """Replace what is given; the tags and the place in the list stay.

    Raises:
        CustomVerificationEmailTemplateDoesNotExist: as its name says; otherwise see `create`.
    """
    given = {part: value for part, value in wording._asdict().items() if value is not None}
    changed = replace(account.verification_templates.find(name), **given)
    _check(account, changed)
    account.verification_templates.put(name, changed)


def send(
    account: VerificationState,
    address: str,
    template_name: str,
    *,
    service: str,
    configuration_set: str | None = None,
) -> Message:
    """Make an address an identity to be verified, and send it the mail that asks for it.

    An address that is an identity already stays as it is and gets the mail, too. A mail that is
    refused leaves no identity behind.

    Raises:
        InvalidParameterValue: for what is not an address.
        TemplateOfVerificationDoesNotExist, ProductionAccessNotGranted: as their names say.
        FromEmailAddressNotVerified: of the template, by now.
        SESError: what any send is refused for.
    """
    if not address.strip():
        raise errors.InvalidParameterValue("Email address not specified.")
    is_new = identities.known(account, address) is None
    identity = identities.register_address(account, address)
    try:
        return _sent(account, identity, template_name, service, configuration_set)
    except errors.SESError:
        if is_new:
            account.identities.discard(identity.name)
        raise


def link(account: VerificationState, address: str) -> str:
    """Where the reader of a mail confirms an address.

    The shape is ours, for the real one is signed: a host that can be nowhere (RFC 6761).
    """
    where = quote(address, safe="")
    return f"https://email-verification.{account.region}.ses.invalid/{account.account_id}/{where}"


def _sent(
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
    mail = SendRequest(
        service=service,
        operation="SendCustomVerificationEmail",
        source=template.from_address,
        tags={},
        configuration_set=configuration_set,
        content=Content(subject=template.subject, html=_html(account, identity, template)),
    )
    return sending.send(account, mail, Destination(to=[identity.name]))


def _html(account: VerificationState, identity: Identity, template: VerificationTemplate) -> str:
    """The content of the template with the link; where SES puts it, and in which words, is ours."""
    where = link(account, identity.name)
    return f'{template.content}\n<p><a href="{where}">{where}</a></p>'


def _check(account: VerificationState, wanted: VerificationTemplate) -> None:
    for kind, url in (("success", wanted.success_url), ("failure", wanted.failure_url)):
        if not _is_url(url):
            raise errors.InvalidParameterValue(f"The {kind} redirection URL is invalid")
    size = len(wanted.content.encode("utf-8", "replace"))
    if size >= MAX_SIZE:
        raise errors.CustomVerificationEmailInvalidContent(size=size, limit=MAX_SIZE)
    _check_sender(account, wanted.from_address)


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
