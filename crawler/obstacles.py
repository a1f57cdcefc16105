"""Obstacles: what stands between a request and a page, recognised from the answer or the failure. None is ever worked around.

Every row of field-notes 6.2 and the soft 404s of 6.3 has its own reason (archive.raw.REASONS).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from zlib import error as ZlibError

from scrapy.exceptions import (
    CannotResolveHostError,
    DownloadCancelledError,
    DownloadConnectionRefusedError,
    DownloadTimeoutError,
    IgnoreRequest,
    UnsupportedURLSchemeError,
)
from scrapy.spidermiddlewares.httperror import HttpError
from twisted.internet.error import ConnectError, SSLError
from twisted.python.failure import Failure

from cleaning.charset import decode

#: After one of these the host is left alone for the rest of the run.
CHALLENGES = frozenset({"challenge_412", "challenge_521", "waf", "wzws", "cookie_shell"})
#: Reasons that come with a page (status 2xx): such a page is no page, so its address is asked again in the next run.
IN_PLACE_OF_A_PAGE = CHALLENGES | {"soft_404", "wrong_type"}
#: Reasons that may be gone tomorrow: what a site's pages refer to is looked through again in the next run.
TRANSIENT = CHALLENGES | {"timeout", "too_slow", "refused", "dns", "tls", "reset", "http_5xx", "robots_unavailable"}

_SMALL = 64_000  # bytes; no challenge or error page seen was larger
PLAIN_BYTES = 20_000  # bytes; a larger answer with a good status and a title of its own is a page
_SHELL = 1_400  # bytes; shells that only set a cookie or jump elsewhere
_STUB = 618  # characters; the largest of the soft-404 stubs
_EMPTY_CHARS, _SHORT_CHARS, _ERROR_CHARS = 12, 300, 1_500  # visible characters

_RUISHU = re.compile(r"\$_ts\b")
_JIASULE = re.compile(r"__jsl_clearance|__jsluid")
_WZWS = re.compile(rb"wzwsconfirm|wzwschallenge|/WZWSRELw==")
_WALL = re.compile(
    r"访问被(?:拦截|阻断|禁止|拒绝)|请求被(?:拦截|阻断)|已被(?:拦截|阻断)|云防护|云盾|防火墙|安全(?:拦截|防护|策略)"
    r"|攻击行为|非法请求|异常访问"
    r"|\bWAF\b|web application firewall|request (?:has been |was )?blocked"
    r"|access denied.{0,200}(?:incident|event|reference|ray) id",
    re.I | re.S,
)
_WALL_STATUS = frozenset({403, 405, 406, 418, 429, 468, 493, 501, 503})
_COOKIE_SCRIPT = re.compile(r"document\.cookie\s*=|C3VK", re.I)
_JUMP = re.compile(
    r"(?:window\.|document\.|self\.|top\.|parent\.)?location(?:\.href)?\s*=\s*(['\"])(?P<to>[^'\"]+)\1"
    r"|location\.(?:replace|assign)\(\s*(['\"])(?P<to2>[^'\"]+)\3\s*\)"
)
_RELOAD = re.compile(r"location\.reload|location(?:\.href)?\s*=|location\.(?:replace|assign)\(|http-equiv=['\"]?refresh", re.I)
_GONE = re.compile(
    r"页面不存在|頁面不存在|您(?:要)?访问的(?:页面|内容|文章|信息|栏目)|(?:页面|网页|文件|内容|文章|信息)(?:已(?:经)?被?删除|找不到|未找到|走丢|不存在)"
    r"|(?:找不到|未找到|无法找到)(?:该|此|您)?[^。]{0,8}(?:页|文件|内容|文章|资源)|栏目正在建设|网站建设中|出错啦|出错了|访问的链接可能已更换|暂无数据"
    r"|\b404\b|not found|page (?:does not|doesn't) exist",
    re.I,
)
_GONE_TITLE = re.compile(
    r"\s*(?:错误(?:页面|提示)?|出错.{0,6}|error.{0,10}|.{0,12}(?:页面不存在|找不到页面|\b404\b).{0,12})\s*", re.I
)
_HOLDS_SOMETHING = re.compile(r"<(?:iframe|frame|embed|object)\b|href\s*=|http-equiv\s*=\s*['\"]?refresh", re.I)
_LINK = re.compile(r"<a\b.*?</a\s*>", re.I | re.S)
_UNSEEN = re.compile(r"<!--.*?-->|<(script|style|title|head)\b.*?</\1\s*>|<[^>]*>", re.I | re.S)


class Obstacle(IgnoreRequest):
    """A request that brought nothing usable."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(f"{reason}: {detail}" if detail else reason)
        self.reason, self.detail = reason, detail


class HostLeft(Obstacle):
    """A request that was not made, because its host is left alone in this run."""


