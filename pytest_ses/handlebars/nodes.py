"""The nodes of a parsed template."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TypeAlias

#: The name by which a partial includes the content of the `{{#> …}}` that called it.
PARTIAL_BLOCK = "@partial-block"


@dataclass(frozen=True, slots=True)
class Literal:
    """A string, number or boolean written in the template."""

    value: str | int | float | bool


@dataclass(frozen=True, slots=True)
class Path:
    """`../a.b`: up one scope, then `a`, then `b`; `text` is the path as written.

    `this_only` excludes the outer scopes from the search (`this.a`), `is_data` marks `@index` and
    the like, and `names` is None for a path that never has a value (`a..b`).
    """

    text: str
    levels_up: int
    this_only: bool
    is_data: bool
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
    """`{{call}}`; here and below, `length` is the number of characters in the tag's lexemes."""

    call: Invocation
    length: int


@dataclass(frozen=True, slots=True)
class Branch:
    """A condition of a block, the body it guards, and the names in `as |a b|`."""

    call: Invocation
    inverted: bool
    parameters: tuple[str, ...]
    body: Body
    length: int


@dataclass(frozen=True, slots=True)
class Block:
    """The branches, which are tried in order, and the body to render if none of them applies."""

    branches: tuple[Branch, ...]
    else_body: Body | None


@dataclass(frozen=True, slots=True)
class Partial:
    """`{{> name context key=value}}`; `body` is the content of `{{#> name}}`.

    `depth` is the number of blocks around the tag in the source.
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
    """A sequence of statements, and the inline partials defined among them."""

    statements: tuple[Statement, ...]
    partials: dict[str, Body] = field(default_factory=dict)
