"""What have moto and we to agree on? Who answers SES, and whose keys are whose.

moto is never imported here: it is looked up where the test has imported it. Three of its modules are
read that its documentation does not name: `moto.core.config`, because the public way to set
`core.passthrough` is an argument of a `mock_aws` that the test has written already,
`moto.core.models`, which alone knows whether a `mock_aws` is active, and `moto.iam.models`, which
alone knows the keys that moto's STS and IAM gave out.
"""

from __future__ import annotations

import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

OURS = ("ses", "sesv2")


@contextmanager
def making_way() -> Iterator[Callable[[], None]]:
    """Give a function that tells moto to let SES pass; when done, moto is as it was.

    The function is cheap and called before each request, so that it does not matter which of the
    two started first, or that a `mock_aws` inside the test brings settings of its own.
    """
    changed: list[tuple[dict[str, Any], Any]] = []

    def make_way() -> None:
        config = sys.modules.get("moto.core.config")
        if config is None:
            return
        passthrough = config.default_user_config.setdefault("core", {}).setdefault(
            "passthrough", {}
        )
        services = passthrough.get("services")
        if not services or not set(OURS) <= set(services):
            changed.append((passthrough, services))
            passthrough["services"] = [*(services or ()), *OURS]

    try:
        make_way()
        yield make_way
    finally:
        for passthrough, services in reversed(changed):
            passthrough["services"] = services


def is_active() -> bool:
    """Whether moto answers boto3's calls at this moment."""
    models = sys.modules.get("moto.core.models")
    return models is not None and bool(models.botocore_stubber.enabled)


def account_of(access_key: str) -> str | None:
    """The account that moto gave this key to, None if it did not."""
    models = sys.modules.get("moto.iam.models")
    if models is None:
        return None
    for account_id, partitions in list(models.iam_backends.items()):
        if any(access_key in backend.access_keys for backend in list(partitions.values())):
            return str(account_id)
    return None
