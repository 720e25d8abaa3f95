"""Bulk sending, in both APIs."""

from __future__ import annotations

import json

import pytest
from botocore.exceptions import ClientError
from botocore_models import needs
from senders import BulkV1, BulkV2


@pytest.fixture(params=[BulkV1, BulkV2], ids=["v1", "v2"])
def api(request, ses_backend):
    return request.param()


@pytest.fixture(autouse=True)
def _sender_and_template(ses_backend, ses_client):
    ses_backend.verify("example.com")
    ses_client.create_template(
        Template={"TemplateName": "t", "SubjectPart": "Hi {{name}}", "TextPart": "{{a.b}} {{a.c}}"}
    )


DATA = '{"name": "you", "a": {"b": 1, "c": [1, 2]}}'


def statuses(results):
    return [result["Status"] for result in results]


def test_results_in_order(api, ses_backend):
    """Each entry has a result, in the order of the request, with a message ID or an error."""
    results = api.send(
        api.entry("ada@example.org", '{"name": "Ada"}'),
        api.entry("nobody"),
        api.entry("bob@example.org", '{"a": {"c": [3]}}'),
        data=DATA,
    )
    assert [api.words["ok"], api.words["invalid"], api.words["ok"]] == statuses(results)
    assert "Missing final '@domain'" == results[1]["Error"]
    assert "MessageId" not in results[1]
    assert [results[0]["MessageId"], results[2]["MessageId"]] == [
        message.message_id for message in ses_backend.outbox
    ]
    assert all("Error" not in result for result in (results[0], results[2]))


def test_data_is_merged(api, ses_backend):
    """Replacement data overrides the default data key by key; lists are replaced as a whole."""
    api.send(
        api.entry("ada@example.org", '{"name": "Ada"}'),
        api.entry("bob@example.org", '{"a": {"c": [3]}}'),
        api.entry("cleo@example.org", "{}"),
        data=DATA,
    )
    assert [("Hi Ada", "1 [1, 2]"), ("Hi you", "1 [3]"), ("Hi you", "1 [1, 2]")] == [
        (message.subject, message.text) for message in ses_backend.outbox
    ]
    assert {"name": "you", "a": {"b": 1, "c": [3]}} == ses_backend.outbox[1].template_data


def test_missing_replacement_data(ses_backend):
    """Missing replacement data means no data in v2, and is rejected in v1."""
    v1, v2 = BulkV1(), BulkV2()
    assert ["SUCCESS"] == statuses(v2.send(v2.entry("ada@example.org", None), data=DATA))
    results = v1.send(v1.entry("ada@example.org", None), data=DATA)
    assert [{"Status": "InvalidParameterValue", "Error": "The template data is invalid"}] == results


def test_invalid_replacement_data(api, ses_backend):
    """Invalid replacement data fails only its own entry."""
    results = api.send(api.entry("a@example.org", "[]"), api.entry("b@example.org"), data=DATA)
    assert [api.words["invalid"], api.words["ok"]] == statuses(results)
    assert "The template data is invalid" == results[0]["Error"]


@pytest.mark.filterwarnings("ignore::pytest_ses.RenderingFailureWarning")
def test_missing_attribute(api, ses_backend):
    """An entry is accepted even if its message cannot be rendered."""
    results = api.send(api.entry("a@example.org"))
    assert [api.words["ok"]] == statuses(results)
    assert "Attribute 'name' is not present in the rendering data." == (
        ses_backend.outbox.one().rendering_error
    )


def test_tags(api, ses_backend):
    """The tags of an entry override the default tags."""
    api.send(
        api.entry("a@example.org", tags=[{"Name": "x", "Value": "2"}]),
        api.entry("b@example.org"),
        api.entry("c@example.org", tags=[{"Name": "bad name", "Value": "2"}]),
        data=DATA,
        tags=[{"Name": "x", "Value": "1"}, {"Name": "y", "Value": "1"}],
    )
    assert [{"x": "2", "y": "1"}, {"x": "1", "y": "1"}] == [m.tags for m in ses_backend.outbox]


class TestWholeCall:
    @pytest.mark.parametrize("argument", ["source", "path"])
    @pytest.mark.parametrize("address", ["eve", "x" * 320 + "@example.com"])
    def test_sender(self, api, argument, address):
        """An invalid sender fails the whole call and is reported before a missing template."""
        with pytest.raises(ClientError) as caught:
            api.send(api.entry("a@example.org"), template="nil", **{argument: address})
        error = caught.value.response["Error"]
        assert (api.codes["invalid"], f"Invalid email address<{address}>.") == (
            error["Code"],
            error["Message"],
        )

    @pytest.mark.parametrize(
        ("kind", "text", "arguments"),
        [
            ("no template", "Template nil does not exist.", {"template": "nil"}),
            ("no set", "Configuration set <nil> does not exist.", {"set": "nil"}),
            ("invalid", "The template data is invalid", {"data": "[]"}),
            (
                "unverified",
                "Email address is not verified. The following identities failed the check in "
                "region US-EAST-1: eve@evil.example",
                {"source": "eve@evil.example"},
            ),
            (
                "invalid",
                "The tag value must be specified.",
                {"tags": [{"Name": "x", "Value": ""}]},
            ),
        ],
    )
    def test_rejected(self, api, ses_backend, kind, text, arguments):
        """An error in the part that all entries share fails the whole call."""
        with pytest.raises(ClientError) as caught:
            api.send(api.entry("a@example.org"), **arguments)
        error = caught.value.response["Error"]
        assert (api.codes[kind], text) == (error["Code"], error["Message"])
        assert 0 == len(ses_backend.outbox)

    def test_too_many_entries(self, api, ses_backend):
        """A call with more than 50 entries is rejected."""
        entries = [api.entry(f"a{number}@example.org") for number in range(51)]
        assert 50 == len(api.send(*entries[:50], data=DATA))
        with pytest.raises(ClientError) as caught:
            api.send(*entries, data=DATA)
        assert api.codes["invalid"] == caught.value.response["Error"]["Code"]


