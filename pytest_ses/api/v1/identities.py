"""The operations of API v1 on identities."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.domain import errors
from pytest_ses.domain.identities import identities, notifications

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.identities.identities import Identity

_STATUSES = {
    "PENDING": "Pending",
    "SUCCESS": "Success",
    "FAILED": "Failed",
    "TEMPORARY_FAILURE": "TemporaryFailure",
    "NOT_STARTED": "NotStarted",
}
_TYPES = {"EmailAddress": identities.EMAIL_ADDRESS, "Domain": identities.DOMAIN}
_BEHAVIORS = {"RejectMessage": "REJECT_MESSAGE", "UseDefaultValue": "USE_DEFAULT_VALUE"}
_BEHAVIORS_OF_V2 = {v2: v1 for v1, v2 in _BEHAVIORS.items()}
_NOTIFICATION_TYPES = ("Bounce", "Complaint", "Delivery")

# https://docs.aws.amazon.com/ses/latest/APIReference/API_GetIdentityVerificationAttributes.html
_MAX_IDENTITIES = 100
# This text is our own; SES's is unknown.
_TOO_MANY = f"At most {_MAX_IDENTITIES} identities can be requested at a time."


def verify_email_identity(account: Account, *, email_address: str) -> None:
    """Create an email address identity and start its verification."""
    identities.register_address(account, email_address)


def verify_email_address(account: Account, *, email_address: str) -> None:
    """Create an email address identity and start its verification (deprecated)."""
    identities.register_address(account, email_address)


def verify_domain_identity(account: Account, *, domain: str) -> dict[str, Any]:
    """Create a domain identity and return the token that verifies it."""
    return {"VerificationToken": identities.register_domain(account, domain).verification_token}


def verify_domain_dkim(account: Account, *, domain: str) -> dict[str, Any]:
    """Create a domain identity and return the Easy DKIM tokens that verify it."""
    return {"DkimTokens": list(identities.register_dkim(account, domain).dkim.tokens)}


def list_identities(
    account: Account,
    *,
    identity_type: str | None = None,
    next_token: str | None = None,
    max_items: int | None = None,
) -> dict[str, Any]:
    """List the names of all identities, or of those of one type, whether verified or not."""
    kind = _TYPES[identity_type] if identity_type else None
    page, token = paging.V1_IDENTITIES.page(
        account,
        account.identities,
        max_items,
        next_token,
        where=lambda identity: kind in {None, identity.kind},
    )
    return {"Identities": [identity.name for identity in page], **paging.next_token(token)}


def list_verified_email_addresses(account: Account) -> dict[str, Any]:
    """List the verified email addresses (deprecated)."""
    return {
        "VerifiedEmailAddresses": [
            identity.name
            for identity in account.identities.values()
            if identity.verified and not identity.is_domain
        ]
    }


def delete_identity(account: Account, *, identity: str) -> None:
    """Delete an identity and its policies, if it exists."""
    _discard(account, identity)


def delete_verified_email_address(account: Account, *, email_address: str) -> None:
    """Delete an email address identity, if it exists (deprecated)."""
    _discard(account, email_address)


def get_identity_verification_attributes(
    account: Account,
    *,
    identities: list[str],
) -> dict[str, Any]:
    """Return the verification status and token of each identity; unknown identities are omitted."""
    return {
        "VerificationAttributes": {
            name: _verification(identity) for name, identity in _existing(account, identities)
        }
    }


def get_identity_dkim_attributes(account: Account, *, identities: list[str]) -> dict[str, Any]:
    """Return the DKIM status and tokens of each identity; `NotStarted` for unknown identities."""
    return {"DkimAttributes": {name: _dkim(account, name) for name in _checked_names(identities)}}


def set_identity_dkim_enabled(account: Account, *, identity: str, dkim_enabled: bool) -> None:
    """Enable or disable DKIM signing for a domain.

    Stored only: messages are not signed.
    """
    identities.set_dkim_signing(account, identity, enabled=dkim_enabled)


def get_identity_mail_from_domain_attributes(
    account: Account, *, identities: list[str]
) -> dict[str, Any]:
    """Return the custom MAIL FROM domain of each identity; unknown identities are omitted."""
    return {
        "MailFromDomainAttributes": {
            name: _mail_from(identity) for name, identity in _existing(account, identities)
        }
    }


def set_identity_mail_from_domain(
    account: Account,
    *,
    identity: str,
    mail_from_domain: str | None = None,
    behavior_on_mx_failure: str | None = None,
) -> None:
    """Set or remove the custom MAIL FROM domain of an identity."""
    behavior = None
    if behavior_on_mx_failure is not None:
        behavior = _BEHAVIORS.get(behavior_on_mx_failure)
        if behavior is None:
            raise errors.ValueNotAllowed(path="behaviorOnMXFailure", allowed=", ".join(_BEHAVIORS))
    identities.set_mail_from(account, identity, mail_from_domain, behavior=behavior)


def set_identity_feedback_forwarding_enabled(
    account: Account, *, identity: str, forwarding_enabled: bool
) -> None:
    """Enable or disable the forwarding of bounces and complaints by email.

    Stored only: no email is forwarded.
    """
    notifications.set_feedback_forwarding(
        account, identity, enabled=forwarding_enabled, needs_topics=True
    )


def set_identity_notification_topic(
    account: Account, *, identity: str, notification_type: str, sns_topic: str | None = None
) -> None:
    """Set or remove the SNS topic for one type of notification."""
    notifications.set_topic(account, identity, notification_type, sns_topic)


def set_identity_headers_in_notifications_enabled(
    account: Account, *, identity: str, notification_type: str, enabled: bool
) -> None:
    """Include or omit the message headers in one type of notification."""
    notifications.set_headers_in_notifications(
        account, identity, notification_type, enabled=enabled
    )


def get_identity_notification_attributes(
    account: Account, *, identities: list[str]
) -> dict[str, Any]:
    """Return the notification settings of each identity; unknown identities are omitted."""
    return {
        "NotificationAttributes": {
            name: _notifications(identity) for name, identity in _existing(account, identities)
        }
    }


def _discard(account: Account, name: str) -> None:
    if identity := identities.get(account, name):
        identities.delete(account, identity)


def _checked_names(names: list[str]) -> list[str]:
    if len(names) > _MAX_IDENTITIES:
        raise errors.InvalidParameterValue(_TOO_MANY)
    return names


def _existing(account: Account, names: list[str]) -> Iterator[tuple[str, Identity]]:
    for name in _checked_names(names):
        if identity := identities.get(account, name):
            yield name, identity


def _verification(identity: Identity) -> dict[str, Any]:
    token = identity.verification_token
    status = {"VerificationStatus": _STATUSES[identity.verification_status]}
    return status | ({"VerificationToken": token} if token else {})


def _dkim(account: Account, name: str) -> dict[str, Any]:
    dkim = identities.dkim_of(account, name)
    attributes = {
        "DkimEnabled": dkim.signing_enabled,
        "DkimVerificationStatus": _STATUSES[dkim.status],
    }
    return attributes | ({"DkimTokens": list(dkim.tokens)} if dkim.tokens else {})


def _mail_from(identity: Identity) -> dict[str, Any]:
    behavior = {"BehaviorOnMXFailure": _BEHAVIORS_OF_V2[identity.behavior_on_mx_failure]}
    if identity.mail_from_domain is None or identity.mail_from_status is None:
        return behavior
    return {
        "MailFromDomain": identity.mail_from_domain,
        "MailFromDomainStatus": _STATUSES[identity.mail_from_status],
        **behavior,
    }


def _notifications(identity: Identity) -> dict[str, Any]:
    topics = {
        f"{notification_type}Topic": topic for notification_type, topic in identity.topics.items()
    }
    headers = {
        f"HeadersIn{notification_type}NotificationsEnabled": notification_type
        in identity.headers_in_notifications
        for notification_type in _NOTIFICATION_TYPES
    }
    return {**topics, "ForwardingEnabled": identity.feedback_forwarding_enabled, **headers}
