"""Site search: one mimic an engine, as the field notes have it, searched by the real spider; every report found, no loop."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl, quote, unquote, urlencode, urlsplit

from crawler.search.course import PASSES
from crawler.search.engines import ENGINES as KNOWN
from crawler.search.engines import find_engine
from tests.crawler.conftest import Answer, Crawl, Loopback, html, report

Start = Callable[[dict[str, Any]], Loopback]
Hit = tuple[str, str, str]  # address, title, date

#: What the sites hold: reports of two names, and what else has one of the words in its title.
REPORTS = [
    (f"/art/{year}/r.html", f"乙县人民政府关于{year}年法治政府建设情况的报告", f"{year + 1}-03-09")
    for year in range(2016, 2024)
]
REPORTS += [(f"/art/{year}/y.html", f"乙县{year}年依法行政工作报告", f"{year + 1}-02-01") for year in range(2012, 2015)]
NOISE = [(f"/art/n{n}.html", f"乙县{2000 + n}年政府工作报告（摘登）", "2020-01-02") for n in range(7)]
NOISE += [(f"/art/m{n}.html", f"我县法治政府建设再上台阶之{n}", "2021-05-06") for n in range(5)]
SIZE = 4  # hits on a page, whatever is asked for
MENU = "".join(f"<li><a href='/lm{n}/'>栏目{n}</a></li>" for n in range(6))


def find(keyword: str, page: int) -> tuple[int, list[Hit]]:
    """Search as these engines do: any of the words will do, the newest first. Pages count from zero."""
    words = keyword.split()
    found = [hit for hit in REPORTS + NOISE if any(word in hit[1] for word in words)]
    found.sort(key=lambda hit: hit[2], reverse=True)
    return len(found), found[page * SIZE : page * SIZE + SIZE]


def red(title: str) -> str:
    """A title with the words marked, as engines show it."""
    return title.replace("法治", "<em style='color:red'>法治</em>").replace("报告", "<font color='red'>报告</font>")


def data(value: Any, kind: str = "application/json;charset=UTF-8") -> Answer:
    """An answer of data."""
    return 200, {"Content-Type": kind}, json.dumps(value, ensure_ascii=False).encode()


def sent(handler: Any) -> dict[str, Any]:
    """What was asked: of the address, the form or the JSON body, by the type that it says."""
    asked: dict[str, Any] = dict(parse_qsl(urlsplit(handler.path).query, keep_blank_values=True))
    kind = handler.headers.get("Content-Type", "")
    if handler.command == "POST":
        assert not asked, "the parameters belong into the body"
        asked = json.loads(handler.form) if "json" in kind else dict(parse_qsl(handler.form, keep_blank_values=True))
    return asked


def jrobot(handler: Any) -> Answer:
    asked = sent(handler)
    if asked["webid"] != "1" or asked["pos"] != "title":
        return 500, {}, b""
    total, hits = find(asked["q"], int(asked["p"]) - 1)
    boxes = "".join(
        f"<div class='jsearch-result-box'><div class='jsearch-result-title'><a href='{url}' target='_blank'>{red(title)}</a></div>"
        f"<div class='jsearch-result-abs'>摘要…1999-01-01…</div><span class='jsearch-result-date'>{day}</span>"
        f"<a href='{url}'>http://{url}</a></div>"
        for url, title, day in hits
    )
    return html(f"<ul>{MENU}</ul><div id='jsearch-info-box' data-total='{total}'>找到 {total} 条</div>{boxes}")


def snippets(hits: list[Hit], host: str) -> list[str]:
    """Hits as Hanweb's new engines send them: pieces of HTML whose links count the visit."""
    return [
        "<div class='jcse-result-box'><div class='jcse-news-title'><span>[政务]</span><a href='visit/link.do?url="
        + quote(f"http://{host}{url}", safe="")
        + f"&q=x&webid=1' title=''>{red(title)}</a></div><span class='jcse-news-date'>{day}</span>"
        "<div class='jcse-news-abs'><a href='/lm1/'>来源：政务公开</a></div></div>"
        for url, title, day in hits
    ]


