"""Links of a page: absolute addresses without session junk, titles in full, the date that stands in the same row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urldefrag, urljoin

from lxml.html import HtmlElement
from scrapy.http import HtmlResponse, TextResponse
from scrapy.utils.response import get_base_url
from w3lib.url import safe_url_string, url_query_cleaner

from cleaning.dates import last_date
from cleaning.titles import could_be_report, year_in

#: Parameters that name a visit or a share, not a page (field-notes 6.2).
_VISIT = ("jsessionid", "PHPSESSID", "sessionid", "spm", "isappinstalled", "utm_source", "utm_medium", "utm_campaign")
_SESSION = re.compile(r";jsessionid=[^?#/]*", re.I)
_SHARED = re.compile(r"(?<=[?&])from=(?:timeline|singlemessage|groupmessage)(?:&|$)")
_DATE_AT_END = re.compile(
    r"\s*[\[(（【]?\s*\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?(?:\s\d\d:\d\d(?::\d\d)?)?\s*[\])）】]?$"
)
_ROW_TAGS = ("li", "tr", "dd", "dt")
#: More links or characters than this in a list item, and it is no row but the frame around the list.
_ROW_LINKS, _ROW_CHARS = 5, 800


@dataclass(frozen=True)
class Row:
    """One entry of a list: where it leads, its title in full, the date beside it (YYYY-MM-DD or "")."""

    url: str
    title: str
    date: str = ""


def tidy_url(base: str, href: str, encoding: str = "utf-8") -> str:
    """Return the absolute address of a link without fragment and session junk; "" where it leads to no page.

    Args:
        base: the address that relative links stand on.
        href: the link as written.
        encoding: the page's, in which Chinese parameters are sent.
    """
    href = re.sub(r"[\r\n\t]", "", href).strip()
    if not href or href.startswith("#") or "{{" in href or "${" in href:  # templates that a script fills in
        return ""
    try:
        url = urldefrag(urljoin(base, href)).url
        if not re.match(r"https?://[^/?#]", url):
            return ""
        url = _SHARED.sub("", _SESSION.sub("", url))
        if any(name in url for name in _VISIT):
            url = url_query_cleaner(url, _VISIT, remove=True)
        return str(safe_url_string(url.rstrip("?&"), encoding))
    except ValueError:  # half a pair of brackets, a port that is no number
        return ""


def squeeze(text: str | None) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join((text or "").split())


def text_of(element: HtmlElement) -> str:
    """Return the visible text of an element, without scripts and styles."""
    if next(element.iter("script", "style"), None) is None:
        return squeeze(element.text_content())
    return squeeze("".join(element.xpath(".//text()[not(ancestor::script or ancestor::style)]")))


def link_title(link: HtmlElement) -> str:
    """Return a link's title: the `title` attribute where the shown text is cut short, without a date at its end."""
    shown = squeeze(_DATE_AT_END.sub("", text_of(link)))
    full = squeeze(link.get("title"))
    stem = re.sub(r"(?:\.{2,}|…+)$", "", shown)
    return full if len(full) >= len(stem) and (not stem or len(full) > 4) else shown


def row_of(link: HtmlElement) -> HtmlElement:
    """Return the element that holds a link and what belongs to it: its list item, else the largest with no other link."""
    for item in link.iterancestors(*_ROW_TAGS):
        if len(item.findall(".//a")) <= _ROW_LINKS and len(item.text_content()) <= _ROW_CHARS:
            return item
        break
    row = link
    for around in link.iterancestors():
        if around.tag in ("body", "html", "form", "table", "ul") or len(around.findall(".//a")) > 1:
            break
        row = around
    return row


def row_date(link: HtmlElement, row: HtmlElement) -> str:
    """Return the last full date of a link's row, YYYY-MM-DD, or ""; where the link is its own row, what follows it counts."""
    text = row.text_content()
    if row is link:
        text += link.tail or ""
    if row is link or row.tag == "dt":
        for after in row.itersiblings():
            if after.tag in ("a", "dt", "li", "tr") or (after.tag != "dd" and after.find(".//a") is not None):
                break
            text += f" {after.text_content()} {after.tail or ''}" if isinstance(after.tag, str) else after.tail or ""
    day = last_date(text)
    return day.isoformat() if day else ""


@lru_cache(maxsize=1)  # recognition, rows and pinned links look at the same page one after another
def entries(page: TextResponse) -> tuple[tuple[Row, HtmlElement], ...]:
    """Return every titled link of a page with the element that holds what belongs to it; none of JSON and XML."""
    if not isinstance(page, HtmlResponse):
        return ()
    base = get_base_url(page)
    found = []
    for link in page.selector.root.iter("a"):
        url = tidy_url(base, link.get("href") or "", page.encoding)
        if url and (title := link_title(link)):
            box = row_of(link)
            found.append((Row(url, title, row_date(link, box)), box))
    return tuple(found)


def report_links(page: TextResponse) -> list[Row]:
    """Return the links anywhere on a page that are reports by title and year: pinned above a list, or beside it."""
    return [row for row, _ in entries(page) if year_in(row.title) and could_be_report(row.title)]


def fragment_rows(fragment: HtmlElement, base: str, encoding: str = "utf-8") -> list[Row]:
    """Return the first titled link of a piece of a list, as a list of one Row or none."""
    for link in fragment.iter("a"):
        url, title = tidy_url(base, link.get("href") or "", encoding), link_title(link)
        if url and title:
            day = last_date(fragment.text_content())
            return [Row(url, title, day.isoformat() if day else "")]
    return []
