"""Other ways to find duplicates among plain texts: what the build's own is measured beside."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from hashlib import blake2b

#: For every text, in order, the indexes of earlier texts that it is taken for a duplicate of.
Find = Callable[[Sequence[str]], Iterator[list[int]]]


@dataclass(frozen=True)
class Deduplicator:
    """A tool, and how it is set."""

    name: str
    load: Callable[[], Find]  #: raises ImportError where the tool is not installed


def _exact() -> Find:
    def find(texts: Sequence[str]) -> Iterator[list[int]]:
        db = sqlite3.connect(":memory:")
        db.execute("create table seen (h blob primary key, n integer) without rowid")
        for n, text in enumerate(texts):
            h = blake2b(text.encode(), digest_size=16).digest()
            yield [first for (first,) in db.execute("select n from seen where h = ?", (h,))]
            db.execute("insert or ignore into seen values (?, ?)", (h, n))

    return find


def _datasketch() -> Find:
    from datasketch import MinHash, MinHashLSH

    def find(texts: Sequence[str]) -> Iterator[list[int]]:
        index = MinHashLSH(threshold=0.85, num_perm=128)
        for n, text in enumerate(texts):
            sketch = MinHash(num_perm=128)
            sketch.update_batch([text[at : at + 5].encode() for at in range(len(text) - 4)])
            yield index.query(sketch)
            index.insert(n, sketch)

    return find


DEDUPLICATORS = (Deduplicator("exact hash", _exact), Deduplicator("datasketch", _datasketch))
