"""Releases: the archive (or a part of it) as a folder of files that anybody can load and verify.

The same archive gives the same bytes: rows are sorted, times come from the captures, nothing tells when it was written.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pyarrow as pa

from archive.decisions import read as read_decisions
from archive.read import report_id_of
from archive.release_folder import Folder, Progress
from archive.release_package import Json
from archive.release_parts import choose
from archive.release_read import VERSION, ReleaseError, data_sums, ordered, releases_in
from archive.selection import Selection


def publish(
    db: sqlite3.Connection,
    data: Path,
    *,
    out: Path | None = None,
    version: str | None = None,
    selection: Selection | None = None,
    txt: bool = False,
    progress: Progress = lambda stage, done, total: None,
) -> tuple[Path, Json]:
    """Write a release and return (folder, index). It appears whole or not at all.

    An archive whose data stand in a release already has that one's version; without `out` and `version` it gives that release
    instead of a copy.

    Args:
        db: the archive, open for reading.
        data: the data folder: decisions.jsonl, and releases/ with the earlier ones.
        out: the folder to make; else releases/<version>, a part with what was selected behind the version.
        version: CalVer, YYYY.MM.patch; else year and month of the newest capture, and the first patch not used yet.
        selection: which reports; those removed on request never are.
        txt: one text file a report as well, for corpus tools.
        progress: told how far it is.

    Raises:
        ReleaseError: nothing is selected, the version is none, the folder holds something, or an earlier release is damaged.
        DecisionError: a line of decisions.jsonl cannot be used.
        OSError, sqlite3.Error: the archive cannot be read, or the folder not written.
    """
    selection = selection or Selection()
    if version and not VERSION.fullmatch(version):
        raise ReleaseError(f"version {version!r} must be year, month and number, as in 2026.11.0")
    releases = data / "releases"
    slug = "" if selection.everything else "-" + re.sub(r"\W+", "-", selection.said)[:60].strip("-")
    wanted = out.absolute() if out else releases / f"{version}{slug}" if version else None
    if wanted:
        refuse(wanted)
    earlier = releases_in(releases)
    if not db.in_transaction:
        db.execute("begin")  # what a build writes meanwhile is not seen
    try:
        if not choose(db, selection, removals(db, data)):
            raise ReleaseError(f"no report fits ({selection.said}): nothing to release")
        with writing(wanted or releases / "next") as path:
            folder = Folder(db, path, selection, txt=txt, progress=progress)
            folder.write_parts()
            twin = twin_of(folder, earlier)
            if twin and not wanted and (not txt or (twin / "txt").is_dir()):
                return twin, earlier[twin]
            if version is None:
                known = earlier[twin]["version"] if twin and wanted else None
                version = str(known or next_version(folder.built_at, earlier, selection))
            target = wanted or releases / f"{version}{slug}"
            refuse(target)
            index = folder.finish(version, previous_of(version, earlier) if selection.everything else None)
            path.rename(target)
            return target, index
    except pa.ArrowException as error:
        raise ReleaseError(f"a release in {releases} is damaged ({error}): move it away") from None
    finally:
        db.rollback()


def removals(db: sqlite3.Connection, data: Path) -> dict[str, str]:
    """Return report_id -> why people removed it, also where the archive does not know it yet."""
    removed = read_decisions(data / "decisions.jsonl").removed
    return {report: line.why for name, line in removed.items() if (report := report_id_of(db, name))}


def refuse(folder: Path) -> None:
    """Make sure that a folder holds nothing yet.

    Raises:
        ReleaseError: it does.
    """
    if folder.exists() and any(folder.iterdir()):
        raise ReleaseError(f"{folder} holds something already; a release is never rewritten: choose another --out or --version")


@contextmanager
def writing(target: Path) -> Iterator[Path]:
    """Yield an empty folder beside the target, under a name that no release has; what is left of it in the end is thrown away.

    Raises:
        ReleaseError: another process is writing there.
    """
    partial = target.with_name(f".{target.name}.partial")
    partial.mkdir(parents=True, exist_ok=True)
    handle = os.open(partial, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        os.close(handle)
        raise ReleaseError(f"another dump is writing {target}: wait until it ends") from None
    try:
        for path in partial.iterdir():  # left by a run that was killed
            shutil.rmtree(path) if path.is_dir() else path.unlink()
        yield partial
    finally:
        shutil.rmtree(partial, ignore_errors=True)  # nothing is left of one that was finished and renamed
        os.close(handle)


def twin_of(folder: Folder, earlier: dict[Path, Json]) -> Path | None:
    """Return the newest release that holds the same data of the same selection."""
    sums, said = folder.data_sums(), folder.selection.said
    same = (path for path, index in earlier.items() if index.get("selection") == said and data_sums(path) == sums)
    return max(same, key=lambda path: ordered(earlier[path]["version"]), default=None)


def previous_of(version: str, earlier: dict[Path, Json]) -> Path | None:
    """Return the newest release of the whole archive before a version."""
    older = [path for path in whole(earlier) if ordered(path.name) < ordered(version)]
    return max(older, key=lambda path: ordered(path.name), default=None)


def whole(earlier: dict[Path, Json]) -> dict[Path, Json]:
    """Return the releases of the whole archive: a part has more in its name than the version."""
    return {path: index for path, index in earlier.items() if path.name == index["version"]}


def next_version(built_at: str, earlier: dict[Path, Json], selection: Selection) -> str:
    """Return the version of a new release: year and month of the newest capture, and a number; above all there are.

    A part has the version of the whole release of the same captures, where there is one.

    Raises:
        ReleaseError: no capture has a date.
    """
    newest = max(whole(earlier), key=lambda path: ordered(path.name), default=None)
    if newest and not selection.everything and earlier[newest].get("built_at") == built_at:
        return newest.name
    if not built_at:
        raise ReleaseError("no capture has a date: name the release with --version")
    month = built_at[:7].replace("-", ".")
    if newest and ordered(newest.name)[:2] >= ordered(month):
        stem, _, patch = newest.name.rpartition(".")
        return f"{stem}.{int(patch) + 1}"
    return f"{month}.0"
