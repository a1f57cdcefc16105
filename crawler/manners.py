"""Manners towards hosts: which may be asked at all, one delay a host, and when one is left alone for the rest of a run."""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Set
from typing import TYPE_CHECKING, Self

from scrapy import Request, signals
from scrapy.crawler import Crawler
from scrapy.downloadermiddlewares.retry import get_retry_request
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.utils.gz import gunzip

from crawler.links import tidy_url
from crawler.obstacles import CHALLENGES, PLAIN_BYTES, Answer, HostLeft, Obstacle, failure_reason, jump_target, recognise
from crawler.registry import netloc

if TYPE_CHECKING:
    from crawler.ledger import Ledger

logger = logging.getLogger(__name__)


def ledger_of(crawler: Crawler) -> Ledger:
    """Return the ledger of the running spider.

    Raises:
        NotConfigured: it has none (scrapy shell, scrapy fetch): then Scrapy's own manners hold.
    """
    ledger: Ledger | None = getattr(crawler.spider, "ledger", None)
    if ledger is None:
        raise NotConfigured("the spider keeps no ledger")
    return ledger


def may_ask(host: str, hosts: Set[str]) -> bool:
    """Whether a host may be asked: an entry names it (it is in `hosts`), or it is under .gov.cn."""
    return host in hosts or host.partition(":")[0].endswith(".gov.cn")


def leave(crawler: Crawler, host: str, obstacle: Obstacle) -> None:
    """Leave a host alone for the rest of the run; what waits for its turn at the host is sent back too."""
    ledger_of(crawler).left.setdefault(host, obstacle)
    slot = crawler.engine.downloader.slots.get(host)
    while slot and slot.queue:
        _, waiting = slot.queue.popleft()
        waiting.errback(HostLeft(obstacle.reason, obstacle.detail))


class Gate:
    """Lets a request pass to hosts that may be asked and are not left alone."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler, self.ledger = crawler, ledger_of(crawler)
        self.hosts: frozenset[str] = getattr(crawler.spider, "hosts", frozenset())

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware."""
        gate = cls(crawler)
        crawler.signals.connect(gate.request_scheduled, signal=signals.request_scheduled)
        return gate

    def request_scheduled(self, request: Request) -> None:
        """Let a redirect back to where it came from pass the duplicate filter; drop one to an address that is stored."""
        host = netloc(request.url)
        before = request.meta.get("redirect_urls", [])
        # openresty's cookie check redirects to itself; a loop ends at REDIRECT_MAX_TIMES. What leads off the domain is noted.
        if request.url in before or (before and not may_ask(host, self.hosts)):
            request.dont_filter = True
        elif before and request.meta.get("role") in ("page", "attachment") and host not in self.ledger.left:
            self._skip_known(request)

    def process_request(self, request: Request) -> None:
        """Stop what must not be asked.

        Raises:
            HostLeft: the host is left alone in this run.
            Obstacle: the host is neither named by an entry nor under .gov.cn.
        """
        host = netloc(request.url)
        request.meta.pop("download_latency", None)  # of an earlier try
        if host in self.ledger.left and request.meta.get("role") != "robots":
            left = self.ledger.left[host]
            raise HostLeft(left.reason, left.detail)
        if not may_ask(host, self.hosts):
            raise Obstacle("off_domain", f"leads to {request.url}")

    def _skip_known(self, request: Request) -> None:
        """Do not fetch the target of a redirect that is stored already."""
        if known := self.ledger.known(request.url):
            self.ledger.sight(known)
            self.ledger.tallies[request.meta["site"]].found += request.meta["role"] == "page"
            raise IgnoreRequest(f"{request.url} is known")


def answer_of(response: Response) -> Answer:
    """Return what recognition looks at, with a gzip coding undone where it still is there."""
    headers = response.headers
    zipped = b"gzip" in (headers.get("Content-Encoding") or b"") and response.body.startswith(b"\x1f\x8b")
    return Answer(
        status=response.status,
        body=gunzip(response.body) if zipped else response.body,
        content_type=(headers.get("Content-Type") or b"").decode("latin-1"),
        cookies=b"; ".join(headers.getlist("Set-Cookie")).decode("latin-1"),
    )


class Watch:
    """Recognises obstacles, leaves a host after a challenge or too many failures, and slows down where it is asked to."""

    def __init__(self, crawler: Crawler) -> None:
        self.crawler, self.ledger = crawler, ledger_of(crawler)
        self.budget = crawler.settings.getint("HOST_FAILURE_BUDGET")
        self.failures: Counter[str] = Counter()  #: host -> failing tries in a row

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware."""
        watch = cls(crawler)
        crawler.signals.connect(watch.response_downloaded, signal=signals.response_downloaded)
        return watch

    def response_downloaded(self, response: Response, request: Request) -> None:
        """Leave a host before the downloader takes the next request to it, which is before process_response."""
        large = len(response.body) > PLAIN_BYTES and response.status == 200
        if not large and (obstacle := recognise(answer_of(response))):
            leave(self.crawler, netloc(request.url), obstacle)

    def process_response(self, request: Request, response: Response) -> Request | Response:
        """Pass a page on; follow a shell's plain jump and keep a shell's cookie once.

        Raises:
            Obstacle: the answer is none that was asked for.
        """
        host, role = netloc(request.url), request.meta.get("role", "")
        if response.status >= 500 or response.status in (403, 429):
            self._failed(host, Obstacle("http_5xx" if response.status >= 500 else "http_4xx", f"status {response.status}"))
        else:
            self.failures.pop(host, None)
        if response.status == 429 or "Retry-After" in response.headers:
            self._slow_down(host)
        answer = answer_of(response)
        obstacle = recognise(answer, role)
        walled = obstacle is not None and obstacle.reason in CHALLENGES
        if role in ("page", "list") and not walled and not request.meta.get("jumped"):
            target = tidy_url(response.url, jump_target(answer))
            if target and target != response.url:
                way = [*request.meta.get("redirect_urls", []), request.url]
                return request.replace(url=target, meta={**request.meta, "jumped": True, "redirect_urls": way})
        if obstacle is None:
            return response
        if obstacle.reason == "cookie_shell" and answer.cookies and not request.meta.get("cookie_kept"):
            again = self.crawler.spider and get_retry_request(
                request, spider=self.crawler.spider, reason="cookie_shell", max_retry_times=1
            )
            if again:
                again.meta["cookie_kept"] = True
                return again
        if walled:
            leave(self.crawler, host, obstacle)
        raise obstacle

    def process_exception(self, request: Request, exception: Exception) -> None:
        """Count a failure of the host."""
        if not isinstance(exception, IgnoreRequest):
            reason, detail = failure_reason(exception, answered="download_latency" in request.meta)
            if reason not in ("too_large", "wrong_type"):
                self._failed(netloc(request.url), Obstacle(reason, detail))

    def _failed(self, host: str, obstacle: Obstacle) -> None:
        self.failures[host] += 1
        if self.failures[host] >= self.budget:
            detail = f"{self.failures[host]} failures in a row, the last: {obstacle.detail}"
            leave(self.crawler, host, Obstacle(obstacle.reason, detail))

    def _slow_down(self, host: str) -> None:
        slot = self.crawler.engine.downloader.slots.get(host)
        if slot:
            slot.delay = min(max(slot.delay * 2, 1.0), self.crawler.settings.getfloat("AUTOTHROTTLE_MAX_DELAY"))
            logger.info("%s asks for patience: %.1f s between requests now", host, slot.delay)
