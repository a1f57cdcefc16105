"""What the archive's commands share: errors as one line, a meter of progress, opening the archive, and building it."""

from __future__ import annotations

import sqlite3
import sys
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from types import TracebackType
from typing import Any, Protocol

import click

#: Jobs of fewer records than this say nothing on the way where there is no terminal.
QUIET = 2000
#: A year that SQLite can hold.
YEAR = click.IntRange(1, 9999)
#: Databases of the data folder, and what to do where one is damaged.
REMEDIES = {
    "raw/index.db": "move it away, and it is made again from the WARC files (without attempts and sightings)",
    "work.db": "delete it, and it is made again",
    "archive.db": "run fazhi rebuild",
}
NOTHING = "nothing here yet: run fazhi crawl or fazhi import (or name another --data)"


class App(Protocol):
    """What fazhi.py hands to commands as `ctx.obj`."""

    data: Path
    site_folder: Path

    def registry(self, file: Path | None = None) -> list[dict[str, Any]]:
        """Return the registry as plain dicts."""

    def build(self, registry: list[dict[str, Any]] | None = None) -> None:
        """Bring archive.db up to date."""


class Meter:
    """Shows how far a long job is, stage by stage: a bar on a terminal, a plain line now and then elsewhere."""

    def __init__(self, echo: Callable[[str], None] = click.echo) -> None:
        self.echo, self.stage, self.shown = echo, "", 0
        self.bar: Any = None

    def show(self, stage: str, done: int, total: int) -> None:
        """Note that `done` of `total` records of a stage are done."""
        if stage != self.stage:
            self._end()
            self.stage, self.shown = stage, 0
            if sys.stderr.isatty():
                self.bar = click.progressbar(length=total, label=stage, file=sys.stderr)
                self.bar.__enter__()
        if self.bar:
            self.bar.update(done - self.shown)
            self.shown = done
        elif total >= QUIET and (done - self.shown) * 10 >= total:
            self.echo(f"{stage}: {done} of {total}")
            self.shown = done

    def _end(self) -> None:
        if self.bar:
            self.bar.__exit__(None, None, None)
            self.bar = None

    def __enter__(self) -> Meter:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._end()


@contextmanager
def one_line(data: Path) -> Iterator[None]:
    """Turn what a user can do something about in the data folder into one clear line and exit code 1."""
    from archive.decisions import DecisionError

    try:
        yield
    except DecisionError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else f"{data}: "
        raise click.ClickException(f"{where}{error.strerror or error}: choose another folder, or mend this one") from None
    except sqlite3.Error as error:
        raise click.ClickException(explained(data, error)) from None


def explained(data: Path, error: sqlite3.Error) -> str:
    """Return what an error of SQLite means for the user: which database it is, and what to do."""
    said = str(error)
    if "locked" in said:
        return f"{data}: another program has been using a database for a minute ({said}): end it, or try again later"
    for name, remedy in REMEDIES.items():
        if (data / name).is_file() and (wrong := _damage(data / name)):
            return f"{data / name} is damaged ({wrong}): {remedy}"
    if "no such" in said:
        return f"{data / 'archive.db'} is no archive ({said}): run fazhi rebuild"
    return f"{data}: the folder cannot be used ({said}): is it writable, is the disk full?"


def _damage(path: Path) -> str:
    """Return what SQLite finds wrong with the pages of a database, "" for nothing."""
    try:
        with closing(sqlite3.connect(f"{path.resolve().as_uri()}?mode=ro", uri=True)) as db:
            found = str(db.execute("pragma quick_check(1)").fetchone()[0])
    except sqlite3.OperationalError:  # it cannot be opened, which is no damage
        return ""
    except sqlite3.DatabaseError as error:
        return str(error)
    return "" if found == "ok" else " ".join(found.split())


def run_build(
    data: Path,
    registry: list[dict[str, Any]],
    *,
    again: bool = False,
    jobs: int | None = None,
    echo: Callable[[str], None] = click.echo,
) -> None:
    """Bring archive.db up to date with the raw store (`again`: make all of it anew) and print one line on what changed.

    Args:
        data: the data folder.
        registry: registry entries as plain dicts.
        again: make everything anew.
        jobs: processes that clean; None takes every core.
        echo: prints a line.

    Raises:
        click.ClickException: the build cannot be done; the message says why.
    """
    from archive.build import BuildError, build

    with one_line(data), Meter(echo) as meter:
        try:
            summary = build(data, registry, again=again, jobs=jobs, progress=meter.show)
        except BuildError as error:
            raise click.ClickException(str(error)) from None
    echo(str(summary))


def opened(data: Path) -> sqlite3.Connection:
    """Open the archive for reading.

    Raises:
        click.ClickException: there is none, or it is damaged.
    """
    from archive.read import open_archive

    path = data / "archive.db"
    if not path.exists():
        raise click.ClickException(f"{path}: {NOTHING}")
    with one_line(data):
        return open_archive(path)


def something(data: Path) -> None:
    """Make sure that there is something to build from.

    Raises:
        click.ClickException: the raw store is not there.
    """
    if not (data / "raw").is_dir():
        raise click.ClickException(f"{data}: {NOTHING}")
