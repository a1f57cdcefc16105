"""Who may import whom (design: layout), read from the source with ast."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
OURS = {"cleaning", "archive", "crawler", "fazhi"}
RAW_STORE = {"archive.raw", "archive.warc"}
#: What the plugins may import: modules that only read.
READ_SIDE = {
    "archive.asked",
    "archive.citations",
    "archive.coverage_map",
    "archive.differences",
    "archive.feeds",
    "archive.finding",
    "archive.layout",
    "archive.limit",
    "archive.offered",
    "archive.raw",
    "archive.read",
    "archive.replay",
    "archive.reportpage",
    "archive.schema",
    "archive.search",
    "archive.site_list",
    "archive.trends",
}


def allowed(path: Path, module: str) -> bool:
    """Whether a file may import that module of ours."""
    package, target = path.relative_to(ROOT).parts[0], module.partition(".")[0]
    match package:
        case "cleaning":
            return target == "cleaning"
        case "archive":
            return target in ("archive", "cleaning")
        case "crawler":
            return target in ("crawler", "cleaning") or module in RAW_STORE
        case "datasette":
            return module in READ_SIDE
    return True


def imports(path: Path) -> set[str]:
    """Modules of ours that a file imports, as dotted names of modules (`from archive import raw` is archive.raw)."""
    found = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level:
            pytest.fail(f"{path}: a relative import hides which package it reaches")
        elif isinstance(node, ast.ImportFrom) and node.module:
            modules = [f"{node.module}.{alias.name}" for alias in node.names]
            found |= {m if is_module(m) else node.module for m in modules}
    return {module for module in found if module.partition(".")[0] in OURS}


def is_module(name: str) -> bool:
    """Whether a dotted name is a module or package of ours, rather than something in one."""
    path = ROOT.joinpath(*name.split("."))
    return path.with_suffix(".py").exists() or (path / "__init__.py").exists()


FILES = [path for package in ("cleaning", "archive", "crawler", "datasette") for path in sorted((ROOT / package).rglob("*.py"))]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_imports(path: Path) -> None:
    assert [module for module in imports(path) if not allowed(path, module)] == []


def test_the_rule_can_fail(tmp_path: Path) -> None:
    assert not allowed(ROOT / "cleaning" / "x.py", "archive.raw")
    assert not allowed(ROOT / "crawler" / "x.py", "archive.build")
    assert not allowed(ROOT / "archive" / "x.py", "crawler.registry")
    assert not allowed(ROOT / "datasette" / "plugins" / "x.py", "archive.build")
    sample = tmp_path / "x.py"
    sample.write_text("from archive import raw\nfrom archive.raw import now\nimport cleaning.dates\nimport json\n")
    assert imports(sample) == {"archive.raw", "cleaning.dates"}


def test_datasette_folder_is_no_package() -> None:
    """With an __init__.py it would hide the installed package (measured: `python -m datasette` fails)."""
    assert not list((ROOT / "datasette").rglob("__init__.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_module_says_what_it_is(path: Path) -> None:
    text = ast.get_docstring(ast.parse(path.read_text("utf-8")))
    assert text, "a module begins with a sentence that says what it does"
    assert len(path.read_text("utf-8").splitlines()) <= 300, "a module does one thing: 20 to 250 lines"
