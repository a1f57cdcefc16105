"""Releases: what stands in the folder, that removed reports stand nowhere, and that the same archive gives the same bytes."""

import csv
import gzip
import hashlib
import json
import os
import random
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from making import capture, clean, fz, make, rows
from releasing import (
    CAPTURES,
    CITY,
    COUNTY,
    REGISTRY,
    REMOVED,
    SECRET,
    WHY,
    archive,
    county,
    decided,
    dump,
    few_divisions,
    lines,
    reports,
    sums,
    table,
    unpacked,
)

from archive import release_files
from archive.build import build
from archive.release_card import codebook
from archive.release_check import check_release
from archive.release_files import text_name
from archive.release_parts import PARTS
from archive.release_read import ReleaseError, read_rows
from archive.releases import next_version, writing
from archive.schema import TABLES
from archive.search import search
from archive.selection import Selection
from fazhi import main

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """An archive: three reports and a copy, a plan, and a report that was removed."""
    return archive(tmp_path_factory.mktemp("data"))


@pytest.fixture(scope="module")
def release(data, tmp_path_factory):
    """A release of all of it, and its index."""
    return dump(data, out=tmp_path_factory.mktemp("out") / "release", txt=True)


def test_layout(release):
    folder, index = release
    beside = {path.name for path in folder.iterdir()}
    assert beside == {
        "README.md", "LICENSE.md", "CITATION.cff", "CHANGELOG.md", "CODEBOOK.md", "datapackage.json", "croissant.json", "index.json",
        "SHA256SUMS", "data", "metadata.csv.gz", "jsonl", "archive.db.zst", "txt",
    }  # fmt: skip
    assert {path.parent.name for path in folder.glob("data/*/train-00000-of-00001.parquet")} == set(PARTS)
    assert PARTS.keys() >= (TABLES.keys() - {"rejected"}) | {"metadata", "excluded"}
    assert check_release(folder) == []
    assert json.loads((folder / "index.json").read_text("utf-8")) == index
    subprocess.run(["sha256sum", "--check", "--quiet", "--strict", "SHA256SUMS"], cwd=folder, check=True)


def test_index(data, release):
    folder, index = release
    newest = rows(data, "select max(last_seen) as t from sources")[0]["t"]
    assert (index["version"], index["previous"], index["built_at"]) == (newest[:7].replace("-", ".") + ".0", None, newest)
    assert index["counts"]["reports"] == index["counts"]["metadata"] == 3
    assert index["counts"]["sources"] == 4
    assert index["counts"]["excluded"] == 2
    assert index["last_success"] == {row["id"]: row["last_success"] for row in rows(data, "select id, last_success from sites")}
    assert index["last_success"].keys() == {"linxi", "wanghai"}
    files = {file["path"]: file for file in index["files"]}
    assert files.keys() == sums(folder).keys() - {"index.json", "SHA256SUMS"}
    for path, digest in sums(folder).items():
        if path in files:
            assert (files[path]["sha256"], files[path]["bytes"]) == (digest, (folder / path).stat().st_size)
    assert files["jsonl/reports-00000.jsonl.gz"]["rows"] == files["metadata.csv.gz"]["rows"] == 3
    assert "rows" not in files["README.md"]


def test_types_come_from_the_schema(release):
    reports = pq.read_table(release[0] / "data/reports")
    assert reports.column_names == [name for name in TABLES["reports"].columns if name != "id"]
    types = {field.name: str(field.type) for field in reports.schema}
    assert {types[name] for name in ("published_date", "signed_date", "withdrawn_on")} == {"date32[day]"}
    assert types["first_seen"] == "timestamp[ms, tz=UTC]"
    assert (types["quality_flags"], types["report_year"], types["title"]) == ("list<element: string>", "int64", "string")
    assert pq.read_schema(release[0] / "data/sites/train-00000-of-00001.parquet").names[0] == "id"
    assert str(pq.read_schema(release[0] / "data/crawls/train-00000-of-00001.parquet").field("finished").type).startswith(
        "time"
    )


