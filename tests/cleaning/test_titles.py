"""Titles: every pattern of field-notes 1.2 with invented places, and their decorations."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.titles import could_be_report, report_title, tidy, year_in

REPORTS = [
    ("青禾县人民政府关于2023年法治政府建设情况的报告", 2023),
    ("沔川市人民政府关于2016年度法治政府建设情况的报告", 2016),
    ("临澜区2023年度法治政府建设情况报告", 2023),
    ("竹坞镇2024年度法治政府建设工作情况报告", 2024),
    ("2020年临澜区法治政府建设情况报告", 2020),
    ("竹坞镇2023年法治政府建设年度报告", 2023),
    ("北门街街道办事处2025年法治政府建设年度报告", 2025),
    ("应急管理部2025年法治政府建设年度报告", 2025),
    ("河下街道2022年度法治政府建设工作报告", 2022),
    ("沔川市人民政府关于2017年法治政府建设工作的报告", 2017),
    ("云溪市临澜区2019年度法治政府建设(依法行政)工作情况的报告", 2019),
    ("青禾县人民政府关于青禾县2023年度法治政府建设工作总结的报告", 2023),
    ("中共青禾县委 青禾县人民政府关于2024年法治政府建设情况的报告", 2024),
    ("国家税务总局云溪市临澜区税务局2019年法治政府建设情况报告", 2019),
    ("中国证监会2025年法治政府建设情况", 2025),
    ("云溪市临澜区发展和改革委员会关于2023年法治政府建设情况的报告", 2023),
    ("青禾县2012年依法行政工作报告", 2012),
    ("青禾县人民政府关于2011年推进依法行政工作情况的报告", 2011),
    ("二〇二三年青禾县法治政府建设情况报告", 2023),
    ("青禾县二○二二年度依法行政工作总结", 2022),
    ("青禾县２０２３年法治政府建设情况报告", 2023),
    ("青禾县法治政府建设情况报告（2023年度）", 2023),
    ("青禾县法治政府建设情况报告（2023）", 2023),
    ("中共青禾县委宣传部2023年度法治建设工作情况报告", 2023),
    ("鶴峪縣人民政府關於2023年法治政府建設情況的報告", 2023),
]


@pytest.mark.parametrize(("title", "year"), REPORTS)
def test_patterns_of_the_genre(title, year):
    assert could_be_report(title)
    assert year_in(title) == year
    assert tidy(title) == title


@pytest.mark.parametrize(
    "decorated",
    [
        "{}-青禾县人民政府网",
        "{} - 政务公开 - 青禾县人民政府门户网站",
        "{}_政府文件_青禾县人民政府",
        "政务公开_{}_青禾县人民政府",
        "{}|青禾县人民政府",
        "【图文】{}",
        "[图文]{}",
        "附件：{}",
        "附件1.{}",
        "附件 2：{}.docx",
        "{}（附PDF）",
        "{}(附件)",
        "{}（PDF版）",
        "{}.pdf",
        "{} [2024-03-12]",
        "{} 2024-03-12",
        "{}（2024-03-12 10:17）",
        "{} 03-12",
        "  {}\n",
        "{}（附PDF） [2024-03-12]",
    ],
)
@pytest.mark.parametrize("title", ["青禾县人民政府关于2023年法治政府建设情况的报告", "临澜区教育局2022年法治政府建设年度报告"])
def test_decorations_come_off(title, decorated):
    assert tidy(decorated.format(title)) == title


@pytest.mark.parametrize(
    "title",
    [
        "1-10月青禾县固定资产投资结构趋稳趋优",
        "青禾县2021—2025年法治政府建设规划",
        "青禾县人民政府关于2023年法治政府建设情况的报告——在县人大常委会会议上",
        "县领导探访养老服务中心（附图）",
        "中共青禾县委 青禾县人民政府关于2024年法治政府建设情况的报告",
        "【政策解读】青禾县2023年法治政府建设情况报告",
        "关于（试行）办法,修订的说明",
    ],
)
def test_what_belongs_to_a_title_stays(title):
    assert tidy(title) == title


def test_wrapped_titles_are_joined_and_spaces_kept():
    assert tidy("青禾县人民政府关于\n   2023年法治政府\r\n建设情况的报告") == "青禾县人民政府关于2023年法治政府建设情况的报告"
    assert tidy("甲县委　 甲县政府") == "甲县委 甲县政府"


@given(st.text(max_size=80))
def test_tidy_twice_is_tidy_once_and_only_takes_away(text):
    once = tidy(text)
    assert tidy(once) == once
    left = iter(text)
    assert all(char in left for char in once if char != " ")


@pytest.mark.parametrize(
    "title",
    [
        "青禾县人民政府关于2023年法治政…",
        "青禾县人民政府关于2023年度...",
        "青禾县2023年度法治政府建设…",
        "2023年度法…",
        "法治政府建设情况报告",
        "关于报送2023年法治政府建设情况报告的通知",
        "青禾县2024年法治政府建设工作要点",
        "青禾县接受法治政府建设示范创建实地督察",
        "青禾县召开依法行政工作推进会",
        "【文字解读】青禾县2023年法治政府建设情况报告",
    ],
)
def test_worth_following(title):
    assert could_be_report(title)


@pytest.mark.parametrize(
    "title",
    [
        "政府工作报告",
        "青禾县2023年政府信息公开工作年度报告",
        "法治政府建设年度报告",
        "法治政府建设",
        "依法行政",
        "青禾县推进依法行政结硕果",
        "法治政府建设在行动",
        "关于法治政府建设情况报告编制服务的采购公告",
        "青禾县2023年国民经济和社会发展…",
        "青禾县人民政府",
        "",
    ],
)
def test_not_worth_a_request(title):
    assert not could_be_report(title)


@pytest.mark.parametrize(
    ("title", "year"),
    [
        ("2021-2025年法治政府建设规划", None),
        ("法治政府建设实施纲要（2021—2025年）", None),
        ("法治政府建设实施方案（2021年至2025年）落实情况", None),
        ("云政报〔2019〕14号 关于2018年度法治政府建设情况的报告", 2018),
        ("2024年公布的2023年度法治政府建设情况报告", 2023),
        ("关于2023年法治政府建设情况和2024年工作安排的报告", 2023),
        ("2023年法治政府建设情况报告（2024年3月5日）", 2023),
        ("2024-03-12 2023年法治政府建设情况报告", 2023),
        ("电话20231234", None),
        ("法治政府建设情况报告", None),
    ],
)
def test_year_that_is_reported_on(title, year):
    assert year_in(title) == year


def test_report_title():
    assert report_title("沔川市人民政府", 2022) == "沔川市2022年度法治政府建设情况报告"
    assert report_title("青禾县教育局", 2022) == "青禾县教育局2022年度法治政府建设情况报告"
    assert report_title("中共青禾县委、青禾县人民政府", 2022) == "青禾县2022年度法治政府建设情况报告"


@pytest.mark.parametrize(
    "title",
    [
        "青禾县推进法治政府建设工作汇报",
        "青禾县2020年法治政府建设工作",
        "青禾县2019年法制政府建设情况报告",
        "青禾县2022年法 治 政 府 建 设 情况报告",
    ],
)
def test_slips_and_spaces_in_the_core_words(title):
    assert could_be_report(title)


@pytest.mark.parametrize("title", ["青禾县扎实推进法治政府建设", "法治政府建设工作", "青禾县法治政府建设工作"])
def test_the_core_words_alone_name_no_report(title):
    assert not could_be_report(title)
