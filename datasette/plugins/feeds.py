"""For readers' programs and search engines: /feed.atom, /sitemap.xml and its parts, /robots.txt."""

import sqlite3
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

from datasette import NotFound, Response, hookimpl

from archive.feeds import atom, newest, parts, reports_of, sitemap, sitemap_index
from archive.limit import within

#: Pages that are always there.
PAGES = ("", "search", "archive/reports", "coverage", "trends", "downloads", "status", "about", "api")
#: Each of these has no end: SQL, facets and sorting, every search with its pages.
ENDLESS = ("/*?*_", "/*?*sql=", "/search?", "/trends?", "/coverage/list", "/status?", "/archive/search", "/archive/*?",
           "/archive?", "/archive.json", "/archive.csv", "/archive/-/", "/language/", "/-/")  # fmt: skip


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [
        (r"^/feed\.atom$", feed),
        (r"^/sitemap\.xml$", index),
        (r"^/sitemap-(?P<part>pages|[1-9][0-9]{0,5})\.xml$", part),
        (r"^/robots\.txt$", robots),
    ]


def whole(request: Any, datasette: Any) -> Callable[[str], str]:
    """Return the function that makes a whole address of a path."""
    return lambda path: str(datasette.absolute_url(request, datasette.urls.path(path)))


async def read(datasette: Any, function: Callable[[sqlite3.Connection], Any]) -> Any:
    """Run a function on the archive, within the site's time limit."""

    def bounded(connection: sqlite3.Connection) -> Any:
        with within(connection, datasette.setting("sql_time_limit_ms") / 1000):
            return function(connection)

    return await datasette.get_database("archive").execute_fn(bounded)


def xml(body: bytes, kind: str = "application/xml") -> Response:
    """Return an XML document."""
    return Response(body.decode(), content_type=f"{kind}; charset=utf-8", headers={"cache-control": "max-age=600"})


async def feed(request: Any, datasette: Any) -> Response:
    """The reports collected last: all, or of a province, of an issuer, with certain words."""
    asked = {
        name: (request.args.get(short) or "").strip()
        for name, short in (("province", "province"), ("issuer", "issuer"), ("query", "q"))
    }
    rows = await read(datasette, lambda connection: newest(connection, **asked))
    given = {("q" if name == "query" else name): value for name, value in asked.items() if value}
    absolute = whole(request, datasette)
    title = "法治政府建设情况报告档案：新收报告" + "".join(f" · {value[:50]}" for value in given.values())
    own = absolute("feed.atom") + (f"?{urlencode(given)}" if given else "")
    return xml(atom(rows, title=title, own=own, home=absolute(""), absolute=absolute), "application/atom+xml")


async def index(request: Any, datasette: Any) -> Response:
    """The index of the sitemaps."""
    return xml(sitemap_index(await read(datasette, parts), whole(request, datasette)))


async def part(request: Any, datasette: Any) -> Response:
    """The sitemap of the fixed pages, or one of the reports."""
    name = request.url_vars["part"]
    addresses = (
        [(path, None) for path in PAGES] if name == "pages" else await read(datasette, lambda c: reports_of(c, int(name)))
    )
    if not addresses:
        raise NotFound("没有这个站点地图。")
    return xml(sitemap(addresses, whole(request, datasette)))


async def robots(request: Any, datasette: Any) -> Response:
    """What crawlers may read: pages, not what has no end."""
    prefix = datasette.urls.path("").rstrip("/")
    lines = [
        "User-agent: *",
        *(f"Disallow: {prefix}{path}" for path in ENDLESS),
        "",
        f"Sitemap: {whole(request, datasette)('sitemap.xml')}",
    ]
    return Response.text("\n".join(lines) + "\n")
