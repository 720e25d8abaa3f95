"""Tracking of clicks and opens by rewritten links and a pixel."""

import base64
import quopri
import re
from email import message_from_bytes
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import example, given, strategies as st
from timing import is_linear, seconds

from pytest_ses.domain import mime
from pytest_ses.domain.mail import tracking, unsubscribing
from pytest_ses.domain.mail.tracking import Link, Tracking

MESSAGE_ID = "0102019fa38f1c55-b2f812a4-b841-4e14-bb91-3feff941d97b-000000"
TRACKING = Tracking(
    opens=True,
    clicks=True,
    region="eu-west-1",
    message_id=MESSAGE_ID,
    domain=None,
    https_policy=None,
)
CLICKS = TRACKING._replace(opens=False)
OPENS = TRACKING._replace(clicks=False)
POLICIES = [None, "OPTIONAL", "REQUIRE_OPEN_ONLY", "REQUIRE"]
HASH = r"[A-Za-z0-9_-]{27}=\d+"
LONG_HASH = r"[A-Za-z0-9_-]{43}=\d+"
PIXEL = re.compile(r'<img alt="" src="[^"]*" style="display: none; width: 1px; height: 1px;">')
PIECES = st.sampled_from(
    [
        *(
            "<a",
            "<A ",
            " href=",
            "href",
            "=",
            '"',
            "'",
            ">",
            "/",
            "</a>",
            "<b ",
            "<!--",
            "-->",
            " ",
        ),
        *('<a href="https://x.example/?a=1">', "<a href=http://x.example>", "</body>", "<script>"),
        *("</script>", "<title>", "https://x.example", "http://y.example/%2f", "mailto:a@b", "\n"),
    ]
)
SES_PIECES = st.sampled_from(
    ["{{ses:openTracker}}", " ses:no-track", ' ses:tags="k:v;"', "&amp;", "&#"]
)
HTML = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)
WILD_HTML = st.lists(PIECES | SES_PIECES | st.text(max_size=3), max_size=12).map("".join)
CHARACTERS = "azAZ09-._~!$&'()*+,;=:@/?"
URLS = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["x.example", "x.example:8080", "[::1]", "a:b@x.example", "%41.example"]),
    st.text(st.sampled_from(CHARACTERS)).map("/{}".format) | st.just("") | st.just("?a=%2f#b"),
)


def tracked_urls(html, options=CLICKS):
    """The `href` values of a text after rewriting."""
    return re.findall(r'href="([^"]*)"', tracking.with_tracking(html, options))


def anchor(url, attributes=""):
    return f'<a{attributes} href="{url}">'


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a href="https://x.example/">', "https://x.example/"),
        ("<a href='https://x.example/'>", "https://x.example/"),
        ("<a href=https://x.example/>", "https://x.example/"),
        ('<A\n class="b"\tHREF = " https://x.example/ " id=c>', "https://x.example/"),
        ('<a/href="https://x.example/"/>', "https://x.example/"),
        ('<a href="https://x.example/?a=1&amp;b=2">', "https://x.example/?a=1&b=2"),
        ('<a href="https://x.example/?a=1&#38;b=&#x32;">', "https://x.example/?a=1&b=2"),
        ('<a href="/?a=1&timestamp=2&copy=3&nonsense;">', "/?a=1&timestamp=2&copy=3&nonsense;"),
        ('<a href="/&copy">', "/©"),
        ('<a href="#one" href="#two">', "#one"),
        ("<a href>", ""),
        ("<a href=>", ""),
        ('<b title="<a href=/no>"><a href="/yes">', "/yes"),
        ("<!-- <a href=/no> --><a href=/yes>", "/yes"),
        ("<!--><a href=/yes>", "/yes"),
        ("<!--[if !mso]><!--><a href=/yes><!--<![endif]-->", "/yes"),
        ("<style>a::before{content:'<a href=/no>'}</STYLE ><a href=/yes>", "/yes"),
        ("<title><a href=/no></title><a href=/yes>", "/yes"),
    ],
)
def test_links(html, expected):
    """A link is the first `href` of an `<a>` element as a browser parses it."""
    assert [expected] == [link.url for link in tracking.links(html)]


