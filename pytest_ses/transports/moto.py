"""Integration with moto: which of the two handles SES, and the accounts of moto's access keys.

moto is never imported here, only looked up if the test has imported it. Three undocumented modules
of moto are used:

* `moto.core.config`, because the public way to set `core.passthrough` is an argument of `mock_aws`,
  which the test calls itself;
* `moto.core.models`, the only place that shows whether a `mock_aws` is active, its default account and, in
  moto 4 and older, what it handles;
* `moto.iam.models`, the only place that has the keys issued by moto's STS and IAM.
"""

from __future__ import annotations

import importlib.metadata
import sys
from typing import Any

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True

SES_SERVICES = ("ses", "sesv2")
_SES_SERVICES = frozenset(SES_SERVICES)
# A URL of each API, to find out which requests an old moto handles.
_SES_URLS = (
    "https://email.us-east-1.amazonaws.com/",
    "https://email.us-east-1.amazonaws.com/v2/email/identities",
)


class SESPassthrough:
    """Makes moto pass SES requests through; restores moto's settings at the end."""

    def __init__(self) -> None:
        self._original_settings: list[tuple[dict[str, Any], Any]] = []

    def __enter__(self) -> None:
        if config := sys.modules.get("moto.core.config"):
            self._apply(config.default_user_config)

    def __exit__(self, *_: object) -> None:
        while self._original_settings:
            passthrough, services = self._original_settings.pop()
            passthrough["services"] = services

    def prepare_request(self) -> None:
        """Apply the setting again before a request.

        So it does not matter whether moto or the backend starts first, or that a `mock_aws` inside the
        test has its own settings.

        Raises:
            RuntimeError: if moto handles SES and is too old to pass requests through.
        """
        if config := sys.modules.get("moto.core.config"):
            self._apply(config.default_user_config)
        else:
            _reject_old_moto()

    def _apply(self, settings: dict[str, Any]) -> None:
        passthrough = settings.setdefault("core", {}).setdefault("passthrough", {})
        services = passthrough.get("services")
        if not services or not _SES_SERVICES.issubset(services):
            self._original_settings.append((passthrough, services))
            passthrough["services"] = [*(services or ()), *SES_SERVICES]


def _reject_old_moto() -> None:
    """Raise an error if a moto without `moto.core.config`, so version 4 or older, handles SES."""
    models = sys.modules.get("moto.core.models")
    if models is None or not models.botocore_stubber.enabled:
        return
    handled = [pattern for rows in models.botocore_stubber.methods.values() for pattern, _ in rows]
    if any(pattern.match(url) for pattern in handled for url in _SES_URLS):
        raise RuntimeError(
            f"moto {importlib.metadata.version('moto')} handles the SES requests of this test, because "
            "it is too old to pass them on to pytest-ses; upgrade it with "
            "pip install 'moto>=5.0', or remove mock_ses and mock_sesv2 from the test"
        )


def is_active() -> bool:
    """Whether moto currently handles boto3's calls."""
    models = sys.modules.get("moto.core.models")
    return models is not None and bool(models.botocore_stubber.enabled)


def default_account_id() -> str:
    """The account of calls with keys that moto did not issue; moto has been imported."""
    return str(sys.modules["moto.core.models"].DEFAULT_ACCOUNT_ID)


def account_of(access_key: str) -> str | None:
    """The account for which moto issued an access key, or None if it did not issue the key."""
    issued = _issued(access_key)
    return issued[0] if issued else None


def secret_of(access_key: str) -> str | None:
    """The secret key of an access key, or None if moto did not issue the key."""
    issued = _issued(access_key)
    return str(issued[1].secret_access_key) if issued else None


def _issued(access_key: str) -> tuple[str, Any] | None:
    models = sys.modules.get("moto.iam.models")
    if models is None:
        return None
    issued = (
        (str(account_id), backend.access_keys[access_key])
        for account_id, partitions in list(models.iam_backends.items())
        for backend in list(partitions.values())
        if access_key in backend.access_keys
    )
    return next(issued, None)
