"""The command `dump`: writes a release or a part of one, validates one, or exports the captures of a site."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path

import click

from archive.cli import YEAR, App, Meter, one_line, opened, something


@click.command()
@click.option("--out", type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="The release folder to make.")
@click.option("--version", metavar="V", help="Else year and month of the newest capture, and a number.")
@click.option("--province", metavar="P", help="Only this province: name (浙江省), its beginning (浙江) or code (330000).")
@click.option("--year", type=YEAR, metavar="Y", help="Only this report year.")
@click.option("--query", metavar="Q", help="Only reports that a search for Q finds.")
@click.option("--txt", is_flag=True, help="One text file a report as well, for corpus tools.")
@click.option("--wacz", "site", metavar="SITE", help="Write the captures of this site as a WACZ file instead.")
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
    site: str | None,
    checked: Path | None,
) -> None:
    """Write a release folder, or a part of one: Parquet, JSONL and CSV with a card, a codebook and sums.

    With --check validate one, with --wacz write the captures of one site for replay (into --out, else data/releases/wacz).

    \b
    Example:
      fazhi dump
      fazhi dump --province 33 --year 2023 --txt --out zhejiang-2023
      fazhi dump --check data/releases/2026.11.0
      fazhi dump --wacz wucheng
    """
    from archive.release_read import ReleaseError
    from archive.releases import publish
    from archive.selection import check, select

    if checked:
        check_folder(checked)
        return
    if site:
        export_site(app, site, out or app.data / "releases" / "wacz")
        return
    selection = select(province=province, year=year, query=query)
    with closing(opened(app.data)) as db, one_line(app.data), Meter() as meter:
        try:
            check(db, province=province)
            folder, index = publish(db, app.data, out=out, version=version, selection=selection, txt=txt, progress=meter.show)
        except (ReleaseError, ValueError) as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{folder}: release {index['version']} with {index['counts']['reports']} reports ({selection.said})")


def check_folder(folder: Path) -> None:
    """Validate a release: first by what it says of itself, then with the validators of others that are installed.

    Raises:
        click.ClickException: it is not good; the message has a line for everything that is wrong.
    """
    from archive.release_check import check_release
    from archive.release_validators import validate

    if wrong := check_release(folder):
        raise click.ClickException("\n".join(wrong))
    wrong, unchecked = validate(folder)
    if unchecked:
        click.echo(f"not checked: {', '.join(unchecked)} (pip install 'fazhi-archive[check]')")
    if wrong:
        raise click.ClickException("\n".join(wrong))
    click.echo(f"{folder}: a good release")


def export_site(app: App, site: str, folder: Path) -> None:
    """Write the captures of a site into a WACZ file of its name.

    Raises:
        click.ClickException: there are none, or they cannot be read.
    """
    from archive.raw import RawStore
    from archive.registry import Registry
    from archive.wacz import WaczError, export

    something(app.data)
    path = folder / f"{site}.wacz"
    with closing(opened(app.data)) as db, one_line(app.data), RawStore(app.data / "raw") as store:
        try:
            count = export(db, store, Registry.of(app.registry(), store.remembered_sites()), site, path)
        except WaczError as error:
            raise click.ClickException(str(error)) from None
    click.echo(f"{path}: {count} captures of {site}")
