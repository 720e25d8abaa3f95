"""What does botocore wait for? Between its attempts and polls; for SES, in virtual time.

Three places of botocore are touched that are not its to promise, since none of them takes a clock:

* `time.sleep` in `endpoint` (legacy and standard mode) and in `waiter`;
* `TokenBucket.acquire`, where adaptive mode waits for its own send rate;
* `RetryQuota.acquire`: a client keeps its quota of retries as long as it lives, so that the failures
  of one test would take the retries from the next.
"""

from __future__ import annotations

import threading
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from weakref import WeakSet

import botocore.endpoint
import botocore.waiter
from botocore.retries import bucket, quota

from pytest_ses.transports.patching import replaced, replaced_sleep

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


class Latest(threading.local):
    """Whether what a thread asked botocore for last was SES."""

    is_ses = False


@contextmanager
def in_virtual_time(sleep: Callable[[float], None], latest: Latest) -> Iterator[None]:
    """Give the waits of SES clients to `sleep`; other clients wait as ever."""
    with ExitStack() as undo:
        for module in (botocore.endpoint, botocore.waiter):
            undo.enter_context(replaced_sleep(module, _sleep(module.time.sleep, sleep, latest)))
        undo.enter_context(replaced(bucket.TokenBucket, "acquire", _acquire(sleep, latest)))
        yield


@contextmanager
def full_quotas(latest: Latest) -> Iterator[None]:
    """Let every client that asks for a retry begin with all that it may have."""
    seen: WeakSet[Any] = WeakSet()

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def acquire(own: Any, capacity_amount: int) -> Any:
            if latest.is_ses and own not in seen:
                seen.add(own)
                own._available_capacity = own._max_capacity  # noqa: SLF001  (it has no other name)
            return original(own, capacity_amount)

        return acquire

    with replaced(quota.RetryQuota, "acquire", wrap):
        yield


def _sleep(
    real: Callable[[float], None], virtual: Callable[[float], None], latest: Latest
) -> Callable[[float], None]:
    def sleep(seconds: float) -> None:
        (virtual if latest.is_ses else real)(seconds)

    return sleep


def _acquire(
    sleep: Callable[[float], None], latest: Latest
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def acquire(own: Any, amount: float = 1, block: bool = True) -> Any:
            if latest.is_ses and block:
                with own._new_fill_rate_condition:  # noqa: SLF001  (it has no other name)
                    own._refill()  # noqa: SLF001
                    seconds = own._sleep_amount(amount)  # noqa: SLF001
                    if seconds > 0:
                        # As if it had been filled that much longer.
                        own._last_timestamp -= seconds  # noqa: SLF001
                        sleep(seconds)
            return original(own, amount, block)

        return acquire

    return wrap
