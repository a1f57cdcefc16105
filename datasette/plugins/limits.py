"""Bounds on what one SQL statement may cost, beside Datasette's time limit, so that anyone may write SQL."""

import sqlite3
from collections.abc import Callable
from typing import Any
from weakref import WeakKeyDictionary

from datasette import hookimpl

LENGTH = 1_000_000  #: longest text or blob, bytes: some 330,000 Chinese characters
RESULT = 32_000_000  #: most characters and bytes in one result, together
LIMITS = {
    sqlite3.SQLITE_LIMIT_LENGTH: LENGTH,
    sqlite3.SQLITE_LIMIT_COLUMN: 100,
    sqlite3.SQLITE_LIMIT_LIKE_PATTERN_LENGTH: 100,
    sqlite3.SQLITE_LIMIT_SQL_LENGTH: 100_000,
}
HEAP = 300_000_000  #: most memory of SQLite in the whole process, bytes: aggregates grow past LENGTH before they are looked at

#: printf('%.*c', 2147483647, 'a') counts for half a minute before it finds that the result is too long.
DENIED = ("printf", "format")
#: Says where on this machine the archive is. Datasette itself asks by the PRAGMA statement, which is no table.
PRIVATE = "pragma_database_list"


def authorise(action: int, table: str | None, name: str | None, *_: str | None) -> int:
    """Whether a statement may do this: everything that Datasette lets through but for DENIED functions and PRIVATE."""
    denied = (action == sqlite3.SQLITE_FUNCTION and (name or "").lower() in DENIED) or (
        action == sqlite3.SQLITE_READ and (table or "").lower() == PRIVATE
    )
    return sqlite3.SQLITE_DENY if denied else sqlite3.SQLITE_OK


def replace(text: Any, old: Any, new: Any) -> Any:
    """SQL's replace."""
    if old and len(text) + text.count(old) * (len(new) - len(old)) > LENGTH:
        raise OverflowError("string or blob too big")
    return text.replace(old, new) if old else text


#: SQLite takes up to a minute for these on long texts, and no time limit reaches inside; Python's are linear.
LINEAR: dict[tuple[str, int], Callable[..., Any]] = {
    ("instr", 2): lambda text, part: text.find(part) + 1,
    ("replace", 3): replace,
    ("trim", 2): lambda text, ends: text.strip(ends),
    ("ltrim", 2): lambda text, ends: text.lstrip(ends),
    ("rtrim", 2): lambda text, ends: text.rstrip(ends),
}


def sql_function(function: Callable[..., Any]) -> Callable[..., Any]:
    """Give a function SQL's manners: NULL of NULL, blobs with blobs, everything else as text."""

    def called(*values: Any) -> Any:
        if None in values:
            return None
        if all(isinstance(value, bytes) for value in values):
            return function(*values)
        return function(*(v.decode("utf-8", "replace") if isinstance(v, bytes) else str(v) for v in values))

    return called


@hookimpl
def prepare_connection(conn: sqlite3.Connection) -> None:
    for limit, value in LIMITS.items():
        conn.setlimit(limit, value)
    conn.execute(f"pragma hard_heap_limit = {HEAP}")
    for (name, arguments), function in LINEAR.items():
        conn.create_function(name, arguments, sql_function(function), deterministic=True)
    conn.set_authorizer(authorise)
    spent: WeakKeyDictionary[sqlite3.Cursor, int] = WeakKeyDictionary()

    def counted(cursor: sqlite3.Cursor, values: tuple[Any, ...]) -> sqlite3.Row:
        spent[cursor] = spent.get(cursor, 0) + sum(len(value) for value in values if isinstance(value, str | bytes))
        if spent[cursor] > RESULT:
            raise sqlite3.OperationalError("the result is too large: ask for fewer rows or columns")
        return sqlite3.Row(cursor, values)

    conn.row_factory = counted
