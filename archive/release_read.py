"""Reading a release back: its index, the rows of its parts as plain values, and a store of rows by key that needs no memory."""

from __future__ import annotations

import json
import re
import sqlite3
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq

Row = dict[str, Any]

#: CalVer: year, month and a number.
VERSION = re.compile(r"[0-9]{4}\.(?:0?[1-9]|1[0-2])\.(?:0|[1-9][0-9]*)")


class ReleaseError(Exception):
    """A release cannot be written or read; the message names the file or value, and the fix."""


def ordered(version: str) -> tuple[int, ...]:
    """Return a version so that it compares: 2026.9.0 comes before 2026.10.0."""
    return tuple(int(number) for number in version.split("."))


def read_index(folder: Path) -> dict[str, Any]:
    """Return what index.json of a release says.

    Raises:
        ReleaseError: it cannot be read, or is none.
    """
    path = folder / "index.json"
    try:
        index = json.loads(path.read_text("utf-8"))
        if isinstance(index, dict) and VERSION.fullmatch(index["version"]):
            return index
        why = "it has no version"
    except (OSError, ValueError, TypeError, KeyError) as error:
        why = f"{type(error).__name__}: {error}"
    raise ReleaseError(f"{path} is no index of a release ({why}): move that folder away")


def releases_in(folder: Path) -> dict[Path, dict[str, Any]]:
    """Return the releases in a folder (those of the whole archive, and parts) with their indexes, by name.

    Raises:
        ReleaseError: an index cannot be read.
    """
    found = sorted(path.parent for path in folder.glob("[0-9]*/index.json"))  # what is being written begins with a dot
    return {path: read_index(path) for path in found}


def data_sums(folder: Path) -> dict[str, str]:
    """Return path -> sum of the Parquet files of a release, as its SHA256SUMS says; {} where there is none."""
    sums = folder / "SHA256SUMS"
    lines = sums.read_text("utf-8", "replace").splitlines() if sums.is_file() else []
    return {path: digest for digest, _, path in (line.partition("  ") for line in lines) if path.startswith("data/")}


def read_rows(folder: Path, part: str) -> Iterator[Row]:
    """Yield the rows of a part of a release, dates and times as text; none where it is not there."""
    for path in sorted((folder / "data" / part).glob("*.parquet")):
        with closing(pq.ParquetFile(path)) as file:
            for batch in file.iter_batches(batch_size=500):
                for row in batch.to_pylist():
                    yield {name: plain(value) for name, value in row.items()}


def plain(value: Any) -> Any:
    """Return a value of Parquet as JSONL and the archive have it."""
    if isinstance(value, datetime):
        return value.isoformat(timespec="milliseconds").replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, date) else value


class Held:
    """Rows by key in a temporary database on disk: however many there are, memory stays flat. Equal keys are counted."""

    def __init__(self, rows: Iterable[Row], key: Iterable[str]) -> None:
        self.key = tuple(key)
        self.db = sqlite3.connect("", isolation_level=None)  # "": a file of its own that vanishes when it is closed
        self.db.execute("pragma journal_mode=off")
        self.db.execute("create table held (key text, row text)")
        self.db.execute("begin")
        self.db.executemany("insert into held values (?, ?)", ((self.name(row), dumps(row)) for row in rows))
        self.db.execute("create index held_key on held (key)")

    def name(self, row: Row) -> str:
        """Return the key of a row as text."""
        return dumps([row.get(column) for column in self.key])

    def put(self, row: Row) -> None:
        """Hold one more row."""
        self.db.execute("insert into held values (?, ?)", (self.name(row), dumps(row)))

    def take(self, row: Row) -> Row | None:
        """Return a row that has the key of this one, and hold it no longer; None where there is none."""
        found = self.db.execute("select rowid, row from held where key = ? limit 1", (self.name(row),)).fetchone()
        if not found:
            return None
        self.db.execute("delete from held where rowid = ?", found[:1])
        return dict(json.loads(found[1]))

    def rest(self) -> Iterator[Row]:
        """Yield the rows that are held, by key."""
        for (row,) in self.db.execute("select row from held order by key, rowid"):
            yield json.loads(row)

    def close(self) -> None:
        """Let go of the database."""
        self.db.close()


def dumps(value: Any) -> str:
    """Return a value as JSON without spaces."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
