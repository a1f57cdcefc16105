"""Writing the files of a release: Parquet and JSONL shards, CSV, one text file a report; the same rows give the same bytes."""

from __future__ import annotations

import csv
import gzip
import io
import json
import re
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from archive.release_parts import Part

#: A shard of this size is the last of its rows: with the row group that is under way it stays below 300 MB.
SHARD_BYTES = 250_000_000
#: A row group ends at so many rows, or characters.
ROW_GROUP, GROUP_CHARACTERS = 2_000, 16_000_000
#: A JSONL file is looked at after so many lines.
LINES = 100
#: Longest name of an issuer in the name of a file, in characters: names of files have at most 255 bytes.
ISSUER = 50
UNFIT = re.compile(r'[\\/:*?"<>|\s\x00-\x1f\x7f]+')

Values = Sequence[Any]


def batches(rows: Iterable[Values]) -> Iterator[list[Values]]:
    """Cut rows into what makes a row group."""
    batch: list[Values] = []
    size = 0
    for row in rows:
        batch.append(row)
        size += sum(len(value) for value in row if isinstance(value, str))
        if len(batch) >= ROW_GROUP or size >= GROUP_CHARACTERS:
            yield batch
            batch, size = [], 0
    if batch:
        yield batch


def write_parquet(folder: Path, part: Part, rows: Iterable[Values]) -> dict[str, int]:
    """Write a part as Parquet shards; return path (in the release) -> rows. A part without rows is one empty shard."""
    target = folder / "data" / part.name
    target.mkdir(parents=True)
    schema, groups = part.schema, batches(rows)
    counts: list[int] = []
    group = next(groups, [])
    while group or not counts:
        counts.append(0)
        path = target / f"{len(counts) - 1}.parquet"
        with pq.ParquetWriter(path, schema, compression="zstd", compression_level=9, version="2.6") as writer:
            while group and (not counts[-1] or path.stat().st_size < SHARD_BYTES):
                writer.write_table(_table(group, schema))
                counts[-1] += len(group)
                group = next(groups, [])
    made = {}
    for n, count in enumerate(counts):
        shard = (target / f"{n}.parquet").rename(target / f"train-{n:05}-of-{len(counts):05}.parquet")
        made[shard.relative_to(folder).as_posix()] = count
    return made


def _table(rows: list[Values], schema: pa.Schema) -> pa.Table:
    """Make a row group; dates and times stand in the archive as text."""
    arrays = [_array(values, field.type) for values, field in zip(zip(*rows, strict=True), schema, strict=True)]
    return pa.Table.from_arrays(arrays, schema=schema)


def _array(values: Values, kind: pa.DataType) -> pa.Array:
    if pa.types.is_list(kind):
        return pa.array([json.loads(value or "[]") for value in values], kind)
    if pa.types.is_temporal(kind):
        return pa.array([value or None for value in values], pa.string()).cast(kind)
    return pa.array(values, kind)


def as_dicts(rows: Iterable[Values], part: Part) -> Iterator[dict[str, Any]]:
    """Yield rows as plain values by column: dates and times stay text, lists are lists."""
    lists = [field.name for field in part.schema if pa.types.is_list(field.type)]
    for row in rows:
        values = dict(zip(part.columns, row, strict=True))
        yield values | {name: json.loads(values[name] or "[]") for name in lists}


@contextmanager
def gzip_text(path: Path, encoding: str = "utf-8") -> Iterator[io.TextIOWrapper]:
    """Open a gzip file for text whose bytes depend on nothing but the text: no date, no name."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with (
        path.open("wb") as raw,
        gzip.GzipFile(filename="", fileobj=raw, mode="wb", mtime=0, compresslevel=6) as packed,
        io.TextIOWrapper(packed, encoding, newline="") as text,
    ):
        yield text


def write_csv(folder: Path, part: Part, rows: Iterable[Values]) -> dict[str, int]:
    """Write metadata.csv.gz (RFC 4180, UTF-8 with BOM for Excel, lists joined by a space); return path -> rows."""
    path = folder / "metadata.csv.gz"
    with gzip_text(path, "utf-8-sig") as stream:
        count = _csv(stream, list(part.columns), (row.values() for row in as_dicts(rows, part)))
    return {path.name: count}


def _csv(stream: io.TextIOBase, header: list[str], rows: Iterable[Iterable[Any]]) -> int:
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(header)
    count = 0
    for row in rows:
        writer.writerow(" ".join(value) if isinstance(value, list) else value for value in row)
        count += 1
    return count


def write_jsonl(folder: Path, part: Part, rows: Iterable[Values]) -> dict[str, int]:
    """Write jsonl/reports-0000N.jsonl.gz, one row a line; return path -> rows."""
    records = as_dicts(rows, part)
    made: dict[str, int] = {}
    record = next(records, None)
    while record or not made:
        path = folder / "jsonl" / f"{part.name}-{len(made):05}.jsonl.gz"
        with gzip_text(path) as stream:
            count = 0
            while record and (not count or count % LINES or path.stat().st_size < SHARD_BYTES):
                stream.write(json.dumps(record, ensure_ascii=False) + "\n")
                count += 1
                record = next(records, None)
        made[path.relative_to(folder).as_posix()] = count
    return made


def write_texts(folder: Path, part: Part, rows: Iterable[Values]) -> dict[str, int]:
    """Write one text file a report, for AntConc or NVivo, and txt/metadata.csv that names them; return path -> rows.

    A file is the title on a line, then the text: UTF-8 without BOM. Its name tells year, division, issuer and report_id.
    """
    target = folder / "txt"
    target.mkdir()
    header = [name for name in part.columns if name != "text"]

    def written() -> Iterator[list[Any]]:
        for row in as_dicts(rows, part):
            name = f"{text_name(row)}.txt"
            (target / name).write_text(f"{row['title'] or ''}\n{row['text']}\n", "utf-8")
            yield [name, *(row[column] for column in header)]

    path = target / "metadata.csv"
    with path.open("w", encoding="utf-8-sig", newline="") as stream:
        return {path.relative_to(folder).as_posix(): _csv(stream, ["file", *header], written())}


def text_name(row: dict[str, Any]) -> str:
    """Return the name of a report's text file: what is known of year, division code, issuer and report_id, joined by _."""
    known = (str(row[name])[:ISSUER] for name in ("report_year", "division_code", "issuer", "report_id") if row[name])
    return "_".join(UNFIT.sub("-", value).strip("-.") for value in known)
