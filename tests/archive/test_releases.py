"""Releases: what stands in the folder, that it loads and verifies, and that the same archive gives the same bytes."""

import csv
import gzip
import hashlib
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from sqlite_utils import Database

from archive.release_card import codebook
from archive.release_check import check_release
from archive.release_parts import PARTS, columns
from archive.releases import ReleaseError, next_version, same_data, write_release
from archive.schema import migrations
from archive.search import zh_tokens
from archive.selection import Selection, select

TEXTS = {
    "fz00000000000000a1": ("青禾县", "330000", "浙江省", 2022, "一、成效\n全县收到行政复议申请96件。"),
    "fz00000000000000b2": ("鹤峪县", "429822", "湖北省", 2023, "一、成效\n推行双随机、一公开。“引号”，逗号"),
    "fz00000000000000c3": ("茶岭乡", "539823201", "云南省", 2023, "本乡排查矛盾纠纷。"),
}


@pytest.fixture
def db(tmp_path: Path) -> Iterator[sqlite3.Connection]:
    """An archive of three reports, one of them removed on request; opened for reading as the command does."""
    path = tmp_path / "archive.db"
    made = Database(path)
    migrations.apply(made)
    for n, (report_id, (place, code, province, year, text)) in enumerate(TEXTS.items(), 1):
        title = f"{place}{year}年法治政府建设情况报告"
        removed = place == "茶岭乡"
        made["reports"].insert(
            {
                "id": n, "report_id": report_id, "status": "removed" if removed else "live", "title": title, "report_year": year,
                "issuer": f"{place}人民政府", "division_code": code, "province": province, "published_date": f"{year + 1}-03-01",
                "text": text, "text_sha256": hashlib.sha256(text.encode()).hexdigest(), "quality_flags": '["short_body"]',
                "first_seen": "2026-11-02T08:00:00.123Z", "last_seen": "2026-11-03T08:00:00.000Z",
            }
        )  # fmt: skip
        made["sources"].insert({"source_id": report_id, "report_id": report_id, "first_seen": "2026-11-02T08:00:00.123Z"})
        made.execute("insert into reports_fts(rowid, title, text) values (?, ?, ?)", [n, zh_tokens(title), zh_tokens(text)])
    made["rejected"].insert({"url": "http://www.qinghe.example/a", "reason": "plan", "fetched_at": "2026-11-02T08:00:00.123Z"})
    made.conn.commit()
    made.close()
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as reading:
        yield reading
    reading.close()


def test_release_holds_what_it_says(db: sqlite3.Connection, tmp_path: Path) -> None:
    folder = tmp_path / "release"
    index = write_release(db, folder, "2026.11.0", selection=Selection(), txt=True)
    assert index["rows"] == {
        "reports": 2,
        "metadata": 2,
        "sections": 0,
        "indicators": 0,
        "sources": 2,
        "coverage": 0,
        "excluded": 1,
    }
    assert check_release(folder) == []
    table = pq.read_table(folder / "data/reports/train-00000-of-00001.parquet")
    assert table.column_names == list(columns("reports"))
    assert "text" not in pq.read_table(folder / "data/metadata/train-00000-of-00001.parquet").column_names
    first = table.to_pylist()[0]
    assert (first["published_date"].isoformat(), first["quality_flags"]) == ("2023-03-01", ["short_body"])
    assert first["first_seen"].isoformat() == "2026-11-02T08:00:00.123000+00:00"
    with gzip.open(folder / "metadata.csv.gz") as stream:
        raw = stream.read()
    assert raw.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(raw.decode("utf-8-sig").splitlines()))
    assert [row["report_id"] for row in rows] == sorted(TEXTS)[:2]
    with gzip.open(folder / "jsonl/reports-00000.jsonl.gz", "rt", encoding="utf-8") as stream:
        assert [json.loads(line)["text"] for line in stream] == [TEXTS[key][4] for key in sorted(TEXTS)[:2]]
    assert (folder / "txt/2022_330000_fz00000000000000a1.txt").read_text("utf-8").startswith("青禾县2022年")
    assert "茶岭" not in "".join(path.read_bytes().decode("utf-8", "ignore") for path in folder.rglob("*") if path.is_file())


