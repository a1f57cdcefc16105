"""What of a site goes into a WACZ file: which records of the raw store, what its index says of them, and its list of pages."""

from __future__ import annotations

import gzip
import json
import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from hashlib import sha256
from io import BytesIO
from uuid import NAMESPACE_URL, uuid5

from warcio.warcwriter import WARCWriter

from archive.ids import normalise
from archive.raw import RawStore
from archive.registry import Registry
from archive.surt import surt
from archive.warc import read_capture

#: Lines of the index in one gzip member.
LINES = 3000
GOOD = "(status is null or status between 200 and 299)"


@dataclass(frozen=True)
class Member:
    """A record of the raw store that is a gzip member of a WARC file. `revisit`: a revisit record, which has no body."""

    url: str
    time: str
    status: int | None
    type: str
    file: str
    offset: int
    length: int
    revisit: bool


def members(db: sqlite3.Connection, store: RawStore, registry: Registry, site: str) -> list[Member]:
    """Return the records of a site by time, without those of reports that were removed.

    Left out is every capture of an address of a removed report, and every other capture of the same bytes.
    """
    urls = "select url from sources where report_id in (select report_id from reports where status = 'removed')"
    removed = {normalise(url) for (url,) in db.execute(urls)}
    payloads = {
        digest
        for url, digest in (store.db.execute(f"select url, payload_digest from responses where {GOOD}") if removed else ())
        if normalise(url) in removed
    }
    found = []
    rows = store.db.execute(
        "select url, time, status, type, file, offset, length, site, payload_digest, url as refers, 0 from responses union all"
        " select url, time, status, '', file, offset, length, site, '', refers_to_url, 1 from revisits"
    )
    for url, time, status, kind, file, offset, length, named, payload, refers, revisit in rows:
        if registry.site(named or "", url) != site or payload in payloads:
            continue
        if not removed & {normalise(url), normalise(refers)}:
            found.append(Member(url, time, status, kind or "", file, offset, length, bool(revisit)))
    return sorted(found, key=lambda member: (member.time, member.url, member.file, member.offset))


def warcinfo(title: str, newest: str) -> bytes:
    """Return the first record of the WARC file, as a gzip member: what made it, and of what."""
    fields = {
        "software": "fazhi-archive",
        "format": "WARC File Format 1.1",
        "description": f"captures of {title} up to {newest}",
    }
    name = uuid5(NAMESPACE_URL, f"{title} {newest}")
    writer = WARCWriter(buffer := BytesIO(), gzip=False, warc_version="1.1")
    record = writer.create_warcinfo_record("data.warc.gz", fields)
    record.rec_headers.replace_header("WARC-Record-ID", f"<urn:uuid:{name}>")
    record.rec_headers.replace_header("WARC-Date", newest)
    writer.write_record(record)
    return gzip.compress(buffer.getvalue(), mtime=0)


def index_line(store: RawStore, member: Member, offset: int) -> str:
    """Return the CDXJ line of a record that stands at an offset of the WARC file.

    Raises:
        OSError, ValueError: the record cannot be read.
    """
    capture = read_capture(store.path(member.file), member.offset, revisits=True)
    refers = capture.refers or capture.as_reference()
    said = {
        "url": member.url,
        "mime": "warc/revisit" if member.revisit else member.type.partition(";")[0].strip().lower() or "unk",
        **({} if member.status is None else {"status": str(member.status)}),
        "digest": refers.digest,
        "length": str(member.length),
        "offset": str(offset),
        "filename": "data.warc.gz",
    }
    return f"{surt(member.url)} {stamp(member.time)} {json.dumps(said)}\n"


def stamp(time: str) -> str:
    """Return a time as an index of captures writes it: YYYYMMDDhhmmss."""
    return "".join(letter for letter in time[:19] if letter.isdigit())


def packed(lines: list[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the sorted lines of an index in gzip members, each with the key of its first line."""
    for start in range(0, len(lines), LINES):
        block = lines[start : start + LINES]
        yield block[0].partition(" {")[0], gzip.compress("".join(block).encode(), mtime=0)


def summary(blocks: Iterable[tuple[str, bytes]]) -> bytes:
    """Return the index of the index: where each gzip member of index.cdx.gz begins."""
    said = ["!meta 0 " + json.dumps({"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"})]
    offset = 0
    for key, block in blocks:
        digest = f"sha256:{sha256(block).hexdigest()}"
        said.append(
            f"{key} {json.dumps({'offset': offset, 'length': len(block), 'digest': digest, 'filename': 'index.cdx.gz'})}"
        )
        offset += len(block)
    return "".join(f"{line}\n" for line in said).encode()


def pages(db: sqlite3.Connection, found: Iterable[Member]) -> bytes:
    """Return pages.jsonl: the newest good capture of every place where a report was found, with the report's title."""
    titles = {
        normalise(url): (name, title)
        for name, url, title in db.execute(
            "select source_id, s.url, r.title from sources s join reports r using (report_id) where r.status <> 'removed'"
        )
    }
    newest = {normalise(one.url): one for one in found if not one.revisit and (one.status is None or 200 <= one.status < 300)}
    said = [{"format": "json-pages-1.0", "id": "pages", "title": "Reports"}]
    for address in sorted(newest.keys() & titles.keys()):
        name, title = titles[address]
        said.append({"id": name, "url": newest[address].url, "ts": newest[address].time, "title": title or newest[address].url})
    return "".join(json.dumps(line, ensure_ascii=False) + "\n" for line in said).encode()
