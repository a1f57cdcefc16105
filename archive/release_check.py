"""Validation of a release folder by what it says of itself: sums, columns, rows, texts, its database and its deltas."""

from __future__ import annotations

import csv
import gzip
import json
import re
import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import closing
from hashlib import sha256
from itertools import zip_longest
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from archive.release_db import BLOCK, NAME
from archive.release_delta import check_deltas, delta_file
from archive.release_folder import file_of
from archive.release_package import Json, told
from archive.release_parts import PARTS
from archive.release_read import ReleaseError, read_index, releases_in

#: What reading a release that was tampered with may end in.
UNREADABLE = (OSError, ValueError, KeyError, TypeError, EOFError, sqlite3.Error, pa.ArrowException, ReleaseError)


def check_release(folder: Path) -> list[str]:
    """Validate a release and return what is wrong with it, a line each; an empty list is a good release.

    Every file has the sum, size and rows that SHA256SUMS and index.json say, and there is no other; Parquet has the columns and
    types of datapackage.json; JSONL and CSV hold the same reports; texts have their sums; archive.db.zst is sound and as large;
    removed reports are nowhere; the deltas applied to the previous release give this one, where that lies beside it.
    """
    if wrong := _check_sums(folder):
        return wrong
    try:
        index = read_index(folder)
        wrong = _check_index(folder, index) or [
            *_check_tables(folder, index),
            *_check_reports(folder),
            *_check_removed(folder),
            *_check_database(folder, index),
        ]
        return wrong or _check_deltas(folder, index)
    except UNREADABLE as error:
        return [*wrong, f"{folder}: cannot be read: {type(error).__name__}: {error}"]


def _check_sums(folder: Path) -> list[str]:
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        return [f"{folder}: no SHA256SUMS, so this is no release"]
    lines = sums.read_text("utf-8", "replace").splitlines()
    if strange := [line for line in lines if not re.fullmatch(r"[0-9a-f]{64}  \S.*", line)]:
        return [f"{sums}: {strange[0][:80]!r} is no sum and path"]
    said = {path: digest for digest, _, path in (line.partition("  ") for line in lines)}
    real = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file() and path != sums}
    wrong = [f"{path}: missing" for path in sorted(said.keys() - real.keys())]
    wrong += [f"{path}: not in SHA256SUMS" for path in sorted(real.keys() - said.keys())]
    both = sorted(said.keys() & real.keys())
    return wrong + [f"{path}: its sum is not that of SHA256SUMS" for path in both if file_of(real[path]).sha256 != said[path]]


def _check_index(folder: Path, index: Json) -> list[str]:
    """The index lists every file but itself, with its size and sum, and counts what the files hold."""
    listed = {file["path"]: file for file in index["files"]}
    real = {path.relative_to(folder).as_posix(): path for path in folder.rglob("*") if path.is_file()}
    if others := sorted(listed.keys() ^ (real.keys() - {"index.json", "SHA256SUMS"})):
        return [f"index.json: {others[0]} is not both there and listed"]
    wrong = []
    for path, file in listed.items():
        found = file_of(real[path])
        if (file["bytes"], file["sha256"]) != (found.size, found.sha256):
            wrong.append(f"index.json: size or sum of {path} is not that of the file")
        if "rows" in file and (rows := sum(1 for _ in _rows(real[path]))) != file["rows"]:
            wrong.append(f"{path}: {rows} rows, the index says {file['rows']}")
    for part, count in index["counts"].items():
        rows = sum(file["rows"] for path, file in listed.items() if path.startswith(f"data/{part}/"))
        wrong += [] if rows == count else [f"{part}: {rows} rows, the index counts {count}"]
    return wrong


def _rows(path: Path) -> Iterator[Any]:
    """Yield something for each row of a file: of Parquet nothing more than that it is there."""
    if path.suffix == ".parquet":
        with closing(pq.ParquetFile(path)) as file:
            yield from range(file.metadata.num_rows)
    elif path.name.endswith(".csv.gz") or path.suffix == ".csv":
        opened = gzip.open if path.suffix == ".gz" else open
        with opened(path, "rt", encoding="utf-8-sig", newline="") as stream:
            yield from csv.DictReader(stream)
    else:
        with gzip.open(path, "rt", encoding="utf-8") as stream:
            for line in stream:
                yield json.loads(line)


