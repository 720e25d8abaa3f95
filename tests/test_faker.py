"""The provider for Faker: 1,000 values of each kind, and what the backend does with them."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from email import message_from_bytes, policy
from functools import cache
from typing import get_args

import boto3
import pytest
from botocore_models import has
from faker import Faker

from pytest_ses.domain.mail.events import TYPES
from pytest_ses.domain.mail.outcomes import BOUNCES, FEEDBACK_TYPES, SIMULATOR_OUTCOMES
from pytest_ses.faker import SESProvider, destinations, seeded
from pytest_ses.faker.addresses import SimulatorOutcome
from pytest_ses.wire import Fault

COUNT, SEEDS = 1000, 20
SENDER = "news@example.com"
TOPIC = "arn:aws:sns:us-east-1:123456789012:ses-events"
SIMPLE = {"Simple": {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi"}}}}
ORDINARY = re.compile(r"[a-z0-9._-]+@example\.(com|net|org)")
MESSAGE_ID = re.compile(
    r"[0-9a-f]{16}-[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}-000000"
)
# The texts with which SES rejects addresses, as recorded or reported.
REJECTIONS = {
    "Missing final '@domain'",
    "Missing domain",
    "Missing local name",
    "Local address starts with dot",
    "Local address ends with dot",
    "Local address contains dot-dot",
    "Local address contains control or whitespace",
    "Domain contains illegal character",
    "Domain contains control or whitespace",
    "Domain starts with dot",
    "Domain contains dot-dot",
    "Illegal address",
    "Missing '>'",
    "Missing '<'",
    "Extra route-addr",
    "Invalid email address …",
    "Address length is more than 320 characters long: …",
}
# Arguments of the methods that require some.
TEMPLATE = {
    "TemplateName": "t",
    "TemplateContent": {"Subject": "{{firstName}}", "Text": "{{#each items}}{{price}}{{/each}}"},
}
ARGUMENTS = {
    "ses_bulk_entries": (2, TEMPLATE),
    "ses_sns_envelope": ({"mail": {"timestamp": "2025-01-01T00:00:00.000Z"}},),
    "ses_template_data": (TEMPLATE,),
}
METHODS = [name for name in dir(SESProvider) if name.startswith("ses_")]

pytestmark = pytest.mark.ses(verified=["*"])


@pytest.fixture(scope="module")
def fake():
    """One instance for all tests; `drawn` seeds it."""
    return seeded("")


@pytest.fixture(scope="module")
def drawn(fake):
    """A function that returns values of a method, by default 1,000, with many seeds."""

    @cache
    def draw(method, *args, count=COUNT):
        values = []
        for seed in range(SEEDS):
            fake.seed_instance(seed)
            values += [getattr(fake, method)(*args) for _ in range(count // SEEDS)]
        return values

    return draw


@pytest.fixture
def call(ses_backend):
    """A function that calls an operation of v2 without HTTP."""
    return lambda operation, **params: ses_backend._call("sesv2", operation, params)


def send_v1(backend, address):
    message = {"Subject": {"Data": "Hello"}, "Body": {"Text": {"Data": "Hi"}}}
    destination = {"ToAddresses": [address]}
    params = {"Source": SENDER, "Destination": destination, "Message": message}
    return backend._call("ses", "SendEmail", params)


def send_v2(backend, address):
    destination = {"ToAddresses": [address]}
    params = {"FromEmailAddress": SENDER, "Destination": destination, "Content": SIMPLE}
    return backend._call("sesv2", "SendEmail", params)


each_api = pytest.mark.parametrize("send", [send_v1, send_v2], ids=["v1", "v2"])


def parsed(timestamp):
    """The time in a record."""
    return datetime.strptime(timestamp, "%Y-%m-%dT%H:%M:%S.%f%z")


def time_in(message_id):
    """The time in a message ID."""
    start = datetime(1970, 1, 1, tzinfo=timezone.utc)
    return start + timedelta(milliseconds=int(message_id[4:16], 16))


class TestAddresses:
    @each_api
    def test_accepted(self, drawn, ses_backend, send):
        """SES accepts every address as a recipient, and the outbox has it as supplied."""
        addresses = drawn("ses_address")
        for address in addresses:
            send(ses_backend, address)
        assert addresses == [message.to[0] for message in ses_backend.outbox]

    def test_bare_addresses_are_reserved(self, drawn, ses_backend):
        """Every address is at a domain that is reserved for examples."""
        for address in drawn("ses_address"):
            send_v2(ses_backend, address)
        recipients = [message.recipients[0] for message in ses_backend.outbox]
        reserved = re.compile(r".+@([a-z0-9-]+\.)*(example\.(com|net|org)|example)", re.IGNORECASE)
        assert [] == [address for address in recipients if not reserved.fullmatch(address)]

    def test_kinds(self, drawn):
        """Half of the addresses are ordinary; the others have names, quotes, labels and symbols."""
        addresses = drawn("ses_address")
        assert 0.4 < sum(map(bool, map(ORDINARY.fullmatch, addresses))) / len(addresses) < 0.7
        patterns = (
            r"^\w+ .*<",
            r'^"[^"]+, [^"]+" <',
            r"=\?utf-8\?",
            r"\+",
            r'^"[^"]+"@',
            r"^.@",
            r"`",
        )
        for pattern in patterns:
            assert any(re.search(pattern, address) for address in addresses), pattern

    def test_without_weights(self):
        """Without Faker's weights, every kind of address is equally frequent."""
        plain = Faker(use_weighting=False)
        plain.add_provider(SESProvider)
        plain.seed_instance(1)
        addresses = [plain.ses_address() for _ in range(1000)]
        assert 0.3 > sum(map(bool, map(ORDINARY.fullmatch, addresses))) / len(addresses)

    @each_api
    def test_invalid(self, drawn, ses_backend, send):
        """SES rejects every invalid address with one of its texts for addresses."""
        texts = set()
        for address in drawn("ses_invalid_address"):
            with pytest.raises(Fault) as caught:
                send(ses_backend, address)
            assert caught.value.code in ("InvalidParameterValue", "BadRequestException")
            text = caught.value.message.replace(f"'{address}'.", "…").replace(f"{address}.", "…")
            texts.add(text)
        assert REJECTIONS == texts

    @pytest.mark.parametrize(
        ("outcome", "types"),
        [
            ("success", ["Send", "Delivery"]),
            ("bounce", ["Send", "Bounce"]),
            ("complaint", ["Send", "Delivery", "Complaint"]),
            ("suppressionlist", ["Send", "Bounce"]),
            ("ooto", ["Send", "Delivery", "Bounce"]),
        ],
    )
    def test_simulator(self, fake, ses_backend, outcome, types):
        """The address of an outcome leads to its events, with and without a label."""
        fake.seed_instance(outcome)
        addresses = {fake.ses_simulator_address(outcome) for _ in range(10)}
        assert {True, False} == {"+" in address for address in addresses}
        for address in addresses:
            send_v2(ses_backend, address)
            assert types == [event.type for event in ses_backend.outbox.last.events]

    def test_any_simulator_address(self, drawn, ses_backend):
        """Without an outcome, the addresses are of all outcomes."""
        addresses = drawn("ses_simulator_address")
        for address in addresses:
            send_v2(ses_backend, address)
        assert set(SIMULATOR_OUTCOMES) == {re.split(r"[+@]", address)[0] for address in addresses}

    def test_outcomes(self):
        """The type of the argument has exactly the outcomes of the mailbox simulator."""
        assert set(SIMULATOR_OUTCOMES) == set(get_args(SimulatorOutcome))

    def test_unknown_outcome(self, fake):
        """An unknown outcome is an error that suggests the closest one."""
        expected = "unknown outcome 'bounced' of the mailbox simulator; did you mean 'bounce'?"
        with pytest.raises(ValueError, match=re.escape(expected)):
            fake.ses_simulator_address("bounced")


