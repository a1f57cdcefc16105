"""Writes the generated pages of docs/ from the code: `make docs`. A test says when they are behind."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

import click

from archive.coverage import STATUSES as COVERAGE
from archive.decisions import KINDS
from archive.health import SITE_REASONS
from archive.health import STATUSES as SITES
from archive.indicators import RULES as INDICATORS
from archive.raw import REASONS
from archive.schema import TABLES
from cleaning import document
from cleaning.document import Document
from cleaning.rules.catalogue import RULES
from cleaning.rules.reasons import PASS_REASONS, RULE_REASONS
from crawler.registry import load_sites
from fazhi import main as fazhi

HERE = Path(__file__).resolve().parent
TYPES = {int: "integer", float: "number", str: "text"}
REPORTS = {
    "live": "on the site when last seen",
    "withdrawn": "no longer on the site, at none of its addresses",
    "removed": "taken out on request: the row stays, the text does not",
}
RELATIONS = {
    "canonical": "the place that speaks for the report: the issuer's own host, else the earliest",
    "copy": "the same report elsewhere",
    "excerpt": "a part of the report",
    "version": "the report with another text",
    "attachment": "a file of the page that is its parent",
}
CAUSES = {
    "first": "the first text",
    "changed": "the text changed in place",
    "republished": "another text of the report elsewhere",
}
VERDICTS = {
    "same": "one report",
    "excerpt": "a part of the other",
    "version": "the same issuer and year, otherwise changed",
    "similar": "alike, and not the same: another year or issuer",
    "different": "kept apart by a person",
}


def table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """Return a Markdown table."""
    lines = [head, tuple("---" for _ in head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in line)} |" for line in lines)


def document_rows() -> list[tuple[str, str]]:
    """Return the fields of a Document with their meaning, read from the comments beside them."""
    lines = Path(document.__file__).read_text("utf-8").splitlines()
    start = lines.index("class Document:")
    found = []
    for name in Document.__dataclass_fields__:
        line = next(line for line in lines[start:] if line.startswith(f"    {name}: "))
        found.append((f"`{name}`", line.partition("#: ")[2] or "see `reports`"))
    return found


def columns() -> str:
    """Return docs/columns.md."""
    parts = [
        "# Tables and columns",
        "Written by docs/generate.py from archive/schema.py and cleaning/document.py. Do not edit.",
        "archive.db is SQLite. Times are UTC (`2026-01-31T12:00:00.000Z`), dates `YYYY-MM-DD`, offsets count characters.",
    ]
    for name, about in TABLES.items():
        rows = [(f"`{column}`", TYPES[kind], meaning) for column, (kind, meaning) in about.columns.items()]
        key = about.pk or ""
        keys = f" Key: {', '.join(f'`{one}`' for one in ((key,) if isinstance(key, str) else key))}." if key else ""
        parts += [f"## {name}", f"{about.about}{keys}", table(("column", "type", "meaning"), rows)]
    parts += [
        "## The Document",
        "What `fazhi clean --format json` prints: what one page or attachment says.",
        table(("field", "meaning"), document_rows()),
    ]
    return "\n\n".join(parts) + "\n"


def words() -> str:
    """Return docs/words.md."""
    lists: list[tuple[str, str, Mapping[str, str]]] = [
        ("Why a page is no report", "`rejected.reason`, and `genre` of a Document (besides `report`).", document.REJECTIONS),
        ("Why an address brought nothing", "`attempts.reason` of the raw store.", REASONS),
        ("Why a site is not ok", "`sites.reason`: the reasons above, and", dict(list(SITE_REASONS.items())[len(REASONS) :])),
        ("How a site does", "`sites.status`.", SITES),
        ("Quality flags", "`reports.quality_flags`, a JSON list.", document.QUALITY_FLAGS),
        ("Where a field was found", "`field_sources` of a Document.", document.FIELD_SOURCES),
        ("Status of a report", "`reports.status`.", REPORTS),
        ("Coverage", "`coverage.status`.", COVERAGE),
        ("Sources", "`sources.relation`.", RELATIONS),
        ("Versions", "`versions.cause`.", CAUSES),
        ("Verdicts", "`verdicts.verdict`.", VERDICTS),
        (
            "Indicators",
            "`indicators.name`; [indicators.md](indicators.md) tells more.",
            {n: r.meaning for n, r in INDICATORS.items()},
        ),
        ("Decisions", "`decision` in decisions.jsonl.", KINDS),
    ]
    parts = [
        "# Word lists",
        "Written by docs/generate.py from the code. Do not edit. The lists are closed: a new word comes with its line here.",
    ]
    for title, where, meanings in lists:
        rows = ((f"`{word}`", meaning) for word, meaning in meanings.items())
        parts += [f"## {title}", where, table(("word", "meaning"), rows)]
    plain = {
        "`reports.title_source`": document.TITLE_SOURCES,
        "`reports.year_source`": document.YEAR_SOURCES,
        "`reports.issuer_type`": document.ISSUER_TYPES,
        "`reports.level`": document.LEVELS,
        "`reports.division_method`": document.DIVISION_METHODS,
        "`reports.source_format`": document.SOURCE_FORMATS,
        "`sections.kind`": document.SECTION_KINDS,
        "keys of `fields`": document.LABELS,
    }
    rules = {rule.name: rule.place for rule in RULES}
    reasons = RULE_REASONS | PASS_REASONS
    lines = ((f"`{name}`", rules.get(name, "its own pass"), reason) for name, reason in reasons.items())
    parts += ["## Rules", "`rule` of a dropped line. The places are explained in [cleaning.md](cleaning.md#rules)."]
    parts += [table(("rule", "place", "drops"), lines)]
    rows = ((where, ", ".join(values)) for where, values in plain.items())
    parts += ["## Shorter lists", table(("where", "words"), rows)]
    return "\n\n".join(parts) + "\n"


def commands() -> str:
    """Return docs/commands.md: the help of every command, as the terminal shows it."""
    parts = ["# Commands", "Written by docs/generate.py from the commands' own help. Do not edit."]
    for name, text in helps(fazhi, "fazhi", None):
        parts += [f"## {name}", f"```\n{text.strip()}\n```"]
    return "\n\n".join(parts) + "\n"


def helps(command: click.Command, name: str, parent: click.Context | None) -> Iterator[tuple[str, str]]:
    """Yield (name, help) of a command and those below it."""
    settings = {**command.context_settings, "terminal_width": 100, "max_content_width": 100}
    context = click.Context(command, info_name=name.split()[-1], parent=parent, **settings)
    yield name, command.get_help(context)
    if isinstance(command, click.Group):
        for below in command.list_commands(context):
            if found := command.get_command(context, below):
                yield from helps(found, f"{name} {below}", context)


def sites() -> str:
    """Return docs/sites.md: the registry that ships."""
    found = load_sites()
    rows = ((f"`{site.id}`", site.name, site.code, site.dialect or "detected", site.home) for site in found)
    parts = [
        "# Sites that ship",
        f"Written by docs/generate.py from crawler/sites/*.yaml. Do not edit. {len(found)} entries.",
        table(("id", "name", "code", "dialect", "home"), rows),
    ]
    return "\n\n".join(parts) + "\n"


PAGES = {"columns": columns, "words": words, "commands": commands, "sites": sites}


def main(folder: Path) -> None:
    """Write every page into a folder."""
    for name, page in PAGES.items():
        (folder / f"{name}.md").write_text(page(), "utf-8")


if __name__ == "__main__":
    main(Path(sys.argv[1]) if len(sys.argv) > 1 else HERE)
