"""What tells the families apart, and the odd shapes of their lists: trees, queries, configurations, arrows, arrays, scripts."""

from __future__ import annotations

import json
from typing import Any

import pytest
from scrapy import Request
from scrapy.http import HtmlResponse, JsonResponse, TextResponse

from crawler.dialects import choose, controls, easysite, generic, gkmlpt, hanweb, jpaas, ls, numbered, ucap, vsb, xxgk_list
from crawler.dialects.base import Ask
from crawler.links import frames
from crawler.pages import readable
from crawler.written import with_written, written

HOST = "http://www.jia.gov.cn"
ROWS = "".join(
    f"<li><a href='/zwgk/{year}.html'>甲县人民政府关于{year}年法治政府建设情况的报告</a><span>{year + 1}-03-01</span></li>"
    for year in range(2019, 2024)
)


def page(
    body: str, url: str = f"{HOST}/zwgk/fzzfjs/", keep: Any = None, kind: Any = HtmlResponse, asked: str = ""
) -> TextResponse:
    request = Request(asked or url, meta={"keep": keep or {}})
    made: TextResponse = kind(url, body=body.encode(), encoding="utf-8", request=request)
    return made


def paths(asks: list[Ask]) -> list[str]:
    return [ask.url.removeprefix(HOST) for ask in asks]


# what scripts write


def test_written_takes_strings_variables_and_escapes() -> None:
    code = r"""
    // document.write("<a href='old.html'>旧</a>");
    var url = "./202403/t20240301_1.shtml"; var title = '';
    if (title == '') { title = "\u7532县2023年报告"; }
    document.writeln("<li><a href=\"" + url + "\" title='" + title.substring(0, 9) + "'>");
    document.write(title+'<\/a><\/li>');
    """
    shown = written(code)
    assert "<li><a href=\"./202403/t20240301_1.shtml\" title='甲县2023年报告'>" in shown
    assert "甲县2023年报告</a></li>" in shown
    assert "old.html" not in shown


def test_written_rows_stand_where_they_are_written() -> None:
    row = "<li><script>document.write('<a href=\"{0}.html\">甲县{0}年法治政府建设情况报告</a>')</script><span>2024-03-01</span></li>"
    body = "".join(row.format(year) for year in (2022, 2023))
    made = readable(HtmlResponse(f"{HOST}/zw/", body=f"<html><ul>{body}</ul></html>".encode("gb18030")))
    assert made is not None
    assert [(row.url, row.date) for row in generic.rows(made)] == [
        (f"{HOST}/zw/2022.html", "2024-03-01"),
        (f"{HOST}/zw/2023.html", "2024-03-01"),
    ]


def test_written_leaves_what_holds_no_link() -> None:
    counter = "<script>document.write('<script src=\"/count.js\"><\\/script>');</script>"
    assert with_written(counter) == counter


def test_written_ends_on_a_torn_script() -> None:
    assert written("document.write('<a href=" + "x" * 50_000) == ""
    assert written("var a = '" + "'+'" * 10_000) == ""


# gkmlpt

TREE = "[{id:5,name:'政策',children:[{id:51,name:'规范性文件'}]},{\"id\":9,\"name\":\"%s\"},{id:10,name:'依法行政'}]"


def index(name: str, url: str = f"{HOST}/bmxx/gkmlpt/index", asked: str = "") -> TextResponse:
    return page(f"<script>window._CONFIG = {{'SID': \"755325\", TREE: {TREE % name} }}</script>", url, asked=asked)


def test_gkmlpt_takes_the_categories_that_fit_one_after_the_other() -> None:
    (first,) = gkmlpt.following(index("\\u6cd5\\u6cbb政府建设"))
    assert first.url == f"{HOST}/bmxx/gkmlpt/api/all/9?page=1&sid=755325"
    assert first.otherwise is not None
    assert first.otherwise.url == f"{HOST}/bmxx/gkmlpt/api/all/10?page=1&sid=755325"
    plan = {"title": "甲区2020年依法行政工作要点", "url": f"{HOST}/gkmlpt/content/1/2/post_3.html", "date": 1709258400}
    answer = json.dumps({"classify": {"post_count": 1}, "articles": [{**plan, "abstract": "<p>x</p>"}]})
    got = page(answer, first.url, dict(first.keep))  # JSON that is served as HTML
    assert [(row.url, row.date) for row in gkmlpt.rows(got)] == [(plan["url"], "2024-03-01")]
    (second,) = gkmlpt.following(got)
    assert "all/10?" in second.url
    (third,) = gkmlpt.following(page(answer, second.url, dict(second.keep), JsonResponse))
    assert "all/0?" in third.url  # no category had a report: all of it
    assert gkmlpt.following(page('{"articles": []}', third.url, dict(third.keep), JsonResponse)) == []


