"""The shipped character map is what OpenCC makes of it, and its README says so."""

from hashlib import sha256
from importlib.metadata import version

import pytest

from archive import charmap

README = charmap.PATH.with_name("README.md").read_text("utf-8")


def test_generating_it_again_gives_the_same() -> None:
    if f"OpenCC {version('opencc')}" not in README:
        pytest.skip(f"made with another OpenCC than the installed {version('opencc')}")
    assert charmap.generate() == charmap.load()


def test_readme_has_the_sum() -> None:
    assert sha256(charmap.PATH.read_bytes()).hexdigest() in README


def test_every_value_is_final() -> None:
    """A Simplified character is not mapped further: folding twice is folding once."""
    pairs = charmap.load()
    assert not set(pairs) & set(pairs.values())
    assert all(len(key) == len(value) == 1 for key, value in pairs.items())


def test_both_scripts_meet() -> None:
    fold = str.maketrans(charmap.load())
    assert "行政復議，隨機，說明，裏面，什麼，臺灣".translate(fold) == "行政复议，随机，说明，里面，什么，台湾".translate(fold)
