"""What is a parsed template made of?"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

#: The name under which a partial finds the content of the `{{#> …}}` that called it.
PARTIAL_BLOCK = "@partial-block"


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number or boolean written in the template."""

    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Path:
    """`../a.b`: up one scope, then `a`, then `b`; `text` is the path as written.

    `own` stops the search in the scopes around (`this.a`), `data` marks `@index` and its kin, and
    `names` is None for a path that leads nowhere (`a..b`).
    """

    text: str
    up: int
    own: bool
    data: bool
    names: tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Invocation:
    """`name arg … key=value …`: a helper, or a plain variable if there are no arguments."""

    path: Path
    arguments: tuple[Expression, ...] = ()
    named: tuple[tuple[str, Expression], ...] = ()


Expression: TypeAlias = "Literal | Path | Invocation"


@dataclass(frozen=True, slots=True)
class Text:
    text: str


@dataclass(frozen=True, slots=True)
class Output:
    """`{{call}}`; `length` here and below counts the characters of the tag's words."""

    call: Invocation
    length: int


@dataclass(frozen=True, slots=True)
class Branch:
    """One condition of a block, what it guards, and the names that `as |a b|` gives."""

    call: Invocation
    inverted: bool
    parameters: tuple[str, ...]
    body: Body
    length: int


@dataclass(frozen=True, slots=True)
class Block:
    """The branches are tried in order; `otherwise` stands if none wants to render."""

    branches: tuple[Branch, ...]
    otherwise: Body | None


@dataclass(frozen=True, slots=True)
class Partial:
    """`{{> name context key=value}}`; `body` is the content of `{{#> name}}`.

    `depth` tells how deep the tag stands in the source.
    """

    name: str | Invocation
    context: Path | None
    named: tuple[tuple[str, Expression], ...]
    body: Body | None
    depth: int
    length: int


Statement: TypeAlias = "Text | Output | Block | Partial"


@dataclass(frozen=True, slots=True)
class Body:
    """A run of statements and the inline partials that are defined among them."""

    statements: tuple[Statement, ...]
    partials: dict[str, Body] = field(default_factory=dict)
