"""The spider on the sample sites: every report found, lists alone read again, every byte kept, a kill forgiven."""

from __future__ import annotations

import gzip
import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest

from tests.conftest import SampleSites
from tests.crawler.conftest import ROOT, Crawl, Loopback, html, report, rows, titled

Start = Callable[[dict[str, Any]], Loopback]


def wanted(sites: SampleSites) -> set[str]:
    """The addresses of every report and its attachment."""
    reports = sites.truth["report_list"]
    return {url for one in reports for url in [*one["sources"], one["attachment"]] if url}


def asked(sites: SampleSites, start: int = 0) -> Counter[str]:
    """What the sites were asked for, robots.txt left out."""
    log = [entry for entry in sites.log()[start:] if entry["path"] != "/robots.txt"]
    return Counter(f"http://{entry['host']}{entry['path']}" for entry in log)


def test_sample_sites(sample_sites: SampleSites, crawl: Crawl) -> None:
    done = crawl.run(registry=sample_sites.registry, http_proxy=sample_sites.proxy)
    truth = sample_sites.truth
    assert wanted(sample_sites) <= {url for (url,) in crawl.rows("select url from responses where status = 200")}
    assert not set(truth["never_fetched"]) & set(asked(sample_sites))
    noted = {(site, reason) for site, reason in crawl.rows("select site, reason from attempts") if reason != "soft_404"}
    assert noted == {(attempt["site"], attempt["reason"]) for attempt in truth["attempts"]}
    assert "wuyan: blocked (challenge_412)" in done.stderr
    assert done.returncode == 1
    (docx,) = [capture for capture in crawl.captures() if capture.role == "attachment"]
    parent = next(one for one in truth["report_list"] if one["attachment"])
    assert docx.url == parent["attachment"]
    assert docx.via == parent["canonical"]
    assert docx.link_text.endswith(".docx")
    dated = [capture for capture in crawl.captures() if capture.role == "page" and capture.url in wanted(sample_sites)]
    published = {url: one["published"] for one in truth["report_list"] for url in one["sources"][:1]}
    assert all(capture.link_date == published.get(capture.url, capture.link_date) for capture in dated)
    assert len([1 for capture in dated if capture.link_date]) == len(dated)
    before = len(sample_sites.log())
    assert max(asked(sample_sites).values()) == 1, "asked twice"
    again = crawl.run(registry=sample_sites.registry, http_proxy=sample_sites.proxy)
    lists = {url for (url,) in crawl.rows("select url from responses where role = 'list'")}
    assert set(asked(sample_sites, before)) <= lists
    assert [line.split(" found")[0] for line in again.stdout.splitlines()] == [
        line.split(" found")[0] for line in done.stdout.splitlines()
    ]
    assert crawl.rows("select count(*), sum(finished is not null), max(sites) from runs") == [(2, 2, 10)]
    assert wanted(sample_sites) <= {url for (url,) in crawl.rows("select url from sightings")} | {docx.url}


def test_limit_and_choice_of_sites(sample_sites: SampleSites, crawl: Crawl) -> None:
    done = crawl.run("--site", "qinghe", "--limit", "2", registry=sample_sites.registry, http_proxy=sample_sites.proxy)
    assert done.returncode == 0, done.stderr
    assert crawl.rows("select count(*) from responses where role = 'page'") == [(2,)]
    assert {entry["host"] for entry in sample_sites.log()} == {"www.qinghe.example"}
    crawl.run("--site", "qinghe", "--limit", "2", registry=sample_sites.registry, http_proxy=sample_sites.proxy)
    assert crawl.rows("select count(*) from responses where role = 'page'") == [(4,)]


