"""Fixtures: the site built once, a server for it, and a browser."""

import contextlib
import shutil
import subprocess
import sys
import threading
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer

import pytest

#: The distribution's browser is found by name; Playwright brings none along here.
BROWSERS = ("chromium", "chromium-browser", "google-chrome")
#: A browser that runs as root, asks for nothing by itself, and leaves no profile.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@pytest.fixture(name="site", scope="session")
def _site(tmp_path_factory):
    """The folder of the site, built as a user builds it."""
    folder = tmp_path_factory.mktemp("book")
    command = [sys.executable, "-c", "from d2l.cli import main; main()"]
    done = subprocess.run(
        [*command, "book", "build", "--out", str(folder)],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert done.returncode == 0, done.stdout
    return folder


class _Quiet(SimpleHTTPRequestHandler):
    def log_message(self, *_):
        """Say nothing."""


@pytest.fixture(name="address", scope="session")
def _address(site):
    """The address of the site, served to this machine alone."""
    handler = partial(_Quiet, directory=site)
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@pytest.fixture(name="chromium", scope="session")
def _chromium():
    """A browser; `make test` installs one where it can."""
    path = next(filter(None, map(shutil.which, BROWSERS)), None)
    if path is None:
        pytest.skip("NO BROWSER: THE SITE IS NOT TESTED. Install Chromium.")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


class Reader:
    """Opens pages; whatever goes wrong on one fails the test."""

    def __init__(self, browser, address):
        self.browser, self.address = browser, address
        self.faults = []

    def open(self, path, **settings):
        """A page in a context of its own."""
        context = self.browser.new_context(**settings)
        page = context.new_page()
        page.on("console", lambda m: m.type == "error" and self.faults.append(m.text))
        page.on("pageerror", lambda error: self.faults.append(str(error)))
        page.on("request", self._watch)
        page.goto(f"{self.address}/{path}")
        return page

    def _watch(self, request):
        if not request.url.startswith((self.address, "data:")):
            self.faults.append(f"a request to {request.url}")


@pytest.fixture(name="reader")
def _reader(chromium, address):
    """A reader of the site; nothing may leave it, and no script may fail."""
    reader = Reader(chromium, address)
    yield reader
    with contextlib.ExitStack() as stack:
        for context in chromium.contexts:
            stack.callback(context.close)
    assert reader.faults == []
