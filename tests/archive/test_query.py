"""The language of the search box: what each query means, by the index and by brute force, and that none is an error."""

from __future__ import annotations

import random
import re
import sqlite3
from operator import add

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.chinese import CJK, LETTER, parsed, squeezed, zh_has, zh_match, zh_tokens
from archive.query import But, Every, Node, Some, Word, in_title, parse, words
from archive.snippet import MARK_START, zh_snippet

A, B, C = Word("复议"), Word("和解"), Word("诉讼")


@pytest.mark.parametrize(
    ("query", "meaning"),
    [
        ("复议", A),
        ("复议 和解", Every((A, B))),
        ("复议 AND 和解", Every((A, B))),
        ("复议 OR 和解", Some((A, B))),
        ("复议　ＯＲ　和解", Some((A, B))),
        ("复议 or 和解", Every((A, Word("or"), B))),
        ("复议 和解 OR 诉讼", Some((Every((A, B)), C))),
        ("复议 (和解 OR 诉讼)", Every((A, Some((B, C))))),
        ("复议 （和解 OR 诉讼）", Every((A, Some((B, C))))),
        ("复议 -诉讼", But(A, (C,))),
        ("复议 －诉讼", But(A, (C,))),
        ("复议 NOT 诉讼", But(A, (C,))),
        ("复议 AND NOT 诉讼", But(A, (C,))),
        ("-诉讼 +复议", But(A, (C,))),
        ("复议 -(和解 OR 诉讼)", But(A, (Some((B, C)),))),
        ("复议 (-和解 -诉讼)", But(A, (B, C))),
        ("复议 OR -诉讼", But(A, (C,))),
        ("-(-复议)", A),
        ("复议 复议", A),
        ('"行政 复议"', Word("行政 复议")),
        ("“行政 复议” 和解", Every((Word("行政 复议"), B))),
        ("“12348”热线", Word("“12348”热线")),
        ('"未闭合 的', Word("未闭合 的")),
        ("互联网+监管", Word("互联网+监管")),
        ("2023-2024", Word("2023-2024")),
        ("（一）依法行政", Word("（一）依法行政")),
        ("规范性文件（草案）制定", Word("规范性文件（草案）制定")),
        ("title:复议 和解", Every((Word("复议", True), B))),
        ("标题：复议", Word("复议", True)),
        ("Title: 复议", Word("复议", True)),
        ("title:(复议 OR 和解) 诉讼", Every((Some((Word("复议", True), Word("和解", True))), C))),
        ('标题:"行政 复议"', Word("行政 复议", True)),
        ("和解 -title:复议", But(B, (Word("复议", True),))),
        ("subtitle:复议", Word("subtitle:复议")),
        ("复议 OR", Every((A, Word("OR")))),
        ("AND 复议", Every((Word("AND"), A))),
        ("NOT", None),
        ("AND OR", None),
        ("()", None),
        ("+ - ( )", None),
        ('""', None),
        ("", None),
        ("。、", None),
        ("-复议", None),
        ("NOT (复议 和解)", None),
        ("title:", Word("title:")),
        ("((复议", Word("((复议")),
        ("复议) (", Word("复议)")),
    ],
)
def test_meaning(query: str, meaning: Node | None) -> None:
    assert parsed(query) == meaning


@pytest.mark.parametrize(
    ("query", "column", "expression"),
    [
        ("复议 OR 和解", "", '"复议" OR "和解"'),
        ("行政复议 (和解 OR 调解) -诉讼", "", '("行政 政复 复议" AND ("和解" OR "调解")) NOT "诉讼"'),
        ("复议 和解", "problems", 'problems : "复议" problems : "和解"'),
        ("title:复议 和解", "plan", 'title : "复议" plan : "和解"'),
        ("議", "title", 'title : "议" *'),
        ("-复议", "", '""'),
    ],
)
def test_expression(query: str, column: str, expression: str) -> None:
    assert zh_match(query, column) == expression


def index(texts: list[str]) -> sqlite3.Connection:
    connection = sqlite3.connect(":memory:")
    connection.execute("create virtual table f using fts5(title, text, content='', tokenize='ascii')")
    rows = [(n, zh_tokens(text)) for n, text in enumerate(texts)]
    connection.executemany("insert into f(rowid, title, text) values (?, '', ?)", rows)
    return connection


