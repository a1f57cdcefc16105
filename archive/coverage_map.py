"""The table `coverage` as a map to look at: divisions by years, down to a single issuer, and the list behind every cell."""

from __future__ import annotations

import re
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from archive.who_reported import LOOKED

#: A report that is missing where nobody looked since it was due is not known to be missing.
STATUS = f"""case when c.status <> 'missing' then c.status when c.last_checked is null then 'unchecked'
    when {LOOKED} then 'missing' else 'unchecked' end"""
STATUSES = ("on_time", "late", "undated", "withdrawn", "missing", "unchecked", "blocked", "not_due")

#: What a map may show -> the statuses whose share of the reports due it shows.
MEASURES = {
    "found": ("on_time", "late", "undated", "withdrawn"),
    "on_time": ("on_time",),
    "late": ("late",),
    "undated": ("undated",),
    "missing": ("missing",),
    "unchecked": ("unchecked",),
    "blocked": ("blocked",),
}
#: Stands for the ministries, which have no code.
NATIONAL = "national"
CODE = re.compile(rf"[0-9]{{6}}([0-9]{{3}})?|{NATIONAL}|")
#: Columns of the list, as JSON and CSV have them.
LISTED = ("report_year", "status", "division_code", "division", "issuer", "published_date", "days_late", "last_checked",
          "report_id", "title", "url")  # fmt: skip
PAST = chr(ord("9") + 1)  #: sorts after every digit


@dataclass
class Line:
    """A row of the map: a division with all below it, or its own issuers alone (`own`)."""

    code: str
    name: str
    own: bool = False
    years: dict[int, Counter[str]] = field(default_factory=dict)  #: report year -> status -> reports

    def add(self, year: int, status: str, count: int) -> None:
        """Count reports of a year."""
        self.years.setdefault(year, Counter())[status] += count


@dataclass
class Map:
    """Divisions by years. `trail`: (code, name) from the province down to the division that is shown."""

    trail: list[tuple[str, str]]
    years: list[int]
    lines: list[Line]
    total: Line


def due(counts: Counter[str]) -> int:
    """Return how many reports were due."""
    return counts.total() - counts["not_due"]


def share(counts: Counter[str], measure: str) -> float | None:
    """Return the share of the reports due that a measure counts, 0 to 1; None where none was due."""
    whole = due(counts)
    return sum(counts[status] for status in MEASURES[measure]) / whole if whole else None


def check_code(code: str) -> str:
    """Return a code that can be: six or nine digits, `national`, or "" for the whole country.

    Raises:
        ValueError: it is none.
    """
    if not CODE.fullmatch(code):
        raise ValueError(f"区划代码 {code[:20]} 无法识别：应为六位或九位数字。")
    return code


def division_map(connection: sqlite3.Connection, code: str) -> Map:
    """Return the map of the divisions right below one: of the country for "", of a province or a prefecture.

    The issuers of the division itself are a line of their own. A county has nothing below it: see `issuers`.
    """
    names, below = _below(connection, code)
    sql = f"""select substr(c.division_code, 1, 6), c.report_year, {STATUS}, count(*), min(c.issuer)
        from coverage as c where c.division_code >= :low and c.division_code < :high group by 1, 2, 3"""
    if not code:  # of the whole table: a scan is three times as fast as the way by its index
        sql = (
            f"select substr(c.division_code, 1, 2), c.report_year, {STATUS}, count(*), null from coverage as c group by 1, 2, 3"
        )
    lines: dict[str, Line] = {}
    total = Line(code, "")
    rows = connection.execute(sql, _range(code)).fetchall()
    below = {part: part for part, *_ in rows if code and part != code} | below  # with those that are in no table
    for part, year, status, count, issuer in rows:
        key = part.ljust(6, "0") if part else NATIONAL
        if code and key != code:
            key = below[key] if key in names else below.get(f"{key[:4]}00", key)
        own = key == code
        line = lines.setdefault(key, Line(key, names.get(key) or ("" if key == NATIONAL else issuer or key), own))
        line.add(year, status, count)
        total.add(year, status, count)
    ordered = sorted(lines.values(), key=lambda line: (not line.own, line.code != NATIONAL, line.code))
    return Map(trail_of(connection, code), sorted(total.years), ordered, total)


def _below(connection: sqlite3.Connection, code: str) -> tuple[dict[str, str], dict[str, str]]:
    """Return the names of a division and its descendants, and for each of these the one right below the division."""
    levels = "level <> 'township'" if code else "level = 'province'"
    sql = f"select code, name, parent from divisions where {levels} and code >= :low and code < :high"
    names, parents = {}, {}
    for one, name, parent in connection.execute(sql, _range(code)):
        names[one] = name
        if one != code:
            parents[one] = parent
    below = {}
    for one in parents:
        above = one
        while parents[above] in parents:
            above = parents[above]
        below[one] = above
    return names, below


