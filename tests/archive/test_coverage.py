"""Coverage: who should have reported, who did, and when."""

import pytest
from making import capture, make, page, rows, store

from archive.coverage import last_due_year
from archive.raw import RawStore

LIN = {"id": "lin", "name": "临溪县人民政府", "code": "990001", "home": "http://lin.gov.cn/", "netlocs": ["lin.gov.cn"]}
OUT = {"id": "out", "name": "望海市人民政府", "code": "990000", "home": "http://wang.gov.cn/", "netlocs": ["wang.gov.cn"]}


def county(year, published, **given):
    place = {"division_code": "990001", "division_method": "text", "level": "county"}
    return page(year, place="临溪县", year=year, published_date=published, **{**place, **given})


def test_rows(tmp_path):
    pages = [county(2020, "2021-03-31"), county(2021, "2022-04-01"), county(2022, None), page(5, place="白石乡", year=2021)]
    captures = [capture(f"http://lin.gov.cn/{n}.html", body, site="lin") for n, body in enumerate(pages)]
    captures.append(capture("http://lin.gov.cn/2.html", b"", day=40, status=404, site="lin"))
    store(tmp_path, captures)
    with RawStore(tmp_path / "raw") as raw:
        raw.attempt("http://wang.gov.cn/", site="out", run="run-1", reason="dns")
        raw.db.execute("update attempts set time = '2025-03-31T15:59:59.000Z'")
    make(tmp_path, registry=[LIN, OUT])
    said = {(row["issuer"], row["report_year"]): row["status"] for row in rows(tmp_path, "select * from coverage")}
    assert {year: said["临溪县人民政府", year] for year in range(2020, 2025)} == {
        2020: "on_time",
        2021: "late",
        2022: "withdrawn",
        2023: "missing",
        2024: "not_due",
    }
    assert said["望海市人民政府", 2023] == "blocked"
    assert said["白石乡人民政府", 2021] == "on_time"
    assert max(year for _, year in said) == 2024


@pytest.mark.parametrize(
    ("looked", "year"),
    [("", 0), ("2025-03-31T15:59:59.000Z", 2023), ("2025-03-31T16:00:00.000Z", 2024), ("2025-12-31T16:00:00.000Z", 2024)],
)
def test_due_on_the_last_day_of_march_in_china(looked, year):
    assert last_due_year(looked) == year
