"""The options of the project.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import pytest

ALL = "all"
"""The value of an option that selects every kind."""


class Option(NamedTuple):
    """A setting of the project: an ini option and its command-line flag.

    `item` names the value in pytest's help: one item of an option that can be repeated. `const` is
    the value of a flag that is given without one. `enables` is the option that the flag switches on; in
    the ini file, the value only applies once that is on. `example` shows the flag with a value, if it
    must not be empty.
    """

    name: str
    kind: Any
    default: Any
    help: str
    choices: tuple[str, ...] = ()
    item: str = ""
    const: str = ""
    enables: str = ""
    example: str = ""

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
        "ses_report",
        "string",
        "",
        "write the messages of the run, and what happened to them, to this HTML file",
        item="PATH",
    ),
    Option(
        "ses_show",
        "string",
        "3",
        "how many of its last messages a failed test shows with their text: a number, all or none "
        "(default: 3)",
        item="N",
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
    Option(
        "ses_error_coverage",
        "bool",
        False,
        "report which failures of the operations in use some test has met, and which none has",
    ),
    Option(
        "ses_error_coverage_fail_under",
        "string",
        "",
        "fail the run if the error coverage is below this percentage",
        item="N",
    ),
    Option(
        "ses_chaos",
        "string",
        "",
        "make each request of each test fail with this probability, in one of these ways (default: in "
        "any way)",
        item="RATE[:KIND,…]",
        example="--ses-chaos=0.05",
    ),
    Option(
        "ses_sweep",
        "string",
        "",
        "run each test that passes again, once per call to SES and kind of failure of this call "
        "(default: every kind)",
        item="KIND,…",
        const=ALL,
        example="--ses-sweep for every kind, or --ses-sweep=throttle",
    ),
    Option(
        "ses_sweep_limit",
        "string",
        "",
        "the maximum number of times that the sweep runs a test (default: no maximum); on the command "
        "line, it implies --ses-sweep",
        item="N",
        enables="ses_sweep",
        example="--ses-sweep-limit=50",
    ),
    Option(
        "ses_sweep_strict",
        "bool",
        False,
        "fail the run if a test does not survive a failure of the sweep, or sends a message twice; on "
        "the command line, it implies --ses-sweep",
        enables="ses_sweep",
    ),
    Option(
        "ses_json",
        "string",
        "",
        "write the error coverage and the results of the sweep and of chaos to this JSON file",
        item="PATH",
    ),
    Option("ses_real_sleep", "bool", False, "make botocore really wait between attempts"),
    Option(
        "ses_seed",
        "string",
        "",
        "seed for failures with probability= and for ses_faker (default: a new seed in each run)",
    ),
)


def with_constants(args: list[str]) -> list[str]:
    """Return command-line arguments in which each flag that may have a value has one.

    Otherwise a path that follows the flag would be its value.
    """
    constants = {option.flag(): option.const for option in OPTIONS if option.const}
    return [f"{arg}={constants[arg]}" if arg in constants else arg for arg in args]


def register(parser: pytest.Parser) -> None:
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
            kwargs["metavar"] = option.item or option.name.removeprefix("ses_").upper()
        if option.const:
            kwargs.update(nargs="?", const=option.const)
        group.addoption(option.flag(), **kwargs)


def check_command_line(config: pytest.Config) -> None:
    """Reject flags with an empty value, and switch on the options that other flags are for."""
    for option in OPTIONS:
        value = config.getoption(option.name)
        if value == "" and option.example:
            msg = f"{option.flag()}= has no value; use for example {option.example}"
            raise pytest.UsageError(msg)
        if option.enables and value is not None and not value_of(config, option.enables):
            # xdist passes the options of the controller on to its workers.
            setattr(config.option, option.enables, ALL)


def value_of(config: pytest.Config, name: str) -> Any:
    """Return the value of an option: from the command line or else from the ini file."""
    from_command_line = config.getoption(name)
    if from_command_line is not None:
        return from_command_line
    try:
        return config.getini(name)
    except (ValueError, pytest.UsageError) as error:  # pytest 9 raises the latter
        msg = f"{name}: {error}"
        raise pytest.UsageError(msg) from None


def shown_messages(config: pytest.Config) -> int | None:
    """Return how many messages a failed test shows with their text; None for all."""
    value = value_of(config, "ses_show")
    words = {"all": None, "none": 0}
    if value in words:
        return words[value]
    if not (value.isascii() and value.isdigit()):
        msg = f"ses_show={value!r} is invalid; expected a number of messages, 'all' or 'none'"
        raise pytest.UsageError(msg)
    return int(value)
