"""Names of resources, tags and subjects, the same in every locale."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from faker.providers import BaseProvider

TOPICS = ("news", "offers", "orders", "receipts", "reports", "security", "surveys", "travel")
_SCOPES = ("customer", "daily", "internal", "partner", "team", "trial", "weekly")
_LONGEST_NAME = 64


def resource(fake: BaseProvider) -> str:
    """Return a name for any resource: letters, digits, `-` and `_`, at most 64 characters."""
    separator = fake.random_element("-_")
    name = separator.join((fake.random_element(_SCOPES), topic(fake), fake.bothify("####")))
    # One in ten is as long as SES allows.
    return name.ljust(_LONGEST_NAME, "x") if fake.random_int(1, 10) == 1 else name


def topic(fake: BaseProvider) -> str:
    """Return what a message is about, in one word."""
    return fake.random_element(TOPICS)


def tags(fake: BaseProvider) -> dict[str, str]:
    """Return up to two message tags."""
    campaign = {"campaign": resource(fake), "topic": topic(fake)}
    return dict(list(campaign.items())[: fake.random_int(0, 2)])
