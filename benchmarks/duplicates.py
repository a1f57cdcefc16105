"""Precision and recall of the rule for duplicates: on the labelled pairs, and in a whole archive with planted copies."""

from __future__ import annotations

import os
import sqlite3
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from time import process_time
from typing import Any

if __name__ == "__main__":  # a script's own folder stands first in the path, where cleaning.py would hide the package
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import click

from archive.build import build
from archive.ids import normalise, source_id
from archive.raw import RawStore
from archive.verdicts import Side, judge
from archive.warc import Capture
from benchmarks.deduplicators import DEDUPLICATORS
from benchmarks.planted import COPIES, EXCERPTS, VERSIONS, Planted, Planting, arrivals
from tests.pairs.labelled import RIGHT, pairs

#: relation that a planted class should have in its report
RELATIONS = {**dict.fromkeys(COPIES, "copy"), **dict.fromkeys(EXCERPTS, "excerpt"), **dict.fromkeys(VERSIONS, "version")}
PAGE = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 4096

Row = Sequence[object]


def labelled() -> None:
    """Print how the rule judges the labelled pairs, class by class."""
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    given: dict[str, Counter[str]] = defaultdict(Counter)
    began = process_time()
    for pair in pairs():
        a, b = (Side(text=one.text, year=one.year, issuer=one.issuer, code=one.code) for one in (pair.a, pair.b))
        verdict = judge(a, b).verdict
        right = verdict in RIGHT[pair.label]
        dated = bool(a.year and b.year)
        seen = {"pairs": True, "right": right, "dated": dated, "right_dated": right and dated, verdict: True}
        counts[pair.cls].update([name for name, yes in seen.items() if yes])
        given[verdict].update([name for name in ("pairs", "right") if seen[name]])
    verdicts = ("same", "excerpt", "version", "similar", "different")
    rows = [
        (cls, n["pairs"], share(n["right"], n["pairs"]), n["dated"], share(n["right_dated"], n["dated"]), *map(n.get, verdicts))
        for cls, n in counts.items()
    ]
    show(("class", "pairs", "right", "both years known", "right of these", *verdicts), rows)
    for verdict in verdicts:
        n = given[verdict]
        click.echo(f"{verdict}: precision {share(n['right'], n['pairs'])} of {n['pairs']} pairs")
    total = sum(n["pairs"] for n in counts.values())
    click.echo(f"{total / (process_time() - began):.0f} pairs/s, writing the texts included\n")


class Watch:
    """Follows a build: CPU time and resident memory of each stage."""

    def __init__(self) -> None:
        self.last = process_time()
        self.stages: dict[str, list[tuple[float, int, float]]] = defaultdict(list)  #: seconds, done so far, MB

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note: what `build` calls."""
        now = process_time()
        self.stages[stage].append((now - self.last, done, resident()))
        self.last = now

    def rows(self, documents: int) -> list[Row]:
        """Return stage, documents, documents/s, memory at half its time and at its end."""
        rows = []
        for stage, ticks in self.stages.items():
            seconds = sum(tick[0] for tick in ticks)
            rows.append(
                (stage, documents, f"{documents / seconds:.0f}", f"{ticks[len(ticks) // 2][2]:.0f}", f"{ticks[-1][2]:.0f}")
            )
        return rows


def resident() -> float:
    """Return this process's resident memory now, MB; 0 where the system does not tell."""
    statm = Path("/proc/self/statm")
    return int(statm.read_text().split()[1]) * PAGE / 1e6 if statm.exists() else 0


def make(data: Path, captures: Iterator[Capture], registry: Iterable[dict[str, Any]], *, size: int) -> Watch:
    """Store captures and build after so many of them, again and again; return the stages of the last build."""
    watch = Watch()
    while first := next(captures, None):
        with RawStore(data / "raw") as raw, raw.writer("benchmark") as writer:
            for capture in chain([first], islice(captures, size - 1)):
                writer.write(capture)
        watch = Watch()
        build(data, registry, jobs=1, progress=watch)
    return watch


def homes(data: Path) -> dict[str, tuple[str, str]]:
    """Return report id and relation of every source, by its id."""
    with closing(sqlite3.connect(data / "archive.db")) as db:
        rows = db.execute("select source_id, report_id, relation from sources")
        return {source: (report, relation) for source, report, relation in rows}


def groups(found: dict[str, tuple[str, str]]) -> set[frozenset[str]]:
    """Return which sources are of one report."""
    members: dict[str, set[str]] = defaultdict(set)
    for source, (report, _) in found.items():
        members[report].add(source)
    return set(map(frozenset, members.values()))


