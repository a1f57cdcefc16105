"""Words over the years: shares are exact, occurrences are counted or estimated from a fixed sample."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlite_utils import Database

from archive import trends as module
from archive.migrations import migrations
from archive.trends import Point, terms_of, trends
from tests.reports import add_report, make_archive


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    base = {"issuer": "云溪市人民政府", "published_date": "2023-03-01"}
    rows = [
        {**base, "report_year": 2021, "level": "county", "text": "行政复议。复议复议。" + "字" * 90},
        {**base, "report_year": 2021, "level": "county", "text": "人民调解。" + "字" * 95},
        {**base, "report_year": 2022, "level": "county", "text": "複議，復 議。" + "字" * 93},
        {**base, "report_year": 2022, "level": "province", "text": "复议" + "字" * 98, "province": "南屿省"},
        {**base, "report_year": 2022, "level": "county", "text": "复议" * 50, "status": "removed"},
        {**base, "report_year": None, "level": "county", "text": "复议" * 50, "title": "无年度"},
    ]
    with closing(sqlite3.connect(make_archive(tmp_path / "archive.db", rows))) as connection:
        yield connection


def test_shares_and_rates(archive: sqlite3.Connection) -> None:
    found = trends(archive, ["复议", "人民调解"])
    assert (found.years, found.reports, found.sampled) == ([2021, 2022], [2, 2], False)
    assert found.points[0] == [Point(1, 0.5, 3 / 200 * 10_000, 1), Point(2, 1.0, 3 / 200 * 10_000, 2)]
    assert [point.matching for point in found.points[1]] == [1, 0]
    assert found.points[1][1].rate == 0


@pytest.mark.parametrize(
    ("filters", "matching"),
    [({"level": "county"}, [1, 1]), ({"province": "南屿省"}, [1]), ({"level": "township"}, []), ({"province": "无此省"}, [])],
)
def test_filters(archive: sqlite3.Connection, filters: dict[str, str], matching: list[int]) -> None:
    assert [point.matching for point in trends(archive, ["复议"], **filters).points[0]] == matching  # type: ignore[arg-type]


def test_sections(tmp_path: Path) -> None:
    """Only what stands in sections of the kind counts, above and below the line."""
    text = "导语。\n一、成效\n复议复议复议。\n二、问题\n复议一次，人手不足。\n三、安排\n无。"
    report = {"issuer": "甲县人民政府", "level": "county", "report_year": 2022, "published_date": "2023-03-01", "text": text}
    with closing(sqlite3.connect(make_archive(tmp_path / "archive.db", [report]))) as connection:
        points = {kind: trends(connection, ["复议"], section=kind).points[0][0] for kind in ("", "problems", "plan", "lead")}
        length = connection.execute("select sum(length(text)) from sections where kind = 'problems'").fetchone()[0]
    assert {kind: point.matching for kind, point in points.items()} == {"": 1, "problems": 1, "plan": 0, "lead": 0}
    assert points["problems"].rate == pytest.approx(10_000 / length)
    assert points["plan"].rate == 0


@pytest.mark.parametrize("filters", [{"level": "州"}, {"section": "foo"}])
def test_filters_that_cannot_be(archive: sqlite3.Connection, filters: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="无法识别"):
        trends(archive, ["复议"], **filters)  # type: ignore[arg-type]


@pytest.mark.parametrize("term", ["。", '"', "a OR b*", "\0", "议", "text : 复议", "x" * 64])
def test_odd_terms(archive: sqlite3.Connection, term: str) -> None:
    assert len(trends(archive, [term]).points[0]) == 2


def test_a_sample_is_the_same_every_time_and_near_the_truth(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    db = Database(tmp_path / "archive.db")
    db.execute("pragma synchronous = off")
    migrations.apply(db)
    for n in range(1, 401):
        text = "复议" * (1 + n % 3) + "字" * (100 - 2 * (1 + n % 3))
        add_report(db, n, issuer=f"甲{n}", report_year=2020, published_date="2021-03-01", text=text)
    db.conn.commit()
    truth = trends(db.conn, ["复议"]).points[0][0]
    monkeypatch.setattr(module, "TEXTS", 60)
    found = trends(db.conn, ["复议"])
    point = found.points[0][0]
    assert found.sampled
    assert point.read == 60
    assert (point.matching, point.share) == (400, 1.0)
    assert point.rate == pytest.approx(truth.rate, rel=0.2)
    assert trends(db.conn, ["复议"]) == found
    db.close()


def test_it_stops_in_time(archive: sqlite3.Connection) -> None:
    with pytest.raises(TimeoutError):
        trends(archive, ["复议"], seconds=-1)


def test_terms_as_typed() -> None:
    assert terms_of(["复议， 调解;复议", "  双随机、一公开 ", "a  b"]) == ["复议", "调解", "双随机、一公开", "a b"]
    assert terms_of(["", "，，"]) == []
    with pytest.raises(ValueError, match="最多比较 5 个词"):
        terms_of(["a,b,c,d,e,f"])
    with pytest.raises(ValueError, match="词太长"):
        terms_of(["议" * 65])