def _range(code: str, *, own: bool = False) -> dict[str, str]:
    """Return the first code of a division, and the first after all of its: `low` and `high`."""
    if code == NATIONAL:
        return {"low": "", "high": "0"}
    if own:
        return {"low": code, "high": f"{code} "}
    stem = re.sub("(00){1,2}$", "", code) if len(code) == 6 else code
    return {"low": stem, "high": stem + PAST}


def trail_of(connection: sqlite3.Connection, code: str) -> list[tuple[str, str]]:
    """Return (code, name) of the divisions that a division lies in, and its own; unknown ones go by their code."""
    if not code or code == NATIONAL:
        return [(code, "")] if code else []
    steps = dict.fromkeys((f"{code[:2]}0000", f"{code[:4]}00", code[:6], code))
    names = dict(connection.execute("select code, name from divisions where code in (?, ?, ?, ?)", [*steps, *[""] * 4][:4]))
    return [(step, names.get(step, step)) for step in steps if step in names or step == code]


def is_leaf(code: str) -> bool:
    """Whether a division is shown by its issuers: counties, townships and the ministries."""
    return code == NATIONAL or (code != "" and not code.endswith("00")) or len(code) == 9


@dataclass
class Issuer:
    """An issuer over the years. `years`: report year -> (status, report_id or None)."""

    code: str
    name: str
    years: dict[int, tuple[str, str | None]] = field(default_factory=dict)


def issuers(connection: sqlite3.Connection, code: str, *, own: bool = False) -> tuple[Map, list[Issuer]]:
    """Return the issuers of a division (`own`: not of those below it) by years; the map has its trail, years and total."""
    sql = f"""select c.division_code, c.issuer, c.report_year, {STATUS}, c.report_id from coverage as c
        where c.division_code >= :low and c.division_code < :high order by c.division_code, c.issuer"""
    found: dict[tuple[str, str], Issuer] = {}
    total = Line(code, "")
    for division, name, year, status, report_id in connection.execute(sql, _range(code, own=own)):
        found.setdefault((division, name), Issuer(division, name)).years[year] = status, report_id
        total.add(year, status, 1)
    return Map(trail_of(connection, code), sorted(total.years), [], total), list(found.values())


def listed(
    connection: sqlite3.Connection,
    *,
    code: str = "",
    own: bool = False,
    year: int | None = None,
    status: str = "",
    limit: int = -1,
    offset: int = 0,
) -> Iterator[dict[str, Any]]:
    """Yield rows of LISTED, the newest year first: the list behind a cell.

    Args:
        connection: the archive.
        code: a division with all below it.
        own: not with those below it.
        year: report year.
        status: one of STATUSES, or of MEASURES.
        limit: most rows; all where negative.
        offset: rows to leave out at the beginning.
    """
    condition, values = _condition(code, own, year, status)
    sql = f"""select c.report_year, {STATUS}, c.division_code, d.name, c.issuer, r.published_date, r.days_late, c.last_checked,
        c.report_id, case when r.status <> 'removed' then r.title end, case when r.status <> 'removed' then r.url end
        from (select * from coverage as c where {condition}
            order by c.report_year desc, c.division_code, c.issuer limit :limit offset :offset) as c
        left join reports as r on r.report_id = c.report_id left join divisions as d on d.code = c.division_code
        order by c.report_year desc, c.division_code, c.issuer"""
    for row in connection.execute(sql, {**values, "limit": limit, "offset": offset}):
        yield dict(zip(LISTED, row, strict=True))


def count(
    connection: sqlite3.Connection, *, code: str = "", own: bool = False, year: int | None = None, status: str = ""
) -> int:
    """Return how many rows `listed` would yield without a limit."""
    condition, values = _condition(code, own, year, status)
    return int(connection.execute(f"select count(*) from coverage as c where {condition}", values).fetchone()[0])


def _condition(code: str, own: bool, year: int | None, status: str) -> tuple[str, dict[str, Any]]:
    wanted = MEASURES.get(status, (status,) if status else ())
    places = {f"status{n}": one for n, one in enumerate(wanted)}
    condition = "c.division_code >= :low and c.division_code < :high and (:year is null or c.report_year = :year)"
    if wanted:
        condition += f" and {STATUS} in ({', '.join(f':{place}' for place in places)})"
    return condition, {**_range(code, own=own), "year": year, **places}
