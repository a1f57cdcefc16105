"""The SQL functions of the archive's search, in every connection, and Datasette's own search boxes made to use them."""

import sqlite3
from typing import Any

from datasette import hookimpl

from archive.search import register, zh_match


@hookimpl(trylast=True)  # Datasette registers an escape_fts of its own; only what comes last replaces it
def prepare_connection(conn: sqlite3.Connection, datasette: Any) -> None:
    register(conn, seconds=datasette.setting("sql_time_limit_ms") / 1000)
    conn.create_function("escape_fts", 1, lambda query: zh_match(query or ""), deterministic=True)
