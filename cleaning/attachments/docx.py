"""docx: a walk over WordprocessingML that keeps what a reader of the printed page sees.

Kept: smart tags, content controls, hyperlinks, insertions, moved-to text, field results, text boxes once, automatic numbers.
Left out: deletions, moved-from text, hidden runs, field codes, comments, headers, footers and notes.
(python-docx drops smart-tagged dates, content controls and insertions: measured.)
"""

from __future__ import annotations

from lxml import etree

from cleaning.attachments.numbering import Numbering
from cleaning.attachments.reading import Reading, Unreadable
from cleaning.attachments.zips import Zip, attribute, child, local

#: Elements whose content is not on the page.
GONE = {
    "del",
    "moveFrom",
    "instrText",
    "delText",
    "fldData",
    "rPr",
    "pPr",
    "sectPr",
    "Fallback",
    "rt",
    "commentReference",
    "pict",
}


def read_docx(body: bytes) -> Reading:
    """Return the text of a docx file.

    Raises:
        Unreadable: it is no docx, cut short or damaged.
    """
    archive = Zip(body)
    root = archive.xml("word/document.xml")
    story = child(root, "body")
    if story is None:
        raise Unreadable("there is no word/document.xml with a body in it")
    walker = _Walker(Numbering(archive.xml("word/numbering.xml"), archive.xml("word/styles.xml")))
    walker.blocks(story)
    return Reading(text="\n".join(line for line in walker.lines if line.strip()))


class _Walker:
    """Collects lines: one a paragraph, one a table row."""

    def __init__(self, numbering: Numbering) -> None:
        self.numbering = numbering
        self.lines: list[str] = []

    def blocks(self, container: etree._Element) -> None:
        """Walk the paragraphs and tables of a body, a cell or a text box; look through controls, tags and revisions."""
        for element in container:
            match local(element):
                case "p":
                    self.paragraph(element)
                case "tbl":
                    self.table(element)
                case name if name not in GONE and name not in ("tblPr", "tcPr", "sdtPr"):
                    self.blocks(element)

    def paragraph(self, element: etree._Element) -> None:
        run = _Run()
        run.walk(element)
        text = "".join(run.parts)
        if text.strip():
            text = self.numbering.label(element) + text.lstrip()
        self.lines += text.split("\n")
        for box in run.boxes:
            self.blocks(box)

    def table(self, element: etree._Element) -> None:
        rows = [self._cells(row) for row in _rows(element)]
        if len(rows) == 1 and len(rows[0]) == 1:  # a frame around text, no table
            self.lines += rows[0][0]
            return
        self.lines += ["\t".join(" ".join(cell) for cell in row) for row in rows]

    def _cells(self, row: etree._Element) -> list[list[str]]:
        """Return the lines of each cell of a row; a cell merged upwards is empty."""
        cells = []
        for cell in row.iter():
            if local(cell) != "tc" or _table_of(cell) is not _table_of(row):
                continue
            inner = _Walker(self.numbering)
            merge = child(cell, "tcPr", "vMerge")
            if merge is None or attribute(merge, "val") == "restart":
                inner.blocks(cell)
            cells.append([line.replace("\t", " ").strip() for line in inner.lines if line.strip()])
        return cells


class _Run:
    """The visible text of a paragraph, with the text boxes anchored in it."""

    def __init__(self) -> None:
        self.parts: list[str] = []
        self.boxes: list[etree._Element] = []
        self._fields: list[bool] = []  # for each open field: whether its result has begun

    def walk(self, element: etree._Element) -> None:
        for part in element:
            name = local(part)
            if name == "txbxContent":
                self.boxes.append(part)
            elif name == "pict":  # VML: only a text box in it is text
                self.boxes += [box for box in part.iter() if local(box) == "txbxContent"]
            elif name in GONE or (name == "r" and _hidden(part)):
                continue
            elif name == "fldChar":
                self._field(attribute(part, "fldCharType"))
            elif all(self._fields):
                self._visible(name, part)
            else:
                self.walk(part)  # inside a field code: only its end is looked for

    def _visible(self, name: str, part: etree._Element) -> None:
        match name:
            case "t":
                self.parts.append(part.text or "")
            case "tab" | "ptab":
                self.parts.append(" ")
            case "br" | "cr":
                self.parts.append("\n")
            case "noBreakHyphen":
                self.parts.append("-")
            case _:
                self.walk(part)

    def _field(self, kind: str) -> None:
        if kind == "begin":
            self._fields.append(False)
        elif self._fields and kind == "separate":
            self._fields[-1] = True
        elif self._fields and kind == "end":
            self._fields.pop()


def _hidden(run: etree._Element) -> bool:
    vanish = child(run, "rPr", "vanish")
    return vanish is not None and attribute(vanish, "val") not in ("0", "false", "off")


def _rows(table: etree._Element) -> list[etree._Element]:
    return [row for row in table.iter() if local(row) == "tr" and _table_of(row) is table]


def _table_of(element: etree._Element) -> etree._Element | None:
    return next((above for above in element.iterancestors() if local(above) == "tbl"), None)
