"""How does SES write the links and the pixel that tell it of clicks and opens?"""

import base64
import quopri
import re
from email import message_from_bytes
from email.mime.base import MIMEBase
from email.mime.multipart import MIMEMultipart
from email.mime.text import MIMEText

import pytest
from hypothesis import example, given, strategies as st

from pytest_ses.domain import mime, tracking, unsubscribing
from pytest_ses.domain.tracking import Link, Tracking

MESSAGE_ID = "0102019fa38f1c55-b2f812a4-b841-4e14-bb91-3feff941d97b-000000"
HOW = Tracking(
    opens=True,
    clicks=True,
    region="eu-west-1",
    message_id=MESSAGE_ID,
    domain=None,
    https_policy=None,
)
CLICKS = HOW._replace(opens=False)
OPENS = HOW._replace(clicks=False)
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
OURS = st.sampled_from(["{{ses:openTracker}}", " ses:no-track", ' ses:tags="k:v;"', "&amp;", "&#"])
HTML = st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join)
WILD_HTML = st.lists(PIECES | OURS | st.text(max_size=3), max_size=12).map("".join)
CHARACTERS = "azAZ09-._~!$&'()*+,;=:@/?"
URLS = st.builds(
    "{}://{}{}".format,
    st.sampled_from(["http", "https"]),
    st.sampled_from(["x.example", "x.example:8080", "[::1]", "a:b@x.example", "%41.example"]),
    st.text(st.sampled_from(CHARACTERS)).map("/{}".format) | st.just("") | st.just("?a=%2f#b"),
)


def arrived(html, how=CLICKS):
    """Give the `href`s of a rewritten text."""
    return re.findall(r'href="([^"]*)"', tracking.tracked(html, how))


def anchor(url, more=""):
    return f'<a{more} href="{url}">'


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
    """A link is the first `href` of an `<a>` as a browser reads it."""
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
    """What a browser takes for something else is no link, nor is an `<a>` that leads nowhere."""
    assert [] == tracking.links(html)


def test_links_order():
    """Links come in order, each as often as it is there, with the tags that it has."""
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
    assert expected == tracking.links(html)


@pytest.mark.parametrize("tags", ["", ";", "k"])
def test_links_no_tags(tags):
    """Tags without a colon are none."""
    html = anchor("/", f' ses:tags="{tags}"')
    assert [Link("/", None, False)] == tracking.links(html)


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
    """SES tracks http and https URLs that RFC 3986 allows."""
    assert [Link(url, None, True)] == tracking.links(anchor(url))


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
    """Any other URL stays as it is."""
    html = anchor(url)
    assert [Link(url, None, False)] == tracking.links(html)
    assert html == tracking.tracked(html, CLICKS)


def test_tracked_link():
    """A link leads to a host of the region and tells of URL, occurrence and mail."""
    html = anchor("https://x.example/a?b=1&amp;c=%20+@,#d", ' class="e"')
    expected = (
        '<a class="e" href="https://[a-z0-9]{8}[.]r[.]eu-west-1[.]awstrack[.]me/L0/'
        "https:%2F%2Fx.example%2Fa%3Fb=1%26c=%2520%2B@,%23d/1/" + MESSAGE_ID + f'/{HASH}">'
    )
    assert re.fullmatch(expected, tracking.tracked(html, CLICKS))


def test_tracked_pixel():
    """The pixel's URL names host and mail, and has a hash."""
    expected = (
        '<p>Hi</p><img alt="" src="https://[a-z0-9]{8}[.]r[.]eu-west-1[.]awstrack[.]me/I0/'
        f'{MESSAGE_ID}/{HASH}" style="display: none; width: 1px; height: 1px;">'
    )
    assert re.fullmatch(expected, tracking.tracked("<p>Hi</p>", OPENS))


def test_tracked_domain():
    """On a domain of the customer's the path has a C, and the hash is longer."""
    how = HOW._replace(domain="go.example.org")
    html = tracking.tracked(anchor("https://x.example"), how)
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
def test_tracked_schemes(domain, policy, expected):
    """Links keep their scheme unless HTTPS is required; the pixel has HTTPS on SES's domain."""
    how = HOW._replace(domain=domain, https_policy=policy)
    html = tracking.tracked(anchor("HTTP://x.example") + anchor("https://x.example"), how)
    assert expected == re.findall(r'(?:href|src)="(https?):', html)


