"""/status: how the sites do, what was rejected, and the runs; /about: what the archive is; /api: its addresses for programs."""

import re
import sqlite3
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from datasette.views.base import DatasetteError

from archive import site_list
from archive.limit import within

#: Sites of a page of the list.
PAGE = 100


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/status$", status), (r"^/about$", about), (r"^/api$", api)]


async def status(request: Any, datasette: Any) -> Response:
    """Show how the sites do."""
    asked = {name: (request.args.get(name) or "").strip() for name in ("status", "reason", "province", "name")}
    page = request.args.get("page") or "1"
    if not re.fullmatch(r"[1-9][0-9]{0,5}", page):
        raise DatasetteError(f"页码 {page[:20]} 无法识别：应为正整数。", status=400)
    try:
        site_list.check(asked["status"], asked["reason"])
    except ValueError as error:
        raise DatasetteError(str(error), status=400) from None

    def read(connection: sqlite3.Connection) -> dict[str, Any]:
        with within(connection, datasette.setting("sql_time_limit_ms") / 1000):
            total, rows = site_list.sites(connection, **asked, limit=PAGE, offset=(int(page) - 1) * PAGE)
            return {
                "total": total,
                "rows": rows,
                "statuses": site_list.statuses(connection),
                "reasons": site_list.reasons(connection),
                "provinces": site_list.provinces(connection),
                "rejected": site_list.rejected(connection),
                "runs": site_list.runs(connection),
            }

    context = await datasette.get_database("archive").execute_fn(read)
    query = urlencode({name: value for name, value in asked.items() if value})
    context |= {"asked": asked, "query": query, "page": int(page), "pages": -(-context["total"] // PAGE)}
    return Response.html(await datasette.render_template("status.html", context, request=request))


async def about(request: Any, datasette: Any) -> Response:
    """Say what the archive is, how it is made, under which licence, and whom to write to."""
    return Response.html(await datasette.render_template("about.html", {}, request=request))


async def api(request: Any, datasette: Any) -> Response:
    """Show the addresses for programs."""
    return Response.html(await datasette.render_template("api.html", {}, request=request))
