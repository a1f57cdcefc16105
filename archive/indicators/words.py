"""Words: the lists of words.yaml as one table, word -> class."""

from collections.abc import Iterator
from functools import cache
from importlib.resources import files
from itertools import product

import yaml

#: Classes of what is counted, of what is done with it, of who does it.
THINGS, VERBS, SUBJECTS = "FLDEPKMG", "rahckjywvbtzdpe", "123456H"


@cache
def classes() -> dict[str, str]:
    """Return every word with its class, a letter."""
    lists = yaml.safe_load(files(__package__).joinpath("words.yaml").read_text("utf-8"))
    return {word: kind for kind, listed in lists.items() for word in _spelt(listed)}


def _spelt(listed: str | list[str]) -> Iterator[str]:
    """Yield the words of a list, or of lines of columns with the spellings of each part."""
    if isinstance(listed, str):
        yield from listed.split()
        return
    for line in listed:
        columns = [["" if part == "-" else part for part in column.split("|")] for column in line.split()]
        yield from map("".join, product(*columns))
