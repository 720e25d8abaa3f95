"""The option --ses-sweep."""

from __future__ import annotations

import json
import re
import textwrap

import pytest
from projects import misuse, outcome, with_and_without_xdist

KINDS = ["throttle", "server_error", "timeout", "disconnect", "response_lost", "outage"]
MARK = "import mailer, pytest\npytestmark = pytest.mark.ses(verified=['example.com'])\n"
NAIVE = MARK + "def test_naive(ses_backend):\n    mailer.send()\n"
LISTED = """
import json
import smtplib

import boto3
import pytest
import mailer

pytestmark = pytest.mark.ses(verified=["example.com"])
READERS = ["ada@example.org", "bob@example.org"]


def send_with_v1(to):
    boto3.client("ses", region_name="us-east-1").send_email(
        Source="news@example.com",
        Destination={"ToAddresses": [to]},
        Message={"Subject": {"Data": "Hi"}, "Body": {"Text": {"Data": "Hi"}}},
    )


def send_bulk(subject):
    template = {"TemplateName": "news", "TemplateData": json.dumps({"subject": subject})}
    boto3.client("sesv2", region_name="us-east-1").send_bulk_email(
        FromEmailAddress="news@example.com",
        DefaultContent={"Template": template},
        BulkEmailEntries=[{"Destination": {"ToAddresses": [to]}} for to in READERS],
    )


def send_bulk_with_v1():
    boto3.client("ses", region_name="us-east-1").send_bulk_templated_email(
        Source="news@example.com",
        Template="news",
        DefaultTemplateData='{"subject": "News"}',
        Destinations=[
            {"Destination": {"ToAddresses": [to]}, "ReplacementTemplateData": "{}"}
            for to in READERS
        ],
    )


@pytest.fixture
def template(ses_client):
    ses_client.create_template(
        Template={"TemplateName": "news", "SubjectPart": "{{subject}}", "TextPart": "Hi"}
    )
"""
TESTS = {
    "v2_twice": """
    def test_v2_twice(ses_backend, sesv2_client):
        sesv2_client.get_account()
        boto3.client("sesv2", region_name="us-east-1").get_account()
        mailer.send("ada@example.org")
        sesv2_client.get_account()
        mailer.send("bob@example.org")
        assert ses_backend.outbox
    """,
    "v1_caught": """
    def test_v1_caught(ses_backend):
        try:
            send_with_v1("ada@example.org")
        except Exception:
            pass
        ses_backend.outbox.one()
    """,
    "by_the_test": """
    def test_by_the_test(ses_backend, sesv2_client):
        for to, client in (("ada@example.org", sesv2_client), ("bob@example.org", None)):
            client = client or boto3.client("sesv2", region_name="us-east-1")
            client.send_email(
                FromEmailAddress="news@example.com",
                Destination={"ToAddresses": [to]},
                Content={"Simple": {"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}}},
            )
    """,
    "smtp": """
    def test_smtp(ses_smtp):
        with smtplib.SMTP(ses_smtp.host, ses_smtp.port, timeout=0.2) as server:
            server.login(ses_smtp.username, ses_smtp.password)
            server.sendmail(
                "news@example.com", ["ada@example.org"],
                "From: news@example.com\\r\\nTo: ada@example.org\\r\\nSubject: Hi\\r\\n\\r\\nHi",
            )
    """,
    "bulk": """
    def test_bulk(ses_backend, template):
        send_bulk("Monday")
        send_bulk("Tuesday")
        assert len(ses_backend.outbox) >= 4
    """,
    "bulk_v1": """
    def test_bulk_v1(ses_backend, template):
        send_bulk_with_v1()
        assert ses_backend.outbox[1].to
    """,
    "own_marker": """
    @pytest.mark.ses_throttle("SendEmail", times=1)
    @pytest.mark.ses_fail("SendEmail", "MessageRejected", times=1)
    def test_own_marker(ses_backend):
        with pytest.raises(Exception, match="SendEmail"):
            mailer.send("ada@example.org")
        mailer.send("bob@example.org")
    """,
    "parametrized": """
    @pytest.mark.parametrize("to", ["ada@example.org"])
    def test_parametrized(ses_backend, to):
        mailer.send(to)
        assert [to] == ses_backend.outbox.one().to
    """,
}
# What a test does, written down where our test can read it.
CONFTEST = """
import collections
import json
import pathlib
import pytest

results = {}

@pytest.fixture(autouse=True)
def sent(request, ses_backend):
    yield
    sent = collections.Counter((*m.recipients, m.subject, m.text) for m in ses_backend.outbox)
    if max(sent.values(), default=0) > 1:
        results.setdefault(request.node.name, ["double_send", None])

@pytest.hookimpl(hookwrapper=True)
def pytest_runtest_makereport(item, call):
    yield
    if call.excinfo:
        is_assertion = call.excinfo.errisinstance((AssertionError, IndexError))
        outcome = "failed" if is_assertion else "escaped"
        results[item.name] = [outcome, call.excinfo.typename]

def pytest_sessionfinish():
    pathlib.Path("results_of_tests.json").write_text(json.dumps(results))
"""


