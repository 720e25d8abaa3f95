"""The pytest plugin: fixtures, markers, options and reports.

This is the only module that imports pytest. It is loaded in every run of every project in which
pytest-ses is installed, so other imports are deferred: the rest of the package is imported when an
option or a marker is used, and boto3 when a test uses a fixture.

PYTEST_DONT_REWRITE: there are no assertions here, and rewriting them takes time in every run.
"""

from __future__ import annotations

import os
import re
import sys
import warnings
from typing import TYPE_CHECKING, Any, NamedTuple, cast

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    # Extras and boto3-stubs; without them, type checkers treat the values of fixtures as Any.
    from faker import Faker
    from mypy_boto3_ses import SESClient
    from mypy_boto3_sesv2 import SESV2Client

    from pytest_ses.backend import SESBackend
    from pytest_ses.endpoint.endpoints import SESEndpoint
    from pytest_ses.endpoint.server import Server
    from pytest_ses.endpoint.smtp import SESSMTP, SMTPServer
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
    "ses_each_error": "ses_each_error(operation, …): run the test once for each error that the model "
    "of the operation declares, planned for every attempt; 'sesv2:SendEmail' selects one API.",
    "ses_each_bulk_status": "ses_each_bulk_status(…): run the test once for each failure status of a "
    "bulk send, by default planned for every destination.",
}


class Option(NamedTuple):
    """A setting of the project: an ini option and its command-line flag.

    `item` names one item of an option that can be repeated on the command line.
    """

    name: str
    kind: Any
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    item: str = ""

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
    Option(
        "ses_verified",
        "args",
        [],
        "verified addresses and domains; '*' accepts every sender",
        item="IDENTITY",
    ),
    Option("ses_sandbox", "bool", False, "start in the sandbox: recipients must be verified too"),
    Option(
        "ses_auto_verify",
        "bool",
        False,
        "verify each identity as soon as its verification is requested, as moto does",
    ),
    Option(
        "ses_configuration_sets",
        "args",
        [],
        "names of configuration sets that exist from the start",
        item="NAME",
    ),
    Option(
        "ses_endpoint_host",
        "args",
        [],
        "address that ses_endpoint and ses_smtp listen on (default: 127.0.0.1), and further names "
        "that it has, such as host.docker.internal",
        item="HOST",
    ),
    Option("ses_autouse", "bool", False, "use the fixture ses_backend in every test"),
    Option(
        "ses_rendering_failures",
        "string",
        "warn",
        "what to do about messages that could not be rendered: warn (default), error or ignore",
        choices=("warn", "error", "ignore"),
    ),
    Option(
        "ses_webhook_errors",
        "string",
        "warn",
        "what to do about exceptions in the endpoints of webhooks: warn (default), error or ignore",
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
        "seed for failures with probability= and for ses_faker (default: a new seed in each run)",
    ),
)

# The options that are also arguments of the marker `ses`.
_ACCOUNT_OPTIONS = (
    "region",
    "account_id",
    "verified",
    "sandbox",
    "auto_verify",
    "configuration_sets",
)
# The markers that run a test several times; each marker's name is also that of the parameter.
_CASE_MARKERS = ("ses_each_error", "ses_each_bulk_status")
# The markers that plan an outcome of a recipient.
_RECIPIENT_MARKERS = ("ses_bounce", "ses_complaint")
# The markers that are not named after a kind of planned failure.
_OTHER_MARKERS = ("ses", *_CASE_MARKERS, *_RECIPIENT_MARKERS)

_BACKEND: pytest.StashKey[SESBackend] = pytest.StashKey()
_OUTCOME: pytest.StashKey[str] = pytest.StashKey()
_SERVER: pytest.StashKey[Server] = pytest.StashKey()
_SMTP_SERVER: pytest.StashKey[SMTPServer] = pytest.StashKey()
_SEED: pytest.StashKey[str] = pytest.StashKey()
_SETTINGS: pytest.StashKey[dict[str, Any]] = pytest.StashKey()
_SHARED: pytest.StashKey[dict[SESBackend, bool]] = pytest.StashKey()
"""The active backends of fixtures of wider scopes, and whether all tests passed since they began."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options, each in the ini file and on the command line."""
    group = parser.getgroup("ses", "Amazon SES (pytest-ses)")
    for option in OPTIONS:
        parser.addini(option.name, option.help, type=option.kind, default=option.default)
        kwargs: dict[str, Any] = {"dest": option.name, "default": None, "help": option.help}
        if option.kind == "bool":
            kwargs["action"] = "store_true"
        elif option.kind == "args":
            kwargs.update(action="append", metavar=option.item)
        else:
            kwargs["metavar"] = option.name.removeprefix("ses_").upper()
        group.addoption(option.flag(), **kwargs)


