"""Cells of tables and query results: hits marked, identifiers linked; JSON and CSV stay plain."""

import re
from typing import Any

from datasette import hookimpl
from markupsafe import Markup, escape

from archive.search import MARK_END, MARK_START, zh_snippet

IDENTIFIER = re.compile("fz[0-9a-f]{16}")
HIT = re.compile(f"{MARK_START}([^{MARK_START}{MARK_END}]*){MARK_END}")
COLUMNS = ("report_id", "source_id", "parent_id", "text_source_id", "source_a", "source_b")


def marked(text: str) -> Markup:
    """Return the text escaped, with its hits in <mark>; a mark without its partner is somebody else's and is dropped."""
    pairs = HIT.sub(r"<mark>\1</mark>", str(escape(text)))
    return Markup(pairs.replace(MARK_START, "").replace(MARK_END, ""))


@hookimpl
def render_cell(value: Any, column: str, datasette: Any) -> Markup | None:
    if not isinstance(value, str):
        return None
    if column in COLUMNS and IDENTIFIER.fullmatch(value):
        return Markup('<a href="{}">{}</a>').format(datasette.urls.path(f"/report/{value}"), value)
    if MARK_START in value:
        return marked(value)
    return None


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.filters["marked"] = marked
    env.globals["snippet"] = zh_snippet
