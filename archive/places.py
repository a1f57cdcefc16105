"""Divisions of the archive: the table that cleaning carries, completed by the homes of registry entries it does not know."""

from __future__ import annotations

import re
from typing import Any

from archive.registry import Entry
from cleaning import divisions

#: How a government's name ends, after the name of its division.
OFFICE = re.compile(r"(?<=街道)办事处$|人民政府$|行政公署$")
PLACE = re.compile(r"[省市区县旗州盟镇乡]$|街道$|苏木$")


class Places:
    """Names of divisions by code."""

    def __init__(self, entries: list[Entry]) -> None:
        """`entries`: the registry; a government whose code the table does not know gives its division's name."""
        self.own: dict[str, str] = {}
        for entry in sorted(entries, key=lambda entry: (len(entry.get("code", "")), entry.get("code", ""), entry["id"])):
            code, name = entry.get("code", ""), OFFICE.sub("", entry["name"])
            if code and divisions.get(code) is None and code not in self.own and PLACE.search(name):
                above = [part for part in self.names(code).values() if part]
                for part in above:
                    name = name.removeprefix(part) or name
                self.own[code] = name

    def names(self, code: str) -> dict[str, str | None]:
        """Return the names of a code: province, prefecture, county, township; None where there is none."""
        names = divisions.path(code)
        for prefix in (code[:2] + "0000", code[:4] + "00", code[:6], code):
            if prefix in self.own:
                names[divisions.level_of(prefix)] = self.own[prefix]
        return names

    def rows(self) -> list[dict[str, Any]]:
        """Return the rows of the table `divisions`, by code."""
        rows = {
            d.code: {"code": d.code, "name": d.name, "level": d.level, "parent": d.parent} for d in divisions.all_divisions()
        }
        known = {*rows, *self.own}
        for code, name in self.own.items():
            above = (up for up in (code[:6], code[:4] + "00", code[:2] + "0000") if up != code)
            parent = next((up for up in above if up in known), None)
            rows[code] = {"code": code, "name": name, "level": divisions.level_of(code), "parent": parent}
        return [rows[code] for code in sorted(rows)]

    def short(self, issuer: str, code: str) -> str:
        """Return an issuer's name without the names of the divisions it stands in: 金华市婺城区人民政府 becomes 人民政府."""
        for part in self.names(code).values():
            if part and issuer.startswith(part) and issuer != part:
                issuer = issuer.removeprefix(part)
        return issuer

    def series(self, issuer: str, code: str | None) -> str:
        """Return issuer and division in one key, without the names of places; a joint issuer counts as its government."""
        own = speaker(issuer)
        return f"{code}:{self.short(own, code)}" if code else own


def speaker(issuer: str) -> str:
    """Return the part of a joint issuer that a report is counted for: the government's, else the first."""
    parts = issuer.split("、")
    return next((part for part in parts if OFFICE.search(part)), parts[0])
