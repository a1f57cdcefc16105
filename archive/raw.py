"""The raw store, data/raw: every response in WARC files, with an index by address and offset in SQLite.

The WARC files are the evidence; the index is made from them again where it is missing or behind. Attempts that brought
no response, sightings in lists and runs stand in the index alone.
"""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Any

from archive.foreign import Keeper
from archive.members import whole_members
from archive.rawtables import REASONS as REASONS
from archive.rawtables import SCHEMA
from archive.warc import CONTEXT, Capture, read_capture
from archive.writer import Writer, lock


def now() -> str:
    """Return the time in UTC as the raw store writes it: YYYY-MM-DDTHH:MM:SS.mmmZ."""
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def new_run() -> str:
    """Return an identifier for a run: its start and this process."""
    return f"{datetime.now(UTC):%Y%m%dT%H%M%S%f}-{os.getpid()}"


@dataclass(frozen=True, kw_only=True)
class Response:
    """A row of the index: where a response is kept. Fields as in Capture, plus digests (SHA-256, hex) and place."""

    id: int
    url: str
    time: str
    status: int | None
    type: str
    wire_digest: str
    payload_digest: str
    file: str
    offset: int
    length: int
    site: str
    run: str
    role: str
    via: str
    link_text: str
    link_date: str
    filename: str


