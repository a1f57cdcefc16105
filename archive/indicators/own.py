"""Own: the year, the place and the level that a report speaks of as its own."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from archive.indicators.tokens import LEVELS, NARROW

_TITLES = re.compile(r"《[^》\n]{0,80}》")
_YEAR = re.compile(r"(?<![\d到至—–-])(20\d\d)年(?!结转|[^,，。\n]{1,16}以来)")
_SIGN = re.compile(r"[^ ]|(?<=\d) (?=\d)")
_NUMBERING = re.compile(r"^\s*(?:\(?(?:[一二三四五六七八九十]{1,3}|\d{1,2})[)、.](?!\d))+")
#: Another word for the one before it, in mid-clause: 合同（协议）, 县（区）.
_ASIDE = re.compile(r"\([^()\d]{1,6}\)(?=[\d\u4e00-\u9fff])")
_AREA = re.compile(r"(?:全|我)(国|省|自治区|市|州|盟|县|区|旗|镇|乡|街道)(?!面|体|心|家|人民)")
_PLACE = re.compile(
    r"(?:年(?:以来|度)?[,，]?|^|\n)(?P<place>[\u4e00-\u9fff]{1,8}?(?:自治区|自治州|自治县|自治旗|省|市|县|区|旗|州|盟|镇|乡|街道))"
    r"(?=坚持|认真|深入|以习|在[^，,。]{2,30}领导|紧|全面|扎实|持续|始终|高度|严格|贯彻|坚决|按照|围绕|聚焦|人民政府|统筹|积极|法治|深化|锚定|共|委|20\d\d)"
)
_GOVERNMENT = ("人民政府", "街道办事处", "办事处", "政府")
#: 云州市 of 云州市市场监督管理局, but no 文化市 of 文化市场.
_UNIT = r"[^省市县区]{1,9}?[省市县区旗州盟](?![场政民域容]|[市县区](?![场政民域容]))"
_TOWN = r"[^省市县区]{1,6}(?:[镇乡]|街道)(?=人民政府|办事处|$)"
_ISSUER = re.compile(rf"(?P<above>(?:{_UNIT})*?)(?P<unit>(?:{_TOWN}|{_UNIT})?)(?!{_TOWN}|{_UNIT})(?P<body>.*)")


def _blank(match: re.Match[str]) -> str:
    return "○" * len(match.group())


@dataclass(frozen=True)
class Own:
    """What is this report's: the year (None: not told), the level (-1: not told), the names that stand for the issuer."""

    year: int | None
    level: int
    names: tuple[str, ...]

    @classmethod
    def of(cls, text: str, year: int | None = None, issuer: str = "") -> "Own":
        """Read them from the text, where they are not given."""
        lead = _TITLES.sub("", text[:1000]).translate(NARROW)
        years = Counter(_YEAR.findall(lead)) or Counter(_YEAR.findall(_TITLES.sub("", text).translate(NARROW)))
        if year is None and years:
            year = int(max(years, key=lambda y: (years[y], -lead.find(y))))
        areas = Counter(_AREA.findall(text))
        level = LEVELS[max(areas, key=lambda area: areas[area])] if areas else -1
        if issuer:
            above, unit, body = match.groups() if (match := _ISSUER.fullmatch(issuer)) else ("", "", "")
            names = [issuer, above + unit, unit, body if body not in _GOVERNMENT else ""]
            level = next((LEVELS[end] for end in LEVELS if unit.endswith(end)), level)
        else:
            place = _PLACE.search(lead[:400])
            names = [place["place"]] if place else []
        return cls(year, level, tuple(sorted({name for name in names if len(name) > 1}, key=len, reverse=True)))

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        """Pattern of the names, a 省, 市, 县 or 区 before them included (县农业农村局)."""
        return re.compile("|".join(rf"[省市县区]?{re.escape(name)}" for name in self.names)) if self.names else None

    def fold(self, said: str) -> tuple[str, Sequence[int]]:
        """Return a sentence in narrow signs, own names as □ and numbering as ○, no spaces, with the places of its signs."""
        text = _ASIDE.sub(_blank, _NUMBERING.sub(_blank, said.translate(NARROW)))
        if self.pattern:
            text = self.pattern.sub(lambda match: "□" * len(match.group()), text)
        if " " not in text:
            return text, range(len(text))
        places = [match.start() for match in _SIGN.finditer(text)]
        return "".join(text[n] for n in places), places