def jsearchfront(handler: Any) -> Answer:
    asked = sent(handler)
    if handler.command != "POST" or asked["websiteid"] != "330799000000000" or asked["tpl"] != "2296":
        return 405, {}, b""
    total, hits = find(asked["q"], int(asked["p"]) - 1)
    return data({"total": total, "result": snippets(hits, handler.headers["Host"])}, "text/html;charset=UTF-8")


def jpaas(handler: Any) -> Answer:
    asked = sent(handler)
    total, hits = find(asked["q"], int(asked["p"]) - 1)
    result = snippets(hits, handler.headers["Host"]) if asked["serviceId"] == "ab12" else []
    return data({"success": True, "data": {"searchResult": {"total": total, "result": result}}})


def irs(handler: Any) -> Answer:
    asked = sent(handler)
    if asked["code"] != "17d1d69fedf" or not asked.get("searchBy") or not asked.get("orderBy"):
        return data({"success": False, "msg": "参数错误", "data": None})
    total, hits = find(asked["searchWord"], int(asked["pageNo"]) - 1)
    rows = [
        {"data": {"title": red(t), "title_no_tag": t, "time": f"{day} 09:10:11", "url": f"http://{handler.headers['Host']}{u}"}}
        for u, t, day in hits
    ]
    return data(
        {"success": True, "data": {"middle": {"listAndBox": rows}, "pager": {"total": total, "pageNo": asked["pageNo"]}}}
    )


def igs(handler: Any) -> Answer:
    asked = sent(handler)
    total, hits = find(asked["searchWord"], int(asked["pageNumber"]) - 1)
    rows = [{"DOCTITLE": red(title), "DOCPUBURL": url, "DOCRELTIME": day} for url, title, day in hits]
    return data(
        {"page": {"total": total, "content": rows}, "siteId": asked["siteId"], "hot": [{"title": "热词", "url": "/hot/"}]}
    )