@pytest.mark.parametrize(
    "html",
    [
        "",
        "https://x.example/",
        "<a>",
        '<a name="top">',
        '<abbr href="/">',
        '<area href="/">',
        '</a href="/">',
        '<a href="/"',
        '<a href="/>',
        "<a href='/>",
        "<",
        "<a",
        "<!-- <a href=/>",
        "<script><a href=/>",
    ],
)
def test_links_none(html):
    """Other elements, comments and an `<a>` without a target are not links."""
    assert [] == list(tracking.links(html))


def test_links_order():
    """Links are listed in order with their tags, including repeated ones."""
    html = (
        '<a href="https://x.example/">1</a><a href="mailto:a@x.example">2</a>'
        '<a ses:no-track href="https://x.example/">3</a>'
        '<a ses:tags="k:v;k2:v:2; k:w;x;" href="http://x.example">4</a>'
    )
    expected = [
        Link("https://x.example/", None, True),
        Link("mailto:a@x.example", None, False),
        Link("https://x.example/", None, False),
        Link("http://x.example", {"k": ["v", "w"], "k2": ["v:2"]}, True),
    ]
    assert expected == list(tracking.links(html))


@pytest.mark.parametrize("tags", ["", ";", "k"])
def test_links_no_tags(tags):
    """Tags without a colon are ignored."""
    html = anchor("/", f' ses:tags="{tags}"')
    assert [Link("/", None, False)] == list(tracking.links(html))


@pytest.mark.parametrize(
    "url",
    [
        "http://x.example",
        "HTTPS://X.Example/",
        "https://user:pw@x.example:8443/a/b;c,d?e=f/g?&h#i/j?",
        "https://[2001:db8::1]/",
        "https://x.example?a=%C3%BC",
        "https://x.example/(~'!$*+)",
    ],
)
def test_links_tracked(url):
    """SES tracks http and https URLs that are valid according to RFC 3986."""
    assert [Link(url, None, True)] == list(tracking.links(anchor(url)))


@pytest.mark.parametrize(
    "url",
    [
        "",
        "#top",
        "/path",
        "//x.example/",
        "mailto:a@x.example",
        "tel:+123",
        "ftp://x.example/",
        "https:x.example",
        "https://",
        "https:///path",
        "https://x.example/a b",
        "https://x.example/ü",
        "https://x.example/\u017f",
        "https://x.example/100%",
        "https://x.example/%zz",
        "https://x.example/#a#b",
        "https://x.example/{{name}}",
        "https://x.example/[1]",
        "https://x.example:port/",
        "https://x.example/a\nb",
        "{{amazonSESUnsubscribeUrl}}",
    ],
)
def test_links_untracked(url):
    """Any other URL stays unchanged."""
    html = anchor(url)
    assert [Link(url, None, False)] == list(tracking.links(html))
    assert html == tracking.with_tracking(html, CLICKS)


def test_with_tracking_link():
    """A tracked link contains a host of the region, the URL, its occurrence and the message ID."""
    html = anchor("https://x.example/a?b=1&amp;c=%20+@,#d", ' class="e"')
    expected = (
        '<a class="e" href="https://[a-z0-9]{8}[.]r[.]eu-west-1[.]awstrack[.]me/L0/'
        "https:%2F%2Fx.example%2Fa%3Fb=1%26c=%2520%2B@,%23d/1/" + MESSAGE_ID + f'/{HASH}">'
    )
    assert re.fullmatch(expected, tracking.with_tracking(html, CLICKS))


def test_with_tracking_pixel():
    """The URL of the pixel contains the host, the message ID and a hash."""
    expected = (
        '<p>Hi</p><img alt="" src="https://[a-z0-9]{8}[.]r[.]eu-west-1[.]awstrack[.]me/I0/'
        f'{MESSAGE_ID}/{HASH}" style="display: none; width: 1px; height: 1px;">'
    )
    assert re.fullmatch(expected, tracking.with_tracking("<p>Hi</p>", OPENS))