def rows(project):
    """The rows in the JSON file of the last run."""
    return json.loads((project.path / "results.json").read_text())["sweep"]


def sweep(project, test, *args, kinds="", **expected):
    """Run a test with a sweep, and return its result and the rows."""
    option = f"--ses-sweep={kinds}" if kinds else "--ses-sweep"
    result = outcome(project, test, option, "--ses-json=results.json", *args, **expected)
    return result, rows(project)


def by_kind(found):
    """The outcome of each kind, if each kind occurs once."""
    outcomes = {row["kind"]: row["outcome"] for row in found}
    assert len(found) == len(outcomes)
    return outcomes


class TestOutcomes:
    def test_naive_mailer(self, project):
        """The retries of botocore survive single failures, but send twice after a lost response."""
        result, found = sweep(project, NAIVE, passed=1)
        assert {
            **dict.fromkeys(KINDS, "survived"),
            "response_lost": "double_send",
            "outage": "escaped",
        } == by_kind(found)
        assert ["escaped", "double_send"] == [row["outcome"] for row in found[:2]]
        assert found[0] == {
            "test": "test_it.py::test_naive",
            "call": 1,
            "operation": "sesv2:SendEmail",
            "kind": "outage",
            "outcome": "escaped",
            "exception": found[0]["exception"],
            "where": "mailer.py:4",
            "marker": '@pytest.mark.ses_throttle("sesv2:SendEmail", call=1)',
        }
        assert found[0]["exception"].startswith(
            "TooManyRequestsException: An error occurred (TooMany"
        )
        assert {(None, None)} == {(row["exception"], row["where"]) for row in found[1:]}
        result.stdout.fnmatch_lines(
            [
                "test_it.py . *[[]100%[]]",
                "ses sweep: 6 re-runs of 1 test",
                "....DE [[]100%[]]",
                "*= SES sweep =*",
                "escaped      outage         test_it.py::test_naive, call 1, sesv2:SendEmail",
                "             TooManyRequestsException: An error occurred*",
                "             at mailer.py:4",
                '             @pytest.mark.ses_throttle("sesv2:SendEmail", call=1)',
                "double_send  response_lost  test_it.py::test_naive, call 1, sesv2:SendEmail",
                '             @pytest.mark.ses_fail("sesv2:SendEmail", "ResponseLost", call=1, times=1)',
                "1 escaped, 0 failed, 1 double_send, 4 survived",
                "*= 1 passed in *",
            ]
        )
        result.stdout.no_fnmatch_line("survived *")

    def test_verbose(self, project):
        """With -v, the table has the re-runs that survived as well."""
        result, _ = sweep(project, NAIVE, "-v", kinds="throttle", passed=1)
        result.stdout.fnmatch_lines(
            [
                "survived     throttle       test_it.py::test_naive, call 1, sesv2:SendEmail",
                '             @pytest.mark.ses_throttle("sesv2:SendEmail", call=1, times=1)',
            ]
        )

    def test_assertion(self, project):
        """A test that fails in an assertion has `failed`, with the assertion and its line."""
        test = NAIVE + "    assert 1 == len(ses_backend.calls)\n"
        _, found = sweep(project, test, kinds="throttle", passed=1)
        (row,) = found
        assert ("failed", "test_it.py:5") == (row["outcome"], row["where"])
        assert row["exception"].startswith("AssertionError: assert 1 == 2")

    def test_fixture(self, project):
        """An exception escapes from a fixture as well."""
        test = (
            f"{MARK}@pytest.fixture\ndef sent(ses_backend):\n    mailer.send()\n"
            "def test_sent(sent):\n    pass\n"
        )
        _, found = sweep(project, test, kinds="outage", passed=1)
        assert [("escaped", "mailer.py:4")] == [(row["outcome"], row["where"]) for row in found]

    def test_teardown(self, project):
        """An exception escapes from the teardown of a fixture as well."""
        test = (
            f"{MARK}@pytest.fixture\ndef sent(ses_backend):\n    yield\n    mailer.send()\n"
            "def test_sent(sent):\n    pass\n"
        )
        _, found = sweep(project, test, kinds="outage,throttle", passed=1)
        assert {"outage": "escaped", "throttle": "survived"} == by_kind(found)

    def test_sent_twice_on_purpose(self, project):
        """A message that the ordinary run sends twice as well is no double send."""
        test = NAIVE + "    mailer.send()\n"
        _, found = sweep(project, test, kinds="throttle,response_lost", passed=1)
        assert [("double_send", "response_lost", 1), ("double_send", "response_lost", 2)] == [
            (row["outcome"], row["kind"], row["call"]) for row in found[:2]
        ]
        assert ["survived"] * 2 == [row["outcome"] for row in found[2:]]

    def test_sent_before_a_reset(self, project):
        """Messages that the test deletes by a reset count as well."""
        test = NAIVE + "    ses_backend.reset()\n"
        _, found = sweep(project, test, kinds="response_lost", passed=1)
        assert {"response_lost": "double_send"} == by_kind(found)

    def test_not_rendered(self, project):
        """Messages that SES cannot render reach no recipient, so they are no double send."""
        test = (
            MARK + "import boto3\n"
            "def test_it(ses_backend, sesv2_client):\n"
            "    content = {'Subject': '{{x}}', 'Text': 't'}\n"
            "    sesv2_client.create_email_template(TemplateName='t', TemplateContent=content)\n"
            "    template = {'TemplateName': 't', 'TemplateData': '{}'}\n"
            "    boto3.client('sesv2', region_name='us-east-1').send_email(\n"
            "        FromEmailAddress='news@example.com', Content={'Template': template},\n"
            "        Destination={'ToAddresses': ['ada@example.org']})\n"
        )
        _, found = sweep(
            project, test, "--ses-rendering-failures=ignore", kinds="response_lost", passed=1
        )
        assert {"response_lost": "survived"} == by_kind(found)

    @pytest.mark.parametrize(
        ("fixture", "body"),
        [
            (
                "ses_smtp",
                "    with smtplib.SMTP(ses_smtp.host, ses_smtp.port) as server:\n"
                "        server.login(ses_smtp.username, ses_smtp.password)\n"
                "        server.sendmail('news@example.com', ['ada@example.org'], 'Subject: Hi')\n",
            ),
            (
                "ses_endpoint",
                "    connection = http.client.HTTPConnection(urlsplit(ses_endpoint.url).netloc)\n"
                "    connection.request('GET', '/v2/email/account')\n"
                "    connection.getresponse()\n",
            ),
        ],
        ids=["SMTP", "HTTP"],
    )
    def test_clients_without_timeout(self, project, monkeypatch, fixture, body):
        """A client of a server that waits for a response without end does not block the sweep."""
        monkeypatch.setattr("pytest_ses.endpoint.listening.LIMIT_OF_INJECTED_HOLDS", 0.1)
        imports = "import http.client, smtplib\nfrom urllib.parse import urlsplit\n"
        test = f"{MARK}{imports}def test_it({fixture}):\n{body}"
        _, found = sweep(project, test, kinds="timeout", passed=1)
        assert {"timeout": "escaped"} == by_kind(found)
        assert "isconnected: " in found[0]["exception"]


