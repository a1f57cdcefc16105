"""The generated pages of the docs say what the code says."""

import importlib.util
from pathlib import Path

import pytest

DOCS = Path(__file__).parents[2] / "docs"


@pytest.mark.parametrize("name", ["columns", "words"])
def test_docs_are_up_to_date(name):
    spec = importlib.util.spec_from_file_location("docs_generate", DOCS / "generate.py")
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    made = getattr(generate, name)()
    assert (DOCS / f"{name}.md").read_text("utf-8") == made, "run: python -m docs.generate"
