"""The names of botocore's events, which the clients of a session share while a backend is active.

botocore translates the name of an event the first time that a client emits it, by comparing it with every
alias. A test usually creates its own client, which then spends a sixth of its time on names that the client
of the previous test has translated. Clients of a session have the same aliases, so the names are the same.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from botocore.hooks import EventAliaser

from pytest_ses.transports.patching import replaced

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.transports.patching import Replacement

# Not public. A version of botocore without it translates as before.
_TRANSLATED = "_alias_name_cache"


def shared() -> Replacement:
    """Share the names that a session has translated with its new clients, which add to them."""

    def wrap(original: Callable[..., Any]) -> Callable[..., Any]:
        def copy(events: Any) -> Any:
            copied = original(events)
            if hasattr(events, _TRANSLATED):
                setattr(copied, _TRANSLATED, getattr(events, _TRANSLATED))
            return copied

        return copy

    # A client has a copy of the events of its session.
    return replaced(EventAliaser, "__copy__", wrap)
