"""Writes a small Word document (docx): a title and paragraphs, the same bytes every time."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from xml.sax.saxutils import escape

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_W = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/word/document.xml" ContentType="{MEDIA_TYPE}.main+xml"/>'
    '<Override PartName="/word/styles.xml" '
    'ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.styles+xml"/></Types>'
)
_RELATIONS = (
    '{head}<Relationships xmlns="{package}/relationships">'
    '<Relationship Id="rId1" Type="{office}/{kind}" Target="{target}"/></Relationships>'
)
_STYLES = (
    f'{_HEAD}<w:styles xmlns:w="{_W}"><w:style w:type="paragraph" w:default="1" w:styleId="a"><w:name w:val="Normal"/>'
    '<w:rPr><w:rFonts w:ascii="仿宋_GB2312" w:eastAsia="仿宋_GB2312"/><w:sz w:val="32"/></w:rPr></w:style></w:styles>'
)


def _run(text: str, properties: str = "") -> str:
    inner = "<w:tab/>".join(f'<w:t xml:space="preserve">{escape(part)}</w:t>' for part in text.split("\t"))
    return f"<w:r>{properties}{inner}</w:r>"


def _paragraph(text: str) -> str:
    """A paragraph in two runs, as Word leaves them after editing."""
    half = len(text) // 2
    indent = '<w:pPr><w:ind w:firstLineChars="200" w:firstLine="640"/></w:pPr>'
    return f'<w:p>{indent}{_run(text[:half])}<w:proofErr w:type="spellEnd"/>{_run(text[half:])}</w:p>'


def write_docx(title: str, lines: Iterable[str]) -> bytes:
    """Return the bytes of a docx with a centred title, the paragraphs in `lines`, and the _GoBack bookmark Word leaves."""
    bold = '<w:rPr><w:b/><w:sz w:val="44"/></w:rPr>'
    heading = f'<w:p><w:pPr><w:jc w:val="center"/></w:pPr><w:bookmarkStart w:id="0" w:name="_GoBack"/>{_run(title, bold)}'
    body = f'{heading}<w:bookmarkEnd w:id="0"/></w:p>' + "".join(map(_paragraph, lines))
    page = '<w:sectPr><w:pgSz w:w="11906" w:h="16838"/></w:sectPr>'
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS.format(
            head=_HEAD, package=_PACKAGE, office=_OFFICE, kind="officeDocument", target="word/document.xml"
        ),
        "word/_rels/document.xml.rels": _RELATIONS.format(
            head=_HEAD, package=_PACKAGE, office=_OFFICE, kind="styles", target="styles.xml"
        ),
        "word/styles.xml": _STYLES,
        "word/document.xml": f'{_HEAD}<w:document xmlns:w="{_W}"><w:body>{body}{page}</w:body></w:document>',
    }
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in parts.items():
            archive.writestr(zipfile.ZipInfo(name, (2024, 3, 12, 9, 0, 0)), text, zipfile.ZIP_DEFLATED)
    return stream.getvalue()
