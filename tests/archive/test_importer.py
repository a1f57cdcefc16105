"""Imports: files, folders and web archives become raw records; what cannot be taken gets one line, the rest goes on."""

import gzip
import zipfile
from contextlib import closing
from hashlib import sha256
from io import BytesIO

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from archive.foreign import LIMIT, moment
from archive.importer import Importer
from archive.raw import RawStore
from archive.warc import Capture, write_capture

PAGE = "<html><p>2023年，青川镇认真落实各项部署。</p></html>".encode()


def take(data, *paths, **options):
    """Import paths and return the tally and the rows of the raw index."""
    with RawStore(data / "raw") as store:
        with closing(Importer(store, "run-1", **options)) as importer:
            for path in paths:
                importer.take(path)
        return importer.tally, [store.read(row) for row in store.responses()]


def warc(*records, compress=True, dates="2024-05-06T07:08:09Z"):
    """Return a WARC file of (type, url, body, headers)."""
    stream = BytesIO()
    writer = WARCWriter(stream, gzip=compress)
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "test"}))
    for kind, url, body, headers in records:
        http = None
        if kind in ("response", "revisit"):
            http = StatusAndHeaders("200 OK", [("Content-Type", "text/html"), *headers], protocol="HTTP/1.1")
        if kind == "request":
            http = StatusAndHeaders("GET / HTTP/1.1", [("Host", "a")], is_http_request=True)
        made = writer.create_warc_record(
            url, kind, payload=BytesIO(body), http_headers=http, warc_headers_dict={"WARC-Date": dates}
        )
        writer.write_record(made)
    return stream.getvalue()


def test_a_file_without_an_address(tmp_path):
    file = tmp_path / "报告.html"
    file.write_bytes(PAGE)
    tally, (capture,) = take(tmp_path / "data", file)
    assert (tally.stored, tally.known, tally.problems) == (1, 0, [])
    assert capture.url == f"urn:sha256:{sha256(PAGE).hexdigest()}"
    assert (capture.status, capture.filename, capture.body, capture.content_type) == (None, "报告.html", PAGE, "text/html")


def test_a_file_with_an_address_and_a_site(tmp_path):
    file = tmp_path / "a.shtml"
    file.write_bytes(PAGE)
    _, (capture,) = take(tmp_path / "data", file, url="http://lin.gov.cn/a.shtml", site="lin")
    assert (capture.url, capture.site, capture.run) == ("http://lin.gov.cn/a.shtml", "lin", "run-1")


def test_the_same_again_is_known_and_seen(tmp_path):
    for name in ("a.html", "b.html"):
        (tmp_path / name).write_bytes(PAGE)
    tally, captures = take(tmp_path / "data", tmp_path / "a.html", tmp_path / "b.html")
    assert (tally.stored, tally.known, len(captures)) == (1, 1, 1)
    tally, captures = take(tmp_path / "data", tmp_path / "a.html")
    assert (tally.stored, tally.known, len(captures)) == (0, 1, 1)
    with RawStore(tmp_path / "data" / "raw") as store:
        assert [row["url"] for row in store.db.execute("select url from sightings")] == [captures[0].url]


def test_a_folder(tmp_path):
    folder = tmp_path / "in" / "deep"
    folder.mkdir(parents=True)
    for name, body in [
        ("a.HTM", PAGE),
        ("b.txt", b"text"),
        ("c.json", b"{}"),
        ("d.xls", b"x"),
        ("Makefile", b"x"),
        ("e.pdf", b""),
    ]:
        (folder / name).write_bytes(body)
    tally, captures = take(tmp_path / "data", tmp_path / "in")
    assert (tally.stored, len(captures)) == (2, 2)
    assert tally.skipped == {".json": 1, ".xls": 1, "no suffix": 1}
    assert [problem for problem in tally.problems if "e.pdf: the file is empty" in problem] == tally.problems


@pytest.mark.parametrize(
    ("name", "body", "said"),
    [
        ("missing.html", None, "no such file or folder"),
        ("empty.html", b"", "the file is empty"),
        ("table.xlsx", b"x", "unknown file type; known: html htm"),
        ("junk.warc.gz", b"no archive at all", "damaged, or no warc.gz file"),
        ("junk.wacz", b"no archive at all", "damaged, or no wacz file"),
        ("empty.warc.gz", gzip.compress(b"", mtime=0), "empty"),
        ("large.pdf", b"%PDF" + bytes(LIMIT), "30.0 MB is too large"),
    ],
)
def test_bad_input_gets_one_line_and_the_rest_goes_on(tmp_path, name, body, said):
    good = tmp_path / "good.html"
    good.write_bytes(PAGE)
    if body is not None:
        (tmp_path / name).write_bytes(body)
    tally, captures = take(tmp_path / "data", tmp_path / name, good)
    assert len(captures) == 1
    (problem,) = tally.problems
    assert str(tmp_path / name) in problem
    assert said in problem or name == "empty.warc.gz"
    assert "\n" not in problem


