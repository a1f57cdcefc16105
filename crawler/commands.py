"""The crawler's commands: crawl, and sites with what belongs to it."""

from __future__ import annotations

import sqlite3
import tempfile
from difflib import get_close_matches
from pathlib import Path
from typing import Any

import click

from archive.raw import RawStore
from crawler.adding import add_site, as_yaml, make_entry
from crawler.golden import differences
from crawler.ledger import Tally
from crawler.registry import DIALECTS, RegistryError, Site, load_sites, select
from crawler.run import crawl_lock, read_overrides, report_line, run_spider, spider_names, trouble
from crawler.workers import run_workers

_SITES = click.Path(dir_okay=False, path_type=Path)
_FOLDER = click.Path(file_okay=False, path_type=Path)


@click.command()
@click.option("--site", "ids", multiple=True, metavar="ID", help="Only this site; may be given again.")
@click.option("--province", default="", metavar="CODE", help="Only sites of this province: 33, 330000.")
@click.option("--sites", "file", type=_SITES, metavar="FILE", help="A registry file in place of the registry.")
@click.option("--limit", type=click.IntRange(min=1), metavar="N", help="Fetch at most N report pages a site.")
@click.option("--spider", default="reports", show_default=True, metavar="NAME", help="The spider to run.")
@click.option("--no-build", is_flag=True, help="Only fetch; `fazhi build` does the rest later.")
@click.option("--workers", type=click.IntRange(1, 64), default=1, show_default=True, help="Processes that share the sites.")
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
    workers: int,
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
        fazhi crawl --workers 4
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
    settings = read_overrides(overrides)
    with crawl_lock(data) as lock:
        if workers > 1:
            outcome = run_workers(spider, arguments, settings, chosen, workers, lock)
        else:
            outcome = run_spider(spider, arguments, settings)
    troubles = []
    for site in chosen:
        tally = outcome.tallies.get(site.id, Tally())
        click.echo(report_line(site, tally))
        if wrong := trouble(site, tally, limit or 0, counts=spider == "reports"):
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
    click.echo(as_yaml({key: value for key, value in site.as_dict().items() if value and key != "netlocs"}), nl=False)


@sites.command()
@click.argument("file", type=_SITES, required=False)
@click.option("--site", "ids", multiple=True, metavar="ID", help="Only this site; may be given again.")
@click.option("--pages", type=_FOLDER, metavar="DIR", help="The folder of golden pages; else DATA/sites/pages.")
@click.option("--live", is_flag=True, help="Visit the first list page and one report of every entry; nothing is kept.")
@click.pass_obj
def check(app: Any, file: Path | None, ids: tuple[str, ...], pages: Path | None, live: bool) -> None:
    """Check the registry, or FILE: can every entry be used, do golden pages come out as they must; --live asks the sites.

    \b
    Example:
        fazhi sites check my-sites.yaml
        fazhi sites check --site wucheng --live
    """
    chosen = _select(app.data, file, ids, "")
    click.echo(f"{len(chosen)} entries can be used")
    try:
        number, odd = differences((pages or app.data / "sites" / "pages") / site.id for site in chosen)
    except (OSError, ValueError) as error:
        raise click.ClickException(f"a golden page cannot be checked: {error}") from None
    if odd:
        raise click.ClickException("\n  ".join([f"{len(odd)} of {number} golden pages need a look:", *odd]))
    if number:
        click.echo(f"{number} golden pages come out as they must")
    if live:
        _probe(app.data, file, chosen)


@sites.command()
@click.argument("id_", metavar="ID")
@click.argument("name")
@click.argument("home")
@click.option("--code", default="", help="The home division: 6 digits, townships 9.")
@click.option("--dialect", default="", help=f"The CMS family, else it is detected: {', '.join(DIALECTS)}.")
@click.option("--list", "lists", multiple=True, metavar="URL", help="A column in which reports stand; may be given again.")
@click.option("--search", nargs=2, metavar="ENGINE URL", help="The site's own search, with {query} and {page} where they go.")
@click.option("--min-reports", type=click.IntRange(min=1), help="Fewer found than this is an error.")
@click.option("--page", default="", metavar="URL_OR_FILE", help="A page of a report, saved as a golden page.")
@click.option("--url", default="", metavar="U", help="The address that the file of --page came from.")
@click.option("--pages", type=_FOLDER, metavar="DIR", help="The folder of golden pages; else DATA/sites/pages.")
@click.option("--live", is_flag=True, help="Visit the site afterwards; nothing is kept.")
@click.pass_obj
def add(app: Any, /, page: str, url: str, pages: Path | None, live: bool, **given: Any) -> None:
    """Add an entry to the registry of the data folder (DATA/sites/), over an entry of ours with the same id.

    \b
    Example:
        fazhi sites add wucheng 金华市婺城区人民政府 https://www.wuch.gov.cn/ --code 330702 \\
            --list https://www.wuch.gov.cn/col/col1229/index.html --page report.html
    """
    if live and page.startswith(("http://", "https://")):
        raise click.ClickException("--live and a --page from the site: take one now, the other with `fazhi sites check --live`")
    try:
        site, told = add_site(app.data, make_entry(**given), page=page, url=url, pages=pages)
    except (RegistryError, OSError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    for line in told:
        click.echo(line)
    if live:
        _probe(app.data, None, [site])


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
        entries = (as_yaml({k: v for k, v in site.as_dict().items() if v and k != "netlocs"}) for site in chosen)
        registry.write_text("".join(entries), "utf-8")
        arguments = {"sites": str(registry), "limit": "1", "data": folder}
        outcome = run_spider("reports", arguments, {"LIST_PAGES_MAX": 2, "COLUMN_PAGES_MAX": 3})
    tallies = {site.id: outcome.tallies.get(site.id, Tally()) for site in chosen}
    for site in chosen:
        click.echo(f"{report_line(site, tallies[site.id])}; dialect {outcome.dialects.get(site.id) or 'not seen'}")
    troubles = [f"{site.id}: {wrong}" for site in chosen if (wrong := trouble(site, tallies[site.id], limit=1))]
    if troubles:
        raise click.ClickException("\n  ".join(["these sites need a look:", *troubles]))
