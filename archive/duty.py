"""Who has to report, and on which years: every government from province to county, and whomever the registry names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from archive.places import OFFICE, PLACE, Places
from archive.registry import Entry
from cleaning import divisions
from cleaning.divisions import Division, level_of
from cleaning.issuers import kind
from cleaning.places import level_by_suffix

#: The 法治政府建设实施纲要（2015—2020年） of 27 December 2015 told governments from the county up to report on the year before
#: in every first quarter, and to publish the report: 2016 is the first whole year under it.
GOVERNMENTS_SINCE = 2016
#: Art. 24 of the 法治政府建设与责任落实督察工作规定, in force from 15 April 2019, binds townships too. Departments are expected
#: from then on, though the outline names them: the reform of 2018 gave many of them another name.
OTHERS_SINCE = 2019

#: Functional zones that the statistics bureau numbers like counties (石家庄高新区 130171): no government, no duty.
_ZONE = re.compile(r"\d{4}7[1-9]")
#: 金门县 and its likes stand in the table and are governed by others.
_ELSEWHERE = ("350527",)
_GOVERNMENT = re.compile(r"(?:政府|公署|行署)(?:办公[室厅])?$|办事处$")


@dataclass(eq=False)
class Issuer:
    """Somebody who reports. `since` and `until`: the years in which it exists; `due`: the first year it must report on."""

    code: str
    name: str
    due: int
    since: int = 0
    until: int = 9999
    sites: list[str] = field(default_factory=list)  #: registry entries that are its own


class Duty:
    """Everybody who has to report, and whose a report is."""

    def __init__(self, entries: Mapping[str, Entry], places: Places) -> None:
        """`entries`: the registry by id; `places`: made of the same."""
        self.places = places
        self.issuers: list[Issuer] = []
        self._governments: dict[str, list[Issuer]] = {}  #: by code, former ones first
        self._series: dict[str, Issuer] = {}
        self._spelled: dict[str, Issuer | None] = {}  #: None: several bear the name
        for division in [*divisions.former_divisions(), *divisions.all_divisions()]:
            if has_government(division):
                self._govern(Issuer(division.code, government(division), GOVERNMENTS_SINCE, division.since or 0,
                                    division.until or 9999))  # fmt: skip
        for site, entry in entries.items():
            self._enter(entry).sites.append(site)

    def _govern(self, issuer: Issuer) -> Issuer:
        self.issuers.append(issuer)
        self._governments.setdefault(issuer.code, []).append(issuer)
        return issuer

    def _enter(self, entry: Entry) -> Issuer:
        """Return the issuer of an entry, which bears the name that the first entry gives it."""
        code, name = str(entry.get("code", "")), entry["name"]
        level = level_by_suffix(OFFICE.sub("", name))
        official = (OFFICE.search(name) or PLACE.search(name)) and kind(name) != "zone"
        if not code or not official or level not in (None, level_of(code)):
            series = self.places.series(name, code)
            if series not in self._series:
                self._series[series] = self._spell(Issuer(code, name, OTHERS_SINCE))
                self.issuers.append(self._series[series])
            return self._series[series]
        if code in self._governments:
            issuer = self._governments[code][-1]
            issuer.name = issuer.name if issuer.sites else name
            return issuer
        due = OTHERS_SINCE if level_of(code) == "township" else GOVERNMENTS_SINCE
        return self._spell(self._govern(Issuer(code, name, due)))

    def _spell(self, issuer: Issuer) -> Issuer:
        """Remember the names, longer and shorter, by which a report without a code may mean an issuer that no table knows."""
        above = [name for name in self.places.names(issuer.code).values() if name]
        short = self.places.short(issuer.name, issuer.code)
        for name in {issuer.name, *("".join(above[n:]) + short for n in range(len(above)))}:
            self._spelled[name] = None if name in self._spelled else issuer
        return issuer

    def of(self, issuer: str, issuer_type: str, code: str, level: str, series: str, year: int) -> Issuer | None:
        """Return whose report it is, None where nobody known has to give it. Arguments: columns of `reports`, "" for null.

        A joint report is the government's; a township's may carry the county's code, and is not the county's.
        """
        parts = issuer.split("、")
        official = issuer_type in ("government", "joint") and any(_GOVERNMENT.search(part) for part in parts)
        if official and code in self._governments and level in ("", level_of(code)):
            named = self._governments[code]
            return next((one for one in named if one.since <= year <= one.until), named[-1])
        if series in self._series:
            return self._series[series]
        found = (self._spelled.get(part) for part in parts)
        return next((one for one in found if one and not (code and one.code)), None)


def has_government(division: Division) -> bool:
    """Whether a division of the table has a government from the county up; zones, islands and commissions have none."""
    if division.level == "township" or division.code in _ELSEWHERE or _ZONE.fullmatch(division.code):
        return False
    return bool(PLACE.search(division.name))


def government(division: Division) -> str:
    """Return the name of a government as the registry writes it: 金华市婺城区人民政府, 万源市人民政府, 兴安盟行政公署."""
    above = divisions.get(division.parent or "")
    district = division.name.endswith("区") and division.level == "county"
    name = above.name + division.name if above and district else division.name
    return name + ("行政公署" if name.endswith(("盟", "地区")) else "人民政府")
