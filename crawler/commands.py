"""The crawler's commands: crawl, and sites with what belongs to it."""

from __future__ import annotations

import sqlite3
import tempfile
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click
import yaml

from archive.raw import RawStore
from crawler.registry import DIALECTS, SHIPPED, RegistryError, Site, load_file, load_sites, parse_entry, select
from crawler.run import read_overrides, report_line, run_spider, spider_names, trouble

_SITES = click.Path(dir_okay=False, path_type=Path)


@click.command()
@click.option("--site", "ids", multiple=True, metavar="ID", help="Only this site; may be given again.")
@click.option("--province", default="", metavar="CODE", help="Only sites of this province: 33, 330000.")
@click.option("--sites", "file", type=_SITES, metavar="FILE", help="A registry file in place of the registry.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Fetch at most N report pages a site.")
@click.option("--spider", default="reports", show_default=True, metavar="NAME", help="The spider to run.")
@click.option("--no-build", is_flag=True, help="Only fetch; `fazhi build` does the rest later.")
@click.option("-s", "--set", "overrides", multiple=True, metavar="NAME=VALUE", help="A Scrapy setting, as DOWNLOAD_DELAY=3.")
@click.pass_context
def crawl(
    ctx: click.Context,
    ids: tuple[str, ...],
    province: str,
    file: Path | None,
    limit: int | None,
    spider: str,
    no_build: bool,
    overrides: tuple[str, ...],
) -> None:
    """Crawl the sites of the registry, then build. It resumes where an earlier crawl stopped.

    Lists are read again; addresses with a good answer are only noted as seen. The exit code is not 0 where a site was
    blocked, brought nothing, or brought fewer reports than its entry expects.

    \b
    Example:
        fazhi crawl --site wucheng --limit 5
        fazhi crawl --province 33
        fazhi crawl --sites my-sites.yaml -s DOWNLOAD_DELAY=3
    """
    data: Path = ctx.obj.data
    registry: list[dict[str, Any]] = ctx.obj.registry(file)
    chosen = _select(data, file, ids, province)
    _check_spider(spider)
    _check_data(data)
    arguments = {
        "site": ",".join(site.id for site in chosen),
        "sites": str(file or ""),
        "limit": str(limit or ""),
        "data": str(data),
    }
    outcome = run_spider(spider, arguments, read_overrides(overrides))
    troubles = []
    for site in chosen:
        tally = outcome.ledger.tallies[site.id]
        click.echo(report_line(site, tally))
        if wrong := trouble(site, tally, limit or 0):
            troubles.append(f"{site.id}: {wrong}")
    if outcome.reason == "raw_store_failed":
        raise click.ClickException(
            f"{data}/raw cannot be written (is the disk full?); what was stored is safe, run the command again"
        )
    if not no_build:
        ctx.obj.build(registry)
    if outcome.reason != "finished":
        troubles.append(f"the crawl was cut short ({outcome.reason}); run the command again to go on")
    if outcome.exceptions:
        troubles.append(f"{outcome.exceptions} pages could not be read: a mistake of ours, see the log above")
    if troubles:
        raise click.ClickException("\n  ".join([f"{len(troubles)} of {len(chosen)} sites need a look:", *troubles]))


@click.group()
def sites() -> None:
    """List, show, check and add registry entries.

    \b
    Example:
        fazhi sites list
        fazhi sites show wucheng
    """


@sites.command("list")
@click.option("--province", default="", metavar="CODE", help="Only sites of this province: 33, 330000.")
@click.pass_obj
def list_(app: Any, province: str) -> None:
    """List the registry: id, division code, dialect, number of lists, name.

    \b
    Example:
        fazhi sites list --province 33
    """
    for site in _select(app.data, None, (), province):
        click.echo(f"{site.id}\t{site.code or '-'}\t{site.dialect or '-'}\t{len(site.lists)}\t{site.name}")


@sites.command()
@click.argument("id_", metavar="ID")
@click.pass_obj
def show(app: Any, id_: str) -> None:
    """Show one entry as YAML.

    \b
    Example:
        fazhi sites show wucheng
    """
    (site,) = _select(app.data, None, (id_,), "")
    click.echo(_as_yaml({key: value for key, value in site.as_dict().items() if value and key != "netlocs"}), nl=False)


@sites.command()
@click.argument("file", type=_SITES, required=False)
@click.option("--site", "ids", multiple=True, metavar="ID", help="Only this site; may be given again.")
@click.option("--live", is_flag=True, help="Visit the first list page and one report of every entry; nothing is kept.")
@click.pass_obj
def check(app: Any, file: Path | None, ids: tuple[str, ...], live: bool) -> None:
    """Check the registry, or FILE: offline whether every entry can be used, with --live whether the site answers.

    \b
    Example:
        fazhi sites check my-sites.yaml
        fazhi sites check --site wucheng --live
    """
    chosen = _select(app.data, file, ids, "")
    click.echo(f"{len(chosen)} entries can be used")
    if live:
        _probe(app.data, file, chosen)


