"""The sample reports and pages that may lie beside the checkout: the answer table of the field notes, field by field."""

from __future__ import annotations

import json
import os
import unicodedata
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from cleaning import Document, clean

SHARED = Path(os.environ.get("FAZHI_SHARED") or Path(__file__).resolve().parents[3] / "shared")
SAMPLES = sorted((SHARED / "samples").glob("*.txt"))
PAGES = sorted((SHARED / "pages").glob("*.html"))

#: sample: title, its source, issuer, type, code, level, year, its source, signed, published, flags at least.
ANSWERS: dict[str, tuple[Any, ...]] = {
    "000": (
        "天门市人民政府关于2023年法治政府建设情况的报告",
        "page", "天门市人民政府", "government",
        "429006", "county", 2023, "title", date(2024, 2, 26), None,
        {"converted_from_traditional", "folded_punctuation", "question_marks"},
    ),
    "001": (
        "汤郎乡2024年度法治政府建设工作情况报告",
        "page", "汤郎乡人民政府", "government",
        "530128207", "township", 2024, "title", None, None,
        {"folded_punctuation", "issuer_completed"},
    ),
    "002": (
        "金华市婺城区2019年度法治政府建设(依法行政)工作情况的报告",
        "page", "中共金华市婺城区委、金华市婺城区人民政府", "joint",
        "330702", "county", 2019, "title", date(2020, 3, 11), date(2020, 3, 11),
        {"folded_punctuation"},
    ),
    "003": (
        "万源市2022年度法治政府建设情况报告",
        "synthesised", "万源市人民政府", "government",
        "511781", "county", 2022, "first_sentence", None, None,
        {"folded_punctuation", "issuer_completed", "title_synthesised"},
    ),
    "004": (
        "新洲区人民政府关于2024年度法治政府建设情况的报告",
        "page", "新洲区人民政府", "government",
        "420117", "county", 2024, "title", None, None,
        {"bookmark_residue"},
    ),
}  # fmt: skip
GONE = ("[bookmark", "扫一扫", "掃一掃", "?????", "信息索引号:", "分享:")
KEPT = {"000": "专此报告。", "002": "浏览量达2.8万次", "003": "生态福地 和美万源", "004": "优化营商环境 企业法律服务直通车"}


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda path: path.name[:3])
def test_sample(sample: Path, subtests: pytest.Subtests) -> None:
    document = clean(sample.read_bytes())
    got = (
        document.title, document.title_source, document.issuer, document.issuer_type, document.division_code, document.level,
        document.report_year, document.year_source, document.signed_date, document.published_date,
    )  # fmt: skip
    *expected, flags = ANSWERS[sample.name[:3]]
    for n, value in enumerate(expected):
        with subtests.test(str(n)):
            assert got[n] == value
    assert document.genre == "report"
    assert flags <= set(document.quality_flags)
    assert KEPT.get(sample.name[:3], "") in document.text
    assert not [phrase for phrase in (*GONE, "\n朗读\n") if phrase in document.text]
    assert clean(document.text.encode()).text == document.text


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.stem)
def test_shared_page(page: Path) -> None:
    gold = json.loads(page.with_suffix(".json").read_text("utf-8"))
    document = clean(page.read_bytes(), url=gold["url"])
    assert _bigram_f1(document, gold["main_text"], gold["title"]) >= 0.98
    assert not [phrase for phrase in gold["must_not_contain"] if phrase in document.text]
    assert _fold(document.title or "") == _fold(gold["title"])


def _bigram_f1(document: Document, wanted: str, title: str) -> float:
    got, gold = (_fold(_without_title(text, title)) for text in (document.text, wanted))
    if not got and not gold:
        return 1.0
    ours, theirs = (Counter(text[n : n + 2] for n in range(len(text) - 1)) for text in (got, gold))
    return 2 * (ours & theirs).total() / (ours.total() + theirs.total())


def _without_title(text: str, title: str) -> str:
    lines = text.split("\n")
    for count in range(1, 8):
        if _fold("".join(lines[:count])) == _fold(title):
            return "\n".join(lines[count:])
    return text


def _fold(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())
