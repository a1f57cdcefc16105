"""The documentation says what the code says: generated pages are fresh, settings and commands are named, links lead somewhere."""

import re
import subprocess
import sys
from pathlib import Path

import click
import pytest

from fazhi import COMMANDS, main

ROOT = Path(__file__).parents[1]
DOCS = ROOT / "docs"
PAGES = sorted([*DOCS.glob("*.md"), *ROOT.glob("*.md")])


@pytest.fixture(scope="module")
def generated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The generated pages, written by a process of its own: Click remembers how a command was called before."""
    folder = tmp_path_factory.mktemp("docs")
    subprocess.run([sys.executable, DOCS / "generate.py", folder], check=True)
    return folder


@pytest.mark.parametrize("name", ["columns", "words", "commands", "sites"])
def test_generated_page_is_fresh(generated: Path, name: str) -> None:
    assert (DOCS / f"{name}.md").read_text("utf-8") == (generated / f"{name}.md").read_text("utf-8"), "run: make docs"


@pytest.mark.parametrize("name", ["demo", *COMMANDS])
def test_every_command_has_help_with_an_example(name: str) -> None:
    context = click.Context(main)
    command = main.get_command(context, name)
    assert command
    commands = [command]
    if isinstance(command, click.Group):
        commands = [command.commands[below] for below in command.commands]
    assert [found.name for found in commands if "Example" not in (found.help or "")] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8"))
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_readme_in_both_languages_names_the_same_commands() -> None:
    english, chinese = ((ROOT / name).read_text("utf-8") for name in ("README.md", "README.zh.md"))
    for found in (re.findall(r"^(?:make|fazhi) \S+", text, re.M) for text in (english, chinese)):
        assert found == re.findall(r"^(?:make|fazhi) \S+", english, re.M)
