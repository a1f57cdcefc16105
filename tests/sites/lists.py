"""The lists of the sample sites, page by page, as the CMS families serve them: static pages, XML records, JSON rows."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from hashlib import md5
from math import ceil
from typing import Any

from pages import Answer, as_json, environment, path_of, plain, publisher, render
from world import Column, Row, Site

PER_PAGE = 15
PROXY = "/module/web/jpage/dataproxy.jsp"

Handler = Callable[[dict[str, str]], Answer]


def list_routes(site: Site) -> Iterator[tuple[str, Handler]]:
    """Yield (path with its query, what answers it) for every list of a site."""
    make = {"hanweb": _hanweb, "trs": _trs, "ucap": _ucap, "table": _asp, "village": _asp}[site.spec["frame"]]
    for column in site.columns:
        yield from make(site, column)
    if site.spec["frame"] == "hanweb":
        yield PROXY, lambda query: _dataproxy(site, query)


def _slice(column: Column, page: int) -> list[Row]:
    return column.rows[(page - 1) * PER_PAGE : page * PER_PAGE]


def _pages(column: Column) -> int:
    return max(ceil(len(column.rows) / PER_PAGE), 1)


def _page(site: Site, column: Column, template: str, rows: list[Row], **values: Any) -> Handler:
    return lambda _: render(site, template, column=column, rows=rows, path_of=path_of, **values)


def _hanweb(site: Site, column: Column) -> Iterator[tuple[str, Handler]]:
    """The first records stand in the page, in XML; the rest comes from the data proxy."""
    yield (
        column.path,
        _page(site, column, "hanweb_list", column.rows[: column.spec["embedded"]], per_page=PER_PAGE, proxy=PROXY),
    )


def _number(query: dict[str, str], name: str, default: int) -> int:
    value = query.get(name, "")
    return int(value) if value.isdecimal() else default


def _dataproxy(site: Site, query: dict[str, str]) -> Answer:
    """Records startrecord to endrecord (from one, both included), or the page-th group; only for a column's own numbers."""
    rows: list[Row] = []
    total = per_page = 0
    for column in site.columns:
        keys = {"webid": column.spec["web"], "columnid": column.spec["column"], "unitid": column.spec["unit"]}
        if all(query.get(name) == str(value) for name, value in keys.items()):
            total, per_page = len(column.rows), _number(query, "perpage", PER_PAGE)
            group = column.spec["embedded"]
            start = _number(query, "startrecord", (_number(query, "page", 1) - 1) * group + 1)
            end = _number(query, "endrecord", start + group - 1)
            rows = column.rows[max(start, 1) - 1 : end]
    record = environment().get_template("hanweb_record.html")
    records = "\n".join(f"<record><![CDATA[{record.render(row=row, path_of=path_of)}]]></record>" for row in rows)
    pages = ceil(total / per_page) if per_page else 0
    counts = f"<totalrecord>{total}</totalrecord><totalpage>{pages}</totalpage>"
    store = f"<datastore><nextgroup></nextgroup>{counts}<recordset>{records}</recordset></datastore>"
    return plain(f"<?xml version='1.0' encoding='UTF-8'?>{store}", content_type="text/xml;charset=UTF-8")


def _trs(site: Site, column: Column) -> Iterator[tuple[str, Handler]]:
    """Static pages: index, then index_1 (counted from zero) or index_2 (counted from one)."""
    total = _pages(column)
    for page in range(1, total + 1):
        number = page - 1 + column.spec["count_from"]
        name = "index" if page == 1 else f"index_{number}"
        handler = _page(site, column, "trs_list", _slice(column, page), total=total, current=number)
        yield f"{column.folder}{name}.{column.spec['ext']}", handler
        if page == 1:
            yield column.folder, handler


def _ucap(site: Site, column: Column) -> Iterator[tuple[str, Handler]]:
    """A page without rows, which names the channel whose rows come as JSON."""
    channel = md5(f"{site.id}/{column.name}".encode()).hexdigest()
    yield column.path, _page(site, column, "ucap_list", [], channel=channel)
    yield f"/common/search/{channel}", lambda query: _search(site, column, query)


def _search(site: Site, column: Column, query: dict[str, str]) -> Answer:
    page, size = max(_number(query, "page", 1), 1), min(max(_number(query, "_pageSize", PER_PAGE), 1), 100)
    start = 0 if column.spec.get("repeats") else (page - 1) * size
    total = 4500 if column.spec.get("repeats") else len(column.rows)
    results = [_result(site, row) for row in column.rows[start : start + size]]
    return as_json({"code": 0, "data": {"total": total, "page": page, "rows": size, "results": results}})


def _result(site: Site, row: Row) -> dict[str, Any]:
    moment = datetime(row.published.year, row.published.month, row.published.day, 2, 30, tzinfo=UTC)
    values = {
        "indexnumber": ("索引号", row.text.index_number),
        "refno": ("文号", row.text.document_number),
        "writedate": ("成文日期", row.text.signed.isoformat() if row.text.signed else ""),
        "pubdate": ("发布日期", row.published.isoformat()),
        "theme": ("主题分类", "综合政务"),
        "source": ("来源", publisher(site, row)),
    }
    return {
        "id": md5(row.url.encode()).hexdigest(),
        "title": row.shown,
        "url": path_of(row.url),
        "publishedTime": int(moment.timestamp() * 1000),
        "publishedTimeStr": f"{row.published} 10:30:00",
        "source": publisher(site, row),
        "content": "",
        "domainMetaList": [{"resultList": [{"key": k, "name": name, "value": value} for k, (name, value) in values.items()]}],
    }


def _asp(site: Site, column: Column) -> Iterator[tuple[str, Handler]]:
    """Hand-made pages: a link to the next one as long as there is one."""
    total = _pages(column)
    for page in range(1, total + 1):
        template = f"{site.spec['frame']}_list"
        following = f"{column.path}&page={page + 1}" if page < total else ""
        handler = _page(site, column, template, _slice(column, page), total=total, current=page, following=following)
        yield f"{column.path}&page={page}", handler
        if page == 1:
            yield column.path, handler
