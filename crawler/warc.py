"""The WARC extension: every response goes to the raw store as it came over the wire, redirects, retries and errors included."""

from __future__ import annotations

import logging
import sqlite3
from http import HTTPStatus
from typing import Any, Self

from scrapy import Request, Spider, signals
from scrapy.crawler import Crawler
from scrapy.http import Response
from scrapy.utils.defer import deferred_from_coro

from archive.raw import now
from archive.warc import Capture
from crawler.known import Known
from crawler.manners import ledger_of

logger = logging.getLogger(__name__)
_PHRASES = {status.value: status.phrase for status in HTTPStatus}


class Archivist:
    """Writes on `response_downloaded`: before decompression, and before a redirect or a retry is taken."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler, self.ledger = crawler, ledger_of(crawler)

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the extension."""
        archivist = cls(crawler)
        crawler.signals.connect(archivist.spider_opened, signal=signals.spider_opened)
        crawler.signals.connect(archivist.response_downloaded, signal=signals.response_downloaded)
        crawler.signals.connect(archivist.spider_closed, signal=signals.spider_closed)
        return archivist

    def spider_opened(self, spider: Spider) -> None:
        """Note the run, and say what an earlier one left torn."""
        for line in self.ledger.store.mended:
            logger.warning("%s", line)
        self.ledger.start(getattr(spider, "chosen", []))

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Store the response; where the disk or the index refuses, the crawl ends."""
        if request.meta.get("container"):  # a piece of a WARC file: what is in it is stored, with its own address and date
            return
        try:
            self.ledger.write(capture(response, request, self.ledger.run))
        except (OSError, sqlite3.Error) as error:
            logger.critical("the raw store cannot be written: %s", error)
            deferred_from_coro(self.crawler.engine.close_spider_async(reason="raw_store_failed"))

    def spider_closed(self, spider: Spider, reason: str) -> None:
        """Close the file; the run is finished only where nothing cut it short."""
        self.ledger.close(finished=reason == "finished", sites=len(getattr(spider, "chosen", [])))


def capture(response: Response, request: Request, run: str) -> Capture:
    """Return the record of a response: bytes as received, with what was known when it was asked for.

    Where nothing is new of a known page, it is a revisit record, which refers to the response that is stored already.
    """
    known: Known | None = request.meta.get("known")
    context: dict[str, Any] = {
        name: str(request.meta.get(name, "")) for name in ("site", "role", "via", "link_text", "link_date")
    }
    made = Capture(
        url=response.url,
        time=now(),
        body=response.body,
        status=response.status,
        message=_PHRASES.get(response.status, ""),
        headers=[(_text(name), _text(value)) for name, values in response.headers.items() for value in values],
        run=run,
        **context,
    )
    return known.compare(made) if known else made


def _text(value: bytes) -> str:
    """Read a header value: names of files arrive in UTF-8 or, where that cannot be, byte for byte."""
    try:
        return value.decode("utf-8")
    except UnicodeDecodeError:
        return value.decode("latin-1")
