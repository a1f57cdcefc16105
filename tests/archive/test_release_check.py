"""Validation of a release: every damage is found and named, also where the sums were made to fit; the validators of others run."""

import csv
import gzip
import json
import re
import shutil
import sqlite3
from importlib.util import find_spec

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner
from releasing import COUNTY, archive, dump, lines, seal, unpacked

from archive import release_validators
from archive.release_check import check_release
from archive.release_validators import VALIDATORS, run, validate
from fazhi import main


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """A good release."""
    return dump(archive(tmp_path_factory.mktemp("data")), out=tmp_path_factory.mktemp("out") / "release", txt=True)[0]


@pytest.fixture
def folder(made, tmp_path):
    """A copy of it, to be damaged."""
    return shutil.copytree(made, tmp_path / "release")


def test_good(folder):
    assert check_release(folder) == []
    assert check_release(folder.parent / "release") == []


def test_no_release_is_no_release(tmp_path):
    assert "no SHA256SUMS" in check_release(tmp_path)[0]
    assert "no SHA256SUMS" in check_release(tmp_path / "none")[0]


@pytest.mark.parametrize(
    "path", ["data/metadata/train-00000-of-00001.parquet", "README.md", "index.json", "archive.db.zst", "txt/metadata.csv"]
)
def test_a_changed_a_missing_and_an_added_file_are_named(folder, path):
    target = folder / path
    target.write_bytes(target.read_bytes()[:-1] + b"~")
    assert check_release(folder) == [f"{path}: its sum is not that of SHA256SUMS"]
    target.unlink()
    assert check_release(folder) == [f"{path}: missing"]
    shutil.copy(folder / "LICENSE.md", target)
    (folder / "extra.txt").write_text("x")
    assert check_release(folder) == ["extra.txt: not in SHA256SUMS", f"{path}: its sum is not that of SHA256SUMS"]


@pytest.mark.parametrize("line", ["no sum", "0" * 64, f"{'g' * 64}  README.md"])
def test_sums_that_are_none(folder, line):
    (folder / "SHA256SUMS").write_text(line + "\n")
    assert "is no sum and path" in check_release(folder)[0]


def parquet(folder, part, change):
    """Write a part anew, changed."""
    path = folder / f"data/{part}/train-00000-of-00001.parquet"
    pq.write_table(change(pq.read_table(path)), path)


def replaced(table, name, values):
    return table.set_column(
        table.column_names.index(name), table.schema.field(name), pa.array(values, table.schema.field(name).type)
    )


def one_text_changed(table):
    return replaced(table, "text", ["改过的一句。", *table["text"].to_pylist()[1:]])


def jsonl(folder, change):
    path = folder / "jsonl/reports-00000.jsonl.gz"
    rows = change(lines(path))
    path.write_bytes(gzip.compress("".join(json.dumps(row) + "\n" for row in rows).encode()))


def csv_rows(folder, change):
    path = folder / "metadata.csv.gz"
    with gzip.open(path, "rt", encoding="utf-8-sig", newline="") as stream:
        rows = change(list(csv.reader(stream)))
    with gzip.open(path, "wt", encoding="utf-8-sig", newline="") as stream:
        csv.writer(stream).writerows(rows)


def index(folder, **values):
    path = folder / "index.json"
    path.write_text(json.dumps(json.loads(path.read_text("utf-8")) | values), "utf-8")


def database(folder, sql):
    path = folder / "archive.db"
    with unpacked(folder, path) as db:
        db.executescript(sql)
    with pa.CompressedOutputStream(str(folder / "archive.db.zst"), "zstd") as packed:
        packed.write(path.read_bytes())
    path.unlink()


DAMAGE = {
    "a text": (lambda folder: parquet(folder, "reports", one_text_changed), r"fz\w+: a text in data/reports/.* does not have the sum"),
    "a version": (lambda folder: parquet(folder, "versions", one_text_changed), r"fz\w+: a text in data/versions/"),
    "a column gone": (lambda folder: parquet(folder, "sources", lambda t: t.drop_columns(["site"])), "sources/.*: its columns are not"),
    "a type": (lambda folder: parquet(folder, "sites", lambda t: t.set_column(7, "found", t["found"].cast(pa.string()))), "sites/.*: its columns"),
    "a row gone": (lambda folder: parquet(folder, "sections", lambda t: t.slice(1)), r"sections/.*: \d+ rows, the index says"),
    "no JSONL row": (lambda folder: jsonl(folder, lambda rows: rows[1:]), r"jsonl/.*: 2 rows, the index says 3"),
    "another JSONL row": (lambda folder: jsonl(folder, lambda rows: [{**rows[0], "report_id": "fz0"}, *rows[1:]]), "jsonl: holds fz0 where"),
    "JSONL in another order": (lambda folder: jsonl(folder, lambda rows: rows[::-1]), "jsonl: holds"),
    "a JSONL text": (lambda folder: jsonl(folder, lambda rows: [{**rows[0], "text": "x"}, *rows[1:]]), "its text in jsonl does not have the sum"),
    "no CSV row": (lambda folder: csv_rows(folder, lambda rows: rows[:-1]), "metadata.csv.gz: 2 rows, the index says 3"),
    "another CSV row": (lambda folder: csv_rows(folder, lambda rows: [rows[0], ["fz0", *rows[1][1:]], *rows[2:]]), "metadata.csv.gz: holds fz0"),
    "the database": (lambda folder: database(folder, "delete from sources where rowid = 1"), "archive.db.zst: 3 rows in sources, the index counts 4"),
    "no database": (lambda folder: (folder / "archive.db.zst").write_bytes(b"no zst"), "cannot be read"),
    "no previous": (lambda folder: index(folder, previous="2024.1.0"), "there is no delta from 2024.1.0"),
    "a version that is none": (lambda folder: index(folder, version="one"), "no index of a release"),
    "counts": (lambda folder: index(folder, counts={"reports": 7}), "reports: 3 rows, the index counts 7"),
    "a list of files": (lambda folder: index(folder, files=[]), "not both there and listed"),
    "no Parquet": (lambda folder: (folder / "data/crawls/train-00000-of-00001.parquet").write_bytes(b"PAR1"), "cannot be read"),
    "no gzip": (lambda folder: (folder / "metadata.csv.gz").write_bytes(b"x"), "cannot be read"),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGE)
