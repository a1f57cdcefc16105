"""The spider `warc`: replays web archives that others made, as if their pages had been crawled; no list is followed."""

from __future__ import annotations

import asyncio
import gzip
from collections import deque
from collections.abc import AsyncIterator, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import click
from scrapy import Request
from scrapy.http import Response
from twisted.python.failure import Failure

from archive.warc import Capture
from crawler.listings import Piece, is_archive, is_remote, read_listing
from crawler.neighbours import bare
from crawler.obstacles import failure_reason
from crawler.registry import netloc
from crawler.sitespider import QuietLedger, SiteSpider

#: Bytes of a remote file asked for at once.
_CHUNK = 16 * 1024 * 1024


class WarcLedger(QuietLedger):
    """The ledger of a replay, with what takes records over."""

    def __init__(self, data: Path, spider: str, run: str = "") -> None:
        """Open the data folder; arguments and errors as of Ledger."""
        super().__init__(data, spider, run)
        self.keeper = self.store.keeper(spider, self.run)

    def close(self, *, finished: bool, sites: int) -> None:
        """Finish the WARC file, then as Ledger does."""
        self.keeper.close()
        super().close(finished=finished, sites=sites)


class WarcSpider(SiteSpider):
    """Stores the responses of WARC and WACZ files whose address belongs to a site of the registry, or to any .gov.cn host."""

    name = "warc"
    ledger_class = WarcLedger
    ledger: WarcLedger

    def __init__(self, files: str = "", base: str = "", all: str = "", **kwargs: Any) -> None:
        """Take the arguments of every spider of sites, and its own.

        Args:
            files: WARC and WACZ files and listings of them, paths or http(s) addresses, separated by commas.
            base: where the names in a listing start from; else from the listing's own place.
            all: 1 takes every response under .gov.cn.

        Raises:
            ValueError: no file is named, or `all` is neither 0 nor 1.
        """
        super().__init__(**kwargs)
        self.places = [place.strip() for place in files.split(",") if place.strip()]
        if not self.places:
            raise ValueError("say what to replay: scrapy crawl warc -a files=a.warc.gz,listing.cdxj")
        if all not in ("", "0", "1"):
            raise ValueError(f"all={all!r} must be 1 or 0")
        self.base, self.all = base, all == "1"
        self.owners = {bare(host): site.id for site in self.chosen for host in site.netlocs}
        self.hosts = self._hosts = set(self.hosts)  # the Gate has it too: hosts of remote files are added as they are met

    async def start(self) -> AsyncIterator[Request]:
        """Replay local files, and ask for remote ones."""
        for place in self.places:
            for step in self._open(place):
                if step is None:
                    await asyncio.sleep(0)  # a record was stored: signals have their turn
                else:
                    yield step

    def parse_listing(self, response: Response) -> Iterator[Request]:
        """Go through a remote listing."""
        yield from filter(None, self._list(response.meta["place"], response.body))

    def parse_record(self, response: Response) -> None:
        """Replay one record of a remote file; a server that knows no ranges sends all of it."""
        piece: Piece = response.meta["piece"]
        start = piece.offset if response.status == 200 else 0
        body = response.body[start : start + piece.length]
        deque(self._replay(f"{piece.place} at {piece.offset}", self.ledger.keeper.read(BytesIO(body))), maxlen=0)

    def parse_chunk(self, response: Response) -> Iterator[Request]:
        """Add to a remote file what came of it; replay it when it is whole."""
        piece: Piece = response.meta["piece"]
        file = self._copy(piece.place)
        if response.status == 200:
            file.write_bytes(response.body)
        elif response.status == 206:
            with file.open("ab") as stream:
                stream.write(response.body)
        total = (response.headers.get("Content-Range") or b"").decode("latin-1").rpartition("/")[2]
        if response.status == 206 and total.isdecimal() and file.stat().st_size < int(total):
            yield self._ask(piece, self.parse_chunk)
            return
        deque(self._replay(piece.place, self.ledger.keeper.records(file)), maxlen=0)
        with self._done.open("a", encoding="utf-8") as stream_of_names:
            stream_of_names.write(piece.place + "\n")
        file.unlink()

    def failed(self, failure: Failure) -> None:
        """Note why an address brought nothing."""
        request: Request = failure.request  # type: ignore[attr-defined]
        error: BaseException = failure.value  # type: ignore[assignment]
        reason, detail = failure_reason(error, answered="download_latency" in request.meta)
        self.note(request.url, "", reason, detail)
        self._damaged(request.url, f"{reason}: {detail}")

    def closed(self, reason: str) -> None:
        """Say what was stored, what was left out, and what could not be read."""
        tally = self.ledger.keeper.tally
        click.echo(str(tally))
        for line in tally.problems:
            click.echo(line, err=True)

    def _open(self, place: str) -> Iterator[Request | None]:
        """Yield requests for what is remote, None for every record that was looked at."""
        if is_archive(place):
            yield from self._take(Piece(place=place))
        elif is_remote(place):
            yield self._ask(Piece(place=place), self.parse_listing)
        else:
            try:
                body = Path(place).read_bytes()
            except OSError as error:
                self._damaged(place, f"cannot be read: {error.strerror}")
            else:
                yield from self._list(place, body)

    def _list(self, where: str, body: bytes) -> Iterator[Request | None]:
        """Go through a listing."""
        try:
            text = gzip.decompress(body) if body.startswith(b"\x1f\x8b") else body
            for piece in read_listing(text.decode("utf-8").splitlines(), where, self.base):
                yield from self._take(piece)
        except (OSError, EOFError, ValueError) as error:  # no gzip, no UTF-8, no listing
            self._damaged(where, f"{error}; what stood before that was taken")

    def _take(self, piece: Piece) -> Iterator[Request | None]:
        """Replay a file, or a record that is wanted and not stored yet; ask for it where it is remote."""
        tally = self.ledger.keeper.tally
        if piece.length and self._owner(piece.url) is None:
            tally.skipped["records of other hosts"] += 1
        elif piece.length and self._has(piece):
            tally.known += 1
        elif is_remote(piece.place):
            if piece.length or piece.place not in self._finished():
                yield self._ask(piece, self.parse_record if piece.length else self.parse_chunk)
        elif not piece.length:
            yield from self._replay(piece.place, self.ledger.keeper.records(Path(piece.place)))
        else:
            yield from self._replay(f"{piece.place} at {piece.offset}", self._local(piece))

    def _local(self, piece: Piece) -> Iterator[Capture]:
        with Path(piece.place).open("rb") as stream:
            stream.seek(piece.offset)
            body = stream.read(piece.length)
        yield from self.ledger.keeper.read(BytesIO(body))

    def _replay(self, place: str, captures: Iterator[Capture]) -> Iterator[None]:
        """Store the records that belong here; name a file that cannot be read to its end."""
        keeper, looked = self.ledger.keeper, 0
        before = keeper.tally.skipped.total()
        try:
            for capture in captures:
                looked += 1
                owner = self._owner(capture.url)
                if owner is None:
                    keeper.tally.skipped["records of other hosts"] += 1
                else:
                    stored = keeper.tally.stored
                    keeper.keep(capture, site=owner)
                    self.ledger.tallies[owner].found += 1
                    self.ledger.tallies[owner].fetched += keeper.tally.stored - stored
                yield None
        except OSError as error:
            self._damaged(place, f"cannot be read: {error.strerror or error}")
        except ValueError as damage:
            self._damaged(place, str(damage))
        else:
            if not looked and before == keeper.tally.skipped.total():
                self._damaged(place, "no record in it")

    def _owner(self, url: str) -> str | None:
        """Return the site that an address belongs to, "" where another .gov.cn host's is taken, None where it is not."""
        try:
            host = netloc(url)
        except ValueError:  # no address that could be read
            return None
        other = "" if self.all and host.partition(":")[0].endswith(".gov.cn") else None
        return self.owners.get(bare(host), other)

    def _has(self, piece: Piece) -> bool:
        """Whether a record that a listing names is stored already: its address at its time."""
        found = "select 1 from responses where url = ? and time like ? || '%'"
        return bool(piece.time) and self.ledger.store.db.execute(found, (piece.url, piece.time)).fetchone() is not None

    def _ask(self, piece: Piece, callback: Any) -> Request:
        """Return the request for a listing, a record, or the next part of a file."""
        self._hosts.add(netloc(piece.place))
        meta = {"container": True, "role": "", "site": "", "via": "", "place": piece.place, "piece": piece}
        headers = {"Accept-Encoding": "identity"}
        if callback == self.parse_record:
            headers["Range"] = f"bytes={piece.offset}-{piece.offset + piece.length - 1}"
        elif callback == self.parse_chunk:
            there = copy.stat().st_size if (copy := self._copy(piece.place)).exists() else 0
            headers["Range"] = f"bytes={there}-{there + _CHUNK - 1}"
            meta["handle_httpstatus_list"] = [416]  # all of it is here already
        return Request(piece.place, callback, headers=headers, errback=self.failed, dont_filter=True, meta=meta)

    @property
    def _done(self) -> Path:
        """The list of remote files that were replayed to their end."""
        folder = self.data / "crawl" / "warc"
        folder.mkdir(parents=True, exist_ok=True)
        return folder / "done.txt"

    def _finished(self) -> set[str]:
        return set(self._done.read_text("utf-8").splitlines()) if self._done.exists() else set()

    def _copy(self, place: str) -> Path:
        """Return where a remote file is gathered until it is whole."""
        end = ".wacz" if urlsplit(place).path.lower().endswith(".wacz") else ".warc.gz"
        return self._done.with_name(sha256(place.encode()).hexdigest()[:16] + end)

    def _damaged(self, place: str, why: str) -> None:
        self.ledger.keeper.tally.problems.append(f"{place}: {why}")
