"""How each site does: read or not in its newest run, why not, and whether it gave what is expected of it."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from archive.raw import REASONS
from archive.registry import Registry, netloc

#: `sites.status`, what each means.
STATUSES = {
    "ok": "read without an obstacle, and at least as many reports as expected",
    "partial": "read, but addresses could not be, or reports are missing",
    "blocked": "nothing could be read: a firewall, a challenge or robots.txt",
    "failing": "nothing could be read, or no report was found where some are expected",
    "moved": "the host redirects elsewhere",
    "never": "never visited",
}
#: `sites.reason`: the reasons of attempts, and one of its own.
SITE_REASONS = {**REASONS, "too_few": "fewer reports than the registry expects, or none where it says nothing"}
CHALLENGES = ("challenge_412", "challenge_521", "waf", "wzws", "cookie_shell")
BLOCKING = (*CHALLENGES, "robots_disallowed", "robots_unavailable")
#: Most telling first, where several reasons are equally frequent.
ORDER = {reason: n for n, reason in enumerate(("moved", *BLOCKING, *SITE_REASONS))}

#: The newest run that visited each site. Imports and replays visit nothing, and revisits and portals read no lists of reports.
NEWEST = """
with visits as (
    select site, run, time, status, url from responses where site <> ''
    union all select site, run, time, null, url from attempts where site <> ''),
    newest as (
    select site, run, max(time) as time from visits
    where run not in (select run from runs where spider in ('import', 'warc', 'revisit', 'portals')) group by site)
"""
ATTEMPTS = (
    "select a.site, a.reason, a.url, a.detail from attempts a join newest n on a.site = n.site and a.run = n.run order by a.id"
)
#: A list that repeats itself was read until it did.
READ = """select r.site, count(*) from responses r join newest n on r.site = n.site and r.run = n.run
    where r.status = 200 and r.role in ('list', 'page', 'attachment', 'search')
    and not exists (select 1 from attempts a where a.url = r.url and a.run = r.run and a.reason <> 'list_trap') group by 1"""
SUCCESS = """select site, max(time) from responses r where site <> '' and status = 200
    and role in ('list', 'page', 'attachment') and run not in (select run from runs where spider in ('import', 'warc'))
    and not exists (select 1 from attempts a where a.url = r.url and a.run = r.run and a.reason <> 'list_trap') group by 1"""


@dataclass(frozen=True)
class Attempt:
    """An address that brought nothing usable in the newest run of its site."""

    site: str
    reason: str
    url: str
    detail: str


def newest_attempts(index: sqlite3.Connection) -> dict[str, list[Attempt]]:
    """Return the attempts of each site's newest run; a challenge counts once for the host, all others once for the address.

    Args:
        index: data/raw/index.db, open for reading.
    """
    found: dict[str, dict[tuple[str, str], Attempt]] = {}
    for site, reason, url, detail in index.execute(NEWEST + ATTEMPTS):
        place = netloc(url) if reason in CHALLENGES else url
        found.setdefault(site, {}).setdefault((reason, place), Attempt(site, reason, url, detail))
    return {site: list(attempts.values()) for site, attempts in found.items()}


def blocked(attempts: list[Attempt], read: set[str]) -> list[Attempt]:
    """Return the attempts on addresses that were not read; an error page that was cleaned (`read`) counts as rejected."""
    return [attempt for attempt in attempts if attempt.reason != "soft_404" or attempt.url not in read]


def site_rows(index: sqlite3.Connection, archive: sqlite3.Connection, registry: Registry) -> Iterator[dict[str, Any]]:
    """Yield the rows of the table `sites`, one for each entry.

    Args:
        index: data/raw/index.db. archive: archive.db with its reports, sources and rejected pages.
    """
    attempts = newest_attempts(index)
    checked = dict(index.execute(NEWEST + "select site, time from newest"))
    reads = dict(index.execute(NEWEST + READ))
    success = dict(index.execute(SUCCESS))
    found = dict(archive.execute("select site, count(distinct report_id) from sources group by 1"))
    merged = dict(
        archive.execute(
            "select s.site, count(distinct report_id) from sources s join reports r using (report_id)"
            " where s.site <> r.site group by 1"
        )
    )
    newest = dict(
        archive.execute("select s.site, max(r.published_date) from sources s join reports r using (report_id) group by 1")
    )
    rejected: dict[str, set[str]] = {}
    for site, url in archive.execute("select site, url from rejected"):
        rejected.setdefault(site, set()).add(url)
    for site, entry in registry.entries.items():
        expected = entry.get("expect", {}).get("min_reports")
        obstacles = blocked(attempts.get(site, []), rejected.get(site, set()))
        row = {
            "id": site,
            "name": entry["name"],
            "code": entry.get("code", ""),
            "home": entry.get("home", ""),
            "dialect": entry.get("dialect", ""),
            "found": found.get(site, 0),
            "expected": expected or 0,
            "rejected": len(rejected.get(site, ())),
            "blocked": len(obstacles),
            "merged": merged.get(site, 0),
            "newest_report": newest.get(site),
            "last_success": success.get(site),
            "last_checked": checked.get(site),
        }
        # Error pages count as rejected, but where reports are missing they are why.
        why = obstacles or (attempts.get(site, []) if too_few(found.get(site, 0), expected) else [])
        status, reason, detail = judge(
            why, visited=site in checked, read=reads.get(site, 0), found=found.get(site, 0), expected=expected
        )
        yield {**row, "status": status, "reason": reason, "detail": detail}


def too_few(found: int, expected: int | None) -> bool:
    """Whether so many reports are fewer than the registry expects; where it says nothing, none at all is too few."""
    return found < (1 if expected is None else expected)


def judge(attempts: list[Attempt], *, visited: bool, read: int, found: int, expected: int | None) -> tuple[str, str, str]:
    """Return status, reason and detail of a site.

    Args:
        attempts: addresses not read in the newest run.
        visited: whether it was ever visited.
        read: lists, pages and attachments read in the newest run.
        found: reports found there, ever.
        expected: fewest reports that the registry expects; where it says nothing, none at all is too few.
    """
    if not visited:
        return "never", "", ""
    counts = Counter(attempt.reason for attempt in attempts)
    reason = min(counts, key=lambda name: (name != "moved", -counts[name], ORDER.get(name, len(ORDER))), default="")
    first = next((attempt for attempt in attempts if attempt.reason == reason), None)
    detail = f"{first.url}: {first.detail}".removesuffix(": ") if first else ""
    short = ""
    if too_few(found, expected):
        short = f"{found} of at least {expected} reports found" if expected else "no report found"
    said = "; ".join(part for part in (short, detail) if part)
    if reason == "moved":
        return "moved", reason, said
    if not read:
        return ("blocked" if reason in BLOCKING else "failing"), reason, said or "nothing was read"
    if short:
        status = "partial" if found else "blocked" if reason in BLOCKING else "failing"
        return status, reason or "too_few", said
    return ("partial" if attempts else "ok"), reason, said


def crawl_rows(index: sqlite3.Connection) -> list[dict[str, Any]]:
    """Return the rows of the table `crawls`."""
    columns = ("run", "spider", "started", "finished", "sites", "responses", "attempts")
    counted = (
        "(select count(*) from responses r where r.run = runs.run) + (select count(*) from revisits v where v.run = runs.run),"
        " (select count(*) from attempts a where a.run = runs.run)"
    )
    rows = index.execute(f"select run, spider, started, finished, sites, {counted} from runs order by run")
    return [dict(zip(columns, row, strict=True)) for row in rows]