@dataclass(frozen=True)
class Answer:
    """What recognition looks at."""

    status: int
    body: bytes  #: with its Content-Encoding undone
    content_type: str = ""
    cookies: str = ""  #: the Set-Cookie headers, joined

    def text(self) -> str:
        """The text of a small answer, "" of a large or binary one."""
        small = len(self.body) <= _SMALL and not self.body.startswith((b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0"))
        return decode(self.body, self.content_type).text if small else ""


def recognise(answer: Answer, role: str = "") -> Obstacle | None:
    """Return the obstacle that an answer is, or None.

    Args:
        answer: the answer.
        role: what was asked for; error pages served as good are looked for where it is page or list.
    """
    text, status, size = answer.text(), answer.status, len(answer.body)
    good = 200 <= status < 300
    if b"wzws" in answer.body.lower() and _WZWS.search(answer.body):
        return Obstacle("wzws", f"status {status}")
    if status == 412:
        return Obstacle("challenge_412", "status 412")
    if good and size > PLAIN_BYTES and not _GONE_TITLE.fullmatch(_title(text[:PLAIN_BYTES])):  # what most answers are: a page
        return None
    seen = visible(text)
    short, bare = len(seen) < _SHORT_CHARS, len(seen) < _EMPTY_CHARS
    if good and ((short and _RUISHU.search(text)) or (status == 202 and bare and "<" in text)):
        return Obstacle("challenge_412", f"status {status}")
    if (short and _JIASULE.search(text)) or (status == 521 and ("<script" in text or _JIASULE.search(answer.cookies))):
        return Obstacle("challenge_521", f"status {status}")
    if status in (418, 468) or (_WALL.search(text) and (status in _WALL_STATUS or (good and short))):
        return Obstacle("waf", f"status {status}: {seen[:80]}")
    if not good or role not in ("page", "list"):
        return None
    if size <= _SHELL and bare and _sets_cookie(answer, text):
        return Obstacle("cookie_shell", f"{size} bytes")
    gone = is_gone(text, seen, role) or (role == "page" and size < _EMPTY_CHARS)
    return Obstacle("soft_404", seen[:80] or f"{size} bytes") if gone else None


def is_gone(text: str, seen: str, role: str = "page") -> bool:
    """Whether a page that was served as good says that there is none: by its words, its title, or by saying nothing at all.

    A list that says 暂无数据, or nothing, is an empty list.

    Args:
        text: the page.
        seen: what of it is visible.
        role: page or list.
    """
    if not re.search(r"<[a-z!]", text, re.I) or re.match(r"\s*(?:<\?xml|<datastore)", text):
        return False
    if _GONE_TITLE.fullmatch(_title(text)) and len(seen) <= _ERROR_CHARS:
        return True
    said = _GONE.search(seen)
    if said and len(visible(_LINK.sub(" ", text))) <= _SHORT_CHARS:  # menus around it are links
        return role != "list" or said[0] != "暂无数据"
    return role == "page" and len(text) <= _STUB and len(seen) < _EMPTY_CHARS and not _HOLDS_SOMETHING.search(text)


def _title(text: str) -> str:
    found = re.search(r"<title[^>]*>(.*?)</title", text, re.I | re.S)
    return found[1] if found else ""


def jump_target(answer: Answer) -> str:
    """Return where a shell page that holds nothing else jumps to by script; "" for any other page."""
    text = answer.text() if len(answer.body) <= _SHELL and 200 <= answer.status < 300 else ""
    found = _JUMP.search(text)
    if not found or len(visible(text)) >= _EMPTY_CHARS or _COOKIE_SCRIPT.search(text):
        return ""
    return found["to"] or found["to2"]


def visible(text: str) -> str:
    """Return what a reader sees of a small page, on one line."""
    return " ".join(_UNSEEN.sub(" ", text).replace("&nbsp;", " ").split())


def _sets_cookie(answer: Answer, text: str) -> bool:
    return bool(_COOKIE_SCRIPT.search(text) or answer.cookies) and bool(_RELOAD.search(text))


def status_reason(status: int) -> str:
    """Return the reason of a bad HTTP status; of a redirect, that nobody could follow it."""
    if status < 400:
        return "off_domain"
    if status in (404, 410):
        return "http_404"
    return "http_5xx" if status >= 500 else "http_4xx"


def failure_reason(error: BaseException, *, answered: bool) -> tuple[str, str]:
    """Return (reason, detail) of a failed request.

    Args:
        error: what Scrapy or Twisted raised.
        answered: the head of an answer had come, so a timeout means that the body trickled.
    """
    detail = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, Obstacle):
        return error.reason, error.detail
    if isinstance(error, HttpError):
        status, target = error.response.status, error.response.headers.get("Location") or b""
        return status_reason(status), f"status {status} {target.decode('latin-1')}".strip()
    if isinstance(error, DownloadTimeoutError):
        return ("too_slow" if answered else "timeout"), detail
    if isinstance(error, DownloadCancelledError) or "DOWNLOAD_MAXSIZE" in detail:
        return "too_large", detail
    if "max redirections reached" in detail:
        return "redirect_loop", detail
    if isinstance(error, CannotResolveHostError):
        return "dns", detail
    if isinstance(error, DownloadConnectionRefusedError):
        return "refused", detail
    coding = re.search(r"gzip|brotli", detail, re.I) and not isinstance(error, ConnectError)
    if coding or isinstance(error, UnsupportedURLSchemeError | ZlibError | EOFError):
        return "wrong_type", detail
    chain = "; ".join(_causes(error))
    if re.search(r"ssl|tls|certificate", chain, re.I):
        return "tls", chain
    if isinstance(error, ConnectError) and "timed out" in chain.lower():
        return "timeout", chain
    return "reset", chain


def _causes(error: BaseException | None) -> list[str]:
    """Return the type and words of an exception and of what caused it, Twisted's lists of reasons included."""
    found: list[str] = []
    while error is not None:
        name = "TLS " if isinstance(error, SSLError) or type(error).__module__.startswith("OpenSSL") else ""
        found.append(f"{name}{type(error).__name__}: {' '.join(str(error).split())}")
        for reason in getattr(error, "reasons", None) or []:
            found += _causes(reason.value if isinstance(reason, Failure) else reason)
        error = error.__cause__
    return found
