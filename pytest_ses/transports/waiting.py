"""Virtual time for botocore's waits between attempts and between polls of SES.

Three internals of botocore are patched, because it has no public way to change them:

* `time.sleep` in `endpoint` (legacy and standard mode) and in `waiter`;
* `TokenBucket.acquire`, where adaptive mode waits to limit its send rate;
* `RetryQuota.acquire`: a client keeps its retry quota as long as it exists, so the failures of one test
  would use up the retries of the next.
"""

from __future__ import annotations

from contextvars import ContextVar
from typing import TYPE_CHECKING, Any, Final

import botocore.endpoint
import botocore.waiter
from botocore.retries import bucket, quota

from pytest_ses.transports.patching import replaced, replaced_sleep

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.transports.exchange import Exchange
    from pytest_ses.transports.patching import Replacement


# Whether the last call of the current asynchronous task, or else of the current thread, was to SES. A
# call and the waits between its attempts are in one task.
LAST_CALL_IS_SES: Final = ContextVar("LAST_CALL_IS_SES", default=False)


def in_virtual_time(exchange: Exchange) -> list[Replacement]:
    """Replace the waits of SES clients, unless they take real time; other clients wait in any case."""
    return [
        *(
            replaced_sleep(module, _sleep(exchange))
            for module in (botocore.endpoint, botocore.waiter)
        ),
        replaced(bucket.TokenBucket, "acquire", _acquire(exchange)),
    ]


def full_quotas(exchange: Exchange) -> Replacement:
    """Give every client its full retry quota before its first retry."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def acquire(retry_quota: Any, capacity_amount: int) -> Any:
            if LAST_CALL_IS_SES.get() and retry_quota not in exchange.with_full_quota:
                exchange.with_full_quota.add(retry_quota)
                retry_quota._available_capacity = retry_quota._max_capacity  # noqa: SLF001  (not public)
            return original(retry_quota, capacity_amount)

        return acquire

    return replaced(quota.RetryQuota, "acquire", wrap)


def fill_bucket(token_bucket: Any, amount: float, sleep: Callable[[float], None]) -> None:
    """Call `sleep` until a token bucket has an amount of tokens, as it would in real time."""
    # The names are not public, nor is there another way to learn how long the bucket would wait.
    token_bucket._refill()  # noqa: SLF001
    seconds = token_bucket._sleep_amount(amount)  # noqa: SLF001
    if seconds > 0:
        # The bucket then fills as if these seconds had passed in real time.
        token_bucket._last_timestamp -= seconds  # noqa: SLF001
        sleep(seconds)


def is_virtual(exchange: Exchange) -> bool:
    """Whether the wait of the current client is for SES, and not to take real time."""
    return LAST_CALL_IS_SES.get() and not exchange.real_sleep


def _sleep(exchange: Exchange) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def sleep(seconds: float) -> None:
            (exchange.sleep if is_virtual(exchange) else original)(seconds)

        return sleep

    return wrap


def _acquire(exchange: Exchange) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def acquire(token_bucket: Any, amount: float = 1, block: bool = True) -> Any:
            if is_virtual(exchange) and block:
                with token_bucket._new_fill_rate_condition:  # noqa: SLF001  (not public)
                    fill_bucket(token_bucket, amount, exchange.sleep)
            return original(token_bucket, amount, block)

        return acquire

    return wrap
