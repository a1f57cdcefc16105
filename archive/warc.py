"""WARC 1.1 files: one gzip member a record, written in one piece, read by offset, torn tails found and cut."""

from __future__ import annotations

import json
import zlib
from base64 import b32encode
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from hashlib import sha1, sha256
from io import BytesIO
from pathlib import Path
from typing import BinaryIO

from warcio.archiveiterator import ArchiveIterator
from warcio.bufferedreaders import BufferedReader, ChunkedDataReader
from warcio.recordloader import ArcWarcRecord
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

#: Our own header of a record, one JSON object in ASCII: what the crawler knew when it asked. WARC 1.1 lets readers skip it.
CONTEXT_HEADER = "X-Fazhi-Context"
#: What may stand in it: fields of Capture.
CONTEXT = ("site", "run", "role", "via", "link_text", "link_date", "filename")
MAGIC = b"\x1f\x8b\x08"
#: How a revisit record says that nothing is new: the server said so (304), or it sent the same bytes again.
PROFILE = "http://netpreserve.org/warc/1.1/revisit/"
NOT_MODIFIED, IDENTICAL = f"{PROFILE}server-not-modified", f"{PROFILE}identical-payload-digest"


@dataclass(frozen=True, kw_only=True)
class Refers:
    """The stored response whose payload a revisit record stands for."""

    url: str
    time: str  #: its WARC-Date
    digest: str  #: its WARC-Payload-Digest, as in sha1:…


@dataclass(kw_only=True)
class Capture:
    """One response as it came over the wire, or one imported file, with what was known when it was asked for."""

    url: str  #: absolute address, or urn:sha256:… for a file without one
    time: str  #: UTC, YYYY-MM-DDTHH:MM:SS.mmmZ
    body: bytes  #: as received: still gzip where the server sent gzip
    status: int | None = None  #: HTTP status; None for an imported file
    message: str = ""
    headers: list[tuple[str, str]] = field(default_factory=list)
    site: str = ""  #: registry id
    run: str = ""  #: the run that fetched it
    role: str = ""  #: list, page, attachment, robots, search; "" when not known
    via: str = ""  #: the page that linked here
    link_text: str = ""  #: the link's text: the title in a list, the name of an attachment
    link_date: str = ""  #: the date beside the link in a list, YYYY-MM-DD
    filename: str = ""  #: of an imported file
    refers: Refers | None = None  #: of a revisit: the response that still holds; it has no body of its own

    def header(self, name: str) -> str:
        """Return the first header of that name (any case), or ""."""
        return next((value for key, value in self.headers if key.lower() == name.lower()), "")

    @property
    def content_type(self) -> str:
        """The Content-Type header as sent."""
        return self.header("content-type")

    @property
    def context(self) -> dict[str, str]:
        """What was known when it was asked for, empty values left out."""
        return {name: value for name in CONTEXT if (value := getattr(self, name))}

    def payload(self) -> bytes:
        """Return the body with its Content-Encoding undone (gzip that nobody declared too); as received where it cannot be."""
        coding = self.header("content-encoding").strip().lower().removeprefix("x-")
        if not coding and self.body.startswith(MAGIC) and self.content_type.startswith("text/"):
            coding = "gzip"
        if coding not in ("gzip", "deflate", "br"):
            return self.body
        try:
            decoded: bytes = BufferedReader(BytesIO(self.body), decomp_type=coding).read()
        except Exception:  # what a server sends must not stop the store, and warcio's br fails in its own ways
            return self.body
        return decoded if decoded or not self.body else self.body

    def digest(self) -> str:
        """SHA-256 of the body as received, hex."""
        return sha256(self.body).hexdigest()

    def as_reference(self) -> Refers:
        """Return what a revisit record says of this response."""
        digest = b32encode(sha1(self.body, usedforsecurity=False).digest()).decode()
        return Refers(url=self.url, time=self.time, digest=f"sha1:{digest}")


