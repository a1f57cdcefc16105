"""Pages of visual lines to paragraphs: running headers and page numbers go, lines broken by the margin are joined."""

from __future__ import annotations

import re
from collections import Counter
from unicodedata import east_asian_width

PAGE_NUMBER = re.compile(r"[\s—\-–·－_第共/]*\d{1,4}[\s—\-–·－_页/]*(?:共?\s*\d{1,4}\s*页)?")
STARTS = re.compile(
    r"[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[）)]|\d{1,2}[.．、](?!\d)|第[一二三四五六七八九十]+[章节条]|附件"
)
ENDS = "。！？：；…”）)"


def reflow(pages: list[list[str]]) -> str:
    """Join the visual lines of a document to paragraphs, one a line.

    Args:
        pages: the lines of each page, top to bottom.
    """
    pages = [[line.strip() for line in page if line.strip()] for page in pages]
    running = _running(pages)
    lines = [line for page in pages for line in page if _shape(line) not in running and not PAGE_NUMBER.fullmatch(line)]
    full = _full_width(lines)
    paragraphs: list[str] = []
    previous = 0.0
    for line in lines:
        # The line above reached the margin, so this one goes on, unless it plainly starts something.
        goes_on = paragraphs and previous >= full and not (STARTS.match(line) and paragraphs[-1][-1] in ENDS)
        if goes_on:
            paragraphs[-1] += _joint(paragraphs[-1], line) + line
        else:
            paragraphs.append(line)
        previous = _width(line)
    return "\n".join(paragraphs)


def _running(pages: list[list[str]]) -> set[str]:
    """Shapes of first and last lines that stand on at least 60 % of the pages: running headers and footers."""
    if len(pages) < 3:
        return set()
    edges = Counter(shape for page in pages if page for shape in {_shape(page[0]), _shape(page[-1])})
    return {shape for shape, count in edges.items() if count >= 0.6 * len(pages)}


def _shape(line: str) -> str:
    return re.sub(r"\d+", "#", line)


def _width(line: str) -> float:
    return sum(2 if east_asian_width(character) in "WFA" else 1 for character in line)


def _full_width(lines: list[str]) -> float:
    """The width from which on a line reached the margin: four Chinese characters short of the usual widest."""
    widths = sorted(_width(line) for line in lines)
    return widths[int(len(widths) * 0.9)] - 8 if len(widths) > 3 else float("inf")


def _joint(before: str, after: str) -> str:
    """A space between two Latin words, nothing between Chinese."""
    return " " if before[-1:].isascii() and before[-1:].isalpha() and after[:1].isascii() and after[:1].isalpha() else ""
