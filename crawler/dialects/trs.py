"""TRS WCM and other static directories: rows in the page, written by a script where need be, pages in numbered files."""

from __future__ import annotations

import re

from scrapy.http import TextResponse

from crawler.dialects import generic, numbered
from crawler.dialects.base import Ask
from crawler.links import Row

_DETAIL = re.compile(r"/t\d{6,8}_\d+\.(?:s?html?|jhtml)|/t\d{6,}\.s?html?|/t_\d+\.s?html?")
_MARKS = re.compile(
    r"createPageHTML\(\s*['\"\d]|TRS_(?:Editor|AUTO|UEDITOR|PreAppend)|trs_(?:editor|paper|word)|\.pagination\(\s*['\"]setPage"
)


def matches(page: TextResponse) -> bool:
    """Whether the page calls TRS's paging script, bears its classes, or links to its detail pages."""
    return bool(_MARKS.search(page.text)) or sum(bool(_DETAIL.search(row.url)) for row in generic.rows(page)) >= 2


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of the list block."""
    return generic.rows(page)


def following(page: TextResponse) -> list[Ask]:
    """Return the next page, and one that was skipped; the page behind 下一页 where no script call says how many there are."""
    said = numbered.paging(page)
    return generic.following(page) if said is None or said.current is None else numbered.numbered(page)
