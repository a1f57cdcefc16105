"""The site, in process: every page, every search box, hostile data and odd input."""

from __future__ import annotations

import json
import re
import sqlite3
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest

from tests.reports import HOSTILE, REPORTS, identifier, make_archive
from tests.site.conftest import SITE, Get, get_from, sql

LONG = "replace(hex(zeroblob(450000)), '0', 'a')"  # SQL for 900,000 times a
QUERIES = ["复议", "議", "行政復議", "双随机一公开", "12348"]
ODD = [
    '"',
    "'",
    "(",
    ")",
    "[",
    "*",
    "^",
    ":",
    "-",
    "\\",
    "%",
    "\0",
    "复\0议",
    "a OR b*",
    "title:复议",
    "NEAR(复 议)",
    '"未闭合',
    "；drop table reports",
    "{{ 7 * 7 }}",
    "\ue000议\ue001",
    "议" * 7_000,
    "a" * 10_000,
    "行政 " * 3_000,
]
PAGES = [
    "/",
    "/archive/search",
    "/archive/search?q=复议",
    "/archive/reports",
    "/archive/reports?_search=复议",
    "/archive",
    f"/report/{identifier(6)}",
    f"/report/{identifier(8)}",
    f"/report/{identifier(9)}",
    f"/report/{identifier(10)}",
    f"/report/{identifier(6)}/versions",
    "/report/nix",
    "/archive/sites",
    "/archive/sources",
    "/archive/sections",
    "/archive/reports/1",
    "/archive/versions",
    "/archive/reports?_facet=issuer_type&level=county",
    "/coverage",
    "/coverage?code=960000&show=late",
    "/coverage/list",
    "/downloads",
    "/status",
    "/about",
    "/api",
]


def found_by_table(get: Get, **parameters: str) -> set[str]:
    answer = get("/archive/reports.json", _shape="objects", _size="max", **parameters)
    assert answer.status_code == 200, answer.text
    return {row["report_id"] for row in answer.json()["rows"]}


def found_by_query(get: Get, **parameters: str) -> list[dict[str, Any]]:
    answer = get("/archive/search.json", _shape="objects", **parameters)
    assert answer.status_code == 200, answer.text
    rows: list[dict[str, Any]] = answer.json()["rows"]
    return rows


@pytest.mark.parametrize("path", PAGES)
def test_pages_are_whole_and_ours_alone(get: Get, path: str) -> None:
    answer = get(path)
    assert answer.status_code == {"/report/nix": 404, f"/report/{identifier(10)}": 410}.get(path, 200)
    page = answer.text
    assert '<html lang="zh-CN">' in page
    assert '<meta name="viewport" content="width=device-width' in page
    assert page.count("<h1") == 1
    assert "<script" not in page
    for address in re.findall(r'<(?:link|img|iframe|form)[^>]+(?:src|href|action)="([^"]*)"', page):
        assert not address.startswith(("http:", "https:", "//")) or address.startswith("http://localhost/"), address
    assert not re.search(r'\son\w+="', page)
    assert 'href="javascript:' not in page


@pytest.mark.parametrize("query", QUERIES)
def test_every_search_box_finds(get: Get, query: str) -> None:
    table, rows = found_by_table(get, _search=query), found_by_query(get, q=query)
    assert len(table) >= 7
    assert {row["report_id"] for row in rows} == table - {identifier(10)}
    assert all("\ue000" in row["snippet"] for row in rows)
    assert "<mark>" in get("/archive/search", q=query).text
    assert "<mark>" in get("/archive/reports", _search=query).text


def test_filters_of_the_query(get: Get) -> None:
    assert {row["report_year"] for row in found_by_query(get, q="复议", year="2022")} == {2022}
    assert {row["report_id"] for row in found_by_query(get, q="复议", province="北岭")} == {identifier(6)}
    assert len(found_by_query(get, q="复议", limit="2")) == 2
    assert found_by_query(get, q="复议", limit="2")[0]["matches"] == 9
    assert found_by_query(get, q="12348", section="problems") == []


def test_title_search(get: Get) -> None:
    assert found_by_table(get, _search_title="行政复议") == {identifier(6)}


@pytest.mark.parametrize("query", ODD, ids=lambda query: ascii(query)[:20])
@pytest.mark.parametrize("parameter", ["q", "_search", "_search_title", "year", "province", "limit"])
def test_odd_input_is_answered(get: Get, query: str, parameter: str) -> None:
    path = "/archive/reports" if parameter.startswith("_") else "/archive/search"
    parameters = {parameter: query} if parameter in ("q", "_search", "_search_title") else {"q": "复议", parameter: query}
    answer = get(path, **parameters)
    assert answer.status_code in (200, 400)
    assert "Traceback" not in answer.text


