"""Moods of sites that are easily overlooked: each of these once lost a report, hid an obstacle, or ended a crawl in a traceback."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, TextResponse

from crawler.dialects import generic, hanweb, ucap
from crawler.links import entries, same_page, tidy_url, twins
from crawler.obstacles import Answer, recognise, status_reason
from crawler.registry import RegistryError, load_file
from tests.crawler.conftest import Crawl, Loopback, html, report, rows, titled

Start = Callable[[dict[str, Any]], Loopback]
HOME = "http://www.jia.gov.cn/"


def links(body: str) -> list[tuple[str, str]]:
    page = HtmlResponse(f"{HOME}l/", body=f"<html><body>{body}</body></html>".encode(), encoding="utf-8")
    return [(row.url, row.title) for row, _ in entries(page)]


@pytest.mark.parametrize(
    "row",
    [
        "<li><p>{title}</p><a href='/r.html'>更多</a></li>",
        "<li><h3>{title}</h3><p>摘要</p><a href='/r.html'>[查看详情]</a></li>",
        "<li><a href='/r.html'><img src='x.gif' alt='{title}'></a></li>",
        "<li><a href='javascript:void(0)' onclick=\"window.open('/r.html')\">{title}</a></li>",
        "<li><a href=\"javascript:openwin('/r.html')\">{title}</a></li>",
        "<li><a href='\\r.html'>{title}</a></li>",
    ],
)
def test_links_of_hand_made_lists(row: str) -> None:
    title = titled(2023)
    assert links(f"<ul>{row.format(title=title)}<li><a href='/n.html'>另一条</a></li></ul>")[0] == (f"{HOME}r.html", title)


def test_a_line_break_of_the_source_is_no_space() -> None:
    assert links("<a href='/r.html'>甲县人民政府关于2023年法治政府\n   建设情况的报告</a>") == [(f"{HOME}r.html", titled(2023))]


def test_addresses_of_one_page() -> None:
    for junk in ("?ticket=ST-1-x", "?t=1700000000000", "?ver=3", "?utm_term=a&spm=b", ";jsessionid=1F", "#top"):
        assert tidy_url(HOME, f"/r.html{junk}") == f"{HOME}r.html"
    assert tidy_url(HOME, "/r.jsp?id=3&t=5&ver=1") == f"{HOME}r.jsp?id=3&t=5"
    assert len({same_page(url) for url in twins(f"{HOME}r.html")}) == 1
    assert set(twins(f"{HOME}r")) == {f"{s}://{w}jia.gov.cn/r" for s in ("http", "https") for w in ("", "www.")}
    assert twins("http://127.0.0.1:8080/r") == ["http://127.0.0.1:8080/r"]


def test_a_page_number_in_a_function_call() -> None:
    script = "<script>function go(n) { if (n > 9) return; location.href = 'list.asp?page=' + n + '&k=1'; }</script>"
    body = f"<html><body><a href='javascript:go(2)'>下一页</a>{script}</body></html>"
    page = HtmlResponse(f"{HOME}l/", body=body.encode(), encoding="utf-8")
    assert [ask.url for ask in generic.following(page)] == [f"{HOME}l/list.asp?page=2&k=1"]


def test_rows_whose_facts_all_stand_in_meta_lists() -> None:
    pairs = [
        {"key": "title", "value": titled(2023)},
        {"key": "url", "value": "/r.shtml"},
        {"key": "pubdate", "value": "2024-03-01"},
    ]
    for meta in (pairs, [{"resultList": pairs}], {pair["key"]: pair["value"] for pair in pairs}):
        assert [(r.url, r.date) for r in ucap.json_rows([{"domainMetaList": meta}], HOME)] == [(f"{HOME}r.shtml", "2024-03-01")]


def test_old_proxy_that_calls_its_second_group_one_or_two() -> None:
    record = "<record><![CDATA[<li><a href='/r.html'>甲</a></li>]]></record>"
    link = "/module/jpage/dataproxy.jsp?page=1&webid=1&columnid=2&unitid=3"
    body = f"<nextgroup>{link}</nextgroup><script type='text/xml'><recordset>{record}</recordset></script>"
    (ask,) = hanweb.following(HtmlResponse(f"{HOME}col/col2/index.html", body=body.encode(), encoding="utf-8"))
    assert ask.otherwise
    for asked, number in ((ask, 1), (ask.otherwise, 2)):
        answer = TextResponse(
            asked.url, body=record.encode(), encoding="utf-8", request=Request(asked.url, meta={"keep": asked.keep})
        )
        (after,) = hanweb.following(answer)
        assert asked.url.endswith(f"page={number}")
        assert after.url.endswith(f"page={number + 1}")


def test_soft_404s() -> None:
    menu = "<a href='/x'>政务公开栏目导航</a>" * 80
    for body in (f"<html><body>{menu}<h2>抱歉，您访问的页面不存在或已删除</h2></body></html>", "", "ok\n"):
        found = recognise(Answer(200, body.encode(), "text/html"), "page")
        assert found is not None
        assert found.reason == "soft_404"
    jump = b"<html><head><meta http-equiv='refresh' content='0;url=/x.html'></head><body></body></html>"
    assert recognise(Answer(200, jump, "text/html"), "page") is None
    assert status_reason(302) == "off_domain"


def test_jumps_and_redirects(loopback: Start, crawl: Crawl) -> None:
    refresh = "<html><head><meta http-equiv=refresh content=\"0;url='/x/1.html'\"></head><body>正在跳转</body></html>"
    names = [(f"/r/{n}.html", titled(2010 + n)) for n in range(4)]
    away = {
        "/r/1.html": (302, {"Location": "file:///etc/passwd"}, b""),
        "/r/2.html": (302, {"Location": "/web/index.html"}, b""),
    }
    shell = html("<script>location='/WZWSRELw=='</script><script src='/wzwschallenge.js'></script>")
    site = loopback({"/l/": html(rows(*names[:3])), "/r/0.html": html(refresh), "/x/1.html": html(report()), **away,
                     "/web/index.html": html("<a href='/'>甲县人民政府门户网站</a>" * 99)})  # fmt: skip
    walled = loopback({"/l/": html(rows(*names[3:])), "/r/3.html": shell})
    crawl.add("jia", site, "/l/", home=f"{site.url}web/index.html")
    crawl.add("yi", walled, "/l/")
    done = crawl.run()
    assert crawl.reasons("jia") == {
        "off_domain": "status 302 file:///etc/passwd",
        "soft_404": f"redirected here from {site.url}r/2.html",
    }
    assert "jia jia县人民政府: 1 found, 1 fetched" in done.stdout
    assert set(crawl.reasons("yi")) == {"wzws"}
    assert "yi: blocked (wzws)" in done.stderr


def test_a_list_that_leads_home(loopback: Start, crawl: Crawl) -> None:
    home = html("<a href='/fzzfjs/'>法治政府建设年度报告</a>")
    routes = {
        "/old/": (302, {"Location": "/"}, b""),
        "/": home,
        "/fzzfjs/": html(rows(("/r.html", titled(2023)))),
        "/r.html": html(report()),
    }
    site = loopback(routes)
    crawl.add("jia", site, "/old/")
    crawl.run()
    assert set(crawl.reasons("jia")) == {"soft_404"}
    assert "/r.html" in site.paths()


@pytest.mark.parametrize(
    ("entry", "words"),
    [
        ("expect: 5", "expect must be a mapping"),
        ("hosts: ['a.gov.cn:99999']", "host or host:port"),
        ("lists: ['http://x y.gov.cn/']", "no http(s) address"),
        ("lists: ['http://127.0.0.1:0/']", "no http(s) address"),
    ],
)
def test_odd_entries(tmp_path: Path, entry: str, words: str) -> None:
    file = tmp_path / "sites.yaml"
    file.write_text(f"- id: jia\n  name: 甲县人民政府\n  home: {HOME}\n  {entry}\n", "utf-8")
    with pytest.raises(RegistryError) as error:
        load_file(file)
    assert words in str(error.value)


def test_keys_without_a_value_are_left_out(tmp_path: Path) -> None:
    file = tmp_path / "sites.yaml"
    file.write_text(f"- id: jia\n  name: 甲县人民政府\n  home: {HOME}\n  expect:\n  search:\n  dialect:\n", "utf-8")
    assert load_file(file)[0].expect == {}


@pytest.mark.parametrize(
    ("setting", "words"),
    [
        ("DOWNLOAD_DELYA=3", "did you mean DOWNLOAD_DELAY?"),
        ("DOWNLOAD_TIMEOUT=abc", "must be a number"),
        ("ROBOTSTXT_OBEY=maybe", "must be True or False"),
        ("DOWNLOADER=no.such.thing", "could not start: ModuleNotFoundError"),
    ],
)
def test_odd_settings(loopback: Start, crawl: Crawl, setting: str, words: str) -> None:
    crawl.add("jia", loopback({}), "/l/")
    done = crawl.run("-s", setting)
    assert done.returncode == 1
    assert words in done.stderr
    assert "Traceback" not in done.stderr
