"""robots.txt by the policy of field-notes 6.1: no file, or a page in its place, is none; after a refusal the host is left."""

from __future__ import annotations

import asyncio
import re
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from time import monotonic
from typing import TYPE_CHECKING, Self, cast

from scrapy import Request
from scrapy.crawler import Crawler
from scrapy.exceptions import IgnoreRequest, NotConfigured
from scrapy.http import Response
from scrapy.http.request import NO_CALLBACK
from scrapy.robotstxt import ProtegoRobotParser

from crawler.downloader import PoliteDownloader
from crawler.manners import leave, ledger_of, may_ask
from crawler.obstacles import HostLeft, Obstacle, failure_reason
from crawler.registry import netloc

if TYPE_CHECKING:
    from crawler.ledger import Ledger

_A_DAY = 86_400.0  # seconds that rules are kept
#: Reasons that another way to the host may not have.
_UNREACHED = ("timeout", "refused", "dns", "tls", "reset")
_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<", re.I)


def other_ways(way: str) -> list[str]:
    """Return the other ways to a host (https://www.jia.gov.cn): the other scheme, then without www, or with it, by both.

    A host whose port is named has no other.
    """
    scheme, _, host = way.partition("://")
    if ":" in host:
        return []
    twin = {"http": "https", "https": "http"}[scheme]
    bare = host.removeprefix("www.")
    www = bare if bare != host else f"www.{host}"
    return [f"{twin}://{host}", f"{scheme}://{www}", f"{twin}://{www}"]


class Robots:
    """Asks for robots.txt once a host and day, before the first request to the host."""

    def __init__(self, crawler: Crawler, ledger: Ledger) -> None:
        self.crawler, self.ledger = crawler, ledger
        self.hosts: frozenset[str] = getattr(crawler.spider, "hosts", frozenset())
        self.agent = crawler.settings["ROBOTSTXT_USER_AGENT"] or crawler.settings["USER_AGENT"]
        self._rules: dict[str, tuple[float, asyncio.Future[ProtegoRobotParser | Obstacle | None]]] = {}
        self._ways: dict[str, str] = {}  #: host -> scheme and host under which it answers, where that is another

    @classmethod
    def from_crawler(cls, crawler: Crawler) -> Self:
        """Build the middleware.

        Raises:
            NotConfigured: ROBOTSTXT_OBEY is off.
        """
        if not crawler.settings.getbool("ROBOTSTXT_OBEY"):
            raise NotConfigured
        return cls(crawler, ledger_of(crawler))

    async def process_request(self, request: Request) -> Request | None:
        """Stop what robots.txt forbids; ask a host that answers only with the other scheme, or www, as it wants.

        Raises:
            Obstacle: the address is forbidden, or the host did not say what it forbids.
        """
        if request.meta.get("role") == "robots":
            return None
        host = netloc(request.url)
        fetched, future = self._rules.get(host, (0.0, None))
        if future is None or (future.done() and monotonic() - fetched > _A_DAY):
            future = asyncio.get_running_loop().create_future()
            self._rules[host] = (monotonic(), future)
            future.set_result(rules := await self._fetch(request))
            if isinstance(rules, Obstacle):
                leave(self.crawler, host, rules)
                raise rules
        rules = await future
        if isinstance(rules, Obstacle):
            raise HostLeft(rules.reason, rules.detail)
        if rules is not None and not rules.allowed(request.url, self.agent):
            raise Obstacle("robots_disallowed", "robots.txt forbids this address")
        way = self._ways.get(host)
        if way is None or request.url.startswith(f"{way}/"):
            return None
        return request.replace(url=way + "/" + request.url.split("/", 3)[3], dont_filter=True)

    async def _fetch(self, first: Request) -> ProtegoRobotParser | Obstacle | None:
        """Return the rules of a host, None where it has none, or why it is left alone.

        Of 3,209 home pages 30 answered only after the scheme was changed (field-notes 6.2), so the others are tried too.
        """
        way = "/".join(first.url.split("/", 3)[:3])
        rules = await self._ask(first, way)
        unreached = isinstance(rules, Obstacle) and rules.reason in _UNREACHED
        for other in filter(lambda other: may_ask(netloc(other), self.hosts), other_ways(way) if unreached else []):
            found = await self._ask(first, other, once=True)
            if not (isinstance(found, Obstacle) and found.reason in _UNREACHED):
                self._ways[netloc(first.url)] = other
                return found
        return rules

    async def _ask(self, first: Request, way: str, *, once: bool = False) -> ProtegoRobotParser | Obstacle | None:
        meta = {"role": "robots", "site": first.meta.get("site", ""), "via": first.url, "dont_retry": once}
        request = Request(f"{way}/robots.txt", meta=meta, callback=NO_CALLBACK)
        try:
            response = await self.crawler.engine.download_async(request)
        except Obstacle as obstacle:  # a challenge; or a redirect off the domain, which says nothing about this host
            return None if obstacle.reason == "off_domain" else Obstacle(obstacle.reason, f"robots.txt: {obstacle.detail}")
        except IgnoreRequest:  # redirects without end: no rules either
            return None
        except Exception as error:  # whatever the network raises, it is named and the host left alone
            reason, detail = failure_reason(error, answered="download_latency" in request.meta)
            return Obstacle(reason, f"robots.txt: {detail}")
        return self._read(response, netloc(first.url))

    def _read(self, response: Response, host: str) -> ProtegoRobotParser | Obstacle | None:
        if response.status in (401, 403) or response.status >= 500:
            return Obstacle("robots_unavailable", f"robots.txt: status {response.status}")
        if response.status != 200 or _PAGE.match(response.body):
            return None
        body = response.body
        if body.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):  # written with Notepad, and meant all the same
            body = body.decode("utf-16", "ignore").encode()
        rules = ProtegoRobotParser.from_crawler(self.crawler, body)
        if delay := rules.crawl_delay(self.agent):
            longest = self.crawler.settings.getfloat("CRAWL_DELAY_MAX")
            cast(PoliteDownloader, self.crawler.engine.downloader).crawl_delays[host] = min(float(delay), longest)
        return rules