def test_raw_mode(get: Get) -> None:
    assert found_by_table(get, _search='"行政 政复 复议"', _searchmode="raw") == found_by_table(get, _search="行政复议")
    for query in ('"', "AND", "a b )"):
        answer = get("/archive/reports", _search=query, _searchmode="raw")
        assert answer.status_code == 400
        assert "这个请求无法处理" in answer.text


def test_start_page_counts(get: Get) -> None:
    page = get("/").text
    counts = dict(re.findall(r"<dt>(.+?)</dt><dd>(?:<a[^>]*>)?([\d,]+)", page))
    assert counts == {"报告": "9", "机关": "7", "年度": "3", "省份": "3", "网站": "1"}
    assert 'action="/search" method="get"' in page
    newest = re.findall(r'/report/(fz[0-9a-f]+)"', page)
    assert newest[0] == identifier(9)
    assert identifier(10) not in newest


def test_report_page(get: Get) -> None:
    page = get(f"/report/{identifier(6)}").text
    for text in (
        "松林镇行政复议与法治政府建设情况报告",
        "乡级",
        "2024-02-08",
        "全角标点到手时已变成半角",
        "原始发布",
        "转载",
        "97%",
    ):
        assert text in page
    assert '<h2 id="p2">一、主要工作和成效' in page
    assert "<td>行政复议案件（件）</td><td>188</td>" in page
    assert "收录以来文本没有变动" in page
    assert "逾期 21 天" in get(f"/report/{identifier(3)}").text
    assert "原网站已撤下这份报告" in get(f"/report/{identifier(9)}").text


def test_every_source_leads_to_its_report(get: Get) -> None:
    answer = get(f"/report/{identifier(1006)}")
    assert answer.status_code in (301, 302)
    assert answer.headers["location"] == f"/report/{identifier(6)}"


def test_unknown_and_removed(get: Get) -> None:
    unknown = get("/report/fz00000000000000ff")
    assert (unknown.status_code, "没有编号为 fz00000000000000ff 的报告" in unknown.text) == (404, True)
    removed = get(f"/report/{identifier(10)}")
    assert removed.status_code == 410
    assert "应请求移除" in removed.text
    assert "应删除" not in removed.text
    assert "12348" not in removed.text


def test_hostile_text_stays_text(get: Get) -> None:
    for path in (
        "/",
        f"/report/{identifier(8)}",
        "/archive/search?q=复议",
        "/archive/reports?_search=复议",
        "/archive/reports/8",
        f"/archive/search?q={quote(HOSTILE)}",
        f"/archive/reports?_search={quote(HOSTILE)}",
        f"/report/{quote(HOSTILE, safe='')}",
        f"/archive/reports?issuer={quote(HOSTILE)}",
        f"/archive/search?q=复议&issuer={quote(HOSTILE)}",
        "/archive/sources",
        f"/archive/reports?_sort={quote(HOSTILE)}",
    ):
        page = get(path).text
        assert "<script" not in page, path
        assert "<img" not in page, path
        assert 'href="javascript:' not in page, path
    assert "&lt;script&gt;" in get(f"/report/{identifier(8)}").text


def test_json_and_csv_stay_plain(get: Get) -> None:
    assert "<mark>" not in get("/archive/search.json", q="复议").text
    assert "<a href" not in get("/archive/search.csv", q="复议").text


def test_table_page_facets_and_order(get: Get) -> None:
    page = get("/archive/reports").text
    for label in ("年度", "省份", "层级", "县级", "东湖省"):
        assert label in page
    assert [int(n, 16) for n in re.findall(r'class="title" href="/report/fz([0-9a-f]{16})"', page)] == [
        9,
        8,
        7,
        6,
        5,
        4,
        3,
        2,
        1,
    ]
    narrowed = get("/archive/reports", level="county", _search="复议").text
    assert 'name="level__exact" value="county"' in narrowed
    assert "清除条件" in narrowed


def test_sql_is_open_and_read_only(get: Get) -> None:
    assert sql(get, "select count(*) from reports").json()["rows"] == [[10]]
    for statement in ("delete from reports", "drop table reports", "attach ':memory:' as x", "pragma writable_schema=1"):
        assert sql(get, statement).status_code in (400, 403)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what sqlite3 drops when a function raises
@pytest.mark.parametrize(
    "statement",
    [
        "select zeroblob(100000000)",
        "select length(printf('%.*c', 2147483647, 'a'))",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select zeroblob(900000) from n",
        "with recursive n(i) as (select 1 union all select i + 1 from n) select count(*) from n",
        f"select replace({LONG}, 'a', {LONG})",
        f"select {', '.join(['1'] * 101)}",
        "select zh_snippet('议', '议', 'wide')",
    ],
)
def test_sql_is_bounded(get: Get, statement: str) -> None:
    assert sql(get, statement).status_code == 400


