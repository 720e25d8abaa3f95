"""How does each list divide itself into pages?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeVar

from pytest_ses.domain import errors

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.domain.account import Account
    from pytest_ses.domain.collection import Collection

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Pages:
    """The page size of a list, and what it says to a size or a token it cannot use.

    Out of range, a list either refuses (`refusal`, a text with `{size}` and the `{bound}` that it
    breaks) or serves `instead`.
    An unknown token is answered with `bad_token_error` and the text `bad_token`, with `{token}`;
    None where SES gives none. An empty token is no token, but to a list that `refuses_empty` ones.
    """

    default: int
    most: int
    refusal: str | None = None
    instead: int | None = None
    bad_token: str | None = None
    bad_token_error: type[errors.InvalidNextToken] = errors.InvalidNextToken
    refuses_empty: bool = False

    def size(self, asked: int | None) -> int:
        """How many things a page has when so many were asked for."""
        if asked is None:
            return self.default
        if 1 <= asked <= self.most:
            return asked
        if self.refusal is not None:
            bound = (
                "greater than or equal to 1" if asked < 1 else f"less than or equal to {self.most}"
            )
            raise errors.InvalidParameterValue(self.refusal.format(size=asked, bound=bound))
        return self.instead or self.default

    def page(
        self,
        account: Account,
        collection: Collection[T],
        size: int | None,
        token: str | None,
        where: Callable[[T], bool] | None = None,
        scope: str = "",
    ) -> tuple[list[T], str | None]:
        """One page of a collection, and the token of the next (None on the last).

        A token is good only in the `scope` it was given out in.
        """
        length = self.size(size)
        if token == "" and self.refuses_empty:
            raise self._refused(token)
        try:
            return collection.page(
                size=length, token=token, region=account.region, where=where, scope=scope
            )
        except errors.InvalidNextToken:
            raise self._refused(token) from None

    def _refused(self, token: str | None) -> errors.InvalidNextToken:
        return self.bad_token_error(self.bad_token and self.bad_token.format(token=token))


def next_token(token: str | None) -> dict[str, str]:
    """The `NextToken` of an answer, absent on the last page."""
    return {"NextToken": token} if token else {}


# Sizes and texts were probed on the real service in autumn 2026.
V1_CONFIGURATION_SETS = Pages(50, 1000)
V2_CONFIGURATION_SETS = Pages(
    50,
    1000,
    refusal="The page size must be between 1 and 1000",
    bad_token="invalid nextToken {token}",
)
V1_TEMPLATES = Pages(10, 100, instead=100, bad_token="Invalid PageToken <{token}>.")
V2_TEMPLATES = Pages(
    10,
    100,
    refusal="The page size must be between 1 and 100",
    bad_token="Invalid PageToken <{token}>.",
)
V1_VERIFICATION_TEMPLATES = Pages(50, 50, bad_token="Invalid nextToken <{token}>.")
V2_VERIFICATION_TEMPLATES = replace(
    V1_VERIFICATION_TEMPLATES, refusal="The page size must be between 1 and 50"
)
V1_IDENTITIES = Pages(
    1000,
    1000,
    refusal="Value {size} for parameter MaxItems is invalid. MaxItems must be between 1 and 1000.",
    bad_token="Invalid NextToken <{token}>.",
)
# The size is documented; the text is another emulator's, whose authors have probed SES.
V1_RECEIPT_RULE_SETS = Pages(100, 100, bad_token="Invalid token: {token}")
V2_IDENTITIES = Pages(
    25,
    1000,
    refusal="Value {size} for parameter PageSize is invalid. PageSize must be between 1 and 1000.",
    bad_token="Invalid NextToken <{token}>.",
)
V2_FILTERED_IDENTITIES = replace(V2_IDENTITIES, bad_token="Invalid NextToken.")
V2_CONTACTS = Pages(
    50,
    1000,
    refusal="The page size must be between 1 and 1000",
    bad_token="Provided NextToken is invalid",
    refuses_empty=True,
)
# There is one contact list, so nobody could measure the default.
V2_CONTACT_LISTS = replace(V2_CONTACTS, default=1000)
V2_TENANTS = Pages(
    100,
    100,
    refusal="1 validation error detected: Value '{size}' at 'pageSize' failed to satisfy constraint: "
    "Member must have value {bound}",
    bad_token="Invalid Next Token",
    refuses_empty=True,
)
# Nobody has measured these two.
V2_CERTIFICATES = V2_TENANTS
V2_MULTI_REGION_ENDPOINTS = Pages(1000, 1000, bad_token="Invalid Next Token")
V2_SUPPRESSED_DESTINATIONS = Pages(
    1000,
    1000,
    refusal="Page size {size} is invalid, expected a number between 1 and 1000",
    bad_token="Token is invalid.",
    bad_token_error=errors.UnknownNextToken,
    refuses_empty=True,
)
# Of the lists from here on nobody has recorded sizes or texts, unless it is said.
V2_DEDICATED_IPS = Pages(
    100,
    1000,
    refusal="The page size must be between 1 and 1000",
    bad_token="Invalid NextToken <{token}>.",
)
# Probed on the export jobs; import jobs are taken to be alike.
V2_JOBS = Pages(
    100,
    100,
    refusal="PageSize must be between 1 and 100",
    bad_token="Failed to deserialize token. ",
    refuses_empty=True,
)
V2_RECOMMENDATIONS = Pages(
    100,
    100,
    refusal="The page size must be between 1 and 100",
    bad_token="Invalid NextToken <{token}>.",
)
V2_CAMPAIGNS = V2_DEDICATED_IPS
# The model allows 0 as well.
V2_TEST_REPORTS = Pages(100, 1000, bad_token="Invalid NextToken <{token}>.")
