"""WACZ 1.1.1: the captures of one site as a file that replay tools open and `fazhi import` takes back.

The records are copied byte for byte from data/raw; those of removed reports are left out. The same captures give the same file.
The form is that of https://specs.webrecorder.net/wacz/1.1.1/ with the compressed index of py-wacz.
"""

from __future__ import annotations

import json
import sqlite3
import zipfile
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from archive.raw import RawStore
from archive.registry import Registry
from archive.wacz_records import Member, index_line, members, packed, pages, summary, warcinfo

WARC = "archive/data.warc.gz"
#: ZIP knows no time before.
EPOCH = (1980, 1, 1, 0, 0, 0)


class WaczError(Exception):
    """A site that cannot be exported; the message says why."""


def export(db: sqlite3.Connection, store: RawStore, registry: Registry, site: str, path: Path) -> int:
    """Write the captures of a site into a WACZ file and return how many there are. It appears whole or not at all.

    Args:
        db: the archive, open for reading: it knows titles, and which reports were removed.
        store: the raw store.
        registry: says which site a capture belongs to.
        site: id of a registry entry.
        path: the file; one that is there is replaced.

    Raises:
        WaczError: there is no capture of that site, or one cannot be read.
        OSError, sqlite3.Error: something cannot be read or written.
    """
    found = members(db, store, registry, site)
    if not found:
        raise WaczError(f"no capture of {site!r}: fazhi status tells which sites were visited")
    title = registry.entries[site]["name"] if site in registry.entries else site
    newest = found[-1].time
    partial = path.with_name(f".{path.name}.partial")
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with zipfile.ZipFile(partial, "w") as parcel:
            lines: list[str] = []
            resources = [_add(parcel, WARC, _records(store, title, newest, found, lines))]
            blocks = list(packed(sorted(lines)))
            resources.append(_add(parcel, "indexes/index.cdx.gz", (block for _, block in blocks)))
            resources.append(_add(parcel, "indexes/index.idx", [summary(blocks)]))
            resources.append(_add(parcel, "pages/pages.jsonl", [pages(db, found)]))
            package = {"profile": "data-package", "wacz_version": "1.1.1", "software": "fazhi-archive", "title": title,
                       "created": newest, "resources": resources}  # fmt: skip
            described = _add(parcel, "datapackage.json", [_json(package)])
            _add(parcel, "datapackage-digest.json", [_json({"path": described["path"], "hash": described["hash"]})])
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return len(found)


def _records(store: RawStore, title: str, newest: str, found: list[Member], lines: list[str]) -> Iterator[bytes]:
    """Yield the gzip members of the WARC file, and note the lines of its index."""
    first = warcinfo(title, newest)
    yield first
    offset = len(first)
    for member in found:
        try:
            lines.append(index_line(store, member, offset))
            with store.path(member.file).open("rb") as stream:
                stream.seek(member.offset)
                yield stream.read(member.length)
        except (FileNotFoundError, ValueError) as error:
            raise WaczError(f"{store.folder / member.file} cannot be read ({error}): bring the file back, or rebuild") from None
        offset += member.length


def _add(parcel: zipfile.ZipFile, name: str, blocks: Iterable[bytes]) -> dict[str, Any]:
    """Write a member of the ZIP file, stored as it is so that readers can take parts of it; return what is said of it."""
    digest, size = sha256(), 0
    with parcel.open(zipfile.ZipInfo(name, EPOCH), "w", force_zip64=name == WARC) as stream:
        for block in blocks:
            stream.write(block)
            digest.update(block)
            size += len(block)
    return {"name": name.rpartition("/")[2], "path": name, "hash": f"sha256:{digest.hexdigest()}", "bytes": size}


def _json(value: dict[str, Any]) -> bytes:
    return (json.dumps(value, ensure_ascii=False, indent=2) + "\n").encode()
