"""Names of places at the head of a name and in a text."""

import pytest

from cleaning.places import chain, mentioned, short_name, stem


@pytest.mark.parametrize(
    ("name", "places"),
    [
        ("金华市婺城区人民政府", ["金华市", "婺城区"]),
        ("安徽省淮北市烈山区教育局", ["安徽省", "淮北市", "烈山区"]),
        ("禄劝县汤郎乡", ["禄劝县", "汤郎乡"]),
        ("云溪市青禾县竹坞镇人民政府", ["云溪市", "青禾县", "竹坞镇"]),
        ("青禾县城市管理局", ["青禾县"]),
        ("青禾县住房和城乡建设局", ["青禾县"]),
        ("武汉市市场监管局", ["武汉市"]),
        ("内蒙古自治区人民政府", ["内蒙古自治区"]),
        ("恩施州水利局", ["恩施州"]),
        ("乐山市市中区人民政府", ["乐山市", "市中区"]),
        ("教育局", []),
        ("城乡建设局", []),
        ("杭州海关", []),
        ("", []),
    ],
)
def test_chain(name, places):
    assert [place.name for place in chain(name)] == places


def test_a_place_knows_what_it_may_mean():
    (county,) = chain("鼓楼区")
    assert len(county.candidates) == 4
    assert county.level == "county"
    (unknown,) = chain("青禾县")
    assert unknown.candidates == ()
    assert unknown.level == "county"
    assert chain("云溪市")[0].level is None


def test_abolished_names_live_until_their_year():
    assert chain("静海县", 2013)[0].candidates[0].code == "120223"
    assert chain("静海县", 2023)[0].candidates == ()


def test_mentioned():
    text = "汤郎乡位于禄劝县西北部，隶属昆明市。全市共有12个区县，市区面积……"
    assert [place.name for place in mentioned(text)] == ["禄劝县", "昆明市"]
    assert mentioned("全县上下依法行政") == []


@pytest.mark.parametrize(
    ("name", "short"),
    [
        ("万源市", "万源"),
        ("禄劝彝族苗族自治县", "禄劝"),
        ("恩施土家族苗族自治州", "恩施"),
        ("广西壮族自治区", "广西"),
        ("赵县", "赵县"),
    ],
)
def test_stem(name, short):
    assert stem(name) == short


def test_short_name():
    assert short_name("万源坚持以").candidates[0].code == "511781"
    assert short_name("坚持以") is None
