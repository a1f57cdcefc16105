"""Archived copies: read back as they were stored, shown as text, and refused where they are not what was archived."""

from __future__ import annotations

from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from archive.replay import NotKept, kept, replay
from archive.warc import Capture, write_capture

PAGE = "<html><head><title>题</title><script>alert(1)</script></head><body><p>云溪市报告</p><p>第二段</p></body></html>"


def store(raw: Path, body: bytes, kind: str = "text/html; charset=gbk") -> dict[str, Any]:
    """Write a record into a WARC file and return the row of `sources` that tells of it."""
    raw.mkdir(exist_ok=True)
    capture = Capture(
        url="https://a.gov.cn/1", time="2024-04-02T03:00:00.000Z", body=body, status=200, headers=[("Content-Type", kind)]
    )
    with (raw / "pages.warc.gz").open("ab") as stream:
        offset, _ = write_capture(stream, capture)
    return {"source_id": "fz1", "warc_file": "pages.warc.gz", "warc_offset": offset, "payload_sha256": sha256(body).hexdigest()}


def test_a_page_as_it_was_stored(tmp_path: Path) -> None:
    body = PAGE.encode("gbk")
    store(tmp_path / "raw", b"another")
    copy = replay(tmp_path / "raw", store(tmp_path / "raw", body))
    assert (copy.payload, copy.kind, copy.extension, copy.is_text) == (body, "html", "html", True)
    assert copy.decoded() == PAGE
    assert copy.words() == "云溪市报告\n第二段"
    assert copy.capture.time == "2024-04-02T03:00:00.000Z"


def test_a_text_and_a_file_that_is_none(tmp_path: Path) -> None:
    text = replay(tmp_path / "raw", store(tmp_path / "raw", "云溪市报告\n第二段".encode(), "text/plain"))
    assert (text.kind, text.words()) == ("txt", "云溪市报告\n第二段")
    pdf = replay(tmp_path / "raw", store(tmp_path / "raw", b"%PDF-1.4 ...", "application/pdf"))
    assert (pdf.kind, pdf.is_text, pdf.extension) == ("pdf", False, "pdf")


def test_a_file_that_is_still_written(tmp_path: Path) -> None:
    source = store(tmp_path / "raw", PAGE.encode())
    (tmp_path / "raw" / "pages.warc.gz").rename(tmp_path / "raw" / "pages.warc.gz.open")
    assert replay(tmp_path / "raw", source).payload == PAGE.encode()


@pytest.mark.parametrize(
    "change",
    [
        {"warc_file": None},
        {"warc_file": "gone.warc.gz"},
        {"warc_file": "../raw/pages.warc.gz"},
        {"warc_file": ""},
        {"warc_offset": None},
        {"warc_offset": 7},
        {"warc_offset": 10**9},
        {"payload_sha256": "0" * 64},
        {"payload_sha256": None},
    ],
)
def test_what_is_not_what_was_archived(tmp_path: Path, change: dict[str, Any]) -> None:
    with pytest.raises(NotKept, match="存档副本"):
        replay(tmp_path / "raw", {**store(tmp_path / "raw", PAGE.encode()), **change})


def test_no_raw_folder(tmp_path: Path) -> None:
    assert kept(tmp_path / "raw", {"warc_file": "pages.warc.gz", "warc_offset": 0}) is None