@pytest.mark.slow
class TestReproduction:
    def test_markers(self, project):
        """The marker of each row reproduces its outcome, for every kind of failure and client."""
        project.makeconftest(CONFTEST)
        test = LISTED + "\n".join(map(textwrap.dedent, TESTS.values()))
        _, found = sweep(project, test, passed=len(TESTS))
        assert {*KINDS, "bulk_status"} == {row["kind"] for row in found}
        assert {"escaped", "failed", "double_send", "survived"} == {row["outcome"] for row in found}
        copies = [self.copy(row, number) for number, row in enumerate(found)]
        project.makepyfile(test_copies=LISTED + "\n".join(copies))
        project.runpytest("-Wdefault", "test_copies.py", "--ses-unused-faults=ignore")
        results = json.loads((project.path / "results_of_tests.json").read_text())
        for number, row in enumerate(found):
            name = re.sub(r"(?<=::)(test_\w+)", rf"\1__{number}", row["test"]).partition("::")[2]
            error = row["exception"] and row["exception"].partition(":")[0]
            actual = results.get(name, ["survived", None])
            assert [row["marker"], row["outcome"], error] == [row["marker"], *actual]

    def copy(self, row, number):
        """The test of a row with its marker, under a name of its own."""
        name = re.search(r"::test_(\w+)", row["test"])[1]
        copy = textwrap.dedent(TESTS[name]).replace(f"test_{name}", f"test_{name}__{number}")
        # Half of the markers are above those of the test, the others below.
        if number % 2:
            return f"{row['marker']}\n{copy.lstrip()}"
        return copy.replace("def test_", f"{row['marker']}\ndef test_")


