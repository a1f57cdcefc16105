"""Lists that are JSON, as an answer or inside a script: a row for every object with a title and a link, and the total."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from itertools import islice
from typing import Any

from scrapy.http import TextResponse
from scrapy.utils.response import get_base_url

from cleaning.dates import parse_date
from crawler.links import Row, squeeze, tidy_url

_TITLES = ("title", "subject", "titleText", "name")
_LINKS = ("url", "link", "href", "linkurl", "linkUrl", "viewUrl", "docpuburl", "post_url")
_DATES = (
    "pubdate", "pubDate", "publishedTimeStr", "publishedTime", "pubtime", "publishDate", "display_publish_time", "date",
    "showdate", "time", "daytime", "created_at", "createDate", "writedate",
)  # fmt: skip
_TOTALS = ("total", "totalCount", "totalcount", "totalHits", "post_count", "count")
#: An array of objects that a script gives a name: var dataList = [{…
_ARRAY = re.compile(r"(?<![\w$])[\w$]+['\"]?\s*[:=]\s*(?=\[\s*\{)")
_MOST_ARRAYS = 50  #: of one page; a page that means a list by them has a few
_BARE_KEY = re.compile(r"([{,]\s*)([A-Za-z_$][\w$]*)\s*:")
_SINGLE = re.compile(r"'((?:[^'\\\n]|\\.)*)'")


def json_of(page: TextResponse) -> Any:
    """Return the JSON of an answer, jQuery's call around it taken off; None where it is none."""
    text = page.text.lstrip("\ufeff").strip()
    if call := re.fullmatch(r"[\w$.]+\((.*)\);?", text, re.S):
        text = call[1]
    try:
        return json.loads(text)
    except ValueError:
        return None


def json_rows(data: Any, base: str) -> Iterator[Row]:
    """Yield a row for every object, however deep, that has a title and a link."""
    if isinstance(data, list):
        for part in data:
            yield from json_rows(part, base)
    elif isinstance(data, dict):
        flat = {**_meta(data.get("domainMetaList")), **{key: value for key, value in data.items() if value not in (None, "")}}
        title, link = _first(flat, _TITLES), _link(flat)
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


def inlined_rows(page: TextResponse) -> list[Row]:
    """Return the rows of the arrays that stand in the scripts of a page."""
    base, text = get_base_url(page), page.text
    arrays = islice(_ARRAY.finditer(text), _MOST_ARRAYS)
    found = [row for array in arrays for row in json_rows(_array(text, array.end()), base)]
    return list({row.url: row for row in reversed(found)}.values())[::-1]


def _array(text: str, start: int) -> Any:
    """Read the array that begins here, as JSON or as JavaScript writes it; None where it is neither."""
    try:
        return json.JSONDecoder().raw_decode(text, start)[0]
    except ValueError:
        end = text.find("]", start) + 1
        quoted = _SINGLE.sub(lambda found: json.dumps(found[1].replace("\\'", "'"), ensure_ascii=False), text[start:end])
        plain = re.sub(r",\s*([}\]])", r"\1", _BARE_KEY.sub(r'\1"\2":', quoted))
    try:
        return json.loads(plain)
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


def _link(data: dict[str, Any]) -> str:
    """Return the address; some write one for each kind of screen, as text or not: {"common": "/art/1.html", "pc": …}."""
    value: Any = data.get("urls") or ""
    if isinstance(value, str) and value.lstrip().startswith("{"):
        try:
            value = json.loads(value)
        except ValueError:
            return _first(data, _LINKS)
    screens = [part for part in value.values() if isinstance(part, str)] if isinstance(value, dict) else []
    return _first(data, _LINKS) or next(iter(screens), "")
