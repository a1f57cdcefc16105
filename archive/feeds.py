"""What readers' programs fetch: the newest reports as Atom (RFC 4287), and the addresses of all as sitemaps (sitemaps.org)."""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Callable, Iterable
from typing import Any
from xml.sax.saxutils import escape

from lxml import etree
from lxml.builder import ElementMaker

from archive.chinese import zh_match

#: Reports in a feed, and characters of each that it shows.
ENTRIES, SUMMARY = 50, 300
#: Addresses in a sitemap: a fifth of what the protocol allows, so that none takes long to make.
ADDRESSES = 10_000
#: Before an identifier: says for good which report an entry is, whatever address the site has (RFC 4151).
TAG = "tag:fazhi-archive,2026:"

ATOM, SITEMAP = "http://www.w3.org/2005/Atom", "http://www.sitemaps.org/schemas/sitemap/0.9"
#: Characters that XML 1.0 does not have.
NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
COLUMNS = ("report_id", "title", "issuer", "report_year", "published_date", "text", "first_seen")

Absolute = Callable[[str], str]


def newest(connection: sqlite3.Connection, *, province: str = "", issuer: str = "", query: str = "") -> list[dict[str, Any]]:
    """Return the reports that were collected last, newest first.

    Args:
        connection: the archive.
        province: name of a province.
        issuer: part of an issuer's name.
        query: words, as in the search box.
    """
    conditions = {
        "+province = :province": province,
        "instr(issuer, :issuer) > 0": issuer,
        "id in (select rowid from reports_fts where reports_fts match :query)": query and zh_match(query),
    }
    where = "".join(f" and {condition}" for condition, value in conditions.items() if value)
    values = {"province": province, "issuer": issuer, "query": zh_match(query)}
    rows = connection.execute(
        f"select {', '.join(COLUMNS)} from (select id as row from reports where +status <> 'removed'{where}"
        " order by first_seen desc, id desc limit :entries) join reports on id = row order by first_seen desc, id desc",
        {**values, "entries": ENTRIES},
    )
    return [dict(zip(COLUMNS, row, strict=True)) for row in rows]


def atom(rows: Iterable[dict[str, Any]], *, title: str, own: str, home: str, absolute: Absolute) -> bytes:
    """Return a feed of these reports.

    Args:
        rows: reports as `newest` gives them.
        title: of the feed.
        own: whole address of the feed.
        home: whole address of the page that it belongs to.
        absolute: makes a whole address of "report/<report_id>".
    """
    make = ElementMaker(namespace=ATOM, nsmap={None: ATOM})
    entries = []
    for row in rows:
        entry = make.entry(
            make.id(f"{TAG}report/{row['report_id']}"),
            make.title(plain(row["title"] or f"{row['issuer'] or ''}{row['report_year'] or ''}") or row["report_id"]),
            make.link(rel="alternate", type="text/html", href=absolute(f"report/{row['report_id']}")),
            make.updated(moment(row["first_seen"])),
            make.author(make.name(plain(row["issuer"]) or "不详")),
            make.summary(plain((row["text"] or "")[:SUMMARY])),
        )
        if row["published_date"]:
            entry.append(make.published(f"{row['published_date']}T00:00:00+08:00"))
        entries.append(entry)
    feed = make.feed(
        make.id(f"{TAG}feed{own.partition('?')[1]}{own.partition('?')[2]}"),
        make.title(plain(title)),
        make.link(rel="self", type="application/atom+xml", href=own),
        make.link(rel="alternate", type="text/html", href=home),
        make.updated(max((entry.findtext(f"{{{ATOM}}}updated") for entry in entries), default="1970-01-01T00:00:00Z")),
        *entries,
    )
    made: bytes = etree.tostring(feed, xml_declaration=True, encoding="utf-8")
    return made


def parts(connection: sqlite3.Connection) -> list[tuple[int, str | None]]:
    """Return (number, day of the last change) of the sitemaps that hold a report; a part is a range of row numbers."""
    last = connection.execute("select max(id) from reports").fetchone()[0] or 0
    found = []
    for number in range(1, (last - 1) // ADDRESSES + 2 if last else 1):
        sql = f"select count(*), max(changed) from ({CHANGED})"
        count, day = connection.execute(sql, _rows(number)).fetchone()
        if count:
            found.append((number, day))
    return found


#: Reports of a range of row numbers with the day on which their text was new or changed.
CHANGED = """select report_id, (select max(substr(first_seen, 1, 10)) from versions
    where versions.report_id = reports.report_id) as changed
    from reports where id > :low and id <= :high and +status <> 'removed'"""


def _rows(number: int) -> dict[str, int]:
    return {"low": (number - 1) * ADDRESSES, "high": number * ADDRESSES}


def sitemap_index(found: Iterable[tuple[int, str | None]], absolute: Absolute) -> bytes:
    """Return the index of the sitemaps: that of the fixed pages, and those of the reports (`parts`)."""
    maps = [("sitemap-pages.xml", None), *((f"sitemap-{number}.xml", day) for number, day in found)]
    return _listed("sitemapindex", "sitemap", maps, absolute)


def sitemap(addresses: Iterable[tuple[str, str | None]], absolute: Absolute) -> bytes:
    """Return a sitemap of (path, day of the last change)."""
    return _listed("urlset", "url", addresses, absolute)


def _listed(root: str, name: str, addresses: Iterable[tuple[str, str | None]], absolute: Absolute) -> bytes:
    base = absolute("")
    lines = (
        f"<{name}><loc>{escape(base + path)}</loc>{f'<lastmod>{escape(day)}</lastmod>' if day else ''}</{name}>\n"
        for path, day in addresses
    )
    return f'<?xml version="1.0" encoding="utf-8"?>\n<{root} xmlns="{SITEMAP}">\n{"".join(lines)}</{root}>\n'.encode()


def reports_of(connection: sqlite3.Connection, number: int) -> list[tuple[str, str | None]]:
    """Return (path, day of the last change) of the reports in a sitemap."""
    return [(f"report/{report_id}", day) for report_id, day in connection.execute(CHANGED, _rows(number))]


def plain(text: str | None) -> str:
    """Return a text without what XML has no place for."""
    return NO_XML.sub("", text or "")


def moment(time: str | None) -> str:
    """Return a time as Atom writes it; the beginning of time where none is known."""
    return time if time and re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", time) else "1970-01-01T00:00:00Z"
