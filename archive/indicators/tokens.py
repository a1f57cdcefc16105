"""Tokens: a sentence read as a row of classes, one letter each, so that a rule is a pattern of letters.

Letters of words are in words.yaml. Besides: N a number with its unit, R a share, T this year, B another year or several, S the
issuer's own area, U a wider one, W a narrower one or another body, q 其中, g the issuer's own level alone, l 、 and 和, f 分别,
u 均, X anything else.
"""

import re
from functools import cache
from typing import NamedTuple

from archive.indicators.numbers import NO_NUMBER, NUMBER, Number, number
from archive.indicators.phrases import AREA, PHRASES
from archive.indicators.words import classes

NARROW = str.maketrans("０１２３４５６７８９．，；：（）％～！？“”‘’﹪", "0123456789.,;:()%~!?○○○○%")
#: Administrative levels, the widest first.
LEVELS = {"国": 0, "省": 1, "自治区": 1, "市": 2, "州": 2, "盟": 2, "县": 3, "区": 3, "旗": 3, "镇": 4, "乡": 4, "街道": 4}
_AREA = re.compile(AREA.replace("(?:国", "(国"))
_NUMBER, _NO_NUMBER = re.compile(NUMBER), re.compile(NO_NUMBER)


class Token(NamedTuple):
    """A word of a sentence by its class, with the number where it is one."""

    kind: str
    start: int
    end: int
    number: Number | None = None


@cache
def _lengths() -> dict[str, list[int]]:
    """Return the lengths of the words by their first sign, the longest first."""
    lengths: dict[str, set[int]] = {}
    for word in classes():
        lengths.setdefault(word[0], set()).add(len(word))
    return {sign: sorted(several, reverse=True) for sign, several in lengths.items()}


@cache
def _phrases() -> dict[str, list[tuple[str, re.Pattern[str]]]]:
    """Return the phrases by the signs that may begin them."""
    found: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for kind, signs, phrase in PHRASES:
        pattern = re.compile(phrase)
        for sign in signs:
            found.setdefault(sign, []).append((kind, pattern))
    return found


_NUMERIC = frozenset("0123456789零一二两三四五六七八九十百千数几上近约大")


def tokens(text: str, begin: int, end: int, year: int | None, level: int) -> list[Token]:
    """Read text[begin:end], narrow marks and digits, the longest word at a time.

    Args:
        text: a sentence.
        begin: where to begin.
        end: where to end.
        year: the report's, None where it is not known.
        level: the issuer's, of LEVELS; -1 where it is not known.
    """
    kinds, lengths, phrases = classes(), _lengths(), _phrases()
    found: list[Token] = []
    at = begin
    while at < end:
        sign = text[at]
        kind, past, read = "0" if sign in ":\t" else "", at + 1, None
        for length in lengths.get(sign, ()):
            if word := kinds.get(text[at : at + length]):
                kind, past = word, at + length
                break
        for other, phrase in phrases.get(sign, ()):
            if match := phrase.match(text, at, end):
                if match.end() > past or not kind:
                    kind, past = _kind(other, match.group(), year, level), match.end()
                break
        if sign in _NUMERIC:
            if (match := _NO_NUMBER.match(text, at, end)) and (match.end() > past or kind in ("", "X")):
                kind, past = "X", match.end()
            if (match := _NUMBER.match(text, at, end)) and match.end() >= past and (read := number(match)):
                kind, past = "R" if read.unit == "%" else "N", match.end()
        if kind:
            found.append(Token(kind, at, past, read))
        elif not found or found[-1].kind != "X":
            found.append(Token("X", at, past))
        at = past
    return found


def _kind(kind: str, said: str, year: int | None, level: int) -> str:
    """Return the class of a phrase, where it hangs on the report's year or area."""
    if kind == "Y":
        named = [int(y) for y in re.findall(r"20\d\d", said)]
        if year is None:
            return "B" if said[0] == "到" else "T"
        return "T" if named[0] == year or (said[0] == "截" and named[0] == year + 1) else "B"
    if kind == "S" and (area := _AREA.fullmatch(said)):
        here = LEVELS[area[1]]
        return "S" if level < 0 or here == level else "U" if here < level else "W"
    return kind
