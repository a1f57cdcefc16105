"""What a reader asks of the search page: words, filters, order and page, to and from the parameters of an address."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from typing import Any

from archive.search import RANKED
from archive.selection import utf8
from cleaning.document import ISSUER_TYPES, LEVELS, SECTION_KINDS

SORTS = ("relevance", "newest", "oldest", "place")
SIZES = (20, 50, 100)
#: Parameters with one of a list of words.
WORDS: dict[str, tuple[str, ...]] = {
    "level": LEVELS,
    "issuer_type": ISSUER_TYPES,
    "section": SECTION_KINDS,
    "sort": SORTS,
}
YEARS = ("year_from", "year_to")
#: What narrows the hits, in the order in which it is shown; years are shown as one.
FILTERS = ("title", "section", *YEARS, "province", "prefecture", "county", "level", "issuer_type", "issuer")
LONGEST = 200


@dataclass(frozen=True)
class Asked:
    """A question; a field with its default was not asked for. Places are names, `issuer` a part of the issuer's name."""

    q: str = ""
    title: bool = False
    section: str = ""
    year_from: int | None = None
    year_to: int | None = None
    province: str = ""
    prefecture: str = ""
    county: str = ""
    level: str = ""
    issuer_type: str = ""
    issuer: str = ""
    sort: str = "relevance"
    size: int = SIZES[0]
    page: int = 1

    @classmethod
    def of(cls, given: Mapping[str, str]) -> Asked:
        """Return the question that the parameters of an address stand for. `year` alone is one year.

        Raises:
            ValueError: a parameter cannot be; the message is one Chinese sentence for the reader.
        """
        values: dict[str, Any] = {name: utf8(given[name]).replace("\0", "").strip() for name in _NAMES if given.get(name)}
        if year := given.get("year", "").strip():
            values |= dict.fromkeys(YEARS, year)
        for name in ("province", "prefecture", "county", "issuer"):
            if len(values.get(name, "")) > LONGEST:
                raise ValueError(f"筛选条件 {name} 太长（最多 {LONGEST} 字）。")
        for name, known in WORDS.items():
            if values.get(name) and values[name] not in known:
                raise ValueError(f"参数 {name} 不能是“{values[name][:40]}”，可以是：{'、'.join(known)}。")
        for name in (*YEARS, "size", "page"):
            if values.get(name):
                values[name] = _number(name, values[name])
        if values.get("size", SIZES[0]) not in SIZES:
            raise ValueError(f"每页份数 size 可以是 {'、'.join(map(str, SIZES))}。")
        values["title"] = values.get("title", "") not in ("", "0")
        asked = cls(**{name: value for name, value in values.items() if value != ""})
        asked = replace(asked, county=asked.county if asked.prefecture or asked.province else "")
        if asked.year_from and asked.year_to and asked.year_from > asked.year_to:
            asked = replace(asked, year_from=asked.year_to, year_to=asked.year_from)
        if not 1 <= asked.page <= asked.pages(RANKED):
            raise ValueError(f"没有第 {asked.page} 页：最多列出前 {RANKED:,} 份，请加一个词或筛选条件。")
        return asked

    def pages(self, hits: int) -> int:
        """Return how many pages so many hits fill."""
        return max(1, -(-hits // self.size))

    def address(self, **changes: Any) -> dict[str, str]:
        """Return the parameters of the question, or of it with some changed: only those that were asked for, in one order."""
        asked = replace(self, **changes) if changes else self
        given = {f.name: getattr(asked, f.name) for f in fields(asked) if getattr(asked, f.name) != f.default}
        return {name: "1" if value is True else str(value) for name, value in given.items()}

    def without(self, name: str) -> dict[str, str]:
        """Return the address without one filter, from its first page; without a place, without the places in it too."""
        gone = {"year": YEARS, "province": ("province", "prefecture", "county"), "prefecture": ("prefecture", "county")}
        defaults = {f.name: f.default for f in fields(self)}
        return self.address(page=1, **{each: defaults[each] for each in gone.get(name, (name,))})

    @property
    def chips(self) -> list[tuple[str, str]]:
        """The filters that are set: their name (years as `year`) and value."""
        found = [(name, str(getattr(self, name))) for name in FILTERS if name not in YEARS and getattr(self, name)]
        if self.year_from or self.year_to:
            years = str(self.year_from) if self.year_from == self.year_to else f"{self.year_from or ''}–{self.year_to or ''}"
            found.append(("year", years))
        return found


_NAMES = tuple(f.name for f in fields(Asked))


def _number(name: str, value: str) -> int:
    if not re.fullmatch(r"[0-9]{1,6}", value):
        raise ValueError(f"参数 {name} 应是数字，不能是“{value[:40]}”。")
    return int(value)