@sites.command()
@click.argument("id_", metavar="ID")
@click.argument("name")
@click.argument("home")
@click.option("--code", default="", help="The home division: 6 digits, townships 9.")
@click.option("--dialect", default="", help=f"The CMS family, else it is detected: {', '.join(DIALECTS)}.")
@click.option("--list", "lists", multiple=True, metavar="URL", help="A column in which reports stand; may be given again.")
@click.option("--min-reports", type=click.IntRange(min=1), help="Fewer found than this is an error.")
@click.option("--live", is_flag=True, help="Visit the site afterwards; nothing is kept.")
@click.pass_obj
def add(
    app: Any,
    /,
    id_: str,
    name: str,
    home: str,
    code: str,
    dialect: str,
    lists: tuple[str, ...],
    min_reports: int | None,
    live: bool,
) -> None:
    """Add an entry to the registry of the data folder (DATA/sites/), over an entry of ours with the same id.

    \b
    Example:
        fazhi sites add wucheng 金华市婺城区人民政府 https://www.wuch.gov.cn/ --code 330702 \\
            --list https://www.wuch.gov.cn/col/col1229/index.html
    """
    entry: dict[str, Any] = {"id": id_, "name": name, "code": code, "home": home, "dialect": dialect}
    entry |= {"lists": list(lists), "expect": {"min_reports": min_reports} if min_reports else {}}
    entry = {key: value for key, value in entry.items() if value}
    file = app.data / "sites" / _file_name(code)
    try:
        site = parse_entry(entry, "the new entry")
        own = {old.id: path for path in sorted(file.parent.glob("*.yaml")) for old in load_file(path)}
        if id_ in own:
            raise click.ClickException(f"{own[id_]} has an entry {id_!r} already: edit it there")
        file.parent.mkdir(parents=True, exist_ok=True)
        with file.open("a", encoding="utf-8") as stream:
            stream.write(_as_yaml(entry))
    except (RegistryError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{file}: {id_} added")
    if live:
        _probe(app.data, None, [site])
    click.echo(f"next: fazhi sites check --site {id_} --live, then fazhi crawl --site {id_}; explain its quirks in a comment")


def _select(data: Path, file: Path | None, ids: tuple[str, ...], province: str) -> list[Site]:
    try:
        return select(load_sites(data=data, file=file), ids=ids, province=province)
    except RegistryError as error:
        raise click.ClickException(str(error)) from None


def _check_spider(name: str) -> None:
    names = spider_names()
    if name not in names:
        close = get_close_matches(name, names, n=1)
        hint = f"did you mean {close[0]}? " if close else ""
        raise click.ClickException(f"no spider {name!r}; {hint}there are: {', '.join(names)}")


def _check_data(data: Path) -> None:
    """Open the raw store once before the crawl: an unwritable folder is said in one line, and what a kill left is mended."""
    try:
        with RawStore(data / "raw") as store:
            for line in store.mended:
                click.echo(f"mended {line}")
    except (OSError, sqlite3.Error) as error:
        raise click.ClickException(f"{data}: cannot be used as data folder: {error}; choose another with --data") from None


def _probe(data: Path, file: Path | None, chosen: list[Site]) -> None:
    """Crawl one page of each list and one report of each site into a folder that is thrown away, and say what came."""
    with tempfile.TemporaryDirectory(prefix="fazhi-check-") as folder:
        registry = Path(folder) / "sites.yaml"
        entries = (_as_yaml({k: v for k, v in site.as_dict().items() if v and k != "netlocs"}) for site in chosen)
        registry.write_text("".join(entries), "utf-8")
        arguments = {"sites": str(registry), "limit": "1", "data": folder}
        ledger = run_spider("reports", arguments, {"LIST_PAGES_MAX": 2, "COLUMN_PAGES_MAX": 3}).ledger
        for site in chosen:
            click.echo(f"{report_line(site, ledger.tallies[site.id])}; dialect {ledger.dialect(site.id) or 'not seen'}")
    troubles = [f"{site.id}: {wrong}" for site in chosen if (wrong := trouble(site, ledger.tallies[site.id], limit=1))]
    if troubles:
        raise click.ClickException("\n  ".join(["these sites need a look:", *troubles]))


def _file_name(code: str) -> str:
    """Return the registry file of a province by the name of ours (33-zhejiang.yaml); own.yaml where there is none."""
    ours = next((path.name for path in SHIPPED.glob(f"{code[:2]}-*.yaml")), f"{code[:2]}.yaml")
    return ours if code else "own.yaml"


def _as_yaml(entry: dict[str, Any]) -> str:
    return yaml.safe_dump([entry], allow_unicode=True, sort_keys=False, width=1000)
