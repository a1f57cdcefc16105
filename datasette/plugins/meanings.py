"""What tables and columns mean, in English: the schema's own words. The Chinese ones are in metadata.yaml."""

from typing import Any

from datasette import hookimpl

from archive.schema import TABLES


def about_of(table: str) -> str:
    """Return what a table holds; "" for one that is not of the archive."""
    return TABLES[table].about if table in TABLES else ""


def meaning_of(table: str, column: str) -> str:
    """Return what a column means; "" for one that is not of the archive."""
    return TABLES[table].columns.get(column, (str, ""))[1] if table in TABLES else ""


@hookimpl
def prepare_jinja2_environment(env: Any) -> None:
    env.globals |= {"about_of": about_of, "meaning_of": meaning_of}
