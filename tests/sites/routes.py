"""Every address of the sample sites and what answers it."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from functools import cache
from urllib.parse import parse_qsl, urlencode, urlsplit

from bodies import body
from lists import Handler, list_routes
from markupsafe import Markup
from pages import Answer, fields, neighbours, path_of, plain, publisher, render
from wordfile import MEDIA_TYPE, write_docx
from world import Column, Row, Site, sites


def target(path: str, query: str = "") -> str:
    """Return a path and query in the one form that routes are kept by: parameters in alphabetical order."""
    pairs = sorted(parse_qsl(query, keep_blank_values=True))
    return f"{path}?{urlencode(pairs)}" if pairs else path


@cache
def routes() -> dict[str, dict[str, Handler]]:
    """Return host -> target -> what answers it."""
    table: dict[str, dict[str, Handler]] = {}
    for site in sites():
        here: dict[str, Handler] = {}
        for address, handler in _site_routes(site):
            parts = urlsplit(address)
            key = target(parts.path, parts.query)
            if key in here:
                raise ValueError(f"{site.host}{key} is taken twice")
            here[key] = handler
        table[site.host] = here
    return table


def answer(host: str, path: str, query: dict[str, str], key: str) -> Answer | None:
    """Return what a site says to a request; None for a host that does not exist.

    Args:
        host: the host asked for, in lower case.
        path: the path.
        query: the parameters, of the address and of a form.
        key: the target of the address.
    """
    here = routes().get(host)
    if here is None:
        return None
    site = next(site for site in sites() if site.host == host)
    if handler := here.get(key) or here.get(path):
        return handler(query)
    if site.spec["frame"] == "challenge":
        return render(site, "challenge", status=412)
    return render(site, "error", status=404, soft=False)


def _site_routes(site: Site) -> Iterator[tuple[str, Handler]]:
    robots = site.spec.get("robots", "")
    home: Handler = lambda _: render(site, "home", path_of=path_of)  # noqa: E731
    if robots:
        yield "/robots.txt", home if robots == "html" else lambda _: plain(robots)
    if site.spec["frame"] == "challenge":
        yield "/robots.txt", lambda _: plain("404 Not Found\n", status=404)
        return
    yield "/", home
    yield from list_routes(site)
    for column in site.columns:
        for row in column.rows:
            yield from _row_routes(site, column, row)


def _row_routes(site: Site, column: Column, row: Row) -> Iterator[tuple[str, Handler]]:
    if row.kind in ("missing", "outside"):
        return
    if row.kind == "soft_404":
        yield path_of(row.url), lambda _: render(site, "error", soft=True)
        return
    attachments = {}
    if row.text.slug in site.spec.get("docx", []):
        address = attachment_url(row)
        attachments[f"{row.text.title}.docx"] = path_of(address)
        document = write_docx(row.text.title, row.text.lines)
        yield path_of(address), lambda _: Answer(content_type=MEDIA_TYPE, body=document)
    yield path_of(row.url), lambda _: _detail(site, column, row, attachments)


def attachment_url(row: Row) -> str:
    """Return the address of the docx that stands in place of a text, as TRS names it: P0 and a time stamp, beside the page."""
    return re.sub(r"/t(\d{8})_(\d+)\.\w+$", r"/P0\g<1>\g<2>0417.docx", row.url)


def _detail(site: Site, column: Column, row: Row, attachments: dict[str, str]) -> Answer:
    text, number = row.text, zlib.crc32(row.url.encode())
    before, after = neighbours(column, row)
    if attachments:
        links = (Markup('附件：<a href="{}" target="_blank">{}</a>').format(url, name) for name, url in attachments.items())
        content = Markup("<p>{}</p>").format(Markup("<br>").join(links))
    else:
        content = body(text.lines, site.spec["shape"], residue=text.slug in site.spec.get("residue", []))
    return render(
        site,
        site.spec["frame"],
        column=column,
        row=row,
        title=text.title,
        published=row.published,
        time=f"{8 + number % 10:02}:{number // 10 % 60:02}:{number // 600 % 60:02}",
        source=publisher(site, row) if row.kind == "copy" else site.spec["office"],
        fields=fields(site, row) if "metadata" in site.spec else [],
        content=content,
        before=before,
        after=after,
        path_of=path_of,
    )