class RawStore:
    """The raw folder, for reading and for writing. Several processes may use it at once; each writes a file of its own."""

    def __init__(self, folder: Path) -> None:
        """Open the folder, making it where it is missing; mend what a killed writer left behind.

        Raises:
            OSError: the folder cannot be written.
        """
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.db = sqlite3.connect(folder / "index.db", timeout=60, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute("pragma journal_mode=wal")
        self.db.execute("pragma synchronous=normal")
        self.db.executescript(SCHEMA)
        self.mended = self.recover()

    def close(self) -> None:
        """Close the index so that it is one file again, which readers can read without writing; others may go on using it."""
        with suppress(sqlite3.OperationalError):
            self.db.execute("pragma journal_mode=delete")
        self.db.close()

    def __enter__(self) -> RawStore:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def recover(self) -> list[str]:
        """Index every record that is not yet indexed, cut torn tails of files nobody writes, and say what was mended."""
        mended = []
        for path in sorted(self.folder.glob("*.warc.gz*")):
            if not path.name.endswith((".warc.gz", ".warc.gz.open")):
                continue
            name = path.name.removesuffix(".open")
            with suppress(FileNotFoundError):
                if not path.name.endswith(".open") and path.stat().st_size == self._end(name):
                    continue
            with suppress(FileNotFoundError), path.open("r+b") as stream:
                if not lock(stream):
                    continue
                # After a power cut the index may know records that never reached the file.
                for table in ("responses", "revisits"):
                    lost = f"delete from {table} where file = ? and offset + length > ?"
                    self.db.execute(lost, (name, stream.seek(0, 2)))
                end = self._index_file(path, name, self._end(name))
                torn = stream.seek(0, 2) - end
                if path.name.endswith(".open"):
                    stream.truncate(end)
                    path.rename(self.folder / name)
                if torn:  # only a writer's own torn tail is cut: a finished file is left as it is
                    done = "cut" if path.name.endswith(".open") else "left"
                    mended.append(f"{name}: {done} {torn} unreadable bytes at the end")
        return mended

    def _end(self, name: str) -> int:
        """Return where the last indexed record of a file ends, in bytes."""
        last = "select coalesce(max(offset + length), 0) from {} where file = ?"
        return max(int(self.db.execute(last.format(table), (name,)).fetchone()[0]) for table in ("responses", "revisits"))

    def missing(self, after: int = 0) -> list[str]:
        """Return the names of files that hold records with an id above `after`, and that are not in the folder."""
        names = self.db.execute("select distinct file from responses where id > ? order by file", (after,))
        # `.open` first: a writer may take it off the name in between
        return [name for (name,) in names if not any((self.folder / f"{name}{end}").exists() for end in (".open", ""))]

    def _index_file(self, path: Path, name: str, end: int) -> int:
        """Index the records of a file from an offset; return the end of the last whole one."""
        self.db.execute("begin immediate")
        with self.db:
            for offset, length in whole_members(path, end):
                with suppress(ValueError):  # a warcinfo or request record
                    self.insert(read_capture(path, offset, revisits=True), name, offset, length)
                end = offset + length
        return end

    def insert(self, capture: Capture, file: str, offset: int, length: int) -> None:
        """Index a record; one that is indexed already stays as it is. A revisit is a sighting of what it refers to."""
        context = capture.context
        if refers := capture.refers:
            place = (file, offset, length, capture.site, capture.run)
            row = (capture.url, capture.time, capture.status, refers.url, refers.time, *place)
            self.db.execute("insert or ignore into revisits values (null, ?,?,?, ?,?, ?,?,?, ?,?)", row)
            self.sight(refers.url, capture.run, capture.time)
            return
        self.db.execute(
            "insert or ignore into responses values (null, ?,?,?,?,?,?, ?,?,?, ?,?,?,?,?,?,?)",
            (
                capture.url,
                capture.time,
                capture.status,
                capture.content_type,
                capture.digest(),
                sha256(capture.payload()).hexdigest(),
                file,
                offset,
                length,
                *(context.get(key, "") for key in CONTEXT),
            ),
        )

    def read(self, response: Response) -> Capture:
        """Read a response back from its WARC file.

        Raises:
            OSError, ValueError: the file or the record is not there.
        """
        return read_capture(self.path(response.file), response.offset)

    def path(self, file: str) -> Path:
        """Return where a WARC file of the index is: under its name, or `.open` while it is written."""
        path = self.folder / file
        return path if path.exists() else path.with_name(path.name + ".open")

    def responses(self, *, after: int = 0, where: str = "1", values: tuple[object, ...] = ()) -> Iterator[Response]:
        """Yield index rows with an id above `after`, in the order they were stored; `where` is SQL of ours with `values`."""
        rows = self.db.execute(f"select * from responses where id > ? and ({where}) order by id", (after, *values))
        for row in rows:
            yield Response(**dict(row))

    def known(self, url: str) -> bool:
        """Whether a good response (2xx, or an imported file) of this address is stored."""
        found = "select 1 from responses where url = ? and (status is null or status between 200 and 299) limit 1"
        return self.db.execute(found, (url,)).fetchone() is not None

    def sight(self, url: str, run: str, time: str = "") -> None:
        """Note that a known address is still listed (now, or at `time`), so that it need not be fetched to be seen."""
        newest = "on conflict do update set time = max(time, excluded.time), run = excluded.run"
        self.db.execute(f"insert into sightings values (?, ?, ?) {newest}", (url, time or now(), run))

    def attempt(self, url: str, *, site: str, run: str, reason: str, detail: str = "") -> None:
        """Note an attempt that brought nothing usable. `reason`: see docs/words.md."""
        self.db.execute("insert into attempts values (null, ?,?,?,?,?,?)", (url, site, run, now(), reason, detail[:500]))

    def remember_site(self, entry: dict[str, Any]) -> None:
        """Keep the registry entry a site was crawled by, so that a rebuild needs no other file."""
        text = json.dumps(entry, ensure_ascii=False, sort_keys=True)
        self.db.execute("insert or replace into sites values (?, ?)", (entry["id"], text))

    def remembered_sites(self) -> list[dict[str, Any]]:
        """Return the registry entries that sites were crawled by."""
        return [json.loads(text) for (text,) in self.db.execute("select entry from sites order by id")]

    def start_run(self, run: str, spider: str) -> None:
        """Note that a run of a spider (or an import) began."""
        self.db.execute("insert or ignore into runs values (?, ?, ?, null, 0)", (run, spider, now()))

    def finish_run(self, run: str, sites: int) -> None:
        """Note that a run ended in good order, with the number of sites it visited."""
        self.db.execute("update runs set finished = ?, sites = ? where run = ?", (now(), sites, run))

    def writer(self, name: str) -> Writer:
        """Return a writer with a new WARC file of its own; `name` begins the file's name."""
        return Writer(self, name)

    def keeper(self, name: str, run: str) -> Keeper:
        """Return what takes over web archives that others made, with a WARC file of its own."""
        return Keeper(self, name, run)
