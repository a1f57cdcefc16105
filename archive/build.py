"""Build and rebuild: from the raw store to archive.db, a batch at a time; a kill repeats a batch, harmlessly.

Records are cleaned into work.db first. Then whole groups are assembled from it, so that the order in which records arrived
and the size of batches make no difference. The mark of what was assembled is written last, in the same transaction.
"""

from __future__ import annotations

import fcntl
import json
import sqlite3
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from archive import decisions as decisions_file
from archive.candidates import Comparison
from archive.captures import Clean, Reader, RecordsMissing
from archive.closure import IDS, closure
from archive.coverage import coverage_rows
from archive.decisions import Decisions
from archive.groups import Group
from archive.health import crawl_rows, site_rows
from archive.ids import normalise
from archive.kinship import Kinship
from archive.places import Places
from archive.publish import Archive, swap
from archive.raw import RawStore
from archive.registry import Entry, Registry
from archive.reports import Maker
from archive.summary import Counts, Summary, count
from archive.transactions import transaction
from archive.work import VERSION, Work
from cleaning import clean as clean_page

#: Records whose groups are assembled in one transaction of archive.db.
STEP = 5000
#: Where a whole archive is made before it is swapped in.
FRESH = "archive.new.db"
#: stage, done, all of it
Progress = Callable[[str, int, int], None]


class BuildError(Exception):
    """A build cannot go on; the message says why and what to do."""


