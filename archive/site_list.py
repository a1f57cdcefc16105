"""How the sites of the registry do, as a list to be filtered; what was read and rejected, and the runs of the spiders."""

from __future__ import annotations

import sqlite3
from typing import Any

from archive.health import SITE_REASONS, STATUSES

SHOWN = ("id", "name", "code", "home", "status", "reason", "detail", "found", "expected", "rejected", "blocked",
         "newest_report", "last_success", "last_checked")  # fmt: skip
#: Sites that need a look come first, those never visited last.
WORST_FIRST = "case status when 'ok' then 1 when 'never' then 2 else 0 end"
RUNS = ("run", "spider", "started", "finished", "sites", "responses", "attempts")


def check(status: str, reason: str) -> None:
    """Make sure that filters have values that can be.

    Raises:
        ValueError: one has not.
    """
    if status and status not in STATUSES:
        raise ValueError(f"状况 {status[:20]} 无法识别：可以是 {'、'.join(STATUSES)}。")
    if reason and reason not in SITE_REASONS:
        raise ValueError(f"原因 {reason[:20]} 无法识别：见词表。")


def sites(
    connection: sqlite3.Connection,
    *,
    status: str = "",
    reason: str = "",
    province: str = "",
    name: str = "",
    limit: int = -1,
    offset: int = 0,
) -> tuple[int, list[dict[str, Any]]]:
    """Return how many sites fit, and a page of them: those that need a look first.

    Args:
        connection: the archive.
        status: one of health.STATUSES.
        reason: one of health.SITE_REASONS.
        province: the first two digits of division codes.
        name: part of the name, of the registry id or of the address.
        limit: most rows; all where negative.
        offset: rows to leave out at the beginning.
    """
    conditions = {
        "status = :status": status,
        "reason = :reason": reason,
        "substr(code, 1, 2) = :province": province,
        "(instr(name, :name) or instr(id, :name) or instr(home, :name))": name,
    }
    where = " and ".join(["1", *(condition for condition, value in conditions.items() if value)])
    values = {"status": status, "reason": reason, "province": province, "name": name, "limit": limit, "offset": offset}
    total = connection.execute(f"select count(*) from sites where {where}", values).fetchone()[0]
    sql = f"select {', '.join(SHOWN)} from sites where {where} order by {WORST_FIRST}, code, id limit :limit offset :offset"
    return total, [dict(zip(SHOWN, row, strict=True)) for row in connection.execute(sql, values)]


def statuses(connection: sqlite3.Connection) -> dict[str, int]:
    """Return status -> sites, in the order of STATUSES."""
    found = dict(connection.execute("select status, count(*) from sites group by 1").fetchall())
    return {status: found[status] for status in STATUSES if status in found}


def reasons(connection: sqlite3.Connection) -> dict[str, int]:
    """Return reason -> sites that are not ok for it, the most frequent first."""
    return dict(
        connection.execute("select reason, count(*) from sites where reason <> '' group by 1 order by 2 desc, 1").fetchall()
    )


def provinces(connection: sqlite3.Connection) -> list[tuple[str, str]]:
    """Return (first two digits, name) of the provinces that have sites."""
    sql = """select substr(code, 1, 2), name from divisions where level = 'province'
        and substr(code, 1, 2) in (select distinct substr(code, 1, 2) from sites) order by 1"""
    return [(row[0], row[1]) for row in connection.execute(sql)]


def rejected(connection: sqlite3.Connection) -> dict[str, int]:
    """Return reason -> pages that were read and are no reports, the most frequent first."""
    return dict(connection.execute("select reason, count(*) from rejected group by 1 order by 2 desc, 1").fetchall())


def runs(connection: sqlite3.Connection, limit: int = 20) -> list[dict[str, Any]]:
    """Return the newest runs, newest first."""
    found = connection.execute(f"select {', '.join(RUNS)} from crawls order by started desc, run desc limit ?", (limit,))
    return [dict(zip(RUNS, row, strict=True)) for row in found]