class TestNames:
    def test_message_ids(self, drawn):
        """Message IDs have SES's form, with the region and a time of 2025, and are unique."""
        ids = drawn("ses_message_id")
        assert [] == [text for text in ids if not MESSAGE_ID.fullmatch(text)]
        assert len(ids) == len(set(ids))
        assert {"0100"} == {text[:4] for text in ids}
        assert {2025} == {time_in(text).year for text in ids}

    def test_configuration_sets(self, drawn, call):
        """SES accepts every name of a configuration set; some are as long as it allows."""
        names = drawn("ses_configuration_set_name")
        for name in names:
            call("CreateConfigurationSet", ConfigurationSetName=name)
            call("DeleteConfigurationSet", ConfigurationSetName=name)
        assert 64 == max(map(len, names))

    def test_event_destinations(self, drawn, call):
        """SES accepts every event destination, of all kinds and for all types of events."""
        call("CreateConfigurationSet", ConfigurationSetName="news")
        key = {"ConfigurationSetName": "news", "EventDestinationName": "events"}
        kinds, types = set(), set()
        for definition in drawn("ses_event_destination"):
            call("CreateConfigurationSetEventDestination", **key, EventDestination=definition)
            call("DeleteConfigurationSetEventDestination", **key)
            kinds.add(list(definition)[2])
            types.update(definition["MatchingEventTypes"])
        operation = "CreateConfigurationSetEventDestination"
        assert kinds == {
            f"{kind}Destination"
            for kind in ("CloudWatch", "EventBridge", "KinesisFirehose", "Pinpoint", "Sns")
            if has("sesv2", operation, f"EventDestination.{kind}Destination")
        }
        assert set(TYPES) == types

    def test_older_boto3(self, fake, monkeypatch):
        """A kind of event destination that the installed boto3 does not know does not occur."""
        known = {"Enabled", "MatchingEventTypes", "SnsDestination"}
        monkeypatch.setattr(destinations, "_members", lambda: known)
        for _ in range(50):
            assert known == set(fake.ses_event_destination())

    def test_pinpoint(self, drawn):
        """Pinpoint destinations do not have the types of events that Pinpoint does not take."""
        types = {
            type_
            for definition in drawn("ses_event_destination")
            if "PinpointDestination" in definition
            for type_ in definition["MatchingEventTypes"]
        }
        assert set(TYPES) - {"DELIVERY_DELAY", "SUBSCRIPTION"} == types