@contextmanager
def build_lock(data: Path) -> Iterator[None]:
    """Hold the data folder's build lock; it falls with the process, however that ends.

    Raises:
        BuildError: another build holds it.
        OSError: the folder cannot be written.
    """
    data.mkdir(parents=True, exist_ok=True)
    with (data / ".build.lock").open("w") as stream:
        try:
            fcntl.flock(stream, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BuildError(f"another build is running on {data}: wait until it ends") from None
        yield


def build(
    data: Path,
    given: Iterable[Entry],
    *,
    again: bool = False,
    jobs: int | None = None,
    clean: Clean = clean_page,
    progress: Progress = lambda stage, done, total: None,
) -> Summary:
    """Bring archive.db up to date with the raw store and the decisions.

    Args:
        data: the data folder.
        given: the registry, as plain dicts; entries that sites were crawled by complete it.
        again: forget what was made of the raw store, and make all of it anew.
        jobs: processes that clean; None takes every core.
        clean: what cleans a page.
        progress: told how far the build is.

    Raises:
        BuildError: another build is running, archive.db is damaged, or WARC files are gone.
        DecisionError: a line of decisions.jsonl cannot be used.
        OSError, sqlite3.Error: the data folder cannot be written.
    """
    with build_lock(data), RawStore(data / "raw") as store, closing(Work(data / "work.db")) as work:
        registry = Registry.of(given, store.remembered_sites())
        (data / FRESH).unlink(missing_ok=True)  # what a killed rebuild left behind
        if again:
            work.clear()
        return Builder(data, store, work, registry).run(clean, jobs, progress, again=again)


class Builder:
    """One build, with everything it reads and writes."""

    def __init__(self, data: Path, store: RawStore, work: Work, registry: Registry) -> None:
        self.data, self.store, self.work, self.registry = data, store, work, registry
        self.kinship = Kinship(work.db)
        self.decisions: Decisions = decisions_file.read(data / "decisions.jsonl")
        self.places = Places(list(registry.entries.values()))
        self.maker = Maker(registry, self.places, self.decisions)

    def run(self, clean: Clean, jobs: int | None, progress: Progress, *, again: bool) -> Summary:
        """Clean what is new, assemble what it touches, and say what changed."""
        summary = Summary()
        reader = Reader(self.store, self.work, self.registry, clean=clean, jobs=jobs)
        waiting = reader.waiting()
        try:
            for number in reader.run():
                summary.read += number
                progress("cleaning", summary.read, waiting)
        except RecordsMissing as error:
            raise BuildError(str(error)) from None
        self._compare(progress)
        path = self.data / "archive.db"
        before: Counts = {}
        if not again and path.exists():
            before = self._extend(path, progress)
        else:
            self._make(path, progress)
        with closing(sqlite3.connect(path)) as db:
            return summary.compare(before, count(db))

    def _compare(self, progress: Progress) -> None:
        """Give a verdict on every new pair of texts that may be of one report."""
        comparison = Comparison(self.work.db)
        last = number(self.work.mark("compared"))
        total, done = comparison.waiting(last), 0
        batches = comparison.run(last)
        while True:
            with transaction(self.work.db):
                batch = next(batches, None)
                if batch is None:
                    return
                self.work.set_mark("compared", str(batch[0]))
            done += batch[1]
            progress("comparing", done, total)

    def _extend(self, path: Path, progress: Progress) -> Counts:
        """Bring an archive up to date; return its counts before. One of other rules, index or work.db is made anew."""
        try:
            archive = Archive(path)
            done, before = archive.mark("read"), count(archive.db)
        except sqlite3.OperationalError:
            raise
        except sqlite3.DatabaseError as error:
            raise BuildError(f"{path} is damaged or no archive ({error}): run fazhi rebuild") from None
        known = before["reports"].total() - before["reports"]["removed"] == self.kinship.reports()
        if archive.mark("rules") != VERSION or not known or (done and not self._same_index(done)):
            archive.close()
            self._make(path, progress)
            return before
        with closing(archive):
            seen = self._note_sightings(archive.mark("seen"))
            lost, gone = self._note_gone(archive.mark("gone"))
            first, last = number(done), number(self.work.mark("read"))
            for start in range(first, last, STEP) if last > first else ():
                end = min(start + STEP, last)
                touched = self.work.strings(
                    "select distinct address from captures where raw_id > ? and raw_id <= ?", start, end
                )
                with transaction(archive.db), transaction(self.work.db):
                    self._assemble(archive, touched)
                    archive.set_mark("read", self._place(end))
                progress("assembling", end - first, last - first)
            with transaction(archive.db), transaction(self.work.db):
                self._assemble(archive, self._decided(archive) | self._see(archive, seen) | lost)
                archive.set_mark("decisions", self._decision_mark())
                archive.set_mark("gone", gone)
                self._relate(archive, progress)
                self._finish(archive)
        return before

    def _make(self, path: Path, progress: Progress) -> None:
        """Make the whole archive in a new file and swap it in."""
        fresh = path.with_name(FRESH)
        try:
            archive = Archive(fresh, fresh=True)
            with closing(archive):
                seen = self._note_sightings("")
                _, gone = self._note_gone("")
                self.kinship.clear()
                with transaction(archive.db), transaction(self.work.db):
                    addresses = list(self.work.strings("select distinct address from captures order by address"))
                    self._assemble(archive, addresses, progress)
                    archive.set_mark("rules", VERSION)
                    archive.set_mark("read", self.work.mark("read"))
                    archive.set_mark("decisions", self._decision_mark())
                    archive.set_mark("seen", max(seen.values(), default=""))
                    archive.set_mark("gone", gone)
                    self._relate(archive, progress, whole=True)
                    self._finish(archive)
        except BaseException:
            fresh.unlink(missing_ok=True)  # a full disk gets its space back
            raise
        swap(fresh, path)

    def _assemble(self, archive: Archive, addresses: Iterable[str], progress: Progress | None = None) -> None:
        """Assemble every group that one of the addresses belongs to, and write its rows."""
        done: set[str] = set()
        wanted = list(addresses)
        for n, address in enumerate(wanted):
            if address in done:
                continue
            group = closure(self.work, self.decisions, [address], archive.grouped_with)
            done |= group
            rows = self.maker.make(Group().load(self.work, group))
            ids = {name for one in group for name in self.work.strings(IDS, one)}
            urls = {
                url for one in group for url in self.work.strings("select distinct url from captures where address = ?", one)
            }
            archive.replace(rows, ids, urls)
            self.kinship.replace(rows.shown, ids)
            if progress and n % 200 == 0:
                progress("assembling", n, len(wanted))
        archive.settle()

    def _relate(self, archive: Archive, progress: Progress, *, whole: bool = False) -> None:
        """Compare reports with those of other years and governments: those that are new and those they touch, or all."""
        reports = self.kinship.waiting()
        if not whole:
            reports = self.kinship.touched(reports)
        archive.part((report.report_id, report.source_id) for report in reports)
        for n, report in enumerate(reports):
            archive.relate(self.kinship.look_alikes(report), self.kinship.carried(report))
            if n % 200 == 0:
                progress("relating", n, len(reports))
        self.kinship.settle(reports)

    def _decided(self, archive: Archive) -> set[str]:
        """Return the addresses of decisions that were made, changed or taken back since the archive was written."""
        old = json.loads(archive.mark("decisions") or '{"digest": "", "ids": []}')
        if old["digest"] == self.decisions.digest:
            return set()
        names = {name for line in self.decisions.lines for name in line.ids} | set(old["ids"])
        return {address for name in names for address in self.work.strings("select address from ids where source_id = ?", name)}

    def _decision_mark(self) -> str:
        ids = sorted({name for line in self.decisions.lines for name in line.ids})
        return json.dumps({"digest": self.decisions.digest, "ids": ids})

    def _note_sightings(self, after: str) -> dict[str, str]:
        """Bring sightings from a time on to work.db; return them as normalised address -> time."""
        seen: dict[str, str] = {}
        for url, time in self.store.db.execute("select url, time from sightings where time >= ? order by time", (after,)):
            seen[normalise(url)] = time
        self.work.db.execute("begin")
        upsert = "insert into seen values (?, ?) on conflict do update set time = max(time, excluded.time)"
        self.work.db.executemany(upsert, seen.items())
        self.work.db.execute("commit")
        return seen

    def _note_gone(self, after: str) -> tuple[set[str], str]:
        """Bring what revisits found to be error pages to work.db; return the addresses from a time on, and the newest.

        A redirect to the home page or to an error page stands in no record of the address itself; the revisit's verdict does.
        """
        sql = """select url, time from attempts where reason in ('soft_404', 'http_404')
            and run in (select run from runs where spider = 'revisit')"""
        found = [(normalise(url), time) for url, time in self.store.db.execute(sql)]
        self.work.db.execute("begin")
        self.work.db.executemany("insert or ignore into gone values (?, ?)", found)
        self.work.db.execute("commit")
        return {address for address, time in found if time >= after}, max([after, *(time for _, time in found)])

    def _see(self, archive: Archive, seen: dict[str, str]) -> set[str]:
        """Carry new sightings over without assembling anything again; return the addresses that were thought gone."""
        back = {address for address, time in seen.items() if archive.see(self.work.strings(IDS, address), time) == "withdrawn"}
        archive.set_mark("seen", max([archive.mark("seen"), *seen.values()]))
        return back

    def _finish(self, archive: Archive) -> None:
        """Write the tables that follow from all others."""
        archive.make_equal("divisions", self.places.rows())
        archive.make_equal("sites", site_rows(self.store.db, archive.db, self.registry))
        newest = "select max(time) from (select max(time) as time from responses union all select max(time) from attempts)"
        looked = self.store.db.execute(newest).fetchone()[0] or ""
        archive.make_equal("coverage", coverage_rows(archive.db, self.registry, self.places, looked))
        archive.make_equal("crawls", crawl_rows(self.store.db))

    def _place(self, raw_id: int) -> str:
        """Return the mark of a record: its row in the index, and where it is kept, so that another index is recognised."""
        row = self.store.db.execute("select file, offset from responses where id = ?", (raw_id,)).fetchone()
        return f"{raw_id} {row[0]}:{row[1]}" if row else ""

    def _same_index(self, mark: str) -> bool:
        """Whether a mark was made by this raw index, and not by one that was lost and made again in another order."""
        return self._place(number(mark)) == mark


def number(mark: str) -> int:
    """Return the row of a mark, 0 where there is none."""
    return int(mark.partition(" ")[0] or 0)
