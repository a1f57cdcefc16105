"""`fazhi search`: readable, JSON and CSV answers, and errors in one line."""

from __future__ import annotations

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

import fazhi
from archive.hits import hits_as
from archive.search import HIT, MARK_END, MARK_START
from tests.reports import make_archive


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("data")
    make_archive(folder / "archive.db")
    return folder


def run(data: Path, *arguments: str, color: bool = False) -> Result:
    return CliRunner().invoke(fazhi.main, ["search", "--data", str(data), *arguments], color=color)


def test_json(data: Path) -> None:
    result = run(data, "行政復議", "--json", "--limit", "2")
    answer = json.loads(result.stdout)
    assert (result.exit_code, answer["query"], answer["total"], answer["capped"]) == (0, "行政復議", 7, False)
    assert [list(hit) for hit in answer["hits"]] == [list(HIT)] * 2
    assert "行政复议" in answer["hits"][0]["snippet"]


def test_csv(data: Path) -> None:
    rows = list(csv.DictReader(StringIO(run(data, "双随机一公开", "--csv").stdout)))
    assert len(rows) == 7
    assert "双随机、一公开" in rows[0]["snippet"]


def test_readable(data: Path) -> None:
    plain, bold = run(data, "12348", "--limit", "3"), run(data, "12348", "--limit", "3", color=True)
    assert plain.stdout.startswith("7 reports (3 shown)\n")
    assert "“12348”公共法律服务热线" in plain.stdout
    assert "\x1b[1m12348\x1b[0m" in bold.stdout
    assert "\x1b" not in plain.stdout
    assert MARK_START not in plain.stdout + bold.stdout


def test_nothing_found(data: Path) -> None:
    for query in ("没有这个词", "", "。", "\udcff"):
        result = run(data, query)
        assert result.exit_code == 0
        assert result.stdout.startswith("No report matches")
        assert json.loads(run(data, query, "--json").stdout)["hits"] == []


@pytest.mark.parametrize(
    ("arguments", "words", "code"),
    [
        (["--province", "火星"], "province '火星' is not known", 1),
        (["--level", "city"], "'city'", 2),
        (["--section", "问题"], "'问题'", 2),
        (["--limit", "0"], "0", 2),
        (["--year", "去年"], "'去年'", 2),
    ],
)
def test_filters_that_cannot_be(data: Path, arguments: list[str], words: str, code: int) -> None:
    result = run(data, "复议", *arguments)
    assert (result.exit_code, words in result.stderr) == (code, True)


@pytest.mark.parametrize(
    ("arguments", "total"),
    [
        (["--year", "2023"], 4),
        (["--province", "北岭"], 1),
        (["--province", "970000"], 2),
        (["--level", "county"], 2),
        (["--issuer", "财政厅"], 1),
        (["--section", "results", "--year", "2022"], 3),
        (["--province", "新疆"], 0),
    ],
)
def test_filters(data: Path, arguments: list[str], total: int) -> None:
    assert json.loads(run(data, "复议", "--json", *arguments).stdout)["total"] == total


def test_no_archive_is_one_line(tmp_path: Path) -> None:
    result = run(tmp_path, "复议")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)
    (tmp_path / "archive.db").write_text("not a database" * 100)
    result = run(tmp_path, "复议")
    assert (result.exit_code, result.output.count("\n")) == (1, 1)


def test_a_title_does_not_command_the_terminal() -> None:
    hit = {**dict.fromkeys(HIT), "title": "\x1b[2J清屏\x07\u202e", "snippet": f"\x1b]0;x\x07{MARK_START}复议{MARK_END}"}
    shown = hits_as("text", {"query": "复议", "total": 1, "capped": False, "hits": [hit]})
    assert shown.replace("\x1b[1m", "").replace("\x1b[0m", "").isprintable() or "\x1b[2J" not in shown
    assert "\x07" not in shown
    assert "\u202e" not in shown


def test_beyond_the_cap() -> None:
    shown = hits_as(
        "text", {"query": "复议", "total": 10_000, "capped": True, "hits": [{**dict.fromkeys(HIT, ""), "title": "x"}]}
    )
    assert shown.startswith("more than 10,000 reports, newest first")
