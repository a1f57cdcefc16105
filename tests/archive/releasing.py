"""What the tests of releases share: an archive with everything a release must tell apart, and how a folder is read whole."""

import csv
import gzip
import hashlib
import json
import sqlite3
from contextlib import closing, contextmanager
from pathlib import Path

import pyarrow as pa
import pytest
from making import capture, fz, make, page

from archive.decisions import Decision, append
from archive.places import Places
from archive.read import open_archive
from archive.releases import publish
from archive.selection import select

REGISTRY = [
    {"id": "linxi", "name": "临溪县人民政府", "code": "330799", "home": "http://www.linxi.gov.cn/"},
    {"id": "wanghai", "name": "望海市人民政府", "code": "420799", "home": "http://www.wanghai.gov.cn/"},
]
COUNTY, CITY = "http://www.linxi.gov.cn/a/{}.html", "http://www.wanghai.gov.cn/a/{}.html"
#: The report that is removed on request, and a sentence of it that no file may hold.
REMOVED, SECRET = COUNTY.format("secret"), "云渡镇的这一句谁也不应再读到"
WHY = "asked by the issuer on 3 May 2026"


def county(seed, year=2023, **given):
    """Return the page of a report of 临溪县."""
    place = {"issuer": "临溪县人民政府", "level": "county", "division_code": "330799", "province": "浙江省", "place": "临溪县"}
    return page(seed, year=year, **{**place, **given})


def city(seed, year=2023, **given):
    """Return the page of a report of 望海市."""
    place = {"issuer": "望海市人民政府", "level": "county", "division_code": "420799", "province": "湖北省", "place": "望海市"}
    return page(seed, year=year, **{**place, **given})


CAPTURES = [
    capture(COUNTY.format(2023), county(1), day=3, site="linxi"),
    capture(COUNTY.format(2022), county(2, 2022), day=2, site="linxi"),
    capture("http://www.news.example/copy.html", county(1), day=5),
    capture(CITY.format(2023), city(3, quality_flags=["short_body", "folded_punctuation"]), day=4, site="wanghai"),
    capture(CITY.format("plan"), city(4, genre="plan", genre_detail="方案"), day=4, site="wanghai"),
    capture(
        REMOVED,
        page(5, place="云渡镇", text=f"2023年，云渡镇法治建设有序推进。\n{SECRET}。\n二、问题\n人员不足。"),
        day=3,
        site="linxi",
    ),
]


def archive(data, captures=CAPTURES, *, removed=True, **options):
    """Make an archive of captures, with one report removed on request."""
    data.mkdir(parents=True, exist_ok=True)
    if removed and not (data / "decisions.jsonl").exists():
        decided(data, "remove", [fz(REMOVED)], WHY)
    with few_divisions():
        make(data, captures, REGISTRY, **options)
    return data


@contextmanager
def few_divisions():
    """Let builds write a handful of divisions instead of 45,000, so that a release is quickly written."""
    every = Places.rows
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Places, "rows", lambda self: list(every(self))[:20])
        yield


def decided(data, kind, ids, why="because"):
    """Write a decision of a person."""
    append(data / "decisions.jsonl", Decision(decision=kind, ids=ids, who="lin", when="2026-05-03T08:00:00.000Z", why=why))


def dump(data, *, asked=None, **options):
    """Write a release of an archive and return (folder, index)."""
    with closing(open_archive(data / "archive.db")) as db:
        return publish(db, data, selection=select(**(asked or {})), **options)


def lines(path):
    """Return the records of a JSONL file."""
    with gzip.open(path, "rt", encoding="utf-8") as stream:
        return [json.loads(line) for line in stream]


def reports(folder):
    """Return the reports of a release by id, as JSONL has them."""
    return {row["report_id"]: row for path in sorted(folder.glob("jsonl/*.gz")) for row in lines(path)}


def table(folder):
    """Return metadata.csv.gz as a list of dicts."""
    with gzip.open(folder / "metadata.csv.gz", "rt", encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream, strict=True))


def unpacked(folder, target):
    """Unpack archive.db.zst and open it."""
    with pa.input_stream(str(folder / "archive.db.zst"), compression="zstd") as packed:
        target.write_bytes(packed.read())
    return closing(sqlite3.connect(target))


def sums(folder):
    """Return path -> sum of every file of a folder."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def seal(folder: Path):
    """Make index.json and SHA256SUMS fit files that were tampered with."""
    index = json.loads((folder / "index.json").read_text("utf-8"))
    for file in index["files"]:
        path = folder / file["path"]
        file |= {"bytes": path.stat().st_size, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
    (folder / "index.json").write_text(json.dumps(index), "utf-8")
    (folder / "SHA256SUMS").unlink()
    (folder / "SHA256SUMS").write_text("".join(f"{digest}  {path}\n" for path, digest in sums(folder).items()), "utf-8")
