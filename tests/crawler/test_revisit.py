"""The spider `revisit`: what is not new costs a revisit record, what changed is a version, what is gone is withdrawn and kept."""

from __future__ import annotations

import gzip
import hashlib
import signal
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable
from typing import Any

import pytest
from warcio.archiveiterator import ArchiveIterator

from tests.crawler.conftest import ROOT, Answer, Crawl, Loopback, html, report, rows, titled

Start = Callable[[dict[str, Any]], Loopback]
SPIDER = ("--spider", "revisit")
TABLES = ("reports", "versions", "sources", "rejected", "coverage", "sections")


def build(crawl: Crawl, command: str = "build") -> None:
    """Bring the archive up to date."""
    line = [sys.executable, str(ROOT / "fazhi.py"), command, "--data", str(crawl.data), "--jobs", "1"]
    subprocess.run(line, env=crawl.environment(), check=True, capture_output=True, timeout=120)


def archived(crawl: Crawl, sql: str) -> list[tuple[Any, ...]]:
    """Ask the archive."""
    with sqlite3.connect(crawl.data / "archive.db") as db:
        return db.execute(sql).fetchall()


def whole(crawl: Crawl) -> dict[str, list[str]]:
    """Everything the archive says of reports."""
    return {name: sorted(map(repr, archived(crawl, f"select * from {name}"))) for name in TABLES}


def records(crawl: Crawl) -> list[tuple[str, dict[str, str], bytes]]:
    """Every WARC record of the raw store, read by warcio: type, headers, body."""
    found = []
    for path in sorted((crawl.data / "raw").glob("*.warc.gz")):
        with path.open("rb") as stream:
            for record in ArchiveIterator(stream):
                found.append((record.rec_type, dict(record.rec_headers.headers), record.raw_stream.read()))
    return found


def conditional(body: str, tag: str, day: str = "") -> Callable[[Any], Answer]:
    """A page that answers 304 where it is asked for with its tag or, where it has none, its date."""

    def answer(handler: Any) -> Answer:
        dated = day and handler.headers.get("If-Modified-Since") == day
        if dated or handler.headers.get("If-None-Match") == tag:
            return 304, {"ETag": tag}, b""
        return html(body, ETag=tag) if tag else html(body, Last_Modified=day)

    return answer


def town(number: int, more: str = "") -> str:
    """A report of an invented town, unlike those of the others."""
    place = f"{'甲乙丙丁戊己庚辛'[number % 8]}{'山水林田湖草'[number // 8]}镇"
    return report(titled(2023, place), more).replace("甲县", place).replace("复议案件", f"复议案件{number}类")


@pytest.mark.slow
def test_what_is_not_new_is_a_revisit_record(loopback: Start, crawl: Crawl) -> None:
    """304 by tag, 304 by date, the same bytes, the same page zipped anew, an attachment: one record each, nothing fetched anew."""
    linked = "<p>附件：<a href='P0.docx'>报告.docx</a></p>"

    def zipped(handler: Any) -> Answer:  # the time in the head of gzip differs
        body = gzip.compress(town(3).encode(), mtime=int(time.time() * 1000) % 2**31)
        return 200, {"Content-Type": "text/html; charset=utf-8", "Content-Encoding": "gzip"}, body

    site = loopback(
        {
            "/l/": html(rows(*((f"/r/{n}.html", titled(2023, f"{n}镇")) for n in range(4)))),
            "/r/0.html": conditional(town(0, linked), '"t0"'),
            "/r/1.html": conditional(town(1), "", "Fri, 01 Mar 2024 00:00:00 GMT"),
            "/r/2.html": html(town(2)),
            "/r/3.html": zipped,
            "/r/P0.docx": (200, {"Content-Type": "application/msword"}, b"PK\x03\x04 docx"),
        }
    )
    crawl.add("jia", site, "/l/")
    assert crawl.run().returncode == 0
    build(crawl)
    before, stored = whole(crawl), crawl.rows("select count(*) from responses where role <> 'robots'")
    originals = {headers["WARC-Target-URI"]: headers for kind, headers, _ in records(crawl) if kind == "response"}
    site.visits.clear()
    done = crawl.run(*SPIDER)
    assert done.returncode == 0, done.stderr
    assert "jia县人民政府: 4 found, 0 fetched, 0 attachments" in done.stdout
    assert Counter(site.paths()) == Counter([*(f"/r/{n}.html" for n in range(4)), "/r/P0.docx"])
    assert crawl.rows("select count(*) from responses where role <> 'robots'") == stored
    made = {headers["WARC-Target-URI"]: (headers, body) for kind, headers, body in records(crawl) if kind == "revisit"}
    assert len(made) == 5
    for url, (headers, body) in made.items():
        profile = "server-not-modified" if url.endswith(("0.html", "1.html")) else "identical-payload-digest"
        assert headers["WARC-Profile"] == f"http://netpreserve.org/warc/1.1/revisit/{profile}"
        assert headers["WARC-Refers-To-Target-URI"] == url
        assert headers["WARC-Refers-To-Date"] == originals[url]["WARC-Date"]
        assert headers["WARC-Payload-Digest"] == originals[url]["WARC-Payload-Digest"]
        assert body == b""
    build(crawl)
    after = whole(crawl)
    assert {name: after[name] for name in ("versions", "rejected", "sections")} == {
        name: before[name] for name in ("versions", "rejected", "sections")
    }
    ((seen, first),) = archived(crawl, "select min(last_seen), max(first_seen) from reports")
    assert seen > first
    assert seen == min(headers["WARC-Date"] for url, (headers, _) in made.items() if url.endswith("html"))
    build(crawl, "rebuild")
    assert whole(crawl)["reports"] == after["reports"]


