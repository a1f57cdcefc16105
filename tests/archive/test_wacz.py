"""WACZ files: whole original records of one site, without those of removed reports, the same bytes every time, imported again."""

import gzip
import hashlib
import io
import json
import shutil
import subprocess
import sys
import zipfile
from contextlib import closing
from importlib.util import find_spec
from pathlib import Path

import pytest
from click.testing import CliRunner
from making import capture, clean, fz, rows, store
from releasing import CITY, COUNTY, REGISTRY, REMOVED, SECRET, archive, county
from warcio.archiveiterator import ArchiveIterator

from archive.build import build
from archive.importer import Importer
from archive.raw import RawStore, new_run
from archive.read import open_archive
from archive.registry import Registry
from archive.surt import surt
from archive.wacz import WaczError, export
from archive.warc import Capture, Refers
from fazhi import main

LIST = "http://www.linxi.gov.cn/list.html"
MORE = [
    capture(LIST, b"<a href=2023.html>2023</a>", day=2, site="linxi", role="list"),
    capture("http://www.linxi.gov.cn/gone.html", b"no", day=4, status=404, site="linxi"),
    # imported without a site: the host tells it
    capture(COUNTY.format(2021), county(6, 2021), day=6),
    # the removed report's page at another address of the site
    capture(COUNTY.format("secret-again"), f'{{"genre": "notice", "text": "{SECRET}"}}'.encode(), day=7, site="linxi"),
    capture(REMOVED, f'{{"genre": "notice", "text": "{SECRET}"}}'.encode(), day=8, site="linxi"),
]


@pytest.fixture(scope="module")
def data(tmp_path_factory):
    """An archive with a removed report; one record is a revisit."""
    data = archive(tmp_path_factory.mktemp("data"))
    store(data, MORE)
    again = Refers(url=COUNTY.format(2022), time="2025-01-02T00:00:00.000Z", digest="sha1:AAAA")
    store(
        data,
        [Capture(url=COUNTY.format(2022), time="2025-01-09T00:00:00.000Z", body=b"", status=304, site="linxi", refers=again)],
    )
    build(data, REGISTRY, clean=clean, jobs=1)
    return data


def pack(data, site, path):
    """Export a site; return the number of records."""
    with closing(open_archive(data / "archive.db")) as db, RawStore(data / "raw") as raw:
        return export(db, raw, Registry.of(REGISTRY), site, path)


@pytest.fixture(scope="module")
def parcel(data, tmp_path_factory):
    """The WACZ file of the county's site, opened."""
    path = tmp_path_factory.mktemp("wacz") / "linxi.wacz"
    assert pack(data, "linxi", path) == 6
    with zipfile.ZipFile(path) as opened:
        yield opened


def records(parcel):
    """Return (type, address) of every record of its WARC file."""
    with parcel.open("archive/data.warc.gz") as stream:
        return [
            (r.rec_type, r.rec_headers.get_header("WARC-Target-URI"))
            for r in ArchiveIterator(io.BytesIO(stream.read()), check_digests="raise")
        ]


def test_it_holds_the_site_and_nothing_of_the_removed_report(parcel):
    found = records(parcel)
    assert found[0] == ("warcinfo", None)
    assert found[1:] == [
        ("response", COUNTY.format(2022)),
        ("response", LIST),
        ("response", COUNTY.format(2023)),
        ("response", "http://www.linxi.gov.cn/gone.html"),
        ("response", COUNTY.format(2021)),
        ("revisit", COUNTY.format(2022)),
    ]
    with parcel.open("archive/data.warc.gz") as stream:
        assert SECRET.encode() not in gzip.decompress(stream.read())
    assert all(SECRET.encode() not in parcel.read(name) for name in parcel.namelist())


