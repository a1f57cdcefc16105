"""WARC files: what is written is read back, whatever the server said about its bytes; torn and damaged members are stepped over."""

import gzip
from io import BytesIO
from pathlib import Path

import pytest

from archive.raw import RawStore, now
from archive.warc import Capture, read_capture, whole_members, write_capture

PAGE = "<p>青禾县法治政府建设情况报告</p>".encode("gb18030")


def capture(body: bytes = PAGE, **headers: str) -> Capture:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Capture(url="http://www.qinghe.example/a.html", time=now(), body=body, status=200, message="OK", headers=named)


@pytest.mark.parametrize(
    ("body", "headers", "payload"),
    [
        (PAGE, {}, PAGE),
        (gzip.compress(PAGE), {"Content_Encoding": "gzip"}, PAGE),
        (gzip.compress(PAGE), {"Content_Type": "text/html"}, PAGE),
        (PAGE, {"Content_Encoding": "gzip"}, PAGE),
        (PAGE, {"Content_Encoding": "br"}, PAGE),
        (PAGE, {"Content_Encoding": "utf-8"}, PAGE),
        (gzip.compress(PAGE)[:20], {"Content_Encoding": "x-gzip"}, None),
        (b"", {"Content_Encoding": "gzip"}, b""),
    ],
)
def test_payload_never_raises(body: bytes, headers: dict[str, str], payload: bytes | None) -> None:
    found = capture(body, **headers).payload()
    assert payload is None or found == payload


@pytest.mark.parametrize("coding", ["br", "gzip", "deflate", "x-odd"])
def test_an_odd_header_does_not_stop_the_store(tmp_path: Path, coding: str) -> None:
    with RawStore(tmp_path) as store:
        with store.writer("t") as writer:
            for body in (PAGE, b"\x00junk", PAGE):
                writer.write(capture(body, Content_Encoding=coding))
                writer.flush()
        assert [store.read(row).body for row in store.responses()] == [PAGE, b"\x00junk", PAGE]


def test_members_beyond_a_damaged_one_are_found(tmp_path: Path) -> None:
    path, stream = tmp_path / "a.warc.gz", BytesIO()
    places = [write_capture(stream, capture(PAGE * n)) for n in (1, 2, 3)]
    raw = bytearray(stream.getvalue())
    raw[places[1][0] + 30] ^= 0xFF
    path.write_bytes(raw + b"\x1f\x8b\x08torn")
    assert list(whole_members(path)) == [places[0], places[2]]
    assert read_capture(path, places[2][0]).body == PAGE * 3
