"""What stands beside the data of a release: card, licence, codebook, index and sums."""

from __future__ import annotations

import hashlib
import json
import shutil
import sqlite3
from pathlib import Path
from string import Template
from typing import Any

from archive.release_parts import PARTS, arrow_schema, columns
from archive.schema import TABLES
from archive.selection import Selection

TEMPLATES = Path(__file__).with_name("data") / "release"
SIZES = ((1_000, "n<1K"), (10_000, "1K<n<10K"), (100_000, "10K<n<100K"), (float("inf"), "100K<n<1M"))


def describe(db: sqlite3.Connection, folder: Path, version: str, rows: dict[str, int], selection: Selection) -> dict[str, Any]:
    """Write the card, the licence, the codebook, the index and the sums; return the index.

    `db` has the chosen reports in the temporary table `chosen`; `rows`: part -> number of rows.
    """
    first, last = db.execute("select min(report_year), max(report_year) from reports where report_id in chosen").fetchone()
    built_at = db.execute("select max(first_seen) from sources").fetchone()[0]
    about = {part: TABLES[table].about for part, table in PARTS.items()} | {"metadata": "The same rows without the texts."}
    facts = {
        "version": version,
        "reports": rows["reports"],
        "years": f"{first} to {last}" if first != last else f"{first}",
        "built_at": built_at,
        "size": next(text for limit, text in SIZES if rows["reports"] < limit),
        # `datasets` refuses a split without rows, so an empty part is a file but no configuration
        "configs": "\n".join(_config(part) for part in PARTS if rows[part]),
        "parts": "\n".join(f"| {part} | {rows[part]} | {about[part]} |" for part in PARTS),
    }
    card = Template((TEMPLATES / "README.md").read_text("utf-8")).substitute(facts)
    (folder / "README.md").write_text(card, "utf-8")
    shutil.copy(TEMPLATES / "LICENSE.md", folder / "LICENSE.md")
    (folder / "CODEBOOK.md").write_text(codebook(), "utf-8")
    index = {
        "version": version,
        "built_at": built_at,
        "selection": selection.said,
        "rows": {part: rows[part] for part in PARTS},
        "files": [
            {"path": path, "bytes": (folder / path).stat().st_size, "sha256": digest}
            for path, digest in file_sums(folder).items()
        ],
    }
    (folder / "index.json").write_text(json.dumps(index, ensure_ascii=False, indent=2) + "\n", "utf-8")
    sums = "".join(f"{digest}  {path}\n" for path, digest in file_sums(folder).items())
    (folder / "SHA256SUMS").write_text(sums, "utf-8")
    return index


def _config(part: str) -> str:
    default = "\n    default: true" if part == "reports" else ""
    return f"  - config_name: {part}{default}\n    data_files:\n      - split: train\n        path: data/{part}/train-*.parquet"


def codebook() -> str:
    """Return CODEBOOK.md: every column of every part, from the schema."""
    lines = ["# Codebook", "", "Columns of the files in `data/`; `metadata` is `reports` without `text`."]
    for part in PARTS:
        if part == "metadata":
            continue
        table = TABLES[PARTS[part]]
        lines += ["", f"## {part}", "", table.about, "", "| column | type | meaning |", "|---|---|---|"]
        types = {field.name: str(field.type) for field in arrow_schema(part)}
        lines += [f"| {name} | {types[name]} | {table.columns[name][1]} |" for name in columns(part)]
    return "\n".join(lines) + "\n"


def file_sums(folder: Path) -> dict[str, str]:
    """Return path -> SHA-256 of every file of a release but SHA256SUMS itself, sorted by path."""
    found = sorted(path for path in folder.rglob("*") if path.is_file() and path.name != "SHA256SUMS")
    made = {}
    for path in found:
        with path.open("rb") as stream:
            made[path.relative_to(folder).as_posix()] = hashlib.file_digest(stream, "sha256").hexdigest()
    return made
