"""The parsing of forms."""

from __future__ import annotations

from urllib.parse import parse_qsl, quote_plus

import pytest
from hypothesis import given, strategies as st

from pytest_ses.wire import urls

# The characters that are sent as they are, those of the separators, and some of each length in UTF-8.
TEXTS = st.text("ab.=&+% %41\n\r_é€😀\x00\xfe\xff", max_size=8)


@given(st.lists(st.tuples(TEXTS.filter(bool), TEXTS)))
def test_as_sent(pairs):
    """What a client escapes is read as it was."""
    form = "&".join(f"{quote_plus(name)}={quote_plus(value)}" for name, value in pairs)
    assert pairs == urls.pairs(form)


@given(
    st.lists(st.sampled_from(["a", "é", "=", "&", "+", "%41", "%C3%A9", "%26", "%3d", "_", "\n"]))
)
def test_as_the_standard_library(pieces):
    """Any form with complete escapes is read as by the standard library."""
    form = "".join(pieces)
    assert parse_qsl(form, keep_blank_values=True) == urls.pairs(form)


@pytest.mark.parametrize(
    "form", ["a=%", "a=%4", "a=%4&b=%41", "%%41=", "a=%FF", "a=%fe", "a=%C3&b=%A9"]
)
def test_rejected(form):
    """Incomplete escapes and what is not UTF-8 are rejected, even if two values together are UTF-8."""
    with pytest.raises(ValueError, match=r"^$|invalid continuation byte"):
        urls.pairs(form)
