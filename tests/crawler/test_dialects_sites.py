"""A small site of every CMS family, crawled by the real spider: every report of three list pages is found, no more is asked."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from tests.crawler.conftest import Answer, Crawl, Loopback, html, report, titled

PAGES, EACH = 3, 5
YEARS = range(2009, 2009 + PAGES * EACH)


@dataclass
class Family:
    """How a family's site answers."""

    list: str  #: path of the list
    detail: Callable[[int], str]  #: path of the report of a year
    answer: Callable[[Family, str, dict[str, str], str], Answer | None]  #: to (path, query, body); None is 404
    wrong: str = "table"  #: a dialect that the registry could wrongly name
    more: dict[str, Any] = field(default_factory=dict)

    def rows(self, number: int, tag: str = "li") -> str:
        """The rows of page 1, 2 or 3."""
        years = YEARS[(number - 1) * EACH : number * EACH] if 1 <= number <= PAGES else []
        made = (f'<{tag}><a href="{self.detail(y)}">{titled(y)}</a><span>{y + 1}-03-01</span></{tag}>' for y in years)
        return "".join(made)

    def page(self, number: int, after: str = "", head: str = "") -> Answer:
        """A list page in plain HTML."""
        nav = "".join(f"<li><a href='/c{n}/'>栏目{n}</a></li>" for n in range(6))
        return html(
            f"<html><head><title>法治政府建设年度报告</title>{head}</head><body><ul class='nav'>{nav}</ul>"
            f"<ul class='list'>{self.rows(number)}</ul>{after}</body></html>"
        )

    def objects(self, number: int) -> list[dict[str, Any]]:
        """The rows as JSON objects."""
        years = YEARS[(number - 1) * EACH : number * EACH] if 1 <= number <= PAGES else []
        return [{"title": titled(y), "url": self.detail(y), "pubDate": f"{y + 1}-03-01"} for y in years]


def data(value: Any) -> Answer:
    return 200, {"Content-Type": "application/json;charset=utf-8"}, json.dumps(value, ensure_ascii=False).encode()


def by_number(pattern: str) -> Callable[[str], int]:
    """Read the page number of a path: 1 where it has none, 0 where the path is no page of the list."""

    def number(path: str) -> int:
        found = re.fullmatch(pattern, path)
        return int(found[1] or 1) if found else 0

    return number


# gkmlpt


