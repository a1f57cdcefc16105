"""Coverage: who should have reported on which year, who did and when, what is missing, and when somebody last looked."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from archive.duty import OTHERS_SINCE, Duty, Issuer
from archive.places import OFFICE, Places, speaker
from archive.registry import Registry

#: `coverage.status`, what each means. A report is due before 1 April of the year after (督察工作规定, art. 24).
STATUSES = {
    "on_time": "published by 31 March of the year after",
    "late": "published later",
    "undated": "there, but its date of publication is not known",
    "missing": "due and not found; where last_checked is empty, or before it was due, nobody has looked yet",
    "blocked": "due and not found, and the site could not be read",
    "not_due": "not found, and not due yet when we last looked anywhere",
    "withdrawn": "was there, and is gone from every place it was found",
}
BEIJING = timedelta(hours=8)
UNREADABLE = ("blocked", "failing", "moved")

#: The best report of an issuer and year comes first: one that is there, else one that was taken out on request (it was
#: published all the same), else one that is gone; then the earliest.
REPORTS = """select report_id, status, report_year, issuer, coalesce(issuer_type, ''), coalesce(division_code, ''),
    coalesce(level, ''), series, days_late, site from reports
    where report_year is not null and issuer is not null
    order by status = 'withdrawn', status = 'removed', published_date is null, published_date, report_id"""
#: A site that was read and brought nothing (too_few) has been looked at; one with any other trouble has not.
SITES = f"""select id, last_checked, status in {UNREADABLE} and reason <> 'too_few' from sites
    where last_checked is not null"""


@dataclass(frozen=True, slots=True)
class Found:
    """A report, as far as coverage asks."""

    report_id: str
    status: str
    year: int
    issuer: str
    issuer_type: str
    code: str
    level: str
    series: str
    days_late: int | None
    site: str | None

    @property
    def timing(self) -> str:
        """on_time, late, undated or withdrawn."""
        if self.status == "withdrawn":
            return "withdrawn"
        return "undated" if self.days_late is None else "late" if self.days_late > 0 else "on_time"


def coverage_rows(archive: sqlite3.Connection, registry: Registry, places: Places, looked: str) -> Iterator[dict[str, Any]]:
    """Yield the rows of the table `coverage`: every issuer and year that a report is due for, and every report found.

    Args:
        archive: archive.db with its reports and sites.
        registry: who is expected to report besides the governments of the table of divisions.
        places: names of divisions, made of the registry.
        looked: time of the newest record of the raw store, UTC; "" where it is empty.
    """
    sites = {site: (checked, bool(unread)) for site, checked, unread in archive.execute(SITES)}
    due, newest = last_due_year(looked), newest_year(looked)
    for issuer, found in reported(archive, Duty(registry.entries, places)):
        own = issuer.sites or {report.site for report in found.values()}
        visits = [sites[site] for site in own if site in sites]
        checked = max((time for time, _ in visits), default=None)
        unread = bool(visits) and all(unread for _, unread in visits)
        expected = range(max(issuer.due, issuer.since), min(issuer.until, newest) + 1)
        for year in sorted({*expected, *found}):
            report = found.get(year)
            absent = "not_due" if year > due else "blocked" if unread else "missing"
            yield {
                "division_code": issuer.code,
                "issuer": issuer.name,
                "report_year": year,
                "status": report.timing if report else absent,
                "report_id": report and report.report_id,
                "last_checked": checked,
            }


def reported(archive: sqlite3.Connection, duty: Duty) -> Iterator[tuple[Issuer, dict[int, Found]]]:
    """Yield everybody who has to report or did, each with the best report of every year."""
    reports = [Found(*row) for row in archive.execute(REPORTS)]
    newest = {report.series: report for report in sorted(reports, key=lambda report: (report.year, report.report_id))}
    found: dict[Issuer, dict[int, Found]] = {issuer: {} for issuer in duty.issuers}
    others: dict[tuple[str, str], Issuer] = {(issuer.code, issuer.name): issuer for issuer in duty.issuers}
    for report in reports:
        issuer = duty.of(report.issuer, report.issuer_type, report.code, report.level, report.series, report.year)
        if issuer is None:  # named as its newest report names it
            name = newest[report.series].issuer
            official = OFFICE.search(speaker(name))
            name = speaker(name) if official else name
            issuer = others.setdefault((report.code, name), Issuer(report.code, name, due=9999))
            if official and len(report.code) == 9:  # a township is expected from its first report on
                issuer.due = max(OTHERS_SINCE, min(issuer.due, report.year))
        found.setdefault(issuer, {}).setdefault(report.year, report)
    yield from found.items()


def newest_year(looked: str) -> int:
    """Return the newest year that anybody may have reported on at that time (UTC): the year before, in China; 0 for ""."""
    return (datetime.fromisoformat(looked) + BEIJING).year - 1 if looked else 0


def last_due_year(looked: str) -> int:
    """Return the newest year whose reports were due at that time (UTC), 0 where nobody ever looked."""
    if not looked:
        return 0
    day = datetime.fromisoformat(looked) + BEIJING
    return day.year - 1 if (day.month, day.day) >= (4, 1) else day.year - 2
