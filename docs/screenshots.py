"""The screenshots of the mailbox page in docs/images.

    python docs/screenshots.py [FOLDER]

The folder is docs/images by default. The script needs Chromium or Chrome; without, it does nothing.
"""

from __future__ import annotations

import shutil
import sys
import tempfile
from email.message import EmailMessage
from pathlib import Path

import boto3
from playwright.sync_api import sync_playwright

from pytest_ses import SESBackend
from pytest_ses.mailbox import entries, page

IMAGES = Path(__file__).with_name("images")
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
WIDE = {"width": 1280, "height": 760}
NARROW = {"width": 400, "height": 760}

LOGO = b"""<svg xmlns="http://www.w3.org/2000/svg" width="40" height="40"><rect width="40" height="40"
rx="8" fill="#1f5fbf"/><path d="M9 13h22v14H9z M9 13l11 9 11-9" fill="none" stroke="#fff" stroke-width="2"/></svg>"""
WELCOME = """<!doctype html><html><head><style>
body {margin: 0; background: #eef1f6; font-family: Helvetica, Arial, sans-serif; color: #233}
.card {max-width: 480px; margin: 24px auto; padding: 28px; background: #fff; border-radius: 10px}
.button {display: inline-block; padding: 10px 20px; border-radius: 6px; background: #1f5fbf; color: #fff;
  text-decoration: none}
</style></head><body><div class="card"><img src="cid:logo" width="40" height="40" alt="Bookshop">
<h1>Welcome, Ada</h1><p>Your account is ready. Confirm your address, and the first chapter is on us.</p>
<p><a class="button" href="https://example.com/confirm?token=4711">Confirm my address</a></p>
<p><img src="https://cdn.example.net/june.jpg" width="420" height="90" alt="Books of June"></p>
<p>Questions? <a href="https://help.example.net/">We are glad to help.</a></p></div></body></html>"""


def welcome() -> bytes:
    """Return a message with text, HTML, a picture and an attachment."""
    message = EmailMessage()
    message["From"], message["To"] = "Bookshop <news@example.com>", "Ada <ada@example.org>"
    message["Subject"] = "Welcome, Ada"
    message.set_content(
        "Welcome, Ada\n\nConfirm your address: https://example.com/confirm?token=4711\n"
    )
    message.add_alternative(WELCOME, subtype="html")
    message.get_payload()[1].add_related(
        LOGO, "image", "svg+xml", cid="<logo>", filename="logo.svg"
    )
    message.add_attachment(b"%PDF-" + b"0" * 48_000, "application", "pdf", filename="chapter-1.pdf")
    return message.as_bytes()


class Shop:
    """A backend, and what the tests of a shop do with it."""

    def __init__(self, backend):
        self.backend = backend
        self.client = boto3.client("sesv2", region_name="us-east-1")

    def send(self, subject, to="ada@example.org"):
        self.client.send_email(
            FromEmailAddress="Bookshop <orders@example.com>",
            Destination={"ToAddresses": [to]},
            Content={"Simple": {"Subject": {"Data": subject}, "Body": {"Text": {"Data": "…"}}}},
        )
        return self.backend.outbox.last

    def welcome(self):
        self.client.send_email(Content={"Raw": {"Data": welcome()}})
        message = self.backend.outbox.last
        self.backend.clock.advance(minutes=12)
        self.backend.open(message)
        self.backend.click(message, "https://example.com/confirm?token=4711")
        self.backend.throttle("SendEmail", times=1)
        self.backend.bounce(self.send("Your order 12 is on its way", "bob@example.org"))

    def newsletter(self):
        content = {"Subject": "Books for {{name}}", "Text": "Dear {{name}}, …"}
        self.client.create_email_template(TemplateName="june", TemplateContent=content)
        self.client.send_bulk_email(
            FromEmailAddress="news@example.com",
            DefaultContent={
                "Template": {"TemplateName": "june", "TemplateData": '{"name": "reader"}'}
            },
            BulkEmailEntries=[
                {"Destination": {"ToAddresses": [f"reader{number}@example.org"]}}
                for number in range(6)
            ],
        )

    def receipt(self):
        self.send("Your receipt")


