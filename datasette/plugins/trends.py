"""How often words occur, year by year: /trends, also as JSON and CSV."""

import csv
import sqlite3
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from datasette.views.base import DatasetteError

from archive.limit import within
from archive.read import choices
from archive.trends import TERMS, Trends, terms_of, trends


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/trends(?:\.(?P<form>json|csv))?$", page)]


async def page(request: Any, datasette: Any) -> Response:
    """Compare words over the years; without any, offer examples."""
    filters = {name: (request.args.get(name) or "").strip() for name in ("province", "level", "section")}
    seconds = datasette.setting("sql_time_limit_ms") / 1000
    try:
        terms = terms_of(request.args.getlist("q"))

        def read(connection: sqlite3.Connection) -> tuple[Trends | None, dict[str, Any]]:
            with within(connection, seconds):
                found = trends(connection, terms, **filters, seconds=seconds) if terms else None
                return found, choices(connection)

        found, provinces = await datasette.get_database("archive").execute_fn(read)
    except ValueError as error:
        raise DatasetteError(str(error), status=400) from None
    form = request.url_vars["form"]
    if form and not found:
        raise DatasetteError("请用 q 给出要统计的词，如 /trends.json?q=行政复议,行政诉讼。", status=400)
    if form == "json":
        return Response.json(as_json(found, filters))
    if form == "csv":
        return as_csv(found)
    asked = urlencode([("q", "，".join(terms)), *((name, value) for name, value in filters.items() if value)])
    context = {"terms": terms, "found": found, "filters": filters, "choices": provinces, "asked": asked, "most": TERMS}
    return Response.html(await datasette.render_template("trends.html", context, request=request))


def rows(found: Trends) -> list[dict[str, Any]]:
    """Return a row for every term and year."""
    return [
        {
            "term": term,
            "year": year,
            "reports": reports,
            "matching": point.matching,
            "share": round(point.share, 4),
            "per_10000_characters": None if point.rate is None else round(point.rate, 3),
            "texts_read": point.read,
        }
        for term, line in zip(found.terms, found.points, strict=True)
        for year, reports, point in zip(found.years, found.reports, line, strict=True)
    ]


def as_json(found: Trends, filters: dict[str, str]) -> dict[str, Any]:
    """Return the answer for programs."""
    return {"terms": found.terms, **filters, "sampled": found.sampled, "rows": rows(found)}


def as_csv(found: Trends) -> Response:
    """Return the answer as a CSV file (UTF-8 with BOM, for Excel)."""
    stream = StringIO()
    writer = csv.writer(stream)
    writer.writerow(("term", "year", "reports", "matching", "share", "per_10000_characters", "texts_read"))
    writer.writerows(row.values() for row in rows(found))
    headers = {"content-disposition": 'attachment; filename="trends.csv"'}
    return Response("\ufeff" + stream.getvalue(), headers=headers, content_type="text/csv; charset=utf-8")
