"""The releases that a data folder offers for download: what their index.json says, and the files it names."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

VERSION = re.compile(r"[0-9]{4}\.[0-9]{1,2}\.[0-9]+")
#: Files of a release that people look for, in the order in which they are offered; the rest follow by path.
FIRST = ("README.md", "CODEBOOK.md", "CHANGELOG.md", "LICENSE.md", "CITATION.cff", "metadata.csv.gz", "archive.db.zst",
         "SHA256SUMS", "index.json")  # fmt: skip


@dataclass(frozen=True)
class File:
    """A file of a release; `sha256` and `rows` are None where the index does not tell."""

    path: str
    size: int
    sha256: str | None = None
    rows: int | None = None


@dataclass(frozen=True)
class Release:
    """A release. `counts`: part -> rows; `selection`: which reports it holds, in words; `folder`: where its files are."""

    version: str
    previous: str | None
    built_at: str
    selection: str
    counts: dict[str, int]
    files: dict[str, File]
    folder: Path

    @property
    def size(self) -> int:
        """Bytes of all its files."""
        return sum(file.size for file in self.files.values())

    def path_of(self, name: str) -> Path | None:
        """Return where a file of the release is; None where the release names none of that name, or it is not there."""
        path = self.folder / name
        inside = name in self.files and path.resolve().is_relative_to(self.folder.resolve())
        return path if inside and path.is_file() else None


def releases(folder: Path) -> list[Release]:
    """Return the releases in a folder (data/releases), the newest first; folders without a readable index are left out."""
    found = []
    for path in folder.glob("*/index.json"):
        stat = path.stat()
        release = _read(path, stat.st_mtime_ns, stat.st_size)
        if release:
            found.append(release)
    return sorted(found, key=lambda release: tuple(map(int, release.version.split("."))), reverse=True)


@lru_cache(maxsize=256)
def _read(path: Path, modified: int, size: int) -> Release | None:
    """Return the release of an index.json; read again when the file changed. None where it is the index of none."""
    try:
        index: dict[str, Any] = json.loads(path.read_text("utf-8"))
        version = str(index["version"])
        listed = {
            one["path"]: File(one["path"], int(one["bytes"]), one.get("sha256"), one.get("rows")) for one in index["files"]
        }
        counts = {str(part): int(rows) for part, rows in (index.get("counts") or index.get("rows") or {}).items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    if not VERSION.fullmatch(version) or version != path.parent.name:
        return None
    for name in ("index.json", "SHA256SUMS"):  # these two are in no list: they hold it
        beside = path.with_name(name)
        if name not in listed and beside.is_file():
            listed[name] = File(name, beside.stat().st_size)
    order = sorted(listed, key=lambda name: (FIRST.index(name) if name in FIRST else len(FIRST), name))
    return Release(
        version=version,
        previous=index.get("previous"),
        built_at=str(index.get("built_at") or ""),
        selection=str(index.get("selection") or ""),
        counts=counts,
        files={name: listed[name] for name in order},
        folder=path.parent,
    )
