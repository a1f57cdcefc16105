"""The difference of two texts: complete whatever they are, readable for real ones, bounded for hostile ones."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive import differences
from archive.differences import Change, Run, difference

OLD = (
    "一、主要成效\n全年办理行政复议案件215件，纠错率12.6%。\n行政机关负责人出庭应诉率达到100%。\n开展普法宣传四十场。\n"
    "培训执法人员两期。\n审查规范性文件九件。\n聘请法律顾问三名。\n清理证明事项。\n完善调解网络。\n二、存在的问题\n基层执法力量薄弱。"
)
NEW = OLD.replace("215件", "218件").replace("开展普法", "组织开展普法").replace("基层", "全市建成法治广场两处。\n基层")


def rebuilt(changes: list[Change], without: str) -> str:
    lines: list[str] = []
    for change in changes:
        if change.kind == "folded":
            lines += [run.text for run in change.runs]
        elif change.kind != without:
            lines.append("".join(run.text for run in change.runs if run.kind != without))
    return "\n".join(lines)


LINES = st.lists(st.text("甲乙丙12.，a", max_size=8), max_size=12).map("\n".join)


@given(LINES, LINES)
def test_both_texts_can_be_read_off(old: str, new: str) -> None:
    changes = difference(old, new)
    assert (rebuilt(changes, "inserted"), rebuilt(changes, "deleted")) == (old, new)


def test_numbers_change_as_wholes_and_the_rest_by_character() -> None:
    changed = [change for change in difference(OLD, NEW) if change.kind == "changed"]
    assert changed[0].runs == (
        Run("same", "全年办理行政复议案件"),
        Run("deleted", "215"),
        Run("inserted", "218"),
        Run("same", "件，纠错率12.6%。"),
    )
    assert changed[1].runs == (Run("inserted", "组织"), Run("same", "开展普法宣传四十场。"))


def test_paragraphs_that_came_and_stretches_that_stayed() -> None:
    changes = difference(OLD, NEW)
    assert [run.text for change in changes if change.kind == "inserted" for run in change.runs] == ["全市建成法治广场两处。"]
    assert [len(change.runs) for change in changes if change.kind == "folded"] == [2]
    assert {change.kind for change in difference(OLD, OLD)} == {"folded"}


def test_every_paragraph_changed_a_little() -> None:
    """As when a copy folded the punctuation: each stays beside its own."""
    old = "\n".join(f"第{n}项，推进行政执法规范化，办理案件{n * 7}件。" for n in range(100))
    changes = difference(old, old.replace("，", ","))
    assert [change.kind for change in changes] == ["changed"] * 100


def test_a_paragraph_that_became_another_is_no_change_of_it() -> None:
    kinds = [change.kind for change in difference("甲\n推进行政执法改革。\n乙乙", "丙\n组织冬季森林防火演练两次！\n丁丁")]
    assert set(kinds) == {"deleted", "inserted"}


@pytest.mark.parametrize("alphabet", ["中", "中国", "中国人民政府法治建设", "中国\n", "\n中"])
def test_hostile_texts_cost_no_more_than_the_budget(monkeypatch: pytest.MonkeyPatch, alphabet: str) -> None:
    spent = []

    class Counted(differences.SequenceMatcher):  # type: ignore[type-arg]
        def __init__(self, junk: None, a: list[str], b: list[str], autojunk: bool) -> None:
            counts = Counter(b)
            spent.append(sum(counts[item] for item in a))
            super().__init__(junk, a, b, autojunk)

    monkeypatch.setattr(differences, "SequenceMatcher", Counted)
    pick = random.Random(7)
    old, new = ("".join(pick.choices(alphabet, k=60_000)) for _ in range(2))
    changes = difference(old, new)
    assert (rebuilt(changes, "inserted"), rebuilt(changes, "deleted")) == (old, new)
    assert max(spent, default=0) <= differences.AT_ONCE
    assert sum(spent) <= differences.BUDGET
