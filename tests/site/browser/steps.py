"""What a reader does on many pages, and the picture that is kept of it."""

from __future__ import annotations

import os
import re
from pathlib import Path

from playwright.sync_api import Locator, Page, expect

SCREENSHOTS = Path(os.environ.get("FAZHI_SCREENSHOTS", "screenshots"))


def search(page: Page, words: str) -> None:
    """Type into the box and press Enter."""
    box = page.get_by_role("searchbox")
    box.fill(words)
    box.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()


def total(page: Page) -> int:
    """Return how many reports the page says it found."""
    found = re.search(r"([\d,]+) 份报告", page.get_by_role("status").inner_text())
    return int(found[1].replace(",", "")) if found else 0


def hits(page: Page) -> Locator:
    """Return the titles of the hits."""
    return page.get_by_role("main").get_by_role("heading", level=2).get_by_role("link")


def shoot(page: Page, name: str) -> None:
    """Keep a picture of the whole page in the folder of screenshots."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    page.wait_for_load_state("networkidle")
    page.screenshot(path=SCREENSHOTS / f"{name}.png", full_page=True)
