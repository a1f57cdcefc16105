"""One release that is being written: its files with their rows and sums, and what the archive says of the whole."""

from __future__ import annotations

import json
import sqlite3
import tomllib
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from hashlib import file_digest
from importlib.metadata import PackageNotFoundError
from importlib.metadata import version as installed
from pathlib import Path

from archive.release_card import citation, write_card, write_changelog
from archive.release_db import write_database
from archive.release_delta import write_deltas
from archive.release_files import Values, write_csv, write_jsonl, write_parquet, write_texts
from archive.release_package import File, Json, croissant, datapackage
from archive.release_parts import PARTS, condition, rows
from archive.selection import Selection

#: Told how far a release is: stage, done, all of it.
Progress = Callable[[str, int, int], None]
#: The newest capture of the archive.
NEWEST = "select max(time) from (select max(last_seen) as time from sources union all select max(fetched_at) from rejected)"


class Folder:
    """The folder of a release; what was chosen stands in temporary tables of `db` (release_parts.choose)."""

    def __init__(self, db: sqlite3.Connection, path: Path, selection: Selection, *, txt: bool, progress: Progress) -> None:
        """`path`: an empty folder. `txt`: one text file a report as well."""
        self.db, self.path, self.selection, self.txt, self.progress = db, path, selection, txt, progress
        self.files: dict[str, File] = {}
        self.built_at = str(db.execute(NEWEST).fetchone()[0] or "")
        counts = {name: self._count(part.table) for name, part in PARTS.items() if "report_id" in part.key}
        # CSV, JSONL, the database's index, and texts go through the reports once more
        self.done, self.all = 0, sum(counts.values()) + (3 + txt) * counts["reports"]

    def _count(self, table: str) -> int:
        where = condition(table, self.selection)
        return int(self.db.execute(f"select count(*) from {table} where {where}", self.selection.values).fetchone()[0])

    def step(self, rows: Iterable[Values]) -> Iterator[Values]:
        """Yield rows, and tell how far they are."""
        for row in rows:
            yield row
            self.done += 1
            if self.done % 500 == 0:
                self.progress("writing", min(self.done, self.all), self.all)

    def rows(self, part: str) -> Iterator[Values]:
        """Yield the rows of a part."""
        found = rows(self.db, PARTS[part], self.selection)
        return self.step(found) if "report_id" in PARTS[part].key else iter(found)

    def note(self, made: dict[str, int]) -> None:
        """Note files with their rows, and take their sums."""
        self.files |= {name: file_of(self.path / name, count) for name, count in made.items()}

    def note_rest(self) -> None:
        """Note the files that have no rows."""
        found = (path.relative_to(self.path).as_posix() for path in self.path.rglob("*") if path.is_file())
        self.files |= {name: file_of(self.path / name) for name in found if name not in self.files}

    def data_sums(self) -> dict[str, str]:
        """Return path -> sum of the Parquet files."""
        return {name: file.sha256 for name, file in self.files.items() if name.startswith("data/")}

    def write_parts(self) -> None:
        """Write every part as Parquet."""
        for name, part in PARTS.items():
            self.note(write_parquet(self.path, part, self.rows(name)))

    def finish(self, version: str, previous: Path | None) -> Json:
        """Write everything beside the parts and return the index.

        Args:
            version: of this release.
            previous: the release before, where there is one: the deltas start from it.
        """
        reports = PARTS["reports"]
        self.note(write_csv(self.path, PARTS["metadata"], self.rows("metadata")))
        self.note(write_jsonl(self.path, reports, self.rows("reports")))
        tables = dict(self.files)
        if self.txt:
            self.note(write_texts(self.path, reports, self.rows("reports")))
        write_database(self.db, self.path, self.selection, self.built_at, self.step)
        changes: Counter[tuple[str, str]] = Counter()
        if previous:
            made, changes = write_deltas(previous, self.path, version)
            self.note(made)
        numbers = {
            part: sum(file.rows or 0 for name, file in tables.items() if name.startswith(f"data/{part}/")) for part in PARTS
        }
        said = "" if self.selection.everything else self.selection.said
        write_card(self.path, version, self.built_at, numbers, self.years(), said)
        write_changelog(self.path, version, self.built_at, numbers["reports"], previous, changes)
        cited = citation(version, self.built_at)
        write_json(self.path / "datapackage.json", datapackage(version, self.built_at, tables))
        write_json(self.path / "croissant.json", croissant(version, self.built_at, cited, tables))
        self.note_rest()
        index: Json = {
            "version": version,
            "previous": previous.name if previous else None,
            "built_at": self.built_at,
            "code_version": code_version(),
            "selection": self.selection.said,
            "counts": numbers,
            "last_success": dict(map(tuple, self.db.execute("select id, last_success from sites order by id"))),
            "files": [
                {"path": name, "bytes": file.size, "sha256": file.sha256} | ({} if file.rows is None else {"rows": file.rows})
                for name, file in sorted(self.files.items())
            ],
        }
        write_json(self.path / "index.json", index)
        self.note_rest()
        sums = "".join(f"{file.sha256}  {name}\n" for name, file in sorted(self.files.items()))
        (self.path / "SHA256SUMS").write_text(sums, "utf-8")
        return index

    def years(self) -> str:
        """Return the first and last report year, in words."""
        years = "select min(report_year), max(report_year) from reports where report_id in chosen"
        first, last = self.db.execute(years).fetchone()
        return f"{first} to {last}" if first != last else f"{first or 'not known'}"


def file_of(path: Path, rows: int | None = None) -> File:
    """Return size and sum of a file."""
    with path.open("rb") as stream:
        return File(path.stat().st_size, file_digest(stream, "sha256").hexdigest(), rows)


def write_json(path: Path, value: Json) -> None:
    """Write a value as JSON for people and programs."""
    path.write_text(json.dumps(value, ensure_ascii=False, indent=2) + "\n", "utf-8")


def code_version() -> str:
    """Return the version of the project: as installed, else as its pyproject.toml says."""
    try:
        return installed("fazhi-archive")
    except PackageNotFoundError:
        project = Path(__file__).parents[1] / "pyproject.toml"
        return str(tomllib.loads(project.read_text("utf-8"))["project"]["version"])
