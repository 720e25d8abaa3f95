"""Email templates, in both APIs."""

from __future__ import annotations

import pytest
from asking import assert_error
from botocore.exceptions import ClientError


class V1:
    """The template operations of v1, behind an interface that both APIs share."""

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
        template = self.client.get_template(TemplateName=name)["Template"]
        return tuple(template.get(part) for part in ("SubjectPart", "TextPart", "HtmlPart"))

    def delete(self, name="t"):
        self.client.delete_template(TemplateName=name)

    def names(self, size=None, token=None):
        params = {"MaxItems": size, "NextToken": token}
        page = self.client.list_templates(**{k: v for k, v in params.items() if v is not None})
        return [template["Name"] for template in page["TemplatesMetadata"]], page.get("NextToken")

    def render(self, data, name="t"):
        response = self.client.test_render_template(TemplateName=name, TemplateData=data)
        return response["RenderedTemplate"]

    @staticmethod
    def _template(name, subject, text, html):
        parts = {"SubjectPart": subject, "TextPart": text, "HtmlPart": html}
        return {"TemplateName": name, **{k: v for k, v in parts.items() if v is not None}}


class V2(V1):
    """The template operations of v2, behind the same interface."""

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
        content = self.client.get_email_template(TemplateName=name)["TemplateContent"]
        return tuple(content.get(part) for part in ("Subject", "Text", "Html"))

    def delete(self, name="t"):
        self.client.delete_email_template(TemplateName=name)

    def names(self, size=None, token=None):
        params = {"PageSize": size, "NextToken": token}
        page = self.client.list_email_templates(
            **{k: v for k, v in params.items() if v is not None}
        )
        names = [template["TemplateName"] for template in page["TemplatesMetadata"]]
        return names, page.get("NextToken")

    def render(self, data, name="t"):
        response = self.client.test_render_email_template(TemplateName=name, TemplateData=data)
        return response["RenderedTemplate"]

    @staticmethod
    def _content(subject, text, html):
        parts = {"Subject": subject, "Text": text, "Html": html}
        return {k: v for k, v in parts.items() if v is not None}


@pytest.fixture(params=["v1", "v2"])
def api(request, ses_client, sesv2_client):
    return V1(ses_client) if request.param == "v1" else V2(sesv2_client)


@pytest.fixture
def other(api, ses_client, sesv2_client):
    """The other of the two APIs."""
    return V1(ses_client) if isinstance(api, V2) else V2(sesv2_client)


def test_each_api_reads_what_the_other_wrote(api, other):
    """A template of one API exists unchanged in the other, including line endings."""
    api.create(subject="Hi {{name}}", text="a\r\nb", html="<p>ü & <b></p>")
    assert ("Hi {{name}}", "a\r\nb", "<p>ü & <b></p>") == other.get()
    other.update(subject="New")
    assert ("New", None, None) == api.get()
    other.delete()
    assert_error(api, "missing", "Template t does not exist.", api.get)


def test_duplicate(api, other):
    """A name that exists in one API is a duplicate in the other."""
    other.create()
    assert_error(api, "exists", "Template t already exists.", api.create)


@pytest.mark.parametrize("operation", ["create", "update"])
@pytest.mark.parametrize("subject", [None, ""])
def test_subject_is_required(api, operation, subject):
    """A template without a subject is rejected."""
    assert_error(
        api, "invalid", "The subject must be specified.", getattr(api, operation), subject=subject
    )


def test_name_is_required_in_v1(ses_client):
    """v1 rejects an empty name; in v2, the model does not allow it."""
    api = V1(ses_client)
    assert_error(api, "invalid", "The template name must be specified.", api.create, name="")


def test_update_missing(api):
    """A template that does not exist cannot be updated."""
    assert_error(api, "missing", "Template t does not exist.", api.update)


@pytest.mark.parametrize("part", ["subject", "text", "html"])
@pytest.mark.parametrize("source", ["{{#if x}}", "{{/if}}", "{{> nowhere}}", "{{"])
def test_syntax(api, part, source):
    """A part with a syntax error is rejected on creation."""
    with pytest.raises(ClientError) as caught:
        api.create(**{part: source})
    error = caught.value.response["Error"]
    assert api.codes["syntax"][0] == error["Code"]
    assert error["Message"].startswith(f"In the {part} part: ")


