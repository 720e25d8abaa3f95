"""Does the manual tell of everything there is, and is it true?"""

from __future__ import annotations

import importlib.util
import inspect
import re
from pathlib import Path

import pytest

import pytest_ses
from pytest_ses import api, plugin
from pytest_ses.api.errors import V1_STATUS
from pytest_ses.faults import missing
from pytest_ses.faults.words import Words
from pytest_ses.settings import Settings

ROOT = Path(__file__).parents[1]
FIXTURES = (ROOT / "docs/reference/fixtures.md").read_text(encoding="utf-8")
NAMES = (ROOT / "docs/reference/api.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def generate():
    """The script that writes the page of operations."""
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
        """Each fixture has its paragraph."""
        assert [f"`{name}`"] == re.findall(rf"^`{name}`$", FIXTURES, re.MULTILINE)

    def test_all_fixtures_are_found(self):
        """The list of fixtures above is not empty by mistake."""
        of_cases = ["ses_each_bulk_status", "ses_each_error"]
        assert ["ses_backend", "ses_client", *of_cases, "sesv2_client"] == sorted(fixtures())

    @pytest.mark.parametrize("marker", plugin.MARKERS)
    def test_marker(self, marker):
        """Each marker has its section."""
        assert f"## The marker `{marker}`" in FIXTURES

    @pytest.mark.parametrize("word", inspect.signature(Settings).parameters)
    def test_marker_word(self, word):
        """Each word of the marker has its row, and pytest's own help names it."""
        assert f"| `{word}` |" in FIXTURES
        assert word in plugin.MARKERS["ses"]

    @pytest.mark.parametrize("word", Words.__annotations__)
    def test_word_of_plans(self, word):
        """Each word that plans share has its row."""
        assert f"| `{word}` |" in FIXTURES

    @pytest.mark.parametrize("resource", missing.RESOURCES)
    def test_resource(self, resource):
        """Each resource that can be missing has its row."""
        assert f"| `{resource}` |" in FIXTURES

    @pytest.mark.parametrize(("v2", "v1"), V1_STATUS.items())
    def test_status(self, v2, v1):
        """Each status has its row, in both spellings."""
        assert re.search(rf"^\| `{v2}` \| `{v1}` \|", FIXTURES, re.MULTILINE)

    @pytest.mark.parametrize("option", plugin.OPTIONS, ids=lambda option: option.name)
    def test_option(self, option):
        """Each option has its row, with its twin on the command line and its choices."""
        row = re.search(rf"^\| `{option.name}` \|.*$", FIXTURES, re.MULTILINE)
        assert row is not None
        words = [option.flag(), *(f"`{choice}`" for choice in option.choices)]
        assert [] == [word for word in words if word not in row[0]]

    @pytest.mark.parametrize("name", pytest_ses.__all__)
    def test_public_name(self, name):
        """Each public name is on the page of names."""
        assert 1 == len(re.findall(rf"auto(class|exception):: pytest_ses\.{name}\b", NAMES))

    def test_words_of_the_backend(self):
        """The signature of SESBackend on the page of names is its own, settings first."""
        shown = re.search(r"pytest_ses\.SESBackend\(\*, (.*)\)", NAMES)[1]
        words = inspect.signature(pytest_ses.SESBackend).parameters.values()
        settings = list(inspect.signature(Settings).parameters)
        assert [*settings, "seed", "real_sleep"] == [one.name for one in words]
        expected = [f"{one.name}={one.default!r}".replace("'", '"') for one in words]
        assert ", ".join(expected) == shown


class TestOperations:
    def test_page_is_true(self, generate):
        """What the committed page says of each operation is so."""
        assert [] == generate.differences(generate.PAGE.read_text(encoding="utf-8"))

    def test_own_page(self, generate):
        """A page that was just written is true, and each operation of the models has a row."""
        found = generate.rows()
        assert found == generate.read(generate.page(found))

    def test_another_botocore(self, generate, monkeypatch):
        """Operations that only the page or only the models have are no difference."""
        text = generate.page(generate.rows())
        known = {service: dict(api.operations(service)) for service in api.PACKAGES}
        del known["ses"]["create_receipt_rule"]
        monkeypatch.setattr(generate.api, "operations", known.get)
        fewer = re.sub(r"^\| `CreateReceiptRule` .*\n", "", text, flags=re.MULTILINE)
        more = fewer + "| `SendPigeon` | enforced | Send a pigeon. | `NoPigeon` |\n"
        assert ([], []) == (generate.differences(fewer), generate.differences(more))

    def test_untrue_page(self, generate):
        """A row that is missing or wrong is named, with what is so."""
        text = generate.page(generate.rows())
        row = "| `GetTemplate` | enforced | The parts of a template. | `TemplateDoesNotExist` |\n"
        assert [
            "ses:GetTemplate has no row and 'enforced / The parts of a template.' in the code"
        ] == generate.differences(text.replace(row, ""))
        wrong = row.replace("enforced", "stored")
        assert [
            "ses:GetTemplate is 'stored / The parts of a template.' on the page "
            "and 'enforced / The parts of a template.' in the code"
        ] == generate.differences(text.replace(row, wrong))

    def test_check(self, generate, monkeypatch, tmp_path):
        """The script writes the page, and its check ends with an error where it is not true."""
        monkeypatch.setattr(generate, "PAGE", tmp_path / "operations.md")
        monkeypatch.setattr("sys.argv", ["generate.py"])
        generate.main()
        monkeypatch.setattr("sys.argv", ["generate.py", "--check"])
        generate.main()
        generate.PAGE.write_text("# Operations\n", encoding="utf-8")
        with pytest.raises(SystemExit, match=r"operations\.md is not true; renew it with"):
            generate.main()


class TestReadme:
    def test_commands_of_a_fresh_machine(self):
        """The two commands for a machine that has only Python stand in the README."""
        commands = re.findall(r"^```console\n(.*)\n```$", README, re.MULTILINE)
        assert [
            "python -m pip install . && python -m pytest examples",
            "python -m pip install tox && python -m tox",
        ] == commands

    def test_links(self):
        """Every page that the README links to is there."""
        links = re.findall(r"\]\(([^)#:]+)", README)
        assert [] == [link for link in links if not (ROOT / link).exists()]

    def test_pages(self):
        """Every page of the manual is linked in the README."""
        pages = {path.relative_to(ROOT).as_posix() for path in (ROOT / "docs").glob("**/*.md")}
        own = {"docs/index.md", "docs/changelog.md"}
        assert set() == {page for page in pages - own if f"]({page})" not in README}
