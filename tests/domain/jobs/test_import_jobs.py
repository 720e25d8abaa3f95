"""Import jobs for the suppression list and for contact lists."""

import json
from datetime import timedelta

import pytest

from pytest_ses.domain import errors
from pytest_ses.domain.jobs import import_jobs
from pytest_ses.domain.lists import contact_lists, contacts, suppression
from pytest_ses.domain.lists.contact_lists import Topic

ADA, BOB = "ada@example.com", "bob@example.com"
URL = "s3://imports/file"


@pytest.fixture(name="written")
def _written(account):
    """The files that jobs have written, by URL."""
    written = {}

    def write(url, data):
        written[url] = data
        return f"https://example.com/{len(written)}"

    account.connections.write_object = write
    return written


@pytest.fixture(name="load")
def _load(account, written):
    """A function that imports a text and returns the finished job."""

    def load(text, data_format="CSV", action="PUT", contact_list=None):
        data = text.encode() if isinstance(text, str) else text
        account.connections.read_object = {URL: data}.__getitem__
        job = import_jobs.create(
            account, URL, data_format, action=action, contact_list=contact_list
        )
        account.clock.advance(seconds=3)
        return job

    return load


@pytest.fixture(name="friends")
def _friends(account):
    """A contact list with two topics."""
    topics = [Topic("tin", "In", "OPT_IN"), Topic("tout", "Out", "OPT_OUT")]
    return contact_lists.create(account, "friends", topics)


def outcome(job):
    """The status, counts and error of a job."""
    return job.status, job.processed, job.failed, job.error


def problems(written):
    """The errors in the file of failed records, in order."""
    [data] = written.values()
    return [json.loads(line)["error"] for line in data.splitlines()]


def reasons(account):
    """The reasons of the entries on the suppression list, by address."""
    return {name: entry.reason for name, entry in account.suppressed_destinations.items()}


def test_states(account):
    """A job is created, processed and completed as the clock advances."""
    account.connections.read_object = lambda _url: b""
    job = import_jobs.create(account, URL, "CSV", action="PUT")
    states = [job.status]
    for _ in range(3):
        account.clock.advance(seconds=1.1)
        states.append(job.status)
    assert ["CREATED", "PROCESSING", "COMPLETED", "COMPLETED"] == states
    assert timedelta(seconds=2) <= job.completed_at - job.created_at < timedelta(seconds=3)


@pytest.mark.parametrize(
    ("data_format", "text"),
    [
        ("CSV", f"{ADA},BOUNCE\r\n\r\n{BOB}, COMPLAINT"),
        (
            "JSON",
            f'{{"emailAddress": "{ADA}", "reason": "BOUNCE"}}\n\n'
            f'{{"emailAddress": "{BOB}", "reason": "COMPLAINT"}}\n',
        ),
    ],
)
def test_suppress(account, load, data_format, text):
    """Each line of the file adds an address to the suppression list."""
    assert ("COMPLETED", 2, 0, None) == outcome(load(text, data_format))
    assert {ADA: "BOUNCE", BOB: "COMPLAINT"} == reasons(account)


@pytest.mark.parametrize(
    ("data_format", "text"),
    [
        ("CSV", f"\ufeff{ADA}\n{BOB}\n"),
        ("JSON", f'{{"emailAddress": "{ADA}"}}\n{{"emailAddress": "{BOB}"}}'),
    ],
)
def test_release(account, load, written, data_format, text):
    """Each line removes an address from the suppression list; a missing address fails."""
    suppression.add(account, ADA, "BOUNCE")
    job = load(text, data_format, "DELETE")
    assert ("COMPLETED", 2, 1, None) == outcome(job)
    assert {} == reasons(account)
    assert "https://example.com/1" == job.failed_records_url
    assert [f"Email address {BOB} does not exist on your suppression list."] == problems(written)


def test_suppress_again(account, load):
    """The reason of an address that is already on the list is replaced."""
    suppression.add(account, ADA, "BOUNCE")
    assert ("COMPLETED", 1, 0, None) == outcome(load(f"{ADA},COMPLAINT\n"))
    assert {ADA: "COMPLAINT"} == reasons(account)


def test_bad_suppressions(account, load, written):
    """Invalid records count as failed, and the others are imported."""
    job = load(f"{ADA}\n{ADA},SPITE\n ,BOUNCE\n{BOB},BOUNCE\n")
    assert ("COMPLETED", 4, 3, None) == outcome(job)
    assert {BOB: "BOUNCE"} == reasons(account)
    assert [
        "The record must have 2 fields; it has 1.",
        "The reason must be one of BOUNCE, COMPLAINT.",
        "EmailAddress can't be blank.",
    ] == problems(written)


def test_contacts_of_csv(account, load, friends):
    """A CSV row has preferences in columns; empty fields are ignored."""
    text = (
        "emailAddress,unsubscribeAll,attributesData,topicPreferences.tin,topicPreferences.tout\n"
        f'{ADA},false,{{"Name": "Ada"}},OPT_OUT,OPT_IN\n'
        f"{BOB},TRUE,,,OPT_IN\n"
    )
    assert ("COMPLETED", 2, 0, None) == outcome(load(text, contact_list="friends"))
    ada, bob = friends.contacts[ADA], friends.contacts[BOB]
    assert (False, '{"Name": "Ada"}', {"tin": "OPT_OUT", "tout": "OPT_IN"}) == (
        ada.unsubscribe_all,
        ada.attributes,
        ada.topics,
    )
    assert (True, None, {"tout": "OPT_IN"}) == (bob.unsubscribe_all, bob.attributes, bob.topics)


