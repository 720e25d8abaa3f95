"""The page sizes and tokens of each list operation."""

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
    """The page size of a list, and its errors for an invalid page size or token.

    If the page size is out of range, a list either fails with `size_text`, which may contain
    `{size}` and the `{bound}` that it violates, or uses `fallback`. If `allows_zero`, a page size
    of 0 means the default.
    If the token is unknown, it fails with `token_error` and `token_text`, which may contain
    `{token}`; the text is None if SES sends no text. An empty token means the first page, unless
    the list `rejects_empty` tokens.
    """

    default: int
    maximum: int
    size_text: str | None = None
    fallback: int | None = None
    token_text: str | None = None
    token_error: type[errors.InvalidNextToken] = errors.InvalidNextToken
    rejects_empty: bool = False
    allows_zero: bool = False

    def size(self, requested: int | None) -> int:
        """Return the number of items on a page for the page size of a request."""
        if requested is None or (requested == 0 and self.allows_zero):
            return self.default
        if 1 <= requested <= self.maximum:
            return requested
        if self.size_text is not None:
            at_most = f"less than or equal to {self.maximum}"
            bound = "greater than or equal to 1" if requested < 1 else at_most
            raise errors.InvalidParameterValue(self.size_text.format(size=requested, bound=bound))
        return self.fallback or self.default

    def page(
        self,
        account: Account,
        collection: Collection[T],
        size: int | None,
        token: str | None,
        where: Callable[[T], bool] | None = None,
        scope: str = "",
    ) -> tuple[list[T], str | None]:
        """Return a page of a collection, and the token of the next page (None on the last page).

        A token is valid only in the `scope` in which it was issued.
        """
        page_size = self.size(size)
        if token == "" and self.rejects_empty:
            raise self._invalid_token(token)
        try:
            return collection.page(
                size=page_size, token=token, region=account.region, where=where, scope=scope
            )
        except errors.InvalidNextToken:
            raise self._invalid_token(token) from None

    def _invalid_token(self, token: str | None) -> errors.InvalidNextToken:
        return self.token_error(self.token_text and self.token_text.format(token=token))


def next_token(token: str | None) -> dict[str, str]:
    """Return the `NextToken` member of a response, which the last page does not have."""
    return {"NextToken": token} if token else {}


# Sizes and texts were recorded from SES in autumn 2026.
V1_CONFIGURATION_SETS = Pages(50, 1000)
V2_CONFIGURATION_SETS = Pages(
    50,
    1000,
    size_text="The page size must be between 1 and 1000",
    token_text="invalid nextToken {token}",
)
V1_TEMPLATES = Pages(10, 100, fallback=100, token_text="Invalid PageToken <{token}>.")
V2_TEMPLATES = Pages(
    10,
    100,
    size_text="The page size must be between 1 and 100",
    token_text="Invalid PageToken <{token}>.",
)
V1_VERIFICATION_TEMPLATES = Pages(50, 50, token_text="Invalid nextToken <{token}>.")
V2_VERIFICATION_TEMPLATES = replace(
    V1_VERIFICATION_TEMPLATES, size_text="The page size must be between 1 and 50"
)
V1_IDENTITIES = Pages(
    1000,
    1000,
    size_text="Value {size} for parameter MaxItems is invalid. MaxItems must be between 1 and 1000.",
    token_text="Invalid NextToken <{token}>.",
)
# The size is documented; the text is from another emulator, whose authors recorded it from SES.
V1_RECEIPT_RULE_SETS = Pages(100, 100, token_text="Invalid token: {token}")
V2_IDENTITIES = Pages(
    25,
    1000,
    size_text="Value {size} for parameter PageSize is invalid. PageSize must be between 1 and 1000.",
    token_text="Invalid NextToken <{token}>.",
)
V2_FILTERED_IDENTITIES = replace(V2_IDENTITIES, token_text="Invalid NextToken.")
V2_CONTACTS = Pages(
    50,
    1000,
    size_text="The page size must be between 1 and 1000",
    token_text="Provided NextToken is invalid",
    rejects_empty=True,
)
# The default cannot be observed: an account has only one contact list.
V2_CONTACT_LISTS = replace(V2_CONTACTS, default=1000)
V2_TENANTS = Pages(
    100,
    100,
    size_text="1 validation error detected: Value '{size}' at 'pageSize' failed to satisfy constraint: "
    "Member must have value {bound}",
    token_text="Invalid Next Token",
    rejects_empty=True,
)
# The sizes and texts of these two were not recorded from SES.
V2_CERTIFICATES = V2_TENANTS
V2_MULTI_REGION_ENDPOINTS = Pages(1000, 1000, token_text="Invalid Next Token")
V2_SUPPRESSED_DESTINATIONS = Pages(
    1000,
    1000,
    size_text="Page size {size} is invalid, expected a number between 1 and 1000",
    token_text="Token is invalid.",
    token_error=errors.UnknownNextToken,
    rejects_empty=True,
)
# Sizes and texts from here on were not recorded from SES, unless a comment says otherwise.
V2_DEDICATED_IPS = Pages(
    100,
    1000,
    size_text="The page size must be between 1 and 1000",
    token_text="Invalid NextToken <{token}>.",
)
# Recorded from export jobs; import jobs are assumed to behave the same.
V2_JOBS = Pages(
    100,
    100,
    size_text="PageSize must be between 1 and 100",
    token_text="Failed to deserialize token. ",
    rejects_empty=True,
)
V2_RECOMMENDATIONS = Pages(
    100,
    100,
    size_text="The page size must be between 1 and 100",
    token_text="Invalid NextToken <{token}>.",
)
V2_CAMPAIGNS = V2_DEDICATED_IPS
V2_TEST_REPORTS = Pages(
    100,
    1000,
    size_text="The page size must be between 0 and 1000",
    token_text="Invalid NextToken <{token}>.",
    allows_zero=True,
)
