"""Numbers with their units, in figures and in Chinese numerals: 1,284件, 1.61万件, 三十五件, 百分之九十五."""

import re
from dataclasses import dataclass

from cleaning.dates import DIGITS

TIMES = {"十": 10, "百": 100, "千": 1000, "万": 10_000, "亿": 100_000_000}
UNITS = "件|起|宗|例|份|个|部|项|名|人|位"
_CHINESE = "零〇一二两三四五六七八九十百千万"
_FIGURES = r"\d{1,3}(?:,\d{3}){1,3}(?!\d)(?:\.\d{1,9})?|\d{1,12}(?:\.\d{1,9})?"
#: What makes the number before it no plain number: 件次, 人次, 98%以上, 12个百分点, 一件事, 187个人民调解委员会.
_SPOILED = (
    r"(?!次|\(次|[以之][上下内外]|百分点|百分之|事(?!项)|套|[-—–~]|月|季度|小时|工作日|[层级批类]|/"
    r"|人民调解|调解[委组]|调委会|(?:行政)?执法[部单机])"
)
#: A number with its unit, in a text of narrow digits and marks.
NUMBER = (
    rf"(?P<near>大?约|近)?(?:(?P<digits>{_FIGURES})(?P<times>[十百千万亿]万?)?|(?P<words>[{_CHINESE}]{{1,15}}(?:点[{_CHINESE}]{{1,9}})?))"
    rf"(?P<more>余|多)?(?P<unit>{UNITS}|%){_SPOILED}(?P<some>左右)?"
    rf"|(?P<near2>大?约|近)?百分之(?P<share>{_FIGURES}|[{_CHINESE}]{{1,9}}(?:点[{_CHINESE}]{{1,9}})?)(?P<some2>左右)?(?![以之][上下])"
)
#: Numbers that are none of ours: ranges (30—40件), 数十件, 3.5%以上, whatever has no unit we know.
NO_NUMBER = (
    rf"(?:[数几上]{{1,2}}|近)[十百千万]{{1,3}}[余多]?(?:{UNITS})?"
    rf"|\d[\d.,]{{0,15}}(?:(?:{UNITS}|%)?[-—–~至到]{{1,2}}\d[\d.,]{{0,15}}){{1,3}}|\d{{1,20}}(?:[.,]\d{{1,20}}){{0,5}}"
)


@dataclass(frozen=True)
class Number:
    """A number with its unit, in a sentence."""

    value: float
    unit: str
    start: int
    end: int
    about: bool  #: 余, 多, 近, 约, 左右


def number(match: re.Match[str]) -> Number | None:
    """Read a match of NUMBER; None for what is no number (百件, 一一)."""
    part = match.groupdict()
    about = any(part[name] for name in ("near", "near2", "more", "some", "some2"))
    group = next(name for name in ("digits", "words", "share") if part[name])
    value = 100.0 if part["share"] == "百" else _value(part[group])
    if value is None:
        return None
    end = match.end(group)
    if part["times"]:
        end = match.end("times")
        for sign in part["times"]:
            value *= TIMES[sign]
    return Number(round(value, 6), part["unit"] or "%", match.start(group), end, about)


def _value(text: str) -> float | None:
    """Read figures, or Chinese numerals below 100,000,000."""
    if text[0].isdigit():
        return float(text.replace(",", ""))
    whole, _, rest = text.partition("点")
    read = _whole(whole)
    if read is None or not rest:
        return read
    return float(f"{read:.0f}.{''.join(str(_DIGITS[c]) for c in rest)}") if all(c in _DIGITS for c in rest) else None


_DIGITS = {**DIGITS, "两": 2, "零": 0, "〇": 0}


def _whole(text: str) -> float | None:
    """Read a whole number in Chinese numerals, every sign of which multiplies what stands before it."""
    match = re.fullmatch(
        r"(?:(?P<w>[一二两三四五六七八九十百千零]+)万)?零?"
        r"(?:(?P<k>[一二两三四五六七八九])千)?零?(?:(?P<h>[一二两三四五六七八九])百)?零?(?:(?P<t>[一二三四五六七八九])?(?P<ten>十))?(?P<o>[一二两三四五六七八九])?",
        text,
    )
    if not match or not text.strip("零〇"):
        return 0.0 if text in ("零", "〇") else None
    part = match.groupdict()
    above = _whole(part["w"]) if part["w"] else 0.0
    if above is None:
        return None
    tens = 10 * _DIGITS.get(part["t"], 1) if part["ten"] else 0
    return (
        above * 10_000 + 1000 * _DIGITS.get(part["k"], 0) + 100 * _DIGITS.get(part["h"], 0) + tens + _DIGITS.get(part["o"], 0)
    )
