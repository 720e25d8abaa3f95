"""Which addresses does SES accept, and what is in them?"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from pytest_ses.domain.errors import InvalidParameterValue

if TYPE_CHECKING:
    from collections.abc import Iterator

NO_DOMAIN = "Missing final '@domain'"
MAX_LENGTH = 320
"""The longest address, display name included, in UTF-16 units."""

_ATOM = r"[!#-'*+\-/-9=?A-Z^-~]+"
_LABEL = r"[A-Za-z0-9-]+"
_ORDINARY = rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*"
_PLAIN = re.compile(_ORDINARY)
_NAMED = re.compile(rf'(?:[^"(),:;<>@\[\]\\]*|"[^"\\]*"[ \t]*)<({_ORDINARY})>')
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
_BAD_IN_LOCAL = re.compile(r"[^!#-'*+\-./-9=?A-Z^-~]")
_BAD_IN_DOMAIN = re.compile(r"[^A-Za-z0-9.-]")
_NOT_SPLIT_BY_COMMA = re.compile(r'["(:;\[]|<[^>]*,')
_OUT_OF_PLACE = {
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
    """An address that SES accepts: as supplied, without its display name, and its domain."""

    text: str
    bare: str
    domain: str


@lru_cache(maxsize=8192)
def parse(text: str) -> Address:
    """The address in `text`, or `InvalidParameterValue` in SES's words.

    SES reads an address as JavaMail's strict `InternetAddress` does: a display name, quoted or not,
    comments and a quoted local part are allowed; a second address is not.
    """
    if _PLAIN.fullmatch(text):
        return _address(text, text)
    if named := _NAMED.fullmatch(text):
        return _address(text, named[1])
    return _address(text, _strictly(text))


def is_bare(text: str) -> bool:
    """Whether a text is an address that SES accepts, without a display name."""
    try:
        return parse(text).bare == text
    except InvalidParameterValue:
        return False


def normalised(name: str) -> str:
    """The name that an identity is stored under: its domain is in lower case."""
    local, at, domain = name.rpartition("@")
    return local + at + domain.lower()


def check_length(text: str) -> None:
    """Refuse an address of more than 320 UTF-16 units, counted with its display name."""
    astral = sum(character > "\uffff" for character in text) if len(text) > MAX_LENGTH // 2 else 0
    if len(text) + astral > MAX_LENGTH:
        raise InvalidParameterValue(
            f"Address length is more than {MAX_LENGTH} characters long: '{text}'.", address=text
        )


@lru_cache(maxsize=8192)
def bare(text: str) -> str:
    """`a@b.c` of `Ada <a@b.c>`, of any text: what is no address comes back as it is."""
    if _PLAIN.fullmatch(text):
        return text
    rest = []
    for kind, piece in _pieces(text):
        if kind == "angle" or (kind == "open" and piece[0] == "<"):
            return piece.strip("<> \t\r\n")
        if kind != "comment":
            rest.append(piece)
    return "".join(rest).strip(", \t\r\n")


def parse_list(header_value: str) -> list[str]:
    """The address texts of a header value such as `A <a@x>, b@y, group: c@z;`, never an error."""
    if not _NOT_SPLIT_BY_COMMA.search(header_value):
        found = header_value.split(",")
    else:
        found = [""]
        for kind, piece in _pieces(header_value):
            if kind == "mark" and piece in ",;":
                found.append("")
            elif piece == ":":
                found[-1] = ""
            else:
                found[-1] += piece
    return [stripped for text in found if (stripped := text.strip())]


def _address(text: str, spec: str) -> Address:
    return Address(text, spec, spec.rpartition("@")[2].lower())


def _pieces(text: str) -> Iterator[tuple[str, str]]:
    """`text` cut up, each piece with its kind; what is never closed is one piece of kind open."""
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


def _strictly(text: str) -> str:
    specs = [_checked(spec, text) for spec in _specs(text)]
    if len(specs) != 1:
        raise InvalidParameterValue("Illegal address", address=text)
    return specs[0]


def _specs(text: str) -> Iterator[str]:
    """The address of each comma-separated part, found before any of them is checked."""
    parts: list[list[tuple[str, str]]] = [[]]
    for kind, piece in _pieces(text):
        if piece == ",":
            parts.append([])
        elif kind in {"open", "mark"}:
            why = _OUT_OF_PLACE.get(piece[0], f"Invalid email address {text}.")
            raise InvalidParameterValue(why, address=text)
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
    elif whole := "".join(piece for _, piece in part).strip():
        yield whole


def _checked(spec: str, text: str) -> str:
    why = _fault_of_quoted(spec, text) if spec.startswith('"') else _fault_of_plain(spec)
    if why:
        raise InvalidParameterValue(why, address=text)
    return spec


def _fault_of_quoted(spec: str, text: str) -> str | None:
    match = _QUOTED_LOCAL.match(spec)
    if match is None:
        return f"Invalid email address {text}."
    if match.end() < len(spec):
        return "Local address contains illegal character"
    return NO_DOMAIN if match[2] is None else _fault_of_domain(match[2])


def _fault_of_plain(spec: str) -> str | None:
    local, at, domain = spec.partition("@")
    if not spec:
        return "Empty address"
    return _fault_of_local(local) or (None if at else NO_DOMAIN) or _fault_of_domain(domain)


def _fault_of_local(local: str) -> str | None:
    if not local:
        return "Missing local name"
    if bad := _BAD_IN_LOCAL.search(local):
        return f"Local address contains {_sort_of(bad[0])}"
    if local.startswith("."):
        return "Local address starts with dot"
    if ".." in local:
        return "Local address contains dot-dot"
    return "Local address ends with dot" if local.endswith(".") else None


def _fault_of_domain(domain: str) -> str | None:
    if domain.startswith("."):
        return "Domain starts with dot"
    if _LITERAL.fullmatch(domain):
        return None
    if bad := _BAD_IN_DOMAIN.search(domain):
        return f"Domain contains {_sort_of(bad[0])}"
    if ".." in domain:
        return "Domain contains dot-dot"
    return "Missing domain" if not domain or domain.endswith(".") else None


def _sort_of(character: str) -> str:
    return "illegal character" if "!" <= character <= "~" else "control or whitespace"
