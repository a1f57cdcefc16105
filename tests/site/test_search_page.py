"""The search page: what it finds, narrows, orders, pages and hands out, and what it says where there is nothing."""

from __future__ import annotations

import csv
import json
import re
import sqlite3
from html import unescape
from importlib.metadata import version
from io import StringIO
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, quote, urlsplit

import pytest
from lxml import html

from tests.reports import HOSTILE, REPORTS, identifier, make_archive
from tests.site.conftest import Get, get_from
from tests.site.test_site import ODD


def ids(page: str) -> list[str]:
    return re.findall(r'class="title"[^>]*href="/report/(fz[0-9a-f]{16})"', page)


def total(page: str) -> int:
    shown = re.search(r'role="status">\s*<strong>([\d,]+)</strong>', page)
    return int(shown[1].replace(",", "")) if shown else 0


def expected(keep: Any) -> set[str]:
    return {identifier(n) for n, r in enumerate(REPORTS, 1) if r.get("status") != "removed" and keep(r)}


@pytest.mark.parametrize(
    ("filters", "keep"),
    [
        ({}, lambda r: True),
        ({"year_from": "2022", "year_to": "2022"}, lambda r: r["report_year"] == 2022),
        ({"year": "2022"}, lambda r: r["report_year"] == 2022),
        ({"year_from": "2023", "year_to": "2022"}, lambda r: r["report_year"] in (2022, 2023)),
        ({"year_from": "2023"}, lambda r: r["report_year"] >= 2023),
        ({"province": "南屿省"}, lambda r: r.get("province") == "南屿省"),
        ({"province": "东湖省", "prefecture": "云溪市", "county": "青石区"}, lambda r: r.get("county") == "青石区"),
        ({"level": "county"}, lambda r: r["level"] == "county"),
        ({"issuer_type": "department"}, lambda r: r.get("issuer_type") == "department"),
        ({"issuer": "青石区"}, lambda r: "青石区" in r["issuer"]),
        ({"title": "1"}, lambda r: "复议" in r.get("title", "")),
        ({"section": "results"}, lambda r: "text" not in r),
        ({"section": "problems"}, lambda r: False),
    ],
)
def test_filters(get: Get, filters: dict[str, str], keep: Any) -> None:
    page = get("/search", q="复议", **filters).text
    assert set(ids(page)) == expected(keep)
    assert total(page) == len(expected(keep))
    lines = get("/search.jsonl", q="复议", **filters).text.splitlines()
    assert {json.loads(line)["report_id"] for line in lines} == expected(keep)
    counted = get("/search/counts", q="复议", **filters).text
    years = re.findall(r'<th scope="row"><a [^>]*>(\d{4})</a></th><td>(\d+)', counted)
    assert sum(int(n) for _, n in years) == len(expected(keep))


def test_sections_give_their_own_snippets(get: Get) -> None:
    page = get("/search", q="執法力量", section="problems").text
    assert total(page) == 7
    assert "<mark>执法力量</mark>薄弱" in page
    assert total(get("/search", q="执法力量", section="plan").text) == 0
    assert total(get("/search", q="12348 综合行政执法", section="plan").text) == 7
    assert total(get("/search", q="12348 薄弱", section="plan").text) == 0
    assert total(get("/search", q="标题:司法局 法律援助", section="plan").text) == 0


def test_language(get: Get) -> None:
    everything = total(get("/search", q="复议").text)
    assert total(get("/search", q="禁渔 OR 12348").text) == 8
    assert total(get("/search", q="复议 -12348").text) == everything - total(get("/search", q="复议 12348").text)
    assert ids(get("/search", q="title:行政复议").text) == [identifier(6)]
    assert "<mark>行政复议</mark>" in get("/search", q="标题：行政復議").text


@pytest.mark.parametrize("query", ["OR", "-复议", "()", "。、", "AND NOT"])
def test_nothing_to_look_for_is_said(get: Get, query: str) -> None:
    for path in ("/search", "/search/counts", "/search.csv", "/search.jsonl"):
        answer = get(path, q=query)
        assert answer.status_code == 400
        assert "没有要找的词" in answer.text


