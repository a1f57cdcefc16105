"""One transaction of a SQLite database: all of it or nothing."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager, suppress


@contextmanager
def transaction(db: sqlite3.Connection) -> Iterator[None]:
    """Begin a transaction on a connection that leaves them to us, and commit it; take it back where something is raised."""
    db.execute("begin immediate")
    try:
        yield
    except BaseException:
        with suppress(sqlite3.Error):  # a file without a journal cannot go back: it is thrown away
            db.execute("rollback")
        raise
    db.execute("commit")
