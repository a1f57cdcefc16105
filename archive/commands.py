"""The archive's commands; thin: what they do is in the modules they call."""

from __future__ import annotations

import json
import os
import sys
from contextlib import closing
from pathlib import Path
from typing import Any

import click

from archive.cli import YEAR, App, one_line, opened, run_build, something
from archive.coverage import STATUSES
from archive.deciding import decide, remove
from archive.dumping import dump
from archive.hits import hits_as
from archive.search import search as find
from archive.serve import CannotServe, address, datasette_arguments, is_loopback, shown
from archive.serve import check as check_serving
from cleaning.document import LEVELS, SECTION_KINDS

__all__ = ["build", "decide", "dump", "import_", "rebuild", "remove", "run_build", "search", "serve", "status"]

jobs_option = click.option("--jobs", type=click.IntRange(min=1), help="Processes that clean; one for every core else.")


@click.command()
@jobs_option
@click.pass_obj
def build(app: App, jobs: int | None) -> None:
    """Bring archive.db up to date: clean the raw records not read yet, find duplicates and versions.

    \b
    Example:
      fazhi build
    """
    something(app.data)
    run_build(app.data, app.registry(), jobs=jobs)


@click.command()
@jobs_option
@click.pass_obj
def rebuild(app: App, jobs: int | None) -> None:
    """Make the whole archive anew from the raw records and people's decisions, and swap it in at the end.

    \b
    Example:
      fazhi rebuild --jobs 4
    """
    something(app.data)
    run_build(app.data, app.registry(), again=True, jobs=jobs)


@click.command(name="import")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--site", default="", metavar="ID", help="Registry entry that the files belong to.")
@click.option("--url", default="", metavar="U", help="Address at which the one file stood.")
@click.pass_obj
def import_(app: App, paths: tuple[Path, ...], site: str, url: str) -> None:
    """Take files and folders as raw records, then build.

    HTML, docx, doc, wps, pdf, ofd, txt, WARC and WACZ (Common Crawl's too). Inside a folder other files are counted and
    skipped; named outright they are an error.

    \b
    Examples:
      fazhi import reports/ old-crawl.warc.gz
      fazhi import report.html --site wucheng --url https://www.wuch.gov.cn/art/2020/3/11/art_1.html
    """
    from archive.imports import import_paths

    registry = app.registry()
    with one_line(app.data):
        problems = import_paths(app.data, list(paths), registry, site=site, url=url, echo=click.echo, build=run_build)
    for problem in problems:
        click.echo(f"Error: {problem}", err=True)
    if problems:
        raise SystemExit(1)


@click.command()
@click.option("--coverage", is_flag=True, help="Instead of sites: who reported, and who did not.")
@click.option("--year", type=YEAR, metavar="Y", help="With --coverage: only this report year.")
@click.option("--province", metavar="P", help="With --coverage: name (浙江省), its beginning (浙江) or code (330000).")
@click.option("--level", type=click.Choice(LEVELS), metavar="L", help=f"With --coverage: {', '.join(LEVELS)}.")
@click.option("--status", type=click.Choice(list(STATUSES)), metavar="S", help=f"With --coverage: {', '.join(STATUSES)}.")
@click.option("--json", "form", flag_value="json", help="For programs: reports, sites, rejected; or the rows of --coverage.")
@click.option("--csv", "form", flag_value="csv", help="With --coverage: print CSV.")
@click.pass_obj
def status(app: App, /, *, coverage: bool, form: str | None, **filters: Any) -> None:
    """Show how each site does: last success, found, expected, errors, blocked and why; rejected pages by reason.

    \b
    Example:
      fazhi status --json
      fazhi status --coverage --province 浙江 --year 2024 --status missing --csv
    """
    from archive.status import as_dict, lines
    from archive.who_reported import listed, who_reported

    wanted = [f"--{name}" for name, value in (filters | {"csv": form == "csv"}).items() if value]
    if wanted and not coverage:
        raise click.ClickException(f"{wanted[0]} goes with --coverage: add it")
    with closing(opened(app.data)) as db, one_line(app.data):
        if coverage:
            try:
                click.echo(listed(form or "text", who_reported(db, **filters)), nl=False)
            except ValueError as error:
                raise click.ClickException(str(error)) from None
        elif form:
            click.echo(json.dumps(as_dict(db), ensure_ascii=False, indent=2))
        else:
            for line in lines(db):
                click.echo(line)


@click.command()
@click.argument("query")
@click.option("--year", type=YEAR, metavar="Y", help="The year reported on.")
@click.option("--province", metavar="P", help="Name (浙江省), its beginning (浙江) or code (330000).")
@click.option("--level", type=click.Choice(LEVELS), metavar="L", help=f"The issuer's level: {', '.join(LEVELS)}.")
@click.option("--issuer", metavar="T", help="Part of the issuer's name.")
@click.option(
    "--section", type=click.Choice(SECTION_KINDS), metavar="K", help=f"Only in sections of: {', '.join(SECTION_KINDS)}."
)
@click.option("--limit", type=click.IntRange(1, 1_000_000), default=20, show_default=True, metavar="N", help="Most hits.")
@click.option("--json", "form", flag_value="json", help="Print one JSON object.")
@click.option("--csv", "form", flag_value="csv", help="Print the hits as CSV.")
@click.pass_obj
def search(app: App, /, query: str, form: str | None, **filters: Any) -> None:
    """Search the reports as the site does.

    All words must occur, in title or text; "…" keeps a phrase together; Traditional and Simplified are the same.

    \b
    Example:
      fazhi search '行政复议 和解' --year 2023 --province 浙江
      fazhi search 基层执法力量 --section problems --json
    """
    with closing(opened(app.data)) as db, one_line(app.data):
        try:
            found = find(db, query, **filters)
        except ValueError as error:
            raise click.ClickException(str(error)) from None
    click.echo(hits_as(form or "text", found), nl=False)


@click.command()
@click.option("--host", default="127.0.0.1", show_default=True, help="Address to listen on.")
@click.option("--port", type=int, default=8001, show_default=True, help="Port to listen on.")
@click.pass_obj
def serve(app: App, host: str, port: int) -> None:
    """Serve the archive with Datasette, and print the plain command that does the same.

    \b
    Example:
      fazhi serve --port 8001
    """
    try:
        check_serving(app.data / "archive.db", host=host, port=port)
    except CannotServe as error:
        raise click.ClickException(str(error)) from None
    arguments = datasette_arguments(app.site_folder, app.data / "archive.db", host=host, port=port)
    if not is_loopback(host):
        click.echo(f"Warning: with --host {host} other machines can reach this site.", err=True)
    click.echo(f"{shown(arguments)}\n{address(host, port)}")
    sys.stdout.flush()
    # In place of this process, so that Ctrl-C and a stop signal reach Datasette itself.
    os.execv(sys.executable, [sys.executable, "-m", "datasette", *arguments])
