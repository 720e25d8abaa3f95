"""The outbox: access, matching and error messages."""

import re
from datetime import datetime, timezone
from unittest.mock import ANY

import pytest
from hypothesis import given, strategies as st
from mailing import sent

from pytest_ses.domain.mail.outbox import Outbox
from pytest_ses.domain.mime import Content

SENT_AT = datetime(2026, 3, 1, tzinfo=timezone.utc)
ADDRESSES = st.sampled_from(["a@x.org", "b@x.org", "A <a@x.org>", "a@X.ORG", "A@x.org"])
LISTS = st.lists(ADDRESSES, max_size=2)
NAMES = st.none() | st.sampled_from(["one", "two"])
TAGS = st.dictionaries(st.sampled_from("kl"), st.sampled_from("vw"))


def message(subject="Hi", *, to=("bob@example.org",), source="Ada <ada@example.com>", **options):
    return sent(
        Content(subject, "text"),
        *to,
        message_id="0100019ca8a2b1f2-b2f812a4",
        service="ses",
        region="us-east-1",
        account_id="123456789012",
        source=source,
        sent_at=SENT_AT,
        **options,
    )


def subjects(outbox):
    return [message.subject for message in outbox]


def test_sequence():
    """An outbox is a sequence of messages that includes later ones."""
    messages = [message("a"), message("b")]
    outbox = Outbox(messages)
    messages.append(message("c"))
    assert 3 == len(outbox)
    assert ["a", "b", "c"] == subjects(outbox)
    assert messages[1] is outbox[1]
    assert ["b", "c"] == subjects(outbox[1:])
    assert isinstance(outbox[1:], Outbox)
    assert messages[2] is outbox.last
    assert messages[0] in outbox


def test_repr():
    """The repr shows the first messages and how many more there are."""
    line = "\n  <Message 0100019ca8a2b1f2… SendEmail from ada@example.com to bob@example.org "
    assert "<Outbox of 0 messages>" == repr(Outbox([]))
    assert f'<Outbox of 1 message{line}"a">>' == repr(Outbox([message("a")]))
    expected = f'<Outbox of 5 messages{line}"0">{line}"1">{line}"2">\n  … and 2 more>'
    assert expected == repr(Outbox([message(str(n)) for n in range(5)]))


@pytest.mark.parametrize(
    ("outbox", "reason"),
    [
        (Outbox([]), "nothing was sent"),
        (Outbox([message()]).filter(subject="Bye"), "no message has subject='Bye'"),
        (Outbox([message()])[1:], "the slice is empty"),
    ],
)
def test_empty_outbox(outbox, reason):
    """Requesting a message from an empty outbox raises an error with the reason."""
    with pytest.raises(AssertionError) as caught:
        outbox.last  # noqa: B018 - the property is what fails
    assert f"expected a message, but {reason}" == str(caught.value)
    for index in (0, -1):
        with pytest.raises(IndexError) as caught:
            outbox[index]
        assert f"expected a message, but {reason}" == str(caught.value)
    with pytest.raises(AssertionError) as caught:
        outbox.one(to="a@x")
    assert f"expected one message with to='a@x', but {reason}" == str(caught.value)


