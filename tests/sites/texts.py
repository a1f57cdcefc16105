"""The texts of the sample sites: reports, pages of near genres and other documents, read from files beside this one."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

import yaml

HERE = Path(__file__).resolve().parent

#: Where other documents end and begin: newest first, from LAST back to FIRST.
FIRST, LAST = date(2021, 9, 1), date(2025, 9, 12)


@dataclass(frozen=True, kw_only=True)
class Text:
    """A document of the sample world, whatever page it stands on."""

    slug: str
    title: str
    lines: tuple[str, ...]
    published: date
    signed: date | None = None
    issuer: str = ""
    year: int = 0
    index_number: str = ""
    document_number: str = ""
    reason: str = ""  #: why it is no report; "" for a report
    list_title: str = ""  #: what a list shows where it is not the title


@cache
def load(name: str) -> Any:
    """Return what a YAML file of this folder holds."""
    return yaml.safe_load((HERE / name).read_text("utf-8"))


@cache
def reports() -> dict[str, Text]:
    """Return the reports by slug, in the order of their slugs.

    Raises:
        ValueError: a file has no front matter, or it lacks a key.
    """
    return {path.stem: _report(path) for path in sorted((HERE / "reports").glob("*.md"))}


def _report(path: Path) -> Text:
    parts = re.split(r"^---\n", path.read_text("utf-8"), maxsplit=2, flags=re.MULTILINE)
    if len(parts) != 3 or parts[0]:
        raise ValueError(f"{path.name}: must begin with front matter between two lines of ---")
    front = yaml.safe_load(parts[1])
    if missing := {"title", "issuer", "year", "published"} - set(front):
        raise ValueError(f"{path.name}: the front matter lacks {', '.join(sorted(missing))}")
    lines = tuple(line.rstrip() for line in parts[2].splitlines() if line.strip())
    return Text(slug=path.stem, lines=lines, **front)


@cache
def others() -> dict[str, Text]:
    """Return the pages of near genres by slug."""
    entries = load("others.yaml")
    return {
        slug: Text(slug=slug, lines=tuple(e.pop("text").splitlines()), **e)
        for slug, e in ((s, {**e}) for s, e in entries.items())
    }


def fillers(column: str, count: int, *, place: str, short: str) -> list[Text]:
    """Make documents that have nothing to do with the reports, spread evenly over the years.

    Args:
        column: the column they stand in; part of their slugs.
        count: how many.
        place: the government's name.
        short: its short name.
    """
    stock = load("filler.yaml")
    step = (LAST - FIRST) / max(count, 1)
    made = []
    for n in range(count):
        day = LAST - n * step
        values = {"place": place, "short": short, "year": day.year, "n": n % 4 + 1}
        lines = [stock["paragraphs"][(n + k) % len(stock["paragraphs"])].format(**values) for k in (0, 2, 3)]
        title = stock["titles"][n * 7 % len(stock["titles"])].format(**values)
        made.append(Text(slug=f"{column}-{n}", title=title, lines=tuple(lines), published=day))
    return made
