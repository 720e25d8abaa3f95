"""Projects whose tests start processes."""

from __future__ import annotations

import os

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not hasattr(os, "fork"), reason="the operating system has no forked processes"
    ),
]

PROJECT = """
    import multiprocessing
    from concurrent.futures import ProcessPoolExecutor

    import boto3
    import pytest

    def send(number):
        boto3.client("ses", region_name="us-east-1").send_email(
            Source="news@example.com",
            Destination={"ToAddresses": [f"reader{number}@example.org"]},
            Message={"Subject": {"Data": "s"}, "Body": {"Text": {"Data": "t"}}},
        )

    @pytest.mark.ses(verified=["example.com"])
    def test_it(ses_backend):
        context = multiprocessing.get_context("fork")
        with ProcessPoolExecutor(1, mp_context=context) as pool:
            list(pool.map(send, range(3)))
        assert 3 == len(ses_backend.outbox)
"""


class TestExecutors:
    def test_printed(self, project):
        """The report of a failed test contains the warning once for each forked process."""
        project.makepyfile(test_it=PROJECT)
        result = project.runpytest_subprocess("-Wdefault", "-Wignore::DeprecationWarning")
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["*Captured stderr call*", "*ForkedProcessWarning: process *"])
        assert 1 == result.stdout.str().count("ForkedProcessWarning")

    def test_as_an_error(self, project):
        """As an error, the warning reaches the test through the executor."""
        project.makepyfile(test_it=PROJECT)
        result = project.runpytest_subprocess(
            "-Werror::pytest_ses.ForkedProcessWarning", "-Wignore::DeprecationWarning"
        )
        result.assert_outcomes(failed=1)
        result.stdout.fnmatch_lines(["E*ForkedProcessWarning: process *"])

    def test_threads(self, project):
        """The way out in the warning works."""
        project.makepyfile(
            test_it=PROJECT.replace(
                "ProcessPoolExecutor(1, mp_context=context)", "ThreadPoolExecutor(1)"
            ).replace("import ProcessPoolExecutor", "import ThreadPoolExecutor")
        )
        project.runpytest_subprocess("-Werror").assert_outcomes(passed=1)


def test_fork_before_the_backend(project):
    """A backend that is created in a forked process belongs to it."""
    project.makepyfile(
        """
        import os
        import boto3
        from pytest_ses import SESBackend

        def test_it():
            pid = os.fork()
            if pid == 0:
                with SESBackend() as backend:
                    boto3.client("sesv2", region_name="us-east-1").get_account()
                os._exit(40 + len(backend.calls))
            assert 41 == os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        """
    )
    result = project.runpytest_subprocess("-Werror", "-Wignore::DeprecationWarning")
    result.assert_outcomes(passed=1)


def test_fork_while_a_thread_uses_the_backend(project):
    """A forked process does not wait for a thread that exists only in the original process."""
    project.makepyfile(
        """
        import faulthandler, os, threading
        import boto3

        def test_it(ses_backend):
            started, done = threading.Event(), threading.Event()

            def hold(call):
                started.set()
                return done.wait(10)

            ses_backend.throttle("GetAccount", when=hold, optional=True)
            client = boto3.client("sesv2", region_name="us-east-1")
            thread = threading.Thread(target=client.get_account)
            thread.start()
            started.wait(30)
            pid = os.fork()
            if pid == 0:
                faulthandler.dump_traceback_later(5, exit=True)
                client.list_configuration_sets()
                os._exit(40)
            done.set()
            thread.join()
            assert 40 == os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])
        """
    )
    project.runpytest_subprocess("-Wignore").assert_outcomes(passed=1)


def test_spawned(project):
    """A closed port as the endpoint URL keeps the requests of a spawned process on the machine."""
    project.makepyfile(
        script="""
        import boto3
        from botocore.config import Config

        boto3.client("ses", config=Config(retries={"total_max_attempts": 1})).get_send_quota()
        """,
        test_it="""
        import os, subprocess, sys

        def test_it(ses_backend):
            environment = {**os.environ, "AWS_ENDPOINT_URL": "http://localhost:1"}
            process = subprocess.run(
                [sys.executable, "script.py"], env=environment, capture_output=True, text=True
            )
            assert "Could not connect to the endpoint URL: \\"http://localhost:1/" in process.stderr
        """,
    )
    project.runpytest_subprocess().assert_outcomes(passed=1)
