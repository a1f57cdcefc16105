"""Small invented reports, a cleaner that reads them, and raw stores made of them."""

import json
import os
import random
import sqlite3
from contextlib import closing
from dataclasses import replace
from datetime import date
from pathlib import Path

from archive.build import build
from archive.ids import normalise, source_id
from archive.raw import RawStore
from archive.warc import Capture
from cleaning.document import Attachment, Document, Section

TOWNS = ["青川镇", "白石乡", "云渡镇", "松涛街道", "临溪县", "望海市"]
DEEDS = ["审查规范性文件", "办结行政复议案件", "调解矛盾纠纷", "培训执法人员", "开展法治宣传", "清理证明事项", "抽查执法案卷"]


def text(seed, place="青川镇", year=2023):
    """Return a report of about 500 characters; the same seed, place and year give the same text."""
    dice = random.Random(f"{seed} {place} {year}")
    lines = [f"{year}年，{place}认真落实法治建设各项部署，依法行政水平稳步提高。现将有关情况报告如下。", "一、主要工作"]
    for n in range(8):
        deed, other = dice.sample(DEEDS, 2)
        done = f"{place}全年{deed}{dice.randint(10, 999)}件，{other}{dice.randint(10, 99)}次"
        liked = f"同比增长{dice.randint(1, 40)}%，群众满意度达到{dice.randint(80, 99)}%"
        lines.append(f"（{n + 1}）{done}，{liked}，第{seed}号经验在全县推广。")
    return "\n".join([*lines, "二、存在的问题", f"{place}的执法力量仍显不足，需要在{year + 1}年着力解决。"])


def report(place="青川", year=2023, *, numbers=0, sentences=40, seed=0):
    """Return an invented report; `numbers` moves every figure, `seed` draws other deeds."""
    lines = [f"{year}年，{place}镇坚持以法治思想为指引，扎实推进法治政府建设。现将有关情况报告如下。"]
    for n in range(sentences):
        deed, other = DEEDS[(n + seed) % 7], DEEDS[(n * 3 + seed + 1) % 7]
        where = f"{place}镇" if n % 3 == 0 else "全镇"
        lines.append(
            f"（{n + 1}）{where}围绕第{n + seed * 50}项任务{deed}{100 + n * 7 + numbers}件，{other}{20 + n + numbers}次，第{seed}轮效果良好。"
        )
    return "\n".join([*lines, f"{place}镇将继续努力，在{year + 1}年取得新的成效。"])


def page(seed=1, *, place="青川镇", year=2023, **given):
    """Return the bytes of a page that `clean` reads: a report unless `genre` says otherwise."""
    body = given.pop("text", text(seed, place, year))
    values = {
        "genre": "report",
        "title": f"{place}人民政府{year}年法治政府建设情况报告",
        "title_source": "page",
        "report_year": year,
        "year_source": "title",
        "issuer": f"{place}人民政府",
        "issuer_type": "government",
        "level": "township",
        "text": body,
        "source_format": "html",
        "published_date": f"{year + 1}-03-{seed % 28 + 1:02}",
    }
    return json.dumps({**values, **given}, ensure_ascii=False).encode()


def clean(body, *, url="", content_type="", site=None, listing=None):
    """Read what `page` wrote; the listing's date where the page has none, the site's code where it names no division."""
    values = json.loads(body)
    for name in ("published_date", "signed_date"):
        value = values.get(name) or (listing or {}).get("date" if name == "published_date" else "", "")
        values[name] = date.fromisoformat(value) if value else None
    values["attachments"] = [Attachment(url=item, name=item.rpartition("/")[2]) for item in values.get("attachments", [])]
    if site and not values.get("division_code"):
        values |= {"division_code": site["code"] or None, "division_method": "site"}
    document = Document(url=url, **values).finish()
    half = document.text.find("二、")
    if half > 0:
        spans = [("results", 0, half), ("problems", half, len(document.text))]
        document.sections = [
            Section(position=n, kind=kind, depth=1, number="", heading="", text=document.text[a:b], start=a, end=b)
            for n, (kind, a, b) in enumerate(spans)
        ]
    return document


def clean_or_die(body, **told):
    """Take the whole process down at a poisoned page, as a broken library would."""
    if b"poison" in body:
        os._exit(1)
    return clean(body, **told)


def at(day, hour=0):
    """Return a time of the raw store: the day of 2025 (1 is 1 January)."""
    return f"2025-{(day - 1) // 28 + 1:02}-{(day - 1) % 28 + 1:02}T{hour:02}:00:00.000Z"


def capture(url, body, *, day=1, hour=0, status=200, role="page", **given):
    """Return a capture of a page."""
    headers = [("Content-Type", "text/html")]
    return Capture(url=url, time=at(day, hour), body=body, status=status, headers=headers, role=role, **given)


def store(data, captures, *, run="run-1"):
    """Write captures into the raw store, in that order."""
    with RawStore(data / "raw") as raw, raw.writer("test") as writer:
        raw.start_run(run, "reports")
        for one in captures:
            writer.write(one if one.run else replace(one, run=run))
        writer.close()
        raw.finish_run(run, 1)


def make(data, captures=(), registry=(), **options):
    """Store captures, build, and return the summary."""
    if captures:
        store(data, captures)
    return build(data, registry, clean=clean, jobs=1, **options)


def rows(data, sql, *values):
    """Return what a query on the archive gives, as dicts."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        db.row_factory = sqlite3.Row
        return [dict(row) for row in db.execute(sql, values)]


def report_at(data, url):
    """Return the report that stands at an address, with its sources."""
    (found,) = rows(
        data, "select * from reports where report_id = (select report_id from sources where source_id = ?)", fz(url)
    )
    return found


def fz(url):
    """Return the id of an address."""
    return source_id(normalise(url))


PRIVATE = ("sqlite_stat", "_marks", "_sqlite_migrations", "reports_fts", "reports_chars")


def content(data, *, ids=False, places=True):
    """Return everything an archive says, comparable; `ids`: row numbers too; `places`: where the raw records are kept."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        assert db.execute("pragma integrity_check").fetchone() == ("ok",)
        db.execute("insert into reports_fts(reports_fts) values ('integrity-check')")
        names = [name for (name,) in db.execute("select name from sqlite_master where type = 'table'")]
        said = {}
        for name in names:
            if name.startswith(PRIVATE):
                continue
            columns = [row[1] for row in db.execute(f"pragma table_info({name})")]
            kept = [c for c in columns if (ids or c != "id" or name != "reports") and (places or not c.startswith("warc_"))]
            said[name] = sorted(map(repr, db.execute(f"select {', '.join(kept)} from {name}")))
        db.execute("create virtual table temp.words using fts5vocab('main', 'reports_fts', 'instance')")
        known = dict(db.execute("select id, report_id from reports"))
        said["index"] = sorted((known[doc], term, col, offset) for term, doc, col, offset in db.execute("select * from words"))
        db.execute("create virtual table temp.characters using fts5vocab('main', 'reports_chars', 'instance')")
        said["characters"] = sorted((known[doc], term) for term, doc, *_ in db.execute("select * from characters"))
        return said


def files(data):
    """Return the names in a data folder, apart from the raw store's."""
    return sorted(path.name for path in Path(data).iterdir())
