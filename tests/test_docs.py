"""Completeness and correctness of the manual and the README."""

from __future__ import annotations

import importlib.util
import inspect
import re
from pathlib import Path

import pytest

import pytest_ses
from pytest_ses import api, plugin
from pytest_ses.api.errors import V1_STATUS
from pytest_ses.faker import SESProvider
from pytest_ses.faults import missing
from pytest_ses.faults.options import FailureOptions
from pytest_ses.plugin import marks, options
from pytest_ses.settings import Settings

ROOT = Path(__file__).parents[1]
FIXTURES = (ROOT / "docs/reference/fixtures.md").read_text(encoding="utf-8")
NAMES = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generate():
    """The script that generates the page of operations."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs/generate.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def fixtures():
    """The names of the plugin's fixtures."""
    return re.findall(r"^@pytest\.fixture.*\ndef (\w+)", inspect.getsource(plugin), re.MULTILINE)


class TestEverythingIsDocumented:
    @pytest.mark.parametrize("name", fixtures())
    def test_fixture(self, name):
        """Each fixture has a paragraph."""
        assert [f"`{name}`"] == re.findall(rf"^`{name}`$", FIXTURES, re.MULTILINE)

    def test_all_fixtures_are_found(self):
        """The helper above finds all fixtures."""
        parametrized = ["ses_each_bulk_status", "ses_each_error"]
        assert [
            "ses_backend",
            "ses_client",
            *parametrized,
            "ses_endpoint",
            "ses_faker",
            "ses_smtp",
            "sesv2_client",
        ] == sorted(fixtures())

    @pytest.mark.parametrize("marker", marks.MARKERS)
    def test_marker(self, marker):
        """Each marker has a section."""
        assert f"## The marker `{marker}`" in FIXTURES

    @pytest.mark.parametrize("argument", inspect.signature(Settings).parameters)
    def test_marker_argument(self, argument):
        """Each argument of the marker has a row and is named in pytest's own help."""
        assert f"| `{argument}` |" in FIXTURES
        assert argument in marks.MARKERS["ses"]

    @pytest.mark.parametrize("argument", FailureOptions.__annotations__)
    def test_argument_of_planned_failures(self, argument):
        """Each argument that planned failures share has a row."""
        assert f"| `{argument}` |" in FIXTURES

    @pytest.mark.parametrize("resource", missing.RESOURCES)
    def test_resource(self, resource):
        """Each resource that can be missing has a row."""
        assert f"| `{resource}` |" in FIXTURES

    @pytest.mark.parametrize(("v2", "v1"), V1_STATUS.items())
    def test_status(self, v2, v1):
        """Each status has a row, in both spellings."""
        assert re.search(rf"^\| `{v2}` \| `{v1}` \|", FIXTURES, re.MULTILINE)

    @pytest.mark.parametrize("option", options.OPTIONS, ids=lambda option: option.name)
    def test_option(self, option):
        """Each option has a row with its command-line flag and its choices."""
        row = re.search(rf"^\| `{option.name}` \|.*$", FIXTURES, re.MULTILINE)
        assert row is not None
        expected = [option.flag(), *(f"`{choice}`" for choice in option.choices)]
        assert [] == [text for text in expected if text not in row[0]]

    @pytest.mark.parametrize("name", pytest_ses.__all__)
    def test_public_name(self, name):
        """Each public name is on the API page."""
        assert 1 == len(re.findall(rf"auto(class|exception):: pytest_ses\.{name}\b", NAMES))

    @pytest.mark.parametrize("method", [name for name in dir(SESProvider) if name[:4] == "ses_"])
    def test_method_of_the_provider(self, method):
        """Each method of the provider for Faker has an example."""
        assert f"ses_faker.{method}(" in (ROOT / "docs/howto/faker.md").read_text(encoding="utf-8")

    def test_signature_of_the_backend(self):
        """The API page shows the signature of SESBackend, with the settings first."""
        shown = re.search(r"pytest_ses\.SESBackend\(\*, (.*)\)", NAMES)[1]
        parameters = inspect.signature(pytest_ses.SESBackend).parameters.values()
        settings = list(inspect.signature(Settings).parameters)
        assert [*settings, "seed", "real_sleep"] == [parameter.name for parameter in parameters]
        expected = [
            f"{parameter.name}={parameter.default!r}".replace("'", '"') for parameter in parameters
        ]
        assert ", ".join(expected) == shown


class TestOperations:
    def test_page_is_correct(self, generate):
        """The committed page describes each operation correctly."""
        assert [] == generate.differences(generate.PAGE.read_text(encoding="utf-8"))

    def test_new_page(self, generate):
        """A newly generated page has a correct row for each operation of the models."""
        rows = generate.rows()
        assert rows == generate.read(generate.page(rows))

    def test_another_botocore(self, generate, monkeypatch):
        """Operations that only the page or only the models contain are not differences."""
        text = generate.page(generate.rows())
        known = {service: dict(api.operations(service)) for service in api.PACKAGES}
        del known["ses"]["create_receipt_rule"]
        monkeypatch.setattr(generate.api, "operations", known.get)
        without_operation = re.sub(r"^\| `CreateReceiptRule` .*\n", "", text, flags=re.MULTILINE)
        with_unknown_operation = (
            without_operation + "| `SendPigeon` | enforced | Send a pigeon. | `NoPigeon` |\n"
        )
        assert ([], []) == (
            generate.differences(without_operation),
            generate.differences(with_unknown_operation),
        )

    def test_incorrect_page(self, generate):
        """A missing or incorrect row is reported with the expected content."""
        text = generate.page(generate.rows())
        row = (
            "| `GetTemplate` | enforced | Return the parts of a template. "
            "| `TemplateDoesNotExist` |\n"
        )
        assert [
            "ses:GetTemplate has no row and 'enforced / Return the parts of a template.' in the code"
        ] == generate.differences(text.replace(row, ""))
        wrong = row.replace("enforced", "stored")
        assert [
            "ses:GetTemplate is 'stored / Return the parts of a template.' on the page "
            "and 'enforced / Return the parts of a template.' in the code"
        ] == generate.differences(text.replace(row, wrong))

    def test_check(self, generate, monkeypatch, tmp_path):
        """The script writes the page, and `--check` fails if the page is not correct."""
        monkeypatch.setattr(generate, "PAGE", tmp_path / "operations.md")
        monkeypatch.setattr("sys.argv", ["generate.py"])
        generate.main()
        monkeypatch.setattr("sys.argv", ["generate.py", "--check"])
        generate.main()
        generate.PAGE.write_text("# Operations\n", encoding="utf-8")
        with pytest.raises(SystemExit, match=r"operations\.md is out of date; run"):
            generate.main()


class TestReadme:
    def test_commands_for_a_new_machine(self):
        """The README shows the installation command first, then the two commands for a clone."""
        commands = re.findall(r"^```console\n(.*)\n```$", README, re.MULTILINE)
        assert [
            "pip install pytest-ses",
            "python -m pip install . && python -m pytest examples",
            "python -m pip install tox && python -m tox",
        ] == commands

    def test_links(self):
        """Every local file that the README links to exists."""
        links = re.findall(r"\]\(([^)#:]+)", README)
        assert [] == [link for link in links if not (ROOT / link).exists()]

    def test_pages(self):
        """The README links to every page of the manual."""
        pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("**/*.md")}
        exceptions = {"docs/index.md", "docs/changelog.md"}
        assert set() == {page for page in pages - exceptions if f"]({page})" not in README}
