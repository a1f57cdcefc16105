"""What a dialect is: a module that recognises a CMS family's lists, reads their rows and knows where they go on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    anew: bool = False  #: a list of its own, whose dialect is recognised anew: what stands in a frame
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


def in_turn(urls: Sequence[str], keep: Mapping[str, str | int]) -> list[Ask]:
    """Return the ask for the first of several lists that a page has; its pages find the others in kept(page)["rest"].

    Args:
        urls: the first pages of the lists; the next is asked for where one brings nothing new, or when its list ends.
        keep: what the dialect wants to know again; "rest" is added to it.
    """
    if not urls:
        return []
    after = in_turn(urls[1:], keep)
    return [Ask(url=urls[0], otherwise=after[0] if after else None, keep={**keep, "rest": " ".join(urls[1:])})]


def kept(page: TextResponse) -> Mapping[str, str | int]:
    """Return what the dialect kept when it asked for this page."""
    keep: Mapping[str, str | int] = page.meta.get("keep", {}) if page.request else {}
    return keep
