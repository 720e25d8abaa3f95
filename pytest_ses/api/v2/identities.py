"""The operations of API v2 on identities."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import without_none
from pytest_ses.domain import errors, resource_tags
from pytest_ses.domain.identities import identities, notifications
from pytest_ses.domain.identities.dkim import BYODKIM, EASY_DKIM, Signing

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.identities.dkim import Dkim
    from pytest_ses.domain.identities.identities import Identity

_BEHAVIORS = ("REJECT_MESSAGE", "USE_DEFAULT_VALUE")
_TYPES = (identities.DOMAIN, identities.EMAIL_ADDRESS)
_STATUSES = ("PENDING", "SUCCESS", "FAILED", "TEMPORARY_FAILURE")
_NAME_PART, _TYPE, _STATUS = "IDENTITY_NAME_CONTAINS", "IDENTITY_TYPE", "VERIFICATION_STATUS"
_SHORTEST_NAME_PART, _LONGEST_NAME_PART = 3, 320


def create_email_identity(
    account: Account,
    *,
    email_identity: str,
    tags: list[dict[str, str]] | None = None,
    dkim_signing_attributes: dict[str, str] | None = None,
    configuration_set_name: str | None = None,
) -> dict[str, Any]:
    """Create an email address or domain identity and start its verification."""
    identities.check_is_new(account, email_identity)
    identity = identities.create(
        account,
        email_identity,
        signing=_signing(dkim_signing_attributes) if dkim_signing_attributes else None,
        tags=resource_tags.parse(tags),
        configuration_set_name=configuration_set_name,
    )
    return {
        "IdentityType": identity.kind,
        "VerifiedForSendingStatus": identity.verified,
        **_new_dkim(identity),
    }


def get_email_identity(account: Account, *, email_identity: str) -> dict[str, Any]:
    """Return the settings and verification status of an identity."""
    identity = identities.find(account, email_identity)
    return {
        "IdentityType": identity.kind,
        "FeedbackForwardingStatus": identity.feedback_forwarding_enabled,
        "VerifiedForSendingStatus": identity.verified,
        "DkimAttributes": _dkim(identities.dkim_of(account, identity.name)),
        "MailFromAttributes": _mail_from(identity),
        "Policies": dict(identity.policies),
        "Tags": resource_tags.to_list(identity.tags),
        **without_none(ConfigurationSetName=identity.configuration_set_name),
        "VerificationStatus": identity.verification_status,
        "VerificationInfo": _verification_info(identity),
    }


def list_email_identities(
    account: Account,
    *,
    filter: dict[str, str] | None = None,
    next_token: str | None = None,
    page_size: int | None = None,
) -> dict[str, Any]:
    """List all identities, or those that match the filter, whether verified or not."""
    pages = paging.V2_FILTERED_IDENTITIES if filter else paging.V2_IDENTITIES
    pages.size(page_size)
    checked_filter = _checked_filter(filter or {})
    page, token = pages.page(
        account,
        account.identities,
        page_size,
        next_token,
        where=_matching(checked_filter),
        scope=json.dumps(checked_filter, sort_keys=True) if checked_filter else "",
    )
    return {
        "EmailIdentities": [_summary(identity) for identity in page],
        **paging.next_token(token),
    }


def delete_email_identity(account: Account, *, email_identity: str) -> None:
    """Delete an identity and its policies."""
    identities.delete(account, identities.find(account, email_identity))


def put_email_identity_configuration_set_attributes(
    account: Account, *, email_identity: str, configuration_set_name: str | None = None
) -> None:
    """Set or remove the default configuration set of an identity."""
    identity = identities.get(account, email_identity)
    if identity is None:
        raise errors.IdentityDoesNotExist(f"Identity <{email_identity}> does not exist.")
    identities.set_configuration_set(account, identity, configuration_set_name)


def put_email_identity_dkim_attributes(
    account: Account, *, email_identity: str, signing_enabled: bool | None = None
) -> None:
    """Enable or disable DKIM signing for a domain; defaults to disabled.

    Stored only: messages are not signed.
    """
    identities.set_dkim_signing(account, email_identity, enabled=bool(signing_enabled))


def put_email_identity_dkim_signing_attributes(
    account: Account,
    *,
    email_identity: str,
    signing_attributes_origin: str,
    signing_attributes: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Change the DKIM signing keys of a domain.

    Stored only: messages are not signed.
    """
    signing = _signing(signing_attributes or {}, origin=signing_attributes_origin)
    dkim = identities.change_dkim(account, email_identity, signing)
    return {
        "DkimStatus": dkim.status,
        "DkimTokens": list(dkim.tokens),
        **without_none(SigningHostedZone=dkim.hosted_zone),
    }