def test_size(api):
    """Text and HTML of more than 500 KB together are rejected."""
    api.create(text="x" * 250 * 1024, html="y" * 250 * 1024)
    assert_error(
        api,
        "syntax",
        "The template has 512001 bytes of text and HTML; the limit is 512000.",
        api.create,
        name="u",
        text="x" * 250 * 1024,
        html="y" * (250 * 1024 + 1),
    )


def test_delete_missing(ses_client, sesv2_client):
    """Deleting a missing template succeeds in v1 and fails in v2."""
    V1(ses_client).delete()
    api = V2(sesv2_client)
    assert_error(api, "missing", "Template t does not exist.", api.delete)


class TestList:
    @pytest.fixture(autouse=True)
    def _twelve_templates(self, api):
        for number in range(12):
            api.create(f"t{number:02}")

    def test_order_and_default_page_size(self, api):
        """Templates are listed newest first, ten per page; an update does not change the order."""
        api.update("t03")
        first, token = api.names()
        assert [f"t{number:02}" for number in range(11, 1, -1)] == first
        assert (["t01", "t00"], None) == api.names(token=token)

    def test_token_of_the_other_api(self, api, other):
        """A token of one API is valid in the other."""
        _, token = api.names(11)
        assert (["t00"], None) == other.names(11, token)

    def test_empty_token(self, api):
        """An empty token is ignored."""
        assert api.names() == api.names(token="")

    def test_invalid_token(self, api):
        """An invalid token is rejected."""
        assert_error(api, "invalid", "Invalid PageToken <nonsense>.", api.names, token="nonsense")


def test_largest_page_in_v1(ses_client):
    """In v1, a page has at most 100 templates, however many are requested."""
    v1 = V1(ses_client)
    for number in range(101):
        v1.create(f"t{number}")
    for size in (100, 101):
        names, token = v1.names(size)
        assert (100, ["t0"]) == (len(names), v1.names(token=token)[0])


def test_page_size(ses_client, sesv2_client):
    """v1 ignores a page size out of range; v2 rejects it."""
    v1, v2 = V1(ses_client), V2(sesv2_client)
    v1.create()
    assert (["t"], None) == v1.names(0)
    assert (["t"], None) == v1.names(101)
    assert (["t"], None) == v2.names(100)
    for size in (0, 101):
        assert_error(v2, "invalid", "The page size must be between 1 and 100", v2.names, size)


class TestRender:
    def test_parts(self, api):
        """A rendered template is a MIME message with subject, text and HTML."""
        api.create(subject="Hi {{name}}", text="Dear {{name}}", html="<p>{{name}}</p>")
        rendered = api.render('{"name": "Ada"}')
        assert "\r\nSubject: Hi Ada\r\nMIME-Version: 1.0\r\n" in rendered
        assert "multipart/alternative" in rendered
        assert rendered.index("Dear Ada") < rendered.index("<p>Ada</p>")

    def test_one_part(self, api):
        """A template with one part is not rendered as multipart."""
        api.create(text="Dear {{name}}")
        rendered = api.render('{"name": "Ada"}')
        assert "multipart" not in rendered
        assert rendered.endswith("Dear Ada") or "Dear Ada" in rendered

    def test_missing_template(self, api):
        """A template that does not exist cannot be rendered."""
        assert_error(api, "missing", "Template t does not exist.", api.render, "{}")

    def test_missing_attribute(self, api):
        """A missing attribute fails with an error that names it."""
        api.create(subject="{{contact.name}}")
        assert_error(
            api,
            "attribute",
            "Attribute 'contact.name' is not present in the rendering data.",
            api.render,
            "{}",
        )

    @pytest.mark.parametrize("data", ["", "[]", '"x"', "{", "NaN", '{"a": NaN}', "[" * 5000])
    def test_invalid_data(self, api, data):
        """Data that is not a JSON object is rejected."""
        api.create()
        assert_error(api, "data", "Template rendering data is invalid", api.render, data)

    def test_data_over_the_limit(self, api):
        """Data of more than 262144 characters is rejected."""
        api.create()
        with pytest.raises(ClientError, match="Value at 'templateData' failed to satisfy"):
            api.render(" " * 262145)
