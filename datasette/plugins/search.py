"""The search page: /search, its counts, and its hits as CSV and JSONL."""

import csv
import json
import sqlite3
from collections import Counter
from collections.abc import Callable
from io import StringIO
from typing import Any
from urllib.parse import urlencode

from datasette import Response, hookimpl
from datasette.utils import sqlite_timelimit
from datasette.utils.asgi import AsgiStream

from archive.asked import SIZES, SORTS, Asked
from archive.finding import HIT, alone, anything, counts, hits, index_for, places, rows
from archive.read import choices, newest
from archive.search import MARK_END, MARK_START, RANKED

SLOW = "这次检索超过了时间限制，请换一个更具体的词，或加上筛选条件。"
NOTHING_TO_FIND = "检索词里没有要找的词：只有运算符、标点，或只有要排除的词。请加上一个要找的词。"
#: Hits of a download that are read at once.
BATCH = 250
#: Longest address of the SQL page that is offered, bytes.
LONGEST = 15_000
TYPES = {"csv": "text/csv; charset=utf-8", "jsonl": "application/x-ndjson; charset=utf-8"}


@hookimpl
def register_routes() -> list[tuple[str, Any]]:
    return [(r"^/search$", search_page), (r"^/search/counts$", counts_page), (r"^/search\.(?P<form>csv|jsonl)$", download)]


class Refused(Exception):
    """The question cannot be answered; the message says why."""


async def read(datasette: Any, function: Callable[[sqlite3.Connection], Any]) -> Any:
    """Run a function on a connection within the time limit of the site."""

    def limited(connection: sqlite3.Connection) -> Any:
        with sqlite_timelimit(connection, datasette.setting("sql_time_limit_ms")):
            return function(connection)

    try:
        return await datasette.get_database("archive").execute_fn(limited)
    except sqlite3.OperationalError as error:
        if "interrupted" in str(error) or "user-defined" in str(error):
            raise Refused(SLOW) from None
        raise


def asked_of(request: Any) -> Asked:
    """Return the question of a request."""
    try:
        asked = Asked.of({name: request.args.get(name) for name in request.args})
    except ValueError as error:
        raise Refused(str(error)) from None
    if asked.q and not anything(asked):
        raise Refused(NOTHING_TO_FIND)
    return asked


async def search_page(request: Any, datasette: Any) -> Response:
    """Show the form; with words, a page of hits; 400 with a sentence where the question cannot be answered."""
    context: dict[str, Any] = {"sizes": SIZES, "sorts": SORTS, "most": RANKED, "choices": {"years": [], "places": {}}}
    asked, problem = Asked(q=(request.args.get("q") or "")[:1000]), ""
    try:
        asked = asked_of(request)
        if asked.q:
            context |= await read(datasette, lambda connection: found(connection, asked))
        else:
            context["newest"] = await read(datasette, lambda connection: newest(connection, 5))
    except Refused as error:
        problem = str(error)
    try:
        context["choices"] = await read(
            datasette, lambda connection: choices(connection) | {"places": places(connection, asked)}
        )
    except Refused as error:  # the page stands without them
        problem = problem or str(error)
    context |= {"asked": asked, "problem": problem}
    page = await datasette.render_template("search.html", context, request=request)
    return Response.html(page, status=400 if problem else 200)


def found(connection: sqlite3.Connection, asked: Asked) -> dict[str, Any]:
    """Return the hits of a page with their number; where there are none, how many each word has alone."""
    statement = hits(asked, index_for(connection, asked))
    shown = rows(connection, statement)
    context: dict[str, Any] = {"hits": shown, "matches": shown[0]["matches"] if shown else 0, "sql": statement.sql}
    context["sql_values"] = statement.values
    query = urlencode({"sql": statement.sql, **statement.values})
    context["sql_query"] = query if len(query) < LONGEST else ""
    if not shown and asked.page == 1:
        context["words_alone"] = [(word, rows(connection, each)[0]["matches"]) for word, each in alone(asked)]
    return context


def tally(connection: sqlite3.Connection, asked: Asked) -> list[dict[str, Any]]:
    """Return how many reports match in each year and province."""
    return rows(connection, counts(asked, index_for(connection, asked)))


async def counts_page(request: Any, datasette: Any) -> Response:
    """Show how many reports match, by year and by province."""
    context: dict[str, Any] = {"asked": Asked(), "problem": ""}
    try:
        context["asked"] = asked = asked_of(request)
        counted = await read(datasette, lambda connection: tally(connection, asked)) if asked.q else []
        context |= {name: tallied(counted, name) for name in ("report_year", "province")}
    except Refused as error:
        context["problem"] = str(error)
    page = await datasette.render_template("search-counts.html", context, request=request)
    return Response.html(page, status=400 if context["problem"] else 200)


def tallied(counted: list[dict[str, Any]], name: str) -> list[tuple[Any, int]]:
    """Return a column's values with their reports: years in their order, provinces the most first; unknown ones last."""
    tally: Counter[Any] = Counter()
    for row in counted:
        tally[row[name]] += row["reports"]
    known = [(value, n) for value, n in tally.items() if value is not None]
    known.sort(key=lambda pair: pair[0] if name == "report_year" else (-pair[1], pair[0]))
    return [*known, *((value, n) for value, n in tally.items() if value is None)]


async def download(request: Any, datasette: Any) -> Any:
    """Send all hits, up to 10,000, batch by batch."""
    form = request.url_vars["form"]
    try:
        asked = asked_of(request)
        if not asked.q:
            raise Refused("请给出检索词：参数 q。")
        first = await batch(datasette, asked, 0)
    except Refused as error:
        return Response.text(f"{error}\n", status=400)

    async def send(writer: Any) -> None:
        await writer.write(written(form, None) if form == "csv" else "")
        part, offset = first, 0
        while part:
            await writer.write("".join(written(form, hit) for hit in part))
            offset += len(part)
            part = await batch(datasette, asked, offset) if len(part) == BATCH and offset < RANKED else []

    headers = {"content-disposition": f'attachment; filename="fazhi-search.{form}"'}
    return AsgiStream(send, headers=headers, content_type=TYPES[form])


async def batch(datasette: Any, asked: Asked, offset: int) -> list[dict[str, Any]]:
    """Return the hits from an offset, without marks."""

    def asked_for(connection: sqlite3.Connection) -> list[dict[str, Any]]:
        limit = min(BATCH, RANKED - offset)
        return rows(connection, hits(asked, index_for(connection, asked), offset=offset, limit=limit))

    part: list[dict[str, Any]] = await read(datasette, asked_for)
    for hit in part:
        hit["snippet"] = hit["snippet"].replace(MARK_START, "").replace(MARK_END, "")
    return [{name: hit[name] for name in HIT} for hit in part]


def written(form: str, hit: dict[str, Any] | None) -> str:
    """Return one line of a download; without a hit, the names of the columns."""
    if form == "jsonl":
        return json.dumps(hit, ensure_ascii=False) + "\n"
    stream = StringIO()
    csv.writer(stream, lineterminator="\n").writerow(hit.values() if hit else HIT)
    return stream.getvalue()
