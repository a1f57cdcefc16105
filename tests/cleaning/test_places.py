"""Names of places at the head of a name and in a text."""

import pytest

from cleaning.places import chain, mentioned, of_body, short_name, stem, whole


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


@pytest.mark.parametrize(
    ("name", "short"), [("浙江监管局", "浙江"), ("山西局", "山西"), ("长沙中心支行", "长沙"), ("万源教育局", "万源")]
)
def test_a_stem_at_the_head_of_a_body(name, short):
    assert of_body(name).name == short


@pytest.mark.parametrize(
    "name", ["太湖流域管理局", "松山湖管委会", "青海湖景区管理局", "泰山管委会", "东海局", "东海航海保障中心"]
)
def test_a_stem_inside_a_longer_word_is_no_place(name):
    assert of_body(name) is None


@pytest.mark.parametrize(
    ("name", "code"), [("前郭县", "220721"), ("鄂温克旗", "150724"), ("双江自治县", "530925"), ("长阳自治县", "420528")]
)
def test_everyday_names_of_autonomous_divisions(name, code):
    assert [d.code for place in chain(name) for d in place.candidates] == [code]


def test_a_stem_that_several_places_share_is_no_whole_name():
    assert (whole("杭州"), whole("万州")) == ("杭州市", "万州区")
    assert whole("和田") is None
