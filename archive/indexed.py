"""What the search indexes hold of a report: its title, its text parted by kinds of sections, and its characters, each once."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping
from typing import Any

from sqlite_utils import Database

from archive.chinese import zh_characters, zh_tokens
from cleaning.document import SECTION_KINDS

#: Columns of `reports_fts`. Results are two thirds of a report: `text` holds them, and what stands in no section.
COLUMNS = ("title", "text", *(kind for kind in SECTION_KINDS if kind != "results"))
_NAMES, _MARKS = ", ".join(("rowid", *COLUMNS)), ", ".join("?" * (1 + len(COLUMNS)))
_INSERT = f"insert into reports_fts ({_NAMES}) values ({_MARKS})"
#: A contentless index forgets a row when it is handed the same tokens again.
_DELETE = f"insert into reports_fts (reports_fts, {_NAMES}) values ('delete', {_MARKS})"
_INSERT_CHARACTERS = "insert into reports_chars (rowid, chars) values (?, ?)"
_DELETE_CHARACTERS = "insert into reports_chars (reports_chars, rowid, chars) values ('delete', ?, ?)"

Parts = tuple[str, ...]


def column_of(kind: str) -> str:
    """Return the column that holds the sections of a kind."""
    return kind if kind in COLUMNS else "text"


def parts(title: str | None, text: str | None, sections: Iterable[Mapping[str, Any]]) -> Parts:
    """Return a report's words column by column.

    Args:
        title: its title.
        text: its text.
        sections: its rows of `sections` (kind, start, end), which do not overlap; none: all of the text is in `text`.
    """
    found: dict[str, list[str]] = {name: [] for name in COLUMNS}
    found["title"] = [title or ""]
    text, at = text or "", 0
    for section in sorted(sections, key=lambda section: section["start"]):
        found["text"].append(text[at : section["start"]])
        at = max(at, section["end"])
        found[column_of(section["kind"])].append(text[section["start"] : at])
    found["text"].append(text[at:])
    return tuple("\n".join(filter(str.strip, found[name])) for name in COLUMNS)


def write(db: sqlite3.Connection | Database, row_id: int | None, before: Parts | None, after: Parts | None) -> None:
    """Keep the index in step with a report: `before` are the parts that were put in, `after` those it has now."""
    if before:
        db.execute(_DELETE, (row_id, *map(zh_tokens, before)))
        db.execute(_DELETE_CHARACTERS, (row_id, zh_characters("\n".join(before))))
    if after:
        db.execute(_INSERT, (row_id, *map(zh_tokens, after)))
        db.execute(_INSERT_CHARACTERS, (row_id, zh_characters("\n".join(after))))


def optimise(db: sqlite3.Connection) -> None:
    """Merge the indexes into one segment each: they shrink, and what was taken out is gone from the file."""
    for name in ("reports_fts", "reports_chars"):
        db.execute(f"insert into {name}({name}) values('optimize')")
