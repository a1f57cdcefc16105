"""Who: issuers from titles and signatures, types, divisions by home, text and code, and what must stay open."""

from datetime import date

import pytest

from cleaning import divisions
from cleaning.issuers import complete, in_title, is_national, kind, split_joint
from cleaning.who import identify

QINGHE = {"code": "339821", "name": "青禾县人民政府"}
YUNXI = {"code": "339800", "name": "云溪市人民政府"}
CHALING = {"code": "539823201", "name": "翠岭县茶岭乡人民政府"}
GUYAN = {"code": "330000", "name": "浙江省古堰修复管理局"}
WUCHENG = {"code": "330702", "name": "金华市婺城区人民政府"}


def who(title, text="", site=None, year=2023, **fields):
    return identify(title, text, fields=fields, site=site, year=year, url="")


@pytest.mark.parametrize(
    ("title", "issuer"),
    [
        ("青禾县人民政府关于2023年法治政府建设情况的报告", "青禾县人民政府"),
        ("青禾县2023年度法治政府建设情况报告", "青禾县"),
        ("2020年青禾县法治政府建设情况报告", "青禾县"),
        ("二〇二三年青禾县法治政府建设情况报告", "青禾县"),
        ("关于青禾县2023年法治政府建设情况的报告", "青禾县"),
        ("青禾县人民政府关于青禾县2023年度法治政府建设工作总结的报告", "青禾县人民政府"),
        ("青禾县2019年推进依法行政工作情况的报告", "青禾县"),
        ("青禾县贯彻落实2023年法治政府建设工作情况的报告", "青禾县"),
        ("中共青禾县委 青禾县人民政府关于2024年法治政府建设情况的报告", "中共青禾县委 青禾县人民政府"),
        ("国家税务总局云溪市临澜区税务局2019年法治政府建设情况报告", "国家税务总局云溪市临澜区税务局"),
        ("中国证监会2025年法治政府建设情况", "中国证监会"),
        ("应急管理部2025年法治政府建设年度报告", "应急管理部"),
        ("北门街街道办事处2025年法治政府建设年度报告", "北门街街道办事处"),
        ("云溪经济技术开发区2023年法治政府建设情况报告", "云溪经济技术开发区"),
        ("2023年法治政府建设情况报告", None),
        ("我县2023年法治政府建设情况报告", None),
        ("全市2023年度依法行政工作总结", None),
        ("法治政府建设年度报告", None),
        ("青禾县概况", None),
    ],
)
def test_issuer_in_title(title, issuer):
    assert in_title(title) == issuer


@pytest.mark.parametrize(
    ("short", "full"),
    [
        ("竹坞镇", "竹坞镇人民政府"),
        ("青禾县", "青禾县人民政府"),
        ("青禾县政府", "青禾县人民政府"),
        ("河下街道", "河下街道办事处"),
        ("河下街道办", "河下街道办事处"),
        ("万源", "万源市人民政府"),
        ("云溪经济技术开发区", "云溪经济技术开发区管理委员会"),
        ("阿里地区", "阿里地区行政公署"),
        ("浙江省", "浙江省人民政府"),
    ],
)
def test_completed(short, full):
    assert complete(short) == (full, True)


@pytest.mark.parametrize("name", ["青禾县人民政府", "青禾县教育局", "中国证监会", "河下街道办事处", "云溪高新区管委会"])
def test_complete_already(name):
    assert complete(name) == (name, False)


@pytest.mark.parametrize(
    ("name", "issuer_type"),
    [
        ("青禾县人民政府", "government"),
        ("河下街道办事处", "government"),
        ("阿里地区行政公署", "government"),
        ("青禾县教育局", "department"),
        ("青禾县人民政府办公室", "department"),
        ("青禾县城市管理委员会", "department"),
        ("青禾县国有资产监督管理委员会", "department"),
        ("青禾县卫健委", "department"),
        ("青禾县市场监管局", "department"),
        ("中共青禾县委", "party"),
        ("青禾县委宣传部", "party"),
        ("中共青禾县委全面依法治县委员会办公室", "party"),
        ("云溪经济技术开发区管理委员会", "zone"),
        ("云溪高新区管委会", "zone"),
        ("国家税务总局青禾县税务局", "vertical"),
        ("云溪海关", "vertical"),
        ("中国证监会浙江监管局", "vertical"),
        ("浙江证监局", "vertical"),
    ],
)
def test_types(name, issuer_type):
    assert kind(name) == issuer_type


