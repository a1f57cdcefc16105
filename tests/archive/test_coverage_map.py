"""The map of coverage: counting, folding of divisions, and the list behind a cell."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive.coverage_map import check_code, count, division_map, due, is_leaf, issuers, listed, share
from archive.migrations import migrations

DIVISIONS = [
    ("960000", "东湖省", "province", None),
    ("960100", "云溪市", "prefecture", "960000"),
    ("960102", "青石区", "county", "960100"),
    ("960103", "望湖区", "county", "960100"),
    ("969001", "白鹭市", "county", "960000"),
    ("960102101", "松林镇", "township", "960102"),
    ("970000", "南屿省", "province", None),
]
#: (code, issuer, year, status, last_checked)
ROWS = [
    ("", "国家测量局", 2022, "on_time", "2023-05-01T00:00:00.000Z"),
    ("960000", "东湖省人民政府", 2022, "on_time", "2023-05-01T00:00:00.000Z"),
    ("960000", "东湖省财政厅", 2022, "late", "2023-05-01T00:00:00.000Z"),
    ("960100", "云溪市人民政府", 2022, "undated", "2023-05-01T00:00:00.000Z"),
    ("960102", "云溪市青石区人民政府", 2022, "missing", "2023-05-01T00:00:00.000Z"),
    ("960102", "云溪市青石区人民政府", 2023, "missing", "2023-05-01T00:00:00.000Z"),
    ("960103", "云溪市望湖区人民政府", 2022, "missing", None),
    ("960102101", "松林镇人民政府", 2022, "withdrawn", None),
    ("969001", "白鹭市人民政府", 2022, "blocked", "2023-05-01T00:00:00.000Z"),
    ("960199", "云溪市旧城区人民政府", 2022, "on_time", None),
    ("970000", "南屿省人民政府", 2024, "not_due", "2023-05-01T00:00:00.000Z"),
]


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    db = Database(tmp_path / "archive.db")
    migrations.apply(db)
    db.table("divisions").insert_all(dict(zip(("code", "name", "level", "parent"), row, strict=True)) for row in DIVISIONS)
    names = ("division_code", "issuer", "report_year", "status", "last_checked")
    db.table("coverage").insert_all(dict(zip(names, row, strict=True)) for row in ROWS)
    db.conn.commit()
    yield db.conn
    db.close()


def counts(archive: sqlite3.Connection, code: str) -> dict[tuple[str, bool], dict[int, dict[str, int]]]:
    lines = division_map(archive, code).lines
    return {(line.name, line.own): {year: dict(found) for year, found in line.years.items()} for line in lines}


def test_the_country(archive: sqlite3.Connection) -> None:
    assert counts(archive, "") == {
        ("", False): {2022: {"on_time": 1}},
        ("东湖省", False): {
            2022: {"on_time": 2, "late": 1, "undated": 1, "missing": 1, "unchecked": 1, "withdrawn": 1, "blocked": 1},
            2023: {"unchecked": 1},  # looked at before it was due
        },
        ("南屿省", False): {2024: {"not_due": 1}},
    }
    assert division_map(archive, "").years == [2022, 2023, 2024]
    assert division_map(archive, "").total.years[2022].total() == 9


def test_a_province_has_its_prefectures_counties_of_its_own_and_itself(archive: sqlite3.Connection) -> None:
    assert counts(archive, "960000") == {
        ("东湖省", True): {2022: {"on_time": 1, "late": 1}},
        # with a district that is in no table
        ("云溪市", False): {
            2022: {"undated": 1, "missing": 1, "unchecked": 1, "withdrawn": 1, "on_time": 1},
            2023: {"unchecked": 1},
        },
        ("白鹭市", False): {2022: {"blocked": 1}},
    }


def test_a_prefecture(archive: sqlite3.Connection) -> None:
    found = division_map(archive, "960100")
    assert [(line.name, line.own) for line in found.lines] == [
        ("云溪市", True),
        ("青石区", False),
        ("望湖区", False),
        ("云溪市旧城区人民政府", False),
    ]
    assert found.trail == [("960000", "东湖省"), ("960100", "云溪市")]


def test_issuers(archive: sqlite3.Connection) -> None:
    shown, lines = issuers(archive, "960102")
    assert {line.name: line.years for line in lines} == {
        "云溪市青石区人民政府": {2022: ("missing", None), 2023: ("unchecked", None)},
        "松林镇人民政府": {2022: ("withdrawn", None)},
    }
    assert [name for _, name in shown.trail] == ["东湖省", "云溪市", "青石区"]
    assert [line.name for line in issuers(archive, "960000", own=True)[1]] == ["东湖省人民政府", "东湖省财政厅"]
    assert [line.name for line in issuers(archive, "national")[1]] == ["国家测量局"]
    assert [line.name for line in issuers(archive, "960102101")[1]] == ["松林镇人民政府"]


@pytest.mark.parametrize(
    ("filters", "names"),
    [
        ({"code": "960100", "status": "missing"}, ["云溪市青石区人民政府"]),
        ({"code": "960100", "status": "unchecked"}, ["云溪市青石区人民政府", "云溪市望湖区人民政府"]),
        ({"code": "960000", "own": True}, ["东湖省人民政府", "东湖省财政厅"]),
        ({"status": "found", "year": 2022, "code": "960102"}, ["松林镇人民政府"]),
        ({"year": 2024}, ["南屿省人民政府"]),
        ({"code": "national"}, ["国家测量局"]),
        ({"year": 1999}, []),
    ],
)
def test_the_list_behind_a_cell(archive: sqlite3.Connection, filters: dict[str, object], names: list[str]) -> None:
    assert [row["issuer"] for row in listed(archive, **filters)] == names  # type: ignore[arg-type]
    assert count(archive, **filters) == len(names)  # type: ignore[arg-type]


def test_every_cell_has_as_many_rows_as_it_says(archive: sqlite3.Connection) -> None:
    for code in ("", "960000", "960100"):
        for line in division_map(archive, code).lines:
            for year, found in line.years.items():
                for status, number in found.items():
                    if line.code != "960199":
                        behind = count(archive, code=line.code, own=line.own, year=year, status=status)
                        assert behind == number, (line, year, status)


def test_pages_of_the_list(archive: sqlite3.Connection) -> None:
    everything = list(listed(archive))
    assert everything == [row for n in range(0, 12, 3) for row in listed(archive, limit=3, offset=n)]
    assert [row["report_year"] for row in everything] == sorted((row[2] for row in ROWS), reverse=True)


def test_shares() -> None:
    found = Counter({"on_time": 1, "late": 1, "missing": 2, "not_due": 5})
    assert (due(found), share(found, "found"), share(found, "late")) == (4, 0.5, 0.25)
    assert share(Counter({"not_due": 1}), "found") is None


def test_codes() -> None:
    assert [check_code(code) for code in ("", "960000", "960102101", "national")]
    for wrong in ("9600", "96000a", "９６００００", "960000 or 1", "x" * 1000):
        with pytest.raises(ValueError, match="区划代码"):
            check_code(wrong)
    assert [is_leaf(code) for code in ("", "960000", "960100", "960102", "960102100", "national")] == [
        False, False, False, True, True, True
    ]  # fmt: skip