def test_gkmlpt_takes_all_where_no_category_fits_and_the_one_that_the_address_names() -> None:
    assert paths(
        gkmlpt.following(index("机构职能").replace(body=index("机构职能").body.replace("依法行政".encode(), b"x")))
    ) == ["/bmxx/gkmlpt/api/all/0?page=1&sid=755325"]
    named = index("法治政府建设", asked=f"{HOST}/bmxx/gkmlpt/index#51")
    assert paths(gkmlpt.following(named)) == ["/bmxx/gkmlpt/api/all/51?page=1&sid=755325"]


# jpaas

QUERY = "{'parseType':'bulidstatic','webId':'52','tplSetId':'A','pageType':'column','tagId':'列表','pageId':'7'}"
UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"


@pytest.mark.parametrize(
    "query",
    [
        f'<div queryData="{QUERY}"></div>',
        f'<script url="{UNIT}" querydata="{QUERY.replace(chr(39), "&quot;")}"></script>',
        f"<div queryData='{QUERY.replace(chr(39), chr(34))}'></div>",
        f"<script>var queryData = {QUERY};</script>",
    ],
)
def test_jpaas_reads_query_data(query: str) -> None:
    first = page(f"<ul class='nav'>{ROWS}</ul>{query}", f"{HOST}/col/col7/index.html")
    assert choose(first) == "jpaas"
    (ask,) = jpaas.following(first)
    assert ask.url.startswith(f"{HOST}{UNIT}?")
    assert {"webId=52", "tplSetId=A", "pageId=7", "pageNo=1", "rows=15", "tagId=%E5%88%97%E8%A1%A8"} <= set(
        ask.url.partition("?")[2].split("&")
    )
    assert "paramJson=%7B%22pageNo%22%3A1%2C%22pageSize%22%3A15%7D" in ask.url


@pytest.mark.parametrize(("count", "more"), [('count="6"', 1), ('count="5"', 0), ("", 1), ('data-total="9"', 1)])
def test_jpaas_follows_the_count(count: str, more: int) -> None:
    keep = {"base": f"{HOST}/col/col7/index.html", "rest": ""}
    answer = json.dumps({"data": {"html": f"<ul data-count='0'>{ROWS}</ul><div class='pagination' rows=\"5\" {count}></div>"}})
    got = page(answer, f"{HOST}{UNIT}?webId=52&rows=5&pageNo=1", keep, JsonResponse)
    assert len(jpaas.rows(got)) == 5
    assert len(jpaas.following(got)) == more


# ls, vsb, easysite, xxgk_list


@pytest.mark.parametrize(
    ("config", "url", "keep", "following"),
    [
        ("({columnId: 12, pageIndex: 1, pageCount: 3})", "/content/column/12", {}, ["/content/column/12?pageIndex=2"]),
        ("('#p', {currPage: 2, pages: 3, f: function() { }})", "/public/column/9?type=4", {}, ["/public/column/9?type=4&pageIndex=3"]),
        ("({total: 41, pageSize: 20, pageIndex: 2})", "/content/column/12?pageIndex=2", {"page": 2}, ["/content/column/12?pageIndex=3"]),
        ("({pageCount: 3, pageIndex: 3})", "/content/column/12?pageIndex=3", {"page": 3}, []),
        ("({pageCount: 9, pageIndex: 1})", "/content/column/12?pageIndex=2", {"page": 2}, []),  # the first page again
        ("({columnId: '12', pageIndex: 1, pageCount: 3})", "/zwgk/fzzf/", {}, ["/content/column/12?pageIndex=2"]),
        ("({pageIndex: 1, pageCount: 3, url: '/XxgkPolicy/showList?pageIndex={p}'})", "/zwgk/", {}, ["/XxgkPolicy/showList?pageIndex=2"]),
    ],
)  # fmt: skip
def test_ls(config: str, url: str, keep: Any, following: list[str]) -> None:
    made = page(f"<ul>{ROWS}</ul><script>Ls.pagination{config}</script>", HOST + url, keep)
    assert choose(made) == "ls"
    assert paths(ls.following(made)) == following


