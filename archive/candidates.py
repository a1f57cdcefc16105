"""Which texts may be of one report: sketches in work.db, the look-up, and the verdict on every pair, once."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from archive.keys import Key, contradict
from archive.sketch import Sketch, bands
from archive.texts import Profile
from archive.verdicts import SENTENCES, Judgement, Numbers, decide, measure

#: `doc` is documents.id. `year` is 0 where it is not known; `named` is 0 where no issuer is.
SCHEMA = """
create table if not exists sketches (
    doc integer primary key, year integer, issuer text, code text, signature blob, sentences blob);
create table if not exists names (tail text, year integer, doc integer, primary key (tail, year, doc)) without rowid;
create table if not exists bands (h integer, doc integer, primary key (h, doc)) without rowid;
create table if not exists sentences (
    h integer, year integer, named integer, doc integer, primary key (h, year, named, doc)) without rowid;
create table if not exists pairs (
    a integer, b integer, verdict text, exact integer, containment real, sentences real, numbers real, length_ratio real,
    substitutions integer, primary key (a, b)) without rowid;
create index if not exists pairs_b on pairs (b);
"""
MEASURES = ("exact", "containment", "sentences", "numbers", "length_ratio", "substitutions")
#: Texts of one report belong together by these verdicts.
LINKING = ("same", "excerpt", "version")
#: Documents compared in one transaction; a kill repeats no more than these.
BATCH = 400
#: Texts and comparisons kept in memory: copies are compared again and again.
KEPT = 512


def keep_sketch(db: sqlite3.Connection, doc: int, key: Key, sketch: Sketch) -> None:
    """Keep what look-alikes of a document are found by."""
    hashes = np.array(sketch.sentences, np.int64).tobytes()
    year, named = key.year or 0, int(bool(key.named))
    db.execute("insert into sketches values (?, ?, ?, ?, ?, ?)", (doc, year, key.issuer, key.code, sketch.signature, hashes))
    db.executemany("insert or ignore into names values (?, ?, ?)", ((tail, year, doc) for tail in key.tails))
    db.executemany("insert or ignore into bands values (?, ?)", ((h, doc) for h in bands(sketch.signature)))
    db.executemany("insert or ignore into sentences values (?, ?, ?, ?)", ((h, year, named, doc) for h in sketch.sentences))


def drop_sketch(db: sqlite3.Connection, doc: int) -> None:
    """Forget a document that is no more, and every verdict on it."""
    row = db.execute("select year, issuer, code, signature, sentences from sketches where doc = ?", (doc,)).fetchone()
    if row is None:
        return
    year, issuer, code, signed, hashes = row
    key = Key(year or None, issuer, code)
    named = int(bool(key.named))
    db.execute("delete from sketches where doc = ?", (doc,))
    db.executemany("delete from names where tail = ? and year = ? and doc = ?", ((tail, year, doc) for tail in key.tails))
    db.executemany("delete from bands where h = ? and doc = ?", ((h, doc) for h in bands(signed)))
    found = ((int(h), year, named, doc) for h in np.frombuffer(hashes, np.int64))
    db.executemany("delete from sentences where h = ? and year = ? and named = ? and doc = ?", found)
    db.execute("delete from pairs where a = ? or b = ?", (doc, doc))


def profile(db: sqlite3.Connection, doc: int) -> Profile:
    """Return the profile of a document's text."""
    row = db.execute("select json_extract(document, '$.text') from documents where id = ?", (doc,)).fetchone()
    return Profile(row[0])


