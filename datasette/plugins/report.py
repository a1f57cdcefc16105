"""A report and what hangs on it: its page, JSON, text and citations, its versions, and the archived copies of its sources."""

import asyncio
import re
import sqlite3
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from weakref import WeakKeyDictionary

from datasette import NotFound, Response, hookimpl
from datasette.utils import add_cors_headers
from markupsafe import Markup

from archive.citations import bibtex, gbt7714, reference, ris
from archive.differences import difference
from archive.layout import blocks
from archive.read import standing
from archive.replay import NotKept, kept, replay
from archive.reportpage import report, source_of, version_texts, versions

BEIJING = timedelta(hours=8)
#: Characters of a copy that are shown, and of a report that stand in the description of its page.
SHOWN, DESCRIBED = 300_000, 160
#: What a browser may do with bytes that somebody else wrote: nothing.
INERT = {
    "X-Content-Type-Options": "nosniff",
    "Content-Security-Policy": "default-src 'none'; sandbox",
    "Referrer-Policy": "no-referrer",
}


#: Templates that are rendered in a thread: a hostile text has 150,000 paragraphs, and all readers would wait for it.
IN_THREADS: WeakKeyDictionary[Any, Any] = WeakKeyDictionary()


@hookimpl
def prepare_jinja2_environment(env: Any, datasette: Any) -> None:
    IN_THREADS[datasette] = env.overlay(enable_async=False)


async def part(datasette: Any, template: str, **values: Any) -> Markup:
    """Render a part of a page."""
    return Markup(await asyncio.to_thread(IN_THREADS[datasette].get_template(template).render, values))


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [
        (r"^/report/(?P<identifier>[^/]+?)(?:\.(?P<form>json|txt|bib|ris))?$", report_page),
        (r"^/report/(?P<identifier>[^/]+)/versions$", versions_page),
        (r"^/report/(?P<identifier>[^/]+)/source/(?P<source>[^/]+?)(?:(?P<form>\.txt|/download))?$", source_page),
    ]


async def opened(request: Any, datasette: Any, read: Callable[[sqlite3.Connection, str], Any]) -> Any:
    """Return what `read` finds of a report, or a Response: 302 from another identifier, 410 where it was removed.

    Raises:
        NotFound: no report has this identifier.
    """
    identifier = request.url_vars["identifier"]

    def look(connection: sqlite3.Connection) -> tuple[tuple[str, str] | None, Any]:
        found = standing(connection, identifier)
        wanted = found and found[0] == identifier and found[1] != "removed"
        return found, read(connection, identifier) if wanted else None

    found, page = await datasette.get_database("archive").execute_fn(look)
    if found is None:
        raise NotFound(f"档案中没有编号为 {identifier[:80]} 的报告。")
    report_id, status = found
    if report_id != identifier:
        tail = request.path.partition(identifier)[2] + (f"?{request.query_string}" if request.query_string else "")
        return Response.redirect(datasette.urls.path(f"/report/{report_id}{tail}"))
    if status != "removed":
        return page
    if request.url_vars.get("form"):
        return answered(datasette, Response.json({"report_id": report_id, "status": status}, status=410))
    removed = await datasette.render_template("removed.html", {"report": {"report_id": report_id}}, request=request)
    return Response.html(removed, status=410)


def answered(datasette: Any, response: Response) -> Response:
    """Return data that pages of other sites may read where Datasette's own may be (`datasette --cors`)."""
    if datasette.cors:
        add_cors_headers(response.headers)
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response


def raw_folder(datasette: Any) -> Path:
    """Return the folder data/raw beside the archive, whether it is there or not."""
    return Path(datasette.get_database("archive").path).parent / "raw"


