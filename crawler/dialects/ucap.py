"""开普云 UCAP: static lists (list.shtml, list_2.shtml), lists whose rows come as JSON (field-notes 2.5)."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, urljoin, urlsplit

from scrapy.http import TextResponse
from scrapy.utils.response import get_base_url
from w3lib.url import add_or_replace_parameters

from cleaning.dates import parse_date
from crawler.dialects import generic, trs
from crawler.dialects.base import Ask, kept
from crawler.links import Row, squeeze, tidy_url

_MARKS = re.compile(r"UCAP-?(?:CONTENT|TITLE)|/common/search/|getInfoCommon|\bucap(?:id)?\b", re.I)
_DETAIL = re.compile(r"/c\d{5,6}/\d{6}/[0-9a-f]{32}\.shtml|/\d{6}/[0-9a-f]{32}\.shtml")
_DATA = re.compile(r"[^'\"\s<>()]*(?:/common/search/[0-9a-f]{32}|/getInfoCommon/?)(?:\?[^'\"\s<>]*)?")
_CHANNEL = re.compile(r"channel_?id['\"]?\s*[:=]\s*['\"]([0-9a-f]{32})['\"]", re.I)
_PAGES = re.compile(r"(?:totalPages?|pageCount|countPage)['\"]?\s*[:=]\s*['\"]?(\d+)|共\s*(\d+)\s*页", re.I)
_LIST_FILE = re.compile(r"(?P<stem>[^/]*?)(?:_(?P<number>\d+))?\.shtml$")
_SEARCH = {"_isAgg": "true", "_isJson": "true", "_pageSize": "15", "_template": "index"}
_SIZES = ("_pageSize", "pageSize", "pagesize", "size", "rows", "perpage")
_PAGE_NAMES = ("page", "pageNo", "pageNum", "currpage", "currPage", "pageIndex", "current")
_TITLES = ("title", "subject", "titleText", "name")
_LINKS = ("url", "link", "href", "linkurl", "viewUrl", "docpuburl")
_DATES = (
    "pubdate",
    "pubDate",
    "publishedTimeStr",
    "publishedTime",
    "pubtime",
    "publishDate",
    "date",
    "showdate",
    "time",
    "createDate",
    "writedate",
)
_TOTALS = ("total", "totalCount", "totalHits", "count", "post_count")


def matches(page: TextResponse) -> bool:
    """Whether the page bears UCAP's marks or links to its detail pages (…/c108016/202403/<32 hex>.shtml)."""
    return bool(_MARKS.search(page.text)) or sum(bool(_DETAIL.search(row.url)) for row in generic.rows(page)) >= 2


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of the JSON, or of a static page; a page whose rows come as JSON has none of its own."""
    if kept(page):
        return list(json_rows(_json(page), str(kept(page)["base"])))
    return [] if _data_url(page) else generic.rows(page)


def following(page: TextResponse) -> list[Ask]:
    """Return the first or the next page of the JSON, or the next static page."""
    if kept(page):
        return _next_data(page)
    if url := _data_url(page):
        return [Ask(url=url, keep={"base": get_base_url(page)})]
    return trs.numbered(page) or generic.following(page) or _next_file(page)


def json_rows(data: Any, base: str) -> Iterator[Row]:
    """Yield a row for every object, however deep, that has a title and a link."""
    if isinstance(data, list):
        for part in data:
            yield from json_rows(part, base)
    elif isinstance(data, dict):
        flat = {**_meta(data.get("domainMetaList")), **{key: value for key, value in data.items() if value not in (None, "")}}
        title, link = _first(flat, _TITLES), _first(flat, _LINKS)
        if title and link and (url := tidy_url(base, link)):
            days = (parse_date(str(flat[key])) for key in _DATES if key in flat)
            day = next(filter(None, days), None)
            yield Row(url, squeeze(html.unescape(re.sub(r"<[^>]+>", "", title))), day.isoformat() if day else "")
        else:
            for part in data.values():
                yield from json_rows(part, base)


def json_total(data: Any) -> int:
    """Return the number of rows that a JSON list says it has in all, or 0."""
    if isinstance(data, dict):
        for key in _TOTALS:
            if isinstance(value := data.get(key), int) or (isinstance(value, str) and value.isdecimal()):
                return int(value)
        return next(filter(None, map(json_total, data.values())), 0)
    return 0


def _json(page: TextResponse) -> Any:
    try:
        return page.json()
    except ValueError:
        return None


def _meta(groups: Any) -> dict[str, Any]:
    """Flatten domainMetaList: pairs of {key, value} in groups or without, or the keys themselves."""
    if isinstance(groups, list):
        return {name: value for group in groups for name, value in _meta(group).items()}
    if not isinstance(groups, dict):
        return {}
    if "resultList" in groups:
        return _meta(groups["resultList"])
    pairs = {str(groups["key"]): groups.get("value")} if "key" in groups else groups
    return {name: value for name, value in pairs.items() if value not in (None, "")}


def _first(data: dict[str, Any], names: tuple[str, ...]) -> str:
    return next((data[name] for name in names if isinstance(data.get(name), str) and data[name].strip()), "")


def _data_url(page: TextResponse) -> str:
    """Return the address of the first JSON page that the page's script asks for, or ""."""
    text = html.unescape(page.text)
    if found := _DATA.search(text):
        url, extra = urljoin(get_base_url(page), found[0]), {}
        query = parse_qs(urlsplit(url).query)
        if "/common/search/" in url:
            extra = {name: value for name, value in _SEARCH.items() if name not in query}
        name = next((name for name in _PAGE_NAMES if name in query), "currpage" if "getInfoCommon" in url else "page")
        return tidy_url(page.url, add_or_replace_parameters(url, {**extra, name: "1"}))
    if found := _CHANNEL.search(text):
        return add_or_replace_parameters(urljoin(page.url, f"/common/search/{found[1]}"), {"page": "1", **_SEARCH})
    return ""


def _next_data(page: TextResponse) -> list[Ask]:
    got, query = len(rows(page)), parse_qs(urlsplit(page.url).query)
    name = next((name for name in _PAGE_NAMES if name in query), "")
    number = query[name][0] if name else ""
    size = next((int(query[n][0]) for n in _SIZES if n in query and query[n][0].isdecimal()), got)
    total = json_total(_json(page))
    if not got or not number.isdecimal() or (total and int(number) * size >= total):
        return []
    return [Ask(url=add_or_replace_parameters(page.url, {name: str(int(number) + 1)}), keep=kept(page))]


def _next_file(page: TextResponse) -> list[Ask]:
    """Return list_2.shtml and so on, as far as the page says that there are pages."""
    found, file = _PAGES.search(page.text), _LIST_FILE.search(urlsplit(page.url).path)
    if not found or not file:
        return []
    number = int(file["number"] or 1) + 1
    if number > int(found[1] or found[2]):
        return []
    return [Ask(url=urljoin(page.url, f"{file['stem']}_{number}.shtml"))]