@pytest.mark.slow
class TestTemplates:
    def test_templates_and_data(self, drawn, fake, call):
        """SES creates every template and renders it with its data, but not without."""
        for template in drawn("ses_template"):
            name = template["TemplateName"]
            call("CreateEmailTemplate", **template)
            data = fake.ses_template_data(template)
            call("TestRenderEmailTemplate", TemplateName=name, TemplateData=data)
            with pytest.raises(Fault, match="is not present in the rendering data"):
                call("TestRenderEmailTemplate", TemplateName=name, TemplateData="{}")
            call("DeleteEmailTemplate", TemplateName=name)

    def test_bodies(self, drawn):
        """Templates have a text, HTML or both."""
        bodies = {tuple(template["TemplateContent"])[1:] for template in drawn("ses_template")}
        assert {("Text",), ("Html",), ("Text", "Html")} == bodies

    def test_values(self, fake):
        """Attributes with the name of a method of Faker have its values; others are words."""
        fake.seed_instance(5)
        content = {"Subject": "{{first_name}}", "Text": "{{firstName}} {{order.country}} {{seed}}"}
        data = json.loads(fake.ses_template_data({"TemplateContent": content}))
        assert ["first_name", "firstName", "order", "seed"] == list(data)
        names = fake.factories[0].provider("faker.providers.person").first_names
        assert {data["first_name"], data["firstName"]} <= set(names)
        assert data["seed"].isalpha()

    def test_template_that_cannot_be_rendered(self, fake):
        """A template that no data fits is an error with the reason."""
        template = {"TemplateName": "june", "TemplateContent": {"Subject": "{{upper name}}"}}
        expected = (
            "no data found under which template 'june' renders: Attribute 'upper' is not present in "
            "the rendering data."
        )
        with pytest.raises(ValueError, match=re.escape(expected)):
            fake.ses_template_data(template)

    def test_not_a_template(self, fake):
        """Other arguments than those of v2's operation are an error that says what is expected."""
        with pytest.raises(
            ValueError, match="has no TemplateContent; expected the arguments of v2"
        ):
            fake.ses_bulk_entries(1, {"Template": {"TemplateName": "june"}})

    @pytest.mark.parametrize("template", ["welcome", {"TemplateContent": "welcome"}])
    def test_not_an_object(self, fake, template):
        """So is a name or a text instead of a template."""
        with pytest.raises(
            ValueError, match="has no TemplateContent; expected the arguments of v2"
        ):
            fake.ses_template_data(template)


