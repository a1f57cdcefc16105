"""How often words occur, year by year: the share of reports, and occurrences per 10,000 characters.

Shares are counted in the search index and are exact. Occurrences are counted in texts: in all of them where a year has few
matches, else in a sample that is the same every time (by a hash of the row number).
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass
from time import monotonic

import numpy as np
import numpy.typing as npt

from archive.chinese import zh_match
from archive.indexed import column_of
from archive.snippet import zh_counts
from cleaning.document import LEVELS, SECTION_KINDS

#: Most terms at once, and the longest, in characters.
TERMS, TERM_LENGTH = 5, 64
#: Marks between terms. 、 is none: it stands within 双随机、一公开.
BETWEEN = re.compile("[,，;；\n]")
#: Most texts that are read for one answer, and the fewest of a year and term: a smaller sample would say nothing.
TEXTS, FEWEST = 1_500, 20
#: Makes a row number's place in the sample: Knuth's multiplicative hash, of which 32 bits are taken.
HASH = 2_654_435_761

Ids = npt.NDArray[np.int64]
Years = dict[int, tuple[int, list[int]]]


@dataclass(frozen=True)
class Point:
    """A term in a year."""

    matching: int  #: reports that hold it
    share: float  #: of all reports of the year, 0 to 1
    rate: float | None  #: occurrences per 10,000 characters; None where there are no texts
    read: int  #: texts in which occurrences were counted


@dataclass(frozen=True)
class Trends:
    """The answer. `points`: one list a term, each as long as `years`; `reports`: all reports of each year."""

    terms: list[str]
    years: list[int]
    reports: list[int]
    points: list[list[Point]]

    @property
    def sampled(self) -> bool:
        """Whether occurrences were counted in a sample somewhere."""
        return any(point.read < point.matching for line in self.points for point in line)


def terms_of(typed: Iterable[str]) -> list[str]:
    """Return the terms in what was typed into one or several boxes, each once.

    Raises:
        ValueError: there are too many, or one is too long.
    """
    terms = list(dict.fromkeys(" ".join(term.split()) for box in typed for term in BETWEEN.split(box) if term.strip()))
    if len(terms) > TERMS:
        raise ValueError(f"最多比较 {TERMS} 个词，这里有 {len(terms):,} 个。")
    if long := [term for term in terms if len(term) > TERM_LENGTH]:
        raise ValueError(f"词太长（{long[0][:20]}…），最多 {TERM_LENGTH} 个字。")
    return terms


def trends(
    connection: sqlite3.Connection,
    terms: list[str],
    *,
    province: str = "",
    level: str = "",
    section: str = "",
    seconds: float = 60,
) -> Trends:
    """Count terms year by year; removed reports and those without a year are left out.

    Args:
        connection: the archive.
        terms: as `terms_of` gives them; of a term with spaces all words must occur in a report, and each is counted.
        province: name of a province.
        level: one of LEVELS.
        section: one of SECTION_KINDS: only what stands in sections of that kind counts.
        seconds: how long counting may take.

    Raises:
        ValueError: a filter has a value that cannot be, or the index does not tell sections apart.
        TimeoutError: it took too long.
    """
    if level and level not in LEVELS:
        raise ValueError(f"层级 {level[:20]} 无法识别：可以是 {'、'.join(LEVELS)}。")
    if section and section not in SECTION_KINDS:
        raise ValueError(f"章节 {section[:20]} 无法识别：可以是 {'、'.join(SECTION_KINDS)}。")
    end = monotonic() + seconds
    where, values = "status <> 'removed' and report_year is not null", {}
    for name, value in (("province", province), ("level", level)):
        if value:
            where += f" and {name} = :{name}"
            values[name] = value
    cursor = connection.cursor()
    cursor.row_factory = None  # a site measures every row it hands out, which would take seconds for so many
    rows = np.array(cursor.execute(f"select id, report_year from reports where {where}", values).fetchall(), np.int64)
    rows = rows.reshape(-1, 2)
    year_of = np.zeros(rows[:, 0].max(initial=0) + 1, np.int64)  # 0: not asked for
    year_of[rows[:, 0]] = rows[:, 1]
    all_of = _by_year(rows[:, 0], rows[:, 1], TEXTS // 20)
    years = sorted(all_of)
    cap = max(FEWEST, TEXTS // max(1, len(terms) * len(years)))
    found = []
    for term in terms:
        matches = cursor.execute(
            "select rowid from reports_fts where reports_fts match ?", (_match(connection, term, section),)
        )
        ids = np.fromiter((row[0] for row in matches), np.int64)
        ids = ids[ids < len(year_of)]
        found.append(_by_year(ids, year_of[ids], cap))
    lengths, hits = _count(connection, terms, all_of, found, section, end)
    points = []
    for n in range(len(terms)):
        line = []
        for year in years:
            whole, (size, sample) = all_of[year][0], found[n].get(year, (0, []))
            length = sum(lengths[row] for row in all_of[year][1]) / len(all_of[year][1]) * whole
            times = sum(hits[n][row] for row in sample) / len(sample) * size if sample else 0
            line.append(Point(size, size / whole, times / length * 10_000 if length else None, len(sample)))
        points.append(line)
    return Trends(terms, years, [all_of[year][0] for year in years], points)


def _match(connection: sqlite3.Connection, term: str, section: str) -> str:
    """Return the FTS5 expression for a term, in the column of a kind of section where one is asked for."""
    if not section:
        return zh_match(term)
    columns = {row[1] for row in connection.execute("pragma table_info(reports_fts)")}
    if not columns & set(SECTION_KINDS):
        raise ValueError("这个档案的检索索引还不分章节：请用 fazhi rebuild 重建，或不选章节。")
    return zh_match(term, column_of(section))


def _by_year(ids: Ids, years: Ids, cap: int) -> Years:
    """Return year -> (number of reports, row numbers of a sample of `cap` of them: all where there are no more)."""
    found = {}
    for year in np.unique(years[years > 0]).tolist():
        of_year = ids[years == year]
        sample = of_year[np.argsort(of_year * HASH % 2**32, kind="stable")[:cap]]
        found[year] = len(of_year), sorted(sample.tolist())
    return found


def _count(
    connection: sqlite3.Connection,
    terms: list[str],
    all_of: Years,
    found: list[Years],
    section: str,
    end: float,
) -> tuple[dict[int, int], list[dict[int, int]]]:
    """Read the samples; return row number -> characters for those of all reports, and -> hits for those of each term."""
    sql = "select {} from reports where id = ?"
    if section:
        sql = "select {} from reports join sections using (report_id) where id = ? and kind = ?"
    text, length = (
        ("group_concat(sections.text, char(10))", "sum(length(sections.text))") if section else ("text", "char_count")
    )
    values = (section,) if section else ()
    lengths: dict[int, int] = {}
    hits: list[dict[int, int]] = [{} for _ in terms]
    for _, sample in all_of.values():
        for row in sample:
            lengths[row] = connection.execute(sql.format(length), (row, *values)).fetchone()[0] or 0
    wanted: dict[int, list[int]] = {}  # row number -> terms
    for n, years in enumerate(found):
        for _, sample in years.values():
            for row in sample:
                wanted.setdefault(row, []).append(n)
    for row, numbers in wanted.items():
        if monotonic() > end:
            raise TimeoutError("counting took too long")
        read = connection.execute(sql.format(text), (row, *values)).fetchone()[0] or ""
        for n, times in zip(numbers, zh_counts(read, [terms[n] for n in numbers]), strict=True):
            hits[n][row] = times
    return lengths, hits
