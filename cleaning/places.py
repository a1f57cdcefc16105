"""Names of places: found in a text or at the head of an organisation's name, with the divisions that they may mean."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from cleaning import divisions
from cleaning.divisions import Division

#: Peoples in the names of autonomous divisions: those that stand without 族 too, and those that never do.
_PEOPLES = (
    "(?:蒙古|维吾尔|布依|朝鲜|土家|哈尼|哈萨克|傈僳|高山|拉祜|东乡|纳西|景颇|柯尔克孜|达斡尔|仫佬|布朗|撒拉|毛南|仡佬|锡伯|阿昌|普米|塔吉克|"
    "乌孜别克|俄罗斯|鄂温克|德昂|保安|裕固|塔塔尔|独龙|鄂伦春|赫哲|门巴|珞巴|基诺|壮)族?|[回藏苗彝满侗瑶白傣黎佤畲水土羌怒京各]族"
)
_AUTONOMOUS = re.compile(rf"(.+?)(?:{_PEOPLES})+自治([县州旗])")
_ETHNIC_TOWNSHIP = re.compile(rf"(.+?)(?:{_PEOPLES})+乡")
_REGIONS = {
    "内蒙古自治区": "内蒙古",
    "广西壮族自治区": "广西",
    "西藏自治区": "西藏",
    "宁夏回族自治区": "宁夏",
    "新疆维吾尔自治区": "新疆",
}
_SUFFIX = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|林区|特区|新区|[省市县区州盟旗])$")
#: Words that end in 区, 市, 乡 or 镇 and name no division.
_NO_PLACE = re.compile(
    r"(?:开发|高新|新|示范|保税|合作|实验|试验|风景|度假|功能|工业|保护|综合|集中|产业|园|辖|社|小|片|街|景|库|矿|林|校|灾|军|地|市|城)区$"
    r"|^(?:在|把|将|从|对|向|按|由|并|让|使|使得|覆盖|走进|深入|推动|实现)|到[省市县区州镇乡]$"
    r"|(?:城|都|上|超|股|夜|门|各|全|我|本|级)市$|(?:城|和|下|老|家)乡$|(?:城|乡|各|小|全|我)镇$|(?:各|全|我|本|外)[省县区乡]$|自治[区州县]$"
)
#: A name that the table does not know; 州市 (沔州市) is one suffix, 市场 and 区域 are none.
_UNKNOWN = re.compile(
    r"[\u4e00-\u9fff]{1,7}?(?:自治[区州县旗]|市(?!场|域)|县(?!城(?!市)|域)|省|州(?![市区县镇乡])|盟|地区|区(?!域|块)|旗|街道|镇|乡(?!镇|村)|苏木)"
)
_ORDER = {"province": 0, "prefecture": 1, "county": 2, "township": 3}
_LONGEST = 24


@dataclass(frozen=True)
class Place:
    """A place name as written and the divisions it may mean (none: the table does not know the name)."""

    name: str
    start: int
    end: int
    candidates: tuple[Division, ...] = ()

    @property
    def level(self) -> str | None:
        """The level all candidates share, else what the suffix tells (市 alone tells none)."""
        levels = {division.level for division in self.candidates}
        if levels:
            return levels.pop() if len(levels) == 1 else None
        return level_by_suffix(self.name)


def level_by_suffix(name: str) -> str | None:
    """Return the level that the suffix of a place name tells, None for 市 and for no suffix."""
    for level, pattern in (
        ("township", "(?:镇|乡|街道|苏木)$"),
        ("prefecture", "(?:州|盟|地区)$"),
        ("province", "(?:省|自治区)$"),
        ("county", "[县区旗]$"),
    ):
        if re.search(pattern, name):
            return level
    return None


def chain(name: str, year: int | None = None) -> list[Place]:
    """Return the places at the head of an organisation's name, from the widest to the narrowest.

    金华市婺城区人民政府 gives 金华市 and 婺城区; names that the table does not know are read by their suffix.
    """
    found: list[Place] = []
    at = 0
    while at < len(name):
        above = max((_ORDER[place.level] for place in found if place.level), default=-1)
        place = _known_at(name, at, year, above) or _unknown_at(name, at, above)
        if not place:
            break
        found.append(place)
        at = place.end
    return found


def mentioned(text: str, year: int | None = None) -> list[Place]:
    """Return the provinces, prefectures and counties named in full (禄劝县, not 禄劝) in `text`, in order."""
    found: list[Place] = []
    at = 0
    begins = _sizes()
    for start in [n for n in range(len(text)) if text[n : n + 2] in begins]:
        place = _known_at(text, start, year, -1, deepest=2) if start >= at else None
        if place and (len(place.name) > 2 or place.name.endswith("县")):
            found.append(place)
        at = place.end if place else at
    return found


def short_name(text: str, year: int | None = None) -> Place | None:
    """Return the place whose name without its suffix (万源, 浙江) stands at the head of `text`, or None."""
    for size in range(min(len(text), _LONGEST), 1, -1):
        if candidates := _alive(_short_names().get(text[:size], ()), year):
            return Place(text[:size], 0, size, candidates)
    return None


def stem(name: str) -> str:
    """Return a place name without its suffix, and an autonomous one without its peoples: 万源, 禄劝, 恩施."""
    if region := _REGIONS.get(name):
        return region
    if match := _AUTONOMOUS.fullmatch(name):
        return match[1]
    shorter = _SUFFIX.sub("", name)
    return shorter if len(shorter) > 1 else name


def _known_at(text: str, at: int, year: int | None, above: int, deepest: int = 3) -> Place | None:
    """The longest name of the table at a position whose divisions are lower than `above`."""
    for size in _sizes().get(text[at : at + 2], ()):
        name = text[at : at + size]
        if len(name) < size:
            continue
        fitting = [d for d in _names().get(name, ()) if above < _ORDER[d.level] <= deepest]
        if (candidates := _alive(fitting, year)) and not _cut_word(text[at + size : at + size + 1], name):
            return Place(name, at, at + size, candidates)
    return None


def _cut_word(following: str, name: str) -> bool:
    """Tell whether the next character shows that the name is only the beginning of another word (吉林市场)."""
    return following in ("场", "域") and name[-1] in "市区"


def _unknown_at(text: str, at: int, above: int) -> Place | None:
    match = _UNKNOWN.match(text, at)
    if not match or match[0] in _short_names() or _NO_PLACE.search(match[0]) or re.search(r"[和与及、的]", match[0]):
        return None
    level = level_by_suffix(match[0])
    if level and _ORDER[level] <= above:
        return None
    return Place(match[0], at, match.end())


def _alive(candidates: Iterable[Division], year: int | None) -> tuple[Division, ...]:
    """Leave out what was abolished before the year; the table says the last whole year, so one more is allowed."""
    return tuple(d for d in candidates if d.until is None or year is None or year <= d.until + 1)


@cache
def _names() -> dict[str, tuple[Division, ...]]:
    """Name or alias (禄劝县, 恩施州, 内蒙古) -> divisions. Bare words of the township table (街道, 经济开发区) are left out."""
    names: dict[str, list[Division]] = {}
    for division in [*divisions.all_divisions(), *divisions.former_divisions()]:
        full = division.name
        if division.level == "township" and not re.search(r"..(?:镇|乡|街道|苏木|地区)$|.(?:镇|乡)$", full):
            continue
        written = {full}
        if match := _AUTONOMOUS.fullmatch(full):
            written.add(match[1] + match[2])
        elif match := _ETHNIC_TOWNSHIP.fullmatch(full):
            written |= {match[1] + "乡", full.removesuffix("乡") + "民族乡", match[1] + "民族乡"}
        elif full.endswith("街道"):
            written.add(full.removesuffix("街道") + "街街道")
        if full in _REGIONS:
            written.add(_REGIONS[full])
        for name in written:
            names.setdefault(name, []).append(division)
    return {name: tuple(found) for name, found in names.items()}


@cache
def _sizes() -> dict[str, tuple[int, ...]]:
    """First two characters of a name -> the lengths that names with this beginning have, the longest first."""
    sizes: dict[str, set[int]] = {}
    for name in _names():
        sizes.setdefault(name[:2], set()).add(len(name))
    return {head: tuple(sorted(found, reverse=True)) for head, found in sizes.items()}


@cache
def _short_names() -> dict[str, tuple[Division, ...]]:
    """Names of provinces, prefectures and counties without their suffix, of two characters and more."""
    names: dict[str, list[Division]] = {}
    for division in [*divisions.all_divisions(), *divisions.former_divisions()]:
        short = stem(division.name)
        if division.level != "township" and short != division.name and len(short) > 1:
            names.setdefault(short, []).append(division)
    return {name: tuple(found) for name, found in names.items()}
