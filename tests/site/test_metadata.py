"""metadata.yaml, datasette.yaml and settings.json say the same, and what the schema and the search say."""

import json
import runpy
from typing import Any

import pytest
import yaml

from archive.schema import TABLES
from archive.search import SEARCH_SQL
from archive.who_reported import WHO_REPORTED_SQL
from cleaning import document
from tests.site.conftest import SITE

METADATA: dict[str, Any] = yaml.safe_load((SITE / "metadata.yaml").read_text("utf-8"))
CONFIG: dict[str, Any] = yaml.safe_load((SITE / "datasette.yaml").read_text("utf-8"))
ARCHIVE = METADATA["databases"]["archive"]
TEXTS = ("title", "description", "columns")


def test_every_table_and_column_is_described() -> None:
    described = {name: list(table["columns"]) for name, table in ARCHIVE["tables"].items() if not table.get("hidden")}
    assert described == {name: list(table.columns) for name, table in TABLES.items()}
    for table in ARCHIVE["tables"].values():
        assert table.get("hidden") or (table["title"] and table["description"] and all(table["columns"].values()))


def test_both_versions_read_the_same() -> None:
    assert CONFIG["settings"] == json.loads((SITE / "settings.json").read_text("utf-8"))
    facts = {name: {k: v for k, v in table.items() if k not in TEXTS} for name, table in ARCHIVE["tables"].items()}
    assert CONFIG["databases"]["archive"]["tables"] == {name: table for name, table in facts.items() if table}
    assert CONFIG["databases"]["archive"]["queries"] == ARCHIVE["queries"]


@pytest.mark.parametrize(("name", "sql"), [("search", SEARCH_SQL), ("who_reported", WHO_REPORTED_SQL)])
def test_a_query_is_that_of_the_command(name: str, sql: str) -> None:
    assert ARCHIVE["queries"][name]["sql"].strip() == sql.strip()
    assert all(f":{parameter}" in sql for parameter in ARCHIVE["queries"][name]["params"])


def test_every_coded_word_has_its_chinese() -> None:
    words = runpy.run_path(str(SITE / "plugins" / "words.py"))["WORDS"]
    for name, known in (
        ("level", document.LEVELS),
        ("issuer_type", document.ISSUER_TYPES),
        ("source_format", document.SOURCE_FORMATS),
        ("title_source", document.TITLE_SOURCES),
        ("year_source", document.YEAR_SOURCES),
        ("division_method", document.DIVISION_METHODS),
        ("kind", document.SECTION_KINDS),
        ("flag", document.QUALITY_FLAGS),
    ):
        assert set(words[name]) == set(known), name
