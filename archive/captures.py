"""Reading the raw store: every record not read yet is cleaned, in several processes, and kept in work.db."""

from __future__ import annotations

import multiprocessing
import os
import threading
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Executor, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from archive.ids import URN, normalise
from archive.raw import RawStore, Response
from archive.registry import Entry, Registry
from archive.sketch import Sketch
from archive.warc import read_capture
from archive.work import Cleaned, Taken, Work
from cleaning.document import Document

Clean = Callable[..., Document]

#: Records of one transaction of work.db; a kill repeats no more than these.
BATCH = 400
#: Fewer documents than this for a process do not pay its start (about two seconds of imports).
LEAST_A_PROCESS = 40
#: Genres of a page that may be nothing but the cover of an attachment.
COVERS = ("report", "empty_body", "not_a_report")
#: What is no document, in a WARC that somebody else made: never cleaned.
NO_DOCUMENT = ("image/", "video/", "audio/", "font/", "text/css", "text/javascript", "application/javascript",
               "application/x-javascript", "application/json", "application/font", "text/dns")  # fmt: skip


class RecordsMissing(Exception):
    """The index names WARC files that are not there: cleaning would take all their pages for unreadable."""


@dataclass(frozen=True, kw_only=True)
class Task:
    """One payload to clean: where it is kept, and what is told about it."""

    path: Path
    offset: int
    url: str
    type: str
    site: Entry | None
    listing: dict[str, str]


def clean_task(clean: Clean, task: Task) -> Cleaned:
    """Read a payload and clean it, in whatever process. What cannot be read or cleaned becomes an `unreadable` Document."""
    url = "" if task.url.startswith(URN) else task.url
    try:
        path = task.path if task.path.exists() else task.path.with_name(task.path.name + ".open")
        body = read_capture(path, task.offset).payload()
        document = clean(body, url=url, content_type=task.type, site=task.site, listing=task.listing)
    except Exception as error:  # one page must not end a build of a million: it is counted as rejected, with the message
        detail = f"{type(error).__name__}: {' '.join(str(error).split())}"
        return Cleaned(kind="other", core=None, document=Document(genre="unreadable", genre_detail=detail, url=url).finish())
    return sort_out(document)


def sort_out(document: Document) -> Cleaned:
    """Decide what a Document is for the archive; the text of one that is of no use is not kept."""
    attachment_only = "attachment_only" in document.quality_flags or document.genre == "empty_body"
    if document.attachments and attachment_only and document.genre in COVERS:
        return Cleaned(kind="stub", core=None, document=document)
    if document.genre == "report":
        sketch = Sketch.of(document.text)
        return Cleaned(kind="report", core=sketch.exact, document=document, sketch=sketch)
    return Cleaned(kind="other", core=None, document=replace(document, text="", sections=[]))


def is_candidate(row: Response) -> bool:
    """Whether a record may hold a document: a page, an attachment, or anything imported that is not plainly something else."""
    return row.role in ("page", "attachment") or (row.role == "" and not (row.type or "").lower().startswith(NO_DOCUMENT))


def take(row: Response) -> Taken:
    """Make what work.db keeps of an index row."""
    return Taken(
        raw_id=row.id,
        address=normalise(row.url),
        payload=row.payload_digest,
        url=row.url,
        time=row.time,
        status=row.status,
        type=row.type,
        site=row.site,
        role=row.role,
        via=row.via,
        link_text=row.link_text,
        link_date=row.link_date,
        filename=row.filename,
        file=row.file,
        offset=row.offset,
    )