class TestBulkEntries:
    def test_with_template(self, fake, ses_backend, call):
        """Every entry is sent and renders the template with its own data."""
        for seed in range(20):
            fake.seed_instance(seed)
            template = fake.ses_template()
            call("CreateEmailTemplate", **template)
            result = call(
                "SendBulkEmail",
                FromEmailAddress=SENDER,
                DefaultContent={"Template": {"TemplateName": template["TemplateName"]}},
                BulkEmailEntries=fake.ses_bulk_entries(50, template),
            )
            call("DeleteEmailTemplate", TemplateName=template["TemplateName"])
            assert {"SUCCESS"} == {entry["Status"] for entry in result["BulkEmailEntryResults"]}
        assert 1000 == len(ses_backend.outbox)
        assert {None} == {message.rendering_error for message in ses_backend.outbox}
        assert {0, 1, 2} == {len(message.tags) for message in ses_backend.outbox}

    def test_without_template(self, fake):
        """Without a template, entries have no data."""
        entries = fake.ses_bulk_entries(120)
        assert 120 == len(entries)
        assert {"Destination", "ReplacementTags"} == {name for entry in entries for name in entry}

    def test_number(self, fake):
        """The number of entries can be 0, but not negative."""
        assert [] == fake.ses_bulk_entries(0)
        with pytest.raises(ValueError, match="n=-1 is invalid; expected the number of entries"):
            fake.ses_bulk_entries(-1)


@pytest.mark.slow
class TestMime:
    def test_accepted(self, drawn, ses_backend, call):
        """SES accepts every raw message, and reads what the standard library reads."""
        types = set()
        for raw in drawn("ses_mime"):
            call("SendEmail", Content={"Raw": {"Data": raw}})
            message = ses_backend.outbox.last
            expected = message_from_bytes(raw, policy=policy.default)
            assert expected["Subject"].strip() == message.subject
            assert "example.com" == message.from_domain
            files = [part.get_filename() for part in expected.iter_attachments()]
            assert set(filter(None, files)) <= {file.filename for file in message.attachments}
            types.update(part.get_content_type() for part in expected.walk())
        assert {
            "application/pdf",
            "image/gif",
            "message/rfc822",
            "multipart/alternative",
            "multipart/mixed",
            "multipart/related",
            "text/calendar",
            "text/csv",
            "text/html",
            "text/plain",
        } == types

    def test_v1(self, fake, ses_backend):
        """v1 accepts the messages as well."""
        fake.seed_instance("v1")
        for _ in range(50):
            ses_backend._call("ses", "SendRawEmail", {"RawMessage": {"Data": fake.ses_mime()}})
        assert 50 == len(ses_backend.outbox)

    def test_encodings(self, drawn):
        """The messages have several charsets, transfer encodings and line endings."""
        everything = b"".join(drawn("ses_mime")).lower()
        for text in (b"iso-8859-1", b"quoted-printable", b"base64", b"8bit", b"7bit", b"=?utf-8?"):
            assert text in everything, text
        assert re.search(rb"[^\r]\n", everything)
        assert b"\r\n" in everything

    def test_sender(self, fake, ses_backend, call):
        """The From address can be set."""
        raw = fake.ses_mime(sender="Ada <ada@example.net>")
        call("SendEmail", Content={"Raw": {"Data": raw}})
        assert "ada@example.net" == ses_backend.outbox.one().sender

    @pytest.mark.parametrize("sender", ["nope", ""])
    def test_invalid_sender(self, fake, sender):
        """A From address that SES would reject is an error with SES's reason."""
        expected = rf"^sender='{sender}' is invalid: .*; expected an address such as 'Ada <ada@"
        with pytest.raises(ValueError, match=expected):
            fake.ses_mime(sender=sender)


