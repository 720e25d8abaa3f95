"""The pytest plugin: fixtures, markers, options and reports.

This is the only module that imports pytest. It is loaded in every run of every project in which
pytest-ses is installed, so other imports are deferred: the rest of the package is imported when an
option or a marker is used, and boto3 when a test uses a fixture.
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
    "the initial SES account of the test. Markers on the module, the class and the function are "
    "merged; for each argument, the closest marker wins. verified: a list of addresses and domains "
    "('*' accepts every sender); sandbox=True: recipients must be verified too; daily_quota "
    "(recipients in 24 hours) and send_rate (recipients per second) are enforced if set; "
    "sending_enabled=False: sending is paused.",
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
    "ses_each_error": "ses_each_error(operation, …): run the test once for each error that the model "
    "of the operation declares, planned for every attempt; 'sesv2:SendEmail' selects one API.",
    "ses_each_bulk_status": "ses_each_bulk_status(…): run the test once for each failure status of a "
    "bulk send, by default planned for every destination.",
}


class Option(NamedTuple):
    """A setting of the project: an ini option and its command-line flag."""

    name: str
    kind: Any
    default: Any
    help: str
    choices: tuple[str, ...] = ()

    def flag(self) -> str:
        """Return the command-line flag."""
        return "--" + self.name.replace("_", "-")


OPTIONS = (
    Option(
        "ses_region",
        "string",
        "",
        "region of the account (default: AWS_DEFAULT_REGION, else us-east-1)",
    ),
    Option("ses_account_id", "string", "", "account ID, twelve digits (default: 123456789012)"),
    Option("ses_verified", "args", [], "verified addresses and domains; '*' accepts every sender"),
    Option("ses_sandbox", "bool", False, "start in the sandbox: recipients must be verified too"),
    Option(
        "ses_rendering_failures",
        "string",
        "warn",
        "what to do about messages that could not be rendered: warn (default), error or ignore",
        choices=("warn", "error", "ignore"),
    ),
    Option(
        "ses_unused_faults",
        "string",
        "error",
        "what to do about planned failures that did not happen: error (default), warn or ignore",
        choices=("error", "warn", "ignore"),
    ),
    Option("ses_real_sleep", "bool", False, "make botocore really wait between attempts"),
    Option(
        "ses_seed",
        "string",
        "",
        "seed for failures with probability= (default: a new seed in each run)",
    ),
)

# The markers that run a test several times; each marker's name is also that of the parameter.
_CASE_MARKERS = ("ses_each_error", "ses_each_bulk_status")
# The markers that plan an outcome of a recipient.
_RECIPIENT_MARKERS = ("ses_bounce", "ses_complaint")
# The markers that are not named after a kind of planned failure.
_OTHER_MARKERS = ("ses", *_CASE_MARKERS, *_RECIPIENT_MARKERS)

_BACKEND: pytest.StashKey[SESBackend] = pytest.StashKey()
_OUTCOME: pytest.StashKey[str] = pytest.StashKey()
_SEED: pytest.StashKey[str] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options, each in the ini file and on the command line."""
    group = parser.getgroup("ses", "Amazon SES (pytest-ses)")
    for option in OPTIONS:
        parser.addini(option.name, option.help, type=option.kind, default=option.default)
        kwargs: dict[str, Any] = {"dest": option.name, "default": None, "help": option.help}
        if option.kind == "bool":
            kwargs["action"] = "store_true"
        elif option.kind == "args":
            kwargs.update(action="append", metavar="IDENTITY")
        else:
            kwargs["metavar"] = option.name.removeprefix("ses_").upper()
        group.addoption(option.flag(), **kwargs)


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers and check the values of the options."""
    for marker in MARKERS.values():
        config.addinivalue_line("markers", marker)
    config.stash[_SEED] = _option(config, "ses_seed")
    if not config.stash[_SEED]:
        # xdist passes the options of the controller on to its workers.
        config.option.ses_seed = str(int.from_bytes(os.urandom(4), "big"))
    for option in OPTIONS:
        value = _option(config, option.name)
        if option.choices and value not in option.choices:
            from pytest_ses.phrasing import with_nearest

            msg = f"{option.name}={value!r} is invalid"
            raise pytest.UsageError(with_nearest(msg, str(value), option.choices))
    # The region of the environment is checked only if it is used; it may be for other services.
    settings = _project_settings(config)
    try:
        if settings:
            _check_settings(settings)
    except (TypeError, ValueError) as error:
        msg = f"ses_{error}"
        raise pytest.UsageError(msg) from None


def pytest_report_header(config: pytest.Config) -> str | None:
    """Report the seed if it is set."""
    return _seed_line(config) if config.stash[_SEED] else None


def pytest_report_collectionfinish(
    config: pytest.Config, items: Sequence[pytest.Item]
) -> str | None:
    """Report the seed if it is not set and a marker plans random failures."""
    is_needed = not config.stash[_SEED] and any(_is_random(item) for item in items)
    return _seed_line(config) if is_needed else None


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Parametrize tests whose markers run them once for each error or status."""
    if not _uses_backend(metafunc):
        return
    for name in _CASE_MARKERS:
        markers = metafunc.definition.iter_markers(name)
        cases = [case for marker in markers for case in _cases(marker)]
        if cases:
            if name not in metafunc.fixturenames:
                metafunc.fixturenames.append(name)
            ids = [case.id for case in cases]
            metafunc.parametrize(name, cases, indirect=True, ids=ids)


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Check the arguments of all markers before any test runs."""
    if not _is_xdist_worker(config):
        for item in items:
            _check_markers(item)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """On an xdist worker, check the markers of the test; a worker cannot stop the whole run."""
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
    """Add sections about messages, calls and planned failures to the report of a failed test."""
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
    """Amazon SES for this test: a fake account that handles the SES requests of all boto3 clients.

    Verify senders with `ses_backend.verify("example.com")`, run the code under test, and check
    `ses_backend.outbox` (the sent messages) and `ses_backend.calls` (all requests). The marker `ses`
    and the ini options `ses_*` define the initial account.
    """
    from pytest_ses.backend import SESBackend

    item = request.node
    seed = f"{_option(item.config, 'ses_seed')}/{item.nodeid}"
    real_sleep = _option(item.config, "ses_real_sleep")
    item.stash[_OUTCOME] = "skipped"
    with SESBackend(**_settings(item), seed=seed, real_sleep=real_sleep) as backend:
        # Kept until the report of the teardown, which is the last report of the test.
        item.stash[_BACKEND] = backend
        for plan in (*_failure_plans(item), *_recipient_plans(item)):
            plan.apply(backend)
        yield backend
    _report_unmet(item, backend)


@pytest.fixture
def ses_client(ses_backend: SESBackend) -> Any:
    """A boto3 client of SES API v1 (`ses`) in the region of `ses_backend`."""
    return _client("ses", ses_backend)


@pytest.fixture
def sesv2_client(ses_backend: SESBackend) -> Any:
    """A boto3 client of SES API v2 (`sesv2`) in the region of `ses_backend`."""
    return _client("sesv2", ses_backend)


@pytest.fixture
def ses_each_error(request: pytest.FixtureRequest) -> str:
    """The code of the error that the marker `ses_each_error` plans for this run of the test."""
    return _case_id(request)


@pytest.fixture
def ses_each_bulk_status(request: pytest.FixtureRequest) -> str:
    """The status, as spelled in v2, that `ses_each_bulk_status` plans for this run of the test."""
    return _case_id(request)


def _case_id(request: pytest.FixtureRequest) -> str:
    if not hasattr(request, "param"):
        name = request.fixturename
        pytest.fail(
            f"the fixture {name} requires the marker of the same name: @pytest.mark.{name}(…)",
            pytrace=False,
        )
    plan: Plan = request.param
    return plan.id


def _client(service: Any, backend: SESBackend) -> Any:
    from pytest_ses.transports import boto

    return boto.client(service, region=backend.region)


def _option(config: pytest.Config, name: str) -> Any:
    from_command_line = config.getoption(name)
    return config.getini(name) if from_command_line is None else from_command_line


def _project_settings(config: pytest.Config) -> dict[str, Any]:
    """The settings of accounts in the project's options, without those that are not set."""
    names = ("region", "account_id", "verified", "sandbox")
    settings = {name: _option(config, f"ses_{name}") for name in names}
    return {name: value for name, value in settings.items() if value}


