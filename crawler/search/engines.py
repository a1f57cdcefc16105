"""The search engines of engines.yaml, and the request that asks one for a page of hits."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, quote, urlencode, urlsplit

import yaml
from scrapy import Request
from w3lib.url import add_or_replace_parameters

#: Where the keyword and the number of the page go in an address; {kw} is another name of {query}.
_PLACES = re.compile(r"\{(?:query|kw|page)\}")


@dataclass(frozen=True, kw_only=True)
class Engine:
    """One engine; the fields are the keys of engines.yaml, described there."""

    name: str
    send: tuple[str, ...]
    query: str = ""
    page: str = ""
    first: int = 1
    encoded: int = 1
    fixed: Mapping[str, Any] = field(default_factory=dict)
    json: Mapping[str, str] = field(default_factory=dict)
    html: Mapping[str, str] = field(default_factory=dict)
    behind: Mapping[str, str] = field(default_factory=dict)
    paths: Mapping[str, str] = field(default_factory=dict)
    aliases: tuple[str, ...] = ()


_FILE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("engines.yaml").read_text("utf-8"))
#: By name: what registry entries may say (and their aliases).
ENGINES: Mapping[str, Engine] = {name: Engine(name=name, **facts) for name, facts in _FILE["engines"].items()}
#: title, url, date -> the keys under which data holds them, in lower case, the best first.
KEYS: Mapping[str, list[str]] = _FILE["keys"]
_NAMES = {alias: engine for engine in ENGINES.values() for alias in (engine.name, *engine.aliases)}


def find_engine(name: str, url: str = "") -> Engine | None:
    """Return the engine of a name or alias (`trs-search` is `trs_search`), or None where there is none.

    Args:
        name: as an entry writes it.
        url: the address of the search; its path tells the versions of an engine apart.
    """
    engine = _NAMES.get(name.lower().replace("-", "_"))
    path = urlsplit(url).path
    other = next((other for part, other in engine.paths.items() if part in path), "") if engine else ""
    return ENGINES[other] if other else engine


def what_is_wrong(engine: Engine, url: str) -> str:
    """Return what keeps the address of a search from being asked, or "": an unknown placeholder, none where one is needed."""
    if odd := re.search(r"\{[^}]*\}", _PLACES.sub("", url)):
        return f"unknown placeholder {odd[0]}; known: {{query}}, {{page}}"
    if not engine.query and not re.search(r"\{(?:query|kw)\}", url):
        return f"engine {engine.name} needs {{query}} where the keyword goes"
    return ""


def has_pages(engine: Engine, url: str) -> bool:
    """Whether the search can be asked for a second page."""
    return bool(engine.page) or "{page}" in url


def make_request(engine: Engine, send: str, url: str, keyword: str, page: int) -> Request:
    """Return the request for a page of hits, without callback and meta.

    Args:
        engine: what the search is.
        send: get, form or json; page is a get with nothing added but the keyword.
        url: the address of the registry; placeholders are filled in, and what the engine wants and the address lacks is added.
            The query of its address is the body of a POST.
        keyword: what is looked for.
        page: counted from the engine's first.
    """
    base, _, query = url.partition("?")
    written = dict(parse_qsl(query, keep_blank_values=True))
    rest = {name: value for name, value in engine.fixed.items() if name not in written and send != "page"}
    if engine.query and not re.search(r"\{(?:query|kw)\}", url):
        rest[engine.query] = keyword
    if engine.page and "{page}" not in url and send != "page":
        rest[engine.page] = page
    if send in ("get", "page"):
        coded = keyword
        for _ in range(engine.encoded - 1):
            coded = quote(coded, safe="")
        added = {name: coded if name == engine.query else str(value) for name, value in rest.items()}
        address = _fill(url, quote(coded, safe=""), page)
        return Request(add_or_replace_parameters(address, added) if added else address)
    body = {name: page if value == "{page}" else _fill(value, keyword, page) for name, value in written.items()} | rest
    kind, text = "json", json.dumps(body, ensure_ascii=False)
    if send == "form":
        kind, text = "x-www-form-urlencoded", urlencode(body)
    address = _fill(base, quote(keyword, safe=""), page)
    return Request(address, method="POST", body=text, headers={"Content-Type": f"application/{kind}"})


def _fill(text: str, keyword: str, page: int) -> str:
    return re.sub(r"\{(?:query|kw)\}", lambda _: keyword, text).replace("{page}", str(page))


def interface_hosts(search: Mapping[str, str]) -> set[str]:
    """Return the hosts that a search lives on whatever its address: an entry that names such an engine names them."""
    engine = find_engine(search["engine"], search["url"]) if search else None
    return {urlsplit(engine.behind["usual"]).netloc} if engine and engine.behind else set()