@pytest.mark.slow
def test_kill_and_resume(sample_sites: SampleSites, crawl: Crawl) -> None:
    """Killed again and again at any moment, then run to the end: nothing lost, no report stored twice."""
    command = crawl.command(registry=sample_sites.registry)
    dice = random.Random(7)
    for _ in range(6):
        with subprocess.Popen(
            command,
            env=crawl.environment(http_proxy=sample_sites.proxy),
            cwd=crawl.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            begun = len(sample_sites.log())
            deadline = time.monotonic() + 20
            while len(sample_sites.log()) < begun + 12 and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.01)
            time.sleep(dice.random() * 0.15)
            process.send_signal(signal.SIGKILL)
    crawl.run(registry=sample_sites.registry, http_proxy=sample_sites.proxy)
    good = Counter(
        url for (url,) in crawl.rows("select url from responses where status = 200 and role in ('page', 'attachment')")
    )
    assert wanted(sample_sites) <= set(good)
    assert set(good.values()) == {1}
    assert not list((crawl.data / "raw").glob("*.open"))
    assert crawl.rows("select count(*), sum(finished is not null) from runs")[0][1] == 1
    for capture in crawl.captures():
        assert capture.body is not None


@pytest.mark.slow
def test_attachment_that_a_kill_lost_is_fetched(loopback: Start, crawl: Crawl) -> None:
    """The page is stored, its attachment is not: the page is not asked for again, its attachment is."""
    linked = "<p>附件：<a href='P0.docx'>报告.docx</a></p>"
    site = loopback(
        {"/l/": html(rows(("/r/1.html", titled(2023)))), "/r/1.html": html(report(more=linked)), "/r/P0.docx": (503, {}, b"")}
    )
    crawl.add("jia", site, "/l/")
    crawl.run()
    assert crawl.reasons("jia") == {"http_5xx": "status 503"}
    site.routes["/r/P0.docx"] = (200, {"Content-Type": "application/msword"}, b"PK\x03\x04 docx")
    crawl.run()
    assert site.paths().count("/r/1.html") == 1
    assert [capture.via for capture in crawl.captures() if capture.body.startswith(b"PK")] == [f"{site.url}r/1.html"]
    site.visits.clear()
    crawl.run()
    assert site.paths() == ["/l/"]


def test_redirected_addresses_are_not_asked_for_again(loopback: Start, crawl: Crawl) -> None:
    moved = (302, {"Location": "/new/1.html"}, b"")
    site = loopback({"/l/": html(rows(("/r/1.html", titled(2023)))), "/r/1.html": moved, "/new/1.html": html(report())})
    crawl.add("jia", site, "/l/")
    assert crawl.run().returncode == 0
    assert crawl.run().returncode == 0
    assert site.paths() == ["/l/", "/r/1.html", "/new/1.html", "/l/"]
    assert crawl.rows("select url from sightings") == [(f"{site.url}new/1.html",)]


def test_every_response_is_stored_byte_for_byte(loopback: Start, crawl: Crawl) -> None:
    """UTF-8, GBK, gzip on the wire, chunked, a redirect, a 404, retries, two cookies, names of files in raw UTF-8."""
    text = report(titled(2022)).replace("甲县坚持", "甲县镕喆〇坚持")
    gbk = (200, {"Content-Type": "text/html; charset=gb2312"}, text.encode("gb18030"))
    zipped = (200, {"Content-Type": "text/html", "Content-Encoding": "gzip"}, gzip.compress(text.encode()))

    def chunked(handler: Any) -> None:
        handler.send_response(200)
        handler.send_header("Content-Type", "text/html")
        handler.send_header("Transfer-Encoding", "chunked")
        handler.end_headers()
        for part in (text.encode()[:999], text.encode()[999:]):
            handler.wfile.write(f"{len(part):x}\r\n".encode() + part + b"\r\n")
        handler.wfile.write(b"0\r\n\r\n")

    def cookies(handler: Any) -> None:
        handler.send_response(200)
        for line in (b"Set-Cookie: a=1", b"Set-Cookie: b=2", 'Content-Disposition: attachment; filename="报告.pdf"'.encode()):
            handler._headers_buffer.append(line + b"\r\n")
        handler.send_header("Content-Length", "9")
        handler.end_headers()
        handler.wfile.write(b"%PDF-1.4\n")

    paths = ["gbk", "zipped", "chunked", "there", "missing", "failing", "file.pdf"]
    site = loopback(
        {
            "/l/": html(rows(*((f"/r/{path}", titled(2015 + n)) for n, path in enumerate(paths)))),
            "/r/gbk": gbk, "/r/zipped": zipped, "/r/chunked": chunked, "/r/there": (302, {"Location": "/r/here"}, b"moved"),
            "/r/here": html(report()), "/r/failing": (502, {}, b"bad gateway"), "/r/file.pdf": cookies,
        }
    )  # fmt: skip
    crawl.add("jia", site, "/l/")
    crawl.run()
    sent = Counter((visit.path, visit.status, visit.sent) for visit in site.visits if visit.status)
    captures = crawl.captures()
    kept = Counter((f"/{c.url.split('/', 3)[3]}", c.status, c.body) for c in captures)
    special = {"/r/chunked": text.encode(), "/r/file.pdf": b"%PDF-1.4\n"}
    assert {key: n for key, n in kept.items() if key[0] not in special} == dict(sent)
    assert {path: body for path, _, body in kept if path in special} == special
    by_path = {f"/{c.url.split('/', 3)[3]}": c for c in captures}
    assert by_path["/r/gbk"].payload().decode("gb18030") == text
    assert by_path["/r/zipped"].payload().decode() == text
    assert [value for name, value in by_path["/r/file.pdf"].headers if name == "Set-Cookie"] == ["a=1", "b=2"]
    assert by_path["/r/failing"].status == 502
    assert kept["/r/failing", 502, b"bad gateway"] == 3
    assert by_path["/robots.txt"].role == "robots"
    assert (by_path["/r/here"].role, by_path["/r/here"].via) == ("page", f"{site.url}l/")
    assert (by_path["/r/gbk"].link_text, by_path["/r/gbk"].link_date) == (titled(2015), "2024-03-01")
    assert {capture.site for capture in captures} == {"jia"}
    assert len({capture.run for capture in captures}) == 1


