"""What should the owner of a domain do, so that mail from it arrives?

What SES would read in the DNS is `account.dns_records`. The descriptions are ours.
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
_TOGETHER = ({"STATUS", "IMPACT"}, {"STATUS", "TYPE"})
_NOT_TOGETHER = "The filters {names} cannot be combined."


@dataclass(slots=True)
class Recommendation:
    """One thing to do for one domain; `FIXED` once it is done."""

    resource_arn: str
    type: str
    description: str
    impact: str
    created_at: datetime
    updated_at: datetime
    status: str = OPEN


class RecommendationState(IdentityState, Protocol):
    """The recommendations for an account, and the DNS records that a test says exist."""

    recommendations: Collection[Recommendation]
    dns_records: dict[str, set[str]]


def store() -> Collection[Recommendation]:
    """Return an empty store of recommendations."""
    return Collection("recommendations", missing=errors.NotFound)


class _Rule(NamedTuple):
    """What a domain should have, and what is said where it is missing."""

    has: Callable[[RecommendationState, Identity], bool]
    description: str
    impact: str


def refresh(account: RecommendationState) -> None:
    """Bring the recommendations up to date with the domains of the account."""
    kept = account.recommendations
    domains = [one for one in account.identities.values() if one.is_domain]
    arns = {account.arn("identity", one.name) for one in domains}
    for name, found in [*kept.items()]:
        if found.resource_arn not in arns:
            kept.remove(name)
    for identity in domains:
        for type_, rule in _RULES.items():
            _look(account, identity, type_, rule)


def matching(filters: Mapping[str, str]) -> Callable[[Recommendation], bool]:
    """Whether a recommendation passes filters by `TYPE`, `IMPACT`, `STATUS` and `RESOURCE_ARN`.

    Raises:
        InvalidParameterValue: for filters that cannot be combined; the text is ours.
    """
    if len(filters) > 1 and set(filters) not in _TOGETHER:
        raise errors.InvalidParameterValue(_NOT_TOGETHER.format(names=" and ".join(filters)))
    return lambda found: all(getattr(found, name.lower()) == filters[name] for name in filters)


def _look(account: RecommendationState, identity: Identity, type_: str, rule: _Rule) -> None:
    arn, now = account.arn("identity", identity.name), account.now()
    name = f"{arn} {type_}"
    found = account.recommendations.get(name)
    status = FIXED if rule.has(account, identity) else OPEN
    if found is None and status == OPEN:
        made = Recommendation(arn, type_, rule.description, rule.impact, now, now)
        account.recommendations.put(name, made)
    elif found is not None and found.status != status:
        found.status, found.updated_at = status, now


def _signs(_account: RecommendationState, identity: Identity) -> bool:
    return identity.dkim.signing_enabled and identity.dkim.status == SUCCESS


def _is_aligned(account: RecommendationState, identity: Identity) -> bool:
    """A custom MAIL FROM domain is only verified with an SPF record."""
    return identity.mail_from_status == SUCCESS or _publishes("SPF")(account, identity)


def _publishes(record: str) -> Callable[[RecommendationState, Identity], bool]:
    return lambda account, identity: record in account.dns_records.get(identity.name, ())


_RULES: Mapping[str, _Rule] = {
    "DKIM": _Rule(_signs, "DKIM is not set up.", HIGH),
    "DMARC": _Rule(_publishes("DMARC"), "There is no DMARC record.", HIGH),
    "SPF": _Rule(_is_aligned, "There is no SPF record for the MAIL FROM domain.", HIGH),
    "BIMI": _Rule(_publishes("BIMI"), "There is no BIMI record.", LOW),
}
