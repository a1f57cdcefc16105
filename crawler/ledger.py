"""The ledger of a run: what is known already, what was seen, what failed and why, which hosts are left alone."""

from __future__ import annotations

import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from archive.raw import RawStore, Response, new_run
from archive.warc import Capture
from crawler.links import twins
from crawler.obstacles import IN_PLACE_OF_A_PAGE, TRANSIENT, Obstacle
from crawler.registry import Site

_REDIRECTS = 8
#: An address that was gone is asked for again after this time.
_GONE_FOR = timedelta(days=7)


@dataclass
class Tally:
    """What a run did for one site."""

    found: int = 0  #: addresses of reports with a good answer, now or before
    asked: int = 0  #: addresses of reports asked for in this run
    fetched: int = 0  #: reports fetched in this run
    attachments: int = 0  #: files fetched in this run
    attempts: Counter[str] = field(default_factory=Counter)  #: what brought nothing usable, by reason
    gone: int = 0  #: listed addresses that were gone a short while ago, and were not asked for again
    elsewhere: int = 0  #: links to reports on hosts that may not be asked
    skipped: Counter[str] = field(default_factory=Counter)  #: addresses not asked for because their host was left, by host

    @classmethod
    def of(cls, values: Mapping[str, Any]) -> Tally:
        """Return the tally whose fields came through JSON."""
        return cls(**{**values, "attempts": Counter(values["attempts"]), "skipped": Counter(values["skipped"])})


class Ledger:
    """The raw store as one run of a spider uses it."""

    def __init__(self, data: Path, spider: str, run: str = "") -> None:
        """Open the data folder, making it where it is missing.

        Args:
            data: the data folder.
            spider: its name.
            run: the run that this process is a worker of; its end is noted by whoever began it. "" begins one.

        Raises:
            OSError: it cannot be written.
        """
        self.spider, self.run, self.is_worker = spider, run or new_run(), bool(run)
        self.store = RawStore(data / "raw")
        self.tallies: defaultdict[str, Tally] = defaultdict(Tally)
        self.left: dict[str, Obstacle] = {}  #: hosts left alone for the rest of the run
        self._writer = self.store.writer(spider)
        self._facts_file = data / "crawl" / "sites.jsonl"
        self._facts = self._read_facts()
        self._doubtful = self._find_doubtful()
        self.gone = self._find_gone()
        unfinished = self.store.db.execute("select run from runs where finished is null and run != ?", (self.run,))
        self._unfinished = {run for (run,) in unfinished}

    def start(self, sites: list[Site]) -> None:
        """Note that the run begins, and the entries it works from."""
        self.store.start_run(self.run, self.spider)
        for site in sites:
            self.store.remember_site(site.as_dict())

    def close(self, *, finished: bool, sites: int) -> None:
        """Write what is pending; note the addresses that were skipped, and, where the run came to its end, that it did."""
        for site, tally in self.tallies.items():
            for host, number in tally.skipped.items():
                left = self.left[host]
                detail = f"{number} addresses of this host not asked for: {left}"
                self.store.attempt(f"http://{host}/", site=site, run=self.run, reason=left.reason, detail=detail)
                tally.attempts[left.reason] = max(1, tally.attempts[left.reason])
            if finished:
                self.learn(site, "restless", bool(tally.skipped or TRANSIENT & set(tally.attempts)))
        self._writer.close()
        if finished and not self.is_worker:
            self.store.finish_run(self.run, sites)
        self.store.close()

    def write(self, capture: Capture) -> None:
        """Store a response; it survives a kill from the moment this returns.

        Raises:
            OSError: the disk is full or the folder gone.
        """
        self._writer.write(capture)

    def attempt(self, url: str, site: str, obstacle: Obstacle) -> None:
        """Note an address that brought nothing usable."""
        self.tallies[site].attempts[obstacle.reason] += 1
        self.store.attempt(url, site=site, run=self.run, reason=obstacle.reason, detail=obstacle.detail)

    def known(self, url: str) -> str:
        """Return the address under which a good answer to this one is stored (the end of its redirects), or ""."""
        for _ in range(_REDIRECTS):
            same = twins(url) if url else []
            if not self._doubtful.isdisjoint(same):
                return ""
            if found := next(filter(self.store.known, same), ""):
                return found
            url = self._redirect(url) if url else ""
        return ""

    def sight(self, url: str) -> None:
        """Note that a known address is still listed."""
        self.store.sight(url, self.run)

    def to_look_through(self, url: str) -> Capture | None:
        """Return a known page whose attachments may not all be here: its run was killed, or its site had failures."""
        row = self._last(url, "status between 200 and 299")
        if row is None or (row.run not in self._unfinished and not self._facts[row.site].get("restless")):
            return None
        return self.store.read(row)

    def dialect(self, site: str) -> str:
        """Return the dialect that was detected for a site in an earlier run, or ""."""
        return str(self._facts[site].get("dialect", ""))

    def learn(self, site: str, fact: str, value: str | bool) -> None:
        """Remember something of a site (dialect, restless); news are appended as a line, so that a kill loses nothing."""
        if self._facts[site].get(fact, False) == value:
            return
        self._facts[site][fact] = value
        self._facts_file.parent.mkdir(parents=True, exist_ok=True)
        with self._facts_file.open("a", encoding="utf-8") as stream:
            stream.write(json.dumps({"site": site, fact: value}, ensure_ascii=False) + "\n")

    def _read_facts(self) -> defaultdict[str, dict[str, str | bool]]:
        facts: defaultdict[str, dict[str, str | bool]] = defaultdict(dict)
        lines = self._facts_file.read_text("utf-8").splitlines() if self._facts_file.exists() else []
        for line in lines:
            if line.startswith("{") and line.endswith("}"):  # a killed writer's last line may be torn
                facts[json.loads(line)["site"]].update(json.loads(line))
        return facts

    def _find_doubtful(self) -> set[str]:
        """Return the addresses whose last good answer was no page (a challenge, a soft 404): they are asked again."""
        fake = self.store.db.execute(
            "select a.url from attempts a where a.reason in (select value from json_each(?)) group by a.url"
            " having max(a.time) >= (select max(r.time) from responses r where r.url = a.url and r.status between 200 and 299)",
            (json.dumps(sorted(IN_PLACE_OF_A_PAGE | {"http_404"})),),
        )
        return {url for (url,) in fake}

    def _find_gone(self) -> set[str]:
        """Return the addresses that were gone (404, or a page that says so) in the last days."""
        since = (datetime.now(UTC) - _GONE_FOR).isoformat(timespec="milliseconds")
        rows = self.store.db.execute("select url from attempts where reason in ('http_404', 'soft_404') and time > ?", (since,))
        return {url for (url,) in rows}

    def _redirect(self, url: str) -> str:
        row = self._last(url, "status in (301, 302, 303, 307, 308)")
        location = self.store.read(row).header("location") if row else ""
        return urljoin(url, location) if location else ""

    def _last(self, url: str, where: str) -> Response | None:
        return next(iter([*self.store.responses(where=f"url = ? and {where}", values=(url,))][-1:]), None)
