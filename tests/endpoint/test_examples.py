"""The examples of the manual in JavaScript and for the shell."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

HOWTO = Path(__file__).parents[2] / "docs/howto"
NAMED = re.compile(r"^```(?:js|sh)\n((?://|#) ([\w.-]+)\n.*?)^```", re.MULTILINE | re.DOTALL)

needs_node = pytest.mark.skipif(shutil.which("node") is None, reason="Node is not installed")
needs_curl = pytest.mark.skipif(
    None in (shutil.which("curl"), shutil.which("sh")), reason="curl or sh is not installed"
)


@pytest.fixture(name="files")
def _files(tmp_path):
    """A folder with the named examples of both pages."""
    names = set()
    for page in ("other-languages.md", "local-development.md"):
        for text, name in NAMED.findall((HOWTO / page).read_text(encoding="utf-8")):
            (tmp_path / name).write_text(text, encoding="utf-8")
            names.add(name)
    assert {"welcome.mjs", "welcome.test.mjs", "control.sh", "first-message.sh"} == names
    return tmp_path


def run(files, server, *command):
    """Run an example with the address of the server."""
    environment = {**os.environ, "SES_URL": f"http://127.0.0.1:{server.port}"}
    return subprocess.run(
        command, cwd=files, env=environment, check=False, capture_output=True, text=True, timeout=60
    )


@needs_node
def test_node(files, server, backend):
    """The tests in JavaScript pass."""
    result = run(files, server, "node", "--test")
    assert 0 == result.returncode, result.stdout
    assert "# pass 3" in result.stdout


@needs_curl
@pytest.mark.parametrize("script", ["control.sh", "first-message.sh"])
def test_shell(files, server, backend, script):
    """The commands succeed."""
    result = run(files, server, "sh", "-eu", script)
    assert 0 == result.returncode, result.stderr
    assert "messages" in result.stdout
