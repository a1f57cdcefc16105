"""The spider `revisit`: known pages and attachments are asked again, so that changed and vanished ones are seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterator
from typing import Any

from scrapy import Request
from scrapy.http import HtmlResponse, Response
from twisted.python.failure import Failure

from crawler.attachments import attachments
from crawler.known import Known, known_pages
from crawler.links import same_page, tidy_url
from crawler.moves import is_home, led_home
from crawler.obstacles import HostLeft, Obstacle, failure_reason
from crawler.pages import readable
from crawler.registry import netloc
from crawler.sitespider import QuietLedger, SiteSpider

_REDIRECTS = (301, 302, 303, 307, 308)


class RevisitLedger(QuietLedger):
    """The ledger of a revisit: a page that jumps to a home page is followed to it, since so it is seen to be gone."""

    def known(self, url: str) -> str:
        """Return the address under which a good answer to this one is stored, "" for home pages."""
        return "" if is_home(url) else super().known(url)


class RevisitSpider(SiteSpider):
    """Asks for every known page again; what is not new becomes a revisit record. It goes on where a run was cut off."""

    name = "revisit"
    ledger_class = RevisitLedger

    def __init__(self, **kwargs: Any) -> None:
        """Take the arguments of every spider of sites."""
        super().__init__(**kwargs)
        self.homes = {site.id: site.home for site in self.chosen}

    async def start(self) -> AsyncIterator[Request]:
        """Ask for the newest good answer of every address again."""
        asked = Counter[str]()
        for row in known_pages(self.ledger.store, self.homes, self.name):
            enough = self.limit and row.role == "page" and asked[row.site] >= self.limit
            if enough or self._is_home(row.url, row.site):
                continue
            asked[row.site] += row.role == "page"
            context = {name: getattr(row, name) for name in ("role", "site", "via", "link_text", "link_date")}
            yield self._ask(row.url, {**context, "known": Known.of(self.ledger.store, row), "hops": 0})

    def parse_again(self, response: Response) -> Iterator[Request]:
        """Follow a redirect; count the page, and where it is new, fetch what it newly attaches."""
        meta, known = response.meta, response.meta["known"]
        site, role = meta["site"], meta["role"]
        if response.status in _REDIRECTS:
            yield from self._follow(response, known)
            return
        if led_home(response, self.homes[site]):
            self.note(known.row.url, site, "soft_404", f"leads to the home page {response.url}")
            return
        page = readable(response) if response.status == 200 else None
        if role == "attachment" and page is not None:
            self.note(known.row.url, site, "wrong_type", "a page where a file was expected")
            return
        tally = self.ledger.tallies[site]
        tally.found += role == "page"
        if response.status == 304 or not known.is_new(response.body):
            return
        tally.fetched += role == "page"
        tally.attachments += role == "attachment"
        for row in attachments(page) if isinstance(page, HtmlResponse) else ():
            if not self.ledger.store.known(row.url):
                about = {"role": "attachment", "site": site, "via": response.url, "link_text": row.title}
                yield Request(row.url, callback=self.parse_attachment, errback=self.failed, meta=about)

    def parse_attachment(self, response: Response) -> None:
        """Count a file that a changed page newly attaches."""
        site = response.meta["site"]
        if readable(response) is None:
            self.ledger.tallies[site].attachments += 1
        else:
            self.note(response.url, site, "wrong_type", "a page where a file was expected")

    def failed(self, failure: Failure) -> None:
        """Note why an address brought nothing; what that means for its report, the build says."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error: BaseException = failure.value  # type: ignore[assignment]
        site, known = request.meta["site"], request.meta.get("known")
        obstacle = Obstacle(*failure_reason(error, answered="download_latency" in request.meta))
        if isinstance(error, HostLeft) and not request.meta.get("retry_times"):
            self.ledger.tallies[site].skipped[netloc(request.url)] += 1
        else:
            self.ledger.attempt(known.row.url if known else request.url, site, obstacle)

    def _ask(self, url: str, meta: dict[str, Any]) -> Request:
        """Return the request for a known page, at its own address or where that leads."""
        meta = {**meta, "handle_httpstatus_list": [304, *_REDIRECTS]}
        headers = meta["known"].validators
        return Request(url, self.parse_again, headers=headers, errback=self.failed, dont_filter=True, meta=meta)

    def _follow(self, response: Response, known: Known) -> Iterator[Request]:
        """Follow a redirect, but not to a home page (then the page is gone) or to a page that is asked by itself."""
        site, hops = response.meta["site"], response.meta["hops"] + 1
        target = tidy_url(response.url, (response.headers.get("Location") or b"").decode("utf-8", "replace"))
        if self._is_home(target, site):
            self.note(known.row.url, site, "soft_404", f"leads to the home page {target}")
        elif not target or hops > self.settings.getint("REDIRECT_MAX_TIMES"):
            self.note(known.row.url, site, "redirect_loop" if target else "off_domain", f"leads to {target or 'nowhere'}")
        elif same_page(target) != same_page(known.row.url) and self.ledger.known(target):
            self.ledger.tallies[site].found += response.meta["role"] == "page"
        else:
            about = {name: response.meta[name] for name in ("role", "site", "via", "link_text", "link_date", "known")}
            yield self._ask(target, {**about, "hops": hops})

    def _is_home(self, url: str, site: str) -> bool:
        return bool(url) and (is_home(url) or url == self.homes[site])
