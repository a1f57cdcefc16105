"""What tables and columns mean, in English: the schema's own words. The Chinese ones are in metadata.yaml."""

import re
from typing import Any

from datasette import hookimpl
from markupsafe import Markup, escape

from archive.schema import TABLES

CHINESE = re.compile("[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]+")


def with_terms(text: str) -> Markup:
    """Return an English text with its Chinese terms marked as such, for screen readers."""
    return Markup(CHINESE.sub(r'<span lang="zh-CN">\g<0></span>', str(escape(text))))


def about_of(table: str) -> str:
    """Return what a table holds; "" for one that is not of the archive."""
    return TABLES[table].about if table in TABLES else ""


def meaning_of(table: str, column: str) -> Markup:
    """Return what a column means; "" for one that is not of the archive."""
    return with_terms(TABLES[table].columns.get(column, (str, ""))[1] if table in TABLES else "")


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.globals |= {"about_of": about_of, "meaning_of": meaning_of}
