"""Listings of web archives: paths of WARC files, or the lines of a CDXJ index, which say where in a file a record stands."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urljoin, urlsplit

#: Ends of the names of web archives; whatever else is named is a listing.
ARCHIVES = (".warc", ".warc.gz", ".wacz")


@dataclass(frozen=True, kw_only=True)
class Piece:
    """A web archive, or one record of it."""

    place: str  #: a path, or an http(s) address
    offset: int = 0  #: where the record begins, bytes
    length: int = 0  #: of the record, bytes; 0: the whole file
    url: str = ""  #: of the record
    time: str = ""  #: of the record, YYYY-MM-DDTHH:MM:SS


def is_remote(place: str) -> bool:
    """Whether a place is an http(s) address."""
    return place.startswith(("http://", "https://"))


def is_archive(place: str) -> bool:
    """Whether a place is a web archive by its name."""
    return (urlsplit(place).path if is_remote(place) else place).lower().endswith(ARCHIVES)


def read_listing(lines: Iterable[str], where: str, base: str = "") -> Iterator[Piece]:
    """Yield what a listing names, empty lines and headers of a CDX file left out.

    Args:
        lines: paths, CDXJ lines (`key time {json}`), or the JSON lines of Common Crawl's index server.
        where: the listing itself, a path or an address: where relative names start from.
        base: where they start from instead, such as https://data.commoncrawl.org/.

    Raises:
        ValueError: a line is none of these; the message shows it.
    """
    for line in map(str.strip, lines):
        if not line or line.startswith(("#", "!", "CDX ")):
            continue
        key, brace, rest = line.partition("{")
        if brace and (not key or key.endswith(" ")):
            try:
                said = {"timestamp": key.split()[-1] if key else "", **json.loads(brace + rest)}
                place = resolve(said["filename"], where, base)
                offset, length, stamp = int(said["offset"]), int(said["length"]), str(said["timestamp"])
                url = said["url"]
            except (ValueError, KeyError, TypeError) as error:
                raise ValueError(f"no CDXJ line with filename, offset, length, url ({error!r}): {line[:100]}") from None
            yield Piece(place=place, offset=offset, length=length, url=url, time=as_time(stamp))
        elif is_archive(line):
            yield Piece(place=resolve(line, where, base))
        else:
            raise ValueError(f"neither a WARC or WACZ path nor a CDXJ line: {line[:100]}")


def resolve(name: str, where: str, base: str = "") -> str:
    """Return the place that a listing's name means."""
    if is_remote(name):
        return name
    if base:
        return f"{base.rstrip('/')}/{name.lstrip('/')}"
    return urljoin(where, name) if is_remote(where) else str(Path(where).parent / name)


def as_time(stamp: str) -> str:
    """Return a time of 14 digits as the raw store begins one; "" where it is none."""
    if len(stamp) != 14 or not stamp.isdecimal():
        return ""
    return f"{stamp[:4]}-{stamp[4:6]}-{stamp[6:8]}T{stamp[8:10]}:{stamp[10:12]}:{stamp[12:]}"
