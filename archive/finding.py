"""What the search page shows: hits in an order and page by page, how many there are, and where and when; read-only.

A statement holds only the conditions that were asked for: the page shows it to the reader, who may run it as it is.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from archive.asked import Asked
from archive.chinese import one_character, parsed
from archive.query import Word, words
from archive.search import NOTHING, RANKED, match_in
from archive.selection import FILTERS

#: What a hit has, in the order in which it is downloaded.
HIT = ("report_id", "title", "report_year", "issuer", "issuer_type", "level", "province", "prefecture", "county",
       "published_date", "status", "url", "snippet")  # fmt: skip
#: The index of words, and that of characters.
WORDS, CHARACTERS = "reports_fts", "reports_chars"
#: Characters of a snippet.
WIDTH = 110

CONDITIONS = {
    "year_from": "reports.report_year >= :year_from",
    "year_to": "reports.report_year <= :year_to",
    "province": FILTERS["province"],
    "prefecture": "reports.prefecture = :prefecture",
    "county": "reports.county = :county",
    "level": FILTERS["level"],
    "issuer_type": "reports.issuer_type = :issuer_type",
    "issuer": FILTERS["issuer"],
}
#: Orders of what was found, but for relevance. Undated reports and those without a place come last.
ORDERS = {
    "newest": "published_date is null, published_date desc, id desc",
    "oldest": "published_date is null, published_date, id",
    "place": "division_code is null, division_code, published_date desc, id desc",
}


@dataclass(frozen=True)
class Statement:
    """SQL and its parameters."""

    sql: str
    values: dict[str, Any]


def index_for(connection: sqlite3.Connection, asked: Asked) -> str:
    """Return the index that tells soonest what matches: for a single character that of characters, where it is filled."""
    if not one_character(asked.q) or asked.title or asked.section:
        return WORDS
    filled = "select 1 from reports_chars_data where id > 10 limit 1"  # below are FTS5's own two rows
    try:
        return CHARACTERS if connection.execute(filled).fetchone() else WORDS
    except sqlite3.OperationalError:  # an archive from before there was such an index
        return WORDS


def hits(asked: Asked, index: str = WORDS, *, offset: int | None = None, limit: int | None = None) -> Statement:
    """Return the statement for a page of hits (or, with `offset` and `limit`, others), found in an index (see index_for).

    Its rows have the columns HIT, `matches` (how many reports match) and `common` (how many the words alone match, where
    filters are set), both at most one more than RANKED. Where the words alone match more, they are in most reports, and a rank
    would say little and cost seconds: the newest come first. A snippet is made of the sections of the kind that was asked for,
    else of the text.
    """
    found, values = _found(asked, index, limit=RANKED + 1)
    values |= {"offset": (asked.page - 1) * asked.size if offset is None else offset, "limit": limit or asked.size}
    text = "reports.text"
    if asked.section:
        text = (
            "(select group_concat(sections.text, char(10)) from sections\n"
            "    where sections.report_id = reports.report_id and sections.kind = :section)"
        )
    common = ""
    if order := ORDERS.get(asked.sort):
        best = f"""  select found.id, row_number() over (order by {order.replace(" id", " found.id")}) as place
  from found cross join reports indexed by reports_narrow on reports.id = found.id
  order by place limit :limit offset :offset"""
    else:
        ranked = f"(select matches from {'common' if _narrowed(asked) else 'counted'}) <= {RANKED}"
        best = f"""  select id, row_number() over (order by score, id desc) as place from (
    select rowid as id, rank as score from reports_fts
    where reports_fts match case when {ranked} then zh_match(:q, :place) else '""' end
      and +rowid in (select id from found)
    union all
    select id, null from found where not {ranked}
  )
  order by place limit :limit offset :offset"""
        if _narrowed(asked):
            common = f"""common as materialized (
  select count(*) as matches from (select 1 from {index} where {index} match zh_match(:q, :place) limit {RANKED + 1})
),
"""
    columns = ", ".join(f"reports.{name}" for name in HIT[:-1])
    sql = f"""with found as materialized (
{found}
),
counted as materialized (select count(*) as matches from found),
{common}best as materialized (
{best}
)
select {columns},
  zh_snippet({text}, :q, {WIDTH}) as snippet,
  (select matches from counted) as matches, {"null" if order or not common else "(select matches from common)"} as common