@pytest.mark.slow
class TestWhatIsSwept:
    def test_clients_of_the_test(self, project):
        """Calls of `ses_client` and `sesv2_client` are the test's own and are not made to fail."""
        test = (
            f"{MARK}def test_own(ses_client, sesv2_client):\n    ses_client.get_send_quota()\n"
            "    sesv2_client.get_account()\n"
        )
        result, found = sweep(project, test, passed=1)
        assert [] == found
        result.stdout.fnmatch_lines(
            ["*= SES sweep =*", "nothing to run again: in no test that passed *"]
        )
        result.stdout.no_fnmatch_line("ses sweep: *")

    @pytest.mark.parametrize(
        ("mark", "body", "left_out"),
        [
            ("", "    with pytest.raises(Exception):\n        mailer.send(sender='a@b.c')\n", 1),
            ("ses_throttle('SendEmail', times=2)", "    mailer.send()\n", 1),
            (
                "ses_fail('SendEmail', 'SendingPausedException', after=1, times=1)",
                "    mailer.send()\n"
                "    with pytest.raises(Exception, match='SendingPaused'):\n"
                "        mailer.send()\n    mailer.send()\n",
                1,
            ),
            (
                "ses_each_error('sesv2:SendEmail')",
                "    with pytest.raises(Exception):\n        mailer.send()\n",
                8,
            ),
        ],
        ids=["rejected", "throttled", "one of three", "each error"],
    )
    def test_calls_with_failures(self, project, mark, body, left_out):
        """A call that had a failure in the ordinary run does not fail again, and is counted."""
        decorator = f"@pytest.mark.{mark}\n" if mark else ""
        other = "def test_other(ses_backend):\n    mailer.send()\n"
        test = MARK + other + f"{decorator}def test_it(ses_backend):\n{body}"
        result, found = sweep(project, test, kinds="outage", passed=1 + left_out)
        swept = {(row["test"].partition("::")[2], row["call"]) for row in found}
        own = {("test_it", 1), ("test_it", 3)} if "after" in mark else set()
        assert {("test_other", 1), *own} == swept
        plural = "s" * (left_out > 1)
        result.stdout.fnmatch_lines(
            [f"{left_out} call{plural} left out: rejected or hit by a planned failure in the *"]
        )

    @with_and_without_xdist
    def test_only_calls_with_failures(self, project, args):
        """If every call had a failure, nothing is run again, and the calls are still counted."""
        test = NAIVE.replace("def ", "@pytest.mark.ses_throttle(times=1)\ndef ")
        test += test.replace("naive", "other").replace(MARK, "")
        result, found = sweep(project, test, *args, passed=2)
        assert [] == found
        result.stdout.fnmatch_lines(
            ["0 escaped, 0 failed, 0 double_send, 0 survived", "2 calls left out: *"]
        )

    @pytest.mark.parametrize("place", ["function", "class", "module"])
    def test_marker(self, project, place):
        """A test with the marker `ses_no_sweep` is not run again, wherever the marker is."""
        mark = "@pytest.mark.ses_no_sweep\n"
        test = (
            "import mailer, pytest\n"
            + ("pytestmark = pytest.mark.ses_no_sweep\n" if place == "module" else "")
            + (mark if place == "class" else "")
            + "class TestIt:\n    "
            + (f"{mark}    " if place == "function" else "")
            + "@pytest.mark.ses(verified=['*'])\n    "
            + "def test_it(self, ses_backend):\n        mailer.send()\n"
        )
        result, found = sweep(project, test, passed=1)
        assert [] == found
        result.stdout.fnmatch_lines(["nothing to run again: *"])

    def test_misuse_of_the_marker(self, project):
        """The marker has no arguments."""
        misuse(project, "ses_no_sweep('slow')", "unexpected arguments; use the marker without")

    def test_without_the_fixture(self, project):
        """A marker cannot plan failures for a test without `ses_backend`; the row has a method call."""
        test = (
            "import mailer, pytest_ses\n\ndef test_it():\n"
            "    with pytest_ses.SESBackend(verified=['example.com']) as backend:\n"
            "        ...\n        mailer.send()\n"
        )
        result, found = sweep(project, test, kinds="outage", passed=1)
        (row,) = found
        assert (None, 'backend.throttle("sesv2:SendEmail", call=1)') == (
            row["marker"],
            row["method"],
        )
        result.stdout.fnmatch_lines([f"*without ses_backend, so add to it: {row['method']}"])
        repeated = outcome(project, test.replace("...", row["method"]), failed=1)
        repeated.stdout.fnmatch_lines(["*TooManyRequestsException*"])

    def test_only_tests_that_pass(self, project):
        """Tests that fail, are skipped or are expected to fail are not run again."""
        test = NAIVE + (
            "    assert 'fails' == 0\n"
            "def test_skipped(ses_backend):\n    mailer.send()\n    pytest.skip()\n"
            "@pytest.mark.xfail\ndef test_xfailed(ses_backend):\n    mailer.send()\n    1 / 0\n"
            "@pytest.mark.xfail\ndef test_xpassed(ses_backend):\n    mailer.send()\n"
        )
        _, found = sweep(project, test, failed=1, skipped=1, xfailed=1, xpassed=1)
        assert [] == found

    def test_calls_and_not_attempts(self, project):
        """A call and its retries are one call; one with a failure of the test counts as well."""
        mark = "@pytest.mark.ses_throttle('SendEmail', times=2)\n"
        test = NAIVE.replace("def test_naive", f"{mark}def test_naive") + "    mailer.send()\n"
        _, found = sweep(project, test, kinds="throttle,disconnect", passed=1)
        assert [2, 2] == [row["call"] for row in found]

    @pytest.mark.parametrize(
        ("body", "reason"),
        [
            (
                "from hypothesis import given, settings, strategies as st, HealthCheck\n"
                "@settings(max_examples=2, suppress_health_check=list(HealthCheck), database=None)\n"
                "@given(st.integers())\ndef test_it(ses_backend, number):\n    mailer.send()\n",
                "not run again: Hypothesis runs it with other values each time",
            ),
            (
                "ran = []\ndef test_it(ses_backend):\n    mailer.send()\n    ran.append(1)\n"
                "    if len(ran) > 1:\n        mailer.send(sender='eve@example.net')\n",
                "not repeatable: run again without a failure, it ends with MessageRejected: *",
            ),
            (
                "ran = []\ndef test_it(ses_backend):\n    mailer.send()\n    ran.append(1)\n"
                "    if len(ran) > 1:\n        pytest.skip()\n",
                "not repeatable: run again without a failure, it ends with a skip",
            ),
            (
                "ran = []\ndef test_it(ses_backend):\n    ran.append(1)\n"
                "    if len(ran) == 1:\n        mailer.send()\n",
                "6 re-runs without an outcome: the call that was to fail was not made, or the test was "
                "skipped ([@]pytest.mark.ses_throttle(*))",
            ),
            (
                "def test_it(ses_backend):\n    try:\n        mailer.send()\n"
                "    except Exception:\n        pytest.skip()\n",
                "1 re-run without an outcome: *, or the test was skipped ([@]pytest.mark.ses_throttle(*))",
            ),
        ],
        ids=["Hypothesis", "not repeatable", "skipped when repeated", "other calls", "skipped"],
    )
    def test_no_outcome(self, project, monkeypatch, body, reason):
        """A test that cannot be run again as it was is reported with the reason."""
        monkeypatch.setenv("PYTEST_ADDOPTS", "-p no:faker -p no:time_machine")
        result, found = sweep(project, MARK + body, passed=1)
        assert all(row["outcome"] in ("survived", "double_send") for row in found)
        result.stdout.fnmatch_lines([f"test_it.py::test_it: {reason}"])

    @pytest.mark.parametrize("count", [1, 2])
    def test_limit(self, project, count):
        """`--ses-sweep-limit` bounds the re-runs of a test to the worst kinds; the others are counted."""
        result, found = sweep(project, NAIVE, f"--ses-sweep-limit={count}", passed=1)
        assert ["outage", "response_lost"][:count] == [row["kind"] for row in found]
        result.stdout.fnmatch_lines(
            [
                f"ses sweep: {count} re-run*",
                f"test_it.py::test_naive: {6 - count} re-runs left out by ses_sweep_limit={count}",
            ]
        )

    def test_fixtures_are_set_up_anew(self, project):
        """Each re-run has new fixtures, except those of the session; their calls are not the test's."""
        test = (
            "import mailer, pytest, pytest_ses\n"
            "set_up = []\n"
            "@pytest.fixture(scope='session')\ndef of_session():\n    set_up.append('session')\n"
            "@pytest.fixture(scope='module')\ndef backend(of_session):\n"
            "    set_up.append('module')\n"
            "    with pytest_ses.SESBackend(verified=['example.com']) as backend:\n"
            "        mailer.send()\n        backend.reset()\n        yield backend\n"
            "@pytest.fixture\ndef of_function():\n    set_up.append('function')\n"
            "def test_first(backend):\n    mailer.send()\n    assert len(backend.outbox) == 1\n"
            "def test_second(backend, of_function):\n    mailer.send()\n"
            "    assert backend.calls\n"
            "def teardown_module():\n    print('set up:', *set_up)\n"
        )
        result, found = sweep(project, test, "-s", kinds="outage", passed=2)
        assert {("call", 1)} == {("call", row["call"]) for row in found}
        assert ["escaped", "escaped"] == [row["outcome"] for row in found]
        ordinary = "session module function"
        # Each test is run a second time without the failure, because it failed in its first re-run.
        assert (
            f"set up: {ordinary} session module module module function module function"
            in result.stdout.str()
        )

    def test_unittest(self, project):
        """Methods of `unittest` classes are run again as well."""
        test = (
            "import mailer, pytest, unittest\n"
            "@pytest.mark.ses(verified=['example.com'])\n"
            "@pytest.mark.usefixtures('ses_backend')\n"
            "class TestMailer(unittest.TestCase):\n"
            "    def setUp(self):\n        self.sent = []\n"
            "    def test_it(self):\n        self.sent.append(mailer.send())\n"
            "        self.assertEqual([None], self.sent)\n"
        )
        _, found = sweep(project, test, kinds="throttle,outage", passed=1)
        assert {"throttle": "survived", "outage": "escaped"} == by_kind(found)
        assert "mailer.py:4" == found[0]["where"]

    @pytest.mark.parametrize(
        "test",
        [
            "def test_it(ses_backend, subtests):\n    with subtests.test():\n        mailer.send()\n",
            "import unittest\n@pytest.mark.usefixtures('ses_backend')\n"
            "class TestIt(unittest.TestCase):\n    def test_it(self):\n"
            "        with self.subTest():\n            mailer.send()\n",
        ],
        ids=["fixture", "unittest"],
    )
    @pytest.mark.skipif(not hasattr(pytest, "Subtests"), reason="needs pytest 9")
    def test_subtests(self, project, test):
        """Tests with subtests are not run again, because their reports could not be held back."""
        project.makepyfile(test_it=MARK + test)
        result = project.runpytest("-Wdefault", "--ses-sweep", "--ses-json=results.json")
        assert [] == rows(project)
        result.stdout.fnmatch_lines(["*::test_it: not run again: pytest reports its subtests*"])

    def test_reruns_by_another_plugin(self, project):
        """If another plugin runs a test several times, the calls of its last run count."""
        pytest.importorskip("pytest_rerunfailures")
        test = MARK + (
            "ran = []\ndef test_it(ses_backend):\n    mailer.send()\n    ran.append(1)\n"
            "    assert len(ran) > 1\n"
        )
        project.makepyfile(test_it=test)
        project.runpytest(
            "-prerunfailures",
            "-Wdefault",
            "--reruns=1",
            "--ses-sweep=throttle",
            "--ses-json=results.json",
        )
        assert [1] == [row["call"] for row in rows(project)]


