"""Links of a page: absolute addresses without session junk, titles in full, the date that stands in the same row."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urldefrag, urljoin, urlsplit

from lxml.html import HtmlElement
from scrapy.http import HtmlResponse, TextResponse
from scrapy.utils.response import get_base_url
from w3lib.url import canonicalize_url, safe_url_string

from cleaning.dates import last_date
from cleaning.titles import could_be_report, year_in

#: Parameters that name a visit, a share or a moment, not a page (field-notes 6.2).
_VISIT = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w*|session_?id|spm|isappinstalled|utm_\w+|ticket|ver)=.*"
    r"|from=(?:timeline|singlemessage|groupmessage)|(?:t|_|ts|timestamp|rand|random)=(?:1\d{9}(?:\d{3})?|0\.\d+)",
    re.I,
)
_SESSION = re.compile(r";(?:jsessionid|phpsessid|sessionid)=[^?#/]*", re.I)
_DATE_AT_END = re.compile(
    r"\s*[\[(（【]?\s*\d{4}\s*[-./年]\s*\d{1,2}\s*[-./月]\s*\d{1,2}\s*日?(?:\s\d\d:\d\d(?::\d\d)?)?\s*[\])）】]?$"
)
_ROW_TAGS = ("li", "tr", "dd", "dt")
#: A line break of the source between two Chinese characters is no space.
_BROKEN = re.compile(r"(?<=[\u3000-\u9fff])\s*[\r\n]\s*(?=[\u3000-\u9fff])")
#: Links that say nothing: the title stands beside them.
_MORE = re.compile(
    r"[\[【<(（]*(?:点击|查看)?(?:更多|详情|详细|全文|阅读|阅读全文|阅读更多|查看|查看详情|more|进入)[\]】>)）…. ]*", re.I
)
_PATH_IN_SCRIPT = re.compile(r"""['"]([^'"]+(?:[?/.=_-])[^'"]*)['"]""")
#: A frame that nobody sees counts visitors; it holds no list.
_UNSEEN_FRAME = re.compile(r"\b(?:width|height)\s*[=:]\s*[01](?:px)?\s*;|display\s*:\s*none", re.I)
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
    path, mark, query = href.partition("?")
    href = path.replace("\\", "/") + mark + query  # as browsers do
    if not href or href.startswith("#") or "{{" in href or "${" in href:  # templates that a script fills in
        return ""
    try:
        url = urldefrag(urljoin(base, urljoin(base, href))).url  # an empty ;parameter goes the second time only
        if not re.match(r"https?://[^/?#]", url):
            return ""
        path, _, query = _SESSION.sub("", url).partition("?")
        kept = "&".join(pair for pair in query.split("&") if pair and not _VISIT.fullmatch(pair))
        return str(safe_url_string(f"{path}?{kept}" if kept else path, encoding))
    except ValueError:  # half a pair of brackets, a port that is no number
        return ""


def same_page(url: str) -> str:
    """Return what the addresses of one page have in common: no scheme, no `www.`, parameters in order."""
    return re.sub(r"^https?://(?:www\.)?", "", canonicalize_url(url))


def twins(url: str) -> list[str]:
    """Return an address and, unless it names a port, the same with http and https, with `www.` and without."""
    found = re.match(r"https?://(?:www\.)?(?=[^/:]+(?:[/?]|$))", url)
    rest = url[found.end() :] if found else ""
    return [url, *(f"{scheme}://{www}{rest}" for scheme in ("https", "http") for www in ("www.", "") if rest)]


def squeeze(text: str | None) -> str:
    """Return the text with every run of white space as one space."""
    return " ".join((text or "").split())


def text_of(element: HtmlElement) -> str:
    """Return the visible text of an element, without scripts and styles."""
    if next(element.iter("script", "style"), None) is None:
        return squeeze(_BROKEN.sub("", element.text_content()))
    return squeeze(_BROKEN.sub("", "".join(element.xpath(".//text()[not(ancestor::script or ancestor::style)]"))))


def link_title(link: HtmlElement) -> str:
    """Return a link's title: the `title` attribute where the shown text is cut short, without a date at its end."""
    shown = squeeze(_DATE_AT_END.sub("", text_of(link))) or squeeze(next(iter(link.xpath(".//img/@alt")), ""))
    full = squeeze(link.get("title"))
    stem = re.sub(r"(?:\.{2,}|…+)$", "", shown)
    return full if len(full) >= len(stem) and (not stem or len(full) > 4) else shown


def address_of(element: HtmlElement, base: str, encoding: str = "utf-8", names: tuple[str, ...] = ("href", "onclick")) -> str:
    """Return where an element leads by the first of these attributes that says it, in a script's quotes too; or ""."""
    for name in names:
        value = element.get(name) or ""
        if name == "onclick" or value.lower().startswith("javascript:"):
            value = found[1] if (found := _PATH_IN_SCRIPT.search(value)) else ""
        if url := tidy_url(base, value, encoding):
            return url
    return ""


def _without(box: HtmlElement, link: HtmlElement) -> str:
    """Return the text of a row without its link: of its heading or first paragraph where there is one."""
    first = next((e for e in box.iter("h1", "h2", "h3", "h4", "h5", "h6", "p", "strong") if e.find(".//a") is None), None)
    text = text_of(box if first is None else first)
    return text.replace(text_of(link), "").strip()


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
        url, title = address_of(link, base, page.encoding), link_title(link)
        if url and title:
            box = row_of(link)
            if _MORE.fullmatch(title):
                title = squeeze(_DATE_AT_END.sub("", _without(box, link))) or title
            found.append((Row(url, title, row_date(link, box)), box))
    return tuple(found)


def report_links(page: TextResponse) -> list[Row]:
    """Return the links anywhere on a page that are reports by title and year: pinned above a list, or beside it."""
    return [row for row, _ in entries(page) if year_in(row.title) and could_be_report(row.title)]


def frames(page: TextResponse) -> list[str]:
    """Return the addresses of a page's frames on its own host: of a frameset, or of an iframe that could hold a list."""
    if not isinstance(page, HtmlResponse):
        return []
    base, found = get_base_url(page), []
    for frame in page.selector.root.iter("frame", "iframe"):
        url = tidy_url(base, frame.get("src") or "", page.encoding)
        if url and not _UNSEEN_FRAME.search(_look(frame)) and urlsplit(url).netloc == urlsplit(page.url).netloc:
            found.append(url)
    return [url for url in dict.fromkeys(found) if same_page(url) != same_page(page.url)]


def _look(frame: HtmlElement) -> str:
    return " ".join(f"{name}={squeeze(frame.get(name))};" for name in ("width", "height", "style"))


def fragment_rows(fragment: HtmlElement, base: str, encoding: str = "utf-8") -> list[Row]:
    """Return the first titled link of a piece of a list, as a list of one Row or none."""
    for link in fragment.iter("a"):
        url, title = tidy_url(base, link.get("href") or "", encoding), link_title(link)
        if url and title:
            day = last_date(fragment.text_content())
            return [Row(url, title, day.isoformat() if day else "")]
    return []
