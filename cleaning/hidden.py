"""Hidden: the parts of a document that a page shows on a click only: further pages, 展开全文, folded chapters."""

from __future__ import annotations

import re

from cleaning.body import ENOUGH, Body
from cleaning.lines import Line, han, is_prose, squeeze
from cleaning.markup import Element
from cleaning.page import Page, read_page

#: A part that repeats so much of what is shown is a copy: for elderly readers, for printing, for reading aloud.
_COPIED = 0.3
_SHINGLE = 20
#: So many lines tell whether it is one.
_COMPARED = 200
_MOSTLY_LINKS = 0.5
#: A tab beside the text holds another document: its interpretation, or one with a title of its own.
_OTHER = re.compile(r"解读|图解|读懂|问答|相关|[^。；：，]{6,60}(?:报告|通知|意见|办法|方案|公告|决定|规定)")


def continuations(page: Page, body: Body) -> frozenset[Element]:
    """Return the hidden elements that go on with a text: in its element, or next to it as one more of its kind."""
    if not page.hidden:
        return frozenset()
    shown = "".join(squeeze(line.text) for line in page.lines)
    found: set[Element] = set()
    for at, element in page.hidden:
        inside = body.start < at < body.end or (at == body.end and _goes_with(element, page, body, found))
        least = 1 if element.getprevious() in found else ENOUGH
        if inside and _is_more(read_page(element).lines, shown, least):
            found.add(element)
    return frozenset(found)


def _goes_with(element: Element, page: Page, body: Body, found: set[Element]) -> bool:
    """Say whether a hidden element behind the text is in the element that ends with it, or of the kind of its neighbour."""
    before, parent = element.getprevious(), element.getparent()
    ends = [block.element for block in page.blocks if body.start <= block.start < block.end == body.end]
    if before is None or before in found:
        return before in found
    return parent in ends or before in ends


def _is_more(lines: list[Line], shown: str, least: int) -> bool:
    """Say whether lines hold so many Chinese characters of running text that the page does not show elsewhere."""
    prose = [squeeze(line.text) for line in lines if is_prose(line.text) and line.linked < _MOSTLY_LINKS]
    if not prose or sum(map(han, prose)) < least or _OTHER.match(lines[0].text):
        return False
    prose = prose[:_COMPARED]
    copied = sum(text[:_SHINGLE] in shown or text[-_SHINGLE:] in shown for text in prose)
    return copied < _COPIED * len(prose)
