"""The order of discovery: search, then lists, then columns from the home page, a few clicks deep and no deeper."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from crawler.columns import score_column
from tests.crawler.conftest import Crawl, Loopback, html, report, rows, titled

Start = Callable[[dict[str, Any]], Loopback]


def links(*entries: tuple[str, str]) -> Any:
    """A page of links without dates."""
    return html("<ul>" + "".join(f"<li><a href='{url}'>{name}</a></li>" for url, name in entries) + "</ul>")


#: A portal with its reports four pages from the home page.
PORTAL = {
    "/": links(("/zwgk/", "政务公开"), ("/xw/", "新闻中心"), ("/tzgg/", "通知公告")),
    "/zwgk/": links(("/zwgk/zn/", "政府信息公开指南"), ("/zwgk/fdzdgknr/", "法定主动公开内容")),
    "/zwgk/fdzdgknr/": links(("/zwgk/fdzdgknr/cz/", "财政预决算"), ("/zwgk/fdzdgknr/qtfdxx/", "其他法定信息")),
    "/zwgk/fdzdgknr/qtfdxx/": links(("/zwgk/fdzdgknr/qtfdxx/bg/", "法治政府建设年度报告")),
    "/zwgk/fdzdgknr/qtfdxx/bg/": html(rows(*((f"/r/{year}.html", titled(year)) for year in range(2018, 2024)))),
    "/robots.txt": (404, {}, b""),
    **{f"/r/{year}.html": html(report(titled(year))) for year in range(2018, 2024)},
}


@pytest.mark.parametrize("lists", [[], ["/old/"], ["/empty/"]], ids=["none", "gone", "empty"])
def test_columns_where_lists_bring_nothing(loopback: Start, crawl: Crawl, lists: list[str]) -> None:
    site = loopback({**PORTAL, "/empty/": html("<ul></ul>")})
    crawl.add("jia", site, *lists)
    assert ": 6 found, 6 fetched" in crawl.run().stdout
    assert not {"/xw/", "/zwgk/fdzdgknr/cz/"} & set(site.paths())
    assert len(site.paths()) == len(set(site.paths()))


def test_columns_where_the_search_brings_nothing(loopback: Start, crawl: Crawl) -> None:
    site = loopback(PORTAL)
    crawl.add("jia", site, search={"engine": "irs", "url": f"{site.url}irs/front/search?code=1"})
    assert ": 6 found, 6 fetched" in crawl.run().stdout
    assert "http_404" in crawl.reasons("jia")
    assert site.paths()[0] == "/irs/front/search"


def test_no_columns_where_lists_bring_reports(loopback: Start, crawl: Crawl) -> None:
    site = loopback(PORTAL)
    crawl.add("jia", site, "/zwgk/fdzdgknr/qtfdxx/bg/")
    assert ": 6 found, 6 fetched" in crawl.run().stdout
    assert "/" not in site.paths()


def test_a_column_of_another_name_that_has_reports_is_read_to_its_end(loopback: Start, crawl: Crawl) -> None:
    second = '<a href="/gg/2.html">下一页</a>'
    site = loopback(
        {
            "/": links(("/gg/", "通知公告")),
            "/gg/": html(
                rows(("/r/2023.html", titled(2023)), *((f"/n/{n}", f"停水通知之{n}") for n in range(9)), after=second)
            ),
            "/gg/2.html": html(rows(("/r/2022.html", titled(2022)), *((f"/o/{n}", f"停电通知之{n}") for n in range(9)))),
            "/r/2023.html": html(report(titled(2023))),
            "/r/2022.html": html(report(titled(2022))),
        }
    )
    crawl.add("jia", site)
    assert ": 2 found, 2 fetched" in crawl.run().stdout


def test_a_portal_of_columns_without_end(loopback: Start, crawl: Crawl) -> None:
    """Every page has eight more columns, each on a page of its own."""

    def more(handler: Any) -> Any:
        return links(*((f"{handler.path}{n}/", f"信息公开目录{n}") for n in range(8)))

    site = loopback({"*": more, "/robots.txt": (404, {}, b"")})
    crawl.add("jia", site)
    assert crawl.run().returncode == 1
    assert len(site.paths()) <= 25


def test_scores() -> None:
    """The names of field-notes 1.7, in their order; a path is a hint."""
    names = [
        "法治政府建设年度报告",
        "法治政府建设",
        "依法行政",
        "其他法定信息",
        "法定主动公开内容",
        "工作报告",
        "通知公告",
        "新闻中心",
    ]
    scores = [score_column(name, "http://x.gov.cn/1/") for name in names]
    assert scores == sorted(scores, reverse=True)
    assert len(set(scores)) == len(scores)
    assert scores[-1] == 0
    assert score_column("法治", "http://x.gov.cn/zwgk/fzzfjsndbg/") > 0
    assert score_column("其他法定信息", "http://x.gov.cn/qtfdxx/") > score_column("其他法定信息", "http://x.gov.cn/1/")
