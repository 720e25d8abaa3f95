"""How do our own messages put things?"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sized


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that was probably meant, whatever its case; None where none is close."""
    import difflib  # noqa: PLC0415  (the plugin is loaded in every run; this when something is wrong)

    by_lower = {one.lower(): one for one in known}
    found = difflib.get_close_matches(word.lower(), by_lower, n=1, cutoff=0.5)
    return by_lower[found[0]] if found else None


def with_nearest(message: str, word: str, known: Iterable[str]) -> str:
    """A message with the closest known word, or with all of them where none is close."""
    words = list(known)
    meant = nearest(word, words)
    cure = f"did you mean {meant!r}?" if meant else f"it knows {', '.join(words)}"
    return f"{message}; {cure}"


def counted(things: Sized, name: str) -> str:
    """How many there are: "1 message", "2 messages"."""
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"