def _settings(item: pytest.Item) -> Mapping[str, Any]:
    """The settings of the test's account: those of its markers override those of the project."""
    region = os.environ.get("AWS_DEFAULT_REGION")
    settings = {**({"region": region} if region else {}), **_project_settings(item.config)}
    for marker in reversed(list(item.iter_markers("ses"))):
        settings.update(marker.kwargs)
    return settings


def _check_settings(settings: Mapping[str, Any]) -> None:
    from pytest_ses.settings import Settings

    Settings(**settings)


def _is_xdist_worker(config: pytest.Config) -> bool:
    return hasattr(config, "workerinput")


def _is_random(item: pytest.Item) -> bool:
    return any("probability" in marker.kwargs for marker in item.iter_markers())


def _uses_backend(test: Any) -> bool:
    return "ses_backend" in getattr(test, "fixturenames", ())


def _failure_plans(item: pytest.Item) -> Iterator[Plan]:
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
    yield from _case_plans(item).values()


def _recipient_plans(item: pytest.Item) -> Iterator[Plan]:
    """The outcomes that the markers plan; the closest marker is last, so that it overrides others."""
    for marker in reversed(list(item.iter_markers())):
        if marker.name in _RECIPIENT_MARKERS:
            yield from _plans(marker)


def _case_plans(item: pytest.Item) -> Mapping[str, Plan]:
    """The plans for this run of a test that runs several times, by the name of the marker."""
    params = item.callspec.params if hasattr(item, "callspec") else {}
    return {name: params[name] for name in _CASE_MARKERS if name in params}


