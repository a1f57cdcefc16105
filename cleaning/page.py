"""Page: a parsed tree as lines in reading order, with the lines that every element holds."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import accumulate

from lxml import etree

from cleaning.elements import CELLS, SKIPPED, is_data_row, is_inline, is_link, keeps_breaks, shows_value
from cleaning.lines import BORDER, MAX_LINES, Line, han, is_prose, is_sentence, paragraphs, squeeze, tidy
from cleaning.markup import Element, hiding_names, is_hidden
from cleaning.rules.peel import rule_of

#: `<!--<$[信息内容]>begin-->…<!--<$[信息内容]>end-->` (Hanweb) and `<!--ZJEG_RSS.content.begin-->` (its feed).
_MARKER = re.compile(r"\s*(?:<\$\[(?P<name>[^\]]+)\]>?|ZJEG_RSS\.(?P<feed>\w+)\.)\s*(?P<edge>begin|end)")
_WHITE = re.compile(r"\s+")
_SPACES = re.compile(" {2,}")
#: Words of a footer's long lines, which are no running text; this only tells where a body is, nothing is dropped by it.
FOOTER = re.compile(
    r"版权所有|本站立场|本网立场|本站观点|网友评论|免责声明|版权声明|ICP备|公网安备|网站标识码|技术支持|承办单位|浏览器|分辨率|[Cc]opyright"
    r"|本网站所?刊载|版权均?归|未经.{0,12}授权|注明稿件来源|本网转载|即将离开"
)
_FOOTER_UP_TO = 250
#: Beginnings and ends of elements, and comments: long reports with a span around every number have a tenth of it.
_MAX_EVENTS = 150_000
#: So many hidden elements are remembered.
_MOST_HIDDEN = 200
#: On a page with less running text short sentences count as such.
_SCARCE = 200
#: So many template comments may be open at a time: each gets all the text.
_MOST_MARKS = 20
_VALUE_CELLS, _LISTS = ("td", "dd"), ("ul", "ol", "dl", "table")
_BREAK = "\x1e"
_CELL = "\x1d"
#: Longer lines are no row of labels, so nobody asks where their inline elements begin.
_SPANS_UP_TO = 600


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
    hidden: list[tuple[int, Element]] = field(default_factory=list)  #: line number, an element that is not shown
    truncated: bool = False  #: the page is longer than any real one and was not read to its end

    def prose_in(self, start: int, end: int) -> int:
        """Return how many Chinese characters of running text stand in lines[start:end]."""
        return self.prose[end] - self.prose[start]

    def link_share(self, start: int, end: int) -> float:
        """Return which share of the Chinese characters of lines[start:end] is link text, 0 to 1."""
        total = self.characters[end] - self.characters[start]
        return (self.linked[end] - self.linked[start]) / total if total else 0.0


def read_page(tree: Element, *, show_hidden: bool = False, shown: frozenset[Element] = frozenset()) -> Page:
    """Walk a tree once and return its lines; hidden elements are left out but for those in `shown`, or unless asked for."""
    page = Page(tree)
    body = tree.find("body")
    _Walk(page, frozenset() if show_hidden else hiding_names(tree), show_hidden, shown).run(tree if body is None else body)
    counts = [han(line.text) for line in page.lines]
    running = [n if line.linked < 0.5 and _is_running(line.text) else 0 for n, line in zip(counts, page.lines, strict=True)]
    if sum(running) < _SCARCE:
        running = [run or (n if is_text(line) else 0) for run, n, line in zip(running, counts, page.lines, strict=True)]
    _mark_hollow(page)
    page.prose = list(accumulate(running, initial=0))
    page.linked = list(accumulate((n * line.linked for n, line in zip(counts, page.lines, strict=True)), initial=0.0))
    page.characters = list(accumulate(counts, initial=0))
    return page


def _mark_hollow(page: Page) -> None:
    """Mark the lines whose row goes on with an empty cell, or whose list or table ends: a label there has no value."""
    for block in page.blocks:
        around = page.blocks[block.parent] if block.parent >= 0 else block
        alone = around.end == block.end and around.end - around.start == 1
        if block.start == block.end > around.start and (alone or block.element.tag in _VALUE_CELLS):
            page.lines[block.start - 1].hollow = True
        elif block.end > block.start and block.element.tag in _LISTS:
            page.lines[block.end - 1].hollow = True


class _Walk:
    """The state of one walk: the line that is being collected and where we are in links and table rows."""

    def __init__(self, page: Page, hiding: frozenset[str], show_hidden: bool, shown: frozenset[Element]) -> None:
        self.page, self.hiding, self.show_hidden, self.shown = page, hiding, show_hidden, shown
        self.pieces: list[str] = []
        self.link_characters = 0
        self.in_links = self.in_pre = 0
        self.row: Element | None = None  #: the row of a data table that is being read: its cells become one line
        self.open: list[int] = []  #: numbers of the blocks around this place
        self.inline: list[bool] = []  #: for every element around this place whether it stands inside a line
        self.marks: dict[str, tuple[int, list[str]]] = {}

    def run(self, root: Element) -> None:
        skipped: Element | None = None
        walk = etree.iterwalk(root, events=("start", "end", "comment"))
        for n, (event, element) in enumerate(walk):
            if n > _MAX_EVENTS or len(self.page.lines) >= MAX_LINES:
                self.page.truncated = True
                break
            if event == "comment":
                self.comment(element.text or "")
                self.add(element.tail)
            elif event == "start":
                hidden = not self.show_hidden and element is not root and is_hidden(element, self.hiding)
                if element.tag in SKIPPED or (hidden and element not in self.shown):
                    if hidden and len(self.page.hidden) < _MOST_HIDDEN and not is_inline(element):
                        self.flush()
                        self.page.hidden.append((len(self.page.lines), element))
                    if shows_value(element):
                        self.add(element.get("value"))
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
        for number in self.open:
            self.page.blocks[number].end = len(self.page.lines)

    def enter(self, element: Element) -> None:
        tag = element.tag
        self.inline.append(is_inline(element))
        if self.inline[-1]:
            self.pieces.append(BORDER)
            if is_link(element):
                self.in_links += 1
                if href := element.get("href", "").strip():
                    self.page.links.append((len(self.page.lines), href, element))
            elif tag == "img":
                in_text = bool(self.open) and self.page.blocks[self.open[-1]].element.tag == "p" and not self.in_links
                self.page.images.append((len(self.page.lines), in_text))
            return
        self.boundary()
        self.page.blocks.append(Block(element, len(self.page.lines), self.open[-1] if self.open else -1))
        self.open.append(len(self.page.blocks) - 1)
        if tag == "tr" and self.row is None and is_data_row(element):
            self.row = element
        elif tag in CELLS and element.getparent() is self.row and element.getprevious() is not None:
            self.pieces.append(_CELL)
        elif keeps_breaks(element):
            self.in_pre += 1

    def leave(self, element: Element) -> None:
        if self.inline.pop():
            self.pieces.append(BORDER)
            self.in_links -= is_link(element)
            return
        if element is self.row:
            self.row = None
        self.boundary()
        self.page.blocks[self.open.pop()].end = len(self.page.lines)
        if keeps_breaks(element):
            self.in_pre -= 1

    def add(self, text: str | None) -> None:
        if not text:
            return
        text = text.replace("\t", " ")
        if self.in_pre:
            text = text.replace("\n", _BREAK)
        elif "  " in text:
            text = _SPACES.sub(" ", text)  # a browser shows one; wider indents are other characters
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
            if len(self.marks) == _MOST_MARKS:
                return
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
        if raw.isspace():
            self.pieces = []
            return
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
        room = MAX_LINES - len(self.page.lines)
        self.page.truncated = self.page.truncated or len(found) > room
        for text in found[:room]:
            self.page.lines.append(Line(text, min(linked, 1.0), spans))
            self.page.owners.append(self.open[-1] if self.open else -1)


def is_text(line: Line) -> bool:
    """Say whether a line is running text or ends as a sentence does, and is no link, no footer and no tool of the site."""
    like_a_text = is_sentence(line.text) or is_prose(line.text)
    return line.linked < 0.5 and like_a_text and not FOOTER.search(line.text) and rule_of(line.text, squeeze) is None


def _is_running(text: str) -> bool:
    return is_prose(text) and not (len(text) < _FOOTER_UP_TO and FOOTER.search(text))
