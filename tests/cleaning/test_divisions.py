"""The table of divisions: known cases, dummies and pseudo counties, prefixes of unknown codes, abolished counties."""

import csv
import re
from pathlib import Path

import pytest

from cleaning import divisions


@pytest.mark.parametrize(
    ("code", "name", "level", "parent"),
    [
        ("530128207", "汤郎乡", "township", "530128"),
        ("420117", "新洲区", "county", "420100"),
        ("330702", "婺城区", "county", "330700"),
        ("429006", "天门市", "county", "420000"),
        ("511781", "万源市", "county", "511700"),
        ("410307", "偃师区", "county", "410300"),
        ("330112", "临安区", "county", "330100"),
        ("120118", "静海区", "county", "120000"),
        ("500236", "奉节县", "county", "500000"),
        ("469007", "东方市", "county", "460000"),
        ("441900", "东莞市", "prefecture", "440000"),
        ("330000", "浙江省", "province", None),
    ],
)
def test_cases_of_the_evidence(code, name, level, parent):
    division = divisions.get(code)
    assert (division.name, division.level, division.parent, division.code) == (name, level, parent, code)


@pytest.mark.parametrize("code", ["110100", "500200", "419000", "429000", "469000", "659000", "339821", "", "3307"])
def test_dummies_and_unknown_codes_are_no_divisions(code):
    assert divisions.get(code) is None


def test_pseudo_county_is_its_prefecture():
    assert divisions.get("620201") == divisions.get("620200")
    assert divisions.get("620201").level == "prefecture"
    assert divisions.path("620201") == {"province": "甘肃省", "prefecture": "嘉峪关市", "county": None, "township": None}


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("530128207", ("云南省", "昆明市", "禄劝彝族苗族自治县", "汤郎乡")),
        ("429006", ("湖北省", None, "天门市", None)),
        ("120118", ("天津市", None, "静海区", None)),
        ("441900003", ("广东省", "东莞市", None, "东城街道")),
        ("339821", ("浙江省", None, None, None)),
        ("330799", ("浙江省", "金华市", None, None)),
        ("330702999", ("浙江省", "金华市", "婺城区", None)),
        ("990000", (None, None, None, None)),
    ],
)
def test_path(code, names):
    assert tuple(divisions.path(code).values()) == names
    assert list(divisions.path(code)) == ["province", "prefecture", "county", "township"]


def test_all_divisions():
    everything = divisions.all_divisions()
    codes = [division.code for division in everything]
    assert len(codes) == len(set(codes)) > 44_000
    assert codes.count("620200") == 1
    known = set(codes)
    for division in everything:
        assert re.fullmatch(r"\d{9}" if division.level == "township" else r"\d{6}", division.code)
        assert (division.parent is None) == (division.level == "province")
        assert division.parent is None or division.parent in known
        assert not re.fullmatch("市辖区|.*直辖县级行政区划", division.name)
        assert division.until is None


@pytest.mark.parametrize(
    ("code", "name", "until"), [("120223", "静海县", 2014), ("330104", "江干区", 2020), ("410381", "偃师市", 2020)]
)
def test_abolished_counties(code, name, until):
    division = divisions.get(code)
    assert (division.name, division.until) == (name, until)
    assert division in divisions.former_divisions()
    assert division not in divisions.all_divisions()


def test_lineage_and_is_under():
    names = [division.name for division in divisions.lineage(divisions.get("530128207"))]
    assert names == ["汤郎乡", "禄劝彝族苗族自治县", "昆明市", "云南省"]
    assert divisions.is_under("330702", "330700")
    assert divisions.is_under("330702", "330000")
    assert divisions.is_under("330702001", "330702")
    assert divisions.is_under("339821", "330000")
    assert not divisions.is_under("330700", "330702")
    assert not divisions.is_under("420117", "330000")


def test_readme_names_every_table_with_its_sum():
    from hashlib import sha256

    folder = Path(divisions.__file__).with_name("data")
    readme = (folder / "README.md").read_text("utf-8")
    for table in folder.glob("*.csv"):
        assert f"| {table.name} |" in readme
        assert sha256(table.read_bytes()).hexdigest() in readme
        with table.open(encoding="utf-8", newline="") as lines:
            assert next(csv.reader(lines))[:2] == ["code", "name"]


@pytest.mark.parametrize(
    ("code", "since"),
    [
        ("330112", 2017),
        ("330113", 2021),
        ("130502", 2020),
        ("540481", 2023),
        ("330702", None),
        ("370117", None),
        ("540521", None),
    ],
)
def test_founded_divisions_tell_since_when(code, since):
    """From 2016 on; 钢城区 and 扎囊县 only got another code."""
    assert divisions.get(code).since == since


def test_what_was_founded_has_the_name_of_the_table():
    with (Path(divisions.__file__).with_name("data") / "founded.csv").open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            assert divisions.get(row["code"]).name == row["name"]
            assert 2016 <= int(row["since"]) <= 2023