@pytest.mark.parametrize("compress", [True, False])
def test_a_warc(tmp_path, compress):
    records = [
        ("request", "http://lin.gov.cn/a.html", b"", []),
        ("response", "http://lin.gov.cn/a.html", PAGE, []),
        ("response", "http://lin.gov.cn/r.pdf", b"%PDF-1.4 x", [("Content-Type", "application/pdf")]),
        (
            "response",
            "http://lin.gov.cn/c.html",
            b"%x\r\n%s\r\n0\r\n\r\n" % (len(PAGE), PAGE),
            [("Transfer-Encoding", "chunked")],
        ),
        ("revisit", "http://lin.gov.cn/a.html", b"", []),
        ("response", "dns:lin.gov.cn", b"1.2.3.4", []),
    ]
    file = tmp_path / ("x.warc.gz" if compress else "x.warc")
    file.write_bytes(warc(*records, compress=compress))
    tally, captures = take(tmp_path / "data", file)
    assert tally.problems == []
    assert [(c.url, c.body) for c in captures] == [
        ("http://lin.gov.cn/a.html", PAGE),
        ("http://lin.gov.cn/r.pdf", b"%PDF-1.4 x"),
        ("http://lin.gov.cn/c.html", PAGE),
    ]
    assert {c.time for c in captures} == {"2024-05-06T07:08:09.000Z"}
    assert tally.skipped == {"warcinfo": 1, "request": 1, "revisit": 1, "dns: records": 1}


def test_a_warc_of_our_own_keeps_what_was_known(tmp_path):
    (tmp_path / "a.html").write_bytes(PAGE)
    take(tmp_path / "one", tmp_path / "a.html")
    (own,) = (tmp_path / "one" / "raw").glob("*.warc.gz")
    _, (capture,) = take(tmp_path / "two", own)
    assert (capture.filename, capture.status, capture.body) == ("a.html", None, PAGE)


def test_a_wacz(tmp_path):
    file = tmp_path / "x.wacz"
    with zipfile.ZipFile(file, "w") as parcel:
        parcel.writestr("archive/data.warc.gz", warc(("response", "http://lin.gov.cn/a.html", PAGE, [])))
        parcel.writestr("pages/pages.jsonl", "{}")
    tally, (capture,) = take(tmp_path / "data", file)
    assert (capture.body, tally.problems) == (PAGE, [])


def test_a_torn_warc_gives_the_whole_records(tmp_path):
    whole = warc(*(("response", f"http://lin.gov.cn/{n}.html", PAGE * 50, []) for n in range(3)), compress=False)
    file = tmp_path / "x.warc"
    file.write_bytes(whole[:-900])
    tally, captures = take(tmp_path / "data", file)
    assert [capture.url[-6:] for capture in captures] == ["0.html", "1.html"]
    (problem,) = tally.problems
    assert "cut off" in problem


def test_times_compare_as_text():
    assert moment("2024-05-06T07:08:09Z") == "2024-05-06T07:08:09.000Z"
    assert moment("2024-05-06T07:08:09.123456Z") == "2024-05-06T07:08:09.123Z"
    assert moment("2024-05-06T15:08:09+08:00") == "2024-05-06T07:08:09.000Z"


def test_the_same_bytes_at_another_time_are_kept_and_at_the_same_time_known(tmp_path):
    """An older capture that comes later must still be able to say when a page was first seen."""
    for name, date in (("new.warc", "2024-05-06T07:08:09Z"), ("old.warc", "2020-01-01T00:00:00Z")):
        (tmp_path / name).write_bytes(warc(("response", "http://lin.gov.cn/a.html", PAGE, []), compress=False, dates=date))
    tally, captures = take(tmp_path / "data", tmp_path / "new.warc", tmp_path / "old.warc", tmp_path / "new.warc")
    assert (tally.stored, tally.known) == (2, 1)
    assert [capture.time[:4] for capture in captures] == ["2024", "2020"]


def test_a_record_without_a_date_is_left_out_and_counted(tmp_path):
    (tmp_path / "x.warc").write_bytes(
        warc(("response", "http://lin.gov.cn/a.html", PAGE, []), dates="yesterday", compress=False)
    )
    tally, captures = take(tmp_path / "data", tmp_path / "x.warc")
    assert (captures, tally.skipped["records without a date"]) == ([], 1)


def test_a_torn_gzip_member_is_said(tmp_path):
    """warcio takes it for the end of the file."""
    whole = warc(*(("response", f"http://lin.gov.cn/{n}.html", PAGE, []) for n in range(3)))
    (tmp_path / "x.warc.gz").write_bytes(whole[:-30])
    tally, captures = take(tmp_path / "data", tmp_path / "x.warc.gz")
    assert len(captures) == 2
    (problem,) = tally.problems
    assert "cut off" in problem


def test_an_error_that_is_known_is_no_sighting(tmp_path):
    """Imported twice, a 404 would make the page live again."""
    stream = BytesIO()
    gone = Capture(url="http://lin.gov.cn/a.html", time="2024-05-06T07:08:09.000Z", body=b"no such page", status=404)
    write_capture(stream, gone)
    (tmp_path / "x.warc.gz").write_bytes(stream.getvalue())
    for known in (0, 1):
        tally, _ = take(tmp_path / "data", tmp_path / "x.warc.gz")
        assert tally.known == known
    with RawStore(tmp_path / "data" / "raw") as store:
        assert store.db.execute("select count(*) from sightings").fetchone()[0] == 0
