"""Loopback sites of a few lines, and crawls of them in a process of their own, as a user starts them."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
import yaml

from archive.raw import RawStore
from archive.warc import Capture

ROOT = Path(__file__).parents[2]
QUICK = ["-s", "DOWNLOAD_DELAY=0.02", "-s", "AUTOTHROTTLE_ENABLED=False"]

Answer = tuple[int, dict[str, str], bytes]


def html(body: str, status: int = 200, **headers: str) -> Answer:
    """An answer of HTML."""
    names = {name.replace("_", "-"): value for name, value in headers.items()}
    return status, {"Content-Type": "text/html; charset=utf-8", **names}, body.encode()


def report(title: str = "甲县人民政府关于2023年法治政府建设情况的报告", more: str = "") -> str:
    """A page that reads like a report."""
    text = "".join(f"<p>2023年，甲县坚持依法行政，办理行政复议案件{n}件。</p>" for n in range(40))
    return f"<html><head><title>{title}</title></head><body><h1>{title}</h1><div id='zoom'>{text}{more}</div></body></html>"


def rows(*entries: tuple[str, str], date: str = "2024-03-01", after: str = "") -> str:
    """A page with a list of (address, title)."""
    items = "".join(f'<li><a href="{url}">{title}</a><span>{date}</span></li>' for url, title in entries)
    return f"<html><head><title>法治政府建设年度报告</title></head><body><ul class='list'>{items}</ul>{after}</body></html>"


def titled(year: int, place: str = "甲县") -> str:
    """A title of the genre."""
    return f"{place}人民政府关于{year}年法治政府建设情况的报告"


@dataclass
class Visit:
    """A request that came."""

    start: float
    end: float
    method: str
    path: str
    status: int
    agent: str
    sent: bytes


class Loopback(ThreadingHTTPServer):
    """A site of a few routes; a route is an answer, or a function of the request handler that returns one (None: said all)."""

    daemon_threads = True

    def __init__(self, routes: dict[str, Any]) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.routes, self.visits, self.lock = routes, list[Visit](), threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def url(self) -> str:
        """The site's home page."""
        return f"http://127.0.0.1:{self.server_port}/"

    def paths(self, *, robots: bool = False) -> list[str]:
        """What was asked for, in order."""
        return [visit.path for visit in self.visits if robots or visit.path != "/robots.txt"]


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Loopback

    def do_GET(self) -> None:
        start = time.monotonic()
        length = int(self.headers.get("Content-Length") or 0)
        self.form = self.rfile.read(length).decode()
        found = self.server.routes.get(self.path, self.server.routes.get("*", (404, {}, b"no such page")))
        made = found(self) if callable(found) else found
        if made is None:
            made, said = (0, {}, b""), True
        else:
            said = False
        status, headers, body = made
        if not said:
            self.send_response(status)
            for name, value in {"Content-Length": str(len(body)), **headers}.items():
                if value:
                    self.send_header(name, value)
            self.end_headers()
        end = time.monotonic()  # before the last byte: whoever has it may be back already
        if not said:
            self.wfile.write(body)
        agent = self.headers.get("User-Agent", "")
        with self.server.lock:
            self.server.visits.append(Visit(start, end, self.command, self.path, status, agent, body))

    do_POST = do_GET

    def log_message(self, format: str, *args: Any) -> None:
        """Keep quiet."""


@pytest.fixture
def loopback() -> Iterator[Callable[[dict[str, Any]], Loopback]]:
    """Start loopback sites; they end with the test."""
    started: list[Loopback] = []

    def start(routes: dict[str, Any]) -> Loopback:
        started.append(Loopback(routes))
        return started[-1]

    yield start
    for server in started:
        server.shutdown()
        server.server_close()


@dataclass
class Crawl:
    """A data folder, and the crawls into it."""

    folder: Path
    entries: list[dict[str, Any]] = field(default_factory=list)

    @property
    def data(self) -> Path:
        """The data folder."""
        return self.folder / "data"

    def add(self, id_: str, site: Loopback, *lists: str, **more: Any) -> None:
        """Add an entry to the registry file."""
        home = {"home": site.url, "lists": [site.url.rstrip("/") + path for path in lists]}
        self.entries.append({"id": id_, "name": f"{id_}县人民政府", **home, **more})

    def command(self, *arguments: str, registry: Path | None = None) -> list[str]:
        """The command line of a crawl."""
        if registry is None:
            registry = self.folder / "sites.yaml"
            registry.write_text(yaml.safe_dump(self.entries, allow_unicode=True), "utf-8")
        crawl = ["crawl", "--data", str(self.data), "--sites", str(registry), "--no-build"]
        return [sys.executable, str(ROOT / "fazhi.py"), *crawl, *QUICK, *arguments]

    def run(self, *arguments: str, registry: Path | None = None, **environment: str) -> subprocess.CompletedProcess[str]:
        """Crawl to the end."""
        return subprocess.run(
            self.command(*arguments, registry=registry),
            env=self.environment(**environment),
            cwd=self.folder,
            capture_output=True,
            text=True,
            timeout=120,
        )

    def environment(self, **more: str) -> dict[str, str]:
        """The environment of a crawl: no proxy but a given one."""
        kept = {name: value for name, value in os.environ.items() if not name.lower().endswith("_proxy")}
        return {**kept, "PYTHONPATH": str(ROOT), **more}

    def rows(self, sql: str) -> list[tuple[Any, ...]]:
        """Ask the index."""
        with sqlite3.connect(self.data / "raw" / "index.db") as db:
            return db.execute(sql).fetchall()

    def reasons(self, site: str) -> dict[str, str]:
        """Reason -> detail of a site's attempts."""
        return {r: d for s, r, d in self.rows("select site, reason, detail from attempts") if s == site}

    def captures(self) -> list[Capture]:
        """Every stored response."""
        with RawStore(self.data / "raw") as store:
            return [store.read(response) for response in store.responses()]


@pytest.fixture
def crawl(tmp_path: Path) -> Crawl:
    """An empty data folder to crawl into."""
    return Crawl(tmp_path)
