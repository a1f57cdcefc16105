"""Where the body is: designs of government pages around one text, and what must come out of each."""

from __future__ import annotations

import json

import pytest

from cleaning import clean
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
