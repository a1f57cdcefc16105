"""Markup: the text of a page to a parsed tree, mended first where one stray tag would hide the rest of the page."""

from __future__ import annotations

import re
from itertools import islice
from typing import TypeAlias

from lxml import etree, html
from lxml.etree import _Element

#: Longer pages are cut: the longest real ones have a million characters, and the time for a page must stay bounded.
MAX_CHARACTERS = 2_000_000
#: No more bytes are decoded: as many characters fit in, whatever the charset.
MAX_BYTES = 3 * MAX_CHARACTERS

_DECLARATION = re.compile(r"<\?xml\b[^<>]*+>|<!doctype\b[^<>]*+>", re.I)
_SERVER_CODE = re.compile(r"<%(?:(?!<%).){0,2000}?%>", re.S)
_OPENING = re.compile(r"<body\b[^<>]*+>", re.I)
#: Ends and repeated beginnings of a document: a parser may stop there, or move what follows out of its container.
_STRAY = re.compile(r"</?(?:html|body|head|frameset)\b[^<>]*+>", re.I)
_CLOSING = re.compile(r"</(?:html|body)\s*>", re.I)
_TAG = re.compile(r"</?[a-zA-Z!][^<>]{0,300}>")
_PAGE_TAG = re.compile(r"<(?:!doctype|html|head|body|meta|title)\b", re.I)
_BEGINNING = 2_000
_LINES_PER_TAG = 3
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0e-\x1f\x7f\ud800-\udfff]")
_REFERENCE = re.compile(r"&#(?:[xX]([0-9a-fA-F]{1,9})|([0-9]{1,9}));?")
#: Style sheets that come with browser extensions have a million characters; a page's own are short.
_CSS_CHARACTERS, _CSS_RULES = 100_000, 200
_CSS_COMMENT = re.compile(r"/\*.*?(?:\*/|\Z)", re.S)
_SIMPLE_SELECTOR = re.compile(r"[.#][\w-]+")
#: A pattern that ignores case from its first letter on is tried at every character: [dDvV] lets the search skip to it.
_HIDING_STYLE = re.compile(r"[dDvV](?i:(?<=d)isplay\s*:\s*none|(?<=v)isibility\s*:\s*hidden)")

Element: TypeAlias = _Element


def is_plain(text: str) -> bool:
    """Say whether a text is none of a page: no tag that opens one, and so few for its lines that they are residue."""
    if _PAGE_TAG.search(text, 0, _BEGINNING):
        return False
    return len(_TAG.findall(text)) * _LINES_PER_TAG <= text.strip().count("\n")


def parse(text: str) -> Element | None:
    """Parse a page or fragment; None when it has no element at all."""
    text = _REFERENCE.sub(_to_a_character, text)
    text = _SERVER_CODE.sub("", _DECLARATION.sub("", _CONTROL.sub("", text)))
    head = opening.end() if (opening := _OPENING.search(text)) else len(text)
    text = _CLOSING.sub("", text[:head]) + _STRAY.sub("", text[head:])
    # lxml.html's own parser would ask Python for a class for every element that the walk touches.
    parser = etree.HTMLParser(encoding="utf-8", huge_tree=True, remove_pis=True)
    try:
        return html.document_fromstring(text.encode(), parser=parser)
    except etree.ParserError:
        return None


def _to_a_character(reference: re.Match[str]) -> str:
    """Return a reference as it stands, or "" for one to no character (&#0;, &#xd800;), which would be parsed as U+FFFD."""
    number = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference[0] if 0 < number < 0xD800 or 0xDFFF < number <= 0x10FFFF else ""


def hiding_names(tree: Element) -> frozenset[str]:
    """Return the .class and #id selectors that the page's own style sheets hide on every screen, outside any @media block."""
    names: set[str] = set()
    for style in tree.iter("style"):
        css = _CSS_COMMENT.sub("", (style.text or "")[:_CSS_CHARACTERS])
        depth = counted = 0
        for rule in islice(_HIDING_STYLE.finditer(css), _CSS_RULES):
            opened = css.rfind("{", counted, rule.start())
            if opened < 0:
                continue
            depth += css.count("{", counted, opened) - css.count("}", counted, opened)
            counted = opened
            if depth:
                continue
            selectors = css[css.rfind("}", 0, opened) + 1 : opened].split(",")
            names.update(part for part in map(str.strip, selectors) if _SIMPLE_SELECTOR.fullmatch(part))
    return frozenset(names)


def is_hidden(element: Element, hiding: frozenset[str]) -> bool:
    """Say whether a browser would not show this element."""
    if not element.attrib:
        return False
    if element.get("hidden") is not None or _HIDING_STYLE.search(element.get("style", "")):
        return True
    if not hiding:
        return False
    return f"#{element.get('id')}" in hiding or any(f".{name}" in hiding for name in element.get("class", "").split())