@pytest.mark.slow
class TestOrdinaryRun:
    def test_reports(self, project):
        """Re-runs are in no count, duration, JUnit file, warning or captured output."""
        test = "import warnings\n" + NAIVE + "    print('hello')\n    warnings.warn('careful')\n"
        result, _ = sweep(
            project, test, "--durations=9", "-vv", "--junitxml=j.xml", passed=1, warnings=1
        )
        assert 1 == (project.path / "j.xml").read_text().count("<testcase")
        text = result.stdout.str()
        assert (1, 1, 0) == (text.count("s call "), text.count("careful\n"), text.count("hello"))

    def test_error_coverage(self, project):
        """Calls and failures of re-runs do not count for the error coverage."""
        sweep(project, NAIVE, passed=1)
        results = json.loads((project.path / "results.json").read_text())
        send = results["error_coverage"]["operations"]["sesv2:SendEmail"]
        assert (1, []) == (send["calls"], send["met"])

    def test_report(self, project):
        """The report of the run has the ordinary run of a test, and the rows of the sweep."""
        sweep(project, NAIVE, "--ses-report=report.html", passed=1)
        page = (project.path / "report.html").read_text(encoding="utf-8")
        assert 1 == len(re.findall(r'"nodeid": ?"test_it.py::test_naive"', page))
        assert 6 == len(re.findall(r'"test": ?"test_it.py::test_naive"', page))

    def test_filters_of_warnings(self, project):
        """The filters of warnings apply to re-runs as well."""
        project.makeini("[pytest]\nfilterwarnings = error\n")
        test = NAIVE.replace(
            "    mailer.send()\n",
            "    try:\n        mailer.send()\n    except Exception:\n"
            "        import warnings\n        warnings.warn('it failed')\n",
        )
        project.makepyfile(test_it=test)
        project.runpytest("--ses-sweep=outage", "--ses-json=results.json")
        assert [("escaped", "UserWarning: it failed")] == [
            (row["outcome"], row["exception"]) for row in rows(project)
        ]

    @with_and_without_xdist
    def test_stopped(self, project, args):
        """After a run that was stopped by -x there is no sweep."""
        test = NAIVE + "def test_z_fails():\n    assert 'fails' == 0\ndef test_zz():\n    pass\n"
        project.makepyfile(test_it=test)
        result = project.runpytest("-x", "--ses-sweep", "--ses-json=results.json", *args)
        assert [] == rows(project)
        assert pytest.ExitCode.OK != result.ret
        result.stdout.fnmatch_lines(["not run, because the ordinary run was stopped"])
        result.stdout.no_fnmatch_line("ses sweep: *")

    def test_not_stopped(self, project):
        """Fewer failures than --maxfail do not stop a run under xdist."""
        test = NAIVE + "def test_z_fails():\n    assert 'fails' == 0\n"
        _, found = sweep(project, test, "-n1", "--maxfail=2", passed=1, failed=1)
        assert 6 == len(found)

    def test_ended_by_another_plugin(self, project):
        """A test that another plugin ends before its set-up has no effect."""
        project.makeconftest(
            "import pytest\nclass Ending:\n    @pytest.hookimpl(tryfirst=True)\n"
            "    def pytest_runtest_setup(self, item):\n"
            "        if item.name == 'test_ended':\n            pytest.skip()\n"
            "def pytest_collection_finish(session):\n"
            "    session.config.pluginmanager.register(Ending())\n"
        )
        test = NAIVE + "def test_ended(ses_backend):\n    mailer.send()\n"
        _, found = sweep(project, test, passed=1, skipped=1)
        assert {"test_it.py::test_naive"} == {row["test"] for row in found}

    @pytest.mark.parametrize(
        "args", [("--collect-only",), ("--setup-plan",), ("--setup-only",), ("-k", "nothing")]
    )
    def test_no_tests(self, project, args):
        """If no test is run, there is no sweep and no table."""
        project.makepyfile(test_it=NAIVE)
        result = project.runpytest("-Wdefault", *args, "--ses-sweep")
        result.stdout.no_fnmatch_line("*[Ss][Ee][Ss] sweep*")

    def test_setup_show(self, project):
        """--setup-show shows the fixtures of the ordinary run only."""
        result, found = sweep(project, NAIVE, "--setup-show", passed=1)
        assert 6 == len(found)
        assert 1 == result.stdout.str().count("SETUP    F ses_backend")

    def test_without_terminal(self, project):
        """The sweep works without the terminal reporter."""
        project.makepyfile(test_it=NAIVE)
        project.runpytest("-p", "no:terminal", "--ses-sweep", "--ses-json=results.json")
        assert 6 == len(rows(project))

    @pytest.mark.parametrize(
        ("args", "status"),
        [
            (["--ses-sweep"], 0),
            (["--ses-sweep", "--ses-sweep-strict"], 1),
            (["--ses-sweep=throttle,timeout", "--ses-sweep-strict"], 0),
            (["--ses-sweep-strict"], 1),
        ],
    )
    def test_strict(self, project, args, status):
        """Only with --ses-sweep-strict does the sweep fail the run."""
        result = outcome(project, NAIVE, *args, passed=1)
        assert status == result.ret
        failed = "FAILED SES sweep: 2 re-runs did not survive (ses_sweep_strict)"
        assert bool(status) == (failed in result.outlines)

    def test_ini(self, project):
        """The ini options select kinds and make the sweep strict."""
        project.makeini(
            "[pytest]\nses_sweep = outage, throttle\nses_sweep_limit = 5\nses_sweep_strict = true\n"
        )
        result = outcome(project, NAIVE, passed=1)
        assert pytest.ExitCode.TESTS_FAILED == result.ret
        result.stdout.fnmatch_lines(["ses sweep: 2 re-runs of 1 test"])

    def test_implied(self, project):
        """--ses-sweep-limit implies the sweep, but in the configuration file it does not."""
        result = outcome(project, NAIVE, "--ses-sweep-limit=2", passed=1)
        result.stdout.fnmatch_lines(["ses sweep: 2 re-runs of 1 test"])
        project.makeini("[pytest]\nses_sweep_limit = 2\nses_sweep_strict = true\n")
        result = outcome(project, NAIVE, passed=1)
        result.stdout.no_fnmatch_line("*[Ss][Ee][Ss] sweep*")

    def test_path_after_the_option(self, project):
        """A path after the option is a path, not its value."""
        project.makepyfile(test_it=NAIVE, test_other="def test_fails():\n    1 / 0\n")
        result = project.runpytest("-Wdefault", "--ses-sweep", "test_it.py")
        result.assert_outcomes(passed=1)
        result.stdout.fnmatch_lines(["ses sweep: 6 re-runs of 1 test"])

    @pytest.mark.parametrize(
        ("args", "text"),
        [
            (
                ["--ses-sweep=throtle"],
                "*unknown kind of failure 'throtle'; did you mean 'throttle'?",
            ),
            (
                ["--ses-sweep", "--ses-sweep-limit=0"],
                "*ses_sweep_limit='0' is invalid; expected a num*",
            ),
            (["--ses-sweep="], "*--ses-sweep= has no value; use for example --ses-sweep for ever*"),
            (
                ["--ses-sweep-limit="],
                "*--ses-sweep-limit= has no value; use for example --ses-*=50",
            ),
            (
                ["--ses-sweep", "throttle,timeout"],
                "*not found: throttle,timeout; did you mean --ses-sweep=throttle,timeout?",
            ),
            (["--ses-sweep", "test_none.py"], "*not found: *test_none.py"),
            (["--ses-sweep", "--ses-chaos=0.5"], "*ses_sweep and ses_chaos cannot be combined: *"),
        ],
    )
    def test_usage(self, project, args, text):
        """Wrong options are errors at the start."""
        project.makepyfile(test_it=NAIVE)
        result = project.runpytest(*args)
        assert pytest.ExitCode.USAGE_ERROR == result.ret
        result.stderr.fnmatch_lines([text])

    def test_plugins_that_act_on_runs(self, project):
        """--pdb is for the ordinary run only."""
        project.makepyfile(test_it=NAIVE)
        result = project.runpytest("-Wdefault", "--pdb", "--ses-sweep")
        result.assert_outcomes(passed=1)
        result.stdout.no_fnmatch_line("*PDB*")

    def test_planned_failures_of_the_test(self, project):
        """A planned failure of the test that the injected one prevents does not fail the re-run."""
        test = NAIVE.replace(
            "def test_naive(ses_backend):\n    mailer.send()\n",
            "@pytest.mark.ses_fail('SendEmail', 'MessageRejected', after=1, times=1)\n"
            "def test_naive(ses_backend):\n    try:\n        mailer.send()\n"
            "        mailer.send()\n    except Exception:\n        pass\n",
        )
        _, found = sweep(project, test, kinds="outage", passed=1)
        assert {"outage": "survived"} == by_kind(found)


