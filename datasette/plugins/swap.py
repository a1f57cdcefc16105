"""A rebuilt archive.db is taken up at once: `fazhi rebuild` puts a new file in the place of the one that is open.

Without this a running site would show the old file, and reports removed since, until somebody restarts it.
"""

import threading
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from datasette import database, hookimpl

App = Callable[..., Awaitable[None]]
#: Where a Database of Datasette keeps all its connections, to close them at the end: in 0.65, in 1.0.
KEPT = ("_all_file_connections", "_all_connections")
#: Path of an archive -> the file that was open at the last request.
SEEN: dict[Path, tuple[int, int] | None] = {}


@hookimpl
def asgi_wrapper(datasette: Any) -> Callable[[App], App]:
    def wrap(app: App) -> App:
        archive = datasette.get_database("archive")
        path = Path(archive.path)
        SEEN.setdefault(path, identity(path))

        async def current(scope: dict[str, Any], receive: Any, send: Any) -> None:
            if (now := identity(path)) not in (None, SEEN[path]):
                SEEN[path] = now
                # Where Datasette keeps the connection of each thread; a query under way has its own hold on the old one.
                database.connections = threading.local()
                for kept in KEPT:  # else the old file would stay on the disk
                    getattr(archive, kept, []).clear()
            await app(scope, receive, send)

        return current

    return wrap


def identity(path: Path) -> tuple[int, int] | None:
    """Return what tells a file from another of the same name; None while there is none."""
    try:
        found = path.stat()
    except FileNotFoundError:
        return None
    return found.st_dev, found.st_ino
