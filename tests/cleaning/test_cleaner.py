"""The cleaner's promises, on any bytes: it never raises, cleaning twice is cleaning once, kept lines stand in the page in order."""

from __future__ import annotations

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from cleaning import Document, clean
from cleaning.charset import decode
from cleaning.document import GENRES, QUALITY_FLAGS
from tests.cleaning.designs import FOOT, LINES, NAV, TITLE, page, paragraphs

SNIPPETS = [
    NAV, FOOT, paragraphs(), paragraphs("div"), f"<h1>{TITLE}</h1>", "<div id=zoom>", "</div>", "<table><tr><td>", "</table>", "<!--", "-->", "</html>",
    "<div style='display:none'>", "<pre>", "索引号：1/2024-3　发布日期：2024-03-01　来源：县司法局", "??????????", "[bookmark: _GoBack]", "&amp;nbsp;",
    "扫一扫在手机打开当前页", "一、总体情况", "2024年3月1日", "附件：<a href='a.pdf'>报告.pdf</a>", "<script>var a=1</script>", "\x00", "\ufeff", "锟斤拷",
]  # fmt: skip
pages = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=20), max_size=12).map("\n".join)


def check(document: Document) -> None:
    assert document.genre in GENRES
    assert set(document.quality_flags) <= set(QUALITY_FLAGS)
    assert "\n\n" not in document.text
    assert all(line == line.strip() and line for line in document.text.split("\n")) or not document.text
    assert all(section.text == document.text[section.start : section.end] for section in document.sections)


@settings(max_examples=150, deadline=None)
@given(st.binary(max_size=400))
@example(b"")
@example(b"\xff\xfe")
@example(b"PK\x03\x04broken")
@example(b"<html>\x00\x00\x00")
def test_any_bytes(body: bytes) -> None:
    check(clean(body, url="http://[bad", content_type="text/html; charset=\ud800"))


@settings(max_examples=150, deadline=None)
@given(pages, st.sampled_from(["utf-8", "gb18030", "utf-16"]))
def test_any_mixture_of_page_parts(text: str, charset: str) -> None:
    body = text.encode(charset, "ignore")
    document = clean(body, url="http://www.liuling.test.gov.cn/a/202403/t20240305_1.html")
    check(document)
    assert document.text.count("\ufffd") <= decode(body).text.count("\ufffd")
    assert clean(body, url="http://www.liuling.test.gov.cn/a/202403/t20240305_1.html") == document


@settings(max_examples=150, deadline=None)
@given(
    st.lists(
        st.sampled_from([*LINES, TITLE, "打印", "分享到：", "来源：县司法局", "甲\t乙", "?", "相关链接", "责任编辑：甲"]),
        max_size=14,
    )
)
def test_twice_is_once(lines: list[str]) -> None:
    once = clean("\n".join(lines).encode())
    assert clean(once.text.encode()).text == once.text
    rest = iter(lines)
    assert all(line in rest for line in once.text.split("\n") if line)


def test_dropped_lines_and_kept_ones_are_all_there_is() -> None:
    tail = ["扫一扫在手机打开当前页", "责任编辑：李某"]
    document = clean("\n".join([TITLE, *LINES, *tail]).encode())
    assert document.text.split("\n") == LINES
    assert [one.line for one in document.dropped] == [*tail, TITLE] or {one.line for one in document.dropped} == {TITLE, *tail}


def test_traditional_pages_are_converted_where_they_are_ours() -> None:
    from opencc import OpenCC

    convert = OpenCC("s2t").convert
    body = convert(page(f"<h1>{TITLE}</h1><div id=zoom>{paragraphs()}</div>").decode()).encode()
    ours = clean(body, url="http://www.liuling.test.gov.cn/a.html")
    assert (ours.title, ours.text.split("\n")) == (TITLE, LINES)
    assert "converted_from_traditional" in ours.quality_flags
    gateway = clean(body, url="http://big5.liuling.test.gov.cn/gate/big5/www.liuling.test.gov.cn/a.html")
    assert gateway.text.split("\n") == [convert(line) for line in LINES]
    elsewhere = clean(body.replace(convert("法治").encode(), convert("房屋").encode()), url="http://www.info.test.hk/a.html")
    assert "屋政府建設" in (elsewhere.title or "")


def test_widths_are_never_changed() -> None:
    folded = [line.replace("，", ",").replace("：", ":").replace("（", "(").replace("）", ")") for line in LINES]
    document = clean("\n".join(folded).encode())
    assert document.text.split("\n") == folded
    assert "folded_punctuation" in document.quality_flags
    assert "folded_punctuation" not in clean("\n".join(LINES).encode()).quality_flags


def test_a_title_is_made_when_there_is_none() -> None:
    document = clean("\n".join(LINES).encode())
    assert (document.title, document.title_source) == ("柳岭县2023年度法治政府建设情况报告", "synthesised")
    assert "title_synthesised" in document.quality_flags
    assert clean("\n".join(LINES).encode(), listing={"title": TITLE}).title == TITLE


def test_mojibake_is_undone_or_reported() -> None:
    text = page(f"<h1>{TITLE}</h1><div id=zoom>{paragraphs()}</div>")
    twice = clean(text.decode("latin-1").encode())
    assert (twice.title, twice.text.split("\n"), "mojibake" in twice.quality_flags) == (TITLE, LINES, True)
    assert "mojibake" in clean(text.replace("柳岭".encode(), "锟斤拷".encode())).quality_flags


@pytest.mark.parametrize("reference", ["&#0;", "&#x0;", "&#xD800;", "&#xDFFF;", "&#x110000;", "&#999999999;"])
def test_a_reference_to_no_character_is_none(reference: str) -> None:
    page = f"<h1>甲县2023年法治政府建设情况报告</h1><div id='zoom'><p>2023年，甲县{reference}坚持依法行政。</p></div>"
    assert "\ufffd" not in clean(page.encode()).text


def test_an_entity_escaped_many_times_is_resolved_once_and_for_all() -> None:
    text = clean("<div id='zoom'><p>甲县&amp;amp;amp;nbsp;坚持依法行政，办理案件三件。</p></div>".encode()).text
    assert text == "甲县 坚持依法行政，办理案件三件。"
    assert clean(text.encode()).text == text


@pytest.mark.parametrize(
    "page",
    [
        "<!doctype " * 100_000,
        "<%" * 200_000,
        "<body " * 100_000,
        "<style>" + "/*" * 50_000 + "</style>",
        "<p>" + "首页>>" * 3_000,
        "<p>" + "分享" * 50_000,
        "<p>" + "[|" * 50_000,
        "<p>" + "发布日期：2024-01-01 " * 5_000,
        "<p>" + "。" * 200_000,
        "<br>".join(["附件："] * 5_000),
    ],
    ids=lambda page: page[:12],
)
def test_pages_of_nothing_but_one_thing_end_soon(page: str) -> None:
    assert clean(page.encode()).genre in GENRES  # these took minutes, so a slow one shows itself