def test_records_are_those_of_the_raw_store_byte_for_byte(data, parcel):
    body = parcel.read("archive/data.warc.gz")
    lines = gzip.decompress(parcel.read("indexes/index.cdx.gz")).decode().splitlines()
    assert lines == sorted(lines)
    assert len(lines) == 6
    with closing(RawStore(data / "raw")) as raw:
        original = {}
        for table in ("responses", "revisits"):
            for url, time, file, offset, length in raw.db.execute(f"select url, time, file, offset, length from {table}"):
                with (data / "raw" / file).open("rb") as stream:
                    stream.seek(offset)
                    original[url, time[:10].replace("-", "")] = stream.read(length)
    for line in lines:
        key, stamp, said = line.split(" ", 2)
        one = json.loads(said)
        assert (key, one["filename"]) == (surt(one["url"]), "data.warc.gz")
        member = body[int(one["offset"]) :][: int(one["length"])]
        assert member == original[one["url"], stamp[:8]]
        (record,) = ArchiveIterator(io.BytesIO(member))
        assert record.rec_headers.get_header("WARC-Payload-Digest") == one["digest"]
    kinds = {json.loads(line.split(" ", 2)[2])["mime"] for line in lines}
    assert kinds == {"text/html", "warc/revisit"}


def test_its_own_description(parcel):
    package = json.loads(parcel.read("datapackage.json"))
    assert (package["profile"], package["wacz_version"], package["title"]) == ("data-package", "1.1.1", "临溪县人民政府")
    assert package["created"] == "2025-01-09T00:00:00.000Z"
    assert {one["path"] for one in package["resources"]} | {"datapackage.json", "datapackage-digest.json"} == set(
        parcel.namelist()
    )
    for one in package["resources"]:
        body = parcel.read(one["path"])
        assert (one["bytes"], one["hash"]) == (len(body), f"sha256:{hashlib.sha256(body).hexdigest()}")
    digest = json.loads(parcel.read("datapackage-digest.json"))
    assert digest == {
        "path": "datapackage.json",
        "hash": f"sha256:{hashlib.sha256(parcel.read('datapackage.json')).hexdigest()}",
    }
    pages = [json.loads(line) for line in parcel.read("pages/pages.jsonl").decode().splitlines()]
    assert pages[0] == {"format": "json-pages-1.0", "id": "pages", "title": "Reports"}
    assert {page["id"] for page in pages[1:]} == {fz(COUNTY.format(year)) for year in (2021, 2022, 2023)}
    assert all(page["title"].startswith("临溪县人民政府") for page in pages[1:])
    assert {info.compress_type for info in parcel.infolist()} == {zipfile.ZIP_STORED}


def test_the_index_of_the_index_leads_to_its_blocks(data, tmp_path, monkeypatch):
    monkeypatch.setattr("archive.wacz_records.LINES", 2)
    pack(data, "linxi", tmp_path / "x.wacz")
    with zipfile.ZipFile(tmp_path / "x.wacz") as parcel:
        packed = parcel.read("indexes/index.cdx.gz")
        lines = gzip.decompress(packed).decode().splitlines(keepends=True)
        first, *blocks = parcel.read("indexes/index.idx").decode().splitlines()
    assert first == '!meta 0 {"format": "cdxj-gzip-1.0", "filename": "index.cdx.gz"}'
    for n, block in enumerate(blocks):
        said = json.loads(block[block.index("{") :])
        body = packed[said["offset"] :][: said["length"]]
        assert gzip.decompress(body).decode() == "".join(lines[2 * n : 2 * n + 2])
        assert lines[2 * n].startswith(block.partition(" {")[0])
        assert said["digest"] == f"sha256:{hashlib.sha256(body).hexdigest()}"


def test_the_same_captures_give_the_same_file(data, parcel, tmp_path):
    pack(data, "linxi", tmp_path / "again.wacz")
    assert (tmp_path / "again.wacz").read_bytes() == Path(parcel.filename).read_bytes()


