"""The report year: title, first sentence, publication date (field-notes 1.4)."""

from datetime import date

import pytest

from cleaning.when import report_year

TITLE = "青禾县人民政府关于{}法治政府建设情况的报告"


@pytest.mark.parametrize(("year", "value"), [("2023年", 2023), ("2023年度", 2023), ("二〇二三年", 2023)])
def test_title_first(year, value):
    assert report_year(TITLE.format(year), "2022年，青禾县……。", date(2020, 1, 1)) == (value, "title", [])


@pytest.mark.parametrize(
    "text",
    [
        "2022年，在市委、市政府坚强领导下，青禾县深入推进依法行政。\n一、主要工作\n2023年……",
        "市委、市政府：\n2022年，青禾县扎实推进法治政府建设。",
        "青政报〔2023〕5号\n市人民政府：\n2022年以来，青禾县扎实推进法治政府建设。",
        "根据《法治政府建设实施纲要（2021—2025年）》要求，现将青禾县2022年度法治政府建设情况报告如下：",
        "二〇二二年，青禾县扎实推进依法行政。",
        "一、2022年法治政府建设工作情况\n（一）加强领导。2023年……",
        "在市委坚强领导下，青禾县成绩显著。2022年，全县坚持依法行政。",
    ],
)
@pytest.mark.parametrize("title", [None, "法治政府建设情况报告", "2021-2025年青禾县法治政府建设情况"])
def test_first_sentence(title, text):
    assert report_year(title, text, date(2024, 3, 1)) == (2022, "first_sentence", [])


@pytest.mark.parametrize(
    ("published", "year"),
    [
        (date(2024, 3, 1), 2023),
        (date(2024, 9, 30), 2023),
        (date(2024, 10, 1), 2024),
        (date(2021, 12, 20), 2021),
        (date(2024, 1, 1), 2023),
    ],
)
def test_publication_date_last(published, year):
    text = "青禾县坚持依法行政。\n一、主要工作\n修订2015年出台的办法。"
    assert report_year("法治政府建设情况报告", text, published) == (year, "published_date", ["year_inferred"])


def test_unknown():
    assert report_year(None, "", None) == (None, None, [])
    assert report_year("法治政府建设情况报告", "青禾县坚持依法行政。", None) == (None, None, [])


@pytest.mark.parametrize(
    ("text", "year"),
    [
        ("自2018年以来，青禾县推进法治政府建设。\n2022年，各项工作稳步推进。", 2022),
        ("2018年以来，青禾县推进法治政府建设；2022年，成效明显。", 2022),
        ("到2025年，青禾县基本建成法治政府。2022年，各项工作稳步推进。", 2022),
        ("2021年至2022年，青禾县推进法治政府建设。", 2022),
        ("２０２２年，青禾县扎实推进依法行政。", 2022),
    ],
)
def test_where_something_began_or_ends_is_no_report_year(text, year):
    assert report_year(None, text, date(2023, 2, 20))[0] == year


@pytest.mark.parametrize("text", ["自2021年起，青禾县推进法治政府建设。", "青禾县自2019年机构改革以来坚持依法行政。"])
def test_a_beginning_alone_leaves_the_publication_date(text):
    assert report_year(None, text, date(2023, 2, 20)) == (2022, "published_date", ["year_inferred"])
    assert report_year(None, text, None) == (None, None, [])
