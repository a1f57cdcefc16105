"""Importing: files, folders, WARC and WACZ become raw records, kept like what a spider fetched; nothing is cleaned here."""

from __future__ import annotations

import os
import re
import unicodedata
import zipfile
import zlib
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from gzip import BadGzipFile
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG
from typing import BinaryIO

from warcio.exceptions import ArchiveLoadFailed

from archive.ids import URN, normalise
from archive.raw import RawStore, now
from archive.warc import Capture, iter_captures

#: Documents of this size or more are refused. Bytes.
LIMIT = 30_000_000
#: Ends of names that are taken, with the media type they are stored under.
TYPES = {
    ".html": "text/html",
    ".htm": "text/html",
    ".shtml": "text/html",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".doc": "application/msword",
    ".wps": "application/vnd.ms-works",
    ".pdf": "application/pdf",
    ".ofd": "application/ofd",
    ".txt": "text/plain",
}
ARCHIVES = (".warc", ".warc.gz", ".wacz")
#: What reading a damaged WARC or WACZ file may end in: an encrypted ZIP is a RuntimeError.
DAMAGED = (ArchiveLoadFailed, BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)


class ImportProblem(Exception):
    """A file that cannot be taken; the message says why."""


@dataclass
class Tally:
    """What an import did."""

    stored: int = 0
    known: int = 0  #: the same bytes already stood at the same address (of a web archive: at the same time)
    skipped: Counter[str] = field(default_factory=Counter)  #: what was left out, by file type or record type
    problems: list[str] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)  #: files named or found, and the address each stands under

    def __str__(self) -> str:
        left = ", ".join(f"{name} {count}" for name, count in self.skipped.most_common())
        return f"imported {self.stored} documents, {self.known} known already" + (f"; skipped: {left}" if left else "")


class Importer:
    """One import into a raw store."""

    def __init__(self, store: RawStore, run: str, *, site: str = "", url: str = "") -> None:
        """`site`: registry id of everything imported. `url`: the address of the one file imported."""
        self.store, self.run, self.site, self.url = store, run, site, url
        self.tally = Tally()
        self._writer = store.writer("import")
        self._seen: set[tuple[str, str, int | None, str]] = set()

    def close(self) -> None:
        """Finish the WARC file."""
        self._writer.close()

    def take(self, path: Path) -> None:
        """Take a file or a folder; what cannot be taken is noted in the tally, and the rest goes on.

        Raises:
            OSError: the raw store cannot be written.
        """
        try:
            mode = path.stat().st_mode
        except OSError as error:
            missing = isinstance(error, FileNotFoundError)
            self._refuse(path, "no such file or folder" if missing else f"cannot be read: {error.strerror}")
            return
        if S_ISDIR(mode):
            for file in self._walk(path):
                if ending(file):
                    self._take_one(file)
                else:
                    self.tally.skipped[printable(file.suffix.lower()) or "no suffix"] += 1
        elif not ending(path):
            self._refuse(path, f"unknown file type; known: {' '.join(end.lstrip('.') for end in (*TYPES, *ARCHIVES))}")
        else:
            self._take_one(path)

    def _refuse(self, path: str | Path, why: str) -> None:
        self.tally.problems.append(f"{printable(path)}: {why}")

    def _walk(self, folder: Path) -> Iterator[Path]:
        """Yield the files of a folder and those below, in the order of their names; folders that cannot be read are refused."""

        def refuse(error: OSError) -> None:
            self._refuse(error.filename, f"cannot be read: {error.strerror}")

        for where, folders, names in os.walk(folder, onerror=refuse):
            folders.sort()
            yield from (Path(where, name) for name in sorted(names))

    def _take_one(self, path: Path) -> None:
        try:
            if ending(path) in ARCHIVES:
                self._take_archive(path)
            else:
                self._take_file(path)
        except ImportProblem as problem:
            self._refuse(path, str(problem))

    def _take_file(self, path: Path) -> None:
        size = size_of(path)
        if size >= LIMIT:
            raise ImportProblem(f"{size / 1e6:.1f} MB is too large; a document must be under {LIMIT // 10**6} MB")
        try:
            body = path.read_bytes()
        except OSError as error:
            raise ImportProblem(f"cannot be read: {error.strerror}") from None
        if not body:
            raise ImportProblem("the file is empty")
        url = self.url or URN + sha256(body).hexdigest()
        headers = [("Content-Type", TYPES[ending(path)])]
        self.tally.taken.append((printable(path), normalise(url)))
        self._store(Capture(url=url, time=now(), body=body, headers=headers, filename=printable(path.name)), dated=False)

    def _take_archive(self, path: Path) -> None:
        if self.url:
            raise ImportProblem("--url is for a single document; the records of an archive have their own addresses")
        size_of(path)
        before = self.tally.stored + self.tally.known
        for capture in self._records(path):
            self._take_record(capture)
        torn = self.tally.skipped.pop("torn", 0)
        if torn:
            raise ImportProblem("the last record is cut off and was not taken; the others were")
        if before == self.tally.stored + self.tally.known:
            raise ImportProblem("no response in it")

    def _records(self, path: Path) -> Iterator[Capture]:
        """Yield the captures of a WARC or WACZ file."""
        try:
            for stream in warc_streams(path):
                yield from iter_captures(stream, self.tally.skipped)
        except DAMAGED as error:
            said = printable(" ".join(str(error).split()))[:120]
            raise ImportProblem(
                f"damaged, or no {ending(path)[1:]} file ({said}); the records before that were taken"
            ) from None
        except OSError as error:
            raise ImportProblem(f"cannot be read: {error.strerror or error}") from None

    def _take_record(self, capture: Capture) -> None:
        own = capture.status is None and capture.url.lower().startswith(URN)
        try:
            capture = replace(capture, time=moment(capture.time))
        except ValueError:
            self.tally.skipped["records without a date"] += 1
            return
        if not own and not re.match(r"https?://", capture.url, re.IGNORECASE):
            self.tally.skipped[f"{capture.url.partition(':')[0]}: records"] += 1
        elif not capture.body:
            self.tally.skipped["empty records"] += 1
        elif len(capture.body) >= LIMIT:
            self.tally.skipped["records that are too large"] += 1
        else:
            self._store(capture)

    def _store(self, capture: Capture, *, dated: bool = True) -> None:
        """Store a capture that is not there yet. A file has no date of its own: its bytes alone say whether it is known.

        What is dated is kept for every date, so that the order of imports makes no difference.
        """
        capture = replace(capture, run=self.run, site=self.site or capture.site)
        payload = sha256(capture.payload()).hexdigest()
        key = normalise(capture.url), payload, capture.status, capture.time if dated else ""
        if key in self._seen or self._stored(*key):
            self.tally.known += 1
            self.store.sight(capture.url, self.run, capture.time)
        else:
            self._writer.write(capture)
            self.tally.stored += 1
        self._seen.add(key)

    def _stored(self, address: str, payload: str, status: int | None, time: str) -> bool:
        found = "select url from responses where payload_digest = ? and status is ? and (? = '' or time = ?)"
        rows = self.store.db.execute(found, (payload, status, time, time))
        return any(normalise(url) == address for (url,) in rows)