FAILURE = """>       assert outbox.one(to="bob@example.org").subject == "Order 12 shipped"
E       AssertionError: assert 'Your order 12 is on its way' == 'Order 12 shipped'"""
TESTS = (
    ("tests/test_signup.py::test_welcome", "failed", Shop.welcome, FAILURE),
    ("tests/test_newsletter.py::test_june", "passed", Shop.newsletter, None),
    *(
        (f"tests/test_orders.py::test_receipt[{kind}]", "passed", Shop.receipt, None)
        for kind in ("book", "e-book", "gift card", "return", "pre-order")
    ),
    ("tests/test_orders.py::test_cancelled", "skipped", lambda _shop: None, None),
)
RESILIENCE = {
    "seed": "4711",
    "error_coverage": {
        "percent": 56.3,
        "operations": {
            "sesv2:SendEmail": {
                "calls": 7,
                "met": ["TooManyRequestsException", "MessageRejected", "timeout"],
                "missed": ["response_lost", "server_error", "SendingPausedException"],
            },
            "sesv2:SendBulkEmail": {
                "calls": 1,
                "met": ["TooManyRequestsException", "FAILED"],
                "missed": ["TRANSIENT_FAILURE", "timeout"],
            },
        },
    },
    "sweep": [
        {
            "test": "tests/test_orders.py::test_receipt[book]",
            "call": 1,
            "operation": "sesv2:SendEmail",
            "kind": "response_lost",
            "outcome": "double_send",
            "exception": None,
            "where": None,
            "marker": '@pytest.mark.ses_fail("sesv2:SendEmail", "ResponseLost", times=1)',
        },
        {
            "test": "tests/test_newsletter.py::test_june",
            "call": 2,
            "operation": "sesv2:SendBulkEmail",
            "kind": "timeout",
            "outcome": "escaped",
            "exception": "botocore.exceptions.ReadTimeoutError",
            "where": "shop/newsletter.py:31",
            "marker": '@pytest.mark.ses_fail("sesv2:SendBulkEmail", "Timeout", times=1)',
        },
        {
            "test": "tests/test_orders.py::test_receipt[book]",
            "call": 1,
            "operation": "sesv2:SendEmail",
            "kind": "throttle",
            "outcome": "survived",
            "exception": None,
            "where": None,
            "marker": '@pytest.mark.ses_throttle("sesv2:SendEmail", times=1)',
        },
    ],
    "chaos": None,
}


def entry(nodeid, outcome, use, error):
    with SESBackend(verified=["example.com"], seed=1) as backend:
        use(Shop(backend))
        return entries.of_test(
            [backend], nodeid=nodeid, outcome=outcome, error=error, duration=0.012
        )


def run():
    return {
        "title": "SES mailbox of bookshop",
        "created": "2026-06-01T12:00:00+00:00",
        "seed": "4711",
        "live": False,
        "tests": [entry(*test) for test in TESTS],
        "resilience": RESILIENCE,
    }


def nothing(_shown):
    """Leave the page as it is when it is opened."""


def resilience(shown):
    shown.get_by_role("button", name="Resilience").click()


def first_test(shown):
    shown.locator("[data-nodeid]").first.click()


SHOTS = (
    ("mailbox.png", WIDE, "light", nothing),
    ("mailbox-dark.png", WIDE, "dark", nothing),
    ("mailbox-narrow.png", NARROW, "light", first_test),
    ("mailbox-resilience.png", WIDE, "light", resilience),
)


def main(folder: Path = IMAGES) -> None:
    """Make the screenshots; without a browser, say so."""
    browser_path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if browser_path is None:
        print("no screenshots: they need Chromium or Chrome, which is not installed")
        return
    folder.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory() as temporary, sync_playwright() as playwright:
        path = Path(temporary, "mailbox.html")
        path.write_text(page.render(run()), encoding="utf-8")
        browser = playwright.chromium.launch(executable_path=browser_path, args=["--no-sandbox"])
        for name, size, scheme, prepare in SHOTS:
            shown = browser.new_page(viewport=size, color_scheme=scheme, locale="en-GB")
            shown.goto(path.as_uri())
            prepare(shown)
            shown.wait_for_timeout(200)
            shown.screenshot(path=folder / name)
            print(folder / name)
        browser.close()


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:2]))
