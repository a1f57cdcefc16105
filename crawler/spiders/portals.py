"""The spider `portals`: from the pages of known sites one hop to government hosts that no entry names, which it proposes."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any, Self

import click
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler.dialects import choose
from crawler.neighbours import Sign, bare, directories, links_out
from crawler.obstacles import HostLeft, Obstacle, failure_reason
from crawler.pages import readable, stored_page
from crawler.proposals import Proposals
from crawler.registry import netloc
from crawler.sitespider import QuietLedger, SiteSpider

#: Portals first: what they name is then asked in the order it was found.
_PORTAL, _NEIGHBOUR = 10, 0
#: Dialects that a page without traces of any family gets.
_NO_FAMILY = ("generic", "table")


class PortalsSpider(SiteSpider):
    """Reads home pages and lists of links, asks every new .gov.cn host for its home page once, and proposes entries."""

    name = "portals"
    ledger_class = QuietLedger
    custom_settings = {  # noqa: RUF012 - as Scrapy declares it
        "PORTAL_HOSTS_MAX": 200,  # new hosts asked in a run; the others are left for the next
        "PORTAL_PAGES_MAX": 8,  # pages of a portal read besides its home page
    }
    proposals: Proposals

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider and open the data folder; the errors are those of SiteSpider and Proposals."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.proposals = Proposals(spider.data / "crawl" / "proposed.yaml", spider.registry)
        spider.most = spider.limit or crawler.settings.getint("PORTAL_HOSTS_MAX")
        return spider

    def __init__(self, **kwargs: Any) -> None:
        """Take the arguments of every spider of sites; `limit` is of hosts, over all portals."""
        super().__init__(**kwargs)
        self.most = self.limit
        self.met: set[str] = set()  #: hosts
        self.said = Counter[str]()  #: what became of them

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the home page of every site."""
        for site in self.chosen:
            if site.home:
                yield self._portal(site.home, site.id, self.parse_home)

    def parse_home(self, response: Response) -> Iterator[Request]:
        """Read a portal's home page, and ask for its pages that list further sites."""
        page, site = readable(response), response.meta["site"]
        if page is None:
            self.note(response.url, site, "wrong_type", "no page")
            return
        yield from self._neighbours(page, site)
        for url in directories(page)[: self.settings.getint("PORTAL_PAGES_MAX")]:
            yield self._portal(url, site, self.parse_directory)

    def parse_directory(self, response: Response) -> Iterator[Request]:
        """Read a page that lists further sites."""
        if page := readable(response):
            yield from self._neighbours(page, response.meta["site"])

    def parse_neighbour(self, response: Response) -> None:
        """Read a new host's home page."""
        page = readable(response)
        self._judge(page, response.meta["portal"], response.meta["via"])

    def failed(self, failure: Failure) -> None:
        """Note why an address brought nothing."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error: BaseException = failure.value  # type: ignore[assignment]
        obstacle = Obstacle(*failure_reason(error, answered="download_latency" in request.meta))
        if isinstance(error, HostLeft) and not request.meta.get("retry_times"):
            self.ledger.tallies[request.meta["site"]].skipped[netloc(request.url)] += 1
        else:
            self.ledger.attempt(request.url, request.meta["site"], obstacle)
        self.said["did not answer"] += "portal" in request.meta

    def closed(self, reason: str) -> None:
        """Say how many sites were proposed, and what became of the other hosts."""
        others = "".join(f"; {number} {said}" for said, number in sorted(self.said.items()) if number)
        click.echo(f"{self.proposals.number} new entries proposed in {self.proposals.file}{others}")

    def _portal(self, url: str, site: str, callback: Any) -> Request:
        meta = {"role": "list", "site": site, "via": ""}
        return Request(url, callback=callback, errback=self.failed, priority=_PORTAL, meta=meta)

    def _neighbours(self, page: TextResponse, site: str) -> Iterator[Request]:
        """Ask the hosts that a page links to and nobody knows; one that answered in an earlier run is read from the store."""
        for url in links_out(page):
            host = bare(netloc(url))
            if host in self.met or self.proposals.has(url):
                continue
            self.met.add(host)
            if known := self.ledger.known(url):
                self._judge(self._stored(known), site, page.url)
            elif self.said["asked"] >= self.most:
                self.said["left for the next run"] += 1
            else:
                self.said["asked"] += 1
                self.ledger.tallies[site].asked += 1
                meta = {"role": "list", "site": "", "via": page.url, "portal": site}
                yield Request(url, self.parse_neighbour, errback=self.failed, priority=_NEIGHBOUR, meta=meta)

    def _stored(self, url: str) -> TextResponse | None:
        rows = [*self.ledger.store.responses(where="url = ? and status between 200 and 299", values=(url,))]
        return stored_page(self.ledger.store.read(rows[-1]))

    def _judge(self, page: TextResponse | None, site: str, via: str) -> None:
        """Propose the site that a home page belongs to, where it says which that is."""
        sign = Sign.read(page) if page is not None else None
        if page is None or sign is None:
            self.said["without SiteIDCode"] += 1
            return
        dialect = choose(page)
        if self.proposals.add(sign, page.url, "" if dialect in _NO_FAMILY else dialect, via):
            self.ledger.tallies[site].found += 1
        else:
            self.said["known under another address"] += 1
