"""The main job as a user runs it: `fazhi demo --no-serve` in an empty folder gives exactly what the sample sites hold."""

import json
import re
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from archive.release_check import check_release

ROOT = Path(__file__).parents[1]
SITE = re.compile(r"(\w+) .+: \w+; found (\d+), merged (\d+), rejected (\d+)(?: \((.+?)\))?, blocked (\d+)(?: \((.+)\))?")


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    """The data folder of one run of the demo, and what it printed."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-m", "fazhi", "demo", "--no-serve"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder / "data", done.stdout


@pytest.fixture(scope="module")
def rows(demo: tuple[Path, str]) -> Iterator[sqlite3.Connection]:
    with sqlite3.connect(demo[0] / "archive.db") as db:
        db.row_factory = sqlite3.Row
        yield db
    db.close()


def counts(text: str | None) -> dict[str, int]:
    """plan 2, notice 1 -> {"plan": 2, "notice": 1}"""
    return {name: int(number) for name, _, number in (part.partition(" ") for part in (text or "").split(", ") if part)}


def test_what_it_prints_is_what_the_sites_hold(demo: tuple[Path, str], sites_truth: dict[str, Any]) -> None:
    printed = {found[1]: found for found in map(SITE.fullmatch, demo[1].splitlines()) if found}
    assert printed.keys() == sites_truth["sites"].keys()
    for site, true in sites_truth["sites"].items():
        line = printed[site]
        said = {"found": int(line[2]), "merged": int(line[3]), "rejected": counts(line[5]), "blocked": counts(line[7])}
        assert (site, said) == (site, true)
        assert (int(line[4]), int(line[6])) == (sum(true["rejected"].values()), sum(true["blocked"].values()))


def test_every_report_is_there_to_the_letter(rows: sqlite3.Connection, sites_truth: dict[str, Any], subtests: Any) -> None:
    assert rows.execute("select count(*) from reports").fetchone()[0] == sites_truth["reports"]
    names = {"published": "published_date", "signed": "signed_date", "year": "report_year"}
    same = ("title", "issuer", "year", "level", "division_code", "published", "signed", "index_number", "document_number")
    for true in sites_truth["report_list"]:
        with subtests.test(true["slug"]):
            row = rows.execute("select * from reports where url = ?", [true["canonical"]]).fetchone()
            assert row["text"].split("\n") == true["text"]
            assert {name: row[names.get(name, name)] for name in same} == {name: true[name] for name in same}
            places = rows.execute("select url from sources where report_id = ?", [row["report_id"]]).fetchall()
            assert {url for (url,) in places} >= set(true["sources"])


def test_the_docx_report_takes_its_text_from_the_attachment(rows: sqlite3.Connection, sites_truth: dict[str, Any]) -> None:
    (true,) = [report for report in sites_truth["report_list"] if report["attachment"]]
    row = rows.execute("select * from reports where url = ?", [true["canonical"]]).fetchone()
    source = rows.execute("select * from sources where source_id = ?", [row["text_source_id"]]).fetchone()
    assert (row["source_format"], source["relation"], source["url"]) == ("docx", "attachment", true["attachment"])


def test_rejected_pages_are_the_planted_ones(rows: sqlite3.Connection, sites_truth: dict[str, Any]) -> None:
    found = {(url, reason) for url, reason in rows.execute("select url, reason from rejected")}
    assert found == {(page["url"], page["reason"]) for page in sites_truth["rejected_pages"]}


def test_every_table_is_filled_and_no_text_has_boilerplate(rows: sqlite3.Connection, sites_truth: dict[str, Any]) -> None:
    for table in ("reports", "sources", "versions", "verdicts", "sections", "indicators", "rejected", "sites", "divisions",
                  "coverage", "crawls"):  # fmt: skip
        assert rows.execute(f"select count(*) from {table}").fetchone()[0], table
    text = "\n".join(text for (text,) in rows.execute("select text from reports"))
    for noise in ("[bookmark", "?????", "索引号", "分享：", "当前位置", "打印本页", "版权所有", "MsoNormal", "责任编辑"):
        assert noise not in text


def test_release_is_good(demo: tuple[Path, str]) -> None:
    (release,) = (demo[0] / "releases").iterdir()
    assert check_release(release) == []
    assert json.loads((release / "index.json").read_text())["counts"]["reports"] == 36


def test_again_changes_only_what_a_second_visit_may(demo: tuple[Path, str]) -> None:
    """last_seen, last_checked, site health and one more row of crawls; nothing is fetched twice."""
    data = demo[0]
    before = snapshot(data)
    command = [sys.executable, "-m", "fazhi", "demo", "--no-serve", "--data", str(data)]
    subprocess.run(command, check=True, capture_output=True)
    after = snapshot(data)
    assert len(after.pop("crawls")) == len(before.pop("crawls")) + 1
    assert after == before
    with sqlite3.connect(data / "raw" / "index.db") as raw:
        twice = raw.execute(
            "select url from responses where role in ('page', 'attachment') and status = 200 group by url having count(*) > 1"
        ).fetchall()
    assert twice == []


def snapshot(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """The archive without the columns that a second visit may change."""
    with sqlite3.connect(data / "archive.db") as db:
        made = {}
        for table in ("reports", "sources", "versions", "verdicts", "sections", "indicators", "rejected", "crawls", "coverage"):
            columns = [row[1] for row in db.execute(f"pragma table_info({table})")]
            kept = [c for c in columns if c not in ("last_seen", "last_checked", "last_status")]
            made[table] = sorted(db.execute(f"select {', '.join(kept)} from {table}"), key=repr)
    db.close()
    return made


def test_rebuild_gives_the_same_reports(demo: tuple[Path, str]) -> None:
    data = demo[0]
    before = {row[1]: row for row in snapshot(data)["reports"]}
    subprocess.run([sys.executable, "-m", "fazhi", "rebuild", "--data", str(data)], check=True, capture_output=True)
    after = {row[1]: row for row in snapshot(data)["reports"]}
    assert {key: row[1:] for key, row in after.items()} == {key: row[1:] for key, row in before.items()}
