"""Elements: what the elements of a page are to a reader: inside a line, a link, a row of data, nothing at all."""

from __future__ import annotations

import re

from cleaning.containers import family_of
from cleaning.markup import Element

_INLINE_TAGS = """
    a abbr acronym b basefont bdi bdo big cite code del dfn em font i img ins kbd label mark nobr q rb ruby s samp small span
    strike strong sub sup time tt u var wbr
"""
_INLINE = frozenset(_INLINE_TAGS.split())
#: Never part of what a reader sees; `rt` is the pinyin that cloned pages set above every character.
_SKIPPED_TAGS = """
    script style noscript iframe object embed applet svg canvas video audio select option button textarea input template title
    head math rt rp map marquee noframes nav
"""
SKIPPED = frozenset(_SKIPPED_TAGS.split())
CELLS = ("td", "th")
_BLOCK_STYLE = re.compile(r"[dD](?i:isplay\s*:\s*(?:block|table|flex))")
_PRE_STYLE = re.compile(r"[wW](?i:hite-space\s*:\s*pre)")
#: What editors put into no cell; a row is layout that holds some, or more characters than this, in more blocks than that.
_LAYOUT = ("div", "ul", "ol", "dl", "h1", "h2", "h3", "form", "hr")
_CELL_CHARACTERS, _CELL_BLOCKS = 600, 5
_MOST_CELLS = 200


def is_inline(element: Element) -> bool:
    """Say whether an element stands inside a line; a known container never does (`<font id=zoom>`)."""
    tag = element.tag
    if tag not in _INLINE and ":" not in tag:
        return False
    if not element.attrib or tag == "img":
        return True
    named = element.get("id") or element.get("class")
    return not (_BLOCK_STYLE.search(element.get("style", "")) or (named and family_of(element) is not None))


def is_link(element: Element) -> bool:
    """Say whether an element is a link, by a script too; an anchor with a name is only a place to go to."""
    return element.tag == "a" and bool(element.get("href") or not (element.get("name") or element.get("id")))


def is_data_row(row: Element) -> bool:
    """Say whether the cells of a row belong on one line, unlike those that only lay out a page of 2005."""
    cells = [cell for cell in row if cell.tag in CELLS]
    if not 2 <= len(cells) <= _MOST_CELLS:
        return False
    filled = 0
    for cell in cells:
        if next(cell.iter("table"), None) is not None:
            return False
        characters = len("".join(map(str, cell.itertext())).strip())
        long = characters > _CELL_CHARACTERS or next(cell.iter(*_LAYOUT), None) is not None
        if long and sum(1 for _ in cell.iter("p", "div", "br", "li")) >= _CELL_BLOCKS:
            return False
        filled += characters > 0
    return filled > 1


def keeps_breaks(element: Element) -> bool:
    """Say whether line breaks of the source are line breaks of the text."""
    return element.tag == "pre" or (element.tag != "br" and _PRE_STYLE.search(element.get("style", "")) is not None)


def shows_value(element: Element) -> bool:
    """Say whether an element is a field of a form that only shows what stands in it, as some metadata blocks have them."""
    shown = element.get("readonly") is not None or element.get("disabled") is not None
    return element.tag == "input" and shown and element.get("type", "text").lower() == "text"
