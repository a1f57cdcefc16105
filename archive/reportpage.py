"""What the page of a report shows: the report, where it stood, its figures, and the reports it is kin to."""

from __future__ import annotations

import json
import sqlite3
from typing import Any

Row = dict[str, Any]

#: Sources in the order in which a reader looks for them.
RELATIONS = ("canonical", "attachment", "version", "copy", "excerpt")
#: Most of the reports that are like it, and of those of other years.
ALIKE, YEARS = 10, 60

VERSIONS = "select n, first_seen, last_seen, cause, source_id, text_sha256 from versions where report_id = ? order by n"
OTHERS = """select report_id, title, report_year, published_date, days_late from reports
where series = (select series from reports where report_id = ?1) and report_id <> ?1 and status <> 'removed'
order by report_year desc, published_date desc limit ?2"""
SIMILAR = """select r.report_id, r.title, r.issuer, r.report_year, max(v.containment) as containment, max(v.exact) as exact
from (
  select v.source_b as source_id, v.containment, v.exact from sources s
    cross join verdicts v on v.source_a = s.source_id where s.report_id = ?1 and v.verdict = 'similar'
  union all
  select v.source_a, v.containment, v.exact from sources s
    cross join verdicts v on v.source_b = s.source_id where s.report_id = ?1 and v.verdict = 'similar'
) v cross join sources o on o.source_id = v.source_id cross join reports r on r.report_id = o.report_id
where r.report_id <> ?1 and r.status <> 'removed' group by r.report_id order by 5 desc, 1 limit ?2"""
REUSE = """select u.origin, u.sentences, u.carried, u.share, u.from_report_id, r.title as from_title, r.report_year as from_year
from reuse u left join reports r on r.report_id = u.from_report_id and r.status <> 'removed'
where u.report_id = ? and u.sentences > 0 order by u.origin"""
FIGURES = "select name, value, unit, sentence, start, end, confidence from indicators where report_id = ? order by start, name"
COVERAGE = """select division_code, issuer, report_year, status, last_checked from coverage
where report_id = ? order by division_code, issuer"""


def report(connection: sqlite3.Connection, report_id: str) -> Row | None:
    """Return what the page of a report shows; None where there is no such report.

    Returns:
        The columns of the report, and `flags`, `sources`, `sections`, `versions` (without their texts), `figures` (rows of
        `indicators` in the order of the text), `others` (the same issuer's other reports), `similar` (with `containment`,
        0 to 1), `reuse` and `coverage`. A table that an older archive does not have gives none.
    """
    tables = {name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")}

    def rows(table: str, sql: str, *values: object) -> list[Row]:
        return read(connection, sql, report_id, *values) if table in tables else []

    found = rows("reports", "select * from reports where report_id = ?")
    if not found:
        return None
    page = found[0]
    page["flags"] = json.loads(page["quality_flags"] or "[]")
    sources = rows("sources", "select * from sources where report_id = ? order by first_seen, url")
    page["sources"] = sorted(sources, key=lambda source: RELATIONS.index(source["relation"] or RELATIONS[-1]))
    page["sections"] = rows("sections", "select * from sections where report_id = ? order by position")
    page["versions"] = rows("versions", VERSIONS)
    page["figures"] = rows("indicators", FIGURES)
    page["others"] = rows("reports", OTHERS, YEARS)
    page["similar"] = rows("verdicts", SIMILAR, ALIKE)
    page["reuse"] = rows("reuse", REUSE)
    page["coverage"] = rows("coverage", COVERAGE)
    return page


def read(connection: sqlite3.Connection, sql: str, *values: object) -> list[Row]:
    """Return the rows of a statement as dicts."""
    cursor = connection.execute(sql, values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def source_of(connection: sqlite3.Connection, report_id: str, source_id: str) -> Row | None:
    """Return the row of a place where a report was found; None where it is no place of this report."""
    found = read(connection, "select * from sources where report_id = ? and source_id = ?", report_id, source_id)
    return found[0] if found else None


def versions(connection: sqlite3.Connection, report_id: str) -> Row:
    """Return `title` and `issuer` of a report, and `versions` with their number of characters and addresses, oldest first."""
    page = read(connection, "select report_id, title, issuer, report_year from reports where report_id = ?", report_id)[0]
    if not connection.execute("select 1 from sqlite_master where name = 'versions'").fetchone():
        return page | {"versions": []}
    sql = """select v.n, length(replace(v.text, char(10), '')) as char_count, v.text_sha256, v.source_id, v.first_seen,
        v.last_seen, v.cause, s.url from versions v left join sources s on s.source_id = v.source_id
        where v.report_id = ? order by v.n"""
    return page | {"versions": read(connection, sql, report_id)}


def version_texts(connection: sqlite3.Connection, report_id: str, numbers: tuple[int, int]) -> list[str]:
    """Return the texts of two versions that there are."""
    sql = "select text from versions where report_id = ? and n = ?"
    return [connection.execute(sql, (report_id, n)).fetchone()[0] or "" for n in numbers]
