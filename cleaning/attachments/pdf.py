"""pdf: the text layer by PDFium, page lines joined to paragraphs; a scan is told apart, never returned as empty text."""

from __future__ import annotations

import re

import pypdfium2

from cleaning.attachments.reading import Reading, Unreadable
from cleaning.attachments.reflow import reflow

MAX_PAGES = 500
#: Fewer characters a page than this, on average, and the pages are pictures (measured: scans give none, text pages hundreds).
SCAN_CHARACTERS = 20
#: The quarter em that typesetting puts between Chinese and digits comes out of PDFium as a space that nobody wrote.
TYPESET_SPACE = re.compile(
    r"(?<=[\u3000-\u9fff\uff00-\uffef]) (?=[0-9A-Za-z])|(?<=[0-9A-Za-z%]) (?=[\u3000-\u9fff\uff00-\uffef])"
)


def read_pdf(body: bytes) -> Reading:
    """Return the text of a pdf file.

    Raises:
        Unreadable: it is damaged or wants a password.
    """
    try:
        document = pypdfium2.PdfDocument(body)
        count = len(document)
        pages = [document[n].get_textpage().get_text_range() for n in range(min(count, MAX_PAGES))]
    except pypdfium2.PdfiumError as error:
        raise Unreadable(str(error)) from None
    characters = sum(len("".join(page.split())) for page in pages)
    if characters < SCAN_CHARACTERS * max(len(pages), 1):
        return Reading(problem="needs_ocr", flags=["scanned"], detail=f"pdf: {count} pages with {characters} characters")
    flags = ["truncated"] if count > MAX_PAGES else []
    lines = [TYPESET_SPACE.sub("", page.replace("\ufffe", "")).splitlines() for page in pages]
    return Reading(text=reflow(lines), flags=flags)
