"""Static lists in numbered files: index.html, then index_1 or index_2, as a script call of the page says.

The two conventions of createPageHTML (field-notes 2.4) are told apart by the number the first page gives itself, and the
answer is checked: it says which page it is, so a page that was skipped is asked for, and one that is not there is looked for
under the other convention.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import urljoin, urlsplit

from scrapy.http import TextResponse

from crawler.dialects.base import Ask, kept

_CALL = re.compile(
    r"createPage(?:HTML)?\(\s*(?:(?P<box>['\"])[^'\"]*(?P=box)\s*,\s*)?(?P<total>\d+)\s*,\s*(?P<current>\d+)\s*"
    r"(?:,\s*['\"](?P<name>[^'\"]*)['\"]\s*(?:,\s*['\"](?P<ext>\w+)['\"])?)?"
)
_SET_PAGE = re.compile(r"\.pagination\(\s*['\"]setPage['\"]\s*,\s*(?P<current>\d+)\s*,\s*(?P<total>\d+)")
_COUNT = re.compile(r"\b(?:countPage|pageCount|totalPages?|pageDec)\s*=\s*['\"]?(?P<total>\d+)")
_CURRENT = re.compile(r"\b(?:currentPage|curPage|currPage|pageIndex)\s*=\s*['\"]?(?P<current>\d+)")
_NAMED = re.compile(r"\bindex(?:_\d+)?\.(s?html?)\b|/t\d{6,8}_\d+\.(s?html?)\b")
_FILE = re.compile(r"(?P<name>[^/]*?)(?:_(?P<number>\d+))?\.(?P<ext>\w+)$")


@dataclass(frozen=True)
class Paging:
    """What the page's own script says of the list."""

    total: int  #: pages
    current: int | None  #: the number this page gives itself, where it gives one
    name: str = ""
    ext: str = ""


def paging(page: TextResponse) -> Paging | None:
    """Read the script call that builds the page numbers."""
    if call := _CALL.search(page.text):
        return Paging(int(call["total"]), int(call["current"]), call["name"] or "", call["ext"] or "")
    if call := _SET_PAGE.search(page.text):
        return Paging(int(call["total"]), int(call["current"]))
    if count := _COUNT.search(page.text):
        current = _CURRENT.search(page.text)
        return Paging(int(count["total"]), int(current["current"]) if current else None)
    return None


def numbered(page: TextResponse) -> list[Ask]:
    """Return the asks that the page's script call leads to."""
    said = paging(page)
    if not said:
        return []
    file = _FILE.search(urlsplit(page.url).path)
    name = said.name or (file["name"] if file else "index")
    if said.current is None and name != "index":  # a number of pages alone says nothing of files
        return []
    ext = said.ext or (file["ext"] if file else _extension(page))
    here = int(file["number"]) if file and file["number"] and file["name"] == name else None
    asked = int(kept(page).get("page", 1))
    first = int(kept(page).get("first", said.current or 0))  # the number that the first page gave itself
    current = first + asked - 1 if said.current is None else said.current
    keep = {"first": first, "page": asked + 1}
    asks = []
    if here is not None and current - first == asked:  # one page further than was asked for
        asks.append(Ask(url=_url(page, name, here - 1, ext), keep={**keep, "page": said.total}))
        keep["page"] += 1
    if current - first + 1 < said.total and keep["page"] <= said.total:
        number = (current if here is None else here) + 1
        other = Ask(url=_url(page, name, 3 - number, ext), keep=keep) if here is None and number in (1, 2) else None
        asks.append(Ask(url=_url(page, name, number, ext), otherwise=other, keep=keep))
    return asks


def _url(page: TextResponse, name: str, number: int, ext: str) -> str:
    return urljoin(page.url, f"{name}_{number}.{ext}")


def _extension(page: TextResponse) -> str:
    """Return how the files of a list end whose address is a folder: as the list's other pages or its reports do."""
    found = _NAMED.search(page.text)
    return next(filter(None, found.groups())) if found else "html"
