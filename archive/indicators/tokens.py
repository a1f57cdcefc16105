"""Tokens: a sentence read as a row of classes, one letter each, so that a rule is a pattern of letters.

Letters of words are in words.py. Besides: N a number with its unit, R a share, T this year, B another year or several, S the
issuer's own area, U a wider one, W a narrower one or another body, q 其中, g the issuer's own level only, l 、 and 和, f 分别, u 均,
0 what changes nothing, X anything else.
"""

import re
from dataclasses import dataclass
from functools import cache

from archive.indicators import words
from archive.indicators.numbers import NO_NUMBER, NUMBER, Number, number

NARROW = str.maketrans("０１２３４５６７８９．，；：（）％～！？“”‘’﹪", "0123456789.,;:()%~!?○○○○%")
#: Administrative levels, the widest first.
LEVELS = {"国": 0, "省": 1, "自治区": 1, "市": 2, "州": 2, "盟": 2, "县": 3, "区": 3, "旗": 3, "镇": 4, "乡": 4, "街道": 4}
AREA = r"(?:全|我|本)(?P<area>国|省|自治区|市|州|盟|县|区|旗|镇|乡|街道)(?:范围)?(?:上下)?内?"
YEAR = r"20\d\d年度?"
_MANY = r"(?:[一二三四五六七八九十两几]+|\d{1,2})"
#: Classes of whole phrases, the first that fits is taken.
_SHAPES = (
    ("W", r"□+(?!司法|人民|政府|法律|行政复议|两级|[各市县区镇乡]级)[^\d,;:()、□]{1,8}?(?:局|委员会|管委会|大队|支队|镇|乡|街道|村|社区)"),
    ("S", "□+|[全我本](?:局|委|厅|系统|机关|单位)(?![势面心])"),
    ("X", r"(?:与|较|比|同|和|跟)(?:上年|去年|上一年|前年|往年|20\d\d年)[^,;:()、]*"),
    ("X", r"(?:含|加上|包括|另有|有)?(?:上年度?|去年|20\d\d年度?|上一年度?|往年|历年)(?:结转|转入|遗留|旧存|存案|未结)"),
    ("0", rf"连续{_MANY}年|每一"),
    ("B", rf"20\d\d年?[-—–~至到]+20\d\d年(?:底|末|期间)?|近(?:{_MANY})?年来?|过去(?!一){_MANY}年|{_MANY}年(?:以来|来|间|累计)"),
    ("B", r"上年度?同?期?|去年(?:同期|全年)?|上一年度?|前年|往年|历年|○?十[二三四五]五○?(?:规划)?(?:时期|期间|以来)|上半年|下半年|[一二三四1-4]季度"),
    ("Y", rf"(?:截至|截止到?|到|至)?{YEAR}(?:\d+月(?:\d+日)?(?:[-—–~至到]+\d+月(?:\d+日)?)?)?(?:以?来|底|末|年底|年末|期间|全年|内)?(?:共)?"),
    ("T", r"(?:过去|这)?一年来?|(?:截至|截止到?|到|至)?(?:今年|本年)(?:度)?(?:以来|来|底|内)?|年(?:初以来|内|底前?|末)|全年度?|本年度|本报告期|报告期内?|年度(?!计划)"),
    ("T", r"(?:1|一)月?[-—–~至到]+(?:12|11|十二|十一)月份?(?:底|末)?|(?:截至|截止到?)(?:目前|当前|\d+月(?:\d+日|底|末|份)?|年底|年末)"),
    ("B", r"(?:自|从)[^,;:()]{2,30}?(?:以来|起)|(?<!今年)(?<!年初)(?<!年度)(?<!年)以来"),
    ("q", r"其中[,:]?"), ("g", r"[省市县区镇]?本级"),
    ("0", r"《[^》]*》?|[一二三四五六七八九十]{1,2}是(?!否)[,:]?"),
    ("0", r"(?:从|由)[^,;:()]{0,8}?\d+(?:\.\d+)?%(?:提高|提升|上升|增长|增加|升|涨)(?:到|至|为)"),
    ("0", r"以[^,;()]{2,18}?(?:为(?:一方)?当事人|(?:的)?名义(?:签订|出台|制定|印发|发布)?)的?|向[^,;()]{2,30}?(?=报|备案|提交)(?:提交)?|按(?:照)?(?:规定|要求|程序|时限)|由[省市县区]政府"),
    ("3", r"以[^,;()]{0,24}(?:部门|各级|行政机关|乡镇|街道|镇街|单位)[^,;()]{0,12}为被告的?"),
    ("X", r"以[^,;()]{2,30}为被(?:告|申请人)的?"),
)  # fmt: skip


@dataclass(frozen=True)
class Token:
    """A word of a sentence by its class, with the number where it is one."""

    kind: str
    start: int
    end: int
    number: Number | None = None


@cache
def _lexer() -> tuple[re.Pattern[str], list[str], re.Pattern[str], dict[str, str]]:
    """Return the pattern of phrases with the classes of its groups, and the pattern of plain words with theirs."""
    shapes = [("S", AREA.replace("?P<area>", "?:")), *_SHAPES]
    shapes += (("f", "分别"), ("u", "均|都|双"))
    for table in (words.RATES, words.SUBJECTS, words.OBJECTS, words.VERB_SHAPES):
        shapes += table.items()
    shapes.append(("l", "、|和|与|及|以及|并|或"))
    listed = {**dict.fromkeys(words.FILLERS, "0"), **{word: kind for kind, row in words.VERBS.items() for word in row.split()}}
    listed |= dict.fromkeys(words.NOUNS, "n") | dict.fromkeys(words.UNKNOWN, "X") | dict.fromkeys(words.OTHERS, "Z")
    first: dict[str, list[str]] = {}
    for word in sorted(listed, key=len, reverse=True):
        first.setdefault(word[0], []).append(re.escape(word[1:]))
    plain = "|".join(f"{begin}(?:{'|'.join(rest)})" for begin, rest in first.items())
    return re.compile("|".join(f"({shape})" for _, shape in shapes)), [kind for kind, _ in shapes], re.compile(plain), listed


_NUMBER, _NO_NUMBER = re.compile(NUMBER), re.compile(NO_NUMBER)
_NUMERIC = frozenset("0123456789零一二两三四五六七八九十百千数几上近约大")
_SEPARATORS = frozenset(",;:()\t.。!?")


def tokens(text: str, year: int | None, level: int) -> list[Token]:
    """Read a sentence of narrow marks and digits; `year` is the report's and `level` the issuer's (-1: not known)."""
    shape, kinds, plain, listed = _lexer()
    found: list[Token] = []
    at = 0
    while at < len(text):
        sign = text[at]
        if sign in _SEPARATORS:
            found.append(Token(sign, at, at + 1))
            at += 1
            continue
        kind, end, read = "X", at + 1, None
        if match := plain.match(text, at):
            kind, end = listed[match.group()], match.end()
        if (match := shape.match(text, at)) and match.end() > end - (kind == "X"):
            kind, end = _kind(kinds[match.lastindex - 1 if match.lastindex else 0], match.group(), year, level), match.end()
        if sign in _NUMERIC:
            match = _NO_NUMBER.match(text, at)
            if match and match.end() > end - (kind == "X"):
                kind, end = "X", match.end()
            match = _NUMBER.match(text, at)
            if match and match.end() >= end and (read := number(match)):
                kind, end = "R" if read.unit == "%" else "N", match.end()
        if kind == "X" and found and found[-1].kind == "X":
            found[-1] = Token("X", found[-1].start, end)
        else:
            found.append(Token(kind, at, end, read))
        at = end
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
