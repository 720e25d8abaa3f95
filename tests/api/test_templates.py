"""What do templates do in both APIs?"""

from __future__ import annotations

import pytest
from asking import refused
from botocore.exceptions import ClientError


class V1:
    """The template operations in the words of v1."""

    codes = {
        "exists": ("AlreadyExists", 400),
        "missing": ("TemplateDoesNotExist", 400),
        "invalid": ("InvalidParameterValue", 400),
        "syntax": ("InvalidTemplate", 400),
        "data": ("InvalidRenderingParameter", 400),
        "attribute": ("MissingRenderingAttribute", 400),
    }

    def __init__(self, client):
        self.client = client

    def create(self, name="t", subject="S", text=None, html=None):
        self.client.create_template(Template=self._template(name, subject, text, html))

    def update(self, name="t", subject="S", text=None, html=None):
        self.client.update_template(Template=self._template(name, subject, text, html))

    def get(self, name="t"):
        found = self.client.get_template(TemplateName=name)["Template"]
        return tuple(found.get(part) for part in ("SubjectPart", "TextPart", "HtmlPart"))

    def delete(self, name="t"):
        self.client.delete_template(TemplateName=name)

    def names(self, size=None, token=None):
        words = {"MaxItems": size, "NextToken": token}
        page = self.client.list_templates(**{k: v for k, v in words.items() if v is not None})
        return [one["Name"] for one in page["TemplatesMetadata"]], page.get("NextToken")

    def render(self, data, name="t"):
        answer = self.client.test_render_template(TemplateName=name, TemplateData=data)
        return answer["RenderedTemplate"]

    @staticmethod
    def _template(name, subject, text, html):
        parts = {"SubjectPart": subject, "TextPart": text, "HtmlPart": html}
        return {"TemplateName": name, **{k: v for k, v in parts.items() if v is not None}}


class V2(V1):
    """The same in the words of v2."""

    codes = {
        "exists": ("AlreadyExistsException", 400),
        "missing": ("NotFoundException", 404),
        "invalid": ("BadRequestException", 400),
        "syntax": ("BadRequestException", 400),
        "data": ("BadRequestException", 400),
        "attribute": ("BadRequestException", 400),
    }

    def create(self, name="t", subject="S", text=None, html=None):
        self.client.create_email_template(
            TemplateName=name, TemplateContent=self._content(subject, text, html)
        )

    def update(self, name="t", subject="S", text=None, html=None):
        self.client.update_email_template(
            TemplateName=name, TemplateContent=self._content(subject, text, html)
        )

    def get(self, name="t"):
        found = self.client.get_email_template(TemplateName=name)["TemplateContent"]
        return tuple(found.get(part) for part in ("Subject", "Text", "Html"))

    def delete(self, name="t"):
        self.client.delete_email_template(TemplateName=name)

    def names(self, size=None, token=None):
        words = {"PageSize": size, "NextToken": token}
        page = self.client.list_email_templates(**{k: v for k, v in words.items() if v is not None})
        return [one["TemplateName"] for one in page["TemplatesMetadata"]], page.get("NextToken")

    def render(self, data, name="t"):
        answer = self.client.test_render_email_template(TemplateName=name, TemplateData=data)
        return answer["RenderedTemplate"]

    @staticmethod
    def _content(subject, text, html):
        parts = {"Subject": subject, "Text": text, "Html": html}
        return {k: v for k, v in parts.items() if v is not None}


@pytest.fixture(params=["v1", "v2"])
def api(request, ses_client, sesv2_client):
    return V1(ses_client) if request.param == "v1" else V2(sesv2_client)


@pytest.fixture
def other(api, ses_client, sesv2_client):
    """The API that `api` is not."""
    return V1(ses_client) if isinstance(api, V2) else V2(sesv2_client)


def test_each_api_reads_what_the_other_wrote(api, other):
    """A template of one API is there in the other, line ends and all."""
    api.create(subject="Hi {{name}}", text="a\r\nb", html="<p>ü & <b></p>")
    assert ("Hi {{name}}", "a\r\nb", "<p>ü & <b></p>") == other.get()
    other.update(subject="New")
    assert ("New", None, None) == api.get()
    other.delete()
    refused(api, "missing", "Template t does not exist.", api.get)


def test_duplicate(api, other):
    """A name is taken for both APIs."""
    other.create()
    refused(api, "exists", "Template t already exists.", api.create)


@pytest.mark.parametrize("operation", ["create", "update"])
@pytest.mark.parametrize("subject", [None, ""])
def test_subject_is_required(api, operation, subject):
    """A template without a subject is refused."""
    refused(
        api, "invalid", "The subject must be specified.", getattr(api, operation), subject=subject
    )


