"""A reader at the site: Chromium with a fresh profile, watched for errors and for requests to other hosts."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Request, sync_playwright

from archive.serve import datasette_arguments
from tests.site.conftest import SITE
from tests.site.filled import fill, grow, release

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PHONE, DESK = 390, 1280
#: No name is looked up: whatever a page asks of another host fails, and is found.
ARGUMENTS = ["--no-sandbox", "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"]

Open = Callable[..., Any]


@pytest.fixture(scope="session")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site over a full archive, served by exactly the command that `fazhi serve` runs."""
    data = tmp_path_factory.mktemp("full")
    archive = fill(data)
    release(data)
    grow(archive)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "datasette", *datasette_arguments(SITE, archive, host="127.0.0.1", port=port)]
    with subprocess.Popen(command, cwd=SITE.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True) as server:
        try:
            assert server.stderr
            while "running on" not in (line := server.stderr.readline()):
                assert line, "the site did not start"
            yield f"http://127.0.0.1:{port}"
        finally:
            server.terminate()


@pytest.fixture(scope="module")  # not longer: while it is open, no asyncio.run() of another test could start
def browser() -> Iterator[Browser]:
    """Chromium, as the system has it."""
    if CHROMIUM is None:
        pytest.skip("no chromium is installed (apt-get install chromium)")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=CHROMIUM, args=ARGUMENTS)
        yield chromium
        chromium.close()


@pytest.fixture
def reader(browser: Browser, address: str) -> Open:
    """Return a context manager: a page at the site, which may have met nothing wrong when it is left.

    Its options are those of a Playwright context, and `width` in pixels.
    """

    @contextmanager
    def opened(*, width: int = DESK, **options: Any) -> Iterator[Page]:
        options = {"viewport": {"width": width, "height": 844 if width < 500 else 900}, "locale": "zh-CN"} | options
        with browser.new_context(base_url=address, reduced_motion="reduce", **options) as context:
            context.set_default_timeout(15_000)
            page = context.new_page()
            wrong: list[str] = []

            def console(message: ConsoleMessage) -> None:
                missing = message.location.get("url") == page.url and message.text.startswith("Failed to load resource")
                if message.type in ("error", "warning") and not missing:  # the page itself may be a refusal
                    wrong.append(f"console of {page.url}: {message.text}")

            def asked(request: Request) -> None:
                if not request.url.startswith((address + "/", "data:", "blob:")):
                    wrong.append(f"request of {page.url} to {request.url}")

            page.on("console", console)
            page.on("pageerror", lambda error: wrong.append(f"error on {page.url}: {error}"))
            page.on("dialog", lambda dialog: (wrong.append(f"dialog on {page.url}: {dialog.message}"), dialog.dismiss()))
            context.on("request", asked)
            yield page
            page.wait_for_load_state("networkidle")
            assert wrong == []

    return opened


@pytest.fixture
def page(reader: Open) -> Iterator[Page]:
    """A reader's page at a desk."""
    with reader() as page:
        yield page
