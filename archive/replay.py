"""The archived copy of a source: its bytes read back from the WARC file in data/raw, and its words as plain text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from archive.foreign import DAMAGED
from archive.warc import Capture, read_capture
from cleaning.attachments import sniff
from cleaning.charset import decode
from cleaning.markup import parse
from cleaning.page import read_page

#: Most bytes that are decoded to be shown; the file itself is always given whole.
SHOWN = 3_000_000
#: Kinds of file (cleaning.attachments.sniff) whose bytes are text.
TEXTS = ("html", "txt", "json")


class NotKept(Exception):
    """The copy cannot be shown; the message says why, in a Chinese sentence."""


@dataclass(frozen=True, kw_only=True)
class Copy:
    """What a server sent, once."""

    capture: Capture
    payload: bytes  #: the body with its Content-Encoding undone
    kind: str  #: what the bytes are: html, txt, json, pdf, docx, …; see cleaning.attachments.sniff

    @property
    def is_text(self) -> bool:
        """Whether the bytes can be shown as text."""
        return self.kind in TEXTS

    @property
    def extension(self) -> str:
        """The end of a name for the file."""
        return self.kind if self.kind.isalnum() and self.kind not in ("unknown", "empty", "image") else "bin"

    def decoded(self) -> str:
        """Return the bytes as text: of a page its source, with all markup."""
        return decode(self.payload[:SHOWN], self.capture.content_type).text

    def words(self) -> str:
        """Return what a browser would show of a page, one paragraph a line; of a text file the text."""
        text = self.decoded()
        tree = parse(text) if self.kind == "html" else None
        return text if tree is None else "\n".join(line.text for line in read_page(tree).lines)


def kept(raw: Path, source: Mapping[str, Any]) -> Path | None:
    """Return the WARC file with the copy of a source (a row of `sources`); None where it is not in data/raw."""
    name = source["warc_file"] or ""
    if source["warc_offset"] is None or Path(name).name != name:
        return None
    found = (raw / name, raw / f"{name}.open") if name else ()  # `.open`: its writer is still at it
    return next((path for path in found if path.is_file()), None)


def replay(raw: Path, source: Mapping[str, Any]) -> Copy:
    """Read the copy of a source back.

    Args:
        raw: the folder data/raw.
        source: its row of `sources`.

    Raises:
        NotKept: it is not there, cannot be read, or is not what the archive was made from.
    """
    path = kept(raw, source)
    if path is None:
        raise NotKept("这里没有存档副本：采集所得的原始文件不在这台服务器上。")
    try:
        capture = read_capture(path, source["warc_offset"])
    except (OSError, *DAMAGED) as error:
        raise NotKept("存档副本读不出来：原始文件已损坏。") from error
    payload = capture.payload()
    if sha256(payload).hexdigest() != source["payload_sha256"]:
        raise NotKept("存档副本与登记的校验和不符，不予显示。")
    return Copy(capture=capture, payload=payload, kind=sniff(payload))
