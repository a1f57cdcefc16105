"""Whose a report is: addressees, relative names, passing mentions and stems give nobody a place that is not his."""

import pytest

from cleaning.issuers import in_title
from cleaning.who import identify

BARE = "2023年法治政府建设情况报告"
QINGSHUI = {"code": "620521", "name": "清水县人民政府"}
YULIN = {"code": "610800", "name": "榆林市人民政府"}


def who(title, text="", site=None):
    return identify(title, text, fields={}, site=site, year=2023, url="")


@pytest.mark.parametrize(
    "addressee", ["天水市人民政府：\n", "天水市司法局：\n", "天水市人大常委会：", "中共天水市委、天水市人民政府："]
)
@pytest.mark.parametrize("site", [None, QINGSHUI])
def test_an_addressee_is_no_issuer(addressee, site):
    found = who(BARE, addressee + "各项工作扎实推进，成效明显。", site=site)
    assert (found.issuer, found.level, found.division_code) == (None, None, None)


def test_a_document_number_and_wide_digits_are_no_part_of_the_issuer():
    assert in_title("清政报〔2023〕14号 清水县人民政府关于2022年法治政府建设情况的报告") == "清水县人民政府"
    assert in_title("清政报〔2023〕14号清水县人民政府关于2022年法治政府建设情况的报告") == "清水县人民政府"
    assert in_title("清水县２０２２年度法治政府建设情况报告") == "清水县"
    assert in_title("清水县2022年度法治 政府建设情况报告") == "清水县"


@pytest.mark.parametrize(
    ("name", "site", "level"),
    [
        ("镇政府", QINGSHUI, "township"),
        ("街道办事处", QINGSHUI, "township"),
        ("区教育局", QINGSHUI, "county"),
        ("县教育局", YULIN, "county"),
        ("区教育局", {"code": "150100", "name": "呼和浩特市人民政府"}, "county"),
    ],
)
def test_a_relative_name_of_another_rank_takes_nothing_of_the_home(name, site, level):
    found = who(name + BARE, site=site)
    assert (found.level, found.division_code) == (level, None)
    assert "division_ambiguous" in found.flags


@pytest.mark.parametrize("name", ["永清镇党委、政府", "清水县永清镇党委政府"])
def test_parties_without_a_place_share_the_other_ones(name):
    found = who(name + BARE, site=QINGSHUI)
    assert (found.issuer_type, found.level, found.division_code) == ("joint", "township", "620521100")


def test_offices_of_party_and_government_are_joint():
    found = who("中共清水县委办公室清水县人民政府办公室" + BARE)
    assert (found.issuer, found.issuer_type) == ("中共清水县委办公室、清水县人民政府办公室", "joint")


@pytest.mark.parametrize("said", ["邀请福州市专家。", "赴福州市考察。", "学习福州市经验。", "与徐州市、南京市交流。"])
def test_a_place_in_passing_settles_nothing(said):
    for site in (None, {"code": "320000", "name": "江苏省人民政府"}):
        assert who("鼓楼区" + BARE, "2023年，鼓楼区推进工作，" + said, site=site).division_code is None


@pytest.mark.parametrize("said", ["在徐州市委、市政府坚强领导下，", "徐州市鼓楼区坚持依法行政，", "鼓楼区位于徐州市北部，"])
def test_a_place_that_is_the_subject_settles_a_name(said):
    assert who("鼓楼区" + BARE, said).division_code == "320302"


@pytest.mark.parametrize(
    ("name", "level", "code"),
    [
        ("襄阳市公安局襄城区分局", "county", "420602"),
        ("西安市公安局雁塔分局", "county", "610113"),
        ("西安市公安局高新分局", "prefecture", "610100"),
        ("国家矿山安全监察局山西局", "province", "140000"),
        ("国家粮食和物资储备局陕西局", "province", "610000"),
        ("财政部湖北监管局", "province", "420000"),
        ("自然资源部东海局", None, None),
        ("新洲区人民政府仓埠街道办事处", "township", "420117003"),
        ("中共昆山市委全面依法治市委员会办公室", "county", "320583"),
        ("清水县供销社", "county", "620521"),
    ],
)
def test_places_inside_names(name, level, code):
    found = who(name + BARE)
    assert (found.issuer, found.level, found.division_code) == (name, level, code)


def test_short_names_are_completed_or_left_open():
    assert who("滁州" + BARE).issuer == "滁州市人民政府"
    assert who("和田" + BARE).issuer is None
    assert who("和田" + BARE, site={"code": "653200", "name": "和田地区行政公署"}).issuer == "和田地区行政公署"
    assert who("巴州" + BARE).division_code is None
    assert who("巴州" + BARE, site={"code": "652800", "name": "巴音郭楞蒙古自治州人民政府"}).division_code == "652800"


@pytest.mark.parametrize("title", ["全县" + BARE, "我县" + BARE, "县" + BARE, "2023年全县法治政府建设情况报告"])
def test_a_rank_word_in_the_title_is_the_home_of_that_rank(title):
    assert who(title, site=QINGSHUI).division_code == "620521"
    assert who(title, site=YULIN).issuer is None
    assert who(title, "2023年，我局依法行政。", site=QINGSHUI).issuer is None


def test_a_superior_that_is_the_subject_first_is_not_the_issuer_on_the_home_of_another():
    assert who(BARE, "2023年，天水市高度重视，清水县推进工作。", QINGSHUI).division_code != "620500"
    assert who(BARE, "2023年，天水市坚持依法行政。", QINGSHUI).division_code == "620500"


def test_those_addressed_below_the_text_did_not_sign_it():
    assert who(BARE, "正文。\n各乡镇人民政府\n2024年2月20日").issuer is None