def found(connection: sqlite3.Connection, query: str) -> set[int]:
    return {row[0] for row in connection.execute("select rowid from f where f match ?", (zh_match(query),))}


WORDS = st.sampled_from(["复议", "行政", "議", "和解", "执法", "行政复议", "2023", '"行政 复议"', "“法治”", "title:法治"])
QUERY = st.recursive(
    WORDS,
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from([" ", " AND ", " OR ", " NOT ", " -", " +"]), inner).map("".join),
        inner.map(lambda query: f"({query})"),
    ),
    max_leaves=8,
)


@settings(max_examples=150, deadline=None)
@given(QUERY)
def test_a_query_finds_what_its_words_say(query: str) -> None:
    """Against brute force over texts without marks, where a word is found where it stands."""
    rng = random.Random(query)
    texts = [
        "。".join(rng.sample(["行政复议", "法治", "执法", "和解", "議会", "2023年", "行政", "诉讼"], 4)) for _ in range(30)
    ]

    def holds(text: str, node: Node) -> bool:
        match node:
            case Word(word, title):
                plain = re.sub(r'[" “”]', "", word).replace("議", "议")
                return not title and plain in text.replace("議", "议")
            case Every(parts):
                return all(holds(text, part) for part in parts)
            case Some(parts):
                return any(holds(text, part) for part in parts)
            case But(wanted, unwanted):
                return holds(text, wanted) and not any(holds(text, part) for part in unwanted)

    node = parsed(query)
    truth = {n for n, text in enumerate(texts) if node and holds(text, node)}
    assert found(index(texts), query) == truth
    if "title:" not in query:  # a text alone has no title
        assert {n for n, text in enumerate(texts) if zh_has(text, query)} == truth


TYPED = st.text(alphabet=st.sampled_from(list('复议a1 　"“”()（）-－+AND ORNOT:：*^\0')), max_size=40)


@settings(max_examples=500, deadline=None)
@given(
    TYPED
    | st.text(max_size=60)
    | st.lists(st.sampled_from(["AND", "OR", "NOT", "(", ")", "-", "+", "a", "title:"])).map(" ".join)
)
def test_nothing_is_a_syntax_error(query: str) -> None:
    found(index(["行政复议"]), query)
    zh_has("行政复议", query)
    zh_snippet("行政复议", query)
    assert (parsed(query) is None) == (zh_match(query) == '""')


@pytest.mark.parametrize(
    "query",
    ["(" * 10_000, "(" * 5_000 + "a" + ")" * 5_000, "-" * 10_000, "-(" * 4_000 + "a", '"' * 9_999, "“" * 10_000, "a OR " * 3_000,
     " ".join(f"词{n}" for n in range(3_000)), " OR ".join(f"(词{n} -词{n + 1})" for n in range(700)), "title:" * 2_000 + "a",
     "NOT " * 3_000 + "a", "a -" * 4_000 + "b"],
    ids=lambda query: query[:8],
)  # fmt: skip
def test_long_queries_are_answered(query: str) -> None:
    found(index(["行政复议"]), query)


def test_words_that_are_excluded_are_not_marked() -> None:
    assert words(parsed("复议 -诉讼")) == [A]
    assert MARK_START not in zh_snippet("行政诉讼", "复议 -诉讼")
    assert zh_snippet("行政诉讼", "复议 OR 诉讼").count(MARK_START) == 1


def test_in_title() -> None:
    assert in_title(But(Every((A, B)), (C,))) == parse("title:(复议 和解 -诉讼)")


def run_by_run(text: str) -> str:
    """Tokens as docs/search.md tells them, one run after the other."""
    made: list[str] = []
    for run, word, following in re.findall(rf"([{CJK}]+)|({LETTER}+)(?=([{CJK}])?)", squeezed(text)):
        made += [*map(add, run, run[1:]), run[-1]] if run else [word, *([word[-1] + following] if following else [])]
    return " ".join(made)


@settings(max_examples=400, deadline=None)
@given(
    st.text(alphabet=st.sampled_from(list("复议议2023aB年，。 、\n“”々𠀀é\U000e0100\0")), max_size=50) | st.text(max_size=80)
)
def test_tokens_are_those_of_the_runs(text: str) -> None:
    assert zh_tokens(text) == run_by_run(text)
