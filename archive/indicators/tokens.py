"""Tokens: a sentence read as a row of classes, one letter each, so that a rule is a pattern of letters.

Letters of words are in words.py. Besides: N a number with its unit, R a share, T this year, B another year or several, S the
issuer's own area, U a wider one, W a narrower one or another body, q 其中, g the issuer's own level only, l 、 and 和, f 分别, u 均,
0 what changes nothing, X anything else.
"""

import re
from functools import cache
from typing import NamedTuple

from archive.indicators import words
from archive.indicators.numbers import NO_NUMBER, NUMBER, Number, number

NARROW = str.maketrans("０１２３４５６７８９．，；：（）％～！？“”‘’﹪", "0123456789.,;:()%~!?○○○○%")
#: Administrative levels, the widest first.
LEVELS = {"国": 0, "省": 1, "自治区": 1, "市": 2, "州": 2, "盟": 2, "县": 3, "区": 3, "旗": 3, "镇": 4, "乡": 4, "街道": 4}
AREA = r"(?:全|我|本)(?P<area>国|省|自治区|市|州|盟|县|区|旗|镇|乡|街道)(?:范围)?(?:上下)?内?"
YEAR = r"20\d\d年度?"
_MANY = r"(?:[一二三四五六七八九十两几]+|\d{1,2})"
_UNDONE = "(?:撤销|变更|确认违法|责令(?:限期)?履行|责令重作|确认无效)"
#: Classes of phrases that cannot be listed, with the signs that may begin them: the first that fits is taken.
PHRASES = (
    ("W", "□", r"□+(?!司法|人民|政府|法律|行政复议|两级|[各市县区镇乡]级)[^\d,;:()、□]{1,8}?(?:局|委员会|管委会|大队|支队|镇|乡|街道|村|社区)"),
    ("S", "□全我本", rf"□+|[全我本](?:局|委|厅|系统|机关|单位)(?![势面心])|{AREA}"),
    ("X", "与较比同和跟", r"[与较比同和跟](?:上年|去年|上一年|前年|往年|20\d\d年)[^,;:()、]*"),
    ("X", "含加包另有上去2往历", r"(?:含|加上|包括|另有|有)?(?:上年度?|去年|20\d\d年度?|上一年度?|往年|历年)(?:结转|转入|遗留|旧存|存案|未结)"),
    ("0", "连", rf"连续{_MANY}年"),
    ("B", "2近过十1", rf"20\d\d年?[-—–~至到]+20\d\d年(?:底|末|期间)?|近(?:{_MANY})?年来?|过去(?!一){_MANY}年"),
    ("B", "○十", r"○?十[二三四五]五○?(?:规划)?(?:时期|期间|以来)"),
    ("B", "上去前往历一二三四1234", r"上年度?同?期?|去年(?:同期|全年)?|上一年度?|前年|往年|历年|上半年|下半年|[一二三四1-4]季度"),
    ("B", "自从以", r"[自从][^,;:()]{2,30}?(?:以来|起)|以来"),
    ("Y", "截到至2", rf"(?:截至|截止到?|到|至)?{YEAR}(?:\d+月(?:\d+日)?(?:[-—–~至到]+\d+月(?:\d+日)?)?)?(?:以?来|底|末|年底|年末|期间|全年|内)?(?:共)?"),
    ("T", "过这一截到至今本", r"(?:过去|这)?一年来?|(?:截至|截止到?|到|至)?(?:今年|本年)(?:度)?(?:以来|来|底|内)?"),
    ("T", "年全本报", r"年(?:初以来|内|底前?|末)|全年度?|本年度|本报告期|报告期内?|年度(?!计划)"),
    ("T", "1一截", r"[1一]月?[-—–~至到]+(?:12|11|十二|十一)月份?(?:底|末)?|(?:截至|截止到?)(?:目前|当前|\d+月(?:\d+日|底|末|份)?|年底|年末)"),
    ("B", "一二两三四五六七八九十几0123456789", rf"{_MANY}年(?:以来|来|间|累计)"),
    ("q", "其", "其中[,:]?"),
    ("g", "省市县区镇本", "[省市县区镇]?本级"),
    ("0", "《一二三四五六七八九十", r"《[^》]*》?|[一二三四五六七八九十]{1,2}是(?!否)[,:]?"),
    ("0", "从由", r"[从由][^,;:()]{0,8}?\d+(?:\.\d+)?%(?:提高|提升|上升|增长|增加|升|涨)[到至为]|由[省市县区]政府"),
    ("3", "以", r"以[^,;:]{0,24}(?:部门|各级|行政机关|乡镇|街道|镇街|单位)[^,;:]{0,12}为被告的?"),
    ("X", "以", r"以[^,;:]{2,30}为被(?:告|申请人)的?"),
    ("0", "以", r"以[^,;()]{2,18}?(?:为(?:一方)?当事人|的?名义(?:签订|出台|制定|印发|发布)?)的?"),
    ("0", "向按", r"向[^,;()]{2,30}?(?=报|备案|提交)(?:提交)?|按照?(?:规定|要求|程序|时限)"),
    ("k", "撤变确责", rf"{_UNDONE}(?:[、和及或与]{{1,2}}{_UNDONE})+等?(?:直接)?(?:纠错)?"),
    ("6", "0123456789", r"\d+个(?:乡镇|镇街|街镇|街道|县市区|县区|区县|乡|镇|村|社区)(?:\(街道\))?"),
    ("f", "分", "分别"), ("u", "均都双", "[均都双]"), ("l", "、和与及以并或", "、|和|与|及|以及|并|或"),
)  # fmt: skip
_NUMBER, _NO_NUMBER = re.compile(NUMBER), re.compile(NO_NUMBER)


class Token(NamedTuple):
    """A word of a sentence by its class, with the number where it is one."""

    kind: str
    start: int
    end: int
    number: Number | None = None


@cache
def _lexicon() -> tuple[dict[str, str], dict[str, list[int]], dict[str, list[tuple[str, re.Pattern[str]]]]]:
    """Return the class of every word, the lengths of the words by their first sign, and the phrases by theirs."""
    kinds = dict(words.listed())
    lengths: dict[str, set[int]] = {}
    for word in kinds:
        lengths.setdefault(word[0], set()).add(len(word))
    phrases: dict[str, list[tuple[str, re.Pattern[str]]]] = {}
    for kind, signs, phrase in PHRASES:
        pattern = re.compile(phrase)
        for sign in signs:
            phrases.setdefault(sign, []).append((kind, pattern))
    return kinds, {sign: sorted(several, reverse=True) for sign, several in lengths.items()}, phrases


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
    kinds, lengths, phrases = _lexicon()
    found: list[Token] = []
    at = begin
    while at < end:
        sign = text[at]
        kind, past, read = "", at + 1, None
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
        closing = said.startswith(("截", "到", "至"))
        return "T" if year is None or named[0] == year or (closing and named[0] == year + 1) else "B"
    if kind == "S" and (area := re.fullmatch(AREA, said)):
        here = LEVELS[area["area"]]
        return "S" if level < 0 or here == level else "U" if here < level else "W"
    return kind
