"""The spider `reports`: searches, lists and columns in, links to reports out. It decides what to follow and cleans nothing."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.exceptions import DontCloseSpider
from scrapy.http import Response, TextResponse
from twisted.python.failure import Failure

from crawler.columns import READ, columns
from crawler.dialects import DIALECTS, choose
from crawler.dialects.base import Ask, Chain
from crawler.dialects.controls import total_pages
from crawler.dialects.numbered import paging
from crawler.fetching import LIST, FetchingSpider
from crawler.links import Row, frames, report_links
from crawler.moves import led_home, moved_to
from crawler.obstacles import HostLeft, Obstacle, failure_reason
from crawler.pages import content_type, readable
from crawler.registry import Site, netloc
from crawler.search.course import Search, begin
from crawler.search.engines import interface_hosts

#: How deep columns are looked for, the home page included (政府信息公开, 法定主动公开内容); two more for promising names.
_COLUMN_DEPTH = 3
#: Columns of a home page wait until lists are done; their score is added.
COLUMN = LIST - 20


class ReportsSpider(FetchingSpider):
    """Finds and fetches 法治政府建设情况报告 of the sites in the registry; resumes where an earlier run stopped."""

    name = "reports"

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider; the errors are those of SiteSpider."""
        spider = super().from_crawler(crawler, *args, **kwargs)
        crawler.signals.connect(spider.look_at_homes, signal=signals.spider_idle)
        return spider

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take the arguments of SiteSpider."""
        super().__init__(*args, **kwargs)
        searched = {host for entry in self.registry for host in interface_hosts(entry.search)}
        self.hosts = self.hosts | searched
        self._homes: set[str] = set()  # sites whose home page was asked for
        self._columns: Counter[tuple[str, bool]] = Counter()  # site, by name a column of reports -> columns looked into

    async def start(self) -> AsyncIterator[Request]:
        """Ask the search of every site first, then its lists, then, where neither is known, its home page."""
        for site in self.chosen:
            search = begin(site.search, site.home, self.settings.getint("LIST_PAGES_MAX")) if site.search else None
            for request in self._search(site, search) if search else self._lists(site):
                yield request

    def look_at_homes(self) -> None:
        """When all is done, look for columns from the home pages of sites whose search and lists brought nothing."""
        short = [site for site in self.chosen if site.id not in self.brought and netloc(site.home) not in self.ledger.left]
        if requests := [request for site in short for request in self._home(site)]:
            for request in requests:
                self.crawler.engine.crawl(request.replace(errback=self.home_failed))
            raise DontCloseSpider

    def home_failed(self, failure: Failure) -> None:
        """Note why a last resort failed; that there is no such page says nothing new of a site that has its reasons already."""
        if failure_reason(failure.value, answered=False)[0] != "http_404":  # type: ignore[arg-type]
            self.failed(failure)

    def parse_search(self, response: Response) -> Iterator[Request]:
        """Follow the hits that could lead to reports, and the search to its next page."""
        page, site, search = readable(response), self.sites[response.meta["site"]], response.meta["search"]
        rows: list[Row] = []
        if page is None:
            obstacle = search.failed(Obstacle("wrong_type", content_type(response)))
        elif led_home(response, site.home):
            obstacle = search.failed(Obstacle("soft_404", f"leads to the home page {response.url}"))
        else:
            rows, obstacle = search.read(page)
        if obstacle:
            self.ledger.attempt(response.url, site.id, obstacle)
        yield from self.take(rows, site, response.url)
        yield from self._search(site, search)

    def search_failed(self, failure: Failure) -> Iterator[Request]:
        """Note why a page of hits did not come, unless that only says that there is none, and go on."""
        request: Request = failure.request  # type: ignore[attr-defined]
        site, search, answered = self.sites[request.meta["site"]], request.meta["search"], "download_latency" in request.meta
        obstacle = Obstacle(*failure_reason(failure.value, answered=answered))  # type: ignore[arg-type]
        noted = search.failed(obstacle)
        if noted is obstacle:
            self.failed(failure)
        elif noted:
            self.ledger.attempt(request.url, site.id, noted)
        yield from self._search(site, search)

    def parse_home(
        self, response: Response, depth: int = 1, of_column: bool = False, is_list: bool = False
    ) -> Iterator[Request]:
        """Look for columns in which reports may stand, and for reports that the page itself lists.

        Args:
            response: the home page, or a column's.
            depth: clicks from the home page, which has 1.
            of_column: it is a column's; one with reports is read to its end.
            is_list: the column's name says that it has reports.
        """
        page, site = readable(response), self.sites[response.meta["site"]]
        if page is None:
            self.note(response.url, site.id, "wrong_type", content_type(response))
            return
        if depth == 1:
            self._note_move(response, site)
        found = report_links(page)
        for url in frames(page) if depth == 1 else []:
            if self.first_time(site, url):
                request = self._list(site, Ask(url=url), Chain(url), via=page.url, callback=self.parse_home)
                yield request.replace(cb_kwargs={"depth": 2})
        if is_list or (of_column and found) or DIALECTS["gkmlpt"].matches(page):  # gkmlpt: the catalogue of all there is
            yield from self._read_list(response, page, site, may_be_index=True)
        yield from self.take(found, site, page.url)
        most = self.settings.getint("COLUMN_PAGES_MAX")
        for column in columns(page)[:most]:
            promising = column.score >= READ
            looked_into = self._columns[site.id, promising]
            if depth > _COLUMN_DEPTH + (1 if promising else -1) or looked_into >= most * _COLUMN_DEPTH:
                continue
            if netloc(column.url) in site.netlocs | {netloc(page.url)} and self.first_time(site, column.url):
                self._columns[site.id, promising] += 1
                request = self._list(site, Ask(url=column.url), Chain(column.url), via=page.url, callback=self.parse_home)
                kwargs = {"depth": depth + 1, "of_column": True, "is_list": promising}
                yield request.replace(cb_kwargs=kwargs, priority=column.score + COLUMN)  # the surest first

    def parse_list(self, response: Response) -> Iterator[Request]:
        """Follow the links that could lead to reports, and the list to its next page."""
        page, site, chain = readable(response), self.sites[response.meta["site"]], response.meta["chain"]
        if page is None:
            self.note(response.url, site.id, "wrong_type", content_type(response))
            return
        if not chain.dialect:
            moved, home = self._note_move(response, site), led_home(response, site.home)
            if home and not moved:
                self.note(chain.url, site.id, "soft_404", f"leads to the home page {response.url}")
            if home or moved:
                yield from self.parse_home(response, depth=_COLUMN_DEPTH)
                return
        yield from self._read_list(response, page, site)

    def list_failed(self, failure: Failure) -> Iterator[Request]:
        """Note why a list brought nothing; ask under the other convention where the dialect knows one."""
        request: Request = failure.request  # type: ignore[attr-defined]
        other, answered = request.meta["otherwise"], "download_latency" in request.meta
        reason, _ = failure_reason(failure.value, answered=answered)  # type: ignore[arg-type]
        if not other or reason not in ("http_404", "soft_404"):  # that the page has the other name is no obstacle
            self.failed(failure)
        if other and not isinstance(failure.value, HostLeft):
            site = self.sites[request.meta["site"]]
            yield self._list(site, other, request.meta["chain"], via=request.meta["via"], guess=True)

    def _search(self, site: Site, search: Search) -> Iterator[Request]:
        """Yield the request for the next page of a search; the lists where it has ended."""
        if search.ended or self.enough(site):
            yield from self._lists(site)
            return
        meta = {"role": "list", "site": site.id, "search": search}
        request = search.request().replace(callback=self.parse_search, errback=self.search_failed, dont_filter=True)
        yield request.replace(priority=LIST, meta=meta)

    def _lists(self, site: Site) -> Iterator[Request]:
        for url in site.lists:
            yield self._list(site, Ask(url=url), Chain(url))
        if not site.lists and site.id not in self.brought:
            yield from self._home(site)

    def _home(self, site: Site) -> Iterator[Request]:
        if site.home and site.id not in self._homes and site.home not in site.lists:
            self._homes.add(site.id)
            yield self._list(site, Ask(url=site.home), Chain(site.home), callback=self.parse_home)

    def _read_list(self, response: Response, page: TextResponse, site: Site, may_be_index: bool = False) -> Iterator[Request]:
        chain = response.meta["chain"]
        chain.dialect = chain.dialect or self._dialect(page, site)
        rows = DIALECTS[chain.dialect].rows(page)
        new = {hash(row.url) for row in rows} - chain.seen
        chain.seen |= new
        chain.pages += 1
        if not new and (other := response.meta["otherwise"]):
            yield self._list(site, other, chain, via=response.meta["via"], guess=True)
        elif rows and not new:
            script = paging(page)  # a guess that brings nothing is no trap, unless many more pages are promised
            if not response.meta["guess"] or (script and script.total > chain.pages):
                self.note(chain.url, site.id, "list_trap", f"page {chain.pages} brings nothing new: {response.url}")
        else:
            others = report_links(page)
            yield from self.take([*rows, *others], site, page.url)
            asks = DIALECTS[chain.dialect].following(page)
            if not asks and not others and not chain.seen and not may_be_index:
                self.note(chain.url, site.id, "empty_list", f"read as {chain.dialect}")
            elif not asks and not may_be_index and chain.pages < (said := total_pages(page)):
                self.note(chain.url, site.id, "list_trap", f"{chain.pages} of {said} pages read: no way to the next is known")
            yield from self._go_on(response, site, chain, asks)

    def _go_on(self, response: Response, site: Site, chain: Chain, asks: list[Ask]) -> Iterator[Request]:
        """Yield the next pages of a list, unless it is too long or enough was found."""
        if asks and chain.pages >= self.settings.getint("LIST_PAGES_MAX"):
            self.note(chain.url, site.id, "list_trap", f"stopped after {chain.pages} pages")
            return
        for ask in asks if not self.enough(site) else []:
            own = Chain(ask.url, pages=chain.pages, seen=chain.seen) if ask.anew else chain
            yield self._list(site, ask, own, via=response.url)

    def _list(self, site: Site, ask: Ask, chain: Chain, *, via: str = "", guess: bool = False, callback: Any = None) -> Request:
        meta = {"role": "list", "site": site.id, "via": via, "chain": chain, "keep": ask.keep}
        meta |= {"otherwise": ask.otherwise, "guess": guess}
        callback = callback or self.parse_list
        request = Request(ask.url, callback=callback, errback=self.list_failed, priority=LIST, dont_filter=True, meta=meta)
        if not ask.form:
            return request
        return request.replace(method="POST", body=ask.form, headers={"Content-Type": "application/x-www-form-urlencoded"})

    def _dialect(self, page: TextResponse, site: Site) -> str:
        """Return the dialect that reads a list, remember it, and note where the registry is wrong."""
        found = choose(page, site.dialect or self.ledger.dialect(site.id))
        if site.dialect in DIALECTS and found != site.dialect:
            self.note(page.url, site.id, "wrong_dialect", f"the registry says {site.dialect}, the page is {found}")
        self.ledger.learn(site.id, "dialect", found)
        return found

    def _note_move(self, response: Response, site: Site) -> bool:
        host = moved_to(response, site.netlocs)
        if host:
            detail = f"{netloc(response.meta['redirect_urls'][0])} redirects every address to {host}"
            self.note(response.url, site.id, "moved", detail)
        return bool(host)
