"""Releases: the archive (or a part of it) as a folder of Parquet, JSONL and CSV files that anybody can load and verify.

The same archive gives the same bytes: rows are sorted, times come from the captures, gzip members carry no date.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from archive.release_card import describe
from archive.release_parts import DATES, PARTS, SORTED_BY, TIMES, arrow_schema, columns
from archive.selection import Selection

SHARD_BYTES = 300_000_000
ROW_GROUP = 2_000


class ReleaseError(Exception):
    """A release cannot be written or does not hold what it says; the message names the file and the reason."""


def write_release(
    db: sqlite3.Connection, folder: Path, version: str, *, selection: Selection, txt: bool = False
) -> dict[str, Any]:
    """Write a release of the selected reports into a new folder and return its index (counts, files, sums).

    Args:
        db: the archive, open for reading.
        folder: where to; must not hold anything yet. It appears whole or not at all.
        version: CalVer, YYYY.MM.patch.
        selection: which reports; those removed on request never are.
        txt: one text file a report as well, for corpus tools.

    Raises:
        ReleaseError: nothing is selected, the version is none, or the folder holds something already.
    """
    if not re.fullmatch(r"\d{4}\.\d{1,2}\.\d+", version):
        raise ReleaseError(f"version {version!r} must be year, month and number, as in 2026.11.0")
    if folder.exists() and any(folder.iterdir()):
        raise ReleaseError(f"{folder} holds something already; a release is never rewritten: choose another --out or --version")
    db.row_factory = sqlite3.Row
    db.execute("create temp table if not exists chosen (report_id text primary key)")
    db.execute("delete from chosen")
    chosen = f"select report_id from reports where status != 'removed' and {selection.sql}"
    if not db.execute(f"insert into chosen {chosen}", selection.values).rowcount:
        raise ReleaseError(f"no report fits ({selection.said}): nothing to release")
    partial = folder.with_name(f".{folder.name}.partial")
    shutil.rmtree(partial, ignore_errors=True)
    partial.mkdir(parents=True)
    rows = {part: _write_part(db, part, partial, whole=selection.everything) for part in PARTS}
    _write_csv(db, partial / "metadata.csv.gz")
    _write_jsonl(db, partial / "jsonl" / "reports-00000.jsonl.gz")
    if txt:
        _write_texts(db, partial / "txt")
    index = describe(db, partial, version, rows, selection)
    if folder.exists():
        folder.rmdir()
    partial.rename(folder)
    return index


def _rows(db: sqlite3.Connection, part: str, *, whole: bool) -> Iterator[dict[str, Any]]:
    """Yield the chosen rows of a part, in a fixed order, as plain values; all rows of coverage and excluded where `whole`."""
    table, names = PARTS[part], columns(part)
    if table == "rejected":
        condition = "1" if whole else "0"
    else:
        condition = "report_id in chosen" + (" or 1" if whole and table == "coverage" else "")
    query = f"select {', '.join(names)} from {table} where {condition} order by {SORTED_BY[table]}"
    for row in db.execute(query):
        values = dict(zip(names, row, strict=True))
        if "quality_flags" in values:
            values["quality_flags"] = json.loads(values["quality_flags"] or "[]")
        yield values


def _typed(values: dict[str, Any]) -> dict[str, Any]:
    """Dates and times as Python objects, for Parquet."""
    made: dict[str, Any] = dict(values)
    for name in DATES & values.keys():
        made[name] = date.fromisoformat(values[name]) if values[name] else None
    for name in TIMES & values.keys():
        made[name] = datetime.fromisoformat(values[name]) if values[name] else None
    return made


def _write_part(db: sqlite3.Connection, part: str, folder: Path, *, whole: bool) -> int:
    """Write a part as Parquet shards of at most about SHARD_BYTES and return its number of rows."""
    schema, count = arrow_schema(part), 0
    shards: list[Path] = []
    target = folder / "data" / part
    target.mkdir(parents=True)
    writer = None
    for batch in _batches(_rows(db, part, whole=whole), ROW_GROUP):
        if writer is None or shards[-1].stat().st_size > SHARD_BYTES:
            if writer:
                writer.close()
            shards.append(target / f"{len(shards)}.parquet")
            writer = pq.ParquetWriter(shards[-1], schema, compression="zstd", compression_level=9, version="2.6")
        writer.write_table(pa.Table.from_pylist([_typed(row) for row in batch], schema=schema))
        count += len(batch)
    if writer is None:
        shards.append(target / "0.parquet")
        writer = pq.ParquetWriter(shards[-1], schema, compression="zstd", compression_level=9, version="2.6")
    writer.close()
    for n, shard in enumerate(shards):
        shard.rename(target / f"train-{n:05}-of-{len(shards):05}.parquet")
    return count


def _batches(rows: Iterable[dict[str, Any]], size: int) -> Iterator[list[dict[str, Any]]]:
    batch: list[dict[str, Any]] = []
    for row in rows:
        batch.append(row)
        if len(batch) == size:
            yield batch
            batch = []
    if batch:
        yield batch


def _gzip_text(path: Path, encoding: str) -> io.TextIOWrapper:
    """Open a gzip file for text whose bytes depend on nothing but the text."""
    path.parent.mkdir(parents=True, exist_ok=True)
    return io.TextIOWrapper(gzip.GzipFile(filename="", fileobj=path.open("wb"), mode="wb", mtime=0), encoding, newline="")


def _write_csv(db: sqlite3.Connection, path: Path) -> None:
    """Write the metadata as CSV (RFC 4180, UTF-8 with BOM for Excel); lists are joined by a space."""
    with _gzip_text(path, "utf-8-sig") as stream:
        writer = csv.writer(stream, lineterminator="\r\n")
        writer.writerow(columns("metadata"))
        for row in _rows(db, "metadata", whole=True):
            writer.writerow(" ".join(value) if isinstance(value, list) else value for value in row.values())


def _write_jsonl(db: sqlite3.Connection, path: Path) -> None:
    with _gzip_text(path, "utf-8") as stream:
        for row in _rows(db, "reports", whole=True):
            stream.write(json.dumps(row, ensure_ascii=False) + "\n")


def _write_texts(db: sqlite3.Connection, folder: Path) -> None:
    folder.mkdir()
    for row in _rows(db, "reports", whole=True):
        name = "_".join(str(row[key]) for key in ("report_year", "division_code", "report_id") if row[key])
        (folder / f"{name}.txt").write_text(f"{row['title'] or ''}\n{row['text']}\n", "utf-8")


def next_version(db: sqlite3.Connection, releases: Path) -> str:
    """Return the version of a new release: year and month of the newest capture, and the first patch number not used yet."""
    newest = db.execute("select max(first_seen) from sources").fetchone()[0] or ""
    month = newest[:7].replace("-", ".")
    patch = 0
    while (releases / f"{month}.{patch}").exists():
        patch += 1
    return f"{month}.{patch}"


def same_data(new: Path, old: Path) -> bool:
    """Whether two releases hold the same data, whatever their version."""
    return _data_sums(new) == _data_sums(old)


def _data_sums(folder: Path) -> list[str]:
    sums = folder / "SHA256SUMS"
    return [line for line in sums.read_text("utf-8").splitlines() if "  data/" in line] if sums.exists() else []


def publish(
    db: sqlite3.Connection, releases: Path, *, out: Path | None, version: str | None, selection: Selection, txt: bool
) -> tuple[Path, dict[str, Any]]:
    """Write a release to `out`, else under `releases`/<version>, and return (folder, index).

    Without `out` and `version`, an archive whose data stand in an earlier release already gives that release instead of a copy.

    Raises:
        ReleaseError: see write_release.
    """
    name = version or next_version(db, releases)
    folder = out or releases / name
    earlier = [path.parent for path in releases.glob("*/index.json")]
    index = write_release(db, folder, name, selection=selection, txt=txt)
    twin = next((path for path in earlier if same_data(folder, path)), None)
    if twin is None or out or version:
        return folder, index
    shutil.rmtree(folder)
    return twin, json.loads((twin / "index.json").read_text("utf-8"))