@pytest.mark.parametrize(
    ("statement", "answer"),
    [
        (f"select instr({LONG}, substr({LONG}, 1, 400000) || 'b')", 0),
        (f"select length(trim({LONG}, replace(hex(zeroblob(35000)), '0', 'b') || 'a'))", 0),
        (f"select length(replace({LONG}, substr({LONG}, 1, 400000) || 'b', ''))", 900000),
        ("select instr('复议', '议')", 2),
        ("select instr(null, 'a')", None),
        ("select instr(x'0102', x'02')", 2),
        ("select instr(1234, 3)", 3),
        ("select replace('aba', 'a', 'x')", "xbx"),
        ("select replace('aba', '', 'x')", "aba"),
        ("select ltrim('xxa', 'x') || rtrim('axx', 'x') || trim(' a ')", "aaa"),
    ],
)
def test_built_in_functions_are_quick_and_right(get: Get, statement: str, answer: Any) -> None:
    """SQLite's own need up to a minute for the first three."""
    got = sql(get, statement)
    assert got.json()["rows"] == [[answer]]


def test_downloads_are_off(get: Get) -> None:
    assert get("/archive.db").status_code == 403
    assert get("/archive/reports.csv", _stream="1", _size="max").status_code in (200, 400)


def test_under_a_prefix(archive: Path) -> None:
    get = get_from(archive, "--setting", "base_url", "/fazhi/")
    for path in (
        "/",
        "/archive/search?q=复议",
        "/archive/reports",
        f"/report/{identifier(6)}",
        "/archive",
        "/archive/sources",
        "/coverage",
        "/coverage/list",
        "/trends?q=复议",
        "/downloads",
        "/status",
        "/about",
        "/api",
        "/report/nix",
    ):
        page = get(path).text  # the client puts the prefix before it
        assert "没有这一页" not in page or path == "/report/nix"
        for address in re.findall(r'(?:href|src|action)="(/[^"]*)"', page):
            assert address.startswith("/fazhi/"), (path, address)
        assert "/fazhi/fazhi/" not in page, path
    assert get("/static/archive.css").status_code == 200
    assert get("/archive/reports/").headers["location"] == "/fazhi/archive/reports"
    assert get(f"/report/{identifier(1006)}").headers["location"] == f"/fazhi/report/{identifier(6)}"


def test_empty_archive(tmp_path: Path) -> None:
    get = get_from(make_archive(tmp_path / "archive.db", []))
    for path in ("/", "/archive/search?q=复议", "/archive/reports", "/archive", "/archive/sites"):
        assert get(path).status_code == 200
    assert "还没有报告" in get("/").text


def test_report_with_hardly_anything_known(tmp_path: Path) -> None:
    """Null wherever a column may be null."""
    archive = make_archive(tmp_path / "archive.db")
    with sqlite3.connect(archive) as connection:
        columns = [row[1] for row in connection.execute("pragma table_info(reports)")]
        nulls = ", ".join(f"{name} = null" for name in columns if name not in ("id", "report_id", "status"))
        connection.execute(f"update reports set {nulls} where id = 1")
        connection.execute("delete from sources where report_id = ?", (identifier(1),))
        connection.execute("delete from sections")
        connection.execute("delete from versions")
    get = get_from(archive)
    page = get(f"/report/{identifier(1)}")
    assert page.status_code == 200
    assert "None" not in page.text
    for path in ("/", "/archive/search?q=复议", "/archive/reports", "/archive/reports/1"):
        assert get(path).status_code == 200


def test_other_years_of_the_issuer(get: Get) -> None:
    page = get(f"/report/{identifier(7)}").text
    assert [values["report_year"] for values in REPORTS if values["issuer"] == "云溪市人民政府"] == [2021, 2022, 2023]
    assert f'/report/{identifier(5)}">2022 年度' in page
    assert f'/report/{identifier(1)}">2021 年度' in page


def test_plugins_are_all_loaded(get: Get) -> None:
    names = {plugin["name"] for plugin in json.loads(get("/-/plugins.json").text)}
    assert names >= {path.name for path in (SITE / "plugins").glob("*.py")}


def test_labels_in_english_by_a_switch(get: Get) -> None:
    page = get("/archive/reports")
    assert 'lang="zh-CN"' in page.text
    assert "cookie" in page.headers["vary"].lower()
    answer = get("/language/en", back="/archive/reports?_size=5")
    assert answer.headers["location"] == "/archive/reports?_size=5"
    assert answer.headers["set-cookie"].startswith("language=en;")
    for elsewhere in ("https://example.com/", "//example.com", "/\\example.com", ""):
        assert get("/language/en", back=elsewhere).headers["location"] == "/"
