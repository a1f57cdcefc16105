"""A text set for reading: nothing is lost, headings are headings, figures stand where they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from archive.layout import Block, Piece, blocks
from tests.reports import PLAN, PROBLEMS, RESULTS, sections

TEXT = RESULTS + PROBLEMS + PLAN


def written(found: list[Block]) -> list[str]:
    """Return the lines that blocks show."""
    lines = []
    for block in found:
        lines += ["\t".join("".join(p.text for p in cell) for cell in row) for row in block.rows] or [block.text]
    return lines


def figure(start: int | None, end: int | None) -> dict[str, int | None]:
    return {"start": start, "end": end}


def test_the_whole_text_is_there() -> None:
    found = blocks(TEXT, sections("fz", TEXT))
    assert written(found) == TEXT.rstrip("\n").split("\n")
    assert [(block.depth, block.kind, block.text) for block in found if block.depth][:2] == [
        (1, "results", "一、主要工作和成效"),
        (2, "results", "（一）依法全面履行政府职能"),
    ]
    assert [block.anchor for block in found if block.rows] == ["p7"]
    assert len({block.anchor for block in found}) == len(found)


@given(
    st.text("甲乙1一、\t\n ", max_size=60),
    st.lists(st.tuples(st.integers(-2, 70), st.integers(-2, 70)), max_size=8),
)
def test_figures_never_change_the_text(text: str, spans: list[tuple[int, int]]) -> None:
    plain, marked = blocks(text, []), blocks(text, [], [figure(*span) for span in spans])
    assert written(marked) == written(plain)
    assert [block.anchor for block in marked] == [block.anchor for block in plain]


def test_figures_are_marked_in_paragraphs_and_cells() -> None:
    start, cell = TEXT.index("215件"), TEXT.index("188")
    found = blocks(TEXT, [], [figure(cell, cell + 3), figure(start, start + 3), figure(None, None)])
    paragraph = next(block for block in found if "215件" in block.text)
    assert Piece("215", (2,)) in paragraph.pieces
    table = next(block for block in found if block.rows)
    assert table.rows[1][1] == [Piece("188", (1,))]


def test_one_number_may_be_two_figures() -> None:
    assert blocks("共5件", [], [figure(1, 2), figure(1, 2)])[0].pieces == [Piece("共"), Piece("5", (1, 2)), Piece("件")]


@pytest.mark.parametrize(
    ("line", "depth", "heading", "set_as"),
    [
        ("一、主要成效", 1, "主要成效", 1),
        ("一、主要成效。", 1, "主要成效", 1),
        ("一、 主要成效：", 1, "主要成效", 1),
        ("一、主要成效。全年办理案件五件。", 1, "主要成效", 0),
        ("一、" + "推进" * 40, 1, "推进" * 40, 0),
        ("一、主要成效", 4, "主要成效", 0),
        ("一、主要成效", 0, "", 0),
    ],
)
def test_what_is_set_as_a_heading(line: str, depth: int, heading: str, set_as: int) -> None:
    section = {"start": 0, "depth": depth, "number": "一、", "heading": heading}
    assert blocks(line, [section])[0].depth == set_as


def test_no_text() -> None:
    assert blocks("", []) == []
