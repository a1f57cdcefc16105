"""Every obstacle is recognised from an answer or a failure by its own reason, and pages are not taken for one."""

from __future__ import annotations

import zlib

import pytest
from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadFailedError,
    DownloadTimeoutError,
    IgnoreRequest,
)
from twisted.internet.error import ConnectionLost, SSLError
from twisted.python.failure import Failure
from twisted.web.client import ResponseFailed

from archive.raw import REASONS
from crawler.obstacles import (
    CHALLENGES,
    IN_PLACE_OF_A_PAGE,
    TRANSIENT,
    Answer,
    failure_reason,
    jump_target,
    recognise,
    status_reason,
)
from tests.crawler.conftest import report, rows

RUISHU = '<html><head><meta content="x9Jq"><script>$_ts=window["$_ts"];if(!$_ts)$_ts={};$_ts.nsd=12345;</script></head><body></body></html>'
C3VK = "<html><script>document.cookie='C3VK=1f2e3d; max-age=300';window.location.reload();</script></html>"
MENU = "".join(f"<li><a href='/{n}/'>栏目{n}</a></li>" for n in range(20))

ANSWERS = [
    (412, RUISHU, "challenge_412"),
    (412, "", "challenge_412"),
    (202, RUISHU, "challenge_412"),
    (202, "<html><script src='/x.js'></script></html>", "challenge_412"),
    (521, "<script>document.cookie='__jsl_clearance_s=1|-1|x';location.href=location.pathname</script>", "challenge_521"),
    (521, "<script>var _0x1=function(){};</script>", "challenge_521"),
    (200, "<script>document.cookie='__jsluid_s=ab';location.reload()</script>", "challenge_521"),
    (418, "<h1>访问被拦截！</h1>", "waf"),
    (468, "", "waf"),
    (405, "<title>405</title>您的请求被云防护拦截", "waf"),
    (403, "<body>Request blocked by WAF, event id 12</body>", "waf"),
    (200, "<title>提示</title>您的访问被阻断，原因：安全策略", "waf"),
    (200, '<html><script>wzwschallenge="x";wzwsconfirm()</script></html>', "wzws"),
    (200, "<meta http-equiv='refresh' content='0; url=/WZWSRELw=='>", "wzws"),
    (200, C3VK, "cookie_shell"),
    (200, "<html><title>页面不存在</title><body>您访问的页面不存在</body></html>", "soft_404"),
    (200, f"<html><title>404</title><ul>{MENU}</ul><p>首页</p></html>", "soft_404"),
    (200, "<html><body>对不起，该信息已被删除</body></html>", "soft_404"),
    (200, "<html><body>栏目正在建设中</body></html>", "soft_404"),
    (200, "<html><head></head><body></body></html>", "soft_404"),
]


@pytest.mark.parametrize(("status", "body", "reason"), ANSWERS)
def test_answers(status: int, body: str, reason: str) -> None:
    for codec in ("utf-8", "gb18030"):
        obstacle = recognise(Answer(status, body.encode(codec), "text/html"), "page")
        assert obstacle is not None
        assert obstacle.reason == reason


@pytest.mark.parametrize(
    "body",
    [
        report(),
        rows(("a.html", "甲县2023年法治政府建设情况报告")),
        report(more="<p>严厉查处404起违法行为，防火墙等安全防护到位，拦截攻击行为。</p>"),
        "<html><title>甲县2023年法治政府建设情况报告</title><body><p>附件：<a href='P0.pdf'>报告.pdf</a></p></body></html>",
        "<html><body><iframe src='/files/1.pdf'></iframe></body></html>",
        "<?xml version='1.0'?><datastore><recordset></recordset></datastore>",
    ],
)
def test_pages_are_no_obstacles(body: str) -> None:
    assert recognise(Answer(200, body.encode(), "text/html"), "page") is None


@pytest.mark.parametrize("body", ["{}", "", "<html><body></body></html>"])
def test_a_list_may_be_empty(body: str) -> None:
    assert recognise(Answer(200, body.encode(), "text/html"), "list") is None


@pytest.mark.parametrize("status", [400, 401, 403, 404, 405, 410, 500, 502, 503, 521])
def test_plain_errors_keep_their_status(status: int) -> None:
    assert recognise(Answer(status, b"<h1>Error</h1>", "text/html"), "page") is None
    assert status_reason(status) == ("http_404" if status in (404, 410) else "http_5xx" if status >= 500 else "http_4xx")


def test_an_empty_list_is_no_error_page() -> None:
    for body in ("<html><body>暂无数据</body></html>", "<html><body><ul></ul></body></html>"):
        assert recognise(Answer(200, body.encode(), "text/html"), "list") is None


def test_a_large_page_is_not_searched_but_for_its_title() -> None:
    long = "<p>页面不存在</p>" + "<!-- x -->" * 20_000
    assert recognise(Answer(200, f"<html><title>甲县</title>{long}</html>".encode(), "text/html"), "page") is None
    found = recognise(Answer(200, f"<html><title>404</title>{'<!-- x -->' * 3_000}</html>".encode(), "text/html"), "page")
    assert found is not None
    assert found.reason == "soft_404"


def test_jumps() -> None:
    def shell(script: str) -> Answer:
        return Answer(200, f"<html><script>{script}</script></html>".encode(), "text/html")

    assert jump_target(shell("window.location.href = '/portal/index.html';")) == "/portal/index.html"
    assert jump_target(shell('location.replace("https://www.jia.gov.cn/")')) == "https://www.jia.gov.cn/"
    assert jump_target(shell("document.cookie='a=1';location.href='/'")) == ""
    assert jump_target(Answer(200, report(more="<script>location.href='/x'</script>").encode(), "text/html")) == ""


def caused(outer: Exception, inner: Exception) -> Exception:
    try:
        raise outer from inner
    except Exception as error:
        return error


@pytest.mark.parametrize(
    ("error", "answered", "reason"),
    [
        (DownloadTimeoutError("Getting x took longer than 45 seconds."), False, "timeout"),
        (DownloadTimeoutError("Getting x took longer than 45 seconds."), True, "too_slow"),
        (DownloadConnectionRefusedError("Connection was refused"), False, "refused"),
        (CannotResolveHostError("no such host"), False, "dns"),
        (DownloadCancelledError("larger than download max size"), True, "too_large"),
        (IgnoreRequest("Ignored response: exceeded DOWNLOAD_MAXSIZE (3 B) during decompression"), True, "too_large"),
        (IgnoreRequest("max redirections reached"), True, "redirect_loop"),
        (zlib.error("Error -3 while decompressing"), True, "wrong_type"),
        (OSError("Not a gzipped file (b'<h')"), True, "wrong_type"),
        (caused(DownloadFailedError("[…]"), ResponseFailed([Failure(SSLError())])), False, "tls"),
        (caused(DownloadFailedError("[…]"), ResponseFailed([Failure(ConnectionLost())])), False, "reset"),
        (ConnectionLost(), False, "reset"),
    ],
)
def test_failures(error: Exception, answered: bool, reason: str) -> None:
    assert failure_reason(error, answered=answered)[0] == reason


def test_every_reason_is_in_the_closed_list() -> None:
    named = CHALLENGES | IN_PLACE_OF_A_PAGE | TRANSIENT | {reason for _, _, reason in ANSWERS}
    assert named <= set(REASONS)
