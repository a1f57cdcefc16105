"""Dates in every shape that government pages write them; impossible dates are no dates, and a year is never guessed."""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta, timezone

CHINA = timezone(timedelta(hours=8))

#: How zero is written in 二〇二〇: the numeral, circles and letters that look like it, 零, the digit.
ZEROS = "〇○◯零0OoＯО"
DIGITS = {**dict.fromkeys(ZEROS, 0), **{c: n for n, c in enumerate("一二三四五六七八九", 1)}}
_WIDTHS = str.maketrans("０１２３４５６７８９／．－：　", "0123456789/.-: ")

_CN = f"[{ZEROS}1一二三四五六七八九十廿卅]"
_YEAR_CN = f"(?:(?<![0-9])[12]|[一二])[9九{ZEROS}][0-9{ZEROS}一二三四五六七八九]{{2}}"
_WRITTEN = re.compile(
    rf"(?P<y>(?<![0-9])(?:19|20)\d\d|{_YEAR_CN})\s*年\s*(?P<m>\d{{1,2}}|元|{_CN}{{1,3}})\s*月\s*(?P<d>\d{{1,2}}|{_CN}{{1,3}})\s*[日号]"
    r"|(?<![0-9])(?P<y2>(?:19|20)\d\d)\s?(?P<s>[-/.‐‑–—―·])\s?(?P<m2>\d{1,2})\s?(?P=s)\s?(?P<d2>\d{1,2})(?![0-9])"
)
_STAMP = re.compile(r"\d{10}(?:\d{3})?")
_COMPACT = re.compile(r"((?:19|20)\d\d)(\d\d)(\d\d)")

#: Full dates in addresses, the most telling first: TRS t20240226_, Hanweb /art/2024/2/26/, /2024/2/26/, /202402/26/,
#: /2024-02/26/, /2024-02-26/, /20240226/ (field-notes 2 and 3.3).
_URL_SHAPES = [
    re.compile(pattern)
    for pattern in (
        r"(?:^|/)t(\d{4})(\d\d)(\d\d)(?=[_.])",
        r"/art/(\d{4})/(\d{1,2})/(\d{1,2})/",
        r"(?:^|/)(\d{4})/(\d{1,2})/(\d{1,2})/",
        r"(?:^|/)(\d{4})-?(\d\d)/(\d{1,2})/",
        r"(?:^|/)(\d{4})-(\d{1,2})-(\d{1,2})(?=/)",
        r"(?:^|/)(\d{4})(\d\d)(\d\d)(?=[/_])",
    )
]


def chinese_number(text: str) -> int | None:
    """Read a Chinese or Arabic whole number below 1,000, or digits one after another (二〇二〇, 十一, 廿一, 一百零五, ２０).

    Returns:
        The number, or None where `text` is none.
    """
    text = text.strip().translate(_WIDTHS)
    if text.isascii() and text.isdigit():
        return int(text)
    if text and all(c in DIGITS or c.isdecimal() for c in text):
        return int("".join(str(DIGITS.get(c, c)) for c in text))
    text = text.replace("廿", "二十").replace("卅", "三十")
    match = re.fullmatch(r"(?:([一二三四五六七八九])百零?)?(?:([一二三四五六七八九])?(十))?([一二三四五六七八九])?", text)
    if not text or not match:
        return None
    hundreds, tens, ten, ones = match.groups()
    return 100 * DIGITS.get(hundreds, 0) + 10 * (DIGITS.get(tens, 1) if ten else 0) + DIGITS.get(ones, 0)


def find_dates(text: str) -> list[date]:
    """Return every full date written in `text`, in order: ISO, slashes, dots, 年月日, digits of every kind."""
    found = []
    for match in _WRITTEN.finditer(text.translate(_WIDTHS)):
        part = match.groupdict()
        year, month, day = part["y"] or part["y2"], part["m"] or part["m2"], part["d"] or part["d2"]
        found.append(_date(chinese_number(year), 1 if month == "元" else chinese_number(month), chinese_number(day)))
    return [day for day in found if day]


def parse_date(text: str) -> date | None:
    """Return the first full date in `text`; a bare number is 20240226 or unix time in s or ms (the day in China).

    Returns:
        The date, or None: no date, an impossible one, or one without its year.
    """
    stamp = text.strip().translate(_WIDTHS)
    if _STAMP.fullmatch(stamp):
        return datetime.fromtimestamp(int(stamp[:10]), CHINA).date()
    if compact := _COMPACT.fullmatch(stamp):
        return _date(*map(int, compact.groups()))
    return next(iter(find_dates(text)), None)


def last_date(text: str) -> date | None:
    """Return the last full date in `text`, for list rows, whose 索引号 may look like a date (field-notes 2.2)."""
    return next(reversed(find_dates(text)), None)


def date_in_url(url: str) -> date | None:
    """Return the full date in the path of an address, or None. Year and month alone are no date."""
    path = re.sub(r"^\s*(?:[\w+.-]+:)?//[^/?#]*|[?#].*$", "", url, flags=re.DOTALL)
    for shape in _URL_SHAPES:
        for match in shape.finditer(path):
            if day := _date(*map(int, match.groups())):
                return day
    return None


def _date(year: int | None, month: int | None, day: int | None) -> date | None:
    """Return the date, or None where there is no such day or the year is none of a web page."""
    if year is None or month is None or day is None or not 1900 <= year <= 2099:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
