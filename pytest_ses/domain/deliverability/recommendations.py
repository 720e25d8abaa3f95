"""Recommendations for the domains of an account.

SES queries the DNS; here, `account.dns_records` contains the records. The descriptions are our own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple, Protocol

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection
from pytest_ses.domain.identities.identities import SUCCESS, IdentityState

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import datetime

    from pytest_ses.domain.identities.identities import Identity

OPEN, FIXED = "OPEN", "FIXED"
HIGH, LOW = "HIGH", "LOW"

# https://docs.aws.amazon.com/ses/latest/APIReference-V2/API_ListRecommendations.html
_COMBINABLE = ({"STATUS", "IMPACT"}, {"STATUS", "TYPE"})
_NOT_COMBINABLE = "The filters {names} cannot be combined."


@dataclass(slots=True)
class Recommendation:
    """A recommendation for a domain; its status is `OPEN`, or `FIXED` once it has been followed."""

    resource_arn: str
    type: str
    description: str
    impact: str
    created_at: datetime
    updated_at: datetime
    status: str = OPEN


class RecommendationState(IdentityState, Protocol):
    """The recommendations for an account, and the DNS records that the test has set."""

    recommendations: Collection[Recommendation]
    dns_records: dict[str, set[str]]


def store() -> Collection[Recommendation]:
    """Return an empty store of recommendations."""
    return Collection("recommendations", missing=errors.NotFound)


class _Rule(NamedTuple):
    """A feature that a domain should have, and the recommendation for domains without it."""

    has: Callable[[RecommendationState, Identity], bool]
    description: str
    impact: str


def refresh(account: RecommendationState) -> None:
    """Update the recommendations to the current state of the account's domains."""
    recommendations = account.recommendations
    domains = [identity for identity in account.identities.values() if identity.is_domain]
    arns = {account.arn("identity", identity.name) for identity in domains}
    for name, recommendation in [*recommendations.items()]:
        if recommendation.resource_arn not in arns:
            recommendations.remove(name)
    for identity in domains:
        for type_, rule in _RULES.items():
            _refresh_recommendation(account, identity, type_, rule)


def matching(filters: Mapping[str, str]) -> Callable[[Recommendation], bool]:
    """Return a predicate for filters by `TYPE`, `IMPACT`, `STATUS` and `RESOURCE_ARN`.

    Raises:
        InvalidParameterValue: if the filters cannot be combined. The text is our own; SES's is
            unknown.
    """
    if len(filters) > 1 and set(filters) not in _COMBINABLE:
        raise errors.InvalidParameterValue(_NOT_COMBINABLE.format(names=" and ".join(filters)))
    return lambda recommendation: all(
        getattr(recommendation, name.lower()) == filters[name] for name in filters
    )


def _refresh_recommendation(
    account: RecommendationState, identity: Identity, type_: str, rule: _Rule
) -> None:
    arn, now = account.arn("identity", identity.name), account.now()
    name = f"{arn} {type_}"
    recommendation = account.recommendations.get(name)
    status = FIXED if rule.has(account, identity) else OPEN
    if recommendation is None and status == OPEN:
        new = Recommendation(arn, type_, rule.description, rule.impact, now, now)
        account.recommendations.put(name, new)
    elif recommendation is not None and recommendation.status != status:
        recommendation.status, recommendation.updated_at = status, now


def _signs(_account: RecommendationState, identity: Identity) -> bool:
    return identity.dkim.signing_enabled and identity.dkim.status == SUCCESS


def _is_aligned(account: RecommendationState, identity: Identity) -> bool:
    """Whether the domain has SPF; a verified custom MAIL FROM domain has an SPF record."""
    return identity.mail_from_status == SUCCESS or _publishes("SPF")(account, identity)


def _publishes(record: str) -> Callable[[RecommendationState, Identity], bool]:
    return lambda account, identity: record in account.dns_records.get(identity.name, ())


_RULES: Mapping[str, _Rule] = {
    "DKIM": _Rule(_signs, "DKIM is not set up.", HIGH),
    "DMARC": _Rule(_publishes("DMARC"), "There is no DMARC record.", HIGH),
    "SPF": _Rule(_is_aligned, "There is no SPF record for the MAIL FROM domain.", HIGH),
    "BIMI": _Rule(_publishes("BIMI"), "There is no BIMI record.", LOW),
}
