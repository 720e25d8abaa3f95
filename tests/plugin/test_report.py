"""The report `--ses-report`: which tests it contains, and when and where it is written."""

from __future__ import annotations

import json
import os
import re
from html import unescape
from pathlib import Path

import pytest
from projects import outcome

HEAD = """
import mailer, os, pytest
from pytest_ses import SESBackend

pytestmark = pytest.mark.ses(verified=["example.com"])

"""


def run_of(path):
    """The data of a report."""
    text = Path(path).read_text(encoding="utf-8")
    return json.loads(re.search(r'<script type="application/json"[^>]*>(.*?)</script>', text)[1])


def entries_of(path):
    """The entries of the tests in a report, by the name of the test."""
    return {entry["nodeid"].partition("::")[2]: entry for entry in run_of(path)["tests"]}


def subjects(entry):
    return [message["subject"] for message in entry["messages"]]


def report(project, test, *args, **expected):
    """Run a test file with a report, assert its outcomes, and return the entries."""
    outcome(project, HEAD + test, "--ses-report=report.html", *args, **expected)
    return entries_of(project.path / "report.html")


def stopped(project, test, *args):
    """The entries of a run that does not end normally."""
    project.makepyfile(test_it=HEAD + test)
    project.runpytest_subprocess("--ses-report=report.html", *args)
    return entries_of(project.path / "report.html")