def test_with_tracking_domain():
    """With a custom redirect domain, the path has a C, and the hash is longer."""
    options = TRACKING._replace(domain="go.example.org")
    html = tracking.with_tracking(anchor("https://x.example"), options)
    link = rf'"https://go\.example\.org/CL0/https:%2F%2Fx\.example/1/{MESSAGE_ID}/{LONG_HASH}"'
    pixel = rf'"http://go\.example\.org/CI0/{MESSAGE_ID}/{LONG_HASH}"'
    assert re.fullmatch(f'<a href={link}><img alt="" src={pixel} style=.*>', html)


@pytest.mark.parametrize(
    ("domain", "policy", "expected"),
    [
        (None, None, ["http", "https", "https"]),
        (None, "REQUIRE", ["https", "https", "https"]),
        ("go.example.org", None, ["http", "https", "http"]),
        ("go.example.org", "OPTIONAL", ["http", "https", "http"]),
        ("go.example.org", "REQUIRE_OPEN_ONLY", ["http", "https", "https"]),
        ("go.example.org", "REQUIRE", ["https", "https", "https"]),
    ],
)
def test_with_tracking_schemes(domain, policy, expected):
    """Links keep their scheme unless HTTPS is required; on SES's domain the pixel uses HTTPS."""
    options = TRACKING._replace(domain=domain, https_policy=policy)
    html = tracking.with_tracking(anchor("HTTP://x.example") + anchor("https://x.example"), options)
    assert expected == re.findall(r'(?:href|src)="(https?):', html)


def test_with_tracking_is_stable():
    """Equal messages have equal URLs; another message, region or link has others."""
    html = anchor("https://x.example/a") + anchor("https://x.example/b")
    first, second = tracked_urls(html)
    assert [first, second] == tracked_urls(html)
    (other_message, _) = tracked_urls(html, CLICKS._replace(message_id="other"))
    (other_region, _) = tracked_urls(html, CLICKS._replace(region="us-east-1"))
    hosts = {url.split(".")[0] for url in (first, second, other_message)}
    assert {first.split(".")[0]} == hosts
    assert other_region.split(".")[0] not in hosts
    assert 3 == len({url.rpartition("/")[2] for url in (first, second, other_message)})


def test_with_tracking_same_url():
    """Links with the same URL are distinguished by a number that counts only tracked links."""
    html = (
        anchor("https://x.example")
        + anchor("https://y.example")
        + anchor("https://x.example", " ses:no-track")
        + anchor("https://x.example")
    )
    first, other, untracked, second = tracked_urls(html)
    assert ["1", "1", "2"] == [url.split("/")[5] for url in (first, other, second)]
    assert "https://x.example" == untracked
    assert first.rpartition("/")[2] != second.rpartition("/")[2]


def test_with_tracking_at_most_250():
    """At most the first 250 trackable links are tracked."""
    html = anchor("#top") + anchor("https://x.example", " ses:no-track")
    html += "".join(anchor(f"https://x.example/{n % 9}") for n in range(252))
    links = list(tracking.links(html))
    assert [False] * 2 + [True] * 250 + [False] * 2 == [link.tracked for link in links]
    unchanged = [url == link.url for url, link in zip(tracked_urls(html), links, strict=True)]
    assert [not link.tracked for link in links] == unchanged


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ('<a ses:no-track href="https://x.example">', '<a href="https://x.example">'),
        ('<a ses:no-track="" href="https://x.example">', '<a href="https://x.example">'),
        ('<a href="https://x.example" SES:no-track>', '<a href="https://x.example">'),
        ('<a ses:no-track ses:tags="a:b" href="/">', '<a href="/">'),
        ('<a class=b ses:tags="a:b;"href="/">', '<a class=b href="/">'),
        ("<a ses:tags='a:b' ses:tags=c:d>", "<a>"),
        ('<b ses:no-track href="/">', '<b ses:no-track href="/">'),
    ],
)
@pytest.mark.parametrize("options", [CLICKS, CLICKS._replace(clicks=False)])
def test_with_tracking_attributes(html, expected, options):
    """SES's own attributes are removed, whether clicks are tracked or not."""
    assert expected == tracking.with_tracking(html, options)


