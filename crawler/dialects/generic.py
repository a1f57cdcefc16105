"""The reader that needs no knowledge: the repeating block of links with dates, and the control that leads to the next page."""

from __future__ import annotations

import re
from collections import defaultdict
from functools import lru_cache
from urllib.parse import urlsplit

from lxml.html import HtmlElement
from scrapy.http import HtmlResponse, TextResponse

from crawler.dialects import numbered
from crawler.dialects.base import Ask
from crawler.dialects.controls import counted, next_page, submitted
from crawler.dialects.jsonlist import inlined_rows
from crawler.links import Row, entries, frames

_TITLE_CHARS = 8


def matches(page: TextResponse) -> bool:
    """Every page will do."""
    return True


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of the blocks whose entries are dated, else of the block with the most text in its titles.

    Rows that a script of the page holds as an array count as a block (field-notes 2.10).
    """
    return list(_rows(page))


@lru_cache(maxsize=1)  # a family is recognised by its rows, and the next looks at the same
def _rows(page: TextResponse) -> tuple[Row, ...]:
    blocks: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row, box in entries(page):
        blocks[_block(box)].append(row)
    if inlined := inlined_rows(page):
        blocks["", "", ""] = inlined
    dated = [block for block in blocks.values() if sum(bool(row.date) for row in block) * 2 >= len(block)]
    if dated:
        return _unique([row for block in dated for row in block])
    titled = [block for block in blocks.values() if sum(len(row.title) for row in block) >= _TITLE_CHARS * len(block)]
    return _unique(max(titled, key=lambda block: sum(len(row.title) for row in block), default=[]))


def following(page: TextResponse) -> list[Ask]:
    """Return the next page, as a control leads to it or as the page counts; else the frames of a page without dated rows."""
    if not isinstance(page, HtmlResponse):
        return []
    if url := next_page(page):
        return [Ask(url=url)]
    if ask := submitted(page):
        return [ask]
    static = [] if urlsplit(page.url).query else numbered.numbered(page)
    if static or (url := counted(page)):
        return static or [Ask(url=url)]
    return [] if any(row.date for row in rows(page)) else [Ask(url=url, anew=True) for url in frames(page)]


def _block(row: HtmlElement) -> tuple[str, str, str]:
    """Return what the rows of one list share: their path without positions, and the class and id of what holds them."""
    path = re.sub(r"\[\d+\]", "", row.getroottree().getpath(row))
    around = row.getparent()
    return (path, "", "") if around is None else (path, around.get("class") or "", around.get("id") or "")


def _unique(found: list[Row]) -> tuple[Row, ...]:
    return tuple({row.url: row for row in reversed(found)}.values())[::-1]
