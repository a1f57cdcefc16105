"""Golden pages: raw bytes in, one JSON out, compared exactly. FAZHI_REGEN=1 writes the JSON anew: read what changed."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from cleaning import clean
from cleaning.charset import decode
from cleaning.document import FIELD_SOURCES, GENRES, QUALITY_FLAGS
from cleaning.rules.reasons import PASS_REASONS, RULE_REASONS
from cleaning.simplified import to_simplified
from crawler.golden import INPUT, outcome

FOLDER = Path(__file__).parent / "pages"
PAGES = sorted(FOLDER.rglob("*.html"))
NEVER = ("版权所有", "打印本页", "扫一扫在手机", "网站标识码", "ICP备", "当前位置", "分享到", "[bookmark", "?????", "相关链接")


def name_of(page: Path) -> str:
    return f"{page.parent.name}/{page.stem}"


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_page(page: Path, subtests: pytest.Subtests) -> None:
    path = page.with_suffix(".json")
    expected = json.loads(path.read_text("utf-8"))
    given = {name: expected.pop(name) for name in INPUT}
    got = outcome(page.read_bytes(), **given)
    if os.environ.get("FAZHI_REGEN") or not expected:
        path.write_text(json.dumps(given | got, ensure_ascii=False, indent=1) + "\n", "utf-8")
        pytest.fail(f"wrote {path.name}: read it, then run again without FAZHI_REGEN")
    assert got.keys() == expected.keys()
    for name, value in expected.items():
        with subtests.test(name):
            assert got[name] == value


@pytest.mark.parametrize("page", PAGES, ids=name_of)
def test_invariants(page: Path) -> None:
    body = page.read_bytes()
    given = json.loads(page.with_suffix(".json").read_text("utf-8"))
    document = clean(body, url=given["url"], content_type=given["content_type"])
    assert document.genre in GENRES
    assert set(document.field_sources.values()) <= set(FIELD_SOURCES)
    assert set(document.fields) <= set(document.field_sources)
    assert set(document.quality_flags) <= set(QUALITY_FLAGS)
    assert {dropped.rule for dropped in document.dropped} <= RULE_REASONS.keys() | PASS_REASONS.keys()
    assert clean(document.text.encode()).text == document.text
    assert clean(body, url=given["url"], content_type=given["content_type"]) == document
    for phrase in NEVER:
        assert phrase not in document.text
    source = json.loads(f'"{embedded}"') if (embedded := _json_body(body)) else decode(body, given["content_type"]).text
    place, source = 0, "".join(to_simplified(_without_tags(source)).split())
    for line in document.text.split("\n"):
        place = source.find("".join(line.split()), place)
        assert place >= 0, line


def _json_body(body: bytes) -> str:
    text = decode(body).text
    begin = text.find('"content": "')
    return text[begin + len('"content": "') : text.index('"}', begin)] if begin >= 0 else ""


def _without_tags(text: str) -> str:
    import html
    import re

    return html.unescape(re.sub(r"<[^>]*>", "", text))


def test_there_are_pages_of_every_kind() -> None:
    documents = [json.loads(page.with_suffix(".json").read_text("utf-8")) for page in PAGES]
    assert {"utf-8", "gb18030", "utf-16-le"} <= {document["charset"] for document in documents}
    assert {"report", "empty_body", "soft_404"} <= {document["genre"] for document in documents}
