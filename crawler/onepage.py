"""Fetches one page of a site with the manners of every crawl, and keeps nothing else of it."""

from __future__ import annotations

import tempfile
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import scrapy
from scrapy import Request
from scrapy.crawler import CrawlerProcess
from scrapy.http import Response
from twisted.python.failure import Failure

from crawler.ledger import Ledger
from crawler.obstacles import Obstacle, failure_reason
from crawler.pages import content_type
from crawler.registry import Site
from crawler.run import make_settings


@dataclass(frozen=True, kw_only=True)
class Page:
    """A page as it came: what a golden page is made of."""

    url: str  #: where it was found, after redirects; "" for a file of unknown origin
    content_type: str
    body: bytes


class PageSpider(scrapy.Spider):
    """Asks for one page, with the manners of every crawl: robots.txt, the hosts of the entry, obstacles recognised."""

    name = "page"

    def __init__(self, site: Site, url: str, data: Path, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.url, self.site_id = url, site.id
        self.ledger, self.hosts, self.chosen = Ledger(data, self.name), frozenset(site.netlocs), [site]
        self.page: Page | None = None
        self.obstacle = Obstacle("timeout", "no answer came")

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the page."""
        meta = {"role": "page", "site": self.site_id}
        yield Request(self.url, callback=self.parse, errback=self.failed, meta=meta)

    def parse(self, response: Response) -> None:
        """Keep the page."""
        self.page = Page(url=response.url, content_type=content_type(response), body=response.body)

    def failed(self, failure: Failure) -> None:
        """Keep the reason."""
        meta = failure.request.meta  # type: ignore[attr-defined]
        error: BaseException = failure.value  # type: ignore[assignment]
        self.obstacle = Obstacle(*failure_reason(error, answered="download_latency" in meta))


def fetch(site: Site, url: str) -> Page:
    """Fetch one page of a site; what is stored on the way is thrown away.

    Twisted's reactor runs once in a process, so this does too.

    Raises:
        Obstacle: the page did not come; it says why.
    """
    with tempfile.TemporaryDirectory(prefix="fazhi-add-") as folder:
        process = CrawlerProcess(make_settings({}))
        crawler = process.create_crawler(PageSpider)
        process.crawl(crawler, site=site, url=url, data=Path(folder))
        process.start()
    spider = crawler.spider
    if not isinstance(spider, PageSpider):
        raise Obstacle("timeout", "the crawl did not start: see the log above")
    if spider.page is None:
        raise spider.obstacle
    return spider.page