def test_parquet_jsonl_and_csv_say_what_the_archive_says(data, release):
    folder = release[0]
    true = rows(data, "select * from reports where status <> 'removed' order by report_id")
    for row in true:
        del row["id"]
        row["quality_flags"] = json.loads(row["quality_flags"])
    assert list(read_rows(folder, "reports")) == true
    assert list(reports(folder).values()) == true
    with gzip.open(folder / "metadata.csv.gz") as stream:
        raw = stream.read()
    assert raw.startswith("\ufeffreport_id,status,".encode())
    assert raw.count(b"\r\n") == 4
    shown = [{name: "" if value is None else " ".join(value) if isinstance(value, list) else str(value)
              for name, value in row.items() if name != "text"} for row in true]  # fmt: skip
    assert table(folder) == shown
    assert "folded_punctuation short_body" in {row["quality_flags"] for row in table(folder)}
    for part in ("sections", "sources", "versions", "coverage", "divisions", "sites", "crawls", "verdicts", "indicators"):
        names = ", ".join(TABLES[part].columns)
        live = " where report_id <> ?" if part in ("sources", "versions") else ""
        kept = rows(data, f"select {names} from {part}{live}", *([fz(REMOVED)] if live else []))
        assert sorted(map(repr, read_rows(folder, part))) == sorted(map(repr, kept)), part


def test_rows_are_sorted_by_their_keys(release):
    for name, part in PARTS.items():
        keys = [[(row[column] is not None, row[column]) for column in part.order] for row in read_rows(release[0], name)]
        assert keys == sorted(keys), name


def everything(folder, place):
    """Return all that can be read from the files of a release: bytes, unpacked bytes, and the values of Parquet."""
    for path in folder.rglob("*"):
        if path.suffix == ".gz":
            yield gzip.decompress(path.read_bytes())
        elif path.suffix == ".parquet":
            yield str(pq.read_table(path).to_pylist()).encode()
        elif path.is_file():
            yield path.read_bytes()
    with unpacked(folder, place / "archive.db"):
        yield (place / "archive.db").read_bytes()


def test_a_removed_report_stands_in_excluded_only(data, release, tmp_path):
    folder = release[0]
    excluded = {row["report_id"]: row for row in read_rows(folder, "excluded")}
    gone = excluded[fz(REMOVED)]
    assert (gone["url"], gone["site"], gone["reason"], gone["detail"]) == (REMOVED, "linxi", "removed", WHY)
    page = excluded[None]
    assert (page["url"], page["reason"], page["detail"]) == (CITY.format("plan"), "plan", "方案")
    assert "text" not in gone
    for content in everything(folder, tmp_path):
        assert SECRET.encode() not in content
        assert "云渡镇人民政府2023年".encode() not in content
    for part in PARTS:
        if part not in ("excluded", "coverage"):
            assert all(row.get("report_id") != fz(REMOVED) for row in read_rows(folder, part)), part


def test_a_removal_that_the_archive_does_not_know_yet_holds(tmp_path):
    data = archive(tmp_path / "data", removed=False)
    decided(data, "remove", [fz(REMOVED)], WHY)
    folder, index = dump(data, out=tmp_path / "release")
    assert index["counts"]["reports"] == 3
    assert [row["detail"] for row in read_rows(folder, "excluded") if row["reason"] == "removed"] == [WHY]
    assert all(SECRET.encode() not in content for content in everything(folder, tmp_path))
    assert check_release(folder) == []


def test_the_database_is_that_of_a_rebuild(data, release, tmp_path):
    with unpacked(release[0], tmp_path / "archive.db") as db:
        db.row_factory = sqlite3.Row
        assert db.execute("pragma integrity_check").fetchone()[0] == "ok"
        db.execute("insert into reports_fts(reports_fts) values ('integrity-check')")
        assert search(db, "执法力量")["total"] == 3
        held = [tuple(row) for row in db.execute("select id, report_id, status, text from reports order by id")]
        assert [row[0] for row in held] == [1, 2, 3, 4]
        assert [row[1:] for row in held if row[2] == "removed"] == [(fz(REMOVED), "removed", "")]
        dates = [row[0] for row in db.execute("select published_date from reports order by id")]
        assert dates == sorted(dates)
        assert db.execute("select count(*) from rejected").fetchone()[0] == 1
        assert {name for (name,) in db.execute("select distinct applied_at from _sqlite_migrations")} == {
            release[1]["built_at"]
        }


def test_the_same_archive_gives_the_same_bytes(data, release, tmp_path):
    again, _ = dump(data, out=tmp_path / "again", txt=True)
    assert sums(again) == sums(release[0])


