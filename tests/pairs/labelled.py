"""The labelled set: every pair of pairs.yaml, made from its recipe."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import yaml

from tests.pairs.recipes import Pair, Recipe, make

#: The verdicts that are right for a label.
RIGHT = {"same": {"same"}, "excerpt": {"excerpt"}, "version": {"version"}, "apart": {"similar", "different"}}


def recipes() -> list[Recipe]:
    """Return the recipes of the set, in its order."""
    lines = yaml.safe_load(Path(__file__).with_name("pairs.yaml").read_text("utf-8"))
    lists = ("also", "unknown", "named")
    return [Recipe(**{**line, **{name: tuple(line.get(name, ())) for name in lists}}) for line in lines]


def pairs() -> Iterator[Pair]:
    """Yield the pairs of the set; always the same."""
    return (make(recipe) for recipe in recipes())
