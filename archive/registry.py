"""The registry as the archive sees it: plain dicts, completed by the entries that sites were crawled by."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

Entry = dict[str, Any]


def netloc(address: str) -> str:
    """Return host and port of an address as the registry compares them: lower case, no `www.`, no default port."""
    parts = urlsplit(address if "://" in address else f"//{address}")
    host = parts.netloc.rpartition("@")[2].lower()
    for scheme, port in (("http", ":80"), ("https", ":443")):
        if parts.scheme == scheme:
            host = host.removesuffix(port)
    return host.removeprefix("www.")


@dataclass(frozen=True)
class Registry:
    """Entries by id, and the entry that names a host."""

    entries: dict[str, Entry]
    hosts: dict[str, str]

    @classmethod
    def of(cls, given: Iterable[Entry], remembered: Iterable[Entry] = ()) -> Registry:
        """Put the entries given over those remembered; a dialect that was detected is kept."""
        entries = {entry["id"]: entry for entry in remembered}
        for entry in given:
            detected = entries.get(entry["id"], {}).get("dialect", "")
            entries[entry["id"]] = {**entry, "dialect": entry.get("dialect") or detected}
        entries = dict(sorted(entries.items()))
        hosts: dict[str, str] = {}
        for entry in entries.values():
            for host in entry.get("netlocs") or [urlsplit(entry.get("home", "")).netloc]:
                hosts.setdefault(netloc(host), entry["id"])
        hosts.pop("", None)
        return cls(entries, hosts)

    def site(self, site: str, url: str) -> str:
        """Return the id of the entry a capture belongs to: its own, else the entry that names the host; "" for none."""
        if site:
            return site
        try:
            return self.hosts.get(netloc(url), "")
        except ValueError:  # an address whose host cannot be read
            return ""

    def entry(self, site: str) -> Entry | None:
        """Return an entry by id."""
        return self.entries.get(site)
