"""What the page of a report shows: its own rows, its kin, and nothing of removed reports."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest

from archive.reportpage import report, source_of, version_texts, versions
from tests.reports import identifier, make_archive


@pytest.fixture
def db(tmp_path: Path) -> sqlite3.Connection:
    return sqlite3.connect(make_archive(tmp_path / "archive.db"))


def test_sources_in_the_order_a_reader_looks_for_them(db: sqlite3.Connection) -> None:
    page = report(db, identifier(6))
    assert page
    assert [source["relation"] for source in page["sources"]] == ["canonical", "copy"]
    assert page["flags"] == ["folded_punctuation", "year_inferred"]
    assert [version["n"] for version in page["versions"]] == [1]
    assert report(db, "fz") is None


def test_similar_reports_by_any_of_their_sources(db: sqlite3.Connection) -> None:
    pairs = [(identifier(7), identifier(1004), "similar", 0.9), (identifier(2), identifier(1007), "similar", 0.95),
             (identifier(2), identifier(7), "similar", 0.8), (identifier(3), identifier(7), "different", 0.99),
             (identifier(7), identifier(10), "similar", 0.99), (identifier(7), identifier(1007), "similar", 1.0)]  # fmt: skip
    db.executemany("insert into verdicts(source_a, source_b, verdict, containment) values (?, ?, ?, ?)", pairs)
    page = report(db, identifier(7))
    assert page
    assert [(other["report_id"], other["containment"]) for other in page["similar"]] == [
        (identifier(2), 0.95),
        (identifier(4), 0.9),
    ]


def test_reuse_names_last_year(db: sqlite3.Connection) -> None:
    rows = [(identifier(7), "last_year", 40, 10, 0.25, identifier(5)), (identifier(7), "other_governments", 40, 4, 0.1, None)]
    db.executemany("insert into reuse values (?, ?, ?, ?, ?, ?)", rows)
    page = report(db, identifier(7))
    assert page
    assert [(row["origin"], row["carried"], row["from_year"]) for row in page["reuse"]] == [
        ("last_year", 10, 2022),
        ("other_governments", 4, None),
    ]
    db.execute("update reports set status = 'removed' where report_id = ?", (identifier(5),))
    page = report(db, identifier(7))
    assert page
    assert page["reuse"][0]["from_title"] is None


def test_other_years_newest_first(db: sqlite3.Connection) -> None:
    page = report(db, identifier(7))
    assert page
    assert [other["report_year"] for other in page["others"]] == [2022, 2021]
    page = report(db, identifier(3))  # the report of its other year was removed
    assert page
    assert page["others"] == []


def test_tables_that_an_older_archive_does_not_have(db: sqlite3.Connection) -> None:
    for table in ("sources", "versions", "verdicts", "reuse", "sections", "indicators", "coverage"):
        db.execute(f"drop table {table}")
    page = report(db, identifier(7))
    assert page
    assert [page[name] for name in ("sources", "versions", "similar", "reuse", "sections", "figures", "coverage")] == [[]] * 7
    assert versions(db, identifier(7))["versions"] == []


def test_a_source_is_found_under_its_own_report_only(db: sqlite3.Connection) -> None:
    source = source_of(db, identifier(7), identifier(1007))
    assert source
    assert source["relation"] == "copy"
    assert source_of(db, identifier(7), identifier(6)) is None


def test_versions(db: sqlite3.Connection) -> None:
    db.execute(
        "insert into versions(report_id, n, text, source_id) values (?, 2, '甲\n乙', ?)", (identifier(7), identifier(1007))
    )
    found = versions(db, identifier(7))["versions"]
    assert [(version["n"], version["url"]) for version in found] == [
        (1, "https://www.site7.gov.cn/art/7.html"),
        (2, "https://sft.example7.gov.cn/copy.html"),
    ]
    assert found[1]["char_count"] == 2
    assert version_texts(db, identifier(7), (2, 2)) == ["甲\n乙"] * 2
