"""What does pytest see? Fixtures, markers, options and reports; nothing else imports pytest.

This module is loaded in every run of every project that has pytest-ses installed, so it imports
nothing that such a run does not need: the rest of the package where an option or a marker is used,
boto3 where a test takes a fixture.
"""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from pytest_ses.backend import SESBackend
    from pytest_ses.markers import Plan

MARKERS = {
    "ses": "ses(*, region, account_id, verified, sandbox, daily_quota, send_rate, sending_enabled): "
    "the SES account that the test starts with. Markers of module, class and function merge; the "
    "closest wins per word. verified: a list of addresses and domains, '*' for every sender; "
    "sandbox=True: recipients have to be verified too; daily_quota (recipients in 24 hours) and "
    "send_rate (recipients a second) are enforced once set; sending_enabled=False: paused.",
    "ses_throttle": "ses_throttle(*operations, daily_quota=False, times=None, …): plan the throttling "
    "error of the API that is called; no operation is every operation that sends.",
    "ses_not_found": "ses_not_found(*operations, resource=None, times=None, …): plan the not-found "
    "error of the operation; resource='template', 'configuration_set', 'identity', ….",
    "ses_fail": "ses_fail(operation, error, *, message=None, status=None, times=None, …): plan an "
    "error code, or Timeout(), Disconnect(), ServerError(503), CorruptResponse(), ResponseLost(), Delay(seconds).",
    "ses_bulk_status": "ses_bulk_status(status, *, to=None, index=None, error=None, times=None, …): "
    "plan the status of destinations of a bulk send; the others are sent.",
    "ses_bounce": "ses_bounce(recipient, type='Permanent', subtype='General', *, after=timedelta(0)): "
    "mails to the recipient come back, at once or once the clock has passed that time.",
    "ses_complaint": "ses_complaint(recipient, feedback_type='abuse', *, after=timedelta(0)): the "
    "recipient calls mails spam.",
    "ses_each_error": "ses_each_error(operation, …): run the test once for each error that the model "
    "of the operation declares, each planned for every attempt; 'sesv2:SendEmail' names one API.",
    "ses_each_bulk_status": "ses_each_bulk_status(…): run the test once for each status that a "
    "destination of a bulk send can fail with, planned for all of them.",
}


class Option(NamedTuple):
    """A setting of the project: an ini option and its twin on the command line."""

    name: str
    kind: Any
    default: Any
    help: str
    choices: tuple[str, ...] = ()

    def flag(self) -> str:
        """The twin on the command line."""
        return "--" + self.name.replace("_", "-")


OPTIONS = (
    Option(
        "ses_region", "string", "", "region of the account (else AWS_DEFAULT_REGION, us-east-1)"
    ),
    Option("ses_account_id", "string", "", "account id, twelve digits (else 123456789012)"),
    Option("ses_verified", "args", [], "verified addresses and domains, '*' for every sender"),
    Option("ses_sandbox", "bool", False, "start in the sandbox: recipients have to be verified"),
    Option(
        "ses_rendering_failures",
        "string",
        "warn",
        "what to do about templated mails that could not be rendered: warn, error or ignore",
        choices=("warn", "error", "ignore"),
    ),
    Option(
        "ses_unused_faults",
        "string",
        "error",
        "what to do about planned failures that did not happen: error, warn or ignore",
        choices=("error", "warn", "ignore"),
    ),
    Option("ses_real_sleep", "bool", False, "let botocore really wait between its attempts"),
    Option("ses_seed", "string", "", "what chances (probability=) are drawn from (else random)"),
)

# Markers that run a test several times, each the name of a parameter.
_CASES = ("ses_each_error", "ses_each_bulk_status")
# Markers about a recipient.
_FATES = ("ses_bounce", "ses_complaint")

_BACKEND: pytest.StashKey[SESBackend] = pytest.StashKey()
_OUTCOME: pytest.StashKey[str] = pytest.StashKey()
_SEED: pytest.StashKey[str] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options, each in the ini file and on the command line."""
    group = parser.getgroup("ses", "Amazon SES (pytest-ses)")
    for option in OPTIONS:
        parser.addini(option.name, option.help, type=option.kind, default=option.default)
        words: dict[str, Any] = {"dest": option.name, "default": None, "help": option.help}
        if option.kind == "bool":
            words["action"] = "store_true"
        elif option.kind == "args":
            words.update(action="append", metavar="IDENTITY")
        else:
            words["metavar"] = option.name.removeprefix("ses_").upper()
        group.addoption(option.flag(), **words)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers, and refuse options that no account can have."""
    for marker in MARKERS.values():
        config.addinivalue_line("markers", marker)
    config.stash[_SEED] = _option(config, "ses_seed")
    if not config.stash[_SEED]:
        # Workers of xdist get the options of their controller.
        config.option.ses_seed = str(int.from_bytes(os.urandom(4), "big"))
    for option in OPTIONS:
        value = _option(config, option.name)
        if option.choices and value not in option.choices:
            from pytest_ses.phrasing import with_nearest

            msg = f"{option.name}: {value!r} is not one of {', '.join(option.choices)}"
            raise pytest.UsageError(with_nearest(msg, str(value), option.choices))
    # The region of the environment is judged where it is used: it may be meant for others.
    settings = _project_settings(config)
    try:
        if settings:
            _checked(settings)
    except (TypeError, ValueError) as error:
        msg = f"ses_{error}"
        raise pytest.UsageError(msg) from None


