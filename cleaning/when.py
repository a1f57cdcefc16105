"""The year that a report is about: from its title, else its first sentence, else the date of publication."""

from __future__ import annotations

import re
from datetime import date

from cleaning.titles import ADDRESSEE, NARROW, year_in

#: The first sentence ends here; a colon ends an addressee line or 报告如下.
_SENTENCE = re.compile(r"[^。！？!?\n]+")
_DOCUMENT_NUMBER = re.compile(r".{0,20}[〔\[【（(]\s*(?:19|20)\d\d\s*[〕\]】）)]\s*\d+\s*号\s*")
#: In the rest of the opening only a year that opens a clause or names the subject counts.
_OPENING = re.compile(
    r"(?:^|[。！？；,，\n])\s*((?:20\d\d|[二2][〇○◯零0OoＯ]..)\s*年(?:度)?(?:以来)?[,，]|20\d\d\s*年度?(?=法治政府建设|依法行政))"
)
_OPENING_LENGTH = 300
_ANY_YEAR = r"(?:20\d\d|[二2][〇○◯零0OoＯ][〇○◯零0OoＯ一二三四五六七八九]{2})\s*年"
#: Where something began (自2018年以来, 2019年机构改革以来): the year itself only if it is the one before publication.
_SINCE = re.compile(rf"(?:自|从)?\s*{_ANY_YEAR}(?:[^，,。；;\n]{{0,40}}?(?:以来|起(?!草|诉|到)))|自\s*{_ANY_YEAR}")
#: 2022年以来 at the head of a text is its year if that is not long ago and no other is named, 自2022年以来 is none.
_ONLY_SINCE = re.compile(rf"{_ANY_YEAR}度?\s*以来")
#: Where something shall end (到2025年基本建成): no year of a report.
_UNTIL = re.compile(rf"(?:(?<![年\d\s])到|(?<![截年\d\s])至|力争|确保)\s*{_ANY_YEAR}(?!\s*(?:12月)?\s*[底末])")


def report_year(title: str | None, text: str, published: date | None) -> tuple[int | None, str | None, list[str]]:
    """Tell which year a report is about (field-notes 1.4).

    Args:
        title: the title, None where there is none.
        text: the report.
        published: when it went on the web.

    Returns:
        The year, where it was found (one of cleaning.document.YEAR_SOURCES) and quality flags. From the publication date it is
        the year before, or the same year in October to December; then `year_inferred` is flagged.
    """
    if title and (year := year_in(title)):
        return year, "title", []
    due = published.year - (published.month < 10) if published else None
    if year := _year_of_opening(text, due):
        return year, "first_sentence", []
    if due:
        return due, "published_date", ["year_inferred"]
    return None, None, []


def _year_of_opening(text: str, due: int | None) -> int | None:
    """Return the year of the first sentence, else one that opens a clause soon after, else that of 2022年以来.

    `due`: the year that the date of publication tells; nobody reports on a later one but the year of publication itself.
    """
    lines = [line.strip() for line in text.split("\n", 12)[:12]]
    body = [line for line in lines if line and not ADDRESSEE.fullmatch(line) and not _DOCUMENT_NUMBER.fullmatch(line)]
    opening = "\n".join(body).translate(NARROW)
    first = _SENTENCE.search(opening)
    if not first:
        return None
    begun = _SINCE.search(first[0])
    since = year_in(begun[0]) if begun else None
    year = year_in(_UNTIL.sub("", first[0] if since == due and since else _SINCE.sub("", first[0])))
    if year and not _too_late(year, due):
        return year
    plain = _UNTIL.sub("", _SINCE.sub("", opening[:_OPENING_LENGTH]))
    anchored = [found for match in _OPENING.finditer(plain) if (found := year_in(match[1])) and not _too_late(found, due)]
    if anchored:
        return due if due in anchored else anchored[0]
    late = due is not None and since is not None and not due - 1 <= since <= due + 1
    return since if _ONLY_SINCE.match(first[0]) and not late else None


def _too_late(year: int, due: int | None) -> bool:
    return due is not None and year > due + 1
