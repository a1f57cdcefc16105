"""The spider `warc`: web archives that others made, replayed with their own dates; once, whole or record by record."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
import zipfile
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from warcio.statusandheaders import StatusAndHeaders
from warcio.warcwriter import WARCWriter

from crawler.listings import Piece, read_listing
from tests.crawler.conftest import ROOT, Answer, Crawl, Loopback, report, titled

Start = Callable[[dict[str, Any]], Loopback]
QINGHE, OTHER, FOREIGN = "http://www.qinghe.gov.cn", "http://www.jiashan.gov.cn", "http://www.shop.example"
DATE = "2021-03-04T05:06:07Z"


def warc(*records: tuple[str, str], date: str = DATE) -> tuple[bytes, list[tuple[int, int]]]:
    """A WARC file of (address, page), and where each record stands: offset and length."""
    stream, places = BytesIO(), []
    writer = WARCWriter(stream, gzip=True)
    writer.write_record(writer.create_warcinfo_record("x.warc.gz", {"software": "test"}))
    for url, page in records:
        head = StatusAndHeaders("200 OK", [("Content-Type", "text/html; charset=utf-8")], protocol="HTTP/1.1")
        body, start = BytesIO(page.encode()), stream.tell()
        writer.write_record(
            writer.create_warc_record(url, "response", payload=body, http_headers=head, warc_headers_dict={"WARC-Date": date})
        )
        places.append((start, stream.tell() - start))
    return stream.getvalue(), places


PAGES = [(f"{host}/{n}.html", report(titled(2018 + n))) for host in (QINGHE, OTHER, FOREIGN) for n in (1, 2)]


@pytest.fixture
def replay(crawl: Crawl) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Run the spider as a user of Scrapy does, from the registry of one site."""
    crawl.entries.append({"id": "qinghe", "name": "青禾县人民政府", "home": QINGHE + "/"})
    crawl.command()

    def run(*files: Path | str, **arguments: str) -> subprocess.CompletedProcess[str]:
        given = {"sites": crawl.folder / "sites.yaml", "data": crawl.data, "files": ",".join(map(str, files)), **arguments}
        command = [sys.executable, "-m", "scrapy", "crawl", "warc", "-s", "DOWNLOAD_DELAY=0.01", "-s", "LOG_LEVEL=WARNING"]
        words = [word for name, value in given.items() for word in ("-a", f"{name}={value}")]
        return subprocess.run([*command, *words], cwd=ROOT, env=crawl.environment(), capture_output=True, text=True, timeout=60)

    return run


def cdxj(name: str, places: list[tuple[int, int]], stamp: str = "20210304050607") -> str:
    """The lines of an index of PAGES."""
    return "".join(
        f"key {stamp} "
        + json.dumps({"url": url, "status": "200", "filename": name, "offset": str(offset), "length": str(length)})
        + "\n"
        for (url, _), (offset, length) in zip(PAGES, places, strict=True)
    )


def ranged(body: bytes) -> Callable[[Any], Answer]:
    """A file on a server that knows ranges."""

    def answer(handler: Any) -> Answer:
        first, _, last = (handler.headers.get("Range") or "").removeprefix("bytes=").partition("-")
        if not first:
            return 200, {"Content-Type": "application/octet-stream"}, body
        if int(first) >= len(body):
            return 416, {"Content-Range": f"bytes */{len(body)}"}, b""
        part = body[int(first) : int(last) + 1]
        said = f"bytes {first}-{int(first) + len(part) - 1}/{len(body)}"
        return 206, {"Content-Type": "application/octet-stream", "Content-Range": said}, part

    return answer


def test_files_of_a_site_and_of_all(replay: Any, crawl: Crawl, tmp_path: Path) -> None:
    """WARC and WACZ; own dates; other hosts left out, with all=1 those under .gov.cn taken; nothing twice."""
    file, parcel = tmp_path / "a.warc.gz", tmp_path / "b.wacz"
    file.write_bytes(warc(*PAGES)[0])
    with zipfile.ZipFile(parcel, "w") as wacz:
        wacz.writestr("archive/data.warc.gz", warc((f"{QINGHE}/w.html", report(titled(2020))))[0])
    done = replay(file, parcel)
    assert "imported 3 documents, 0 known already" in done.stdout, done.stderr
    captures = crawl.captures()
    assert sorted(capture.url for capture in captures) == [f"{QINGHE}/{name}.html" for name in ("1", "2", "w")]
    assert {(capture.time, capture.site, capture.status) for capture in captures} == {
        ("2021-03-04T05:06:07.000Z", "qinghe", 200)
    }
    assert [capture.payload().decode() for capture in captures[:2]] == [page for _, page in PAGES[:2]]
    assert not list((crawl.data / "raw").glob("*.open"))
    before = crawl.rows("select url, time, file, offset from responses")
    assert "imported 0 documents, 3 known already" in replay(file, parcel).stdout
    assert crawl.rows("select url, time, file, offset from responses") == before
    assert "imported 2 documents, 2 known already" in replay(file, all="1").stdout
    assert sorted({url for (url,) in crawl.rows("select url from responses where site = ''")}) == [
        f"{OTHER}/1.html",
        f"{OTHER}/2.html",
    ]
    line = [sys.executable, str(ROOT / "fazhi.py"), "build", "--data", str(crawl.data), "--jobs", "1"]
    built = subprocess.run(line, env=crawl.environment(), capture_output=True, text=True, timeout=60)
    assert built.returncode == 0, built.stderr
    status = [*line[:2], "status", "--data", str(crawl.data), "--json"]
    said = json.loads(subprocess.run(status, env=crawl.environment(), capture_output=True, check=True, timeout=60).stdout)
    assert said["reports"] >= 2
    assert [site["status"] for site in said["sites"] if site["id"] == "qinghe"] == ["never"], "a replay visits nobody"