def test_the_index_made_again_knows_the_revisits(loopback: Start, crawl: Crawl) -> None:
    site = loopback({"/l/": html(rows(("/r/1.html", titled(2023)))), "/r/1.html": html(report())})
    crawl.add("jia", site, "/l/")
    crawl.run()
    crawl.run(*SPIDER)
    before = crawl.rows("select url, time, refers_to_time from revisits"), crawl.rows("select url, time from sightings")
    assert [len(part) for part in before] == [1, 1]
    (crawl.data / "raw" / "index.db").unlink()
    assert [capture.url for capture in crawl.captures() if capture.role == "page"] == [f"{site.url}r/1.html"]
    again = crawl.rows("select url, time, refers_to_time from revisits"), crawl.rows("select url, time from sightings")
    assert again == before


@pytest.mark.slow
def test_changed_vanished_and_back(loopback: Start, crawl: Crawl) -> None:
    """Changed text is a version, a vanished page is withdrawn with its text kept; what comes back is live again."""
    home = html("<html><head><title>甲县</title></head><body><ul><li><a href='/l/'>栏目</a></li></ul></body></html>")
    ways: dict[str, Any] = {
        "1": (404, {}, b"no such page"),
        "2": (410, {}, b"gone"),
        "3": html("<html><head><title>404</title></head><body>您访问的页面不存在</body></html>"),
        "4": (302, {"Location": "/"}, b""),
        "5": (302, {"Location": "/404.html"}, b""),
        "6": html("<script>window.location.href='/'</script>"),
        "7": (503, {}, b"down"),
    }
    pages = {f"/r/{n}.html": html(town(n)) for n in range(9)}
    listed = html(rows(*((f"/r/{n}.html", titled(2023, f"{n}镇")) for n in range(9))))
    site = loopback({"/": home, "/l/": listed, "/404.html": (404, {}, b"no such page"), **pages})
    crawl.add("jia", site, "/l/")
    assert crawl.run().returncode == 0
    build(crawl)
    assert archived(crawl, "select status, count(*) from reports group by 1") == [("live", 9)]
    texts = dict(archived(crawl, "select url, text from reports"))
    site.routes |= {f"/r/{n}.html": answer for n, answer in ways.items()}
    site.routes["/r/0.html"] = html(town(0).replace("行政复议案件0类5件", "行政复议案件0类55件"))
    crawl.run(*SPIDER)
    build(crawl)
    status = dict(archived(crawl, "select url, status from reports"))
    assert {url.rpartition("/")[2][0] for url, said in status.items() if said == "withdrawn"} == set("123456")
    today = time.strftime("%Y-%m-%d", time.gmtime())
    assert {day for (day,) in archived(crawl, "select withdrawn_on from reports where status = 'withdrawn'")} == {today}
    now = dict(archived(crawl, "select url, text from reports"))
    first = f"{site.url}r/0.html"
    assert {url: text for url, text in now.items() if url != first} == {u: t for u, t in texts.items() if u != first}
    assert "类55件" in now[first]
    assert archived(crawl, "select n, text from versions where report_id = (select report_id from reports where url like '%/0.html')"
                           " order by n") == [(1, texts[first]), (2, now[first])]  # fmt: skip
    marked = whole(crawl)
    crawl.run(*SPIDER)  # still gone: the day of the first time stays
    build(crawl)
    assert archived(crawl, "select url, status, withdrawn_on from reports") != []
    assert dict(archived(crawl, "select url, status from reports")) == status
    build(crawl, "rebuild")
    again = whole(crawl)
    assert again["versions"] == marked["versions"]
    site.routes |= pages
    assert crawl.run(*SPIDER).returncode == 0
    build(crawl)
    assert archived(crawl, "select distinct status, withdrawn_on from reports") == [("live", None)]
    live = whole(crawl)
    build(crawl, "rebuild")
    assert whole(crawl) == live