def was5(handler: Any) -> Answer:
    """Beyond the last page comes the last page again."""
    asked = sent(handler)
    total, hits = find(asked["searchword"], min(int(asked["page"]) - 1, 5))
    while not hits and total:
        total, hits = find(asked["searchword"], (total - 1) // SIZE)
    rows = "".join(f"<li><a href='{url}'>{red(title)}</a><span>{day}</span></li>" for url, title, day in hits)
    pages = "".join(f"<a href='/was5/web/search?channelid=7&page={n}'>{n}</a>" for n in range(1, 9))
    return html(f"<ul>{MENU}</ul><div class='outline'><ul>{rows}</ul></div>{pages}")


def trs_search(handler: Any) -> Answer:
    asked = sent(handler)
    total, hits = find(asked["allKeywords"], int(asked["pageNum"]) - 1)
    rows = [{"data": {"titleO": title, "url": url, "docDate": day}} for url, title, day in hits]
    return data({"totalHits": total, "resultDocs": rows})


def ucap4(handler: Any) -> Answer:
    """The keyword is encoded twice; pages count from zero."""
    asked = sent(handler)
    if unquote(asked["searchWord"]) == asked["searchWord"] or asked["siteCode"] != "3307990001":
        return html("<div class='wordGuide Residence-permit'></div>")
    _, hits = find(unquote(asked["searchWord"]), int(asked["pageNum"]))
    rows = "".join(
        f"<div class='wordGuide Residence-permit'><a class='titleFont permitT' href='{url}'>{red(title)}</a>"
        f"<p>正文 <a href='/zw/'>政务</a></p><p><span class='sourceDateFont'>{day}</span></p></div>"
        for url, title, day in hits
    )
    return html(f"<div class='wordGuide'>为您找到</div>{rows}<ul>{MENU}</ul>")


def ucap5(handler: Any) -> Answer:
    asked = sent(handler)
    total, hits = find(asked["searchWord"], int(asked["pageNum"]))
    rows = [{"title": red(t), "url": u, "pubDate": f"{day} 00:00:00", "content": "…", "siteName": "乙县"} for u, t, day in hits]
    return data({"searchResultAll": {"searchTotal": rows if asked["siteCode"] == "3307990001" else [], "total": total}})


def so_gov(handler: Any) -> Answer:
    asked = sent(handler)
    total, hits = find(asked["qt"], int(asked["page"]) - 1)
    rows = [{"title": red(t), "viewUrl": u, "docDate": f"{day} 08:00", "siteName": "乙县"} for u, t, day in hits]
    return data(
        {"ok": True, "data": {"search": {"totalHits": total, "searchs": rows if asked["siteCode"] == "3307990001" else None}}}
    )


def gd(handler: Any) -> Answer:
    asked = sent(handler)
    if "json" not in handler.headers["Content-Type"] or asked["position"] != "title":
        return 400, {}, b""
    total, hits = find(asked["keywords"], int(asked["page"]) - 1)
    return data(
        {"errcode": 0, "data": {"news": {"total": total, "list": [{"title": t, "url": u, "pub_time": d} for u, t, d in hits]}}}
    )


def ls(handler: Any) -> Answer:
    asked = sent(handler)
    if asked.get("labelName") != "searchDataList" or asked.get("isJson") != "true":
        return html("")
    total, hits = find(asked["keywords"], int(asked["pageIndex"]) - 1)
    return data(
        {"data": {"total": total, "data": [{"title": red(t), "createDate": f"{d} 10:00", "link": u} for u, t, d in hits]}}
    )


def hunan(handler: Any) -> Answer:
    asked = sent(handler)
    _, hits = find(asked["q"], int(asked["p"]) - 1)
    rows = "".join(
        f"<div class='r'><h3><a href='{url}'>{red(title)}</a></h3><p>…</p><i>{day}</i></div>" for url, title, day in hits
    )
    return html(f"{rows}<div><a href='/hunan/971101000/news?q=x&p=1'>1</a></div><ul>{MENU}</ul>")


def template(handler: Any) -> Answer:
    asked = sent(handler)
    _, hits = find(asked["wd"], int(asked["pn"]) - 1)
    rows = "".join(f"<tr><td><a href='{url}'>{title}</a></td><td>{day}</td></tr>" for url, title, day in hits)
    return html(f"<ul>{MENU}</ul><table>{rows}</table>")


ENGINES: list[tuple[str, str, Callable[[Any], Answer]]] = [
    ("jrobot", "/jrobot/search.do?webid=1&pg=12&p={page}&q={query}", jrobot),
    ("jsearchfront", "/jsearchfront/interfaces/cateSearch.do?websiteid=330799000000000&tpl=2296", jsearchfront),
    (
        "jsearchfront",
        "/jrobotfront/interfaces/cateSearch.do?websiteid=330799000000000&tpl=2296&q={query}&p={page}",
        jsearchfront,
    ),
    ("jpaas", "/api-gateway/jpaas-jsearch-web-server/interface/search/info?websiteid=&q={kw}&p={page}&serviceId=ab12", jpaas),
    ("irs", "/irs/front/search?code=17d1d69fedf&dataTypeId=259", irs),
    ("igs", "/igs/front/search.jhtml?code=ab&searchWord={query}&pageNumber={page}&pageSize=10&siteId=34", igs),
    ("was5", "/was5/web/search?channelid=7&searchword={query}&page={page}&perpage=10", was5),
    ("trs_search", "/trs-search/trssearch/v2/searchAll.do?siteId=4&allKeywords={query}&pageNum={page}", trs_search),
    ("trs-search", "/trssearch/v2/searchAll.do?siteId=4", trs_search),
    ("ucap4", "/search4/s?searchWord={query}&column=%25E5%2585%25A8&pageSize=10&pageNum={page}&siteCode=3307990001", ucap4),
    ("ucap", "/guestweb4/s?siteCode=3307990001", ucap4),
    ("ucap5", "/search5/search/s?siteCode=3307990001", ucap5),
    ("ucap", "/search5/search/s?siteCode=3307990001&searchWord={query}&pageNum={page}", ucap5),
    ("so_gov", "/query/s?siteCode=3307990001", so_gov),
    ("gd", "/api/search/all?site_id=760001&service_area=769", gd),
    ("ls", "/site/label/8888?siteId=6&keywords={query}&pageIndex={page}", ls),
    ("hunan", "/hunan/971101000/news?q={query}&p={page}", hunan),
    ("template", "/search?wd={query}&pn={page}", template),
]


def site_with(start: Start, url: str, answer: Any, routes: dict[str, Any] | None = None, also: str = "") -> Loopback:
    """A site whose search answers at the path of this address (and another), and has what it finds."""
    paths = {url.partition("?")[0], also}

    def other(handler: Any) -> Answer:
        if handler.path.partition("?")[0] in paths:
            made: Answer = answer(handler) if callable(answer) else answer
            return made
        titles = {address: title for address, title, _ in REPORTS}
        return html(report(titles[handler.path])) if handler.path in titles else (404, {}, b"")

    return start({"*": other, **(routes or {})})


def searched(site: Loopback, url: str) -> list[str]:
    """The addresses under which a search was asked."""
    return [path for path in site.paths() if path.startswith(url.partition("?")[0])]


def test_every_report_is_found(loopback: Start, crawl: Crawl) -> None:
    sites = [site_with(loopback, url, answer) for _, url, answer in ENGINES]
    for n, (site, (engine, url, _)) in enumerate(zip(sites, ENGINES, strict=True)):
        crawl.add(f"yi{n}", site, search={"engine": engine, "url": site.url.rstrip("/") + url})
    lines = crawl.run().stdout.splitlines()
    captures = [capture for capture in crawl.captures() if capture.role == "page"]
    for n, (site, (engine, url, _)) in enumerate(zip(sites, ENGINES, strict=True)):
        assert f": {len(REPORTS)} found, {len(REPORTS)} fetched" in lines[n], (engine, url, lines[n], site.paths())
        dates = {capture.url.removeprefix(site.url[:-1]): capture.link_date for capture in captures if capture.site == f"yi{n}"}
        assert dates == {address: day for address, _, day in REPORTS}, engine
        assert crawl.reasons(f"yi{n}") == {}, engine
        needed = sum(-(-find(keyword, 0)[0] // SIZE) + 2 for keyword in PASSES)
        assert len(searched(site, url)) <= needed, f"{engine} goes on where nothing new comes"
        site.visits.clear()
    again = crawl.run().stdout.splitlines()
    assert all(f": {len(REPORTS)} found, 0 fetched" in line for line in again)
    assert all(site.paths() == searched(site, url) for site, (_, url, _) in zip(sites, ENGINES, strict=True))


def test_every_engine_has_its_mimic() -> None:
    found = [find_engine(name, url) for name, url, _ in ENGINES]
    assert {engine.name for engine in found if engine} == set(KNOWN)


def test_parameters_are_kept_as_written(loopback: Start, crawl: Crawl) -> None:
    url = "/search4/s?searchWord={query}&column=%25E5%2585%25A8&pageNum={page}"
    site = site_with(loopback, url, html(""))
    crawl.add("yi", site, search={"engine": "ucap4", "url": site.url.rstrip("/") + url})
    crawl.run()
    first = next(path for path in site.paths() if path.startswith("/search4"))
    twice = quote(quote(PASSES[0]))
    assert first == f"/search4/s?searchWord={twice}&column=%25E5%2585%25A8&pageNum=0&pageSize=10"


def test_search_comes_first_then_lists(loopback: Start, crawl: Crawl) -> None:
    """What the search brought is not asked for again, what only the list has is; a limit holds for both."""
    new = "/art/list-only.html"
    items = "".join(f"<li><a href='{url}'>{title}</a><span>{day}</span></li>" for url, title, day in REPORTS[:4])
    items += f"<li><a href='{new}'>乙县2024年法治政府建设情况报告</a><span>2025-03-01</span></li>"
    url = "/search?wd={query}&pn={page}"
    site = site_with(loopback, url, template, {"/l/": html(f"<ul>{items}</ul>"), new: html(report())})
    crawl.add("yi", site, "/l/", search={"engine": "template", "url": site.url.rstrip("/") + url})
    assert f": {len(REPORTS) + 1} found" in crawl.run("--limit", "99").stdout
    order = [path.partition("?")[0] for path in site.paths()]
    assert order.index("/search") < order.index("/l/")
    assert max(i for i, path in enumerate(order) if path == "/search") < order.index("/l/")
    assert sorted(path for path in order if path.startswith("/art/")) == sorted([new, *(address for address, _, _ in REPORTS)])


BROKEN: dict[str, tuple[str, Any, str]] = {
    "404": ("jrobot", (404, {}, b""), "http_404"),
    "400": ("irs", (400, {}, b"bad"), "http_4xx"),
    "500": ("ls", (500, {}, b"no"), "http_5xx"),
    "no hits": ("jpaas", data({"data": {"searchResult": {"total": 0, "result": None}}}), "empty_list"),
    "noise": (
        "irs",
        lambda h: data({"data": {"middle": {"listAndBox": [{"data": {"title": "招商", "url": "/z"}}]}}}),
        "empty_list",
    ),
    "a page of hits without hits": ("jrobot", html("<div id='jsearch-info-box' data-total='0'></div>"), "empty_list"),
    "a page for data": ("irs", html(f"<title>欢迎</title><ul>{MENU}</ul>"), "wrong_type"),
    "another engine": ("jrobot", html(f"<title>检索</title><ul>{MENU}</ul>"), "wrong_type"),
    "an error in data": ("ucap5", data({"code": 401, "msg": "token"}), "wrong_type"),
    "a file": ("jrobot", (200, {"Content-Type": "application/pdf"}, b"%PDF-1.4"), "wrong_type"),
    "the home page": ("jrobot", (302, {"Location": "/"}, b""), "soft_404"),
    "a page that says so": ("was5", html("<title>页面不存在</title><p>您访问的页面不存在</p>"), "soft_404"),
    "forbidden by robots": ("jrobot", jrobot, "robots_disallowed"),
    "no keyword needed": ("template", html("<p>请输入</p>"), "empty_list"),
}


def test_a_search_that_fails_is_noted_and_the_lists_go_on(loopback: Start, crawl: Crawl) -> None:
    url = "/such/s?webid=1&q={query}&pn={page}"
    list_ = html(f"<ul><li><a href='{REPORTS[0][0]}'>{REPORTS[0][1]}</a><span>2017-03-01</span></li></ul>")
    sites = []
    for n, (engine, answer, reason) in enumerate(BROKEN.values()):
        rules = "User-agent: *\nDisallow: /such/\n" if reason == "robots_disallowed" else ""
        robots = (200, {"Content-Type": "text/plain"}, rules.encode())
        sites.append(site_with(loopback, url, answer, {"/l/": list_, "/robots.txt": robots, "/": html(f"<ul>{MENU}</ul>")}))
        crawl.add(f"yi{n}", sites[n], "/l/", search={"engine": engine, "url": sites[n].url.rstrip("/") + url})
    done = crawl.run()
    assert done.returncode == 0, done.stderr
    for n, (case, (_, _, reason)) in enumerate(BROKEN.items()):
        assert "1 found, 1 fetched" in done.stdout.splitlines()[n], case
        assert set(crawl.reasons(f"yi{n}")) == {reason}, case
        asked = searched(sites[n], url)
        assert asked == [] if reason == "robots_disallowed" else 0 < len(asked) <= 6, case


def test_a_search_without_end_is_ended(loopback: Start, crawl: Crawl) -> None:
    """Every page brings new hits, for ever."""

    def endless(handler: Any) -> Answer:
        page = int(sent(handler)["p"])
        return html("".join(f"<li><a href='/x/{page}-{n}.html'>乙县第{page}次会议{n}</a></li>" for n in range(9)))

    url = "/hunan/1/news?q={query}&p={page}"
    site = site_with(loopback, url, endless)
    crawl.add("yi", site, search={"engine": "hunan", "url": site.url.rstrip("/") + url})
    crawl.run("-s", "LIST_PAGES_MAX=12")
    assert len([path for path in site.paths() if path.startswith("/hunan/")]) == 24
    assert "list_trap" in crawl.reasons("yi")
    assert "empty_list" in crawl.reasons("yi")


def test_an_engine_that_counts_from_one_after_all(loopback: Start, crawl: Crawl) -> None:
    """Asked for page 0 it gives page 1, which then comes twice."""

    def from_one(handler: Any) -> Answer:
        asked = sent(handler)
        total, hits = find(asked["searchWord"], max(int(asked["pageNum"]), 1) - 1)
        return data({"searchResultAll": {"searchTotal": [{"title": t, "url": u} for u, t, _ in hits], "total": total}})

    url = "/search5/search/s"
    site = site_with(loopback, url, from_one)
    crawl.add("yi", site, search={"engine": "ucap5", "url": site.url.rstrip("/") + url})
    assert f": {len(REPORTS)} found" in crawl.run().stdout


def test_forms_where_json_is_not_read(loopback: Start, crawl: Crawl) -> None:
    def form_only(handler: Any) -> Answer:
        if "form" not in handler.headers["Content-Type"]:
            return 415, {}, b""
        return so_gov(handler)

    url = "/query/s?siteCode=3307990001"
    site = site_with(loopback, url, form_only)
    crawl.add("yi", site, search={"engine": "so-gov", "url": site.url.rstrip("/") + url})
    assert f": {len(REPORTS)} found" in crawl.run().stdout
    assert crawl.reasons("yi") == {}


def test_the_interface_behind_a_page(loopback: Start, crawl: Crawl) -> None:
    """The address that a browser shows only calls an interface, with a token of the page, on a host that the entry names."""
    seen: list[str] = []

    def interface(handler: Any) -> Answer:
        asked = sent(handler)
        seen.append(asked["token"])
        assert asked["tab"] == "szf"
        return so_gov(handler)

    api = site_with(loopback, "/query/s", interface)
    page = f"<script>var token = 'a1b2'; $.post('{api.url}query/s', {{}})</script><ul>{MENU}</ul>"
    url = "/so/s?qt={query}&siteCode=3307990001&tab=szf"
    site = site_with(loopback, url, html(page))
    entry = {"engine": "so_gov", "url": site.url.rstrip("/") + url}
    crawl.add("yi", site, search=entry)
    crawl.run()
    assert api.visits == [], "a host that no entry names is not asked"
    assert "off_domain" in crawl.reasons("yi")
    crawl.entries[0]["hosts"] = [urlsplit(api.url).netloc]
    crawl.run()
    assert set(seen) == {"a1b2"}
    assert {capture.url for capture in crawl.captures() if capture.role == "page"} == {
        api.url[:-1] + u for u, _, _ in REPORTS
    } or (f": {len(REPORTS)} found" in crawl.run().stdout)


def test_an_interface_that_no_page_names(loopback: Start, crawl: Crawl) -> None:
    """It is asked for on the page's own host before the usual one."""

    def page_or_interface(handler: Any) -> Answer:
        if handler.command == "GET":
            return html(f"<title>搜索</title><ul>{MENU}</ul>")
        return so_gov(handler) if handler.path == "/query/s" else (404, {}, b"")

    url = "/so/s?qt={query}&siteCode=3307990001"
    site = site_with(loopback, url, page_or_interface, also="/query/s")
    crawl.add("yi", site, search={"engine": "so_gov", "url": site.url.rstrip("/") + url})
    assert f": {len(REPORTS)} found" in crawl.run().stdout
    assert searched(site, url) == [f"/so/s?qt={quote(PASSES[0])}&siteCode=3307990001"]


def test_hits_on_hosts_that_no_entry_names(loopback: Start, crawl: Crawl) -> None:
    other = loopback({"*": html(report())})

    def elsewhere(handler: Any) -> Answer:
        links = (
            f"<li><a href='{other.url}r.html'>{REPORTS[0][1]}</a></li><li><a href='{REPORTS[1][0]}'>{REPORTS[1][1]}</a></li>"
        )
        hidden = urlencode({"url": f"{other.url}s.html"})
        return html(f"{links}<li><a href='/visit/link.do?{hidden}'>{REPORTS[2][1]}</a></li>")

    url = "/s?wd={query}&p={page}"
    site = site_with(loopback, url, elsewhere)
    crawl.add("yi", site, search={"engine": "template", "url": site.url.rstrip("/") + url})
    assert "1 found, 1 fetched, 0 attachments; 2 links to hosts that no entry names" in crawl.run().stdout
    assert other.visits == []