async def report_page(request: Any, datasette: Any) -> Response:
    """Show a report, or give it as JSON, text, BibTeX or RIS."""
    page = await opened(request, datasette, report)
    if isinstance(page, Response):
        return page
    permalink = datasette.absolute_url(request, datasette.urls.path(f"/report/{page['report_id']}"))
    cited = reference(page, permalink, (datetime.now(UTC) + BEIJING).date())
    form = request.url_vars.get("form")
    if form == "json":
        flags = page.pop("flags")
        return answered(datasette, Response.json({**page, "quality_flags": flags, "permalink": permalink}))
    if form == "txt":
        return answered(datasette, Response.text(page["text"] or ""))
    if form:
        body, kind = (
            (bibtex(cited), "application/x-bibtex") if form == "bib" else (ris(cited), "application/x-research-info-systems")
        )
        name = {"Content-Disposition": f'attachment; filename="{page["report_id"]}.{form}"'}
        return answered(datasette, Response(body, headers=name, content_type=f"{kind}; charset=utf-8"))
    raw = raw_folder(datasette)
    for source in page["sources"]:
        source["kept"] = kept(raw, source) is not None
    text = page["text"] or ""
    found = blocks(text, page["sections"], page["figures"])
    context = {
        "report": page,
        "headings": [block for block in found if 0 < block.depth < 3],
        "text": await part(datasette, "_report_text.html", blocks=found, figures=page["figures"]),
        "permalink": permalink,
        "cited": cited,
        "citations": {"GB/T 7714-2015": gbt7714(cited), "BibTeX": bibtex(cited), "RIS": ris(cited)},
        "description": " ".join(text[:DESCRIBED].split()),
    }
    return Response.html(await datasette.render_template("report.html", context, request=request))


async def versions_page(request: Any, datasette: Any) -> Response:
    """List the versions of a report, and show how one became another: `?from=1&to=2`, else the newest two."""
    page = await opened(request, datasette, versions)
    if isinstance(page, Response):
        return page
    known = [version["n"] for version in page["versions"]]
    numbers = known[-2:]
    for place, name in enumerate(("from", "to")):
        if (asked := request.args.get(name)) and len(numbers) == 2:
            if not re.fullmatch("[0-9]{1,9}", asked) or int(asked) not in known:
                return await refused(request, datasette, f"这份报告没有编号为 {asked[:20]} 的版本。", 400)
            numbers[place] = int(asked)
    shown, changed = None, False
    if len(numbers) == 2:
        report_id, pair = page["report_id"], (numbers[0], numbers[1])
        texts = await datasette.get_database("archive").execute_fn(lambda found: version_texts(found, report_id, pair))
        changes = await asyncio.to_thread(difference, *texts)
        changed = texts[0] != texts[1]
        shown = await part(datasette, "_difference.html", changes=changes)
    context = {"report": page, "numbers": numbers, "difference": shown, "changed": changed}
    return Response.html(await datasette.render_template("versions.html", context, request=request))


async def source_page(request: Any, datasette: Any) -> Response:
    """Show the archived copy of a source: what it is and its words; as plain text (.txt); its bytes (/download)."""
    name, form = request.url_vars["source"], request.url_vars.get("form")
    source = await opened(request, datasette, lambda connection, report_id: source_of(connection, report_id, name))
    if isinstance(source, Response):
        return source
    if source is None:
        raise NotFound(f"这份报告没有编号为 {name[:80]} 的出处。")
    try:
        copy = await asyncio.to_thread(replay, raw_folder(datasette), source)
    except NotKept as problem:
        return await refused(request, datasette, str(problem), 404)
    if form == "/download":
        headers = {**INERT, "Content-Disposition": f'attachment; filename="{source["source_id"]}.{copy.extension}"'}
        return Response(copy.payload, headers=headers, content_type="application/octet-stream")
    if form == ".txt" and not copy.is_text:
        return await refused(request, datasette, "这份存档不是网页或文本文件，请下载原件。", 404)
    if form == ".txt":
        text = await asyncio.to_thread(copy.decoded)
        return Response(text.encode("utf-8", "replace"), headers=dict(INERT), content_type="text/plain; charset=utf-8")
    words = await asyncio.to_thread(copy.words) if copy.is_text else ""
    context = {"source": source, "copy": copy, "words": words[:SHOWN], "cut": len(words) > SHOWN}
    return Response.html(await datasette.render_template("source.html", context, request=request))


async def refused(request: Any, datasette: Any, sentence: str, status: int) -> Response:
    """Answer with one sentence."""
    page = await datasette.render_template("error.html", {"status": status, "error": sentence}, request=request)
    return Response.html(page, status=status)
