"""The spider `reports`: lists in, report pages and their attachments out. It decides what to follow and cleans nothing."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.http import HtmlResponse, Response, TextResponse
from twisted.python.failure import Failure

from cleaning.titles import could_be_report
from crawler.attachments import attachments
from crawler.columns import READ, columns
from crawler.dialects import DIALECTS, choose
from crawler.dialects.base import Ask, Chain
from crawler.ledger import Ledger
from crawler.links import Row, report_links, same_page
from crawler.manners import may_ask
from crawler.moves import led_home, moved_to
from crawler.obstacles import HostLeft, Obstacle, failure_reason
from crawler.pages import content_type, readable, stored_page
from crawler.registry import Site, load_sites, netloc, select

#: The next page of a list waits until the pages that the last one led to are fetched: the queue stays short.
LIST, PAGE, ATTACHMENT = 0, 10, 20
_COLUMN_DEPTH = 2


class ReportsSpider(scrapy.Spider):
    """Finds and fetches 法治政府建设情况报告 of the sites in the registry; resumes where an earlier run stopped."""

    name = "reports"
    ledger: Ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider and open the data folder.

        Raises:
            RegistryError: an entry, a site or a province cannot be used.
            ValueError: limit is no number.
            OSError: the data folder cannot be written.
        """
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.ledger = Ledger(spider.data, cls.name)
        return spider

    def __init__(
        self, site: str = "", province: str = "", sites: str = "", limit: str = "", data: str = "", **kwargs: Any
    ) -> None:
        """Take the arguments of `scrapy crawl reports -a NAME=VALUE`.

        Args:
            site: ids, separated by commas; all where left out.
            province: a division code: 33, 330000, 3307.
            sites: a registry file in place of the registry.
            limit: at most so many report pages a site are asked for.
            data: the data folder; else FAZHI_DATA, else data/.
        """
        super().__init__(**kwargs)
        self.data = Path(data or os.environ.get("FAZHI_DATA") or "data")
        registry = load_sites(data=self.data, file=Path(sites) if sites else None)
        self.chosen = select(registry, ids=[name for name in site.split(",") if name], province=province)
        self.hosts = frozenset(host for entry in registry for host in entry.netlocs)
        self.sites = {entry.id: entry for entry in self.chosen}
        self.limit = int(limit or 0)
        self._met: set[int] = set()  # (site, address) pairs, hashed
        self._asked: set[int] = set()  # addresses, hashed

    async def start(self) -> AsyncIterator[Request]:
        """Ask for every list of every site; for the home page where an entry names no list."""
        for site in self.chosen:
            for url in site.lists:
                yield self._list(site, Ask(url=url), Chain(url))
            if not site.lists:
                yield self._list(site, Ask(url=site.home), Chain(site.home), callback=self.parse_home)

    def parse_home(self, response: Response, depth: int = 1) -> Iterator[Request]:
        """Look for columns in which reports may stand, and for reports that the page itself lists."""
        page, site = readable(response), self.sites[response.meta["site"]]
        if page is None:
            self._note(response.url, site, "wrong_type", content_type(response))
            return
        if depth == 1:
            self._note_move(response, site)
        yield from self._take(report_links(page), site, page)
        for column in columns(page)[: self.settings.getint("COLUMN_PAGES_MAX")]:
            if netloc(column.url) not in site.netlocs | {netloc(page.url)} or not self._first_time(site, column.url):
                continue
            if column.score >= READ:
                yield self._list(site, Ask(url=column.url), Chain(column.url), via=page.url)
            elif depth < _COLUMN_DEPTH:
                request = self._list(site, Ask(url=column.url), Chain(column.url), via=page.url, callback=self.parse_home)
                yield request.replace(cb_kwargs={"depth": depth + 1})

    def parse_list(self, response: Response) -> Iterator[Request]:
        """Follow the links that could lead to reports, and the list to its next page."""
        page, site, chain = readable(response), self.sites[response.meta["site"]], response.meta["chain"]
        if page is None:
            self._note(response.url, site, "wrong_type", content_type(response))
            return
        if not chain.dialect:
            moved, home = self._note_move(response, site), led_home(response, site.home)
            if home and not moved:
                self._note(chain.url, site, "soft_404", f"leads to the home page {response.url}")
            if home or moved:
                yield from self.parse_home(response, depth=_COLUMN_DEPTH)
                return
            chain.dialect = self._dialect(page, site)
        rows = DIALECTS[chain.dialect].rows(page)
        new = {hash(row.url) for row in rows} - chain.seen
        chain.seen |= new
        chain.pages += 1
        if not new and (other := response.meta["otherwise"]):
            yield self._list(site, other, chain, via=response.meta["via"], guess=True)
        elif rows and not new:
            if not response.meta["guess"]:
                self._note(chain.url, site, "list_trap", f"page {chain.pages} brings nothing new: {response.url}")
        else:
            others = report_links(page)
            yield from self._take([*rows, *others], site, page)
            asks = DIALECTS[chain.dialect].following(page)
            if not asks and not others and not chain.seen:
                self._note(chain.url, site, "empty_list", f"read as {chain.dialect}")
            yield from self._go_on(response, site, chain, asks)

    def parse_page(self, response: Response) -> Iterator[Request]:
        """Count the page and follow its attachments."""
        site = self.sites[response.meta["site"]]
        if led_home(response, site.home):
            self._note(response.url, site, "soft_404", f"redirected here from {response.meta['redirect_urls'][0]}")
            return
        tally = self.ledger.tallies[site.id]
        tally.found += 1
        tally.fetched += 1
        if page := readable(response):
            yield from self._attach(page, site)

    def parse_attachment(self, response: Response) -> None:
        """Count the file."""
        site = self.sites[response.meta["site"]]
        if readable(response) is None:
            self.ledger.tallies[site.id].attachments += 1
        else:
            self._note(response.url, site, "wrong_type", f"a page where a file was expected: {content_type(response)}")

    def failed(self, failure: Failure) -> Iterator[Request]:
        """Note why an address brought nothing; ask under the other convention where the dialect knows one."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error: BaseException = failure.value  # type: ignore[assignment]
        meta = request.meta
        obstacle = Obstacle(*failure_reason(error, answered="download_latency" in meta))
        if isinstance(error, HostLeft) and not meta.get("retry_times"):
            self.ledger.tallies[meta["site"]].skipped[netloc(request.url)] += 1
            return
        way = meta.get("redirect_urls", [])
        url = way[0] if way and obstacle.reason in ("off_domain", "redirect_loop") else request.url
        other = meta.get("otherwise")
        if not other or obstacle.reason not in ("http_404", "soft_404"):  # that the page has the other name is no obstacle
            self.ledger.attempt(url, meta["site"], obstacle)
        if other:
            yield self._list(self.sites[meta["site"]], other, meta["chain"], via=meta["via"], guess=True)

    def _go_on(self, response: Response, site: Site, chain: Chain, asks: list[Ask]) -> Iterator[Request]:
        """Yield the next pages of a list, unless it is too long or enough was found."""
        if asks and chain.pages >= self.settings.getint("LIST_PAGES_MAX"):
            self._note(chain.url, site, "list_trap", f"stopped after {chain.pages} pages")
            return
        for ask in asks if not self._enough(site) else []:
            yield self._list(site, ask, chain, via=response.url)

    def _take(self, rows: list[Row], site: Site, page: TextResponse) -> Iterator[Request]:
        """Yield requests for the rows that could be reports; known ones are only sighted."""
        tally = self.ledger.tallies[site.id]
        for row in rows:
            if not could_be_report(row.title) or not self._first_time(site, row.url):
                continue
            if not may_ask(netloc(row.url), self.hosts):
                tally.elsewhere += 1
                continue
            if row.url in self.ledger.gone:
                tally.gone += 1
            elif known := self.ledger.known(row.url):
                self.ledger.sight(known)
                tally.found += 1
                if capture := self.ledger.to_look_through(known):
                    yield from self._attach(stored_page(capture), site)
            elif hash(same_page(row.url)) in self._asked:  # another site listed it too
                tally.found += 1
            elif not self._enough(site):
                tally.asked += 1
                yield self._file(row, site, page.url, "page", self.parse_page)

    def _attach(self, page: TextResponse | None, site: Site) -> Iterator[Request]:
        if not isinstance(page, HtmlResponse):
            return
        for row in attachments(page):
            if self._first_time(site, row.url) and hash(same_page(row.url)) not in self._asked:
                if known := self.ledger.known(row.url):
                    self.ledger.sight(known)
                else:
                    yield self._file(row, site, page.url, "attachment", self.parse_attachment)

    def _list(self, site: Site, ask: Ask, chain: Chain, *, via: str = "", guess: bool = False, callback: Any = None) -> Request:
        meta = {"role": "list", "site": site.id, "via": via, "chain": chain, "keep": ask.keep}
        meta |= {"otherwise": ask.otherwise, "guess": guess}
        callback = callback or self.parse_list
        request = Request(ask.url, callback=callback, errback=self.failed, priority=LIST, dont_filter=True, meta=meta)
        if not ask.form:
            return request
        return request.replace(method="POST", body=ask.form, headers={"Content-Type": "application/x-www-form-urlencoded"})

    def _file(self, row: Row, site: Site, via: str, role: str, callback: Any) -> Request:
        self._asked.add(hash(same_page(row.url)))
        meta = {"role": role, "site": site.id, "via": via, "link_text": row.title, "link_date": row.date}
        priority = PAGE if role == "page" else ATTACHMENT
        return Request(row.url, callback=callback, errback=self.failed, priority=priority, meta=meta)

    def _dialect(self, page: TextResponse, site: Site) -> str:
        """Return the dialect that reads a list, remember it, and note where the registry is wrong."""
        found = choose(page, site.dialect or self.ledger.dialect(site.id))
        if site.dialect in DIALECTS and found != site.dialect:
            self._note(page.url, site, "wrong_dialect", f"the registry says {site.dialect}, the page is {found}")
        self.ledger.learn(site.id, "dialect", found)
        return found

    def _note_move(self, response: Response, site: Site) -> bool:
        host = moved_to(response, site.netlocs)
        if host:
            detail = f"{netloc(response.meta['redirect_urls'][0])} redirects every address to {host}"
            self._note(response.url, site, "moved", detail)
        return bool(host)

    def _note(self, url: str, site: Site, reason: str, detail: str) -> None:
        self.ledger.attempt(url, site.id, Obstacle(reason, detail))

    def _first_time(self, site: Site, url: str) -> bool:
        pair = hash((site.id, same_page(url)))
        first = pair not in self._met
        self._met.add(pair)
        return first

    def _enough(self, site: Site) -> bool:
        return bool(self.limit) and self.ledger.tallies[site.id].asked >= self.limit
