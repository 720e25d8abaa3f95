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
