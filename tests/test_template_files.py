"""Templates in files."""

from __future__ import annotations

import json
import re
from textwrap import dedent

import pytest

from pytest_ses.handlebars import TemplateSyntaxError

V1 = {"Template": {"TemplateName": "v1", "SubjectPart": "Hi {{name}}", "TextPart": "Hello 😀"}}
V2 = {
    "TemplateName": "v2",
    "TemplateContent": {"Subject": "Hi", "Html": "<p>{{name}}</p>"},
    "Tags": [{"Key": "team", "Value": "news"}],
}
STACK = """\
    AWSTemplateFormatVersion: "2010-09-09"
    Parameters:
      Stage: {Type: String}
    Resources:
      Topic:
        Type: AWS::SNS::Topic
        Properties:
          TopicName: !Sub "${Stage}-news"
          Tags: [!Ref Stage, !If [a, b, c]]
      Welcome:
        Type: AWS::SES::Template
        Properties:
          Tags:
            - Key: team
              Value: news
          Template:
            TemplateName: welcome
            SubjectPart: Welcome, {{name}}
            HtmlPart: |
              <p>Hello</p>
              <p>{{name}}</p>
"""


def encoded(content):
    """The bytes of a file, given as such, as text or as an object for JSON."""
    if isinstance(content, bytes):
        return content
    return dedent(content if isinstance(content, str) else json.dumps(content)).encode()


@pytest.fixture
def load(ses_backend, tmp_path):
    """A function that writes files, given their contents by name, and loads their folder."""

    def write_and_load(files, **options):
        for name, content in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(encoded(content))
        return ses_backend.load_templates(tmp_path, **options)

    return write_and_load


@pytest.fixture
def templates(ses_backend):
    """The templates of the account."""
    return ses_backend.account().templates


class TestJson:
    @pytest.mark.parametrize("indent", [None, 2, "\t"])
    def test_input_of_the_cli(self, load, templates, indent):
        """The inputs of v1's and v2's CLI commands are loaded, with tags."""
        files = {
            f"{number}.json": json.dumps(v, indent=indent) for number, v in enumerate((V1, V2))
        }
        assert ["v1", "v2"] == load(files)
        assert ("Hi {{name}}", "Hello 😀", None) == templates["v1"].parts
        assert ("Hi", None, "<p>{{name}}</p>") == templates["v2"].parts
        assert {"team": "news"} == templates["v2"].tags

    def test_plain_strings(self, load, templates):
        """The account stores ordinary strings."""
        load({"v2.json": V2})
        template = templates["v2"]
        texts = [template.name, *template.parts, *template.tags, *template.tags.values()]
        assert {str, type(None)} == set(map(type, texts))

    def test_stack(self, load, templates):
        """A stack in JSON is loaded."""
        properties = {"Template": V1["Template"]}
        resource = {"Type": "AWS::SES::Template", "Properties": properties}
        assert ["v1"] == load({"stack.json": {"Resources": {"Welcome": resource}}})
        assert "Hi {{name}}" == templates["v1"].parts.subject


class TestYaml:
    @pytest.mark.parametrize("ending", ["yaml", "yml", "template"])
    def test_stack(self, load, templates, ending):
        """The templates of a stack in YAML are loaded; its other resources are ignored."""
        assert ["welcome"] == load({f"stack.{ending}": STACK})
        html = "<p>Hello</p>\n<p>{{name}}</p>\n"
        assert ("Welcome, {{name}}", None, html) == templates["welcome"].parts
        assert {"team": "news"} == templates["welcome"].tags

    def test_dates(self, load):
        """What looks like a date is a text, as in CloudFormation."""
        stack = dedent(STACK).replace('"2010-09-09"', "2010-99-99").replace("welcome", "2010-09-09")
        assert ["2010-09-09"] == load({"stack.yaml": stack})


class TestPlainFiles:
    def test_parts(self, load, templates):
        """Files with the same start of their names are the parts of a template."""
        files = {
            "welcome.subject.txt": "Welcome, {{name}}\n",
            "welcome.txt": "Hello\n",
            "welcome.html": "<p>Hello</p>\n",
            "orders/paid.subject.txt": "\ufeffPaid",
            "orders/paid.html": "<p>Thanks</p>",
            "logo.png": b"\x89PNG",
        }
        assert ["paid", "welcome"] == load(files)
        assert ("Welcome, {{name}}", "Hello\n", "<p>Hello</p>\n") == templates["welcome"].parts
        assert ("Paid", None, "<p>Thanks</p>") == templates["paid"].parts

    def test_single_files(self, ses_backend, load, tmp_path):
        """Files can be passed one by one."""
        load({"v1.json": V1, "v2.json": V2})
        ses_backend.reset()
        assert ["v1"] == ses_backend.load_templates(str(tmp_path / "v1.json"))

    def test_account(self, ses_backend, load):
        """The templates are created in the account and the region that are passed."""
        place = {"region": "eu-west-1", "account_id": "111122223333"}
        load({"v1.json": V1}, **place)
        assert ["v1"] == list(ses_backend.account(**place).templates)
        assert [] == list(ses_backend.account().templates)


