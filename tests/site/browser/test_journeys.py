"""What people do most, as they do it: by what they read on the screen, with clicks, typing and keys. A picture of each is kept."""

from __future__ import annotations

import csv
import re
from pathlib import Path

import pytest
from playwright.sync_api import Download, Page, expect

from tests.reports import identifier
from tests.site.browser.steps import hits, search, shoot, total
from tests.site.filled import VERSION

pytestmark = pytest.mark.slow


def body(download: Download, folder: Path) -> str:
    """Return what was downloaded."""
    file = folder / download.suggested_filename
    download.save_as(file)
    return file.read_text("utf-8-sig")


def test_search_a_word_and_open_the_first_hit(page: Page) -> None:
    page.goto("/")
    search(page, "禁渔期")
    assert total(page) == 1
    expect(page.locator("mark").first).to_have_text("禁渔期")
    shoot(page, "01-search")
    hits(page).first.click()
    expect(page.get_by_role("heading", level=1)).to_have_text("云溪市司法局2022年度法治政府建设情况报告")
    expect(page.get_by_text("禁渔期执法一次")).to_be_visible()


def test_phrase_not_and_title(page: Page) -> None:
    page.goto("/search")
    search(page, "行政復議")
    either = total(page)
    search(page, '"双随机、一公开" -热线')
    shoot(page, "02-not")
    assert total(page) == 0
    page.get_by_role("searchbox").fill("行政复议")
    page.get_by_label("只找标题").check()
    page.get_by_role("button", name="检索").click()
    assert total(page) == 1
    search(page, "标题:松林镇")
    assert total(page) == 1
    expect(hits(page).first).to_contain_text("松林镇")
    shoot(page, "02-title")
    assert either > 40


def test_filter_by_years_and_place_and_drop_a_filter(page: Page) -> None:
    page.goto("/search?q=复议")
    everything = total(page)
    page.get_by_role("combobox", name="年度从").select_option("2022")
    page.get_by_role("combobox", name=re.compile("^到")).select_option("2023")
    page.get_by_role("combobox", name="省份").select_option("东湖省")
    page.get_by_role("button", name="检索").click()
    province = total(page)
    page.get_by_role("combobox", name="地市").select_option("云溪市")
    page.get_by_role("button", name="检索").click()
    page.get_by_role("combobox", name="县区").select_option("青石区")
    page.get_by_role("button", name="检索").click()
    assert 1 == total(page) < province < everything
    chips = page.get_by_role("list", name="已选条件")
    expect(chips.get_by_role("link", name="东湖省")).to_be_visible()
    shoot(page, "03-filters")
    chips.get_by_role("link", name="青石区").click()
    assert total(page) == province
    chips.get_by_role("link", name="全部去掉").click()
    assert total(page) == everything


def test_click_a_bar_of_the_years(page: Page) -> None:
    page.goto("/search?q=复议")
    chart = page.get_by_role("img", name="命中的报告，按年度")
    expect(chart).to_be_visible()
    shoot(page, "04-charts")
    bar = chart.evaluate(
        """(canvas) => {
        const chart = Chart.getChart(canvas), n = chart.data.labels.indexOf("2022"), bar = chart.getDatasetMeta(0).data[n];
        return {x: bar.x, y: (bar.y + bar.base) / 2, reports: chart.data.datasets[0].data[n]};
    }"""
    )
    chart.click(position={"x": bar["x"], "y": bar["y"]})
    expect(page.get_by_role("list", name="已选条件").get_by_role("link", name="2022")).to_be_visible()
    assert total(page) == bar["reports"]


def test_page_to_the_end_and_take_the_hits_along(page: Page, tmp_path: Path) -> None:
    page.goto("/search?q=复议&sort=newest")
    matches, seen = total(page), []
    while True:
        seen += [link.get_attribute("href") for link in hits(page).all()]
        after = page.get_by_role("link", name="下一页")
        if not after.count():
            break
        after.click()
        page.wait_for_load_state()
    shoot(page, "05-last-page")
    assert len(seen) == len(set(seen)) == matches > 40
    with page.expect_download() as waiting:
        page.get_by_role("link", name="CSV", exact=True).click()
    rows = list(csv.DictReader(body(waiting.value, tmp_path).splitlines()))
    assert [f"/report/{row['report_id']}" for row in rows] == seen


