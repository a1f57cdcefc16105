"""Coverage: who should have reported, who did, when, and what nobody has looked for."""

import random
from collections import Counter
from functools import partial
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from making import capture, make, page, rows, store

from archive.coverage import coverage_rows, last_due_year, newest_year
from archive.duty import GOVERNMENTS_SINCE, OTHERS_SINCE, Duty, government, has_government
from archive.places import Places
from archive.publish import Archive
from archive.raw import RawStore
from archive.registry import Registry
from archive.transactions import transaction
from cleaning import divisions

LIN = {"id": "lin", "name": "临溪县人民政府", "code": "990001", "home": "http://lin.gov.cn/", "netlocs": ["lin.gov.cn"]}
OUT = {"id": "out", "name": "望海市人民政府", "code": "990000", "home": "http://wang.gov.cn/", "netlocs": ["wang.gov.cn"]}
WUCHENG = {"id": "wucheng", "name": "金华市婺城区人民政府", "code": "330702", "home": "http://wuch.gov.cn/"}
LOOKED = "2026-06-01T00:00:00.000Z"


def cover(folder, *reports, registry=(), sites=(), looked=LOOKED):
    """Return the rows of `coverage` by (code, issuer, year) for these reports, entries and sites."""
    places = Places(list(registry))
    archive = Archive(folder / "archive.db", fresh=True)
    with transaction(archive.db):
        for n, report in enumerate(reports):
            row = {"report_id": f"fz{n:016}", "status": "live", "issuer_type": "government", "days_late": -9}
            row |= {"published_date": f"{report['report_year'] + 1}-03-22"} | report
            row["series"] = places.series(row["issuer"], row["division_code"])
            sql = f"insert into reports ({', '.join(row)}) values ({', '.join('?' * len(row))})"
            archive.db.execute(sql, [*row.values()])
        sql = "insert into sites (id, status, reason, last_checked) values (?, ?, ?, ?)"
        archive.db.executemany(sql, sites)
    made = list(coverage_rows(archive.db, Registry({entry["id"]: entry for entry in registry}, {}), places, looked))
    archive.close()
    found = {(row["division_code"], row["issuer"], row["report_year"]): row for row in made}
    assert len(found) == len(made), "one row an issuer and year"
    return found


@pytest.fixture
def covered(tmp_path):
    return partial(cover, tmp_path)


def of(found, code, name=None):
    """Return year -> status of a division, or of one issuer there."""
    return {year: row["status"] for (at, issuer, year), row in found.items() if at == code and name in (None, issuer)}


def report(year, issuer="婺城区人民政府", code="330702", level="county", **given):
    return {"report_year": year, "issuer": issuer, "division_code": code, "level": level, **given}


def county(year, published, **given):
    place = {"division_code": "990001", "division_method": "text", "level": "county"}
    return page(year, place="临溪县", year=year, published_date=published, **{**place, **given})


def test_rows_of_a_build(tmp_path):
    pages = [county(2020, "2021-03-31"), county(2021, "2022-04-01"), county(2022, None), page(5, place="白石乡", year=2021)]
    captures = [capture(f"http://lin.gov.cn/{n}.html", body, site="lin") for n, body in enumerate(pages)]
    captures.append(capture("http://lin.gov.cn/2.html", b"", day=40, status=404, site="lin"))
    store(tmp_path, captures)
    with RawStore(tmp_path / "raw") as raw:
        raw.attempt("http://wang.gov.cn/", site="out", run="run-1", reason="dns")
        raw.db.execute("update attempts set time = '2025-03-31T15:59:59.000Z'")
    make(tmp_path, registry=[LIN, OUT])
    said = {(row["issuer"], row["report_year"]): row["status"] for row in rows(tmp_path, "select * from coverage")}
    assert {year: said["临溪县人民政府", year] for year in range(2019, 2025)} == {
        2019: "missing",
        2020: "on_time",
        2021: "late",
        2022: "withdrawn",
        2023: "missing",
        2024: "not_due",
    }
    assert said["望海市人民政府", 2023] == "blocked"
    assert said["白石乡人民政府", 2021] == "on_time"
    assert max(year for _, year in said) == 2024
    never = rows(tmp_path, "select * from coverage where division_code = '330702' and report_year = 2023")
    assert [(row["issuer"], row["status"], row["last_checked"]) for row in never] == [("金华市婺城区人民政府", "missing", None)]


