"""The archive's search: the ranked statement, the SQL functions it needs, and `search` for everybody who is not SQL."""

from __future__ import annotations

import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

from archive.chinese import MARK_END, MARK_START, normalise_text, zh_has, zh_match, zh_snippet, zh_tokens
from archive.read import open_archive
from cleaning.document import LEVELS, SECTION_KINDS

__all__ = ["MARK_END", "MARK_START", "RANKED", "SEARCH_SQL", "normalise_text", "register", "search",
           "zh_has", "zh_match", "zh_snippet", "zh_tokens"]  # fmt: skip

#: Matches are ranked and counted up to here; beyond it, the newest come first.
RANKED = 10_000
#: What a hit is, in the order of the columns of SEARCH_SQL.
HIT = ("report_id", "title", "report_year", "issuer", "published_date", "url", "snippet")

#: The ranked search. `found` holds the newest matches up to one more than are ranked; an empty MATCH switches ranking off.
#: Parameters: q, year, province, level, issuer, section, limit; each may be ''. Shown and explained in docs/search.md.
SEARCH_SQL = """\
with found as materialized (
  select reports_fts.rowid as id
  from reports_fts cross join reports on reports.id = reports_fts.rowid
  where reports_fts match zh_match(:q)
    and reports.status <> 'removed'
    and (:year = '' or reports.report_year = :year)
    and (:province = '' or substr(reports.province, 1, length(:province)) = :province
      or (:province glob '[0-9]*' and substr(reports.division_code, 1, 2) = substr(:province, 1, 2)))
    and (:level = '' or reports.level = :level)
    and (:issuer = '' or instr(reports.issuer, :issuer) > 0)
    and (:section = '' or zh_has((select group_concat(sections.text, char(10)) from sections
      where sections.report_id = reports.report_id and sections.kind = :section), :q))
  order by reports_fts.rowid desc limit 10001
),
counted as materialized (select count(*) as matches from found),
best as (
  select * from (
    select rowid as id, rank as score from reports_fts
    where reports_fts match case when (select matches from counted) <= 10000 then zh_match(:q) else '""' end
      and +rowid in (select id from found)
    order by rank limit max(1, cast(coalesce(nullif(:limit, ''), 20) as integer))
  )
  union all
  select * from (
    select id, null from found where (select matches from counted) > 10000
    order by id desc limit max(1, cast(coalesce(nullif(:limit, ''), 20) as integer))
  )
)
select reports.report_id, reports.title, reports.report_year, reports.issuer, reports.published_date, reports.url,
  zh_snippet(case when :section = '' then reports.text else (select group_concat(sections.text, char(10)) from sections
    where sections.report_id = reports.report_id and sections.kind = :section) end, :q, 80) as snippet,
  reports.status, (select matches from counted) as matches
from best join reports on reports.id = best.id
order by best.score, best.id desc
"""


def _text(value: object) -> str:
    return "" if value is None else value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def register(connection: sqlite3.Connection) -> None:
    """Give a connection the SQL functions zh_tokens, zh_match, zh_has and zh_snippet; of NULL they take nothing."""

    def snippet(text: object, query: object, width: int = 80) -> str:
        return zh_snippet(_text(text), _text(query), width)

    connection.create_function("zh_tokens", 1, lambda text: zh_tokens(_text(text)), deterministic=True)
    connection.create_function("zh_match", 1, lambda query: zh_match(_text(query)), deterministic=True)
    connection.create_function("zh_has", 2, lambda text, query: zh_has(_text(text), _text(query)), deterministic=True)
    connection.create_function("zh_snippet", 2, snippet, deterministic=True)
    connection.create_function("zh_snippet", 3, snippet, deterministic=True)


def search(
    db: Path | str | sqlite3.Connection,
    query: str,
    *,
    year: int | None = None,
    province: str | None = None,
    level: str | None = None,
    issuer: str | None = None,
    section: str | None = None,
    limit: int = 20,
) -> dict[str, Any]:
    """Search the reports; removed ones are never found.

    Args:
        db: the archive, or a connection to it (which then gets the SQL functions of `register`).
        query: words that must all occur, in title or text; "…" keeps a phrase with spaces together.
        year: the year reported on.
        province: name (浙江省), its beginning (浙江) or its code (33, 330000).
        level: one of LEVELS.
        issuer: part of the issuer's name.
        section: one of SECTION_KINDS: the words must all occur in sections of that kind.
        limit: most hits, at least 1.

    Returns:
        `query`, `total` (at most 10,000), `capped` (whether there are more) and `hits`: the best first up to 10,000
        matches, the newest first beyond. A snippet has its hits between U+E000 and U+E001.

    Raises:
        ValueError: a filter has a value that cannot be.
        FileNotFoundError, sqlite3.DatabaseError: there is no archive, or it cannot be read.
    """
    if not isinstance(db, sqlite3.Connection):
        with closing(open_archive(Path(db))) as connection:
            return search(
                connection, query, year=year, province=province, level=level, issuer=issuer, section=section, limit=limit
            )
    for name, value, known in (("level", level, LEVELS), ("section", section, SECTION_KINDS)):
        if value and value not in known:
            raise ValueError(f"{name} {value!r} is not known; known: {', '.join(known)}")
    if province and not _known_province(db, province):
        raise ValueError(
            f"province {province!r} is not known: use its name (浙江省), its beginning (浙江) or its code (330000)"
        )
    if limit < 1:
        raise ValueError(f"limit {limit} is too small: use 1 or more")
    register(db)
    # A command line may hold bytes that are no UTF-8; SQLite takes none.
    query = query.encode("utf-8", "replace").decode()
    given = {"year": year, "province": province, "level": level, "issuer": issuer, "section": section}
    rows = db.execute(SEARCH_SQL, {"q": query, "limit": limit, **{name: value or "" for name, value in given.items()}})
    names = [column[0] for column in rows.description]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    matches = found[0]["matches"] if found else 0
    hits = [{name: hit[name] for name in HIT} for hit in found]
    return {"query": query, "total": min(matches, RANKED), "capped": matches > RANKED, "hits": hits}


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
