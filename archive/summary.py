"""What a build changed, as one line: the archive's counts before and after."""

from __future__ import annotations

import sqlite3
from collections import Counter
from dataclasses import dataclass, field

Counts = dict[str, Counter[str]]

QUERIES = {
    "reports": "select status, count(*) from reports group by 1",
    "versions": "select 'later', count(*) from versions where n > 1",
    "merged": "select 'copies', count(*) from sources where relation = 'copy'",
    "rejected": "select reason, count(*) from rejected group by 1",
}


def count(db: sqlite3.Connection) -> Counts:
    """Return what is compared: reports by status, later versions, copies, rejected pages by reason."""
    return {name: Counter(dict(db.execute(sql).fetchall())) for name, sql in QUERIES.items()}


@dataclass
class Summary:
    """What a build changed."""

    read: int = 0  #: records read
    reports: int = 0  #: reports now
    removed: int = 0  #: of these, removed on request
    new: int = 0  #: more reports than before
    versions: int = 0  #: more later texts of a report than before
    merged: int = 0  #: more copies than before
    rejected: Counter[str] = field(default_factory=Counter)  #: more rejected pages than before, by reason

    def compare(self, before: Counts, after: Counts) -> Summary:
        """Fill in the differences and return self; `before` is empty where the archive was made anew."""
        more = {name: after[name] - before.get(name, Counter()) for name in after}
        self.versions, self.merged = more["versions"].total(), more["merged"].total()
        self.reports, self.removed = after["reports"].total(), after["reports"]["removed"]
        # a report that only changed its status is none that is new
        self.new = max(0, self.reports - before.get("reports", Counter()).total())
        self.rejected = more["rejected"]
        return self

    def __str__(self) -> str:
        reasons = ", ".join(f"{reason} {number}" for reason, number in self.rejected.most_common())
        refused = f"{self.rejected.total()} rejected" + (f" ({reasons})" if reasons else "")
        gone = f", {self.removed} removed" if self.removed else ""
        changed = f"{self.new} new reports, {self.versions} new versions, {self.merged} merged, {refused}"
        return f"read {self.read} new records: {changed}; {self.reports} reports in the archive{gone}"