def test_home_page_without_lists(loopback: Start, crawl: Crawl) -> None:
    """Columns are found by their names, one level down too, and the CMS is remembered."""
    home = "<ul><li><a href='/zwgk/'>政府信息公开</a></li><li><a href='/news/'>新闻</a></li></ul>"
    open_ = "<ul><li><a href='/zwgk/fzzfjsndbg/'>法治政府建设年度报告</a></li><li><a href='/zwgk/czxx/'>财政信息</a></li></ul>"
    entry = rows(("./202403/t20240301_1.html", titled(2023)), ("./202303/t20230301_1.html", titled(2022)))
    site = loopback(
        {
            "/": html(home),
            "/zwgk/": html(open_),
            "/zwgk/fzzfjsndbg/": html(entry),
            "*": html(report()),
            "/robots.txt": (404, {}, b""),
        }
    )
    crawl.add("jia", site)
    assert "jia县人民政府: 2 found" in crawl.run().stdout
    assert not {"/news/", "/zwgk/czxx/"} & set(site.paths())
    assert '"dialect": "trs"' in (crawl.data / "crawl" / "sites.jsonl").read_text("utf-8")


def test_scrapy_commands_work_from_the_checkout(loopback: Start, crawl: Crawl) -> None:
    def scrapy(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "scrapy", *words]
        return subprocess.run(command, cwd=ROOT, env=crawl.environment(), capture_output=True, text=True, timeout=60)

    assert "reports" in scrapy("list").stdout.split()
    site = loopback(
        {"/l/": html(rows(("/r/1.html", titled(2023)))), "/r/1.html": html(report()), "/robots.txt": (404, {}, b"")}
    )
    crawl.add("jia", site, "/l/")
    crawl.command()
    arguments = ["site=jia", f"sites={crawl.folder / 'sites.yaml'}", f"data={crawl.data}"]
    scrapy("crawl", "reports", *(word for argument in arguments for word in ("-a", argument)), "-s", "DOWNLOAD_DELAY=0.01")
    assert site.paths() == ["/l/", "/r/1.html"]
    shell = scrapy("shell", "-c", "response.css('li a::text').get()", f"{site.url}l/", "-s", "DOWNLOAD_DELAY=0.01")
    assert titled(2023) in shell.stdout, shell.stderr
    unknown = scrapy(
        "crawl", "reports", "-a", "site=jja", "-a", f"sites={crawl.folder / 'sites.yaml'}", "-a", f"data={crawl.data}"
    )
    assert unknown.returncode != 0
    assert "jja" in unknown.stderr
