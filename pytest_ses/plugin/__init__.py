"""The pytest plugin: fixtures, markers, options and reports.

Only this package imports pytest. It is loaded in every run of every
project in which pytest-ses is installed, so other imports are deferred: the rest of the package is
imported when an option or a marker is used, and boto3 when a test uses a fixture.

PYTEST_DONT_REWRITE: there are no assertions here, and rewriting them takes time in every run.
"""

from __future__ import annotations

import os
import sys
import warnings
from importlib import import_module
from typing import TYPE_CHECKING, Any, cast

import pytest

from pytest_ses.plugin import backends, marks, options

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

# The options that are also arguments of the marker `ses`.
_ACCOUNT_OPTIONS = (
    "region",
    "account_id",
    "verified",
    "sandbox",
    "auto_verify",
    "configuration_sets",
)
# The plugins that are registered only if one of these options is set, by the name of their module.
_PLUGINS = {
    "report": ("ses_report",),
    "error_coverage": ("ses_error_coverage", "ses_error_coverage_fail_under", "ses_json"),
    "chaos": ("ses_chaos",),
    "sweep": ("ses_sweep",),
    "resilience": ("ses_json",),
}
_OUTCOME: pytest.StashKey[str] = pytest.StashKey()
_SERVER: pytest.StashKey[Server] = pytest.StashKey()
_SMTP_SERVER: pytest.StashKey[SMTPServer] = pytest.StashKey()
_SEED: pytest.StashKey[str] = pytest.StashKey()
_SETTINGS: pytest.StashKey[dict[str, Any]] = pytest.StashKey()
_SHARED: pytest.StashKey[dict[SESBackend, bool]] = pytest.StashKey()
"""The active backends of fixtures of wider scopes, and whether all tests passed since they began."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Register the options."""
    options.register(parser)


def pytest_load_initial_conftests(early_config: pytest.Config, args: list[str]) -> None:
    """Set the region before conftest files and test modules create clients at import time."""
    args[:] = options.with_constants(args)
    region = early_config.known_args_namespace.ses_region or early_config.getini("ses_region")
    if region:
        from pytest_ses.transports import environment

        early_config.add_cleanup(environment.set_default_region(region))


