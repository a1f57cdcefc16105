"""What the pages read: identifiers and counts."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.read import newest, open_archive, report_id_of, standing, totals
from tests.reports import identifier, make_archive


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    return open_archive(make_archive(tmp_path / "archive.db"))


def test_reading_never_writes(db: sqlite3.Connection) -> None:
    with pytest.raises(sqlite3.OperationalError, match="readonly"):
        db.execute("delete from reports")


def test_identifiers(db: sqlite3.Connection) -> None:
    assert report_id_of(db, identifier(6)) == identifier(6)
    assert report_id_of(db, identifier(1006)) == identifier(6)
    assert report_id_of(db, "fz") is None
    assert standing(db, identifier(1006)) == (identifier(6), "live")
    assert standing(db, identifier(1010)) == (identifier(10), "removed")
    assert standing(db, "fz") is None


def test_counts(db: sqlite3.Connection) -> None:
    assert totals(db)["reports"] == 9
    assert [row["report_id"] for row in newest(db, 2)] == [identifier(9), identifier(8)]
