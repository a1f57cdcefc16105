"""A bound on how long a page may read, over all its statements together."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from time import monotonic

#: Steps of SQLite's machine between two looks at the clock: about 0.1 ms.
STEPS = 1_000


@contextmanager
def within(connection: sqlite3.Connection, seconds: float) -> Iterator[None]:
    """Interrupt every statement of the connection that is under way when the seconds are over.

    Raises:
        TimeoutError: a statement was interrupted.
    """
    end = monotonic() + seconds
    connection.set_progress_handler(lambda: monotonic() > end, STEPS)
    try:
        yield
    except sqlite3.OperationalError as error:
        if monotonic() > end:
            raise TimeoutError(f"reading took longer than {seconds:g} s") from error
        raise
    finally:
        connection.set_progress_handler(None, STEPS)