class Comparison:
    """Gives a verdict on every pair of texts that may be of one report, once."""

    def __init__(self, db: sqlite3.Connection) -> None:
        """`db`: work.db."""
        self.db = db
        self._profile = lru_cache(KEPT)(lambda doc: profile(db, doc))
        self._measured: dict[tuple[str | int, str | int], Numbers] = {}

    def waiting(self, after: int) -> int:
        """Return how many documents after this one have a sketch."""
        return int(self.db.execute("select count(*) from sketches where doc > ?", (after,)).fetchone()[0])

    def run(self, after: int) -> Iterator[tuple[int, int]]:
        """Compare every document after this one with those before it, and yield (last document, how many) of every batch.

        The caller begins and ends transactions.
        """
        while docs := self.db.execute("select doc from sketches where doc > ? order by doc limit ?", (after, BATCH)).fetchall():
            for (doc,) in docs:
                self._compare(doc)
            after = docs[-1][0]
            yield after, len(docs)

    def _compare(self, doc: int) -> None:
        key, core, count = self._key(doc)
        rows = []
        for other in sorted(self._candidates(doc, key, count)):
            its, its_core, _ = self._key(other)
            if contradict(key, its) or (core and core == its_core):
                continue
            judged = decide(self._between(doc, core, other, its_core), key, its)
            if judged.verdict in LINKING:
                rows.append((other, doc, judged.verdict, *(getattr(judged, name) for name in MEASURES)))
        self.db.executemany(f"insert or replace into pairs values ({', '.join('?' * 9)})", rows)

    def _key(self, doc: int) -> tuple[Key, str | None, int]:
        """Return the key of a document, the hash of its core, and its number of sentences."""
        year, issuer, code, core, size = self.db.execute(
            "select year, issuer, code, core, length(sentences) from sketches join documents on id = doc where doc = ?", (doc,)
        ).fetchone()
        return Key(year or None, issuer, code), core, size // 8

    def _candidates(self, doc: int, key: Key, count: int) -> set[int]:
        """Return the documents before this one that may be of the same year and issuer.

        Where both are named, the names find them. Where one is not, the sentences do: of a copy, three quarters are the same.
        Where a year is not known, only a whole copy proves anything, and the bands find it.
        """
        by_band = """select b.doc from sketches own, json_each(:bands) h cross join bands b on b.h = h.value and b.doc < own.doc
            cross join sketches k on k.doc = b.doc where own.doc = :doc and (own.year = 0 or k.year = 0)"""
        signed, blob = self.db.execute("select signature, sentences from sketches where doc = ?", (doc,)).fetchone()
        alike = {other for (other,) in self.db.execute(by_band, {"bands": json.dumps(bands(signed)), "doc": doc})}
        if not key.year:
            return alike
        named = bool(key.named)
        found: set[int] = set()
        if named:
            by_name = "select doc from names where tail = ? and year = ? and doc < ?"
            found = {other for tail in key.tails for (other,) in self.db.execute(by_name, (tail, key.year, doc))}
        by_sentence = """select s.doc, count(*), length(k.sentences) / 8 from sketches own, json_each(:hashes) h
            cross join sentences s on s.h = h.value and s.year = :year and s.named <= :named and s.doc < own.doc
            cross join sketches k on k.doc = s.doc where own.doc = :doc group by s.doc"""
        hashes = json.dumps(np.frombuffer(blob, np.int64).tolist())
        values = {"hashes": hashes, "year": key.year, "named": int(not named), "doc": doc}
        for other, common, its in self.db.execute(by_sentence, values):
            if common >= SENTENCES * min(count, its):
                found.add(other)
        return found | alike

    def _between(self, doc: int, core: str | None, other: int, its_core: str | None) -> Numbers:
        """Return the measures of two documents; those of equal cores are measured once."""
        pair = core or doc, its_core or other
        if pair not in self._measured:
            if len(self._measured) >= KEPT:
                self._measured.clear()
            self._measured[pair] = measure(self._profile(doc), self._profile(other))
        return self._measured[pair]


def judgements(db: sqlite3.Connection, docs: set[int]) -> dict[tuple[int, int], Judgement]:
    """Return the verdicts that link two of these documents."""
    found = {}
    for doc in docs:
        for a, b, verdict, *rest in db.execute("select * from pairs where a = ?", (doc,)):
            if b in docs:
                found[a, b] = Judgement(**dict(zip(MEASURES, rest, strict=True)), verdict=verdict)
    return found
