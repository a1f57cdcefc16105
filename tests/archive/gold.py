"""The gold passages: invented texts with the figures that a careful reader copies from them."""

import re
from pathlib import Path

import yaml

FOLDER = Path(__file__).parent / "figures"


def read(paths):
    """Return the passages of files."""
    return [item for path in paths for item in yaml.safe_load(path.read_text("utf-8"))]


def figures(item, *, missed=False):
    """Return {name: (number as printed, value, unit)} of a passage: "1.61万件 = 16100" is 1.61万, 16100 and 件.

    `missed` are true figures as well, which the rules leave out.
    """
    found = {}
    for name, written in {**item["figures"], **(item.get("missed", {}) if missed else {})}.items():
        printed, unit, value = re.fullmatch(r"(.+?)([件宗起份人名%])(?: = (.+))?", written).groups()
        found[name] = (printed, float(value or printed), unit)
    return found


def given_with(item):
    """Return what a passage says beside its text: the issuer, the year."""
    return {key: item[key] for key in ("issuer", "year") if key in item}


PASSAGES = read(sorted(FOLDER.glob("*.yaml")))