def ending(path: Path) -> str:
    """Return the known ending of a file's name, "" for none."""
    name = path.name.lower()
    return next((end for end in (*ARCHIVES, *TYPES) if name.endswith(end) and name != end), "")


def size_of(path: Path) -> int:
    """Return the size of a file in bytes.

    Raises:
        ImportProblem: it cannot be read, or is no file: a pipe would be waited for without end.
    """
    try:
        state = path.stat()
    except OSError as error:
        raise ImportProblem(f"cannot be read: {error.strerror}") from None
    if not S_ISREG(state.st_mode):
        raise ImportProblem("not a regular file")
    return state.st_size


def printable(name: str | Path) -> str:
    """Return a file's name as text on one line: names from Chinese Windows may be in GBK, and may hold any character."""
    raw = os.fsencode(name)
    try:
        text = raw.decode()
    except UnicodeDecodeError:
        text = raw.decode("gb18030", "backslashreplace")
    return "".join(repr(one)[1:-1] if unicodedata.category(one) in ("Cc", "Cf") else one for one in text)


def warc_streams(path: Path) -> Iterator[BinaryIO]:
    """Yield the WARC files in a WARC or WACZ file, open for reading.

    Raises:
        OSError, zipfile.BadZipFile: it cannot be read.
    """
    if ending(path) != ".wacz":
        with path.open("rb") as stream:
            yield stream
        return
    with zipfile.ZipFile(path) as parcel:
        for name in sorted(parcel.namelist()):
            if name.endswith((".warc", ".warc.gz")):
                with parcel.open(name) as member:
                    yield member  # type: ignore[misc]  # an IO[bytes], which reads like a file


def moment(time: str) -> str:
    """Return a WARC-Date as the raw store writes times, so that they compare as text.

    Raises:
        ValueError: it is no date.
    """
    stamp = datetime.fromisoformat(time)
    stamp = stamp.replace(tzinfo=UTC) if stamp.tzinfo is None else stamp.astimezone(UTC)
    return stamp.isoformat(timespec="milliseconds").replace("+00:00", "Z")
