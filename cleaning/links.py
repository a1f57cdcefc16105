"""Links: the files that a document links to."""

from __future__ import annotations

import re
from urllib.parse import unquote, urljoin, urlsplit

from cleaning.document import Attachment
from cleaning.lines import tidy
from cleaning.page import Page

_TYPES = "docx?|wps|pdf|ofd|xlsx?|et|pptx?|rtf|odt|txt|zip|rar|7z"
#: No real page has so many files.
_MOST = 1_000
_FILE = re.compile(rf"\.(?:{_TYPES})$", re.I)
#: Download programs of Hanweb, VSB, cac.gov.cn and others; the file's name is the link's text.
_PROGRAM = re.compile(r"downfile\.jsp|download\.jsp|downloadfile|/attachment/|wbfileid=|fileid=|/filedownload", re.I)
#: What every address of a file has, asked first, since a page has hundreds of links.
_HINT = re.compile(rf"\.(?:{_TYPES})\b|{_PROGRAM.pattern}", re.I)


def attachments(page: Page, start: int, url: str) -> list[Attachment]:
    """Return the files linked from the body on, in the order of the page, each once.

    Args:
        page: the page.
        start: the first line of the body; widgets below it list files too.
        url: the address that relative links are resolved against, "" if unknown.
    """
    found: dict[str, Attachment] = {}
    for line, href, element in page.links:
        if line < start or href.startswith(("#", "javascript:", "mailto:")):
            continue
        text = tidy("".join(map(str, element.itertext())).replace("\t", " "))
        if not (_HINT.search(href) or _FILE.search(text)):
            continue
        try:
            address = urljoin(url, href)
            parts = urlsplit(address)
        except ValueError:
            continue
        named = bool(_FILE.search(parts.path) or _FILE.search(text) or _FILE.search(parts.query))
        if not named and not (_PROGRAM.search(address) and text):
            continue
        if len(found) == _MOST:
            break
        found.setdefault(address, Attachment(url=address, name=text or unquote(parts.path.rsplit("/", 1)[-1])))
    return list(found.values())