def test_damaged_files_are_named_and_the_rest_is_taken(replay: Any, crawl: Crawl, tmp_path: Path) -> None:
    body, places = warc(*PAGES)
    (tmp_path / "torn.warc.gz").write_bytes(body[: places[1][0] + 40])
    (tmp_path / "junk.wacz").write_bytes(b"no archive")
    (tmp_path / "list.txt").write_text("good.warc.gz\nmissing.warc.gz\nwhat is this\n", "utf-8")
    (tmp_path / "good.warc.gz").write_bytes(warc((f"{QINGHE}/g.html", report()))[0])
    done = replay(tmp_path / "torn.warc.gz", tmp_path / "junk.wacz", tmp_path / "none.txt", tmp_path / "list.txt")
    assert sorted(capture.url for capture in crawl.captures()) == [f"{QINGHE}/1.html", f"{QINGHE}/g.html"]
    for name, why in [
        ("torn.warc.gz", "the last record is cut off"),
        ("junk.wacz", "damaged, or no wacz file"),
        ("none.txt", "cannot be read: No such file"),
        ("missing.warc.gz", "cannot be read: No such file"),
        ("list.txt", "neither a WARC or WACZ path nor a CDXJ line: what is this"),
    ]:
        assert [line for line in done.stderr.splitlines() if name in line and why in line], (name, done.stderr)
    assert "Traceback" not in done.stderr


def test_a_local_index_reads_the_records_it_names(replay: Any, crawl: Crawl, tmp_path: Path) -> None:
    body, places = warc(*PAGES)
    (tmp_path / "a.warc.gz").write_bytes(body)
    listing = tmp_path / "index.cdxj.gz"
    listing.write_bytes(gzip.compress(cdxj("a.warc.gz", places).encode()))
    assert "imported 2 documents" in replay(listing).stdout
    assert sorted(capture.url for capture in crawl.captures()) == [f"{QINGHE}/1.html", f"{QINGHE}/2.html"]


@pytest.mark.slow
def test_a_remote_listing_asks_for_the_wanted_records_alone(replay: Any, crawl: Crawl, loopback: Start) -> None:
    """As Common Crawl serves them: an index over http, records by range; what is stored is not asked for again."""
    body, places = warc(*PAGES)
    index = cdxj("crawl-data/a.warc.gz", places).encode()
    site = loopback({"/index.cdxj": (200, {}, index), "/cc/crawl-data/a.warc.gz": ranged(body)})
    done = replay(f"{site.url}index.cdxj", base=f"{site.url}cc/", all="1")
    assert "imported 4 documents" in done.stdout, done.stderr
    assert {capture.url for capture in crawl.captures() if capture.role != "robots"} == {url for url, _ in PAGES[:4]}
    parts = [visit for visit in site.visits if visit.path.endswith(".gz")]
    assert sorted(len(visit.sent) for visit in parts) == sorted(length for _, length in places[:4])
    site.visits.clear()
    replay(f"{site.url}index.cdxj", base=f"{site.url}cc/", all="1")
    assert site.paths() == ["/index.cdxj"]


@pytest.mark.slow
def test_a_remote_file_is_fetched_once(replay: Any, crawl: Crawl, loopback: Start) -> None:
    """With ranges and without; what a cut run has of it is not fetched again; robots.txt is obeyed."""
    body, _ = warc(*PAGES)
    site = loopback({"/a.warc.gz": ranged(body), "/plain.warc.gz": (200, {}, warc((f"{QINGHE}/p.html", report()))[0])})
    assert "imported 3 documents" in replay(f"{site.url}a.warc.gz", f"{site.url}plain.warc.gz").stdout
    assert [path.name for path in (crawl.data / "crawl" / "warc").iterdir()] == ["done.txt"]
    site.visits.clear()
    replay(f"{site.url}a.warc.gz", f"{site.url}plain.warc.gz")
    assert site.paths() == []
    site.routes["/robots.txt"] = (200, {"Content-Type": "text/plain"}, b"User-agent: *\nDisallow: /\n")
    refused = replay(f"{site.url}b.warc.gz")
    assert "b.warc.gz: robots_disallowed" in refused.stderr
    assert site.paths() == []


def test_listings() -> None:
    line = '{"urlkey": "k", "timestamp": "20240102030405", "url": "http://a.gov.cn/", "filename": "x/y.warc.gz", "offset": "5", "length": "7"}'
    (piece,) = read_listing([line], "http://cc.example/i/index", "http://data.example/")
    assert piece == Piece(
        place="http://data.example/x/y.warc.gz", offset=5, length=7, url="http://a.gov.cn/", time="2024-01-02T03:04:05"
    )
    assert [piece.place for piece in read_listing(["# x", "", "a.warc", "http://b.example/b.wacz?x=1"], "/d/list.txt")] == [
        "/d/a.warc",
        "http://b.example/b.wacz?x=1",
    ]
    with pytest.raises(ValueError, match="filename"):
        list(read_listing(['key 20240102030405 {"url": "x"}'], "/d/list.txt"))
