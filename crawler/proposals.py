"""Proposed registry entries, DATA/crawl/proposed.yaml: sites that a person looks at and takes over, or leaves."""

from __future__ import annotations

import fcntl
import re
from pathlib import Path

import yaml

from crawler.neighbours import Sign, bare
from crawler.registry import RegistryError, Site, load_file, netloc

_HEAD = """\
# Sites that portals link to and that no entry names, found by their SiteIDCode. Look at each: is the name the government's full
# name, is the code its division? Then move the entry to sites/ in this data folder. What stands here is not visited.
"""


class Proposals:
    """The file, for several processes at once."""

    def __init__(self, file: Path, registry: list[Site]) -> None:
        """Read what is proposed already.

        Raises:
            RegistryError: the file is there and cannot be used.
            OSError: its folder cannot be made.
        """
        self.file = file
        self.ids = {site.id for site in registry}
        self.hosts = {bare(host) for site in registry for host in site.netlocs}
        self.number = 0  #: of entries added
        file.parent.mkdir(parents=True, exist_ok=True)
        self._read()

    def has(self, url: str) -> bool:
        """Whether the host of an address is in the registry or proposed."""
        return bare(netloc(url)) in self.hosts

    def add(self, sign: Sign, home: str, dialect: str, via: str) -> bool:
        """Propose a site, unless it is there; True where it was added.

        Args:
            sign: what its home page says.
            home: the address of its home page.
            dialect: its CMS family, "" where the page shows none.
            via: the page that links to it.

        Raises:
            RegistryError: somebody else's edits made the file unusable.
            OSError: it cannot be written.
        """
        with self.file.with_suffix(".lock").open("w") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            text = self._read()
            if self.has(home) or re.search(rf"# SiteIDCode {sign.id_code}\b", text):
                return False
            entry = {"id": self._name(home, sign.code), "name": sign.name or netloc(home), "code": sign.code, "home": home}
            entry = {key: value for key, value in {**entry, "dialect": dialect}.items() if value}
            said = yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=1000)
            fresh = self.file.with_suffix(".new")
            fresh.write_text(f"{text or _HEAD}\n{said}  # SiteIDCode {sign.id_code}, linked from {via}\n", "utf-8")
            fresh.replace(self.file)
        self._read()
        self.number += 1
        return True

    def _read(self) -> str:
        if not self.file.exists():
            return ""
        text = self.file.read_text("utf-8")
        if yaml.safe_load(text) is not None:  # all that was proposed may have been taken over
            try:
                sites = load_file(self.file)
            except RegistryError as error:
                raise RegistryError(f"{error}; mend the file or move it away") from None
            self.ids |= {site.id for site in sites}
            self.hosts |= {bare(host) for site in sites for host in site.netlocs}
        return text

    def _name(self, home: str, code: str) -> str:
        """Return an id that is not taken: the host without www and .gov.cn, then with the division's code, then numbered."""
        stem = re.sub(r"[^a-z0-9]+", "-", re.sub(r"\.gov\.cn\b", "", bare(netloc(home)))).strip("-") or "site"
        for name in (stem, *([f"{stem}-{code}"] if code else [])):
            if name not in self.ids:
                return name
        return next(name for n in range(2, len(self.ids) + 3) if (name := f"{stem}-{n}") not in self.ids)
