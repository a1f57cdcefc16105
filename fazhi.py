"""The command line: one group, whose commands live in the packages and are imported when called."""

from __future__ import annotations

import importlib
import os
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
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        module, _, attribute = COMMANDS[name].partition(":")
        return _with_data(getattr(importlib.import_module(module), attribute))


@click.group(cls=LazyGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="fazhi-archive", prog_name="fazhi")
@click.pass_context
def main(ctx: click.Context) -> None:
    """Fazhi Archive 法治政府建设情况报告档案: collect, clean, keep, search and publish China's reports on the rule of law."""
    ctx.obj = App()


main.params.append(_data_option())


if __name__ == "__main__":
    main()
