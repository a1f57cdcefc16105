"""The command line: one group, whose commands live in the packages and are imported when called."""

from __future__ import annotations

import importlib
import os
import shlex
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import click

HERE = Path(__file__).resolve().parent

#: Command -> module:attribute. The packages never import each other's commands; what one needs of another, App passes on.
COMMANDS = {
    "crawl": "crawler.commands:crawl",
    "import": "archive.commands:import_",
    "build": "archive.commands:build",
    "rebuild": "archive.commands:rebuild",
    "clean": "cleaning.commands:clean",
    "search": "archive.commands:search",
    "dump": "archive.commands:dump",
    "serve": "archive.commands:serve",
    "status": "archive.commands:status",
    "sites": "crawler.commands:sites",
    "remove": "archive.commands:remove",
    "decide": "archive.commands:decide",
}


def shipped(name: str) -> Path:
    """Return a folder that ships with the project: `site` (what Datasette reads) or `sites` (the sample sites).

    The wheel carries them under names of their own, since `datasette/` would overwrite the installed package.
    """
    installed = HERE / {"site": "fazhi_site", "sites": "fazhi_sites"}[name]
    return installed if installed.is_dir() else HERE / {"site": "datasette", "sites": "tests/sites"}[name]


class App:
    """What commands share: the data folder, and the ways from one package to another."""

    def __init__(self) -> None:
        self.data = Path(os.environ.get("FAZHI_DATA") or "data")
        self.site_folder = shipped("site")

    def registry(self, file: Path | None = None) -> list[dict[str, Any]]:
        """Return the registry (or only the entries of FILE) as plain dicts.

        Raises:
            click.ClickException: an entry cannot be used; the message says which and why.
        """
        from crawler.registry import RegistryError, load_sites

        try:
            return [site.as_dict() for site in load_sites(data=self.data, file=file)]
        except RegistryError as error:
            raise click.ClickException(str(error)) from None

    def build(self, registry: list[dict[str, Any]] | None = None) -> None:
        """Bring archive.db up to date with the raw store and print what changed."""
        from archive.commands import run_build

        run_build(self.data, self.registry() if registry is None else registry)


def _set_data(ctx: click.Context, _: click.Parameter, value: Path | None) -> None:
    if value is not None:
        ctx.ensure_object(App).data = value


def _data_option() -> click.Option:
    kind = click.Path(file_okay=False, path_type=Path)
    text = "The data folder; else FAZHI_DATA, else data/."
    return click.Option(["--data"], type=kind, callback=_set_data, expose_value=False, metavar="DIR", help=text)


def _with_data(command: click.Command) -> click.Command:
    """Give a command, and the commands below it, the option --data."""
    if not any(parameter.name == "data" for parameter in command.params):
        command.params.append(_data_option())
    if isinstance(command, click.Group):
        for below in command.commands.values():
            _with_data(below)
    return command


class LazyGroup(click.Group):
    """A group that imports a command when it is called, so that `fazhi --help` is quick."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return ["demo", *COMMANDS]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            command = super().get_command(ctx, name)
            return command and _with_data(command)
        module, _, attribute = COMMANDS[name].partition(":")
        return _with_data(getattr(importlib.import_module(module), attribute))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fazhi-archive", prog_name="fazhi")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Fazhi Archive 法治政府建设情况报告档案: collect, clean, keep, search and publish China's reports on the rule of law."""
    ctx.ensure_object(App)


main.params.append(_data_option())


@main.command()
@click.option("--port", type=click.IntRange(1, 65535), default=8001, show_default=True, help="Port of the site.")
@click.option("--no-serve", is_flag=True, help="End after the summary.")
@click.pass_obj
def demo(app: App, port: int, no_serve: bool) -> None:
    """Crawl the sample government sites that ship with the project, build, release, and serve the archive.

    The sites are invented; a real server on loopback answers for them. Works offline.

    \b
    Example:
      fazhi demo --data /tmp/demo --no-serve
    """
    registry = app.registry(shipped("sites") / "sites.yaml")
    if strangers := _other_sites(app.data, {site["id"] for site in registry}):
        raise click.ClickException(f"{app.data} holds an archive of other sites ({strangers[0]} …): choose another --data")
    with sample_sites() as proxy:
        # The invented hosts exist behind this proxy only; nothing else about the crawl is special.
        way = {**os.environ, "http_proxy": proxy, "no_proxy": "", "NO_PROXY": ""}
        click.echo(f"{len(registry)} sample sites behind {proxy}")
        crawled = _fazhi(app, "crawl", "--sites", str(shipped("sites") / "sites.yaml"), env=way)
    if crawled > 1 or not (app.data / "archive.db").exists():
        raise click.ClickException("the crawl failed: see above")
    click.echo("Some of the sample sites block, repeat or lose pages on purpose; this is what became of each:")
    _print_sites(app.data)
    if _fazhi(app, "dump"):
        raise click.ClickException("the release failed: see above")
    if not no_serve:
        raise SystemExit(_fazhi(app, "serve", "--port", str(port)))


def _fazhi(app: App, command: str, *arguments: str, env: dict[str, str] | None = None) -> int:
    """Run a command as a user would, show it, and return its exit code."""
    line = [command, *arguments, "--data", str(app.data)]
    click.echo(f"$ fazhi {shlex.join(line)}")
    return subprocess.run([sys.executable, "-m", "fazhi", *line], env=env, check=False).returncode


@contextmanager
def sample_sites() -> Iterator[str]:
    """Serve the sample sites on loopback; yield the address of the proxy that answers for their hosts."""
    server = [sys.executable, str(shipped("sites") / "server.py"), "--port", "0"]
    with subprocess.Popen(server, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            line = process.stdout.readline()
            if not line.startswith("ready "):
                raise click.ClickException("the sample sites did not start")
            yield line.split()[1]
        finally:
            process.terminate()


def _other_sites(data: Path, ours: set[str]) -> list[str]:
    """Ids of the sites in a data folder that are not sample sites."""
    if not (data / "raw" / "index.db").exists():
        return []
    from archive.raw import RawStore

    with RawStore(data / "raw") as store:
        return [site["id"] for site in store.remembered_sites() if site["id"] not in ours]


def _print_sites(data: Path) -> None:
    """Print for each site what was found, rejected, blocked and merged."""
    from archive.read import open_archive, site_summaries

    with closing(open_archive(data / "archive.db")) as db:
        for row in site_summaries(db):
            click.echo(row)


if __name__ == "__main__":
    main()
