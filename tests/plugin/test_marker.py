"""The `ses` marker: merging and misuse."""

from __future__ import annotations

import pytest
from projects import outcome


class TestMarker:
    def test_outer_and_inner_merge(self, project):
        """Markers of module, class and function are merged; the closest wins for each argument."""
        outcome(
            project,
            """
            import pytest
            pytestmark = pytest.mark.ses(region="eu-west-1", account_id="111122223333")

            @pytest.mark.ses(sandbox=True, daily_quota=5)
            class TestIt:
                @pytest.mark.ses(region="eu-north-1", daily_quota=7, send_rate=2,
                                 sending_enabled=False, verified=["example.com"])
                def test_it(self, ses_backend):
                    account = ses_backend.account()
                    assert ("eu-north-1", "111122223333") == (account.region, account.account_id)
                    assert (7, 2) == (account.daily_quota, account.send_rate)
                    assert (True, False) == (account.sandbox, account.sending_enabled)
                    assert account.identities["example.com"].verified
            """,
            passed=1,
        )

    @pytest.mark.parametrize(
        ("marker", "text"),
        [
            ("regoin='eu-west-1'", "unknown argument 'regoin'; did you mean 'region'?"),
            ("xyz=1", "unknown argument 'xyz'; expected one of region, account_id"),
            (
                "'eu-west-1'",
                "unexpected positional arguments ('eu-west-1',); use keyword arguments",
            ),
            ("region='Ireland'", "region='Ireland' is invalid; expected a region name"),
            ("account_id=123", "account_id=123 is invalid; expected a string of twelve digits"),
            ("verified='a@b.c'", "verified='a@b.c' is invalid; expected a list"),
            (
                "verified=[1]",
                "verified: 1 is invalid; expected an address such as 'ada@example.com'",
            ),
            ("verified=5", "verified=5 is invalid; expected a list of addresses and domains"),
            ("verified=['a.org,b.org']", "verified: 'a.org,b.org' is invalid; expected an address"),
            ("sandbox='yes'", "sandbox='yes' is invalid; expected True or False"),
            ("daily_quota=-2", "daily_quota=-2 is invalid"),
            ("send_rate=0", "send_rate=0 is invalid; expected a number greater than 0"),
            ("sending_enabled=None", "sending_enabled=None is invalid"),
        ],
    )
    def test_misuse(self, project, marker, text):
        """An invalid marker ends the run before any test, with the test's id and the fix."""
        project.makepyfile(
            test_it=f"import pytest\n@pytest.mark.ses({marker})\ndef test_it(ses_backend): pass\n"
        )
        result = project.runpytest()
        assert pytest.ExitCode.USAGE_ERROR == result.ret
        result.stderr.fnmatch_lines(["ERROR: test_it.py::test_it: the marker ses*"])
        assert text in result.stderr.str()

    def test_without_the_fixture(self, project):
        """A marker on a test that does not use the fixture is an error."""
        project.makepyfile(
            test_it="""
            import pytest

            @pytest.mark.ses(sandbox=True)
            def test_it(): pass
            """
        )
        result = project.runpytest()
        assert pytest.ExitCode.USAGE_ERROR == result.ret
        result.stderr.fnmatch_lines(
            ["ERROR: test_it.py::test_it: the marker ses has no effect because the test does not *"]
        )

    def test_on_a_module(self, project):
        """A marker on a module or class may apply to only some of its tests."""
        outcome(
            project,
            """
            import pytest
            pytestmark = pytest.mark.ses(sandbox=True)

            def test_it(): pass

            @pytest.mark.usefixtures("ses_backend")
            @pytest.mark.ses(sandbox=False)
            def test_other(): pass
            """,
            passed=2,
        )

    def test_misuse_under_xdist(self, project):
        """On an xdist worker, an invalid marker fails its test with the same text."""
        result = outcome(
            project,
            """
            import pytest

            @pytest.mark.ses(regoin="eu-west-1")
            def test_wrong(ses_backend): pass

            def test_right(ses_backend): pass
            """,
            "-n1",
            passed=1,
            errors=1,
        )
        result.stdout.fnmatch_lines(
            [
                "test_it.py::test_wrong: the marker ses: unknown argument 'regoin'; did you mean 'region'[?]"
            ]
        )
