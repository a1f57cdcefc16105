"""A small archive.db with invented reports, made as `fazhi build` makes it: for tests of what reads an archive."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlite_utils import Database

from archive.indexed import parts, write
from archive.migrations import migrations

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"

RESULTS = (
    "2023年，我市深入学习贯彻习近平法治思想，统筹推进法治政府建设各项工作，现将有关情况报告如下。\n"
    "一、主要工作和成效\n"
    "（一）依法全面履行政府职能\n"
    "全面推行“双随机、一公开”监管，抽查市场主体 1,284 户次。“12348”公共法律服务热线接听来电3,516个。\n"
    "（二）健全依法行政制度体系\n"
    "全年办理行政复议案件215件，纠错率12.6%。行政机关负责人出庭应诉率达到100%。\n"
    "指标\t2022年\t2023年\n行政复议案件（件）\t188\t215\n出庭应诉率（%）\t98.7\t100\n"
)
PROBLEMS = "二、存在的问题和不足\n一些部门运用法治思维的能力不足，基层执法力量薄弱。\n"
PLAN = "三、下一年度工作安排\n推进综合行政执法改革，完善12348热线与人民调解衔接机制。\n"

#: (suffix of the id, what differs from an ordinary report); ids ascend by date as after a rebuild.
REPORTS: list[dict[str, Any]] = [
    {"issuer": "云溪市人民政府", "level": "prefecture", "report_year": 2021, "published_date": "2022-03-18"},
    {
        "issuer": "云溪市司法局",
        "level": "prefecture",
        "issuer_type": "department",
        "report_year": 2022,
        "published_date": "2023-01-30",
        "text": "本局受理法律援助申请。\n行政\n复议\n不是一个词。禁渔期执法一次。",
    },
    {
        "issuer": "云溪市青石区人民政府",
        "level": "county",
        "report_year": 2022,
        "published_date": "2023-04-21",
        "county": "青石区",
        "days_late": 21,
    },
    {
        "issuer": "南屿省人民政府",
        "level": "province",
        "report_year": 2022,
        "province": "南屿省",
        "prefecture": None,
        "division_code": "970000",
        "published_date": "2023-03-02",
    },
    {"issuer": "云溪市人民政府", "level": "prefecture", "report_year": 2022, "published_date": "2023-03-20"},
    {
        "issuer": "北岭省白桦县松林镇人民政府",
        "level": "township",
        "report_year": 2023,
        "province": "北岭省",
        "prefecture": "雪原市",
        "county": "白桦县",
        "township": "松林镇",
        "division_code": "980521104",
        "published_date": "2024-02-08",
        "title": "松林镇行政复议与法治政府建设情况报告",
        "quality_flags": '["folded_punctuation", "year_inferred"]',
    },
    {"issuer": "云溪市人民政府", "level": "prefecture", "report_year": 2023, "published_date": "2024-03-19"},
    {
        "issuer": "甲" + HOSTILE,
        "level": "county",
        "report_year": 2023,
        "published_date": "2024-03-20",
        "title": HOSTILE,
        "text": "复议" + HOSTILE + "\n一、" + HOSTILE + "\n恶意文本也只是文本。",
        "url": "javascript:alert(3)",
        "document_number": HOSTILE,
    },
    {
        "issuer": "南屿省财政厅",
        "level": "province",
        "issuer_type": "department",
        "report_year": 2023,
        "province": "南屿省",
        "prefecture": None,
        "division_code": "970000",
        "published_date": "2024-03-29",
        "status": "withdrawn",
        "withdrawn_on": "2024-06-01",
    },
    {
        "issuer": "云溪市青石区人民政府",
        "level": "county",
        "report_year": 2023,
        "county": "青石区",
        "published_date": "2024-03-30",
        "status": "removed",
        "title": "青石区应删除的报告",
    },
]

#: (code, issuer, year, status, number of its report or None, last_checked)
COVERAGE = [
    ("960000", "东湖省人民政府", 2022, "missing", None, "2023-05-01T00:00:00.000Z"),
    ("960100", "云溪市人民政府", 2022, "on_time", 5, "2023-05-01T00:00:00.000Z"),
    ("960100", "云溪市人民政府", 2023, "on_time", 7, "2023-05-01T00:00:00.000Z"),
    ("960102", "云溪市青石区人民政府", 2022, "late", 3, None),
    ("960102", "云溪市青石区人民政府", 2023, "missing", None, None),
    ("970000", "南屿省财政厅", 2023, "withdrawn", 9, "2024-06-01T00:00:00.000Z"),
    ("", "甲" + HOSTILE, 2023, "undated", 8, "2024-06-01T00:00:00.000Z"),
]

PROVINCES = {"960000": "东湖省", "970000": "南屿省", "980000": "北岭省", "650000": "新疆维吾尔自治区"}


def identifier(n: int) -> str:
    """Return the report_id of the n-th report (from 1), as a source's is made."""
    return f"fz{n:016x}"


