"""Dates of every shape in field-notes 3.3, in text and in addresses."""

from datetime import date, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cleaning.dates import chinese_number, date_in_url, find_dates, last_date, parse_date

DAY = date(2020, 3, 11)


@pytest.mark.parametrize(
    "text",
    [
        "2020-03-11",
        "2020-03-11 10:17:59",
        "2020-03-11T10:17:59+08:00",
        "2020-3-11",
        "2020/3/11",
        "2020/03/11",
        "2020.03.11",
        "2020.3.11",
        "2020年3月11日",
        "2020年03月11日",
        "2020 年 3 月 11 日",
        "2020\xa0年3\u3000月11日",
        "2020年3月11号",
        "二〇二〇年三月十一日",
        "二○二○年三月十一日",
        "二O二O年三月十一日",
        "二零二零年三月十一日",
        "二０二０年三月十一日",
        "２０２０年３月１１日",
        "２０２０－０３－１１",
        "２０２０／３／１１",
        "[2020-03-11]",
        "（2020-03-11）",
        "发布日期：2020-03-11 来源：区政府办公室",
        "1583892000",
        "1583892000000",
        "2020–03–11",
    ],
)
def test_every_shape(text):
    assert parse_date(text) == DAY


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("二〇二四年二月廿六日", date(2024, 2, 26)),
        ("二〇二四年二月廿日", date(2024, 2, 20)),
        ("二〇二四年一月三十一日", date(2024, 1, 31)),
        ("二〇二四年一月卅一日", date(2024, 1, 31)),
        ("二〇二四年十二月二十日", date(2024, 12, 20)),
        ("二〇一九年十月十日", date(2019, 10, 10)),
        ("一九九九年十二月三十一日", date(1999, 12, 31)),
        ("二〇二四年元月五日", date(2024, 1, 5)),
        ("2024年二月5日", date(2024, 2, 5)),
        ("1583855999", date(2020, 3, 10)),  # 23:59:59 in China
        ("1583856000", date(2020, 3, 11)),
    ],
)
def test_chinese_and_unix_days(text, day):
    assert parse_date(text) == day


@pytest.mark.parametrize(
    "text",
    [
        "",
        "03-11",
        "3月1日",
        "2020年3月",
        "2020-02-30",
        "2020-13-01",
        "2020年0月5日",
        "二〇二〇年十三月一日",
        "11330702056851584G/2020-38020",
        "2026-02-00018",
        "014006438/2026-03652",
        "1020-03-11",
        "2015—2020年",
        "12345",
    ],
)
def test_no_date(text):
    assert parse_date(text) is None


def test_first_last_and_all():
    row = "2026-02-28 关于某事的报告 2024/3/12"
    assert parse_date(row) == date(2026, 2, 28)
    assert last_date(row) == date(2024, 3, 12)
    assert find_dates(row + "二〇二四年四月一日") == [date(2026, 2, 28), date(2024, 3, 12), date(2024, 4, 1)]
    assert last_date("没有日期") is None
    assert parse_date("2020-02-30，更正为2020-03-11") == DAY


@pytest.mark.parametrize(
    ("url", "day"),
    [
        ("http://www.a.gov.cn/zwgk/202402/t20240226_3274212.shtml", date(2024, 2, 26)),
        ("./t20190918_693227.shtml", date(2019, 9, 18)),
        ("t20190918_693227.shtml", date(2019, 9, 18)),
        ("http://a.gov.cn/art/2020/3/11/art_1229_56.html", DAY),
        ("http://a.gov.cn/2020/3/11/0123456789abcdef.shtml", DAY),
        ("http://a.gov.cn/columns/u/202003/11/u.html", DAY),
        ("http://a.gov.cn/c/2020-03-11/12345.shtml", DAY),
        ("http://a.gov.cn/zhengce/content/2020-03/11/content_5.htm", DAY),
        ("http://a.gov.cn/nw12344/20200311/0001.html", DAY),
        ("http://a.gov.cn/c100010/202003/0123456789abcdef.shtml", None),
        ("http://a.gov.cn/art/2020/art_1229.html", None),
        ("http://a.gov.cn/art/2020/13/41/art_1.html", None),
        ("http://a.gov.cn/20200311", None),
        ("http://a.gov.cn/info/1001/20201.htm?date=2020-03-11", None),
        ("http://[bad/2020/3/11/x.html", DAY),
        ("", None),
    ],
)
def test_date_in_url(url, day):
    assert date_in_url(url) == day


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("十", 10),
        ("十一", 11),
        ("二十", 20),
        ("廿一", 21),
        ("卅", 30),
        ("三", 3),
        ("一百零五", 105),
        ("二百一十", 210),
        ("二〇二〇", 2020),
        ("12", 12),
        ("１２", 12),
        ("", None),
        ("年", None),
        ("十百", None),
        ("第一", None),
    ],
)
def test_chinese_number(text, number):
    assert chinese_number(text) == number


DIGITS = "〇一二三四五六七八九"


def tens(number):
    ten, one = divmod(number, 10)
    return ("" if ten == 1 else DIGITS[ten]) * bool(ten) + "十" * bool(ten) + (DIGITS[one] if one or not ten else "")


@given(st.dates(date(1950, 1, 1), date(2099, 12, 31)), st.sampled_from("-/."), st.booleans())
def test_written_dates_are_read_back(day, mark, padded):
    two = "02d" if padded else "d"
    assert parse_date(f"{day.year}{mark}{day.month:{two}}{mark}{day.day:{two}}") == day
    assert parse_date(f"发布日期：{day.year}年{day.month:{two}}月{day.day:{two}}日 10:00") == day
    chinese = "".join(DIGITS[int(c)] for c in str(day.year)) + f"年{tens(day.month)}月{tens(day.day)}日"
    assert parse_date(chinese) == day
    assert date_in_url(f"http://a.gov.cn/x/t{day:%Y%m%d}_1.html") == (day if day.year >= 1900 else None)


@given(st.datetimes(datetime(2002, 1, 1), datetime(2099, 1, 1)))
def test_unix_time_is_the_day_in_china(moment):
    there = moment.replace(tzinfo=timezone(timedelta(hours=8)))
    assert parse_date(str(int(there.timestamp()))) == moment.date()
    assert parse_date(str(int(there.timestamp()) * 1000)) == moment.date()


@given(st.text())
def test_any_text_is_survived(text):
    assert all(isinstance(day, date) for day in find_dates(text))
    date_in_url(text)
    chinese_number(text)


@given(st.integers(0, 999))
def test_numbers_are_read_back(number):
    hundred, rest = divmod(number, 100)
    words = (DIGITS[hundred] + "百" if hundred else "") + ("零" if hundred and 0 < rest < 10 else "")
    words += ("一" if hundred and 10 <= rest < 20 else "") + (tens(rest) if rest or not hundred else "")
    assert chinese_number(words) == number
