"""Why a report differs from one release to the next: other captures (`source`), or the same ones read otherwise (`parser`)."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from archive.release_read import Row, read_rows

#: `cause` of a record, what each means.
CAUSES = {
    "source": "something else was captured (a changed page, a new place, one that is gone), or people asked for the removal",
    "parser": "the same captures, read or grouped otherwise: cleaning rules, duplicates, decisions of people",
}
#: Columns of a report that tell of its captures rather than of what they hold.
SIGHTINGS = {"status", "first_seen", "last_seen", "withdrawn_on"}
#: What is kept of both releases, by part.
KEPT = {
    "reports": ("report_id",),
    "sources": ("source_id", "report_id", "relation", "payload_sha256", "url", "first_seen", "last_seen"),
    "excluded": ("report_id", "url", "reason", "fetched_at"),
}


class Causes:
    """What two releases know of captures, in a temporary database on disk.

    `moved`: the identifiers that are gone though a place of the report is still known -> where it belongs now.
    """

    def __init__(self, old: Path, new: Path) -> None:
        """Read two releases; parts that one does not have are empty."""
        self.db = sqlite3.connect("", isolation_level=None)
        self.db.execute("pragma journal_mode=off")
        self.db.execute("begin")
        for side, folder in (("old", old), ("new", new)):
            for part, names in KEPT.items():
                self.db.execute(f"create table {side}_{part} ({', '.join(names)})")
                rows = ([row.get(name) for name in names] for row in read_rows(folder, part))
                self.db.executemany(f"insert into {side}_{part} values ({', '.join('?' * len(names))})", rows)
            self.db.execute(f"create index {side}_source on {side}_sources (source_id)")
            self.db.execute(f"create index {side}_report on {side}_sources (report_id)")
            self.db.execute(f"create index {side}_url on {side}_excluded (url)")
            self.db.execute(f"create index {side}_removed on {side}_excluded (report_id)")
            self.db.execute(f"create unique index {side}_id on {side}_reports (report_id)")
        gone = "select report_id from old_reports except select report_id from new_reports order by 1"
        places = (
            "select n.report_id from old_sources o join new_sources n using (source_id) where o.report_id = ?"
            " order by o.source_id <> o.report_id, o.relation <> 'canonical', o.source_id"
        )
        self.moved: dict[str, str] = {}
        for (name,) in self.db.execute(gone).fetchall():
            if place := self.db.execute(places, (name,)).fetchone():
                self.moved[name] = place[0]

    def close(self) -> None:
        """Let go of the database."""
        self.db.close()

    def was_there(self, report_id: str) -> bool:
        """Whether the old release has a report."""
        return self._any("select 1 from old_reports where report_id = ?", report_id)

    def of_add(self, row: Row) -> str:
        """Why a report is new: `parser` where the old release knew what it is made of, as another report's or as no report."""
        known = (
            "select 1 from new_sources n where n.report_id = ? and (n.relation = 'canonical' or n.source_id = ?) and ("
            " exists (select 1 from old_sources o where o.source_id = n.source_id and o.payload_sha256 = n.payload_sha256)"
            " or exists (select 1 from old_excluded e where e.url = n.url and e.fetched_at >= n.first_seen))"
        )
        return "parser" if self._any(known, row["report_id"], row["text_source_id"]) else "source"

    def of_change(self, was: Row, row: Row) -> str:
        """Why a report changed: `parser` where more than its sightings did, and its page and text hold the same bytes."""
        if {name for name in row if row[name] != was.get(name)} <= SIGHTINGS:
            return "source"
        return "parser" if self._payloads("old", was) == self._payloads("new", row) else "source"

    def of_rekey(self, new_id: str) -> str:
        """Why a report has another identifier: `parser` where the place that gives it was known."""
        known = (
            "select 1 from new_sources n where n.source_id = ? and ("
            " exists (select 1 from old_sources o where o.source_id = n.source_id)"
            " or exists (select 1 from old_excluded e where e.url = n.url and e.fetched_at >= n.first_seen))"
        )
        return "parser" if self._any(known, new_id) else "source"

    def of_remove(self, was: Row) -> tuple[str, str | None]:
        """Why a report is gone, and the reason that the new release gives for leaving it out."""
        asked = self.db.execute("select reason from new_excluded where report_id = ?", (was["report_id"],)).fetchone()
        if asked:
            return "source", asked[0]
        rejected = (
            "select e.reason, e.fetched_at <= o.last_seen from old_sources o join new_excluded e using (url)"
            " where o.report_id = ? order by o.relation <> 'canonical', o.source_id"
        )
        reason, same = self.db.execute(rejected, (was["report_id"],)).fetchone() or (None, False)
        return ("parser" if same else "source"), reason

    def _any(self, query: str, *values: object) -> bool:
        return self.db.execute(query, values).fetchone() is not None

    def _payloads(self, side: str, row: Row) -> list[tuple[object, ...]]:
        """The bytes that a report's page and its text were read from."""
        own = f"select payload_sha256 from {side}_sources where report_id = ? and (relation = 'canonical' or source_id = ?)"
        return self.db.execute(f"{own} order by 1", (row["report_id"], row.get("text_source_id"))).fetchall()
