"""Search: what the index and the rewriting promise, against brute force; filters, totals and snippets."""

import random
import re
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlite_utils import Database

from archive import charmap
from archive import search as module
from archive.read import open_archive
from archive.search import (
    MARK_END,
    MARK_START,
    SEARCH_SQL,
    normalise_text,
    register,
    search,
    zh_has,
    zh_match,
    zh_snippet,
    zh_tokens,
)
from tests.reports import REPORTS, identifier, make_archive

SIMPLIFIED = charmap.load()
TRADITIONAL = {value: key for key, value in SIMPLIFIED.items()}
COMMON = "行政复议法治政府建设双随机一公开执法监管决策司法所应诉调解普法依规范性文件年度报告十二三四五"
STRONG = "。，；：！？…\n\t"
LIGHT = "、“”《》（）·+ "


@pytest.fixture
def archive(tmp_path: Path) -> Path:
    return make_archive(tmp_path / "archive.db")


def index(texts: list[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table f using fts5(title, text, content='', tokenize='ascii')")
    rows = [(n, zh_tokens(text)) for n, text in enumerate(texts)]
    connection.executemany("insert into f(rowid, title, text) values (?, '', ?)", rows)
    return connection


def hits(connection: sqlite3.Connection, query: str) -> set[int]:
    return {row[0] for row in connection.execute("select rowid from f where f match ?", (zh_match(query),))}


def brute_force(text: str) -> str:
    """Fold a text of Chinese and marks by the documented rules, written a second time: no tokens, no regular expression."""
    characters = [SIMPLIFIED.get(c, c) for c in normalize("NFKC", text).lower()]
    light = set(normalize("NFKC", LIGHT))
    kept: list[str] = []
    for n, character in enumerate(characters):
        if character in light:
            before = n - 1
            while before >= 0 and characters[before] in light:
                before -= 1
            after = n + 1
            while after < len(characters) and characters[after] in light:
                after += 1
            chinese = before >= 0 and after < len(characters) and all(characters[k] >= "\u4e00" for k in (before, after))
            if (
                chinese
                and after - before - 1 <= 3
                and not {characters[before], characters[after]} & set(normalize("NFKC", STRONG))
            ):
                continue
        kept.append(character)
    return "".join(kept)


def invented(rng: random.Random, length: int) -> str:
    """A text of Chinese, mostly common words, with marks, and now and then in Traditional."""
    pool = COMMON * 3 + "甲乙丙丁" + STRONG + LIGHT
    text = "".join(rng.choice(pool) for _ in range(length))
    return "".join(TRADITIONAL.get(c, c) for c in text) if rng.random() < 0.2 else text


@pytest.mark.parametrize("length", [1, 2, 3, 4, 6, 8])
def test_recall_and_precision_against_brute_force(length: int) -> None:
    rng = random.Random(length)
    texts = [invented(rng, 400) for _ in range(60)]
    folded, connection = [brute_force(text) for text in texts], index(texts)
    asked = 0
    while asked < 150:
        text = rng.choice(folded)
        at = rng.randrange(len(text) - length)
        word = text[at : at + length]
        if min(word) < "\u4e00":
            continue
        asked += 1
        truth = {n for n, other in enumerate(folded) if word in other}
        assert truth
        assert hits(connection, word) == truth, word
        assert hits(connection, "".join(TRADITIONAL.get(c, c) for c in word)) == truth, word


ANYTHING = st.text(alphabet=st.sampled_from(list("行政复議议案2023年aB" + STRONG + LIGHT + "\"'*()-")), max_size=40)


@settings(max_examples=200, deadline=None)
@given(ANYTHING, st.text(alphabet=st.sampled_from(list("行政复議议案2023年aB。、 \"'*")), min_size=1, max_size=8))
def test_sections_are_searched_by_the_rules_of_the_index(text: str, query: str) -> None:
    assert zh_has(text, query) == (hits(index([text]), query) == {0})


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_no_query_is_a_syntax_error(query: str) -> None:
    hits(index(["行政复议"]), query)


@settings(max_examples=200, deadline=None)
@given(ANYTHING, ANYTHING, st.integers(1, 60))
def test_snippet_is_part_of_the_text(text: str, query: str, width: int) -> None:
    snippet = zh_snippet(text, query, width)
    plain = re.sub(f"[{MARK_START}{MARK_END}]", "", snippet)
    spaced = text.replace("\n", " ").replace("\t", " ")
    assert plain.strip("…").strip() in spaced or plain in spaced
    assert len(plain) <= width + 2
    assert snippet.count(MARK_START) == snippet.count(MARK_END)


@settings(max_examples=200, deadline=None)
@given(ANYTHING, st.text(alphabet=st.sampled_from(list("行政复議议案2023年aB、")), min_size=1, max_size=5))
def test_what_is_found_is_marked(text: str, query: str) -> None:
    if zh_has(text, query):
        assert MARK_START in zh_snippet(text, query, 200)


@pytest.mark.parametrize(
    ("text", "tokens"),
    [
        (
            "第3季度“12348”热线。复议AB岗 2023 年度",
            "第 3 3季 季度 度 12348 8热 热线 线 复议 议 ab b岗 岗 2023 3年 年度 度",
        ),
        ("ＡＰＰ１２３㎡", "app123m2"),
        ("⾏政復議", "行政 政复 复议 议"),
        ("法 治", "法治 治"),
        ("双随机，一公开", "双随 随机 机 一公 公开 开"),
        ("", ""),
        ("。、“”", ""),
    ],
)
def test_tokens(text: str, tokens: str) -> None:
    assert zh_tokens(text) == tokens


@pytest.mark.parametrize(
    ("query", "expression"),
    [
        ("复议", '"复议"'),
        ("行政復議", '"行政 政复 复议"'),
        ("“双随机、一公开”", '"双随 随机 机一 一公 公开"'),
        ("2023年", '"2023 3年"'),
        ("12348热线", '"12348 8热 热线"'),
        ("議", '"议" *'),
        ("复议 和解", '"复议" "和解"'),
        ('"行政 复议"', '"行政 政复 复议"'),
        ('"未闭合 的', '"未闭 闭合 合的"'),
        ("复议 复議", '"复议"'),
        ("AB岗", '"ab b岗"'),
        ("第3", '"第 3"'),
        ("。", '""'),
        ("", '""'),
        ('" OR title:*', '"or title"'),
    ],
)
def test_rewriting(query: str, expression: str) -> None:
    assert zh_match(query) == expression


def test_numbers_match_whole(archive: Path) -> None:
    assert search(archive, "12348")["total"] == 7
    assert search(archive, "2348")["total"] == 0
    assert search(archive, "5件")["total"] == 0


@pytest.mark.parametrize("query", ["复议", "議", "行政復議", "双随机一公开", "12348"])
def test_finds_what_a_reader_expects(archive: Path, query: str) -> None:
    found = search(archive, query)
    assert found["total"] >= 7
    assert not found["capped"]
    assert all(MARK_START in hit["snippet"] for hit in found["hits"])
    assert list(found) == ["query", "total", "capped", "hits"]
    assert list(found["hits"][0]) == list(module.HIT)


def test_removed_is_never_found_and_withdrawn_is(archive: Path) -> None:
    found = {hit["report_id"] for hit in search(archive, "法治")["hits"]}
    by_status = {values.get("status", "live"): identifier(n) for n, values in enumerate(REPORTS, 1)}
    assert by_status["removed"] not in found
    assert by_status["withdrawn"] in found
    assert search(archive, "应删除")["total"] == 0


def test_title_weighs_more(archive: Path) -> None:
    assert "行政复议" in search(archive, "行政复议")["hits"][0]["title"]


@pytest.mark.parametrize(
    ("filters", "keep"),
    [
        ({"year": 2022}, lambda r: r["report_year"] == 2022),
        ({"level": "county"}, lambda r: r["level"] == "county"),
        ({"province": "南屿省"}, lambda r: r.get("province") == "南屿省"),
        ({"province": "南屿"}, lambda r: r.get("province") == "南屿省"),
        ({"province": "97"}, lambda r: r.get("province") == "南屿省"),
        ({"province": "970000"}, lambda r: r.get("province") == "南屿省"),
        ({"issuer": "云溪市"}, lambda r: "云溪市" in r["issuer"]),
        ({"issuer": "青石区", "year": 2022}, lambda r: "青石区" in r["issuer"] and r["report_year"] == 2022),
        ({"province": "新疆"}, lambda r: False),
    ],
)
def test_filters_come_before_the_limit(archive: Path, filters: dict[str, Any], keep: Any) -> None:
    expected = {identifier(n) for n, r in enumerate(REPORTS, 1) if keep(r) and r.get("status") != "removed"}
    found = search(archive, "复议", **filters)
    assert {hit["report_id"] for hit in found["hits"]} == expected
    assert found["total"] == len(expected)
    one = search(archive, "复议", limit=1, **filters)
    assert (len(one["hits"]), one["total"]) == (min(1, len(expected)), len(expected))


def test_section_filter(archive: Path) -> None:
    assert search(archive, "12348", section="plan")["total"] == 7
    assert search(archive, "12348", section="problems")["total"] == 0
    assert search(archive, "基层执法 12348", section="problems")["total"] == 0
    found = search(archive, "基层執法", section="problems")
    assert found["total"] == 7
    assert found["hits"][0]["snippet"].startswith("二、存在的问题")


@pytest.mark.parametrize(
    "filters", [{"province": "火星"}, {"province": "330702"}, {"level": "city"}, {"section": "x"}, {"limit": 0}]
)
def test_impossible_filters_say_so(archive: Path, filters: dict[str, Any]) -> None:
    with pytest.raises(ValueError, match=str(next(iter(filters.values())))):
        search(archive, "复议", **filters)


def test_no_archive(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="no archive"):
        search(tmp_path / "archive.db", "复议")
    (tmp_path / "archive.db").write_bytes(b"not a database" * 100)
    with pytest.raises(sqlite3.DatabaseError):
        search(tmp_path / "archive.db", "复议")


def test_beyond_the_cap_the_newest_come_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The statement is made small for this: 10,000 reports would take a minute."""
    sql = module.SEARCH_SQL.replace("10001", "6").replace("10000", "5")
    monkeypatch.setattr(module, "SEARCH_SQL", sql)
    monkeypatch.setattr(module, "RANKED", 5)
    archive = make_archive(tmp_path / "archive.db")
    found = search(archive, "复议", limit=3)
    assert (found["total"], found["capped"]) == (5, True)
    assert [hit["report_id"] for hit in found["hits"]] == [identifier(n) for n in (9, 8, 7)]
    assert search(archive, "复议", year=2022)["capped"] is False


def test_odd_queries(archive: Path) -> None:
    for query in (
        "\0",
        "复\0议",
        "\udcff复议",
        "议" * 10_000,
        "行政 " * 5_000,
        "“" * 500,
        "NEAR(a b)",
        "title:复议",
        "^复议",
        "a" * 9_999,
    ):
        assert search(archive, query)["total"] >= 0
    assert search(archive, "\udcff复议")["total"] == search(archive, "复议")["total"]


def test_snippets_are_bounded() -> None:
    """A text and a query made to be slow: repetition without end."""
    snippet = zh_snippet("行、" * 500_000, "行" * 5_000 + "议", 10**9)
    assert len(snippet) < 1_100


def test_snippet_takes_the_window_with_most_terms() -> None:
    text = "复议。" + "甲" * 300 + "复议和解。" + "乙" * 300
    assert zh_snippet(text, "复议 和解", 20).replace(MARK_START, "").replace(MARK_END, "").count("和解") == 1
    assert zh_snippet("“双随机、一公开”", "双随机一公开") == f"“{MARK_START}双随机、一公开{MARK_END}”"
    assert zh_snippet("没有", "复议", 80) == "没有"
    assert zh_snippet(f"a{MARK_START}b", "b") == "ab"


def test_sql_functions_take_null(archive: Path) -> None:
    connection = sqlite3.connect(archive)
    register(connection)
    row = connection.execute("select zh_tokens(null), zh_match(null), zh_has(null, '议'), zh_snippet(null, '议')").fetchone()
    assert row == ("", '""', 0, "")


def test_sqlite_utils_finds_the_index(archive: Path) -> None:
    """The comment in the DDL: without it a search box would find everything."""
    db = Database(archive)
    assert db.table("reports").detect_fts() == "reports_fts"
    assert [row["id"] for row in db.table("reports").search('"行政 政复 复议"', limit=1)] == [6]


def test_index_is_not_much_larger_than_the_text(tmp_path: Path) -> None:
    rng = random.Random(7)
    texts = [{**REPORTS[0], "text": invented(rng, 5000)} for _ in range(40)]
    archive = make_archive(tmp_path / "archive.db", texts)
    db = Database(archive)
    db.execute("insert into reports_fts(reports_fts) values ('optimize')")
    size = db.execute("select sum(length(block)) from reports_fts_data").fetchone()[0]
    assert size <= 1.6 * sum(len(values["text"].encode()) for values in texts)


def test_deleting_from_the_index(archive: Path) -> None:
    """What `remove` does: the same tokens handed in again."""
    db = Database(archive)
    title, text = db.execute("select title, text from reports where id = 1").fetchone()
    db.execute(
        "insert into reports_fts(reports_fts, rowid, title, text) values ('delete', 1, ?, ?)",
        (zh_tokens(title), zh_tokens(text)),
    )
    db.conn.commit()
    assert identifier(1) not in {hit["report_id"] for hit in search(archive, "复议")["hits"]}


@given(st.text(alphabet="复議议A，。：（％…㎡㈠ﾊ\u3000 ab1", max_size=60) | st.text(max_size=60))
def test_texts_are_folded_character_by_character(text: str) -> None:
    """Else a part of a text would not be found in it."""
    assert normalise_text(text) == "".join(map(normalise_text, text)) == normalise_text(normalise_text(text))


def test_snippets_are_made_only_of_rows_that_are_fetched(archive: Path) -> None:
    """A reader may ask for a million hits; the site fetches 1,000 of them."""
    calls = []
    with closing(open_archive(archive)) as connection:
        register(connection)
        connection.create_function("zh_snippet", 3, lambda *values: calls.append(values) or "")
        asked = {"q": "复议", "limit": "1000000"} | dict.fromkeys(("year", "province", "level", "issuer", "section"), "")
        rows = connection.execute(SEARCH_SQL, asked)
        assert rows.fetchone()["matches"] > 5
        assert len(calls) <= 2


def test_best_first_whatever_the_limit(archive: Path) -> None:
    best = [hit["report_id"] for hit in search(archive, "复议", limit=1000)["hits"]]
    for limit in range(1, len(best)):
        assert [hit["report_id"] for hit in search(archive, "复议", limit=limit)["hits"]] == best[:limit]
