"""The registry of sites: YAML entries read into Site, misspelt keys refused by name, a user's own entries over ours."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import yaml

SHIPPED = Path(__file__).with_name("sites")
DIALECTS = ("hanweb", "jpaas", "trs", "ucap", "gkmlpt", "ls", "vsb", "easysite", "xxgk_list", "table", "generic")


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
    search: dict[str, str] = field(default_factory=dict)  #: site search: engine and url
    expect: dict[str, int] = field(default_factory=dict)  #: min_reports: fewer is an error
    hosts: list[str] = field(default_factory=list)  #: further hosts that belong to the site (host or host:port)

    @property
    def netlocs(self) -> set[str]:
        """The hosts (with port where one is written) that the entry names."""
        urls = [self.home, *self.lists, self.search.get("url", "")]
        return {urlsplit(url).netloc.lower() for url in urls if url} | {host.lower() for host in self.hosts}

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
    for key in entry:
        if key not in KEYS:
            raise RegistryError(f"{where}: unknown key {key!r}; known keys: {', '.join(sorted(KEYS))}")
    for name, known in SUBKEYS.items():
        part = entry.get(name, {})
        if not isinstance(part, dict) or (odd := sorted(set(part) - known)):
            raise RegistryError(f"{where}: unknown key {(odd or [part])[0]!r} in {name}; known: {', '.join(sorted(known))}")
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
    for url in filter(None, [entry.get("home", ""), *entry.get("lists", [])]):
        if not isinstance(url, str) or urlsplit(url).scheme not in ("http", "https") or not urlsplit(url).netloc:
            raise RegistryError(f"{where}: {url!r} is no http(s) address")
    if not entry.get("home") and not entry.get("lists"):
        raise RegistryError(f"{where}: neither home nor lists: there is nothing to visit")
    least = entry.get("expect", {}).get("min_reports", 0)
    if not isinstance(least, int) or least < 0:
        raise RegistryError(f"{where}: expect.min_reports {least!r} must be a whole number")
    return Site(**entry)


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
    if not isinstance(entries, list):
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
