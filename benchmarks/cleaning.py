"""Compare our cleaner with other extractors on folders of annotated pages, all in one run."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from time import process_time
from typing import Any

if __name__ == "__main__":  # a script's own folder stands first in the path, where this file would hide the package `cleaning`
    sys.path[0] = str(Path(__file__).resolve().parents[1])

import click

from benchmarks.extractors import BASELINE, OURS, PEERS, Extractor, Found, Page, Run
from benchmarks.scoring import Gold, Tally, unreadable_dates

_GOLD = ("url", "title", "main_text", "metadata", "must_not_contain")
#: What every tool reads before the clock runs: it imports and compiles at first use. Not one of the measured pages.
_WARM_UP = Page(
    body=(
        "<html><head><meta charset='utf-8'><title>甲县2023年法治政府建设情况报告</title></head>"
        "<body><h1>甲县2023年法治政府建设情况报告</h1><div>发布日期：2024-03-01</div>"
        f"<div>{'<p>2023年，甲县扎实推进法治政府建设，现将有关情况报告如下。</p>' * 20}</div></body></html>"
    ).encode(),
    url="http://www.jia.example/a.html",
)
_COLUMNS = {
    "tool": ("tool", "{}"),
    "version": ("version", "{}"),
    "precision": ("P", "{:.4f}"),
    "recall": ("R", "{:.4f}"),
    "f1": ("F1", "{:.4f}"),
    "leak": ("leak", "{:.1%}"),
    "lost": ("lost", "{}"),
    "emitted": ("emitted", "{}"),
    "title": ("title", "{:.1%}"),
    "published": ("date", "{:.1%}"),
    "fields": ("fields", "{:.1%}"),
    "ms_median": ("ms median", "{:.1f}"),
    "ms_mean": ("ms mean", "{:.1f}"),
    "ratio_median": ("× median", "{:.2f}"),
    "ratio_mean": ("× mean", "{:.2f}"),
    "raised": ("raised", "{}"),
}


def read_gold(path: Path) -> Gold:
    """Read one annotated page: NAME.json beside NAME.html.

    Raises:
        click.ClickException: a file is missing or not in that form.
    """
    try:
        values = json.loads(path.read_text("utf-8"))
        body = path.with_suffix(".html").read_bytes()
    except FileNotFoundError as error:
        raise click.ClickException(f"{path}: there is no page beside it; put {path.stem}.html there") from error
    except ValueError as error:
        raise click.ClickException(f"{path}: not JSON ({error})") from error
    if missing := [key for key in _GOLD if not isinstance(values, dict) or key not in values]:
        raise click.ClickException(f"{path}: {', '.join(missing)} missing; see benchmarks/README.md for the form")
    texts = [values["title"] or "", values["main_text"] or "", *values["metadata"].values(), *values["must_not_contain"]]
    if not all(isinstance(text, str) for text in texts):
        raise click.ClickException(f"{path}: {', '.join(_GOLD[1:])} hold text; see benchmarks/README.md for the form")
    page = Page(body=body, url=values["url"], content_type=values.get("content_type", ""))
    return Gold(name=path.stem, page=page, **{key: values[key] for key in _GOLD[1:]})


def measure(golds: Sequence[Gold], tools: Sequence[Extractor]) -> tuple[list[Tally], dict[str, str]]:
    """Run every tool on every page, one page after another, each page beginning with another tool.

    Returns:
        One tally for each tool that could be loaded, and why the others could not: name to reason.
    """
    runs: list[tuple[Tally, Run, Run | None]] = []
    left_out = {}
    for tool in tools:
        try:
            runs.append((Tally(tool=tool), tool.load(), tool.facts and tool.facts()))
        except ImportError as error:
            left_out[tool.name] = f"{error}; pip install -r benchmarks/requirements.txt"
    for _, run, more in runs:
        for warm in filter(None, (run, more)):
            _attempt(warm, _WARM_UP)
    for number, gold in enumerate(golds):
        first = number % len(runs)
        for tally, run, more in runs[first:] + runs[:first]:
            began = process_time()
            found = _attempt(run, gold.page)
            tally.seconds.append(process_time() - began)
            facts = _attempt(more, gold.page) if more else found
            tally.raised += found is None or facts is None
            found, facts = found or Found(), facts or Found()
            tally.add(Found(text=found.text, title=facts.title, published=facts.published, fields=facts.fields), gold)
    return [tally for tally, _, _ in runs], left_out


def _attempt(run: Run, page: Page) -> Found | None:
    try:
        return run(page)
    except Exception:  # a tool may raise whatever it likes: the page counts as empty for it, and under `raised`
        return None


def rows(tallies: Sequence[Tally]) -> list[dict[str, Any]]:
    """Return the figures of the tools, in the order given; ratios of time are to trafilatura's default."""
    baseline = next((tally for tally in tallies if tally.tool is BASELINE), None)
    return [{"version": _version(tally.tool.package), **tally.row(baseline)} for tally in tallies]


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None


def table(found: Sequence[dict[str, Any]]) -> str:
    """Return rows as a Markdown table; – where a tool gives no such thing."""
    lines = [[head for head, _ in _COLUMNS.values()]]
    lines += [["–" if row[key] is None else form.format(row[key]) for key, (_, form) in _COLUMNS.items()] for row in found]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    lines.insert(1, ["-" * widths[0], *("-" * (width - 1) + ":" for width in widths[1:])])
    places = (str.ljust, *[str.rjust] * (len(widths) - 1))
    return "\n".join(
        "| " + " | ".join(place(cell, width) for place, cell, width in zip(places, line, widths, strict=True)) + " |"
        for line in lines
    )


@click.command()
@click.argument("folders", nargs=-1, required=True, type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option(
    "--peer",
    "names",
    multiple=True,
    type=click.Choice([peer.name for peer in PEERS]),
    help="Only this one beside ours; repeatable.",
)
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of a table.")
@click.option("--limit", type=click.IntRange(min=1), help="Read no more than this many pages of each folder.")
def main(folders: tuple[Path, ...], names: tuple[str, ...], as_json: bool, limit: int | None) -> None:
    """Compare our cleaner with other extractors on the annotated pages of FOLDERS.

    What the columns mean and what a folder holds is in benchmarks/README.md.

    \b
    Example:
      python benchmarks/cleaning.py pages/ --peer trafilatura --peer gne
    """
    golds = [read_gold(path) for folder in folders for path in sorted(folder.rglob("*.json"))[:limit]]
    if not golds:
        raise click.ClickException(f"{' '.join(map(str, folders))}: no annotated page (NAME.html with NAME.json) in there")
    if wrong := unreadable_dates(golds):
        raise click.ClickException(f"not a date: {'; '.join(wrong)}; write YYYY-MM-DD or leave the label out")
    tallies, left_out = measure(golds, [OURS, *(peer for peer in PEERS if not names or peer.name in names)])
    ours = tallies[0]
    counts = {
        "pages": len(golds),
        "bodies": len(ours.scores),
        "empty_bodies": ours.empties,
        "with_listed_strings": ours.listed,
        **{f"stated_{what}": count for what, count in sorted(ours.stated.items())},
    }
    if as_json:
        click.echo(json.dumps({**counts, "tools": rows(tallies), "left_out": left_out}, ensure_ascii=False, indent=1))
        return
    click.echo(", ".join(f"{name.replace('_', ' ')} {count}" for name, count in counts.items()) + "\n")
    click.echo(table(rows(tallies)))
    for name, reason in left_out.items():
        click.echo(f"left out: {name}: {reason}")


if __name__ == "__main__":
    main()