class TestEntries:
    def test_messages_and_calls(self, project):
        """An entry has the messages, the calls and the planned failures of a test."""
        entries = report(
            project,
            """
@pytest.mark.ses_throttle(times=1)
def test_it(ses_backend):
    mailer.send(subject="Hello")
    ses_backend.bounce(ses_backend.outbox.last)
""",
            passed=1,
        )
        entry = entries["test_it"]
        assert ["Hello"] == subjects(entry)
        events = [event["type"] for event in entry["messages"][0]["events"]]
        assert ["Send", "Delivery", "Bounce"] == events
        errors = [call["error"] and call["error"]["code"] for call in entry["calls"]]
        assert ["TooManyRequestsException", None] == errors
        assert [("throttle(times=1)", 1)] == [
            (failure["planned"], failure["happened"]) for failure in entry["failures"]
        ]

    @pytest.mark.slow
    def test_outcomes(self, project):
        """A test has the worst outcome of its phases, with the text of the failure."""
        entries = report(
            project,
            """
@pytest.fixture
def broken(ses_backend): raise ZeroDivisionError

@pytest.fixture
def broken_later(ses_backend):
    yield
    raise ZeroDivisionError

def test_passed(ses_backend): pass
def test_failed(ses_backend): assert 1 == 2
def test_failed_twice(broken_later): assert 1 == 2
def test_setup(broken): pass
def test_teardown(broken_later): pass
@pytest.mark.ses_throttle
def test_unmet(ses_backend): pass
def test_skipped(ses_backend): pytest.skip("no")
@pytest.mark.xfail
def test_xfailed(ses_backend): assert 1 == 2
@pytest.mark.xfail
def test_xpassed(ses_backend): pass
""",
            passed=3,
            failed=2,
            errors=4,
            skipped=1,
            xfailed=1,
            xpassed=1,
        )
        errors = {
            "failed": r"assert 1 == 2",
            "failed_twice": r"(?s)assert 1 == 2.*ZeroDivisionError",
            "setup": "ZeroDivisionError",
            "teardown": "ZeroDivisionError",
            "unmet": "These planned failures did not happen",
        }
        assert {
            "passed": "passed",
            "failed": "failed",
            "failed_twice": "failed",
            "setup": "error",
            "teardown": "error",
            "unmet": "error",
            "skipped": "skipped",
            "xfailed": "xfailed",
            "xpassed": "xpassed",
        } == {name.removeprefix("test_"): entry["outcome"] for name, entry in entries.items()}
        for name, entry in entries.items():
            error = errors.get(name.removeprefix("test_"))
            assert entry["error"] is None if error is None else re.search(error, entry["error"])

    def test_duration(self, project):
        """The duration of a test is that of all its phases."""
        test = (
            "import time\n@pytest.fixture\ndef slow(ses_backend): time.sleep(0.02)\n"
            "def test_it(slow): pass\n"
        )
        assert 0.02 <= report(project, test, passed=1)["test_it"]["duration"] < 30

    def test_tests_without_a_backend(self, project):
        """Tests that have nothing to do with SES are left out, but not those that failed too early."""
        entries = report(
            project,
            """
@pytest.fixture
def broken(): raise ZeroDivisionError

def test_other(): assert False
def test_too_early(broken, ses_backend): pass
""",
            failed=1,
            errors=1,
        )
        assert {"test_too_early": "error"} == {
            name: entry["outcome"] for name, entry in entries.items()
        }

    def test_wider_scope(self, project):
        """Of a backend of a wider scope, an entry has what happened during the test."""
        entries = report(
            project,
            """
@pytest.fixture(scope="module")
def shared():
    with SESBackend(verified=["example.com"]) as backend:
        mailer.send(subject="set-up")
        yield backend
        mailer.send(subject="teardown")

def test_first(shared): mailer.send(subject="first")
def test_both(shared, ses_backend):
    mailer.send(subject="own")
    shared._call("ses", "GetSendQuota")
def test_last(shared): assert 2 == len(shared.outbox)
""",
            passed=3,
        )
        assert {
            "test_first": ["set-up", "first"],
            "test_both": ["own"],
            "test_last": ["teardown"],
        } == {name: subjects(entry) for name, entry in entries.items()}
        operations = [call["operation"] for call in entries["test_both"]["calls"]]
        assert ["GetSendQuota", "SendEmail"] == operations

    def test_backend_of_a_test_body(self, project):
        """Backends that a test creates itself are in its entry."""
        entries = report(
            project,
            """
def test_it():
    for subject in ("first", "second"):
        with SESBackend(verified=["example.com"]):
            mailer.send(subject=subject)
""",
            passed=1,
        )
        assert ["first", "second"] == subjects(entries["test_it"])

    def test_what_the_test_deletes(self, project):
        """Messages from before a reset are kept with their events, and so are removed ones."""
        entries = report(
            project,
            """
def test_it(ses_backend):
    mailer.send(subject="first")
    ses_backend.bounce(ses_backend.outbox.last)
    ses_backend.reset()
    mailer.send(subject="second")
    ses_backend.clear_outbox()
    mailer.send(subject="third")
    ses_backend.reset()
    SESBackend().reset()
""",
            passed=1,
        )
        entry = entries["test_it"]
        assert ["first", "second", "third"] == subjects(entry)
        assert "Bounce" == entry["messages"][0]["events"][-1]["type"]
        assert 3 == len(entry["calls"])
        assert {"messages": 0, "attachments": 0} == entry["omitted"]

    def test_ended_before_its_setup(self, project):
        """A test that another plugin ends before its set-up is left out."""
        project.makeconftest(
            """
import pytest

class Early:
    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item):
        if item.name == "test_early":
            pytest.skip("no")

def pytest_sessionstart(session):
    session.config.pluginmanager.register(Early())
"""
        )
        test = "def test_it(ses_backend): pass\ndef test_early(ses_backend): pass\n"
        assert ["test_it"] == list(report(project, test, passed=1, skipped=1))

    def test_parameters(self, project):
        """Each test of a parametrized function has an entry, whatever its node ID contains."""
        entries = report(
            project,
            "@pytest.mark.parametrize('text', ['</script>', '#?&%', 'ü'])\n"
            "def test_it(ses_backend, text): mailer.send(subject=text)\n",
            passed=3,
        )
        assert ["</script>", "#?&%", "ü"] == [subjects(entry)[0] for entry in entries.values()]

    def test_many_tests(self, project):
        """The entries of many tests are in the order in which the tests ran."""
        test = (
            "@pytest.mark.parametrize('number', range(60))\n"
            "def test_it(ses_backend, number): mailer.send(subject=str(number))\n"
        )
        entries = report(project, test, passed=60)
        assert [[str(number)] for number in range(60)] == [*map(subjects, entries.values())]

    def test_about_the_run(self, project):
        """The page has a title and the seed, and the results of chaos and other checks."""
        args = ("--ses-seed=12", "--ses-error-coverage")
        report(project, "def test_it(ses_backend): mailer.send()\n", *args, passed=1)
        run = run_of(project.path / "report.html")
        assert f"SES mailbox of {project.path.name}" == run["title"]
        assert ("12", False) == (run["seed"], run["live"])
        assert ["sesv2:SendEmail"] == list(run["resilience"]["error_coverage"]["operations"])

    def test_no_results(self, project):
        """Without such an option, the page has no results."""
        report(project, "def test_it(ses_backend): pass\n", passed=1)
        assert run_of(project.path / "report.html")["resilience"] is None


