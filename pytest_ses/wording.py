"""How do our own messages put things?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sized


def with_nearest(message: str, word: str, known: Iterable[str]) -> str:
    """A message with the closest known word, or with all of them where none is close."""
    import difflib  # noqa: PLC0415  (the plugin is loaded in every run; this is needed when something is wrong)

    words = list(known)
    nearest = difflib.get_close_matches(word, words, n=1, cutoff=0.4)
    cure = f"did you mean {nearest[0]!r}?" if nearest else f"it knows {', '.join(words)}"
    return f"{message}; {cure}"


def counted(things: Sized, name: str) -> str:
    """How many there are: "1 message", "2 messages"."""
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
