"""The rule for duplicates on the labelled set: nothing is merged that is not one report, and copies, excerpts and versions are found."""

from __future__ import annotations

from collections import Counter, defaultdict
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from archive.texts import Profile
from archive.verdicts import Judgement, Side, judge
from tests.pairs.changes import PLAIN, changed
from tests.pairs.labelled import RIGHT, pairs, recipes
from tests.pairs.recipes import Keyed, Pair, base, make
from tests.pairs.world import LEVELS

CLASSES = [f"P{n:02}" for n in range(1, 11)] + ["T1", "T2", "T3", "V01", "V02", "V03"] + [f"N{n:02}" for n in range(1, 11)]
LABELS = {"P": "same", "T": "excerpt", "V": "version", "N": "apart"}
#: Right verdicts among pairs whose years are both known, at least.
#: Versions of towns whose county nothing tells, with every figure new, cannot be told from another town's of that name.
RECALL = {"P": 0.98, "T": 1.0, "V": 0.9}


def side(keyed: Keyed) -> Side:
    return Side(text=keyed.text, year=keyed.year, issuer=keyed.issuer, code=keyed.code)


@pytest.fixture(scope="module")
def judged() -> list[tuple[Pair, Judgement]]:
    """Every pair of the set with its verdict."""
    return [(pair, judge(side(pair.a), side(pair.b))) for pair in pairs()]


def right(pair: Pair, found: Judgement) -> bool:
    return found.verdict in RIGHT[pair.label]


def test_the_set() -> None:
    lines = recipes()
    assert len(lines) >= 360
    assert len({line.id for line in lines}) == len(lines)
    counts = Counter(line.cls for line in lines)
    assert sorted(counts) == sorted(CLASSES)
    assert min(counts.values()) >= 12
    assert all(line.label == LABELS[line.cls[0]] for line in lines)
    assert all(1400 <= len(make(line).a.text) <= 9000 for line in lines[::7])


def test_a_recipe_gives_the_same_texts_every_time() -> None:
    lines = recipes()[::40]
    assert [make(line) for line in lines] == [make(line) for line in lines]


def test_nothing_is_merged_that_is_not_one_report(judged: list[tuple[Pair, Judgement]]) -> None:
    merged = [pair for pair, found in judged if found.verdict == "same"]
    assert len(merged) > 150
    assert [pair.id for pair in merged if pair.label != "same"] == []


def test_nothing_is_linked_that_is_apart(judged: list[tuple[Pair, Judgement]]) -> None:
    assert [(pair.id, found.verdict) for pair, found in judged if pair.label == "apart" and not right(pair, found)] == []


def test_copies_excerpts_and_versions_are_found(judged: list[tuple[Pair, Judgement]]) -> None:
    results = defaultdict(list)
    for pair, found in judged:
        if pair.a.year and pair.b.year:
            results[pair.cls[0]].append((right(pair, found), pair.id, found.verdict))
    for kind, least in RECALL.items():
        missed = [result for result in results[kind] if not result[0]]
        assert 1 - len(missed) / len(results[kind]) >= least, missed


def test_without_a_year_nothing_is_linked_whose_figures_differ(judged: list[tuple[Pair, Judgement]]) -> None:
    undated = [found for pair, found in judged if not (pair.a.year and pair.b.year)]
    assert len(undated) >= 40
    assert {found.verdict for found in undated if found.numbers != 1} <= {"similar", "different"}


def test_the_order_makes_no_difference(judged: list[tuple[Pair, Judgement]]) -> None:
    assert [pair.id for pair, found in judged[::2] if judge(side(pair.b), side(pair.a)) != found] == []


levels = st.sampled_from(sorted(LEVELS))
seeds = st.integers(0, 10**6)


@settings(max_examples=25, deadline=None)
@given(levels, seeds, st.sampled_from(sorted(PLAIN)))
def test_a_report_is_the_same_as_itself_whatever_became_of_its_text(level: str, seed: int, change: str) -> None:
    report = base(level, 1800, seed).report
    keys = {"year": report.year, "issuer": report.place.issuer, "code": report.place.code}
    own = Side(text=report.text, **keys)
    found = judge(own, own)
    assert (found.verdict, found.exact, found.containment, found.length_ratio) == ("same", True, 1.0, 1.0)
    other = Side(text=changed(report.text, change, Random(seed)), **keys)
    # hard-wrapped lines of a short text are not always joined: then it is one report all the same, as a version
    assert judge(own, other).verdict in (("same", "version") if change == "P08" else ("same",))


@settings(max_examples=25, deadline=None)
@given(levels, seeds, st.integers(1, 9))
def test_reports_of_two_years_are_never_one(level: str, seed: int, later: int) -> None:
    report = base(level, 1500, seed).report
    issuer = report.place.issuer
    found = judge(Side(report.text, report.year, issuer), Side(report.text, report.year + later, issuer))
    assert found.verdict in RIGHT["apart"]


@settings(max_examples=50, deadline=None)
@given(
    st.text(max_size=900),
    st.text(max_size=900),
    st.sampled_from([None, 2020, 2021]),
    st.sampled_from([None, "青禾县人民政府", "、"]),
)
def test_any_text_has_a_verdict_and_the_order_makes_no_difference(
    first: str, second: str, year: int | None, issuer: str | None
) -> None:
    a, b = Side(first, year, issuer), Side(second, 2020, "青禾县人民政府")
    assert judge(a, b) == judge(b, a)


def test_wrapped_lines_that_lost_their_indents_are_joined() -> None:
    """First lines of paragraphs are then two characters shorter than the rest, and may be more."""
    paragraphs = [f"{n}月" + "开展法治宣传和执法检查并及时通报情况"[n:] * 6 for n in range(1, 10)]
    paragraphs = [line[: 60 if n % 3 else 100] + "。" for n, line in enumerate(paragraphs)]
    lines = [line for whole in paragraphs for line in (whole[:37], whole[37:76], whole[76:])]
    assert Profile("\n".join(filter(None, lines))).flat == Profile("\n".join(paragraphs)).flat
    assert Profile("\n".join(filter(None, lines))).sentences == Profile("\n".join(paragraphs)).sentences
