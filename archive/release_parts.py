"""The parts of a release: which table each comes from, its columns with their Parquet types, and which rows in which order."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import pyarrow as pa

from archive.schema import TABLES
from archive.selection import FILTERS, Selection

Columns = dict[str, tuple[type, str]]
PLAIN = {int: pa.int64(), float: pa.float64(), str: pa.string()}


@dataclass(frozen=True)
class Part:
    """One part of a release. `key`: what tells its rows apart; where the table has no key, the report they belong to."""

    name: str
    table: str
    about: str
    columns: Columns
    key: tuple[str, ...]
    unique: bool = True  #: whether there is one row of a key

    @property
    def order(self) -> tuple[str, ...]:
        """The columns that its rows are sorted by."""
        return self.key if self.unique else (*self.key, *(name for name in self.columns if name not in self.key))

    @property
    def schema(self) -> pa.Schema:
        """The Parquet schema; written out, since a column of nulls would lose its type."""
        return pa.schema([(name, arrow_type(*told)) for name, told in self.columns.items()])


def arrow_type(python: type, meaning: str) -> pa.DataType:
    """Return the Parquet type of a column: what the schema says of a text column tells dates, times and lists."""
    if python is str and "YYYY-MM-DD" in meaning:
        return pa.date32()
    if python is str and "UTC" in meaning:
        return pa.timestamp("ms", tz="UTC")  # Parquet has no seconds
    return pa.list_(pa.string()) if python is str and meaning.startswith("JSON list") else PLAIN[python]


def _parts() -> Iterator[Part]:
    for table, told in TABLES.items():
        # row numbers are of no use outside the database; the site's `id` is a text
        columns = {name: column for name, column in told.columns.items() if (name, column[0]) != ("id", int)}
        keys = (told.pk,) if isinstance(told.pk, str) else told.pk or ("report_id",)
        if table == "reports":
            yield Part("reports", table, told.about, columns, ("report_id",))
            rest = {name: column for name, column in columns.items() if name != "text"}
            yield Part("metadata", table, "The same rows without the texts.", rest, ("report_id",))
        elif table == "rejected":
            about = f"{told.about} Reports that were removed on request stand here too, with the reason `removed`."
            own = {"report_id": (str, "of a report that was removed: its identifier")}
            yield Part("excluded", table, about, own | columns, ("url", "report_id"))
        else:
            yield Part(table, table, told.about, columns, keys, unique=told.pk is not None)


#: Name -> part: every table of the archive; `reports` twice, and `rejected` as `excluded`.
PARTS = {part.name: part for part in _parts()}


def choose(db: sqlite3.Connection, selection: Selection, removals: Mapping[str, str]) -> int:
    """Note in temporary tables which reports a release holds, and which were removed; return how many it holds.

    Args:
        db: the archive, open for reading.
        selection: which reports; those that were removed never are.
        removals: report_id -> why people removed it, also where the archive does not know it yet.
    """
    for name, columns in (("chosen", "report_id text primary key"), ("removals", "report_id text primary key, why text")):
        db.execute(f"drop table if exists temp.{name}")
        db.execute(f"create temp table {name} ({columns})")
    db.executemany("insert into removals values (?, ?)", removals.items())
    kept = f"select report_id from reports where ({LIVE}) and ({selection.sql})"
    return db.execute(f"insert into chosen {kept}", selection.values).rowcount


LIVE = "status <> 'removed' and report_id not in (select report_id from removals)"


def condition(table: str, selection: Selection) -> str:
    """Return the condition, as SQL, of the rows of a table that belong to a release."""
    if table == "coverage":
        return _coverage(selection)
    if "report_id" in TABLES[table].columns:
        return "report_id in chosen"
    if table == "verdicts":
        sources = "(select source_id from sources where report_id in chosen)"
        return f"source_a in {sources} and source_b in {sources}"
    # sites, divisions and crawls are the background of every part
    return "0" if table == "rejected" and not selection.everything else "1"


def _coverage(selection: Selection) -> str:
    """What is missing from a province or year belongs to it; what a search does not find is not missing."""
    if "query" in selection.values:
        return "report_id in chosen"
    province = f"select substr(division_code, 1, 2) from reports where {FILTERS['province']}"
    filters = {"year": "report_year = :year", "province": f"substr(division_code, 1, 2) in ({province})"}
    return " and ".join(filters[name] for name in selection.values) or "1"


def rows(db: sqlite3.Connection, part: Part, selection: Selection) -> sqlite3.Cursor:
    """Return the rows of a part, in its order. `choose` comes first."""
    order = f"order by {', '.join(part.order)}"
    if part.name != "excluded":
        query = f"select {', '.join(part.columns)} from {part.table} where {condition(part.table, selection)}"
        return db.execute(f"{query} {order}", selection.values)
    pages = ["null as report_id" if name == "report_id" else name for name in part.columns]
    told = {"reason": "'removed'", "detail": "why", "fetched_at": "last_seen"}
    reports = [told.get(name, name if name in TABLES["reports"].columns else "null") for name in part.columns]
    query = (
        f"select * from (select {', '.join(pages)} from rejected where {condition('rejected', selection)} union all"
        f" select {', '.join(reports)} from reports left join removals using (report_id)"
        f" where not ({LIVE}) and ({selection.sql})) {order}"
    )
    return db.execute(query, selection.values)
