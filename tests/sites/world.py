"""The sample sites as data: each site's columns, and the rows of each column with the address of the page behind them."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass, field
from datetime import date
from functools import cache
from typing import Any
from urllib.parse import urljoin, urlsplit

from texts import Text, fillers, load, others, reports


@dataclass(frozen=True, kw_only=True)
class Row:
    """One line of a list, and what stands behind its link."""

    kind: str  #: own, copy, other, filler, missing, soft_404, forbidden, outside
    text: Text
    published: date
    url: str
    shown: str  #: the title as the list shows it
    hint: str  #: the link's title attribute


@dataclass(kw_only=True)
class Column:
    """A list of a site, newest row first."""

    name: str
    url: str  #: its first page
    spec: dict[str, Any]
    rows: list[Row] = field(default_factory=list)

    @property
    def path(self) -> str:
        """The path (and query) of the first page."""
        return str(self.spec["path"])

    @property
    def folder(self) -> str:
        """The folder that the first page stands in, as a path with a slash at both ends."""
        return self.path.split("?")[0].rpartition("/")[0] + "/"


@dataclass(kw_only=True)
class Site:
    """One sample government site. `spec`: its entry in world.yaml."""

    id: str
    name: str
    home: str
    spec: dict[str, Any]
    columns: list[Column] = field(default_factory=list)

    @property
    def host(self) -> str:
        """The host name."""
        return urlsplit(self.home).netloc

    @property
    def rows(self) -> list[Row]:
        """The rows of all columns."""
        return [row for column in self.columns for row in column.rows]


@cache
def sites() -> list[Site]:
    """Return the sample sites in the order of the registry."""
    return [_site(entry, load("world.yaml")[entry["id"]]) for entry in load("sites.yaml")]


def _site(entry: dict[str, Any], spec: dict[str, Any]) -> Site:
    site = Site(id=entry["id"], name=entry["name"], home=entry["home"], spec=spec)
    for part in spec.get("columns", []):
        column = Column(name=part["name"], url=urljoin(site.home, part["path"]), spec=part)
        column.rows = sorted(_rows(site, column), key=lambda row: (row.published, row.text.slug), reverse=True)
        site.columns.append(column)
    return site


def _rows(site: Site, column: Column) -> list[Row]:
    spec = column.spec
    rows = []
    if prefix := spec.get("own"):
        rows += [_row(site, column, "own", text) for slug, text in reports().items() if slug.rpartition("-")[0] == prefix]
    rows += [_row(site, column, "copy", reports()[slug], day) for slug, day in spec.get("copies", {}).items()]
    rows += [_row(site, column, "other", others()[slug]) for slug in spec.get("others", [])]
    for kind in ("missing", "soft_404", "forbidden", "outside"):
        for n, odd in enumerate(spec.get(kind, [])):
            text = Text(slug=f"{kind}-{n}", title=odd["title"], lines=(odd["title"],), published=odd["published"])
            rows.append(_row(site, column, kind, text, address=odd.get("url") or odd.get("path")))
    stock = fillers(f"{site.id}-{column.name}", spec.get("filler", 0), place=site.name, short=site.spec["short"])
    return rows + [_row(site, column, "filler", text) for text in stock]


def _row(site: Site, column: Column, kind: str, text: Text, day: date | None = None, address: str | None = None) -> Row:
    day = day or text.published
    key = f"{site.id}/{text.slug}".encode()
    names = {"y": day.year, "m": day.month, "d": day.day, "ym": f"{day:%Y%m}", "ymd": f"{day:%Y%m%d}"}
    names |= {"id": zlib.crc32(key) % 900_000 + 100_000, "hex": hashlib.md5(key).hexdigest()}
    cut = column.spec.get("cut")
    shown, hint = (text.list_title, "") if text.list_title else (text.title, text.title)
    if cut and len(shown) > cut and hint:
        shown = shown[:cut] + "…"
    url = urljoin(column.url, address or column.spec["detail"].format(**names))
    return Row(kind=kind, text=text, published=day, url=url, shown=shown, hint=hint)