def test_tracked_is_stable():
    """The same mail has the same URLs; another mail, region or link has others."""
    html = anchor("https://x.example/a") + anchor("https://x.example/b")
    one, two = arrived(html)
    assert [one, two] == arrived(html)
    (other_mail, _) = arrived(html, CLICKS._replace(message_id="other"))
    (other_region, _) = arrived(html, CLICKS._replace(region="us-east-1"))
    hosts = {url.split(".")[0] for url in (one, two, other_mail)}
    assert {one.split(".")[0]} == hosts
    assert other_region.split(".")[0] not in hosts
    assert 3 == len({url.rpartition("/")[2] for url in (one, two, other_mail)})


def test_tracked_same_url():
    """Links to the same URL are told apart by a number, which counts tracked ones alone."""
    html = (
        anchor("https://x.example")
        + anchor("https://y.example")
        + anchor("https://x.example", " ses:no-track")
        + anchor("https://x.example")
    )
    one, other, untracked, two = arrived(html)
    assert ["1", "1", "2"] == [url.split("/")[5] for url in (one, other, two)]
    assert "https://x.example" == untracked
    assert one.rpartition("/")[2] != two.rpartition("/")[2]


def test_tracked_at_most_250():
    """The first 250 links that can be tracked are."""
    html = anchor("#top") + anchor("https://x.example", " ses:no-track")
    html += "".join(anchor(f"https://x.example/{n % 9}") for n in range(252))
    found = tracking.links(html)
    assert [False] * 2 + [True] * 250 + [False] * 2 == [link.tracked for link in found]
    same = [url == link.url for url, link in zip(arrived(html), found, strict=True)]
    assert [not link.tracked for link in found] == same


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
@pytest.mark.parametrize("how", [CLICKS, CLICKS._replace(clicks=False)])
def test_tracked_attributes(html, expected, how):
    """Attributes that are meant for SES go, clicks tracked or not."""
    assert expected == tracking.tracked(html, how)


def test_tracked_opens_only():
    """Without click tracking links stay."""
    html = anchor("https://x.example")
    assert html + PIXEL.findall(tracking.tracked("", OPENS))[0] == tracking.tracked(html, OPENS)


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
def test_tracked_place_of_pixel(html, expected):
    """The pixel stands where the first placeholder stood, else at the end of the body."""
    assert expected == PIXEL.sub("PIXEL", tracking.tracked(html, OPENS))


def test_tracked_no_opens():
    """Without open tracking there is no pixel, and no placeholder either."""
    assert "ab</body>" == tracking.tracked("a{{ses:openTracker}}b</body>", CLICKS)


def test_original():
    """A URL stands for the link it was made from, one as written for the first that leads there."""
    html = anchor("https://x.example", ' ses:tags="n:1"') + anchor(
        "https://x.example", ' ses:tags="n:2"'
    )
    html += anchor("mailto:a@x.example")
    first, second, mailto = tracking.links(html)
    one, two, _ = arrived(html)
    assert first == tracking.original(one, CLICKS, html)
    assert second == tracking.original(two, CLICKS, html)
    assert first == tracking.original("https://x.example", CLICKS, html)
    assert mailto == tracking.original("mailto:a@x.example", CLICKS, html)


@pytest.mark.parametrize("how", [None, OPENS])
def test_original_untracked(how):
    """Where clicks are not tracked, a URL stands for itself alone."""
    html = anchor("https://x.example")
    (url,) = arrived(html)
    assert Link("https://x.example", None, True) == tracking.original(
        "https://x.example", how, html
    )
    assert tracking.original(url, how, html) is None


def test_original_unknown():
    """A URL that the mail does not have stands for nothing, nor does that of another mail."""
    html = anchor("https://x.example")
    (url,) = arrived(html, CLICKS._replace(message_id="other"))
    assert tracking.original("https://y.example", CLICKS, html) is None
    assert tracking.original(url, CLICKS, html) is None


@given(WILD_HTML, st.booleans(), st.booleans())
@example("<a " + "x" * 50_000, True, True)
@example("<a href='" * 5_000, True, True)
@example("<!--" * 5_000, True, True)
def test_tracked_any_text(html, opens, clicks):
    """Any text has an end, and each of its links is found by the URL as written."""
    how = HOW._replace(opens=opens, clicks=clicks)
    assert opens == bool(PIXEL.search(tracking.tracked(html, how)))
    urls = {link.url for link in tracking.links(html)}
    assert urls == {tracking.original(url, None, html).url for url in urls}


@given(HTML)
def test_tracked_leaves_the_rest(html):
    """Nothing but the pixel and the URLs of links is new."""
    html = html.replace("&", "")
    result = PIXEL.sub("", tracking.tracked(html, HOW))
    for link in tracking.links(result):
        if found := tracking.original(link.url, HOW, html):
            result = result.replace(link.url, found.url, 1)
    assert html == result


