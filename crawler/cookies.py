"""Cookies: Scrapy's middleware, judging domains by the public suffix list that is installed and never by one it fetches."""

from scrapy.downloadermiddlewares import cookies
from tldextract import TLDExtract

# Scrapy's own splitter asks publicsuffix.org for the list at the first cookie: a host that no entry names, on no record.
# Without the network it logs a traceback for it; the list in the package is as good for .gov.cn.
cookies._split_domain = TLDExtract(include_psl_private_domains=True, suffix_list_urls=(), cache_dir=None)


class Cookies(cookies.CookiesMiddleware):
    """Scrapy's cookies, with nothing fetched to judge them."""
