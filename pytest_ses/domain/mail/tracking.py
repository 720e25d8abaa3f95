"""Tracked links and tracking pixels.

The format was recorded from messages that SES sent. The hashes and the first label of the host are
our own; they are derived from the message ID, the URL and the region, so they never change.
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
MAX_TRACKED_LINKS = 250
PLACEHOLDER = "{{ses:openTracker}}"

_NO_TRACK, _TAGS = _SES_ATTRIBUTES = ("ses:no-track", "ses:tags")
_UNESCAPED = ":=@,"  # unescaped in the path of SES's links, like letters, digits and `-._~`
_HASH_SUFFIX = 452  # a number after each hash; its meaning is unknown
_LABEL_LENGTH = 8
_LABEL_CHARACTERS = "abcdefghijklmnopqrstuvwxyz0123456789"

_BLANK = r"[\t\n\f\r ]"
_ATTRIBUTE_PATTERN = rf"""
    [\t\n\f\r /]* (?P<name> [^\t\n\f\r />][^\t\n\f\r />=]* )
    (?: {_BLANK}*={_BLANK}* (?:
        "(?P<double> [^"]* )(?: "|\Z )
      | '(?P<single> [^']* )(?: '|\Z )
      | (?P<bare> [^\t\n\f\r >"'][^\t\n\f\r >]* )
    )?)?
    """
_ATTRIBUTE = re.compile(_ATTRIBUTE_PATTERN, re.VERBOSE)
# A few attributes at a time, because a tag can have millions. The lookahead keeps the attributes
# that have matched, as an atomic group would (Python 3.11), so the time is linear.
_SOME_ATTRIBUTES_PATTERN = rf"""
    (?: (?=(?P<attribute> {_ATTRIBUTE_PATTERN} )) (?P=attribute) ){{0,8}} [\t\n\f\r /]*
    """
_SOME_ATTRIBUTES = re.compile(_SOME_ATTRIBUTES_PATTERN, re.VERBOSE)
# End tags such as `</a>` are the most frequent tags without a meaning here.
_OPENING = re.compile(
    rf"""
    < (?: (?P<comment> !-- )
        | (?! /[A-Za-z0-9]+> ) (?P<element> /?[A-Za-z][^\t\n\f\r />]* )
          {_SOME_ATTRIBUTES_PATTERN} (?P<end> > )?
      )
    """,
    re.VERBOSE,
)
# An entity name without a semicolon must not be followed by a letter, a digit or `=`.
_ENTITY = re.compile(
    r"&(?:#(?:[0-9]+|[xX][0-9A-Fa-f]+);?|([A-Za-z][A-Za-z0-9]*(?:;|(?![A-Za-z0-9=]))))"
)
_SES_ATTRIBUTE = re.compile("ses:", re.ASCII | re.IGNORECASE)
# A tag without any of these is delivered unchanged; an entity can be a part of a URL.
_EDITED = re.compile("ses:|http|&", re.ASCII | re.IGNORECASE)
_END_OF_BODY = re.compile(rf"</body{_BLANK}*>", re.ASCII | re.IGNORECASE)
# Browsers treat the content of these elements as text.
_END_OF_TEXT = {
    name: re.compile(rf"(?=</{name}[\t\n\f\r />])", re.ASCII | re.IGNORECASE)
    for name in ("script", "style", "textarea", "title")
}
_END_OF_COMMENT = re.compile("-->")

_PCHAR = r"(?:[A-Za-z0-9._~!$&'()*+,;=:@-]|%[0-9A-Fa-f]{2})"
_VALID_URL = re.compile(
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
"""An absolute http or https URL in the syntax of RFC 3986."""


class TrackingSettings(NamedTuple):
    """The tracking settings of all messages of a request.

    Attributes:
        opens: whether a message contains a tracking pixel.
        clicks: whether its links are redirected through SES.
        domain: the redirect domain of the configuration set, or None for SES's own.
        https_policy: `REQUIRE`, `REQUIRE_OPEN_ONLY` or `OPTIONAL`; None means `OPTIONAL`.
    """

    opens: bool
    clicks: bool
    domain: str | None = None
    https_policy: str | None = None


class Tracking(NamedTuple):
    """The tracking of a message: the settings, and the region and the ID of the message."""

    opens: bool
    clicks: bool
    region: str
    message_id: str
    domain: str | None = None
    https_policy: str | None = None


class Link(NamedTuple):
    """A link as supplied by the caller.

    Attributes:
        url: its URL, with entities decoded.
        tags: the tags in its `ses:tags` attribute, or None.
        tracked: whether it is redirected through SES if clicks are tracked.
    """

    url: str
    tags: Mapping[str, list[str]] | None
    tracked: bool


def urls(html: str) -> list[str]:
    """Return the URLs of all links in an HTML text, in order; faster than `links`."""
    urls = []
    for start, end in _anchor_tags(html):
        for name, double, single, bare in _ATTRIBUTE.findall(html, start, end):
            if name.lower() == "href":
                urls.append(_url(double or single or bare))
                break
    return urls


def links(html: str) -> Iterator[Link]:
    """Yield all links in an HTML text, in order."""
    left = MAX_TRACKED_LINKS
    for start, end in _anchor_tags(html):
        if link := _link(_attributes(html, start, end)):
            yield link if left else link._replace(tracked=False)
            left -= link.tracked and left > 0


def with_tracking(html: str, tracking: Tracking) -> str:
    """Return an HTML text as delivered.

    Links are redirected through SES. The pixel replaces the first `{{ses:openTracker}}`, or is
    inserted at the end of the body. The `ses:` attributes and all other placeholders are removed,
    whether or not anything is tracked.
    """
    return _tracked(html, tracking, Counter())


def find_link(url: str, tracking: Tracking | None, html: str) -> Link | None:
    """Return the link with this URL in an HTML text; the URL is either as delivered or as supplied.

    A delivered URL identifies one link. For a supplied URL, the first link to it is returned.
    """
    if tracking and tracking.clicks:
        numbers: Counter[str] = Counter()
        for link in links(html):
            numbers[link.url] += link.tracked
            if link.tracked and url == _redirect(link.url, numbers[link.url], tracking):
                return link
    return next((link for link in links(html) if link.url == url), None)


def raw_with_tracking(raw: bytes, tracking: Tracking, unsubscribe_url: str | None = None) -> bytes:
    """Return a raw message as delivered: with tracked HTML bodies, and otherwise unchanged.

    At most 250 links in the whole message are tracked. `unsubscribe_url`, which only a message with
    list management has, is not tracked.
    """
    tracked_urls: Counter[str] = Counter()

    def rewrite(kind: str, text: str) -> str:
        return _tracked(text, tracking, tracked_urls) if kind == "html" else text

    raw = mime.rewrite_bodies(raw, rewrite)
    return raw if unsubscribe_url is None else unsubscribing.raw_with_url(raw, unsubscribe_url)


def _tracked(html: str, tracking: Tracking, tracked_urls: Counter[str]) -> str:
    pieces, position = [], 0
    for start, end, replacement in _edits(html, tracking, tracked_urls):
        pieces += [html[position:start], replacement]
        position = end
    return _with_pixel("".join([*pieces, html[position:]]), tracking)


def _edits(
    html: str, tracking: Tracking, tracked_urls: Counter[str]
) -> Iterator[tuple[int, int, str]]:
    """Yield the changes to an HTML text, and count the tracked URLs in `tracked_urls`."""
    left = MAX_TRACKED_LINKS - tracked_urls.total()
    last_start = len(html)
    for start, end in _anchor_tags(html):
        if not left and last_start == len(html):
            last_start = _last_start(_SES_ATTRIBUTE, html, start)
        if start > last_start:
            return
        redirect = None
        if left and _EDITED.search(html, start, end):
            url = _tracked_url(_attributes(html, start, end))
            if url is not None:
                left -= 1
                tracked_urls[url] += 1
                if tracking.clicks:
                    redirect = _redirect(url, tracked_urls[url], tracking)
        if redirect or _SES_ATTRIBUTE.search(html, start, end):
            yield from _edits_of_tag(html, start, end, redirect)


def _edits_of_tag(
    html: str, start: int, end: int, redirect: str | None
) -> Iterator[tuple[int, int, str]]:
    for match in _ATTRIBUTE.finditer(html, start, end):
        name = match["name"].lower()
        if name in _SES_ATTRIBUTES:
            # The text before and after the removed attribute must not be joined into one name.
            is_last_or_separated = html[match.end()] in "\t\n\f\r />"
            yield match.start(), match.end(), "" if is_last_or_separated else " "
        elif name == "href" and redirect:
            yield *match.span(match.lastgroup or 0), redirect
            redirect = None


def _with_pixel(html: str, tracking: Tracking) -> str:
    pixel = _pixel(tracking) if tracking.opens else ""
    if PLACEHOLDER in html:
        return html.replace(PLACEHOLDER, pixel, 1).replace(PLACEHOLDER, "")
    ends = [match.start() for match in _END_OF_BODY.finditer(html)]
    position = ends[-1] if ends else len(html)
    return html[:position] + pixel + html[position:]


def _pixel(tracking: Tracking) -> str:
    secure = tracking.domain is None or tracking.https_policy in {"REQUIRE", "REQUIRE_OPEN_ONLY"}
    base_url = _base_url("https" if secure else "http", "I0", tracking)
    url = f"{base_url}/{tracking.message_id}/{_hash(tracking, 'open')}"
    return f'<img alt="" src="{url}" style="display: none; width: 1px; height: 1px;">'


def _redirect(url: str, number: int, tracking: Tracking) -> str:
    """Return the tracked URL of a link; `number` counts the links to the same URL."""
    scheme = "https" if tracking.https_policy == "REQUIRE" else url.partition(":")[0].lower()
    path = f"{quote(url, safe=_UNESCAPED)}/{number}/{tracking.message_id}"
    return f"{_base_url(scheme, 'L0', tracking)}/{path}/{_hash(tracking, f'{number} {url}')}"


def _base_url(scheme: str, kind: str, tracking: Tracking) -> str:
    """Return the start of a URL; on a custom domain, its path starts with a `C`."""
    if tracking.domain is not None:
        return f"{scheme}://{tracking.domain}/C{kind}"
    return f"{scheme}://{_label(tracking.region)}.r.{tracking.region}.awstrack.me/{kind}"


def _label(region: str) -> str:
    digest = hashlib.sha256(region.encode()).digest()
    return "".join(
        _LABEL_CHARACTERS[byte % len(_LABEL_CHARACTERS)] for byte in digest[:_LABEL_LENGTH]
    )


def _hash(tracking: Tracking, subject: str) -> str:
    """Return 27 characters for SES's domain or 43 for a custom domain, then `=` and a number."""
    digest = hashlib.sha256(f"{tracking.message_id} {subject}".encode()).digest()
    if tracking.domain is None:
        digest = digest[:20]
    return f"{base64.urlsafe_b64encode(digest).decode()}{_HASH_SUFFIX}"


def _link(attributes: Mapping[str, str]) -> Link | None:
    """Return the link of an `<a>` tag, without regard to the number of links before it."""
    if "href" not in attributes:
        return None
    tags = _parse_tags(_decoded(attributes.get(_TAGS, "")))
    return Link(_url(attributes["href"]), tags, _tracked_url(attributes) is not None)


def _tracked_url(attributes: Mapping[str, str]) -> str | None:
    """Return the URL of a link that is tracked unless there are too many before it."""
    if _NO_TRACK in attributes:
        return None
    url = _url(attributes.get("href", ""))
    return url if _VALID_URL.fullmatch(url) else None


def _attributes(html: str, start: int, end: int) -> dict[str, str]:
    """Return the attributes of a tag, with entities; a repeated attribute has its first value."""
    return {
        name.lower(): double or single or bare
        for name, double, single, bare in reversed(_ATTRIBUTE.findall(html, start, end))
    }


def _url(value: str) -> str:
    return _decoded(value).strip("\t\n\f\r ")


def _parse_tags(text: str) -> dict[str, list[str]] | None:
    """Return the tags in `k:v;k2:v2;`; a key that occurs twice has both values."""
    pairs: dict[str, list[str]] = {}
    for item in text.split(";"):
        key, colon, value = item.strip().partition(":")
        if colon:
            pairs.setdefault(key, []).append(value)
    return pairs or None


def _anchor_tags(html: str) -> Iterator[tuple[int, int]]:
    """Yield the positions after the name and before the end of each `<a>` tag.

    These are the tags that a browser recognizes; it ignores those in comments and scripts.
    """
    position = 0
    while opening := _OPENING.search(html, position):
        element = opening["element"]
        if element is None:
            # The search starts at the opening `--`, because `<!-->` is a comment too.
            position = _end_of_match(_END_OF_COMMENT, html, opening.end() - 2)
            continue
        position = opening.end()
        if opening["end"] is None:
            position = _end_of_tag(html, position)
            if position > len(html):  # the text ends inside the tag
                return
        name = element.lower()
        if name == "a":
            yield opening.end("element"), position - 1
        if name in _END_OF_TEXT:
            position = _end_of_match(_END_OF_TEXT[name], html, position)


def _end_of_tag(html: str, position: int) -> int:
    """Return the position after the `>` that ends a tag; if there is none, it is past the end."""
    while not html.startswith(">", position) and position < len(html):
        position = _end_of_match(_SOME_ATTRIBUTES, html, position)
    return position + 1


def _last_start(pattern: re.Pattern[str], html: str, position: int) -> int:
    return max((match.start() for match in pattern.finditer(html, position)), default=-1)


def _end_of_match(pattern: re.Pattern[str], html: str, position: int) -> int:
    match = pattern.search(html, position)
    return match.end() if match else len(html)


def _decoded(value: str) -> str:
    return _ENTITY.sub(_decode_entity, value) if "&" in value else value


def _decode_entity(match: re.Match[str]) -> str:
    return entities.html5.get(match[1], match[0]) if match[1] else unescape(match[0])