class TestFile:
    TEST = "def test_it(ses_backend): pass\n"

    def test_without_the_option(self, project):
        """A run without the option imports nothing of the report."""
        test = (
            "import sys\n"
            "def test_it(ses_backend):\n"
            "    assert not [name for name in sys.modules if 'mailbox' in name]\n"
            "    assert 'pytest_ses.plugin.report' not in sys.modules\n"
        )
        project.makepyfile(test_it=test)
        project.runpytest_subprocess().assert_outcomes(passed=1)

    def test_folder_is_created(self, project):
        """Missing folders are created, and the terminal shows the path."""
        result = outcome(project, self.TEST, "--ses-report=build/a/report.html", passed=1)
        path = project.path / "build/a/report.html"
        result.stdout.fnmatch_lines([f"*- SES mailbox of 1 test: {path} -*"])
        assert ["test_it"] == list(entries_of(path))

    def test_folder_is_not_unicode(self, project):
        """The folder of the project, which the title names, can have a name that is not Unicode."""
        folder = project.path / "shop\udcff"
        try:
            folder.mkdir()
        except OSError:
            pytest.skip("such a name is not allowed here")
        (folder / "test_it.py").write_text(self.TEST)
        # Pytester cannot read output that contains such a name.
        args = (f"--rootdir={folder}", "--ses-report=report.html", "-p", "no:terminal")
        assert 0 == project.runpytest_subprocess(folder, *args).ret
        run = run_of(project.path / "report.html")
        assert ("SES mailbox of shop\udcff", 1) == (run["title"], len(run["tests"]))

    def test_relative_to_the_invocation(self, project, monkeypatch):
        """The path is relative to the folder in which pytest is started, not to the root folder."""
        project.makeini("[pytest]\nses_report = report.html\n")
        project.makepyfile(test_it=self.TEST)
        folder = project.mkdir("folder")
        monkeypatch.chdir(folder)
        project.runpytest("..").assert_outcomes(passed=1)
        assert ["report.html"] == [path.name for path in folder.iterdir()]

    def test_variables(self, project, monkeypatch):
        """The home folder and environment variables are replaced, as in the path of --junitxml."""
        for name in ("HOME", "USERPROFILE"):
            monkeypatch.setenv(name, str(project.path))
        monkeypatch.setenv("REPORT", "report")
        outcome(project, self.TEST, "--ses-report=~/$REPORT.html", passed=1)
        assert (project.path / "report.html").exists()

    @pytest.mark.parametrize("args", [(), ("-n2", "-p", "xdist")])
    @pytest.mark.parametrize(
        ("name", "reason"), [("folder", "Is a directory"), ("file/report.html", "*")]
    )
    def test_not_writable(self, project, name, reason, args):
        """A path that cannot be written ends the run before any test, with the path in the message."""
        project.mkdir("folder")
        (project.path / "file").touch()
        project.makepyfile(test_it=self.TEST)
        run = project.runpytest_subprocess if args else project.runpytest
        result = run(f"--ses-report={name}", *args)
        assert pytest.ExitCode.USAGE_ERROR == result.ret
        path = project.path / name
        result.stderr.fnmatch_lines([f"*ses_report: cannot write {path}: {reason}*"])
        result.stdout.no_fnmatch_line("*test session starts*")

    def test_old_report(self, project):
        """A report of an earlier run is replaced, and kept until then."""
        path = project.path / "report.html"
        path.write_text("old")
        test = "def test_it(ses_backend):\n    assert 'old' == open('report.html').read()\n"
        assert ["test_it"] == list(report(project, test, passed=1))

    @pytest.mark.parametrize("args", [("--collect-only",), ("--fixtures",), ("--help",)])
    def test_nothing_is_run(self, project, args):
        """Nothing is written if pytest runs no tests."""
        project.makepyfile(test_it=self.TEST)
        assert 0 == project.runpytest("--ses-report=report.html", *args).ret
        assert not (project.path / "report.html").exists()

    def test_cannot_be_written_at_the_end(self, project):
        """An error at the end of the run is reported and does not hide the results of the tests."""
        test = (
            "import os\ndef test_it(ses_backend):\n    os.rmdir('build')\n    open('build', 'w')\n"
        )
        project.makepyfile(test_it=test)
        result = project.runpytest("--ses-report=build/report.html", "-Wdefault")
        result.assert_outcomes(passed=1)
        path = project.path / "build/report.html"
        result.stdout.fnmatch_lines([f"*SES mailbox: cannot write {path}: *"])

    def test_without_the_terminal(self, project):
        """The report is written without the plugin for the terminal, too."""
        project.makepyfile(test_it=self.TEST)
        result = project.runpytest_subprocess("--ses-report=report.html", "-p", "no:terminal")
        assert 0 == result.ret
        assert ["test_it"] == list(entries_of(project.path / "report.html"))


