"""What `fazhi search` prints: hits for a terminal, as JSON or as CSV."""

from __future__ import annotations

import csv
import json
import unicodedata
from io import StringIO
from typing import Any

import click

from archive.search import HIT, MARK_END, MARK_START, RANKED


def hits_as(form: str, found: dict[str, Any]) -> str:
    """Return the answer of `archive.search.search` as text that ends in a line end.

    Args:
        form: text (hits in bold), json or csv (both without marks).
        found: the answer.
    """
    if form == "text":
        return _readable(found)
    found = {**found, "hits": [{**hit, "snippet": _marked(hit["snippet"], "", "")} for hit in found["hits"]]}
    if form == "json":
        return json.dumps(found, ensure_ascii=False, indent=2) + "\n"
    stream = StringIO()
    writer = csv.DictWriter(stream, HIT, lineterminator="\n")
    writer.writeheader()
    writer.writerows(found["hits"])
    return stream.getvalue()


def _readable(found: dict[str, Any]) -> str:
    if not found["hits"]:
        return f"No report matches {printable(found['query'])!r}.\n"
    shown, total = len(found["hits"]), found["total"]
    count = f"{total:,} report{'s' * (total != 1)}"
    if found["capped"]:
        count = f"more than {RANKED:,} reports, newest first: add a word to rank them"
    lines = [f"{count} ({shown} shown)\n" if shown < total else f"{count}\n"]
    for n, hit in enumerate(found["hits"], 1):
        facts = (hit["report_year"], hit["issuer"], hit["published_date"], hit["report_id"])
        lines += [f"{n}. {click.style(printable(hit['title'] or '(no title)'), bold=True)}"]
        lines += [f"   {' · '.join(printable(str(fact)) for fact in facts if fact)}"]
        lines += [f"   {_marked(printable(hit['snippet']), BOLD, PLAIN)}", f"   {printable(hit['url'] or '')}\n"]
    return "\n".join(lines)


BOLD, PLAIN = click.style("|", bold=True).split("|")


def _marked(snippet: str, start: str, end: str) -> str:
    return snippet.replace(MARK_START, start).replace(MARK_END, end)


def printable(text: str) -> str:
    """Return the text without control characters: a title must not command the terminal."""
    return "".join(character for character in text if unicodedata.category(character) not in ("Cc", "Cf"))
