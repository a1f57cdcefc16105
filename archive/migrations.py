"""The migrations that make archive.db: its tables with their indexes, and the search indexes."""

from __future__ import annotations

from sqlite_utils import Database
from sqlite_utils.migrations import Migrations

from archive.indexed import COLUMNS, parts, write
from archive.schema import TABLES

#: The full-text table. The comment lets Datasette and sqlite-utils find it as the index of `reports`: write it exactly so.
FTS_DDL = (
    f"create virtual table reports_fts using fts5({', '.join(COLUMNS)}, content='', /* content=\"reports\" */ tokenize='ascii')"
)
FTS_RANK = "insert into reports_fts(reports_fts, rank) values('rank', 'bm25(10.0, 1.0)')"

#: The characters of each report. A single one is the beginning of thousands of tokens: to look it up there takes half a
#: second at 100,000 reports. Without positions and sizes this is a twentieth of the other index.
CHARS_DDL = "create virtual table reports_chars using fts5(chars, content='', detail='none', columnsize=0, tokenize='ascii')"

migrations = Migrations("archive")


#: What filters and orders of a search look at, in one narrow index: a row of `reports` is as wide as its text.
NARROW = ("id", "status", "report_year", "province", "prefecture", "county", "level", "issuer_type", "published_date",
          "division_code", "issuer")  # fmt: skip


@migrations()
def m001_tables(db: Database) -> None:
    """Make every table of TABLES with its indexes, and the full-text table."""
    for name, table in TABLES.items():
        made = db.table(name).create({column: kind for column, (kind, _) in table.columns.items()}, pk=table.pk)
        for index in table.indexes:
            made.create_index(list(index))
    db.table("reports").create_index(["report_id"], unique=True)
    db.execute(FTS_DDL)
    db.execute(FTS_RANK)


@migrations()
def m002_search_by_sections(db: Database) -> None:
    """Part the full-text table by kinds of sections, and make the narrow index that filters read."""
    db.table("reports").create_index(list(NARROW), index_name="reports_narrow", if_not_exists=True)
    db.table("reports").create_index(["first_seen"], if_not_exists=True)  # the feed of new reports
    db.execute("drop table reports_fts")
    db.execute(CHARS_DDL)
    db.execute(FTS_DDL)
    db.execute(FTS_RANK)
    for row_id, report_id, title, text in db.execute(
        "select id, report_id, title, text from reports where status <> 'removed'"
    ):
        found = db.execute("select kind, start, end from sections where report_id = ?", (report_id,))
        sections = [dict(zip(("kind", "start", "end"), row, strict=True)) for row in found]
        write(db, row_id, None, parts(title, text, sections))
