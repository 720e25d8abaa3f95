"""The `ses` marker: merging and misuse."""

from __future__ import annotations

import pytest
from projects import misuse, outcome


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
            ("auto_verify=1", "auto_verify=1 is invalid; expected True or False"),
            ("configuration_sets='news'", "such as configuration_sets=['news']"),
            (
                "configuration_sets=['a b']",
                "configuration_sets: 'a b' is invalid; expected up to 64",
            ),
            ("configuration_sets=[5]", "configuration_sets: 5 is invalid"),
            ("region='us-est-1'", "'us-est-1' is unknown to botocore; did you mean 'us-west-1'?"),
            ("region='ues-east-1'", "unknown to botocore; did you mean 'us-east-1'?"),
            ("region='us-west'", "'us-west' is unknown to botocore; did you mean 'us-west-"),
            (
                "region='999988887777'",
                "region='999988887777' is an account ID; pass it as account_id='999988887777'",
            ),
        ],
    )
    def test_misuse(self, project, marker, text):
        """An invalid marker is an error of its test, with the fix."""
        misuse(project, f"ses({marker})", text)

    def test_without_the_fixture(self, project):
        """A marker on a test that does not use the fixture is an error."""
        result = outcome(
            project,
            """
            import pytest

            @pytest.mark.ses(sandbox=True)
            def test_it(): pass
            """,
            errors=1,
        )
        result.stdout.fnmatch_lines(
            ["test_it.py::test_it: the marker ses has no effect because the test does not *"]
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
        misuse(project, "ses(regoin='eu-west-1')", "did you mean 'region'?", "-n1")

    @pytest.mark.parametrize(
        ("name", "text"),
        [
            ("ses_throtle", "did you mean 'ses_throttle'?"),
            ("ses_xyz", "expected one of ses, ses_throttle"),
            ("SES", "did you mean 'ses'?"),
            ("ses_verified", "use @pytest.mark.ses(verified=…)"),
            ("sess_fail", "did you mean 'ses_fail'?"),
        ],
    )
    def test_misspelled_name(self, project, name, text):
        """A marker whose name is nearly a marker of pytest-ses is an error of its test."""
        misuse(project, name, f"the marker {name} does not exist; {text}")

    @pytest.mark.parametrize("name", ["session", "sns", "sqs", "es", "uses", "session_data"])
    def test_other_names(self, project, name):
        """A marker that only resembles ours is left alone."""
        outcome(project, f"import pytest\n@pytest.mark.{name}\ndef test_it(): pass\n", passed=1)

    def test_own_marker(self, project):
        """A marker that the project registers is left alone, even if its name begins with ses_."""
        project.makeini("[pytest]\nmarkers =\n    ses_live(region): needs the real SES\n")
        test = "import pytest\n@pytest.mark.ses_live\ndef test_it(): pass\n"
        outcome(project, test, "--strict-markers", passed=1)

    def test_deselected(self, project):
        """The marker of a test that does not run is not checked."""
        test = (
            "import pytest\n@pytest.mark.ses(regoin=1)\ndef test_wrong(ses_backend): pass\n"
            "def test_right(ses_backend): pass\n"
        )
        outcome(project, test, "-k", "right", passed=1, deselected=1)

    @pytest.mark.parametrize("region", ["local", "eusc-fr-east-1", "xx-new-1", "mars-west-1"])
    def test_new_region(self, project, region):
        """A region of an emulator or of a partition that botocore does not know is accepted."""
        outcome(
            project,
            f"""
            import pytest

            @pytest.mark.ses(region="{region}")
            def test_it(ses_backend): assert "{region}" == ses_backend.account().region
            """,
            passed=1,
        )
