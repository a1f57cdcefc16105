"""Where an issuer is: the division of its name, settled by the site's home, the text around it and codes, never by a guess."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cleaning import divisions, issuers, places
from cleaning.divisions import Division
from cleaning.places import Place

_NOWHERE: dict[str, str | None] = dict.fromkeys(("province", "prefecture", "county", "township"))


@dataclass(frozen=True)
class Home:
    """The home division of a site, which may be too new (or invented) for the table: then its name is the site's own."""

    code: str
    name: str  #: of the place alone: 青禾县
    names: Mapping[str, str | None]  #: province to township

    @classmethod
    def of(cls, site: Mapping[str, Any] | None) -> Home | None:
        """Return the home of a registry entry, or None where it has no code (ministries)."""
        code = str((site or {}).get("code") or "")
        if not site or not code:
            return None
        known = divisions.get(code)
        names = divisions.path(code)
        if known:
            return cls(known.code, known.name, names)
        chain = places.chain(issuers.local_part(str(site.get("name", ""))))
        for place in chain[:-1]:
            if place.level and names[place.level] is None:
                names[place.level] = place.candidates[0].name if len(place.candidates) == 1 else place.name
        name = chain[-1].name if chain else ""
        names[divisions.level_of(code)] = name or None
        return cls(code, name, names)

    @property
    def level(self) -> str:
        """province, prefecture, county or township, by the shape of the code."""
        return divisions.level_of(self.code)

    def named(self, rank: str) -> str | None:
        """Return the name of the home, or of the nearest division above it, that has this rank word (市, 县 …) at its end."""
        narrow_first = [name for name in reversed(list(self.names.values())) if name]
        return next((name for name in narrow_first if name.endswith(rank)), None)


@dataclass(frozen=True)
class Location:
    """A division, or as much of one as is known."""

    level: str | None = None
    code: str | None = None
    method: str | None = None  #: site, text or code
    names: Mapping[str, str | None] = field(default_factory=lambda: dict(_NOWHERE))


def locate(issuer: str, *, home: Home | None, opening: str, hint: str | None, year: int | None) -> Location:
    """Find the division of an issuer; a department's is its government's.

    Args:
        issuer: full name.
        home: of the site that published it.
        opening: the beginning of the text, whose places may settle which of several divisions is meant.
        hint: a division code from the index number or the site's code.
        year: the year reported on.
    """
    local = issuers.local_part(issuer)
    chain = places.chain(local, year)
    if not chain and (short := places.short_name(local, year)):
        chain = [short]
    if not chain:
        return _at(home.code, "site", home.names) if home and issuers.kind(issuer) != "vertical" else _by_stem(local, home)
    last, above = chain[-1], chain[:-1]
    if home and _is_home(last, home) and all(_holds(place, home.code) for place in above):
        return _at(home.code, "site", home.names)
    fitting = [d for d in last.candidates if all(_holds(place, d.code) for place in above)]
    if home and (found := _near(fitting, home.code, settled=bool(above))):
        return _at(found.code, "site")
    if not home or above or last.level != "township":
        if found := _by_text(fitting, above, opening, year):
            return _at(found.code, "text")
        if hint and not home:
            if found := _near(fitting, hint, settled=False):
                return _at(found.code, "code")
            if not fitting and not divisions.get(hint) and last.level in (None, divisions.level_of(hint)):
                return _at(hint, "code", {**divisions.path(hint), divisions.level_of(hint): last.name})
    return _unsettled(chain, fitting, home, hint)


def _at(code: str, method: str, names: Mapping[str, str | None] | None = None) -> Location:
    return Location(divisions.level_of(code), code, method, names or divisions.path(code))


def _by_stem(local: str, home: Home | None) -> Location:
    """A vertical body may bear the home's name without its suffix (国家统计局青禾调查队)."""
    if home and local.startswith(places.stem(home.name)):
        return _at(home.code, "site", home.names)
    return Location()


def _is_home(place: Place, home: Home) -> bool:
    return place.name in (home.name, places.stem(home.name)) or any(d.code == home.code for d in place.candidates)


def _holds(place: Place, code: str) -> bool:
    """Tell whether a place may be above a code; a name that the table does not know forbids nothing."""
    return not place.candidates or any(divisions.is_under(code, d.code) for d in place.candidates)


def _near(candidates: Sequence[Division], home: str, *, settled: bool) -> Division | None:
    """Return the one candidate nearest to the home: in it, above it, then in its prefecture and province.

    A bare township is only looked for in the home (of a township: in its county), since the table ends in 2023 and a namesake
    elsewhere may be another. `settled`: names above it in the title have said where.
    """
    scopes = [home[:6] if len(home) == 9 else home]
    if settled or not all(d.level == "township" for d in candidates):
        scopes += [code for code in (home[:4] + "00", home[:2] + "0000") if code not in scopes]
    over = [d for d in candidates if divisions.is_under(home, d.code)]
    if len(over) == 1:
        return over[0]
    for scope in scopes:
        inside = [d for d in candidates if divisions.is_under(d.code, scope)]
        if inside:
            return inside[0] if len(inside) == 1 else None
    return None


def _by_text(candidates: Sequence[Division], above: Sequence[Place], opening: str, year: int | None) -> Division | None:
    """Return the one candidate that the name alone or the places around it leave.

    A bare township must not contradict the counties named: were it elsewhere, the text would not speak of them.
    """
    lone = candidates[0] if len(candidates) == 1 else None
    if not candidates or (lone and (lone.level != "township" or above)):
        return lone
    context = places.mentioned(opening, year)
    if lone:
        counties = [place for place in context if all(d.level == "county" for d in place.candidates)]
        return lone if not counties or any(_holds(place, lone.code) for place in counties) else None
    for level in ("county", "prefecture", "province"):
        around = [d for place in context for d in place.candidates if d.level == level]
        left = [d for d in candidates if any(divisions.is_under(d.code, wide.code) and d is not wide for wide in around)]
        if len(left) == 1:
            return left[0]
    return None


def _unsettled(chain: Sequence[Place], candidates: Sequence[Division], home: Home | None, hint: str | None) -> Location:
    """Return what is known without the code: the level, and the names that are above it for certain."""
    last = chain[-1]
    levels = {d.level for d in candidates}
    level = levels.pop() if len(levels) == 1 else places.level_by_suffix(last.name)
    base = home.names if home else divisions.path(hint) if hint else _NOWHERE
    order = list(_NOWHERE)
    if level is None:
        return Location()
    names = {key: base[key] if order.index(key) < order.index(level) else None for key in order}
    for place in chain[:-1]:
        if place.level:
            names[place.level] = place.candidates[0].name if len(place.candidates) == 1 else place.name
    names[level] = last.name
    return Location(level, None, None, names)
