"""TRS WCM and other static directories: index.html, then index_1 or index_2, as a script call of the page says.

The two conventions of createPageHTML (field-notes 2.4) are told apart by the number the first page gives itself, and the
answer is checked: it says which page it is, so a page that was skipped is asked for, and one that is not there is looked for
under the other convention.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse

from crawler.dialects import generic
from crawler.dialects.base import Ask, kept
from crawler.links import Row

_CALL = re.compile(
    r"createPage(?:HTML)?\(\s*(?:(?P<box>['\"])[^'\"]*(?P=box)\s*,\s*)?(?P<total>\d+)\s*,\s*(?P<current>\d+)\s*"
    r"(?:,\s*['\"](?P<name>[^'\"]*)['\"]\s*(?:,\s*['\"](?P<ext>\w+)['\"])?)?"
)
_SET_PAGE = re.compile(r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*(?P<current>\d+)\s*,\s*(?P<total>\d+)")
_COUNT = re.compile(r"\b(?:countPage|pageCount|totalPages?)\s*=\s*['\"]?(?P<total>\d+)")
_CURRENT = re.compile(r"\b(?:currentPage|curPage|currPage|pageIndex)\s*=\s*['\"]?(?P<current>\d+)")
_DETAIL = re.compile(r"/t\d{6,8}_\d+\.(?:s?html?|jhtml)|/t\d{6,}\.s?html?")
_MARKS = re.compile(
    r"createPageHTML\(\s*['\"\d]|TRS_(?:Editor|AUTO|UEDITOR|PreAppend)|trs_(?:editor|paper|word)|\.pagination\(\s*['\"]setPage"
)
_FILE = re.compile(r"(?P<name>[^/]*?)(?:_(?P<number>\d+))?\.(?P<ext>\w+)$")


@dataclass(frozen=True)
class Paging:
    """What the page's own script says of the list."""

    total: int  #: pages
    current: int  #: the number this page gives itself
    name: str = ""
    ext: str = ""


def matches(page: TextResponse) -> bool:
    """Whether the page calls TRS's paging script, bears its classes, or links to its detail pages."""
    return bool(_MARKS.search(page.text)) or sum(bool(_DETAIL.search(row.url)) for row in generic.rows(page)) >= 2


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of the list block."""
    return generic.rows(page)


def following(page: TextResponse) -> list[Ask]:
    """Return the next page, and one that was skipped; the page behind 下一页 where no script call says how many there are."""
    return numbered(page) or ([] if paging(page) else generic.following(page))


def paging(page: TextResponse) -> Paging | None:
    """Read the script call that builds the page numbers."""
    if call := _CALL.search(page.text):
        return Paging(int(call["total"]), int(call["current"]), call["name"] or "", call["ext"] or "")
    if call := _SET_PAGE.search(page.text):
        return Paging(int(call["total"]), int(call["current"]))
    if (count := _COUNT.search(page.text)) and (current := _CURRENT.search(page.text)):
        return Paging(int(count["total"]), int(current["current"]))
    return None


def numbered(page: TextResponse) -> list[Ask]:
    """Return the asks that the page's script call leads to."""
    said = paging(page)
    if not said:
        return []
    file = _FILE.search(urlsplit(page.url).path)
    name, ext = said.name or "index", said.ext or (file["ext"] if file else "html")
    here = int(file["number"]) if file and file["number"] and file["name"] == name else None
    first = int(kept(page).get("first", said.current))  # the number that the first page gave itself
    keep = {"first": first, "page": int(kept(page).get("page", 1)) + 1}
    asks = []
    if here is not None and said.current - first == int(kept(page).get("page", 1)):  # one page further than was asked for
        asks.append(Ask(url=_url(page, name, here - 1, ext), keep={**keep, "page": said.total}))
        keep["page"] += 1
    if said.current - first + 1 < said.total and keep["page"] <= said.total:
        number = (said.current if here is None else here) + 1
        other = Ask(url=_url(page, name, 3 - number, ext), keep=keep) if here is None and number in (1, 2) else None
        asks.append(Ask(url=_url(page, name, number, ext), otherwise=other, keep=keep))
    return asks


def _url(page: TextResponse, name: str, number: int, ext: str) -> str:
    return urljoin(page.url, f"{name}_{number}.{ext}")
