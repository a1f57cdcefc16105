"""The year that a report is about: from its title, else its first sentence, else the date of publication."""

from __future__ import annotations

import re
from datetime import date

from cleaning.titles import year_in

#: The first sentence ends here; a colon ends an addressee line or 报告如下.
_SENTENCE = re.compile(r"[^。！？!?\n]+")
_ADDRESSEE = re.compile(r"[^。，,；]{2,80}[:：]\s*")
_DOCUMENT_NUMBER = re.compile(r".{0,20}[〔\[【（(]\s*(?:19|20)\d\d\s*[〕\]】）)]\s*\d+\s*号\s*")
#: In the rest of the opening only a year that opens a clause or names the subject counts.
_OPENING = re.compile(
    r"(?:^|[。！？；,，\n])\s*((?:20\d\d|[二2][〇○◯零0OoＯ]..)\s*年(?:度)?(?:以来)?[,，]|20\d\d\s*年度?(?=法治政府建设|依法行政))"
)
_OPENING_LENGTH = 300


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
    if year := _year_of_opening(text):
        return year, "first_sentence", []
    if published:
        return published.year - (published.month < 10), "published_date", ["year_inferred"]
    return None, None, []


def _year_of_opening(text: str) -> int | None:
    lines = [line.strip() for line in text.split("\n", 12)[:12]]
    body = [line for line in lines if line and not _ADDRESSEE.fullmatch(line) and not _DOCUMENT_NUMBER.fullmatch(line)]
    opening = "\n".join(body)
    first = _SENTENCE.search(opening)
    if not first:
        return None
    if year := year_in(first[0]):
        return year
    anchored = _OPENING.search(opening[:_OPENING_LENGTH])
    return year_in(anchored[1]) if anchored else None