class TestContacts:
    def test_accepted(self, drawn, call):
        """SES creates every contact, with preferences for topics of the list."""
        topics = ("weekly", "offers")
        details = {"DefaultSubscriptionStatus": "OPT_IN"}
        call(
            "CreateContactList",
            ContactListName="readers",
            Topics=[{"TopicName": name, "DisplayName": name, **details} for name in topics],
        )
        preferences = set()
        for contact in drawn("ses_contact", topics):
            call("CreateContact", ContactListName="readers", **contact)
            address = contact["EmailAddress"]
            stored = call("GetContact", ContactListName="readers", EmailAddress=address)
            assert contact["UnsubscribeAll"] == stored["UnsubscribeAll"]
            assert contact["AttributesData"] == stored["AttributesData"]
            call("DeleteContact", ContactListName="readers", EmailAddress=address)
            preferences.add(len(contact.get("TopicPreferences", ())))
        assert {0, 1, 2} == preferences

    def test_without_topics(self, fake, call):
        """Without topics, a contact has no preferences, so any list takes it."""
        call("CreateContactList", ContactListName="readers")
        contact = fake.ses_contact()
        assert "TopicPreferences" not in contact
        call("CreateContact", ContactListName="readers", **contact)

    def test_single_string(self, fake):
        """A single string instead of a list of topics is an error that shows the list."""
        with pytest.raises(TypeError, match=r"'offers' is a string; .* \['offers'\]"):
            fake.ses_contact(topics="offers")


@pytest.mark.slow
class TestEvents:
    def test_events(self, drawn):
        """Records are of all types, and their times and IDs fit together."""
        types = set()
        for record in drawn("ses_event"):
            types.add(record["eventType"])
            mail = record["mail"]
            (detail,) = (record[name] for name in record if name not in ("eventType", "mail"))
            assert json.loads(json.dumps(record)) == record
            assert "123456789012" == mail["sendingAccountId"]
            sent_at = parsed(mail["timestamp"])
            assert sent_at == time_in(mail["messageId"])
            at = parsed(detail.get("timestamp", mail["timestamp"]))
            latest = parsed(detail.get("expirationTime", "2027-01-01T00:00:00.000Z"))
            assert sent_at <= at <= latest
        assert set(TYPES.values()) == types

    @pytest.mark.parametrize("type_", TYPES.values())
    def test_same_members(self, fake, ses_backend, type_):
        """A record has the members of a record of the backend, in the same order."""
        send_v2(ses_backend, "bounce@simulator.amazonses.com")
        expected = ses_backend.events[1].record
        record = fake.ses_event(type_)
        assert type_ == record["eventType"]
        order = [name for name in expected["mail"] if name in record["mail"]]
        optional = {"sourceArn", "headers", "commonHeaders"}
        assert order == list(record["mail"])
        assert set(expected["mail"]) - set(order) <= optional

    def test_details(self, drawn):
        """Bounces and complaints are of every kind, and several recipients occur."""
        bounces = [record["bounce"] for record in drawn("ses_event", "Bounce", count=200)]
        kinds = {(bounce["bounceType"], bounce["bounceSubType"]) for bounce in bounces}
        assert set(BOUNCES) == kinds
        complaints = drawn("ses_event", "Complaint", count=100)
        feedback = {record["complaint"]["complaintFeedbackType"] for record in complaints}
        assert set(FEEDBACK_TYPES) == feedback
        assert {1, 2, 3} == {len(record["mail"]["destination"]) for record in complaints}

    def test_unsubscribing(self, drawn):
        """Contacts unsubscribe from one topic or from all."""
        records = drawn("ses_event", "Subscription", count=40)
        everything = [
            record["subscription"]["newTopicPreferences"]["unsubscribeAll"] for record in records
        ]
        assert {True, False} == set(everything)

    def test_notifications(self, drawn):
        """Notifications are of the three types that identities publish, some with headers."""
        records = drawn("ses_notification")
        types = {record["notificationType"] for record in records}
        assert {"Bounce", "Complaint", "Delivery"} == types
        assert {True, False} == {"headers" in record["mail"] for record in records}
        assert not any("tags" in record["mail"] for record in records)

    def test_type_of_notification(self, fake):
        """The type of a notification can be chosen."""
        assert "Delivery" == fake.ses_notification("Delivery")["notificationType"]

    @pytest.mark.parametrize(
        ("method", "type_", "expected"),
        [
            ("ses_event", "bounce", "unknown event type 'bounce'; did you mean 'Bounce'?"),
            (
                "ses_notification",
                "Click",
                "unknown notification type 'Click'; expected one of Bounce, Complaint, Delivery",
            ),
        ],
    )
    def test_unknown_type(self, fake, method, type_, expected):
        """An unknown type is an error that suggests the closest one, or all."""
        with pytest.raises(ValueError, match=re.escape(expected)):
            getattr(fake, method)(type_)


