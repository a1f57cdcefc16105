"""Metadata blocks and info bars in every layout of the field notes, and the dates that come of them."""

from __future__ import annotations

import pytest

from cleaning import clean
from tests.cleaning.designs import LINES, NAV, TITLE, paragraphs

PAIRS = [("索 引 号", "970523/2024-00012"), ("主题分类", "司法"), ("发布机构", "柳岭县司法局"), ("发文字号", "柳政报〔2024〕3号"),
         ("成文日期", "2024年03月01日"), ("发布日期", "2024-03-05"), ("公开方式", "主动公开"), ("有效性", "-")]  # fmt: skip
FIELDS = {"索引号": "970523/2024-00012", "文号": "柳政报〔2024〕3号", "发布机构": "柳岭县司法局", "成文日期": "2024年03月01日",
          "发布日期": "2024-03-05", "主题分类": "司法", "公开方式": "主动公开"}  # fmt: skip
HALVES = [PAIRS[n : n + 2] for n in range(0, len(PAIRS), 2)]
LAYOUTS = {
    "table": "<table>"
    + "".join("<tr>" + "".join(f"<td><b>{a}：</b></td><td>{b}</td>" for a, b in half) + "</tr>" for half in HALVES)
    + "</table>",
    "table_without_colons": "<table>" + "".join(f"<tr><th>{a}</th><td>{b}</td></tr>" for a, b in PAIRS) + "</table>",
    "dl": "<dl>" + "".join(f"<dt>{a}：</dt><dd>{b}</dd>" for a, b in PAIRS) + "</dl>",
    "ul": "<ul>" + "".join(f"<li><span>{a}：</span>{b}</li>" for a, b in PAIRS) + "</ul>",
    "divs": "".join(f"<div class=display-block><div>{a}</div><div>{b}</div></div>" for a, b in PAIRS),
    "bullets": "".join(f"<p>• {a}:</p><p>{b}</p>" for a, b in PAIRS),
    "pipes": "<p>" + " | ".join(f"{a} | {b}" for a, b in PAIRS) + "</p>",
    "inline": "<p>" + "　　".join(f"{a}：{b}" for a, b in PAIRS) + "</p>",
    "glued_spans": "<p>" + "".join(f"<span>{a}：{b}</span>" for a, b in PAIRS) + "</p>",
    "comments": "".join(f"<p>{a}：<!--<$[SYH]>begin-->{b}<!--<$[SYH]>end--></p>" for a, b in PAIRS),
    "header_row": "<table><tr>" + "".join(f"<th>{a}</th>" for a, _ in PAIRS) + "</tr><tr>"
    + "".join(f"<td>{b}</td>" for _, b in PAIRS) + "</tr></table>",
}  # fmt: skip


@pytest.mark.parametrize("inside", [False, True], ids=["above", "inside"])
@pytest.mark.parametrize("layout", LAYOUTS)
def test_layout(layout: str, inside: bool) -> None:
    block, body = LAYOUTS[layout], paragraphs()
    content = f"<div id=zoom>{block}{body}</div>" if inside else f"{block}<h1>{TITLE}</h1><div id=zoom>{body}</div>"
    document = clean(f"<html><head><title>{TITLE}</title></head><body>{NAV}{content}</body></html>".encode())
    assert document.fields == FIELDS
    assert document.text.split("\n") == LINES
    assert document.labels["索 引 号"] == "970523/2024-00012"
    assert (document.index_number, document.document_number) == ("970523/2024-00012", "柳政报〔2024〕3号")
    assert (str(document.published_date), str(document.signed_date)) == ("2024-03-05", "2024-03-01")


@pytest.mark.parametrize(
    "bar",
    [
        "<p>日期:2024-03-05 10:17:59 来源:县司法局 浏览量: </p>",
        "<p><span>发布时间：2024-03-05 10:17:59</span><span>来源：县司法局</span><span>访问量：<i></i></span></p>",
        "<p>2024-03-05 10:17:59　　来源：县司法局　　字号：[ 大 中 小 ]　　打印</p>",
        "<div><span>发布日期：</span><span>2024-03-05 10:17:59</span></div><div>信息来源：县司法局</div>",
    ],
)
def test_info_bar(bar: str) -> None:
    document = clean(f"<body>{NAV}<h1>{TITLE}</h1>{bar}<div class=x>{paragraphs()}</div></body>".encode())
    assert (document.fields["来源"], document.fields["发布日期"]) == ("县司法局", "2024-03-05 10:17:59")
    assert "文号" not in document.fields
    assert document.text.split("\n") == LINES


def test_precedence_of_the_published_date() -> None:
    meta, bar = "<meta content='2024-03-02 09:00' name='pubdate'>", "<p>发布日期：2024-03-03</p>"
    url, listing = "http://www.liuling.test.gov.cn/a/202403/t20240305_1.html", {"date": "2024-03-04"}
    body = f"<h1>{TITLE}</h1>%s<div id=zoom>{paragraphs()}</div>"
    found = [
        clean(f"<html><head>{head}</head><body>{body % line}".encode(), url=address, listing=row).published_date
        for head, line, row, address in [(meta, bar, listing, url), ("", bar, listing, url), ("", "", listing, url), ("", "", {}, url), ("", "", {}, "")]
    ]  # fmt: skip
    assert [day and day.day for day in found] == [2, 3, 4, 5, None]  # the signature of 1 March never counts


def test_a_notice_that_opens_with_labels_keeps_them() -> None:
    lines = ["时间：3月5日上午9时", "地点：县政府会议室", LINES[3]]
    document = clean(f"<h1>会议安排</h1><div id=zoom>{paragraphs(lines=lines)}</div>".encode())
    assert document.text.split("\n") == lines
