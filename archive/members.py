"""The gzip members of a WARC file: where each begins and ends, damaged ones stepped over, a torn last one left out."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

from archive.warc import MAGIC

CHUNK = 1 << 16


def whole_members(path: Path, start: int = 0) -> Iterator[tuple[int, int]]:
    """Yield (offset, length) of every whole gzip member from `start`; damaged ones and a torn last one are stepped over.

    warcio's own check does not see a torn tail (webrecorder/warcio#138), so the members are inflated here.
    """
    with path.open("rb") as stream:
        offset: int | None = start
        while offset is not None:
            if length := _member_length(stream, offset):
                yield offset, length
                offset += length
            else:
                offset = _next_magic(stream, offset + 1)


def _member_length(stream: BinaryIO, offset: int) -> int:
    """Inflate the gzip member at an offset and return its length in bytes; 0 where it is torn or damaged."""
    stream.seek(offset)
    inflater, length = zlib.decompressobj(31), 0
    while not inflater.eof:
        block = stream.read(CHUNK)
        if not block:
            return 0
        try:
            inflater.decompress(block)
        except zlib.error:
            return 0
        length += len(block)
    return length - len(inflater.unused_data)


def _next_magic(stream: BinaryIO, offset: int) -> int | None:
    """Return the offset of the next gzip magic number, or None."""
    stream.seek(offset)
    tail = b""
    while block := stream.read(CHUNK):
        if (at := (tail + block).find(MAGIC)) >= 0:
            return offset - len(tail) + at
        offset += len(block)
        tail = (tail + block)[-len(MAGIC) + 1 :]
    return None
