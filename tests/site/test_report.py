"""The page of a report and what hangs on it, over an archive where every table has something to show."""

from __future__ import annotations

import json
import re
import sqlite3
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
import yaml
from lxml import html

from tests.reports import HOSTILE, REPORTS, identifier, make_archive
from tests.site.conftest import SITE, Get, get_from
from tests.site.filled import PAGE, fill

REPORT = f"/report/{identifier(7)}"
COPY = f"{REPORT}/source/{identifier(7)}"
TEMPLATES = (
    "report.html",
    "_report_head.html",
    "_report_text.html",
    "_difference.html",
    "_report_below.html",
    "_report_aside.html",
    "versions.html",
    "source.html",
    "removed.html",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return fill(tmp_path_factory.mktemp("full"))


@pytest.fixture(scope="module")
def get(archive: Path) -> Get:
    return get_from(archive)


def body(page: str) -> str:
    """Return what a reader sees: the page without its head and its tags."""
    return re.sub(r"<[^>]+>", "", page.partition("<body")[2])


def test_figures_are_marked_and_lead_to_their_sentences(get: Get) -> None:
    page = get(REPORT).text
    assert '<a class="figure" id="figure-1" href="#sentence-1" title="指标：行政复议受理">215</a>件' in page
    assert ">98.7</a></td>" in page
    assert '<tr id="sentence-1"><th scope="row"><a href="#figure-1">行政复议受理</a></th><td class="value">215 件</td>' in page
    assert "约数" in page


def test_kin_in_plain_sentences(get: Get) -> None:
    page = get(REPORT).text
    seen = body(page)
    assert "40 句中有 10 句（25.0%）与同一机关上一年的报告逐字相同。" in seen
    assert "40 句中有 4 句（10.0%）也见于其他机关同年或更早的报告。" in seen
    assert (
        f'<a href="/report/{identifier(4)}" lang="zh-CN">南屿省人民政府2022年度法治政府建设情况报告</a> <small>87.5%</small>'
        in page
    )
    assert "2023 年度 · 按时 · 机关7 最近查看 2024-05-01" in seen


def test_blocks_without_rows_are_absent(get: Get) -> None:
    page = get(f"/report/{identifier(4)}").text
    for name in ("指标及其原句", "公布情况", "沿用", "整理说明"):
        assert name not in page
    assert "相似的报告" in page  # report 7 is like it
    page = get(f"/report/{identifier(6)}").text
    assert "相似的报告" not in page
    assert "比较各个版本" not in page


def test_every_paragraph_has_an_address(get: Get) -> None:
    page = get(REPORT).text
    anchors = re.findall(r'<(?:p|h\d|div)[^>]* id="(p\d+)"|<(?:p|h\d|div) id="(p\d+)"', page)
    found = [first or second for first, second in anchors]
    assert found == re.findall(r'class="pilcrow" href="#(p\d+)"', page)
    assert len(found) == len(set(found)) > 8
    assert len(ids := re.findall(r' id="([^"]+)"', page)) == len(set(ids))
    for target in re.findall(r'href="#([^"]+)"', page):
        assert target in ids


def test_headings_are_in_order(get: Get) -> None:
    for path in (REPORT, f"{REPORT}/versions", COPY):
        levels = [int(level) for level in re.findall(r"<h(\d)", get(path).text)]
        assert levels[0] == 1
        assert all(after <= before + 1 for before, after in pairwise(levels)), path


def test_meta_for_reference_managers(get: Get) -> None:
    page = get(REPORT).text
    found = dict(re.findall(r'<meta (?:name|property)="([^"]+)" content="([^"]*)">', page))
    title = "云溪市人民政府2023年度法治政府建设情况报告"
    assert found["citation_title"] == found["og:title"] == found["DC.title"] == title
    assert found["citation_author"] == "云溪市人民政府"
    assert found["citation_publication_date"] == "2024/03/19"
    assert found["description"].startswith("2023年，我市深入学习")
    assert f'<link rel="canonical" href="http://localhost{REPORT}">' in page


def test_data_at_fixed_addresses(get: Get, archive: Path) -> None:
    answer = get(f"{REPORT}.json")
    assert answer.headers["content-type"].startswith("application/json")
    found: dict[str, Any] = answer.json()
    with sqlite3.connect(archive) as db:
        text = db.execute("select text from reports where report_id = ?", (identifier(7),)).fetchone()[0]
    assert found["text"] == text
    assert found["quality_flags"] == []
    assert [figure["value"] for figure in found["figures"]] == [215, 98.7]
    assert found["permalink"] == f"http://localhost{REPORT}"
    answer = get(f"{REPORT}.txt")
    assert (answer.text, answer.headers["content-type"]) == (text, "text/plain; charset=utf-8")
    assert "access-control-allow-origin" not in answer.headers
    assert get_from(archive, "--cors")(f"{REPORT}.json").headers["access-control-allow-origin"] == "*"


def test_citations_to_copy_and_to_download(get: Get) -> None:
    page = get(REPORT).text
    assert "云溪市人民政府. 云溪市人民政府2023年度法治政府建设情况报告[EB/OL]. (2024-03-19)[" in page
    for form, begins in (("bib", "@online{"), ("ris", "TY  - ELEC")):
        answer = get(f"{REPORT}.{form}")
        assert answer.text.startswith(begins)
        assert answer.headers["content-disposition"] == f'attachment; filename="{identifier(7)}.{form}"'


def test_versions_side_by_side(get: Get) -> None:
    page = get(f"{REPORT}/versions").text
    assert "第 1 版到第 2 版的变动" in page
    assert '<del><span class="unseen">［删除：</span>215<span class="unseen">］</span></del>' in page
    assert '<ins><span class="unseen">［插入：</span>218<span class="unseen">］</span></ins>' in page
    back = get(f"{REPORT}/versions", **{"from": "2", "to": "1"}).text
    assert '<del><span class="unseen">［删除：</span>218' in back
    assert "两个版本的文字相同" in get(f"{REPORT}/versions", **{"from": "2", "to": "2"}).text
    assert f'href="{REPORT}/versions"' in get(REPORT).text
    assert "收录以来文本没有变动" in get(f"/report/{identifier(6)}/versions").text


@pytest.mark.parametrize("asked", ["3", "0", "-1", "x", "1.0", "９", "1" * 400, "'", "\0", HOSTILE])
def test_versions_that_there_are_not(get: Get, asked: str) -> None:
    for name in ("from", "to"):
        answer = get(f"{REPORT}/versions", **{name: asked})
        assert answer.status_code == 400
        assert "没有编号为" in answer.text
        assert "<script" not in answer.text


def test_archived_copy_is_shown_as_text_only(get: Get) -> None:
    assert f'href="{COPY}"' in get(REPORT).text
    page = get(COPY)
    assert page.status_code == 200
    for fact in ("2024-04-02 03:04", "text/html; charset=gbk", sha256(PAGE).hexdigest(), f"{len(PAGE):,}"):
        assert fact in page.text
    assert "<script" not in page.text
    assert "<img" not in page.text
    text = get(f"{COPY}.txt")
    assert (text.text, text.headers["content-type"]) == (PAGE.decode("gbk"), "text/plain; charset=utf-8")
    download = get(f"{COPY}/download")
    assert (download.content, download.headers["content-type"]) == (PAGE, "application/octet-stream")
    assert download.headers["content-disposition"] == f'attachment; filename="{identifier(7)}.html"'
    for answer in (text, download):
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert "sandbox" in answer.headers["content-security-policy"]


def test_no_copy_without_the_raw_folder(tmp_path: Path, archive: Path) -> None:
    """Somebody serves the published archive.db alone."""
    (tmp_path / "archive.db").write_bytes(archive.read_bytes())
    get = get_from(tmp_path / "archive.db")
    assert "存档副本" not in get(REPORT).text
    answer = get(COPY)
    assert answer.status_code == 404
    assert "这里没有存档副本" in answer.text


@pytest.mark.parametrize(
    "tail",
    ["", ".json", ".txt", ".bib", ".ris", "/versions", f"/source/{identifier(10)}", f"/source/{identifier(10)}/download"],
)
def test_nothing_of_a_removed_report(get: Get, tail: str) -> None:
    answer = get(f"/report/{identifier(10)}{tail}")
    assert answer.status_code == 410
    for word in ("12348", "应删除", "青石区", "云溪市"):
        assert word not in answer.text


@pytest.mark.parametrize(
    "tail", ["", ".json", ".txt", ".bib", "/versions", f"/source/{identifier(7)}", f"/source/{identifier(1007)}.txt"]
)
def test_every_source_leads_on(get: Get, tail: str) -> None:
    answer = get(f"/report/{identifier(1007)}{tail}")
    assert (answer.status_code, answer.headers["location"]) == (302, f"{REPORT}{tail}")


def test_a_redirect_keeps_what_was_asked(get: Get) -> None:
    answer = get(f"/report/{identifier(1007)}/versions", **{"from": "2", "to": "1"})
    assert answer.headers["location"] == f"{REPORT}/versions?from=2&to=1"


@pytest.mark.parametrize("tail", ["", ".json", ".txt", "/versions", "/source/fz1", "/source/fz1.txt", "/source/fz1/download"])
def test_what_there_is_not(get: Get, tail: str) -> None:
    for name in ("fz00000000000000ff", quote(HOSTILE, safe=""), "fz%00", "议" * 300):
        answer = get(f"/report/{name}{tail}")
        if answer.status_code == 302:  # Datasette spells percent signs its own way, and looks again
            answer = get(answer.headers["location"])
        assert answer.status_code in (400, 404)
        assert "<script" not in answer.text or tail == ".json"
    assert get(f"{REPORT}/source/{identifier(6)}").status_code == 404


def test_hostile_values_stay_text(get: Get) -> None:
    hostile = f"/report/{identifier(8)}"
    for path in (hostile, f"{hostile}/versions", f"{hostile}/source/{identifier(8)}"):
        page = get(path).text
        assert "<script" not in page
        assert "<img" not in page
        tree = html.fromstring(page)
        assert not tree.xpath("//@style | //@*[starts-with(name(), 'on')] | //@href[starts-with(., 'javascript:')]")
    assert "&lt;script&gt;" in get(hostile).text
    assert json.loads(get(f"{hostile}.json").text)["title"] == HOSTILE


def test_under_a_prefix(archive: Path) -> None:
    get = get_from(archive, "--setting", "base_url", "/fazhi/")
    for path in (REPORT, f"{REPORT}/versions", COPY):
        page = get(path).text
        for address in re.findall(r'(?:href|src|action)="(/[^"]*|http://localhost[^"]*)"', page):
            assert address.removeprefix("http://localhost").startswith("/fazhi/"), (path, address)
        assert "/fazhi/fazhi/" not in page
    location = get(f"/report/{identifier(1007)}/versions").headers["location"]
    assert location == f"/fazhi{REPORT}/versions"


def test_labels_are_english_where_it_is_chosen(get: Get) -> None:
    labels = yaml.safe_load((SITE / "labels" / "report.yaml").read_text("utf-8"))
    for name in TEMPLATES:
        template = (SITE / "templates" / name).read_text("utf-8")
        for _, label in re.findall(r"""\bt\((["'])(.+?)\1\)""", template):
            assert label in labels, (name, label)
    for chinese, english in labels.items():
        assert re.findall("%[sd%]", chinese) == re.findall("%[sd%]", english), chinese


def test_tables_of_an_older_archive(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive.db", REPORTS[:3])
    with sqlite3.connect(archive) as db:
        for table in ("reuse", "verdicts", "indicators", "coverage", "versions"):
            db.execute(f"drop table {table}")
    get = get_from(archive)
    assert get(f"/report/{identifier(1)}").status_code == 200
    assert "没有登记版本" in get(f"/report/{identifier(1)}/versions").text
