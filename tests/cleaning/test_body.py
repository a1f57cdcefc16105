"""Where the body is: designs of government pages around one text, and what must come out of each."""

from __future__ import annotations

import html
import json
import time

import pytest

from cleaning import clean
from cleaning.lines import MAX_LINES
from tests.cleaning.designs import DESIGNS, LINES, TITLE, page, paragraphs


@pytest.mark.parametrize("design", DESIGNS)
def test_design(design: str) -> None:
    document = clean(page(DESIGNS[design]), url="http://www.liuling.test.gov.cn/a/12.html")
    assert document.text.split("\n") == LINES
    assert document.title == TITLE
    assert document.genre == "report"


def test_body_in_a_script() -> None:
    detail = {"title": TITLE, "identifier": "007/2024-3", "publisher": "县司法局", "date": 1709337600, "content": paragraphs()}
    document = clean(page(f"<div id=app></div><script>window._CONFIG = {{SID:'9', DETAIL: {json.dumps(detail)}}};</script>"))
    assert document.text.split("\n") == LINES
    assert (document.index_number, document.fields["发布机构"]) == ("007/2024-3", "县司法局")
    assert str(document.published_date) == "2024-03-02"


UNSHOWN = {
    "textarea": f"<textarea>{html.escape(paragraphs())}</textarea>",
    "hidden_field": f'<input type=hidden value="{html.escape(paragraphs())}">',
    "noscript": f"<noscript>{paragraphs()}</noscript>",
    "template": f"<template>{paragraphs()}</template>",
    "script_template": f"<script type='text/template'>{paragraphs()}</script>",
    "cdata": f"<script type='text/xml'><record><![CDATA[{paragraphs()}]]></record></script>",
    "variable": f"<script>var content = '{''.join(paragraphs().splitlines())}';</script>",
    "state": f"<script>window.__STATE__ = {json.dumps({'detail': {'articleContent': paragraphs()}})}</script>",
    "written": f"<script>document.write('{''.join(paragraphs().splitlines())}')</script>",
}


@pytest.mark.parametrize("place", UNSHOWN)
def test_body_that_a_script_would_show(place: str) -> None:
    document = clean(page(f"<h1>{TITLE}</h1><p>发布时间：2024-03-05</p><div id=con></div>{UNSHOWN[place]}<p>分享到：</p>"))
    assert document.text.split("\n") == LINES


SHORT = ["全年学法6次。", "调解纠纷41件。", "柳岭县石桥镇人民政府", "2024年1月5日"]


@pytest.mark.parametrize(
    "holder", ["<div class=x>{}</div>", "<font id=zoom>{}</font>", "<td><div class=TRS_Editor>{}</div></td>", "{}<hr>"]
)
@pytest.mark.parametrize(
    "lines", [SHORT, SHORT[:2], ["各镇人民政府：", "请于1月10日前报送。", "联系电话：0970-1234567"]], ids=len
)
def test_short_documents_are_whole(holder: str, lines: list[str]) -> None:
    tail = "<div class=db>点赞 <span>12</span> 收藏</div><div>猜你喜欢<ul><li><a href=1>柳岭县2020年法治政府建设情况报告</a></ul></div>"
    document = clean(page(f"<div><h2>{TITLE}</h2>{holder.format(paragraphs(lines=lines))}{tail}</div>"))
    assert document.text.split("\n") == lines
    assert "short_body" in document.quality_flags


def test_what_stands_around_the_article_is_none_of_it() -> None:
    side = "<div class=side><p>柳岭县位于河谷上游，辖6镇5乡，总面积3,210平方公里，是全省文明县城。</p></div>"
    document = clean(page(f"<div>{side}<div><h1>{TITLE}</h1><div class=rich>{paragraphs()}</div></div>{side}</div>"))
    assert document.text.split("\n") == LINES


def test_a_page_escaped_once_too_often_is_read_again() -> None:
    document = clean(page(f"<h1>{TITLE}</h1><div id=zoom>{html.escape(paragraphs())}</div>"))
    assert document.text.split("\n") == LINES


def test_an_empty_cell_is_no_value() -> None:
    block = "<dl><dt>索引号：</dt><dd>9/2024-1</dd><dt>发布机构：</dt><dd>县司法局</dd><dt>主题词：</dt><dd></dd></dl>"
    document = clean(page(f"{block}<ul><li>政策原文</li></ul><h1>{TITLE}</h1><div id=zoom>{paragraphs()}</div>"))
    assert document.fields == {"索引号": "9/2024-1", "发布机构": "县司法局"}


@pytest.mark.parametrize(
    "text",
    [
        "<p>一、二</p>" * 200_000,
        "<div>好。</div>" * 200_000,
        "好。\n" * 200_000,
        "<td>甲</td>" * 200_000,
        "<a href=a.doc>甲</a>" * 60_000,
    ],
    ids=["paragraphs", "sentences", "lines", "cells", "files"],
)
def test_endless_pages_are_cut(text: str) -> None:
    begun = time.process_time()
    document = clean(text.encode())
    assert time.process_time() - begun < 8
    assert document.text.count("\n") <= MAX_LINES


def test_data_tables_come_row_by_row() -> None:
    rows = [["序号", "指标", "数量"], ["1", "复议案件", ""], ["2", "诉讼", "39"]]
    table = "".join("<tr>" + "".join(f"<td><p>{cell}</p></td>" for cell in row) + "</tr>" for row in rows)
    document = clean(
        page(f"<h1>{TITLE}</h1><div id=zoom>{paragraphs(lines=LINES[:5])}<table>{table}</table>{paragraphs(lines=LINES[5:])}")
    )
    assert document.text.split("\n") == [*LINES[:5], "序号\t指标\t数量", "1\t复议案件", "2\t诉讼\t39", *LINES[5:]]


@pytest.mark.parametrize("holder", ["id=zoom", "class=TRS_Editor", "class=whatever"])
def test_pictures_are_no_text(holder: str) -> None:
    document = clean(page(f"<h1>{TITLE}</h1><div {holder}><p><img src=1.jpg></p><p><img src=2.jpg></p></div>"))
    assert (document.text, document.genre) == ("", "empty_body")
    assert "images_only" in document.quality_flags


@pytest.mark.parametrize("body", ["", "<div id=zoom></div>", "<div class=content><p>网站声明</p><a href=1>网站首页</a></div>"])
def test_nothing_is_made_of_nothing(body: str) -> None:
    document = clean(page(f"<h1>{TITLE}</h1>{body}"))
    assert (document.text, document.genre) == ("", "empty_body")


def test_a_file_is_the_document() -> None:
    link = "<a href='/module/download/downfile.jsp?classid=0&filename=ab12.pdf'>柳岭县2023年法治政府建设情况报告.pdf</a>"
    document = clean(
        page(f"<h1>{TITLE}</h1><div id=zoom><p>附件：{link}</p></div>"), url="http://www.liuling.test.gov.cn/a/1.html"
    )
    assert "attachment_only" in document.quality_flags
    assert [one.url for one in document.attachments] == [
        "http://www.liuling.test.gov.cn/module/download/downfile.jsp?classid=0&filename=ab12.pdf"
    ]
    assert document.attachments[0].name == "柳岭县2023年法治政府建设情况报告.pdf"
