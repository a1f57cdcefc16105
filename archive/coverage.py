"""Coverage: who should have reported for which year, who did and when, and what is missing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.keys import same_issuer
from archive.places import OFFICE, PLACE
from archive.registry import Registry
from cleaning.divisions import level_of

#: `coverage.status`, what each means. A report is due before 1 April of the year after (督察工作规定, art. 24).
STATUSES = {
    "on_time": "published by 31 March of the year after",
    "late": "published later",
    "undated": "there, but its date of publication is not known",
    "missing": "due and not found; where last_checked is empty nobody has looked yet",
    "blocked": "due and not found, and the site could not be read",
    "not_due": "not found, and not due yet when we last looked anywhere",
    "withdrawn": "was there, and is gone from every place it was found",
}
BEIJING = timedelta(hours=8)
UNREADABLE = ("blocked", "failing", "moved")


@dataclass(frozen=True)
class Found:
    """A report, as far as coverage asks."""

    report_id: str
    status: str
    year: int
    issuer: str
    issuer_type: str
    code: str
    level: str
    days_late: int | None

    @property
    def timing(self) -> str:
        """on_time, late, undated or withdrawn."""
        if self.status == "withdrawn":
            return "withdrawn"
        return "undated" if self.days_late is None else "late" if self.days_late > 0 else "on_time"


def coverage_rows(archive: sqlite3.Connection, registry: Registry, looked: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of the table `coverage`: every entry and year, then issuers that are no entry.

    Args:
        archive: archive.db with its reports and sites.
        registry: who is expected to report.
        looked: time of the newest record of the raw store, UTC; "" where it is empty.
    """
    rows = archive.execute(
        "select report_id, status, report_year, issuer, coalesce(issuer_type, ''), coalesce(division_code, ''),"
        " coalesce(level, ''), days_late from reports"
        " where report_year is not null and issuer is not null order by published_date, report_id"
    )
    found: dict[int, list[Found]] = {}
    for report in (Found(*row) for row in rows):
        found.setdefault(report.year, []).append(report)
    sites = {row[0]: row[1:] for row in archive.execute("select id, status, last_checked from sites")}
    due = last_due_year(looked)
    last = max([due, *([newest_year(looked)] if looked else [])])
    given: set[tuple[str, str, int]] = set()
    told: set[str] = set()
    for year in range(min(found, default=last + 1), last + 1):
        for site, entry in registry.entries.items():
            status, checked = sites.get(site, ("never", None))
            reports = [report for report in found.get(year, []) if is_of(report, entry)]
            told |= {report.report_id for report in reports}
            timing = (
                reports[0].timing if reports else "not_due" if year > due else "blocked" if status in UNREADABLE else "missing"
            )
            key = (entry.get("code", ""), entry["name"], year)
            if key not in given:
                given.add(key)
                yield _row(key, timing, reports[0].report_id if reports else None, checked)
    for report in (report for year in sorted(found) for report in found[year] if report.report_id not in told):
        key = (report.code, report.issuer, report.year)
        if key not in given:
            given.add(key)
            yield _row(key, report.timing, report.report_id, None)


def _row(key: tuple[str, str, int], status: str, report_id: str | None, checked: str | None) -> dict[str, Any]:
    code, issuer, year = key
    return {"division_code": code, "issuer": issuer, "report_year": year, "status": status, "report_id": report_id,
            "last_checked": checked}  # fmt: skip


def is_of(report: Found, entry: dict[str, Any]) -> bool:
    """Whether a report is that of an entry: a government's by its division, anybody's by the name."""
    name = entry["name"]
    government = OFFICE.search(name) or PLACE.search(name)
    if government and report.code and report.issuer_type in ("government", "joint"):
        code = str(entry.get("code", ""))  # a township's report may carry the county's code, and is not the county's
        return report.code == code and report.level in ("", level_of(code))
    return same_issuer(report.issuer, name) and report.code in ("", entry.get("code", ""))


def newest_year(looked: str) -> int:
    """Return the newest year that anybody may have reported on at that time: the year before, in China."""
    return (datetime.fromisoformat(looked) + BEIJING).year - 1


def last_due_year(looked: str) -> int:
    """Return the newest year whose reports were due at that time (UTC), 0 where nobody ever looked."""
    if not looked:
        return 0
    day = datetime.fromisoformat(looked) + BEIJING
    return day.year - 1 if (day.month, day.day) >= (4, 1) else day.year - 2
