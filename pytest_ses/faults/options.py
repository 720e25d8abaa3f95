"""When does a rule answer, and which calls? The words that all plans share, checked."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from typing import TYPE_CHECKING, Any, TypedDict

from pytest_ses.phrasing import with_nearest

if TYPE_CHECKING:
    from pytest_ses.calls import Call

Match = str | re.Pattern[str] | Collection[str] | Callable[[str], Any]


class FailureOptions(TypedDict, total=False):
    """When a rule answers, and to which calls; None is as good as leaving a word out.

    Keys:
        times: how often it answers; None, the default, is always. It counts attempts on the wire;
            of a bulk status, entries.
        after: how many that match pass first; 0.
        every: 2 is the second, the fourth, …; 1.
        probability: the chance of each that matches, 0 to 1; certain.
        seed: what the chance is drawn from; else `--ses-seed` and the test's name.
        when: a predicate on the `Call`.
        to: anyone the call sends to; a bare address, a pattern, a predicate, or all of several.
        sender, template, configuration_set, region: an equal value, a pattern or a predicate.
        optional: True if the rule need not be met by the end of the test.
    """

    times: int | None
    after: int | None
    every: int | None
    probability: float | None
    seed: int | str | None
    when: Callable[[Call], Any] | None
    to: Match | None
    sender: Match | None
    template: Match | None
    configuration_set: Match | None
    region: Match | None
    optional: bool | None


def checked(words: FailureOptions) -> dict[str, Any]:
    """The words that are given.

    Raises:
        ValueError: for a word that is none, or a value that is not possible, with the cure.
    """
    given = {word: value for word, value in words.items() if value is not None}
    for word in words:
        if word not in _CHECKS:
            msg = f"there is no word {word!r}"
            raise ValueError(with_nearest(msg, word, _CHECKS))
    for word, value in given.items():
        possible, cure = _CHECKS[word]
        if not possible(value):
            raise ValueError(f"{word}={value!r} is not possible: {cure}")
    if "seed" in given and "probability" not in given:
        raise ValueError("seed=… has no effect without probability=…; give both, or no seed")
    return given


def _is_whole(least: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and value >= least


def _is_chance(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _is_match(value: Any) -> bool:
    if isinstance(value, (list, tuple, set, frozenset)):
        return all(isinstance(one, str) for one in value)
    return isinstance(value, (str, re.Pattern)) or callable(value)


def _is_single_match(value: Any) -> bool:
    return isinstance(value, (str, re.Pattern)) or callable(value)


_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "times": (_is_whole(1), "give a whole number from 1, or None for always"),
    "after": (_is_whole(0), "give a whole number from 0"),
    "every": (_is_whole(1), "give a whole number from 1"),
    "probability": (_is_chance, "give a number from 0 to 1"),
    "seed": (
        lambda value: isinstance(value, (int, str)) and not isinstance(value, bool),
        "give a whole number or a text",
    ),
    "when": (callable, "give a predicate on the call: lambda call: …"),
    "to": (_is_match, "give an address, a compiled pattern, a predicate or several addresses"),
    "sender": (_is_single_match, "give an address, a compiled pattern or a predicate"),
    "template": (_is_single_match, "give a name, a compiled pattern or a predicate"),
    "configuration_set": (_is_single_match, "give a name, a compiled pattern or a predicate"),
    "region": (_is_single_match, "give a region, a compiled pattern or a predicate"),
    "optional": (lambda value: isinstance(value, bool), "give True or False"),
}
