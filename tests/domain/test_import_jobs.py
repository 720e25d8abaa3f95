"""Import jobs: what the lines of a file do to the suppression list and to contact lists."""

import json
from datetime import timedelta

import pytest

from pytest_ses.domain import contact_lists, contacts, errors, import_jobs, suppression
from pytest_ses.domain.contact_lists import Topic

ADA, BOB = "ada@example.com", "bob@example.com"
URL = "s3://imports/file"


@pytest.fixture(name="written")
def _written(account):
    """What jobs have written, by URL."""
    written = {}

    def write(url, data):
        written[url] = data
        return f"https://example.com/{len(written)}"

    account.write_object = write
    return written


@pytest.fixture(name="load")
def _load(account, written):
    """Import a text, and give the job when it is done."""

    def load(text, data_format="CSV", action="PUT", contact_list=None):
        data = text.encode() if isinstance(text, str) else text
        account.read_object = {URL: data}.__getitem__
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
    """Status, counts, and why it failed."""
    return job.status, job.processed, job.failed, job.error


def problems(written):
    """Why the records of the file with the failed ones failed, in order."""
    [data] = written.values()
    return [json.loads(line)["error"] for line in data.splitlines()]


def reasons(account):
    """The suppression list."""
    return {name: entry.reason for name, entry in account.suppressed_destinations.items()}


def test_states(account):
    """A job waits, works, and is done as the clock goes on."""
    account.read_object = lambda _url: b""
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
    """Each line of a file puts an address on the suppression list."""
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
    """Each line takes an address off the suppression list; one that is not there fails."""
    suppression.add(account, ADA, "BOUNCE")
    job = load(text, data_format, "DELETE")
    assert ("COMPLETED", 2, 1, None) == outcome(job)
    assert {} == reasons(account)
    assert "https://example.com/1" == job.failed_records_url
    assert [f"Email address {BOB} does not exist on your suppression list."] == problems(written)


def test_bad_suppressions(account, load, written):
    """A record that makes no entry is counted as failed, and the others are imported."""
    job = load(f"{ADA}\n{ADA},SPITE\n ,BOUNCE\n{BOB},BOUNCE\n")
    assert ("COMPLETED", 4, 3, None) == outcome(job)
    assert {BOB: "BOUNCE"} == reasons(account)
    assert [
        "The record has 1 fields; there are 2 columns.",
        "The reason is none of BOUNCE, COMPLAINT.",
        "EmailAddress can't be blank.",
    ] == problems(written)


def test_contacts_of_csv(account, load, friends):
    """A row of a CSV file has its preferences in columns; what is empty is not told."""
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
    """A contact that is there is replaced: what the record does not say is forgotten."""
    before = contacts.add(
        account, "friends", ADA, {"tin": "OPT_OUT"}, unsubscribe_all=True, attributes="old"
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


def test_expel(account, load, friends):
    """Contacts are taken off a list; one that is not there fails."""
    contacts.add(account, "friends", ADA, {})
    job = load(f"emailAddress\n{ADA}\n{BOB}\n", action="DELETE", contact_list="friends")
    assert ("COMPLETED", 2, 1, None) == outcome(job)
    assert [] == list(friends.contacts)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("no json", "The record is not JSON."),
        ("[1]", "The record is not an object."),
        ('{"emailAddress": 5}', "The record has a bad emailAddress."),
        ("{}", "EmailAddress can't be blank."),
        ('{"emailAddress": "ada"}', "EmailAddress <ada> is invalid"),
        (f'{{"emailAddress": "{ADA}", "unsubscribeAll": "x"}}', "The record has a bad unsubscribeAll."),
        (f'{{"emailAddress": "{ADA}", "attributesData": 1}}', "The record has a bad attributesData."),
        (f'{{"emailAddress": "{ADA}", "topicPreferences": {{"a": 1}}}}', "The record has a bad topicPreferences."),
        (f'{{"emailAddress": "{ADA}", "topicPreferences": ["tin"]}}', "The record has a bad topicPreferences."),
        (f'{{"emailAddress": "{ADA}", "topicPreferences": [{{}}]}}', "The record has a bad topicName."),
        (
            f'{{"emailAddress": "{ADA}", "topicPreferences": [{{"topicName": "tin"}}]}}',
            "The subscriptionStatus is none of OPT_IN, OPT_OUT.",
        ),
        (
            f'{{"emailAddress": "{ADA}", "topicPreferences": '
            '[{"topicName": "no", "subscriptionStatus": "OPT_IN"}]}',
            "List: friends doesn't contain Topic: no",
        ),
    ],
)  # fmt: skip
def test_bad_contacts(load, friends, written, line, expected):
    """A record that makes no contact fails, and says why."""
    assert ("COMPLETED", 1, 1, None) == outcome(load(line, "JSON", contact_list="friends"))
    assert [expected] == problems(written)
    assert [] == list(friends.contacts)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"\xff\xfe", "The file is not encoded in UTF-8."),
        ("email\nada@example.com", "The first line of the file has no column emailAddress."),
        ("", "The first line of the file has no column emailAddress."),
        ("a" * 200_000, "The file is no CSV: field larger than field limit (131072)."),
    ],
)
def test_bad_files(load, friends, text, expected):
    """A file that cannot be read at all fails the job."""
    assert ("FAILED", 0, 0, expected) == outcome(load(text, contact_list="friends"))


def test_no_s3(account):
    """Where nothing answers for S3 a job fails, and says so."""
    job = import_jobs.create(account, URL, "CSV", action="PUT")
    account.clock.advance(seconds=3)
    assert ("FAILED", 0, 0, "Nothing answers for S3.") == outcome(job)


def test_failed_records_that_cannot_be_written(account):
    """Records that fail are counted where the file of them cannot be written."""
    account.read_object = lambda _url: b"nonsense"
    job = import_jobs.create(account, URL, "CSV", action="PUT")
    account.clock.advance(seconds=3)
    assert ("COMPLETED", 1, 1, None) == outcome(job)
    assert None is job.failed_records_url


def test_list_that_is_gone(account, load, friends):
    """A list that is deleted before the job gets to it fails the job."""
    job = import_jobs.create(account, URL, "CSV", action="PUT", contact_list="friends")
    contact_lists.delete(account, "friends")
    account.clock.advance(seconds=3)
    assert ("FAILED", 0, 0, "ContactList <friends> doesn't exist") == outcome(job)


def test_limit(account, load):
    """An account has twenty imports to be done at a time."""
    for _ in range(20):
        import_jobs.create(account, URL, "CSV", action="PUT")
    with pytest.raises(errors.LimitExceeded):
        import_jobs.create(account, URL, "CSV", action="PUT")
    account.clock.advance(seconds=3)
    import_jobs.create(account, URL, "CSV", action="PUT")