def test_vsb_numbers_descend_or_ascend() -> None:
    body = f"<ul>{ROWS}</ul><td id='fanye3'>共30页</td>"
    (down,) = vsb.following(page(body, f"{HOST}/xx/yy.htm"))
    assert down.otherwise is not None
    assert paths([down, down.otherwise]) == ["/xx/yy/29.htm", "/xx/yy/2.htm"]
    assert paths(vsb.following(page(body, down.url, dict(down.keep)))) == ["/xx/yy/28.htm"]
    assert paths(vsb.following(page(body, down.otherwise.url, dict(down.otherwise.keep)))) == ["/xx/yy/3.htm"]
    assert vsb.following(page(body, f"{HOST}/xx/yy/1.htm", {"number": 1, "step": -1})) == []
    assert vsb.following(page(body, f"{HOST}/xx/yy/30.htm", {"number": 30, "step": 1})) == []


@pytest.mark.parametrize(
    ("body", "url", "following"),
    [
        ("<div class='easysite-page-wrap'><a tagname='/tz/1a2b3c4d-2.html'>下一页</a></div>", "/tz/", ["/tz/1a2b3c4d-2.html"]),
        ("<div class='easysite-page-wrap'><a tagname='[NEXTPAGE]' title='下一页'>&gt;</a></div>", "/tz/", []),
        ("<div class='easysite-page-wrap'><a tagname='/p2.html'>2</a><a tagname='/p3.html'>3</a></div>", "/tz/", ["/p2.html"]),
        ("<div class='easysite-total-page'>共<b>3</b>页</div>", "/tz/1a2b3c4d-2.html", ["/tz/1a2b3c4d-3.html"]),
        ("<div class='easysite-total-page'>第<b>3</b>页/共<b>3</b>页</div>", "/eportal/ui?pageId=7&currentPage=3", []),
        (
            "<input id='eprotalCurrentPageId' value='7'><div class='easysite-total-page'><b>1</b>/<b>3</b></div>",
            "/tz/index.html",
            ["/eportal/ui?pageId=7&currentPage=2"],
        ),
    ],
)
def test_easysite(body: str, url: str, following: list[str]) -> None:
    made = page(f"<ul>{ROWS}</ul>{body}", HOST + url, {"page": 2} if "-2" in url else None)
    assert choose(made) == "easysite"
    assert paths(easysite.following(made)) == following


def test_xxgk_list() -> None:
    shown = ROWS.replace("/zwgk/", "/xxgk-show-")
    assert choose(page(f"<ul>{shown}</ul>", f"{HOST}/")) == "xxgk_list"
    first = page(f"<ul>{shown}</ul><p>页次：1/2</p>", f"{HOST}/xxgk-list-fzzf.html")
    (ask,) = xxgk_list.following(first)
    assert paths([ask]) == ["/xxgk-list-fzzf-2.html"]
    assert xxgk_list.following(page("<p>页次：2/2</p>", ask.url, dict(ask.keep))) == []
    linked = page("<a href='xxgk-list-fzzf-p2.html'>下一页</a>", f"{HOST}/xxgk-list-fzzf.html")
    assert paths(xxgk_list.following(linked)) == ["/xxgk-list-fzzf-p2.html"]


# the generic reader's controls


@pytest.mark.parametrize(
    ("control", "url", "following"),
    [
        ("<div class='page'><a href='?p=1'>«</a><a href='?p=3'>»</a></div>", "/list.asp?p=2", ["/list.asp?p=3"]),
        ("<p><a href='index_9.html'>»</a><a href='index_3.html'>›</a></p>", "/zw/index_2.html", ["/zw/index_3.html"]),
        ("<a href='/zw/'>»</a>", "/gk/index.html", []),  # a bread crumb
        ("<div class='pager'><a class='next' href='2.html'><i></i></a></div>", "/zw/", ["/zw/2.html"]),
        ("<a href='2.html'><img src='n.gif' alt='下一页'></a>", "/zw/", ["/zw/2.html"]),
        ("<a href='2.html' title='下一页'>&gt;</a>", "/zw/", ["/zw/2.html"]),
        ("<a class='on' href='1.html'>1</a><a href='2.html'>2</a><a href='3.html'>3</a>", "/zw/", ["/zw/2.html"]),
        ("<ul><li class='active'><a href='#'>2</a></li><li><a href='3.html'>3</a></li></ul>", "/zw/2.html", ["/zw/3.html"]),
        ("<p>[1] <a href='2.html'>[2]</a> <a href='3.html'>[3]</a></p>", "/zw/", ["/zw/2.html"]),
        ("<a class='disabled' href='3.html'>下一页</a>", "/zw/", []),
        ("<a href='/zw/?b=2&amp;a=1'>下一页</a>", "/zw/?a=1&b=2", []),  # the page itself
        ("<p>共3页</p>", "/info/iList.jsp?node_id=a&cat_id=", ["/info/iList.jsp?node_id=a&cat_id=&cur_page=2"]),
        ("<p>第3页/共3页</p>", "/info/iList.jsp?node_id=a&cur_page=3", []),
        ("<p>2/3页</p>", "/list.php?id=4&page=2", ["/list.php?id=4&page=3"]),
    ],
)
def test_next_page(control: str, url: str, following: list[str]) -> None:
    assert paths(generic.following(page(f"<ul>{ROWS}</ul>{control}", HOST + url))) == following


