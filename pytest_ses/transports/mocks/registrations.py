"""Whether a test has registered a response for a host of SES."""

from __future__ import annotations

from copy import copy
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

# No request goes to this host.
ELSEWHERE: Final = "elsewhere.invalid"


def name_host(matchers: Iterable[Callable[[Any], Any]], request: Any, elsewhere: Any) -> bool:
    """Whether one of the matchers matches a request because of its host.

    A matcher that matches the same request to another host as well, such as one for all requests, is
    not meant for SES.

    Args:
        matchers: functions that return whether they match a request.
        request: a request for SES.
        elsewhere: the same request to the host `ELSEWHERE`.
    """
    return any(matches(request) and not matches(elsewhere) for matches in matchers)


def httpx_elsewhere(request: Any) -> Any:
    """Return a request of httpx, which has been read, to another host."""
    elsewhere = copy(request)
    elsewhere.url = request.url.copy_with(host=ELSEWHERE)
    return elsewhere
