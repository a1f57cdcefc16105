"""A crawl, a build and a rebuild that are killed and run again end as if nobody had killed them."""

from __future__ import annotations

import os
import re
import sqlite3
import subprocess
import sys
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
TABLES = ("reports", "sources", "versions", "verdicts", "sections", "indicators", "rejected", "sites", "coverage", "divisions")
#: Times of a run, and what tells one run's captures from another's.
OF_THE_RUN = ("id", "first_seen", "last_seen", "last_checked", "last_success", "fetched_at", "warc_file", "warc_offset")

pytestmark = pytest.mark.slow


def start(data: Path, *command: str, proxy: str = "") -> subprocess.Popen[str]:
    """Start a command of fazhi in a process of its own."""
    way = {"http_proxy": proxy, "no_proxy": "", "NO_PROXY": ""} if proxy else {}
    env = {**os.environ, **way, "PYTHONPATH": str(ROOT)}
    line = [sys.executable, "-m", "fazhi", *command, "--data", str(data)]
    return subprocess.Popen(line, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)


def finish(process: subprocess.Popen[str]) -> str:
    """Wait for a command; a crawl ends with 1, since one of the sample sites is blocked."""
    out, _ = process.communicate(timeout=240)
    assert "Traceback" not in out, out
    assert process.returncode == 0 or "wuyan: blocked" in out, out
    return out


def kill_when(process: subprocess.Popen[str], seen: Callable[[], bool]) -> None:
    """Kill a command -9 once something is seen; it must not have ended by itself."""
    end = time.monotonic() + 120
    while not seen() and process.poll() is None and time.monotonic() < end:
        time.sleep(0.002)
    process.kill()
    process.communicate()
    assert process.returncode == -9, "it was too quick to be killed"


def state(data: Path) -> dict[str, Any]:
    """Everything an archive says but times of runs; its databases are sound, and its search index holds what its texts do.

    Reports go by the address of their canonical source: which of two copies a crawl meets first gives the id, and a kill may
    change which.
    """
    for name in ("archive.db", "work.db", "raw/index.db"):
        with closing(sqlite3.connect(data / name)) as db:
            assert db.execute("pragma integrity_check").fetchone() == ("ok",)
    with closing(sqlite3.connect(data / "raw" / "index.db")) as raw:
        good = "select url, count(*) from responses where role in ('page', 'attachment') and status = 200 group by 1"
        fetched = sorted(raw.execute(good))
        assert [row for row in fetched if row[1] > 1] == []
    with closing(sqlite3.connect(data / "archive.db")) as db:
        db.execute("insert into reports_fts(reports_fts) values ('integrity-check')")
        names = dict(db.execute("select report_id, url from reports"))
        said: dict[str, Any] = {"fetched": fetched, "words": words(db)}
        for table in TABLES:
            columns = [row[1] for row in db.execute(f"pragma table_info({table})") if row[1] not in OF_THE_RUN]
            rows = db.execute(f"select {', '.join(columns)} from {table}")
            said[table] = sorted(repr([names.get(value, value) if name == "report_id" else value
                                       for name, value in zip(columns, row, strict=True)]) for row in rows)  # fmt: skip
        return said


def words(db: sqlite3.Connection) -> list[tuple[str, ...]]:
    """The search index: word, report, column, place."""
    db.execute("create virtual table temp.words using fts5vocab('main', 'reports_fts', 'instance')")
    known = dict(db.execute("select id, url from reports"))
    return sorted((known[doc], term, column, offset) for term, doc, column, offset in db.execute("select * from words"))


def stored(data: Path) -> int:
    """The number of responses in the raw index."""
    file = data / "raw" / "index.db"
    try:
        with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True)) as db:
            return int(db.execute("select count(*) from responses").fetchone()[0])
    except sqlite3.OperationalError:  # not there yet
        return 0


def test_killed_and_run_again(tmp_path: Path, sample_sites: Any) -> None:
    crawl = ("crawl", "--sites", str(sample_sites.registry), "-s", "DOWNLOAD_DELAY=0.02")
    whole, data = tmp_path / "whole", tmp_path / "data"
    finish(start(whole, *crawl, "--no-build", proxy=sample_sites.proxy))
    finish(start(whole, "build"))
    undisturbed = state(whole)
    assert len(undisturbed["reports"]) == sample_sites.truth["reports"]

    # The crawl, twice: early, and with half of the pages there.
    for enough in (3, len(undisturbed["fetched"]) // 2):
        kill_when(start(data, *crawl, "--no-build", proxy=sample_sites.proxy), lambda n=enough: stored(data) >= n)  # type: ignore[misc]
    # The writer's last record, torn as by a kill in the middle of a write.
    (torn,) = (data / "raw").glob("*.open")
    with torn.open("ab") as stream:
        stream.write(b"\x1f\x8b\x08\x00 the beginning of a record")
    finish(start(data, *crawl, "--no-build", proxy=sample_sites.proxy))
    assert list((data / "raw").glob("*.open")) == []
    assert len(list((data / "raw").glob("*.warc.gz"))) >= 2

    # The build: when it cleans, and when it writes the archive.
    for name in ("work.db", "archive.new.db"):
        kill_when(start(data, "build", "--jobs", "1"), lambda file=data / name: file.exists())  # type: ignore[misc]
    finish(start(data, "build"))
    assert state(data) == undisturbed

    # The rebuild: what was there stays there until the new archive is whole.
    kill_when(start(data, "rebuild", "--jobs", "1"), lambda: (data / "archive.new.db").exists())
    assert state(data) == undisturbed
    finish(start(data, "rebuild"))
    assert state(data) == undisturbed
    (data / "work.db").unlink()
    finish(start(data, "build"))
    assert state(data) == undisturbed
    assert [path.name for path in data.iterdir() if path.name.startswith("archive.")] == ["archive.db"]

    # Cut runs are told until one came to its end; the next crawl fetches no page again.
    assert "was cut off" not in finish(start(data, "status"))
    said = finish(start(data, *crawl, "--no-build", proxy=sample_sites.proxy))
    assert re.search(r"qinghe .*: 9 found, 0 fetched", said)
    finish(start(data, "build"))
    again = state(data)
    assert {**again, "sites": 0} == {**undisturbed, "sites": 0}  # a second visit may change what is said of a site's health