def test_imported_again_it_gives_the_same_reports(data, parcel, tmp_path):
    other = tmp_path / "other"
    with RawStore(other / "raw") as raw, closing(Importer(raw, new_run())) as importer:
        importer.take(Path(parcel.filename))
        assert importer.tally.problems == []
        assert importer.tally.stored == 5
    build(other, REGISTRY, clean=clean, jobs=1)
    columns = "report_id, title, text, url, site, first_seen"
    wanted = rows(data, f"select {columns} from reports where site = 'linxi' and status <> 'removed' order by 1")
    assert rows(other, f"select {columns} from reports order by 1") == wanted
    assert len(wanted) == 3


def test_without_removals_the_secret_is_there(tmp_path):
    """The test above can fail."""
    data = archive(tmp_path / "data", removed=False)
    pack(data, "linxi", tmp_path / "x.wacz")
    with zipfile.ZipFile(tmp_path / "x.wacz") as parcel:
        assert ("response", REMOVED) in records(parcel)


def test_what_cannot_be_exported(data, tmp_path):
    with pytest.raises(WaczError, match="no capture of 'nowhere'"):
        pack(data, "nowhere", tmp_path / "x.wacz")
    other = shutil.copytree(data, tmp_path / "data")
    for path in (other / "raw").glob("*.warc.gz"):
        path.unlink()
    with pytest.raises(WaczError, match="bring the file back"):
        pack(other, "wanghai", tmp_path / "out" / "x.wacz")
    assert list((tmp_path / "out").iterdir()) == []


def test_the_command(data, tmp_path):
    done = CliRunner().invoke(main, ["dump", "--wacz", "wanghai", "--data", str(data), "--out", str(tmp_path)])
    assert (done.exit_code, done.output) == (0, f"{tmp_path / 'wanghai.wacz'}: 2 captures of wanghai\n")
    with zipfile.ZipFile(tmp_path / "wanghai.wacz") as parcel:
        assert {url for _, url in records(parcel)[1:]} == {CITY.format(2023), CITY.format("plan")}
    done = CliRunner().invoke(main, ["dump", "--wacz", "../x", "--data", str(data), "--out", str(tmp_path)])
    assert done.exit_code == 1
    assert "no capture of '../x'" in done.output
    done = CliRunner().invoke(main, ["dump", "--wacz", "wanghai", "--data", str(tmp_path / "none")])
    assert (done.exit_code, "nothing here yet" in done.output) == (1, True)


@pytest.mark.slow
def test_wacz_validates_it(parcel):
    if find_spec("wacz") is None:
        pytest.skip("wacz is not installed")
    command = [sys.executable, "-m", "wacz", "validate", "-f", parcel.filename]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "Validation succeeded" in done.stdout, done.stdout + done.stderr


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://www.qinghe.gov.cn/", "cn,gov,qinghe)/"),
        ("https://WWW.Qinghe.gov.cn.", "cn,gov,qinghe)/"),
        ("http://qinghe.gov.cn:8080/Art/2023/art_1.html", "cn,gov,qinghe:8080)/art/2023/art_1.html"),
        ("https://www2.qinghe.gov.cn:443/a/b/?b=2&a=1&A=0", "cn,gov,qinghe)/a/b?a=0&a=1&b=2"),
        ("http://qinghe.gov.cn//a/../b/./c.html?", "cn,gov,qinghe)/b/c.html"),
        ("http://qinghe.gov.cn/报 告.docx#top", "cn,gov,qinghe)/%e6%8a%a5%20%e5%91%8a.docx"),
        ("http://qinghe.gov.cn/a?jsessionid=0123456789ABCDEF0123456789ABCDEF&x=1", "cn,gov,qinghe)/a?x=1"),
        ("http://user:pw@127.0.0.1:80/x?y", "1,0,0,127)/x?y"),
        ("urn:sha256:0123", "urn:sha256:0123"),
        ("http://[broken/x", "http://[broken/x"),
        ("http://qinghe.gov.cn:port/x", "http://qinghe.gov.cn:port/x"),
    ],
)
def test_surt(url, key):
    """Keys as the surt package 0.3.1 makes them, on which pywb and cdxj-indexer rest."""
    assert surt(url) == key