def test_with_tracking_opens_only():
    """Without click tracking, links stay unchanged."""
    html = anchor("https://x.example")
    assert html + PIXEL.findall(tracking.with_tracking("", OPENS))[0] == tracking.with_tracking(
        html, OPENS
    )


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        ("", "PIXEL"),
        ("<p>Hi", "<p>HiPIXEL"),
        ("<html><body>Hi</body></html>", "<html><body>HiPIXEL</body></html>"),
        ("Hi</body></BODY\n></html>", "Hi</body>PIXEL</BODY\n></html>"),
        ("{{ses:openTracker}}Hi</body>", "PIXELHi</body>"),
        ("a{{ses:openTracker}}b{{ses:openTracker}}c{{ses:openTracker}}", "aPIXELbc"),
        ("{{ses:opentracker}}", "{{ses:opentracker}}PIXEL"),
    ],
)
def test_with_tracking_place_of_pixel(html, expected):
    """The pixel replaces the first placeholder, or else is added at the end of the body."""
    assert expected == PIXEL.sub("PIXEL", tracking.with_tracking(html, OPENS))


def test_with_tracking_no_opens():
    """Without open tracking, there is no pixel, and the placeholder is removed."""
    assert "ab</body>" == tracking.with_tracking("a{{ses:openTracker}}b</body>", CLICKS)


def test_find_link():
    """A tracked URL resolves to its own link, and a written URL to the first such link."""
    html = anchor("https://x.example", ' ses:tags="n:1"') + anchor(
        "https://x.example", ' ses:tags="n:2"'
    )
    html += anchor("mailto:a@x.example")
    first, second, mailto = tracking.links(html)
    first_url, second_url, _ = tracked_urls(html)
    assert first == tracking.find_link(first_url, CLICKS, html)
    assert second == tracking.find_link(second_url, CLICKS, html)
    assert first == tracking.find_link("https://x.example", CLICKS, html)
    assert mailto == tracking.find_link("mailto:a@x.example", CLICKS, html)


@pytest.mark.parametrize("options", [None, OPENS])
def test_find_link_untracked(options):
    """Without click tracking, only the written URL resolves to a link."""
    html = anchor("https://x.example")
    (url,) = tracked_urls(html)
    assert Link("https://x.example", None, True) == tracking.find_link(
        "https://x.example", options, html
    )
    assert tracking.find_link(url, options, html) is None


def test_find_link_unknown():
    """Unknown URLs, and those of another message, resolve to nothing."""
    html = anchor("https://x.example")
    (url,) = tracked_urls(html, CLICKS._replace(message_id="other"))
    assert tracking.find_link("https://y.example", CLICKS, html) is None
    assert tracking.find_link(url, CLICKS, html) is None


@given(WILD_HTML)
@example('<a a href=/b href=/c></a x="<a href=/d>"><a href>')
@example('<a name="x">')
def test_urls(html):
    """The URLs are those of the links."""
    assert [link.url for link in tracking.links(html)] == tracking.urls(html)


@given(WILD_HTML, st.booleans(), st.booleans())
@example("<a " + "x" * 50_000, True, True)
@example("<a href='" * 5_000, True, True)
@example("<!--" * 5_000, True, True)
def test_with_tracking_any_text(html, opens, clicks):
    """Any text is rewritten, and each of its links is found by its written URL."""
    options = TRACKING._replace(opens=opens, clicks=clicks)
    assert opens == bool(PIXEL.search(tracking.with_tracking(html, options)))
    urls = {link.url for link in tracking.links(html)}
    assert urls == {tracking.find_link(url, None, html).url for url in urls}


