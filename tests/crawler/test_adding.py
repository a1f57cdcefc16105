"""Adding a site: the entry, its golden page from a file and from a site, what is left to do; and nothing where it fails."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from crawler.golden import INPUT, outcome
from crawler.registry import load_file
from fazhi import main
from tests.crawler.conftest import ROOT, Crawl, Loopback, html, report, titled

Start = Callable[[dict[str, Any]], Loopback]
PAGES = ROOT / "tests" / "pages"
JIA = ["jia", "甲县人民政府", "http://www.jia.gov.cn/"]


def fazhi(*words: str, data: Path) -> Result:
    return CliRunner().invoke(main, ["--data", str(data), "sites", *words])


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    """A report page saved by hand."""
    path = tmp_path / "saved.html"
    path.write_bytes(report(titled(2023)).encode("gb18030"))
    return path


def test_the_form_is_that_of_the_golden_pages() -> None:
    for path in sorted(PAGES.rglob("*.json"))[::8]:
        expected = json.loads(path.read_text("utf-8"))
        given = {name: expected.pop(name) for name in INPUT}
        assert outcome(path.with_suffix(".html").read_bytes(), **given) == expected, path


def test_a_golden_page_from_a_file(tmp_path: Path, saved: Path) -> None:
    data = tmp_path / "data"
    url = "http://www.jia.gov.cn/art/2024/3/1/art_1_2.html"
    done = fazhi("add", *JIA, "--code", "330702", "--page", str(saved), "--url", url, data=data)
    assert done.exit_code == 0, done.output
    page = data / "sites" / "pages" / "jia" / "report-2023.html"
    assert page.read_bytes() == saved.read_bytes()
    expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
    assert (expected["url"], expected["title"], expected["report_year"]) == (url, titled(2023), 2023)
    assert expected["genre"] == "report"
    assert [site.id for site in load_file(data / "sites" / "33-zhejiang.yaml")] == ["jia"]
    for step in (
        str(page.with_suffix(".json")),
        f"fazhi clean {page} --url {url} --why",
        "lists:",
        "sites check --site jia --live",
    ):
        assert step in done.output
    assert "code:" not in done.output
    assert "1 golden pages come out as they must" in fazhi("check", "--site", "jia", data=data).output
    assert not (data / "raw").exists(), "adding stores nothing but the entry and its page"


def test_check_tells_what_is_not_as_the_json_says(tmp_path: Path, saved: Path) -> None:
    pages = tmp_path / "golden"
    assert fazhi("add", *JIA, "--page", str(saved), "--pages", str(pages), data=tmp_path).exit_code == 0
    path = pages / "jia" / "report-2023.json"
    expected = json.loads(path.read_text("utf-8"))
    path.write_text(json.dumps({**expected, "title": "另一个标题", "issuer": "乙县人民政府"}), "utf-8")
    done = fazhi("check", "--site", "jia", "--pages", str(pages), data=tmp_path)
    assert done.exit_code == 1
    assert "report-2023.html: not as its JSON says: issuer, title" in done.output
    path.write_text("[", "utf-8")
    broken = fazhi("check", "--site", "jia", "--pages", str(pages), data=tmp_path)
    assert broken.exit_code == 1
    assert "cannot be checked" in broken.output
    assert fazhi("check", "--site", "jia", data=tmp_path).exit_code == 0, "no pages where none are kept"


def test_a_page_that_is_no_report_is_questioned(tmp_path: Path) -> None:
    path = tmp_path / "notice.html"
    path.write_text(report("甲县人民政府关于印发2024年法治政府建设工作要点的通知"), "utf-8")
    done = fazhi("add", *JIA, "--page", str(path), data=tmp_path / "data")
    assert done.exit_code == 0, done.output
    assert "is it the right page?" in done.output
    assert "code: the six digits" in done.output


@pytest.mark.parametrize(
    ("content", "says"),
    [(None, "No such file"), (b"", "is empty"), (b"%PDF-1.4 nothing", "a golden page is HTML"), (b"plain words", "is HTML")],
)
def test_where_the_page_is_none_nothing_is_written(tmp_path: Path, content: bytes | None, says: str) -> None:
    path, data = tmp_path / "page", tmp_path / "data"
    if content is not None:
        path.write_bytes(content)
    done = fazhi("add", *JIA, "--page", str(path), data=data)
    assert done.exit_code == 1
    assert says in done.output
    assert "Traceback" not in done.output
    assert not data.exists()


def test_a_golden_page_is_never_overwritten(tmp_path: Path, saved: Path) -> None:
    pages = tmp_path / "golden"
    assert fazhi("add", *JIA, "--page", str(saved), "--pages", str(pages), data=tmp_path / "one").exit_code == 0
    done = fazhi("add", *JIA, "--page", str(saved), "--pages", str(pages), data=tmp_path / "two")
    assert done.exit_code == 1
    assert "is there already" in done.output
    assert not (tmp_path / "two").exists()


def test_a_search_is_written_and_checked(tmp_path: Path) -> None:
    url = "http://www.jia.gov.cn/jrobot/search.do?webid=1&q={query}&p={page}"
    assert fazhi("add", *JIA, "--search", "jrobot", url, data=tmp_path).exit_code == 0
    (site,) = load_file(tmp_path / "sites" / "own.yaml")
    assert site.search == {"engine": "jrobot", "url": url}
    done = fazhi("add", "yi", *JIA[1:], "--search", "jrobott", url, data=tmp_path)
    assert done.exit_code == 1
    assert "jrobott" in done.output


def test_entries_go_below_what_stands_there(tmp_path: Path) -> None:
    """A file that an editor left without its last line end is no less a file."""
    file = tmp_path / "sites" / "own.yaml"
    file.parent.mkdir()
    file.write_text("# mine\n- {id: yi, name: 乙部, home: 'http://www.yi.gov.cn/'}  # odd", "utf-8")
    assert fazhi("add", *JIA, data=tmp_path).exit_code == 0
    assert [site.id for site in load_file(file)] == ["yi", "jia"]
    assert file.read_text("utf-8").startswith("# mine\n- {id: yi")


def add_live(crawl: Crawl, site: Loopback, page: str, *more: str) -> subprocess.CompletedProcess[str]:
    command = [
        sys.executable,
        str(ROOT / "fazhi.py"),
        "--data",
        str(crawl.data),
        "sites",
        "add",
        "jia",
        "甲县人民政府",
        site.url,
    ]
    return subprocess.run(
        [*command, "--page", site.url + page, *more],
        env=crawl.environment(),
        cwd=crawl.folder,
        capture_output=True,
        text=True,
        timeout=60,
    )


def test_a_golden_page_from_the_site(loopback: Start, crawl: Crawl) -> None:
    """robots.txt first, an honest name, the redirect followed, the bytes as they came; nothing else is asked for or kept."""
    body = report(titled(2022)).encode("gb18030")
    page = (200, {"Content-Type": "text/html; charset=gb2312"}, body)
    site = loopback({"/robots.txt": (404, {}, b""), "/old.html": (302, {"Location": "/new.html"}, b""), "/new.html": page})
    done = add_live(crawl, site, "old.html")
    assert done.returncode == 0, done.stderr
    assert site.paths(robots=True) == ["/robots.txt", "/old.html", "/new.html"]
    assert all("FazhiArchive" in visit.agent for visit in site.visits)
    kept = crawl.data / "sites" / "pages" / "jia" / "report-2022.html"
    assert kept.read_bytes() == body
    expected = json.loads(kept.with_suffix(".json").read_text("utf-8"))
    assert expected["url"] == f"{site.url}new.html"
    assert expected["content_type"] == "text/html; charset=gb2312"
    assert sorted(path.name for path in crawl.data.iterdir()) == ["sites"]


@pytest.mark.parametrize(
    ("routes", "says"),
    [
        ({"/robots.txt": (200, {}, b"User-agent: *\nDisallow: /r"), "*": html(report())}, "robots_disallowed"),
        ({"/robots.txt": (503, {}, b"")}, "robots_unavailable"),
        ({"/robots.txt": (404, {}, b"")}, "http_404"),
        ({"/robots.txt": (404, {}, b""), "*": html("", 412)}, "challenge_412"),
    ],
)
def test_a_page_that_does_not_come(loopback: Start, crawl: Crawl, routes: dict[str, Any], says: str) -> None:
    site = loopback(routes)
    done = add_live(crawl, site, "r.html")
    assert done.returncode == 1
    assert says in done.stderr
    assert "Traceback" not in done.stderr
    assert not crawl.data.exists()
    if says.startswith("robots"):
        assert "/r.html" not in site.paths()


def test_one_crawl_a_process(loopback: Start, crawl: Crawl) -> None:
    site = loopback({"*": html(report())})
    done = add_live(crawl, site, "r.html", "--live")
    assert done.returncode == 1
    assert "--live and a --page from the site" in done.stderr
    assert not site.visits
