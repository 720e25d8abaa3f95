"""Integration with moto: which of the two handles SES, and the accounts of moto's access keys.

moto is never imported here, only looked up if the test has imported it. Three undocumented modules
of moto are used:

* `moto.core.config`, because the public way to set `core.passthrough` is an argument of `mock_aws`,
  which the test calls itself;
* `moto.core.models`, the only place that shows whether a `mock_aws` is active;
* `moto.iam.models`, the only place that has the keys issued by moto's STS and IAM.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SES_SERVICES = ("ses", "sesv2")


@contextmanager
def ses_passthrough() -> Iterator[Callable[[], None]]:
    """Yield a function that makes moto pass SES requests through; restore moto's settings at the end.

    The function is cheap and called before each request, so it does not matter which of the two
    starts first, or that a `mock_aws` inside the test has its own settings.
    """
    original_settings: list[tuple[dict[str, Any], Any]] = []

    def pass_ses_through() -> None:
        config = sys.modules.get("moto.core.config")
        if config is None:
            return
        passthrough = config.default_user_config.setdefault("core", {}).setdefault(
            "passthrough", {}
        )
        services = passthrough.get("services")
        if not services or not set(SES_SERVICES) <= set(services):
            original_settings.append((passthrough, services))
            passthrough["services"] = [*(services or ()), *SES_SERVICES]

    try:
        pass_ses_through()
        yield pass_ses_through
    finally:
        for passthrough, services in reversed(original_settings):
            passthrough["services"] = services


def is_active() -> bool:
    """Whether moto currently handles boto3's calls."""
    models = sys.modules.get("moto.core.models")
    return models is not None and bool(models.botocore_stubber.enabled)


def account_of(access_key: str) -> str | None:
    """The account for which moto issued an access key, or None if it did not issue the key."""
    models = sys.modules.get("moto.iam.models")
    if models is None:
        return None
    for account_id, partitions in list(models.iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(partitions.values())):
            return str(account_id)
    return None