@pytest.mark.parametrize(
    ("method", "sets"),
    [
        ("post", "document.f.curPage.value = n; document.f.submit();"),
        ("get", "document.getElementById('curPage').value=n; document.forms[0].submit()"),
        ("post", "$('#curPage').val(n); $('#f').submit();"),
    ],
)
def test_next_page_that_a_form_sends(method: str, sets: str) -> None:
    def at(number: int) -> TextResponse:
        fields = f"<input name='name' value='公开'><input type=hidden id='curPage' name='curPage' value='{number}'>"
        form = f"<form name='f' id='f' method='{method}' action='/list.do'>{fields}</form>"
        control = f"<a href='javascript:goPage({min(number + 1, 3)})'>下一页</a>"
        return page(f"<ul>{ROWS}</ul>{form}{control}<script>function goPage(n) {{ {sets} }}</script>")

    (ask,) = generic.following(at(1))
    sent = "name=%E5%85%AC%E5%BC%80&curPage=2"
    assert (ask.url, ask.form) == ((f"{HOST}/list.do", sent) if method == "post" else (f"{HOST}/list.do?{sent}", ""))
    assert generic.following(at(3)) == []


def test_arrays_in_a_script_are_rows() -> None:
    strict = '<script>var dataList = [{"title": "甲县2023年法治政府建设情况报告", "link": "a.html", "daytime": 1709258400000}];</script>'
    loose = "<script>o = {list: [{name:'乙县“2023”年报告',url:'b.html',date:'2024-03-02',},]}</script>"
    broken = "<script>var x = [{title: y, url: z}];</script>"
    found = generic.rows(page(strict + loose + broken, f"{HOST}/zw/"))
    assert [(row.url, row.date) for row in found] == [(f"{HOST}/zw/a.html", "2024-03-01"), (f"{HOST}/zw/b.html", "2024-03-02")]


def test_pages_without_a_current_number() -> None:
    (second,) = numbered.numbered(page("<script>var pageDec = 3;</script>", f"{HOST}/zw/index.html"))
    assert second.otherwise is not None
    assert paths([second, second.otherwise]) == ["/zw/index_1.html", "/zw/index_2.html"]
    third = numbered.numbered(page("<script>var pageDec = 3;</script>", second.url, dict(second.keep)))
    assert paths(third) == ["/zw/index_2.html"]
    assert numbered.numbered(page("<script>var pageDec = 3;</script>", third[0].url, dict(third[0].keep))) == []
    assert numbered.numbered(page("<script>var pageCount = 3;</script>", f"{HOST}/zw/list.shtml")) == []


# frames


def test_frames_of_the_same_host_that_are_seen() -> None:
    body = (
        "<iframe src='l.html'></iframe><iframe src='http://b.gov.cn/x'></iframe><iframe src='/c.asp' width='0'></iframe>"
        "<iframe src='/d.asp' style='display: none'></iframe><iframe src='about:blank'></iframe><iframe src='#'></iframe>"
    )
    assert frames(page(body)) == [f"{HOST}/zwgk/fzzfjs/l.html"]
    (ask,) = generic.following(page(body))
    assert ask.anew
    assert generic.following(page(f"<ul>{ROWS}</ul>{body}")) == []  # the list is here


# hanweb, ucap, the choice


def test_hanweb_slices_are_all_there() -> None:
    body = f"<div class='pagedContent'><ul>{ROWS}</ul></div><script>var countPage=3, currentPage=1;</script><a href='2.html'>下一页</a>"
    sliced = page(body, f"{HOST}/col/col5/index.html")
    assert len(hanweb.rows(sliced)) == 5
    assert hanweb.following(sliced) == []


