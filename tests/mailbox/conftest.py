"""Fixtures for the tests of the mailbox page: a browser, and pages that are open in it."""

from __future__ import annotations

import os
import shutil

import pytest

from pytest_ses.mailbox import page as mailbox

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")


# Not for the session: while it is open, other tests in this process cannot run an event loop.
@pytest.fixture(scope="module")
def browser():
    """Chromium or Chrome, if one is installed."""
    from playwright.sync_api import sync_playwright

    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("needs Chromium or Chrome; on Debian and Ubuntu: apt-get install chromium")
    is_root = hasattr(os, "geteuid") and os.geteuid() == 0
    arguments = ["--no-sandbox"] if is_root else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


class Watched:
    """A page with the requests it made, the dialogs it opened and the errors of its script."""

    def __init__(self, context):
        self.requests, self.dialogs, self.errors = [], [], []
        context.on("request", lambda request: self.requests.append(request.url))
        self.page = context.new_page()
        self.page.on("dialog", self._dismiss)
        self.page.on("pageerror", lambda error: self.errors.append(error.message))

    def _dismiss(self, dialog):
        self.dialogs.append(dialog.message)
        dialog.dismiss()

    def foreign_requests(self):
        """The requests for anything else than the page and what it contains."""
        return [url for url in self.requests if not url.startswith(("file:", "data:", "about:"))]


@pytest.fixture
def watch(browser):
    """A function that returns a watched, empty page; the arguments are those of its context."""
    contexts = []

    def watch(**options):
        contexts.append(browser.new_context(**options))
        contexts[-1].set_default_timeout(10_000)
        return Watched(contexts[-1])

    yield watch
    for context in contexts:
        context.close()


@pytest.fixture
def open_run(watch, tmp_path):
    """A function that opens the page of a run and returns it, watched."""

    def open_run(run, fragment="", **options):
        path = tmp_path / "mailbox.html"
        path.write_text(mailbox.render(run), encoding="utf-8")
        watched = watch(**options)
        watched.page.goto(path.as_uri() + fragment)
        return watched

    return open_run
