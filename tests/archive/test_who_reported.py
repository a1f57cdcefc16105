"""Who reported and who did not, as `fazhi status` tells it."""

import csv
import io
import json

import pytest
from click.testing import CliRunner
from making import capture, make, page, rows

from fazhi import main

LIN = {"id": "lin", "name": "临溪县人民政府", "code": "990001", "home": "http://lin.gov.cn/", "netlocs": ["lin.gov.cn"]}
OUT = {"id": "out", "name": "望海市人民政府", "code": "990100", "home": "http://wang.gov.cn/", "netlocs": ["wang.gov.cn"]}
MINISTRY = {"id": "sea", "name": "国家海洋调查局", "home": "http://sea.gov.cn/", "netlocs": ["sea.gov.cn"]}
JANUARY, MAY = 3, 120


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """An archive of two sites: one visited before the reports on 2024 were due, one after."""
    folder = tmp_path_factory.mktemp("who")
    placed = {"division_method": "site", "level": "county", "division_code": "990001"}
    pages = [
        page(1, place="临溪县", year=2021, published_date="2022-04-03", **placed),
        page(2, place="临溪县", year=2022, **placed),
    ]
    captures = [capture(f"http://lin.gov.cn/{n}.html", body, site="lin", day=JANUARY) for n, body in enumerate(pages)]
    away = {"division_code": "990100", "division_method": "site", "level": "prefecture", "published_date": None}
    captures.append(capture("http://wang.gov.cn/1.html", page(3, place="望海市", year=2023, **away), site="out", day=MAY))
    make(folder, captures, registry=[LIN, OUT, MINISTRY])
    return folder


@pytest.fixture
def status(data):
    def status(*arguments, code=0):
        result = CliRunner().invoke(main, ["status", *arguments, "--data", str(data)], catch_exceptions=False)
        assert result.exit_code == code, result.output
        return result.output

    return status


def test_text_tells_who_looked_and_when(status):
    assert status("--coverage", "--province", "99").splitlines()[:4] == [
        "2024 missing   990001    临溪县人民政府: looked on 2025-01-03, before it was due",
        "2024 missing   990100    望海市人民政府: looked on 2025-05-08",
        "2023 missing   990001    临溪县人民政府: looked on 2025-01-03",
        f"2023 undated   990100    望海市人民政府: {report_id(status, 2023)} published on an unknown day",
    ]
    late = [line for line in status("--coverage", "--province", "99", "--year", "2021").splitlines() if "late" in line]
    assert late == [f"2021 late      990001    临溪县人民政府: {report_id(status, 2021)} published 2022-04-03, 3 days late"]
    assert "2024 missing   330702    金华市婺城区人民政府: nobody ever looked\n" in status("--coverage", "--province", "浙江")
    assert status("--coverage", "--status", "withdrawn") == "0 rows\n"


def report_id(status, year):
    (row,) = [row for row in json.loads(status("--coverage", "--year", str(year), "--json"))["rows"] if row["report_id"]]
    return row["report_id"]


def test_the_missing_of_a_province_and_year(status, data):
    asked = ("--coverage", "--province", "浙江", "--year", "2024", "--status", "missing")
    table = list(csv.DictReader(io.StringIO(status(*asked, "--csv"))))
    said = json.loads(status(*asked, "--json"))
    assert said["total"] == len(table) == len(said["rows"]) == 102  # the province, 11 cities, 90 counties
    assert [{name: "" if value is None else str(value) for name, value in row.items()} for row in said["rows"]] == table
    assert {(row["province"], row["report_year"], row["looked_since_due"]) for row in table} == {("浙江省", "2024", "0")}
    assert [row["issuer"] for row in table][:2] == ["浙江省人民政府", "杭州市人民政府"]
    assert {row["prefecture"] for row in table if row["division_code"] == "330702"} == {"金华市"}
    assert status(*asked, "--level", "prefecture").count("\n") == 12


def test_everything_is_the_whole_table(status, data):
    (there,) = rows(data, "select count(*) as number from coverage")
    assert json.loads(status("--coverage", "--json"))["total"] == there["number"]
    levels = {row["level"] for row in json.loads(status("--coverage", "--year", "2024", "--json"))["rows"]}
    assert levels == {"national", "province", "prefecture", "county"}


def test_the_summary_counts_the_newest_year_that_was_due(status, data):
    lines = status().splitlines()
    at = lines.index("coverage of 2024, due by 31 March 2025 ('not looked': nobody has looked since)")
    head, *counted = [line.split() for line in lines[at + 1 : -1]]
    assert head == ["government", "on_time", "late", "undated", "withdrawn", "missing", "not", "looked", "blocked"]
    assert [line[0] for line in counted] == ["province", "prefecture", "county", "others"]
    numbers = {line[0]: [int(number.replace(",", "")) for number in line[1:]] for line in counted}
    assert numbers["province"] == [0, 0, 0, 0, 0, 31, 0]
    assert numbers["prefecture"] == [0, 0, 0, 0, 1, 333, 0]
    assert numbers["others"] == [0, 0, 0, 0, 0, 1, 0]
    assert sum(map(sum, numbers.values())) == rows(data, "select count(*) as n from coverage where report_year = 2024")[0]["n"]
    assert lines[-1] == "who is missing: fazhi status --coverage --year 2024 --status missing"


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--year", "2023"], "Error: --year goes with --coverage: add it"),
        (["--csv"], "Error: --csv goes with --coverage: add it"),
        (["--coverage", "--province", "火星"], "Error: province '火星' is not known: use its name"),
    ],
)
def test_mistakes_are_one_line(status, arguments, said):
    output = status(*arguments, code=1)
    assert output.startswith(said)
    assert output.count("\n") == 1


def test_an_archive_without_coverage_has_no_summary(tmp_path):
    make(tmp_path, registry=[LIN])
    output = CliRunner().invoke(main, ["status", "--data", str(tmp_path)], catch_exceptions=False).output
    assert output.startswith("0 reports")
    assert "coverage" not in output
