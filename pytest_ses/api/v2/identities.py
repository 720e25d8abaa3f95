"""How does API v2 verify and set up identities?"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from pytest_ses.api import paging
from pytest_ses.api.responses import given
from pytest_ses.domain import errors, resource_tags
from pytest_ses.domain.identities import identities
from pytest_ses.domain.identities.dkim import EASY, OWN_KEY, Signing

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.identities.dkim import Dkim
    from pytest_ses.domain.identities.identities import Identity

_BEHAVIORS = ("REJECT_MESSAGE", "USE_DEFAULT_VALUE")
_KINDS = (identities.DOMAIN, identities.EMAIL_ADDRESS)
_STATUSES = ("PENDING", "SUCCESS", "FAILED", "TEMPORARY_FAILURE")
_NAME_PART, _KIND, _STATUS = "IDENTITY_NAME_CONTAINS", "IDENTITY_TYPE", "VERIFICATION_STATUS"
_SHORTEST_NAME_PART, _LONGEST_NAME_PART = 3, 320


def create_email_identity(
    account: Account,
    *,
    email_identity: str,
    tags: list[dict[str, str]] | None = None,
    dkim_signing_attributes: dict[str, str] | None = None,
    configuration_set_name: str | None = None,
) -> dict[str, Any]:
    """Add an address or a domain to the identities, to be verified."""
    identities.check_is_new(account, email_identity)
    identity = identities.create(
        account,
        email_identity,
        signing=_signing(dkim_signing_attributes) if dkim_signing_attributes else None,
        tags=resource_tags.checked(tags),
        configuration_set_name=configuration_set_name,
    )
    return {
        "IdentityType": identity.kind,
        "VerifiedForSendingStatus": identity.verified,
        **_dkim_at_first(identity),
    }


def get_email_identity(account: Account, *, email_identity: str) -> dict[str, Any]:
    """All that is set for an identity."""
    identity = identities.find(account, email_identity)
    return {
        "IdentityType": identity.kind,
        "FeedbackForwardingStatus": identity.feedback_forwarding_enabled,
        "VerifiedForSendingStatus": identity.verified,
        "DkimAttributes": _dkim(identities.dkim_of(account, identity.name)),
        "MailFromAttributes": _mail_from(identity),
        "Policies": dict(identity.policies),
        "Tags": resource_tags.listed(identity.tags),
        **given(ConfigurationSetName=identity.configuration_set_name),
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
    """The identities, verified or not, that pass the filter."""
    pages = paging.V2_FILTERED_IDENTITIES if filter else paging.V2_IDENTITIES
    pages.size(page_size)
    words = _checked_filter(filter or {})
    found, token = pages.page(
        account,
        account.identities,
        page_size,
        next_token,
        where=_passes(words),
        scope=json.dumps(words, sort_keys=True) if words else "",
    )
    return {
        "EmailIdentities": [_listed(identity) for identity in found],
        **paging.next_token(token),
    }


def delete_email_identity(account: Account, *, email_identity: str) -> None:
    """Drop an identity and its policies."""
    identities.delete(account, identities.find(account, email_identity))


def put_email_identity_configuration_set_attributes(
    account: Account, *, email_identity: str, configuration_set_name: str | None = None
) -> None:
    """Set the configuration set that mail from the identity uses by default, or take it away."""
    identity = identities.known(account, email_identity)
    if identity is None:
        raise errors.IdentityDoesNotExist(f"Identity <{email_identity}> does not exist.")
    identities.set_configuration_set(account, identity, configuration_set_name)


def put_email_identity_dkim_attributes(
    account: Account, *, email_identity: str, signing_enabled: bool | None = None
) -> None:
    """Sign the mail of a domain or not; without a word, not.

    Stored only: no mail is signed.
    """
    identities.set_dkim_signing(account, email_identity, enabled=bool(signing_enabled))


def put_email_identity_dkim_signing_attributes(
    account: Account,
    *,
    email_identity: str,
    signing_attributes_origin: str,
    signing_attributes: dict[str, str] | None = None,
) -> dict[str, Any]:
    """Change the keys that sign the mail of a domain.

    Stored only: no mail is signed.
    """
    asked = _signing(signing_attributes or {}, origin=signing_attributes_origin)
    dkim = identities.change_dkim(account, email_identity, asked)
    return {
        "DkimStatus": dkim.status,
        "DkimTokens": list(dkim.tokens),
        **given(SigningHostedZone=dkim.hosted_zone),
    }


def put_email_identity_feedback_attributes(
    account: Account, *, email_identity: str, email_forwarding_enabled: bool | None = None
) -> None:
    """Forward bounces and complaints by e-mail or not; without a word, not.

    Stored only: no mail is forwarded.
    """
    identities.set_feedback_forwarding(
        account, email_identity, enabled=bool(email_forwarding_enabled)
    )


def put_email_identity_mail_from_attributes(
    account: Account,
    *,
    email_identity: str,
    mail_from_domain: str | None = None,
    behavior_on_mx_failure: str | None = None,
) -> None:
    """Set the custom MAIL FROM domain of an identity, or take it away."""
    if behavior_on_mx_failure not in {None, *_BEHAVIORS}:
        raise errors.ValueNotAllowed(path="behaviorOnMxFailure", allowed=", ".join(_BEHAVIORS))
    identities.set_mail_from(
        account, email_identity, mail_from_domain, behavior=behavior_on_mx_failure
    )


def _signing(attributes: dict[str, str], *, origin: str | None = None) -> Signing:
    by_key = "DomainSigningSelector" in attributes or "DomainSigningPrivateKey" in attributes
    stated = origin or attributes.get("DomainSigningAttributesOrigin")
    return Signing(
        origin=stated or (OWN_KEY if by_key else EASY),
        selector=attributes.get("DomainSigningSelector"),
        private_key=attributes.get("DomainSigningPrivateKey"),
        key_length=attributes.get("NextSigningKeyLength"),
    )


def _dkim_at_first(identity: Identity) -> dict[str, Any]:
    """DKIM in the answer that creates an identity: SES begins to look for the keys after it."""
    if not identity.is_domain:
        return {}
    return {"DkimAttributes": _dkim(identity.dkim) | {"Status": "NOT_STARTED"}}


def _dkim(dkim: Dkim) -> dict[str, Any]:
    return given(
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
    return given(
        MailFromDomain=identity.mail_from_domain,
        MailFromDomainStatus=identity.mail_from_status,
        BehaviorOnMxFailure=identity.behavior_on_mx_failure,
    )


def _verification_info(identity: Identity) -> dict[str, Any]:
    checked = identity.verified_at if identity.is_domain else None
    return given(LastCheckedTimestamp=checked, LastSuccessTimestamp=checked)


def _listed(identity: Identity) -> dict[str, Any]:
    return {
        "IdentityType": identity.kind,
        "IdentityName": identity.name,
        "SendingEnabled": identity.verified,
        "VerificationStatus": identity.verification_status,
    }


def _checked_filter(words: dict[str, str]) -> dict[str, str]:
    """The words of a filter, the part of a name without its case and surrounding space.

    Raises:
        InvalidParameterValue: for a part of a name, a type or a status that cannot be looked for.
    """
    part, kind, status = (words.get(key) for key in (_NAME_PART, _KIND, _STATUS))
    if part is not None:
        part = part.strip().lower()
        if len(part) < _SHORTEST_NAME_PART:
            refusal = f"Filter {_NAME_PART} must be at least {_SHORTEST_NAME_PART} characters."
            raise errors.InvalidParameterValue(refusal)
        if len(part) > _LONGEST_NAME_PART:
            refusal = f"Filter {_NAME_PART} must be at most {_LONGEST_NAME_PART} characters."
            raise errors.InvalidParameterValue(refusal)
    if kind not in {None, *_KINDS}:
        raise errors.InvalidParameterValue(f"Invalid identity type <{kind}> in filter.")
    if status == "NOT_STARTED":
        raise errors.InvalidParameterValue("Invalid verification status <NotStarted>.")
    if status not in {None, *_STATUSES}:
        raise errors.InvalidParameterValue(f"Invalid verification status <{status}> in filter.")
    return given(**{_NAME_PART: part, _KIND: kind, _STATUS: status})


def _passes(words: dict[str, str]) -> Callable[[Identity], bool]:
    part, kind, status = (words.get(key) for key in (_NAME_PART, _KIND, _STATUS))
    return lambda identity: (
        (part is None or part in identity.name.lower())
        and kind in {None, identity.kind}
        and status in {None, identity.verification_status}
    )
