"""Importing: files, folders, WARC and WACZ become raw records, kept like what a spider fetched; nothing is cleaned here."""

from __future__ import annotations

import os
from collections.abc import Iterator
from hashlib import sha256
from pathlib import Path
from stat import S_ISDIR, S_ISREG

from archive.foreign import ARCHIVES, LIMIT, Damaged, printable
from archive.ids import URN, normalise
from archive.raw import RawStore, now
from archive.warc import Capture

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


class ImportProblem(Exception):
    """A file that cannot be taken; the message says why."""


class Importer:
    """One import into a raw store."""

    def __init__(self, store: RawStore, run: str, *, site: str = "", url: str = "") -> None:
        """`site`: registry id of everything imported. `url`: the address of the one file imported."""
        self.site, self.url = site, url
        self.keeper = store.keeper("import", run)
        self.tally = self.keeper.tally

    def close(self) -> None:
        """Finish the WARC file."""
        self.keeper.close()

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
        capture = Capture(url=url, time=now(), body=body, headers=headers, filename=printable(path.name))
        self.keeper.keep(capture, site=self.site, dated=False)

    def _take_archive(self, path: Path) -> None:
        if self.url:
            raise ImportProblem("--url is for a single document; the records of an archive have their own addresses")
        size_of(path)
        before = self.tally.stored + self.tally.known
        try:
            for capture in self.keeper.records(path):
                self.keeper.keep(capture, site=self.site)
        except Damaged as damage:
            raise ImportProblem(str(damage)) from None
        except OSError as error:
            raise ImportProblem(f"cannot be read: {error.strerror or error}") from None
        if before == self.tally.stored + self.tally.known:
            raise ImportProblem("no response in it")


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
