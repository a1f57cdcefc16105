"""大汉 JPAAS: the page names its lists in queryData; their rows come as JSON that holds HTML (field-notes 2.3)."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from scrapy.http import HtmlResponse, TextResponse
from scrapy.utils.response import get_base_url

from crawler.dialects import generic
from crawler.dialects.base import Ask, in_turn, kept
from crawler.dialects.jsonlist import json_of
from crawler.links import Row

_UNIT = "/api-gateway/jpaas-publish-server/front/page/build/unit"
_UNITS = re.compile(r"(?<![^'\"\s<>()])[^'\"\s<>()]*/jpaas-publish-server/front/page/build/unit")
_QUERY = re.compile(r"queryData\s*['\"]?\s*[:=]\s*(?P<quote>['\"]?)\s*(?P<data>\{(?:[^{}]|\{[^{}]*\})*\})\s*(?P=quote)", re.I)
_PAIR = re.compile(r"['\"]?(\w+)['\"]?\s*:\s*(?:\"([^\"]*)\"|'([^']*)'|(\w+))")
#: The pages of a list are told in the HTML that comes: <div class="pagination" rows="15" count="43">.
_ROWS, _COUNT = (re.compile(rf"\b{name}\s*[=:]\s*['\"]?(\d+)", re.I) for name in ("rows", "count"))
_SIZE = 15


def matches(page: TextResponse) -> bool:
    """Whether the page names a list in queryData, or is an answer of the unit that builds them."""
    text = html.unescape(page.text) if "&" in page.text else page.text
    return _UNIT in page.url or bool(_QUERY.search(text) and ("jpaas" in text or "webId" in text))


def rows(page: TextResponse) -> list[Row]:
    """Return the rows of an answer; a page whose rows come from the unit has none of its own."""
    if _UNIT not in page.url:
        return [] if _queries(page) else generic.rows(page)
    base = str(kept(page).get("base") or page.url)
    return generic.rows(HtmlResponse(base, body=_html(page).encode(), encoding="utf-8"))


def following(page: TextResponse) -> list[Ask]:
    """Return the first page of each list that the page names, one after the other; then the next page of the list."""
    if _UNIT not in page.url:
        asks = in_turn([_first(page, query) for query in _queries(page)], {"base": get_base_url(page)})
        return asks or generic.following(page)
    got, told, keep = len(rows(page)), _html(page).partition("pagination")[2], {**kept(page)}
    query = dict(parse_qsl(urlsplit(page.url).query))
    number, size, count = int(query.get("pageNo", 1)), _ROWS.search(told), _COUNT.search(told)
    first = int(keep.setdefault("first", got))  # rows of the first page
    last = number * (int(size[1]) if size else first or _SIZE) >= int(count[1]) if count else got < first
    if not got or last:
        keep.pop("first")
        return in_turn(str(keep.pop("rest", "")).split(), keep)
    return [Ask(url=_numbered(page.url, number + 1), keep=keep)]


def _queries(page: TextResponse) -> list[dict[str, str]]:
    """Return the parameters of every list of the page, those of columns where there are any."""
    found = []
    for query in _QUERY.finditer(html.unescape(page.text)):
        pairs = {name: a or b or c for name, a, b, c in _PAIR.findall(query["data"])}
        if pairs.get("webId") or pairs.get("pageId"):
            found.append(pairs)
    return [pairs for pairs in found if pairs.get("pageType") == "column"] or found


def _first(page: TextResponse, query: dict[str, str]) -> str:
    unit = _UNITS.search(html.unescape(page.text))
    url = urljoin(get_base_url(page), unit[0] if unit else _UNIT)
    known = {"parseType": "bulidstatic", "pageType": "column", **query}  # spelt so in the product
    return _numbered(f"{url}?{urlencode(known)}", 1)


def _numbered(url: str, number: int) -> str:
    """Return the address with its page set in both ways: some sites read pageNo, others paramJson."""
    head, _, query = url.partition("?")
    known = dict(parse_qsl(query, keep_blank_values=True))
    size = known.get("rows") or str(_SIZE)
    param = json.dumps({"pageNo": number, "pageSize": int(size)}, separators=(",", ":"))
    return f"{head}?{urlencode({**known, 'rows': size, 'pageNo': number, 'paramJson': param})}"


def _html(page: TextResponse) -> str:
    """Return the HTML that an answer holds: data.html, or data itself."""
    answer = json_of(page)
    data = answer.get("data") if isinstance(answer, dict) else None
    markup = data.get("html") if isinstance(data, dict) else data
    return markup if isinstance(markup, str) else page.text if answer is None else ""
