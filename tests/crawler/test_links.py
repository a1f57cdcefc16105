"""Addresses of links, files of pages, columns of home pages."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scrapy.http import HtmlResponse

from archive.warc import Capture
from crawler.attachments import attachments
from crawler.columns import columns
from crawler.links import report_links, tidy_url
from crawler.pages import readable, stored_page

HOST = "http://www.jia.gov.cn"


def page(body: str, url: str = f"{HOST}/zwgk/a.html") -> HtmlResponse:
    return HtmlResponse(url, body=body.encode(), encoding="utf-8")


@pytest.mark.parametrize(
    ("href", "url"),
    [
        (" ./t1.html\r\n", "/zwgk/t1.html"),
        ("../x.html#top", "/x.html"),
        ("/a.jsp;jsessionid=AB12?id=3", "/a.jsp?id=3"),
        ("/a.html?id=3&spm=1.2&PHPSESSID=x", "/a.html?id=3"),
        ("/a.html?from=timeline", "/a.html"),
        ("/a.html?from=timeline&id=3", "/a.html?id=3"),
        ("/a.asp?id=7", "/a.asp?id=7"),
        ("/报告.html", "/%E6%8A%A5%E5%91%8A.html"),
        ("//www.jia.gov.cn/b", "/b"),
    ],
)
def test_tidy_url(href: str, url: str) -> None:
    assert tidy_url(f"{HOST}/zwgk/", href) == HOST + url


@pytest.mark.parametrize("href", ["", "#", "javascript:void(0)", "mailto:a@b.example", "{{item.url}}", "http://[x/", "tel:1"])
def test_links_that_lead_nowhere(href: str) -> None:
    assert tidy_url(f"{HOST}/", href) == ""


def test_parameters_are_sent_in_the_charset_of_the_page() -> None:
    assert tidy_url(f"{HOST}/", "/s.asp?q=报", "gb18030") == f"{HOST}/s.asp?q=%B1%A8"


@given(st.text())
def test_tidy_url_never_raises_and_settles(href: str) -> None:
    url = tidy_url(f"{HOST}/zwgk/", href)
    assert tidy_url(f"{HOST}/zwgk/", url) == url


def test_report_links_need_a_year_and_the_genre() -> None:
    links = (
        "<a href='/1'>甲县2023年法治政府建设情况报告</a><a href='/2'>法治政府建设年度报告</a><a href='/3'>2023年统计公报</a>"
    )
    assert [row.url for row in report_links(page(links))] == [f"{HOST}/1"]


@pytest.mark.parametrize(
    ("body", "files"),
    [
        ("<div id='zoom'><a href='P020240301.pdf'>报告</a></div>", ["/zwgk/P020240301.pdf"]),
        ("<div class='fj'><a href='/module/download/downfile.jsp?classid=0&filename=ab12.pdf'>附件：报告.pdf</a></div>",
         ["/module/download/downfile.jsp?classid=0&filename=ab12.pdf"]),
        ("<div class='v_news_content'><a href='/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=2'>报告.docx</a></div>",
         ["/system/_content/download.jsp?urltype=news.DownloadAttachUrl&owner=1&wbfileid=2"]),
        ("<div class='TRS_Editor'><a href='/f/123'>报告全文.wps</a></div>", ["/f/123"]),
        ("<div id='zoom'><iframe src='/pdfjs/web/viewer.html?file=/f/%E6%8A%A5.pdf'></iframe></div>", ["/f/%E6%8A%A5.pdf"]),
        ("<div id='zoom'><embed src='a.ofd'><object data='b.doc'></object></div>", ["/zwgk/a.ofd", "/zwgk/b.doc"]),
        ("<div id='zoom'><a href='a.pdf'>一</a><a href='a.pdf'>一</a></div><div class='side'><a href='manual.pdf'>手册</a></div>", ["/zwgk/a.pdf"]),
        ("<table><tr><td><a href='a.doc'>附件</a></td></tr></table><div class='footer'><a href='law.pdf'>声明</a></div>", ["/zwgk/a.doc"]),
        ("<div id='zoom'><a href='a.xlsx'>表</a><a href='b.zip'>包</a><a href='/download.jsp?f=x.xls'>表.xls</a></div>", []),
        ("<div id='zoom'><a href='/down/'>下载中心</a></div>", []),
    ],
)  # fmt: skip
def test_attachments(body: str, files: list[str]) -> None:
    menu = "<div class='nav'><a href='/help.pdf'>帮助</a></div>"
    assert [row.url for row in attachments(page(menu + body))] == [HOST + path for path in files]


def test_attachments_are_titled_by_their_link() -> None:
    body = "<div id='zoom'><a href='P02.pdf'>甲县报告.pdf</a><iframe src='/f/%E6%8A%A5.pdf'></iframe></div>"
    assert [row.title for row in attachments(page(body))] == ["甲县报告.pdf", "报.pdf"]


def test_columns_by_name_and_path() -> None:
    links = {
        "/news/": "要闻", "/zwgk/": "政府信息公开", "/zwgk/fzzfjsndbg/": "法治政府建设年度报告", "/yfxz/": "依法行政",
        "/qtfdxx/": "其他法定信息", "/art/2024/3/1/art_1_2.html": "依法行政工作报告", "/f.pdf": "法治政府建设",
        "/fz/": "法治政府建設",
    }  # fmt: skip
    found = columns(page("".join(f"<a href='{path}'>{name}</a>" for path, name in links.items())))
    assert [column.url.removeprefix(HOST) for column in found] == ["/zwgk/fzzfjsndbg/", "/yfxz/", "/fz/", "/qtfdxx/", "/zwgk/"]


def test_pages_are_read_by_their_bytes() -> None:
    text = "<html><head></head></html><body><p>镕喆〇</p><a href='/x'>甲县</a></body></html>"
    for codec, header in (
        ("gb18030", "text/html; charset=utf-8"),
        ("utf-8", "text/html; charset=gb2312"),
        ("gb18030", "text/html"),
    ):
        body = text.replace("镕", "镕" * 40).encode(codec)
        found = readable(HtmlResponse(HOST, body=body, headers={"Content-Type": header}))
        assert found is not None
        assert "镕喆〇" in found.text
        assert found.css("a::text").get() == "甲县", "a stray </html> ends the page"
    assert readable(HtmlResponse(HOST, body=b"%PDF-1.4 <html>")) is None
    capture = Capture(url=HOST, time="", status=200, body=text.encode(), headers=[("Content-Type", "text/html")])
    stored = stored_page(capture)
    assert stored is not None
    assert "镕喆〇" in stored.text
    capture.body = b"PK\x03\x04"
    assert stored_page(capture) is None