def pytest_load_initial_conftests(early_config: pytest.Config) -> None:
    """Set the region before conftest files and test modules create clients at import time."""
    region = early_config.known_args_namespace.ses_region or early_config.getini("ses_region")
    if region:
        from pytest_ses.transports import environment

        early_config.add_cleanup(environment.set_default_region(region))


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers and check the values of the options."""
    if _option(config, "ses_autouse"):
        config.pluginmanager.register(Autouse(), "ses-autouse")
    for marker in MARKERS.values():
        config.addinivalue_line("markers", marker)
    config.stash[_SHARED] = {}
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
    if hosts := _option(config, "ses_endpoint_host"):
        _check_hosts(hosts)
    # The region of the environment is checked only if it is used; it may be for other services.
    settings = config.stash[_SETTINGS] = _project_settings(config)
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
    """Report the seed if it is not set and a test uses it."""
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


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail the test if one of its markers is wrong."""
    for marker in item.iter_markers():
        problem = _problem(item, marker)
        if problem:
            pytest.fail(f"{item.nodeid}: the marker {marker.name}{problem}", pytrace=False)


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(
    fixturedef: Any, request: pytest.FixtureRequest
) -> Generator[None, None, None]:
    """Remember the backends that a fixture of a wider scope activates."""
    before = () if fixturedef.scope == "function" else tuple(_active_backends())
    yield
    if fixturedef.scope != "function":
        new_backends = (backend for backend in _active_backends() if backend not in before)
        request.config.stash[_SHARED].update(dict.fromkeys(new_backends, True))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Check the planned failures of the backends that have ended with their fixtures."""
    shared = item.config.stash[_SHARED]
    active = _active_backends()
    for backend in [backend for backend in shared if backend not in active]:
        _report_unmet(item, backend, is_complete=shared.pop(backend))


@pytest.hookimpl(hookwrapper=True)  # `wrapper` needs pluggy 1.2, and pytest 7.4 accepts older ones
def pytest_runtest_makereport(
    item: pytest.Item, call: pytest.CallInfo[None]
) -> Generator[None, Any, None]:
    """Add sections about messages, calls, planned failures and hints to the report of a failed test."""
    report = (yield).get_result()
    if report.when == "call":
        item.stash[_OUTCOME] = report.outcome
    shared = item.config.stash[_SHARED]
    if not report.passed:
        shared.update(dict.fromkeys(shared, False))
    backend = item.stash.get(_BACKEND, None) or next(reversed(_active_backends()), None)
    if backend is not None and report.failed:
        from pytest_ses import reports

        seed, error = _seed_line(item.config), report.longreprtext
        report.sections.extend(reports.sections(backend, seed=seed, error=error))
    elif report.failed and (hints := _annotated(item, call)):
        from pytest_ses import reports

        report.sections.append((reports.HINTS, reports.listed(hints)))
    if report.failed and _uses_faker(item):
        report.sections.append(("SES seed", _seed_line(item.config)))
    if _BACKEND in item.stash and report.when == "teardown":
        del item.stash[_BACKEND]


@pytest.hookimpl(specname="pytest_runtest_makereport")
def pytest_ses_add_notes(item: pytest.Item, call: pytest.CallInfo[None]) -> None:
    """Add hints to the exception before the report is made; pytest knows that of a unittest by now."""
    _annotated(item, call)


@pytest.fixture
def ses_backend(request: pytest.FixtureRequest) -> Iterator[SESBackend]:
    """Amazon SES for this test: a fake account that handles the SES requests of this process.

    Verify senders with `ses_backend.verify("example.com")`, run the code under test, and check
    `ses_backend.outbox` (the sent messages) and `ses_backend.calls` (all requests). The marker `ses`
    and the ini options `ses_*` define the initial account.
    """
    yield from _backend(request)


class Autouse:
    """A plugin that is registered if every test uses the backend, of unittest and doctests as well."""

    # It replaces the fixture above, since a second fixture would take time in every test.
    @pytest.fixture(autouse=True)
    def ses_backend(self, request: pytest.FixtureRequest) -> Iterator[SESBackend]:
        """Amazon SES for every test."""
        yield from _backend(request)


def _backend(request: pytest.FixtureRequest) -> Iterator[SESBackend]:
    from pytest_ses.backend import SESBackend

    item = request.node
    seed = _seed(item)
    real_sleep = _option(item.config, "ses_real_sleep")
    item.stash[_OUTCOME] = "skipped"
    with SESBackend(**_settings(item), seed=seed, real_sleep=real_sleep) as backend:
        # Kept until the report of the teardown, which is the last report of the test.
        item.stash[_BACKEND] = backend
        for plan in (*_failure_plans(item), *_recipient_plans(item)):
            with warnings.catch_warnings(record=True) as caught:
                plan.apply(backend)
            # A marker has no line of its own, so the warning points at the test.
            for warning in caught:
                item.warn(cast("Warning", warning.message))
        yield backend
    # A test that failed or was skipped may have ended before the failure could happen.
    _report_unmet(item, backend, is_complete=item.stash[_OUTCOME] == "passed")


@pytest.fixture
def ses_client(ses_backend: SESBackend) -> SESClient:
    """A boto3 client of SES API v1 (`ses`) in the region of `ses_backend`."""
    client: SESClient = _client("ses", ses_backend)
    return client


@pytest.fixture
def sesv2_client(ses_backend: SESBackend) -> SESV2Client:
    """A boto3 client of SES API v2 (`sesv2`) in the region of `ses_backend`."""
    client: SESV2Client = _client("sesv2", ses_backend)
    return client


@pytest.fixture
def ses_endpoint(request: pytest.FixtureRequest, ses_backend: SESBackend) -> Iterator[SESEndpoint]:
    """An HTTP endpoint for the account of `ses_backend`, for other processes and languages.

    `str(ses_endpoint)` is its URL. `ses_endpoint.environment` has what another process needs; during
    the test it is in `os.environ`, so a subprocess inherits it.
    """
    with (
        _server(request.config).session(ses_backend) as endpoint,
        pytest.MonkeyPatch.context() as environment,
    ):
        for name, value in endpoint.environment.items():
            environment.setenv(name, value)
        yield endpoint


@pytest.fixture
def ses_smtp(request: pytest.FixtureRequest, ses_backend: SESBackend) -> Iterator[SESSMTP]:
    """An SMTP server for the account of `ses_backend`, for other processes and languages.

    It has `host`, `port`, `username`, `password` and `certificate`, the file that a client may trust;
    `ses_smtp.environment` has them as environment variables.
    """
    with _smtp_server(request.config).session(ses_backend) as smtp:
        yield smtp


@pytest.fixture
def ses_faker(request: pytest.FixtureRequest) -> Faker:
    """A `Faker` with the values of `pytest_ses.faker.SESProvider`.

    They are for the account and the region of the test. The seed is that of `--ses-seed` and the ID of
    the test. Requires `pytest-ses[faker]`.
    """
    try:
        from pytest_ses.faker import seeded
    except ModuleNotFoundError as error:
        raise pytest.fail.Exception(str(error), pytrace=False) from None
    settings = _settings(request.node)
    place = {name: settings[name] for name in ("region", "account_id") if name in settings}
    return seeded(_seed(request.node), **place)


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


def _server(config: pytest.Config) -> Server:
    """The server of this process, started on first use."""
    if _SERVER not in config.stash:
        from pytest_ses.endpoint.server import Server

        config.stash[_SERVER] = server = Server(_option(config, "ses_endpoint_host"))
        server.start()
        config.add_cleanup(server.stop)
    return config.stash[_SERVER]


def _smtp_server(config: pytest.Config) -> SMTPServer:
    """The SMTP server of this process, started on first use."""
    if _SMTP_SERVER not in config.stash:
        from pytest_ses.endpoint.smtp import SMTPServer

        config.stash[_SMTP_SERVER] = server = SMTPServer(_option(config, "ses_endpoint_host"))
        server.start()
        config.add_cleanup(server.stop)
    return config.stash[_SMTP_SERVER]


def _client(service: Any, backend: SESBackend) -> Any:
    from pytest_ses.transports import boto

    return boto.client(service, region=backend.region)


def _option(config: pytest.Config, name: str) -> Any:
    from_command_line = config.getoption(name)
    if from_command_line is not None:
        return from_command_line
    try:
        return config.getini(name)
    except (ValueError, pytest.UsageError) as error:  # pytest 9 raises the latter
        msg = f"{name}: {error}"
        raise pytest.UsageError(msg) from None


def _project_settings(config: pytest.Config) -> dict[str, Any]:
    """The settings of accounts in the project's options, without those that are not set."""
    settings = {name: _option(config, f"ses_{name}") for name in _ACCOUNT_OPTIONS}
    return {name: value for name, value in settings.items() if value}


