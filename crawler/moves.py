"""Redirects that say more than where a page is: to the home page (no such page), to another host (the site has moved)."""

from __future__ import annotations

import re
from collections.abc import Set
from urllib.parse import urlsplit

from scrapy.http import Response

from crawler.registry import netloc

_HOME = re.compile(r"/?(?:(?:index|default|main)\.(?:s?html?|jsp|aspx?|php))?", re.I)


def is_home(url: str) -> bool:
    """Whether an address is the home page of its host."""
    parts = urlsplit(url)
    return bool(_HOME.fullmatch(parts.path)) and not parts.query


def led_home(response: Response, home: str) -> bool:
    """Whether a page was asked for and a home page came instead: of the site (`home`), or of any host."""
    way = response.meta.get("redirect_urls", [])
    return bool(way) and (response.url == home or is_home(response.url)) and not is_home(way[0])


def moved_to(response: Response, netlocs: Set[str]) -> str:
    """Return the new host where the redirect dropped the path and left the site's own hosts (and www), else ""."""
    way = response.meta.get("redirect_urls", [])
    host = netloc(response.url)
    same = bool(way) and host.removeprefix("www.") == netloc(way[0]).removeprefix("www.")
    return host if way and is_home(response.url) and host not in netlocs and not same else ""
