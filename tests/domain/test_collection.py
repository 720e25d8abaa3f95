"""Named things: kept, refused, and handed out page by page."""

import json
from base64 import b64encode

import pytest
from hypothesis import given, strategies as st

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection

ORDERS = ["name", "oldest first", "newest first"]


def collection(*names, order="oldest first", limit=1000, things="things"):
    made = Collection(
        things,
        missing=errors.TemplateDoesNotExist,
        duplicate=errors.TemplateAlreadyExists,
        limit=limit,
        order=order,
    )
    for name in names:
        made.add(name, name.upper())
    return made


def all_pages(things, *, size, change=lambda _: None):
    """Every page of a collection, with a change after each."""
    token, pages = None, []
    while token or not pages:
        page, token = things.page(size=size, token=token, region="us-east-1")
        pages.append(page)
        change(len(pages))
    return pages


def test_is_a_mapping():
    """A collection reads as a mapping from names to things."""
    things = collection("a", "b")

    assert {"a": "A", "b": "B"} == dict(things)
    assert 2 == len(things)
    assert "A" == things["a"]
    assert "c" not in things


def test_repr_names_what_is_there():
    """The repr tells the kind and the names."""
    assert "<things: a, b>" == repr(collection("a", "b"))
    assert "<things: none>" == repr(collection())


def test_find_refuses_an_unknown_name():
    """What is not there is refused with the kind's own error."""
    with pytest.raises(errors.TemplateDoesNotExist, match=r"^Template x does not exist\.$"):
        collection().find("x")


def test_add_refuses_a_name_that_is_taken():
    """A second thing of the same name is refused and changes nothing."""
    things = collection("a")

    with pytest.raises(errors.TemplateAlreadyExists, match=r"^Template a already exists\.$"):
        things.add("a", "other")

    assert "A" == things["a"]


def test_errors_tell_what_the_collection_is_about():
    """Details given to the collection reach the texts of its errors."""
    things = Collection(
        "event destinations",
        missing=errors.EventDestinationDoesNotExist,
        duplicate=errors.EventDestinationAlreadyExists,
        limit=10,
        about={"configuration_set": "cs"},
    )

    with pytest.raises(errors.EventDestinationDoesNotExist) as refused:
        things.find("x")

    assert (
        "An event destination with name <x> does not exist for configuration set <cs>."
        == refused.value.message
    )


def test_put_replaces_in_place():
    """A thing put under a name that is taken gets its place in the list."""
    things = collection("a", "b")

    things.put("a", "new")

    assert (["new", "B"], None) == things.page(size=2, token=None, region="us-east-1")


def test_a_full_account_takes_no_more():
    """Beyond the limit a new name is refused; a known one is replaced."""
    things = collection("a", limit=1)

    with pytest.raises(errors.LimitExceeded, match=r"^The limit of 1 things is reached\.$"):
        things.put("b", "B")
    things.put("a", "new")

    assert {"a": "new"} == dict(things)


def test_remove_gives_the_thing_and_refuses_a_second_time():
    """A thing is removed once."""
    things = collection("a")

    assert "A" == things.remove("a")
    with pytest.raises(errors.TemplateDoesNotExist):
        things.remove("a")


def test_discard_is_idempotent():
    """Discarding what is not there is no error."""
    things = collection("a")

    things.discard("a")
    things.discard("a")

    assert {} == dict(things)


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("name", ["A", "B", "C"]),
        ("oldest first", ["B", "C", "A"]),
        ("newest first", ["A", "C", "B"]),
    ],
)
def test_orders(order, expected):
    """A list is in the order of its kind."""
    things = collection("b", "c", "a", order=order)

    assert [expected[:2], expected[2:]] == all_pages(things, size=2)


def test_where_selects_and_fills_pages():
    """A condition selects the things, not the places, that a page has."""
    things = collection("a", "b", "c", "d")

    page, token = things.page(
        size=2, token=None, region="us-east-1", where=lambda thing: thing != "A"
    )
    rest, end = things.page(
        size=2, token=token, region="us-east-1", where=lambda thing: thing != "A"
    )

    assert (["B", "C"], ["D"], None) == (page, rest, end)


def test_an_empty_token_is_no_token():
    """An empty string asks for the first page."""
    assert (["A"], None) == collection("a").page(size=1, token="", region="us-east-1")


@pytest.mark.parametrize(
    "elsewhere",
    [{"region": "eu-west-1"}, {"region": "us-east-1", "scope": "other"}],
)
def test_a_token_is_good_where_it_was_given_out(elsewhere):
    """A token of another region or scope is refused."""
    things = collection("a", "b")
    _, token = things.page(size=1, token=None, region="us-east-1")

    with pytest.raises(errors.InvalidNextToken):
        things.page(size=1, token=token, **elsewhere)


def test_a_token_is_of_one_kind_of_thing():
    """A token of another collection is refused."""
    _, token = collection("a", "b", things="others").page(size=1, token=None, region="us-east-1")

    with pytest.raises(errors.InvalidNextToken):
        collection("a", "b").page(size=1, token=token, region="us-east-1")


@pytest.mark.parametrize(
    "place",
    [
        None,
        1,
        {},
        [],
        [["things", "us-east-1", ""], 1],
        [["things", "us-east-1", ""], "1", ""],
        [["things", "us-east-1", ""], True, ""],
        [["things", "us-east-1", ""], 1, None],
    ],
)
def test_a_token_that_looks_like_one_is_refused(place):
    """A token whose content has another shape is refused."""
    token = b64encode(json.dumps(place).encode()).decode()

    with pytest.raises(errors.InvalidNextToken):
        collection("a").page(size=1, token=token, region="us-east-1")


def test_a_bottomless_token_is_refused():
    """A token nested too deeply to be read is refused."""
    token = b64encode(b"[" * 100_000).decode()

    with pytest.raises(errors.InvalidNextToken):
        collection("a").page(size=1, token=token, region="us-east-1")


@given(token=st.text(min_size=1) | st.binary(min_size=1).map(lambda raw: b64encode(raw).decode()))
def test_random_tokens_are_refused(token):
    """Whatever is no token raises InvalidNextToken and nothing else."""
    with pytest.raises(errors.InvalidNextToken):
        collection("a").page(size=1, token=token, region="us-east-1")


NAMES = st.text("abcdefgh", min_size=1, max_size=2)


@given(
    order=st.sampled_from(ORDERS),
    first=st.lists(NAMES, unique=True, max_size=12),
    size=st.integers(1, 5),
    changes=st.lists(st.tuples(st.sampled_from(["add", "remove"]), NAMES), max_size=12),
)
def test_paging_neither_skips_nor_repeats_what_stays(order, first, size, changes):
    """Whatever comes and goes between two pages, a thing that stays is handed out once."""
    things = collection(*first, order=order)
    stayed = set(first)
    left = list(changes)

    def change(_):
        for what, name in left[:2]:
            if what == "add":
                things.put(name, name.upper())
            else:
                things.discard(name)
                stayed.discard(name)
        del left[:2]

    pages = all_pages(things, size=size, change=change)

    given_out = [thing for page in pages for thing in page if thing.lower() in stayed]
    assert sorted(name.upper() for name in stayed) == sorted(given_out)
    assert all(len(page) == size for page in pages[:-1])
