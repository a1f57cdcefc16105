"""Coverage, trends, downloads, status, about and API: what they show, what they refuse, and what they hand out."""

from __future__ import annotations

import csv
import io
import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml import html

from tests.reports import HOSTILE, identifier, make_archive
from tests.site.conftest import Get, get_from
from tests.site.filled import VERSION, release

ODD = ["'", '"', "\0", "{{ 7*7 }}", "9" * 400, "-1", "0", "abc", "；drop table reports", HOSTILE, "\ue000", "..%2f..", "𠮷"]


def tree(get: Get, path: str, **parameters: str) -> Any:
    answer = get(path, **parameters)
    assert answer.status_code == 200, answer.text
    return html.fromstring(answer.text)


def cells(page: Any) -> dict[str, list[str]]:
    """Return the rows of the first table: head -> cells, white space as one blank."""
    return {
        " ".join(row.xpath("string(th)").split()): [" ".join(cell.text_content().split()) for cell in row.xpath("td")]
        for row in page.xpath("(//table)[1]/tbody/tr")
    }


def test_map_of_the_country(get: Get) -> None:
    page = tree(get, "/coverage")
    assert page.xpath("//thead//th/text()") == ["地区", "2022", "2023"]
    assert cells(page) == {
        "合计": ["67% 2/3", "75% 3/4"],
        "中央国家机关": ["无", "100% 1/1"],
        "东湖省": ["67% 2/3", "50% 1/2"],
        "南屿省": ["无", "100% 1/1"],
    }
    assert cells(tree(get, "/coverage", show="late"))["东湖省"] == ["33% 1/3", "0% 0/2"]


def test_down_to_an_issuer(get: Get) -> None:
    page = tree(get, "/coverage", code="960000")
    assert cells(page)["本级"] == ["0% 0/1", "无"]
    link = page.xpath("//th/a[contains(@href, '960100')]/@href") or page.xpath("//th/a[contains(@href, '9601')]/@href")
    assert link
    issuers = tree(get, "/coverage", code="960102")
    assert cells(issuers) == {"云溪市青石区人民政府": ["逾期", "未查"]}
    assert issuers.xpath("//td/a/@href") == [f"/report/{identifier(3)}"]


def test_every_cell_leads_to_as_many_rows_as_it_says(get: Get) -> None:
    for show in ("found", "late", "missing", "unchecked"):
        for code in ("", "960000"):
            for link in tree(get, "/coverage", code=code, show=show).xpath("//td/a"):
                number = int(re.search(r"([\d,]+)/", link.text_content())[1])  # type: ignore[index]
                behind = get(link.get("href").replace("/coverage/list", "/coverage/list.json")).json()["rows"]
                wanted = {"found": {"on_time", "late", "undated", "withdrawn"}}.get(show, {show})
                assert sum(row["status"] in wanted for row in behind) == number, link.get("href")


def test_list_as_page_json_and_csv(get: Get) -> None:
    page = tree(get, "/coverage/list", status="late")
    assert [" ".join(cell.text_content().split()) for cell in page.xpath("//tbody/tr/td")] == [
        "2022", "云溪市青石区人民政府 960102", "逾期", "2023-04-21", "21", "云溪市青石区人民政府2022年度法治政府建设情况报告", "从未"
    ]  # fmt: skip
    answer = get("/coverage/list.json", status="late").json()
    assert answer["total"] == 1
    assert answer["rows"][0]["report_id"] == identifier(3)
    assert answer["rows"][0]["days_late"] == 21
    text = get("/coverage/list.csv").text
    assert text.startswith("\ufeff")
    assert len(list(csv.DictReader(io.StringIO(text[1:])))) == 7
    table = list(csv.DictReader(io.StringIO(get("/coverage.csv").text[1:])))
    assert sum(int(row["late"]) for row in table) == 1


