"""A text set for reading: headings, paragraphs and tables with their anchors, and the figures in it marked."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

#: A heading longer than this (characters), or deeper than 三级, reads as a paragraph.
HEADING_LENGTH, HEADING_DEPTH = 60, 3


@dataclass(frozen=True)
class Piece:
    """A run of a text. `figures`: numbers (from 1) of the figures whose value it is; none for what lies between."""

    text: str
    figures: tuple[int, ...] = ()


@dataclass
class Block:
    """A piece of a text as it is set: a heading (`depth` 1 to 3), a paragraph (0), or a table (`rows` of cells)."""

    anchor: str  #: p and the number of its (first) line in the text: the same as long as the text is
    pieces: list[Piece] = field(default_factory=list)
    depth: int = 0
    kind: str = ""  #: of a heading: the kind of its section
    rows: list[list[list[Piece]]] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The text of a heading or paragraph."""
        return "".join(piece.text for piece in self.pieces)


def blocks(text: str, sections: list[dict[str, Any]], figures: Iterable[Mapping[str, Any]] = ()) -> list[Block]:
    """Set a text for reading: headings where `sections` say, tables of lines with tabs, one paragraph a line else.

    Args:
        text: one paragraph a line.
        sections: its rows of the table `sections`.
        figures: its rows of the table `indicators`; figure-1 is the first of them.
    """
    headings = {section["start"]: section for section in sections if 1 <= section["depth"] <= HEADING_DEPTH}
    cut = _Cut(text, figures)
    found: list[Block] = []
    at, table = 0, False
    for n, line in enumerate(text.split("\n"), 1):
        section, start = headings.get(at), at
        at += len(line) + 1
        if "\t" in line:
            if not table:
                found.append(Block(f"p{n}"))
            found[-1].rows.append(list(cut.cells(start, line)))
        elif section and len(line) <= HEADING_LENGTH and _bare(line) == _bare(f"{section['number']}{section['heading']}"):
            found.append(Block(f"p{n}", cut.pieces(start, at - 1), section["depth"], section.get("kind") or ""))
        elif line.strip():
            found.append(Block(f"p{n}", cut.pieces(start, at - 1)))
        table = "\t" in line
    return found


def _bare(line: str) -> str:
    """Return a line without white space and closing stop: a heading that has text after it in its line is no heading."""
    return re.sub(r"\s|[。：:]\s*$", "", line)


class _Cut:
    """Cuts a text at the figures that stand in it."""

    def __init__(self, text: str, figures: Iterable[Mapping[str, Any]]) -> None:
        self.text = text
        placed = [
            (f["start"], f["end"], n) for n, f in enumerate(figures, 1) if f["start"] is not None and f["end"] is not None
        ]
        self.marks: list[tuple[int, int, tuple[int, ...]]] = []
        for start, end, n in sorted(placed):
            if self.marks and start < (last := self.marks[-1])[1]:  # one number may be two figures
                self.marks[-1] = (last[0], last[1], (*last[2], n))
            elif 0 <= start < end <= len(text):
                self.marks.append((start, end, (n,)))

    def pieces(self, start: int, end: int) -> list[Piece]:
        """Return the pieces of text[start:end]."""
        found = []
        at = start
        for first, last, figures in self.marks[bisect_left(self.marks, (start,)) :]:
            if first >= end:
                break
            found += [Piece(self.text[at:first]), Piece(self.text[first : min(last, end)], figures)]
            at = min(last, end)
        found.append(Piece(self.text[at:end]))
        return [piece for piece in found if piece.text]

    def cells(self, start: int, line: str) -> Iterable[list[Piece]]:
        """Yield the pieces of every cell of a line of a table."""
        for cell in line.split("\t"):
            yield self.pieces(start, start + len(cell))
            start += len(cell) + 1
