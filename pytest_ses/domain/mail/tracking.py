"""How does SES write the links and the pixel that tell it of clicks and opens?

The shapes are those of mails that SES sent. The hashes and the first label of the host are ours, made
from what they stand for, so that the same mail has the same links.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections import Counter
from html import entities, unescape
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import quote

from pytest_ses.domain import mime
from pytest_ses.domain.mail import unsubscribing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

# https://docs.aws.amazon.com/ses/latest/dg/faqs-metrics.html
MOST_LINKS = 250
PLACEHOLDER = "{{ses:openTracker}}"

_NO_TRACK, _TAGS = "ses:no-track", "ses:tags"
_KEPT = ":=@,"  # seen unescaped in the path of a link, beside letters, digits and `-._~`
_KEY = 452  # a number after each hash; what it counts is not known
_LABEL_LENGTH = 8
_LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

_BLANK = r"[\t\n\f\r ]"
_OPENING = re.compile(r"<(?:(!--)|(/?[A-Za-z][^\t\n\f\r />]*))")
_ATTRIBUTE = re.compile(
    rf"""
    [\t\n\f\r /]* (?P<name> [^\t\n\f\r />][^\t\n\f\r />=]* )
    (?: {_BLANK}*={_BLANK}* (?:
        "(?P<double> [^"]* )(?: "|\Z )
      | '(?P<single> [^']* )(?: '|\Z )
      | (?P<bare> [^\t\n\f\r >"'][^\t\n\f\r >]* )
    )?)?
    """,
    re.VERBOSE,
)
# A name without a semicolon stands for a character only where the name ends.
_ENTITY = re.compile(
    r"&(?:#(?:[0-9]+|[xX][0-9A-Fa-f]+);?|([A-Za-z][A-Za-z0-9]*(?:;|(?![A-Za-z0-9=]))))"
)
_CLOSING = re.compile(r"[\t\n\f\r /]*>")
_END_OF_BODY = re.compile(rf"</body{_BLANK}*>", re.ASCII | re.IGNORECASE)
# What stands in these elements is text to a browser.
_OF_TEXT = {
    name: re.compile(rf"(?=</{name}[\t\n\f\r />])", re.ASCII | re.IGNORECASE)
    for name in ("script", "style", "textarea", "title")
}
_END_OF_COMMENT = re.compile("-->")

_PCHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_CLEAN_URL = re.compile(
    rf"""
    https?://
    (?: (?: [A-Za-z0-9._~!$&'()*+,;=:-] | %[0-9A-Fa-f]{{2}} )* @ )?
    (?: \[ [0-9A-Za-z:.]+ \] | (?: [A-Za-z0-9._~!$&'()*+,;=-] | %[0-9A-Fa-f]{{2}} )+ )
    (?: : [0-9]* )?
    (?: / (?: {_PCHAR} | / )* )?
    (?: \? (?: {_PCHAR} | [/?] )* )?
    (?: \# (?: {_PCHAR} | [/?] )* )?
    """,
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
"""An absolute http or https URL as RFC 3986 writes it."""


class Tracking(NamedTuple):
    """What SES is to learn of a mail.

    Attributes:
        opens: whether it has a pixel.
        clicks: whether its links lead through SES.
        region: where it was sent.
        message_id: its id.
        domain: the redirect domain of the configuration set, or None for that of SES.
        https_policy: `REQUIRE`, `REQUIRE_OPEN_ONLY` or `OPTIONAL`; None is `OPTIONAL`.
    """

    opens: bool
    clicks: bool
    region: str
    message_id: str
    domain: str | None = None
    https_policy: str | None = None


class Link(NamedTuple):
    """A link as the caller wrote it.

    Attributes:
        url: where it leads, without entities.
        tags: what its `ses:tags` say, None without any.
        tracked: whether it leads through SES where clicks are tracked.
    """

    url: str
    tags: Mapping[str, list[str]] | None
    tracked: bool


class _Attribute(NamedTuple):
    name: str
    value: str
    start: int
    end: int
    value_start: int
    value_end: int


class _Anchor(NamedTuple):
    """An `<a>`: its link, how often its URL was tracked so far, where what is to be changed stands."""

    link: Link | None
    number: int
    href: _Attribute | None
    ours: list[_Attribute]


def links(html: str) -> list[Link]:
    """The links of an HTML text in order, whatever they lead to."""
    return [anchor.link for anchor in _anchors(html, Counter()) if anchor.link]


def tracked(html: str, how: Tracking) -> str:
    """An HTML text as it arrives.

    Links lead through SES and a pixel stands where `{{ses:openTracker}}` stood first, else at the end
    of the body. What is meant for SES, `ses:` attributes and placeholders, goes in any case.
    """
    return _tracked(html, how, Counter())


def original(link: str, how: Tracking | None, html: str) -> Link | None:
    """The link of an HTML text that a URL stands for, as it arrived or as it was written.

    As it arrived it is that very link; as it was written it is the first one to that URL.
    """
    anchors = [(anchor.link, anchor.number) for anchor in _anchors(html, Counter()) if anchor.link]
    if how and how.clicks:
        for found, number in anchors:
            if found.tracked and link == _redirect(found.url, number, how):
                return found
    return next((found for found, _ in anchors if found.url == link), None)


def tracked_bytes(raw: bytes, how: Tracking, unsubscribe: str | None = None) -> bytes:
    """A raw mail as it arrives: each HTML body tracked, and all else byte for byte the same.

    250 links are tracked in the whole mail. `unsubscribe` is the URL of a mail with list management,
    which is not tracked itself.
    """
    seen: Counter[str] = Counter()

    def rewrite(kind: str, text: str) -> str:
        return _tracked(text, how, seen) if kind == "html" else text

    raw = mime.rewritten(raw, rewrite)
    return raw if unsubscribe is None else unsubscribing.replaced_bytes(raw, unsubscribe)


def _tracked(html: str, how: Tracking, seen: Counter[str]) -> str:
    pieces, at = [], 0
    for start, end, new in sorted(_edits(html, how, seen)):
        pieces += [html[at:start], new]
        at = end
    return _with_pixel("".join([*pieces, html[at:]]), how)


def _edits(html: str, how: Tracking, seen: Counter[str]) -> Iterator[tuple[int, int, str]]:
    for link, number, href, ours in _anchors(html, seen):
        for one in ours:
            # What followed the attribute must not grow together with what preceded it.
            yield one.start, one.end, "" if html[one.end] in "\t\n\f\r />" else " "
        if how.clicks and link and href and link.tracked:
            yield href.value_start, href.value_end, _redirect(link.url, number, how)


def _with_pixel(html: str, how: Tracking) -> str:
    pixel = _pixel(how) if how.opens else ""
    if PLACEHOLDER in html:
        return html.replace(PLACEHOLDER, pixel, 1).replace(PLACEHOLDER, "")
    ends = [match.start() for match in _END_OF_BODY.finditer(html)]
    at = ends[-1] if ends else len(html)
    return html[:at] + pixel + html[at:]


def _pixel(how: Tracking) -> str:
    secure = how.domain is None or how.https_policy in {"REQUIRE", "REQUIRE_OPEN_ONLY"}
    address = _address("https" if secure else "http", "I0", how)
    url = f"{address}/{how.message_id}/{_hash(how, 'open')}"
    return f'<img alt="" src="{url}" style="display: none; width: 1px; height: 1px;">'


def _redirect(url: str, number: int, how: Tracking) -> str:
    """The URL that a link has on its way; `number` counts the links of the mail to the same URL."""
    scheme = "https" if how.https_policy == "REQUIRE" else url.partition(":")[0].lower()
    where = f"{quote(url, safe=_KEPT)}/{number}/{how.message_id}"
    return f"{_address(scheme, 'L0', how)}/{where}/{_hash(how, f'{number} {url}')}"


def _address(scheme: str, kind: str, how: Tracking) -> str:
    """The host and the first step of the path, which has a `C` on a domain of the customer's."""
    if how.domain is not None:
        return f"{scheme}://{how.domain}/C{kind}"
    return f"{scheme}://{_label(how.region)}.r.{how.region}.awstrack.me/{kind}"


def _label(region: str) -> str:
    digest = hashlib.sha256(region.encode()).digest()
    return "".join(_LETTERS[byte % len(_LETTERS)] for byte in digest[:_LABEL_LENGTH])


def _hash(how: Tracking, what: str) -> str:
    """27 characters on SES's domain, 43 on one of the customer's, `=` and a number."""
    digest = hashlib.sha256(f"{how.message_id} {what}".encode()).digest()
    if how.domain is None:
        digest = digest[:20]
    return f"{base64.urlsafe_b64encode(digest).decode()}{_KEY}"


def _anchors(html: str, seen: Counter[str]) -> Iterator[_Anchor]:
    """Every `<a>`; `seen` counts the URLs that are tracked."""
    for name, attributes in _tags(html):
        if name != "a":
            continue
        first: dict[str, _Attribute] = {}
        for attribute in attributes:
            first.setdefault(attribute.name, attribute)
        href = first.get("href")
        link = _link(href.value, first, seen) if href else None
        number = seen[link.url] if link else 0
        yield _Anchor(
            link, number, href, [one for one in attributes if one.name in {_NO_TRACK, _TAGS}]
        )


def _link(url: str, attributes: Mapping[str, _Attribute], seen: Counter[str]) -> Link:
    url = url.strip("\t\n\f\r ")
    clean = _CLEAN_URL.fullmatch(url) is not None and _NO_TRACK not in attributes
    tracked = clean and seen.total() < MOST_LINKS
    if tracked:
        seen[url] += 1
    tags = attributes.get(_TAGS)
    return Link(url, _pairs(tags.value) if tags else None, tracked)


def _pairs(text: str) -> dict[str, list[str]] | None:
    """The tags in `k:v;k2:v2;`; a key given twice has both values."""
    found: dict[str, list[str]] = {}
    for item in text.split(";"):
        key, colon, value = item.strip().partition(":")
        if colon:
            found.setdefault(key, []).append(value)
    return found or None


def _tags(html: str) -> Iterator[tuple[str, list[_Attribute]]]:
    """The tags of an HTML text as a browser finds them, but for those in comments and scripts."""
    at = 0
    while opening := _OPENING.search(html, at):
        if opening[1]:
            at = _after(_END_OF_COMMENT, html, opening.end() - 2)  # `<!-->` is one, too
            continue
        attributes = list(_attributes(html, opening.end()))
        end = _CLOSING.match(html, attributes[-1].end if attributes else opening.end())
        if end is None:  # the text ends in the tag, so that there is none
            return
        name, at = opening[2].lower(), end.end()
        yield name, attributes
        if name in _OF_TEXT:
            at = _after(_OF_TEXT[name], html, at)


def _after(pattern: re.Pattern[str], html: str, at: int) -> int:
    found = pattern.search(html, at)
    return found.end() if found else len(html)


def _attributes(html: str, at: int) -> Iterator[_Attribute]:
    while match := _ATTRIBUTE.match(html, at):
        at = match.end()
        kind = match.lastgroup or "name"
        value = "" if kind == "name" else _ENTITY.sub(_character, match[kind])
        yield _Attribute(match["name"].lower(), value, match.start(), at, *match.span(kind))


def _character(match: re.Match[str]) -> str:
    return entities.html5.get(match[1], match[0]) if match[1] else unescape(match[0])
