"""WARC files: what is written is read back, whatever the server said about its bytes; torn and damaged members are stepped over."""

import gzip
from collections import Counter
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import pytest

from archive.members import whole_members
from archive.raw import RawStore, now
from archive.warc import Capture, Refers, iter_captures, read_capture, write_capture

PAGE = "<p>青禾县法治政府建设情况报告</p>".encode("gb18030")


def capture(body: bytes = PAGE, **headers: str) -> Capture:
    named = [(name.replace("_", "-"), value) for name, value in headers.items()]
    return Capture(url="http://www.qinghe.example/a.html", time=now(), body=body, status=200, message="OK", headers=named)


@pytest.mark.parametrize(
    ("body", "headers", "payload"),
    [
        (PAGE, {}, PAGE),
        (gzip.compress(PAGE, mtime=0), {"Content_Encoding": "gzip"}, PAGE),
        (gzip.compress(PAGE, mtime=0), {"Content_Type": "text/html"}, PAGE),
        (PAGE, {"Content_Encoding": "gzip"}, PAGE),
        (PAGE, {"Content_Encoding": "br"}, PAGE),
        (PAGE, {"Content_Encoding": "utf-8"}, PAGE),
        (gzip.compress(PAGE, mtime=0)[:20], {"Content_Encoding": "x-gzip"}, None),
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


def test_a_revisit_is_read_back_and_is_a_sighting(tmp_path: Path) -> None:
    """It stands in no row of responses; with the index lost, the files tell it again."""
    old = capture()
    seen = replace(capture(b""), status=304, refers=old.as_reference(), site="qinghe", run="run-2", role="page")
    with RawStore(tmp_path) as store:
        with store.writer("t") as writer:
            writer.write(old)
            writer.write(seen)
        before = [tuple(row) for row in store.db.execute("select * from revisits")]
        (row,) = store.db.execute("select file, offset from revisits")
        assert read_capture(tmp_path / row["file"], row["offset"], revisits=True) == seen
        with pytest.raises(ValueError, match="no record"):
            read_capture(tmp_path / row["file"], row["offset"])
        assert [response.time for response in store.responses()] == [old.time]
    (tmp_path / "index.db").unlink()
    with RawStore(tmp_path) as store:
        assert [tuple(row) for row in store.db.execute("select * from revisits")] == before
        assert [tuple(row) for row in store.db.execute("select * from sightings")] == [(old.url, seen.time, "run-2")]
    with RawStore(tmp_path) as store:  # nothing is behind: no file is read again
        assert store._end(row["file"]) == (tmp_path / row["file"]).stat().st_size


def test_a_foreign_revisit_that_refers_to_nothing_is_left_out(tmp_path: Path) -> None:
    path = tmp_path / "a.warc.gz"
    with path.open("wb") as stream:
        write_capture(stream, replace(capture(b""), status=304, refers=Refers(url="", time="", digest="sha1:A")))
        write_capture(stream, capture())
    skipped: Counter[str] = Counter()
    with path.open("rb") as stream:
        assert len(list(iter_captures(stream, skipped, revisits=True))) == 1
    assert skipped == {"revisit": 1}
