"""Parsing and checking of email addresses."""

import pytest
from hypothesis import given, strategies as st
from timing import is_linear

from pytest_ses.domain import addresses
from pytest_ses.domain.addresses import Address
from pytest_ses.domain.errors import InvalidParameterValue

SYNTAX = st.text(alphabet=list('ab@.,:;<>()[]"\\ \t\r\né\x00'), max_size=24)


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("ada@example.org", "ada@example.org"),
        ("ada.l+tag_x@mail.example.org", "ada.l+tag_x@mail.example.org"),
        ("ada@localhost", "ada@localhost"),
        ("<ada@example.org>", "ada@example.org"),
        ("Ada Lovelace <ada@example.org>", "ada@example.org"),
        ("Ada<ada@example.org>", "ada@example.org"),
        ("A. L. <ada@example.org>", "ada@example.org"),
        ("Zoë <zoe@example.org>", "zoe@example.org"),
        ("=?UTF-8?Q?Zo=C3=AB?= <zoe@example.org>", "zoe@example.org"),
        ('"Lovelace, Ada" <ada@example.org>', "ada@example.org"),
        (r'"The \"Countess\" <x>" <ada@example.org>', "ada@example.org"),
        ("ada@x.org <ada@example.org>", "ada@example.org"),
        ("ada@example.org (Ada)", "ada@example.org"),
        (r"(a (nested\) one), too) ada@example.org", "ada@example.org"),
        ("(Ada) <ada@example.org>", "ada@example.org"),
        ("ada@example.org,", "ada@example.org"),
        (" ada@example.org ", "ada@example.org"),
        ('"ada lovelace"@example.org', '"ada lovelace"@example.org'),
        (r'"a\"@b"@example.org', r'"a\"@b"@example.org'),
        ('Ada <"a>b"@example.org>', '"a>b"@example.org'),
        ("ada@[192.0.2.1]", "ada@[192.0.2.1]"),
    ],
)
def test_accepted(text, bare):
    """Display names, comments, quoted local parts and domain literals are accepted and parsed."""
    address = addresses.parse(text)
    assert (text, bare) == (address.text, address.bare)
    assert bare == addresses.bare(text)


def test_domain_is_lower_case():
    """The domain is converted to lower case; text and bare address stay as supplied."""
    expected = Address("Ada <Ada@Example.ORG>", "Ada@Example.ORG", "example.org")
    assert expected == addresses.parse("Ada <Ada@Example.ORG>")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("ada", "Missing final '@domain'"),
        ("Lovelace, Ada <ada@example.org>", "Missing final '@domain'"),
        ('"ada"', "Missing final '@domain'"),
        ("ada@", "Missing domain"),
        ('"ada"@', "Missing domain"),
        ("ada@example.org.", "Missing domain"),
        ("ada lovelace@example.org", "Local address contains control or whitespace"),
        ("zoë@example.org", "Local address contains control or whitespace"),
        ("a\x7f@example.org", "Local address contains control or whitespace"),
        ("< ada@example.org>", "Local address contains control or whitespace"),
        ("ada@exa mple.org", "Domain contains control or whitespace"),
        ("ada@exämple.org", "Domain contains control or whitespace"),
        ("Ada: L <ada@example.org>", "Local address contains illegal character"),
        (r"a\b@example.org", "Local address contains illegal character"),
        ('a"b"@example.org', "Local address contains illegal character"),
        ('"a"b@example.org', "Local address contains illegal character"),
        ("ada@ex_ample.org", "Domain contains illegal character"),
        ("ada@ex!ample.org", "Domain contains illegal character"),
        ("ada@ex~ample.org", "Domain contains illegal character"),
        ("ada@ex\x7fample.org", "Domain contains control or whitespace"),
        ("ada@b@example.org", "Domain contains illegal character"),
        ("ada@.example.org", "Domain starts with dot"),
        ("ada@example..org", "Domain contains dot-dot"),
        (".ada@example.org", "Local address starts with dot"),
        ("a..b@example.org", "Local address contains dot-dot"),
        ("ada.@example.org", "Local address ends with dot"),
        ("@example.org", "Missing local name"),
        ("Ada <>", "Empty address"),
        ("", "Illegal address"),
        (" ", "Illegal address"),
        ("a@example.org, b@example.org", "Illegal address"),
        ("<a@example.org> <b@example.org>", "Extra route-addr"),
        ('"ada@example.org', 'Invalid email address "ada@example.org.'),
        ('"a\r\nb"@example.org', 'Invalid email address "a\r\nb"@example.org.'),
        ("ada@example.org;", "Illegal semicolon, not in group"),
        ("Ada <ada@example.org", "Missing '>'"),
        ("ada>@example.org", "Missing '<'"),
        ("(Ada ada@example.org", "Missing ')'"),
        ("Ada) ada@example.org", "Missing '('"),
        ("ada@[192.0.2.1", "Missing ']'"),
        ("ada@192.0.2.1]", "Missing '['"),
    ],
)
def test_rejected(text, message):
    """An invalid address is rejected with SES's own message, and the error keeps the address."""
    with pytest.raises(InvalidParameterValue) as caught:
        addresses.parse(text)
    assert (message, {"address": text}) == (caught.value.message, caught.value.details)


