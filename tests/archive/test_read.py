"""What the pages read: identifiers, texts set for reading, counts."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.read import blocks, newest, open_archive, report, report_id_of, totals
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
    assert report(db, "fz") is None


def test_sources_in_the_order_a_reader_looks_for_them(db: sqlite3.Connection) -> None:
    page = report(db, identifier(6))
    assert page
    assert [source["relation"] for source in page["sources"]] == ["canonical", "copy"]
    assert page["flags"] == ["folded_punctuation", "year_inferred"]
    assert [version["n"] for version in page["versions"]] == [1]


def test_blocks_hold_the_whole_text(db: sqlite3.Connection) -> None:
    page = report(db, identifier(6))
    assert page
    found = blocks(page["text"], page["sections"])
    lines = [line for block in found for line in (["\t".join(row) for row in block.rows] or [block.text])]
    assert lines == page["text"].split("\n")
    assert [(block.depth, block.text) for block in found if block.depth][:2] == [
        (1, "一、主要工作和成效"),
        (2, "（一）依法全面履行政府职能"),
    ]
    assert len({block.anchor for block in found}) == len(found)


@pytest.mark.parametrize(
    ("line", "depth", "heading", "set_as"),
    [
        ("一、主要成效", 1, "主要成效", 1),
        ("一、主要成效。", 1, "主要成效", 1),
        ("一、 主要成效：", 1, "主要成效", 1),
        ("一、主要成效。全年办理案件五件。", 1, "主要成效", 0),
        ("一、" + "推进" * 40, 1, "推进" * 40, 0),
        ("一、主要成效", 4, "主要成效", 0),
        ("一、主要成效", 0, "", 0),
    ],
)
def test_what_is_set_as_a_heading(line: str, depth: int, heading: str, set_as: int) -> None:
    section = {"start": 0, "depth": depth, "number": "一、", "heading": heading}
    assert blocks(line, [section])[0].depth == set_as


def test_no_text() -> None:
    assert blocks("", []) == []


def test_counts(db: sqlite3.Connection) -> None:
    assert totals(db)["reports"] == 9
    assert [row["report_id"] for row in newest(db, 2)] == [identifier(9), identifier(8)]
