"""中科汇联 EasySite: the next page stands in the tagname of a link, else in ?currentPage= (field-notes 2.9)."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urljoin, urlsplit

from scrapy.http import TextResponse
from w3lib.url import add_or_replace_parameters

from crawler.dialects import controls, generic
from crawler.dialects.base import Ask, kept
from crawler.links import Row, squeeze, text_of

_MARKS = re.compile(
    r"/eportal/(?:ui|uiFramework)\b|easysite-|epro?talappPortletId|epsPortletId|eprotalCurrent(?:Page|Column)Id|isStaticRequest"
)
_WRAP = "//*[contains(@class, 'easysite-page-wrap') or contains(@id, 'easysite-page-wrap')]"
_TOTAL = "//*[contains(@class, 'easysite-total-page')]"
_PAGE_ID = "//input[@id='eprotalCurrentPageId']/@value"
#: What the product leaves in a link that leads nowhere: [NEXTPAGE], [LASTPAGE].
_PLACEHOLDER = re.compile(r"\[\w+\]")
_STATIC = re.compile(r"(?P<stem>[0-9a-f]{8})-(?P<number>\d+)\.html$")


def matches(page: TextResponse) -> bool:
    """Whether the page bears the product's classes, hidden fields or addresses."""
    return bool(_MARKS.search(page.text)) or "/eportal/ui" in page.url


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of the list block."""
    return generic.rows(page)


def following(page: TextResponse) -> list[Ask]:
    """Return the page in the tagname behind 下一页 or the next number; else the one counted from the total."""
    here, total = _here(page)
    links = page.selector.root.xpath(f"{_WRAP}//a[@tagname]")
    for link in links:
        captions = {squeeze(link.text_content()), squeeze(link.get("title"))}
        if any(map(controls.NEXT.fullmatch, captions)) or str(here + 1) in captions:
            url = "" if _PLACEHOLDER.search(link.get("tagname")) else controls.address(page, link)
            if url:
                return [Ask(url=url, keep={"page": here + 1})]
    if links and not total:
        return []
    if here < total:
        return [Ask(url=_counted(page, here + 1), keep={"page": here + 1})]
    return [] if total else generic.following(page)


def _here(page: TextResponse) -> tuple[int, int]:
    """Return the number of this page and of the last one, as page, address and what was asked for tell them; 0 is unknown."""
    query = parse_qs(urlsplit(page.url).query)
    asked = next((int(n) for n in query.get("currentPage", []) if n.isdecimal()), int(kept(page).get("page", 1)))
    text = " ".join(text_of(box) for box in page.selector.root.xpath(_TOTAL))
    pair = re.search(r"(\d+)\s*/\s*(\d+)", text) or re.search(r"第\s*(\d+)\s*页\D*共\s*(\d+)\s*页", text)
    if pair:
        return int(pair[1]), int(pair[2])
    total = re.findall(r"(\d+)\s*页", text) or re.findall(r"\d+", text)
    return asked, int(total[-1]) if total else 0


def _counted(page: TextResponse, number: int) -> str:
    static = _STATIC.search(urlsplit(page.url).path)
    if static:
        return urljoin(page.url, f"{static['stem']}-{number}.html")
    url, page_id = page.url, page.selector.xpath(_PAGE_ID).get()
    if page_id and "pageId=" not in url:
        url = add_or_replace_parameters(urljoin(url, "/eportal/ui"), {"pageId": page_id})
    return add_or_replace_parameters(url, {"currentPage": str(number)})
