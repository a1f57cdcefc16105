"""The 安徽 family: lists under /content/column/N and /public/column/N, paged by pageIndex (field-notes 2.7)."""

from __future__ import annotations

import re
from math import ceil
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse
from w3lib.url import add_or_replace_parameters

from crawler.dialects import controls, generic
from crawler.dialects.base import Ask, kept
from crawler.links import Row

#: Ls.pagination({…}), with other functions inside or not: all to the end of the script.
_CONFIG = re.compile(r"\bLs\.pagination\b(?P<config>.*?)</script", re.S)
_TEMPLATE = re.compile(r"['\"](?P<before>[^'\"\s]*[?&]pageIndex=)[^'\"\s&]*['\"]")
_COLUMN = re.compile(r"/(?:content|public)/column/\w+")
_MARKS = re.compile(r"\bLs\.pagination\b|ls-article-info|\bj-fontContent\b|/(?:content|public)/column/\d+")
_CURRENT = r"(?:pageIndex|currPage|currentPage|curPage|pageNo|current|page)"
_TOTAL = r"(?:pageCount|totalPages?|pageTotal|pages|countPage)"
_RECORDS = r"(?:total|totalCount|totalRecords?|recordCount|count)"


def matches(page: TextResponse) -> bool:
    """Whether the page configures Ls.pagination, bears the family's classes, or has one of its addresses."""
    return bool(_MARKS.search(page.text) or _COLUMN.search(urlsplit(page.url).path))


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of the list block."""
    return generic.rows(page)


def following(page: TextResponse) -> list[Ask]:
    """Return the next page; none after a page that says that it is another one than was asked for."""
    found = _CONFIG.search(page.text)
    config = found["config"] if found else ""
    said, total = _number(_CURRENT, config), _number(_TOTAL, config) or controls.total_pages(page)
    if not total and (size := _number("pageSize", config)):
        total = ceil(_number(_RECORDS, config) / size)
    number = int(kept(page).get("page", 0)) or said or 1
    if (said and said != number) or (total and number >= total):
        return []
    if not total:
        return generic.following(page)
    return [Ask(url=_address(page, config, number + 1), keep={"page": number + 1})]


def _address(page: TextResponse, config: str, number: int) -> str:
    template, column, url = _TEMPLATE.search(config), _number("columnId", config), page.url
    if not _COLUMN.search(urlsplit(url).path):
        if template:
            return urljoin(url, f"{template['before']}{number}")
        url = urljoin(url, f"/content/column/{column}") if column else url
    return add_or_replace_parameters(url, {"pageIndex": str(number)})


def _number(name: str, config: str) -> int:
    found = re.search(rf"\b{name}['\"]?\s*[:=]\s*['\"]?(\d+)", config, re.I)
    return int(found[1]) if found else 0
