"""What reports have in common across years and governments: look-alikes, and sentences carried over."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from archive.candidates import MEASURES, profile
from archive.sketch import bands, likeness
from archive.verdicts import RULE_VERSION, SIMILAR, measure

#: Which text each report shows. `fresh`: not compared with the others yet.
SCHEMA = """
create table if not exists shown (
    report_id text primary key, doc integer, source_id text, year integer, series text, fresh integer) without rowid;
create index if not exists shown_doc on shown (doc);
create index if not exists shown_series on shown (series, year);
create index if not exists shown_fresh on shown (report_id) where fresh;
"""
#: Look-alikes kept of each report, and how alike they must be by their signatures.
LOOK_ALIKES, LIKE = 3, 0.5
#: Reports looked at that share a band, and that hold a sentence: beyond, nothing is learnt that is not known by then.
NEIGHBOURS, HOLDERS = 200, 50
KEPT = 256

Row = dict[str, Any]


class Shown(NamedTuple):
    """A report and the text it shows."""

    report_id: str
    doc: int
    source_id: str
    year: int
    series: str | None


class Kinship:
    """Compares reports with those of other years and governments."""

    def __init__(self, work: sqlite3.Connection) -> None:
        """`work`: work.db."""
        self.db = work
        self._profile = lru_cache(KEPT)(lambda doc: profile(work, doc))

    def reports(self) -> int:
        """Return how many reports are known."""
        return int(self.db.execute("select count(*) from shown").fetchone()[0])

    def clear(self) -> None:
        """Forget every report: all are assembled anew."""
        self.db.execute("delete from shown")

    def replace(self, reports: list[Shown], ids: Iterable[str]) -> None:
        """Note which texts a group shows now, in place of what its sources (`ids`) showed."""
        before = {one for name in ids for one in self._shown("select * from shown where report_id = ?", name)}
        for gone in before - set(reports):
            self.db.executemany(
                "update shown set fresh = 1 where report_id = ?", ((one.report_id,) for one in self.touched([gone]))
            )
            self.db.execute("delete from shown where report_id = ?", (gone.report_id,))
        self.db.executemany("insert or replace into shown values (?, ?, ?, ?, ?, 1)", set(reports) - before)

    def waiting(self) -> list[Shown]:
        """Return the reports that were not compared yet."""
        return self._shown("select * from shown where fresh order by report_id")

    def touched(self, fresh: list[Shown]) -> list[Shown]:
        """Return the reports whose look-alikes or carried sentences may have changed, beside the fresh ones."""
        found = {report.report_id: report for report in fresh}
        for report in fresh:
            if report.series:
                found |= self._by_id("select * from shown where series = ? and year = ?", report.series, report.year + 1)
            found |= {other.report_id: other for other, _ in self._neighbours(report)}
            for h in self._hashes(report.doc):
                found |= {other.report_id: other for other in self._first_told_by(report, h)}
        return [found[name] for name in sorted(found)]

    def settle(self, reports: list[Shown]) -> None:
        """Note that reports were compared."""
        self.db.executemany("update shown set fresh = 0 where report_id = ?", ((report.report_id,) for report in reports))

    def look_alikes(self, report: Shown) -> Iterator[Row]:
        """Yield the rows of `verdicts` on a report and those most like it, of other issuers or years."""
        close = sorted(self._neighbours(report), key=lambda found: (-found[1], found[0].report_id))
        for other, _ in close[:LOOK_ALIKES]:
            first, second = sorted((report, other), key=lambda one: one.source_id)
            found = measure(self._profile(first.doc), self._profile(second.doc), places=False)
            if found.containment >= SIMILAR:
                row = {name: getattr(found, name) for name in MEASURES} | {"exact": int(found.exact), "substitutions": None}
                yield {"source_a": first.source_id, "source_b": second.source_id, "verdict": "similar", **row,
                       "rule_version": RULE_VERSION, "decided_by": "rule"}  # fmt: skip

    def carried(self, report: Shown) -> Iterator[Row]:
        """Yield the rows of `reuse` on a report: what it took over from last year, and has in common with other governments."""
        own = set(self._hashes(report.doc))
        if not own:
            return
        if report.series and report.year:
            last = self._shown("select * from shown where series = ? and year = ?", report.series, report.year - 1)
            shares = [(len(own & set(self._hashes(other.doc))), other.report_id) for other in last]
            if shares:
                count, before = max(shares)
                yield self._row(report, "last_year", len(own), count, before)
        if report.year:
            elsewhere = """select 1 from sentences s cross join shown w on w.doc = s.doc where s.h = ? and w.year <= ?
                and w.report_id <> ? and (w.series is null or w.series is not ?) limit 1"""
            values = report.year, report.report_id, report.series
            count = sum(1 for h in own if self.db.execute(elsewhere, (h, *values)).fetchone())
            yield self._row(report, "other_governments", len(own), count, None)

    @staticmethod
    def _row(report: Shown, origin: str, sentences: int, carried: int, before: str | None) -> Row:
        return {"report_id": report.report_id, "origin": origin, "sentences": sentences, "carried": carried,
                "share": round(carried / sentences, 4), "from_report_id": before}  # fmt: skip

    def _neighbours(self, report: Shown) -> list[tuple[Shown, float]]:
        """Return the reports that share a band with a report and are alike, with the estimated likeness."""
        signed = self._sketch(report.doc)[0]
        if not signed:
            return []
        sql = """select distinct w.report_id, w.doc, w.source_id, w.year, w.series from json_each(?) h
            cross join bands b on b.h = h.value cross join shown w on w.doc = b.doc where w.report_id <> ? order by 1 limit ?"""
        others = self._shown(sql, json.dumps(bands(signed)), report.report_id, NEIGHBOURS)
        if not others:
            return []
        found = zip(others, likeness(signed, [self._sketch(other.doc)[0] for other in others]), strict=True)
        return [(other, float(alike)) for other, alike in found if alike >= LIKE]

    def _first_told_by(self, report: Shown, h: int) -> list[Shown]:
        """Return the holders of a sentence for whom this report is the only other government that said it by their year.

        Fresh ones are left out: they are compared themselves, and what they say does not count yet.
        """
        sql = """select w.report_id, w.doc, w.source_id, w.year, w.series from sentences s
            cross join shown w on w.doc = s.doc where s.h = ? and not w.fresh order by s.year limit ?"""
        holders = self._shown(sql, h, HOLDERS)
        return [
            one for one in holders
            if one.year >= report.year and one.report_id != report.report_id
            and not any(other.year <= one.year and other.series not in (one.series, report.series) for other in holders)
        ]  # fmt: skip

    def _shown(self, sql: str, *values: object) -> list[Shown]:
        return [Shown(*row[:5]) for row in self.db.execute(sql, values)]

    def _by_id(self, sql: str, *values: object) -> dict[str, Shown]:
        return {one.report_id: one for one in self._shown(sql, *values)}

    def _sketch(self, doc: int) -> tuple[bytes, bytes]:
        row = self.db.execute("select signature, sentences from sketches where doc = ?", (doc,)).fetchone()
        return row or (b"", b"")

    def _hashes(self, doc: int) -> list[int]:
        return list(map(int, np.frombuffer(self._sketch(doc)[1], np.int64)))
