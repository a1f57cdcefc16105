"""The archive's search: the ranked statement, the SQL functions it needs, and `search` for everybody who is not SQL."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from math import inf
from pathlib import Path
from time import monotonic
from typing import Any

from archive.chinese import normalise_text, zh_has, zh_match, zh_tokens
from archive.indexed import column_of
from archive.read import open_archive
from archive.selection import FILTERS, check, utf8
from archive.snippet import MARK_END, MARK_START, zh_snippet
from cleaning.document import SECTION_KINDS

__all__ = ["MARK_END", "MARK_START", "RANKED", "SEARCH_SQL", "normalise_text", "register", "search",
           "zh_has", "zh_match", "zh_snippet", "zh_tokens"]  # fmt: skip

#: Matches are ranked and counted up to here; beyond it, the newest come first.
RANKED = 10_000
#: The expression that matches no report.
NOTHING = '""'
#: What a hit is, in the order of the columns of SEARCH_SQL.
HIT = ("report_id", "title", "report_year", "issuer", "published_date", "url", "snippet")

#: The ranked search. `found` holds the newest matches up to one more than are ranked; where the words alone (`common`) match
#: more, an empty MATCH switches ranking off.
#: Hits are put in order before they are joined (`cross join` keeps it): a snippet is made only of a row that is fetched.
#: Parameters: q, year, province, level, issuer, section, limit; each may be ''. Shown and explained in docs/search.md.
SEARCH_SQL = f"""\
with found as materialized (
  select reports_fts.rowid as id
  from reports_fts cross join reports indexed by reports_narrow on reports.id = reports_fts.rowid
  where reports_fts match zh_match(:q, :section)
    and reports.status <> 'removed'
    and (:year = '' or {FILTERS["year"]})
    and (:province = '' or {FILTERS["province"]})
    and (:level = '' or {FILTERS["level"]})
    and (:issuer = '' or {FILTERS["issuer"]})
  order by reports_fts.rowid desc limit 10001
),
counted as materialized (select count(*) as matches from found),
common as materialized (
  select count(*) as matches from (select 1 from reports_fts where reports_fts match zh_match(:q, :section) limit 10001)
),
best as (
  select * from (
    select rowid as id, rank as score from reports_fts
    where reports_fts match case when (select matches from common) <= 10000 then zh_match(:q, :section) else '""' end
      and +rowid in (select id from found)
    order by rank, rowid desc limit coalesce(nullif(max(0, cast(:limit as integer)), 0), 20)
  )
  union all
  select * from (
    select id, null from found where (select matches from common) > 10000
    order by id desc limit coalesce(nullif(max(0, cast(:limit as integer)), 0), 20)
  )
)
select reports.report_id, reports.title, reports.report_year, reports.issuer, reports.published_date, reports.url,
  zh_snippet(case when :section = '' then reports.text else (select group_concat(sections.text, char(10)) from sections
    where sections.report_id = reports.report_id and sections.kind = :section) end, :q, 80) as snippet,
  reports.status, (select matches from counted) as matches
from (select id from best order by score, id desc limit 10001) as hit cross join reports on reports.id = hit.id
"""


def _text(value: object) -> str:
    return "" if value is None else value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def match_in(query: str, kind: str) -> str:
    """Return the FTS5 expression for words that must stand in sections of a kind, or in the "title"; "": anywhere."""
    if kind and kind != "title" and kind not in SECTION_KINDS:
        return NOTHING
    return zh_match(query, column_of(kind) if kind else "")


def register(connection: sqlite3.Connection, *, seconds: float | None = None) -> None:
    """Give a connection the SQL functions zh_tokens, zh_match, zh_has and zh_snippet; NULL is taken for nothing.

    Args:
        connection: to SQLite.
        seconds: how long a statement may go on calling them; None: for ever. SQLite looks at a time limit only every
            thousand of its own steps, and hundreds of calls may lie between two looks.
    """
    end = [inf]

    def started(statement: str) -> None:
        if "reports_fts_" not in statement:  # FTS5 reads its own tables by statements inside of the reader's
            end[0] = monotonic() + (seconds or inf)

    def bounded(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*values: object) -> Any:
            if monotonic() > end[0]:
                raise TimeoutError("the statement took too long")
            return function(*values)

        return called

    def snippet(text: object, query: object, width: int = 80) -> str:
        return zh_snippet(_text(text), _text(query), width)

    functions: list[tuple[str, int, Callable[..., Any]]] = [
        ("zh_tokens", 1, lambda text: zh_tokens(_text(text))),
        ("zh_match", 1, lambda query: zh_match(_text(query))),
        ("zh_match", 2, lambda query, kind: match_in(_text(query), _text(kind))),
        ("zh_has", 2, lambda text, query: zh_has(_text(text), _text(query))),
        ("zh_snippet", 2, snippet),
        ("zh_snippet", 3, snippet),
    ]
    for name, arguments, function in functions:
        connection.create_function(name, arguments, bounded(function), deterministic=True)
    if seconds:
        connection.set_trace_callback(started)


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
        query: words that must all occur, in title or text; docs/search.md has the whole language.
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
    check(db, province=province, level=level)
    if section and section not in SECTION_KINDS:
        raise ValueError(f"section {section!r} is not known; known: {', '.join(SECTION_KINDS)}")
    if limit < 1:
        raise ValueError(f"limit {limit} is too small: use 1 or more")
    register(db)
    query = utf8(query)
    given = {"province": province, "level": level, "issuer": issuer, "section": section}
    asked = {name: utf8(value or "") for name, value in given.items()}
    rows = db.execute(SEARCH_SQL, {"q": query, "year": year or "", "limit": limit, **asked})
    names = [column[0] for column in rows.description]
    found = [dict(zip(names, row, strict=True)) for row in rows]
    matches = found[0]["matches"] if found else 0
    hits = [{name: hit[name] for name in HIT} for hit in found]
    return {"query": query, "total": min(matches, RANKED), "capped": matches > RANKED, "hits": hits}