def test_static_ucap_list_that_names_its_channel() -> None:
    named = page(
        f"<ul>{ROWS}</ul><div id='UCAP-CONTENT'></div>共2页<script>var channelId = '{'a' * 32}'</script>",
        f"{HOST}/c1/list.shtml",
    )
    assert len(ucap.rows(named)) == 5
    assert paths(ucap.following(named)) == ["/c1/list_2.shtml"]


@pytest.mark.parametrize(
    ("body", "url", "wanted", "found"),
    [
        (f"<ul>{ROWS}</ul>", "/zw/", "jpaas", "jpaas"),  # nothing fits better
        (f"<ul>{ROWS}</ul>", "/zw/", "gkmlpt", "generic"),
        (f"<ul>{ROWS}</ul><div class='v_news_content'></div>", "/zw.htm", "trs", "vsb"),
        ("<frameset><frame src='/l.asp'></frameset>", "/", "trs", "trs"),  # the frame's page will tell
        (f"<div queryData=\"{QUERY}\"></div>", "/col/col7/index.html", "hanweb", "jpaas"),
        (f"<div queryData=\"{QUERY}\"></div>", "/col/col7/index.html", "generic", "jpaas"),
    ],
)  # fmt: skip
def test_choice(body: str, url: str, wanted: str, found: str) -> None:
    assert choose(page(body, HOST + url), wanted) == found


def test_total_pages() -> None:
    said = {"共 12 页": 12, "共<b>12</b>页": 12, "1/12页": 12, "第1页/共12页": 12, "共120条 1/12": 12, "2023/12/01": 0, "": 0}
    assert {text: controls.total_pages(page(f"<p>{text}</p>")) for text in said} == said


# pagers of no family

FOUR = "createPageHTML('page-div', 4, 1, 'list', 'shtml', 60)"


@pytest.mark.parametrize(
    ("dialect", "url"), [(ucap, f"{HOST}/zwgk/list_2.shtml"), (hanweb, f"{HOST}/col/col1229/list_2.shtml")]
)
def test_a_numbered_list_of_a_family_with_records_goes_on(dialect: Any, url: str) -> None:
    """What the numbered lists keep is not taken for an answer of the family's own interface."""
    second = page(f"<ul>{ROWS}</ul><script>{FOUR.replace(', 1,', ', 2,')}</script>", url, {"first": 1, "page": 2})
    assert len(dialect.rows(second)) == 5
    assert paths(dialect.following(second))[-1].endswith("/list_3.shtml")


def test_asp_net_posts_its_form_back() -> None:
    pager = "<a href=\"javascript:__doPostBack('AspNetPager1','2')\">下一页</a>"
    state = "<input type='hidden' name='__VIEWSTATE' value='dDwt+/='>"
    (ask,) = generic.following(page(f"<form action='more.aspx?id=7' method='post'>{state}<ul>{ROWS}</ul>{pager}</form>"))
    assert paths([ask]) == ["/zwgk/fzzfjs/more.aspx?id=7"]
    assert ask.form == "__VIEWSTATE=dDwt%2B%2F%3D&__EVENTTARGET=AspNetPager1&__EVENTARGUMENT=2"
    assert not generic.following(page(f"<form>{state}<ul>{ROWS}</ul><a disabled>下一页</a></form>"))


def test_the_number_in_words_where_every_number_is_a_link() -> None:
    links = "".join(f"<a href='more.asp?id=7&p={n}'>{n}</a> " for n in range(1, 5))
    for said in ("第1页/共4页", "共60条 4页 当前第1页", "页次：1/4"):
        found = page(f"<ul>{ROWS}</ul><div>{said} {links}</div>", f"{HOST}/zwgk/more.asp?id=7")
        assert paths(generic.following(found)) == ["/zwgk/more.asp?id=7&p=2"], said


def test_a_select_of_addresses() -> None:
    options = "".join(f"<option value='list_{n}.asp'>第{n}页</option>" for n in range(1, 4))
    chooser = f"<ul>{ROWS}</ul><select onchange='location.href=this.value'>{options}</select>"
    assert paths(generic.following(page(chooser, f"{HOST}/zwgk/list_2.asp"))) == ["/zwgk/list_3.asp"]
    assert not generic.following(page(chooser, f"{HOST}/zwgk/list_3.asp"))
    years = "<select onchange='location.href=this.value'><option value='/2023/'>2023</option><option value='/2022/'>2022</option></select>"
    assert not generic.following(page(f"<ul>{ROWS}</ul>{years}"))