def test_an_incremental_build_writes_one_row_for_one_report(tmp_path):
    make(tmp_path, [capture("http://lin.gov.cn/1.html", county(2020, "2021-03-31"))], registry=[LIN])
    before = {tuple(row.values()) for row in rows(tmp_path, "select rowid, * from coverage")}
    store(tmp_path, [capture("http://lin.gov.cn/2.html", county(2021, "2022-03-31"), hour=1)])
    make(tmp_path, registry=[LIN])
    after = {tuple(row.values()) for row in rows(tmp_path, "select rowid, * from coverage")}
    gone, new = before - after, after - before
    assert [row[1:5] for row in gone | new if row[3] != 2021 or row[2] != "临溪县人民政府"] == []
    assert (len(gone), len(new)) == (1, 1)


def test_every_government_from_province_to_county_is_due(covered):
    found = covered()
    years = Counter(year for _, _, year in found)
    assert set(years) == set(range(GOVERNMENTS_SINCE, 2026))
    assert {row["status"] for row in found.values()} == {"missing"}
    assert not any(row["last_checked"] or row["report_id"] for row in found.values())
    codes = {code for code, _, year in found if year == 2024}
    assert sum(code.endswith("0000") for code in codes) == 31
    assert sum(code.endswith("00") and not code.endswith("0000") for code in codes) == 333
    assert {"110101", "500154", "441900", "429006", "659001", "130181"} <= codes
    # zones, islands, a commission, 金门县, what was abolished, what is grouped
    assert not {"130171", "460321", "632857", "350527", "330185", "110100", "419000"} & codes
    assert not any(len(code) == 9 for code in codes)


@pytest.mark.parametrize(
    ("code", "name"),
    [
        ("330702", "金华市婺城区人民政府"),
        ("330000", "浙江省人民政府"),
        ("330700", "金华市人民政府"),
        ("500154", "重庆市开州区人民政府"),
        ("500236", "奉节县人民政府"),
        ("511781", "万源市人民政府"),
        ("152200", "兴安盟行政公署"),
        ("653100", "喀什地区行政公署"),
        ("429006", "天门市人民政府"),
        ("310115", "上海市浦东新区人民政府"),
        ("441900", "东莞市人民政府"),
    ],
)
def test_names_of_governments(code, name):
    assert government(divisions.get(code)) == name


def test_who_is_alive_in_the_year(covered):
    found = covered()
    assert set(of(found, "330185")) == {2016}  # 临安市 became 临安区 in 2017
    assert set(of(found, "330112")) == set(range(2017, 2026))
    assert set(of(found, "130502", "邢台市桥东区人民政府")) == set(range(2016, 2020))  # renamed, the code stayed
    assert set(of(found, "130502", "邢台市襄都区人民政府")) == set(range(2020, 2026))
    assert set(of(found, "330113")) == set(range(2021, 2026))  # 临平区 followed nobody
    assert set(of(found, "370117")) == set(range(2016, 2026))  # 钢城区 only got another code


def test_nobody_reports_twice_under_one_name():
    alive = [d for d in [*divisions.former_divisions(), *divisions.all_divisions()] if has_government(d)]
    by_name = {}
    for one in alive:
        by_name.setdefault((one.code[:4], one.name), []).append((one.since or 0, one.until or 9999))
    for name, spans in by_name.items():
        assert all(before[1] < after[0] for before, after in pairwise(sorted(spans))), name


@pytest.mark.parametrize(
    ("issuer", "kind"),
    [
        ("婺城区人民政府", "government"),
        ("金华市婺城区人民政府", "government"),
        ("浙江省金华市婺城区人民政府", "government"),
        ("中共金华市婺城区委、金华市婺城区人民政府", "joint"),
        ("中共婺城区委办公室、婺城区人民政府办公室", "joint"),
    ],
)
@pytest.mark.parametrize("registry", [(), (WUCHENG,)])
def test_a_found_report_fills_the_row_of_its_division(covered, issuer, kind, registry):
    found = covered(report(2023, issuer, issuer_type=kind), registry=registry)
    assert Counter(of(found, "330702").values()) == {"missing": 9, "on_time": 1}
    assert found["330702", "金华市婺城区人民政府", 2023]["report_id"] == "fz" + "0" * 16


