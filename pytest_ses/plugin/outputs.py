"""Files that a run writes at its end, checked when it starts.

PYTEST_DONT_REWRITE: see `pytest_ses.plugin`.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from pytest_ses.plugin import options


def path_of(config: pytest.Config, option: str) -> Path:
    """Return the path in an option as an absolute one.

    It is relative to the folder in which pytest was started, as that of `--junitxml`.
    """
    name = os.path.expandvars(options.value_of(config, option))
    return config.invocation_params.dir / Path(name).expanduser()


def check_writable(option: str, path: Path) -> None:
    """Create the folder of a file.

    Raises:
        pytest.UsageError: if the file cannot be written.
    """
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
