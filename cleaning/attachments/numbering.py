"""Automatic numbers of a docx: 一、 or （一） that Word draws and the text does not hold."""

from __future__ import annotations

from collections import defaultdict

from lxml import etree

from cleaning.attachments.zips import attribute, child, local

DIGITS = "〇一二三四五六七八九"
CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "taiwaneseCountingThousand",
    "chineseLegalSimplified",
}
Level = tuple[str, str, int]  #: number format, text with %1 … %9, first number


class Numbering:
    """Counts the numbered paragraphs of a document in order and says what Word draws before each."""

    def __init__(self, numbering: etree._Element | None, styles: etree._Element | None) -> None:
        """Read numbering.xml and styles.xml; either may be missing."""
        self._levels: dict[str, dict[int, Level]] = {}
        self._styles: dict[str, tuple[str, int]] = {}
        self._counters: defaultdict[str, dict[int, int]] = defaultdict(dict)
        abstract = {}
        for element in [] if numbering is None else numbering:
            if local(element) == "abstractNum":
                abstract[attribute(element, "abstractNumId")] = {
                    _number(attribute(level, "ilvl")): _level(level) for level in element if local(level) == "lvl"
                }
            elif local(element) == "num":
                levels = dict(abstract.get(attribute(child(element, "abstractNumId"), "val"), {}))
                for override in (below for below in element if local(below) == "lvlOverride"):
                    if (own := child(override, "lvl")) is not None:
                        levels[_number(attribute(override, "ilvl"))] = _level(own)
                self._levels[attribute(element, "numId")] = levels
        for style in [] if styles is None else styles:
            if (numbered := child(style, "pPr", "numPr")) is not None:
                identifier, depth = attribute(child(numbered, "numId"), "val"), attribute(child(numbered, "ilvl"), "val")
                self._styles[attribute(style, "styleId")] = (identifier, _number(depth))

    def label(self, paragraph: etree._Element) -> str:
        """Count a paragraph and return what is drawn before it: "一、", "" for a bullet or none."""
        properties = child(paragraph, "pPr")
        identifier, depth = self._styles.get(attribute(child(properties, "pStyle"), "val"), ("", 0))
        if (own := child(properties, "numPr")) is not None:
            identifier = attribute(child(own, "numId"), "val") or identifier
            depth = _number(attribute(child(own, "ilvl"), "val")) if child(own, "ilvl") is not None else depth
        levels = self._levels.get(identifier, {})
        if depth not in levels:
            return ""
        counters = self._counters[identifier]
        counters[depth] = counters.get(depth, levels[depth][2] - 1) + 1
        for deeper in [level for level in counters if level > depth]:
            del counters[deeper]
        text = levels[depth][1]
        for level in range(9):
            if f"%{level + 1}" in text:
                form, _, first = levels.get(level, ("decimal", "", 1))
                text = text.replace(f"%{level + 1}", written(counters.get(level, first), form))
        return "" if levels[depth][0] == "bullet" else text


def _number(text: str) -> int:
    return int(text) if text.isdigit() else 0


def _level(element: etree._Element) -> Level:
    start = attribute(child(element, "start"), "val")
    form = attribute(child(element, "numFmt"), "val") or "decimal"
    return form, attribute(child(element, "lvlText"), "val"), _number(start) if start else 1


def written(number: int, form: str) -> str:
    """Write a number in a Word number format; unknown formats as digits.

    >>> written(21, "chineseCountingThousand")
    '二十一'
    """
    if form in CHINESE:
        return chinese(number)
    if form == "decimalEnclosedCircle" and 1 <= number <= 20:
        return chr(0x2460 + number - 1)
    if form in ("upperLetter", "lowerLetter") and 1 <= number <= 26:
        letter = chr(ord("A") + number - 1)
        return letter if form == "upperLetter" else letter.lower()
    if form in ("none", "bullet"):
        return ""
    return f"{number:02}" if form == "decimalZero" else str(number)


def chinese(number: int) -> str:
    """Write 1 to 99 in Chinese; larger numbers as digits."""
    if not 0 < number < 100:
        return str(number)
    tens, ones = divmod(number, 10)
    head = "" if tens == 0 else "十" if tens == 1 else f"{DIGITS[tens]}十"
    return head + (DIGITS[ones] if ones else "")