def test_a_changed_page_brings_its_new_attachment(loopback: Start, crawl: Crawl) -> None:
    site = loopback({"/l/": html(rows(("/r/1.html", titled(2023)))), "/r/1.html": html(report())})
    crawl.add("jia", site, "/l/")
    crawl.run()
    linked = "<p>附件：<a href='P1.docx'>附表.docx</a></p>"
    site.routes["/r/1.html"] = html(report(more=linked))
    site.routes["/r/P1.docx"] = (200, {"Content-Type": "application/msword"}, b"PK\x03\x04 docx")
    assert "1 found, 1 fetched, 1 attachments" in crawl.run(*SPIDER).stdout
    (file,) = [capture for capture in crawl.captures() if capture.role == "attachment"]
    assert (file.via, file.link_text) == (f"{site.url}r/1.html", "附表.docx")
    assert "1 found, 0 fetched, 0 attachments" in crawl.run(*SPIDER).stdout


@pytest.mark.slow
def test_robots_and_limits_hold(loopback: Start, crawl: Crawl) -> None:
    site = loopback(
        {
            "/l/": html(rows(*((f"/r/{n}.html", titled(2023, f"{n}镇")) for n in range(4)))),
            **{f"/r/{n}.html": html(town(n)) for n in range(4)},
        }
    )
    crawl.add("jia", site, "/l/")
    crawl.run()
    site.visits.clear()
    crawl.run(*SPIDER, "--limit", "2")
    assert len(site.paths()) == 2
    site.routes["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /r/3\n")
    site.visits.clear()
    crawl.run(*SPIDER)
    assert sorted(site.paths()) == [f"/r/{n}.html" for n in range(3)]
    assert "robots_disallowed" in crawl.reasons("jia")
    build(crawl)
    assert archived(crawl, "select distinct status from reports") == [("live",)]


@pytest.mark.slow
def test_kill_9_loses_nothing_and_asks_nothing_twice(loopback: Start, crawl: Crawl) -> None:
    """Killed three times in a revisit, then run to the end: every page was asked once but for those in flight."""
    number = 40
    pages = {f"/r/{n}.html": html(town(n)) for n in range(number)}
    listed = html(rows(*((f"/r/{n}.html", titled(2023, f"{n}镇")) for n in range(number))))
    site = loopback({"/l/": listed, **pages})
    crawl.add("jia", site, "/l/")
    crawl.run()
    build(crawl)
    for n in range(0, number, 4):
        site.routes[f"/r/{n}.html"] = (404, {}, b"no such page")
        site.routes[f"/r/{n + 1}.html"] = html(town(n + 1).replace("3件", "33件"))
    site.visits.clear()
    kills = 3
    for _ in range(kills):
        begun = len(site.paths())
        with subprocess.Popen(
            crawl.command(*SPIDER),
            env=crawl.environment(),
            cwd=crawl.folder,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        ) as process:
            deadline = time.monotonic() + 30
            while len(site.paths()) < begun + 8 and process.poll() is None and time.monotonic() < deadline:
                time.sleep(0.005)
            process.send_signal(signal.SIGKILL)
    crawl.run(*SPIDER)
    asked = Counter(site.paths())
    assert set(asked) == set(pages)
    assert sum(asked.values()) <= number + kills
    build(crawl)
    said = Counter(status for (status,) in archived(crawl, "select status from reports"))
    assert said == {"live": number - number // 4, "withdrawn": number // 4}
    assert archived(crawl, "select count(*) from versions where n = 2") == [(number // 4,)]
    assert crawl.rows("select count(distinct refers_to_url) from revisits") == [(number // 2,)]
    (unread,) = crawl.rows("select count(*) from sightings")
    assert unread[0] >= number // 2
    site.visits.clear()
    crawl.run(*SPIDER)  # the run came to its end: the next begins anew
    assert Counter(site.paths()) == dict.fromkeys(pages, 1)


def test_scrapy_commands(loopback: Start, crawl: Crawl) -> None:
    site = loopback({"/l/": html(rows(("/r/1.html", titled(2023)))), "/r/1.html": html(report())})
    crawl.add("jia", site, "/l/")
    crawl.run()
    site.visits.clear()
    command = [sys.executable, "-m", "scrapy", "crawl", "revisit", "-s", "DOWNLOAD_DELAY=0.01"]
    for argument in ("site=jia", f"sites={crawl.folder / 'sites.yaml'}", f"data={crawl.data}"):
        command += ["-a", argument]
    subprocess.run(command, cwd=ROOT, env=crawl.environment(), check=True, capture_output=True, timeout=60)
    assert site.paths() == ["/r/1.html"]
    assert hashlib.sha256(site.visits[-1].sent).hexdigest() in {
        row for (row,) in crawl.rows("select payload_digest from responses")
    }