def test_read_by_the_outline_and_link_a_paragraph(page: Page, address: str) -> None:
    page.goto(f"/report/{identifier(7)}")
    page.get_by_role("navigation", name="目录").get_by_role("link", name="存在的问题和不足").click()
    heading = page.get_by_role("heading", name="存在的问题和不足")
    expect(heading).to_be_in_viewport()
    paragraph = page.locator(".text p", has_text="基层执法力量薄弱")
    paragraph.hover()
    paragraph.get_by_role("link", name="本段链接").click()
    anchor = paragraph.get_attribute("id")
    assert page.url == f"{address}/report/{identifier(7)}#{anchor}"
    shoot(page, "06-report")
    page.goto("about:blank")
    page.goto(f"/report/{identifier(7)}#{anchor}")
    expect(paragraph).to_be_in_viewport()
    page.locator(".text").get_by_role("link", name="215", exact=True).click()
    expect(page.get_by_role("row", name="行政复议受理").first).to_be_in_viewport()


def test_compare_two_versions(page: Page) -> None:
    page.goto(f"/report/{identifier(7)}")
    page.get_by_role("link", name="比较各个版本").click()
    expect(page.get_by_role("heading", name="第 1 版到第 2 版的变动")).to_be_visible()
    expect(page.locator(".difference ins").filter(has_text="8").first).to_be_visible()
    shoot(page, "07-versions")
    page.get_by_role("radio", name="旧 2").check()
    page.get_by_role("radio", name="新 1").check()
    page.get_by_role("button", name="比较").click()
    expect(page.get_by_role("heading", name="第 2 版到第 1 版的变动")).to_be_visible()


def test_cite(page: Page, tmp_path: Path) -> None:
    page.goto(f"/report/{identifier(7)}")
    page.get_by_role("link", name="引用", exact=True).click()
    reference = page.get_by_text("[EB/OL]").first
    expect(reference).to_be_in_viewport()
    reference.click()
    assert page.evaluate("getSelection().toString()").strip() == reference.inner_text().strip()  # one click takes all of it
    shoot(page, "08-citation")
    for name, start in (("BibTeX", "@"), ("RIS", "TY  - ")):
        with page.expect_download() as waiting:
            page.get_by_role("link", name=name).click()
        assert body(waiting.value, tmp_path).startswith(start)


def test_coverage_down_to_the_list(page: Page) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="覆盖").click()
    shoot(page, "09-coverage")
    for name in ("东湖省", "云溪市"):
        page.get_by_role("rowheader", name=name).get_by_role("link").click()
        expect(page.get_by_role("heading", level=1)).to_contain_text(name)
    page.get_by_role("navigation", name="指标").get_by_role("link", name="逾期").click()
    page.get_by_role("row", name="青石区").get_by_role("link", name="1/1").click()
    expect(page.get_by_role("status")).to_contain_text("1 条")
    shoot(page, "09-coverage-list")
    page.get_by_role("link", name="云溪市青石区人民政府2022年度").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("青石区")


def test_trends_of_two_words(page: Page) -> None:
    page.goto("/trends")
    box = page.get_by_role("searchbox")
    box.fill("复议，法律援助")
    page.get_by_role("combobox", name="层级").select_option("prefecture")
    box.press("Enter")
    charts = page.get_by_role("img")
    expect(charts).to_have_count(2)
    shoot(page, "10-trends")
    page.get_by_text("查看数字").first.click()
    table = page.get_by_role("table").first
    expect(table.get_by_role("columnheader")).to_have_text(["年度", "复议", "法律援助"])
    expect(table.get_by_role("row", name="2021")).to_contain_text("100.0")


def test_english_and_back(page: Page) -> None:
    page.goto("/search?q=复议&province=东湖省")
    found = total(page)
    page.get_by_role("link", name="English").click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("searchbox")).to_have_value("复议")
    expect(page.get_by_role("status")).to_contain_text(f"{found} ")
    shoot(page, "11-english")
    hits(page).first.click()
    expect(page.locator("html")).to_have_attribute("lang", "en")
    page.get_by_role("link", name="中文", exact=True).click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-CN")


def test_download_a_release(page: Page, tmp_path: Path) -> None:
    page.goto("/")
    page.get_by_role("navigation", name="主导航").get_by_role("link", name="下载").click()
    expect(page.get_by_role("heading", name=VERSION)).to_be_visible()
    shoot(page, "12-downloads")
    with page.expect_download() as waiting:
        page.get_by_role("link", name="README.md").click()
    assert body(waiting.value, tmp_path) == "# read me\n"
