"""The key under which replay tools look an address up (SURT, Sort-friendly URI Reordering Transform), as pywb makes it."""

from __future__ import annotations

import re
from posixpath import normpath
from urllib.parse import urlsplit

from w3lib.url import safe_url_string

PORTS = {"http": 80, "https": 443}
WWW = re.compile(r"www\d*\.")
#: Identifiers of sessions: ASP.NET's in a path, and those in a query.
PATH_SESSION = re.compile(r"(?<=/)\((?:(?:[a-z]\([0-9a-z]{24}\))+|[0-9a-z]{24})\)/(?=[^?]+\.aspx)")
QUERY_SESSION = re.compile(
    r"(?:(?:jsessionid|phpsessid|sid)=[0-9a-z]{32}|aspsessionid[a-z]{8}=[a-z]{24}|cfid=[^&]+&cftoken=[^&]+)(?:&|$)"
)


def surt(url: str) -> str:
    """Return the key of an address: host reversed, all in lower case, the query in order; as it is where it has no host.

    Args:
        url: an absolute address. https://www.Example.gov.cn/A/?b=2&a=1 gives cn,gov,example)/a?a=1&b=2
    """
    try:
        parts = urlsplit(safe_url_string(url.strip()))
        host, port = (parts.hostname or "").rstrip("."), parts.port
    except ValueError:  # a broken IPv6 host, a port that is no number
        return url
    if not host:
        return url
    name = ",".join(reversed((host[len(www[0]) :] if (www := WWW.match(host)) else host).split(".")))
    path = normpath("/" + PATH_SESSION.sub("", parts.path.lower()).lstrip("/"))
    pairs = QUERY_SESSION.sub("", parts.query.lower()).rstrip("&").split("&")
    query = "&".join(sorted(pairs, key=lambda pair: pair.partition("=")[::2]))
    return name + (f":{port}" if port and port != PORTS.get(parts.scheme) else "") + f"){path}" + (f"?{query}" if query else "")