@given(HTML)
def test_with_tracking_changes_nothing_else(html):
    """Only the pixel and the URLs of links are changed."""
    html = html.replace("&", "")
    result = PIXEL.sub("", tracking.with_tracking(html, TRACKING))
    for link in tracking.links(result):
        if original := tracking.find_link(link.url, TRACKING, html):
            result = result.replace(link.url, original.url, 1)
    assert html == result


@given(
    st.lists(URLS, min_size=1, max_size=5),
    st.sampled_from(POLICIES),
    st.sampled_from([None, "go.example.org"]),
)
def test_find_link_of_tracked(urls, policy, domain):
    """Every tracked URL resolves to its original link."""
    options = CLICKS._replace(https_policy=policy, domain=domain)
    html = "".join(anchor(url.replace("&", "&amp;")) for url in urls)
    links = [tracking.find_link(url, options, html) for url in tracked_urls(html, options)]
    assert [Link(url, None, True) for url in urls] == links


def test_raw_with_tracking():
    """In a raw message, only the HTML is rewritten."""
    link = anchor("https://x.example")
    start = (
        "subject:  Hi\n\t there\nX-Odd:\nContent-Type: multipart/alternative; boundary=b\n\n"
        f"--b\n\n{link}\n--b\nContent-Type: text/html\n\n"
    )
    raw = f"{start}{link}\n\n--b--\nend {link}"
    expected = f"{start}{tracking.with_tracking(f'{link}{chr(10)}', TRACKING)}\n--b--\nend {link}"
    assert expected.encode() == tracking.raw_with_tracking(raw.encode(), TRACKING)


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [("base64", base64.encodebytes), ("quoted-printable", quopri.encodestring), ("8bit", bytes)],
)
def test_raw_with_tracking_encodings(encoding, encode):
    """HTML keeps its transfer encoding and its charset."""
    html = f"<p>Grüße {anchor('https://x.example')} =\n" * 9
    headers = (
        b"Content-Type: text/html; charset=iso-8859-1\n"
        b"Content-Transfer-Encoding: %b\n\n" % encoding.encode()
    )
    result = tracking.raw_with_tracking(headers + encode(html.encode("iso-8859-1")), TRACKING)
    assert headers == result[: len(headers)]
    assert tracking.with_tracking(html, TRACKING) == mime.read(result).html


def test_raw_with_tracking_nested():
    """HTML in nested parts is rewritten, but not in files and attached messages."""
    link = anchor("https://x.example")
    outer, inner = MIMEMultipart("mixed"), MIMEMultipart("alternative")
    file, attached = MIMEText(link, "html"), MIMEBase("message", "rfc822")
    file.add_header("Content-Disposition", "attachment", filename="a.html")
    attached.attach(MIMEText(link, "html"))
    inner.attach(MIMEText(link))
    inner.attach(MIMEText(link, "html"))
    for part in (inner, file, attached):
        outer.attach(part)
    raw = outer.as_bytes()
    result = tracking.raw_with_tracking(raw, TRACKING)
    expected = raw.replace(
        f"{link}\n--{inner.get_boundary()}--".encode(),
        f"{tracking.with_tracking(link, TRACKING)}\n--{inner.get_boundary()}--".encode(),
    )
    assert expected != raw
    assert expected == result


def test_raw_with_tracking_limit():
    """The limit of tracked links applies to all HTML of a message together."""
    multipart = MIMEMultipart()
    for _ in range(2):
        multipart.attach(MIMEText("".join(anchor("https://x.example") for _ in range(130)), "html"))
    parts = message_from_bytes(
        tracking.raw_with_tracking(multipart.as_bytes(), CLICKS)
    ).get_payload()
    counts = [part.get_payload(decode=True).decode().count("/L0/") for part in parts]
    assert [130, 120] == counts


def test_raw_with_tracking_unsubscribe():
    """The unsubscribe URL is inserted and not tracked."""
    html = anchor("https://x.example") + anchor(unsubscribing.PLACEHOLDER)
    raw = f"Content-Type: text/html\n\n{html}".encode()
    result = mime.read(tracking.raw_with_tracking(raw, CLICKS, "https://u.example")).html
    assert "https://u.example" == tracking.urls(result)[1]
    assert tracking.with_tracking(html, CLICKS).split(">")[0] == result.split(">")[0]