def add_report(db: Database, n: int, **values: Any) -> None:
    """Add a report with its sections, its canonical source and one copy, its first version and its row in the index."""
    text = values.get("text") or RESULTS + PROBLEMS + PLAN + f"{values['issuer']}\n{values['published_date'][:4]}年3月"
    row = {
        "id": n,
        "report_id": identifier(n),
        "status": "live",
        "title": f"{values['issuer']}{values['report_year']}年度法治政府建设情况报告",
        "title_source": "page",
        "year_source": "title",
        "issuer_type": "government",
        "division_code": "960100",
        "division_method": "site",
        "province": "东湖省",
        "prefecture": "云溪市",
        "signed_date": None,
        "days_late": -12,
        "series": values["issuer"],
        "source_format": "html",
        "url": f"https://www.site{n}.gov.cn/art/{n}.html",
        "site": "yunxi",
        "first_seen": "2024-04-02T03:00:00.000Z",
        "last_seen": "2024-05-02T03:00:00.000Z",
        "quality_flags": "[]",
        "cleaner_version": "1",
        "text_sha256": "0" * 64,
        "text_source_id": identifier(n),
        **values,
        "text": text,
        "char_count": len(text) - text.count("\n"),
    }
    db.table("reports").insert(row)
    found = sections(row["report_id"], text)
    write(db, n, None, parts(row["title"], text, found))
    source = {"report_id": row["report_id"], "site": "yunxi", "http_status": 200, "last_status": 200, "similarity": 1.0,
              "first_seen": row["first_seen"], "last_seen": row["last_seen"]}  # fmt: skip
    copy = f"https://sft.example{n}.gov.cn/copy.html"
    db.table("sources").insert_all(
        [
            {**source, "source_id": row["report_id"], "url": row["url"], "relation": "canonical"},
            {**source, "source_id": identifier(1000 + n), "url": copy, "relation": "copy", "similarity": 0.97},
        ]
    )
    version = {"n": 1, "text": text, "text_sha256": "0" * 64, "source_id": row["report_id"], "cause": "first"}
    db.table("versions").insert({"report_id": row["report_id"], **version})
    db.table("sections").insert_all(found)


def sections(report_id: str, text: str) -> list[dict[str, Any]]:
    """Cut a text at its 一、 and （一） headings, as cleaning does."""
    found: list[dict[str, Any]] = []
    kind, at = "lead", 0
    for line in text.split("\n"):
        depth = 1 if line[1:2] == "、" else 2 if line.startswith("（") else 0
        if depth == 1:
            kind = {"一": "results", "二": "problems", "三": "plan"}.get(line[0], "other")
        if depth or not found:
            number, _, heading = line.partition("、" if depth == 1 else "）")
            mark = "、" if depth == 1 else "）"
            found.append({"report_id": report_id, "position": len(found), "kind": kind, "depth": depth, "start": at,
                          "number": number + mark if depth else "", "heading": heading if depth else ""})  # fmt: skip
        at += len(line) + 1
        found[-1]["end"] = min(at, len(text))
    return [{**section, "text": text[section["start"] : section["end"]]} for section in found]


def make_archive(path: Path, reports: list[dict[str, Any]] | None = None) -> Path:
    """Make an archive with REPORTS (or those given), their provinces and one site; return its path."""
    db = Database(path)
    migrations.apply(db)
    for n, values in enumerate(REPORTS if reports is None else reports, 1):
        add_report(db, n, **values)
    db.table("divisions").insert_all({"code": code, "name": name, "level": "province"} for code, name in PROVINCES.items())
    names = ("division_code", "issuer", "report_year", "status", "report_id", "last_checked")
    rows = ((*row[:4], row[4] and identifier(row[4]), row[5]) for row in COVERAGE) if reports is None else ()
    db.table("coverage").insert_all(dict(zip(names, row, strict=True)) for row in rows)
    db.table("sites").insert({"id": "yunxi", "name": "云溪市人民政府", "code": "960100", "status": "ok", "found": 9})
    db.close()
    return path
