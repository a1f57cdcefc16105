"""TLS: https as Scrapy speaks it, and with the old versions and ciphers for hosts whose entry permits it (`legacy_tls: true`).

Servers of before 2015 know TLS 1.0, short keys or unsafe renegotiation only (field-notes 6.2). Permitting that for all hosts
would weaken what every other connection is worth, and some modern servers hang under it, so it is said for each site.
"""

from __future__ import annotations

from copy import copy
from urllib.parse import urlsplit

from scrapy import Request
from scrapy.core.downloader.contextfactory import _ScrapyClientContextFactory
from scrapy.core.downloader.handlers.http11 import HTTP11DownloadHandler
from scrapy.crawler import Crawler
from scrapy.http import Response
from twisted.internet.ssl import CertificateOptions

from crawler.registry import netloc

#: OpenSSL's SSL_OP_LEGACY_SERVER_CONNECT, which pyOpenSSL does not name.
_LEGACY_SERVER_CONNECT = 0x4


class OldStack(_ScrapyClientContextFactory):
    """Scrapy's contexts, at OpenSSL's lowest security level: its settings name ciphers, but Twisted drops the level."""

    def _get_cert_options(self) -> CertificateOptions:
        options = super()._get_cert_options()
        context = options.getContext()
        context.set_cipher_list(b"ALL:@SECLEVEL=0")
        context.set_options(_LEGACY_SERVER_CONNECT)
        return options


class Https(HTTP11DownloadHandler):
    """Scrapy's handler, with a second one beside it for the hosts that may be spoken to as in former times."""

    def __init__(self, crawler: Crawler) -> None:
        """Read from the running spider's entries which hosts those are."""
        super().__init__(crawler)
        chosen = getattr(crawler.spider, "chosen", [])
        self.legacy_hosts = {host for site in chosen if site.legacy_tls for host in site.netlocs}
        self.legacy = HTTP11DownloadHandler(_permissive(crawler)) if self.legacy_hosts else None

    async def download_request(self, request: Request) -> Response:
        """Fetch with the handler that the host of the address needs."""
        if self.legacy and netloc(request.url) in self.legacy_hosts and urlsplit(request.url).scheme == "https":
            return await self.legacy.download_request(request)
        return await super().download_request(request)

    async def close(self) -> None:
        """Close the connections of both."""
        if self.legacy:
            await self.legacy.close()
        await super().close()


def _permissive(crawler: Crawler) -> Crawler:
    """Return the crawler as a handler sees it, with the settings of an old TLS stack."""
    old = copy(crawler)
    old.settings = crawler.settings.copy()
    old.settings.frozen = False
    old.settings.set("DOWNLOAD_TLS_MIN_VERSION", "TLSv1.0", priority="cmdline")
    old.settings.set("DOWNLOADER_CLIENTCONTEXTFACTORY", OldStack, priority="cmdline")
    return old
