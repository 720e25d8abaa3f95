"""A provider for Faker: values that SES accepts or sends.

Requires Faker: `pip install "pytest-ses[faker]"`. Importing `pytest_ses` or loading the plugin does not
import this package.
"""

from __future__ import annotations

try:
    from faker import Faker
except ModuleNotFoundError as error:
    raise ModuleNotFoundError(
        'pytest_ses.faker and the fixture ses_faker require Faker: pip install "pytest-ses[faker]"',
        name=error.name,
    ) from None

from pytest_ses.faker.provider import SESProvider

__all__ = ["SESProvider", "seeded"]


def seeded(seed: str, **place: str) -> Faker:
    """Return a seeded `Faker` with an `SESProvider`; `place` contains the provider's arguments."""
    fake = Faker()
    fake.add_provider(SESProvider(fake.factories[0], **place))
    fake.seed_instance(seed)
    return fake
