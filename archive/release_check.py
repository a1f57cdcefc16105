"""Validation of a release folder: sums, columns, types, row counts and the sum of every text."""

from __future__ import annotations

import csv
import gzip
import hashlib
import json
import re
from contextlib import closing
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from archive.release_card import file_sums
from archive.release_parts import PARTS, arrow_schema


def check_release(folder: Path) -> list[str]:
    """Validate a release and return what is wrong with it, a line each; an empty list is a good release.

    Checked: every file of SHA256SUMS is there with that sum and no other file is; the Parquet files have the columns, types and
    numbers of rows that the index says; every text has the sum its row says; JSONL and CSV have as many rows as Parquet.
    """
    sums = folder / "SHA256SUMS"
    if not sums.is_file():
        return [f"{folder}: no SHA256SUMS, so this is no release"]
    lines_of_sums = sums.read_text("utf-8", "replace").splitlines()
    if strange := [line for line in lines_of_sums if not re.fullmatch(r"[0-9a-f]{64}  \S.*", line)]:
        return [f"{sums}: {strange[0][:80]!r} is no sum and path"]
    said = {path: digest for digest, _, path in (line.partition("  ") for line in lines_of_sums)}
    real = file_sums(folder)
    wrong = [f"{path}: missing" for path in sorted(said.keys() - real.keys())]
    wrong += [f"{path}: not in SHA256SUMS" for path in sorted(real.keys() - said.keys())]
    wrong += [f"{path}: its sum is not that of SHA256SUMS" for path in sorted(said) if real.get(path, said[path]) != said[path]]
    if wrong:
        return wrong
    try:
        rows = json.loads((folder / "index.json").read_text("utf-8"))["rows"]
        for part in PARTS:
            wrong += _check_part(folder, part, rows[part])
        with gzip.open(folder / "metadata.csv.gz", "rt", encoding="utf-8-sig", newline="") as stream:
            lines = sum(1 for _ in csv.reader(stream)) - 1
        with gzip.open(folder / "jsonl" / "reports-00000.jsonl.gz", "rt", encoding="utf-8") as stream:
            records = sum(1 for line in stream if json.loads(line)["report_id"])
    except (OSError, ValueError, KeyError, pa.ArrowException) as error:
        return [*wrong, f"{folder}: cannot be read: {error}"]
    for name, count in (("metadata.csv.gz", lines), ("jsonl/reports-00000.jsonl.gz", records)):
        if count != rows["reports"]:
            wrong.append(f"{name}: {count} rows, the index says {rows['reports']}")
    return wrong


def _check_part(folder: Path, part: str, rows: int) -> list[str]:
    wrong, count = [], 0
    for path in sorted((folder / "data" / part).glob("*.parquet")):
        with closing(pq.ParquetFile(path)) as file:
            if not file.schema_arrow.equals(arrow_schema(part)):
                wrong.append(f"{path.name} of {part}: its columns are not those of the codebook")
            count += file.metadata.num_rows
            if part == "reports":
                for batch in file.iter_batches(columns=["report_id", "text", "text_sha256"]):
                    for row in batch.to_pylist():
                        if hashlib.sha256((row["text"] or "").encode()).hexdigest() != row["text_sha256"]:
                            wrong.append(f"{row['report_id']}: its text does not have the sum it says")
    return wrong + ([f"{part}: {count} rows, the index says {rows}"] if count != rows else [])