@pytest.mark.parametrize(
    ("issuer", "given"),
    [
        ("婺城区司法局", {"issuer_type": "department"}),
        ("中共婺城区委员会", {"issuer_type": "party"}),
        ("婺城区人民政府办公室", {"issuer_type": "department"}),
        ("中共婺城区委组织部、婺城区财政局", {"issuer_type": "joint"}),
        ("白龙桥镇人民政府", {"level": "township"}),  # a township's report with the county's code
    ],
)
def test_what_is_not_the_governments_own(covered, issuer, given):
    found = covered(report(2023, issuer, **given))
    assert found["330702", "金华市婺城区人民政府", 2023]["status"] == "missing"
    assert of(found, "330702", issuer) == {2023: "on_time"}


def test_the_corps_is_not_the_region(covered):
    corps = {"id": "bingtuan", "name": "新疆生产建设兵团", "home": "http://xjbt.gov.cn/"}
    found = covered(report(2023, "新疆生产建设兵团", "650000", "province"), registry=[corps])
    assert found["650000", "新疆维吾尔自治区人民政府", 2023]["status"] == "missing"
    assert of(found, "", "新疆生产建设兵团")[2023] == "on_time"
    assert "新疆生产建设兵团" not in {name for code, name, _ in found if code}


def test_departments_are_due_where_the_registry_names_them(covered):
    bureau = {"id": "sfj", "name": "金华市司法局", "code": "330700", "home": "http://sfj.jinhua.gov.cn/"}
    finance = report(2021, "金华市财政局", "330700", "prefecture", issuer_type="department")
    other = report(2023, "浙江省金华市司法局", "330700", "prefecture", issuer_type="department")
    found = covered(finance, other, registry=[bureau])
    assert of(found, "330700", "金华市财政局") == {2021: "on_time"}
    assert of(found, "330700", "金华市司法局") == {year: "on_time" if year == 2023 else "missing" for year in range(2019, 2026)}
    assert OTHERS_SINCE == 2019


def test_one_issuer_spelt_in_two_ways_is_one(covered):
    spelt = [
        report(year, name, issuer_type="department") for year, name in ((2022, "婺城区财政局"), (2023, "金华市婺城区财政局"))
    ]
    assert of(covered(*spelt), "330702", "金华市婺城区财政局") == {2022: "on_time", 2023: "on_time"}


def test_a_township_is_expected_from_its_first_report_on(covered):
    town = {"code": "530128207", "level": "township"}
    found = covered(report(2021, "汤郎乡人民政府", **town), report(2017, "汤郎乡人民政府", **town, days_late=40))
    assert of(found, "530128207") == {2017: "late", **dict.fromkeys(range(2019, 2026), "missing"), 2021: "on_time"}


@pytest.mark.parametrize("name", ["汤郎乡人民政府", "仓埠街道办事处"])
def test_a_joint_report_of_a_township_is_its_governments(covered, name):
    found = covered(report(2022, f"中共{name[:3]}委员会、{name}", "530128207", "township", issuer_type="joint"))
    assert of(found, "530128207", name) == {2022: "on_time", **dict.fromkeys(range(2023, 2026), "missing")}


def test_reports_before_anybody_was_due_keep_their_rows(covered):
    found = covered(report(2012, days_late=3), report(2014, days_late=None, published_date=None))
    assert of(found, "330702") == {2012: "late", 2014: "undated", **dict.fromkeys(range(2016, 2026), "missing")}


def test_a_report_without_a_code_is_the_invented_countys_by_name_and_nobodys_where_several_are_meant(covered):
    found = covered(report(2023, "临溪县人民政府", None), report(2023, "鼓楼区人民政府", None), registry=[LIN])
    assert of(found, "990001")[2023] == "on_time"
    assert of(found, "", "鼓楼区人民政府") == {2023: "on_time"}


def test_the_best_of_several_reports_speaks(covered):
    gone = report(2021, status="withdrawn")
    late = report(2021, days_late=12, published_date="2022-04-12")
    later = report(2021, days_late=30, published_date="2022-04-30")
    undated = report(2021, days_late=None, published_date=None)
    removed = report(2022, status="removed", days_late=5, published_date="2023-04-05")
    found = covered(gone, undated, later, late, removed, report(2022, status="withdrawn"), report(2023, status="withdrawn"))
    name = "金华市婺城区人民政府"
    assert [found["330702", name, year]["status"] for year in (2021, 2022, 2023)] == ["late", "late", "withdrawn"]
    assert [found["330702", name, year]["report_id"][-1] for year in (2021, 2022, 2023)] == ["3", "4", "6"]


