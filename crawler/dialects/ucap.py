"""开普云 UCAP: static lists (list.shtml, list_2.shtml), lists whose rows come as JSON (field-notes 2.5)."""

from __future__ import annotations

import html
import re
from urllib.parse import parse_qs, parse_qsl, urlencode, urljoin, urlsplit

from scrapy.http import HtmlResponse, TextResponse
from scrapy.utils.response import get_base_url
from w3lib.url import add_or_replace_parameters

from crawler.dialects import generic
from crawler.dialects.base import Ask, kept
from crawler.dialects.controls import total_pages
from crawler.dialects.jsonlist import json_of, json_rows, json_total
from crawler.links import Row, tidy_url

_MARKS = re.compile(r"UCAP-?(?:CONTENT|TITLE)|/common/search/|getInfoCommon|domainMetaList|\bucap(?:id)?\b", re.I)
_DETAIL = re.compile(r"/c\d{5,6}/\d{6}/[0-9a-f]{32}\.shtml|/\d{6}/[0-9a-f]{32}\.shtml")
_DATA = re.compile(r"(?<![^'\"\s<>()])[^'\"\s<>()]*(?:/common/search/[0-9a-f]{32}|/getInfoCommon/?)(?:\?[^'\"\s<>]*)?")
_CHANNEL = re.compile(r"channel_?id['\"]?\s*[:=]\s*['\"]([0-9a-f]{32})['\"]", re.I)
_QUERY = re.compile(r"['\"]([^'\"\s<>()]*/queryList)['\"]")
_PAGES = re.compile(r"(?:totalPages?|pageCount|countPage)['\"]?\s*[:=]\s*['\"]?(\d+)", re.I)
_LIST_FILE = re.compile(r"(?P<stem>[^/]*?)(?:_(?P<number>\d+))?\.(?P<ext>s?html)$")
_SEARCH = {"_isAgg": "true", "_isJson": "true", "_pageSize": "15", "_template": "index"}
_SIZES = ("_pageSize", "pageSize", "pagesize", "size", "rows", "perpage")
_PAGE_NAMES = ("page", "pageNo", "pageNum", "currpage", "currPage", "pageIndex", "current")


def matches(page: TextResponse) -> bool:
    """Whether the page bears UCAP's marks, links to its detail pages (…/c108016/202403/<32 hex>.shtml), or is a JSON list."""
    if not isinstance(page, HtmlResponse):
        return bool(rows(page))
    text = page.text
    return bool(_MARKS.search(text) or _QUERY.search(text)) or sum(bool(_DETAIL.search(r.url)) for r in generic.rows(page)) >= 2


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of the JSON, or of a static page; a page whose rows come as JSON has none of its own."""
    if _is_data(page):
        return list(json_rows(json_of(page), str(kept(page).get("base") or page.url)))
    return [] if _data(page) else generic.rows(page)


def following(page: TextResponse) -> list[Ask]:
    """Return the first or the next page of the JSON, or the next static page."""
    if _is_data(page):
        return _next_data(page)
    if first := _data(page):
        return [first]
    return generic.following(page) or _next_file(page)


def _is_data(page: TextResponse) -> bool:
    """Whether the page is an answer with rows as JSON; a static page may keep what the numbered lists need."""
    return "base" in kept(page) or not isinstance(page, HtmlResponse)


def _data(page: TextResponse) -> Ask | None:
    """Return the ask for the first JSON page that the page's script asks for, if it asks for any."""
    text, base = html.unescape(page.text), get_base_url(page)
    keep = {"base": base}
    if found := _DATA.search(text):
        url, extra = urljoin(base, found[0]), {}
        query = parse_qs(urlsplit(url).query)
        if "/common/search/" in url:
            extra = {name: value for name, value in _SEARCH.items() if name not in query}
        name = next((name for name in _PAGE_NAMES if name in query), "currpage" if "getInfoCommon" in url else "page")
        return Ask(url=tidy_url(page.url, add_or_replace_parameters(url, {**extra, name: "1"})), keep=keep)
    if (found := _CHANNEL.search(text)) and not any(row.date for row in generic.rows(page)):  # static lists name theirs too
        url = urljoin(page.url, f"/common/search/{found[1]}")
        return Ask(url=add_or_replace_parameters(url, {"page": "1", **_SEARCH}), keep=keep)
    if found := _QUERY.search(text):
        form = _form(text)
        return Ask(url=urljoin(base, found[1]), form=form, keep={**keep, "form": form})
    return None


def _form(text: str) -> str:
    """Return the body that queryList is asked with, made of what the page's script says."""
    told = []
    for name in ("webSiteCode", "channelCode"):
        if found := re.search(rf"{name}(?:\[\])?['\"]?\s*[:=]\s*(\[[^\]]*\]|['\"][^'\"]+['\"])", text):
            told += [(f"{name}[]", value) for value in re.findall(r"['\"]([^'\"]+)['\"]", found[1])]
    for name, default in (("pageSize", "15"), ("sort", ""), ("order", "")):
        found = re.search(rf"\b{name}['\"]?\s*[:=]\s*['\"]?(\w+)", text)
        if value := found[1] if found else default:
            told.append((name, value))
    return urlencode([*told, ("current", "1")])


def _next_data(page: TextResponse) -> list[Ask]:
    form = str(kept(page).get("form", ""))
    query = dict(parse_qsl(form or urlsplit(page.url).query))
    got, total = len(rows(page)), json_total(json_of(page))
    name = next((name for name in _PAGE_NAMES if name in query), "")
    number = query.get(name, "")
    size = next((int(query[n]) for n in _SIZES if query.get(n, "").isdecimal()), got)
    if not got or not number.isdecimal() or (total and int(number) * size >= total):
        return []
    after = str(int(number) + 1)
    if form:
        form = re.sub(rf"(?<![^&]){name}=\d+", f"{name}={after}", form)
        return [Ask(url=page.url, form=form, keep={**kept(page), "form": form})]
    return [Ask(url=add_or_replace_parameters(page.url, {name: after}), keep=kept(page))]


def _next_file(page: TextResponse) -> list[Ask]:
    """Return list_2.shtml and so on, as far as the page says that there are pages."""
    found, file = _PAGES.search(page.text), _LIST_FILE.search(urlsplit(page.url).path)
    total = int(found[1]) if found else total_pages(page)
    number = int(file["number"] or 1) + 1 if file else 0
    if not file or number > total:
        return []
    return [Ask(url=urljoin(page.url, f"{file['stem']}_{number}.{file['ext']}"))]