class Reader:
    """Brings work.db up to date with the raw store."""

    def __init__(self, store: RawStore, work: Work, registry: Registry, *, clean: Clean, jobs: int | None = None) -> None:
        """`jobs`: processes that clean; one cleans in this process, None takes every core."""
        self.store, self.work, self.registry, self.clean = store, work, registry, clean
        self.jobs = jobs or os.cpu_count() or 1

    def waiting(self) -> int:
        """Return how many records were not read yet; forget everything where the raw index was made anew."""
        last, _, place = self.work.mark("read").partition(" ")
        if last:
            row = next(self.store.responses(after=int(last) - 1, where="id = ?", values=(int(last),)), None)
            if row is None or f"{row.file}:{row.offset}" != place:
                self.work.clear()
        return int(self.store.db.execute("select count(*) from responses where id > ?", (self._last(),)).fetchone()[0])

    def _last(self) -> int:
        return int(self.work.mark("read").partition(" ")[0] or 0)

    def run(self) -> Iterator[int]:
        """Read what waits, batch by batch, and yield the size of every batch once it is kept.

        Raises:
            RecordsMissing: a WARC file of theirs is gone.
        """
        if gone := self.store.missing(self._last()):
            raise RecordsMissing(
                f"{len(gone)} files of raw records are gone from {self.store.folder} ({gone[0]} …): put them back,"
                f" or delete {self.store.folder / 'index.db'} to go on without them"
            )
        processes = min(self.jobs, self.waiting() // LEAST_A_PROCESS)
        with pool(processes if processes > 1 else 0) as executor:
            while rows := list(islice(self.store.responses(after=self._last()), BATCH)):
                self._batch(rows, executor)
                yield len(rows)

    def _batch(self, rows: list[Response], executor: Executor | None) -> None:
        """Keep a batch: its captures, what cleaning makes of new payloads, and the mark, in one transaction."""
        db = self.work.db
        db.execute("begin immediate")
        touched: dict[tuple[str, str], None] = {}
        for row in rows:
            if is_candidate(row):
                taken = take(row)
                self.work.add(taken)
                if taken.role == "attachment" and taken.via:
                    link = (normalise(taken.via), "", taken.address, 10_000)
                    db.execute("insert or ignore into links values (?, ?, ?, ?)", link)
                if taken.readable:
                    touched[taken.address, taken.payload] = None
        chosen = []
        for address, payload in touched:
            best = min((t for t in self.work.captures(address, payload) if t.readable), key=lambda t: t.rank)
            if self.work.context(address, payload) != best.context:
                chosen.append(best)
        for taken, cleaned in zip(chosen, self._cleaned(chosen, executor), strict=True):
            addresses = [normalise(urljoin(taken.url, item.url)) for item in cleaned.document.attachments]
            useful = cleaned.kind != "other"
            self.work.put(taken.address, taken.payload, taken.context, cleaned, addresses if useful else ())
        self.work.set_mark("read", f"{rows[-1].id} {rows[-1].file}:{rows[-1].offset}")
        db.execute("commit")

    def _cleaned(self, chosen: list[Taken], executor: Executor | None) -> Iterable[Cleaned]:
        tasks = [self._task(taken) for taken in chosen]
        if executor is None:
            return (clean_task(self.clean, task) for task in tasks)
        try:
            size = max(1, min(16, len(tasks) // (self.jobs * 4)))
            return list(executor.map(clean_task, [self.clean] * len(tasks), tasks, chunksize=size))
        except (
            BrokenProcessPool
        ):  # a library took a worker down with it: find the page by cleaning each in a process of its own
            return [alone(self.clean, task) for task in tasks]

    def _task(self, taken: Taken) -> Task:
        return Task(
            path=self.store.folder / taken.file,
            offset=taken.offset,
            url=taken.url,
            type=taken.type,
            site=self.registry.entry(self.registry.site(taken.site, taken.url)),
            listing={"title": taken.link_text, "date": taken.link_date, "name": taken.filename or taken.link_text},
        )


def alone(clean: Clean, task: Task) -> Cleaned:
    """Clean in a process of its own; a page that kills it is `unreadable`."""
    try:
        with pool(1) as executor:
            assert executor is not None
            return executor.submit(clean_task, clean, task).result()
    except BrokenProcessPool:
        gone = Document(genre="unreadable", genre_detail="cleaning it killed the process", url=task.url)
        return Cleaned(kind="other", core=None, document=gone.finish())


@contextmanager
def pool(processes: int) -> Iterator[Executor | None]:
    """Yield a pool of processes, None where there is no use for one.

    Spawned, not forked: a forked worker would inherit the build lock and hold it after its parent was killed.
    """
    if processes < 1:
        yield None
        return
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(processes, mp_context=context, initializer=end_with_parent) as executor:
        yield executor


def end_with_parent() -> None:
    """Make this worker end when its parent is killed; it would wait for work for ever."""
    parent: Any = multiprocessing.parent_process()

    def wait() -> None:
        parent.join()
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()
