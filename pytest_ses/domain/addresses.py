"""The addresses that SES accepts, and their parts."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_ses.domain.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

NO_DOMAIN = "Missing final '@domain'"
MAX_LENGTH = 320
"""The maximum length of an address, including its display name, in UTF-16 code units."""

_ATOM = r"[!#-'*+\-/-9=?A-Z^-~]+"
_LABEL = r"[A-Za-z0-9-]+"
_SIMPLE_ADDRESS = rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"
_PLAIN = re.compile(_SIMPLE_ADDRESS)
_NAMED = re.compile(rf'(?:[^"(),:;<>@\[\]\\]*|"[^"\\]*"[ \t]*)<({_SIMPLE_ADDRESS})>')
_PIECE = re.compile(
    r"""
      (?P<quoted>"(?:[^"\\]|\\.)*")
    | (?P<angle><(?:[^>"]|"(?:[^"\\]|\\.)*")*>)
    | (?P<literal>\[[^\[\]]*\])
    | (?P<open>["<\[].*)
    | (?P<paren>\()
    | (?P<mark>[,:;>)\]])
    | (?P<text>[^][()<>",:;]+)
    """,
    re.DOTALL | re.VERBOSE,
)
_IN_COMMENT = re.compile(r"\\.|[()]", re.DOTALL)
_QUOTED_LOCAL = re.compile(r'("(?:[^"\\\r\n]|\\[^\r\n])*")(?:@(.*))?', re.DOTALL)
_LITERAL = re.compile(r"\[[!-?A-Z^-~]*\]")
_INVALID_IN_LOCAL = re.compile(r"[^!#-'*+\-./-9=?A-Z^-~]")
_INVALID_IN_DOMAIN = re.compile(r"[^A-Za-z0-9.-]")
_NOT_SPLIT_BY_COMMA = re.compile(r'["(:;\[]|<[^<>,]*,')
_MISPLACED = {
    ":": "Local address contains illegal character",
    ";": "Illegal semicolon, not in group",
    "<": "Missing '>'",
    ">": "Missing '<'",
    "(": "Missing ')'",
    ")": "Missing '('",
    "[": "Missing ']'",
    "]": "Missing '['",
}


@dataclass(frozen=True, slots=True)
class Address:
    """An address that SES accepts.

    Attributes:
        text: the address as supplied.
        bare: the address without its display name.
        domain: its domain, in lower case.
    """

    text: str
    bare: str
    domain: str


@lru_cache(maxsize=8192)
def parse(text: str) -> Address:
    """Parse an address as SES does, that is, like JavaMail's strict `InternetAddress`.

    A display name (quoted or not), comments and a quoted local part are allowed, but not a second
    address.

    Raises:
        InvalidParameterValue: if SES rejects the address.
    """
    if _PLAIN.fullmatch(text):
        return _new_address(text, text)
    if match := _NAMED.fullmatch(text):
        return _new_address(text, match[1])
    return _new_address(text, _single_spec(text))


def is_bare(text: str) -> bool:
    """Whether a text is an address that SES accepts and has no display name."""
    try:
        return parse(text).bare == text
    except InvalidParameterValue:
        return False


def normalized(name: str) -> str:
    """Return the name that an identity is stored under, with its domain in lower case."""
    local, at, domain = name.rpartition("@")
    return local + at + domain.lower()


def check_lengths(texts: Iterable[str]) -> None:
    """Reject the first address that is too long; see `check_length`."""
    for text in texts:
        # A character has at most two units.
        if len(text) > MAX_LENGTH // 2:
            check_length(text)


def check_length(text: str) -> None:
    """Reject an address of more than 320 UTF-16 code units, including its display name.

    Raises:
        InvalidParameterValue: if the address is too long.
    """
    if len(text) + sum(character > "\uffff" for character in text) > MAX_LENGTH:
        raise InvalidParameterValue(
            f"Address length is more than {MAX_LENGTH} characters long: '{text}'.", address=text
        )


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """Return an address without its display name: `a@b.c` for `Ada <a@b.c>`.

    Accepts any text; a text that is not an address is returned unchanged.
    """
    if _PLAIN.fullmatch(text):
        return text
    parts = []
    for kind, piece in _pieces(text):
        if kind == "angle" or (kind == "open" and piece[0] == "<"):
            return piece.strip("<> \t\r\n")
        if kind != "comment":
            parts.append(piece)
    return "".join(parts).strip(", \t\r\n")


def parse_list(header_value: str) -> list[str]:
    """Return the addresses in a header value such as `A <a@x>, b@y, group: c@z;`; never fails."""
    if not _NOT_SPLIT_BY_COMMA.search(header_value):
        texts = header_value.split(",")
    else:
        texts = [""]
        for kind, piece in _pieces(header_value):
            if kind == "mark" and piece in ",;":
                texts.append("")
            elif piece == ":":
                texts[-1] = ""
            else:
                texts[-1] += piece
    return [stripped for text in texts if (stripped := text.strip())]


def _new_address(text: str, spec: str) -> Address:
    return Address(text, spec, spec.rpartition("@")[2].lower())


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """Split a text into pieces, each with its kind.

    The rest of the text after an unclosed quote or bracket is one piece of kind `open`.
    """
    position = 0
    while match := _PIECE.match(text, position):
        kind, end = match.lastgroup or "", match.end()
        if kind == "paren":
            close = _end_of_comment(text, position)
            kind, end = ("comment", close) if close else ("open", len(text))
        yield kind, text[position:end]
        position = end


def _end_of_comment(text: str, start: int) -> int:
    depth = 0
    for match in _IN_COMMENT.finditer(text, start):
        depth += {"(": 1, ")": -1}.get(match[0], 0)
        if depth == 0:
            return match.end()
    return 0


def _single_spec(text: str) -> str:
    specs = [_checked(spec, text) for spec in _specs(text)]
    if len(specs) != 1:
        raise InvalidParameterValue("Illegal address", address=text)
    return specs[0]


def _specs(text: str) -> Iterator[str]:
    """Yield the unchecked address of each comma-separated part."""
    parts: list[list[tuple[str, str]]] = [[]]
    for kind, piece in _pieces(text):
        if piece == ",":
            parts.append([])
        elif kind in {"open", "mark"}:
            reason = _MISPLACED.get(piece[0], f"Invalid email address {text}.")
            raise InvalidParameterValue(reason, address=text)
        elif kind != "comment":
            parts[-1].append((kind, piece))
    for part in parts:
        yield from _spec(part, text)


def _spec(part: list[tuple[str, str]], text: str) -> Iterator[str]:
    angles = [piece[1:-1] for kind, piece in part if kind == "angle"]
    if len(angles) > 1:
        raise InvalidParameterValue("Extra route-addr", address=text)
    if angles:
        yield angles[0]
    elif address := "".join(piece for _, piece in part).strip():
        yield address


def _checked(spec: str, text: str) -> str:
    error = _error_in_quoted(spec, text) if spec.startswith('"') else _error_in_plain(spec)
    if error:
        raise InvalidParameterValue(error, address=text)
    return spec


def _error_in_quoted(spec: str, text: str) -> str | None:
    match = _QUOTED_LOCAL.match(spec)
    if match is None:
        return f"Invalid email address {text}."
    if match.end() < len(spec):
        return "Local address contains illegal character"
    return NO_DOMAIN if match[2] is None else _error_in_domain(match[2])


def _error_in_plain(spec: str) -> str | None:
    local, at, domain = spec.partition("@")
    if not spec:
        return "Empty address"
    return _error_in_local(local) or (None if at else NO_DOMAIN) or _error_in_domain(domain)


def _error_in_local(local: str) -> str | None:
    if not local:
        return "Missing local name"
    if invalid := _INVALID_IN_LOCAL.search(local):
        return f"Local address contains {_kind_of(invalid[0])}"
    if local.startswith("."):
        return "Local address starts with dot"
    if ".." in local:
        return "Local address contains dot-dot"
    return "Local address ends with dot" if local.endswith(".") else None


def _error_in_domain(domain: str) -> str | None:
    if domain.startswith("."):
        return "Domain starts with dot"
    if _LITERAL.fullmatch(domain):
        return None
    if invalid := _INVALID_IN_DOMAIN.search(domain):
        return f"Domain contains {_kind_of(invalid[0])}"
    if ".." in domain:
        return "Domain contains dot-dot"
    return "Missing domain" if not domain or domain.endswith(".") else None


def _kind_of(character: str) -> str:
    return "illegal character" if "!" <= character <= "~" else "control or whitespace"
