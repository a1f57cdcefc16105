"""Crawls of loopback sites that behave as field-notes 6 says: each obstacle named, robots obeyed, no host hurried."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest

from tests.crawler.conftest import Crawl, Loopback, html, report, rows, titled

Start = Callable[[dict[str, Any]], Loopback]
LIST = "/zwgk/fzzfjs/"


def listed(path: str = "/r/2023.html", **more: Any) -> dict[str, Any]:
    """A site with one report in one list."""
    return {LIST: html(rows((path, titled(2023)))), "/r/2023.html": html(report()), **more}


def slow_to_answer(_: Any) -> None:
    time.sleep(4)


def trickle(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Type", "text/html")
    handler.end_headers()
    handler.close_connection = True
    for _ in range(40):
        handler.wfile.write(b"<p>x</p>")
        handler.wfile.flush()
        time.sleep(0.1)


def cut_short(handler: Any) -> None:
    handler.send_response(200)
    handler.send_header("Content-Length", "5000")
    handler.end_headers()
    handler.wfile.write(b"<html>")
    handler.close_connection = True


def no_tls(_: Any) -> None:
    """A plain server, spoken to in TLS, answers nothing that makes sense."""


def shell(handler: Any) -> Any:
    if "C3VK=" in handler.headers.get("Cookie", ""):
        return html(rows(("/r/2023.html", titled(2023))))
    script = "<html><script>document.cookie='C3VK=1';location.reload()</script></html>"
    return html(script, Set_Cookie="C3VK=ab; max-age=300; path=/")


def back_to_itself(handler: Any) -> Any:
    if "CT6T=" in handler.headers.get("Cookie", ""):
        return html(rows(("/r/2023.html", titled(2023))))
    return 302, {"Location": LIST, "Set-Cookie": "CT6T=1; path=/"}, b""


CHALLENGE = html("<html><script>$_ts=window['$_ts'];</script></html>", 412)
JSL = html("<script>document.cookie='__jsl_clearance=1';location.href=location.pathname</script>", 521)
COOKIE_SHELL = html("<html><script>document.cookie='C3VK='+f();location.reload()</script></html>")
#: What a site does -> the reason that must be noted; True where its one report is found all the same.
SITES: dict[str, tuple[dict[str, Any], str, bool]] = {
    "challenge": ({"*": CHALLENGE, "/robots.txt": (404, {}, b"")}, "challenge_412", False),
    "challenge-everywhere": ({"*": CHALLENGE}, "challenge_412", False),
    "jiasule": ({"*": JSL, "/robots.txt": (404, {}, b"")}, "challenge_521", False),
    "waf-418": ({"*": html("访问被拦截！", 418), "/robots.txt": (404, {}, b"")}, "waf", False),
    "waf-403": ({"*": html("<h1>您的请求被云防护拦截</h1>", 403)}, "waf", False),
    "wzws": ({"*": html("<script>wzwschallenge='x'</script>"), "/robots.txt": (404, {}, b"")}, "wzws", False),
    "cookie-shell": ({"*": COOKIE_SHELL, "/robots.txt": (404, {}, b"")}, "cookie_shell", False),
    "cookie-kept": (listed() | {LIST: shell}, "", True),
    "openresty": (listed() | {LIST: back_to_itself}, "", True),
    "robots-403": (listed() | {"/robots.txt": (403, {}, b"Forbidden")}, "robots_unavailable", False),
    "robots-401": (listed() | {"/robots.txt": (401, {}, b"")}, "robots_unavailable", False),
    "robots-503": (listed() | {"/robots.txt": (503, {}, b"")}, "robots_unavailable", False),
    "robots-html": (listed() | {"/robots.txt": html("<html><body>User-agent: *\nDisallow: /</body></html>")}, "", True),
    "robots-no": (listed() | {"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /r/\n")}, "robots_disallowed", False),
    "robots-utf16": (
        listed() | {"/robots.txt": (200, {}, "User-agent: *\nDisallow: /r/\n".encode("utf-16"))},
        "robots_disallowed",
        False,
    ),
    "robots-us": (listed() | {"/robots.txt": (200, {}, b"User-agent: FazhiArchive\nDisallow: /\n")}, "robots_disallowed", False),
    "robots-other": (listed() | {"/robots.txt": (200, {}, b"User-agent: Baiduspider\nDisallow: /\n")}, "", True),
    "robots-home": (listed() | {"/robots.txt": (302, {"Location": "/"}, b""), "/": html(report())}, "", True),
    "soft-404": (listed() | {"/r/2023.html": html("<title>404</title><p>您访问的页面不存在</p>")}, "soft_404", False),
    "to-home": (listed() | {"/r/2023.html": (302, {"Location": "/"}, b""), "/": html(report())}, "soft_404", False),
    "gone": (listed("/r/2019.html"), "http_404", False),
    "teapot": (listed() | {"/r/2023.html": (400, {}, b"")}, "http_4xx", False),
    "broken": (listed() | {"/r/2023.html": (500, {}, b"")}, "http_5xx", False),
    "timeout": (listed() | {"/r/2023.html": slow_to_answer}, "timeout", False),
    "trickle": (listed() | {"/r/2023.html": trickle}, "too_slow", False),
    "cut-short": (listed() | {"/r/2023.html": cut_short}, "reset", False),
    "large": (listed() | {"/r/2023.html": html("x" * 3_000_000)}, "too_large", False),
    "loop": (
        listed() | {"/r/2023.html": (302, {"Location": "/r/b.html"}, b""), "/r/b.html": (302, {"Location": "/r/2023.html"}, b"")},
        "redirect_loop",
        False,
    ),
    "off-domain": (listed() | {"/r/2023.html": (302, {"Location": "http://spam.example/x.html"}, b"")}, "off_domain", False),
    "wrong-type": ({LIST: (200, {"Content-Type": "image/png"}, b"\x89PNG\r\n\x1a\n")}, "wrong_type", False),
    "false-gzip": (listed() | {"/r/2023.html": html(report(), Content_Encoding="gzip")}, "wrong_type", False),
    "empty-list": ({LIST: html("<html><title>法治政府建设</title><ul></ul><p>暂无数据</p></html>")}, "empty_list", False),
    "list-trap": (listed() | {LIST: html(rows(("/r/2023.html", titled(2023)), after=f"<a href='{LIST}?p=2'>下一页</a>")),
                              f"{LIST}?p=2": html(rows(("/r/2023.html", titled(2023)), after=f"<a href='{LIST}?p=3'>下一页</a>"))},
                  "list_trap", True),
    "pinned": (listed() | {LIST: html(rows(("/pin.html", "置顶"), ("/r/2023.html", titled(2023)), after="<a href='/p2'>下一页</a>")),
                           "/p2": html(rows(("/pin.html", "置顶"), ("/x.html", "另一则")))}, "", True),
    "meta-refresh": (listed() | {LIST: html("<meta http-equiv='refresh' content='0;url=/real/'>"),
                                 "/real/": html(rows(("/r/2023.html", titled(2023))))}, "", True),
    "script-jump": (listed() | {LIST: html("<html><script>window.location.href='/real/';</script></html>"),
                                "/real/": html(rows(("/r/2023.html", titled(2023))))}, "", True),
    "gzip-unasked": (listed() | {"/r/2023.html": (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"},
                                                  gzip.compress(report().encode()))}, "", True),
    "dialect": (listed() | {LIST: html(rows(("./t20240301_1.html", titled(2023)), after="<script>createPageHTML(1,0,'index','html')</script>")),
                            f"{LIST}t20240301_1.html": html(report())}, "wrong_dialect", True),
}  # fmt: skip


def test_every_obstacle_is_named_and_stops_nobody_else(loopback: Start, crawl: Crawl) -> None:
    servers = {name: loopback(routes) for name, (routes, _, _) in SITES.items()}
    for name, server in servers.items():
        crawl.add(name, server, LIST, **({"dialect": "ucap"} if name == "dialect" else {}))
    with socket.socket() as closed:  # bound, not listening: refuses
        closed.bind(("127.0.0.1", 0))
        crawl.entries.append({"id": "refused", "name": "甲", "home": f"http://127.0.0.1:{closed.getsockname()[1]}/"})
        crawl.entries.append({"id": "nowhere", "name": "乙", "home": "http://no-such-host.invalid/"})
        crawl.entries.append({"id": "no-tls", "name": "丙", "home": servers["openresty"].url.replace("http:", "https:")})
        limits = ["DOWNLOAD_TIMEOUT=2", "DOWNLOAD_MAXSIZE=2000000", "RETRY_TIMES=1"]
        done = crawl.run(*(word for limit in limits for word in ("-s", limit)))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    wanted = {name: {reason} - {""} for name, (_, reason, _) in SITES.items()}
    wanted |= {"refused": {"refused"}, "nowhere": {"dns"}, "no-tls": {"tls"}}
    assert {name: set(crawl.reasons(name)) for name in wanted} == wanted
    good = "select url, site from responses where role = 'page' and status = 200"
    found = {site for _, site in crawl.rows(good)} - {site for site, _ in crawl.rows("select site, 1 from attempts")}
    assert found == {name for name, (_, reason, is_found) in SITES.items() if is_found and not reason}
    for name, (_, _, is_found) in SITES.items():
        assert f"{name} {name}县人民政府: {int(is_found)} found" in done.stdout, name
    for name in ("challenge", "challenge-everywhere", "jiasule", "waf-418", "waf-403", "wzws"):
        assert len(servers[name].paths()) <= 1, f"{name} was asked again after its challenge"
    for name in ("robots-403", "robots-401", "robots-503", "robots-us"):
        assert servers[name].paths() == []
    assert servers["robots-no"].paths() == [LIST]
    assert all("fazhi" in visit.agent.lower() and "+http" in visit.agent for visit in servers["gone"].visits)


def test_a_blocked_host_is_left_with_its_addresses_counted(loopback: Start, crawl: Crawl) -> None:
    pages = {f"/r/{year}.html": html(report(titled(year))) for year in range(2015, 2024)}
    site = loopback(
        {LIST: html(rows(*((path, titled(2015 + n)) for n, path in enumerate(pages)))), **pages, "/r/2020.html": CHALLENGE}
    )
    crawl.add("jia", site, LIST)
    done = crawl.run()
    reached = [path for path in site.paths() if path.startswith("/r/")]
    assert reached[-1] == "/r/2020.html"
    assert f"{9 - len(reached)} addresses not asked for" in done.stdout
    assert "jia: blocked (challenge_412)" in done.stderr
    assert f"{9 - len(reached)} addresses of this host" in crawl.reasons("jia")["challenge_412"]
    site.routes["/r/2020.html"] = pages["/r/2020.html"]
    before = len(site.visits)
    assert crawl.run().returncode == 0
    assert sorted(visit.path for visit in site.visits[before:] if visit.path.startswith("/r/")) == sorted(
        set(pages) - set(reached[:-1])
    )


def test_failure_budget(loopback: Start, crawl: Crawl) -> None:
    site = loopback({LIST: html(rows(*((f"/r/{n}.html", titled(2000 + n)) for n in range(20)))), "*": (500, {}, b"")})
    site.routes["/robots.txt"] = (404, {}, b"")
    crawl.add("jia", site, LIST)
    done = crawl.run("-s", "HOST_FAILURE_BUDGET=6", "-s", "RETRY_TIMES=1")
    assert len([path for path in site.paths() if path.startswith("/r/")]) == 6
    assert "http_5xx" in done.stdout
    assert "in a row" in crawl.reasons("jia")["http_5xx"]


def test_never_more_than_one_request_a_host_and_the_delay_is_kept(loopback: Start, crawl: Crawl) -> None:
    def pages(_: Any) -> Any:
        time.sleep(0.05)
        return html(report())

    paths = {f"/r/{year}.html": titled(year) for year in range(2010, 2022)}
    sites = [loopback({LIST: html(rows(*paths.items())), "/robots.txt": (404, {}, b""), "*": pages}) for _ in range(3)]
    for number, site in enumerate(sites):
        crawl.add(f"s{number}", site, LIST)
    started = time.monotonic()
    crawl.run("-s", "DOWNLOAD_DELAY=0.2", "-s", "DOWNLOAD_DELAY_JITTER=0")
    took = time.monotonic() - started
    for site in sites:
        visits = sorted(site.visits, key=lambda visit: visit.start)
        assert len(visits) == 14
        assert all(later.start >= earlier.end - 0.02 for earlier, later in pairwise(visits))
        # one that a busy machine serves late makes the pause after it shorter, never the whole
        assert all(later.start - earlier.start >= 0.1 for earlier, later in pairwise(visits))
        assert visits[-1].start - visits[0].start >= 13 * 0.2 - 0.1
    assert took < 3 * 14 * 0.2, "hosts wait for each other"


@pytest.mark.parametrize("delay", ["0", "0.01"])
def test_concurrency_is_kept_without_a_delay_too(loopback: Start, crawl: Crawl, delay: str) -> None:
    """Scrapy alone let 7 requests to a host where 2 were allowed."""

    def pages(_: Any) -> Any:
        time.sleep(0.03)
        return html(report())

    entries = [(f"/r/{n}.html", titled(1990 + n)) for n in range(40)]
    site = loopback({LIST: html(rows(*entries)), "/robots.txt": (404, {}, b""), "*": pages})
    crawl.add("jia", site, LIST)
    crawl.run("-s", f"DOWNLOAD_DELAY={delay}", "-s", "CONCURRENT_REQUESTS_PER_DOMAIN=2")
    moments = sorted([(v.start, 1) for v in site.visits] + [(v.end, -1) for v in site.visits])
    together = 0
    for _, step in moments:
        together += step
        assert together <= 2
    assert len(site.visits) > 20


def test_crawl_delay_of_robots_txt(loopback: Start, crawl: Crawl) -> None:
    paths = {f"/r/{year}.html": titled(year) for year in range(2018, 2022)}
    site = loopback(
        {LIST: html(rows(*paths.items())), "*": html(report()), "/robots.txt": (200, {}, b"User-agent: *\nCrawl-delay: 0.5\n")}
    )
    crawl.add("jia", site, LIST, "/b/", "/c/")  # three addresses wait for robots.txt
    crawl.run("-s", "DOWNLOAD_DELAY_JITTER=0.9")
    visits = sorted(site.visits, key=lambda visit: visit.start)[1:]
    assert len(visits) == 7
    assert all(later.start - earlier.start >= 0.45 for earlier, later in pairwise(visits))


def test_each_page_that_leads_off_the_domain_is_noted(loopback: Start, crawl: Crawl) -> None:
    stranger = loopback({"*": html("出错了")})
    paths = {f"/r/{year}.html": titled(year) for year in (2021, 2022, 2023)}
    away = dict.fromkeys(paths, (302, {"Location": f"http://localhost:{stranger.server_port}/error"}, b""))
    site = loopback({LIST: html(rows(*paths.items())), "/robots.txt": (404, {}, b""), **away})
    crawl.add("jia", site, LIST)
    crawl.run()
    assert crawl.rows("select reason, count(*) from attempts group by 1") == [("off_domain", 3)]
    assert stranger.visits == []


def test_a_list_that_says_it_has_more_pages_is_noted(loopback: Start, crawl: Crawl) -> None:
    site = loopback({LIST: html(rows(("/r/2023.html", titled(2023))) + "<p>共60条 共4页 <a onclick='go(this)'>下一页</a></p>"),
                     "/r/2023.html": html(report()), "/robots.txt": (404, {}, b"")})  # fmt: skip
    crawl.add("jia", site, LIST)
    crawl.run()
    assert crawl.reasons("jia") == {"list_trap": "1 of 4 pages read: no way to the next is known"}


def test_a_list_that_answers_every_page_with_the_first_is_noted(loopback: Start, crawl: Crawl) -> None:
    page = html(rows(("/r/2023.html", titled(2023))) + "<script>createPageHTML(500, 0, 'index', 'html');</script>")
    site = loopback({"/r/2023.html": html(report()), "/robots.txt": (404, {}, b""), "*": page})
    crawl.add("jia", site, LIST)
    crawl.run()
    assert set(crawl.reasons("jia")) == {"list_trap"}
    assert len(site.visits) < 7


def test_moved_hosts_and_links_inside_the_registry(loopback: Start, crawl: Crawl) -> None:
    """A host whose addresses all lead to another host's home has moved; only hosts of entries are asked."""
    stranger = loopback({"*": html(report())})
    column = f"<a href='{LIST}'>法治政府建设年度报告</a><a href='/news/'>新闻</a>"
    new = loopback(listed() | {"/": html(f"<html><body>{column}</body></html>"), "/robots.txt": (404, {}, b"")})
    old = loopback({"*": (301, {"Location": new.url}, b""), "/robots.txt": (404, {}, b"")})
    other = loopback({LIST: html(rows((f"{stranger.url}a.html", titled(2020)), (f"{new.url}r/2023.html", titled(2023)))),
                      "/robots.txt": (404, {}, b"")})  # fmt: skip
    crawl.add("old", old, "/old/list/")
    crawl.add("new", new)
    crawl.add("other", other, LIST)
    done = crawl.run()
    assert "moved" in crawl.reasons("old")
    assert f"127.0.0.1:{new.server_port}" in crawl.reasons("old")["moved"]
    assert stranger.visits == []
    assert "1 links to hosts that no entry names" in done.stdout
    assert crawl.rows("select count(*) from responses where role = 'page'") == [(1,)]
    assert "/news/" not in new.paths()
