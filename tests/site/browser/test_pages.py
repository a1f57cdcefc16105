"""Every page on a phone and on a desk: not wider than the screen, nothing that axe finds serious, nothing wrong in the console."""

from __future__ import annotations

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from tests.reports import identifier
from tests.site.browser.conftest import DESK, PHONE, Open
from tests.site.browser.steps import shoot

pytestmark = pytest.mark.slow

FULL = f"/report/{identifier(7)}"
PAGES = {
    "start": "/",
    "search": "/search",
    "hits": "/search?q=行政复议&province=东湖省&year_from=2021",
    "hits-pages": "/search?q=复议&page=2",
    "hits-none": "/search?q=复议 火星&level=county&year=2022",
    "hits-refused": "/search?q=复议&page=0",
    "counts": "/search/counts?q=复议",
    "query": "/archive/search?q=行政复议",
    "reports": "/archive/reports?_search=复议",
    "report": FULL,
    "report-plain": f"/report/{identifier(6)}",
    "report-hostile": f"/report/{identifier(8)}",
    "report-withdrawn": f"/report/{identifier(9)}",
    "report-removed": f"/report/{identifier(10)}",
    "report-unknown": "/report/nix",
    "versions": f"{FULL}/versions",
    "versions-hostile": f"/report/{identifier(8)}/versions",
    "copy": f"{FULL}/source/{identifier(7)}",
    "tables": "/archive",
    "sources": "/archive/sources",
    "row": "/archive/reports/8",
    "sql": "/archive?sql=select report_id, title from reports limit 5",
    "coverage": "/coverage",
    "coverage-late": "/coverage?code=960000&show=late",
    "coverage-issuers": "/coverage?code=960102",
    "coverage-list": "/coverage/list",
    "trends": "/trends",
    "trends-terms": "/trends?q=复议,12348",
    "downloads": "/downloads",
    "status": "/status",
    "about": "/about",
    "api": "/api",
}


def too_wide(page: Page) -> list[str]:
    """Return what sticks out of the screen, but for what scrolls in a box of its own."""
    found: list[str] = page.evaluate(
        """() => {
        const whole = document.documentElement;
        if (whole.scrollWidth <= whole.clientWidth && innerWidth === whole.clientWidth) return [];
        const out = [...document.querySelectorAll("body *")].filter((one) => one.getBoundingClientRect().right > innerWidth + 0.5);
        return [`${whole.scrollWidth} of ${innerWidth}`, ...out.slice(0, 5).map((one) => one.outerHTML.slice(0, 120))];
    }"""
    )
    return found


def barriers(page: Page) -> list[str]:
    """Return what axe-core finds serious or critical: rule, place, markup. The policy of the page does not bind the debugger."""
    return [
        f"{found['id']}: {node['target']} {node['html'][:160]} {node.get('failureSummary', '')[:200]}"
        for found in Axe().run(page).response["violations"]
        if found["impact"] in ("serious", "critical")
        for node in found["nodes"]
    ]


@pytest.mark.parametrize("name", PAGES)
def test_page(reader: Open, name: str) -> None:
    """Wide, then narrow: the page is laid out again, as when a phone is turned."""
    with reader() as page:
        page.goto(PAGES[name])
        page.wait_for_load_state("networkidle")
        for width in (DESK, PHONE):
            page.set_viewport_size({"width": width, "height": 844})
            page.evaluate("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))")  # charts follow
            shoot(page, f"page-{name}-{width}")
            assert too_wide(page) == []
            assert barriers(page) == []


@pytest.mark.parametrize("name", ["start", "hits", "report", "coverage", "trends-terms", "downloads", "status", "about", "api"])
def test_page_in_english(reader: Open, name: str) -> None:
    with reader(width=PHONE) as page:
        page.goto("/language/en?back=" + PAGES[name].replace("&", "%26"))
        page.wait_for_load_state("networkidle")
        assert page.locator("html").get_attribute("lang") == "en"
        assert too_wide(page) == []
        assert barriers(page) == []


@pytest.mark.parametrize("name", ["hits", "report", "versions", "coverage", "trends-terms"])
def test_page_in_print(reader: Open, name: str) -> None:
    """What leads elsewhere is not printed, what is read is."""
    with reader() as page:
        page.goto(PAGES[name])
        page.emulate_media(media="print")
        assert not page.get_by_role("navigation", name="主导航").is_visible()
        assert page.locator("main").inner_text().strip()


def test_what_is_wrong_is_noticed(reader: Open) -> None:
    def visit() -> None:
        with reader(width=PHONE) as page:
            page.goto("/about")
            page.evaluate(
                """() => {
                const wrong = '<p class="wide">Pale and wide</p><img src="http://evil.example/x.png">';
                document.querySelector("main").insertAdjacentHTML("beforeend", wrong);
                document.querySelector(".wide").style.cssText = "width: 500px; color: #ccc; background: #fff";
            }"""
            )
            assert any('class="wide"' in line for line in too_wide(page))
            assert {line.partition(":")[0] for line in barriers(page)} == {"color-contrast", "image-alt"}

    with pytest.raises(AssertionError, match=r"evil\.example.*Content Security Policy"):
        visit()