def _plans(marker: pytest.Mark) -> list[Plan]:
    from pytest_ses import markers

    return markers.read(marker.name, marker.args, marker.kwargs)


def _cases(marker: pytest.Mark) -> list[Plan]:
    try:
        return _plans(marker)
    except (TypeError, ValueError):
        # `_check_markers` reports the error once all tests are collected.
        return []


def _check_markers(item: pytest.Item) -> None:
    for marker in item.iter_markers():
        if marker.name not in MARKERS:
            continue
        _check_marker(item, marker)
        # A marker on a class or module may be for other tests.
        if marker in item.own_markers and not _uses_backend(item):
            msg = (
                f"{item.nodeid}: the marker {marker.name} has no effect because the test does not use "
                "the fixture ses_backend; request it as an argument or add "
                '@pytest.mark.usefixtures("ses_backend")'
            )
            raise pytest.UsageError(msg)


def _check_marker(item: pytest.Item, marker: pytest.Mark) -> None:
    try:
        if marker.name == "ses":
            from pytest_ses import markers

            markers.check_account(marker.args, marker.kwargs)
        else:
            _plans(marker)
    except (TypeError, ValueError) as error:
        msg = f"{item.nodeid}: the marker {marker.name}: {error}"
        raise pytest.UsageError(msg) from None


def _seed_line(config: pytest.Config) -> str:
    return f"ses: random failures are seeded with --ses-seed={_option(config, 'ses_seed')}"


def _report_unmet(item: pytest.Item, backend: SESBackend) -> None:
    """Fail the test or warn about rendering failures and planned failures that did not happen."""
    from pytest_ses import reports
    from pytest_ses.warnings import RenderingFailureWarning, UnusedFaultWarning

    unused = None
    # A test that was skipped or failed as expected may have ended before the failure could happen.
    if item.stash[_OUTCOME] != "skipped":
        unused = reports.unused_faults(backend, case=_case_plans(item).get("ses_each_error"))
    failures = []
    for option, text, warning in (
        ("ses_rendering_failures", reports.rendering_failures(backend), RenderingFailureWarning),
        ("ses_unused_faults", unused, UnusedFaultWarning),
    ):
        action = _option(item.config, option)
        if text and action == "error":
            failures.append(text)
        elif text and action == "warn":
            item.warn(warning(text))
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)
