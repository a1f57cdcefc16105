"""Writing the raw store: captures go into a WARC file of this process's own, and from there into the index."""

from __future__ import annotations

import fcntl
import os
import time as clock
from contextlib import suppress
from datetime import UTC, datetime
from types import TracebackType
from typing import TYPE_CHECKING, BinaryIO

from archive.warc import Capture, write_capture

if TYPE_CHECKING:
    from archive.raw import RawStore

ROLL_BYTES = 1_000_000_000
SYNC_SECONDS = 5.0
INDEX_BATCH = 50


class Writer:
    """Appends captures to a WARC file that is `.open` until it is closed, and to the index in batches."""

    def __init__(self, store: RawStore, name: str) -> None:
        self.store, self.name = store, name
        self._stream: BinaryIO | None = None
        self._pending: list[tuple[Capture, int, int]] = []
        self._synced = self._indexed = clock.monotonic()

    def _open(self) -> BinaryIO:
        stamp = f"{datetime.now(UTC):%Y%m%d%H%M%S%f}"
        self._path = self.store.folder / f"{self.name}-{stamp}-{os.getpid()}.warc.gz.open"
        stream = self._path.open("x+b")
        if not lock(stream):
            raise OSError(f"{self._path.name} is locked by another process")
        return stream

    def write(self, capture: Capture) -> None:
        """Store one capture; it survives a kill from the moment this returns."""
        stream = self._stream = self._stream or self._open()
        self._pending.append((capture, *write_capture(stream, capture)))
        moment = clock.monotonic()
        if moment - self._synced > SYNC_SECONDS:
            os.fdatasync(stream.fileno())
            self._synced = moment
        if len(self._pending) >= INDEX_BATCH or moment - self._indexed > 1:
            self.flush()
        if stream.tell() > ROLL_BYTES:
            self.close()

    def flush(self) -> None:
        """Bring the index up to date with the file."""
        if self._stream:
            self.store.db.execute("begin immediate")
            with self.store.db:  # commits, or goes back where a row cannot be written
                for capture, offset, length in self._pending:
                    self.store.insert(capture, self._path.name.removesuffix(".open"), offset, length)
        self._pending, self._indexed = [], clock.monotonic()

    def close(self) -> None:
        """Finish the file: index, sync, and take `.open` off its name."""
        if not self._stream:
            return
        self.flush()
        os.fdatasync(self._stream.fileno())
        self._path.rename(self._path.with_name(self._path.name.removesuffix(".open")))
        self._stream.close()
        self._stream = None

    def __enter__(self) -> Writer:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()


def lock(stream: BinaryIO) -> bool:
    """Take the file for this process; False where another one writes it."""
    with suppress(BlockingIOError):
        fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return True
    return False
