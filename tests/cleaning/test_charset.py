"""Charsets: the order of the policy, the labels of the web, and what is said of a wrong label."""

from __future__ import annotations

import pytest

from cleaning.charset import codec_of, decode

TEXT = "朱镕基与陶喆，二〇二四年，崀山·乌鲁木齐——法治政府建设情况的报告"


def page(label: str) -> str:
    return f'<html><head><meta http-equiv="Content-Type" content="text/html; charset={label}"></head><body>{TEXT * 3}</body></html>'


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("gb2312", "gb18030"), ("GBK", "gb18030"), ("x-gbk", "gb18030"), ("gb_2312-80", "gb18030"), ("chinese", "gb18030"),
        ("big5", "big5hkscs"), ("Big5-HKSCS", "big5hkscs"), ("iso-8859-1", "cp1252"), ("ascii", "cp1252"), ("UTF8", "utf-8"),
        ("nonsense", None),
    ],
)  # fmt: skip
def test_labels_of_the_web(label: str, codec: str | None) -> None:
    assert codec_of(label) == codec


@pytest.mark.parametrize(
    ("written", "label", "header", "used", "flags"),
    [
        ("gb18030", "gb2312", "", "gb18030", []),
        ("gb18030", "gb2312", "text/html; charset=UTF-8", "gb18030", ["charset_mislabelled"]),
        ("gb18030", "", "", "gb18030", []),
        ("gb18030", "", "text/html; charset=ISO-8859-1", "gb18030", ["charset_mislabelled"]),
        ("utf-8", "gb2312", "", "utf-8", ["charset_mislabelled"]),
        ("utf-8", "utf-16", "", "utf-8", ["charset_mislabelled"]),
        ("utf-8-sig", "gbk", "", "utf-8", ["charset_mislabelled"]),
        ("utf-16", "gb2312", "", "utf-16-le", ["charset_mislabelled"]),
        ("utf-16-be", "gb2312", "", "utf-16-be", ["charset_mislabelled"]),
    ],
)
def test_bytes_decide(written: str, label: str, header: str, used: str, flags: list[str]) -> None:
    decoded = decode(page(label).encode(written), header)
    assert TEXT in decoded.text
    assert (decoded.used, decoded.flags) == (used, flags)


@pytest.mark.parametrize(
    "label", ["hex", "rot13", "zlib", "base64", "punycode", "idna", "undefined", "utf-7", "charmap", "x" * 9999]
)
def test_a_codec_that_is_no_charset_is_no_label(label: str) -> None:
    assert codec_of(label) is None
    body = f"<meta charset={label}><p>甲县坚持依法行政。</p>".encode("gb18030")
    assert decode(body, f"text/html; charset={label}").used == "gb18030"


def test_big5() -> None:
    text = "<meta charset=big5>" + "行政院關於法治政府建設的報告，臺灣與香港。" * 5
    assert decode(text.encode("big5hkscs")).text == text
    assert decode(text.replace("<meta charset=big5>", "").encode("big5hkscs")).used == "big5hkscs"


def test_a_few_broken_bytes_do_not_change_the_charset() -> None:
    body = bytearray(page("utf-8").encode())
    body[120] = 0xFF
    decoded = decode(bytes(body))
    assert decoded.used == "utf-8"
    assert decoded.text.count("\ufffd") == 3  # what is left of one character


def test_a_last_character_that_was_cut_off_is_dropped() -> None:
    assert decode("报告".encode()[:-1]).text == "报"
    assert "\ufffd" not in decode(page("gbk").encode("gb18030")[:-1]).text
