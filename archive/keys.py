"""The key of a report (year, issuer, division): what keeps two reports apart however alike their texts are."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

#: A name of divisions alone, and the ends that say nothing about who it is: 县人民政府, 司法局.
OFFICE = re.compile(r"人民政府$|办事处$|管理委员会$|管委会$")
UNIT = re.compile(r"[省市县区州盟旗](?=.)")
#: Fewer characters before 人民政府 name nobody: 市人民政府.
PLACE_LENGTH = 2
#: A department is named by its place, or by a name that there is but once: 司法局 and 党政办公室 are anybody's.
PLACED = re.compile(
    r"^.{1,8}?(?:[省市县区州盟旗镇]|(?<!城)乡|街道)|^(?:国家|国务院|中央|中国|中华|最高|全国)"
    r"|(?:(?<!组织)(?<!宣传)(?<!统战)部|总局|总署|兵团)$"
)
#: How the names of divisions end that are found once in the country, all but a few.
UNIQUE = re.compile(r"[省市县区州盟旗]$")
#: By so many last characters issuers are looked up that may be one: the shorter name ends the longer.
OFFICE_TAIL, TAIL = 6, 4


class Key(NamedTuple):
    """What is known of who reported on which year; None where it is not."""

    year: int | None
    issuer: str | None  #: joint issuers joined by 、
    code: str | None = None  #: division

    @property
    def named(self) -> tuple[str, ...]:
        """The issuers that a name tells apart: not 县人民政府 and 司法局, which are anybody's."""
        return _named(self.issuer or "")

    @property
    def tails(self) -> list[str]:
        """The ends of the issuers' names, by which those are found that may be the same; [""] where nobody is named."""
        return sorted({name[-(OFFICE_TAIL if OFFICE.search(name) else TAIL) :] for name in self.named}) or [""]


@lru_cache(maxsize=65536)
def _named(issuer: str) -> tuple[str, ...]:
    return tuple(name for name in issuer.split("、") if _names_somebody(name))


def _names_somebody(name: str) -> bool:
    place = OFFICE.sub("", name)
    return len(place) >= PLACE_LENGTH if place != name else PLACED.search(name) is not None


def contradict(a: Key, b: Key) -> bool:
    """Whether two keys cannot be of one report: both years known and different, both issuers and not the same, or namesakes."""
    if a.year and b.year and a.year != b.year:
        return True
    if a.named and b.named and not _shared(a, b):
        return True
    return namesakes(a, b)


def same_issuer(a: str, b: str) -> bool:
    """Whether two names can be of one issuer: one ends in the other (婺城区人民政府, 金华市婺城区人民政府), in any part."""
    return any(x.endswith(y) or y.endswith(x) for x in a.split("、") for y in b.split("、"))


def namesakes(a: Key, b: Key) -> bool:
    """Whether two issuers share a name but stand in different divisions: 城关镇人民政府 of two counties."""
    if not (a.code and b.code) or _within(a.code, b.code) or _within(b.code, a.code):
        return False
    shared = _shared(a, b)
    return bool(shared) and not any(map(_says_where, shared))


def _within(code: str, above: str) -> bool:
    """Whether a division is another or stands in it: 330702 in 330700."""
    return code.startswith(re.sub(r"(?:00){1,2}$", "", above[:6]) + above[6:])


def same_key(a: Key, b: Key) -> bool:
    """Whether two keys that do not contradict are of one year and of issuers of one name."""
    return bool(a.year and a.year == b.year and _shared(a, b))


def same_place(a: Key, b: Key) -> bool:
    """Whether two keys that do not contradict are known to be of one place: towns of one name are in many counties."""
    names = _shared(a, b)
    return bool(a.code and b.code) or any(_says_where(name) or UNIQUE.search(OFFICE.sub("", name)) for name in names)


def _shared(a: Key, b: Key) -> list[str]:
    """Return the names that both keys have, each as the key has it that says less."""
    return [min(x, y, key=len) for x in a.named for y in b.named if x.endswith(y) or y.endswith(x)]


def _says_where(name: str) -> bool:
    return UNIT.search(OFFICE.sub("", name)) is not None