@pytest.mark.parametrize("query", ODD, ids=lambda query: ascii(query)[:20])
@pytest.mark.parametrize(
    "name", ["q", "province", "county", "issuer", "level", "section", "sort", "size", "page", "year_from", "title", "nosuch"]
)
def test_odd_input_is_answered(get: Get, query: str, name: str) -> None:
    answer = get("/search", **{"q": "复议", "province": "东湖省", name: query})
    assert answer.status_code in (200, 400), answer.text[-500:]
    assert "Traceback" not in answer.text
    if answer.status_code == 400:
        assert 'class="problem" role="alert">' in answer.text
    assert "<script>alert" not in answer.text


def test_hostile_text_stays_text(get: Get) -> None:
    for address in ("/search?q=复议", f"/search?q={quote(HOSTILE)}", f"/search?q=复议&issuer={quote(HOSTILE)}",
                    f"/search?q=复议 没有的词&province={quote(HOSTILE)}", f"/search/counts?q=复议&issuer={quote(HOSTILE)}"):  # fmt: skip
        page = get(address).text
        assert "<script>" not in page
        assert "<img" not in page
        tree = html.fromstring(page)
        assert not tree.xpath("//@*[starts-with(name(), 'on') or name() = 'style'] | //style | //script[not(@src)]"), address
        assert all(link.startswith(("/", "#", "https://", "?")) for link in tree.xpath("//@href | //@src | //@action")), address


def test_order(get: Get) -> None:
    dates = {identifier(n): r["published_date"] for n, r in enumerate(REPORTS, 1)}
    newest, oldest = (ids(get("/search", q="法治", sort=sort).text) for sort in ("newest", "oldest"))
    assert newest == sorted(newest, key=lambda name: dates[name], reverse=True)
    assert oldest == newest[::-1]
    assert ids(get("/search", q="法治", sort="place").text)[-1] == identifier(6)  # 98: the last code
    assert ids(get("/search", q="行政复议").text)[0] == identifier(6)


def test_pages(tmp_path: Path) -> None:
    get = get_from(make_archive(tmp_path / "archive.db", [{**REPORTS[0], "issuer": f"甲{n}乡"} for n in range(45)]))
    seen: list[str] = []
    for n, rows in ((1, 20), (2, 20), (3, 5)):
        page = get("/search", q="复议", page=str(n)).text
        assert len(ids(page)) == rows
        assert re.search(rf'aria-current="page"><span class="unseen">第</span>{n}<', page)
        seen += ids(page)
    assert len(set(seen)) == 45
    assert 'rel="next"' not in page
    assert "没有这一页" in get("/search", q="复议", page="4").text
    assert get("/search", q="复议", page="501").status_code == 400
    assert len(ids(get("/search", q="复议", size="50").text)) == 45
    assert [json.loads(line)["report_id"] for line in get("/search.jsonl", q="复议").text.splitlines()] == seen


def test_downloads_are_batched(tmp_path: Path) -> None:
    """More hits than one batch, the last batch full."""
    get = get_from(make_archive(tmp_path / "archive.db", [{**REPORTS[0], "text": f"复议{n}。"} for n in range(500)]))
    answer = get("/search.csv", q="复议", sort="oldest")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(StringIO(answer.text)))
    assert [row["report_id"] for row in rows] == [identifier(n) for n in range(1, 501)]
    assert rows[7]["snippet"] == "复议7。"


def test_address_is_tidy(get: Get) -> None:
    page = get("/search?q=复议&section=&year_from=2022&year_to=&province=东湖省&sort=relevance&size=20&issuer=&nosuch=1").text
    canonical = unescape(re.search(r'rel="canonical" href="([^"]+)"', page)[1])  # type: ignore[index]
    assert parse_qs(urlsplit(canonical).query) == {"q": ["复议"], "year_from": ["2022"], "province": ["东湖省"]}
    assert ids(get(canonical).text) == ids(page)
    chips = re.search(r'<ul class="chips".*?</ul>', page, re.DOTALL)[0]  # type: ignore[index]
    links = [parse_qs(urlsplit(unescape(link)).query) for link in re.findall(r'href="([^"]+)"', chips)]
    assert {"q": ["复议"], "year_from": ["2022"]} in links
    assert {"q": ["复议"], "province": ["东湖省"]} in links
    assert {"q": ["复议"]} in links
    assert '<select name="prefecture">' in page
    assert '<option value="云溪市" lang="zh-CN">' in page


