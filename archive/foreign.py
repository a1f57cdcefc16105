"""Web archives that others made, and files: what is in them, dated and checked, goes into the raw store, every record once."""

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
from typing import TYPE_CHECKING, BinaryIO

from warcio.exceptions import ArchiveLoadFailed

from archive.ids import URN, normalise
from archive.members import whole_members
from archive.warc import Capture, iter_captures

if TYPE_CHECKING:
    from archive.raw import RawStore

#: Documents of this size or more are refused. Bytes.
LIMIT = 30_000_000
#: Ends of the names of web archives.
ARCHIVES = (".warc", ".warc.gz", ".wacz")
#: What reading a damaged WARC or WACZ file may end in: an encrypted ZIP is a RuntimeError.
DAMAGED = (ArchiveLoadFailed, BadGzipFile, zipfile.BadZipFile, zlib.error, EOFError, ValueError, RuntimeError)
CUT_OFF = "the last record is cut off and was not taken; the others were"


class Damaged(ValueError):
    """A web archive that cannot be read to its end; the message says why, and what was taken."""


@dataclass
class Tally:
    """What came of it."""

    stored: int = 0
    known: int = 0  #: the same bytes already stood at the same address (of a web archive: at the same time)
    skipped: Counter[str] = field(default_factory=Counter)  #: what was left out, by file type or record type
    problems: list[str] = field(default_factory=list)
    taken: list[tuple[str, str]] = field(default_factory=list)  #: files named or found, and the address each stands under

    def __str__(self) -> str:
        left = ", ".join(f"{name} {count}" for name, count in self.skipped.most_common())
        return f"imported {self.stored} documents, {self.known} known already" + (f"; skipped: {left}" if left else "")


class Keeper:
    """Reads web archives and stores what it is given, with a WARC file of its own."""

    def __init__(self, store: RawStore, name: str, run: str) -> None:
        """`name` begins the name of the WARC file."""
        self.store, self.run, self.tally = store, run, Tally()
        self._writer = store.writer(name)
        self._seen: set[tuple[str, str, int | None, str]] = set()

    def close(self) -> None:
        """Finish the WARC file."""
        self._writer.close()

    def records(self, path: Path) -> Iterator[Capture]:
        """Yield the records of a WARC or WACZ file that can be kept.

        Raises:
            Damaged: it cannot be read to its end.
            OSError: it cannot be read at all.
        """
        kind = next((end for end in sorted(ARCHIVES, key=len, reverse=True) if path.name.lower().endswith(end)), "")[1:]
        size = path.stat().st_size
        try:
            for stream in warc_streams(path):
                yield from self.read(stream, kind)
        except Damaged:
            raise
        except DAMAGED as error:
            raise _damaged(error, kind) from None
        if kind == "warc.gz" and max((start + length for start, length in whole_members(path)), default=0) < size:
            raise Damaged(CUT_OFF)  # warcio takes a torn member for the end of the file

    def read(self, stream: BinaryIO, kind: str = "warc") -> Iterator[Capture]:
        """Yield the records of an open WARC file that can be kept; count the others.

        Raises:
            Damaged: it cannot be read to its end.
            OSError: it cannot be read at all.
        """
        try:
            for capture in iter_captures(stream, self.tally.skipped):
                if dated := self._checked(capture):
                    yield dated
        except DAMAGED as error:
            raise _damaged(error, kind) from None
        if self.tally.skipped.pop("torn", 0):
            raise Damaged(CUT_OFF)

    def _checked(self, capture: Capture) -> Capture | None:
        """Return the record with its time as the raw store writes it; None of one that cannot be kept, which is counted."""
        own, why = capture.status is None and capture.url.lower().startswith(URN), ""
        if not own and not re.match(r"https?://", capture.url, re.IGNORECASE):
            why = f"{capture.url.partition(':')[0]}: records"
        elif not capture.body:
            why = "empty records"
        elif len(capture.body) >= LIMIT:
            why = "records that are too large"
        else:
            try:
                return replace(capture, time=moment(capture.time))
            except ValueError:
                why = "records without a date"
        self.tally.skipped[why] += 1
        return None

    def keep(self, capture: Capture, *, site: str = "", dated: bool = True) -> None:
        """Store a capture that is not there yet. A file has no date of its own: its bytes alone say whether it is known.

        What is dated is kept for every date, so that the order of imports makes no difference.

        Args:
            capture: what is to be stored.
            site: registry id; else what the capture says.
            dated: whether its time says when it was fetched.
        """
        capture = replace(capture, run=self.run, site=site or capture.site)
        payload = sha256(capture.payload()).hexdigest()
        key = normalise(capture.url), payload, capture.status, capture.time if dated else ""
        if key in self._seen or self._stored(*key):
            self.tally.known += 1
            if capture.status in (None, 200):  # an error that is known is no sign of the page
                self.store.sight(capture.url, self.run, capture.time)
        else:
            self._writer.write(capture)
            self.tally.stored += 1
        self._seen.add(key)

    def _stored(self, address: str, payload: str, status: int | None, time: str) -> bool:
        found = "select url from responses where payload_digest = ? and status is ? and (? = '' or time = ?)"
        rows = self.store.db.execute(found, (payload, status, time, time))
        return any(normalise(url) == address for (url,) in rows)


def _damaged(error: Exception, kind: str) -> Damaged:
    said = printable(" ".join(str(error).split()))[:120]
    return Damaged(f"damaged, or no {kind} file ({said}); the records before that were taken")


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
    if not path.name.lower().endswith(".wacz"):
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
