"""Patches, which can be removed in any order."""

from __future__ import annotations

import itertools

import pytest

from pytest_ses.transports.patching import Replacements, replaced


class Base:
    def method(self):
        return "original"


class Derived(Base):
    pass


def returning(text):
    """A wrapper whose method returns a text before that of the method below."""
    return lambda original: lambda self: f"{text} {original(self)}"


@pytest.mark.parametrize("owner", [Base, Derived])
@pytest.mark.parametrize("order", list(itertools.permutations(range(3))))
def test_any_order(owner, order):
    """Patches that are removed in any order leave nothing behind; those that remain still apply."""
    before = dict(vars(owner))
    patches = [replaced(owner, "method", returning(str(number))) for number in range(3)]
    for patch in patches:
        patch.__enter__()
    remaining = ["2", "1", "0"]
    assert "2 1 0 original" == owner().method()
    for number in order:
        patches[number].__exit__(None, None, None)
        remaining.remove(str(number))
        assert " ".join([*remaining, "original"]) == owner().method()
    assert before == dict(vars(owner))


def test_patch_of_others(monkeypatch):
    """A patch that others have wrapped stays, without an effect."""
    with monkeypatch.context() as others:
        with replaced(Base, "method", returning("ours")):
            below = Base.method
            others.setattr(Base, "method", lambda self: f"theirs {below(self)}")
            assert "theirs ours original" == Base().method()
        assert "theirs original" == Base().method()
    assert "original" == Base().method()


def test_several():
    """Several methods are replaced and restored together."""
    owners = [type(name, (), {"method": Base.method}) for name in "ab"]
    with Replacements(replaced(owner, "method", returning("new")) for owner in owners):
        assert ["new original"] * 2 == [owner().method() for owner in owners]
    assert ["original"] * 2 == [owner().method() for owner in owners]


class TestAgain:
    """A patch that is applied again, as each test does."""

    def test_same_original(self):
        """What was made for the first time is used again."""
        made = []

        class Owner:
            def method(self):
                return "original"

        def wrap(original):
            made.append(original)
            return lambda self: f"new {original(self)}"

        patch = replaced(Owner, "method", wrap)
        for _ in range(2):
            with patch:
                assert "new original" == Owner().method()
            assert "original" == Owner().method()

        assert [Owner.method] == made

    def test_other_original(self, monkeypatch):
        """If something else has been patched in the meantime, the patch applies to that."""
        patch = replaced(Base, "method", returning("new"))
        with patch:
            pass
        monkeypatch.setattr(Base, "method", lambda _self: "other")
        with patch:
            assert "new other" == Base().method()
        assert "other" == Base().method()

    def test_wrapped_by_others(self, monkeypatch):
        """A patch that others have wrapped stays below, and a new one is on top."""
        patch = replaced(Base, "method", returning("ours"))
        with monkeypatch.context() as others:
            with patch:
                below = Base.method
                others.setattr(Base, "method", lambda self: f"theirs {below(self)}")
            with patch:
                assert "ours theirs original" == Base().method()
            assert "theirs original" == Base().method()
        assert "original" == Base().method()
