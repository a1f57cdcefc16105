"""archive.db.zst: the reports of a release as the file that the Datasette site reads; the same rows give the same bytes.

A copy of archive.db would not do: its row numbers and the pages of its search index tell in which order the reports came, and
free pages may hold what was removed. So it is written anew, in the order that a rebuild writes.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from pathlib import Path

import pyarrow as pa
from sqlite_utils import Database

from archive.indexed import optimise, write
from archive.migrations import migrations
from archive.publish import insertion, words
from archive.release_files import Values
from archive.release_parts import LIVE, condition
from archive.schema import TABLES
from archive.selection import Selection

Step = Callable[[Iterable[Values]], Iterator[Values]]

NAME = "archive.db.zst"
BLOCK = 1 << 20
#: What is left of a removed report, so that its number still leads somewhere.
EMPTIED = {
    "status": "'removed'", "title": "null", "text": "''", "char_count": "0", "text_sha256": "null", "index_number": "null",
    "document_number": "null", "quality_flags": "'[]'",
}  # fmt: skip


def write_database(db: sqlite3.Connection, folder: Path, selection: Selection, built_at: str, step: Step) -> None:
    """Write archive.db.zst into a folder.

    Args:
        db: the archive, with what was chosen in temporary tables (release_parts.choose).
        selection: which reports.
        built_at: stands for the time at which the tables were made.
        step: passes the rows of the reports on, and tells how far they are.
    """
    path = folder / "archive.db"
    with closing(sqlite3.connect(path, isolation_level=None)) as copy:
        copy.execute("pragma journal_mode=off")
        copy.execute("pragma synchronous=off")
        copy.execute("begin")
        migrations.apply(Database(copy, recursive_triggers=False))
        copy.execute("update _sqlite_migrations set applied_at = ?", (built_at,))
        for table in TABLES:
            copy.executemany(insertion(table, "fail"), _rows(db, table, selection))
        reports = copy.execute("select id, report_id, title, text, status from reports order by id")
        for number, report_id, title, text, status in step(reports):
            found = copy.execute("select kind, start, end from sections where report_id = ?", (report_id,))
            sections = [dict(zip(("kind", "start", "end"), row, strict=True)) for row in found]
            write(copy, number, None, words(title, text, status, sections))
        optimise(copy)
        copy.execute("commit")
    with path.open("rb") as plain, pa.CompressedOutputStream(str(folder / NAME), "zstd") as packed:
        while block := plain.read(BLOCK):
            packed.write(block)
    path.unlink()


def _rows(db: sqlite3.Connection, table: str, selection: Selection) -> Iterator[Values]:
    """Yield the rows of a table as a rebuild would write them."""
    told = TABLES[table]
    where = condition(table, selection)
    if table != "reports":
        keys = (told.pk,) if isinstance(told.pk, str) else told.pk or tuple(told.columns)
        yield from db.execute(f"select {', '.join(told.columns)} from {table} where {where} order by {', '.join(keys)}",
                              selection.values)  # fmt: skip
        return
    names = [name for name in told.columns if name != "id"]
    emptied = [f"{EMPTIED[name]} as {name}" if name in EMPTIED else name for name in names]
    query = (
        f"select * from (select {', '.join(names)} from reports where {where} union all"
        f" select {', '.join(emptied)} from reports where not ({LIVE}) and ({selection.sql}))"
        " order by coalesce(published_date, ''), report_id"
    )
    for number, row in enumerate(db.execute(query, selection.values), 1):
        yield (number, *row)