@pytest.mark.parametrize(
    "match",
    [
        {},
        {"to": "bob@example.org"},
        {"to": "Robert <bob@EXAMPLE.org>"},
        {"to": re.compile("^bob@")},
        {"to": lambda address: address.endswith(".org")},
        {"to": ["carl@example.org", "Bob <bob@example.org>"]},
        {"to": ("bob@example.org", "carl@example.org")},
        {"to": {"bob@example.org", "carl@example.org"}},
        {"to": ANY},
        {"cc": "dora@example.org"},
        {"cc": ["dora@example.org"]},
        {"bcc": []},
        {"recipient": "dora@example.org"},
        {"sender": "ada@example.com"},
        {"sender": re.compile("example.com$")},
        {"sender": ["ada@example.com"]},
        {"subject": "Welcome, Bob"},
        {"subject": re.compile("Bob")},
        {"subject": str.istitle},
        {"subject": ANY},
        {"template_name": "welcome"},
        {"configuration_set": None},
        {"tags": {}},
        {"tags": {"campaign": "spring"}},
        {"tags": {"campaign": re.compile("spr"), "wave": str.isdigit}},
        {"tags": lambda tags: len(tags) == 2},
        {"to": "carl@example.org", "subject": re.compile("^Welcome"), "sender": ANY},
    ],
)
def test_match(match):
    """Each argument is a value, a pattern or a predicate, and all arguments must match."""
    sent = message(
        "Welcome, Bob",
        to=["Bob <bob@example.org>", "carl@example.org"],
        cc=["dora@example.org"],
        template_name="welcome",
        tags={"campaign": "spring", "wave": "2"},
    )
    assert sent is Outbox([sent]).one(**match)


@pytest.mark.parametrize(
    "match",
    [
        {"to": "Bob@example.org"},
        {"to": "ob@example.org"},
        {"to": re.compile("Robert")},
        {"to": ["bob@example.org"]},
        {"to": None},
        {"to": lambda address: "Robert" in address},
        {"cc": ANY},
        {"cc": "bob@example.org"},
        {"bcc": ["bob@example.org"]},
        {"recipient": []},
        {"subject": re.compile("^Bob")},
        {"template_name": re.compile("")},
        {"template_name": ""},
        {"tags": {"campaign": "summer"}},
        {"tags": {"wave": ANY}},
        {"tags": None},
        {"to": "bob@example.org", "subject": "Bye"},
    ],
)
def test_no_match(match):
    """A message is filtered out if one argument does not match."""
    to = ["Robert <bob@example.org>", "carl@example.org"]
    outbox = Outbox([message("Welcome, Bob", to=to, tags={"campaign": "spring"})])
    assert [] == list(outbox.filter(**match))


def test_index_out_of_range():
    """An index out of range is an error with the number of messages."""
    with pytest.raises(IndexError) as caught:
        Outbox([message()])[1]
    assert "index 1 is out of range; the outbox has 1 message" == str(caught.value)


@pytest.mark.parametrize(
    ("match", "text"),
    [
        ({"to": "ada"}, "to='ada' is invalid: 'ada' is not an address"),
        ({"cc": "@c.org"}, "to match a part of an address, pass re.compile('@c\\\\.org')"),
        ({"bcc": ["a@c.org", "b@"]}, "bcc=['a@c.org', 'b@'] is invalid: 'b@' is not an address"),
        ({"recipient": ""}, "recipient='' is invalid"),
        ({"sender": "Ada Lovelace"}, "'Ada Lovelace' is not an address"),
    ],
)
def test_text_that_is_not_an_address(match, text):
    """A string that no address can equal is an error that suggests a pattern."""
    with pytest.raises(ValueError, match=re.escape(text)):
        Outbox([message()]).filter(**match)


def test_filter_is_a_snapshot():
    """A filtered outbox does not include later messages."""
    messages = [message("a")]
    filtered = Outbox(messages).filter(to="bob@example.org")
    messages.append(message("b"))
    assert ["a"] == subjects(filtered)


def test_none_matches():
    """Without a match, the error shows the nearest messages and what does not match in each."""
    outbox = Outbox(
        [
            message("Bye", to=["carl@example.org"]),
            message("Bye"),
            message("Hello"),
            message("Bye", tags={"k": "w"}),
        ]
    )
    with pytest.raises(AssertionError) as caught:
        outbox.one(to="bob@example.org", subject=re.compile("^Hi"), tags={"k": "v"})
    line = "  <Message 0100019ca8a2b1f2… SendEmail from ada@example.com to "
    expected = f"""\
expected one message with to='bob@example.org', subject=re.compile('^Hi'), tags={{'k': 'v'}}, \
but none of the 4 messages matches. The closest:
{line}bob@example.org "Bye">
    subject: expected re.compile('^Hi'), was 'Bye'
    tags: expected {{'k': 'v'}}, was {{}}
{line}bob@example.org "Hello">
    subject: expected re.compile('^Hi'), was 'Hello'
    tags: expected {{'k': 'v'}}, was {{}}
{line}bob@example.org "Bye">
    subject: expected re.compile('^Hi'), was 'Bye'
    tags: expected {{'k': 'v'}}, was {{'k': 'w'}}
  … and 1 more"""
    assert expected == str(caught.value)


