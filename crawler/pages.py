"""Responses as pages: decoded by the bytes, not by what server and meta tag say."""

from __future__ import annotations

import re

from scrapy.http import HtmlResponse, JsonResponse, Response, TextResponse, XmlResponse
from scrapy.responsetypes import responsetypes

from archive.warc import Capture
from cleaning.charset import decode
from crawler.written import with_written

_BINARY = (b"%PDF", b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"{\\rtf", b"Rar!", b"GIF8", b"\x89PNG", b"\xff\xd8\xff", b"\x1f\x8b")
#: A stray early </html> would end the page for the parser. In no charset of the web is `<` part of another character.
_CLOSING = re.compile(rb"</(?:html|body)\s*>", re.I)
_MARKUP = re.compile(rb"<(?:!doctype|html|head|body|div|table|ul|a|p)\b", re.I)


def readable(response: Response) -> TextResponse | None:
    """Return the response as text in its real charset: HtmlResponse, or TextResponse for JSON and XML; None for a file."""
    body = response.body
    if body.startswith(_BINARY) or not (isinstance(response, TextResponse) or _MARKUP.search(body[:4096])):
        return None
    used = decode(body, content_type(response)).used
    body = _CLOSING.sub(b"", body)
    if b"document.write" in body:
        body = with_written(body.decode(used, "replace")).encode(used, "xmlcharrefreplace")
    if isinstance(response, JsonResponse):  # some servers call a page so
        data = not body.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<")
    else:
        plain = not isinstance(response, HtmlResponse) and not _MARKUP.search(body[:4096])
        data = isinstance(response, XmlResponse) or plain
    page: TextResponse = response.replace(cls=TextResponse if data else HtmlResponse, body=body, encoding=used)
    return page


def content_type(response: Response) -> str:
    """Return the Content-Type header as sent, or ""."""
    return (response.headers.get("Content-Type") or b"").decode("latin-1")


def stored_page(capture: Capture) -> TextResponse | None:
    """Return a stored response as a page, as if it had just come; None for a file."""
    headers = {"Content-Type": capture.content_type} if capture.content_type else {}
    body = capture.payload()
    kind = responsetypes.from_args(url=capture.url, body=body)
    return readable(kind(capture.url, headers=headers, body=body))
