"""Who reported and who did not: the table `coverage` as a list to be filtered, and its newest due year in a few lines."""

from __future__ import annotations

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Iterator
from io import StringIO
from typing import Any

from archive.hits import printable
from archive.places import OFFICE
from archive.selection import check, utf8
from cleaning.document import LEVELS

#: Whether somebody looked after a report was due: from 1 April in China on (March ends there at 16:00 UTC).
LOOKED = "c.last_checked >= (c.report_year + 1) || '-03-31T16:00'"
#: An issuer's level: as its report has it, else by the shape of its code; without a code it is a ministry.
LEVEL = """coalesce(r.level, case when c.division_code = '' then 'national' when length(c.division_code) = 9 then 'township'
    when c.division_code like '%0000' then 'province' when c.division_code like '%00' then 'prefecture' else 'county' end)"""
#: The list. Parameters: year, province (name, beginning of the name, or code), level, status; each may be ''. The site's
#: query of the same name is this text.
WHO_REPORTED_SQL = f"""\
select c.report_year, c.status, c.division_code, c.issuer, {LEVEL} as level,
  coalesce(p.name, r.province) as province, coalesce(d.name, r.prefecture) as prefecture,
  r.published_date, r.days_late, c.last_checked, coalesce({LOOKED}, 0) as looked_since_due, c.report_id, r.url
from coverage as c left join reports as r on r.report_id = c.report_id
  left join divisions as p on p.code = substr(c.division_code, 1, 2) || '0000'
  left join divisions as d on d.code = substr(c.division_code, 1, 4) || '00' and d.level = 'prefecture'
where (:year = '' or c.report_year = :year)
  and (:status = '' or c.status = :status)
  and (:level = '' or {LEVEL} = :level)
  and (:province = '' or substr(coalesce(p.name, r.province), 1, length(:province)) = :province
    or (:province glob '[0-9]*' and substr(c.division_code, 1, 2) = substr(:province, 1, 2)))
order by c.report_year desc, c.division_code, c.issuer
"""
COLUMNS = ("report_year", "status", "division_code", "issuer", "level", "province", "prefecture", "published_date",
           "days_late", "last_checked", "looked_since_due", "report_id", "url")  # fmt: skip

#: What becomes of those who must report, in the order of the summary's columns.
OUTCOMES = ("on_time", "late", "undated", "withdrawn", "missing", "not looked", "blocked")
NEWEST = "select max(report_year) from coverage where status in ('missing', 'blocked')"


def who_reported(
    db: sqlite3.Connection,
    *,
    year: int | None = None,
    province: str | None = None,
    level: str | None = None,
    status: str | None = None,
) -> list[dict[str, Any]]:
    """Return rows of COLUMNS, the newest year first; each filter may be left out.

    Raises:
        ValueError: a filter has a value that cannot be; the message says what can be.
    """
    check(db, province=province, level=level)
    given = {"year": year, "province": province and utf8(province), "level": level, "status": status}
    rows = db.execute(WHO_REPORTED_SQL, {name: value or "" for name, value in given.items()})
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def listed(form: str, rows: list[dict[str, Any]]) -> str:
    """Return the rows as text that ends in a line end: `text`, `json` (`total` and `rows`) or `csv`."""
    if form == "json":
        return json.dumps({"total": len(rows), "rows": rows}, ensure_ascii=False, indent=2) + "\n"
    if form == "csv":
        stream = StringIO()
        writer = csv.DictWriter(stream, COLUMNS, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
        return stream.getvalue()
    return "".join(f"{line}\n" for line in [*map(_line, rows), f"{len(rows):,} rows"])


def _line(row: dict[str, Any]) -> str:
    if row["report_id"]:
        days = row["days_late"]
        late = f", {days} days late" if days and days > 0 else ""
        about = f"{row['report_id']} published {row['published_date'] or 'on an unknown day'}{late}"
    elif not row["last_checked"]:
        about = "nobody ever looked"
    elif row["status"] == "blocked":
        about = f"could not be read on {row['last_checked'][:10]}"
    else:
        about = f"looked on {row['last_checked'][:10]}{'' if row['looked_since_due'] else ', before it was due'}"
    return f"{row['report_year']} {row['status']:9} {row['division_code'] or '-':9} {printable(row['issuer'])}: {about}"


def summary(db: sqlite3.Connection) -> Iterator[str]:
    """Yield what became of the newest year that was due, level by level; nothing where nobody ever looked anywhere."""
    year = db.execute(NEWEST).fetchone()[0]
    if year is None:
        return
    counts: dict[str, Counter[str]] = {}
    for row in who_reported(db, year=year):
        outcome = "not looked" if row["status"] == "missing" and not row["looked_since_due"] else row["status"]
        counts.setdefault(row["level"] if OFFICE.search(row["issuer"]) else "others", Counter())[outcome] += 1
    yield f"coverage of {year}, due by 31 March {year + 1} ('not looked': nobody has looked since)"
    yield f"{'government':16}" + "".join(f"{outcome:>11}" for outcome in OUTCOMES)
    for level in (*LEVELS, "others"):
        if level in counts:
            yield f"{level:16}" + "".join(f"{counts[level][outcome]:>11,}" for outcome in OUTCOMES)
    yield f"who is missing: fazhi status --coverage --year {year} --status missing"
