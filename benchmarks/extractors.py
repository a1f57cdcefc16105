"""The extractors that are compared: each is loaded on demand and turns a page into what it found."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from importlib import import_module
from typing import Any

from lxml import html

from cleaning.charset import decode

_END_OF_PAGE = re.compile(r"</html\s*>", re.I)
_XML_DECLARATION = re.compile(r"\A\s*<\?xml[^>]*>")
_INLINE = {"a", "abbr", "b", "big", "em", "font", "i", "label", "small", "span", "strong", "sub", "sup", "u"}


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page as it was fetched."""

    body: bytes
    url: str = ""
    content_type: str = ""

    def decoded(self) -> str:
        """Return the text for tools that do not decode, without an XML declaration: lxml refuses text that has one."""
        return _XML_DECLARATION.sub("", decode(self.body, self.content_type).text)


@dataclass(frozen=True, kw_only=True)
class Found:
    """What a tool found in a page."""

    text: str = ""  #: lines
    title: str = ""
    published: str = ""  #: in any shape of date
    fields: dict[str, str] = field(default_factory=dict)  #: canonical label: value


Run = Callable[[Page], Found]


@dataclass(frozen=True, kw_only=True)
class Extractor:
    """A tool, how it is set, and which of title, published and fields it gives."""

    name: str
    package: str  #: its distribution, for the version
    load: Callable[[], Run]  #: imports the tool and returns what is timed; ImportError where it is not installed
    gives: frozenset[str] = frozenset()
    facts: Callable[[], Run] | None = None  #: title and date, where the tool has another call for them: not timed


def _fazhi() -> Run:
    from cleaning import clean

    def run(page: Page) -> Found:
        document = clean(page.body, url=page.url, content_type=page.content_type)
        published = document.published_date.isoformat() if document.published_date else ""
        return Found(text=document.text, title=document.title or "", published=published, fields=document.fields)

    return run


def _trafilatura() -> Run:
    extract = import_module("trafilatura").extract
    return lambda page: Found(text=extract(page.body) or "")


def _trafilatura_facts() -> Run:
    extract_metadata = import_module("trafilatura").extract_metadata

    def run(page: Page) -> Found:
        found = extract_metadata(page.decoded(), default_url=page.url or None)
        return Found(title=found.title or "", published=found.date or "") if found else Found()

    return run


def _trafilatura_zh() -> Run:
    extract = import_module("trafilatura").extract

    def run(page: Page) -> Found:
        text = _END_OF_PAGE.sub("", page.decoded())
        return Found(text=extract(text, include_tables=False, include_comments=False, target_language=None) or "")

    return run


def _readability() -> Run:
    document_class = import_module("readability").Document

    def run(page: Page) -> Found:
        document = document_class(page.body, url=page.url or None)
        return Found(text=text_of(document.summary(html_partial=True)), title=document.short_title())

    return run


def _justext() -> Run:
    justext = import_module("justext").justext
    # Its counts are of words between spaces or of characters: there is no list of Chinese stop words, and Chinese says in
    # a third of the characters what English says.
    settings: dict[str, Any] = {"stopwords_low": 0, "stopwords_high": 0, "length_low": 20, "length_high": 60}

    def run(page: Page) -> Found:
        paragraphs = justext(page.body, frozenset(), **settings)
        return Found(text="\n".join(one.text for one in paragraphs if not one.is_boilerplate))

    return run


def _resiliparse() -> Run:
    extract = import_module("resiliparse.extract.html2text").extract_plain_text

    def run(page: Page) -> Found:
        return Found(text=extract(page.decoded(), main_content=True, alt_texts=False, list_bullets=False))

    return run


def _gne() -> Run:
    extract = import_module("gne").GeneralNewsExtractor().extract

    def run(page: Page) -> Found:
        found = extract(page.decoded(), host=page.url)
        return Found(text=found["content"], title=found["title"] or "", published=found["publish_time"] or "")

    return run


_TITLE_AND_DATE = frozenset({"title", "published"})
OURS = Extractor(name="fazhi", package="fazhi-archive", load=_fazhi, gives=_TITLE_AND_DATE | {"fields"})
BASELINE = Extractor(
    name="trafilatura", package="trafilatura", load=_trafilatura, gives=_TITLE_AND_DATE, facts=_trafilatura_facts
)
PEERS = (
    BASELINE,
    Extractor(
        name="trafilatura-zh", package="trafilatura", load=_trafilatura_zh, gives=_TITLE_AND_DATE, facts=_trafilatura_facts
    ),
    Extractor(name="readability-lxml", package="readability-lxml", load=_readability, gives=frozenset({"title"})),
    Extractor(name="justext", package="jusText", load=_justext),
    Extractor(name="resiliparse", package="Resiliparse", load=_resiliparse),
    Extractor(name="gne", package="gne", load=_gne, gives=_TITLE_AND_DATE),
)


def text_of(markup: str) -> str:
    """Return the text of a piece of HTML, one line for each block element or `<br>`."""
    return "".join(_pieces(html.fromstring(markup))) if markup.strip() else ""


def _pieces(element: html.HtmlElement) -> Iterator[str]:
    if isinstance(element.tag, str):
        edge = "" if element.tag in _INLINE else "\n"
        yield edge + (element.text or "")
        for child in element:
            yield from _pieces(child)
            yield child.tail or ""
        yield edge
