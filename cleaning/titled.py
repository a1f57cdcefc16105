"""Titled: where the titles of a page stand, and the text under one: that tells a short document from the boxes beside it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from cleaning.bars import unlabelled_date
from cleaning.block import read
from cleaning.headline import DOCUMENT, HEAD, ORGAN, heading_weight
from cleaning.labels import is_label, split_pairs
from cleaning.lines import Line, han, is_prose, is_sentence, key, squeeze
from cleaning.markup import Element
from cleaning.meta import read_meta
from cleaning.page import Page, is_text
from cleaning.rules.peel import SIGNED, rule_of
from cleaning.short import is_site_line, is_tool
from cleaning.titles import could_be_report, is_site, tidy

#: Headings that may be a title where no line equals the page's own; the lower ones may be those of its sections.
_TITLE_TAG = frozenset({"h1"})
HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
#: A heading with fewer Chinese characters names a column.
_TITLE_CHARACTERS = 8
#: 听证会公告 is one all the same.
_SHORT_TITLE = 4
_TITLE_LINES, _MOST_TITLES = 6, 20
#: So many marks and spaces may stand in a title besides the characters that are compared.
_MARKS = 30
#: Metadata, info bar and tools may stand between a title and the first sentence under it: no more lines than this.
_BETWEEN = 30
_MOSTLY_LINKS = 0.5
#: Elements for what is not the document, whatever stands in them.
_BESIDE = re.compile(r"foot|comment|pinglun|liuyan|copyright|sidebar|survey|diaocha|recommend|related", re.I)
_FOOT = re.compile(r"(?:^|[\s_-])(?:foot|footer|bottom|copyright)", re.I)
_BESIDE_TAGS = ("aside", "footer")
_NUMERAL = "[一二三四五六七八九十]{1,3}"
NUMBERED = re.compile(rf"{_NUMERAL}、|[（(]{_NUMERAL}[）)]|\d{{1,2}}[.．、]|第{_NUMERAL}[章条]")
#: A text with so many numbered headings is a document, wherever the page's title stands.
_NUMBERED_LINES = 2
#: A text with less running text may open with other lines (时间：… 地点：…): all under its title is taken.
_SHORT = 200
#: A title stands no more lines above its container.
_NEAR = 40


@dataclass(frozen=True, slots=True)
class Under:
    """The lines under a title: lines[start:end] up to the first line of the site, in a block that ends at `limit`."""

    start: int
    end: int
    limit: int


def under_title(page: Page) -> Under | None:
    """Return the text under the last title that has one: the smallest element around both, where a sentence stands in it."""
    ends = title_ends(page, HEADINGS)
    return next((found for end, owner in ends if (found := _under(page, end, owner))), None)


def title_over(page: Page, span: tuple[int, int], titles: list[tuple[int, int]]) -> Under | None:
    """Return what is under the title that opens a span: the nearest one above its first words, nothing of a text between."""
    first = next((n for n in range(*span) if opens(page.lines[n])), span[1])
    above = [(end, owner) for end, owner in titles if end <= first]
    if not above:
        return None
    end, owner = max(above)
    return None if any(opens(page.lines[n]) for n in range(end, min(first, span[0]))) else _under(page, end, owner)


def _under(page: Page, end: int, owner: int) -> Under | None:
    while owner >= 0:
        block = page.blocks[owner]
        below = range(end, min(block.end, end + _BETWEEN))
        first = next((n for n in below if opens(page.lines[n]) or _is_signature(page, n, end)), None)
        if first is not None:
            until = next((n for n in range(first, block.end) if is_site_line(page.lines[n])), block.end)
            return Under(end, until, block.end)
        owner = block.parent
    return None


def settled(page: Page, dense: tuple[int, int], titles: list[tuple[int, int]], under: Under | None) -> tuple[int, int] | None:
    """Return the running text as far as it belongs to the title above it, None where the text under the title is another."""
    if opened := title_over(page, dense, titles):
        start = _with_labels(page, opened.start, dense[0]) if page.prose_in(*dense) < _SHORT else dense[0]
        whole = dense[1] <= opened.limit or continues(page, opened.limit)
        return start, dense[1] if whole else opened.limit
    if under is None or sum(NUMBERED.match(page.lines[n].text) is not None for n in range(*dense)) >= _NUMBERED_LINES:
        return dense
    if dense[0] >= under.limit and continues(page, under.limit):
        return under.start, dense[1]
    return None


def _with_labels(page: Page, limit: int, start: int) -> int:
    """Return where a short text begins that opens with lines like labels (时间：… 地点：…), none of them of a block or bar."""
    used = read(page.lines[limit:start]).used
    first = start
    for n in range(start - 1, limit - 1, -1):
        if n - limit in used or is_site_line(page.lines[n]) or unlabelled_date(page.lines[n]):
            break
        if page.lines[n].text.find("：") > 0 or page.lines[n].text.find(":") > 0:
            first = n
    return first


def follows(page: Page, end: int, span: tuple[int, int]) -> bool:
    """Say whether a title ends above a span, or in its beginning, and no text stands between."""
    if not span[0] - _NEAR <= end <= span[1]:
        return False
    return not any(opens(page.lines[n]) for n in range(min(end, span[0]), max(end, span[0])))


def continues(page: Page, n: int) -> bool:
    """Say whether a text goes on at line n, tools and bars aside: with prose or a numbered heading, and in no box beside it."""
    while n < len(page.lines) and (is_tool(page.lines[n]) or unlabelled_date(page.lines[n]) or split_pairs(page.lines[n].text)):
        n += 1
    if n >= len(page.lines) or page.lines[n].linked >= _MOSTLY_LINKS or _is_beside(page, n):
        return False
    text = page.lines[n].text
    like_a_text = is_prose(text) or is_sentence(text) or text.endswith(("：", ":"))
    return like_a_text or bool(NUMBERED.match(text) or HEAD.fullmatch(text)) or could_be_report(text)


def above_footer(page: Page, span: tuple[int, int]) -> tuple[int, int]:
    """Return a span up to the footer in it: an element for one, with running text above."""
    for block in page.blocks:
        inside = span[0] < block.start < span[1] and block.end >= span[1]
        if inside and _is_footer(block.element) and page.prose_in(span[0], block.start) > page.prose_in(block.start, span[1]):
            return span[0], block.start
    return span


def _is_footer(element: Element) -> bool:
    return element.tag == "footer" or _FOOT.search(f"{element.get('id', '')} {element.get('class', '')}") is not None


def _is_beside(page: Page, n: int) -> bool:
    """Say whether a line stands in an element for something else: a footer, comments, a survey."""
    owner = page.owners[n]
    while owner >= 0:
        element: Element = page.blocks[owner].element
        if element.tag in _BESIDE_TAGS or _BESIDE.search(f"{element.get('id', '')} {element.get('class', '')}"):
            return True
        owner = page.blocks[owner].parent
    return False


def opened_from(page: Page, start: int, limit: int) -> int:
    """Return where a text begins whose first lines (公布如下：, a table) stand in blocks of their own above line `start`."""
    opened = start
    for n in range(start - 1, limit - 1, -1):
        if is_site_line(page.lines[n]):
            break
        if opens(page.lines[n]):
            opened = n
    return opened


def opens(line: Line) -> bool:
    """Say whether a line can only be of a document: a sentence, or a row of a table that is no metadata."""
    if is_text(line):
        return True
    if "\t" not in line.text or line.linked >= _MOSTLY_LINKS:
        return False
    return not split_pairs(line.text) and not any(map(is_label, line.text.split("\t")))


def _is_signature(page: Page, n: int, begin: int) -> bool:
    """Say whether line n is the date under the name of a body, with lines of a document above them from `begin` on."""
    if n - 1 <= begin or not SIGNED.fullmatch(squeeze(page.lines[n].text)) or not ORGAN.fullmatch(page.lines[n - 1].text):
        return False
    free = [line for line in page.lines[begin : n - 1] if not split_pairs(line.text) and rule_of(line.text, squeeze) is None]
    return any(not unlabelled_date(line) and line.linked < _MOSTLY_LINKS for line in free)


def title_ends(page: Page, headings: frozenset[str] = _TITLE_TAG) -> list[tuple[int, int]]:
    """Return for each line that is the page's title, or a heading, the line after it and its block; the last first.

    Where <title> names the site alone, a line that reads like the title of a report and elements named after titles do for one.
    """
    tree = page.tree
    named = [read_meta(tree).get("articletitle", ""), tree.findtext(".//title") or ""]
    wanted = {key(tidy(text)) for text in named if not is_site(tidy(text))} - {""}
    longest = max(map(len, wanted), default=0) + _MARKS
    shortest = min(map(len, wanted), default=0)
    own = [n for n, line in enumerate(page.lines) if shortest <= len(line.text) <= longest and line.linked < _MOSTLY_LINKS]
    found = [(n + 1, page.owners[n]) for n in own if key(page.lines[n].text) in wanted]
    found += _headings(page, lambda element: element.tag in headings)
    if not found:
        found = _headings(page, lambda element: heading_weight("", f"{element.get('id', '')} {element.get('class', '')}") > 0)
    return sorted(found, reverse=True)[:_MOST_TITLES]


def _headings(page: Page, is_heading: Callable[[Element], bool]) -> list[tuple[int, int]]:
    """Return where the blocks end that are headings, long enough for a title and no links, and their numbers."""
    found = []
    for number, block in enumerate(page.blocks):
        if not 0 < block.end - block.start <= _TITLE_LINES or not is_heading(block.element):
            continue
        text = "".join(line.text for line in page.lines[block.start : block.end])
        least = _SHORT_TITLE if DOCUMENT.search(text) else _TITLE_CHARACTERS
        named = han(text) >= least and page.link_share(block.start, block.end) < _MOSTLY_LINKS
        if named and not is_site(tidy(text)):
            found.append((block.end, number))
    return found
