"""Writing archive.db: the rows of a group replace those of its addresses; row numbers and search index stay in step."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing, suppress
from operator import itemgetter
from pathlib import Path

from sqlite_utils import Database

from archive.indexed import Parts, optimise, parts, write
from archive.migrations import migrations
from archive.reports import Rows
from archive.schema import TABLES
from archive.shown import Row

CHILDREN = ("versions", "sections", "indicators")
#: More new reports than this and the search index is merged into one segment at the end (search.md: it shrinks by 4 %).
BIG = 1000
#: Verdicts on reports of other years and issuers: only for them the place names are not looked for.
KINDRED = "verdict = 'similar' and substitutions is null"
MARKS = "create table if not exists _marks (name text primary key, value text) without rowid"
STAGED = "create temp table staged (published text, report_id text primary key, report text) without rowid"


class Archive:
    """archive.db, open for writing; the caller begins and ends transactions."""

    def __init__(self, path: Path, *, fresh: bool = False) -> None:
        """Open the file, making its tables where they are missing.

        Args:
            path: the file.
            fresh: a new file that nobody reads yet, thrown away when the build is killed: no journal is needed.

        Raises:
            sqlite3.DatabaseError: it is damaged or cannot be written.
        """
        if fresh:
            for suffix in ("", "-journal", "-wal", "-shm"):
                path.with_name(path.name + suffix).unlink(missing_ok=True)
        self.path, self._cleared = path, False  #: whether the index still holds words of a text that was removed
        self.db = sqlite3.connect(path, timeout=60, isolation_level=None)
        self.db.execute(f"pragma journal_mode={'off' if fresh else 'wal'}")
        self.db.execute(f"pragma synchronous={'off' if fresh else 'normal'}")
        self.db.execute("pragma secure_delete=on")  # a removed text must not stay in the pages of a file that people download
        if "reports" not in {name for (name,) in self.db.execute("select name from sqlite_master")}:
            self.db.execute("begin immediate")
            migrations.apply(Database(self.db, recursive_triggers=False))
            if self.db.in_transaction:
                self.db.execute("commit")
        self.db.execute(MARKS)
        self.db.execute(STAGED)

    def close(self) -> None:
        """Close the file so that it is one file again; while somebody reads it, it stays a WAL database."""
        with suppress(sqlite3.OperationalError):
            self.db.execute("pragma journal_mode=delete")
        self.db.close()

    def mark(self, name: str) -> str:
        """Return a mark, "" where it was never set."""
        row = self.db.execute("select value from _marks where name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def set_mark(self, name: str, value: str) -> None:
        """Set a mark in the transaction."""
        self.db.execute("insert or replace into _marks values (?, ?)", (name, value))

    def grouped_with(self, source_ids: Iterable[str]) -> set[str]:
        """Return the ids of all sources that are now in one report with one of these."""
        found: set[str] = set()
        for name in source_ids:
            found |= {
                row[0]
                for row in self.db.execute(
                    "select source_id from sources where report_id = (select report_id from sources where source_id = ?)",
                    (name,),
                )
            }
        return found

    def replace(self, rows: Rows, ids: Iterable[str], urls: Iterable[str]) -> None:
        """Put the rows of a group in the place of those of its sources (`ids`) and pages (`urls`); reports wait for settle."""
        for name in ids:
            self.db.execute("delete from sources where source_id = ?", (name,))
            self.db.execute(f"delete from verdicts where source_a = ? and not ({KINDRED})", (name,))
            known = self.db.execute("select 1 from reports where report_id = ?", (name,)).fetchone()
            if known:
                self.db.execute("insert or ignore into staged values (null, ?, null)", (name,))
        self.db.executemany("delete from rejected where url = ?", ((url,) for url in urls))
        for name in ("sources", "verdicts", "rejected"):
            self._insert(name, getattr(rows, name))
        for report in rows.reports:
            values = (report["published_date"] or "", report["report_id"], json.dumps(report, ensure_ascii=False))
            self.db.execute("insert or replace into staged values (?, ?, ?)", values)

    def part(self, reports: Iterable[tuple[str, str]]) -> None:
        """Take out what was said about these reports (and their sources) beside others, and of those gone."""
        for report, source in reports:
            self.db.execute("delete from reuse where report_id = ?", (report,))
            self.db.execute(f"delete from verdicts where {KINDRED} and source_a = ?", (source,))
            self.db.execute(f"delete from verdicts where {KINDRED} and source_b = ?", (source,))
        for column in ("source_a", "source_b"):
            self.db.execute(
                f"delete from verdicts where {KINDRED}"
                f" and {column} not in (select text_source_id from reports where status <> 'removed')"
            )
        self.db.execute("delete from reuse where report_id not in (select report_id from reports where status <> 'removed')")

    def relate(self, verdicts: Iterable[Row], reuse: Iterable[Row]) -> None:
        """Write what a report has in common with others; a verdict that is there already stays."""
        self._insert("verdicts", verdicts, "ignore")
        self._insert("reuse", reuse)

    def settle(self) -> int:
        """Write the reports that wait, new ones after those there are and by publication date; return how many are new."""
        order = "select report_id from staged order by report is not null, published, report_id"
        new = sum(self._settle(report_id) for (report_id,) in self.db.execute(order).fetchall())
        self.db.execute("delete from staged")
        if new >= BIG or self._cleared:
            optimise(self.db)
            self._cleared = False
        return new

    def _settle(self, report_id: str) -> bool:
        """Write one report, or take it out where nothing is left of it; True where it is new."""
        text = self.db.execute("select report from staged where report_id = ?", (report_id,)).fetchone()[0]
        report: Row | None = json.loads(text) if text else None
        old = self.db.execute("select id, title, text, status from reports where report_id = ?", (report_id,)).fetchone()
        before = words(old[1], old[2], old[3], self._sections(report_id)) if old else None
        sections = report["sections"] if report else []
        for child in CHILDREN:
            self.db.execute(f"delete from {child} where report_id = ?", (report_id,))
            self._insert(child, report.pop(child) if report else [])
        row_id = old[0] if old else None
        if report is None:
            self.db.execute("delete from reports where report_id = ?", (report_id,))
        else:
            row_id = self._insert("reports", [{"id": row_id, **report}])
        after = words(report["title"], report["text"], report["status"], sections) if report else None
        if before != after:
            write(self.db, row_id, before, after)
            self._cleared |= bool(before and report and report["status"] == "removed")
        return old is None and report is not None

    def _sections(self, report_id: str) -> list[Row]:
        rows = self.db.execute("select kind, start, end from sections where report_id = ?", (report_id,))
        return [dict(zip(("kind", "start", "end"), row, strict=True)) for row in rows]

    def _insert(self, table: str, rows: Iterable[Row], otherwise: str = "replace") -> int | None:
        """Insert rows (replacing those of the same key, or as said) and return the row number of the last."""
        sql, names, last = insertion(table, otherwise), list(TABLES[table].columns), None
        for row in rows:
            last = self.db.execute(sql, [row[name] for name in names]).lastrowid
        return last

    def make_equal(self, table: str, rows: Iterable[Row]) -> None:
        """Make a table hold exactly these rows, writing only what differs."""
        names = list(TABLES[table].columns)
        keys = TABLES[table].pk or names
        keys = (keys,) if isinstance(keys, str) else keys
        there = set(self.db.execute(f"select {', '.join(names)} from {table}"))
        new = []
        for values in map(itemgetter(*names), rows):
            if values in there:
                there.remove(values)
            else:
                new.append(values)
        where = " and ".join(f"{key} is ?" for key in keys)
        places = [names.index(key) for key in keys]
        self.db.executemany(f"delete from {table} where {where}", ([row[place] for place in places] for row in there))
        self.db.executemany(insertion(table), new)

    def see(self, source_ids: Iterable[str], time: str) -> str:
        """Note that an address was still listed at a time: its newest source there, and the report, were last seen then.

        Returns:
            The report's status, "" where no report is known there.
        """
        known = [
            row
            for name in source_ids
            for row in self.db.execute("select last_seen, source_id, report_id from sources where source_id = ?", (name,))
        ]
        if not known:
            return ""
        _, source, report = max(known)
        self.db.execute("update sources set last_seen = max(last_seen, ?) where source_id = ?", (time, source))
        self.db.execute("update reports set last_seen = max(last_seen, ?) where report_id = ?", (time, report))
        return str(self.db.execute("select status from reports where report_id = ?", (report,)).fetchone()[0])


def insertion(table: str, otherwise: str = "replace") -> str:
    """Return the statement that inserts a row; one of the same key is replaced, or what is said instead."""
    names = TABLES[table].columns
    return f"insert or {otherwise} into {table} ({', '.join(names)}) values ({', '.join('?' * len(names))})"


def words(title: str | None, text: str | None, status: str, sections: list[Row]) -> Parts | None:
    """Return what the search index holds of a report; nothing of one that was removed."""
    return None if status == "removed" else parts(title, text, sections)


def swap(fresh: Path, path: Path) -> None:
    """Put a finished archive in the place of the old one; what the old one had not yet taken over must not be read into it."""
    with fresh.open("rb") as stream:
        os.fsync(stream.fileno())
    if path.exists():
        with suppress(sqlite3.Error), closing(sqlite3.connect(path)) as old:  # a damaged one is replaced all the same
            old.execute("pragma wal_checkpoint(truncate)")
            old.execute("pragma journal_mode=delete")
    for suffix in ("-wal", "-shm", "-journal"):
        path.with_name(path.name + suffix).unlink(missing_ok=True)
    fresh.replace(path)
