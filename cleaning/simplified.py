"""Traditional characters back to Simplified (OpenCC t2s), names of places that keep an old character excepted."""

from __future__ import annotations

import re
from functools import cache

from opencc import OpenCC

#: Places whose names are written with a character that t2s replaces (乾县 would become 干县); from data/divisions.csv.
_KEPT = (
    "尖塚镇 奇乾乡 濛江 乾安 乾丰镇 於潜 乾潭 乾西乡 濛洲 垌塚镇 乾务镇 鮀莲 鮀江 "
    "礐石 乾塘镇 鮜门 织篢 濛阳 乾龙镇 洩湖镇 乾县 乾佑 藉口镇 南磑镇 瀂港"
)


def to_simplified(text: str) -> str:
    """Return `text` in Simplified characters, one for one; everything else stays."""
    converted: str = _converter().convert(text)
    if converted == text or len(converted) != len(text):
        return converted
    kept, pattern = _kept_names()

    def restore(match: re.Match[str]) -> str:
        name, written = kept[match[0]], text[match.start() : match.end()]
        same = all(old == was for old, new, was in zip(name, match[0], written, strict=True) if old != new)
        return name if same else match[0]

    return pattern.sub(restore, converted)


@cache
def _converter() -> OpenCC:
    return OpenCC("t2s")


@cache
def _kept_names() -> tuple[dict[str, str], re.Pattern[str]]:
    """Names as t2s would leave them -> names as they are, and the pattern of the former."""
    names = {str(_converter().convert(name)): name for name in _KEPT.split()}
    return names, re.compile("|".join(names))
