"""The working database, data/work.db: what was read of the raw store and what cleaning made of it; can be deleted."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from datetime import date
from pathlib import Path
from typing import Any

from archive.candidates import SCHEMA as CANDIDATES
from archive.candidates import drop_sketch, keep_sketch
from archive.ids import source_id
from archive.keys import Key
from archive.kinship import SCHEMA as KINSHIP
from archive.sketch import Sketch
from archive.texts import NORM_VERSION
from archive.verdicts import RULE_VERSION
from cleaning.document import Attachment, Document, Section

#: Changes whenever the tables below, the hashes or the verdicts in them do: an older file is then made again.
VERSION = f"2.{NORM_VERSION}.{RULE_VERSION}"

#: Kept in memory of the file, KiB: bands and sentences are written all over it.
CACHE = 128 * 1024

SCHEMA = """
create table if not exists marks (name text primary key, value text) without rowid;
create table if not exists captures (
    raw_id integer primary key, address text not null, payload text not null, url text not null, time text not null,
    status integer, type text, site text, role text, via text, link_text text, link_date text, filename text,
    file text not null, offset integer not null);
create index if not exists captures_address on captures (address);
create table if not exists documents (
    id integer primary key, address text not null, payload text not null, context text not null, kind text not null,
    core text, document text not null, unique (address, payload));
create index if not exists documents_core on documents (core) where core is not null;
create table if not exists links (
    page text, payload text, attachment text, position integer, primary key (page, payload, attachment)) without rowid;
create index if not exists links_attachment on links (attachment);
create table if not exists ids (source_id text primary key, address text not null) without rowid;
create index if not exists ids_address on ids (address);
create table if not exists seen (address text primary key, time text not null) without rowid;
create table if not exists gone (address text not null, time text not null, primary key (address, time)) without rowid;
"""


@dataclass(frozen=True, kw_only=True)
class Taken:
    """A capture as work.db keeps it: fields of archive.raw.Response, with the normalised address."""

    raw_id: int
    address: str
    payload: str
    url: str
    time: str
    status: int | None
    type: str
    site: str
    role: str
    via: str
    link_text: str
    link_date: str
    filename: str
    file: str
    offset: int

    @property
    def readable(self) -> bool:
        """Whether there is a document in it: an imported file or a plain success."""
        return self.status in (None, 200)

    @property
    def context(self) -> str:
        """What cleaning is told besides the bytes, as JSON."""
        told = (self.url, self.type, self.site, self.link_text, self.link_date, self.filename)
        return json.dumps(told, ensure_ascii=False)

    @property
    def rank(self) -> tuple[bool, str, str]:
        """Order in which captures of the same bytes are chosen for cleaning: with a list's title or date first, then age."""
        return not (self.link_text or self.link_date), self.time, self.context


@dataclass(frozen=True, kw_only=True)
class Cleaned:
    """What cleaning made of a payload. `kind`: report, stub (its text is in an attachment) or other (a page of no use)."""

    kind: str
    core: str | None
    document: Document
    sketch: Sketch | None = None  #: of a report's text, when it has just been cleaned
    id: int = 0  #: its row in `documents`, once it is kept

    @property
    def key(self) -> Key:
        """Report year, issuer and division."""
        return Key(self.document.report_year, self.document.issuer, self.document.division_code)


COLUMNS = [field.name for field in fields(Taken)]
SELECT = f"select {', '.join(COLUMNS)} from captures"


