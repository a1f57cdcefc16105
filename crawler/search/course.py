"""The course of a search: pass by pass, page by page, until nothing new comes; what to ask next, and what is wrong with it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urljoin, urlsplit

from scrapy import Request
from scrapy.http import TextResponse

from cleaning.titles import could_be_report
from crawler.links import Row
from crawler.obstacles import Obstacle
from crawler.search.answers import read_answer
from crawler.search.engines import Engine, find_engine, has_pages, make_request

#: What is looked for, one after the other. Engines look for any of the words, so every hit's title is looked at again.
PASSES = ("法治政府建设", "依法行政 报告")
#: Failures that may lie in how the engine was asked.
_ASKED_WRONGLY = frozenset({"http_404", "http_4xx", "soft_404", "wrong_type"})
_TOKEN = re.compile(r"""\btoken["']?\s*[:=]\s*["']([^"']+)["']""")


def begin(search: Mapping[str, str], home: str, longest: int) -> Search | None:
    """Return the search of a registry entry at its beginning, or None where the entry names no engine that there is."""
    engine = find_engine(search["engine"], search["url"])
    return Search(engine, search["url"], home, longest) if engine else None


@dataclass
class Search:
    """A site's search on its way."""

    engine: Engine
    url: str  #: as the registry has it
    home: str
    longest: int  #: pages asked for in one pass
    ended: bool = False
    passed: int = 0  #: passes that are done
    pages: int = 0  #: pages of this pass that came
    hits: int = 0
    fitting: int = 0  #: hits whose titles could be a report's
    ways: list[tuple[str, str]] = field(default_factory=list)  #: how and where to ask, the way in use first
    seen: set[int] = field(default_factory=set)  #: hashes of this pass's addresses
    behind: bool = False  #: the page that a browser shows is asked for first

    def __post_init__(self) -> None:
        self.ways = [(send, self.url) for send in self.engine.send]
        if self.engine.behind and not re.search(self.engine.behind["path"], self.url.partition("?")[0]):
            self.ways.insert(0, ("page", self.url))
            self.behind = True

    def request(self) -> Request:
        """Return the request for the next page."""
        return make_request(self.engine, *self.ways[0], PASSES[self.passed], self.engine.first + self.pages)

    def read(self, page: TextResponse) -> tuple[list[Row], Obstacle | None]:
        """Return the hits of an answer that are new, and what is to be noted; then the search stands at its next page."""
        answer = read_answer(page, self.engine, self.home)
        if self.behind:
            self.behind = False
            called = re.search(self.engine.behind["found"], page.text)
            if called or not answer.rows:
                self._go_behind(page, called[1] if called else "")
                return [], None
        if not answer.genuine and not self.pages:
            return [], self.failed(Obstacle("wrong_type", f"no answer of {self.engine.name}: {page.text[:80]!r}"))
        new = [row for row in answer.rows if hash(row.url) not in self.seen]
        self.seen |= {hash(row.url) for row in new}
        self.pages += 1
        self.hits += len(new)
        self.fitting += sum(could_be_report(row.title) for row in new)
        # An engine that counts from zero by the notes and from one in truth gives its first page twice.
        twice = self.engine.first == 0 and self.pages == 2 and bool(answer.rows)
        note = None
        if not has_pages(self.engine, self.url) or not (new or twice):
            self._end_pass()
        elif self.pages >= self.longest:
            note = Obstacle("list_trap", f"search for {PASSES[self.passed]} stopped after {self.pages} pages")
            self._end_pass()
        if self.ended and not self.hits:
            self._another_way()
        return new, self._nothing() or note

    def failed(self, obstacle: Obstacle) -> Obstacle | None:
        """Go on after a page that brought nothing, and return what is to be noted, if anything.

        A first page is asked for in another way where there is one, else the search ends. A later page that does not exist is
        the end of its pass, and so is one that says in words that nothing was found.
        """
        wrongly = obstacle.reason in _ASKED_WRONGLY
        if self.pages or (obstacle.reason == "soft_404" and not self.passed and len(self.ways) == 1):
            self._end_pass()
            return self._nothing() if wrongly else obstacle
        if wrongly and self._another_way():
            return None
        self.ended = True
        return None if self.fitting and obstacle.reason == "soft_404" else obstacle

    def _nothing(self) -> Obstacle | None:
        """Return what is to be noted of a search that has ended without the title of a report."""
        if not self.ended or self.fitting:
            return None
        return Obstacle("empty_list", f"{self.hits} hits by {self.engine.name}, none with the title of a report")

    def _another_way(self) -> bool:
        """Begin again with the next way to ask the engine; False where there is none, or this one has brought hits."""
        if self.hits or len(self.ways) == 1:
            return False
        self.ways = self.ways[1:]
        self.passed, self.ended, self.behind = 0, False, False
        return True

    def _end_pass(self) -> None:
        self.passed += 1
        self.pages = 0
        self.seen = set()
        self.ended = self.passed == len(PASSES)

    def _go_behind(self, page: TextResponse, called: str) -> None:
        """Ask the interface that the page of the search calls, with the page's token where it has one, from now on.

        Where the page does not say which, it is asked for on its own host, then on the usual one.
        """
        parameters = dict(parse_qsl(self.url.partition("?")[2]))
        if token := _TOKEN.search(page.text):
            parameters["token"] = token[1]
        usual = self.engine.behind["usual"]
        places = [called] if called else [urlsplit(usual).path, usual]
        query = urlencode(parameters, safe="{}")
        self.ways = [(send, f"{urljoin(page.url, place)}?{query}") for place in places for send in self.engine.send]
