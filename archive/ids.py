"""Addresses and the identifiers made of them: the same page has one address, and one identifier for ever."""

from __future__ import annotations

import re
from hashlib import sha256
from urllib.parse import unquote_plus, urlsplit

from w3lib.url import canonicalize_url

URN = "urn:sha256:"

#: Session identifiers inside a path: `;jsessionid=…` and ASP.NET's `/(S(…))`.
PATH_SESSION = re.compile(
    r"(?:;|%3b)(?:jsessionid|phpsessid|sessionid)=[^/?#;]*|(?<=/)\((?:S|A|F)\([0-9a-z]+\)\)/", re.IGNORECASE
)
#: Parameters that name a session, a campaign or a share, never a page (field notes 6.2).
JUNK = re.compile(
    r"(?:jsessionid|phpsessid|aspsessionid\w*|session_?id|cfid|cftoken|utm_\w+|spm|ticket|ver|gclid|fbclid|msclkid|bd_vid"
    r"|isappinstalled|nsukey|wechat_redirect|from=(?:timeline|groupmessage|singlemessage)"
    r"|(?:t|_|_t|ts|timestamp|rand|random|r)=(?:1\d{9}(?:\d{3})?|0\.\d+))(?:=.*)?",
    re.IGNORECASE | re.DOTALL,
)
WWW = re.compile(r"(?:www\.)+(?=[^.]+\.)", re.IGNORECASE)
PORTS = {"http": ":80", "https": ":443"}


def normalise(url: str) -> str:
    """Return the normalised address: no scheme, `www.`, fragment, session id or tracking parameter; w3lib's form.

    Args:
        url: an absolute address, or `urn:sha256:…` of a file that has none.
    """
    url = url.strip()
    if url.lower().startswith(URN):
        return url.lower()
    try:
        parts = urlsplit(url)
        host = parts.netloc.rpartition("@")[2].lower().removesuffix(PORTS.get(parts.scheme.lower(), "-")).rstrip(".")
        host = WWW.sub("", host) if WWW.match(host) else host
        path = PATH_SESSION.sub("", parts.path)
        query = "&".join(pair for pair in parts.query.split("&") if pair and not JUNK.fullmatch(unquote_plus(pair)))
        address = canonicalize_url(f"http://{host}{path}" + (f"?{query}" if query else ""))
    except ValueError:  # no address that w3lib can read: an impossible port, a broken IPv6 host
        return url
    return address.removeprefix("http://")


def source_id(address: str, payload: str = "") -> str:
    """Return `fz` and 16 hex digits of the SHA-256 of a normalised address: the identifier of what stands there.

    Args:
        address: a normalised address.
        payload: SHA-256 (hex) of the first payload of a later, different report at the same address.
    """
    name = f"{address}#{payload}" if payload else address
    return "fz" + sha256(name.encode("utf-8", "surrogatepass")).hexdigest()[:16]