def put_email_identity_feedback_attributes(
    account: Account, *, email_identity: str, email_forwarding_enabled: bool | None = None
) -> None:
    """Enable or disable the forwarding of bounces and complaints by email; defaults to disabled.

    Stored only: no email is forwarded.
    """
    notifications.set_feedback_forwarding(
        account, email_identity, enabled=bool(email_forwarding_enabled)
    )


def put_email_identity_mail_from_attributes(
    account: Account,
    *,
    email_identity: str,
    mail_from_domain: str | None = None,
    behavior_on_mx_failure: str | None = None,
) -> None:
    """Set or remove the custom MAIL FROM domain of an identity."""
    if behavior_on_mx_failure not in {None, *_BEHAVIORS}:
        raise errors.ValueNotAllowed(path="behaviorOnMxFailure", allowed=", ".join(_BEHAVIORS))
    identities.set_mail_from(
        account, email_identity, mail_from_domain, behavior=behavior_on_mx_failure
    )


def _signing(attributes: dict[str, str], *, origin: str | None = None) -> Signing:
    has_own_key = "DomainSigningSelector" in attributes or "DomainSigningPrivateKey" in attributes
    explicit_origin = origin or attributes.get("DomainSigningAttributesOrigin")
    return Signing(
        origin=explicit_origin or (BYODKIM if has_own_key else EASY_DKIM),
        selector=attributes.get("DomainSigningSelector"),
        private_key=attributes.get("DomainSigningPrivateKey"),
        key_length=attributes.get("NextSigningKeyLength"),
    )


def _new_dkim(identity: Identity) -> dict[str, Any]:
    """Return the DKIM attributes of a new identity, whose DNS records SES has not checked yet."""
    if not identity.is_domain:
        return {}
    attributes = _dkim(identity.dkim)
    if identity.dkim.status == "PENDING":
        attributes["Status"] = "NOT_STARTED"
    return {"DkimAttributes": attributes}


def _dkim(dkim: Dkim) -> dict[str, Any]:
    return without_none(
        SigningEnabled=dkim.signing_enabled,
        Status=dkim.status,
        Tokens=list(dkim.tokens) or None,
        SigningHostedZone=dkim.hosted_zone,
        SigningAttributesOrigin=dkim.origin,
        NextSigningKeyLength=dkim.next_key_length,
        CurrentSigningKeyLength=dkim.current_key_length,
        LastKeyGenerationTimestamp=dkim.key_generated_at,
    )


def _mail_from(identity: Identity) -> dict[str, Any]:
    return without_none(
        MailFromDomain=identity.mail_from_domain,
        MailFromDomainStatus=identity.mail_from_status,
        BehaviorOnMxFailure=identity.behavior_on_mx_failure,
    )


def _verification_info(identity: Identity) -> dict[str, Any]:
    checked_at = identity.verified_at if identity.is_domain else None
    return without_none(LastCheckedTimestamp=checked_at, LastSuccessTimestamp=checked_at)


def _summary(identity: Identity) -> dict[str, Any]:
    return {
        "IdentityType": identity.kind,
        "IdentityName": identity.name,
        "SendingEnabled": identity.verified,
        "VerificationStatus": identity.verification_status,
    }


def _checked_filter(filter: dict[str, str]) -> dict[str, str]:
    """Return the filter, with the name part stripped and in lower case.

    Raises:
        InvalidParameterValue: if the name part, the type or the status is invalid.
    """
    name_part, kind, status = (filter.get(name) for name in (_NAME_PART, _TYPE, _STATUS))
    if name_part is not None:
        name_part = name_part.strip().lower()
        if len(name_part) < _SHORTEST_NAME_PART:
            text = f"Filter {_NAME_PART} must be at least {_SHORTEST_NAME_PART} characters."
            raise errors.InvalidParameterValue(text)
        if len(name_part) > _LONGEST_NAME_PART:
            text = f"Filter {_NAME_PART} must be at most {_LONGEST_NAME_PART} characters."
            raise errors.InvalidParameterValue(text)
    if kind not in {None, *_TYPES}:
        raise errors.InvalidParameterValue(f"Invalid identity type <{kind}> in filter.")
    if status == "NOT_STARTED":
        raise errors.InvalidParameterValue("Invalid verification status <NotStarted>.")
    if status not in {None, *_STATUSES}:
        raise errors.InvalidParameterValue(f"Invalid verification status <{status}> in filter.")
    return without_none(**{_NAME_PART: name_part, _TYPE: kind, _STATUS: status})


def _matching(filter: dict[str, str]) -> Callable[[Identity], bool]:
    name_part, kind, status = (filter.get(name) for name in (_NAME_PART, _TYPE, _STATUS))
    return lambda identity: (
        (name_part is None or name_part in identity.name.lower())
        and kind in {None, identity.kind}
        and status in {None, identity.verification_status}
    )
