"""The administrative divisions of China, province to township, and the counties and prefectures abolished since 2011."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_DATA = Path(__file__).with_name("data")
#: Rows that only group others: 市辖区, 县, 省直辖县级行政区划, 自治区直辖县级行政区划.
_DUMMY = re.compile(r"市辖区|县|(?:省|自治区)直辖县级行政区划")
_PARTS = ("province", "prefecture", "county", "township")


@dataclass(frozen=True)
class Division:
    """One division. `parent` is the code above it (None for a province), dummies left out."""

    code: str  #: six digits, townships nine
    name: str
    level: str  #: province, prefecture, county, township
    parent: str | None
    until: int | None = None  #: the last year in which an abolished or renamed division stood in the table
    since: int | None = None  #: the year in which it was founded or renamed, where that was after 2015


def level_of(code: str) -> str:
    """Return the level that the shape of a code tells: 330000, 330700, 330702, 330702001."""
    if len(code) == 9:
        return "township"
    return "province" if code.endswith("0000") else "prefecture" if code.endswith("00") else "county"


def get(code: str) -> Division | None:
    """Return the division of a code (today's, else an abolished one), or None for codes that the table does not know.

    The pseudo counties of 东莞, 中山, 儋州 and 嘉峪关 are their prefectures.
    """
    return _table().get(code) or _former().get(code)


def all_divisions() -> list[Division]:
    """Return today's divisions in the order of their codes, without dummies and pseudo counties."""
    return list({division.code: division for division in _table().values()}.values())


def former_divisions() -> list[Division]:
    """Return the counties and prefectures that were abolished, renamed or given another rank since 2011."""
    return list(_former().values())


def path(code: str) -> dict[str, str | None]:
    """Return the names from province to township that a code stands under; by prefix where the table does not know the code.

    Returns:
        province, prefecture, county, township: None where there is none, or where it is not known (339821: 浙江省 only).
    """
    names: dict[str, str | None] = dict.fromkeys(_PARTS)
    for prefix in (code[:2] + "0000", code[:4] + "00", code[:6], code):
        if division := get(prefix):
            names[division.level] = division.name
    return names


def lineage(division: Division) -> Iterator[Division]:
    """Yield the division and then what it belongs to, up to the province."""
    yield division
    while division.parent and (above := get(division.parent)):
        yield above
        division = above


def is_under(code: str, above: str) -> bool:
    """Tell whether `code` is `above` or lies in it, as the digits say (also for codes that the table does not know)."""
    trunk = above if len(above) == 9 else re.sub(r"(?:00){0,2}$", "", above)
    return code.startswith(trunk)


@cache
def _table() -> dict[str, Division]:
    """Today's divisions by code; the code of a pseudo county leads to its prefecture."""
    with (_DATA / "divisions.csv").open(encoding="utf-8", newline="") as lines:
        names = {row["code"]: row["name"] for row in csv.DictReader(lines)}
    with (_DATA / "founded.csv").open(encoding="utf-8", newline="") as lines:
        founded = {row["code"]: int(row["since"]) for row in csv.DictReader(lines)}
    real = {code: name for code, name in names.items() if len(code) == 9 or not _DUMMY.fullmatch(name)}
    table: dict[str, Division] = {}
    for code, name in real.items():
        twin = code[:4] + "00"
        if len(code) == 6 and code != twin and real.get(twin) == name:
            table[code] = table[twin]
            continue
        above = next((up for up in _above(code) if up in real), None)
        parent = table[above].code if above else None
        table[code] = Division(code, name, level_of(code), parent, since=founded.get(code))
    return table


@cache
def _former() -> dict[str, Division]:
    """Abolished divisions by code."""
    with (_DATA / "former.csv").open(encoding="utf-8", newline="") as lines:
        rows = list(csv.DictReader(lines))
    known = {*_table(), *(row["code"] for row in rows)}
    return {
        row["code"]: Division(
            row["code"],
            row["name"],
            level_of(row["code"]),
            next((up for up in _above(row["code"]) if up in known), None),
            int(row["until"]),
        )
        for row in rows
    }


def _above(code: str) -> list[str]:
    """The codes a code may belong to, the nearest first."""
    return [up for up in (code[:6], code[:4] + "00", code[:2] + "0000") if up != code]