class TestEntries:
    def test_reply_to(self, api):
        """An invalid Reply-To address fails every entry."""
        results = api.send(
            api.entry("a@example.org"), api.entry("b@example.org"), reply_to=["nobody"], data=DATA
        )
        assert [api.words["invalid"]] * 2 == statuses(results)

    def test_no_recipients(self, api):
        """An entry without recipients fails."""
        assert [api.words["invalid"]] == statuses(api.send(api.entry([]), data=DATA))

    def test_too_many_recipients(self, api):
        """An entry with more than 50 recipients fails."""
        results = api.send(api.entry([f"a{n}@example.org" for n in range(51)]), data=DATA)
        assert [(api.words["invalid"], "Recipient count exceeds 50.")] == [
            (result["Status"], result["Error"]) for result in results
        ]

    def test_too_large(self, ses_client):
        """In v1, an entry whose message exceeds 10 MB fails."""
        template = {"TemplateName": "large", "SubjectPart": "s", "TextPart": "{{text}}" * 20}
        ses_client.create_template(Template=template)
        api = BulkV1()
        results = api.send(
            api.entry("a@example.org", json.dumps({"text": "€" * 200_000}, ensure_ascii=False)),
            api.entry("b@example.org", '{"text": ""}'),
            template="large",
        )
        assert [api.words["invalid"], api.words["ok"]] == statuses(results)
        assert "Message length is more than 10485760 bytes long: '" in results[0]["Error"]

    def test_sandbox(self, api, ses_backend):
        """In the sandbox, a recipient that is not verified fails its entry."""
        ses_backend.account().sandbox = True
        results = api.send(api.entry("a@example.org"), api.entry("b@example.com"), data=DATA)
        assert [api.words["rejected"], api.words["ok"]] == statuses(results)

    @pytest.mark.ses(daily_quota=2)
    def test_quota_reached_half_way(self, api):
        """Once the quota is used up, only the remaining entries fail."""
        results = api.send(*(api.entry(f"a{n}@example.org") for n in range(4)), data=DATA)
        ok, quota = api.words["ok"], api.words["quota"]
        assert [ok, ok, quota, quota] == statuses(results)

    @pytest.mark.ses(send_rate=1)
    def test_rate_reached_half_way(self, api):
        """Once the send rate is reached, only the remaining entries fail."""
        results = api.send(*(api.entry(f"a{n}@example.org") for n in range(2)), data=DATA)
        assert [api.words["ok"], api.words["throttled"]] == statuses(results)


class TestV2Only:
    @needs("sesv2", "SendBulkEmail", "DefaultContent.Template.TemplateContent")
    def test_inline_template(self, ses_backend):
        """A bulk send can contain an inline template."""
        api = BulkV2()
        content = {"TemplateName": None, "TemplateContent": {"Subject": "Hi {{name}}"}}
        api.send(api.entry("a@example.org", '{"name": "Ada"}'), content=content)
        assert "Hi Ada" == ses_backend.outbox.one().subject

    @needs("sesv2", "SendBulkEmail", "DefaultContent.Template.Headers")
    def test_headers(self, ses_backend):
        """The headers of an entry replace the template's headers of the same name."""
        api = BulkV2()
        headers = [{"Name": "X-One", "Value": "1"}, {"Name": "X-Two", "Value": "2"}]
        api.send(
            api.entry("a@example.org", ReplacementHeaders=[{"Name": "x-two", "Value": "3"}]),
            api.entry("b@example.org"),
            content={"Headers": headers},
            data=DATA,
        )
        assert [("1", "3"), ("1", "2")] == [
            (message.headers["X-One"], message.headers["X-Two"]) for message in ses_backend.outbox
        ]

    def test_without_sender(self):
        """A bulk send without a sender is rejected."""
        client = BulkV2().client
        with pytest.raises(ClientError, match="Source cannot be empty"):
            client.send_bulk_email(
                DefaultContent={"Template": {"TemplateName": "t"}},
                BulkEmailEntries=[{"Destination": {}}],
            )

    @needs("sesv2", "SendBulkEmail", "TenantName")
    def test_missing_tenant(self):
        """A tenant that does not exist fails the whole call."""
        client = BulkV2().client
        with pytest.raises(
            ClientError, match="Tenant acme for AwsAccountId 123456789012 not found"
        ):
            client.send_bulk_email(
                FromEmailAddress="a@example.com",
                TenantName="acme",
                DefaultContent={"Template": {"TemplateName": "t"}},
                BulkEmailEntries=[{"Destination": {}}],
            )


def test_names_from_all_over_the_world(ses_backend):
    """Template data in any script is rendered unchanged."""
    from faker import Faker

    fakes = [Faker(locale) for locale in ("de_DE", "ja_JP", "ar_SA", "hi_IN", "ru_RU")]
    people = []
    for number, fake in enumerate(fakes):
        fake.seed_instance(number)
        people.append((f"p{number}@example.org", fake.name()))
    api = BulkV2()
    api.send(*(api.entry(to, json.dumps({"name": name})) for to, name in people), data=DATA)
    assert [f"Hi {name}" for _, name in people] == [m.subject for m in ses_backend.outbox]
    assert [f"Hi {name}" for _, name in people] == [m.mime["Subject"] for m in ses_backend.outbox]
