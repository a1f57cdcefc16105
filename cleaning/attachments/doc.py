"""doc and Kingsoft wps: the main text by the piece table of the Word 97 binary format ([MS-DOC] 2.4.1)."""

from __future__ import annotations

import re
import struct
from io import BytesIO

import olefile

from cleaning.attachments.reading import Reading, Unreadable

#: [MS-DOC] 2.5: offsets into the file information block, bytes.
FLAGS, CCP_TEXT, FC_CLX = 0x0A, 0x4C, 0x01A2
ENCRYPTED, TABLE_1 = 0x0100, 0x0200
COMPRESSED = 0x40000000


def read_doc(body: bytes) -> Reading:
    """Return the main text of a .doc file; headers, footers, notes and text boxes stand outside it by construction.

    Raises:
        Unreadable: it is damaged, encrypted, no Word document, or what comes out is no text.
    """
    try:
        with olefile.OleFileIO(BytesIO(body)) as ole:
            word = ole.openstream("WordDocument").read()
            (flags,) = struct.unpack_from("<H", word, FLAGS)
            table = ole.openstream("1Table" if flags & TABLE_1 else "0Table").read()
    except (OSError, struct.error, ValueError, IndexError, TypeError, AttributeError) as error:
        raise Unreadable(f"no Word document ({error})") from None
    if flags & ENCRYPTED:
        raise Unreadable("encrypted")
    try:
        text = _visible(_main_text(word, table))
    except (struct.error, IndexError) as error:
        raise Unreadable(f"its piece table is damaged ({error})") from None
    if not _is_text(text):
        raise Unreadable("what comes out is no text")
    return Reading(text=text)


def _main_text(word: bytes, table: bytes) -> str:
    """Put the pieces of the main text together; every piece is UTF-16 or Windows-1252."""
    (length,) = struct.unpack_from("<i", word, CCP_TEXT)
    start, size = struct.unpack_from("<II", word, FC_CLX)
    clx, at = table[start : start + size], 0
    while clx[at] == 1:  # property lists stand before the piece table
        at += 3 + struct.unpack_from("<H", clx, at + 1)[0]
    (size,) = struct.unpack_from("<I", clx, at + 1)
    count = (size - 4) // 12
    marks = struct.unpack_from(f"<{count + 1}i", clx, at + 5)
    text = []
    for n in range(count):
        (offset,) = struct.unpack_from("<I", clx, at + 5 + 4 * (count + 1) + 8 * n + 2)
        characters = max(0, min(marks[n + 1], length) - marks[n])
        if offset & COMPRESSED:
            offset = (offset & ~COMPRESSED) // 2
            text.append(word[offset : offset + characters].decode("cp1252", "replace"))
        else:
            text.append(word[offset : offset + 2 * characters].decode("utf-16-le", "replace"))
    return "".join(text)


def _visible(text: str) -> str:
    """Turn the marks of the format into lines and cells; field codes go, their results stay."""
    while re.search("\x13[^\x13\x15]*\x15", text):
        text = re.sub("\x13[^\x13\x14\x15]*(?:\x14([^\x13\x15]*))?\x15", lambda found: found[1] or "", text)
        text = re.sub("\x13[^\x13\x14\x15]*\x14([^\x13\x15]*)\x15", r"\1", text)
    text = re.sub("\r(?=\x07)", "", text)
    text = text.replace("\t", " ").replace("\x07\x07", "\r").replace("\x07", "\t")  # end of row, end of cell
    text = re.sub("[\x0b\x0c\x0e\r]", "\n", text).replace("\x1e", "-")
    text = re.sub("[\x00-\x08\x0f-\x1f]", "", text)
    return "\n".join(line for line in text.split("\n") if line.strip())


def _is_text(text: str) -> bool:
    """Whether at least a third of the characters are Chinese, Latin or digits: a wrong table reads as noise."""
    body = "".join(text.split())
    known = sum(
        character.isascii() or "\u3000" <= character <= "\u9fff" or "\uff00" <= character <= "\uffef" for character in body
    )
    return bool(body) and known > 0.7 * len(body)
