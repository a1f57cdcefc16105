"""Turns: the workers of one run ask a host one after the other, whichever of them its address was found by."""

from __future__ import annotations

import asyncio
import fcntl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import quote

#: Seconds between two looks at a host that another worker is asking.
_LOOK = 0.1


class Turns:
    """A lock a host, held by the worker that asks it; the lock of a killed worker is free again."""

    def __init__(self, folder: Path) -> None:
        """Use a folder for the locks, making it where it is missing."""
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    @asynccontextmanager
    async def turn(self, host: str, pause: float) -> AsyncIterator[None]:
        """Wait for the host, hold it, and keep it for a pause (seconds) after: the delay between requests is every worker's."""
        stream = (self.folder / quote(host, safe="")).open("w")
        while True:
            try:
                fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                await asyncio.sleep(_LOOK)
        try:
            yield
        finally:
            asyncio.get_running_loop().call_later(pause, stream.close)
