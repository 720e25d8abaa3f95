"""Files that a run writes at its end, checked when it starts.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_ses.plugin import options

OUTPUTS = ("ses_report", "ses_json")


def path_of(config: pytest.Config, option: str) -> Path:
    """Return the path in an option as an absolute one.

    It is relative to the folder in which pytest was started, as that of `--junitxml`.
    """
    name = os.path.expandvars(options.value_of(config, option))
    return config.invocation_params.dir / Path(name).expanduser()


def check_writable(config: pytest.Config, option: str) -> None:
    """Create the folder of a file.

    Raises:
        pytest.UsageError: if the file cannot be written, or is that of another option.
    """
    path = path_of(config, option)
    _check_different(config, option, path)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_new = not path.exists()
        with path.open("ab"):
            pass
        if is_new:
            path.unlink()
    except OSError as error:
        msg = f"{option}: cannot write {path}: {error.strerror}; use the path of a file that can be written"
        raise pytest.UsageError(msg) from None


def _check_different(config: pytest.Config, option: str, path: Path) -> None:
    for other in OUTPUTS:
        is_used = other != option and options.value_of(config, other)
        if is_used and path_of(config, other).resolve() == path.resolve():
            msg = f"{option} and {other} have the same path, {path}; give each its own file"
            raise pytest.UsageError(msg)
