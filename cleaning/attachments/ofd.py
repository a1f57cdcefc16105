"""ofd (GB/T 33190): the text objects of the pages, by local names, since writers differ in their namespaces."""

from __future__ import annotations

from posixpath import dirname, join, normpath

from lxml import etree

from cleaning.attachments.reading import Reading, Unreadable
from cleaning.attachments.reflow import reflow
from cleaning.attachments.zips import Zip, attribute, child, local

#: Text objects whose tops differ by less than this stand on one line, millimetres.
SAME_LINE = 1.5


def read_ofd(body: bytes) -> Reading:
    """Return the text of an ofd file.

    Raises:
        Unreadable: it is no ofd, cut short or damaged.
    """
    archive = Zip(body)
    root = archive.xml("OFD.xml")
    if root is None:
        raise Unreadable("there is no OFD.xml")
    pages = []
    for start in (element.text or "" for element in root.iter() if local(element) == "DocRoot"):
        document = archive.xml(start)
        for page in [] if document is None else document.iter():
            if local(page) == "Page" and (place := attribute(page, "BaseLoc")):
                content = archive.xml(_resolve(start, place))
                pages.append([] if content is None else _lines(content))
    if not any(pages):
        return Reading(problem="needs_ocr", flags=["scanned"], detail=f"ofd: {len(pages)} pages without text")
    return Reading(text=reflow(pages))


def _resolve(base: str, place: str) -> str:
    """Paths are absolute in the package, or relative to the file that names them."""
    return place.lstrip("/") if place.startswith("/") else normpath(join(dirname(base), place))


def _lines(content: etree._Element) -> list[str]:
    """Return the lines of a page: text objects in order, a new line where the top changes."""
    lines: list[str] = []
    previous = None
    for text in (element for element in content.iter() if local(element) == "TextObject"):
        words = "".join(code.text or "" for code in text.iter() if local(code) == "TextCode")
        top = _top(text)
        if lines and previous is not None and top is not None and abs(top - previous) < SAME_LINE:
            lines[-1] += words
        else:
            lines.append(words)
        previous = top
    return lines


def _top(text: etree._Element) -> float | None:
    """The top of a text object: of its boundary, plus that of its first code."""
    try:
        top = float(attribute(text, "Boundary").split()[1])
        return top + float(attribute(child(text, "TextCode"), "Y") or 0)
    except (IndexError, ValueError):
        return None
