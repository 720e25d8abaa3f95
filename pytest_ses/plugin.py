"""What does pytest see? Fixtures, the marker, options and reports; nothing else imports pytest.

This module is loaded in every run of every project that has pytest-ses installed, so it imports
nothing that such a run does not need: the rest of the package where an option or a marker is used,
boto3 where a test takes a fixture.
"""

from __future__ import annotations

import inspect
import os
from typing import TYPE_CHECKING, Any, NamedTuple

import pytest

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator, Mapping, Sequence

    from pytest_ses.backend import SESBackend
    from pytest_ses.calls import Call
    from pytest_ses.domain.messages import Message

MARKERS = {
    "ses": "ses(*, region, account_id, verified, sandbox, daily_quota, send_rate, sending_enabled): "
    "the SES account that the test starts with. Markers of module, class and function merge; the "
    "closest wins per word. verified: a list of addresses and domains, '*' for every sender; "
    "sandbox=True: recipients have to be verified too; daily_quota (recipients in 24 hours) and "
    "send_rate (recipients a second) are enforced once set; sending_enabled=False: paused.",
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
)

# What a newcomer may do about a refusal, by a part of its text.
_HINTS = {
    "Email address is not verified": (
        '(pytest-ses: make senders known with ses_backend.verify("example.com") or '
        '@pytest.mark.ses(verified=["example.com"]); "*" accepts every sender)'
    ),
}

# Lines that a section of a report shows at the most.
_MOST_LINES = 20

_BACKEND: pytest.StashKey[SESBackend] = pytest.StashKey()


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
    for option in OPTIONS:
        value = _option(config, option.name)
        if option.choices and value not in option.choices:
            from pytest_ses.wording import with_nearest

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
    backend = item.stash.get(_BACKEND, None)
    if backend is not None and report.failed:
        report.sections.extend(_sections(backend))
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
    with SESBackend(**_settings(item)) as backend:
        # Kept until the last report of the test is made.
        item.stash[_BACKEND] = backend
        yield backend
    _speak_of_rendering_failures(item, backend)


@pytest.fixture
def ses_client(ses_backend: SESBackend) -> Any:
    """A boto3 client of API v1 (`ses`) in the region of `ses_backend`."""
    return _client("ses", ses_backend)


@pytest.fixture
def sesv2_client(ses_backend: SESBackend) -> Any:
    """A boto3 client of API v2 (`sesv2`) in the region of `ses_backend`."""
    return _client("sesv2", ses_backend)


def _client(service: Any, backend: SESBackend) -> Any:
    import boto3

    return boto3.client(service, region_name=backend.region)


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


def _check_markers(item: pytest.Item) -> None:
    for marker in item.iter_markers("ses"):
        _check_marker(item, marker)
        # On a class or module it may be meant for others.
        if marker in item.own_markers and "ses_backend" not in getattr(item, "fixturenames", ()):
            msg = (
                f"{item.nodeid}: the marker ses has no effect, since the test does not take the "
                'fixture ses_backend; take it, or add @pytest.mark.usefixtures("ses_backend")'
            )
            raise pytest.UsageError(msg)


def _check_marker(item: pytest.Item, marker: pytest.Mark) -> None:
    from pytest_ses.settings import Settings
    from pytest_ses.wording import with_nearest

    words = list(inspect.signature(Settings).parameters)
    for name in marker.kwargs:
        if name not in words:
            msg = f"{item.nodeid}: the marker ses has no word {name!r}"
            raise pytest.UsageError(with_nearest(msg, name, words))
    if marker.args:
        msg = f"{item.nodeid}: the marker ses takes its words by name, not {marker.args!r}"
        raise pytest.UsageError(msg)
    try:
        _checked(marker.kwargs)
    except (TypeError, ValueError) as error:
        msg = f"{item.nodeid}: the marker ses: {error}"
        raise pytest.UsageError(msg) from None


def _sections(backend: SESBackend) -> Iterator[tuple[str, str]]:
    yield "SES outbox", _latest(backend.outbox) or "nothing was sent"
    refused = [call.error for call in backend.calls if call.error]
    if refused:
        hints = [hint for text, hint in _HINTS.items() if any(text in str(e) for e in refused)]
        yield "SES calls", "\n".join([_latest(backend.calls), *hints])


def _latest(entries: Sequence[Message | Call]) -> str:
    """A line for each of the last entries."""
    hidden = len(entries) - _MOST_LINES
    head = [f"… and {hidden} before these"] if hidden > 0 else []
    return "\n".join([*head, *(entry.summary() for entry in entries[-_MOST_LINES:])])


def _speak_of_rendering_failures(item: pytest.Item, backend: SESBackend) -> None:
    failed = [message for message in backend.outbox if message.rendering_error]
    how = _option(item.config, "ses_rendering_failures")
    if not failed or how == "ignore":
        return
    from pytest_ses.warnings import RenderingFailureWarning
    from pytest_ses.wording import counted

    lines = "\n".join(f"  {message.summary()}" for message in failed[:_MOST_LINES])
    text = (
        f"SES accepted {counted(failed, 'templated mail')} that could not be rendered, and would "
        f"deliver nothing:\n{lines}\n"
        "Give the missing attributes; or set ses_rendering_failures = ignore, or for one test "
        '@pytest.mark.filterwarnings("ignore::pytest_ses.RenderingFailureWarning").'
    )
    if how == "error":
        pytest.fail(text, pytrace=False)
    item.warn(RenderingFailureWarning(text))
