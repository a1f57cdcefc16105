"""What stands beside the data of a release for people: card, licence, citation, changelog and codebook."""

from __future__ import annotations

import shutil
from collections import Counter
from collections.abc import Mapping
from pathlib import Path
from string import Template

from archive.release_causes import CAUSES
from archive.release_parts import PARTS

TEMPLATES = Path(__file__).with_name("data") / "release"
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (1_000_000, "100K<n<1M"))


def citation(version: str, built_at: str) -> str:
    """Return how a release is cited."""
    return f"Fazhi Archive. 法治政府建设情况报告, version {version}, {built_at[:10]}. Dataset."


def write_card(folder: Path, version: str, built_at: str, rows: Mapping[str, int], years: str, selected: str) -> None:
    """Write README.md, LICENSE.md, CITATION.cff and CODEBOOK.md.

    Args:
        folder: the release.
        version: its version.
        built_at: time of the newest capture.
        rows: part -> number of rows.
        years: the report years, in words.
        selected: which reports a part of the archive holds; "" for all.
    """
    facts = {
        "version": version,
        "reports": rows["reports"],
        "years": years,
        "built_at": built_at,
        "date": built_at[:10],
        "part_of": f"This is a part of the archive: {selected}." if selected else "",
        "size": next((text for limit, text in SIZES if rows["reports"] < limit), "1M<n<10M"),
        # `datasets` refuses a split without rows, so an empty part is a file but no configuration
        "configs": "\n".join(_config(part) for part in PARTS if rows[part]),
        "parts": "\n".join(f"| {name} | {rows[name]} | {part.about} |" for name, part in PARTS.items()),
        "citation": citation(version, built_at),
    }
    for name in ("README.md", "CITATION.cff"):
        (folder / name).write_text(Template((TEMPLATES / name).read_text("utf-8")).substitute(facts), "utf-8")
    shutil.copyfile(TEMPLATES / "LICENSE.md", folder / "LICENSE.md")
    (folder / "CODEBOOK.md").write_text(codebook(), "utf-8")


def _config(part: str) -> str:
    default = "\n    default: true" if part == "reports" else ""
    return f"  - config_name: {part}{default}\n    data_files:\n      - split: train\n        path: data/{part}/train-*.parquet"


def codebook() -> str:
    """Return CODEBOOK.md: every column of every part, from the schema."""
    lines = [
        "# Codebook",
        "",
        "Columns of the files in `data/`; `metadata` is `reports` without `text`, in Parquet and as CSV.",
    ]
    for name, part in PARTS.items():
        if name == "metadata":
            continue
        keys = ", ".join(f"`{column}`" for column in part.key)
        order = f"Key, and order: {keys}." if part.unique else f"Sorted by {keys}, then by the other columns; there is no key."
        lines += ["", f"## {name}", "", part.about, "", order]
        lines += ["", "| column | type | meaning |", "|---|---|---|"]
        lines += [f"| {field.name} | {field.type} | {part.columns[field.name][1]} |" for field in part.schema]
    return "\n".join(lines) + "\n"


def write_changelog(
    folder: Path, version: str, built_at: str, reports: int, previous: Path | None, counts: Counter[tuple[str, str]]
) -> None:
    """Write CHANGELOG.md: what changed since the previous release, above what that one's says.

    Args:
        folder: the release.
        version: its version.
        built_at: time of the newest capture.
        reports: number of reports.
        previous: the previous release, where there is one.
        counts: (op, cause) -> reports, from the delta.
    """
    lines = [f"## {version}", "", f"{reports} reports; captures up to {built_at}."]
    older = previous / "CHANGELOG.md" if previous else None
    if previous:
        ops = ("add", "added"), ("change", "changed"), ("remove", "removed"), ("rekey", "under a new identifier")
        for op, said in ops:
            causes = ", ".join(f"{cause} {counts[op, cause]}" for cause in CAUSES)
            lines.append(f"- {sum(counts[op, cause] for cause in CAUSES)} {said} since {previous.name} ({causes})")
        lines.insert(3, "")
    text = "# Changelog\n\n`source`: {source}. `parser`: {parser}.\n\n".format(**CAUSES) + "\n".join(lines) + "\n"
    if older and older.is_file():
        text += "\n## " + older.read_text("utf-8").partition("\n## ")[2]
    (folder / "CHANGELOG.md").write_text(text, "utf-8")