@pytest.mark.slow
class TestInterruptedRuns:
    def test_stop_at_the_first_failure(self, project):
        """With -x, the report has the tests that ran."""
        entries = report(
            project,
            "def test_a(ses_backend): mailer.send()\n"
            "def test_b(ses_backend): assert 0\n"
            "def test_c(ses_backend): pass\n",
            "-x",
            passed=1,
            failed=1,
        )
        assert {"test_a": "passed", "test_b": "failed"} == {
            name: entry["outcome"] for name, entry in entries.items()
        }

    def test_during_a_test(self, project):
        """After Ctrl-C during a test, the report has this test as well, as an error."""
        entries = stopped(
            project,
            """
def test_a(ses_backend): mailer.send(subject="complete")
def test_b(ses_backend):
    mailer.send(subject="interrupted")
    raise KeyboardInterrupt
def test_c(ses_backend): pass
""",
        )
        assert {"test_a": ["complete"], "test_b": ["interrupted"]} == {
            name: subjects(entry) for name, entry in entries.items()
        }
        assert ("error", "The run was interrupted.") == (
            entries["test_b"]["outcome"],
            entries["test_b"]["error"],
        )

    def test_during_another_test(self, project):
        """A test that has nothing to do with SES is left out if it is interrupted."""
        entries = stopped(
            project,
            "def test_a(ses_backend): pass\ndef test_b(): raise KeyboardInterrupt\n",
        )
        assert ["test_a"] == list(entries)

    def test_during_a_second_run_of_a_test(self, project):
        """A test that a plugin runs again after its report keeps its entry."""
        project.makeconftest(
            """
import pytest
from _pytest.runner import runtestprotocol

@pytest.hookimpl(hookwrapper=True)
def pytest_runtestloop(session):
    yield
    runtestprotocol(session.items[0], log=False)
"""
        )
        test = (
            "runs = []\ndef test_it(ses_backend):\n    runs.append(1)\n"
            "    if runs[1:]: raise KeyboardInterrupt\n"
        )
        entries = stopped(project, test)
        assert {"test_it": "passed"} == {name: entry["outcome"] for name, entry in entries.items()}

    def test_exit(self, project):
        """After pytest.exit() and --maxfail under xdist, the report is written, too."""
        test = "def test_a(ses_backend): assert 0\ndef test_b(ses_backend): pytest.exit('no')\n"
        assert {"test_a": "failed", "test_b": "error"} == {
            name: entry["outcome"] for name, entry in stopped(project, test).items()
        }
        test = "@pytest.mark.parametrize('n', range(9))\ndef test_a(ses_backend, n): assert 0\n"
        entries = stopped(project, test, "-n2", "-p", "xdist", "-x")
        assert {"failed"} == {entry["outcome"] for entry in entries.values()}


