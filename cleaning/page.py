"""Page: a parsed tree as lines in reading order, with the lines that every element holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate

from lxml import etree

from cleaning.lines import BORDER, Line, han, is_prose, paragraphs, tidy
from cleaning.markup import Element, hiding_names, is_hidden

_INLINE_TAGS = """
    a abbr acronym b basefont bdi bdo big cite code del dfn em font i img ins kbd label mark nobr q rb ruby s samp small span
    strike strong sub sup time tt u var wbr
"""
_INLINE = frozenset(_INLINE_TAGS.split())
#: Never part of what a reader sees; `rt` is the pinyin that cloned pages set above every character.
_SKIPPED_TAGS = """
    script style noscript iframe object embed applet svg canvas video audio select option button textarea input template title
    head math rt rp map
"""
_SKIPPED = frozenset(_SKIPPED_TAGS.split())
_CELLS = ("td", "th")
_BLOCK_STYLE = re.compile(r"display\s*:\s*(?:block|table|flex)", re.I)
_PRE_STYLE = re.compile(r"white-space\s*:\s*pre", re.I)
#: `<!--<$[信息内容]>begin-->…<!--<$[信息内容]>end-->` (Hanweb) and `<!--ZJEG_RSS.content.begin-->` (its feed).
_MARKER = re.compile(r"\s*(?:<\$\[(?P<name>[^\]]+)\]>?|ZJEG_RSS\.(?P<feed>\w+)\.)\s*(?P<edge>begin|end)")
_WHITE = re.compile(r"\s+")
#: Words of a footer's long lines, which are no running text; this only tells where a body is, nothing is dropped by it.
_FOOTER = re.compile(r"版权所有|ICP备|公网安备|网站标识码|技术支持|承办单位|浏览器|分辨率|[Cc]opyright")
_FOOTER_UP_TO = 250
_BREAK = "\x1e"
_CELL = "\x1d"
#: Longer lines are no row of labels, so nobody asks where their inline elements begin.
_SPANS_UP_TO = 600
#: A table row whose cells hold more than this, in more blocks than that, is layout.
_CELL_CHARACTERS, _CELL_BLOCKS = 600, 5


@dataclass(slots=True)
class Block:
    """An element and the lines it holds: lines[start:end]."""

    element: Element
    start: int
    parent: int  #: number of the block around it, -1 for none
    end: int = -1


@dataclass(slots=True)
class Page:
    """The lines of a page; `blocks` are in document order, so what lies inside one follows it."""

    tree: Element
    lines: list[Line] = field(default_factory=list)
    blocks: list[Block] = field(default_factory=list)
    owners: list[int] = field(default_factory=list)  #: number of the innermost block around each line
    links: list[tuple[int, str, Element]] = field(default_factory=list)  #: line number, href, the link
    #: line numbers where pictures stand, and whether in a paragraph, where editors put them, and no designer
    images: list[tuple[int, bool]] = field(default_factory=list)
    marked: dict[str, str] = field(default_factory=dict)  #: name of a template comment: the text between its two ends
    marked_lines: dict[str, tuple[int, int]] = field(default_factory=dict)  #: the same as line numbers
    prose: list[int] = field(default_factory=list)  #: prose[i]: Chinese characters of running text before line i
    linked: list[float] = field(default_factory=list)  #: the same for link text
    characters: list[int] = field(default_factory=list)  #: the same for all Chinese characters

    def prose_in(self, start: int, end: int) -> int:
        """Return how many Chinese characters of running text stand in lines[start:end]."""
        return self.prose[end] - self.prose[start]

    def link_share(self, start: int, end: int) -> float:
        """Return which share of the Chinese characters of lines[start:end] is link text, 0 to 1."""
        total = self.characters[end] - self.characters[start]
        return (self.linked[end] - self.linked[start]) / total if total else 0.0


def read_page(tree: Element, *, show_hidden: bool = False) -> Page:
    """Walk a tree once and return its lines; hidden elements are left out unless asked for."""
    page = Page(tree)
    body = tree.find("body")
    _Walk(page, frozenset() if show_hidden else hiding_names(tree), show_hidden).run(tree if body is None else body)
    counts = [han(line.text) for line in page.lines]
    running = (n if line.linked < 0.5 and _is_running(line.text) else 0 for n, line in zip(counts, page.lines, strict=True))
    page.prose = list(accumulate(running, initial=0))
    page.linked = list(accumulate((n * line.linked for n, line in zip(counts, page.lines, strict=True)), initial=0.0))
    page.characters = list(accumulate(counts, initial=0))
    return page


class _Walk:
    """The state of one walk: the line that is being collected and where we are in links and table rows."""

    def __init__(self, page: Page, hiding: frozenset[str], show_hidden: bool) -> None:
        self.page, self.hiding, self.show_hidden = page, hiding, show_hidden
        self.pieces: list[str] = []
        self.link_characters = 0
        self.in_links = self.in_pre = 0
        self.row: Element | None = None  #: the row of a data table that is being read: its cells become one line
        self.open: list[int] = []  #: numbers of the blocks around this place
        self.marks: dict[str, tuple[int, list[str]]] = {}

    def run(self, root: Element) -> None:
        skipped: Element | None = None
        walk = etree.iterwalk(root, events=("start", "end", "comment"))
        for event, element in walk:
            if event == "comment":
                self.comment(element.text or "")
                self.add(element.tail)
            elif event == "start":
                if element.tag in _SKIPPED or (not self.show_hidden and is_hidden(element, self.hiding)):
                    skipped = element
                    walk.skip_subtree()
                else:
                    self.enter(element)
                    self.add(element.text)
            else:
                if element is not skipped:
                    self.leave(element)
                skipped = None
                if element is not root:
                    self.add(element.tail)
        self.flush()

    def enter(self, element: Element) -> None:
        tag = element.tag
        if _is_inline(element):
            self.pieces.append(BORDER)
            if tag == "a" and element.get("href"):
                self.in_links += 1
                self.page.links.append((len(self.page.lines), element.get("href", "").strip(), element))
            elif tag == "img":
                in_text = bool(self.open) and self.page.blocks[self.open[-1]].element.tag == "p" and not self.in_links
                self.page.images.append((len(self.page.lines), in_text))
            return
        self.boundary()
        self.page.blocks.append(Block(element, len(self.page.lines), self.open[-1] if self.open else -1))
        self.open.append(len(self.page.blocks) - 1)
        if tag == "tr" and self.row is None and _is_data_row(element):
            self.row = element
        elif tag in _CELLS and element.getparent() is self.row and element.getprevious() is not None:
            self.pieces.append(_CELL)
        elif tag == "pre" or (tag != "br" and _PRE_STYLE.search(element.get("style", ""))):
            self.in_pre += 1

    def leave(self, element: Element) -> None:
        tag = element.tag
        if _is_inline(element):
            self.pieces.append(BORDER)
            if tag == "a" and element.get("href"):
                self.in_links -= 1
            return
        if element is self.row:
            self.row = None
        self.boundary()
        self.page.blocks[self.open.pop()].end = len(self.page.lines)
        if tag == "pre" or (tag != "br" and _PRE_STYLE.search(element.get("style", ""))):
            self.in_pre -= 1

    def add(self, text: str | None) -> None:
        if not text:
            return
        text = text.replace("\t", " ")
        if self.in_pre:
            text = text.replace("\n", _BREAK)
        if self.in_links:
            self.link_characters += len(text.strip())
        self.pieces.append(text)
        for _, pieces in self.marks.values():
            pieces.append(text)

    def comment(self, text: str) -> None:
        match = _MARKER.match(text)
        if not match:
            return
        name = match["name"] or match["feed"]
        if match["edge"] == "begin":
            self.marks.setdefault(name, (len(self.page.lines), []))
        elif name in self.marks:
            start, pieces = self.marks.pop(name)
            self.page.marked.setdefault(name, tidy("".join(pieces)))
            self.page.marked_lines.setdefault(name, (start, len(self.page.lines) + bool(tidy("".join(self.pieces)))))

    def boundary(self) -> None:
        """End the line, or only set words apart inside the row of a data table."""
        if self.row is None:
            self.flush()
        else:
            self.pieces.append(" ")

    def flush(self) -> None:
        if not self.pieces:
            return
        raw = "".join(self.pieces)
        linked = self.link_characters / (len("".join(raw.split())) or 1)
        self.pieces, self.link_characters = [], 0
        if _CELL in raw:
            cells = [_WHITE.sub(" ", cell) for cell in raw.replace(BORDER, "").split(_CELL)]
            found = [tidy("\t".join(cells))]
        else:
            plain = raw.replace(BORDER, "")
            found = [tidy(part) for piece in plain.split(_BREAK) for part in paragraphs(piece)]
        found = [text for text in found if text]
        spans = raw if len(found) == 1 and raw.strip(BORDER).count(BORDER) and len(raw) < _SPANS_UP_TO else ""
        for text in found:
            self.page.lines.append(Line(text, min(linked, 1.0), spans))
            self.page.owners.append(self.open[-1] if self.open else -1)


def _is_running(text: str) -> bool:
    return is_prose(text) and not (len(text) < _FOOTER_UP_TO and _FOOTER.search(text))


def _is_inline(element: Element) -> bool:
    if element.tag not in _INLINE and ":" not in element.tag:
        return False
    return not (element.attrib and _BLOCK_STYLE.search(element.get("style", "")))


def _is_data_row(row: Element) -> bool:
    """Say whether the cells of a row belong on one line, unlike those that only lay out a page of 2005."""
    cells = [cell for cell in row if cell.tag in _CELLS]
    if len(cells) < 2:
        return False
    filled = 0
    for cell in cells:
        if next(cell.iter("table"), None) is not None:
            return False
        characters = sum(map(len, cell.itertext()))
        if characters > _CELL_CHARACTERS and sum(1 for _ in cell.iter("p", "div", "br", "li")) >= _CELL_BLOCKS:
            return False
        filled += characters > 0
    return filled > 1
