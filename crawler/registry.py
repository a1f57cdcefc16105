"""The registry of sites: YAML entries read into Site, misspelt keys refused by name, a user's own entries over ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

from crawler.search.engines import ENGINES, find_engine, what_is_wrong

SHIPPED = Path(__file__).with_name("sites")
DIALECTS = ("hanweb", "jpaas", "trs", "ucap", "gkmlpt", "ls", "vsb", "easysite", "xxgk_list", "table", "generic")


def netloc(url: str) -> str:
    """Return the host of an address (or of `host:port`) in lower case, with the port where it is not 80 or 443.

    It names a host in the registry, the delays and the failures alike: http and https of one host are one host.

    Raises:
        ValueError: the address has no readable host or port.
    """
    parts = urlsplit(url if "//" in url else f"//{url}")
    host = parts.hostname or ""
    return host if parts.port in (None, 80, 443) else f"{host}:{parts.port}"


class RegistryError(Exception):
    """An entry that cannot be used; the message names the file, the entry, the value and the fix."""


@dataclass(frozen=True, kw_only=True)
class Site:
    """One government site. Fields are the keys of a YAML entry, described in docs/registry.md."""

    id: str  #: unique slug: lower-case letters, digits, - and _
    name: str  #: the government's name
    code: str = ""  #: home division, 6 digits (townships 9); "" for ministries
    home: str = ""  #: home page
    dialect: str = ""  #: CMS family; left out: detected and remembered
    lists: list[str] = field(default_factory=list)  #: columns in which reports stand
    search: dict[str, str] = field(default_factory=dict)  #: site search: engine (of crawler.search.engines) and url
    expect: dict[str, int] = field(default_factory=dict)  #: min_reports: fewer is an error
    hosts: list[str] = field(default_factory=list)  #: further hosts that belong to the site (host or host:port)
    legacy_tls: bool = False  #: https to its hosts may use the versions and ciphers of old servers

    @property
    def netlocs(self) -> set[str]:
        """The hosts (with port where one is written) that the entry names."""
        urls = [self.home, *self.lists, self.search.get("url", "")]
        return {netloc(url) for url in [*urls, *self.hosts] if url}

    def as_dict(self) -> dict[str, Any]:
        """Return the entry as a plain dict, with its `netlocs` as a sorted list."""
        return {**asdict(self), "netlocs": sorted(self.netlocs)}


KEYS = {f.name for f in fields(Site)}
SUBKEYS = {"expect": {"min_reports"}, "search": {"engine", "url"}}


def parse_entry(entry: object, where: str) -> Site:
    """Make a Site of one YAML entry.

    Args:
        entry: what the YAML holds.
        where: file and position, for the message.

    Raises:
        RegistryError: a key is missing or unknown, or a value is not what it must be.
    """
    if not isinstance(entry, dict):
        raise RegistryError(f"{where}: an entry must be a mapping with id, name and home, not {entry!r}")
    where = f"{where} (id {entry.get('id', '?')})"
    entry = {key: value for key, value in entry.items() if value is not None}  # `expect:` with nothing after it
    for key in entry:
        if key not in KEYS:
            raise RegistryError(f"{where}: unknown key {key!r}; known keys: {', '.join(sorted(KEYS))}")
    for name, known in SUBKEYS.items():
        part = entry.get(name, {})
        if not isinstance(part, dict):
            raise RegistryError(f"{where}: {name} must be a mapping with {', '.join(sorted(known))}, not {part!r}")
        if odd := [key for key in part if key not in known]:
            raise RegistryError(f"{where}: unknown key {odd[0]!r} in {name}; known: {', '.join(sorted(known))}")
    for name in ("id", "name"):
        if not isinstance(entry.get(name), str) or not entry[name].strip():
            raise RegistryError(f"{where}: {name} is missing or no text")
    if not re.fullmatch(r"[a-z0-9][a-z0-9_-]*", entry["id"]):
        raise RegistryError(f"{where}: id {entry['id']!r} must be lower-case letters, digits, - and _")
    code = entry.get("code", "")
    if not isinstance(code, str) or not re.fullmatch(r"|\d{6}|\d{9}", code):
        raise RegistryError(f'{where}: code {code!r} must be 6 or 9 digits in quotes, as in code: "330702"')
    if entry.get("dialect", "") not in ("", *DIALECTS):
        raise RegistryError(f"{where}: unknown dialect {entry['dialect']!r}; known: {', '.join(DIALECTS)}")
    for name in ("lists", "hosts"):
        if not isinstance(entry.get(name, []), list) or not all(isinstance(x, str) for x in entry.get(name, [])):
            raise RegistryError(f"{where}: {name} must be a list of addresses")
    search = entry.get("search", {}).get("url", "")
    for url in filter(None, [entry.get("home", ""), *entry.get("lists", []), search]):
        if not _is_address(url):
            raise RegistryError(f"{where}: {url!r} is no http(s) address")
    if entry.get("search"):
        _check_search(entry["search"], where)
    for host in entry.get("hosts", []):
        if "/" in host or not _is_address(f"http://{host}/"):
            raise RegistryError(f"{where}: hosts: {host!r} must be a host or host:port, without http:// and path")
    if not entry.get("home") and not entry.get("lists"):
        raise RegistryError(f"{where}: neither home nor lists: there is nothing to visit")
    least = entry.get("expect", {}).get("min_reports", 0)
    if not isinstance(least, int) or isinstance(least, bool) or least < 0:
        raise RegistryError(f"{where}: expect.min_reports {least!r} must be a whole number")
    if not isinstance(entry.get("legacy_tls", False), bool):
        raise RegistryError(f"{where}: legacy_tls {entry['legacy_tls']!r} must be true or false")
    return Site(**entry)


def _check_search(search: dict[str, Any], where: str) -> None:
    name, url = search.get("engine"), search.get("url")
    if not isinstance(name, str) or not isinstance(url, str):
        raise RegistryError(f"{where}: search needs an engine and a url, not {search!r}")
    engine = find_engine(name, url)
    if engine is None:
        raise RegistryError(f"{where}: unknown engine {name!r} in search; known: {', '.join(ENGINES)}")
    if wrong := what_is_wrong(engine, url):
        raise RegistryError(f"{where}: search.url {url!r}: {wrong}")


def _is_address(url: object) -> bool:
    try:
        parts = urlsplit(url) if isinstance(url, str) else urlsplit("")
        host = re.fullmatch(r"[\w.-]+|[0-9a-f:.]+", parts.hostname or "")
        return parts.scheme in ("http", "https") and bool(host) and parts.port != 0
    except ValueError:  # a port that is no number, half a pair of brackets
        return False


def load_file(path: Path) -> list[Site]:
    """Read the entries of one YAML file.

    Raises:
        RegistryError: the file cannot be read, or an entry cannot be used.
    """
    try:
        entries = yaml.safe_load(path.read_text("utf-8"))
    except FileNotFoundError:
        raise RegistryError(f"{path}: no such file") from None
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise RegistryError(f"{path}: cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(entries, list) or not entries:
        raise RegistryError(f"{path}: must be a list of entries (- id: …)")
    sites = [parse_entry(entry, f"{path.name} entry {n}") for n, entry in enumerate(entries, 1)]
    seen: set[str] = set()
    for site in sites:
        if site.id in seen:
            raise RegistryError(f"{path}: id {site.id!r} stands twice")
        seen.add(site.id)
    return sites


def load_sites(*, data: Path | None = None, file: Path | None = None) -> list[Site]:
    """Return the registry: the shipped entries with the user's own (DATA/sites/*.yaml) over them, or only those of FILE.

    Raises:
        RegistryError: a file or an entry cannot be used.
    """
    if file:
        return load_file(file)
    own: Iterable[Path] = sorted((data / "sites").glob("*.yaml")) if data else []
    merged = {site.id: site for path in [*sorted(SHIPPED.glob("*.yaml")), *own] for site in load_file(path)}
    return list(merged.values())


def select(sites: list[Site], *, ids: Iterable[str] = (), province: str = "") -> list[Site]:
    """Return the sites with these ids and of this province (a division code such as 33 or 330000); all where neither is given.

    Raises:
        RegistryError: an id or a province that no entry has.
    """
    known = {site.id: site for site in sites}
    for name in ids:
        if name not in known:
            close = get_close_matches(name, known, n=3) or sorted(known)[:5]
            raise RegistryError(f"no site {name!r} in the registry; close to it: {', '.join(close)} (all: fazhi sites list)")
    chosen = [known[name] for name in dict.fromkeys(ids)] or sites
    if not province:
        return chosen
    prefix = province[:2] if re.fullmatch(r"\d\d0000", province) else province
    if not any(site.code.startswith(prefix) for site in sites):
        codes = sorted({site.code[:2] for site in sites if site.code})
        raise RegistryError(f"no site with a code under {province!r}; provinces in the registry: {', '.join(codes)}")
    return [site for site in chosen if site.code.startswith(prefix)]