def test_pages_of_the_list(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive.db", [])
    with sqlite3.connect(archive) as db:
        rows = [("960102", f"机关{n:03}", 2022, "missing") for n in range(230)]
        db.executemany("insert into coverage (division_code, issuer, report_year, status) values (?, ?, ?, ?)", rows)
    get = get_from(archive)
    seen = []
    address = "/coverage/list?year=2022"
    while address:
        page = html.fromstring(get(address).text)
        seen += page.xpath("//tbody/tr/td[2]/text()[1]")
        address = next(iter(page.xpath("//a[@rel='next']/@href")), "")
    assert [name.strip() for name in seen] == [row[1] for row in rows]


def test_trends_page(get: Get) -> None:
    page = tree(get, "/trends", q="复议，12348")
    shares, rates = page.xpath("//table[@data-chart='line']")
    assert shares.xpath("thead//th/text()") == ["年度", "复议", "12348"]
    assert [row.xpath("*/text()") for row in shares.xpath("tbody/tr")] == [
        ["2021", "100.0", "100.0"],
        ["2022", "100.0", "75.0"],
        ["2023", "100.0", "75.0"],
    ]
    assert float(rates.xpath("string(tbody/tr[1]/td[1])")) > 0
    rows = get("/trends.json", q="复议,12348").json()["rows"]
    assert [(row["term"], row["year"], row["matching"], row["reports"]) for row in rows[3:]] == [
        ("12348", 2021, 1, 1),
        ("12348", 2022, 3, 4),
        ("12348", 2023, 3, 4),
    ]
    table = list(csv.reader(io.StringIO(get("/trends.csv", q="复议", level="county").text[1:])))
    assert table[0][:2] == ["term", "year"]
    assert len(table) == 3
    assert get("/trends.csv").status_code == 400
    assert get("/trends", q="a,b,c,d,e,f").status_code == 400


@pytest.mark.parametrize("value", ODD, ids=lambda value: ascii(value)[:16])
@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/coverage", ("code", "show", "own")),
        ("/coverage/list", ("code", "year", "status", "page", "own")),
        ("/coverage/list.csv", ("code", "year")),
        ("/trends", ("q", "province", "level", "section")),
        ("/status", ("status", "reason", "province", "name", "page")),
        ("/feed.atom", ("q", "province", "issuer")),
    ],
)
def test_odd_parameters(get: Get, path: str, names: tuple[str, ...], value: str) -> None:
    for name in names:
        answer = get(path, **{name: value})
        assert answer.status_code in (200, 400, 404), (path, name, answer.text[-500:])
        if path not in ("/feed.atom", "/coverage/list.csv"):
            assert "<script>alert" not in answer.text
            assert "<img" not in answer.text


def test_hostile_rows_stay_text(tmp_path: Path) -> None:
    """Markup in every text column of every table that these pages read."""
    archive = make_archive(tmp_path / "archive.db")
    with sqlite3.connect(archive) as db:
        for table, keep in (
            ("sites", ("status",)),
            ("rejected", ()),
            ("crawls", ()),
            ("divisions", ("code", "parent", "level")),
        ):
            columns = [row[1] for row in db.execute(f"pragma table_info({table})") if row[2] == "TEXT"]
            if table in ("rejected", "crawls"):
                values = [HOSTILE if name not in ("started", "finished") else "2024-01-01T00:00" for name in columns]
                db.execute(f"insert into {table} ({', '.join(columns)}) values ({', '.join('?' * len(columns))})", values)
            sets = ", ".join(
                f"{name} = :x" for name in columns if name not in keep and name != "id" and table in ("sites", "divisions")
            )
            if sets:
                db.execute(f"update {table} set {sets}", {"x": HOSTILE})
        db.execute("update sites set home = 'javascript:alert(1)'")
        texts = ("title", "issuer", "province", "prefecture", "county", "township", "index_number", "document_number", "url",
                 "filename", "heading", "series", "site", "name", "sentence", "unit")  # fmt: skip
        for table in ("reports", "sources", "sections", "indicators"):
            for (name,) in db.execute("select name from pragma_table_info(?)", (table,)).fetchall():
                if name in texts:
                    db.execute(f"update {table} set {name} = ?", (HOSTILE,))
        db.execute("update sources set url = 'javascript:alert(4)'")
    get = get_from(archive)
    for path in ("/", "/coverage", "/coverage?code=960000", "/coverage?code=national", "/coverage/list", "/status", "/downloads",
                 "/trends?q=复议", "/archive/sites", "/archive/rejected", "/archive/crawls", "/archive/divisions", "/archive/coverage",
                 f"/report/{identifier(6)}", "/archive/reports", "/archive/sources", "/archive/sections", "/archive/reports/6"):  # fmt: skip
        page = get(path)
        assert page.status_code == 200, path
        assert "<script>alert" not in page.text, path
        assert "<img" not in page.text, path
        assert not html.fromstring(page.text).xpath("//a[starts-with(@href, 'javascript:')]"), path
    assert b"<script" not in get("/feed.atom").content