def test_a_predicate_is_named():
    """A predicate is shown by its name, or else by its repr."""

    class Named:
        def __call__(self, subject):
            return False

        def __repr__(self):
            return "never"

    with pytest.raises(AssertionError, match=r"subject: expected <str\.isdigit>, was 'Hi'"):
        Outbox([message()]).one(subject=str.isdigit)
    with pytest.raises(AssertionError, match=r"subject: expected <never>, was 'Hi'"):
        Outbox([message()]).one(subject=Named())


def test_several_match():
    """Several matches are counted and shown."""
    outbox = Outbox([message(f"Hi {n}") for n in range(4)] + [message("Bye")])
    with pytest.raises(AssertionError) as caught:
        outbox.one(subject=re.compile("Hi"))
    lines = str(caught.value).splitlines()
    expected = "expected one message with subject=re.compile('Hi'), but 4 of 5 messages match:"
    assert (expected, 5, "  … and 1 more") == (lines[0], len(lines), lines[-1])


def test_one_without_arguments():
    """Without arguments, the outbox must contain exactly one message."""
    with pytest.raises(AssertionError, match="expected one message, but 2 of 2 messages match:"):
        Outbox([message(), message()]).one()


@pytest.mark.parametrize("method", ["one", "filter"])
@pytest.mark.parametrize(
    ("argument", "advice"),
    [
        ("subjct", "; did you mean 'subject'?"),
        ("template", "; did you mean 'template_name'?"),
    ],
)
def test_unknown_argument(method, argument, advice):
    """An unknown argument is an error that suggests the closest one."""
    with pytest.raises(TypeError, match=re.escape(f"unknown argument '{argument}'{advice}")):
        getattr(Outbox([message()]), method)(**{argument: "a"})


def test_unknown_argument_without_similar_one():
    """If no argument is similar, the error lists all arguments."""
    arguments = "to, cc, bcc, recipient, sender, subject, template_name, configuration_set, tags"
    with pytest.raises(TypeError) as caught:
        Outbox([]).filter(zzz=1)
    assert f"unknown argument 'zzz'; expected one of {arguments}" == str(caught.value)


def key(address):
    """The bare address with its domain in lower case, by a simpler implementation."""
    local, domain = address.removeprefix("A <").removesuffix(">").split("@")
    return local, domain.lower()


@given(
    sent=st.lists(st.tuples(LISTS, LISTS, NAMES, TAGS), max_size=5),
    match=st.fixed_dictionaries(
        {},
        optional={
            "to": ADDRESSES | LISTS,
            "recipient": ADDRESSES | LISTS,
            "template_name": NAMES,
            "tags": TAGS,
        },
    ),
)
def test_filter_agrees_with_a_model(sent, match):
    """Filtering agrees with a simple model of its rules."""

    def matches(expected, actual):
        if isinstance(expected, str):
            return key(expected) in [key(address) for address in actual]
        return {key(address) for address in expected} == {key(address) for address in actual}

    def model(to, cc, template_name, tags):
        return (
            matches(match.get("to", to), to)
            and matches(match.get("recipient", to + cc), to + cc)
            and match.get("template_name", template_name) == template_name
            and match.get("tags", {}).items() <= tags.items()
        )

    outbox = Outbox(
        [message(to=to, cc=cc, template_name=name, tags=tags) for to, cc, name, tags in sent]
    )
    expected = [message for message, fields in zip(outbox, sent, strict=True) if model(*fields)]
    assert expected == list(outbox.filter(**match))
