"""Attachments of a page: the files that its body links to, embeds or opens in a viewer; what they are is decided later."""

from __future__ import annotations

import re
from urllib.parse import parse_qsl, unquote, urlsplit

from lxml.html import HtmlElement
from scrapy.http import TextResponse
from scrapy.utils.response import get_base_url

from cleaning.containers import family_of, is_wrapper
from crawler.links import Row, link_title, tidy_url

#: Kinds of files in which reports come (field-notes 7); spreadsheets and archives hold none.
_FILE = re.compile(r"\.(?:docx?|wps|pdf|ofd)$", re.I)
#: Download scripts of Hanweb, VSB, cac.gov.cn and others; the real name is the link's text.
_SCRIPT = re.compile(
    r"/(?:downfile|download|downloadfile|downloadattach\w*|filedown\w*)\.(?:jsp|do|action|aspx?|php|ashx)$|/attachment/\d", re.I
)
_OTHER_FILE = re.compile(r"\.(?:xlsx?|et|pptx?|zip|rar|7z|jpe?g|png|gif|mp[34])$", re.I)
_BOX = re.compile(r"\bfj|xglj|attach|附件", re.I)
_FRAME = re.compile(r"foot|\bnav|menu|header", re.I)
_ADDRESS = {"a": "href", "iframe": "src", "embed": "src", "object": "data"}
#: What an element must hold to be looked at more closely: most pages have dozens of links and not one file.
_HINTS = (".doc", ".wps", ".pdf", ".ofd", "down", "attachment")
_MOST = 30


def attachments(page: TextResponse) -> list[Row]:
    """Return the files of a page's text, each once, titled by the link's text or the file's name.

    Where no file stands in a container of the text or in a box for attachments, those outside head, foot and menus count.
    """
    inside: dict[str, Row] = {}
    outside: dict[str, Row] = {}
    for element in page.selector.root.iter(*_ADDRESS) if _hinted(page.body.decode("latin-1")) else ():
        if not _hinted(f"{element.get(_ADDRESS[element.tag])} {element.text} {element.get('title')}"):
            continue
        name = link_title(element) if element.tag == "a" else ""
        if url := _file(page, element, name):
            row = Row(url, name or unquote(urlsplit(url).path.rpartition("/")[2]))
            around = [e for e in element.iterancestors() if isinstance(e.tag, str)]
            if any(family_of(e) is not None or is_wrapper(e) or _BOX.search(_names(e)) for e in around):
                inside.setdefault(url, row)
            elif not any(e.tag in ("header", "footer", "nav") or _FRAME.search(_names(e)) for e in around):
                outside.setdefault(url, row)
    return list((inside or outside).values())[:_MOST]


def _hinted(text: str) -> bool:
    text = text.lower()
    return any(hint in text for hint in _HINTS)


def _names(element: HtmlElement) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''}"


def _file(page: TextResponse, element: HtmlElement, name: str) -> str:
    """Return the address of the file that an element leads to (itself, a download script, in a viewer), or ""."""
    base = get_base_url(page)
    url = tidy_url(base, element.get(_ADDRESS[element.tag]) or "", page.encoding)
    parts = urlsplit(url)
    values = [value for _, value in parse_qsl(parts.query)]
    if _FILE.search(parts.path) or (url and _FILE.search(name)):
        return url
    if _SCRIPT.search(parts.path):
        return "" if any(_OTHER_FILE.search(text) for text in (name, parts.path, *values)) else url
    shown = next((value for value in values if _FILE.search(urlsplit(value).path)), "")
    return tidy_url(base, shown) if shown and ("viewer" in parts.path or "/" in shown) else ""