def test_damage_under_sums_that_fit(folder, name):
    damage, said = DAMAGE[name]
    damage(folder)
    seal(folder)
    found = check_release(folder)
    assert any(re.search(said, line) for line in found), found
    assert all("\n" not in line for line in found)


def test_a_removed_report_that_is_named(folder):
    def add(table):
        return pa.concat_tables([table, replaced(table.slice(0, 1), "report_id", [next(name for name in gone if name)])])

    gone = pq.read_table(folder / "data/excluded")["report_id"].to_pylist()
    parquet(folder, "sources", add)
    data = json.loads((folder / "index.json").read_text("utf-8"))
    data["counts"]["sources"] += 1
    for file in data["files"]:
        if file["path"].startswith("data/sources/"):
            file["rows"] += 1
    (folder / "index.json").write_text(json.dumps(data), "utf-8")
    seal(folder)
    assert any("was removed, and stands in sources" in line for line in check_release(folder))


@pytest.mark.slow
def test_the_command(folder):
    done = CliRunner().invoke(main, ["dump", "--check", str(folder)])
    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[-1] == f"{folder}: a good release"
    (folder / "README.md").write_text("x")
    done = CliRunner().invoke(main, ["dump", "--check", str(folder)])
    assert (done.exit_code, done.output) == (1, "Error: README.md: its sum is not that of SHA256SUMS\n")


def test_what_is_not_installed_is_told(folder, monkeypatch):
    monkeypatch.setattr(release_validators, "find_spec", lambda name: None)
    assert validate(folder) == ([], [f"{file} ({name})" for name, (file, _) in VALIDATORS.items()])
    done = CliRunner().invoke(main, ["dump", "--check", str(folder)])
    assert done.exit_code == 0
    assert done.output.splitlines()[0] == (
        "not checked: datapackage.json (frictionless), croissant.json (mlcroissant), CITATION.cff (cffconvert), README.md (datasets)"
        " (pip install 'fazhi-archive[check]')"
    )


def needs(name):
    """Skip where a validator is not installed."""
    if find_spec(name) is None:
        pytest.skip(f"{name} is not installed")


BROKEN = {
    "frictionless": lambda folder: (folder / "metadata.csv.gz").write_bytes(gzip.compress(b"report_id,status\r\nfz1,live\r\n")),
    "mlcroissant": lambda folder: change(folder / "croissant.json", '"includes": "data/reports/', '"includes": "data/nothing/'),
    "cffconvert": lambda folder: change(folder / "CITATION.cff", "type: dataset", "type: poem"),
    "datasets": lambda folder: change(folder / "README.md", "path: data/sources/", "path: data/reports/"),
}


def change(path, old, new):
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new), "utf-8")


@pytest.mark.slow
@pytest.mark.parametrize("name", VALIDATORS)
def test_validators_of_others(folder, name):
    needs(name)
    assert run(name, folder) == []
    BROKEN[name](folder)
    found = run(name, folder)
    assert found
    assert all(line.startswith(f"{VALIDATORS[name][0]}: ") and "\n" not in line for line in found)


@pytest.mark.slow
def test_frictionless_sees_every_file_of_the_package(folder):
    needs("frictionless")
    parquet(folder, "reports", lambda table: table.slice(1))
    assert "data/reports/train-00000-of-00001.parquet" in " ".join(run("frictionless", folder))


def test_check_reads_only(folder):
    before = {path: path.stat().st_mtime_ns for path in folder.rglob("*")}
    check_release(folder)
    assert {path: path.stat().st_mtime_ns for path in folder.rglob("*")} == before


def test_the_database_holds_what_can_be_asked(folder, tmp_path):
    with unpacked(folder, tmp_path / "archive.db") as db:
        assert db.execute("select count(*) from reports where url = ?", (COUNTY.format(2023),)).fetchone() == (1,)
        with pytest.raises(sqlite3.OperationalError):
            db.execute("select * from _marks")