@given(st.binary(), st.text())
def test_raw_with_tracking_without_html(junk, text):
    """A message without HTML stays the same byte for byte."""
    plain = mime.compose(
        headers=[], subject="s", text=text + anchor("http://x"), html=None, seed=""
    )
    for raw in (plain, junk.replace(b"html", b""), b"Content-Type: text/html\n\n"):
        assert raw == tracking.raw_with_tracking(raw, TRACKING)


@given(HTML, st.sampled_from(["utf-8", "iso-8859-1", "iso-2022-jp"]))
def test_raw_with_tracking_any_html(html, charset):
    """The HTML of a raw message is rewritten like that of any other message."""
    raw = mime.compose(
        headers=[], subject="s", text="t", html=html, charsets={"html": charset}, seed="x"
    )
    original = mime.read(raw)
    expected = tracking.with_tracking(original.html, TRACKING) if original.html else ""
    result = mime.read(tracking.raw_with_tracking(raw, TRACKING))
    assert (original.text, expected) == (result.text, result.html)


class TestTime:
    """Messages with an extreme number of elements."""

    @pytest.mark.parametrize(
        "piece",
        [
            '<a href="https://example.com/">x</a>',
            "<a ses:no-track href='https://example.com/'>x</a>",
            "<a href=http>",
            "<a href=&amp;>",
            "<a ",
            "<a",
            "<",
            "<!--",
            "<!-- -->",
            "<script>",
            "<script></script>",
            "<p a=b c d='e' f=\"g\">",
            "a=' ",
            "= ",
            "&amp",
            "{{ses:openTracker}}",
            "</body",
        ],
    )
    @pytest.mark.parametrize("start", ["", "<a ", '<a href="'])
    @pytest.mark.parametrize("end", ["", "<a ses:tags='a:b;'>", "' \">"])
    def test_linear(self, start, piece, end):
        """The time that tracking takes is proportional to the length of the HTML."""
        assert is_linear(
            lambda html: tracking.with_tracking(html, TRACKING),
            lambda size: start + piece * size + end,
            1500,
        )

    def test_links_over_the_limit(self):
        """Links that are not tracked take far less time than links that are read, as do URLs."""
        html = '<a href="https://example.com/">x</a>' * 20_000
        links = seconds(lambda: list(tracking.links(html)))
        assert 2 * seconds(tracking.with_tracking, html, TRACKING) < links
        assert seconds(tracking.urls, html) < links

    def test_attributes_over_the_limit(self):
        """`ses:` attributes are removed after the last tracked link, too."""
        link = '<a href="https://example.com/">x</a>'
        html = link * 251 + '<a ses:no-track href="https://example.com/">y</a>' + link
        delivered = tracking.with_tracking(html, CLICKS)
        assert delivered.endswith(link + '<a href="https://example.com/">y</a>' + link)
        assert 250 == delivered.count("awstrack.me")

    def test_empty_parts(self):
        """Empty parts of a message take less time than the standard library needs to parse them."""
        raw = (
            b"Content-Type: multipart/mixed; boundary=b\r\n\r\n" + b"--b\r\n\r\n" * 5000 + b"--b--"
        )
        tracked = seconds(tracking.raw_with_tracking, raw, TRACKING)
        assert tracked < seconds(message_from_bytes, raw)

    def test_nested_parts(self):
        """A nested multipart takes no longer than a few times its size for each level."""

        def nested(levels):
            raw = b"Content-Type: text/html\r\n\r\n" + b"x\r\n" * 20_000
            for level in range(levels):
                start = f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n"
                raw = start.encode() + raw
            return raw

        tracked = seconds(tracking.raw_with_tracking, nested(50), TRACKING)
        assert tracked < seconds(message_from_bytes, nested(50))
