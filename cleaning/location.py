"""Where an issuer is: the division of its name, settled by the site's home, the text around it and codes, never by a guess."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from cleaning import divisions, issuers, places
from cleaning.divisions import Division
from cleaning.places import Place

#: A sub-bureau's own place stands between the bureau and 分局: 襄阳市公安局襄城区分局, 西安市公安局雁塔分局.
_SUB_BUREAU = re.compile(r"(?P<bureau>.+局)(?P<branch>[\u4e00-\u9fff]{2,8}?)分局")
#: A street office is its district government's agency and may name it whole: 新洲区人民政府仓埠街道办事处.
_STREET_OF = re.compile(r"(?P<district>.+?)(?:人民政府)(?P<street>[^\s、]+(?:街道|地区)办事处)")

#: Before a place: somebody else's.
_DEALINGS = re.compile(
    r"邀请|聘请|赴|前往|学习|借鉴|考察|援|结对|对口|挂职|交流|来自|选派|参加|参观|兄弟|[与和同到](?!.*[、和]$)"
)
#: After a place: its organs, whose lead or papers a report follows.
_SUPERIOR = re.compile(
    r"(?:[省市县区州盟旗]?委(?!托)|人民政府|政府|党委|党工委|人大|司法[局厅]|全面依法治|依法治|法治政府|依法行政|的(?:正确|坚强)领导)"
)
_CLAUSE_HEAD = re.compile(
    r"\s*(?:20\d\d\s*年(?:度|以来|来)?|在|按照|根据|现将|围绕|中共|《|近年来|一年来|[^，]{0,14}[省市州县区])*\s*"
)
_SUBJECT = re.compile(
    r"(?:[坚认全深积严紧扎高围聚始切以在按持牢把立着强有大不充推]|20\d\d|[\u4e00-\u9fff]{1,6}(?:[镇乡区县市]|街道)|$|[，,])"
)

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
        return next(
            (name for name in narrow_first if name.endswith(rank) and not (rank == "区" and name.endswith("自治区"))), None
        )


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
    chain = _chain(local, home, year)
    if not chain and (rank := issuers.relative(local)):
        # The home has no such rank, else its name would stand there: some township or district of it, or another's.
        level = places.level_by_suffix("某" + rank)
        fits = hint and not home and level == divisions.level_of(hint)
        return _at(hint, "code") if hint and fits else Location(level)
    if not chain:
        return _at(home.code, "site", home.names) if home and issuers.kind(issuer) != "vertical" else _by_stem(local, home)
    last, above = chain[-1], chain[:-1]
    if home and _is_home(last, home) and all(_holds(place, home.code) for place in above):
        return _at(home.code, "site", home.names)
    fitting = [d for d in last.candidates if all(_holds(place, d.code) for place in above)]
    if home and (found := _near(fitting, home.code, settled=bool(above))):
        return _at(found.code, "site")
    if not home or above or last.level != "township":
        near = [d for d in fitting if home and divisions.is_under(d.code, home.code[:2] + "0000")]
        if found := _by_text(near or fitting, [*above, last], opening, year):
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


def _chain(local: str, home: Home | None, year: int | None) -> list[Place]:
    """Return the places of a name, the one of a sub-bureau or street office too, else the stem at its head."""
    if street := _STREET_OF.fullmatch(local):
        local = street["district"] + street["street"]
    chain = places.chain(local, year)
    if chain and (bureau := _SUB_BUREAU.fullmatch(local)):
        named = places.chain(bureau["branch"], year)
        own = named[0] if named else places.short_name(bureau["branch"], year)
        if own and own.end == len(bureau["branch"]):
            counties = tuple(d for d in own.candidates if d.level == "county" and all(_holds(place, d.code) for place in chain))
            chain += [Place(counties[0].name, 0, own.end, counties)] if len(counties) == 1 else []
    if not chain and (short := places.of_body(local, year)):
        chain = [short]
    return chain


def _own(place: Place, opening: str, name: str) -> bool:
    """Tell whether a text speaks of a place as its own: as the subject, as its superior, or right before the name in question.

    A place that is visited, invited or compared with says nothing (赴宁陕县考察, 邀请南京市专家).
    """
    before = re.split(r"[，,。；;:：\n]", opening[: place.start])[-1]
    after = opening[place.end : place.end + 12]
    if _DEALINGS.search(before):
        return False
    if after.startswith(name) or re.search(r"(?:位于|地处|隶属于?|坐落[于在]?)$", before):
        return True
    return bool(_SUPERIOR.match(after)) or bool(_CLAUSE_HEAD.fullmatch(before) and _SUBJECT.match(after))


def _by_text(candidates: Sequence[Division], chain: Sequence[Place], opening: str, year: int | None) -> Division | None:
    """Return the one candidate that the name alone or the places around it leave.

    A bare township must not contradict the counties named: were it elsewhere, the text would not speak of them.
    """
    lone = candidates[0] if len(candidates) == 1 else None
    if not candidates or (lone and (lone.level != "township" or len(chain) > 1)):
        return lone
    context = places.mentioned(opening, year)
    if lone:
        counties = [place for place in context if all(d.level == "county" for d in place.candidates)]
        return lone if not counties or any(_holds(place, lone.code) for place in counties) else None
    context = [place for place in context if _own(place, opening, chain[-1].name)]
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
