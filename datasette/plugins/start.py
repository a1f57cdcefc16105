"""What the pages with a search form show beside their own data: counts, newest reports, years and provinces to choose from."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import hookimpl

from archive.read import choices, newest, totals

WITH_FORM = ("query-archive-search.html", "table-archive-reports.html")


@hookimpl
def extra_template_vars(template: str, datasette: Any) -> Callable[[], Awaitable[dict[str, Any]]]:
    def start(connection: sqlite3.Connection) -> dict[str, Any]:
        return {"totals": totals(connection), "newest": newest(connection), "choices": choices(connection)}

    def form(connection: sqlite3.Connection) -> dict[str, Any]:
        return {"choices": choices(connection)}

    async def values() -> dict[str, Any]:
        read = start if template == "index.html" else form if template in WITH_FORM else None
        return await datasette.get_database("archive").execute_fn(read) if read else {}

    return values
