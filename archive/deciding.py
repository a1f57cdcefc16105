"""The commands of people's decisions: remove, and decide with merge, unmerge and division."""

from __future__ import annotations

import getpass
from contextlib import closing
from dataclasses import replace

import click

from archive.cli import App, one_line, opened
from archive.decisions import Decision, append
from archive.raw import now
from archive.read import report_id_of
from cleaning import divisions


def decided(app: App, kind: str, ids: list[str], why: str, *, division: str = "") -> None:
    """Write a decision on reports that exist, and build.

    Raises:
        click.ClickException: an id is unknown, or the decision cannot be written.
    """
    if not why.strip():
        raise click.ClickException("the reason is empty: say why in --reason")
    with one_line(app.data):
        decision = Decision(decision=kind, ids=ids, division=division, who=getpass.getuser(), when=now(), why=why).check()
        with closing(opened(app.data)) as db:
            known = "select 1 from divisions where code = ?"
            if division and not divisions.get(division) and not db.execute(known, (division,)).fetchone():
                raise click.ClickException(f"no division has the code {division}: see the table divisions")
            for name in ids:
                report_id = report_id_of(db, name)
                if report_id is None:
                    raise click.ClickException(f"{name}: no such report or source in {app.data / 'archive.db'}")
                removed = db.execute("select 1 from reports where report_id = ? and status = 'removed'", (report_id,))
                if kind in ("merge", "unmerge") and removed.fetchone():
                    raise click.ClickException(f"{name} is of a report that was removed: it stays as it is")
                if kind == "remove":  # every source of it, so that none brings the text back when they are parted
                    others = db.execute("select source_id from sources where report_id = ? order by 1", (report_id,))
                    decision = replace(decision, ids=list(dict.fromkeys([name, *(row[0] for row in others)])))
        append(app.data / "decisions.jsonl", decision)
    app.build()


reason_option = click.option("--reason", "--why", "reason", required=True, help="Why; kept in decisions.jsonl.")


@click.command()
@click.argument("report_id")
@reason_option
@click.pass_obj
def remove(app: App, report_id: str, reason: str) -> None:
    """Take a report's text out of the archive on request; it shows as removed, and stays so through rebuilds.

    \b
    Example:
      fazhi remove fz0123456789abcdef --reason "asked by the issuer on 3 May 2026"
    """
    decided(app, "remove", [report_id], reason)
    click.echo(f"{report_id} is removed")


@click.group()
def decide() -> None:
    """Correct what the rules decided: merge, unmerge, division. Kept in decisions.jsonl, holds through rebuilds.

    \b
    Example:
      fazhi decide merge fz0123456789abcdef fzfedcba9876543210 --reason "the same report, typed again"
    """


@decide.command()
@click.argument("first")
@click.argument("second")
@reason_option
@click.pass_obj
def merge(app: App, first: str, second: str, reason: str) -> None:
    """Two sources (or reports) are one report.

    \b
    Example:
      fazhi decide merge fz0123456789abcdef fzfedcba9876543210 --reason "the same report, typed again"
    """
    decided(app, "merge", [first, second], reason)


@decide.command()
@click.argument("first")
@click.argument("second")
@reason_option
@click.pass_obj
def unmerge(app: App, first: str, second: str, reason: str) -> None:
    """Two sources are of different reports.

    \b
    Example:
      fazhi decide unmerge fz0123456789abcdef fzfedcba9876543210 --reason "two towns with one text"
    """
    decided(app, "unmerge", [first, second], reason)


@decide.command()
@click.argument("report_id")
@click.argument("code")
@reason_option
@click.pass_obj
def division(app: App, report_id: str, code: str, reason: str) -> None:
    """The report's division is the one with this code (6 digits, townships 9).

    \b
    Example:
      fazhi decide division fz0123456789abcdef 330702 --reason "婺城区 of 金华"
    """
    decided(app, "division", [report_id], reason, division=code)
