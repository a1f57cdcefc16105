"""What the archive's commands share: errors as one line, opening the archive, and building it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Protocol

import click

from archive.meter import Meter


class App(Protocol):
    """What fazhi.py hands to commands as `ctx.obj`."""

    data: Path
    site_folder: Path

    def registry(self, file: Path | None = None) -> list[dict[str, Any]]:
        """Return the registry as plain dicts."""

    def build(self, registry: list[dict[str, Any]] | None = None) -> None:
        """Bring archive.db up to date."""


@contextmanager
def one_line() -> Iterator[None]:
    """Turn what a user can do something about into one clear line and exit code 1."""
    from archive.decisions import DecisionError

    try:
        yield
    except DecisionError as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        where = f"{error.filename}: " if error.filename else ""
        message = f"{where}{error.strerror or error}: choose another --data folder, or mend this one"
        raise click.ClickException(message) from None
    except sqlite3.OperationalError as error:
        raise click.ClickException(f"the data folder cannot be used ({error}): is it writable, is the disk full?") from None
    except sqlite3.DatabaseError as error:
        raise click.ClickException(f"a database in the data folder is damaged ({error}): run fazhi rebuild") from None


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

    with one_line(), Meter(echo) as meter:
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
    if not path.is_file():
        raise click.ClickException(f"{path}: nothing here yet: run fazhi crawl or fazhi import (or name another --data)")
    with one_line():
        return open_archive(path)


def something(data: Path) -> None:
    """Make sure that there is something to build from.

    Raises:
        click.ClickException: the raw store is not there.
    """
    if not (data / "raw").is_dir():
        raise click.ClickException(f"{data}: nothing here yet: run fazhi crawl or fazhi import (or name another --data)")
