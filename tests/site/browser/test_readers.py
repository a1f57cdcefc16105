"""Readers without JavaScript, without a mouse, and of a report that means harm."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.reports import identifier
from tests.site.browser.conftest import Open
from tests.site.browser.steps import hits, search, shoot, total

pytestmark = pytest.mark.slow


def test_without_javascript(reader: Open) -> None:
    with reader(java_script_enabled=False) as page:
        page.goto("/")
        search(page, "复议")
        page.get_by_role("combobox", name="省份").select_option("东湖省")
        page.get_by_role("button", name="检索").click()
        expect(page.locator("mark").first).to_be_visible()
        page.get_by_role("link", name="按年度和省份统计").click()
        page.get_by_role("row", name="2022").get_by_role("link").click()
        shoot(page, "13-without-javascript")
        assert total(page) == 3
        hits(page).first.click()
        page.get_by_role("navigation", name="目录").get_by_role("link", name="出处").click()
        expect(page.get_by_role("heading", name="出处")).to_be_in_viewport()


def test_with_the_keyboard_alone(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="跳到正文")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    shoot(page, "14-skip-link")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("searchbox")).to_be_focused()
    page.keyboard.type("禁渔期")
    page.keyboard.press("Enter")
    expect(page.get_by_role("status")).to_be_visible()
    for _ in range(40):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.matches('h2 a')"):
            break
    outline = page.evaluate("getComputedStyle(document.activeElement).outlineStyle")
    assert outline == "solid"
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_contain_text("云溪市司法局")


def test_hostile_text_does_not_run(page: Page) -> None:
    page.goto(f"/report/{identifier(8)}")
    expect(page.get_by_role("heading", level=1)).to_contain_text("<script>alert(1)</script>")
    assert page.locator(".text script, img, [onerror]").count() == 0
