"""Adding a site: its entry goes to the user's own registry, and a page of a report beside it as a golden page."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from crawler.golden import save
from crawler.obstacles import Obstacle
from crawler.onepage import Page, fetch
from crawler.registry import SHIPPED, RegistryError, Site, load_file, parse_entry


def as_yaml(entry: dict[str, Any]) -> str:
    """Return an entry as it stands in a registry file."""
    return yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=1000)


def make_entry(
    id_: str,
    name: str,
    home: str,
    *,
    code: str,
    dialect: str,
    lists: tuple[str, ...],
    search: tuple[str, str] | None,
    min_reports: int | None,
) -> dict[str, Any]:
    """Return what was given as an entry, in the order of a registry file; what was not given is left out."""
    entry: dict[str, Any] = {"id": id_, "name": name, "code": code, "home": home, "dialect": dialect, "lists": list(lists)}
    entry["search"] = dict(zip(("engine", "url"), search or (), strict=False))
    entry["expect"] = {"min_reports": min_reports} if min_reports else {}
    return {key: value for key, value in entry.items() if value}


def new_site(data: Path, entry: dict[str, Any]) -> tuple[Site, Path]:
    """Check an entry that is to be added to a data folder.

    Returns:
        the site, and the registry file of its province under DATA/sites/ (named as ours is; own.yaml where it has no code).

    Raises:
        RegistryError: it cannot be used, or the user has an entry with this id already.
    """
    site = parse_entry(entry, "the new entry")
    folder = data / "sites"
    for path in sorted(folder.glob("*.yaml")):
        if any(old.id == site.id for old in load_file(path)):
            raise RegistryError(f"{path} has an entry {site.id!r} already: edit it there")
    ours = next((path.name for path in SHIPPED.glob(f"{site.code[:2]}-*.yaml")), f"{site.code[:2]}.yaml")
    return site, folder / (ours if site.code else "own.yaml")


def write_entry(file: Path, entry: dict[str, Any]) -> None:
    """Append an entry to a registry file, making file and folder where they are missing.

    Raises:
        OSError: the file cannot be written.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    before = file.read_text("utf-8") if file.exists() else ""
    with file.open("a", encoding="utf-8") as stream:
        stream.write("\n" * (before[-1:] not in ("", "\n")) + as_yaml(entry))  # an editor may leave the last line open


def page_of(site: Site, source: str, url: str) -> Page:
    """Return the page that `--page` names.

    Args:
        site: the entry it belongs to.
        source: an address, or a file.
        url: where a file came from.

    Raises:
        ValueError: the page did not come, or the file is empty; the message says why.
        OSError: the file cannot be read.
    """
    if source.startswith(("http://", "https://")):
        try:
            return fetch(site, source)
        except Obstacle as obstacle:
            raise ValueError(f"{source} did not come ({obstacle}); a page saved by hand can be named in its place") from None
    body = Path(source).read_bytes()
    if not body:
        raise ValueError(f"{source} is empty (0 bytes): name a file that has content")
    return Page(url=url, content_type="", body=body)


def add_site(data: Path, entry: dict[str, Any], *, page: str, url: str, pages: Path | None) -> tuple[Site, list[str]]:
    """Add an entry to the user's registry, with its golden page; where something is wrong, nothing is written.

    Args:
        data: the data folder.
        entry: as the YAML holds it.
        page: the address or the file of a report page; "" for none.
        url: where that file came from.
        pages: the folder of golden pages; else DATA/sites/pages.

    Returns:
        the site, and what to tell: what was written, and what a person has yet to do.

    Raises:
        RegistryError: the entry cannot be used.
        ValueError: the page cannot be had, or is no HTML.
        OSError: a file cannot be read or written.
    """
    site, file = new_site(data, entry)
    told: list[str] = []
    golden, expected = None, dict[str, Any]()
    if page:
        found = page_of(site, page, url)
        folder = (pages or data / "sites" / "pages") / site.id
        golden, expected = save(folder, found.body, url=found.url, content_type=found.content_type)
        told.append(f"{golden}: {len(found.body)} bytes; {golden.with_suffix('.json').name}: what the cleaner makes of them")
    write_entry(file, entry)
    return site, [
        f"{file}: {site.id} added",
        *told,
        "left to do:",
        *(f"- {step}" for step in left_to_do(site, golden, expected)),
    ]


def left_to_do(site: Site, golden: Path | None, expected: dict[str, Any]) -> list[str]:
    """Return what a person has yet to do for a new entry, in order.

    Args:
        site: the entry.
        golden: the file of its golden page, if one was saved.
        expected: what the page's JSON holds.
    """
    steps = []
    if golden:
        source = f" --url {expected['url']}" if expected["url"] else ""
        steps.append(f"read {golden.with_suffix('.json')} beside the page and correct what is wrong")
        steps.append(f"what the cleaner did, line by line: fazhi clean {golden}{source} --why")
        if expected["genre"] != "report":
            steps.append(f"the cleaner takes the page for no report ({expected['genre']}): is it the right page?")
    if not site.code:
        steps.append("code: the six digits of its division; ministries have none")
    if not site.lists:
        steps.append("lists: the columns in which reports stand (docs/registry.md says where to look)")
    if not site.search:
        steps.append("search: engine and url of the site's own search, if it has one")
    steps.append("say in a comment what is odd about the site")
    steps.append(f"fazhi sites check --site {site.id} --live, then fazhi crawl --site {site.id}")
    return steps
