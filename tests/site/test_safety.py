"""What the site refuses and bounds: methods, addresses, parameters, SQL; and that it takes up a rebuilt archive."""

from __future__ import annotations

import asyncio
import gc
import time
from pathlib import Path

import pytest
from datasette.cli import serve

from archive.serve import datasette_arguments
from tests.reports import REPORTS, identifier, make_archive
from tests.site.conftest import SITE, Get, get_from, sql

COUNT = "with recursive n(i) as (select 1 union all select i + 1 from n) "


@pytest.fixture(scope="module")
def hasty(archive: Path) -> Get:
    """The site with a time limit of 0.3 s."""
    return get_from(archive, "--setting", "sql_time_limit_ms", "300")


@pytest.mark.parametrize(
    "address",
    [
        "/archive/search?q=复议&_timelimit=abc",
        "/archive/search.json?q=复议&_timelimit=abc",
        "/archive/reports?_sort=nosuch",
        "/archive/reports?_sort=id&_sort_desc=title",
        "/archive/reports?_through={",
        "/archive/reports?_through=[]",
        '/archive/reports?_through={"table":"sites","column":"id","value":"1"}',
        "/archive/reports?title__in=[",
        "/archive/reports?_where=%00",
        "/archive/reports?_where='",
        "/archive.csv",
    ],
)
def test_parameters_that_cannot_be(get: Get, address: str) -> None:
    answer = get(address)
    # Datasette 1.0 overlooks some of these.
    assert answer.status_code in (200, 302, 400, 404), answer.text[-900:]


def test_no_method_writes(archive: Path) -> None:
    arguments = datasette_arguments(SITE, archive, host="127.0.0.1", port=8001)[1:]
    context = serve.make_context("serve", arguments)
    site = serve.callback(**{**context.params, "return_instance": True})
    asyncio.run(site.invoke_startup())
    for method in ("POST", "PUT", "DELETE", "PATCH", "TRACE", "NONSENSE"):
        for path in (
            "/",
            "/archive",
            "/archive/search?q=a",
            "/archive/reports",
            f"/report/{identifier(6)}",
            "/static/archive.css",
        ):
            answer = asyncio.run(site.client.request(method, path))
            assert answer.status_code == 405, (method, path)
            assert "只供阅读" in answer.text
    assert asyncio.run(site.client.request("HEAD", f"/report/{identifier(6)}")).status_code == 200


@pytest.mark.parametrize("path", ["/archive/search?q=", "/archive/reports?_search=", "/report/nix?x="])
def test_too_long_an_address(get: Get, path: str) -> None:
    """Datasette repeats the address in a header, which clients do not take beyond 64 KB."""
    answer = get(path + "、" * 10_000)
    assert answer.status_code == 400
    assert "地址太长" in answer.text
    assert get(path + "a" * 10_000).status_code in (200, 404)
    assert max(map(len, answer.headers.values())) < 65_536


def test_nothing_tells_where_the_archive_is(get: Get, archive: Path) -> None:
    for page in ("databases", "threads", "messages", "allow-debug", "patterns", "versions", "plugins", "settings", "metadata"):
        for form in ("", ".json"):
            assert str(archive.parent) not in get(f"/-/{page}{form}").text, page
    assert get("/-/databases.json").status_code == 403
    for statement in (
        "select * from pragma_database_list",
        "select file from pragma_database_list()",
        "select count(*) from PRAGMA_DATABASE_LIST where file like '/%'",
    ):
        answer = sql(get, statement)
        assert answer.status_code == 400
        assert str(archive.parent) not in answer.text
    assert str(archive.parent) not in get("/archive.json").text


def test_a_query_that_takes_too_long_is_one_sentence(hasty: Get) -> None:
    answer = hasty("/archive/reports", _where=f"({COUNT}select count(*) from n)")
    assert answer.status_code == 400
    assert "时间限制" in answer.text
    assert "<script" not in answer.text
    assert "docs.datasette.io" not in answer.text


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # what sqlite3 drops when a function raises
@pytest.mark.parametrize("call", ["zh_snippet({text} || i, '\"a a a a a a a b\"')", "length(zh_tokens({text} || i))"])
def test_functions_are_bounded_within_a_statement(hasty: Get, call: str) -> None:
    """SQLite looks at the clock every thousand steps; without a bound of their own these calls took a minute."""
    text = "replace(hex(zeroblob(90000)), '0', 'a.-')"
    begun = time.monotonic()
    answer = sql(hasty, f"{COUNT} select {', '.join([call.format(text=text)] * 40)} from n")
    assert answer.status_code == 400
    assert time.monotonic() - begun < 5


def test_functions_work_again_in_the_next_statement(hasty: Get) -> None:
    for _ in range(3):
        time.sleep(0.2)
        assert sql(hasty, "select zh_snippet('行政复议', '复议')").json()["rows"] == [["行政\ue000复议\ue001"]]
        assert hasty("/archive/search?q=复议").status_code == 200


def test_memory_is_bounded(get: Get) -> None:
    """An aggregate grows past the longest text before SQLite looks at its length."""
    answer = sql(get, COUNT + "select json_group_array(hex(zeroblob(400000))) from n")
    assert answer.status_code == 400
    assert get("/archive/search?q=复议").status_code == 200


def test_a_rebuilt_archive_is_taken_up(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive.db")
    get = get_from(archive)
    assert get(f"/report/{identifier(7)}").status_code == 200
    make_archive(tmp_path / "new.db", REPORTS[:3]).replace(archive)
    assert get(f"/report/{identifier(7)}").status_code == 404
    assert get(f"/report/{identifier(3)}").status_code == 200
    assert get("/archive/search.json", q="行政复议", _shape="objects").status_code == 200
    # Nothing holds on to the old file: a large one would stay on the disk.
    for n in range(3):
        make_archive(tmp_path / f"{n}.db", REPORTS[:3]).replace(archive)
        assert get("/").status_code == 200
    gc.collect()
    opened = [str(file.readlink()) for file in Path("/proc/self/fd").glob("*") if file.is_symlink()]
    assert f"{archive} (deleted)" not in opened


def test_marks_that_somebody_else_set(tmp_path: Path) -> None:
    title = "关于\ue000复议的\ue000报告\ue001\ue001"
    get = get_from(make_archive(tmp_path / "archive.db", [{**REPORTS[0], "title": title}]))
    page = get("/archive/search?q=复议").text
    assert page.count("<mark>") == page.count("</mark>")
    assert "关于复议的<mark>报告</mark>" in page
    assert "\ue000" not in page


@pytest.mark.parametrize("limit", ["", "0", "-1", "abc", "1.5", "99999999999999999999"])
def test_any_limit(get: Get, limit: str) -> None:
    rows = get("/archive/search.json", q="复议", limit=limit, _shape="objects").json()["rows"]
    assert len(rows) == (1 if limit == "1.5" else 9)


def test_what_datasette_says_is_chinese(get: Get) -> None:
    for path in ("/nix", "/archive/nix", "/archive/reports/999", "/nix/nix/nix"):
        answer = get(path)
        assert answer.status_code == 404
        assert "not found" not in answer.text.lower()
