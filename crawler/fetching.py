"""What becomes of links: those that could be reports are fetched with their attachments, known ones are only sighted."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from scrapy import Request
from scrapy.http import HtmlResponse, Response, TextResponse
from twisted.python.failure import Failure

from cleaning.titles import could_be_report
from crawler.attachments import attachments
from crawler.links import Row, same_page
from crawler.manners import may_ask
from crawler.moves import led_home
from crawler.obstacles import HostLeft, Obstacle, failure_reason
from crawler.pages import content_type, readable, stored_page
from crawler.registry import Site, netloc
from crawler.sitespider import SiteSpider

#: The next page of a list waits until the pages that the last one led to are fetched: the queue stays short.
LIST, PAGE, ATTACHMENT = 0, 10, 20


class FetchingSpider(SiteSpider):
    """A spider that finds links to reports somewhere and hands them to `take`."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """Take the arguments of SiteSpider."""
        super().__init__(*args, **kwargs)
        self.sites = {site.id: site for site in self.chosen}
        self.brought: set[str] = set()  #: ids of the sites that named a report
        self._met: set[int] = set()  # (site, address) pairs, hashed
        self._asked: set[int] = set()  # addresses, hashed

    def take(self, rows: list[Row], site: Site, via: str) -> Iterator[Request]:
        """Yield requests for the rows that could be reports; known ones are only sighted.

        Args:
            rows: links with their titles.
            site: where they were found.
            via: the address of the page that has them.
        """
        tally = self.ledger.tallies[site.id]
        for row in rows:
            if not could_be_report(row.title) or not self.first_time(site, row.url):
                continue
            if not may_ask(netloc(row.url), self.hosts):
                tally.elsewhere += 1
                continue
            self.brought.add(site.id)
            if row.url in self.ledger.gone:
                tally.gone += 1
            elif known := self.ledger.known(row.url):
                self.ledger.sight(known)
                tally.found += 1
                if capture := self.ledger.to_look_through(known):
                    yield from self._attach(stored_page(capture), site)
            elif hash(same_page(row.url)) in self._asked:  # another site listed it too
                tally.found += 1
            elif not self.enough(site):
                tally.asked += 1
                yield self._file(row, site, via, "page", self.parse_page)

    def first_time(self, site: Site, url: str) -> bool:
        """Whether a page is met for the first time at a site."""
        pair = hash((site.id, same_page(url)))
        first = pair not in self._met
        self._met.add(pair)
        return first

    def enough(self, site: Site) -> bool:
        """Whether as many reports of a site were asked for as the limit allows."""
        return bool(self.limit) and self.ledger.tallies[site.id].asked >= self.limit

    def parse_page(self, response: Response) -> Iterator[Request]:
        """Count the page and follow its attachments."""
        site = self.sites[response.meta["site"]]
        if led_home(response, site.home):
            self.note(response.url, site.id, "soft_404", f"redirected here from {response.meta['redirect_urls'][0]}")
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
            self.note(response.url, site.id, "wrong_type", f"a page where a file was expected: {content_type(response)}")

    def failed(self, failure: Failure) -> None:
        """Note why an address brought nothing; an address whose host was left is only counted."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error: BaseException = failure.value  # type: ignore[assignment]
        meta = request.meta
        if isinstance(error, HostLeft) and not meta.get("retry_times"):
            self.ledger.tallies[meta["site"]].skipped[netloc(request.url)] += 1
            return
        obstacle = Obstacle(*failure_reason(error, answered="download_latency" in meta))
        way = meta.get("redirect_urls", [])
        url = way[0] if way and obstacle.reason in ("off_domain", "redirect_loop") else request.url
        self.ledger.attempt(url, meta["site"], obstacle)

    def _attach(self, page: TextResponse | None, site: Site) -> Iterator[Request]:
        if not isinstance(page, HtmlResponse):
            return
        for row in attachments(page):
            if self.first_time(site, row.url) and hash(same_page(row.url)) not in self._asked:
                if known := self.ledger.known(row.url):
                    self.ledger.sight(known)
                else:
                    yield self._file(row, site, page.url, "attachment", self.parse_attachment)

    def _file(self, row: Row, site: Site, via: str, role: str, callback: Any) -> Request:
        self._asked.add(hash(same_page(row.url)))
        meta = {"role": role, "site": site.id, "via": via, "link_text": row.title, "link_date": row.date}
        priority = PAGE if role == "page" else ATTACHMENT
        return Request(row.url, callback=callback, errback=self.failed, priority=priority, meta=meta)