class TestEnvelopes:
    @pytest.mark.parametrize("method", ["ses_event", "ses_notification"])
    def test_same_as_posted(self, fake, drawn, ses_backend, method):
        """An envelope has the fields that a webhook of the backend receives, in the same order."""
        webhook = ses_backend.webhook(lambda _body, _headers: 200, topic_arn=TOPIC)
        subject = "Amazon SES Email Event Notification" if method == "ses_event" else None
        posted = webhook.publish("{}", subject).notification
        for record in drawn(method):
            envelope = fake.ses_sns_envelope(record, topic_arn=TOPIC)
            assert sorted(posted) == sorted(envelope)
            assert record == json.loads(envelope["Message"])
            assert (subject, TOPIC) == (envelope.get("Subject"), envelope["TopicArn"])
            assert record["mail"]["timestamp"] < envelope["Timestamp"]

    def test_order(self, fake):
        """The fields are in the order of SNS."""
        assert [
            "Type",
            "MessageId",
            "TopicArn",
            "Subject",
            "Message",
            "Timestamp",
            "SignatureVersion",
            "Signature",
            "SigningCertURL",
            "UnsubscribeURL",
        ] == list(fake.ses_sns_envelope(fake.ses_event()))

    def test_topic_of_the_account(self, fake):
        """By default, the topic is in the account and the region of the provider."""
        arn = fake.ses_sns_envelope(fake.ses_event())["TopicArn"]
        assert arn.startswith("arn:aws:sns:us-east-1:123456789012:")

    def test_not_a_record(self, fake):
        """A record without a time is an error that says what is expected."""
        expected = "record={'eventType': 'Send'} has no timestamp; expected a record such as"
        with pytest.raises(ValueError, match=re.escape(expected)):
            fake.ses_sns_envelope({"eventType": "Send"})
        with pytest.raises(
            ValueError, match="record='x' has no timestamp; expected a record such as"
        ):
            fake.ses_sns_envelope("x")

    def test_invalid_topic(self, fake):
        """A topic that is not an ARN is an error."""
        with pytest.raises(ValueError, match="topic_arn='news' is invalid"):
            fake.ses_sns_envelope(fake.ses_event(), topic_arn="news")