def gkmlpt(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    tree = (
        '[{id:1,name:\'机构职能\',children:[]},{"id":"2","name":"\\u6cd5\\u5b9a","children":'
        "[{id:21,name:'法治政府建设年度报告',children:[]},{id:22,name:'依法行政',children:[]}]}]"
    )
    if path == "/gkmlpt/index":
        script = f"window._CONFIG = {{DOMAIN:'x', SID:'755042', TREE:{tree}, SERVICE_AREA_ID: 1}}"
        return html(f"<div id='app'></div><a href='/gkmlpt/guide'>公开指南</a><script>{script}</script>")
    if query.get("sid") != "755042" or not path.startswith("/gkmlpt/api/all/"):
        return None
    number, category = int(query["page"]), path.rpartition("/")[2]
    pages = {"21": [1, 2], "22": [3]}.get(category, [])
    articles = site.objects(pages[number - 1]) if number <= len(pages) else []
    for article in articles:
        article["date"] = 1_700_000_000
        del article["pubDate"]
    return data({"classify": {"id": 1, "post_count": EACH * len(pages)}, "articles": articles})


# jpaas

QUERY = "{'parseType':'bulidstatic','webId':'52','tplSetId':'AbC','pageType':'column','tagId':'%s','editType':'null','pageId':'1638'}"


def jpaas(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    unit = "/api-gateway/jpaas-publish-server/front/page/build/unit"
    if path == site.list:
        tags = "".join(
            f'<div id="{tag}"><script src="/x.js" url="{unit}" queryData="{QUERY % tag}"></script></div>'
            for tag in ("浮窗", "当前栏目list")
        )
        return html(f"<html><body>{tags}</body></html>")
    if path != unit or query.get("webId") != "52":
        return None
    if query["tagId"] == "浮窗":
        return data({"success": True, "data": {"html": "<div></div>"}})
    number = json.loads(query["paramJson"])["pageNo"] if "paramJson" in query else 1
    pagination = f'<div class="pagination" rows="{EACH}" count="{EACH * PAGES}"></div>'
    return data({"success": True, "data": {"html": f"<ul>{site.rows(number)}</ul>{pagination}"}})


# ls


def ls(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path != site.list.partition("?")[0] or query.get("action", "list") != "list":
        return None
    number = int(query.get("pageIndex", 1))
    config = f"{{container:'#page',columnId:6795341,pageIndex:{number},pageSize:{EACH},pageCount:{PAGES}}}"
    return site.page(number, f"<div id='page'></div><script>Ls.pagination({config});</script>")


# vsb


def vsb_linked(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    file = {"/zwgk/fzzf.htm": 1, "/zwgk/fzzf/2.htm": 2, "/zwgk/fzzf/1.htm": 3}.get(path)
    if not file:
        return None
    after = {1: "fzzf/2.htm", 2: "1.htm"}.get(file)
    control = f"<a class='Next' href='{after}'>下页</a>" if after else "<span class='NextDisabled'>下页</span>"
    return site.page(file, f"<div>共15条 {file}/3 {control}</div><script src='/system/resource/js/x.js'></script>")


def vsb_counted(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    file = {"/zwgk/fzzf.htm": 1, "/zwgk/fzzf/2.htm": 2, "/zwgk/fzzf/1.htm": 3}.get(path)
    return site.page(file, f"<td id='fanye12'>共15条&nbsp;&nbsp;{file}/3页</td>") if file else None


# easysite


def easysite_tagname(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    number = {"/zwgk/tz/index.html": 1, "/zwgk/tz/0a1b2c3d-2.html": 2, "/zwgk/tz/0a1b2c3d-3.html": 3}.get(path)
    if not number:
        return None
    after = f"/zwgk/tz/0a1b2c3d-{number + 1}.html" if number < PAGES else "[NEXTPAGE]"
    wrap = f"<a tagname='/zwgk/tz/index.html'>首页</a><a title='下一页' tagname='{after}'><img src='n.gif'></a>"
    return site.page(number, f"<div class='easysite-page-wrap'>{wrap}</div>")


def easysite_dynamic(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path != "/eportal/ui" or query.get("pageId") != "341":
        return None
    number = int(query.get("currentPage", 1))
    return site.page(number, f"<div class='easysite-total-page'><b>{number}</b>/<b>{PAGES}</b></div>")


# xxgk_list


def xxgk_list(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    number = by_number(r"/xxgk-list-fzzf(?:-(\d+))?\.html")(path)
    return site.page(number, f"<div>共{PAGES}页</div>") if number else None


# trs


def trs_zero(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    number = by_number(r"/fzzf/(?:index_(\d+)\.shtml)?")(path)
    number = number + 1 if "index" in path and number else number
    return site.page(number, f"<script>createPageHTML({PAGES}, {number - 1}, 'index', 'shtml');</script>") if number else None


def trs_one(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    number = by_number(r"/fzzf/(?:index_([23])\.html)?")(path)
    call = f"createPageHTML('paging', {PAGES}, {number}, 'index', 'html', 15);"
    return site.page(number, f"<script>{call}</script>") if number else None


def trs_set_page(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    number = by_number(r"/fzzf/(?:index(?:_([23]))?\.html)?")(path)
    return site.page(number, f"<script>$('#p').pagination('setPage', {number}, {PAGES});</script>") if number else None


def trs_written(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    number = by_number(r"/fzzf/(?:index_(\d+)\.shtml)?")(path)
    number = number + 1 if "index" in path and number else number
    if not 1 <= number <= PAGES:
        return None
    blocks = "".join(
        f"""<script>var url = "{site.detail(y)}"
        var title = "";  if (title == "") {{ title = "{titled(y)}"; }}
        var FILENUM = "甲政〔{y}〕1号"
        document.writeln("<li><a href=\\""+url+"\\" target='_blank'>");
        document.writeln(title + "<\\/a>");
        document.writeln("<span>");
        document.writeln("{y + 1}-03-01 10:00");
        document.writeln("<\\/span><\\/li>");</script>"""
        for y in YEARS[(number - 1) * EACH : number * EACH]
    )
    return html(
        f"<ul>{blocks}</ul><script>var countPage = {PAGES}; var currentPage = {number - 1};</script><div class='TRS_Editor'></div>"
    )


# hanweb

PARAMETERS = "appid=1&webid=3&path=/&columnid=1229&sourceContentType=1&unitid=77&webname=甲县&permissiontype=0"


def records(site: Family, years: range) -> str:
    rows = "".join(
        f"<record><![CDATA[<li><a href='{site.detail(y)}' title='{titled(y)}'>{titled(y)[:6]}…</a><b>{y + 1}-03-01</b></li>]]></record>"
        for y in years
    )
    return f"<datastore><totalrecord>{len(YEARS)}</totalrecord><recordset>{rows}</recordset></datastore>"


def hanweb_window(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path == site.list:
        proxy = "/module/web/jpage/morecolumndataproxy.jsp" if "more" in site.more else "/module/web/jpage/dataproxy.jsp"
        script = f"$('#77').jpage({{perPage:{EACH},totalRecord:{len(YEARS)},proxyUrl:'{proxy}',ajaxParam:'{PARAMETERS}'}})"
        stored = "" if "empty" in site.more else f"<script type='text/xml'>{records(site, YEARS[:EACH])}</script>"
        return html(f"<html><body><div id='77'>{stored}</div><script>{script}</script></body></html>")
    if not path.endswith("dataproxy.jsp") or query.get("unitid") != "77":
        return None
    window = slice(int(query["startrecord"]) - 1, min(int(query["endrecord"]), int(query["startrecord"]) + EACH - 1))
    return 200, {"Content-Type": "text/xml"}, records(site, YEARS[window]).encode()


def hanweb_groups(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    """A proxy under the new address that only knows groups."""
    link = f"<nextgroup><![CDATA[<a href='/module/web/jpage/dataproxy.jsp?page=1&{PARAMETERS}'></a>]]></nextgroup>"
    if path == site.list:
        return html(f"<html><body><script type='text/xml'>{link}{records(site, YEARS[:EACH])}</script></body></html>")
    if not path.endswith("dataproxy.jsp"):
        return None
    number = int(query.get("page", 1))
    return 200, {"Content-Type": "text/xml"}, records(site, YEARS[(number - 1) * EACH : number * EACH]).encode()


def hanweb_old(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    link = f"<nextgroup><![CDATA[<a href='/module/jpage/dataproxy.jsp?page=2&{PARAMETERS}'></a>]]></nextgroup>"
    if path == site.list:
        return html(f"<html><body><script type='text/xml'>{link}{records(site, YEARS[:EACH])}</script></body></html>")
    if path != "/module/jpage/dataproxy.jsp" or "page" not in query:
        return None
    number = int(query["page"])
    return 200, {"Content-Type": "text/xml"}, records(site, YEARS[(number - 1) * EACH : number * EACH]).encode()


def hanweb_sliced(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path != site.list:
        return None
    rows = "".join(f"<div class='pagedContent'>{site.rows(n, 'p')}</div>" for n in (1, 2, 3))
    script = "var totalCount=15, perSize=5; var countPage=3; var currentPage=1; var logicTotalPage=3;"
    return html(f"<html><body>{rows}<a href='javascript:next()'>下一页</a><script>{script}</script></body></html>")


# ucap

CHANNEL = "0123456789abcdef0123456789abcdef"


def ucap_meta(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path == site.list:
        script = f"$.get('/common/search/{CHANNEL}?page=1&_pageSize={EACH}&_isAgg=true&_isJson=true&_template=index')"
        return html(f"<div id='list'></div><script>{script}</script>")
    if path != f"/common/search/{CHANNEL}":
        return None
    found = []
    for row in site.objects(int(query["page"])):
        pairs = [{"key": "pubdate", "value": row.pop("pubDate")}, {"key": "title", "value": row.pop("title")}]
        found.append({**row, "domainMetaList": [{"resultList": pairs}]})
    return data({"data": {"total": len(YEARS), "rows": EACH, "results": found}})


def ucap_infolist(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path == site.list:
        return html("<script>var u = '/szinf/info/getInfoCommon/?pagesize=5&currpage=1&channelid=9'</script><div></div>")
    if path != "/szinf/info/getInfoCommon/":
        return None
    rows = [{"title": o["title"], "link": o["url"], "pubtime": o["pubDate"]} for o in site.objects(int(query["currpage"]))]
    return data({"infolist": rows, "totalcount": str(len(YEARS))})


def ucap_query_list(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path == site.list:
        script = (
            "$.post('/queryList', {'webSiteCode[]': ['jia'], 'channelCode[]': ['c01'], current: n, pageSize: 5, sort: 'd'})"
        )
        return html(f"<div></div><script>{script}</script>")
    form = parse_qs(body)
    if path != "/queryList" or form.get("channelCode[]") != ["c01"] or form.get("webSiteCode[]") != ["jia"]:
        return None
    found = []
    for row in site.objects(int(form["current"][0])):
        found.append({"source": {"title": row["title"], "pubDate": row["pubDate"], "urls": json.dumps({"common": row["url"]})}})
    return data({"data": {"total": len(YEARS), "results": found}})


def pc_list(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    number = by_number(r"/zwgk/pc/list(?:_(\d))?\.html")(path)
    after = f"<a href='list_{number + 1}.html'>&gt;</a>" if number < PAGES else ""
    numbers = "".join(f"<a href='{'list' if n == 1 else f'list_{n}'}.html'>{n}</a>" for n in range(1, 4) if n != number)
    return site.page(number, f"<div>{numbers}<span>{number}</span>{after}</div>") if number else None


# those that the generic reader takes


def ilist(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    return site.page(int(query.get("cur_page", 1)), "<div>共3页</div>") if path == "/info/iList.jsp" else None


def inlined(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path != site.list:
        return None
    array = "".join(f"{{title:'{titled(y)}',url:'{site.detail(y)}',daytime:'{y + 1}-03-01'}}," for y in YEARS)
    nav = "".join(f"<li><a href='/c{n}/'>政务公开栏目{n}</a></li>" for n in range(6))
    return html(f"<html><body><ul>{nav}</ul><script>var dataList = [{array}];</script></body></html>")


def frames(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path == site.list:
        return html("<frameset cols='20%,80%'><frame src='menu.asp'><frame src='/list.asp'></frameset>")
    if path == "/gk/menu.asp":
        return html("<a href='/a.asp'>机构</a><a href='/b.asp'>职能</a>")
    number = int(query.get("p", 1))
    after = f"<a href='list.asp?p={number + 1}'>下一页</a>" if number < PAGES else ""
    return site.page(number, after) if path == "/list.asp" else None


def iframe(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path == site.list:
        menu = "".join(f"<li><a href='/c{n}/'>政务公开栏目{n}</a></li>" for n in range(6))
        return html(f"<ul>{menu}</ul><iframe src='/count.asp' width='0' height='0'></iframe><iframe src='./l/'></iframe>")
    number = by_number(r"/gk/l/(?:(\d)\.htm)?")(path)
    after = f"<a href='{number + 1}.htm'>»</a>" if number < PAGES else ""
    return site.page(number, f"<p><a href='./'>1</a><b>{number}</b>{after}</p>") if number else None


def framed_trs(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    """A frame's list is recognised anew: its pages are TRS files, its frame is nothing."""
    if path == site.list:
        return html("<h1>法治政府建设</h1><iframe src='/fzzf/' width='100%' height='800'></iframe>")
    return trs_zero(site, path, query, body)


def static(prefix: str, suffix: str = ".html") -> Callable[[int], str]:
    return lambda year: f"{prefix}{year}{suffix}"


HEX = "abcdef0123456789abcdef012345"
FAMILIES = {
    "gkmlpt": Family("/gkmlpt/index", static("/gkmlpt/content/7/789/post_"), gkmlpt),
    "jpaas": Family("/col/col1638/index.html", static("/art/2024/art_"), jpaas, "hanweb"),
    "ls-content": Family("/content/column/6795341", static("/zwgk/public/198/"), ls, "jpaas"),
    "ls-public": Family("/public/column/660?type=4&catId=&action=list", static("/public/660/"), ls, "ucap"),
    "vsb-linked": Family("/zwgk/fzzf.htm", static("/info/1044/", ".htm"), vsb_linked, "gkmlpt"),
    "vsb-counted": Family("/zwgk/fzzf.htm", static("/info/1044/", ".htm"), vsb_counted, "gkmlpt"),
    "easysite-tagname": Family("/zwgk/tz/index.html", static("/zwgk/tz/", "/index.html"), easysite_tagname, "hanweb"),
    "easysite-dynamic": Family("/eportal/ui?pageId=341", static("/zwgk/tz/", "/index.html"), easysite_dynamic, "trs"),
    "xxgk_list": Family("/xxgk-list-fzzf.html", static("/xxgk-show-"), xxgk_list, "vsb"),
    "trs-zero": Family("/fzzf/", static("/fzzf/202403/t20240301_", ".shtml"), trs_zero, "ls"),
    "trs-one": Family("/fzzf/", static("/fzzf/202403/t20240301_"), trs_one, "ucap"),
    "trs-setpage": Family("/fzzf/index.html", static("/fzzf/202403/t20240301_"), trs_set_page, "easysite"),
    "trs-written": Family("/fzzf/", static("./202403/t20240301_", ".shtml"), trs_written, "gkmlpt"),
    "hanweb-window": Family("/col/col1229/index.html", static("/art/2024/3/1/art_1229_"), hanweb_window, "trs"),
    "hanweb-more": Family("/col/col1229/index.html", static("/art/2024/3/1/art_1229_"), hanweb_window, "jpaas", {"more": True}),
    "hanweb-empty": Family("/col/col1229/index.html", static("/art/2024/3/1/art_1229_"), hanweb_window, "vsb", {"empty": True}),
    "hanweb-groups": Family("/col/col1229/index.html", static("/art/2024/3/1/art_1229_"), hanweb_groups, "generic"),
    "hanweb-old": Family("/col/col1229/index.html", static("/art/2024/3/1/art_1229_"), hanweb_old, "trs"),
    "hanweb-sliced": Family("/col/col1229/index.html", static("/art/2024/3/1/art_1229_"), hanweb_sliced, "gkmlpt"),
    "ucap-meta": Family("/jia/c108016/list.shtml", static(f"/jia/c108016/202403/{HEX}", ".shtml"), ucap_meta),
    "ucap-infolist": Family("/zwgk/list.shtml", static(f"/zwgk/202403/{HEX}", ".shtml"), ucap_infolist, "jpaas"),
    "ucap-querylist": Family("/zwgk/index.html", static("/art/"), ucap_query_list, "generic"),
    "pc-list": Family("/zwgk/pc/list.html", static(f"/zwgk/c1/202403/{HEX}", ".shtml"), pc_list, "gkmlpt"),
    "ilist": Family("/info/iList.jsp?node_id=GK1&cat_id=", static("/info/iIndex.jsp?info_id=", ""), ilist, ""),
    "inlined": Family("/zwgk/fzzf/", static("/zwgk/"), inlined, ""),
    "frames": Family("/gk/index.asp", static("/show.asp?id=", ""), frames, ""),
    "framed-trs": Family("/gk/", static("/fzzf/202403/t20240301_", ".shtml"), framed_trs, "hanweb"),
    "iframe": Family("/gk/", static("/show.asp?id=", ""), iframe, ""),
}


def answering(site: Family) -> Callable[[Any], Answer]:
    """The site as a handler of every path: the list as the family makes it, and the reports."""
    base = site.list.partition("?")[0].rpartition("/")[0]
    details = {d if d.startswith("/") else f"{base}{d[1:]}": year for year in YEARS if (d := site.detail(year))}

    def answer(request: Any) -> Answer:
        parts = urlsplit(request.path)
        if request.path in details:
            return html(report(titled(details[request.path])))
        query = {name: values[-1] for name, values in parse_qs(unquote(parts.query)).items()}
        return site.answer(site, parts.path, query, request.form) or (404, {}, b"no such page")

    return answer


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Crawl, dict[str, Loopback]]]:
    """Every site crawled twice in one run: without a dialect in the registry, and with a wrong one."""
    crawl, servers = Crawl(tmp_path_factory.mktemp("families")), dict[str, Loopback]()
    for name, site in FAMILIES.items():
        for wrong in filter(None, ["-", site.wrong]):
            id_ = name.replace("_", "-") if wrong == "-" else f"{name}-wrong".replace("_", "-")
            servers[id_] = Loopback({"*": answering(site), "/robots.txt": (404, {}, b"")})
            crawl.add(id_, servers[id_], site.list, **({} if wrong == "-" else {"dialect": wrong}))
    done = crawl.run()
    assert "Traceback" not in done.stderr, done.stderr[-2000:]
    yield crawl, servers
    for server in servers.values():
        server.shutdown()
        server.server_close()


def fetched(server: Loopback, site: Family) -> set[int]:
    base = site.list.partition("?")[0].rpartition("/")[0]
    paths = set(server.paths())
    return {year for year in YEARS if (d := site.detail(year)) and (d if d.startswith("/") else f"{base}{d[1:]}") in paths}


@pytest.mark.parametrize("name", FAMILIES)
def test_every_report_is_found(crawled: tuple[Crawl, dict[str, Loopback]], name: str) -> None:
    crawl, servers = crawled
    id_ = name.replace("_", "-")
    assert fetched(servers[id_], FAMILIES[name]) == set(YEARS), servers[id_].paths()
    assert crawl.reasons(id_) == {}
    assert len(servers[id_].paths()) == len(set(servers[id_].paths())) or FAMILIES[name].answer is ucap_query_list


@pytest.mark.parametrize("name", [name for name, site in FAMILIES.items() if site.wrong])
def test_wrong_dialect_is_reported_and_the_list_read(crawled: tuple[Crawl, dict[str, Loopback]], name: str) -> None:
    crawl, servers = crawled
    id_ = f"{name}-wrong".replace("_", "-")
    assert fetched(servers[id_], FAMILIES[name]) == set(YEARS), servers[id_].paths()
    assert set(crawl.reasons(id_)) == {"wrong_dialect"}


def trapped(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    """A unit that takes no notice of the page, as some do for readers from abroad."""
    made = jpaas(site, path, {name: value for name, value in query.items() if name not in ("pageNo", "paramJson")}, body)
    return made and (*made[:2], re.sub(rb'count=\\"\d+\\"', b"", made[2]))


def encrypted(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    if path != site.list:
        return None
    link = "<nextgroup><![CDATA[<a href='/module/web/jpage/dataproxy.jsp?c=Zm9vYmFyYmF6&e=1'></a>]]></nextgroup>"
    return html(f"<html><body><script type='text/xml'>{link}{records(site, YEARS[:EACH])}</script></body></html>")


def empty_proxy(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    """山东: the proxy answers without records; the list stands in the HTML."""
    if path != site.list:
        return (200, {"Content-Type": "text/xml"}, b"") if "dataproxy" in path else None
    script = f"jpage({{perPage:{EACH},totalRecord:15,proxyUrl:'/module/web/jpage/dataproxy.jsp',ajaxParam:'{PARAMETERS}'}})"
    return html(f"<html><body><ul>{''.join(map(site.rows, (1, 2, 3)))}</ul><script>{script}</script></body></html>")


def endless(site: Family, path: str, query: dict[str, str], body: str) -> Answer | None:
    """A list whose server answers every pageIndex with its first page."""
    return ls(site, path, {}, body) if path == site.list else None


@pytest.mark.parametrize(
    ("site", "found", "reasons", "most"),
    [
        (Family("/col/col1638/index.html", static("/art/2024/art_"), trapped), EACH, {"list_trap"}, 4),
        (Family("/col/col1229/index.html", static("/art/2024/3/1/art_1229_"), encrypted), EACH, set(), 1),
        (Family("/col/col1229/index.html", static("/art/2024/3/1/art_1229_"), empty_proxy), PAGES * EACH, set(), 1),
        (Family("/content/column/9", static("/public/9/"), endless), EACH, {"list_trap"}, 2),
    ],
    ids=["jpaas-repeats", "hanweb-encrypted", "hanweb-empty-proxy", "ls-repeats"],
)
def test_lists_that_cannot_be_read_to_the_end(
    crawl: Crawl, loopback: Callable[[dict[str, Any]], Loopback], site: Family, found: int, reasons: set[str], most: int
) -> None:
    server = loopback({"*": answering(site), "/robots.txt": (404, {}, b"")})
    crawl.add("jia", server, site.list)
    crawl.run()
    assert len(fetched(server, site)) == found
    assert set(crawl.reasons("jia")) == reasons
    assert len(server.paths()) - found <= most, server.paths()
