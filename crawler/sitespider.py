"""What spiders of the registry's sites have in common: their arguments, the data folder, the ledger."""

from __future__ import annotations

import os
from collections.abc import Set
from pathlib import Path
from typing import Any, Self

import scrapy
from scrapy.crawler import Crawler

from crawler.ledger import Ledger
from crawler.obstacles import Obstacle
from crawler.registry import load_sites, select


class QuietLedger(Ledger):
    """The ledger of a run that reads no lists of reports: what crawls remember of their sites it leaves as it is."""

    def learn(self, site: str, fact: str, value: str | bool) -> None:
        """Remember nothing."""


class SiteSpider(scrapy.Spider):
    """A spider that works for sites of the registry and keeps a ledger."""

    ledger: Ledger
    ledger_class: type[Ledger] = Ledger

    @classmethod
    def from_crawler(cls, crawler: Crawler, *args: Any, **kwargs: Any) -> Self:
        """Build the spider and open the data folder.

        Raises:
            RegistryError: an entry, a site or a province cannot be used.
            ValueError: limit is no number.
            OSError: the data folder cannot be written.
        """
        spider = super().from_crawler(crawler, *args, **kwargs)
        spider.ledger = cls.ledger_class(spider.data, cls.name, run=getattr(spider, "run", ""))
        return spider

    def __init__(
        self, site: str = "", province: str = "", sites: str = "", limit: str = "", data: str = "", **kwargs: Any
    ) -> None:
        """Take the arguments of `scrapy crawl NAME -a NAME=VALUE`.

        Args:
            site: ids, separated by commas; all where left out.
            province: a division code: 33, 330000, 3307.
            sites: a registry file in place of the registry.
            limit: at most so many pages a site are asked for.
            data: the data folder; else FAZHI_DATA, else data/.
        """
        super().__init__(**kwargs)
        self.data = Path(data or os.environ.get("FAZHI_DATA") or "data")
        self.registry = load_sites(data=self.data, file=Path(sites) if sites else None)
        self.chosen = select(self.registry, ids=[name for name in site.split(",") if name], province=province)
        self.hosts: Set[str] = frozenset(host for entry in self.registry for host in entry.netlocs)
        self.limit = int(limit or 0)

    def note(self, url: str, site: str, reason: str, detail: str) -> None:
        """Note an address that brought nothing usable."""
        self.ledger.attempt(url, site, Obstacle(reason, detail))
