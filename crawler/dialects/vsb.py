"""博达 VSB: lists are xx.htm, their further pages xx/29.htm with numbers that mostly descend (field-notes 2.8)."""

from __future__ import annotations

import re
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse

from crawler.dialects import controls, generic
from crawler.dialects.base import Ask, kept
from crawler.links import Row

_MARKS = re.compile(
    r"_newscontent_fromname|\bv_news_content\b|\b(?:vsb|vbs)_content|/system/resource/|_showDynClicks|getClickTimes\("
    r"|\bvsbhovermenu|visualsitebuilder|id=['\"]?fanye\d+",
    re.I,
)
_DETAIL = re.compile(r"/info/\d+/\d+\.htm$")
_PAGE = re.compile(r"/(?P<number>\d+)\.htm$")


def matches(page: TextResponse) -> bool:
    """Whether the page bears the product's names, or links to its detail pages (/info/1044/2301.htm)."""
    return bool(_MARKS.search(page.text)) or sum(bool(_DETAIL.search(row.url)) for row in generic.rows(page)) >= 2


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of the list block."""
    return generic.rows(page)


def following(page: TextResponse) -> list[Ask]:
    """Return the page behind 下一页; where the page only says how many there are, the number below (or above) its own."""
    asks, total, path = generic.following(page), controls.total_pages(page), urlsplit(page.url).path
    number, step = int(kept(page).get("number", 0)), int(kept(page).get("step", 0))
    if asks or not path.endswith(".htm"):
        return asks
    if step and 1 <= number + step <= total - (step < 0):
        return [_ask(urljoin(page.url, f"{number + step}.htm"), number + step, step)]
    if step or total < 2 or _PAGE.search(path):
        return []
    name = path.rpartition("/")[2].removesuffix(".htm")
    return [_ask(urljoin(page.url, f"{name}/{total - 1}.htm"), total - 1, -1, _ask(urljoin(page.url, f"{name}/2.htm"), 2, 1))]


def _ask(url: str, number: int, step: int, otherwise: Ask | None = None) -> Ask:
    return Ask(url=url, otherwise=otherwise, keep={"number": number, "step": step})