def write_capture(stream: BinaryIO, capture: Capture) -> tuple[int, int]:
    """Append the capture to an open .warc.gz file and return (offset, length) of its gzip member, in bytes."""
    buffer = BytesIO()
    writer = WARCWriter(buffer, gzip=False, warc_version="1.1")
    headers = {"WARC-Date": capture.time}
    if capture.context:
        headers[CONTEXT_HEADER] = json.dumps(capture.context, ensure_ascii=True)
    if capture.status is None:
        record = writer.create_warc_record(
            capture.url,
            "resource",
            payload=BytesIO(capture.body),
            warc_content_type=capture.content_type or "application/octet-stream",
            warc_headers_dict=headers,
        )
    else:
        # The body is stored de-chunked, so the header that says otherwise goes.
        kept = [(key, value) for key, value in capture.headers if key.lower() != "transfer-encoding"]
        line = f"{capture.status} {capture.message}".strip()
        http = StatusAndHeaders(line, kept, protocol="HTTP/1.1")
        if refers := capture.refers:
            record = writer.create_revisit_record(capture.url, refers.digest, refers.url, refers.time, http, headers)
            record.rec_headers.replace_header("WARC-Profile", NOT_MODIFIED if capture.status == 304 else IDENTICAL)
        else:
            record = writer.create_warc_record(
                capture.url, "response", payload=BytesIO(capture.body), http_headers=http, warc_headers_dict=headers
            )
    writer.write_record(record)
    # Level 4 for warcio's 9: four times as fast on government pages of 100 KB for six percent more bytes (measured).
    deflater = zlib.compressobj(4, wbits=31)
    member = deflater.compress(buffer.getvalue()) + deflater.flush()
    offset = stream.seek(0, 2)
    stream.write(member)
    stream.flush()
    return offset, len(member)


def read_capture(path: Path, offset: int, *, revisits: bool = False) -> Capture:
    """Read the record at that offset.

    Raises:
        ValueError: there is no response or resource record there, or, with `revisits`, revisit record.
    """
    with path.open("rb") as stream:
        stream.seek(offset)
        capture = next(iter_captures(stream, revisits=revisits), None)
    if capture is None:
        raise ValueError(f"{path.name} has no record at offset {offset}")
    return capture


def iter_captures(stream: BinaryIO, skipped: Counter[str] | None = None, *, revisits: bool = False) -> Iterator[Capture]:
    """Yield the response and resource records of an open WARC file (gzip or plain) in order, foreign ones too.

    Args:
        stream: the file.
        skipped: counts what is no capture: other record types, and `torn` records, whose body ends too early.
        revisits: yield revisit records that name what they refer to as well; they count as skipped else.
    """
    skipped = Counter() if skipped is None else skipped
    for record in _records(stream):
        refers = _refers(record) if revisits else None
        if record.rec_type not in ("response", "resource") and refers is None:
            skipped[record.rec_type] += 1
            continue
        headers, status, message = [], None, ""
        if record.http_headers is not None and record.rec_type in ("response", "revisit"):
            headers = list(record.http_headers.headers)
            code, _, message = record.http_headers.statusline.partition(" ")
            status = int(code) if code.isdecimal() else None
        elif kind := record.rec_headers.get_header("Content-Type"):
            headers = [("Content-Type", kind)]
        try:
            context = json.loads(record.rec_headers.get_header(CONTEXT_HEADER) or "{}")
        except ValueError:
            context = {}
        body = _body(record, headers)
        if body is None:
            skipped["torn"] += 1
            continue
        yield Capture(
            url=(record.rec_headers.get_header("WARC-Target-URI") or "").strip("<>"),
            time=record.rec_headers.get_header("WARC-Date") or "",
            body=body,
            status=status,
            message=message,
            headers=headers,
            refers=refers,
            **{key: str(value) for key, value in context.items() if key in CONTEXT},
        )


def _refers(record: ArcWarcRecord) -> Refers | None:
    """Return what a revisit record refers to; None of any other record, and where it does not say so."""
    names = ("WARC-Refers-To-Target-URI", "WARC-Refers-To-Date", "WARC-Payload-Digest")
    url, time, digest = (record.rec_headers.get_header(name) or "" for name in names)
    if record.rec_type != "revisit" or not (url and time):
        return None
    return Refers(url=url.strip("<>"), time=time, digest=digest)


def _records(stream: BinaryIO) -> Iterator[ArcWarcRecord]:
    """Yield the records of a WARC file.

    Raises:
        ArchiveLoadFailed, EOFError, OSError, ValueError, zlib.error: it is damaged.
    """
    try:
        yield from ArchiveIterator(stream)
    except AttributeError as error:  # warcio takes a record without an address for one that has it
        raise ValueError("a record has no WARC-Target-URI") from error


def _body(record: ArcWarcRecord, headers: list[tuple[str, str]]) -> bytes | None:
    """Return the body of a record, de-chunked where its writer kept the chunks; None where the file ends before it does."""
    stream = record.raw_stream
    chunked = any(key.lower() == "transfer-encoding" and "chunked" in value.lower() for key, value in headers)
    body: bytes = (ChunkedDataReader(stream) if chunked else stream).read()
    stream.read()  # what follows the last chunk
    return None if getattr(stream, "limit", 0) > 0 else body