@pytest.mark.slow
class TestInterruption:
    INTERRUPTED = NAIVE + (
        "def test_interrupted(ses_backend):\n    try:\n        mailer.send()\n"
        "    except Exception:\n        raise KeyboardInterrupt\n"
    )

    def test_in_one_process(self, project):
        """After Ctrl-C, the table has the re-runs that have ended."""
        project.makepyfile(test_it=self.INTERRUPTED)
        result = project.runpytest("-Wdefault", "--ses-sweep", "--ses-json=results.json")
        assert pytest.ExitCode.INTERRUPTED == result.ret
        assert 11 == len(rows(project))
        result.stdout.fnmatch_lines(
            ["interrupted: only 11 of 12 re-runs have ended", "*= 2 passed in *"]
        )

    def test_worker_crashes(self, project):
        """The results of a worker that crashes, and of all others, are in the table."""
        test = self.INTERRUPTED.replace("raise KeyboardInterrupt", "import os; os._exit(1)")
        project.makepyfile(test_it=test)
        result = project.runpytest_subprocess("-n2", "--ses-sweep", "--ses-json=results.json")
        assert 11 == len(rows(project))
        result.stdout.fnmatch_lines(["a worker crashed: only 11 of 12 re-runs have ended"])


@pytest.mark.slow
class TestXdist:
    def test_rows(self, project):
        """The rows of all workers are merged, and each worker's number of re-runs is reported."""
        test = NAIVE + "def test_other(ses_backend):\n    mailer.send('bob@example.org')\n"
        _, alone = sweep(project, test, passed=2)
        result, found = sweep(project, test, "-n2", "--ses-sweep-strict", passed=2)
        assert alone == found
        assert pytest.ExitCode.TESTS_FAILED == result.ret
        result.stdout.fnmatch_lines(["ses sweep: gw*: 6 re-runs of 1 test"] * 2)

    def test_other_machine(self, project):
        """A worker on another machine, where the folder for results does not exist, is an error."""
        project.makeconftest(
            "import pytest\n@pytest.hookimpl(optionalhook=True, trylast=True)\n"
            "def pytest_configure_node(node):\n"
            "    node.workerinput['ses_sweep_folder'] = '/nowhere'\n"
        )
        project.makepyfile(test_it=NAIVE)
        result = project.runpytest_subprocess("-n1", "--ses-sweep")
        assert "ses_sweep works only with workers on the same machine" in str(
            result.stdout.str() + result.stderr.str()
        )