def pytest_report_header(config: pytest.Config) -> str | None:
    """Tell the seed that was given."""
    return _seed_line(config) if config.stash[_SEED] else None


def pytest_report_collectionfinish(
    config: pytest.Config, items: Sequence[pytest.Item]
) -> str | None:
    """Tell the seed that was found, if a marker draws from it."""
    drawn = not config.stash[_SEED] and any(_draws(item) for item in items)
    return _seed_line(config) if drawn else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test once for each error or status, where a marker says so."""
    if not _takes_backend(metafunc):
        return
    for name in _CASES:
        markers = metafunc.definition.iter_markers(name)
        cases = [case for marker in markers for case in _cases(marker)]
        if cases:
            if name not in metafunc.fixturenames:
                metafunc.fixturenames.append(name)
            ids = [case.id for case in cases]
            metafunc.parametrize(name, cases, indirect=True, ids=ids)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Refuse markers with a wrong word or value before any test runs."""
    if not _is_xdist_worker(config):
        for item in items:
            _check_markers(item)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuse them here in a worker of xdist, which cannot end the run before it has begun."""
    if _is_xdist_worker(item.config):
        problem = ""
        try:
            _check_markers(item)
        except pytest.UsageError as error:
            problem = str(error)
        if problem:
            pytest.fail(problem, pytrace=False)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(
    item: pytest.Item,
) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Add what was sent, and what was refused, to the report of a failed test."""
    report = yield
    if report.when == "call":
        item.stash[_OUTCOME] = report.outcome
    backend = item.stash.get(_BACKEND, None)
    if backend is not None and report.failed:
        from pytest_ses import reports

        report.sections.extend(reports.sections(backend, seed=_seed_line(item.config)))
    if backend is not None and report.when == "teardown":
        del item.stash[_BACKEND]
    return report


@pytest.fixture
def ses_backend(request: pytest.FixtureRequest) -> Iterator[SESBackend]:
    """Amazon SES for this test: every boto3 client talks to this fake account while it runs.

    Make senders known with `ses_backend.verify("example.com")`, run the code under test, and look at
    `ses_backend.outbox` (what was sent) and `ses_backend.calls` (what was asked). The marker `ses`
    and the ini options `ses_*` say how the account starts.
    """
    from pytest_ses.backend import SESBackend

    item = request.node
    seed = f"{_option(item.config, 'ses_seed')}/{item.nodeid}"
    real_sleep = _option(item.config, "ses_real_sleep")
    item.stash[_OUTCOME] = "skipped"
    with SESBackend(**_settings(item), seed=seed, real_sleep=real_sleep) as backend:
        # Kept until the last report of the test is made.
        item.stash[_BACKEND] = backend
        for plan in (*_plans(item), *_fates(item)):
            plan.make(backend)
        yield backend
    _speak(item, backend)


@pytest.fixture
def ses_client(ses_backend: SESBackend) -> Any:
    """A boto3 client of API v1 (`ses`) in the region of `ses_backend`."""
    return _client("ses", ses_backend)


@pytest.fixture
def sesv2_client(ses_backend: SESBackend) -> Any:
    """A boto3 client of API v2 (`sesv2`) in the region of `ses_backend`."""
    return _client("sesv2", ses_backend)


@pytest.fixture
def ses_each_error(request: pytest.FixtureRequest) -> str:
    """The code of the error that this run of a test with the marker of the same name plans."""
    return _case(request)


@pytest.fixture
def ses_each_bulk_status(request: pytest.FixtureRequest) -> str:
    """The status, in v2's spelling, that this run of a test with the marker of the same name plans."""
    return _case(request)


def _case(request: pytest.FixtureRequest) -> str:
    if not hasattr(request, "param"):
        name = request.fixturename
        pytest.fail(f"{name} needs the marker of its name: @pytest.mark.{name}(…)", pytrace=False)
    plan: Plan = request.param
    return plan.id


