"""The keyword arguments that all planned failures share, and their validation."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, TypedDict

from pytest_ses.domain import matching
from pytest_ses.phrasing import with_nearest
from pytest_ses.settings import check_region

if TYPE_CHECKING:
    from collections.abc import Callable

    from pytest_ses.calls import Call
    from pytest_ses.domain.matching import AddressMatch, ValueMatch

# pytest hides the frames of this module in tracebacks.
__tracebackhide__ = True


class FailureOptions(TypedDict, total=False):
    """The options of a planned failure: how often and to which calls it applies.

    None is the same as leaving an option out.

    Keys:
        times: how often it applies; defaults to no limit. Counts attempts or, for a bulk status,
            destinations.
        call: apply only to the nth matching call, from 1, in all of its attempts; such a failure
            precedes those without `call`.
        after: how many matching calls are skipped first; defaults to 0.
        every: apply only to every nth matching call (2: the second, the fourth, …); defaults to 1.
        probability: the probability, 0 to 1, that it applies to a matching call; defaults to 1.
        seed: the seed for `probability`; defaults to `--ses-seed` and the name of the test.
        when: a predicate that receives the `Call`, if all other options match.
        to: a recipient of the call, as a bare address, a pattern or a predicate; or a collection
            that contains exactly its recipients.
        sender, template, configuration_set, region: a value, a pattern or a predicate.
        optional: True if the failure need not happen by the end of the test.
    """

    times: int | None
    call: int | None
    after: int | None
    every: int | None
    probability: float | None
    seed: int | str | None
    when: Callable[[Call], Any] | None
    to: AddressMatch | None
    sender: str | re.Pattern[str] | Callable[[str], Any] | None
    template: ValueMatch | None
    configuration_set: ValueMatch | None
    region: ValueMatch | None
    optional: bool | None


def checked(options: FailureOptions, *, takes_operations: bool = False) -> dict[str, Any]:
    """Return the options that are not None.

    Args:
        options: the options of a planned failure.
        takes_operations: whether the plan has operations, which are positional arguments.

    Raises:
        ValueError: if an option is unknown or its value is invalid.
    """
    for name, value in options.items():
        if takes_operations and name in ("operation", "operations"):
            raise ValueError(
                f"unknown argument {name}={value!r}; pass operations as positional arguments, such "
                "as 'SendEmail', 'SendRawEmail'"
            )
        if name not in _CHECKS:
            raise ValueError(with_nearest(f"unknown argument {name!r}", name, _CHECKS))
    set_options = {name: value for name, value in options.items() if value is not None}
    for name, value in set_options.items():
        is_valid, expected = _CHECKS[name]
        if not is_valid(value):
            raise ValueError(f"{name}={value!r} is invalid; expected {expected}")
    matching.check_addresses("to", set_options.get("to"))
    if isinstance(set_options.get("region"), str):
        check_region(set_options["region"])
    if "seed" in set_options and "probability" not in set_options:
        raise ValueError("seed has no effect without probability; add probability or remove seed")
    return set_options


def _is_integer(*, minimum: int) -> Callable[[Any], bool]:
    return lambda value: type(value) is int and value >= minimum


def _is_probability(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool) and 0 <= value <= 1


def _is_seed(value: Any) -> bool:
    return isinstance(value, (int, str)) and not isinstance(value, bool)


def _is_match(value: Any) -> bool:
    if isinstance(value, (list, tuple, set, frozenset)):
        # Every call that sends has recipients.
        return bool(value) and all(isinstance(address, str) for address in value)
    return _is_single_match(value)


def _is_single_match(value: Any) -> bool:
    return isinstance(value, (str, re.Pattern)) or callable(value)


_ADDRESS = "an address, a compiled pattern or a predicate"
_NAME = "a name, a compiled pattern or a predicate"
_CHECKS: dict[str, tuple[Callable[[Any], bool], str]] = {
    "times": (_is_integer(minimum=1), "an integer of at least 1, or None for no limit"),
    "call": (_is_integer(minimum=1), "an integer of at least 1, the number of a call"),
    "after": (_is_integer(minimum=0), "an integer of at least 0"),
    "every": (_is_integer(minimum=1), "an integer of at least 1"),
    "probability": (_is_probability, "a number from 0 to 1"),
    "seed": (_is_seed, "an integer or a string"),
    "when": (callable, "a predicate that receives the call, such as lambda call: …"),
    "to": (_is_match, "an address, a compiled pattern, a predicate or a list of addresses"),
    "sender": (_is_single_match, _ADDRESS),
    "template": (_is_single_match, _NAME),
    "configuration_set": (_is_single_match, _NAME),
    "region": (_is_single_match, _NAME),
    "optional": (lambda value: isinstance(value, bool), "True or False"),
}
