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
#: Everyday names that no rule makes of the full ones.
_EVERYDAY = {
    "前郭尔罗斯蒙古族自治县": "前郭县",
    "鄂温克族自治旗": "鄂温克旗",
    "鄂伦春自治旗": "鄂伦春旗",
    "莫力达瓦达斡尔族自治旗": "莫旗",
    "达尔罕茂明安联合旗": "达茂旗",
    "喀喇沁左翼蒙古族自治县": "喀左县",
    "阜新蒙古族自治县": "阜蒙县",
}
#: Stems that two places share although only one is named so in full (巴州区 in 巴中).
_EVERYDAY_STEMS = {"巴音郭楞蒙古自治州": "巴州", "博尔塔拉蒙古自治州": "博州", "克孜勒苏柯尔克孜自治州": "克州"}
#: What follows the stem of a place in the name of a body; 太湖流域管理局, 松山湖管委会 and 泰山管委会 are of no such place.
_BODY_WORDS = re.compile(
    r"$|人民政府|政府|[省市县区州盟旗]?委|党委|党工委|纪委|监察|教育|公安|民政|司法|财政|人力|人社|自然资源|国土|规划|生态环境|环境保护|环保|住房|住建|城市管理"
    r"|城管|城乡|交通|水利|水务|农业|农村|林业|商务|文化|文旅|卫生|卫健|退役|应急|审计|国资|国有资产|市场监督|市监|市场监管|体育|统计|医疗|医保|信访|发展|发改"
    r"|科学|科技|工业|经济|经信|工信|高新|民族|税务|国家税务|国税|地税|海关|海事|证监|证券|银保监|银监|保监|监管|金融|气象|地震|邮政|通信|烟草|消防|调查"
    r"|矿山|煤矿|煤监|粮食|物资储备|能源|中心支行|支行|分行|出入境|边检|铁路|综合保税|保税|生产建设兵团|行政公署|政务|机关|档案|检察|法院"
)
_SUFFIX = re.compile(r"(?:特别行政区|自治[区州县旗]|地区|林区|特区|新区|[省市县区州盟旗])$")
#: Words that end in 区, 市, 乡 or 镇 and name no division.
_NO_PLACE = re.compile(
    r"(?:开发|高新|新|示范|保税|合作|实验|试验|风景|度假|功能|工业|保护|综合|集中|产业|园|辖|社|小|片|街|景|库|矿|林|校|灾|军|地|市|城)区$"
    r"|^委|依法治|^(?:在|把|将|从|对|向|按|由|并|让|使|使得|覆盖|走进|深入|推动|实现)|到[省市县区州镇乡]$"
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


def of_body(text: str, year: int | None = None) -> Place | None:
    """Return the place without its suffix at the head of a body's name (浙江监管局); None where a longer word stands there."""
    place = short_name(text, year)
    if place and text[place.end :] == "局":  # 山西局 of a ministry; 东海局 is a sea's
        return place if any(division.level == "province" for division in place.candidates) else None
    return place if place and _BODY_WORDS.match(text, place.end) else None


def whole(text: str) -> str | None:
    """Return the full name of a place written without its suffix (万源, 杭州), None where it is another's too."""
    place = short_name(text)
    names = {division.name for division in place.candidates} if place and place.end == len(text) else set()
    return names.pop() if len(names) == 1 else None


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
            written |= {match[1] + match[2], match[1] + "自治" + match[2]}
        elif match := _ETHNIC_TOWNSHIP.fullmatch(full):
            written |= {match[1] + "乡", full.removesuffix("乡") + "民族乡", match[1] + "民族乡"}
        elif full.endswith("街道"):
            written.add(full.removesuffix("街道") + "街街道")
        written |= {short[full] for short in (_REGIONS, _EVERYDAY) if full in short}
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
        for short in {stem(division.name), _EVERYDAY_STEMS.get(division.name, "")} - {division.name}:
            if division.level != "township" and len(short) > 1:
                names.setdefault(short, []).append(division)
    return {name: tuple(found) for name, found in names.items()}