def _client(service: Any, backend: SESBackend) -> Any:
    from pytest_ses.transports import boto

    return boto.client(service, region=backend.region)


def _option(config: pytest.Config, name: str) -> Any:
    given = config.getoption(name)
    return config.getini(name) if given is None else given


def _project_settings(config: pytest.Config) -> dict[str, Any]:
    """What the project says of accounts, as far as it says anything."""
    words = ("region", "account_id", "verified", "sandbox")
    given = {word: _option(config, f"ses_{word}") for word in words}
    return {word: value for word, value in given.items() if value}


def _settings(item: pytest.Item) -> Mapping[str, Any]:
    """The words of all markers around a test over those of the project."""
    region = os.environ.get("AWS_DEFAULT_REGION")
    settings = {**({"region": region} if region else {}), **_project_settings(item.config)}
    for marker in reversed(list(item.iter_markers("ses"))):
        settings.update(marker.kwargs)
    return settings


def _checked(settings: Mapping[str, Any]) -> None:
    from pytest_ses.settings import Settings

    Settings(**settings)


def _is_xdist_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _draws(item: pytest.Item) -> bool:
    return any("probability" in marker.kwargs for marker in item.iter_markers())


def _takes_backend(test: Any) -> bool:
    return "ses_backend" in getattr(test, "fixturenames", ())


def _plans(item: pytest.Item) -> Iterator[Plan]:
    """The failures that the markers around a test plan, those of the test itself first."""
    of_case = list(item.callspec.marks) if hasattr(item, "callspec") else []
    for node in reversed(item.listchain()):
        own = [marker for marker in node.own_markers if marker not in of_case]
        # Decorators are noted from the bottom up, a module's list as it is written.
        if not isinstance(node, pytest.Module):
            own.reverse()
        for marker in [*of_case, *own] if node is item else own:
            if marker.name in MARKERS and marker.name not in ("ses", *_CASES, *_FATES):
                yield from _read(marker)
    yield from _case_plans(item).values()


def _fates(item: pytest.Item) -> Iterator[Plan]:
    """What the markers plan for recipients: the last word holds, and is the one closest to the test."""
    for marker in reversed(list(item.iter_markers())):
        if marker.name in _FATES:
            yield from _read(marker)


def _case_plans(item: pytest.Item) -> Mapping[str, Plan]:
    """The plans that this run of the test is for, by the marker."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return {name: params[name] for name in _CASES if name in params}


def _read(marker: pytest.Mark) -> list[Plan]:
    from pytest_ses import markers

    return markers.read(marker.name, marker.args, marker.kwargs)


def _cases(marker: pytest.Mark) -> list[Plan]:
    try:
        return _read(marker)
    except (TypeError, ValueError):
        # What is wrong is told once all tests are collected.
        return []


def _check_markers(item: pytest.Item) -> None:
    for marker in item.iter_markers():
        if marker.name not in MARKERS:
            continue
        _check_marker(item, marker)
        # On a class or module it may be meant for others.
        if marker in item.own_markers and not _takes_backend(item):
            msg = (
                f"{item.nodeid}: the marker {marker.name} has no effect, since the test does not take "
                'the fixture ses_backend; take it, or add @pytest.mark.usefixtures("ses_backend")'
            )
            raise pytest.UsageError(msg)


def _check_marker(item: pytest.Item, marker: pytest.Mark) -> None:
    try:
        if marker.name == "ses":
            from pytest_ses import markers

            markers.check_account(marker.args, marker.kwargs)
        else:
            _read(marker)
    except (TypeError, ValueError) as error:
        msg = f"{item.nodeid}: the marker {marker.name}: {error}"
        raise pytest.UsageError(msg) from None


def _seed_line(config: pytest.Config) -> str:
    return f"ses: chances are drawn with --ses-seed={_option(config, 'ses_seed')}"


def _speak(item: pytest.Item, backend: SESBackend) -> None:
    """Say at the end of a test what went otherwise than planned: fail, or warn."""
    from pytest_ses import reports
    from pytest_ses.warnings import RenderingFailureWarning, UnusedFaultWarning

    unused = None
    # A test that was skipped, or failed as expected, did not get as far as it might have.
    if item.stash[_OUTCOME] != "skipped":
        unused = reports.unused_faults(backend, case=_case_plans(item).get("ses_each_error"))
    failures = []
    for option, text, kind in (
        ("ses_rendering_failures", reports.rendering_failures(backend), RenderingFailureWarning),
        ("ses_unused_faults", unused, UnusedFaultWarning),
    ):
        how = _option(item.config, option)
        if text and how == "error":
            failures.append(text)
        elif text and how == "warn":
            item.warn(kind(text))
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)
