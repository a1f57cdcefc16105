"""Lists of every dialect: recognised, read row by row, and followed to the next page."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, JsonResponse, TextResponse, XmlResponse

from crawler.dialects import DIALECTS, choose, generic, hanweb, table, trs, ucap
from crawler.dialects.base import Ask
from crawler.links import Row

HOST = "http://www.jia.gov.cn"


def page(
    body: str, url: str = f"{HOST}/zwgk/fzzfjs/", keep: Any = None, codec: str = "utf-8", kind: Any = HtmlResponse
) -> TextResponse:
    request = Request(url, meta={"keep": keep or {}})
    made: TextResponse = kind(url, body=body.encode(codec), encoding=codec, request=request)
    return made


def items(*entries: tuple[str, str, str]) -> str:
    return "<ul>" + "".join(f'<li><a href="{u}">{t}</a><span>{d}</span></li>' for u, t, d in entries) + "</ul>"


MENU = "<div class='nav'><ul>" + "".join(f"<li><a href='/c{n}/'>政务栏目{n}</a></li>" for n in range(12)) + "</ul></div>"
TWO = items(
    ("./202403/t20240301_11.html", "甲县2023年法治政府建设情况报告", "2024-03-01"),
    ("./202303/t20230302_9.html", "通知", "2023-03-02"),
)


# generic


def test_generic_takes_the_dated_block_and_leaves_the_menu() -> None:
    rows = generic.rows(page(MENU + TWO))
    assert rows == [
        Row(f"{HOST}/zwgk/fzzfjs/202403/t20240301_11.html", "甲县2023年法治政府建设情况报告", "2024-03-01"),
        Row(f"{HOST}/zwgk/fzzfjs/202303/t20230302_9.html", "通知", "2023-03-02"),
    ]


@pytest.mark.parametrize(
    "body",
    [
        "<dl><dt><a href='a.html'>甲县2023年报告</a></dt><dd>2024-03-01</dd><dt><a href='b.html'>乙</a></dt><dd>2023-03-02</dd></dl>",
        "<div><a href='a.html'>甲县2023年报告</a><span>2024-03-01</span><br><a href='b.html'>乙</a><span>2023-03-02</span></div>",
        "<div><p><a href='a.html'>甲县2023年报告</a>[2024年3月1日]</p><p><a href='b.html'>乙</a>[2023年3月2日]</p></div>",
        "<div class=r><div><a href='a.html'>甲县2023年报告<i>2024/03/01</i></a></div><div><a href='b.html'>乙<i>2023/03/02</i></a></div></div>",
        "<table><tr><td>索引号 2026-02-00018</td><td><a href='a.html'>甲县2023年报告</a></td><td>2024.03.01</td></tr>"
        "<tr><td>1</td><td><a href='b.html'>乙</a></td><td>2023.03.02</td></tr></table>",
    ],
)
def test_generic_reads_every_shape_of_row(body: str) -> None:
    assert [(row.title, row.date) for row in generic.rows(page(MENU + body))] == [
        ("甲县2023年报告", "2024-03-01"),
        ("乙", "2023-03-02"),
    ]


def test_title_attribute_where_the_text_is_cut() -> None:
    cut = (
        "<li><a href='a.html' title='甲县人民政府关于2023年法治政府建设情况的报告'>甲县人民政府关于2023年…</a> 2024-03-01</li>"
    )
    longer = "<li><a href='b.html' title='查看'>乙县人民政府关于2023年法治政府建设情况的报告</a> 2024-03-01</li>"
    assert [row.title[:2] + row.title[-2:] for row in generic.rows(page(f"<ul>{cut}{longer}</ul>"))] == ["甲县报告", "乙县报告"]


@pytest.mark.parametrize(
    ("control", "following"),
    [
        ("<a href='index_2.html'>下一页</a>", "index_2.html"),
        ("<a href='?page=2'>[ 下页 ]</a>", "?page=2"),
        ("<a href='javascript:;' tagname='/zw/2.html'>下一页&gt;</a>", "/zw/2.html"),
        ("<a href=\"javascript:goto('list_2.html')\">下一頁</a>", "list_2.html"),
        ("<span onclick=\"location='p2.html'\">下一页</span>", "p2.html"),
        ("<link rel='next' href='p2.html'>", "p2.html"),
        ("<div><span class='on'>1</span><a href='2.html'>2</a><a href='3.html'>3</a></div>", "2.html"),
        ("<ul><li><a href='1.html'>1</a></li><li><b>2</b></li><li><a href='3.html'>3</a></li></ul>", "3.html"),
        ("<a>下一页</a>", ""),
        ("<a href='#'>下一页</a>", ""),
        ("<div><a href='1.html'>1</a><span>2</span></div>", ""),
    ],
)
def test_next_page(control: str, following: str) -> None:
    base = page(TWO + control)
    assert [ask.url for ask in generic.following(base)] == ([base.urljoin(following)] if following else [])


# trs


def call(total: int, current: int, *, box: bool = False) -> str:
    return f"<script>createPageHTML({chr(39) + 'paging' + chr(39) + ', ' if box else ''}{total}, {current}, 'index', 'html', 500);</script>"


def names(asks: list[Ask]) -> list[str]:
    return [ask.url.rpartition("/")[2] for ask in asks]


def test_trs_counted_from_zero() -> None:
    (second,) = trs.following(page(TWO + call(3, 0)))
    assert (names([second]), names([second.otherwise] if second.otherwise else [])) == (["index_1.html"], ["index_2.html"])
    (third,) = trs.following(page(TWO + call(3, 1), second.url, dict(second.keep)))
    assert names([third]) == ["index_2.html"]
    assert trs.following(page(TWO + call(3, 2), third.url, dict(third.keep))) == []


def test_trs_counted_from_one() -> None:
    (second,) = trs.following(page(TWO + call(3, 1, box=True)))
    assert (names([second]), names([second.otherwise] if second.otherwise else [])) == (["index_2.html"], ["index_1.html"])
    (third,) = trs.following(page(TWO + call(3, 2, box=True), second.url, dict(second.keep)))
    assert names([third]) == ["index_3.html"]
    assert trs.following(page(TWO + call(3, 3, box=True), third.url, dict(third.keep))) == []


def test_trs_page_that_was_skipped_is_asked_for() -> None:
    """The first page calls itself 1, but the files count from zero: index_2 is the third page, and says so."""
    (second,) = trs.following(page(TWO + call(4, 1)))
    assert names([second]) == ["index_2.html"]
    asks = trs.following(page(TWO + call(4, 3), second.url, dict(second.keep)))
    assert names(asks) == ["index_1.html", "index_3.html"]
    assert trs.following(page(TWO + call(4, 2), asks[0].url, dict(asks[0].keep))) == []
    assert trs.following(page(TWO + call(4, 4), asks[1].url, dict(asks[1].keep))) == []


@pytest.mark.parametrize(
    ("script", "url", "following"),
    [
        ("$('#p').pagination('setPage', 1, 9);", f"{HOST}/nw11494/index.html", ["index_2.html"]),
        ("var countPage = 51; var currentPage = 0;", f"{HOST}/zw/index.shtml", ["index_1.shtml"]),
        ("createPageHTML(1, 0, 'index', 'html');", f"{HOST}/zw/", []),
        ("createPage(12, 0, 'list', 'htm');", f"{HOST}/zw/list.htm", ["list_1.htm"]),
        ("function createPageHTML(_nPageCount, _nCurrIndex, _sPageName){}", f"{HOST}/zw/", []),
    ],
)
def test_trs_scripts(script: str, url: str, following: list[str]) -> None:
    assert names(trs.following(page(f"{TWO}<script>{script}</script>", url))) == following


# hanweb


def record(number: int) -> str:
    link = f'<a href="/art/2024/3/{number}/art_1229_{number}.html" title="甲县{2000 + number}年法治政府建设情况报告">甲县…</a>'
    return f"<record><![CDATA[<li>{link}<b>2024-03-{number:02}</b></li>]]></record>"


PARAMETERS = "webid=3&path=/&columnid=1229&unitid=77&webname=%E7%94%B2%E5%8E%BF&permissiontype=0"
NEXT_GROUP = (
    f'<nextgroup><![CDATA[<a href="/module/web/jpage/dataproxy.jsp?page=1&appid=1&appid=1&{PARAMETERS}"></a>]]></nextgroup>'
)


def column(records: str, rest: str, script: str) -> TextResponse:
    body = f"{MENU}<div id='77'><script type='text/xml'><datastore>{rest}<recordset>{records}</recordset></datastore></script></div>"
    return page(f"{body}<script>{script}</script>", f"{HOST}/col/col1229/index.html")


@pytest.mark.parametrize(
    ("rest", "script"),
    [
        (NEXT_GROUP, "x.jpage({perPage:2,totalRecord:9,proxyUrl:'/module/web/jpage/dataproxy.jsp'})"),
        (
            "",
            f"jpage({{perPage:2, totalRecord:9, proxyUrl:'/module/web/jpage/dataproxy.jsp', ajaxParam:'col=1&{PARAMETERS}'}})",
        ),
        ("", "var o={webid:3,columnid:1229,unitid:'77',webname:'甲县',perPage:2,totalRecord:9};"),
    ],
)
def test_hanweb_asks_the_proxy_for_records(rest: str, script: str) -> None:
    first = column(record(1) + record(2), rest, script)
    assert hanweb.matches(first)
    assert hanweb.rows(first)[0] == Row(f"{HOST}/art/2024/3/1/art_1229_1.html", "甲县2001年法治政府建设情况报告", "2024-03-01")
    (ask,) = hanweb.following(first)
    assert ask.url.startswith(
        f"{HOST}/module/web/jpage/dataproxy.jsp?startrecord=3&endrecord=8&perpage=2&col=1&appid=1&webid=3&"
    )
    assert "webname=%E7%94%B2%E5%8E%BF" in ask.url
    assert ask.otherwise is not None
    assert "columnid=1229" in ask.otherwise.form
    assert "unitid=77" in ask.otherwise.form
    answer = f"<?xml version='1.0'?><datastore><recordset>{''.join(map(record, range(3, 9)))}</recordset></datastore>"
    second = page(answer, ask.url, dict(ask.keep), kind=XmlResponse)
    assert len(hanweb.rows(second)) == 6
    (last,) = hanweb.following(second)
    assert "startrecord=9&endrecord=9&" in last.url
    third = page(f"<datastore><recordset>{record(9)}</recordset></datastore>", last.url, dict(last.keep))
    assert hanweb.following(third) == []


def test_hanweb_old_proxy_counts_groups() -> None:
    group = NEXT_GROUP.replace("/module/web/jpage", "/module/jpage").replace("page=1", "page=2")
    (ask,) = hanweb.following(column(record(1), group, "totalRecord:3"))
    assert ask.url.startswith(f"{HOST}/module/jpage/dataproxy.jsp?")
    assert "page=2" in ask.url
    assert "startrecord" not in ask.url
    (ask,) = hanweb.following(page(f"<recordset>{record(2)}</recordset>", ask.url, dict(ask.keep)))
    assert "page=3" in ask.url


def test_hanweb_encrypted_parameters_end_the_list() -> None:
    assert hanweb.following(column(record(1), "<nextgroup><![CDATA[Zm9vYmFy]]></nextgroup>", "")) == []


def test_hanweb_page_without_records_is_read_as_html() -> None:
    shandong = page(MENU + TWO, f"{HOST}/col/col88/index.html")
    assert hanweb.matches(shandong)
    assert [row.date for row in hanweb.rows(shandong)] == ["2024-03-01", "2023-03-02"]


# ucap

CHANNEL = "0123456789abcdef0123456789abcdef"


def result(number: int) -> dict[str, Any]:
    pairs = [{"key": "refno", "value": "甲政发〔2024〕1号"}, {"key": "writedate", "value": "2024-01-01"}]
    return {
        "title": f"甲县{2000 + number}年法治<em>政府</em>建设情况报告",
        "url": f"/jia/c108016/202403/{number:032x}.shtml",
        "publishedTime": 1709258400000,
        "domainMetaList": [{"resultList": pairs}],
    }


def results(*numbers: int, total: int) -> str:
    return json.dumps({"data": {"total": total, "page": 1, "rows": 2, "results": [result(n) for n in numbers]}})


@pytest.mark.parametrize(
    "script",
    [
        f"url: '/common/search/{CHANNEL}?page={{page}}&_pageSize=2&_isAgg=true&_isJson=true&_template=index'",
        f"$.get('/common/search/{CHANNEL}?_isAgg=true&amp;_isJson=true&amp;_pageSize=2&amp;_template=index&amp;page=1')",
        f'var channelId = "{CHANNEL}"; // UCAP-CONTENT',
    ],
)
def test_ucap_json(script: str) -> None:
    template = "<ul><li ms-for='x in list'><a href='{{x.url}}'>{{x.title}}</a></li></ul>"
    first = page(f"{template}<script>{script}</script>", f"{HOST}/jia/c108016/list.shtml")
    assert ucap.matches(first)
    assert ucap.rows(first) == []
    (ask,) = ucap.following(first)
    assert ask.url.startswith(f"{HOST}/common/search/{CHANNEL}?")
    assert {"page=1", "_isJson=true", "_isAgg=true", "_template=index"} <= set(ask.url.partition("?")[2].split("&"))
    size = 2 if "_pageSize=2" in ask.url else 15
    data = page(results(1, 2, total=size + 1), ask.url, dict(ask.keep), kind=JsonResponse)
    assert ucap.rows(data)[0] == Row(
        f"{HOST}/jia/c108016/202403/{1:032x}.shtml", "甲县2001年法治政府建设情况报告", "2024-03-01"
    )
    (ask,) = ucap.following(data)
    assert "page=2" in ask.url.split("?")[1].split("&")
    assert ucap.following(page(results(3, total=size + 1), ask.url, dict(ask.keep), kind=JsonResponse)) == []


def test_ucap_other_shapes_of_json() -> None:
    suzhou = {
        "infolist": [{"title": "甲县2023年法治政府建设情况报告", "link": "/a.html", "pubtime": "2024-03-01 10:00"}],
        "totalcount": "1",
    }
    jiangxi = {
        "data": {
            "total": 1,
            "results": [{"source": {"title": "乙县2023年报告", "url": "http://yi.gov.cn/b.html", "pubDate": "2024-03-02"}}],
        }
    }
    found = [row for data in (suzhou, jiangxi) for row in ucap.json_rows(data, HOST)]
    assert [(row.url, row.date) for row in found] == [
        (f"{HOST}/a.html", "2024-03-01"),
        ("http://yi.gov.cn/b.html", "2024-03-02"),
    ]


def test_ucap_broken_json_is_the_end() -> None:
    keep = {"base": HOST}
    assert ucap.rows(page("<html>error", f"{HOST}/common/search/{CHANNEL}?page=2", keep)) == []
    assert ucap.following(page("{", f"{HOST}/common/search/{CHANNEL}?page=2", keep)) == []


def test_ucap_static_pages() -> None:
    rows = items(*((f"/jia/c108016/202403/{n:032x}.shtml", f"甲县{2000 + n}年报告", "2024-03-01") for n in range(3)))
    first = page(rows + "<div>共3页</div>", f"{HOST}/jia/c108016/list.shtml")
    assert ucap.matches(first)
    assert names(ucap.following(first)) == ["list_2.shtml"]
    assert names(ucap.following(page(rows + "共3页", f"{HOST}/jia/c108016/list_2.shtml"))) == ["list_3.shtml"]
    assert ucap.following(page(rows + "共3页", f"{HOST}/jia/c108016/list_3.shtml")) == []


# table, and the choice

LAYOUT = (
    "<table><tr><td>{menu}</td><td><table>"
    + "".join(
        f"<tr><td><img><a href='show.asp?id={n}'>甲县{2000 + n}年法治政府建设情况报告</a></td><td>{2001 + n}/3/1</td></tr>"
        for n in range(4)
    )
    + "</table><p>[1] <a href='list.asp?p=2'>下一页</a></p></td></tr></table>"
)


def test_table() -> None:
    menu = "".join(f"<a href='c{n}.asp'>栏目{n}</a>" for n in range(9))
    first = page(LAYOUT.replace("{menu}", menu), f"{HOST}/list.asp", codec="gb18030")
    assert table.matches(first)
    assert [row.date for row in table.rows(first)] == [f"{2001 + n}-03-01" for n in range(4)]
    assert names(table.following(first)) == ["list.asp?p=2"]


@pytest.mark.parametrize(
    ("body", "url", "wanted", "found"),
    [
        (TWO + call(3, 0), f"{HOST}/zw/", "", "trs"),
        (TWO, f"{HOST}/zw/", "", "trs"),
        (items(("a.html", "甲县2023年报告", "2024-03-01")), f"{HOST}/zw/", "", "generic"),
        (items(("a.html", "甲县2023年报告", "2024-03-01")), f"{HOST}/zw/", "trs", "trs"),
        (LAYOUT, f"{HOST}/list.asp", "", "table"),
        (LAYOUT, f"{HOST}/list.asp", "hanweb", "table"),
        (TWO + call(3, 0), f"{HOST}/zw/", "ucap", "trs"),
        (TWO + call(3, 0), f"{HOST}/zw/", "jpaas", "trs"),
        (TWO + call(3, 0), f"{HOST}/zw/", "generic", "generic"),
        (f"<script>var channelId='{CHANNEL}',x='UCAP-CONTENT'</script>", f"{HOST}/list.shtml", "table", "ucap"),
        (f"<datastore><recordset>{record(1)}</recordset></datastore>", f"{HOST}/col/col1/index.html", "trs", "hanweb"),
    ],
)
def test_choice(body: str, url: str, wanted: str, found: str) -> None:
    assert choose(page(body, url), wanted) == found


def test_every_dialect_has_the_interface() -> None:
    for dialect in DIALECTS.values():
        assert dialect.__doc__
        for function in ("matches", "rows", "following"):
            assert callable(getattr(dialect, function))