class TestProvider:
    def test_without_pytest(self, ses_backend):
        """The provider can be added to any Faker."""
        fake = Faker()
        fake.add_provider(SESProvider)
        send_v2(ses_backend, fake.ses_address())

    def test_account_and_region(self, ses_backend):
        """With another account and region, IDs and ARNs are of these."""
        options = {"region": "cn-north-1", "account_id": "111122223333"}
        fake = seeded("", **options)
        record = fake.ses_event("Bounce")
        arn = "arn:aws-cn:ses:cn-north-1:111122223333:identity/example.com"
        assert arn == record["mail"]["sourceArn"]
        key = {"ConfigurationSetName": "news", "EventDestinationName": "events"}
        ses_backend._call(
            "sesv2", "CreateConfigurationSet", {"ConfigurationSetName": "news"}, **options
        )
        for _ in range(50):
            params = {**key, "EventDestination": fake.ses_event_destination()}
            for operation, arguments in (("Create", params), ("Delete", key)):
                name = f"{operation}ConfigurationSetEventDestination"
                ses_backend._call("sesv2", name, arguments, **options)

    @pytest.mark.parametrize(
        ("option", "value"), [("region", "eu-west-99"), ("account_id", "1234")]
    )
    def test_invalid_place(self, option, value):
        """An unknown region or an invalid account ID is an error."""
        with pytest.raises(ValueError, match=value):
            seeded("", **{option: value})

    @pytest.mark.parametrize("method", METHODS)
    def test_seed(self, fake, method):
        """The same seed gives the same values."""
        values = []
        for _ in range(2):
            fake.seed_instance("seed")
            arguments = ARGUMENTS.get(method, ())
            values.append([getattr(fake, method)(*arguments) for _ in range(30)])
        assert values[0] == values[1]

    @pytest.mark.slow
    def test_seed_in_other_processes(self):
        """The values of a seed do not depend on the process, its hashes or its time."""
        code = (
            "import hashlib\nfrom test_faker import ARGUMENTS, METHODS, seeded\nfake = seeded('1')\n"
            "values = [getattr(fake, name)(*ARGUMENTS.get(name, ())) for name in METHODS * 20]\n"
            "print(hashlib.sha256(repr(values).encode()).hexdigest())"
        )
        outputs = {
            subprocess.run(
                [sys.executable, "-c", code],
                env={
                    **os.environ,
                    "PYTHONHASHSEED": hash_seed,
                    "PYTHONPATH": os.pathsep.join(sys.path),
                },
                capture_output=True,
                text=True,
                check=True,
            ).stdout
            for hash_seed in "12"
        }
        assert 1 == len(outputs)

    @pytest.mark.parametrize("locale", ["ar_AA", "de_DE", "fr_FR", "hi_IN", "ja_JP", "zh_CN"])
    def test_locales(self, ses_backend, call, locale):
        """In any locale, the backend accepts the values."""
        fake = Faker(locale)
        fake.add_provider(SESProvider)
        fake.seed_instance(1)
        for _ in range(20):
            send_v2(ses_backend, fake.ses_address())
            call("SendEmail", Content={"Raw": {"Data": fake.ses_mime()}})
            fake.ses_event()
            fake.ses_contact()
            template = fake.ses_template()
            call("CreateEmailTemplate", **template)
            data = fake.ses_template_data(template)
            name = template["TemplateName"]
            call("TestRenderEmailTemplate", TemplateName=name, TemplateData=data)
            call("DeleteEmailTemplate", TemplateName=name)

    def test_several_locales(self):
        """A Faker of several locales has the values in all of them."""
        fake = Faker(["en_US", "ja_JP"])
        for generator in fake.factories:
            generator.add_provider(SESProvider)
        assert {"en_US", "ja_JP"} == set(fake.locales)
        assert all("@" in fake[locale].ses_simulator_address() for locale in fake.locales)


class TestWithBoto3:
    def test_requests(self, fake, ses_backend, sesv2_client):
        """boto3 takes what the methods return as parameters."""
        fake.seed_instance("boto3")
        name, template = fake.ses_configuration_set_name(), fake.ses_template()
        sesv2_client.create_configuration_set(ConfigurationSetName=name)
        for number in range(10):
            sesv2_client.create_configuration_set_event_destination(
                ConfigurationSetName=name,
                EventDestinationName=f"destination-{number}",
                EventDestination=fake.ses_event_destination(),
            )
        sesv2_client.create_email_template(**template)
        sesv2_client.send_bulk_email(
            FromEmailAddress=SENDER,
            DefaultContent={"Template": {"TemplateName": template["TemplateName"]}},
            BulkEmailEntries=fake.ses_bulk_entries(50, template),
        )
        sesv2_client.create_contact_list(ContactListName="readers")
        sesv2_client.create_contact(ContactListName="readers", **fake.ses_contact())
        sesv2_client.send_email(Content={"Raw": {"Data": fake.ses_mime()}})
        assert 51 == len(ses_backend.outbox)

    def test_v1_client(self, fake, ses_backend):
        """The client of v1 takes the raw messages and the addresses."""
        client = boto3.client("ses", region_name="us-east-1")
        client.send_raw_email(
            RawMessage={"Data": fake.ses_mime()}, Destinations=[fake.ses_address()]
        )
        assert 1 == len(ses_backend.outbox)


class TestWithoutFaker:
    def test_import(self, monkeypatch):
        """Without Faker, the import fails with the command that installs it."""
        for name in [name for name in sys.modules if name.startswith("pytest_ses.faker")]:
            monkeypatch.delitem(sys.modules, name)
        monkeypatch.setitem(sys.modules, "faker", None)
        with pytest.raises(ModuleNotFoundError, match=r'pip install "pytest-ses\[faker\]"'):
            import pytest_ses.faker  # noqa: F401
