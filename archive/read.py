"""Reading archive.db: opening it read-only, and what the pages of the site show of it; never writes."""

from __future__ import annotations

import sqlite3
from collections import Counter
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from archive.health import blocked, newest_attempts


def open_archive(path: Path) -> sqlite3.Connection:
    """Open an archive for reading; rows can be read by column name.

    Raises:
        FileNotFoundError: there is no such file; the message says how one is made.
        sqlite3.DatabaseError: it is no archive, or cannot be read.
    """
    if not path.is_file():
        raise FileNotFoundError(
            f"{path}: no archive here; make one with `fazhi crawl` or `fazhi import`, or name another --data"
        )
    connection = sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)
    connection.row_factory = sqlite3.Row
    try:
        connection.execute("select report_id from reports limit 1")
        connection.execute("select rowid from reports_fts limit 1")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def report_id_of(connection: sqlite3.Connection, identifier: str) -> str | None:
    """Return the report an identifier stands for: its own, or that of any place where it was found; None for neither."""
    own = "select report_id from reports where report_id = ?"
    via = "select report_id from sources where source_id = ? and report_id in (select report_id from reports)"
    for sql in (own, via):
        if found := connection.execute(sql, (identifier,)).fetchone():
            return str(found[0])
    return None


def standing(connection: sqlite3.Connection, identifier: str) -> tuple[str, str] | None:
    """Return (report_id, status) of the report that an identifier stands for, None where there is none."""
    report_id = report_id_of(connection, identifier)
    found = connection.execute("select report_id, status from reports where report_id = ?", (report_id,)).fetchone()
    return tuple(found) if found else None


def totals(connection: sqlite3.Connection) -> dict[str, Any]:
    """Return what the start page counts: reports, issuers, years (with `first_year` and `last_year`), provinces and sites.

    Removed reports are not counted. Each count reads an index only, so that it stays quick with many reports.
    """
    row = connection.execute(
        "select (select count(*) from reports) - (select count(*) from reports where status = 'removed'),"
        " (select count(distinct series) from reports), (select count(distinct report_year) from reports),"
        " (select min(report_year) from reports), (select max(report_year) from reports),"
        " (select count(distinct province) from reports), (select count(*) from sites)"
    ).fetchone()
    return dict(zip(("reports", "issuers", "years", "first_year", "last_year", "provinces", "sites"), row, strict=True))


def newest(connection: sqlite3.Connection, limit: int = 10) -> list[dict[str, Any]]:
    """Return the reports published last (title, issuer, dates, place), newest first."""
    names = ("report_id", "title", "report_year", "issuer", "province", "published_date", "status")
    found = connection.execute(
        f"select {', '.join(names)} from reports where status <> 'removed' and published_date is not null"
        " order by published_date desc, id desc limit ?",
        (limit,),
    )
    return [dict(zip(names, row, strict=True)) for row in found]


def choices(connection: sqlite3.Connection) -> dict[str, list[Any]]:
    """Return the report years (newest first) and provinces there are, for the search form."""
    years = connection.execute("select distinct report_year from reports where report_year is not null order by 1 desc")
    provinces = connection.execute("select distinct province from reports where province is not null order by 1")
    return {"years": [row[0] for row in years], "provinces": [row[0] for row in provinces]}


@dataclass(frozen=True)
class SiteSummary:
    """What a site gave: printable as one line."""

    id: str
    name: str
    status: str
    reason: str
    found: int  #: distinct reports with a source there
    merged: int  #: of these, copies of a report whose canonical source is elsewhere
    rejected: dict[str, int]  #: reason -> pages
    blocked: dict[str, int]  #: reason -> addresses not read in the newest run; empty where the raw store is not there

    def __str__(self) -> str:
        counts = [f"found {self.found}", f"merged {self.merged}"]
        for name, reasons in (("rejected", self.rejected), ("blocked", self.blocked)):
            said = ", ".join(f"{reason} {count}" for reason, count in sorted(reasons.items()))
            counts.append(f"{name} {sum(reasons.values())}" + (f" ({said})" if said else ""))
        return f"{self.id} {self.name}: {self.status}; {', '.join(counts)}"


def site_summaries(connection: sqlite3.Connection) -> list[SiteSummary]:
    """Return what each site gave that was visited or has reports; attempts are read from data/raw beside the archive."""
    file = Path(connection.execute("select file from pragma_database_list where name = 'main'").fetchone()[0])
    index = file.parent / "raw" / "index.db"
    attempts = {}
    if index.exists():
        with closing(sqlite3.connect(f"{index.resolve().as_uri()}?mode=ro", uri=True)) as raw:
            attempts = newest_attempts(raw)
    rejected: dict[str, Counter[str]] = {}
    read: dict[str, set[str]] = {}
    for site, reason, url in connection.execute("select site, reason, url from rejected"):
        rejected.setdefault(site, Counter())[reason] += 1
        read.setdefault(site, set()).add(url)
    rows = connection.execute(
        "select id, name, status, reason, found, merged from sites where status <> 'never' or found > 0 order by id"
    )
    found = []
    for name, title, status, reason, reports, merged in rows:
        obstacles = Counter(attempt.reason for attempt in blocked(attempts.get(name, []), read.get(name, set())))
        refused = dict(rejected.get(name, {}))
        found.append(SiteSummary(name, title, status, reason, reports, merged, refused, dict(obstacles)))
    return found
