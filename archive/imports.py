"""An import from end to end: options checked, files taken, archive built, and what could not be read said file by file."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from difflib import get_close_matches
from pathlib import Path
from urllib.parse import urlsplit

import click

from archive.foreign import Tally
from archive.importer import Importer
from archive.raw import RawStore, new_run
from archive.registry import Entry
from archive.work import Work

#: A file rejected for one of these could not be read at all, and what that means; any other reason says what it is instead.
UNREAD = {
    "unreadable": "cannot be read",
    "unsupported_format": "its bytes are no document, whatever its name says",
    "needs_ocr": "a scan, whose text needs the ocr extra",
    "needs_converter": "an old format: save it as docx or pdf",
}


def import_paths(
    data: Path,
    paths: list[Path],
    registry: list[Entry],
    *,
    site: str,
    url: str,
    echo: Callable[[str], None],
    build: Callable[[Path, list[Entry]], None],
) -> list[str]:
    """Import files and folders and build; return one line for everything that could not be taken or read.

    Args:
        data: the data folder.
        paths: files and folders.
        registry: registry entries as plain dicts.
        site: id of the entry they belong to, "" for none.
        url: address of the one file, "" for none.
        echo: prints a line.
        build: brings the archive up to date.

    Raises:
        click.ClickException: an option has a value that cannot be.
        OSError, sqlite3.Error: the data folder cannot be written.
    """
    entry = next((entry for entry in registry if entry["id"] == site), None)
    if site and entry is None:
        close = get_close_matches(site, [entry["id"] for entry in registry], n=3)
        hint = f"close to it: {', '.join(close)}" if close else "see fazhi sites list"
        raise click.ClickException(f"no site {site!r} in the registry; {hint}")
    if url and (len(paths) != 1 or paths[0].is_dir()):
        raise click.ClickException("--url is the address of one file: name exactly one file with it")
    if url and not is_address(url):
        raise click.ClickException(f"{url!r} is no http(s) address")
    with RawStore(data / "raw") as store:
        run = new_run()
        store.start_run(run, "import")
        if entry:
            store.remember_site(entry)
        with closing(Importer(store, run, site=site, url=url)) as importer:
            for path in paths:
                importer.take(path)
        store.finish_run(run, int(bool(entry)))
    tally = importer.tally
    echo(str(tally))
    if tally.stored or tally.known:
        build(data, registry)
        tally.problems += unread(data, tally)
    return tally.problems


def is_address(url: str) -> bool:
    """Whether an address can be fetched: http or https, with a host."""
    try:
        parts = urlsplit(url)
        return parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        return False


def unread(data: Path, tally: Tally) -> list[str]:
    """Return a line for each imported file whose bytes could not be read."""
    said = []
    with closing(Work(data / "work.db")) as work, closing(sqlite3.connect(data / "archive.db")) as archive:
        for name, address in tally.taken:
            urls = work.strings("select distinct url from captures where address = ?", address)
            rows = [row for url in urls for row in archive.execute("select reason, detail from rejected where url = ?", (url,))]
            said += [f"{name}: {UNREAD[reason]} ({detail or reason})" for reason, detail in rows if reason in UNREAD]
    return said