def _settings(item: pytest.Item) -> Mapping[str, Any]:
    """The settings of the test's account: those of its markers override those of the project."""
    region = os.environ.get("AWS_DEFAULT_REGION")
    of_project = item.config.stash[_SETTINGS]
    settings = {**({"region": region} if region else {}), **of_project}
    for marker in reversed(list(item.iter_markers("ses"))):
        settings.update(marker.kwargs)
    return settings


def _check_settings(settings: Mapping[str, Any]) -> None:
    from pytest_ses.settings import Settings

    Settings(**settings)


def _check_hosts(hosts: Sequence[str]) -> None:
    from pytest_ses.endpoint.security import split_hosts

    try:
        split_hosts(hosts)
    except ValueError as error:
        msg = f"ses_endpoint_host: {error}"
        raise pytest.UsageError(msg) from None


def _seed(item: pytest.Item) -> str:
    """The seed of a test."""
    return f"{_option(item.config, 'ses_seed')}/{item.nodeid}"


def _is_random(item: pytest.Item) -> bool:
    return _uses_faker(item) or any(
        "probability" in marker.kwargs for marker in item.iter_markers()
    )


def _uses_faker(item: pytest.Item) -> bool:
    return "ses_faker" in getattr(item, "fixturenames", ())


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
        # Reported by `pytest_runtest_setup`, if the test is run.
        return []