@given(
    st.lists(URLS, min_size=1, max_size=5),
    st.sampled_from(POLICIES),
    st.sampled_from([None, "go.example.org"]),
)
def test_original_of_tracked(urls, policy, domain):
    """What becomes of a link leads back to it."""
    how = CLICKS._replace(https_policy=policy, domain=domain)
    html = "".join(anchor(url.replace("&", "&amp;")) for url in urls)
    found = [tracking.original(url, how, html) for url in arrived(html, how)]
    assert [Link(url, None, True) for url in urls] == found


def test_tracked_bytes():
    """A raw mail has its HTML rewritten where it stands, and nothing else."""
    link = anchor("https://x.example")
    start = (
        "subject:  Hi\n\t there\nX-Odd:\nContent-Type: multipart/alternative; boundary=b\n\n"
        f"--b\n\n{link}\n--b\nContent-Type: text/html\n\n"
    )
    raw = f"{start}{link}\n\n--b--\nend {link}"
    expected = f"{start}{tracking.tracked(f'{link}{chr(10)}', HOW)}\n--b--\nend {link}"
    assert expected.encode() == tracking.tracked_bytes(raw.encode(), HOW)


@pytest.mark.parametrize(
    ("encoding", "encode"),
    [("base64", base64.encodebytes), ("quoted-printable", quopri.encodestring), ("8bit", bytes)],
)
def test_tracked_bytes_encodings(encoding, encode):
    """HTML keeps its transfer encoding and charset."""
    html = f"<p>Grüße {anchor('https://x.example')} =\n" * 9
    head = (
        b"Content-Type: text/html; charset=iso-8859-1\n"
        b"Content-Transfer-Encoding: %b\n\n" % encoding.encode()
    )
    result = tracking.tracked_bytes(head + encode(html.encode("iso-8859-1")), HOW)
    assert head == result[: len(head)]
    assert tracking.tracked(html, HOW) == mime.read(result).html


def test_tracked_bytes_nested():
    """HTML within parts of parts is found; files and attached mails are not touched."""
    link = anchor("https://x.example")
    mail, inner = MIMEMultipart("mixed"), MIMEMultipart("alternative")
    file, attached = MIMEText(link, "html"), MIMEBase("message", "rfc822")
    file.add_header("Content-Disposition", "attachment", filename="a.html")
    attached.attach(MIMEText(link, "html"))
    inner.attach(MIMEText(link))
    inner.attach(MIMEText(link, "html"))
    for part in (inner, file, attached):
        mail.attach(part)
    raw = mail.as_bytes()
    result = tracking.tracked_bytes(raw, HOW)
    expected = raw.replace(
        f"{link}\n--{inner.get_boundary()}--".encode(),
        f"{tracking.tracked(link, HOW)}\n--{inner.get_boundary()}--".encode(),
    )
    assert expected != raw
    assert expected == result


def test_tracked_bytes_counts_once():
    """The links of a mail are counted through all of its HTML."""
    mail = MIMEMultipart()
    for _ in range(2):
        mail.attach(MIMEText("".join(anchor("https://x.example") for _ in range(130)), "html"))
    parts = message_from_bytes(tracking.tracked_bytes(mail.as_bytes(), CLICKS)).get_payload()
    found = [part.get_payload(decode=True).decode().count("/L0/") for part in parts]
    assert [130, 120] == found


def test_tracked_bytes_unsubscribe():
    """The URL of list management is there, and is not tracked."""
    html = anchor("https://x.example") + anchor(unsubscribing.PLACEHOLDER)
    raw = f"Content-Type: text/html\n\n{html}".encode()
    result = mime.read(tracking.tracked_bytes(raw, CLICKS, "https://u.example")).html
    assert "https://u.example" == tracking.links(result)[1].url
    assert tracking.tracked(html, CLICKS).split(">")[0] == result.split(">")[0]


@given(st.binary(), st.text())
def test_tracked_bytes_without_html(junk, text):
    """A mail without HTML is byte for byte the same."""
    plain = mime.compose(
        headers=[], subject="s", text=text + anchor("http://x"), html=None, seed=""
    )
    for raw in (plain, junk.replace(b"html", b""), b"Content-Type: text/html\n\n"):
        assert raw == tracking.tracked_bytes(raw, HOW)


@given(HTML, st.sampled_from(["utf-8", "iso-8859-1", "iso-2022-jp"]))
def test_tracked_bytes_any_html(html, charset):
    """The HTML of a raw mail arrives as that of any other."""
    raw = mime.compose(
        headers=[], subject="s", text="t", html=html, charsets={"html": charset}, seed="x"
    )
    written = mime.read(raw)
    expected = tracking.tracked(written.html, HOW) if written.html else ""
    result = mime.read(tracking.tracked_bytes(raw, HOW))
    assert (written.text, expected) == (result.text, result.html)