def scored(planted: Sequence[Planted], found: dict[str, tuple[str, str]]) -> list[Row]:
    """Return the rows of the classes: planted, read as reports, in their report, rightly related, beside a foreign one."""
    versioned = {page.truth for page in planted if page.cls in VERSIONS}
    at = {page.url: source_id(normalise(page.url)) for page in planted}
    home = {page.truth: found[at[page.url]][0] for page in planted if page.cls == "base" and at[page.url] in found}
    truths: dict[str, set[str]] = defaultdict(set)
    for page in planted:
        if at[page.url] in found:
            truths[found[at[page.url]][0]].add(page.truth)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for page in planted:
        report, relation = found.get(at[page.url], ("", ""))
        due = RELATIONS.get(page.cls)
        landed = bool(due and report and report == home.get(page.truth))
        # the earliest copy may speak for the report; what a version replaced is a version, and so are its copies
        related = landed and (relation == due or (due != "excerpt" and (relation == "canonical" or page.truth in versioned)))
        foreign = len(truths.get(report, ())) > 1
        seen = {"planted": True, "read": bool(report), "landed": landed, "related": related, "foreign": foreign}
        counts[page.cls].update([name for name, yes in seen.items() if yes])
    rows: list[Row] = []
    for cls, n in sorted(counts.items()):
        due = cls in RELATIONS
        landed = (n["landed"], share(n["landed"], n["read"]), n["related"]) if due else ("–", "–", "–")
        rows.append((cls, n["planted"], n["read"], *landed, n["foreign"]))
    return rows


def peers(planted: Sequence[Planted]) -> list[Row]:
    """Return a row for each other tool: documents/s, shares of copies and excerpts found, documents beside a foreign one."""
    rows: list[Row] = []
    for peer in DEDUPLICATORS:
        try:
            find = peer.load()
        except ImportError as error:
            click.echo(f"left out: {peer.name}: {error}; pip install -r benchmarks/requirements.txt")
            continue
        began, before = process_time(), resident()
        root = list(range(len(planted)))

        def top(n: int, root: list[int] = root) -> int:
            while root[n] != n:
                root[n] = n = root[root[n]]
            return n

        for n, earlier in enumerate(find([page.text for page in planted])):
            for other in earlier:
                root[top(n)] = top(other)
        seconds, grown = process_time() - began, resident() - before
        found = {source_id(normalise(page.url)): (str(top(n)), "") for n, page in enumerate(planted)}
        by_class = {str(row[0]): row for row in scored(planted, found)}
        landed = [
            share(sum(int(str(by_class[c][3])) for c in some), sum(int(str(by_class[c][1])) for c in some))
            for some in (COPIES, EXCERPTS)
        ]
        foreign = sum(int(str(row[-1])) for row in by_class.values())
        rows.append((peer.name, f"{len(planted) / seconds:.0f}", *landed, foreign, f"{grown:.0f}"))
    return rows


def share(part: int, whole: int) -> str:
    """Return a share with four digits, – of nothing."""
    return f"{part / whole:.4f}" if whole else "–"


def show(heads: Sequence[str], rows: Sequence[Row]) -> None:
    """Print a Markdown table."""
    lines = [list(heads), *([("" if cell is None else str(cell)) for cell in row] for row in rows)]
    widths = [max(len(line[n]) for line in lines) for n in range(len(heads))]
    lines.insert(1, ["-" * width for width in widths])
    for line in lines:
        click.echo("| " + " | ".join(cell.rjust(width) for cell, width in zip(line, widths, strict=True)) + " |")
    click.echo()


@click.command()
@click.option(
    "--reports", default=3000, show_default=True, type=click.IntRange(min=0), help="Pages of the archive; 0: pairs only."
)
@click.option("--seed", default=1, show_default=True, help="Another seed, other texts.")
@click.option(
    "--shuffles", default=1, show_default=True, type=click.IntRange(min=0), help="Arrivals in another order, at other times."
)
def main(reports: int, seed: int, shuffles: int) -> None:
    """Measure the rule for duplicates: on the labelled pairs, then in an archive with planted copies.

    What the columns mean is in benchmarks/README.md.

    \b
    Example:
      python benchmarks/duplicates.py --reports 30000 --shuffles 0
    """
    labelled()
    if not reports:
        return
    planting = Planting(seed)
    planted = planting.run(reports)
    registry = list(planting.entries.values())
    with tempfile.TemporaryDirectory() as folder:
        watch = make(Path(folder) / "first", arrivals(planted, seed), registry, size=reports)
        found = homes(Path(folder) / "first")
        show(
            ("class", "planted", "read", "in its report", "of those read", "related right", "with a foreign one"),
            scored(planted, found),
        )
        show(("stage", "documents", "documents/s", "MB half-way", "MB at its end"), watch.rows(len(planted)))
        for n in range(1, shuffles + 1):
            data = Path(folder) / f"shuffled-{n}"
            make(data, arrivals(planted, seed + 10 * n), registry, size=reports // 3 + 1)
            apart = groups(homes(data)) ^ groups(found)
            click.echo(
                f"shuffled arrival {n}, in three builds: {'the same groups' if not apart else f'{len(apart)} groups differ'}"
            )
    click.echo()
    show(("peer", "documents/s", "copies", "excerpts", "with a foreign one", "MB more"), peers(planted))


if __name__ == "__main__":
    main()