@pytest.mark.parametrize(
    "name", ["应急管理部", "司法部", "中国证监会", "国家税务总局", "海关总署", "国务院", "国家发展和改革委员会"]
)
def test_national(name):
    assert is_national(name)
    found = who(f"{name}2023年法治政府建设情况报告")
    assert (found.issuer, found.level, found.division_code, found.flags) == (name, "national", None, [])


@pytest.mark.parametrize("name", ["国家税务总局青禾县税务局", "中国证监会浙江监管局", "国家统计局青禾调查队", "青禾县委组织部"])
def test_not_national(name):
    assert not is_national(name)


@pytest.mark.parametrize(
    "name",
    [
        "中共青禾县委 青禾县人民政府",
        "中共青禾县委、青禾县人民政府",
        "中共青禾县委青禾县人民政府",
        "中共青禾县委员会 青禾县人民政府",
    ],
)
def test_joint(name):
    assert split_joint(name)[1] == "青禾县人民政府"
    found = who(f"{name}关于2023年法治政府建设情况的报告", site=QINGHE)
    assert found.issuer_type == "joint"
    assert found.issuer.startswith("中共青禾县委")
    assert found.issuer.endswith("、青禾县人民政府")
    assert found.division_code == "339821"


def test_joint_signature_says_more_than_a_title_with_the_place():
    text = "正文。\n中共金华市婺城区委 金华市婺城区人民政府\n3月1日"
    found = who("金华市婺城区2019年度法治政府建设(依法行政)工作情况的报告", text, 发布机构="区政府办公室")
    assert found.issuer == "中共金华市婺城区委、金华市婺城区人民政府"
    assert (found.issuer_type, found.level, found.division_code) == ("joint", "county", "330702")
    assert found.signed_date is None
    assert found.flags == []


def test_relative_parties_are_named_by_the_home():
    found = who("县委、县政府关于2023年法治政府建设情况的报告", site=QINGHE)
    assert found.issuer == "中共青禾县委、青禾县人民政府"
    assert "issuer_completed" in found.flags


def test_signature_gives_issuer_and_date():
    found = who("2023年法治政府建设情况报告", "正文。\n青禾县水利局\n2024年1月5日", site=QINGHE, 发布机构="县司法局")
    assert (found.issuer, found.signed_date) == ("青禾县水利局", date(2024, 1, 5))


def test_title_beats_source_and_publisher():
    found = who("青禾县教育局2023年法治政府建设情况报告", site=QINGHE, 来源="县司法局", 发布机构="青禾县人民政府")
    assert found.issuer == "青禾县教育局"


@pytest.mark.parametrize(
    ("text", "fields", "issuer"),
    [
        ("2023年，我县扎实推进依法行政。", {}, "青禾县人民政府"),
        ("2023年，我局扎实推进依法行政。", {"发布机构": "青禾县司法局"}, "青禾县司法局"),
        ("2023年，我局扎实推进依法行政。", {"发布机构": "县司法局"}, "青禾县司法局"),
        ("2023年，我局扎实推进依法行政。", {}, None),
        ("扎实推进依法行政。", {"发布机构": "县政府办公室"}, "青禾县人民政府"),
        ("2023年，在市委领导下，竹坞镇扎实推进依法行政。", {}, "竹坞镇人民政府"),
        ("扎实推进依法行政。", {}, None),
    ],
)
def test_title_without_issuer(text, fields, issuer):
    assert who("2023年法治政府建设情况报告", text, site=QINGHE, **fields).issuer == issuer


def test_no_title_and_a_short_name_in_the_opening():
    text = "2022年,在达州市委、市政府坚强领导下,万源坚持以人民为中心。万源市推进法治政府建设。"
    found = who(None, text, year=2022)
    assert (found.issuer, found.division_code, found.flags) == ("万源市人民政府", "511781", ["issuer_completed"])


