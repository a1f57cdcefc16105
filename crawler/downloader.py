"""Scrapy's downloader with one slot for every host and port, and a limit a host that holds at any delay."""

from __future__ import annotations

from collections.abc import Coroutine
from typing import Any

from scrapy import Request
from scrapy.core.downloader import Downloader, Slot

from crawler.registry import netloc


class PoliteDownloader(Downloader):
    """The slot of a request is the host and port of its own address, whatever a redirect brought along in `download_slot`."""

    def get_slot_key(self, request: Request) -> str:
        """Return host:port; Scrapy's own slot is the host name without the port (measured)."""
        return netloc(request.url)

    def _wait_for_download(self, slot: Slot, request: Request, queue_dfd: Any) -> Coroutine[Any, Any, None]:
        """Count a transfer when it is scheduled: Scrapy 2.19 counts it when it starts, and till then lets more pass."""
        slot.transferring.add(request)
        return super()._wait_for_download(slot, request, queue_dfd)
