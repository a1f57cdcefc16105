"""The reader that needs no knowledge: the repeating block of links with dates, and the control that leads to the next page."""

from __future__ import annotations

import re
from collections import defaultdict

from lxml.html import HtmlElement
from scrapy.http import TextResponse
from scrapy.utils.response import get_base_url

from crawler.dialects.base import Ask
from crawler.links import Row, address_of, entries, squeeze, tidy_url

NEXT = re.compile(r"[\[(（<《]*\s*(?:下一?[页頁]|[后後]一?[页頁]|next(?:\s*page)?)\s*[\])）>》›»]*", re.I)
_CALL = re.compile(r"(?:^|javascript:|[;\s])(?:return\s+)?(?P<name>[A-Za-z_$]\w*)\(\s*['\"]?(?P<number>\d+)['\"]?\s*\)")
#: function gotoPage(n) {{ … location.href = "list.asp?page=" + n + "&x=1" }}
_MAKES_ADDRESS = (
    r"function\s+{name}\s*\(\s*(?P<n>\w+)\s*\)\s*\{{[^}}]*?location(?:\.href)?\s*=\s*"
    r"['\"](?P<before>[^'\"]*)['\"]\s*\+\s*(?P=n)\b(?:\s*\+\s*['\"](?P<after>[^'\"]*)['\"])?"
)
#: Attributes in which paging scripts keep the address of the next page (EasySite: tagname).
_ADDRESS_ATTRIBUTES = ("href", "tagname", "data-url", "data-href", "onclick")
_TITLE_CHARS = 8


def matches(page: TextResponse) -> bool:
    """Every page will do."""
    return True


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of the blocks whose entries are dated, else of the block with the most text in its titles."""
    blocks: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
    for row, box in entries(page):
        blocks[_block(box)].append(row)
    dated = [block for block in blocks.values() if sum(bool(row.date) for row in block) * 2 >= len(block)]
    if dated:
        return _unique([row for block in dated for row in block])
    titled = [block for block in blocks.values() if sum(len(row.title) for row in block) >= _TITLE_CHARS * len(block)]
    return _unique(max(titled, key=lambda block: sum(len(row.title) for row in block), default=[]))


def following(page: TextResponse) -> list[Ask]:
    """Return the next page, if the page has a control that leads to it."""
    url = next_page(page)
    return [Ask(url=url)] if url else []


def next_page(page: TextResponse) -> str:
    """Return the address behind 下一页, else behind the page number after the current one; "" where there is none."""
    controls = [c for c in page.selector.root.iter("a", "button", "span", "input", "li") if NEXT.fullmatch(_caption(c))]
    for control in [*page.selector.root.xpath("//link[@rel='next']"), *controls]:
        if (url := _address(page, control)) and url != page.url:
            return url
    return _by_number(page)


def _block(row: HtmlElement) -> tuple[str, str, str]:
    """Return what the rows of one list share: their path without positions, and the class and id of what holds them."""
    path = re.sub(r"\[\d+\]", "", row.getroottree().getpath(row))
    around = row.getparent()
    return (path, "", "") if around is None else (path, around.get("class") or "", around.get("id") or "")


def _unique(found: list[Row]) -> list[Row]:
    return list({row.url: row for row in reversed(found)}.values())[::-1]


def _caption(control: HtmlElement) -> str:
    return squeeze(control.text_content() or control.get("value") or control.get("title"))


def _address(page: TextResponse, control: HtmlElement) -> str:
    base = get_base_url(page)
    return address_of(control, base, page.encoding, _ADDRESS_ATTRIBUTES) or _called(page, control, base)


def _called(page: TextResponse, control: HtmlElement, base: str) -> str:
    """Return the address that a function of the page makes of the number it is called with: gotoPage(2)."""
    call = _CALL.search(control.get("href") or "") or _CALL.search(control.get("onclick") or "")
    made = call and re.search(_MAKES_ADDRESS.format(name=re.escape(call["name"])), page.text)
    return tidy_url(base, f"{made['before']}{call['number']}{made['after'] or ''}", page.encoding) if call and made else ""


def _by_number(page: TextResponse) -> str:
    """Follow the number after the current one, where the current one is the number among them that is no link."""
    for link in page.selector.root.iter("a"):
        number, around = squeeze(link.text_content()), link.getparent()
        if not number.isdecimal() or around is None or len(number) > 4:
            continue
        box = around.getparent() if around.tag == "li" and around.getparent() is not None else around
        links = {squeeze(a.text_content()): a for a in box.iter("a") if squeeze(a.text_content()).isdecimal()}
        marked = {
            squeeze(e.text_content()) for e in box.iter("span", "b", "strong", "em", "li", "font") if e.find(".//a") is None
        }
        current = [int(text) for text in marked - set(links) if text.isdecimal() and len(text) <= 4]
        if current and (after := links.get(str(current[0] + 1))) is not None:
            return _address(page, after)
        return ""
    return ""
