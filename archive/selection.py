"""Which reports are meant: year, province, level, issuer and words as SQL conditions, the same for search and releases."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.chinese import zh_match
from cleaning.document import LEVELS

#: Filter -> condition on `reports`, with the filter's name as parameter. SEARCH_SQL leaves out those that are ''.
FILTERS = {
    "year": "reports.report_year = :year",
    "province": "substr(reports.province, 1, length(:province)) = :province\n"
    "      or (:province glob '[0-9]*' and substr(reports.division_code, 1, 2) = substr(:province, 1, 2))",
    "level": "reports.level = :level",
    "issuer": "instr(reports.issuer, :issuer) > 0",
}
MATCHING = "reports.id in (select rowid from reports_fts where reports_fts match :query)"


@dataclass(frozen=True)
class Selection:
    """A condition on `reports` with its values, and the same in words. `everything` is true without any condition."""

    sql: str = "1"
    values: Mapping[str, object] = field(default_factory=dict)
    said: str = "all reports"

    @property
    def everything(self) -> bool:
        """Whether nothing was asked for, so that parts that belong to no report are included."""
        return not self.values


def select(
    *,
    province: str | None = None,
    year: int | None = None,
    level: str | None = None,
    issuer: str | None = None,
    query: str | None = None,
) -> Selection:
    """Return the condition for these filters; each may be left out.

    Args:
        province: name (浙江省), beginning of the name (浙江) or code (33, 330000).
        year: report year.
        level: one of cleaning.document.LEVELS.
        issuer: a part of the issuer's name.
        query: words, as in the search box.
    """
    asked = {"province": province, "year": year, "level": level, "issuer": issuer, "query": query}
    given = {name: utf8(value) if isinstance(value, str) else value for name, value in asked.items() if value}
    if not given:
        return Selection()
    sql = " and ".join(f"({FILTERS.get(name, MATCHING)})" for name in given)
    said = ", ".join(f"{name} {value}" for name, value in given.items())
    return Selection(sql, given | ({"query": zh_match(str(given["query"]))} if query else {}), said)


def check(connection: sqlite3.Connection, *, province: str | None = None, level: str | None = None) -> None:
    """Make sure that filters have values that can be.

    Raises:
        ValueError: one has not; the message says what can be.
    """
    if level and level not in LEVELS:
        raise ValueError(f"level {level!r} is not known; known: {', '.join(LEVELS)}")
    if province and not _known_province(connection, utf8(province)):
        raise ValueError(
            f"province {province!r} is not known: use its name (浙江省), its beginning (浙江) or its code (330000)"
        )


def utf8(text: str) -> str:
    """Return the text without what is no character: a command line may hold bytes that are no UTF-8; SQLite takes none."""
    return text.encode("utf-8", "replace").decode()


def _known_province(connection: sqlite3.Connection, province: str) -> bool:
    """Whether a name, the beginning of a name, or a code stands for a province of the archive."""
    if province.isascii() and not re.fullmatch(r"\d\d(0000)?", province):
        return False
    found = connection.execute(
        "select 1 from divisions where level = 'province' and (substr(name, 1, length(:p)) = :p or substr(code, 1, 2) = :code)"
        " union all select 1 from reports where substr(province, 1, length(:p)) = :p or substr(division_code, 1, 2) = :code",
        {"p": province, "code": province[:2]},
    )
    return found.fetchone() is not None
