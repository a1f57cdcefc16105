"""The PHP family of 达州 and 吉安: lists are xxgk-list-NAME.html, then xxgk-list-NAME-2.html (field-notes 2.10)."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse

from crawler.dialects import controls, generic
from crawler.dialects.base import Ask, kept
from crawler.links import Row

_LIST = re.compile(r"/(?P<stem>(?:xxgk|news)-list-\w+?)(?:-(?P<number>\d+))?\.html$")
_DETAIL = re.compile(r"/(?:xxgk|news)-show-\d+\.html$")


def matches(page: TextResponse) -> bool:
    """Whether the page has an address of the family, or links to its detail pages."""
    if _LIST.search(urlsplit(page.url).path):
        return True
    return sum(bool(_DETAIL.search(row.url)) for row in generic.rows(page)) >= 2


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of the list block."""
    return generic.rows(page)


def following(page: TextResponse) -> list[Ask]:
    """Return the page behind 下一页; where the page only says how many there are, the next file."""
    if asks := generic.following(page):
        return asks
    file, number = _LIST.search(urlsplit(page.url).path), int(kept(page).get("page", 1))
    if not file or number >= controls.total_pages(page):
        return []
    return [Ask(url=urljoin(page.url, f"{file['stem']}-{number + 1}.html"), keep={"page": number + 1})]
