"""The mailbox page in a browser."""

from __future__ import annotations

import base64
import re
import signal
from email.message import EmailMessage
from urllib.parse import quote

import boto3
import pytest
from axe_playwright_python.sync_playwright import Axe
from mailboxes import PICTURE, RESILIENCE, entry, run, sends, sends_raw
from playwright.sync_api import expect

from pytest_ses import SESBackend
from pytest_ses.domain import mime
from pytest_ses.endpoint.server import Server

EVIL = "https://evil.example/"
WIDE = {"width": 1400, "height": 900}
NARROW = {"width": 390, "height": 844}


def raw_html(html, *files):
    """A raw message with HTML and attachments: content, type, name and content ID."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = (
        "news@example.com",
        "ada@example.org",
        "Raw",
    )
    message.set_content("Hello")
    message.add_alternative(html, subtype="html")
    for content, content_type, filename, content_id in files:
        main, sub = content_type.split("/")
        message.add_attachment(content, main, sub, filename=filename, cid=content_id)
    return message


def bounces(backend, _client):
    backend.bounce(backend.outbox.last)


def throttled(backend, _client):
    backend.throttle("SendEmail", times=2)


PASSED = entry(sends("Receipt", to=["bob@example.org"]), nodeid="tests/test_a.py::test_receipt")
FAILED = entry(
    sends("Welcome", "Dear Ada", "<h1>Welcome</h1>"),
    bounces,
    throttled,
    sends("Password reset", to=["eve@example.org", "carol@example.net"]),
    nodeid="tests/test_b.py::test_welcome[a/b-å c%]",
    outcome="failed",
    error="AssertionError: no\nmail",
)
ERROR = entry(nodeid="tests/test_a.py::test_broken", outcome="error", error="fixture failed")


def listed(page):
    """The node IDs of the visible tests."""
    return [
        test.get_attribute("data-nodeid") for test in page.locator("[data-nodeid]:visible").all()
    ]


def test_of(page, nodeid):
    """The element of a test."""
    return page.locator(f"[data-nodeid={quoted(nodeid)}]")


test_of.__test__ = False


def quoted(text):
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def tab(page, name):
    """Open a tab of the message and return its panel."""
    page.get_by_role("tab", name=name).click()
    return page.get_by_role("tabpanel")


class TestTests:
    def test_order(self, open_run):
        """Failed tests come first, and the first test is open."""
        page = open_run(run(PASSED, ERROR, FAILED)).page
        assert [FAILED["nodeid"], ERROR["nodeid"], PASSED["nodeid"]] == listed(page)
        assert ["failed", "error", "passed"] == [
            test.get_attribute("data-outcome") for test in page.locator("[data-nodeid]").all()
        ]
        expect(test_of(page, FAILED["nodeid"]).locator("[data-message-id]")).to_have_count(2)

    def test_click(self, open_run):
        """A click opens a test and closes the others; a click on an open test keeps it open."""
        page = open_run(run(PASSED, FAILED)).page
        test = test_of(page, PASSED["nodeid"])
        expect(test.locator("[data-message-id]")).to_have_count(0)
        for _ in range(2):
            test.click()
            expect(test.locator("[data-message-id]")).to_have_count(1)
            expect(page.locator("[data-message-id]")).to_have_count(1)

    @pytest.mark.parametrize("encode", [str, quote])
    def test_address(self, open_run, encode):
        """The fragment of the address opens a test, whether or not it is escaped."""
        page = open_run(run(PASSED, FAILED, ERROR), "#" + encode(FAILED["nodeid"])).page
        expect(test_of(page, FAILED["nodeid"]).locator("[data-message-id]")).to_have_count(2)
        page.evaluate("location.hash = arguments = " + quoted(PASSED["nodeid"]))
        expect(test_of(page, PASSED["nodeid"]).locator("[data-message-id]")).to_have_count(1)

    def test_address_of_a_message(self, open_run):
        """The ID of a message as the fragment opens the message."""
        message_id = FAILED["messages"][1]["message_id"]
        page = open_run(run(PASSED, FAILED), f"#{message_id}").page
        expect(page.locator(".view h3")).to_have_text("Password reset")

    @pytest.mark.parametrize("size", [WIDE, NARROW])
    def test_unknown_address(self, open_run, size):
        """An address that the report does not have opens nothing, and stays."""
        page = open_run(
            run(PASSED, FAILED), "#tests/test_a.py::test_old[a%20b]", viewport=size
        ).page
        notice = page.get_by_text("tests/test_a.py::test_old[a b] is not in this report.")
        expect(notice).to_be_visible()
        expect(page.locator("[data-message-id]")).to_have_count(0)
        assert page.url.endswith("#tests/test_a.py::test_old[a%20b]")
        test_of(page, PASSED["nodeid"]).click()
        expect(page.locator("[data-message-id]")).to_have_count(1)
        expect(notice).to_be_hidden()

    def test_history(self, open_run):
        """Each test, the list and the view Resilience are entries of the history."""
        page = open_run(run(PASSED, FAILED, resilience=RESILIENCE)).page
        opened = page.locator("[data-open][data-nodeid]")
        test_of(page, PASSED["nodeid"]).click()
        page.keyboard.press("Escape")
        page.get_by_role("button", name="Resilience").click()
        assert page.url.endswith("#resilience")
        page.reload()
        expect(page.get_by_role("heading", name="Resilience")).to_be_visible()
        page.go_back()
        expect(page.locator("#tests")).to_be_visible()
        expect(opened).to_have_count(0)
        page.go_back()
        expect(opened).to_have_attribute("data-nodeid", PASSED["nodeid"])
        page.go_back()
        expect(opened).to_have_attribute("data-nodeid", FAILED["nodeid"])
        page.go_forward()
        expect(opened).to_have_attribute("data-nodeid", PASSED["nodeid"])

    @pytest.mark.parametrize(
        ("nodeid", "name"),
        [
            ("tests/test_a.py::test_param[a::b#c]", "test_param[a::b#c]"),
            ("[x]/test_a.py::TestA::test_b[::]", "test_b[::]"),
            ("README.md", "README.md"),
        ],
    )
    def test_name(self, open_run, nodeid, name):
        """The name of a test is what follows the path and the class, whatever its parameters are."""
        page = open_run(run(entry(nodeid=nodeid))).page
        expect(test_of(page, nodeid).locator(".name b")).to_have_text(name)

    def test_opened_test_has_its_address(self, open_run):
        """The address of an open test opens it again."""
        page = open_run(run(PASSED, FAILED)).page
        test_of(page, PASSED["nodeid"]).click()
        assert page.url.endswith("#tests/test_a.py::test_receipt")
        page.reload()
        expect(test_of(page, PASSED["nodeid"]).locator("[data-message-id]")).to_have_count(1)

    def test_error(self, open_run):
        """An open test shows its error."""
        page = open_run(run({**FAILED, "error": "AssertionError: no " + "mail " * 99})).page
        error = page.get_by_text("AssertionError: no")
        expect(error).to_be_visible()
        assert error.evaluate("node => node.scrollWidth <= node.clientWidth")

    @pytest.mark.parametrize(
        ("tests", "text"),
        [
            ([], "No test of this run used SES"),
            ([entry()], "The test sent no message and did not call SES"),
            ([entry(lambda _backend, client: client.get_account())], "The test sent no message."),
        ],
    )
    def test_nothing(self, open_run, tests, text):
        """A page and a test without messages say so."""
        expect(open_run(run(*tests)).page.get_by_text(text)).to_be_visible()

    def test_omitted(self, open_run):
        """Messages and attachments that are not included are counted."""
        large = raw_html("<p>", (b"x" * 1_000_001, "text/csv", "a.csv", None))
        test = entry(sends_raw(large))
        test["omitted"]["messages"] = 12
        page = open_run(run(test)).page
        expect(page.get_by_text("12 more messages are not included in this page.")).to_be_visible()
        expect(page.get_by_text("1 attachment over 1 MB is listed")).to_be_visible()
        expect(page.get_by_text("a.csv 1.0 MB not included")).to_be_visible()


class TestSearch:
    @pytest.mark.parametrize(
        "query",
        ["TEST_B.py", "password RESET", "eve@EXAMPLE.org", "dear  ada", "Bounced"],
    )
    def test_found(self, open_run, query):
        """The search finds node IDs, subjects, addresses and texts, in any case."""
        tests = [PASSED, FAILED, entry(sends(html="<p>Not <b>bounced</b>", text=None), nodeid="c")]
        page = open_run(run(*tests)).page
        page.locator("input[type=search]").fill(query)
        expected = "c" if query == "Bounced" else FAILED["nodeid"]
        assert [expected] == listed(page)
        expect(page.get_by_text("1 of 3 tests")).to_be_visible()

    @pytest.mark.parametrize("query", ["STRASSE", "strasse 1", "cafe\u0301", "PLÄNE.PDF"])
    def test_spelling(self, open_run, query):
        """The search also ignores how characters are spelled, and finds the names of attachments."""
        raw = raw_html("<p>Café", (b"x", "application/pdf", "Pläne.pdf", None))
        found = entry(sends("Straße 1"), sends_raw(raw), nodeid="found")
        page = open_run(run(PASSED, found)).page
        page.locator("input[type=search]").fill(query)
        assert ["found"] == listed(page)

    def test_messages(self, open_run):
        """The search hides the other messages of an open test, unless it finds the test itself."""
        page = open_run(run(FAILED)).page
        search, messages = page.locator("input[type=search]"), page.locator("article:visible")
        search.fill("password reset")
        expect(messages).to_have_count(1)
        search.fill("test_welcome")
        expect(messages).to_have_count(2)

    def test_nothing_found(self, open_run):
        """A search without a result says so, and Esc clears it."""
        page = open_run(run(PASSED)).page
        page.locator("input[type=search]").fill("zzz")
        assert [] == listed(page)
        expect(page.get_by_text("No test matches")).to_be_visible()
        page.keyboard.press("Escape")
        assert [PASSED["nodeid"]] == listed(page)

    def test_clear(self, open_run):
        """A button clears the search and the filters while there are any, and so does Esc in them."""
        page = open_run(run(PASSED, FAILED, ERROR, {**ERROR, "nodeid": "e"})).page
        clear, chip = page.get_by_role("button", name="Clear"), page.get_by_text("2 errors")
        expect(clear).to_be_hidden()
        for end in (clear.click, lambda: page.keyboard.press("Escape")):
            chip.click()
            assert [ERROR["nodeid"], "e"] == listed(page)
            end()
            assert 4 == len(listed(page))
            expect(clear).to_be_hidden()
        expect(page.locator("article")).to_have_count(2)
        page.get_by_text("Filters", exact=True).click()
        choice = page.locator("select[name=event]")
        choice.select_option("Bounce")
        assert [FAILED["nodeid"]] == listed(page)
        choice.press("Escape")
        assert 4 == len(listed(page))

    def test_outcomes(self, open_run):
        """Tests are filtered by their outcomes."""
        page = open_run(run(PASSED, FAILED, ERROR)).page
        page.get_by_role("button", name="1 failed").click()
        assert [FAILED["nodeid"]] == listed(page)
        page.get_by_role("button", name="1 passed").click()
        assert [FAILED["nodeid"], PASSED["nodeid"]] == listed(page)

    @pytest.mark.parametrize(
        ("label", "value"),
        [
            ("Operation", "sesv2:SendEmail"),
            ("Event", "Bounce"),
            ("Recipient", "carol@example.net"),
        ],
    )
    def test_choices(self, open_run, label, value):
        """Tests are filtered by operation, event and recipient."""
        page = open_run(run(entry(nodeid="a"), ERROR, FAILED)).page
        page.get_by_text("Filters").click()
        page.locator("select").and_(page.get_by_label(label)).select_option(value)
        assert [FAILED["nodeid"]] == listed(page)


class TestKeyboard:
    def test_keys(self, open_run):
        """The keys j, k, Enter, Esc and / move through the page, and one lists them."""
        page = open_run(run(PASSED, FAILED, ERROR)).page
        focused = page.locator(":focus")
        page.keyboard.press("Escape")
        expect(page.locator("article")).to_have_count(0)
        page.keyboard.press("j")
        expect(focused).to_have_attribute("title", ERROR["nodeid"])
        page.keyboard.press("k")
        page.keyboard.press("Enter")
        page.keyboard.press("j")
        expect(focused).to_contain_text("Welcome")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page.locator(".view h3")).to_have_text("Password reset")
        page.keyboard.press("/")
        page.keyboard.type("receipt")
        page.keyboard.press("Enter")
        expect(page.locator("article")).to_have_count(1)
        page.keyboard.press("?")
        expect(page.get_by_role("dialog")).to_be_visible()

    def test_tabs(self, open_run):
        """The arrow keys move between the tabs of a message."""
        page = open_run(run(FAILED)).page
        page.get_by_role("tab", name="HTML").focus()
        page.keyboard.press("ArrowRight")
        expect(page.get_by_role("tabpanel")).to_have_text("Dear Ada")
        page.keyboard.press("ArrowLeft")
        page.keyboard.press("ArrowLeft")
        expect(page.get_by_role("tab", selected=True)).to_contain_text("Warnings")


class TestMessage:
    def test_html(self, open_run):
        """The HTML is in a frame without permissions, with attached pictures."""
        html = '<img src="cid:logo" alt="Logo"><p style="color:red">Hi</p>'
        page = open_run(
            run(entry(sends_raw(raw_html(html, (PICTURE, "image/png", None, "<logo>")))))
        ).page
        frame = page.locator("iframe[sandbox]")
        assert "" == frame.get_attribute("sandbox")
        source = frame.get_attribute("srcdoc")
        assert f"data:image/png;base64,{base64.b64encode(PICTURE).decode()}" in source
        assert "default-src 'none'; style-src 'unsafe-inline'; img-src data:" in source
        expect(page.frame_locator("iframe").get_by_text("Hi")).to_have_css(
            "color", "rgb(255, 0, 0)"
        )

    def test_frames(self, open_run):
        """Each message with HTML has its frame, and only that of the open message is visible."""
        messages = [sends(str(n), html=f"<p>Message {n}</p>") for n in range(12)]
        page = open_run(run(entry(*messages, sends("Text")))).page
        frames = page.locator("[data-message-id] iframe[sandbox='']")
        expect(frames).to_have_count(12)
        for index in (0, 11, 3):
            page.locator("article").nth(index).click()
            expect(page.locator("iframe:visible")).to_have_count(1)
            frame = page.locator("article").nth(index).locator("iframe:visible")
            assert f"<p>Message {index}</p>" in frame.get_attribute("srcdoc")
            expect(frames).to_have_count(12)
        tab(page, "Text")
        expect(page.locator("iframe:visible")).to_have_count(0)
        expect(frames).to_have_count(12)

    def test_height(self, open_run):
        """The frame of a short message is low, and that of a long one has the rest of the screen."""
        test = entry(sends(html="<p>Hi</p>"), sends(html="<p>Hi</p>" * 99))
        page = open_run(run(test), viewport=WIDE).page
        frame = page.locator("iframe:visible")
        assert 200 > frame.bounding_box()["height"]
        page.locator("article").last.click()
        assert 400 < frame.bounding_box()["height"] < 900

    def test_remote_pictures(self, open_run):
        """Remote pictures are placeholders with their size and alternative text."""
        html = f'<img src="{EVIL}a.png" width=300 height=80 alt="Banner"><p>{"long " * 99}</p>'
        watched = open_run(run(entry(sends(html=html))))
        picture = watched.page.frame_locator("iframe").locator("img")
        assert {"width": 300, "height": 80} == {
            name: picture.bounding_box()[name] for name in ("width", "height")
        }
        assert "Banner" in picture.get_attribute("src")
        assert f"not loaded: {EVIL}a.png" == picture.get_attribute("title")
        expect(watched.page.get_by_text("1 remote picture not loaded")).to_be_visible()
        assert [] == watched.foreign_requests()

    @pytest.mark.parametrize(
        "message",
        [
            sends("Hi: a=?b"),
            sends("Grüße"),
            sends(to=[f"reader{number}@example.org" for number in range(9)]),
            sends_raw(b"From: a@example.com\r\nX-A:  b : c \t\r\nx-a:\r\n\r\nX-B: text"),
            sends_raw(b"From: a@example.com\nSubject: \xc3\xa9\n \t!\n\ntext"),
            sends_raw(b"From: a@example.com\r\nSubject: =?utf-8?q?=C3=A9?=\r\n\r\n"),
            sends_raw(b"From: a@example.com\r\nnone\r\nX-B: text\r\n\r\n"),
        ],
    )
    def test_headers(self, open_run, message):
        """The page shows the decoded headers of the message, wherever it reads them."""
        expected = []

        def read(backend, _client):
            raw = backend.outbox.last.raw
            expected.extend([name, mime.decode_header(value)] for name, value in mime.fields(raw))

        page = open_run(run(entry(message, read))).page
        rows = tab(page, "Headers").locator("tbody tr")
        assert expected == [
            [cell.text_content() for cell in row.locator("td").all()] for row in rows.all()
        ]

    def test_click(self, open_run):
        """A click anywhere on a message opens it."""
        page = open_run(run(FAILED)).page
        page.locator("[data-message-id]").last.click()
        expect(page.locator(".view h3")).to_have_text("Password reset")
        expect(page.locator(".view")).to_have_count(1)

    def test_tabs(self, open_run):
        """Each tab shows its part of the message."""
        html = '<a href="https://shop.example.net/?a=1&amp;b=2">Our  shop</a><a href="mailto:a@b.c"></a>'
        files = [(b"a,b", "text/csv", "a.csv", None)]
        page = open_run(run(entry(sends_raw(raw_html(html, *files))))).page
        expect(tab(page, "Text")).to_have_text("Hello\n")
        expect(tab(page, "Headers").locator("tr", has_text="Subject")).to_contain_text("Raw")
        expect(tab(page, "Source")).to_contain_text("Content-Type: multipart/mixed")
        expect(tab(page, "Parts").locator("li", has_text="text/csv").last).to_contain_text("a.csv")
        links = tab(page, "Links").locator("tbody tr")
        assert ["Our shop\thttps://shop.example.net/?a=1&b=2", "no text\tmailto:a@b.c"] == [
            row.inner_text() for row in links.all()
        ]
        expect(page.get_by_role("tab", name="Template")).to_have_count(0)

    def test_warnings(self, open_run):
        """The warnings are facts about the message."""
        html = f'<img src="{EVIL}"><a href="https://example.net">x</a>{"x" * 104_448}'
        page = open_run(run(entry(sends("", None, html)))).page
        text = tab(page, "Warnings").inner_text()
        for warning in (
            "no subject",
            "no plain-text part",
            "1 picture without alternative text",
            "Gmail clips",
            "not verified in the account: example.net",
        ):
            assert warning in text
        assert "List-Unsubscribe" not in text

    def test_no_warnings(self, open_run):
        """Verified domains and their subdomains, and complete messages, have no warning."""
        html = '<a href="https://www.example.com/">x</a><img src="cid:a" alt="">'
        page = open_run(run(entry(sends(html=html)))).page
        expect(tab(page, "Warnings")).to_contain_text("No warnings")

    def test_template(self, open_run):
        """A templated bulk message shows template, data and result, and lacks List-Unsubscribe."""

        def send(_backend, client):
            client.create_email_template(
                TemplateName="june", TemplateContent={"Subject": "Dear {{name}}", "Text": "Hi"}
            )
            client.send_bulk_email(
                FromEmailAddress="news@example.com",
                DefaultContent={"Template": {"TemplateName": "june", "TemplateData": "{}"}},
                BulkEmailEntries=[
                    {
                        "Destination": {"ToAddresses": ["ada@example.org"]},
                        "ReplacementEmailContent": {
                            "ReplacementTemplate": {"ReplacementTemplateData": '{"name": "Ada"}'}
                        },
                    },
                    {"Destination": {"ToAddresses": ["bob@example.org"]}},
                ],
            )

        page = open_run(run(entry(send))).page
        text = tab(page, "Template").inner_text()
        assert all(part in text for part in ("Dear {{name}}", '"name": "Ada"', "Dear Ada"))
        expect(tab(page, "Warnings")).to_contain_text("List-Unsubscribe")
        page.get_by_role("button", name="(not rendered)").click()
        expect(tab(page, "Warnings")).to_contain_text("could not be rendered")
        expect(tab(page, "Template")).to_contain_text("not rendered")
        for name in ("Headers", "Source", "Parts"):
            expect(tab(page, name)).to_contain_text("The message was not rendered")

    def test_attachment(self, open_run):
        """An attachment is downloaded under a name without folders and special characters."""
        name = "../../e\u202evil?\n.csv"
        page = open_run(
            run(entry(sends_raw(raw_html("<p>", (b"a,b", "text/csv", name, None)))))
        ).page
        with page.expect_download() as download:
            page.get_by_role("link", name=re.compile("vil")).click()
        assert "evil_.csv" == download.value.suggested_filename
        assert b"a,b" == download.value.path().read_bytes()


class TestActivity:
    def test_events(self, open_run):
        """The events of a message are a timeline with their details."""
        page = open_run(run(FAILED)).page
        message = page.locator("article").first
        assert ["Send", "Delivery", "Bounce"] == [
            event.get_attribute("data-event-type")
            for event in message.locator("[data-event-type]").all()
        ]
        bounce = message.locator("[data-event-type=Bounce]")
        expect(bounce).to_contain_text("Permanent General")
        bounce.locator("summary").click()
        expect(bounce.get_by_text("ada@example.org").first).to_be_visible()

    def test_calls(self, open_run):
        """A call has its attempts, errors, waits and planned failures."""
        page = open_run(run(FAILED)).page
        calls = page.locator("[data-operation='sesv2:SendEmail']")
        expect(calls).to_have_count(2)
        call = calls.last
        expect(call).to_contain_text("3 attempts")
        expect(call).to_contain_text(
            "TooManyRequestsException (429): Maximum sending rate exceeded."
        )
        expect(call).to_contain_text(re.compile(r"waited [\d.]+ m?s"))
        expect(call).to_contain_text("planned: throttle('SendEmail', times=2)")
        call.get_by_text("Parameters and response").click()
        expect(call).to_contain_text("FromEmailAddress")
        expect(page.locator(".failures")).to_contain_text("happened 2 of 2 times")


class TestResilience:
    def test_view(self, open_run):
        """The results of the resilience checks are a view of their own."""
        page = open_run(run(PASSED, entry(), resilience=RESILIENCE)).page
        page.get_by_role("button", name="Resilience").click()
        text = page.locator("#resilience").inner_text()
        for part in (
            "41.7 %",
            "MessageRejected",
            "escaped",
            "shop/mailer.py:42",
            "1 of 2 survived",
        ):
            assert part in text
        assert RESILIENCE["chaos"]["line"] in text
        page.get_by_role("link", name="test_order").click()
        assert page.url.endswith("#tests/test_shop.py::test_order")
        page.go_back()
        expect(page.get_by_role("heading", name="Resilience")).to_be_visible()

    def test_search(self, open_run):
        """The search finds the rows of the results, and a test that it does not find can be opened."""
        page = open_run(run(PASSED, entry(), resilience=RESILIENCE), "#resilience").page
        rows = page.locator("#resilience tbody tr:visible")
        expect(rows).to_have_count(3)
        page.locator("input[type=search]").fill("readtimeout")
        expect(rows).to_have_count(1)
        expect(page.get_by_text("1 of 3 results")).to_be_visible()
        rows.get_by_role("link").click()
        expect(page.get_by_role("heading", name="test_order")).to_be_visible()
        page.go_back()
        page.locator("input[type=search]").fill("zzz")
        expect(page.get_by_text("No result matches.")).to_be_visible()
        page.locator("#resilience .clear").click()
        expect(rows).to_have_count(3)
        page.keyboard.press("Escape")
        expect(page.locator("#tests")).to_be_visible()

    @pytest.mark.parametrize("width", [1440, 375])
    def test_words(self, open_run, width):
        """No word of a heading or a failure breaks, and nothing is wider than the page."""
        failures = ["ConfigurationSetSendingPausedException", "MAIL_FROM_DOMAIN_NOT_VERIFIED"]
        about = {"calls": 18, "met": failures, "missed": failures * 6}
        coverage = {"percent": 1.0, "operations": {"ses:SendBulkTemplatedEmail": about}}
        results = {**RESILIENCE, "error_coverage": coverage}
        row = {**results["sweep"][0], "test": f"tests/{'x' * 50}.py::test"}
        results["sweep"] = [{**row, "marker": None, "method": "backend.throttle(call=1)"}]
        size = {"width": width, "height": 900}
        page = open_run(run(PASSED, resilience=results), "#resilience", viewport=size).page
        words = page.locator("#resilience :is(th, .failure-chips li, .kind, .result):visible")
        assert all(box["height"] < 40 for box in (word.bounding_box() for word in words.all()))
        assert width >= page.evaluate("document.querySelector('#resilience').scrollWidth")
        expect(page.get_by_text("add to it: backend.throttle(call=1)")).to_be_visible()

    def test_none(self, open_run):
        """Without results, there is no such view."""
        expect(open_run(run(PASSED)).page.get_by_role("button", name="Resilience")).to_have_count(0)

    def test_empty(self, open_run):
        """Results with nothing in them say so."""
        results = {
            "seed": "1",
            "error_coverage": {"percent": 100, "operations": {}},
            "sweep": [],
            "chaos": None,
        }
        page = open_run(run(PASSED, resilience=results)).page
        page.get_by_role("button", name="Resilience").click()
        expect(page.get_by_text("No operation was called.")).to_be_visible()


SCRIPT = "window.__pwned=1;top.__pwned=1;parent.document.title='pwned'"
TEXT = f"</script><script>{SCRIPT}</script><!--<img src={EVIL}text onerror={SCRIPT}>]]>\u2028"
HOSTILE_HTML = {
    "script": f"<script>{SCRIPT}</script><script src={EVIL}s></script>",
    "handlers": f'<body onload="{SCRIPT}"><img src=x onerror="{SCRIPT}"><details open ontoggle="{SCRIPT}">',
    "svg": f'<svg onload="{SCRIPT}"><script>{SCRIPT}</script><image href="{EVIL}i"/><use href="{EVIL}u#a"/>'
    f'<foreignObject><img src="{EVIL}f"></foreignObject><animate onbegin="{SCRIPT}"></svg>',
    "math": f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src={EVIL}m&gt;'>",
    "refresh": f'<meta http-equiv="refresh" content="0;url={EVIL}refresh">',
    "base": f'<base href="{EVIL}" target="_top"><img src="picture.png"><link rel="stylesheet" href="c.css">',
    "links in the head": f'<link rel="stylesheet" href="{EVIL}c"><link rel="preload" as="image" href="{EVIL}p">'
    f'<link rel="dns-prefetch" href="{EVIL}"><link rel="icon" href="{EVIL}i">',
    "forms": f'<form action="{EVIL}f"><input name=a autofocus onfocus="{SCRIPT}"><input type=image src="{EVIL}i">'
    f'<button formaction="{EVIL}b">Send</button></form>',
    "links": f'<a href="javascript:{SCRIPT}" target=_top>a</a><a href="{EVIL}" ping="{EVIL}ping">b</a>'
    f'<map name=m><area href="{EVIL}" shape=default></map>',
    "frames": f'<iframe src="{EVIL}"></iframe><iframe srcdoc="<img src={EVIL}>"></iframe>'
    f'<iframe src="javascript:{SCRIPT}"></iframe>',
    "frameset": f'<frameset><frame src="{EVIL}"></frameset>',
    "objects": f'<object data="{EVIL}o"><embed src="{EVIL}e"></object><applet code="{EVIL}a"></applet>',
    "media": f'<video src="{EVIL}v" poster="{EVIL}p" autoplay></video><audio src="{EVIL}a" autoplay></audio>',
    "pictures": f'<img src="{EVIL}a"><img srcset="{EVIL}b 2x"><picture><source srcset="{EVIL}c"><img></picture>'
    f'<table background="{EVIL}d"><td background="{EVIL}e"></table><img src="data:text/html,<script>{SCRIPT}">',
    "style sheets": f"<style>@import '{EVIL}a'; @import url({EVIL}b); p {{background: url({EVIL}c)}} "
    f"@font-face {{font-family: f; src: url({EVIL}d)}} p {{font-family: f; background: u\\72l({EVIL}e)}} "
    f"p {{--x: u\\72l({EVIL}f); border-image: var(--x); cursor: url({EVIL}g), auto; --y: url({EVIL}h); "
    f"mask: var(--y); background: image-set('{EVIL}i' 1x)}}</style><p>Text</p>",
    "styles": f"<p style=\"background: url('{EVIL}a'); list-style: u\\72l({EVIL}b); content: '('\">Text</p>",
    "end of a style": f"<style>p::before {{content: '\\3c/style>\\3cimg src={EVIL}a>'}}</style><p>Text</p>",
    "templates": f'<template><img src="{EVIL}a"></template><noscript><img src="{EVIL}b"></noscript>'
    f'<div><template shadowrootmode="open"><img src="{EVIL}c"></template></div>',
    "raw text": f"<xmp><img src={EVIL}a></xmp><noembed><img src={EVIL}b></noembed><plaintext><img src={EVIL}c>",
    "comments": f"<!--[if true]><img src={EVIL}a><![endif]--><!--><img src={EVIL}b>--><!--- --!><img src={EVIL}c>",
    "end of the page": f"</script></body></html><script>{SCRIPT}</script>",
    "depth": "<div>" * 5000 + f'<img src="{EVIL}a" onerror="{SCRIPT}">',
    "the frame itself": f'"><script>{SCRIPT}</script><iframe srcdoc="',
}


def assert_harmless(watched):
    """The page made no request, ran no foreign script and did not change."""
    watched.page.evaluate(
        "() => new Promise((done) => requestAnimationFrame(() => setTimeout(done, 50)))"
    )
    assert [] == watched.foreign_requests()
    assert [] == watched.dialogs
    assert [] == watched.errors
    assert watched.page.evaluate("window.__pwned") is None
    assert "SES mailbox of shop" == watched.page.title()
    assert 1 == len(watched.page.context.pages)


# Opens every message and every tab, and returns the documents of the frames.
VISIT = """async () => {
  const documents = [];
  for (const row of document.querySelectorAll("article > .row")) {
    row.click();
    for (const tab of document.querySelectorAll("[role=tab]")) tab.click();
    document.querySelector("[data-tab=html]").click();
    const frame = document.querySelector("iframe:not([hidden])");
    await new Promise((loaded) => frame.addEventListener("load", loaded, { once: true }));
    await new Promise((painted) => requestAnimationFrame(() => setTimeout(painted, 20)));
    documents.push(frame.srcdoc);
  }
  return documents;
}"""
LOADING_ELEMENT = r"<(?:script|link|base|iframe|frame|object|embed|svg|video|audio|template)\b"
LOADING_ATTRIBUTE = (
    r'\s(?:src|srcset|href|action|background|poster|ping|data|on\w+)=(?!"data:image)\S*'
)


def loading(source):
    """The elements and attributes of HTML that load or run something."""
    tags = re.findall(r"<[a-z][^>]*>", re.sub(r"<style>.*?</style>", "", source, flags=re.DOTALL))
    attributes = [text for tag in tags for text in re.findall(LOADING_ATTRIBUTE, tag)]
    return re.findall(LOADING_ELEMENT, source) + attributes


class TestHostile:
    def test_html(self, open_run):
        """No HTML of a message makes a request or runs a script, on any tab."""
        watched = open_run(run(entry(*[sends(html=html) for html in HOSTILE_HTML.values()])))
        sources = watched.page.evaluate(VISIT)
        assert {name: [] for name in HOSTILE_HTML} == {
            name: loading(source) for name, source in zip(HOSTILE_HTML, sources, strict=True)
        }
        assert_harmless(watched)
        assert {frame.url for frame in watched.page.frames[1:]} <= {"about:srcdoc", ""}

    def test_texts(self, open_run):
        """Markup in any other text is shown as text."""

        def send(backend, client):
            parts = {"Subject": "{{{x}}}", "Text": f"{{{{{{x}}}}}}{TEXT}", "Html": "{{{x}}}"}
            client.create_email_template(TemplateName="t", TemplateContent=parts)
            data = '{"x": "</script><img src=x onerror=top.__pwned=1>", "</script>": "<!--"}'
            client.send_email(
                FromEmailAddress='"<img src=x onerror=top.__pwned=1>" <news@example.com>',
                Destination={"ToAddresses": ['"<script>alert(1)</script>" <ada@example.org>']},
                Content={"Template": {"TemplateName": "t", "TemplateData": data}},
                EmailTags=[{"Name": "a", "Value": "b"}],
            )
            backend.fail("SendEmail", "MessageRejected", message=TEXT, times=1)
            with pytest.raises(client.exceptions.MessageRejected):
                sends(TEXT, TEXT)(backend, client)

        headers = raw_html(f"<p>{TEXT}</p>", (b"x", "text/html", TEXT.replace("\u2028", ""), None))
        headers["X-Evil"] = TEXT.replace("\u2028", "")
        test = entry(send, sends_raw(headers), nodeid=TEXT, outcome="failed", error=TEXT)
        hostile = {
            "seed": TEXT,
            "error_coverage": {
                "percent": 1.0,
                "operations": {TEXT: {"calls": 1, "met": [TEXT], "missed": [TEXT]}},
            },
            "sweep": [dict.fromkeys(RESILIENCE["sweep"][0], TEXT)],
            "chaos": {"rate": TEXT, "kinds": [TEXT], "line": TEXT, "failures": 1},
        }
        watched = open_run(run(test, seed=TEXT, created=TEXT, resilience=hostile))
        page = watched.page
        expect(test_of(page, TEXT)).to_be_visible()
        page.evaluate(
            VISIT.replace("[data-tab=html]", "[data-tab]").replace(
                "const frame", "continue; const frame"
            )
        )
        for details in page.locator("details").all():
            details.evaluate("node => { node.open = true; }")
        page.get_by_role("button", name="Resilience").click()
        expect(page.locator("#resilience table")).to_have_count(2)
        assert_harmless(watched)
        assert 0 == page.locator("img, script:not(body > script)").count()


def serious_findings(page):
    """The rules of axe-core that a page violates, with the elements."""
    return [
        (violation["id"], [node["html"][:200] for node in violation["nodes"]])
        for violation in Axe().run(page).response["violations"]
        if violation["impact"] in ("serious", "critical")
    ]


class TestAccessibility:
    @pytest.mark.parametrize("view", ["list", "message", "narrow", "resilience", "help"])
    def test_axe(self, open_run, view):
        """axe-core finds nothing serious, in light and dark."""
        size = NARROW if view == "narrow" else WIDE
        shown = run(PASSED, FAILED, ERROR, entry(), resilience=RESILIENCE)
        page = open_run(shown, viewport=size, reduced_motion="reduce").page
        if view == "list":
            page.keyboard.press("Escape")
            page.get_by_text("Filters").click()
        elif view == "resilience":
            page.get_by_role("button", name="Resilience").click()
        elif view == "help":
            page.keyboard.press("?")
        else:
            test_of(page, FAILED["nodeid"]).click()
        found = {}
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[scheme] = serious_findings(page)
        assert {"light": [], "dark": []} == found

    def test_landmarks(self, open_run):
        """The page has a banner, a main part, a search and a title."""
        page = open_run(run(PASSED)).page
        for role in ("banner", "main", "search"):
            expect(page.get_by_role(role).first).to_be_visible()
        expect(page.locator("input[type=search]")).to_have_count(1)

    def test_narrow(self, open_run):
        """On a narrow screen, a test replaces the list, and nothing is wider than the screen."""
        page = open_run(run(PASSED, FAILED), viewport=NARROW).page
        expect(page.locator("article")).to_have_count(0)
        test_of(page, FAILED["nodeid"]).click()
        expect(page.locator(".view h3")).to_have_text("Welcome")
        assert NARROW["width"] == page.evaluate("document.documentElement.scrollWidth")
        page.locator(".back").click()
        assert [FAILED["nodeid"], PASSED["nodeid"]] == listed(page)

    def test_print(self, open_run):
        """On paper, everything of an open test is below one another."""
        page = open_run(run(PASSED, FAILED)).page
        page.emulate_media(media="print")
        boxes = [
            page.locator(css).bounding_box() for css in (".activity > header", ".view", ".calls")
        ]
        tops = [box["y"] for box in boxes]
        assert sorted(tops) == tops
        assert all(box["x"] < 40 for box in boxes)


@pytest.mark.parametrize("together", [True, False])
def test_speed(open_run, together):
    """2,000 messages, in one test or each in its own, are shown within a second."""
    one = entry(*[sends("Welcome", "Dear Ada", "<p>Welcome</p>" * 20)] * 5)
    copies = [{**one["messages"][n % 5], "message_id": f"id-{n}"} for n in range(2000)]
    if together:
        tests = [{**one, "messages": copies, "calls": one["calls"] * 400}]
    else:
        tests = [
            {**one, "nodeid": f"test_{n}", "messages": [copies[n]], "calls": one["calls"][:1]}
            for n in range(2000)
        ]
    page = open_run(run(*tests)).page
    expect(page.locator("[data-nodeid]")).to_have_count(len(tests))
    expect(page.locator("iframe:visible")).to_have_count(1)

    def shown_after():
        page.reload()
        page.locator("iframe:visible").wait_for()
        return page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd")

    assert 1000 > min(shown_after() for _ in range(3))
    page.locator("input[type=search]").fill("test_1999" if not together else "id-1999")
    expect(page.locator("[data-nodeid]:visible")).to_have_count(1)


class Served:
    """An account with a client, and the URL of its page."""

    def __init__(self, backend, endpoint):
        self.backend, self.url = backend, f"{endpoint.url}/_ses"
        self.client = boto3.client("sesv2", region_name="us-east-1")

    def send(self, *args, **kwargs):
        sends(*args, **kwargs)(self.backend, self.client)


# Playwright waits forever for the result of a script, for example if the browser has crashed.
MAX_SECONDS = 180


@pytest.fixture(autouse=True)
def _limited():
    """Fail a test whose browser does not respond."""
    if not hasattr(signal, "SIGALRM"):  # Windows
        yield
        return

    def stop(*_):
        raise TimeoutError(f"the browser did not respond within {MAX_SECONDS} seconds")

    previous = signal.signal(signal.SIGALRM, stop)
    signal.alarm(MAX_SECONDS)
    yield
    signal.alarm(0)
    signal.signal(signal.SIGALRM, previous)


@pytest.fixture
def served():
    """An account that an endpoint serves."""
    server = Server()
    server.start()
    with (
        SESBackend(verified=["example.com"]) as backend,
        server.session(backend, "tests/test_live.py::test") as endpoint,
    ):
        yield Served(backend, endpoint)
    server.stop()


class TestLive:
    def test_new_messages(self, served, watch):
        """New messages appear in the page, the newest first; what is open stays open."""
        watched = watch(viewport=WIDE)
        page = watched.page
        page.goto(served.url)
        test = page.locator("[data-nodeid='tests/test_live.py::test'][data-outcome=running]")
        expect(test).to_contain_text("There are no messages")
        served.send("First")
        expect(page.locator(".view h3")).to_have_text("First")
        served.send("Second")
        expect(page.locator("article")).to_have_count(2)
        expect(page.locator("article").first).to_contain_text("Second")
        expect(page.locator(".view h3")).to_have_text("First")
        expect(page.locator("[data-operation]")).to_have_count(2)
        assert [] == watched.errors

    def test_buttons(self, served, watch):
        """Buttons simulate events, also for one recipient, and delete all messages."""
        served.send(
            html='<a href="https://example.com/">x</a>', to=["ada@example.org", "bob@example.org"]
        )
        page = watch(viewport=WIDE).page
        page.goto(served.url)
        page.get_by_label("Recipient", exact=True).select_option("bob@example.org")
        for name in ("Bounce", "Complain", "Delay", "Open", "Click"):
            page.get_by_role("button", name=name, exact=True).click()
        expect(page.locator("[data-event-type]")).to_have_count(7)
        assert ["Bounce", "Complaint", "DeliveryDelay", "Open", "Click"] == [
            event.type for event in served.backend.events[2:]
        ]
        assert ("bob@example.org",) == served.backend.events[2].recipients
        page.get_by_role("button", name="Delete all").click()
        expect(page.locator("article")).to_have_count(0)
        assert 0 == len(served.backend.outbox)

    def test_delete_calls(self, served, watch):
        """Delete all hides the calls so far, until the account is reset."""
        served.send("First")
        page = watch(viewport=WIDE).page
        page.goto(served.url)
        page.get_by_role("button", name="Delete all").click()
        expect(page.locator("[data-operation]")).to_have_count(0)
        served.client.get_account()
        expect(page.locator("[data-operation]")).to_have_count(1)
        served.backend.reset()
        expect(page.locator("[data-operation]")).to_have_count(0)
        served.client.get_account()
        expect(page.locator("[data-operation]")).to_have_count(1)

    def test_connection(self, served, watch):
        """While the endpoint does not respond, the page says so, and does not say live."""
        page = watch(viewport=WIDE).page
        page.goto(served.url)
        expect(page.locator("#run")).to_contain_text("live")
        page.route("**/_ses", lambda route: route.abort())
        expect(page.locator("#run")).to_contain_text("not connected")
        expect(page.locator(".outcome")).to_contain_text("not connected")
        page.unroute("**/_ses")
        expect(page.locator("#run")).to_contain_text("live")
        expect(page.get_by_role("alert")).to_be_hidden()

    def test_hostile(self, served, watch):
        """Hostile HTML makes no request but those of the page, and runs no script."""
        for name in ("script", "handlers", "pictures", "style sheets", "links"):
            served.send(html=HOSTILE_HTML[name])
        watched = watch(viewport=WIDE)
        page = watched.page
        page.goto(served.url)
        page.evaluate(VISIT)
        assert {served.url} == {
            url for url in watched.requests if not url.startswith(("data:", "about:"))
        }
        assert page.evaluate("window.__pwned") is None

    def test_next_test(self, served, watch):
        """After a reset, the page has the messages of the new account alone."""
        served.send("First")
        page = watch(viewport=WIDE).page
        page.goto(served.url)
        served.backend.reset()
        served.backend.verify("example.com")
        served.send("Second")
        expect(page.locator("article")).to_have_count(1)
        expect(page.locator(".view h3")).to_have_text("Second")
