"""The page of a report: /report/<report_id>, to which every source_id of the report leads."""

import sqlite3
from typing import Any

from datasette import NotFound, Response, hookimpl

from archive.read import blocks, report, report_id_of


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/report/(?P<identifier>[^/]+)$", report_page)]


async def report_page(request: Any, datasette: Any) -> Response:
    """Show a report; 302 from another identifier of it, 410 where it was removed, 404 where there is none."""
    identifier = request.url_vars["identifier"]

    def read(connection: sqlite3.Connection) -> tuple[str | None, dict[str, Any] | None]:
        report_id = report_id_of(connection, identifier)
        return report_id, report(connection, report_id) if report_id else None

    report_id, page = await datasette.get_database("archive").execute_fn(read)
    if report_id is None or page is None:
        raise NotFound(f"档案中没有编号为 {identifier[:80]} 的报告。")
    if report_id != identifier:
        return Response.redirect(datasette.urls.path(f"/report/{report_id}"))
    removed = page["status"] == "removed"
    context = {"report": page, "blocks": [] if removed else blocks(page["text"] or "", page["sections"])}
    template = "removed.html" if removed else "report.html"
    return Response.html(await datasette.render_template(template, context, request=request), status=410 if removed else 200)
