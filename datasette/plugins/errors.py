"""What a reader did wrong is answered with 400 and a sentence: Datasette takes some of it for a fault of its own (500)."""

import sqlite3
from collections.abc import Awaitable, Callable
from typing import Any

from datasette import Response, hookimpl
from datasette.database import QueryInterrupted
from datasette.handle_exception import handle_exception as stock
from datasette.views.base import DatasetteError

#: What Datasette raises over parameters that it cannot use: ?_timelimit=a, ?_through={, ?title__in=[, ?_where=%00
READERS = (ValueError, TypeError, KeyError, AttributeError, sqlite3.ProgrammingError)
TITLES = {"Invalid SQL": "SQL 有误"}


def said(datasette: Any, exception: Exception) -> tuple[str, str | None, int] | None:
    """Return message, title and status for what Datasette would say otherwise; None for the rest."""
    if isinstance(exception, MemoryError):
        return "这个查询要用的内存太多，请缩小范围。", None, 400
    if isinstance(exception, QueryInterrupted | TimeoutError) or getattr(exception, "title", None) == "SQL Interrupted":
        seconds = datasette.setting("sql_time_limit_ms") / 1000
        return f"查询超过了时间限制（{seconds:g} 秒），请缩小范围，或换一个更具体的词。", None, 400
    if isinstance(exception, DatasetteError) and not exception.message_is_html:
        status = 400 if exception.status == 500 else exception.status
        return exception.message, TITLES.get(exception.title, exception.title), status
    return None


@hookimpl
def handle_exception(datasette: Any, request: Any, exception: Exception) -> Callable[[], Awaitable[Response]] | None:
    if found := said(datasette, exception):
        message, title, status = found
        exception = DatasetteError(message, title=title, error_dict=getattr(exception, "error_dict", None), status=status)
    elif isinstance(exception, READERS) and request.path.partition("/archive")[1]:
        exception = DatasetteError(f"地址里有不能用的参数（{exception}）。", status=400)
    else:
        return None
    answer: Callable[[], Awaitable[Response]] = stock(datasette, request, exception)
    return answer
