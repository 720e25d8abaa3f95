"""How does API v1 verify and set up identities?"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.domain import errors
from pytest_ses.domain.identities import identities

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.identities.identities import Identity

_STATUS = {
    "PENDING": "Pending",
    "SUCCESS": "Success",
    "FAILED": "Failed",
    "TEMPORARY_FAILURE": "TemporaryFailure",
    "NOT_STARTED": "NotStarted",
}
_KIND = {"EmailAddress": identities.EMAIL_ADDRESS, "Domain": identities.DOMAIN}
_BEHAVIOR = {"RejectMessage": "REJECT_MESSAGE", "UseDefaultValue": "USE_DEFAULT_VALUE"}
_BEHAVIOR_WORD = {ours: word for word, ours in _BEHAVIOR.items()}
_NOTIFICATIONS = ("Bounce", "Complaint", "Delivery")

# https://docs.aws.amazon.com/ses/latest/APIReference/API_GetIdentityVerificationAttributes.html
_MAX_IDENTITIES = 100
# The text is ours: no source tells SES's.
_TOO_MANY = f"At most {_MAX_IDENTITIES} identities can be asked for at a time."


def verify_email_identity(account: Account, *, email_address: str) -> None:
    """Add an address to the identities, to be verified."""
    identities.register_address(account, email_address)


def verify_email_address(account: Account, *, email_address: str) -> None:
    """Add an address to the identities, to be verified (deprecated)."""
    identities.register_address(account, email_address)


def verify_domain_identity(account: Account, *, domain: str) -> dict[str, Any]:
    """Add a domain to the identities, to be verified by a token."""
    return {"VerificationToken": identities.register_domain(account, domain).verification_token}


def verify_domain_dkim(account: Account, *, domain: str) -> dict[str, Any]:
    """Add a domain to the identities, to be verified by Easy DKIM."""
    return {"DkimTokens": list(identities.register_dkim(account, domain).dkim.tokens)}


def list_identities(
    account: Account,
    *,
    identity_type: str | None = None,
    next_token: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """The names of the identities, verified or not."""
    kind = _KIND[identity_type] if identity_type else None
    found, token = paging.V1_IDENTITIES.page(
        account,
        account.identities,
        max_items,
        next_token,
        where=lambda identity: kind in {None, identity.kind},
    )
    return {"Identities": [identity.name for identity in found], **paging.next_token(token)}


def list_verified_email_addresses(account: Account) -> dict[str, Any]:
    """The addresses that are verified (deprecated)."""
    found = account.identities.values()
    return {
        "VerifiedEmailAddresses": [
            identity.name for identity in found if identity.verified and not identity.is_domain
        ]
    }


def delete_identity(account: Account, *, identity: str) -> None:
    """Drop an identity and its policies, if there is one."""
    _discard(account, identity)


def delete_verified_email_address(account: Account, *, email_address: str) -> None:
    """Drop an address, if it is there (deprecated)."""
    _discard(account, email_address)


def get_identity_verification_attributes(
    account: Account,
    *,
    identities: list[str],
) -> dict[str, Any]:
    """Whether identities are verified, and the tokens of domains; unknown ones are left out."""
    return {
        "VerificationAttributes": {
            name: _verification(identity) for name, identity in _known(account, identities)
        }
    }


def get_identity_dkim_attributes(account: Account, *, identities: list[str]) -> dict[str, Any]:
    """Whether mail is signed, and the tokens; an unknown identity has not started."""
    return {"DkimAttributes": {name: _dkim(account, name) for name in _counted(identities)}}


def set_identity_dkim_enabled(account: Account, *, identity: str, dkim_enabled: bool) -> None:
    """Sign the mail of a domain or not.

    Stored only: no mail is signed.
    """
    identities.set_dkim_signing(account, identity, enabled=dkim_enabled)


def get_identity_mail_from_domain_attributes(
    account: Account, *, identities: list[str]
) -> dict[str, Any]:
    """The custom MAIL FROM domains of identities; unknown ones are left out."""
    return {
        "MailFromDomainAttributes": {
            name: _mail_from(identity) for name, identity in _known(account, identities)
        }
    }


def set_identity_mail_from_domain(
    account: Account,
    *,
    identity: str,
    mail_from_domain: str | None = None,
    behavior_on_mx_failure: str | None = None,
) -> None:
    """Set the custom MAIL FROM domain of an identity, or take it away."""
    behavior = None
    if behavior_on_mx_failure is not None:
        behavior = _BEHAVIOR.get(behavior_on_mx_failure)
        if behavior is None:
            raise errors.ValueNotAllowed(path="behaviorOnMXFailure", allowed=", ".join(_BEHAVIOR))
    identities.set_mail_from(account, identity, mail_from_domain, behavior=behavior)


def set_identity_feedback_forwarding_enabled(
    account: Account, *, identity: str, forwarding_enabled: bool
) -> None:
    """Forward bounces and complaints by e-mail or not.

    Stored only: no mail is forwarded.
    """
    identities.set_feedback_forwarding(account, identity, enabled=forwarding_enabled)


def set_identity_notification_topic(
    account: Account, *, identity: str, notification_type: str, sns_topic: str | None = None
) -> None:
    """Set the SNS topic of one type of notification, or take it away."""
    identities.set_topic(account, identity, notification_type, sns_topic)


def set_identity_headers_in_notifications_enabled(
    account: Account, *, identity: str, notification_type: str, enabled: bool
) -> None:
    """Carry the headers of the mail in one type of notification or not."""
    identities.set_headers_in_notifications(account, identity, notification_type, enabled=enabled)


def get_identity_notification_attributes(
    account: Account, *, identities: list[str]
) -> dict[str, Any]:
    """How identities are told of bounces, complaints and deliveries; unknown ones are left out."""
    return {
        "NotificationAttributes": {
            name: _notifications(identity) for name, identity in _known(account, identities)
        }
    }


def _discard(account: Account, name: str) -> None:
    if found := identities.known(account, name):
        identities.delete(account, found)


def _counted(names: list[str]) -> list[str]:
    if len(names) > _MAX_IDENTITIES:
        raise errors.InvalidParameterValue(_TOO_MANY)
    return names


def _known(account: Account, names: list[str]) -> Iterator[tuple[str, Identity]]:
    for name in _counted(names):
        if found := identities.known(account, name):
            yield name, found


def _verification(identity: Identity) -> dict[str, Any]:
    token = identity.verification_token
    status = {"VerificationStatus": _STATUS[identity.verification_status]}
    return status | ({"VerificationToken": token} if token else {})


def _dkim(account: Account, name: str) -> dict[str, Any]:
    dkim = identities.dkim_of(account, name)
    attributes = {
        "DkimEnabled": dkim.signing_enabled,
        "DkimVerificationStatus": _STATUS[dkim.status],
    }
    return attributes | ({"DkimTokens": list(dkim.tokens)} if dkim.tokens else {})


def _mail_from(identity: Identity) -> dict[str, Any]:
    behavior = {"BehaviorOnMXFailure": _BEHAVIOR_WORD[identity.behavior_on_mx_failure]}
    if identity.mail_from_domain is None or identity.mail_from_status is None:
        return behavior
    return {
        "MailFromDomain": identity.mail_from_domain,
        "MailFromDomainStatus": _STATUS[identity.mail_from_status],
        **behavior,
    }


def _notifications(identity: Identity) -> dict[str, Any]:
    topics = {f"{kind}Topic": topic for kind, topic in identity.topics.items()}
    headers = {
        f"HeadersIn{kind}NotificationsEnabled": kind in identity.headers_in_notifications
        for kind in _NOTIFICATIONS
    }
    return {**topics, "ForwardingEnabled": identity.feedback_forwarding_enabled, **headers}