@pytest.fixture(scope="module")
def released(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with an archive and a release, made by hand as its index.json tells."""
    data = tmp_path_factory.mktemp("released")
    make_archive(data / "archive.db")
    release(data)
    return data


def test_downloads(released: Path) -> None:
    get = get_from(released / "archive.db")
    page = tree(get, "/downloads")
    assert page.xpath("string(//h2)").split() == ["数据版本", VERSION, "最新"]
    assert "2024.6.0" not in page.text_content()
    for link in page.xpath("//table//a/@href"):
        answer = get(link)
        name = link.rpartition("/")[2]
        assert answer.status_code == (404 if "decisions" in link or name == "gone.md" else 200), link
    body = (released / "releases" / VERSION / "data/reports/train-00000-of-00001.parquet").read_bytes()
    answer = get(f"/downloads/{VERSION}/data/reports/train-00000-of-00001.parquet")
    assert answer.content == body
    assert answer.headers["content-length"] == str(len(body))
    assert answer.headers["content-disposition"].startswith("attachment;")
    assert answer.headers["content-type"] == "application/vnd.apache.parquet"
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "name",
    ["secret.txt", "../../decisions.jsonl", "..%2F..%2Fdecisions.jsonl", "%2e%2e/%2e%2e/archive.db", "data", "", "data/reports/",
     "/etc/passwd", "README.md/", "readme.md\0", "%00"],
)  # fmt: skip
def test_nothing_else_is_handed_out(released: Path, name: str) -> None:
    answer = get_from(released / "archive.db")(f"/downloads/{VERSION}/{name.replace(chr(0), '%00')}")
    assert answer.status_code in (302, 404)
    assert b"not for downloads" not in answer.content


@pytest.mark.parametrize(
    ("asked", "status", "start", "end"),
    [("bytes=0-9", 206, 0, 10), ("bytes=1000-", 206, 1000, None), ("bytes=-5", 206, -5, None), ("bytes=0-99999999", 200, 0, None),
     ("lines=1-2", 200, 0, None), ("bytes=-", 200, 0, None), ("bytes=5-1", 416, 0, 0), ("bytes=99999999-", 416, 0, 0)],
)  # fmt: skip
def test_ranges(released: Path, asked: str, status: int, start: int, end: int | None) -> None:
    body = (released / "releases" / VERSION / "data/reports/train-00000-of-00001.parquet").read_bytes()
    get = get_from(released / "archive.db")
    answer = get(f"/downloads/{VERSION}/data/reports/train-00000-of-00001.parquet", headers={"range": asked})
    assert (answer.status_code, answer.content) == (status, body[start:end])


def test_without_releases(get: Get) -> None:
    page = get("/downloads")
    assert page.status_code == 200
    assert "fazhi dump" in page.text
    assert get(f"/downloads/{VERSION}/README.md").status_code == 404


def test_status_page(get: Get, tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive.db")
    with sqlite3.connect(archive) as db:
        db.execute(
            "insert into sites (id, name, code, status, reason, home) values ('q', '青石区人民政府', '960102', 'blocked', 'waf', 'http://q.gov.cn/')"
        )
        db.execute("insert into rejected (url, site, reason) values ('http://q.gov.cn/1', 'q', 'plan')")
        db.execute("insert into crawls (run, spider, started) values ('run-9', 'reports', '2024-05-02T03:00:00.000Z')")
    get = get_from(archive)
    page = tree(get, "/status")
    rows = [[" ".join(cell.text_content().split()) for cell in row.xpath("td")] for row in page.xpath("(//table)[1]/tbody/tr")]
    assert [row[:3] for row in rows] == [["青石区人民政府 q", "受阻", "防火墙拦截"], ["云溪市人民政府 yunxi", "正常", ""]]
    assert "方案、要点、规划、清单" in page.text_content()
    assert "run-9" in page.text_content()
    for query, names in (({"status": "ok"}, ["云溪市"]), ({"reason": "waf"}, ["青石区"]), ({"name": "q.gov"}, ["青石区"]),
                         ({"province": "97"}, []), ({"province": "96"}, ["青石区", "云溪市"])):  # fmt: skip
        found = tree(get, "/status", **query).xpath("//td[@class='name']")
        assert [cell.text_content().partition("人民政府")[0].strip() for cell in found] == names, query


def test_examples_of_the_api_work(get: Get) -> None:
    examples = tree(get, "/api").xpath("//a[@class='example']/@href")
    assert len(examples) >= 15
    for address in examples:
        answer = get(quote(address, safe="/?&=%(),'_.*"))
        if answer.status_code in (301, 302):
            answer = get(answer.headers["location"])
        assert answer.status_code == 200, (address, answer.text[:300])
        if ".json" in address:
            found = answer.json()
            assert found.get("ok", True), address
            assert found["rows"] or "indicators" in address, address
        elif ".csv" in address:
            assert len(answer.text.splitlines()) > 1, address


def test_about(get: Get, monkeypatch: pytest.MonkeyPatch) -> None:
    assert "CC0 1.0" in get("/about").text
    monkeypatch.setenv("FAZHI_CONTACT", "archive@example.org <b>")
    assert "archive@example.org &lt;b&gt;" in get("/about").text
