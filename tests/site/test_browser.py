"""The pages in a real browser, on a phone and on a desk: nothing runs that should not, nothing is wider than the screen."""

from __future__ import annotations

import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path

import pytest

from archive.serve import datasette_arguments
from tests.reports import identifier
from tests.site.conftest import SITE

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
PAGES = {
    "start": "/",
    "search": "/search",
    "hits": "/search?q=%E8%A1%8C%E6%94%BF%E5%A4%8D%E8%AE%AE&province=%E4%B8%9C%E6%B9%96%E7%9C%81&year_from=2021",
    "no hits": "/search?q=%E5%A4%8D%E8%AE%AE+%E7%81%AB%E6%98%9F&level=county&year=2022",
    "counts": "/search/counts?q=%E5%A4%8D%E8%AE%AE",
    "query": "/archive/search?q=%E8%A1%8C%E6%94%BF%E5%A4%8D%E8%AE%AE",
    "reports": "/archive/reports?_search=%E5%A4%8D%E8%AE%AE",
    "report": f"/report/{identifier(6)}",
    "hostile": f"/report/{identifier(8)}",
    "versions": f"/report/{identifier(6)}/versions",
    "removed": f"/report/{identifier(10)}",
    "unknown": "/report/nix",
    "tables": "/archive",
    "sources": "/archive/sources",
    "row": "/archive/reports/8",
    "coverage": "/coverage",
    "issuers": "/coverage?code=960102",
    "list": "/coverage/list",
    "trends": "/trends?q=%E5%A4%8D%E8%AE%AE,12348",
    "downloads": "/downloads",
    "status": "/status",
    "about": "/about",
    "api": "/api",
}

pytestmark = pytest.mark.skipif(CHROMIUM is None, reason="no chromium is installed")


def browse(*arguments: str | Path) -> str:
    command = [CHROMIUM or "", "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=90, check=True).stdout


@pytest.fixture(scope="module")
def address(archive: Path) -> Iterator[str]:
    """The site, served by exactly the command that `fazhi serve` runs."""
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


def test_form_leads_from_start_to_report(address: str) -> None:
    """What a reader does, by the links and forms a browser shows."""
    start = browse("--dump-dom", address + "/")
    action = re.search(r'<form class="search" action="([^"]+)" method="get"', start)
    assert action
    assert action[1] == "/search"
    assert 'name="q"' in start
    hits = browse("--dump-dom", f"{address}/archive/search?q=12348&year=2022")
    assert hits.count("<mark>12348</mark>") >= 3
    report = re.search(r'href="(/report/fz[0-9a-f]{16})"', hits)
    assert report
    assert '<h2 id="p2">一、主要工作和成效' in browse("--dump-dom", address + report[1])


def test_counts_come_after_the_hits_as_charts(address: str) -> None:
    dom = browse("--virtual-time-budget=5000", "--dump-dom", f"{address}/search?q=12348&size=20&level=")
    assert dom.count("<canvas") == 2
    assert 'aria-label="命中的报告，按年度"' in dom
    assert re.search(r'<a href="/search\?q=12348&amp;year_from=2022&amp;year_to=2022">2022</a></th><td>\d+', dom)


def test_hostile_text_does_not_run(address: str) -> None:
    dom = browse("--dump-dom", f"{address}/report/{identifier(8)}")
    assert "<script" not in dom
    assert "<img" not in dom
    assert "&lt;script&gt;alert(1)" in dom


@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(address: str, tmp_path: Path, name: str) -> None:
    with urllib.request.build_opener(Anything()).open(address + PAGES[name]) as answer:
        page = answer.read().decode()
    style = "".join((SITE / name).read_text("utf-8") for name in re.findall(r'href="/(static/[^"]+\.css)"', page))
    measure = "<script>document.title = innerWidth + '/' + document.documentElement.scrollWidth</script>"
    page = re.sub(r'<link rel="stylesheet"[^>]*>', "", page).replace("</head>", f"<style>{style}</style></head>")
    file = tmp_path / "page.html"
    file.write_text(page.replace("</body>", f"{measure}</body>"), "utf-8")
    # A headless window is never narrower than 500 px, so the page goes into a frame of a phone's width.
    for width in (390, 1280):
        frame = tmp_path / "frame.html"
        frame.write_text(
            f'<iframe src="page.html" width="{width}" height="900" style="border:0" '
            'onload="document.title = this.contentDocument.title"></iframe>'
        )
        dom = browse("--allow-file-access-from-files", "--virtual-time-budget=3000", "--dump-dom", frame.as_uri())
        title = re.search(r"<title>(\d+)/(\d+)</title>", dom)
        assert title, dom[:300]
        assert (int(title[1]), int(title[2])) == (width, width), name


def test_screenshots(address: str, tmp_path: Path) -> None:
    for name, width in (("start", 390), ("start", 1280), ("report", 1280)):
        shot = tmp_path / f"{name}-{width}.png"
        browse(f"--window-size={width},900", f"--screenshot={shot}", address + PAGES[name])
        assert shot.stat().st_size > 15_000


class Anything(urllib.request.HTTPErrorProcessor):
    """Takes 404 and 410 as answers too."""

    def http_response(self, request: urllib.request.Request, response: object) -> object:  # type: ignore[override]
        return response