@given(st.text() | SYNTAX)
def test_any_text_is_parsed_or_rejected(text):
    """Any text is an address or raises `InvalidParameterValue`, and `bare` never fails."""
    try:
        address = addresses.parse(text)
    except InvalidParameterValue:
        assert isinstance(addresses.bare(text), str)
    else:
        assert address.bare == addresses.bare(text)
        assert address.bare == addresses.parse(address.bare).bare
        assert address.bare.lower().endswith(f"@{address.domain}")


@pytest.mark.parametrize(
    ("text", "bare"),
    [
        ("", ""),
        ("ada", "ada"),
        ("Ada <ada@example.org", "ada@example.org"),
        ("Ada < ada@example.org >", "ada@example.org"),
        ("(unclosed ada@example.org", "(unclosed ada@example.org"),
    ],
)
def test_bare_is_lenient(text, bare):
    """The bare form of an invalid address is a best guess, or the text itself."""
    assert bare == addresses.bare(text)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("", []),
        ("a@x", ["a@x"]),
        ("A <a@x>, b@y,, ", ["A <a@x>", "b@y"]),
        ('"X, A" <a@x>, b@y (B, too)', ['"X, A" <a@x>', "b@y (B, too)"]),
        ("A <a@x>, friends: b@y, C <c@z>; d@x", ["A <a@x>", "b@y", "C <c@z>", "d@x"]),
        ("undisclosed-recipients:;", []),
        ("a@[IPv6:::1], b@y", ["a@[IPv6:::1]", "b@y"]),
        ('"never closed, a@x', ['"never closed, a@x']),
    ],
)
def test_parse_list(value, expected):
    """An address header is split at commas; groups are expanded and empty entries skipped."""
    assert expected == addresses.parse_list(value)


@given(st.text() | SYNTAX)
def test_parse_list_accepts_any_text(value):
    """Splitting never fails and never returns an empty string."""
    assert all(addresses.parse_list(value))


@given(st.lists(st.sampled_from(["a@x", "A <a@x>", '"B, C" <b@y>', "c@z (C, c)", '"; :"@q.r'])))
def test_parse_list_reverses_join(texts):
    """Addresses that were joined by commas are split again."""
    assert texts == addresses.parse_list(", ".join(texts))


@pytest.mark.parametrize("text", ["a" * 315 + "@x.yz", "\U0001f600" * 157 + "<a@x>"])
def test_longest_address(text):
    """An address can have 320 UTF-16 units; a longer one is rejected and named in the message."""
    assert len(text.encode("utf-16-le")) // 2 <= addresses.MAX_LENGTH
    addresses.check_length(text)
    longer = "aa" + text
    with pytest.raises(InvalidParameterValue) as caught:
        addresses.check_length(longer)
    expected = f"Address length is more than 320 characters long: '{longer}'."
    assert expected == caught.value.message


def test_lengths():
    """Of several addresses, the first one that is too long is rejected."""
    longest, too_long = "a" * 308 + "@example.org", "a" * 309 + "@example.org"
    addresses.check_lengths(["ada@example.org", longest])
    with pytest.raises(InvalidParameterValue, match=f"320 characters long: '{too_long}'"):
        addresses.check_lengths([longest, too_long, "b" + too_long])


@pytest.mark.parametrize(
    "piece",
    [
        "<",
        '"',
        "(",
        "[",
        "()",
        "<>",
        '""',
        "[]",
        '<"',
        "\\",
        '"\\',
        ",",
        "a.",
        "a@b,",
        "<a@b>",
        '"a" <',
    ],
)
@pytest.mark.parametrize("end", ["", ",", ">", '"', "@"])
@pytest.mark.parametrize(
    "function", [addresses.parse_list, addresses.bare.__wrapped__, addresses.is_bare]
)
def test_linear_time(function, piece, end):
    """The time that a text takes is proportional to its length."""
    assert is_linear(function, lambda size: piece * size + end, 1500)
