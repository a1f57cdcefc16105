"""Golden pages: the bytes of a page beside the JSON of what the cleaner must make of it, in the form of tests/pages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from cleaning import clean

#: What a page's JSON says about the input; the rest is what must come out.
INPUT = ("url", "content_type")
_LEFT_OUT = ("text_sha256", "cleaner_version", *INPUT)


def outcome(body: bytes, *, url: str, content_type: str) -> dict[str, Any]:
    """Return what the cleaner makes of a page, with the text as lines, so that a difference can be read."""
    values = clean(body, url=url, content_type=content_type).as_dict(why=True)
    values["lines"] = values.pop("text").split("\n")
    values["sections"] = [f"{one['kind']} {one['number']}{one['heading']}".strip() for one in values["sections"]]
    values["dropped"] = [f"{one['rule']}: {one['line']}" for one in values["dropped"]]
    return {name: value for name, value in values.items() if name not in _LEFT_OUT}


def save(folder: Path, body: bytes, *, url: str, content_type: str) -> tuple[Path, dict[str, Any]]:
    """Write a page and its JSON into a folder, named by the year of the report (report-2023.html, else page.html).

    Returns:
        the page's file, and what its JSON holds.

    Raises:
        ValueError: it is no HTML.
        OSError: there is such a page already, or the folder cannot be written.
    """
    expected = {"url": url, "content_type": content_type} | outcome(body, url=url, content_type=content_type)
    if (kind := expected["source_format"]) != "html":
        raise ValueError(
            f"a golden page is HTML, and this is {kind or 'nothing that can be read'}: choose the page of the report"
        )
    year = expected["report_year"]
    page = folder / (f"report-{year}.html" if year else "page.html")
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with page.open("xb") as stream:
            stream.write(body)
    except FileExistsError:
        raise FileExistsError(f"{page} is there already: delete it, or choose another folder with --pages") from None
    page.with_suffix(".json").write_text(json.dumps(expected, ensure_ascii=False, indent=1) + "\n", "utf-8")
    return page, expected


def differences(folders: Iterable[Path]) -> tuple[int, list[str]]:
    """Clean every golden page again.

    Args:
        folders: where the pages stand, one folder a site.

    Returns:
        how many pages there are, and a line for each that is not as its JSON says, with the fields that differ.

    Raises:
        OSError, ValueError: a page's JSON is missing or none.
    """
    pages = [page for folder in folders for page in sorted(folder.glob("*.html"))]
    lines = []
    for page in pages:
        expected = json.loads(page.with_suffix(".json").read_text("utf-8"))
        given = {name: expected.pop(name, "") for name in INPUT}
        got = outcome(page.read_bytes(), **given)
        if odd := sorted(name for name in expected.keys() | got.keys() if expected.get(name) != got.get(name)):
            lines.append(f"{page}: not as its JSON says: {', '.join(odd)}")
    return len(pages), lines
