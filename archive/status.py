"""What `fazhi status` prints: what needs attention, how each site does, what was rejected and why, and who has not reported."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from typing import Any

from archive.who_reported import summary

FIELDS = ("id", "name", "status", "reason", "found", "expected", "last_success")

#: Runs that were cut off, and after which none of the same spider came to its end.
CUT = """select run, spider, started from crawls c where finished is null and not exists (
    select 1 from crawls l where l.spider = c.spider and l.started > c.started and l.finished is not null) order by started"""


def as_dict(db: sqlite3.Connection) -> dict[str, Any]:
    """Return the status for programs: `reports`, `sites` and `rejected` (reason -> pages)."""
    rows = db.execute(f"select {', '.join(FIELDS)} from sites order by id")
    return {
        "reports": db.execute("select count(*) from reports where status <> 'removed'").fetchone()[0],
        "sites": [dict(zip(FIELDS, row, strict=True)) for row in rows],
        "rejected": dict(db.execute("select reason, count(*) from rejected group by 1 order by 2 desc, 1").fetchall()),
    }


def lines(db: sqlite3.Connection) -> Iterator[str]:
    """Yield the status for people, line by line."""
    counts = dict(db.execute("select status, count(*) from reports group by 1").fetchall())
    columns = "id, name, status, reason, detail, found, expected, rejected, blocked, merged, last_success"
    sites = [dict(row) for row in db.execute(f"select {columns} from sites order by id")]
    visited = [site for site in sites if site["status"] != "never"]
    troubled = [site for site in visited if site["status"] != "ok"]
    cut = db.execute(CUT).fetchall()
    if troubled or cut:
        yield f"NEEDS ATTENTION: {len(troubled)} of {len(visited)} sites visited are not ok"
        for site in sorted(troubled, key=lambda site: (site["status"] == "partial", site["id"])):
            why = ": ".join(part for part in (site["reason"], site["detail"]) if part)
            yield f"  {site['status'].upper():8} {site['id']} {site['name']}: {why}"
        for run, spider, started in cut:
            yield f"  run {run} of {spider} (started {started}) was cut off: run it again, it goes on where it stopped"
        yield ""
    gone = "".join(f", {counts[name]} {name}" for name in ("withdrawn", "removed") if counts.get(name))
    yield f"{sum(counts.values())} reports{gone}"
    if visited:
        yield f"{'site':16} {'status':8} found expected rejected blocked merged  last success"
    for site in visited:
        numbers = f"{site['found']:>5} {site['expected']:>8} {site['rejected']:>8} {site['blocked']:>7} {site['merged']:>6}"
        yield f"{site['id']:16} {site['status']:8} {numbers}  {site['last_success'] or 'never'}"
    if len(sites) > len(visited):
        yield f"{len(sites) - len(visited)} sites of the registry were never visited"
    rejected = db.execute("select reason, count(*) from rejected group by 1 order by 2 desc, 1").fetchall()
    if rejected:
        yield "rejected pages: " + ", ".join(f"{reason} {count}" for reason, count in rejected)
    if told := list(summary(db)):
        yield from ("", *told)