def test_a_rebuild_and_another_order_of_builds_give_the_same_bytes(data, release, tmp_path):
    """What was built record by record has other row numbers and another index; a release shows none of it."""
    other = archive(tmp_path / "data", CAPTURES[:2])
    with few_divisions():
        for one in CAPTURES[2:]:
            make(other, [one], REGISTRY)
        steps, _ = dump(other, out=tmp_path / "steps")
        build(other, REGISTRY, clean=clean, jobs=1, again=True)
    rebuilt, _ = dump(other, out=tmp_path / "rebuilt")
    assert sums(steps) == sums(rebuilt)
    # the WARC files of that archive are others, and what tells of them
    of_files = (
        "data/sources",
        "data/crawls",
        "data/sites",
        "archive.db.zst",
        "croissant.json",
        "datapackage.json",
        "index.json",
        "SHA256SUMS",
    )
    mine, theirs = sums(rebuilt), sums(release[0])
    assert all(mine[path] == theirs[path] for path in mine if not path.startswith(of_files) and path != "README.md")


def test_the_same_data_give_the_release_there_is(tmp_path):
    data = archive(tmp_path / "data")
    first, index = dump(data)
    assert (first, index["version"]) == (data / "releases" / index["version"], "2025.01.0")
    assert dump(data) == (first, index)
    aside, same = dump(data, out=tmp_path / "aside")
    assert (same, sums(aside)) == (index, sums(first))
    with_texts, _ = dump(data, txt=True)
    assert with_texts.name == "2025.01.1"
    assert dump(data, txt=True)[0] == with_texts
    assert sorted(path.name for path in (data / "releases").iterdir()) == ["2025.01.0", "2025.01.1"]


def test_times_are_those_of_captures(release):
    for path in ("README.md", "CHANGELOG.md", "CITATION.cff", "index.json", "datapackage.json", "croissant.json"):
        text = (release[0] / path).read_text("utf-8")
        assert "2025-01-05" in text
        assert f"{time.gmtime().tm_year}-" not in text.replace("2025-", "")
    assert all(path.read_bytes()[4:8] == bytes(4) for path in release[0].rglob("*.gz"))


@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ({"province": "浙江"}, {COUNTY.format(2022), COUNTY.format(2023)}),
        ({"province": "湖北省"}, {CITY.format(2023)}),
        ({"province": "33"}, {COUNTY.format(2022), COUNTY.format(2023)}),
        ({"year": 2022}, {COUNTY.format(2022)}),
        ({"province": "330000", "year": 2023}, {COUNTY.format(2023)}),
        ({"query": "临溪县 执法力量"}, {COUNTY.format(2022), COUNTY.format(2023)}),
        ({"query": "執法力量", "year": 2022}, {COUNTY.format(2022)}),
    ],
)
def test_part_of_the_archive(data, tmp_path, asked, found):
    folder, index = dump(data, out=tmp_path / "part", asked=asked)
    assert {row["url"] for row in reports(folder).values()} == found
    ids = set(reports(folder))
    for part in ("sections", "indicators", "sources", "versions"):
        assert {row["report_id"] for row in read_rows(folder, part)} <= ids
    assert {row["reason"] for row in read_rows(folder, "excluded")} <= {"removed"}
    assert (index["previous"], index["selection"] != "all reports") == (None, True)
    assert str(next(iter(asked.values()))) in (folder / "README.md").read_text("utf-8")
    assert check_release(folder) == []


def test_a_part_tells_what_is_missing_from_it(data, tmp_path):
    folder, _ = dump(data, out=tmp_path / "part", asked={"province": "浙江", "year": 2022})
    coverage = list(read_rows(folder, "coverage"))
    assert {(row["division_code"][:2], row["report_year"]) for row in coverage} == {("33", 2022)}
    whole = rows(data, "select * from coverage where division_code like '33%' and report_year = 2022")
    assert len(coverage) == len(whole)


def test_a_part_goes_beside_the_release_of_the_same_captures(tmp_path):
    data = archive(tmp_path / "data")
    part, index = dump(data, asked={"province": "浙江", "year": 2023})
    assert (part.name, index["version"]) == ("2025.01.0-province-浙江-year-2023", "2025.01.0")
    whole, index = dump(data)
    assert (whole.name, index["previous"]) == ("2025.01.0", None)
    again, index = dump(data, asked={"year": 2022})
    assert (again.name, index["version"]) == ("2025.01.0-year-2022", "2025.01.0")
    assert dump(data, asked={"year": 2022})[0] == again


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"asked": {"year": 1999}}, "year 1999"),
        ({"version": "2026"}, "'2026' must be year, month and number"),
        ({"version": "2026.13.0"}, "must be"),
        ({"version": "../2026.1.0"}, "must be"),
    ],
)
def test_what_cannot_be_released_leaves_nothing(data, tmp_path, options, said):
    with pytest.raises(ReleaseError, match=said):
        dump(data, out=tmp_path / "r", **options)
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(data, tmp_path):
    (tmp_path / "r").mkdir()
    dump(data, out=tmp_path / "r")
    before = sums(tmp_path / "r")
    with pytest.raises(ReleaseError, match="never rewritten"):
        dump(data, out=tmp_path / "r")
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "thesis.txt").write_text("mine")
    with pytest.raises(ReleaseError, match="holds something already"):
        dump(data, out=tmp_path / "other")
    assert (sums(tmp_path / "r"), sums(tmp_path / "other").keys()) == (before, {"thesis.txt"})


