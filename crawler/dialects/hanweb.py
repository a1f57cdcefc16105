"""大汉 Hanweb JCMS: the first records stand in the page as XML (jpage), the rest comes from dataproxy.jsp (field-notes 2.2)."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import parse_qsl, unquote, urlencode, urljoin, urlsplit

from lxml.html import fragment_fromstring
from scrapy.http import TextResponse
from scrapy.utils.response import get_base_url

from crawler.dialects import generic, jpaas
from crawler.dialects.base import Ask, kept
from crawler.links import Row, fragment_rows

_RECORD = re.compile(r"<record>\s*(?:<!\[CDATA\[(.*?)\]\]>|(.*?))\s*</record>", re.S)
_COLUMN_PATH = re.compile(r"/col/col(\d+)(?:/|$)")
_PROXY = re.compile(r"(?<![^'\"\s<>()\[\]])[^'\"\s<>()\[\]]*dataproxy\.jsp(?:\?[^'\"\s<>]*)?")
_TOTAL = re.compile(r"totalRecord\s*['\"]?\s*[:=]\s*['\"]?(\d+)|<totalrecord>\s*(\d+)", re.I)
_PER_PAGE = re.compile(r"perPage\s*['\"]?\s*[:=]\s*['\"]?(\d+)", re.I)
#: All rows are in the page, and a script shows a slice of them (山东).
_SLICED = "pagedContent"
_GROUP_NUMBER = re.compile(r"\bpage=(\d+)")
_GROUP = 3  # display pages in one answer, as the page's own script asks for them
#: The parameters of the data proxy; what the page says goes over these.
_PARAMETERS = {
    "col": "1", "appid": "1", "webid": "", "path": "/", "columnid": "", "sourceContentType": "1",
    "unitid": "", "webname": "", "permissiontype": "0",
}  # fmt: skip
#: What the new proxy is asked with in each request.
_WINDOW = {"page", "startrecord", "endrecord", "perpage"}
_NEEDED = ("webid", "columnid", "unitid")


def matches(page: TextResponse) -> bool:
    """Whether the page holds a recordset, calls the data proxy, or lies under /col/colN/ and is none of the newer JPAAS."""
    text = page.text
    return (
        "<recordset>" in text
        or "<datastore>" in text
        or "dataproxy.jsp" in text
        or bool(_COLUMN_PATH.search(urlsplit(page.url).path) and not jpaas.matches(page))
    )


def rows(page: TextResponse) -> list[Row]:
    """Return the records; where a page has none, its links (山东 shows every row in the HTML)."""
    records = _records(page.text)
    if not records:
        return [] if _asked(page) else generic.rows(page)
    base = str(_asked(page).get("base") or get_base_url(page))
    encoding = "utf-8" if _asked(page) else page.encoding
    return [
        row for record in records for row in fragment_rows(fragment_fromstring(record, create_parent="div"), base, encoding)
    ]


def following(page: TextResponse) -> list[Ask]:
    """Return the next group of records (the first where the page holds none); none once the total is reached.

    Parameters that are encrypted (2.2) lead nowhere: the records in the page are all that can be read.
    """
    got, keep = len(_records(page.text)), _asked(page)
    if keep:
        query, proxy, base = str(keep["query"]), str(keep["proxy"]), str(keep["base"])
        seen, per_page = int(keep["seen"]) + got, int(keep["per_page"])
        total = int(keep["total"]) or _number(_TOTAL, page.text, 0)
    else:
        proxy, query = _proxy(page)
        base, seen = get_base_url(page), got
        total, per_page = _number(_TOTAL, page.text, 0), _number(_PER_PAGE, page.text, 15) or 15
        if not got and (not query or any(row.date for row in generic.rows(page))):
            return [] if _SLICED in page.text else generic.following(page)
    if not query or (keep and not got) or (total and seen >= total):
        return []
    keep = {"query": query, "proxy": proxy, "base": base, "seen": seen, "total": total, "per_page": per_page}
    if "page=" in query:  # the old proxy counts groups
        number = _number(_GROUP_NUMBER, query, 2)
        # Group 1, where the page names it, is the second on some sites; where it brings the first again, 2 is.
        other = _group(proxy, query, number + 1, keep) if number == 1 else None
        return [replace(_group(proxy, query, number, keep), otherwise=other)]
    end = seen + _GROUP * per_page
    window = urlencode({"startrecord": seen + 1, "endrecord": min(end, total) if total else end, "perpage": per_page})
    # A proxy that counts groups under the new address knows no window: it brings the first records again, or none.
    groups = None if _asked(page) or not got else _group(proxy, f"page=2&{query}", 2, keep)
    post = Ask(url=f"{proxy}?{window}", form=query, otherwise=groups, keep=keep)
    return [Ask(url=f"{proxy}?{window}&{query}", otherwise=post, keep=keep)]


def _asked(page: TextResponse) -> Mapping[str, str | int]:
    """Return what was kept with an ask for records; nothing for a page, though a numbered list keep something of its own."""
    return kept(page) if "query" in kept(page) else {}


def _group(proxy: str, query: str, number: int, keep: Mapping[str, str | int]) -> Ask:
    """Ask the old proxy for a group of records; the next answer leads to the group after it."""
    this, after = (_GROUP_NUMBER.sub(f"page={n}", query) for n in (number, number + 1))
    return Ask(url=f"{proxy}?{this}", keep={**keep, "query": after})


def _records(text: str) -> list[str]:
    return [cdata or html.unescape(plain) for cdata, plain in _RECORD.findall(text) if (cdata or plain).strip()]


def _number(pattern: re.Pattern[str], text: str, default: int) -> int:
    found = pattern.search(text)
    return int(next(filter(None, found.groups()))) if found else default


def _proxy(page: TextResponse) -> tuple[str, str]:
    """Return the proxy's address and its query; ("", "") where the page does not tell webid, columnid and unitid."""
    text = html.unescape(page.text)
    addresses = [urlsplit(found) for found in _PROXY.findall(text)]
    told = {name: value for name in (*_NEEDED, "webname") if (value := _told(name, text))}
    if column := _COLUMN_PATH.search(urlsplit(page.url).path):
        told.setdefault("columnid", column[1])
    for address in addresses:
        told = {**told, **{k: v for k, v in parse_qsl(address.query, keep_blank_values=True) if v}}
    path = next((address.path for address in addresses if address.path), "/module/web/jpage/dataproxy.jsp")
    if not all(told.get(name) for name in _NEEDED):
        return "", ""
    drop = _WINDOW if "/web/" in path else {"col", "sourceContentType"}
    if "/web/" not in path:
        told.setdefault("page", "2")
    query = {name: value for name, value in {**_PARAMETERS, **told}.items() if name not in drop}
    return urljoin(get_base_url(page), path), urlencode(query)


def _told(name: str, text: str) -> str:
    found = re.search(rf"\b{name}['\"]?\s*[:=]\s*['\"]?([^&'\"\s,;<>}}]+)", text, re.I)
    return unquote(found[1]) if found else ""