def _check_tables(folder: Path, index: Json) -> list[str]:
    """Parquet files have the columns that datapackage.json says, and texts the sums that stand beside them."""
    package = json.loads((folder / "datapackage.json").read_text("utf-8"))
    schemas = {one["path"]: one.get("schema", {}).get("fields") for one in package["resources"]}
    wrong = [
        f"{part}: no such part in data/" for part in index["counts"] if not any((folder / "data" / part).glob("*.parquet"))
    ]
    for path in sorted((folder / "data").rglob("*.parquet")):
        name = path.relative_to(folder).as_posix()
        with closing(pq.ParquetFile(path)) as file:
            columns = {field.name: told(field.type)[0] for field in file.schema_arrow}
            if columns != {field["name"]: field["type"] for field in schemas.get(name) or []}:
                wrong.append(f"{name}: its columns are not those of datapackage.json")
            if {"text", "text_sha256"} <= columns.keys():
                for batch in file.iter_batches(batch_size=500, columns=["report_id", "text", "text_sha256"]):
                    wrong += [f"{row['report_id']}: a text in {name} does not have the sum it says"
                              for row in batch.to_pylist() if not _fits(row)]  # fmt: skip
    return wrong


def _fits(row: Json) -> bool:
    return bool(sha256((row["text"] or "").encode()).hexdigest() == row["text_sha256"])


def _check_reports(folder: Path) -> list[str]:
    """Parquet, JSONL and CSV hold the same reports in the same order."""
    wrong = []
    for name, files in {
        "data/metadata": sorted((folder / "data" / "metadata").glob("*.parquet")),
        "jsonl": sorted((folder / "jsonl").glob("reports-*.jsonl.gz")),
        "metadata.csv.gz": [folder / "metadata.csv.gz"],
    }.items():
        pairs = zip_longest(_ids(sorted((folder / "data" / "reports").glob("*.parquet"))), _ids(files))
        if other := next(((ours, theirs) for ours, theirs in pairs if ours != theirs), None):
            wrong.append(f"{name}: holds {other[1]} where data/reports holds {other[0]}")
    torn = (row for path in sorted((folder / "jsonl").glob("reports-*.jsonl.gz")) for row in _rows(path) if not _fits(row))
    return wrong + [f"{row['report_id']}: its text in jsonl does not have the sum it says" for row in torn]


def _ids(files: list[Path]) -> Iterator[str]:
    for path in files:
        if path.suffix == ".parquet":
            yield from (name for (name,) in _values(path, "report_id"))
        else:
            yield from (row["report_id"] for row in _rows(path))


def _values(path: Path, *names: str) -> Iterator[tuple[Any, ...]]:
    """Yield the values of some columns of a Parquet file."""
    with closing(pq.ParquetFile(path)) as file:
        for batch in file.iter_batches(columns=list(names)):
            yield from zip(*(batch.column(name).to_pylist() for name in names), strict=True)


def _check_removed(folder: Path) -> list[str]:
    """No part but `excluded`, and `coverage`, names a report that was removed."""
    excluded = sorted((folder / "data" / "excluded").glob("*.parquet"))
    removed = {name for path in excluded for name, reason in _values(path, "report_id", "reason") if reason == "removed"}
    wrong = []
    for path in sorted((folder / "data").rglob("*.parquet")) if removed else ():
        if path.parent.name in ("excluded", "coverage") or "report_id" not in pq.read_schema(path).names:
            continue
        found = sorted({name for (name,) in _values(path, "report_id")} & removed)
        wrong += [f"{name}: was removed, and stands in {path.parent.name}" for name in found]
    return wrong


def _check_database(folder: Path, index: Json) -> list[str]:
    """archive.db.zst unpacks to a sound database with as many rows as the parts."""
    with tempfile.TemporaryDirectory() as place:
        path = Path(place) / "archive.db"
        with pa.input_stream(str(folder / NAME), compression="zstd") as packed, path.open("wb") as plain:
            while block := packed.read(BLOCK):
                plain.write(block)
        with closing(sqlite3.connect(path)) as db:
            if (said := db.execute("pragma quick_check(1)").fetchone()[0]) != "ok":
                return [f"{NAME}: {said}"]
            wrong = []
            for part, count in index["counts"].items():
                if part in ("metadata", "excluded") or part not in PARTS:
                    continue
                live = " where status <> 'removed'" if part == "reports" else ""
                rows = db.execute(f"select count(*) from {PARTS[part].table}{live}").fetchone()[0]
                wrong += [] if rows == count else [f"{NAME}: {rows} rows in {part}, the index counts {count}"]
            return wrong


def _check_deltas(folder: Path, index: Json) -> list[str]:
    """The deltas give this release, where the previous one lies beside it."""
    previous = index["previous"]
    if not previous:
        return []
    if not delta_file(folder, previous, index["version"], "reports").is_file():
        return [f"index.json: there is no delta from {previous}"]
    beside = (path for path, old in releases_in(folder.absolute().parent).items() if path.name == old["version"] == previous)
    return [line for old in beside for line in check_deltas(old, folder)]
