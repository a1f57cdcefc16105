"""What a dialect is: a module that recognises a CMS family's lists, reads their rows and knows where they go on."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from scrapy.http import TextResponse

from crawler.links import Row


@dataclass(frozen=True, kw_only=True)
class Ask:
    """A further page of a list."""

    url: str
    form: str = ""  #: the body of a POST request; "" is GET
    otherwise: Ask | None = None  #: asked for where this one brings no rows
    keep: Mapping[str, str | int] = field(default_factory=dict)  #: what the dialect wants to know again when the page comes


@dataclass
class Chain:
    """A list on its way from page to page."""

    url: str  #: the list's own address
    dialect: str = ""
    pages: int = 0
    seen: set[int] = field(default_factory=set)  #: hashes of the addresses of its rows


class Dialect(Protocol):
    """The interface: three functions in a module. `page` is an HtmlResponse, or the data that the dialect asked for."""

    def matches(self, page: TextResponse) -> bool:
        """Whether the page is a list of this family."""

    def rows(self, page: TextResponse) -> list[Row]:
        """The rows of the list, in order."""

    def following(self, page: TextResponse) -> list[Ask]:
        """The next pages of the list; none at its end."""


def kept(page: TextResponse) -> Mapping[str, str | int]:
    """Return what the dialect kept when it asked for this page."""
    keep: Mapping[str, str | int] = page.meta.get("keep", {}) if page.request else {}
    return keep