def test_when_somebody_last_looked(covered):
    sites = [("wucheng", "ok", "", "2026-05-01T00:00:00.000Z"), ("jinhua", "ok", "", "2026-05-02T00:00:00.000Z")]
    elsewhere = report(2023, "兰溪市人民政府", "330781", site="jinhua")
    found = covered(report(2023, site="jinhua"), elsewhere, registry=[WUCHENG], sites=sites)
    checked = {(code, year): row["last_checked"] for (code, _, year), row in found.items()}
    assert checked["330702", 2024] == "2026-05-01T00:00:00.000Z"  # its own site
    assert checked["330781", 2024] == "2026-05-02T00:00:00.000Z"  # no entry: where its report was found
    assert checked["330782", 2024] is None


@pytest.mark.parametrize(
    ("status", "reason", "said"),
    [
        ("ok", "", "missing"),
        ("partial", "timeout", "missing"),
        ("failing", "too_few", "missing"),  # it was read, and had none
        ("failing", "dns", "blocked"),
        ("blocked", "waf", "blocked"),
        ("moved", "moved", "blocked"),
    ],
)
def test_blocked_is_what_could_not_be_read(covered, status, reason, said):
    found = covered(registry=[WUCHENG], sites=[("wucheng", status, reason, LOOKED)])
    assert set(of(found, "330702").values()) == {said}
    second = {**WUCHENG, "id": "wucheng2", "name": "婺城区政府网"}
    unread = [("wucheng", status, reason, LOOKED), ("wucheng2", "never", "", None)]
    assert set(of(covered(registry=[WUCHENG, second], sites=unread), "330702", WUCHENG["name"]).values()) == {said}


def test_two_entries_of_one_government_are_one_issuer():
    registry = {"a": WUCHENG, "b": {**WUCHENG, "id": "b", "name": "婺城区人民政府"}}
    duty = Duty(registry, Places(list(registry.values())))
    (issuer,) = [one for one in duty.issuers if one.code == "330702"]
    assert (issuer.name, issuer.sites) == ("金华市婺城区人民政府", ["a", "b"])


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_every_report_has_its_row_in_any_order(tmp_path_factory, data):
    names = ["婺城区人民政府", "金华市婺城区人民政府", "婺城区司法局", "城关镇人民政府", "中共婺城区委、婺城区人民政府"]
    draw = st.builds(
        report,
        st.integers(2010, 2025),
        st.sampled_from(names),
        st.sampled_from(["330702", "330185", "130502", "990001", "530128207", None]),
        st.sampled_from(["county", "township", None]),
        status=st.sampled_from(["live", "withdrawn", "removed"]),
        issuer_type=st.sampled_from(["government", "joint", "department"]),
    )
    reports = data.draw(st.lists(draw, max_size=12))
    for n, one in enumerate(reports):
        one["report_id"] = f"fz{n:016}"
    shuffled = random.Random(len(reports)).sample(reports, len(reports))
    one, other = (cover(tmp_path_factory.mktemp("c"), *some, registry=[LIN]) for some in (reports, shuffled))
    assert one == other
    told = {row["report_id"]: row for row in one.values() if row["report_id"]}
    assert all(told[row["report_id"]] is row for row in one.values() if row["report_id"])
    assert {each["report_year"] for each in reports} <= {year for _, _, year in one}


@pytest.mark.parametrize(
    ("looked", "year", "newest"),
    [
        ("", 0, 0),
        ("2025-03-31T15:59:59.000Z", 2023, 2024),
        ("2025-03-31T16:00:00.000Z", 2024, 2024),
        ("2025-12-31T16:00:00.000Z", 2024, 2025),
    ],
)
def test_due_on_the_last_day_of_march_in_china(looked, year, newest):
    assert (last_due_year(looked), newest_year(looked)) == (year, newest)


def test_nobody_is_due_where_nobody_ever_looked(covered):
    assert list(covered(report(2023), looked="")) == [("330702", "金华市婺城区人民政府", 2023)]