def pytest_configure(config: pytest.Config) -> None:
    """Register the markers and check the values of the options."""
    if options.value_of(config, "ses_autouse"):
        config.pluginmanager.register(Autouse(), "ses-autouse")
    for marker in marks.MARKERS.values():
        config.addinivalue_line("markers", marker)
    options.check_command_line(config)
    config.stash[_SHARED] = {}
    config.stash[_SEED] = options.value_of(config, "ses_seed")
    if not config.stash[_SEED]:
        # xdist passes the options of the controller on to its workers.
        config.option.ses_seed = str(int.from_bytes(os.urandom(4), "big"))
    for option in options.OPTIONS:
        value = options.value_of(config, option.name)
        if option.choices and value not in option.choices:
            from pytest_ses.phrasing import with_nearest

            msg = f"{option.name}={value!r} is invalid"
            raise pytest.UsageError(with_nearest(msg, str(value), option.choices))
    options.shown_messages(config)
    if hosts := options.value_of(config, "ses_endpoint_host"):
        _check_hosts(hosts)
    # The region of the environment is checked only if it is used; it may be for other services.
    settings = config.stash[_SETTINGS] = _project_settings(config)
    try:
        if settings:
            _check_settings(settings)
    except (TypeError, ValueError) as error:
        msg = f"ses_{error}"
        raise pytest.UsageError(msg) from None
    _register_plugins(config)


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
    if not marks.uses_backend(metafunc):
        return
    for name in marks.CASE_MARKERS:
        markers = metafunc.definition.iter_markers(name)
        cases = [case for marker in markers for case in marks.cases(marker)]
        if cases:
            if name not in metafunc.fixturenames:
                metafunc.fixturenames.append(name)
            ids = [case.id for case in cases]
            metafunc.parametrize(name, cases, indirect=True, ids=ids)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Fail the test if one of its markers is wrong."""
    for marker in item.iter_markers():
        problem = marks.problem(item, marker)
        if problem:
            pytest.fail(f"{item.nodeid}: the marker {marker.name}{problem}", pytrace=False)


@pytest.hookimpl(hookwrapper=True)
def pytest_fixture_setup(
    fixturedef: Any, request: pytest.FixtureRequest
) -> Generator[None, None, None]:
    """Remember the backends that a fixture of a wider scope activates."""
    before = () if fixturedef.scope == "function" else tuple(backends.active())
    yield
    if fixturedef.scope != "function":
        new_backends = (backend for backend in backends.active() if backend not in before)
        request.config.stash[_SHARED].update(dict.fromkeys(new_backends, True))


@pytest.hookimpl(trylast=True)
def pytest_runtest_teardown(item: pytest.Item) -> None:
    """Check the planned failures of the backends that have ended with their fixtures."""
    shared = item.config.stash[_SHARED]
    active = backends.active()
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
    # After a failure that the run planned, those of the tests may not happen.
    if not report.passed or backends.is_disturbed():
        shared.update(dict.fromkeys(shared, False))
    backend = backends.innermost(item)
    if backend is not None and report.failed:
        from pytest_ses import reports

        seed, error = _seed_line(item.config), report.longreprtext
        show = options.shown_messages(item.config)
        report.sections.extend(reports.sections(backend, seed=seed, error=error, show=show))
    elif report.failed and (hints := _annotated(item, call)):
        from pytest_ses import reports

        report.sections.append((reports.HINTS, reports.listed(hints)))
    if report.failed and _uses_faker(item):
        report.sections.append(("SES seed", _seed_line(item.config)))
    if backends.OWN in item.stash and report.when == "teardown":
        del item.stash[backends.OWN]


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
    real_sleep = options.value_of(item.config, "ses_real_sleep")
    item.stash[_OUTCOME] = "skipped"
    with SESBackend(**_settings(item), seed=seed, real_sleep=real_sleep) as backend:
        # Kept until the report of the teardown, which is the last report of the test.
        item.stash[backends.OWN] = backend
        for plan in (*marks.failure_plans(item), *marks.recipient_plans(item)):
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
        _server(request.config).session(ses_backend, request.node.nodeid) as endpoint,
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

        config.stash[_SERVER] = server = Server(options.value_of(config, "ses_endpoint_host"))
        server.start()
        config.add_cleanup(server.stop)
    return config.stash[_SERVER]


def _smtp_server(config: pytest.Config) -> SMTPServer:
    """The SMTP server of this process, started on first use."""
    if _SMTP_SERVER not in config.stash:
        from pytest_ses.endpoint.smtp import SMTPServer

        config.stash[_SMTP_SERVER] = server = SMTPServer(
            options.value_of(config, "ses_endpoint_host")
        )
        server.start()
        config.add_cleanup(server.stop)
    return config.stash[_SMTP_SERVER]


def _client(service: Any, backend: SESBackend) -> Any:
    from pytest_ses.transports import boto
    from pytest_ses.transports.recognition import CLIENT_OF_TEST

    return boto.client(service, region=backend.region, headers={CLIENT_OF_TEST: "true"})


def _register_plugins(config: pytest.Config) -> None:
    """Register the plugins of the options that are set."""
    for name, names_of_options in _PLUGINS.items():
        if any(options.value_of(config, option) for option in names_of_options):
            import_module(f"pytest_ses.plugin.{name}").register(config)


def _project_settings(config: pytest.Config) -> dict[str, Any]:
    """The settings of accounts in the project's options, without those that are not set."""
    settings = {name: options.value_of(config, f"ses_{name}") for name in _ACCOUNT_OPTIONS}
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
    return f"{options.value_of(item.config, 'ses_seed')}/{item.nodeid}"


def _is_random(item: pytest.Item) -> bool:
    return _uses_faker(item) or any(
        "probability" in marker.kwargs for marker in item.iter_markers()
    )


def _uses_faker(item: pytest.Item) -> bool:
    return "ses_faker" in getattr(item, "fixturenames", ())


def _seed_line(config: pytest.Config) -> str:
    return f"ses: random failures and values are seeded with --ses-seed={options.value_of(config, 'ses_seed')}"


def _annotated(item: pytest.Item, call: pytest.CallInfo[None]) -> list[str]:
    """Add hints to the exception of a failed test, and return them."""
    # Without botocore, the test has not used SES; importing the hints would take time for nothing.
    if call.excinfo is None or "botocore" not in sys.modules:
        return []
    from pytest_ses import notes

    backend = backends.innermost(item)
    is_autouse = options.value_of(item.config, "ses_autouse")
    return notes.annotate(call.excinfo.value, backend, is_autouse=is_autouse)


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
    if is_complete and not backends.is_disturbed():
        unused = reports.unused_faults(backend, case=marks.case_plans(item).get("ses_each_error"))
    failures = []
    for option, text, warning in (
        ("ses_rendering_failures", reports.rendering_failures(backend), RenderingFailureWarning),
        ("ses_webhook_errors", reports.webhook_errors(backend), WebhookErrorWarning),
        ("ses_unused_faults", unused, UnusedFaultWarning),
    ):
        action = options.value_of(item.config, option)
        if text and action == "error" and is_complete:
            failures.append(text)
        elif text and action != "ignore":
            item.warn(warning(text))
    if failures:
        pytest.fail("\n\n".join(failures), pytrace=False)
