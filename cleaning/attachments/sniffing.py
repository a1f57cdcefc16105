"""What a file is, told by its bytes: extensions and declared types lie (.doc that is HTML, .wps that is .doc)."""

from __future__ import annotations

import re
import zipfile
from io import BytesIO

from cleaning.attachments.zips import DAMAGED

#: First bytes -> kind.
MAGIC = (
    (b"%PDF", "pdf"),
    (b"{\\rtf", "rtf"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"BM", "image"),
    (b"II*\x00", "image"),
    (b"MM\x00*", "image"),
    (b"Rar!", "rar"),
    (b"7z\xbc\xaf", "7z"),
    (b"\x1f\x8b", "gz"),
    (b"WARC/", "warc"),
)
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
#: A member of the archive -> kind; the first that fits.
MEMBERS = (("word/document.xml", "docx"), ("OFD.xml", "ofd"), ("xl/workbook.xml", "xls"), ("ppt/presentation.xml", "ppt"))
MARKUP = re.compile(
    rb"<\s*(?:!doctype|html|head|body|meta|title|div|p|span|table|td|tr|br|h[1-6]|script|font|a|ucap\w+)\b", re.I
)
HEAD = 16_384


def sniff(body: bytes) -> str:
    """Return what the bytes are.

    Returns:
        html, txt, docx, doc (wps too), pdf, ofd, rtf, odt, xls, ppt, image, zip, rar, 7z, gz, warc, json, empty or unknown.
    """
    head = body[:HEAD].lstrip(b"\xef\xbb\xbf \t\r\n\x0b\x0c")
    if not body.strip():
        return "empty"
    if body.startswith(OLE):
        return _ole_kind(body)
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return _zip_kind(body)
    for magic, kind in MAGIC:
        # BM alone is too short to tell a picture from a text that begins so
        if head.startswith(magic) and (magic != b"BM" or b"\x00" in head[:64]):
            return kind
    if body[:2] in (b"\xff\xfe", b"\xfe\xff"):
        head = body[:HEAD].decode("utf-16", "ignore").encode().lstrip()
    elif head.count(b"\x00") > len(head) // 4:
        wide = body[: HEAD & ~1]
        head = wide.replace(b"\x00", b"") if _mostly_text(wide.decode("utf-16-le", "ignore")) else head
    if MARKUP.search(head):
        return "html"
    if head[:1] in (b"{", b"[") and re.match(rb'[\[{]\s*["{\[\]}]', head):
        return "json"
    return "txt" if _looks_like_text(head) else "unknown"


def _zip_kind(body: bytes) -> str:
    try:
        with zipfile.ZipFile(BytesIO(body)) as archive:
            names = set(archive.namelist())
            if "mimetype" in names and b"opendocument" in archive.read("mimetype")[:100]:
                return "odt"
    except DAMAGED:
        # cut short: the directory at the end is gone, but the first local headers still tell
        return "docx" if b"word/" in body or b"[Content_Types].xml" in body[:HEAD] else "ofd" if b"OFD.xml" in body else "zip"
    return next((kind for member, kind in MEMBERS if member in names), "zip")


def _ole_kind(body: bytes) -> str:
    """Streams are named in UTF-16 in the directory; a WordDocument stream makes a .doc (or Kingsoft .wps)."""
    for stream, kind in (("WordDocument", "doc"), ("Workbook", "xls"), ("Book", "xls"), ("PowerPoint Document", "ppt")):
        if stream.encode("utf-16-le") in body:
            return kind
    return "doc" if len(body) < 1 << 16 else "unknown"


def _looks_like_text(head: bytes) -> bool:
    """No NUL bytes and hardly any control characters."""
    controls = len(re.findall(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]", head))
    return bool(head) and b"\x00" not in head and controls <= len(head) // 100


def _mostly_text(text: str) -> bool:
    printable = sum(character.isprintable() or character in "\r\n\t" for character in text)
    return printable > 0.9 * len(text) > 0
