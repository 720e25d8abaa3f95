"""The markers of tests: their descriptions, what they plan, and what is wrong with them.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from pytest_ses.markers import Plan

MARKERS = {
    "ses": "ses(*, region, account_id, verified, sandbox, daily_quota, send_rate, sending_enabled, "
    "auto_verify, configuration_sets): "
    "the initial SES account of the test. Markers on the module, the class and the function are "
    "merged; for each argument, the closest marker wins. verified: a list of addresses and domains "
    "('*' accepts every sender); sandbox=True: recipients must be verified too; daily_quota "
    "(recipients in 24 hours) and send_rate (recipients per second) are enforced if set; "
    "sending_enabled=False: sending is paused; auto_verify=True: identities are verified as soon as "
    "their verification is requested; configuration_sets: names of configuration sets that exist.",
    "ses_throttle": "ses_throttle(*operations, daily_quota=False, times=None, …): plan the throttling "
    "error of the called API; without operations, for every operation that sends.",
    "ses_not_found": "ses_not_found(*operations, resource=None, times=None, …): plan the not-found "
    "error of operations; resource='template', 'configuration_set', 'identity', ….",
    "ses_fail": "ses_fail(operation, error, *, message=None, status=None, times=None, …): plan an "
    "error code or a network failure: Timeout(), Disconnect(), ServerError(503), CorruptResponse(), "
    "ResponseLost(), Delay(seconds).",
    "ses_bulk_status": "ses_bulk_status(status, *, to=None, index=None, error=None, times=None, …): "
    "plan the status of destinations of a bulk send; messages to the others are sent.",
    "ses_bounce": "ses_bounce(recipient, type='Permanent', subtype='General', *, after=timedelta(0)): "
    "messages to the recipient bounce, immediately or after a time on the virtual clock.",
    "ses_complaint": "ses_complaint(recipient, feedback_type='abuse', *, after=timedelta(0)): the "
    "recipient complains about messages, immediately or after a time on the virtual clock.",
    "ses_no_chaos": "ses_no_chaos: leave the calls of the test alone with --ses-chaos.",
    "ses_no_sweep": "ses_no_sweep: do not run the test again with --ses-sweep.",
    "ses_each_error": "ses_each_error(operation, …): run the test once for each error that the model "
    "of the operation declares, planned for every attempt; 'sesv2:SendEmail' selects one API.",
    "ses_each_bulk_status": "ses_each_bulk_status(…): run the test once for each failure status of a "
    "bulk send, by default planned for every destination.",
}

# The markers that run a test several times; each marker's name is also that of the parameter.
CASE_MARKERS = ("ses_each_error", "ses_each_bulk_status")
# The markers that plan an outcome of a recipient.
_RECIPIENT_MARKERS = ("ses_bounce", "ses_complaint")
# The markers that leave a test out of what a run does to all tests.
_EXCEPTIONS = ("ses_no_chaos", "ses_no_sweep")
# The markers that are not named after a kind of planned failure.
_OTHER_MARKERS = ("ses", *_EXCEPTIONS, *CASE_MARKERS, *_RECIPIENT_MARKERS)


def problem(item: pytest.Item, marker: pytest.Mark) -> str | None:
    """Return what is wrong with a marker of a test, or None."""
    if marker.name not in MARKERS:
        is_ours = "ses" in marker.name.lower() and not _is_registered(item.config, marker.name)
        return _misspelling(marker.name) if is_ours else None
    try:
        _check_arguments(marker)
    except (TypeError, ValueError) as error:
        return f": {error}"
    # A marker on a class or module may be for other tests.
    is_for_backend = marker.name not in _EXCEPTIONS and marker in item.own_markers
    if is_for_backend and not uses_backend(item):
        return (
            " has no effect because the test does not use the fixture ses_backend; request it as an "
            'argument or add @pytest.mark.usefixtures("ses_backend")'
        )
    return None


def _check_arguments(marker: pytest.Mark) -> None:
    if marker.name == "ses":
        from pytest_ses import markers

        markers.check_account(marker.args, marker.kwargs)
    elif marker.name in _EXCEPTIONS:
        if marker.args or marker.kwargs:
            msg = "unexpected arguments; use the marker without parentheses"
            raise TypeError(msg)
    else:
        _plans(marker)


def _misspelling(name: str) -> str | None:
    """Return the problem with an unknown marker that was probably meant to be a marker of pytest-ses."""
    from pytest_ses.phrasing import nearest, with_nearest

    if name.startswith("ses_"):
        from pytest_ses import markers

        argument = name.removeprefix("ses_")
        if argument in markers.account_arguments():
            return f" does not exist; use @pytest.mark.ses({argument}=…)"
    # Short names such as `uses` are close to `ses` but mean something else.
    long_names = [marker for marker in MARKERS if marker != "ses"]
    lower = name.lower()
    if lower == "ses" or lower.startswith("ses_") or nearest(name, long_names, cutoff=0.85):
        return with_nearest(" does not exist", name, MARKERS, cutoff=0.75)
    return None


def _is_registered(config: pytest.Config, name: str) -> bool:
    """Whether the project or another plugin has a marker of this name."""
    lines = config.getini("markers")
    return any(re.split(r"[:(]", line, maxsplit=1)[0].strip() == name for line in lines)


def failure_plans(item: pytest.Item) -> Iterator[Plan]:
    """The failures that the markers plan: those of the test, then of its class and its module."""
    parameter_markers = list(item.callspec.marks) if hasattr(item, "callspec") else []
    for node in reversed(item.listchain()):
        markers = [marker for marker in node.own_markers if marker not in parameter_markers]
        # pytest lists decorators from the bottom up, but the markers of a module as written.
        if not isinstance(node, pytest.Module):
            markers.reverse()
        for marker in [*parameter_markers, *markers] if node is item else markers:
            if marker.name in MARKERS and marker.name not in _OTHER_MARKERS:
                yield from _plans(marker)
    yield from case_plans(item).values()


def recipient_plans(item: pytest.Item) -> Iterator[Plan]:
    """The outcomes that the markers plan; the closest marker is last, so that it overrides others."""
    for marker in reversed(list(item.iter_markers())):
        if marker.name in _RECIPIENT_MARKERS:
            yield from _plans(marker)


def case_plans(item: pytest.Item) -> Mapping[str, Plan]:
    """The plans for this run of a test that runs several times, by the name of the marker."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return {name: params[name] for name in CASE_MARKERS if name in params}


def _plans(marker: pytest.Mark) -> list[Plan]:
    from pytest_ses import markers

    return markers.read(marker.name, marker.args, marker.kwargs)


def cases(marker: pytest.Mark) -> list[Plan]:
    try:
        return _plans(marker)
    except (TypeError, ValueError):
        # Reported by `pytest_runtest_setup`, if the test is run.
        return []


def uses_backend(test: Any) -> bool:
    return "ses_backend" in getattr(test, "fixturenames", ())
