"""Scrapy's downloader with one slot for every host and port, a limit a host that holds at any delay, and workers in turn."""

from __future__ import annotations

from collections.abc import Coroutine
from pathlib import Path
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot
from scrapy.crawler import Crawler

from crawler.registry import netloc
from crawler.turns import Turns


class PoliteDownloader(Downloader):
    """The slot of a request is the host and port of its own address, whatever a redirect brought along in `download_slot`."""

    def __init__(self, crawler: Crawler) -> None:
        """Take turns with the other workers where HOST_TURNS names a folder for the locks."""
        super().__init__(crawler)
        self.crawl_delays: dict[str, float] = {}  #: host -> Crawl-delay of its robots.txt, seconds
        folder = self.settings.get("HOST_TURNS")
        self.turns = Turns(Path(folder)) if folder else None

    def get_slot_key(self, request: Request) -> str:
        """Return host:port; Scrapy's own slot is the host name without the port (measured)."""
        return netloc(request.url)

    def _process_queue(self, slot: Slot) -> None:
        """Keep a Crawl-delay for whatever waits: AutoThrottle and the give or take would go below it."""
        least = self.crawl_delays.get(netloc(slot.queue[0][0].url), 0.0) if slot.queue else 0.0
        if slot.delay * (1 - slot.jitter) < least:
            slot.delay, slot.jitter = max(slot.delay, least), 0.0
        super()._process_queue(slot)

    def _wait_for_download(self, slot: Slot, request: Request, queue_dfd: Any) -> Coroutine[Any, Any, None]:
        """Count a transfer when it is scheduled: Scrapy 2.19 counts it when it starts, and till then lets more pass."""
        slot.transferring.add(request)
        download = super()._wait_for_download(slot, request, queue_dfd)
        return download if self.turns is None else self._in_turn(self.turns, slot, request, download)

    async def _in_turn(self, turns: Turns, slot: Slot, request: Request, download: Coroutine[Any, Any, None]) -> None:
        async with turns.turn(netloc(request.url), slot.delay):
            await download