def test_contacts_of_json(account, load, friends):
    """An existing contact is replaced; values that are not in the record are removed."""
    before = contacts.add(
        account, "friends", ADA, {"tin": "OPT_OUT"}, unsubscribe_all=True, attributes="{}"
    )
    preference = {"topicName": "tout", "subscriptionStatus": "OPT_IN"}
    text = json.dumps({"emailAddress": ADA, "topicPreferences": [preference]})
    assert ("COMPLETED", 1, 0, None) == outcome(load(text, "JSON", contact_list="friends"))
    after = friends.contacts[ADA]
    assert ({"tout": "OPT_IN"}, False, None, before.created_at) == (
        after.topics,
        after.unsubscribe_all,
        after.attributes,
        after.created_at,
    )


def test_remove_contacts(account, load, friends):
    """Contacts are removed from a list; a missing contact fails."""
    contacts.add(account, "friends", ADA, {})
    job = load(f"emailAddress\n{ADA}\n{BOB}\n", action="DELETE", contact_list="friends")
    assert ("COMPLETED", 2, 1, None) == outcome(job)
    assert [] == list(friends.contacts)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("no json", "The record is not valid JSON."),
        ("[1]", "The record is not a JSON object."),
        ('{"emailAddress": 5}', "The record has an invalid emailAddress."),
        ("{}", "EmailAddress can't be blank."),
        ('{"emailAddress": "ada"}', "EmailAddress <ada> is invalid"),
        (f'{{"emailAddress": "{ADA}", "unsubscribeAll": "x"}}', "The record has an invalid unsubscribeAll."),
        (f'{{"emailAddress": "{ADA}", "attributesData": 1}}', "The record has an invalid attributesData."),
        (f'{{"emailAddress": "{ADA}", "attributesData": "x"}}', "AttributesData must be a JSON object."),
        (f'{{"emailAddress": "{ADA}", "topicPreferences": {{"a": 1}}}}', "The record has an invalid topicPreferences."),
        (f'{{"emailAddress": "{ADA}", "topicPreferences": ["tin"]}}', "The record has an invalid topicPreferences."),
        (f'{{"emailAddress": "{ADA}", "topicPreferences": [{{}}]}}', "The record has an invalid topicName."),
        (
            f'{{"emailAddress": "{ADA}", "topicPreferences": [{{"topicName": "tin"}}]}}',
            "The subscriptionStatus must be one of OPT_IN, OPT_OUT.",
        ),
        (
            f'{{"emailAddress": "{ADA}", "topicPreferences": '
            '[{"topicName": "no", "subscriptionStatus": "OPT_IN"}]}',
            "List: friends doesn't contain Topic: no",
        ),
    ],
)  # fmt: skip
def test_bad_contacts(load, friends, written, line, expected):
    """An invalid record fails with a message."""
    assert ("COMPLETED", 1, 1, None) == outcome(load(line, "JSON", contact_list="friends"))
    assert [expected] == problems(written)
    assert [] == list(friends.contacts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"\xff\xfe", "The file is not encoded in UTF-8."),
        ("email\nada@example.com", "The first line of the file has no column emailAddress."),
        ("", "The first line of the file has no column emailAddress."),
        ("a" * 200_000, "The file is not valid CSV: field larger than field limit (131072)."),
    ],
)
def test_bad_files(load, friends, text, expected):
    """A file that cannot be read fails the job."""
    assert ("FAILED", 0, 0, expected) == outcome(load(text, contact_list="friends"))


def test_no_s3(account):
    """Without a fake of S3, a job fails, and its error says so."""
    job = import_jobs.create(account, URL, "CSV", action="PUT")
    account.clock.advance(seconds=3)
    assert (
        "FAILED",
        0,
        0,
        "S3 is not available; activate moto's mock_aws or set an endpoint URL for boto3.",
    ) == outcome(job)


def test_failed_records_that_cannot_be_written(account):
    """Failed records are counted even if the file of failed records cannot be written."""
    account.connections.read_object = lambda _url: b"nonsense"
    job = import_jobs.create(account, URL, "CSV", action="PUT")
    account.clock.advance(seconds=3)
    assert ("COMPLETED", 1, 1, None) == outcome(job)
    assert None is job.failed_records_url


def test_deleted_list(account, load, friends):
    """Deleting the list before the job is processed fails the job."""
    job = import_jobs.create(account, URL, "CSV", action="PUT", contact_list="friends")
    contact_lists.delete(account, "friends")
    account.clock.advance(seconds=3)
    assert ("FAILED", 0, 0, "ContactList <friends> doesn't exist") == outcome(job)


def test_limit(account, load):
    """An account can have 20 unfinished imports at a time."""
    for _ in range(20):
        import_jobs.create(account, URL, "CSV", action="PUT")
    with pytest.raises(errors.LimitExceeded):
        import_jobs.create(account, URL, "CSV", action="PUT")
    account.clock.advance(seconds=3)
    import_jobs.create(account, URL, "CSV", action="PUT")
