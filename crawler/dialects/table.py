"""Hand-made pages of the 2000s: one table row an entry, inside tables that make the layout; 下一页 is a plain link."""

from __future__ import annotations

from scrapy.http import TextResponse

from crawler.dialects import controls, generic
from crawler.dialects.base import Ask
from crawler.links import Row, entries

#: Rows of a table with a link and a date that make a list.
_ENOUGH = 3


def matches(page: TextResponse) -> bool:
    """Whether the list's entries are table rows."""
    return sum(bool(row.date) for row in rows(page)) >= _ENOUGH


def rows(page: TextResponse) -> list[Row]:
    """Return the table rows that hold a titled link: the dated ones where any is dated."""
    found: dict[str, Row] = {}
    for row, box in entries(page):
        if box.tag == "tr" and not controls.NEXT.fullmatch(row.title):
            found.setdefault(row.url, row)
    dated = [row for row in found.values() if row.date]
    return dated or list(found.values())


def following(page: TextResponse) -> list[Ask]:
    """Return the page behind 下一页."""
    return generic.following(page)