class Work:
    """The working database, open for reading and writing."""

    def __init__(self, path: Path) -> None:
        """Open the file; one that is damaged, foreign or of another version is made anew.

        Raises:
            OSError, sqlite3.OperationalError: the folder cannot be written.
        """
        self.path = path
        try:
            self._open()
        except sqlite3.DatabaseError as error:
            if isinstance(error, sqlite3.OperationalError):
                raise
            self.clear()
        if self.mark("version") not in ("", VERSION):
            self.clear()
        self.set_mark("version", VERSION)

    def _open(self) -> None:
        self.db = sqlite3.connect(self.path, timeout=60, isolation_level=None)
        self.db.execute("pragma journal_mode=wal")
        self.db.execute("pragma synchronous=normal")
        self.db.execute(f"pragma cache_size=-{CACHE}")
        self.db.executescript(SCHEMA + CANDIDATES + KINSHIP)

    def clear(self) -> None:
        """Begin with an empty file."""
        self.db.close()
        for suffix in ("", "-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        self._open()
        self.set_mark("version", VERSION)

    def close(self) -> None:
        """Close the file."""
        self.db.close()

    def mark(self, name: str) -> str:
        """Return a mark, "" where it was never set."""
        row = self.db.execute("select value from marks where name = ?", (name,)).fetchone()
        return row[0] if row else ""

    def set_mark(self, name: str, value: str) -> None:
        """Set a mark, inside the caller's transaction where there is one."""
        self.db.execute("insert or replace into marks values (?, ?)", (name, value))

    def add(self, taken: Taken) -> None:
        """Keep a capture."""
        self.db.execute(
            f"insert or replace into captures ({', '.join(COLUMNS)}) values ({', '.join('?' * len(COLUMNS))})",
            [getattr(taken, name) for name in COLUMNS],
        )
        self.db.execute("insert or ignore into ids values (?, ?)", (source_id(taken.address), taken.address))

    def captures(self, address: str, payload: str | None = None) -> list[Taken]:
        """Return the captures of an address (with that payload), oldest first."""
        rows = self.db.execute(
            f"{SELECT} where address = ? and (? is null or payload = ?) order by time, payload, url",
            (address, payload, payload),
        )
        return [Taken(**dict(zip(COLUMNS, row, strict=True))) for row in rows]

    def put(self, address: str, payload: str, context: str, cleaned: Cleaned, attachments: Iterable[str]) -> None:
        """Keep what cleaning made of a payload at an address; `attachments`: normalised addresses, in the page's order."""
        old = self.db.execute("select id from documents where address = ? and payload = ?", (address, payload)).fetchone()
        if old:
            drop_sketch(self.db, *old)
        new = self.db.execute(
            "insert or replace into documents (address, payload, context, kind, core, document) values (?, ?, ?, ?, ?, ?)",
            (address, payload, context, cleaned.kind, cleaned.core, dump(cleaned.document)),
        ).lastrowid
        if cleaned.sketch and new:
            keep_sketch(self.db, new, cleaned.key, cleaned.sketch)
        self.db.execute("delete from links where page = ? and payload = ?", (address, payload))
        rows = [(address, payload, attachment, n) for n, attachment in enumerate(attachments)]
        self.db.executemany("insert or ignore into links values (?, ?, ?, ?)", rows)
        self.db.execute("insert or ignore into ids values (?, ?)", (source_id(address, payload), address))

    def context(self, address: str, payload: str) -> str | None:
        """Return what cleaning was told about a payload, None where it was not cleaned yet."""
        row = self.db.execute("select context from documents where address = ? and payload = ?", (address, payload)).fetchone()
        return row[0] if row else None

    def documents(self, address: str) -> dict[str, Cleaned]:
        """Return what cleaning made of each payload of an address."""
        rows = self.db.execute("select id, payload, kind, core, document from documents where address = ?", (address,))
        return {payload: Cleaned(kind=kind, core=core, document=load(text), id=n) for n, payload, kind, core, text in rows}

    def strings(self, sql: str, *values: object) -> Iterator[str]:
        """Yield the first column of a query of ours."""
        return (row[0] for row in self.db.execute(sql, values).fetchall())


def dump(document: Document) -> str:
    """Return a Document as JSON; its sections lose their text, which `text` holds."""
    values = document.as_dict()
    values["sections"] = [{**section, "text": ""} for section in values["sections"]]
    return json.dumps(values, ensure_ascii=False)


def load(text: str) -> Document:
    """Return the Document that `dump` wrote."""
    values: dict[str, Any] = json.loads(text)
    for name in ("published_date", "signed_date"):
        values[name] = values[name] and date.fromisoformat(values[name])
    values["attachments"] = [Attachment(**item) for item in values["attachments"]]
    values["sections"] = [
        Section(**{**item, "text": values["text"][item["start"] : item["end"]]}) for item in values["sections"]
    ]
    return Document(**values)
