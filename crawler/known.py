"""Known pages: which addresses have a good answer, what they are asked again with, and whether an answer says anything new."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from json import dumps
from typing import Self

from archive.raw import RawStore, Response
from archive.warc import Capture, Refers
from crawler.links import same_page
from crawler.obstacles import IN_PLACE_OF_A_PAGE

#: Rows of pages and attachments that were pages: their run noted nothing that came in place of one.
_GOOD = """status = 200 and role in ('page', 'attachment') and site in (select value from json_each(?))
    and not exists (select 1 from attempts a where a.url = r.url and a.run = r.run
    and a.reason in (select value from json_each(?)))"""
#: The newest of every address; the sites take turns, so that no host's pages stand together.
_NEWEST = f"""with newest as (select max(id) as id, site from responses r where {_GOOD} group by url),
    turns as (select id, row_number() over (partition by site order by id) as turn, site from newest)
    select id from turns order by turn, site"""
#: Runs of a spider after its last one that came to its end: cut off, or going on now.
_CUT = """(select run from runs where spider = :spider and finished is null and started > coalesce(
    (select max(started) from runs where spider = :spider and finished is not null), ''))"""
#: What such runs have an answer of already. A redirect alone is none, and what failed is asked again.
_DONE = f"""select url from responses where run in {_CUT} and status in (200, 404, 410)
    union select refers_to_url from revisits where run in {_CUT}
    union select url from attempts where run in {_CUT} and reason in ('soft_404', 'http_404')"""


@dataclass(frozen=True, kw_only=True)
class Known:
    """A good answer that is stored, and what a new one is compared with."""

    row: Response
    refers: Refers
    coding: str  #: its Content-Encoding
    validators: dict[str, str]  #: headers that ask the server to answer 304 where nothing is new

    @classmethod
    def of(cls, store: RawStore, row: Response) -> Self:
        """Read the stored answer.

        Raises:
            OSError, ValueError: its record is not there.
        """
        stored = store.read(row)
        asked = {"If-None-Match": stored.header("etag"), "If-Modified-Since": stored.header("last-modified")}
        return cls(
            row=row,
            refers=stored.as_reference(),
            coding=stored.header("content-encoding").lower(),
            validators={name: value for name, value in asked.items() if value},
        )

    def compare(self, made: Capture) -> Capture:
        """Return a new answer as a revisit where the server says that nothing is new, or sends the same page again."""
        same = (
            made.status == 200
            and same_page(made.url) == same_page(self.row.url)
            and made.header("content-encoding").lower() == self.coding
            and sha256(made.payload()).hexdigest() == self.row.payload_digest
        )
        return replace(made, body=b"", refers=self.refers) if same or made.status == 304 else made

    def is_new(self, body: bytes) -> bool:
        """Whether a decoded body differs from the stored one."""
        return sha256(body).hexdigest() != self.row.payload_digest


def known_pages(store: RawStore, sites: Iterable[str], spider: str) -> Iterator[Response]:
    """Yield the newest good answer of every page and attachment of the sites, sites in turn.

    Args:
        store: the raw store.
        sites: ids.
        spider: what its last run, cut off, has an answer of already is left out.
    """
    done = {url for (url,) in store.db.execute(_DONE, {"spider": spider})}
    chosen = store.db.execute(_NEWEST, (dumps(list(sites)), dumps(sorted(IN_PLACE_OF_A_PAGE)))).fetchall()
    for (id_,) in chosen:
        row = next(store.responses(after=id_ - 1, where="id = ?", values=(id_,)))
        if row.url not in done:
            yield row
