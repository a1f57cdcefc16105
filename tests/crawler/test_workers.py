"""Workers: hosts stay with one, a shared host is asked in turn, a killed one's sites are taken up again, one run is noted."""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import time
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from crawler.registry import Site
from crawler.workers import shards
from tests.crawler.conftest import Crawl, Loopback, html, report, rows, titled

Start = Callable[[dict[str, Any]], Loopback]


def site(name: str, *urls: str) -> Site:
    return Site(id=name, name=name, home=urls[0], lists=list(urls[1:]))


def test_sites_that_share_a_host_stay_together() -> None:
    sites = [site(f"s{n}", f"http://h{n}.gov.cn/") for n in range(10)]
    sites += [site("both", "http://h1.gov.cn/a/", "http://h2.gov.cn/b/"), site("port", "http://h3.gov.cn:8080/")]
    found = shards(sites, 3)
    assert sorted(one.id for shard in found for one in shard) == sorted(one.id for one in sites)
    assert sum({"s1", "s2", "both"} <= {one.id for one in shard} for shard in found) == 1
    assert max(map(len, found)) - min(map(len, found)) <= 3
    assert [len(shard) for shard in shards(sites[:2], 8)] == [1, 1]


def county(place: str, shared: str = "") -> dict[str, Any]:
    years = range(2018, 2024)
    entries = [(f"/{place}/{year}.html", titled(year, place)) for year in years]
    entries += [(f"{shared}x/{place}/{year}.html", titled(year, f"{place}东镇")) for year in years] if shared else []
    pages = {f"/{place}/{year}.html": html(report(titled(year, place))) for year in years}
    return {"/": html(rows(*entries)), **pages}


def test_workers_share_the_sites_and_ask_a_host_in_turn(loopback: Start, crawl: Crawl) -> None:
    def slow(handler: Any) -> Any:
        time.sleep(0.05)
        return html(report(titled(2020, handler.path.split("/")[2])))

    shared = loopback({"*": slow, "/robots.txt": (404, {}, b"")})
    servers = {place: loopback(county(place, shared.url)) for place in ("jia", "yi", "bing", "ding")}
    crawl.entries.append({"id": "shared", "name": "共用", "home": shared.url, "lists": [f"{shared.url}empty"]})
    for place, server in servers.items():
        crawl.add(place, server, "/")
    done = crawl.run("--workers", "3")
    assert "Traceback" not in done.stderr + done.stdout, done.stderr
    visits = sorted(shared.visits, key=lambda visit: visit.start)
    assert len([visit for visit in visits if visit.path.startswith("/x/")]) == 24
    assert all(before.end <= after.start for before, after in pairwise(visits))
    for server in servers.values():
        assert len(server.paths()) == len(set(server.paths())) == 7
    assert crawl.rows("select finished is not null, sites from runs") == [(1, 5)]


@pytest.mark.slow
def test_the_sites_of_a_killed_worker_are_taken_up_again(loopback: Start, crawl: Crawl) -> None:
    servers = {place: loopback(county(place)) for place in ("jia", "yi")}
    for place, server in servers.items():
        crawl.add(place, server, "/")
    command = crawl.command("--workers", "2", "-s", "DOWNLOAD_DELAY=0.3")
    with subprocess.Popen(command, env=crawl.environment(), stderr=subprocess.PIPE, text=True) as run:
        while not any("2019" in path for path in servers["jia"].paths()):
            time.sleep(0.01)
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
        for child in children:
            os.kill(int(child), signal.SIGKILL)
        assert run.stderr
        said = run.stderr.read()
    assert run.returncode == 0, said
    assert said.count("its sites are taken up again") == len(children) == 2
    for server in servers.values():
        pages = [path for path in server.paths() if path != "/"]
        assert set(pages) == {f"/{place}/{year}.html" for place in ("jia", "yi") for year in range(2018, 2024)} & set(pages)
        assert len(set(pages)) == 6
        assert len(pages) <= 7  # the one in flight is asked for again


@pytest.mark.slow
def test_workers_end_with_the_command(loopback: Start, crawl: Crawl) -> None:
    crawl.add("jia", loopback(county("jia")), "/")
    crawl.add("yi", loopback(county("yi")), "/")
    command = crawl.command("--workers", "2", "-s", "DOWNLOAD_DELAY=1")
    run = subprocess.Popen(command, env=crawl.environment(), stderr=subprocess.DEVNULL)
    children: list[str] = []
    while len(children) < 2:
        time.sleep(0.05)
        children = Path(f"/proc/{run.pid}/task/{run.pid}/children").read_text().split()
    time.sleep(2)
    run.kill()
    run.wait()
    end = time.monotonic() + 30
    while any(Path(f"/proc/{child}").exists() for child in children):
        assert time.monotonic() < end, "workers outlived the command"
        time.sleep(0.1)


def test_a_crawl_waits_for_another_on_the_same_folder(loopback: Start, crawl: Crawl) -> None:
    """So do the workers that a killed command has left behind: they hold its lock."""
    server = loopback(county("jia"))
    crawl.add("jia", server, "/")
    crawl.data.mkdir(parents=True, exist_ok=True)
    with (crawl.data / ".crawl.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        run = subprocess.Popen(crawl.command(), env=crawl.environment(), stderr=subprocess.PIPE, text=True)
        assert run.stderr
        assert "another crawl is at work" in run.stderr.readline()
        assert server.visits == []
    assert run.wait(60) == 0
    run.stderr.close()
    assert len(server.paths()) == 7
