"""Answers of search engines: the hits in data or in a page, counting links decoded; whether an answer is the engine's."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

from lxml.html import HtmlElement
from parsel import Selector
from scrapy.http import HtmlResponse, TextResponse
from scrapy.utils.response import get_base_url
from w3lib.html import remove_tags, replace_entities

from cleaning.dates import last_date, parse_date
from cleaning.titles import could_be_report
from crawler.links import Row, address_of, entries, link_title, row_date, row_of, squeeze, tidy_url
from crawler.search.engines import KEYS, Engine


@dataclass(frozen=True)
class Answer:
    """What an answer holds."""

    rows: list[Row]
    genuine: bool  #: it is one that the engine gives, be it an empty one


def read_answer(page: TextResponse, engine: Engine, home: str) -> Answer:
    """Return the hits of an answer.

    Where the engine's own places hold none, every object in the data with a title and an address is one, or every link of the
    page; their titles are looked at later.

    Args:
        page: the answer.
        engine: what is asked.
        home: the site's home page, which relative addresses in data stand on.
    """
    data = _data(page.text)
    if data is not None:
        return _read_data(data, page, engine, home or page.url)
    if not isinstance(page, HtmlResponse):
        return Answer([], genuine=False)
    if rows := _boxes(page, engine):
        return Answer(rows, genuine=True)
    rows = _links(page)
    marks = [engine.html[name] for name in ("hits", "total") if name in engine.html]
    known = any(page.css(mark) for mark in marks) if marks else not engine.json
    genuine = known or any(could_be_report(row.title) for row in rows)
    return Answer(rows if genuine else [], genuine)


def real_address(url: str) -> str:
    """Return where a link leads that counts visits and carries the address as `url=`; any other link as it is."""
    carried = next(iter(parse_qs(urlsplit(url).query).get("url", [])), "")
    if re.match(r"https?%3A", carried, re.I):
        carried = unquote(carried)
    return tidy_url(url, carried) if re.match(r"https?://|/", carried) else url


def _data(text: str) -> Any:
    """Return the data of a text that is JSON, or None; servers call it a page as well."""
    text = text.lstrip("\ufeff \r\n\t")
    if not text.startswith(("{", "[")):
        return None
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def _read_data(data: Any, page: TextResponse, engine: Engine, base: str) -> Answer:
    hits = _at(data, engine.json.get("hits", ""))
    places = [_at(data, engine.json[name]) for name in ("hits", "total") if name in engine.json]
    rows: list[Row] = []
    pieces: list[str] = []
    for found in _walk(data if hits is None else hits):
        if isinstance(found, str):
            pieces.append(found)
        elif row := _object_row(found, base):
            rows.append(row)
    if pieces:
        snippets = HtmlResponse(page.url, body="".join(f"<div>{piece}</div>" for piece in pieces), encoding="utf-8")
        rows += _boxes(snippets, engine) or _links(snippets)
    return Answer(rows, genuine=bool(rows) or not places or any(place is not None for place in places))


def _at(data: Any, path: str) -> Any:
    """Return what stands at a path (data.pager.total), or None."""
    for name in path.split("."):
        data = data.get(name) if isinstance(data, dict) else None
    return data


def _walk(data: Any) -> Iterator[Mapping[str, Any] | str]:
    """Yield every object in data, and every text that holds a link, in order."""
    waiting = [data]
    while waiting:
        data = waiting.pop()
        if isinstance(data, dict):
            yield data
            waiting += reversed(data.values())
        elif isinstance(data, list):
            waiting += reversed(data)
        elif isinstance(data, str) and re.search(r"<a\s", data, re.I):
            yield data


def _object_row(found: Mapping[str, Any], base: str) -> Row | None:
    values = {name.lower(): str(value) for name, value in found.items() if isinstance(value, str | int)}
    title, url, day = (next((values[key] for key in KEYS[what] if values.get(key)), "") for what in ("title", "url", "date"))
    title, url, date = squeeze(replace_entities(remove_tags(title))), tidy_url(base, url), parse_date(day)
    return _row(url, title, date.isoformat() if date else "") if title and url else None


def _boxes(page: HtmlResponse, engine: Engine) -> list[Row]:
    """Return the hits whose links stand where the engine puts them."""
    links = {link.root: None for link in page.css(engine.html["title"])} if "title" in engine.html else {}
    base, rows = get_base_url(page), []
    for link in links:
        url, title = address_of(link, base, page.encoding), link_title(link)
        if url and title:
            box = Selector(root=_box(link, links))
            shown = "".join(box.css(engine.html["date"]).xpath("string()").getall()) if "date" in engine.html else ""
            day = last_date(shown)
            rows.append(_row(url, title, day.isoformat() if day else row_date(link, row_of(link))))
    return rows


def _box(link: HtmlElement, links: Mapping[HtmlElement, None]) -> HtmlElement:
    """Return the largest element around a hit's link that holds no other hit's."""
    box = link
    for around in link.iterancestors():
        if around.tag == "body" or any(other is not link and other in links for other in around.iter("a")):
            break
        box = around
    return box


def _links(page: TextResponse) -> list[Row]:
    """Return the links of a page but those to further pages of the search."""
    path = urlsplit(page.url).path
    return [_row(row.url, row.title, row.date) for row, _ in entries(page) if urlsplit(row.url).path != path]


def _row(url: str, title: str, day: str) -> Row:
    return Row(real_address(url), title, day)