def test_two_at_once(tmp_path):
    with writing(tmp_path / "r") as partial:
        (partial / "half").write_text("x")
        with pytest.raises(ReleaseError, match="another dump is writing"), writing(tmp_path / "r"):
            pass
        assert (partial / "half").exists()
    assert list(tmp_path.iterdir()) == []


@pytest.mark.slow
def test_killed_in_the_middle(tmp_path):
    """What a kill leaves behind does not look like a release, and the next run takes it away."""
    data = archive(tmp_path / "data", [*CAPTURES, *(capture(COUNTY.format(n), county(n, 1000 + n), day=6) for n in range(300))])
    command = [sys.executable, "-m", "fazhi", "dump", "--data", str(data)]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    process = subprocess.Popen(command, env=env, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not list(data.glob("releases/.*/archive.db")) and process.poll() is None:
        time.sleep(0.002)
    process.kill()
    assert process.wait() == -9, "it was too quick to be killed"
    assert list(data.glob("releases/[!.]*")) == []
    assert list(data.glob("releases/.*.partial"))
    subprocess.run(command, env=env, check=True, stdout=subprocess.DEVNULL)
    assert [path.name for path in (data / "releases").iterdir()] == ["2025.01.0"]
    assert check_release(data / "releases" / "2025.01.0") == []


@pytest.mark.parametrize(
    ("built_at", "names", "version"),
    [
        ("2026-11-02T08:00:00.123Z", [], "2026.11.0"),
        ("2026-11-02T08:00:00.123Z", ["2026.11.0"], "2026.11.1"),
        ("2026-11-02T08:00:00.123Z", ["2026.10.7", "2026.9.9"], "2026.11.0"),
        ("2026-11-02T08:00:00.123Z", ["2026.11.9", "2026.11.10"], "2026.11.11"),
        ("2026-11-02T08:00:00.123Z", ["2026.11.0", "2026.11.5-year-2023"], "2026.11.1"),
        ("2026-10-02T08:00:00.123Z", ["2026.11.3"], "2026.11.4"),  # the newest report was removed: versions still ascend
    ],
)
def test_version_follows_the_newest_capture(built_at, names, version):
    earlier = {Path(name): {"version": name.partition("-")[0], "built_at": ""} for name in names}
    assert next_version(built_at, earlier, Selection()) == version


def test_no_date_no_version():
    with pytest.raises(ReleaseError, match="--version"):
        next_version("", {}, Selection())


def test_damaged_release_beside_is_named(data, tmp_path):
    other = tmp_path / "data"
    archive(other)
    (other / "releases" / "2024.1.0").mkdir(parents=True)
    (other / "releases" / "2024.1.0" / "index.json").write_text("{")
    with pytest.raises(ReleaseError, match=r"2024\.1\.0"):
        dump(other)


def test_shards(tmp_path, monkeypatch):
    monkeypatch.setattr(release_files, "SHARD_BYTES", 100_000)
    monkeypatch.setattr(release_files, "GROUP_CHARACTERS", 100_000)
    monkeypatch.setattr(release_files, "LINES", 1)
    dice = random.Random(1)
    long = ["".join(chr(dice.randrange(0x4E00, 0x9FA5)) for _ in range(120_000)) for _ in range(3)]
    pages = [capture(COUNTY.format(n), county(n, 2020 + n, text=text), site="linxi") for n, text in enumerate(long)]
    folder, index = dump(archive(tmp_path / "data", pages, removed=False), out=tmp_path / "r")
    names = [f"train-{n:05}-of-00003.parquet" for n in range(3)]
    assert sorted(path.name for path in (folder / "data/reports").iterdir()) == names
    assert sorted(path.name for path in (folder / "jsonl").iterdir()) == [f"reports-{n:05}.jsonl.gz" for n in range(3)]
    assert index["counts"]["reports"] == 3 == pq.read_table(folder / "data/reports").num_rows
    assert list(reports(folder)) == sorted(reports(folder))
    assert {row["text"] for row in reports(folder).values()} == set(long)
    assert check_release(folder) == []


def test_text_files(release):
    folder = release[0]
    with (folder / "txt/metadata.csv").open(encoding="utf-8-sig", newline="") as stream:
        named = {row["file"]: row for row in csv.DictReader(stream)}
    assert {path.name for path in (folder / "txt").glob("*.txt")} == named.keys()
    row = reports(folder)[fz(COUNTY.format(2023))]
    name = f"2023_330799_临溪县人民政府_{row['report_id']}.txt"
    assert named[name]["report_id"] == row["report_id"]
    assert (folder / "txt" / name).read_bytes() == f"{row['title']}\n{row['text']}\n".encode()


def test_text_names_fit_every_disk():
    row = {"report_year": None, "division_code": "", "issuer": "中共甲县委/甲县 人民政府:" + "、乙局" * 60, "report_id": "fz01"}
    name = text_name(row)
    assert name.startswith("中共甲县委-甲县-人民政府-")
    assert name.endswith("_fz01")
    assert len(f"{name}.txt".encode()) <= 255
    assert text_name({**row, "issuer": None, "report_year": 2023}) == "2023_fz01"


def test_codebook_and_card_name_every_part_and_column(release):
    text = codebook()
    assert (release[0] / "CODEBOOK.md").read_text("utf-8") == text
    for name, part in PARTS.items():
        if name != "metadata":
            section = text.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
            assert [line.split(" | ")[0][2:] for line in section.splitlines() if line.startswith("| ")][1:] == list(
                part.columns
            )
    card = (release[0] / "README.md").read_text("utf-8")
    for heading in ("Dataset Summary", "Data Instances", "Data Fields", "Data Splits", "Curation Rationale", "Source Data", "Annotations",
                    "Personal and Sensitive Information", "Considerations for Using the Data", "Licensing Information", "Citation Information"):  # fmt: skip
        assert f"# {heading}\n" in card
    assert "$" not in card


def test_a_build_meanwhile_is_not_seen(tmp_path, monkeypatch):
    """A release shows one state of the archive, whatever a build writes while it is made."""
    data = archive(tmp_path / "data")
    with sqlite3.connect(data / "archive.db") as db:
        db.execute("pragma journal_mode=wal")
    original = release_files.write_csv

    def disturbed(*arguments):
        with sqlite3.connect(data / "archive.db", timeout=1) as other:
            other.execute("delete from reports")
            other.execute("delete from sources")
        return original(*arguments)

    monkeypatch.setattr("archive.release_folder.write_csv", disturbed)
    folder, index = dump(data, out=tmp_path / "r")
    assert index["counts"]["reports"] == len(table(folder)) == 3
    assert check_release(folder) == []


def test_lines_are_one_record_each(release):
    assert all(
        hashlib.sha256(row["text"].encode()).hexdigest() == row["text_sha256"]
        for row in lines(release[0] / "jsonl/reports-00000.jsonl.gz")
    )
    assert all("\n" in row["text"] for row in reports(release[0]).values())


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--version", "one"], "'one' must be year, month and number, as in 2026.11.0"),
        (["--province", "江南"], "province '江南' is not known"),
        (["--year", "1999"], "no report fits (year 1999): nothing to release"),
        (["--query", "没有这样的话"], "no report fits (query 没有这样的话)"),
        (["--out", "."], "holds something already"),
    ],
)
def test_the_command_says_what_is_wrong_in_one_line(data, arguments, said):
    done = CliRunner().invoke(main, ["dump", *arguments, "--data", str(data)])
    assert done.exit_code == 1
    assert said in done.output
    assert done.output.count("\n") == 1


def test_the_command_says_what_it_wrote(data, tmp_path):
    done = CliRunner().invoke(main, ["dump", "--data", str(data), "--out", str(tmp_path / "r"), "--year", "2022"])
    assert (done.exit_code, done.output) == (0, f"{tmp_path / 'r'}: release 2025.01.0 with 1 reports (year 2022)\n")
    done = CliRunner().invoke(main, ["dump", "--data", str(tmp_path / "none")])
    assert (done.exit_code, "nothing here yet" in done.output) == (1, True)