def test_sums_are_those_of_sha256sum(db: sqlite3.Connection, tmp_path: Path) -> None:
    write_release(db, tmp_path / "r", "2026.11.0", selection=Selection())
    subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=tmp_path / "r", check=True)


def test_the_same_archive_gives_the_same_bytes(db: sqlite3.Connection, tmp_path: Path) -> None:
    for name in ("a", "b"):
        write_release(db, tmp_path / name, "2026.11.0", selection=Selection())
    assert (tmp_path / "a/SHA256SUMS").read_bytes() == (tmp_path / "b/SHA256SUMS").read_bytes()
    assert same_data(tmp_path / "a", tmp_path / "b")


@pytest.mark.slow
@pytest.mark.parametrize("part", ["reports", "metadata", "sources", "excluded"])
def test_load_dataset(db: sqlite3.Connection, tmp_path: Path, part: str) -> None:
    """In a process of its own, offline: the card's `configs:` are what makes the folder load."""
    write_release(db, tmp_path / "release", "2026.11.0", selection=Selection())
    program = (
        "import sys, datasets\n"
        "found = datasets.load_dataset(sys.argv[1], sys.argv[2], split='train')\n"
        "assert datasets.get_dataset_config_names(sys.argv[1]) == ['reports', 'metadata', 'sources', 'excluded']\n"
        "print(len(found), ' '.join(found.column_names))"
    )
    way = {**os.environ, "HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path / "hf")}
    command = [sys.executable, "-c", program, str(tmp_path / "release"), part]
    done = subprocess.run(command, env=way, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    count, *names = done.stdout.split()
    assert (int(count), names) == (pq.read_table(tmp_path / f"release/data/{part}").num_rows, list(columns(part)))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"province": "浙江"}, ["a1"]),
        ({"province": "湖北省"}, ["b2"]),
        ({"province": "42"}, ["b2"]),
        ({"year": 2022}, ["a1"]),
        ({"query": "双随机一公开"}, ["b2"]),
        ({"query": "行政復議", "year": 2022}, ["a1"]),
    ],
)
def test_part_of_a_release(db: sqlite3.Connection, tmp_path: Path, asked: dict[str, object], found: list[str]) -> None:
    write_release(db, tmp_path / "r", "2026.11.0", selection=select(**asked))
    rows = pq.read_table(tmp_path / "r/data/reports").to_pylist()
    assert [row["report_id"][-2:] for row in rows] == found
    assert pq.read_table(tmp_path / "r/data/excluded").num_rows == 0


def test_nothing_selected_and_nothing_overwritten(db: sqlite3.Connection, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="year 1999"):
        write_release(db, tmp_path / "r", "2026.11.0", selection=select(year=1999))
    assert not (tmp_path / "r").exists()
    write_release(db, tmp_path / "r", "2026.11.0", selection=Selection())
    with pytest.raises(ReleaseError, match="never rewritten"):
        write_release(db, tmp_path / "r", "2026.11.0", selection=Selection())


def test_version_follows_the_newest_capture(db: sqlite3.Connection, tmp_path: Path) -> None:
    assert next_version(db, tmp_path) == "2026.11.0"
    (tmp_path / "2026.11.0").mkdir()
    assert next_version(db, tmp_path) == "2026.11.1"


@pytest.mark.parametrize("damage", ["change", "delete", "add", "text"])
def test_check_finds_damage(db: sqlite3.Connection, tmp_path: Path, damage: str) -> None:
    folder = tmp_path / "r"
    write_release(db, folder, "2026.11.0", selection=Selection())
    target = folder / "data/metadata/train-00000-of-00001.parquet"
    match damage:
        case "change":
            target.write_bytes(target.read_bytes()[:-1] + b"x")
        case "delete":
            target.unlink()
        case "add":
            (folder / "extra.txt").write_text("x")
        case "text":
            (folder / "index.json").write_text("{}")
    assert len(check_release(folder)) == 1


def test_no_release_is_no_release(tmp_path: Path) -> None:
    assert "no SHA256SUMS" in check_release(tmp_path)[0]


def test_codebook_names_every_column() -> None:
    text = codebook()
    assert all(f"| {name} |" in text for part in PARTS for name in columns(part))