class TestErrors:
    @pytest.mark.parametrize(
        ("files", "error"),
        [
            ({"a.html": "x"}, "a.html, line 1: a.subject.txt with the subject is missing"),
            ({"a.subject.txt": "", "a.txt": ""}, "line 1: The subject must be specified."),
            (
                {"a.subject.txt": "x", "a.html": "<p>\n\n{{#if a}}</p>"},
                "a.html, line 3: this block is never closed",
            ),
            ({"a.subject.txt": b"a\n\xff"}, "a.subject.txt, line 2: the text is not in UTF-8"),
            ({"a.json": '{\n"a": 1\n"b": 2}'}, "a.json, line 3: "),
            (
                {"a.json": {**V1, "Tags": []}},
                "a.json, line 1: unknown member 'Tags'; expected Template",
            ),
            ({"a.json": {**V2, "Tag": []}}, "line 1: unknown member 'Tag'; did you mean 'Tags'?"),
            ({"a.json": "[1]"}, "a.json, line 1: the file has no templates; expected the input of"),
            ({"a.json": {"Template": "x"}}, "a.json, line 1: Template is 'x'; expected an object"),
            (
                {"a.json": {"Template": {"TemplateName": "t", "HtmlPrat": "x"}}},
                "a.json, line 1: unknown member 'HtmlPrat'; did you mean 'HtmlPart'?",
            ),
            (
                {"a.json": '{"Template": {\n"TemplateName": "t",\n"SubjectPart": 5}}'},
                "a.json, line 3: SubjectPart is 5; expected a string",
            ),
            (
                {"a.json": '{"Template": {\n"SubjectPart": "x"}}'},
                "a.json, line 2: TemplateName is missing",
            ),
            (
                {
                    "a.json": json.dumps(
                        {"TemplateName": "t", "TemplateContent": {"Subject": "{{#if}}"}}, indent=1
                    )
                },
                "a.json, line 4: in the subject part: ",
            ),
            (
                {"a.json": {**V2, "Tags": [{"Key": "team"}]}},
                "a.json, line 1: the tag {'Key': 'team'} is invalid; expected a Key and a Value",
            ),
            ({"a.yaml": "a: [1\nb: 2"}, "a.yaml, line 2: "),
            ({"a.yaml": "a: 1\nb: \0"}, "a.yaml, line 2: special characters are not allowed"),
            ({"a.yaml": "Resources: {A: {Type: x}}"}, "line 1: the stack has no resource of type"),
            ({"a.yaml": "\nResources:\n  A: 5"}, "a.yaml, line 3: A is 5; expected an object"),
            (
                {"a.yaml": STACK.replace("<p>{{name}}</p>", "{{#if name}}")},
                "a.yaml, line 21: this block is never closed",
            ),
            (
                {
                    "a.yaml": STACK.replace(
                        "TemplateName: welcome", "TemplateName: !Sub '${Stage}-x'"
                    )
                },
                "a.yaml, line 17: TemplateName uses !Sub, which only CloudFormation can resolve",
            ),
            (
                {"a.yaml": STACK.replace("SubjectPart: Welcome, {{name}}", "SubjectPart: {}")},
                "a.yaml, line 18: SubjectPart uses an object, which only CloudFormation can",
            ),
            (
                {"logo.png": b""},
                "; expected files that end in one of .subject.txt, .txt, .html, .json",
            ),
        ],
    )
    def test_text(self, load, templates, files, error):
        """An error names the file and the line, and no template is created."""
        with pytest.raises(ValueError, match=re.escape(error)):
            load({"0.json": V2, **files} if "logo.png" not in files else files)
        assert {} == dict(templates)

    def test_twice(self, load, templates):
        """A name that occurs twice is an error of the second file; the first is not created."""
        with pytest.raises(ValueError, match=r"b\.json, line 1: Template v1 already exists\."):
            load({"a.json": V1, "b.json": V1})
        assert {} == dict(templates)

    def test_existing_templates(self, load, templates):
        """A template that the account had before stays as it is."""
        load({"a.json": V1})
        with pytest.raises(ValueError, match="already exists"):
            load({"a.json": {"Template": {**V1["Template"], "SubjectPart": "other"}}})
        assert "Hi {{name}}" == templates["v1"].parts.subject

    @pytest.mark.parametrize("name", ["nowhere.json", "nowhere"])
    def test_missing(self, ses_backend, name):
        """A file or folder that does not exist is an error with the current folder."""
        with pytest.raises(ValueError, match=rf"^{re.escape(name)} does not exist \(in "):
            ses_backend.load_templates(name)

    def test_unknown_ending(self, ses_backend, tmp_path):
        """A file without a known ending is an error with the endings."""
        (tmp_path / "templates").touch()
        with pytest.raises(
            ValueError, match=r"templates has no known ending; expected one of \.sub"
        ):
            ses_backend.load_templates(tmp_path / "templates")

    def test_subject_not_passed(self, ses_backend, load, tmp_path):
        """A plain file whose subject file exists but is not passed is an error that says what to pass."""
        load({"a.subject.txt": "x", "a.txt": "y"})
        expected = (
            "a.txt, line 1: a.subject.txt was not passed; pass the folder, or all files of the"
        )
        with pytest.raises(ValueError, match=re.escape(expected)):
            ses_backend.load_templates(tmp_path / "a.txt")

    def test_no_paths(self, ses_backend):
        """Without paths, there is nothing to load, which is an error."""
        with pytest.raises(TypeError, match="requires at least one path of a folder or a file"):
            ses_backend.load_templates()

    def test_no_cause(self, load):
        """The error of the template language is not part of the traceback."""
        with pytest.raises(ValueError, match="never closed") as caught:
            load({"a.subject.txt": "{{#if a}}"})
        assert not isinstance(caught.value.__cause__, TemplateSyntaxError)
        assert caught.value.__suppress_context__