def test_name_is_required_in_v1(ses_client):
    """An empty name is refused (v2's is refused by the model)."""
    api = V1(ses_client)
    refused(api, "invalid", "The template name must be specified.", api.create, name="")


def test_update_missing(api):
    """Only a template that is there can be updated."""
    refused(api, "missing", "Template t does not exist.", api.update)


@pytest.mark.parametrize("part", ["subject", "text", "html"])
@pytest.mark.parametrize("source", ["{{#if x}}", "{{/if}}", "{{> nowhere}}", "{{"])
def test_syntax(api, part, source):
    """A part that does not compile is refused at creation."""
    with pytest.raises(ClientError) as caught:
        api.create(**{part: source})
    error = caught.value.response["Error"]
    assert api.codes["syntax"][0] == error["Code"]
    assert error["Message"].startswith(f"In the {part} part: ")


def test_size(api):
    """Text and HTML together may have 500 KB."""
    api.create(text="x" * 250 * 1024, html="y" * 250 * 1024)
    refused(
        api,
        "syntax",
        "The template has 512001 bytes of text and HTML; the limit is 512000.",
        api.create,
        name="u",
        text="x" * 250 * 1024,
        html="y" * (250 * 1024 + 1),
    )


def test_delete_missing(ses_client, sesv2_client):
    """v1 deletes what is not there, v2 does not."""
    V1(ses_client).delete()
    api = V2(sesv2_client)
    refused(api, "missing", "Template t does not exist.", api.delete)


class TestList:
    @pytest.fixture(autouse=True)
    def twelve(self, api):
        for number in range(12):
            api.create(f"t{number:02}")

    def test_newest_first_ten_a_page(self, api):
        """The newest come first, ten a page; an updated one keeps its place."""
        api.update("t03")
        first, token = api.names()
        assert [f"t{number:02}" for number in range(11, 1, -1)] == first
        assert (["t01", "t00"], None) == api.names(token=token)

    def test_tokens_are_good_in_both_apis(self, api, other):
        """A page token of one API serves in the other."""
        _, token = api.names(11)
        assert (["t00"], None) == other.names(11, token)

    def test_empty_token(self, api):
        """An empty token is none."""
        assert api.names() == api.names(token="")

    def test_bad_token(self, api):
        """A token that SES did not give is refused."""
        refused(api, "invalid", "Invalid PageToken <nonsense>.", api.names, token="nonsense")


def test_page_size(ses_client, sesv2_client):
    """Out of range v1 serves a hundred and v2 refuses."""
    one, two = V1(ses_client), V2(sesv2_client)
    one.create()
    assert (["t"], None) == one.names(0)
    assert (["t"], None) == one.names(101)
    for size in (0, 101):
        refused(two, "invalid", "The page size must be between 1 and 100", two.names, size)


class TestRender:
    def test_parts(self, api):
        """A rendering is a MIME mail of subject, text and HTML."""
        api.create(subject="Hi {{name}}", text="Dear {{name}}", html="<p>{{name}}</p>")
        rendered = api.render('{"name": "Ada"}')
        assert "\r\nSubject: Hi Ada\r\nMIME-Version: 1.0\r\n" in rendered
        assert "multipart/alternative" in rendered
        assert rendered.index("Dear Ada") < rendered.index("<p>Ada</p>")

    def test_one_part(self, api):
        """With one part the mail is not divided."""
        api.create(text="Dear {{name}}")
        rendered = api.render('{"name": "Ada"}')
        assert "multipart" not in rendered
        assert rendered.endswith("Dear Ada") or "Dear Ada" in rendered

    def test_missing_template(self, api):
        """Only a template that is there can be rendered."""
        refused(api, "missing", "Template t does not exist.", api.render, "{}")

    def test_missing_attribute(self, api):
        """A missing attribute is an error that names it."""
        api.create(subject="{{contact.name}}")
        refused(
            api,
            "attribute",
            "Attribute 'contact.name' is not present in the rendering data.",
            api.render,
            "{}",
        )

    @pytest.mark.parametrize("data", ["", "[]", '"x"', "{", "NaN", '{"a": NaN}', "[" * 5000])
    def test_bad_data(self, api, data):
        """Data has to be a JSON object."""
        api.create()
        refused(api, "data", "Template rendering data is invalid", api.render, data)

    def test_data_over_the_limit(self, api):
        """Data has at most 262144 characters."""
        api.create()
        with pytest.raises(ClientError, match="Value at 'templateData' failed to satisfy"):
            api.render(" " * 262145)
