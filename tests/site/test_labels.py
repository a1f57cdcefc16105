"""With the cookie language=en no Chinese is left outside of what is marked as data, on any page; every label is translated."""

from __future__ import annotations

import re
import runpy
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml
from lxml import html

from archive.health import SITE_REASONS, STATUSES
from archive.raw import REASONS
from cleaning.document import REJECTIONS
from tests.reports import HOSTILE, identifier, make_archive
from tests.site.conftest import SITE, Get, get_from

HAN = re.compile("[\u4e00-\u9fff]")
ENGLISH = {"cookie": "language=en"}
PAGES = ["/", "/coverage", "/coverage?show=late", "/coverage?code=960000", "/coverage?code=960102", "/coverage?code=national", "/coverage/list",
         "/coverage/list?code=960100&year=2022&status=late", "/trends", "/trends?q=复议，12348&level=county", "/downloads", "/status", "/about", "/api",
         "/archive", "/archive/reports", "/archive/reports?_search=复议&level=county", "/archive/reports?_facet=issuer_type&_facet=status",
         "/archive/sites", "/archive/rejected", "/archive/coverage", "/archive/divisions", "/archive/sources", "/archive/sections?kind=problems",
         "/archive/reports/6", "/archive?sql=select+title+from+reports", "/archive?sql=select", f"/report/{identifier(10)}", "/nix", "/archive/nix",
         "/report/nix",
    "/search",
    "/search?q=复议&level=county",
    "/search?q=没有这个词",
    "/search/counts?q=复议",
    "/archive/search?q=复议",
    "/archive/search?q=没有这个词",
    "/archive/search",
    f"/report/{identifier(6)}",
    f"/report/{identifier(3)}", "/coverage?code=1"]  # fmt: skip
ATTRIBUTES = ("aria-label", "placeholder", "title", "alt", "content")


def words() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = runpy.run_path(str(SITE / "plugins" / "words.py"))["WORDS"]
    return found


def labels() -> dict[str, str]:
    return {zh: en for path in (SITE / "labels").glob("*.yaml") for zh, en in yaml.safe_load(path.read_text("utf-8")).items()}


def left_in_chinese(text: str) -> list[str]:
    """Return what is Chinese on an English page and stands in no element marked as Chinese."""
    page: Any = html.fromstring(text)
    assert page.get("lang") == "en"
    for node in page.xpath("//*[@lang='zh-CN']"):
        for name in ("placeholder", "aria-label"):
            assert not HAN.search(node.get(name) or ""), node.get(name)
        node.drop_tree()
    about = "//meta" if page.xpath("//meta[@name='citation_title']") else "//meta[@property='og:title']"
    head = page.xpath(f"//title | {about}")  # name what the page is about, which may be data
    for node in head:
        node.drop_tree()
    ours = set(labels().values())  # may name Chinese words as examples
    texts = [*page.itertext(), *(node.get(name) or "" for node in page.iter() for name in ATTRIBUTES)]
    return [text.strip() for text in texts if HAN.search(text) and text.strip() not in ours]


@pytest.mark.parametrize("path", PAGES)
def test_english_pages(get: Get, path: str) -> None:
    answer = get(path, headers=ENGLISH)
    if answer.status_code == 302:  # 1.0 has another address for SQL
        answer = get(answer.headers["location"], headers=ENGLISH)
    assert answer.status_code in (200, 400, 404, 410)
    assert left_in_chinese(answer.text) == []


def test_english_where_there_is_nothing(tmp_path: Path) -> None:
    get = get_from(make_archive(tmp_path / "archive.db", []))
    for path in ("/", "/coverage", "/coverage/list", "/trends?q=a", "/status?name=x", "/archive/reports", "/archive/coverage"):
        assert left_in_chinese(get(path, headers=ENGLISH).text) == [], path


def test_chinese_stays_chinese(get: Get) -> None:
    for path in ("/", "/coverage", "/trends", "/status", "/downloads", "/api", "/archive"):
        page = get(path)
        assert page.text.count('lang="zh-CN"') >= 1
        assert HAN.search(html.fromstring(page.text).xpath("string(//h1)") or "API：供"), path


def test_every_label_of_a_template_is_translated() -> None:
    known = labels()
    missing = Counter()
    for path in (SITE / "templates").glob("*.html"):
        for label in re.findall(r"""\bt\((?:"([^"]+)"|'([^']+)')\)""", path.read_text("utf-8")):
            if HAN.search("".join(label)) and "".join(label) not in known:
                missing[path.name, "".join(label)] += 1
    assert not missing


def test_every_coded_word_is_translated() -> None:
    known = labels()
    assert [word for group in words().values() for word in group.values() if HAN.search(word) and word not in known] == []


def test_every_reason_and_status_has_its_word() -> None:
    found = words()
    assert {*SITE_REASONS, *REASONS, *REJECTIONS} <= set(found["reason"])
    assert set(STATUSES) <= set(found["status"])


def test_a_label_has_one_translation() -> None:
    found: dict[str, set[str]] = {}
    for path in (SITE / "labels").glob("*.yaml"):
        for zh, en in yaml.safe_load(path.read_text("utf-8")).items():
            found.setdefault(zh, set()).add(en)
    assert {zh: en for zh, en in found.items() if len(en) > 1} == {}


def test_no_translation_brings_markup() -> None:
    assert not [en for en in labels().values() if "<" in en]
    assert HOSTILE not in labels()