def test_the_sql_that_is_shown_gives_the_hits(get: Get) -> None:
    page = get("/search", q="复议 -禁渔", section="results", year_from="2022", issuer="市").text
    link = unescape(re.search(r'href="([^"]+)">在 SQL 页面中打开', page)[1])  # type: ignore[index]
    asked = {name: values[0] for name, values in parse_qs(urlsplit(link).query).items()}
    answer = get("/archive.json", _shape="objects", **asked)
    if answer.status_code in (301, 302):  # 1.0 has another address for it
        answer = get(answer.headers["location"])
    assert [row["report_id"] for row in answer.json()["rows"]] == ids(page)


def test_no_hits(get: Get) -> None:
    page = get("/search", q="复议 火星", level="county", year="2022").text
    assert "没有报告符合" in page
    alone = dict(re.findall(r'<a href="/search\?q=[^"]+" lang="zh-CN">([^<]+)</a> <span class="facts">([\d,]+)', page))
    assert alone == {"复议": "1", "火星": "0"}
    assert "放宽条件" in page


def test_before_anything_is_asked(get: Get) -> None:
    page = get("/search").text
    assert "可以这样找" in page
    assert ids(page)[0] == identifier(9)
    assert "检索词的写法" in page


def test_under_a_prefix(archive: Path) -> None:
    get = get_from(archive, "--setting", "base_url", "/fazhi/")
    for path in ("/search", "/search?q=复议&level=county", "/search?q=火星&level=county", "/search/counts?q=复议"):
        page = get(path).text
        for address in re.findall(r'(?:href|src|action|data-load)="(/[^"]*)"', page):
            assert address.startswith("/fazhi/"), (path, address)
        assert "/fazhi/fazhi/" not in page


def test_report_with_hardly_anything_known(tmp_path: Path) -> None:
    archive = make_archive(tmp_path / "archive.db")
    with sqlite3.connect(archive) as connection:
        columns = [row[1] for row in connection.execute("pragma table_info(reports)")]
        nulls = ", ".join(f"{name} = null" for name in columns if name not in ("id", "report_id", "status"))
        connection.execute(f"update reports set {nulls} where id = 1")
        connection.execute("delete from sections")
    get = get_from(archive)
    for sort in ("relevance", "newest", "oldest", "place"):
        page = get("/search", q="复议", sort=sort).text
        assert "（无标题）" in page
        assert "None" not in page
    assert "不详" in get("/search/counts", q="复议").text
    assert get("/search", q="执法", section="problems").status_code == 200


@pytest.mark.skipif(not version("datasette").startswith("0."), reason="1.0 does not start without time")
def test_too_slow_is_said(archive: Path) -> None:
    get = get_from(archive, "--setting", "sql_time_limit_ms", "0")
    for path in ("/search", "/search/counts", "/search.csv"):
        answer = get(path, q="复议 OR 执法")
        assert answer.status_code in (200, 400)
        assert answer.status_code == 200 or "超过了时间限制" in answer.text


def test_a_single_character_is_looked_up_by_itself(get: Get, archive: Path, tmp_path: Path) -> None:
    """議 and 议, in whichever place; the same where an archive has no index of characters."""
    without = tmp_path / "archive.db"
    with sqlite3.connect(archive) as db, sqlite3.connect(without) as copy:
        db.backup(copy)
        copy.execute("drop table reports_chars")
    for character in "议議渔a":
        found = set(ids(get("/search", q=character, size="100").text))
        assert found == set(ids(get_from(without)("/search", q=character, size="100").text)), character
        assert ("reports_chars" in get("/search", q=character).text) == (character in "议議渔")
        assert bool(found) == (character != "a"), character
    kept = [json.loads(line)["report_id"] for line in get("/search.jsonl", q="议", level="county").text.splitlines()]
    assert set(kept) == {
        identifier(n) for n, r in enumerate(REPORTS, 1) if r["level"] == "county" and r.get("status") != "removed"
    }