@pytest.mark.parametrize(
    ("title", "site", "code", "level", "method"),
    [
        ("青禾县人民政府关于2023年法治政府建设情况的报告", QINGHE, "339821", "county", "site"),
        ("青禾县教育局2023年法治政府建设情况报告", QINGHE, "339821", "county", "site"),
        ("县教育局2023年法治政府建设情况报告", QINGHE, "339821", "county", "site"),
        ("青禾县城市管理局2023年法治政府建设情况报告", QINGHE, "339821", "county", "site"),
        ("青禾县经济开发区管委会2023年法治政府建设情况报告", QINGHE, "339821", "county", "site"),
        ("国家统计局青禾调查队2023年法治政府建设情况报告", QINGHE, "339821", "county", "site"),
        ("云溪市人民政府关于2023年法治政府建设情况的报告", YUNXI, "339800", "prefecture", "site"),
        ("茶岭乡2023年法治政府建设情况报告", CHALING, "539823201", "township", "site"),
        ("浙江省古堰修复管理局2023年法治政府建设情况报告", GUYAN, "330000", "province", "site"),
        ("婺城区2023年法治政府建设情况报告", WUCHENG, "330702", "county", "site"),
        ("浙江省人民政府关于2023年法治政府建设情况的报告", WUCHENG, "330000", "province", "site"),
        ("汤郎乡2024年度法治政府建设工作情况报告", {"code": "530128", "name": "禄劝县"}, "530128207", "township", "site"),
        ("汤郎乡2024年度法治政府建设工作情况报告", None, "530128207", "township", "text"),
        ("东城街道2023年法治政府建设情况报告", {"code": "441900", "name": "东莞市"}, "441900003", "township", "site"),
        ("重庆市开州区发展和改革委员会关于2023年法治政府建设情况的报告", None, "500154", "county", "text"),
        ("国家税务总局郑州市金水区税务局2019年法治政府建设情况报告", None, "410105", "county", "text"),
        ("中国证监会浙江监管局2023年法治政府建设情况", None, "330000", "province", "text"),
        ("南京市鼓楼区2022年法治政府建设年度报告", None, "320106", "county", "text"),
        ("静海区2023年度法治政府建设情况报告", None, "120118", "county", "text"),
        ("天门市人民政府关于2023年法治政府建设情况的报告", None, "429006", "county", "text"),
        ("乾县2023年法治政府建设情况报告", None, "610424", "county", "text"),
    ],
)
def test_division(title, site, code, level, method):
    found = who(title, site=site)
    assert (found.division_code, found.level, found.division_method) == (code, level, method)
    assert "division_ambiguous" not in found.flags
    if divisions.get(code):
        assert {name: getattr(found, name) for name in divisions.path(code)} == divisions.path(code)


def test_names_of_an_unknown_home():
    found = who("青禾县教育局2023年法治政府建设情况报告", site=QINGHE)
    assert (found.province, found.prefecture, found.county, found.township) == ("浙江省", None, "青禾县", None)
    found = who("茶岭乡2023年法治政府建设情况报告", site=CHALING)
    assert (found.province, found.county, found.township) == ("云南省", "翠岭县", "茶岭乡")


@pytest.mark.parametrize(
    ("title", "site", "level"),
    [
        ("鼓楼区2022年法治政府建设年度报告", None, "county"),
        ("城关镇2023年法治政府建设情况报告", None, "township"),
        ("竹坞镇2023年法治政府建设情况报告", QINGHE, "township"),
        ("汤郎乡2024年度法治政府建设工作情况报告", WUCHENG, "township"),
        ("青禾县人民政府关于2023年法治政府建设情况的报告", YUNXI, "county"),
        ("青禾县人民政府关于2023年法治政府建设情况的报告", None, "county"),
    ],
)
def test_what_stays_open(title, site, level):
    found = who(title, site=site)
    assert (found.division_code, found.division_method, found.level) == (None, None, level)
    assert "division_ambiguous" in found.flags


def test_township_unknown_to_the_table_keeps_its_county():
    found = who("竹坞镇2023年法治政府建设情况报告", site=WUCHENG)
    assert (found.province, found.prefecture, found.county, found.township) == ("浙江省", "金华市", "婺城区", "竹坞镇")
    assert found.flags == ["issuer_completed", "division_ambiguous"]


def test_county_in_the_text_settles_a_township():
    assert who("城关镇2023年法治政府建设情况报告", "城关镇位于徽县东部。").division_code == "621227100"
    assert who("汤郎乡2023年法治政府建设情况报告", "汤郎乡位于徽县东部。").division_code is None


def test_codes_settle_what_names_do_not():
    found = who("城关镇2023年法治政府建设情况报告", 索引号="11621227013934567X/2024-00031")
    assert (found.division_code, found.division_method) == ("621227100", "code")
    found = who("青禾县2023年法治政府建设情况报告", 索引号="11339821002938471Q/2024-00031")
    assert (found.division_code, found.division_method, found.county) == ("339821", "code", "青禾县")
    assert who("鼓楼区2023年法治政府建设情况报告", SiteIDCode="3201060001").division_code == "320106"


def test_names_alive_in_the_year():
    assert who("静海县2013年度法治政府建设情况报告", year=2013).division_code == "120223"
    assert who("静海县2013年度法治政府建设情况报告", year=2023).division_code is None


def test_every_county_portal_resolves_its_own_name():
    for division in divisions.all_divisions():
        if division.level == "county" and division.code[4:] < "70":
            found = who(f"{division.name}2023年法治政府建设情况报告", site={"code": division.code, "name": division.name})
            assert (found.division_code, found.division_method) == (division.code, "site")
