"""The command `dump`: releases from the command line."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from archive.cli import App, one_line, opened


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="The release folder to make.")
@click.option("--version", metavar="V", help="Else year and month of the newest capture, and a number.")
@click.option("--province", metavar="P", help="Only this province: name (浙江省), its beginning (浙江) or code (330000).")
@click.option("--year", type=int, metavar="Y", help="Only this report year.")
@click.option("--query", metavar="Q", help="Only reports that a search for Q finds.")
@click.option("--txt", is_flag=True, help="One text file a report as well, for corpus tools.")
@click.option("--check", "checked", type=click.Path(path_type=Path), metavar="DIR", help="Validate a release instead.")
@click.pass_obj
def dump(
    app: App,
    *,
    out: Path | None,
    version: str | None,
    province: str | None,
    year: int | None,
    query: str | None,
    txt: bool,
    checked: Path | None,
) -> None:
    """Write a release folder, or a part of one: Parquet, JSONL and CSV with a card, a codebook and sums.

    \b
    Example:
      fazhi dump
      fazhi dump --province 33 --year 2023 --txt --out zhejiang-2023
      fazhi dump --check data/releases/2026.11.0
    """
    from archive.release_check import check_release
    from archive.releases import ReleaseError, publish
    from archive.selection import select

    if checked:
        if wrong := check_release(checked):
            raise click.ClickException("\n".join(wrong))
        click.echo(f"{checked}: a good release")
        return
    selection = select(province=province, year=year, query=query)
    with closing(opened(app.data)) as db, one_line():
        try:
            folder, index = publish(db, app.data / "releases", out=out, version=version, selection=selection, txt=txt)
        except ReleaseError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{folder}: release {index['version']} with {index['rows']['reports']} reports ({selection.said})")