from best cross join reports on reports.id = best.id
order by best.place"""
    return Statement(sql, values)


def counts(asked: Asked, index: str = WORDS) -> Statement:
    """Return the statement that counts all matches by report year and province; columns report_year, province, reports."""
    found, values = _found(asked, index)
    sql = f"""with found as materialized (
{found}
)
select report_year, province, count(*) as reports
from found cross join reports indexed by reports_narrow on reports.id = found.id
group by report_year, province
order by report_year desc, province"""
    return Statement(sql, values)


def total(asked: Asked) -> Statement:
    """Return the statement that counts the matches, at most one more than RANKED; column matches."""
    found, values = _found(asked, WORDS, limit=RANKED + 1)
    return Statement(f"select count(*) as matches from (\n{found}\n)", values)


def _found(asked: Asked, index: str, *, limit: int | None = None) -> tuple[str, dict[str, Any]]:
    """Return a statement for the ids of what matches, the newest first up to a limit (the oldest where they are wanted)."""
    given = {name: getattr(asked, name) for name in CONDITIONS if getattr(asked, name)}
    place = "title" if asked.title else asked.section
    sql = f"""  select rowid as id from {index}
  where {index} match zh_match(:q, :place)
    and +rowid not in (select id from reports where status = 'removed')"""
    if given:
        narrow = "\n      and ".join(f"({CONDITIONS[name]})" for name in given)
        sql += f"\n    and +rowid in (select id from reports indexed by reports_narrow where {narrow})"
    if limit:
        sql += f"\n  order by rowid {'asc' if asked.sort == 'oldest' else 'desc'} limit {limit}"
    return sql, {"q": asked.q, "place": place, **({"section": asked.section} if asked.section else {}), **given}


def _narrowed(asked: Asked) -> bool:
    """Whether a filter is set, so that the words alone match more than is found."""
    return any(getattr(asked, name) for name in CONDITIONS)


def anything(asked: Asked) -> bool:
    """Whether the question names something to look for."""
    return match_in(asked.q, "title" if asked.title else asked.section) != NOTHING


def rows(connection: sqlite3.Connection, statement: Statement) -> list[dict[str, Any]]:
    """Run a statement on a connection that has the functions of archive.search.register."""
    cursor = connection.execute(statement.sql, statement.values)
    names = [column[0] for column in cursor.description]
    return [dict(zip(names, row, strict=True)) for row in cursor]


def alone(asked: Asked, most: int = 8) -> Iterator[tuple[str, Statement]]:
    """Yield each word of a question of several, as it would be asked alone, and the statement that counts its matches."""
    found = words(parsed(asked.q))
    for word in found[:most] if len(found) > 1 else []:
        yield typed(word), total(replace(asked, q=typed(word), page=1))


def typed(word: Word) -> str:
    """Return a word as it is typed to be asked alone."""
    text = '"' + word.text.replace('"', " ") + '"' if any(map(str.isspace, word.text)) or word.text.isascii() else word.text
    return f"title:{text}" if word.title else text


def places(connection: sqlite3.Connection, asked: Asked) -> dict[str, list[str]]:
    """Return what may be chosen: provinces, the prefectures of the chosen province, the counties of both."""
    found = {}
    for name, above in (("province", ()), ("prefecture", ("province",)), ("county", ("province", "prefecture"))):
        where = "".join(f" and {each} = :{each}" for each in above)
        chosen = all(getattr(asked, each) for each in above)
        sql = f"select distinct {name} from reports where {name} is not null{where} order by 1 limit 500"
        found[name] = [row[0] for row in connection.execute(sql, asked.address())] if chosen else []
    return found
