"""Invented places: provinces, prefectures, counties, townships and departments, each the same for the same number."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from cleaning import divisions

WORLD: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("world.yaml").read_text("utf-8"))
#: Prefectures of a province, counties of a prefecture and townships of a county.
PREFECTURES, COUNTIES, TOWNSHIPS = 60, 14, 12
#: Stems of townships' names: fewer than there are, so that counties have towns of one name.
TOWN_NAMES = 399


@dataclass(frozen=True)
class Place:
    """A place or one of its departments."""

    level: str  #: province, prefecture, county, township, street (a township by rank) or department
    name: str  #: 竹坞镇; of a department: 水利局
    above: tuple[str, ...]  #: the names above it, the widest first
    code: str  #: division code; of a department: its government's

    @property
    def rank(self) -> str:
        """The word that names its kind: 镇, 街道, 局."""
        return "街道" if self.level == "street" else self.name[-1]

    @property
    def issuer(self) -> str:
        """The name that it signs with, as a reader completes it: 竹坞镇人民政府, 青禾县水利局."""
        if self.level == "department":
            return self.above[-1] + self.name
        return self.name + ("办事处" if self.level == "street" else "人民政府")

    @property
    def full_issuer(self) -> str:
        """The same with the name of what is above: 青禾县竹坞镇人民政府."""
        wider = self.above[-2:-1] if self.level == "department" else self.above[-1:]
        return "".join(wider) + self.issuer

    @property
    def short(self) -> str:
        """The name that its reports use for it: 竹坞镇, 青禾县水利局."""
        return self.above[-1] + self.name if self.level == "department" else self.name

    def words(self) -> dict[str, str | list[str]]:
        """Return the words of the slots of a sentence; `organ` has several."""
        words: dict[str, str | list[str]] = {"place": self.short}
        for slot, word in WORLD["words"][self.level].items():
            several = [one.replace("{r}", self.rank) for one in ([word] if isinstance(word, str) else word)]
            words[slot] = several[0] if isinstance(word, str) else several
        return words


@cache
def names() -> list[str]:
    """Return the invented stems in a fixed order, neighbours unlike each other; none of them is a real place's."""
    real = {d.name[:2] for d in divisions.all_divisions()}
    stems = [a + b for a in WORLD["first"] for b in WORLD["second"]]
    spread = [stems[n * 1009 % len(stems)] for n in range(len(stems))]  # 1009 is prime: every stem once
    return [stem for stem in spread if stem not in real]


def ranked(n: int, level: str) -> str:
    """Return the n-th name of a level, with its rank word."""
    ranks: list[str] = WORLD["ranks"][level]
    return names()[n % len(names())] + ranks[n % len(ranks)]


def province(n: int) -> Place:
    """Return the n-th province."""
    provinces = list(WORLD["provinces"].items())
    name, code = provinces[n % len(provinces)]
    return Place("province", name, (), code + "0000")


def prefecture(n: int) -> Place:
    """Return the n-th prefecture."""
    up = province(n // PREFECTURES)
    return Place("prefecture", ranked(n * 7 + 3, "prefecture"), (up.name,), f"{up.code[:2]}{n % PREFECTURES + 1:02}00")


def county(n: int) -> Place:
    """Return the n-th county."""
    up = prefecture(n // COUNTIES)
    return Place("county", ranked(n, "county"), (*up.above, up.name), f"{up.code[:4]}{n % COUNTIES + 1:02}")


def township(n: int) -> Place:
    """Return the n-th township; those of one county follow each other."""
    up = county(n // TOWNSHIPS)
    name = ranked((n * 5 + n // TOWNSHIPS) % TOWN_NAMES, "township")
    code = f"{up.code}{n % TOWNSHIPS + 100}"
    return Place("street" if name.endswith("街道") else "township", name, (*up.above, up.name), code)


def department(n: int) -> Place:
    """Return a department of a county: those of one county follow each other."""
    known = WORLD["departments"]
    up = county(n // len(known))
    return Place("department", known[n % len(known)], (*up.above, up.name), up.code)


LEVELS = {
    "province": province,
    "prefecture": prefecture,
    "county": county,
    "township": township,
    "department": department,
}


def sibling(place: Place, n: int) -> Place:
    """Return a place of the same kind elsewhere, the n-th of them, so that a text fits both; one in three has another rank word."""
    if place.level == "province":
        others = [name for name in WORLD["provinces"] if name != place.name]
        return replace(place, name=others[n % len(others)], code=WORLD["provinces"][others[n % len(others)]] + "0000")
    if place.level == "department":
        elsewhere = sibling(county_of(place), n)
        return replace(place, above=(*elsewhere.above, elsewhere.name), code=elsewhere.code)
    stem = names()[(names().index(place.name[:2]) + 1 + n) % len(names())]
    ranks = [rank for rank in dict.fromkeys(WORLD["ranks"].get(place.level, ())) if rank != "街道"]
    rank = ranks[(ranks.index(place.name[2:]) + 1) % len(ranks)] if ranks and n % 3 == 0 else place.name[2:]
    return replace(place, name=stem + rank, code=str(int(place.code) + 1 + n))


def county_of(place: Place) -> Place:
    """Return the county that a township or department is of."""
    return Place("county", place.above[-1], place.above[:-1], place.code[:6])
