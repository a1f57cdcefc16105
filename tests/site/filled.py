"""A data folder where every page of the site has something to show: figures, versions, an archived copy, a release, pages of hits."""

from __future__ import annotations

import hashlib
import json
import sqlite3
from hashlib import sha256
from pathlib import Path

from sqlite_utils import Database

from archive.warc import Capture, write_capture
from tests.reports import HOSTILE, RESULTS, add_report, identifier, make_archive

PAGE = f"<html><body><script>alert(1)</script><p>云溪市{HOSTILE}报告</p></body></html>".encode("gbk")
VERSION = "2024.5.0"
COUNTIES = ("红松县", "青河县", "石桥县", "柳泉县", "平湖县", "望江县", "清溪县", "长岭县", "新河县",
            "东山县", "白鹿县", "安渡县", "云台县", "桃源县", "金沙县", "和顺县", "永丰县", "兴林县")  # fmt: skip


def fill(data: Path) -> Path:
    """Make an archive whose reports 7 and 8 (hostile) have figures, kin, versions, coverage and an archived copy."""
    archive = make_archive(data / "archive.db")
    (data / "raw").mkdir()
    with (data / "raw" / "pages.warc.gz").open("wb") as stream, sqlite3.connect(archive) as db:
        headers = [("Content-Type", "text/html; charset=gbk")]
        capture = Capture(url="https://a.gov.cn/", time="2024-04-02T03:04:05.000Z", body=PAGE, status=200, headers=headers)
        place = ("pages.warc.gz", write_capture(stream, capture)[0], sha256(PAGE).hexdigest())
        db.execute("update sources set warc_file = ?, warc_offset = ?, payload_sha256 = ?", place)
        at, cell = RESULTS.index("215件"), RESULTS.index("\t98.7") + 1
        for n, sentence in ((7, "全年办理行政复议案件215件，纠错率12.6%。"), (8, HOSTILE)):
            db.executemany(
                "insert into indicators values (?, ?, ?, ?, ?, ?, ?, ?)",
                [(identifier(n), "行政复议受理", 215, "件", sentence, at, at + 3, 0.95),
                 (identifier(n), "负责人出庭率", 98.7, "%", sentence, cell, cell + 4, 0.8)],
            )  # fmt: skip
            db.execute("insert into reuse values (?, 'last_year', 40, 10, 0.25, ?)", (identifier(n), identifier(5)))
            db.execute("insert into reuse values (?, 'other_governments', 40, 4, 0.1, null)", (identifier(n),))
            pair = (identifier(4), identifier(n))
            db.execute("insert into verdicts(source_a, source_b, verdict, containment) values (?, ?, 'similar', 0.875)", pair)
            covered = (f"机关{n}", identifier(n))
            db.execute("insert into coverage values ('960100', ?, 2023, 'on_time', ?, '2024-05-01')", covered)
            text = db.execute("select text from versions where report_id = ?", (identifier(n),)).fetchone()[0]
            db.execute(
                "insert into versions(report_id, n, text, source_id, first_seen, cause) values (?, 2, ?, ?, '2024-06-01', 'changed')",
                (identifier(n), text.replace("215件", "218件").replace("复议", "复议新", 1), identifier(1000 + n)),
            )
    return archive


def release(data: Path) -> None:
    """Put a release beside the archive, made by hand as its index.json tells, and one that cannot be read."""
    folder = data / "releases" / VERSION
    (folder / "data" / "reports").mkdir(parents=True)
    files = {"README.md": b"# read me\n", "data/reports/train-00000-of-00001.parquet": bytes(range(256)) * 4000}
    for name, body in files.items():
        (folder / name).write_bytes(body)
    (folder / "secret.txt").write_bytes(b"named nowhere")
    (data / "decisions.jsonl").write_bytes(b"not for downloads")
    listed = [{"path": name, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()} for name, body in files.items()]
    listed += [{"path": "../../decisions.jsonl", "bytes": 17, "sha256": ""}, {"path": "gone.md", "bytes": 3, "sha256": ""}]
    index = {"version": VERSION, "built_at": "2024-05-02T03:00:00.000Z", "selection": "all reports", "rows": {"reports": 9}}
    (folder / "index.json").write_text(json.dumps(index | {"files": listed}), "utf-8")
    (folder / "SHA256SUMS").write_text("", "utf-8")
    broken = data / "releases" / "2024.6.0"
    broken.mkdir()
    (broken / "index.json").write_text("{", "utf-8")


def grow(archive: Path) -> None:
    """Add the reports of eighteen counties for 2024 and 2025, and the names of the divisions: several pages of hits."""
    db = Database(archive)
    for n, (year, county) in enumerate(((year, county) for year in (2024, 2025) for county in COUNTIES), 11):
        code = f"9805{COUNTIES.index(county) + 30}"
        add_report(db, n, issuer=f"雪原市{county}人民政府", level="county", report_year=year, province="北岭省", prefecture="雪原市",
                   county=county, division_code=code, published_date=f"{year + 1}-03-{n % 18 + 1:02}")  # fmt: skip
    places = (("960100", "云溪市", "prefecture", "960000"), ("960102", "青石区", "county", "960100"))
    db.table("divisions").insert_all(dict(zip(("code", "name", "level", "parent"), place, strict=True)) for place in places)
    db.close()