@pytest.mark.slow
class TestOtherPlugins:
    def test_xdist(self, project):
        """Under pytest-xdist, one report has the tests of all workers."""
        test = """
@pytest.mark.parametrize("number", range(6))
def test_it(ses_backend, number):
    mailer.send(subject=f"{number} of {os.environ['PYTEST_XDIST_WORKER']} \\udcff")
"""
        entries = stopped(project, test, "-n2", "-p", "xdist", "--dist=loadscope")
        assert [*"012345"] == sorted(subjects(entry)[0][0] for entry in entries.values())
        assert ["report.html"] == [path.name for path in project.path.glob("*.html")]

    def test_xdist_runs_each_test_on_each_worker(self, project):
        """If each worker runs all tests, the report has those of each."""
        project.makepyfile(test_it=HEAD + "def test_it(ses_backend): mailer.send()\n")
        args = ("-p", "xdist", "--dist=each", "--tx=2*popen")
        project.runpytest_subprocess("--ses-report=report.html", *args).assert_outcomes(passed=2)
        assert 2 == len(run_of(project.path / "report.html")["tests"])

    def test_crashed_worker(self, project):
        """A test during which a worker crashed has failed; the others are not lost."""
        test = "def test_a(ses_backend): mailer.send()\ndef test_b(ses_backend): os._exit(1)\n"
        entries = stopped(project, test, "-n1", "-p", "xdist")
        assert {"test_a": "passed", "test_b": "failed"} == {
            name: entry["outcome"] for name, entry in entries.items()
        }
        assert "crashed" in entries["test_b"]["error"]

    def test_rerunfailures(self, project):
        """If pytest-rerunfailures repeats a test, its entry is that of the last run."""
        pytest.importorskip("pytest_rerunfailures")
        test = (
            "runs = []\ndef test_it(ses_backend):\n    runs.append(1)\n"
            "    mailer.send(subject=f'Run {len(runs)}')\n    assert runs[1:]\n"
        )
        entries = stopped(project, test, "-p", "rerunfailures", "--reruns=2")
        assert [("passed", ["Run 2"])] == [
            (entry["outcome"], subjects(entry)) for entry in entries.values()
        ]

    @pytest.mark.parametrize("args", [(), ("-n2", "-p", "xdist")])
    def test_html(self, project, args):
        """In the report of pytest-html, each test that uses SES has a link to its messages."""
        test = (
            "@pytest.mark.parametrize('text', ['a b'])\ndef test_it(ses_backend, text): pass\n"
            "def test_other(): pass\n"
            "@pytest.fixture\ndef broken(): raise ZeroDivisionError\n"
            "def test_broken(broken, ses_backend): pass\n"
        )
        project.makepyfile(test_it=HEAD + test)
        plugins = ("-p", "metadata", "-p", "html", *args)
        result = project.runpytest_subprocess(
            "--ses-report=build/mail/report.html", "--html=build/html/index.html", *plugins
        )
        result.assert_outcomes(passed=2, errors=1)
        page = (project.path / "build/html/index.html").read_text(encoding="utf-8")
        data = json.loads(unescape(re.search(r'data-jsonblob="([^"]*)"', page)[1]))
        links = {
            name.partition("::")[2]: [link["content"] for link in rows[0]["extras"]]
            for name, rows in data["tests"].items()
        }
        url = "../mail/report.html#test_it.py%3A%3A"
        assert {
            "test_it[a b]": [f"{url}test_it%5Ba%20b%5D"],
            "test_other": [],
            "test_broken": [f"{url}test_broken"],
        } == links

    def test_html_on_another_drive(self, project, monkeypatch):
        """A report of pytest-html on another drive of Windows has a link with an absolute path."""

        def relpath(path, start):
            raise ValueError

        monkeypatch.setattr(os.path, "relpath", relpath)
        project.makepyfile(test_it=HEAD + "def test_it(ses_backend): pass\n")
        project.runpytest(
            "--ses-report=report.html", "--html=index.html", "-p", "metadata", "-p", "html"
        ).assert_outcomes(passed=1)
        page = (project.path / "index.html").read_text(encoding="utf-8")
        assert (project.path / "report.html").as_uri() in page

    def test_allure(self, project):
        """In the report of Allure, a test has its messages as attachments, as text and as files."""
        test = """
def test_it(ses_backend):
    mailer.send(subject="before")
    ses_backend.reset()
    mailer.send(subject="after")
def test_nothing(ses_backend): pass
"""
        project.makepyfile(test_it=HEAD + test)
        args = ("--ses-report=report.html", "--alluredir=allure", "-p", "allure_pytest")
        project.runpytest_subprocess(*args).assert_outcomes(passed=2)
        folder = project.path / "allure"
        results = [json.loads(path.read_text()) for path in folder.glob("*-result.json")]
        attached = {result["name"]: result.get("attachments", []) for result in results}
        assert [] == attached["test_nothing"]
        assert ["text/plain", "message/rfc822", "message/rfc822"] == [
            attachment["type"] for attachment in attached["test_it"]
        ]
        text, _, message = [(folder / file["source"]).read_text() for file in attached["test_it"]]
        assert re.search(r'(?s)"before"\n    Hi\n.*"after"\n    Hi\n', text)
        assert "Subject: after" in message

    def test_sweep(self, project):
        """A test of a sweep has the entry of its ordinary run, and its message is attached once."""
        test = """
def test_it(ses_backend): mailer.send(subject="Hello")
"""
        project.makepyfile(test_it=HEAD + test)
        args = ("--ses-sweep", "--alluredir=allure", "-p", "allure_pytest")
        project.runpytest_subprocess("--ses-report=report.html", *args).assert_outcomes(passed=1)
        entry = entries_of(project.path / "report.html")["test_it"]
        assert ("passed", ["Hello"]) == (entry["outcome"], subjects(entry))
        attached = (project.path / "allure").glob("*-attachment.*")
        assert [".eml", ".txt"] == sorted(path.suffix for path in attached)
