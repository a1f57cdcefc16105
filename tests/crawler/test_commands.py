"""The commands `crawl` and `sites`: what they print, and one clear line for what is wrong."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from click.testing import CliRunner, Result

from crawler.registry import load_file
from fazhi import main
from tests.crawler.conftest import QUICK, ROOT, Crawl, Loopback, html, report, rows, titled

Start = Callable[[dict[str, Any]], Loopback]


def fazhi(*words: str, data: Path) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), *words])


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["crawl", "--site", "wuchegn"], "wucheng"),
        (["crawl", "--province", "99"], "33"),
        (["crawl", "--spider", "report"], "did you mean reports?"),
        (["crawl", "--sites", "no-such.yaml"], "no such file"),
        (["crawl", "-s", "DOWNLOAD_DELAY"], "NAME=VALUE"),
        (["crawl", "--limit", "0"], "0"),
        (["sites", "show", "wuchegn"], "wucheng"),
        (["sites", "list", "--province", "xx"], "xx"),
        (["sites", "check", "no-such.yaml"], "no such file"),
        (["sites", "add", "Jia", "甲县", "http://www.jia.gov.cn/"], "lower-case"),
        (["sites", "add", "jia", "甲县", "www.jia.gov.cn"], "no http(s) address"),
        (["sites", "add", "jia", "甲县", "http://www.jia.gov.cn/", "--dialect", "trss"], "trss"),
    ],
)
def test_mistakes_get_one_clear_line(tmp_path: Path, words: list[str], says: str) -> None:
    result = fazhi(*words, data=tmp_path / "data")
    assert result.exit_code != 0
    assert says in result.output
    assert "Traceback" not in result.output
    assert not (tmp_path / "data" / "raw" / "index.db").exists() or words[0] == "crawl"


def test_a_misspelt_key_is_named(tmp_path: Path) -> None:
    file = tmp_path / "sites.yaml"
    file.write_text("- {id: jia, name: 甲县, hom: http://www.jia.gov.cn/}", "utf-8")
    result = fazhi("crawl", "--sites", str(file), data=tmp_path / "data")
    assert result.exit_code == 1
    assert "unknown key 'hom'" in result.output


def test_a_data_folder_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "raw").write_text("a file", "utf-8")
    result = fazhi("crawl", "--site", "wucheng", data=tmp_path / "data")
    assert result.exit_code == 1
    assert "cannot be used as data folder" in result.output


def test_list_and_show(tmp_path: Path) -> None:
    lines = fazhi("sites", "list", "--province", "33", data=tmp_path).output.splitlines()
    assert "wucheng\t330702\thanweb\t0\t金华市婺城区人民政府" in lines
    assert all(line.split("\t")[1].startswith("33") for line in lines)
    (entry,) = yaml.safe_load(fazhi("sites", "show", "wucheng", data=tmp_path).output)
    assert entry["code"] == "330702"


def test_add_writes_an_entry_that_counts(tmp_path: Path) -> None:
    words = [
        "sites",
        "add",
        "jia",
        "甲县人民政府",
        "http://www.jia.gov.cn/",
        "--code",
        "330702",
        "--list",
        "http://www.jia.gov.cn/fz/",
    ]
    result = fazhi(*words, "--min-reports", "2", data=tmp_path)
    assert result.exit_code == 0, result.output
    (site,) = load_file(tmp_path / "sites" / "33-zhejiang.yaml")
    assert (site.code, site.lists, site.expect) == ("330702", ["http://www.jia.gov.cn/fz/"], {"min_reports": 2})
    assert fazhi("sites", "add", "yi", "乙部", "http://www.yi.gov.cn/", data=tmp_path).exit_code == 0
    assert [site.id for site in load_file(tmp_path / "sites" / "own.yaml")] == ["yi"]
    assert "甲县人民政府" in fazhi("sites", "show", "jia", data=tmp_path).output
    again = fazhi(*words, data=tmp_path)
    assert again.exit_code == 1
    assert "already" in again.output
    assert not (tmp_path / "raw").exists(), "adding asks nobody and stores nothing"


def test_check_offline(tmp_path: Path) -> None:
    assert "entries can be used" in fazhi("sites", "check", data=tmp_path).output
    assert not (tmp_path / "raw").exists()


@pytest.mark.parametrize(
    "words", [["crawl"], ["sites"], ["sites", "list"], ["sites", "show"], ["sites", "check"], ["sites", "add"]]
)
def test_help_has_an_example(words: list[str], tmp_path: Path) -> None:
    assert "Example:" in fazhi(*words, "--help", data=tmp_path).output


def test_check_live_keeps_nothing(loopback: Start, crawl: Crawl) -> None:
    site = loopback({"/l/": html(rows(*((f"/r/{n}.html", titled(2000 + n)) for n in range(9)))), "*": html(report())})
    site.routes["/robots.txt"] = (404, {}, b"")
    crawl.add("jia", site, "/l/")
    crawl.add("yi", loopback({"*": html("", 412)}), "/l/")
    crawl.command()
    command = [
        sys.executable,
        str(ROOT / "fazhi.py"),
        "--data",
        str(crawl.data),
        "sites",
        "check",
        str(crawl.folder / "sites.yaml"),
        "--live",
    ]
    done = subprocess.run(command, env=crawl.environment(), cwd=crawl.folder, capture_output=True, text=True, timeout=60)
    assert "2 entries can be used" in done.stdout
    assert "jia jia县人民政府: 1 found, 1 fetched, 0 attachments; dialect generic" in done.stdout
    assert "yi: blocked (challenge_412)" in done.stderr
    assert done.returncode == 1
    assert len(site.paths()) == 2
    assert not crawl.data.exists()


def test_fewer_than_expected_is_an_error(loopback: Start, crawl: Crawl) -> None:
    site = loopback({"/l/": html(rows(("/r/1.html", titled(2023)))), "/r/1.html": html(report())})
    crawl.add("jia", site, "/l/", expect={"min_reports": 2})
    done = crawl.run()
    assert done.returncode == 1
    assert "jia: found 1, expected 2 or more" in done.stderr
    crawl.entries[0]["expect"] = {"min_reports": 1}
    assert crawl.run().returncode == 0


def test_nothing_found_is_loud(loopback: Start, crawl: Crawl) -> None:
    crawl.add("jia", loopback({"/l/": html(rows(("/n/1.html", "通知"), ("/n/2.html", "公告")))}), "/l/")
    done = crawl.run()
    assert done.returncode == 1
    assert "jia: nothing found" in done.stderr


def test_crawl_then_build_in_one_process(loopback: Start, crawl: Crawl) -> None:
    """From an empty folder, without scrapy.cfg in sight; other sites of the registry do not suffer from a blocked one."""
    pages = {f"/r/{year}.html": html(report(titled(year))) for year in (2021, 2022)}
    site = loopback(
        {"/l/": html(rows(*((path, titled(2021 + n)) for n, path in enumerate(pages)))), **pages, "/robots.txt": (404, {}, b"")}
    )
    crawl.add("jia", site, "/l/", code="330702")
    command = [word for word in crawl.command() if word != "--no-build"]
    done = subprocess.run(command, env=crawl.environment(), cwd=crawl.folder, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stderr
    assert "Traceback" not in done.stderr
    with sqlite3.connect(crawl.data / "archive.db") as db:
        assert db.execute("select count(*) from reports").fetchone() == (2,)
        assert db.execute("select count(*) from crawls").fetchone() == (1,)


@pytest.mark.slow
def test_interrupted_crawl_says_so(loopback: Start, crawl: Crawl) -> None:
    """Ctrl-C ends in good order: what came is stored, the run counts as cut short."""
    import signal
    import time

    entries = [(f"/r/{n}.html", titled(1990 + n)) for n in range(30)]
    site = loopback({"/l/": html(rows(*entries)), "*": html(report()), "/robots.txt": (404, {}, b"")})
    crawl.add("jia", site, "/l/")
    command = [*crawl.command(), "-s", "DOWNLOAD_DELAY=0.2"]
    assert QUICK[1] in command
    with subprocess.Popen(
        command, env=crawl.environment(), cwd=crawl.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as run:
        deadline = time.monotonic() + 20
        while len(site.visits) < 6 and time.monotonic() < deadline:
            time.sleep(0.02)
        run.send_signal(signal.SIGINT)
        _, errors = run.communicate(timeout=60)
    assert run.returncode == 1
    assert "cut short (shutdown)" in errors
    assert crawl.rows("select finished from runs") == [(None,)]
    assert crawl.rows("select count(*) > 2 from responses where role = 'page'") == [(1,)]
    assert not list((crawl.data / "raw").glob("*.open"))
