"""Deltas: what changed from one release to the next, record by record; applied to the old one they give the new.

A record has `op`, the key columns of its row and `values`, the columns to set. For reports `cause` tells why.
Where a part has no key, a record is about all rows of a report, so that one that says what is gone need not repeat it.
"""

from __future__ import annotations

import gzip
import json
from collections import Counter
from collections.abc import Iterable, Iterator
from contextlib import closing
from itertools import groupby
from pathlib import Path

from archive.release_causes import Causes
from archive.release_files import gzip_text
from archive.release_parts import PARTS, Part
from archive.release_read import Held, ReleaseError, Row, dumps, read_index, read_rows

#: `op` of a record, what each means.
OPS = {
    "add": "a row that was not there",
    "change": "other values in some columns of a row",
    "remove": "a row that is no longer there; for reports with the `reason` under which it is excluded now, if it is",
    "rekey": "a report has another identifier (groups merged or split, an earlier capture found): `old_id` is gone",
}
#: Parts that have a delta; `metadata` follows from `reports`.
CHANGING = [part for part in PARTS.values() if part.name != "metadata"]


def delta_file(folder: Path, old: str, new: str, part: str) -> Path:
    """Return the file of a part's delta in a release: that of the reports in delta/, others in a folder below."""
    name = f"{old}_to_{new}"
    return folder / "delta" / (f"{name}.jsonl.gz" if part == "reports" else f"{name}/{part}.jsonl.gz")


def write_deltas(old: Path, new: Path, version: str) -> tuple[dict[str, int], Counter[tuple[str, str]]]:
    """Write the deltas from an old release to a new one, whose parts are written, into the new one.

    Returns:
        path -> records, and for reports how many records there are of each (op, cause).

    Raises:
        ReleaseError, OSError, pyarrow.ArrowException: the old release cannot be read.
    """
    before = read_index(old)["version"]
    counts: Counter[tuple[str, str]] = Counter()
    made = {}
    for part in CHANGING:
        path = delta_file(new, before, version, part.name)
        found = differences(part, read_rows(old, part.name), read_rows(new, part.name))
        records = explained(found, old, new) if part.name == "reports" else (record(part, *each) for each in found)
        count = 0
        with gzip_text(path) as stream:
            for one in records:
                stream.write(dumps(one) + "\n")
                count += 1
                if part.name == "reports":
                    counts[one["op"], one["cause"]] += 1
        made[path.relative_to(new).as_posix()] = count
    return made, counts


def units(part: Part, rows: Iterable[Row]) -> Iterator[Row]:
    """Yield what records are about: rows with exactly the columns of the part; without a key, the `rows` of a report in one."""
    exact = ({name: row.get(name) for name in part.columns} for row in rows)
    if part.unique:
        yield from exact
        return
    for key, group in groupby(exact, lambda row: {name: row[name] for name in part.key}):
        yield {**key, "rows": [{name: value for name, value in row.items() if name not in key} for row in group]}


def differences(part: Part, old: Iterable[Row], new: Iterable[Row]) -> Iterator[tuple[Row | None, Row | None]]:
    """Yield (old unit, new unit) of every unit that is not the same in both, None for one that is not there."""
    with closing(Held(units(part, old), part.key)) as held:
        for row in units(part, new):
            was = held.take(row)
            if was != row:
                yield was, row
        for was in held.rest():
            yield was, None


def record(part: Part, was: Row | None, row: Row | None) -> Row:
    """Return the record of a difference."""
    key = {name: (row or was or {})[name] for name in part.key}
    if row is None:
        return {"op": "remove", **key}
    values = {name: value for name, value in row.items() if name not in key and (was is None or was[name] != value)}
    return {"op": "change" if was else "add", **key, "values": values}


def explained(found: Iterable[tuple[Row | None, Row | None]], old: Path, new: Path) -> Iterator[Row]:
    """Yield the records of the reports' differences, with causes; a removal and an addition may be a report with a new key."""
    part = PARTS["reports"]
    with closing(Causes(old, new)) as causes:
        # of several reports that became one new one, the first carries its row over
        became = {to: name for name, to in reversed(causes.moved.items()) if not causes.was_there(to)}
        for was, row in found:
            made = record(part, was, row)
            name = made["report_id"]
            if was and row:
                made["cause"] = causes.of_change(was, row)
            elif row and name in became:
                made |= {"op": "rekey", "old_id": became[name], "cause": causes.of_rekey(name)}
            elif row:
                made["cause"] = causes.of_add(row)
            elif (to := causes.moved.get(name)) is None:
                made["cause"], made["reason"] = causes.of_remove(was or {})
            elif became.get(to) == name:
                continue
            else:
                made = {"op": "rekey", "report_id": to, "values": {}, "old_id": name, "cause": causes.of_rekey(to)}
            yield made


def applied(part: Part, old: Iterable[Row], records: Iterable[Row]) -> Iterator[Row]:
    """Yield the units that records make of the old rows of a part, by key.

    Raises:
        ReleaseError: a record is about a row that is not there.
    """
    with closing(Held(units(part, old), part.key)) as held:
        for made in records:
            key = {name: made[name] for name in part.key}
            gone = {"report_id": made["old_id"]} if made["op"] == "rekey" else key
            was = None if made["op"] == "add" else held.take(gone)
            if was is None and made["op"] != "add":
                raise ReleaseError(f"the delta of {part.name} is of another release: no row {dumps(gone)}")
            if made["op"] == "rekey":  # merged into a report that was there, or its row under another key
                was = held.take(key) or was
            if made["op"] != "remove":
                held.put({**(was or {}), **key, **made["values"]})
        yield from held.rest()


def read_delta(path: Path) -> Iterator[Row]:
    """Yield the records of a delta file."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        for line in stream:
            yield json.loads(line)


def check_deltas(old: Path, new: Path) -> list[str]:
    """Return what is wrong with the deltas from an old release to a new one: a line for each part they do not give.

    Raises:
        ReleaseError, OSError, ValueError, pyarrow.ArrowException: a file cannot be read.
    """
    versions = read_index(old)["version"], read_index(new)["version"]
    wrong = []
    for part in CHANGING:
        records = read_delta(delta_file(new, *versions, part.name))
        with closing(Held(applied(part, read_rows(old, part.name), records), part.key)) as held:
            same = all(held.take(unit) == unit for unit in units(part, read_rows(new, part.name)))
            if not same or next(held.rest(), None):
                wrong.append(f"{part.name}: the delta applied to {versions[0]} does not give {versions[1]}")
    return wrong