def _problem(item: pytest.Item, marker: pytest.Mark) -> str | None:
    """Return what is wrong with a marker of a test, or None."""
    if marker.name not in MARKERS:
        is_ours = "ses" in marker.name.lower() and not _is_registered(item.config, marker.name)
        return _misspelling(marker.name) if is_ours else None
    try:
        _check_arguments(marker)
    except (TypeError, ValueError) as error:
        return f": {error}"
    # A marker on a class or module may be for other tests.
    if marker in item.own_markers and not _uses_backend(item):
        return (
            " has no effect because the test does not use the fixture ses_backend; request it as an "
            'argument or add @pytest.mark.usefixtures("ses_backend")'
        )
    return None


def _check_arguments(marker: pytest.Mark) -> None:
    if marker.name == "ses":
        from pytest_ses import markers

        markers.check_account(marker.args, marker.kwargs)
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


def _seed_line(config: pytest.Config) -> str:
    return (
        f"ses: random failures and values are seeded with --ses-seed={_option(config, 'ses_seed')}"
    )


def _annotated(item: pytest.Item, call: pytest.CallInfo[None]) -> list[str]:
    """Add hints to the exception of a failed test, and return them."""
    # Without botocore, the test has not used SES; importing the hints would take time for nothing.
    if call.excinfo is None or "botocore" not in sys.modules:
        return []
    from pytest_ses import notes

    backend = item.stash.get(_BACKEND, None) or next(reversed(_active_backends()), None)
    is_autouse = _option(item.config, "ses_autouse")
    return notes.annotate(call.excinfo.value, backend, is_autouse=is_autouse)


def _active_backends() -> Sequence[SESBackend]:
    """The active backends; none if nothing has imported the package."""
    module = sys.modules.get("pytest_ses.backend")
    return module.active if module else ()


def _report_unmet(item: pytest.Item, backend: SESBackend, *, is_complete: bool) -> None:
    """Fail the test or warn about rendering failures, errors of webhooks and unused failures.

    If the tests that use the backend did not all pass (`is_complete`), there are only warnings,
    because a test should not fail twice.
    """
    from pytest_ses import reports
    from pytest_ses.warnings import (
        RenderingFailureWarning,
        UnusedFaultWarning,
        WebhookErrorWarning,
    )

    unused = None
    if is_complete:
        unused = reports.unused_faults(backend, case=_case_plans(item).get("ses_each_error"))
    failures = []
    for option, text, warning in (
        ("ses_rendering_failures", reports.rendering_failures(backend), RenderingFailureWarning),
        ("ses_webhook_errors", reports.webhook_errors(backend), WebhookErrorWarning),
        ("ses_unused_faults", unused, UnusedFaultWarning),
    ):
        action = _option(item.config, option)
        if text and action == "error" and is_complete:
            failures.append(text)
        elif text and action != "ignore":
            item.warn(warning(text))
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)
