"""Who reported: /coverage, a map of divisions by years, and /coverage/list, what is behind its cells; also as JSON and CSV."""

import csv
import re
import sqlite3
from io import StringIO
from typing import Any

from datasette import Response, hookimpl
from datasette.views.base import DatasetteError

from archive.coverage_map import (
    LISTED,
    MEASURES,
    NATIONAL,
    STATUSES,
    check_code,
    count,
    division_map,
    due,
    is_leaf,
    issuers,
    listed,
    share,
    trail_of,
)
from archive.limit import within

#: Rows of a page of the list.
PAGE = 100
#: Upper ends of the shares of the first colours of the map; the last colour goes up to 1.
STEPS = (0.0, 0.2, 0.4, 0.6, 0.8)


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [
        (r"^/coverage(?:\.(?P<form>json|csv))?$", coverage),
        (r"^/coverage/list(?:\.(?P<form>json|csv))?$", coverage_list),
    ]


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.globals |= {"due": due, "share_of": share, "shade": shade, "percent": percent}


def shade(value: float | None) -> int:
    """Return the number of the colour of a share, from 0."""
    return sum((value or 0) > step for step in STEPS)


def percent(value: float) -> str:
    """Return a share in words: no share that is more than nothing is 0 %, none that is less than all is 100 %."""
    if 0 < value < 0.005:
        return "<1%"
    return ">99%" if 0.995 <= value < 1 else f"{value:.0%}"


def asked(request: Any) -> dict[str, Any]:
    """Return the parameters of an address, as `listed` takes them.

    Raises:
        DatasetteError: one has a value that cannot be.
    """
    given = {name: (request.args.get(name) or "").strip() for name in ("code", "own", "year", "status")}
    try:
        code = check_code(given["code"])
    except ValueError as error:
        raise DatasetteError(str(error), status=400) from None
    if not re.fullmatch(r"[12][0-9]{3}|", given["year"]):
        raise DatasetteError(f"年度 {given['year'][:20]} 无法识别：应为四位数字。", status=400)
    if given["status"] not in ("", *STATUSES, *MEASURES):
        raise DatasetteError(f"情况 {given['status'][:20]} 无法识别：可以是 {'、'.join(STATUSES)}。", status=400)
    return {"code": code, "own": given["own"] == "1", "year": int(given["year"] or 0) or None, "status": given["status"]}


async def read(datasette: Any, function: Any) -> Any:
    """Run a function on the archive, within the site's time limit."""

    def bounded(connection: sqlite3.Connection) -> Any:
        with within(connection, datasette.setting("sql_time_limit_ms") / 1000):
            return function(connection)

    return await datasette.get_database("archive").execute_fn(bounded)


def as_csv(name: str, columns: tuple[str, ...], rows: list[dict[str, Any]]) -> Response:
    """Return rows as a CSV file (UTF-8 with BOM, for Excel)."""
    stream = StringIO()
    writer = csv.DictWriter(stream, columns)
    writer.writeheader()
    writer.writerows(rows)
    headers = {"content-disposition": f'attachment; filename="{name}.csv"'}
    return Response("\ufeff" + stream.getvalue(), headers=headers, content_type="text/csv; charset=utf-8")


async def coverage(request: Any, datasette: Any) -> Response:
    """Show a map of divisions by years, or of issuers where no division lies below."""
    place = asked(request)
    code, own, form = place["code"], place["own"], request.url_vars["form"]
    measure = request.args.get("show") or "found"
    if measure not in MEASURES:
        raise DatasetteError(f"指标 {measure[:20]} 无法识别：可以是 {'、'.join(MEASURES)}。", status=400)
    by_issuer = own or is_leaf(code)
    if by_issuer:
        shown, lines = await read(datasette, lambda connection: issuers(connection, code, own=own))
    else:
        shown = await read(datasette, lambda connection: division_map(connection, code))
        lines = shown.lines
    if form and by_issuer:
        raise DatasetteError("机关的逐年情况请用 /coverage/list.json 或 /coverage/list.csv。", status=400)
    if form:
        rows = [
            {"code": line.code, "name": line.name, "own": int(line.own), "year": year, "due": due(counts)}
            | {status: counts[status] for status in STATUSES}
            for line in lines
            for year, counts in sorted(line.years.items())
        ]
        columns = ("code", "name", "own", "year", "due", *STATUSES)
        return Response.json({"total": len(rows), "rows": rows}) if form == "json" else as_csv("coverage", columns, rows)
    context = {"map": shown, "lines": lines, "by_issuer": by_issuer, "code": code, "own": own, "measure": measure}
    context |= {"measures": tuple(MEASURES), "national": NATIONAL, "statuses": STATUSES, "steps": STEPS}
    return Response.html(await datasette.render_template("coverage.html", context, request=request))


async def coverage_list(request: Any, datasette: Any) -> Response:
    """Show who reported and who did not, issuer by issuer."""
    wanted, form = asked(request), request.url_vars["form"]
    page = request.args.get("page") or "1"
    if not re.fullmatch(r"[1-9][0-9]{0,5}", page):
        raise DatasetteError(f"页码 {page[:20]} 无法识别：应为正整数。", status=400)
    number = int(page)

    def found(connection: sqlite3.Connection) -> tuple[int, list[dict[str, Any]], list[tuple[str, str]]]:
        bounds = {} if form else {"limit": PAGE, "offset": (number - 1) * PAGE}
        total = count(connection, **wanted)
        return total, list(listed(connection, **wanted, **bounds)), trail_of(connection, wanted["code"])

    total, rows, trail = await read(datasette, found)
    if form == "json":
        return Response.json({"total": total, "rows": rows})
    if form == "csv":
        return as_csv("coverage-list", LISTED, rows)
    context = {
        **wanted,
        "trail": trail,
        "total": total,
        "rows": rows,
        "page": number,
        "pages": -(-total // PAGE),
        "statuses": STATUSES,
    }
    return Response.html(await datasette.render_template("coverage_list.html", context, request=request))
