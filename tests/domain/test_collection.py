"""Collections of named resources: storing, limits and pages."""

import json
from base64 import b64encode

import pytest
from hypothesis import given, strategies as st

from pytest_ses.domain import errors
from pytest_ses.domain.collection import Collection

ORDERS = ["name", "oldest first", "newest first"]


def collection(*names, order="oldest first", limit=1000, things="things"):
    new_collection = Collection(
        things,
        missing=errors.TemplateDoesNotExist,
        duplicate=errors.TemplateAlreadyExists,
        limit=limit,
        order=order,
    )
    for name in names:
        new_collection.add(name, name.upper())
    return new_collection


def all_pages(things, *, size, change=lambda _: None):
    """Every page of a collection; `change` is called after each one."""
    token, pages = None, []
    while token or not pages:
        page, token = things.page(size=size, token=token, region="us-east-1")
        pages.append(page)
        change(len(pages))
    return pages


def test_is_a_mapping():
    """A collection is a mapping from names to things."""
    things = collection("a", "b")

    assert {"a": "A", "b": "B"} == dict(things)
    assert 2 == len(things)
    assert "A" == things["a"]
    assert "c" not in things


def test_repr_lists_names():
    """The repr shows the kind and the names."""
    assert "<things: a, b>" == repr(collection("a", "b"))
    assert "<things: none>" == repr(collection())


def test_find_rejects_an_unknown_name():
    """An unknown name raises the error of the kind."""
    with pytest.raises(errors.TemplateDoesNotExist, match=r"^Template x does not exist\.$"):
        collection().find("x")


def test_add_rejects_a_duplicate_name():
    """A second thing with the same name is rejected, and nothing changes."""
    things = collection("a")

    with pytest.raises(errors.TemplateAlreadyExists, match=r"^Template a already exists\.$"):
        things.add("a", "other")

    assert "A" == things["a"]


def test_errors_have_the_details_of_the_collection():
    """The details of the collection appear in the messages of its errors."""
    things = Collection(
        "event destinations",
        missing=errors.EventDestinationDoesNotExist,
        duplicate=errors.EventDestinationAlreadyExists,
        limit=10,
        error_details={"configuration_set": "cs"},
    )

    with pytest.raises(errors.EventDestinationDoesNotExist) as caught:
        things.find("x")

    assert (
        "An event destination with name <x> does not exist for configuration set <cs>."
        == caught.value.message
    )


def test_put_replaces_in_place():
    """Replacing a thing keeps its position in the list."""
    things = collection("a", "b")

    things.put("a", "new")

    assert (["new", "B"], None) == things.page(size=2, token=None, region="us-east-1")


def test_limit():
    """At the limit, a new name is rejected, and an existing thing can be replaced."""
    things = collection("a", limit=1)

    with pytest.raises(errors.LimitExceeded, match=r"^The limit of 1 things is reached\.$"):
        things.put("b", "B")
    things.put("a", "new")

    assert {"a": "new"} == dict(things)


def test_remove_returns_the_thing_once():
    """Removing returns the thing; removing it again raises the error of the kind."""
    things = collection("a")

    assert "A" == things.remove("a")
    with pytest.raises(errors.TemplateDoesNotExist):
        things.remove("a")


def test_discard_is_idempotent():
    """Discarding an unknown name is not an error."""
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
    """Each kind has its own order."""
    things = collection("b", "c", "a", order=order)

    assert [expected[:2], expected[2:]] == all_pages(things, size=2)


def test_where_selects_and_fills_pages():
    """A condition filters before things are divided into pages."""
    things = collection("a", "b", "c", "d")

    page, token = things.page(
        size=2, token=None, region="us-east-1", where=lambda thing: thing != "A"
    )
    rest, end = things.page(
        size=2, token=token, region="us-east-1", where=lambda thing: thing != "A"
    )

    assert (["B", "C"], ["D"], None) == (page, rest, end)


def test_an_empty_token_requests_the_first_page():
    """An empty token requests the first page."""
    assert (["A"], None) == collection("a").page(size=1, token="", region="us-east-1")


@pytest.mark.parametrize(
    "elsewhere",
    [{"region": "eu-west-1"}, {"region": "us-east-1", "scope": "other"}],
)
def test_a_token_of_another_region_or_scope_is_rejected(elsewhere):
    """A token is valid only in its own region and scope."""
    things = collection("a", "b")
    _, token = things.page(size=1, token=None, region="us-east-1")

    with pytest.raises(errors.InvalidNextToken):
        things.page(size=1, token=token, **elsewhere)


def test_a_token_of_another_collection_is_rejected():
    """A token is valid only for the collection that issued it."""
    _, token = collection("a", "b", things="others").page(size=1, token=None, region="us-east-1")

    with pytest.raises(errors.InvalidNextToken):
        collection("a", "b").page(size=1, token=token, region="us-east-1")


@pytest.mark.parametrize(
    "content",
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
def test_a_token_with_unexpected_content_is_rejected(content):
    """A token whose content has another structure is rejected."""
    token = b64encode(json.dumps(content).encode()).decode()

    with pytest.raises(errors.InvalidNextToken):
        collection("a").page(size=1, token=token, region="us-east-1")


def test_a_deeply_nested_token_is_rejected():
    """A token nested too deeply to be parsed is rejected."""
    token = b64encode(b"[" * 100_000).decode()

    with pytest.raises(errors.InvalidNextToken):
        collection("a").page(size=1, token=token, region="us-east-1")


@given(token=st.text(min_size=1) | st.binary(min_size=1).map(lambda raw: b64encode(raw).decode()))
def test_random_tokens_are_rejected(token):
    """Any other text raises `InvalidNextToken` and nothing else."""
    with pytest.raises(errors.InvalidNextToken):
        collection("a").page(size=1, token=token, region="us-east-1")


NAMES = st.text("abcdefgh", min_size=1, max_size=2)


@given(
    order=st.sampled_from(ORDERS),
    initial=st.lists(NAMES, unique=True, max_size=12),
    size=st.integers(1, 5),
    changes=st.lists(st.tuples(st.sampled_from(["add", "remove"]), NAMES), max_size=12),
)
def test_paging_neither_skips_nor_repeats(order, initial, size, changes):
    """A thing that stays is listed exactly once, whatever is added and removed between pages."""
    things = collection(*initial, order=order)
    kept = set(initial)
    remaining = list(changes)

    def change(_):
        for action, name in remaining[:2]:
            if action == "add":
                things.put(name, name.upper())
            else:
                things.discard(name)
                kept.discard(name)
        del remaining[:2]

    pages = all_pages(things, size=size, change=change)

    listed = [thing for page in pages for thing in page if thing.lower() in kept]
    assert sorted(name.upper() for name in kept) == sorted(listed)
    assert all(len(page) == size for page in pages[:-1])


@given(
    changes=st.lists(
        st.tuples(st.sampled_from(["add", "remove", "look"]), st.text("aAbB", max_size=2))
    )
)
def test_ignoring_case(changes):
    """A name is found in any case, whatever has been added and removed; an exact match is preferred."""
    things = collection()
    for action, name in changes:
        if action == "add":
            things.put(name, name)
        elif action == "remove":
            things.discard(name)
        alike = [other for other in things if other.lower() == name.lower()]
        expected = name if name in things else next(iter(alike), None)
        assert expected == things.get_ignoring_case(name)
