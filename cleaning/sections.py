"""Sections: a report cut at its headings, each with its place in the text and the content the 2019 rule asks for."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from cleaning import signature
from cleaning.dates import chinese_number
from cleaning.document import Section

_NUMBER = "[一二三四五六七八九十]{1,3}"
#: How headings are numbered, the widest first: 一、 （一） 1. （1）; 一是 is the deepest.
_NUMBERINGS = (
    (1, re.compile(rf"{_NUMBER}\s?[、．.]\s*|第{_NUMBER}(?:部分|章)[、：:\s]*")),
    (1, re.compile(rf"{_NUMBER}[,，\s]\s?(?=[^。；;，,、：:\n]{{2,30}}$)", re.MULTILINE)),  # 一 主要举措, alone on its line
    (2, re.compile(rf"[（(]\s*{_NUMBER}\s*[)）]\s*[、．.]?\s*|[㈠-㈩]\s*[、．.]?\s*")),
    (3, re.compile(r"\d{1,2}\s?(?:[、．]|\.(?!\d))\s*")),
    (4, re.compile(r"[（(]\s*\d{1,2}\s*[)）]\s*[、．.]?\s*")),
    (4, re.compile(rf"{_NUMBER}(?:是|要)(?:[:：,，])?")),
)
_DEEPEST = 4
#: What goes on with another numeral is prose: 一、二审判决, 二、三季度, 十、百、千工程.
_PROSE = re.compile(
    r"[一二三四五六七八九十百千万]{1,3}(?:审|季度|级|类|线|期|次|批|产|者|届|月|年|[、，](?=[一二三四五六七八九十百千万]))"
)
#: Chapters without numbers, alone on their lines.
_UNNUMBERED = re.compile(
    r"(?:主要|存在|面临|当前)?(?:存在|面临)?的?(?:主要|突出)?(?:问题|不足|困难|短板)(?:[和与及、]{1,2}(?:主要)?(?:问题|不足|困难|短板|原因(?:分析)?|差距))?"
    r"|下一?(?:步|阶段|年度?)(?:的|主要)?(?:工作|重点)?(?:工作)?(?:打算|计划|安排|思路|重点|举措|措施|方向)?(?:[和与及、](?:打算|计划|安排|思路))?"
    r"|(?:主要)?(?:工作)?(?:举措|做法|成效|成绩|开展情况|完成情况)(?:[和与及、](?:主要)?(?:成效|做法|举措|成绩))?"
)
#: A heading in mid-line is one only after the end of a sentence, and if its number is the next one due.
_GLUED = re.compile(rf"[。：:；;！]\s?(?=(?:{_NUMBER}(?:、|是)|[（(]{_NUMBER}[)）]))")
_SENTENCE_END = re.compile(r"[。；;！!？?：:]|\t|\n")

#: Words of a heading that tell what stands under it, by the five contents of the rule (field-notes 1.5).
_WORDS = {
    "leaders": re.compile(r"第一责任人|(?:党政)?主要(?:负责人|负责同志|领导)[^，。]{0,12}(?:履行|履职|职责|述法|推进)"),
    "problems": re.compile(r"问题|不足|短板|困难|薄弱|差距|原因"),
    "plan": re.compile(
        r"下一?步|下一?阶段|今后|来年|明年|打算|展望|努力方向|(?:20\d\d\s*年?|新一年|未来)[^，。]{0,16}(?:计划|安排|思路|重点|部署|任务)|(?:计划|安排|思路)$"
    ),
    "other": re.compile(r"其他|其它|需要(?:报告|说明)的"),
    "results": re.compile(r"情况|成效|成果|举措|措施|做法|成绩|落实|推进|经验|亮点|进展|工作"),
}
#: A year's tasks are no plan when the heading says that they are done, unless it looks ahead (2023年重点任务完成情况).
_DONE = re.compile(r"成效|成果|完成|情况|做法|成绩")
_AHEAD = re.compile(r"下一?步|下一?阶段|今后|来年|明年|打算|展望|努力方向")
#: Problems that are dealt with are work done: 坚持问题导向, 着力解决突出问题, 补齐短板.
_DEALT_WITH = re.compile(
    r"问题导向|(?:解决|化解|整治|破解|回应|聚焦|针对)[^，。在]{0,10}?(?:问题|难题|困难|短板|不足)|补[齐强]?[^，。]{0,6}短板|短板弱项"
)
#: A heading that opens with what was done is of results, though it ends in 安排 or 计划.
_DOING = re.compile(
    r"(?:全面|扎实|持续|着力|深入|大力)?(?:推动|推进|落实|完善|健全|加强|强化|坚持|深化|优化|提升|规范|聚焦|严格|抓好|谋划|统筹)"
)
#: Below the first depth a heading keeps the content of the one above it, unless it says plainly that it is another.
_PLAIN = {
    "leaders": _WORDS["leaders"],
    "problems": re.compile(
        r"^(?:存在|面临|主要|工作)?(?:的|中的)?(?:主要)?(?:问题|不足|短板|困难|差距)|^存在.{0,8}(?:问题|不足|短板|差距)"
    ),
    "plan": re.compile(r"^(?:下一?步|下一?阶段|今后|20\d\d\s*年.{0,12}(?:计划|打算|安排|思路)$|(?:工作)?打算)"),
}


@dataclass(frozen=True)
class _Heading:
    start: int
    depth: int
    number: str
    heading: str


def split(text: str) -> list[Section]:
    """Cut a text into its lead, one section per heading, and the signature.

    The sections stand in order and cover the text: between one's `end` and the next one's `start` there are line breaks only.
    A heading on the line of its paragraph ends with its first sentence; one glued to the end of another paragraph is found too.
    """
    signed = signature.find(text)
    limit = signed.start if signed else len(text)
    headings = list(_headings(text[:limit]))
    cuts = [_Heading(0, 0, "", ""), *headings] if not headings or text[: headings[0].start].strip() else headings
    if signed and limit:
        cuts.append(_Heading(limit, 0, "", ""))
    kinds = _kinds(cuts, signed=bool(signed))
    sections: list[Section] = []
    for n, cut in enumerate(cuts):
        start = 0 if n == 0 else cut.start
        end = _before_breaks(text, cuts[n + 1].start) if n + 1 < len(cuts) else len(text)
        sections.append(
            Section(
                position=n,
                kind=kinds[n],
                depth=cut.depth,
                number=cut.number,
                heading=cut.heading,
                text=text[start:end],
                start=start,
                end=end,
            )
        )
    return sections if text.strip() else []


def _before_breaks(text: str, end: int) -> int:
    while end and text[end - 1] == "\n":
        end -= 1
    return end


def _headings(text: str) -> Iterator[_Heading]:
    """Find the headings: at the start of every line, and in mid-line where the next number is due."""
    due = {1: 1, 2: 1, 4: 1}
    at = 0
    for line in text.splitlines(keepends=True):
        begin, end = at + len(line) - len(line.lstrip()), at + len(line)
        places = [begin, *(match.end() for match in _GLUED.finditer(text, begin, end))]
        for place in places:
            heading = _numbered(text, place) or (_unnumbered(text, begin, end) if place == begin else None)
            if not heading or (place != begin and _value(heading) not in _next(heading, due)):
                continue
            if heading.depth in due:
                due[heading.depth] = (_value(heading) or 0) + 1
            due |= {depth: 1 for depth in due if depth > heading.depth}
            yield heading
        at = end


def _next(heading: _Heading, due: dict[int, int]) -> tuple[int, ...]:
    """Return the numbers that may come next at a heading's depth; 一是 opens a new count wherever a sentence has ended."""
    return (due.get(heading.depth, 0), 1) if heading.depth == _DEEPEST else (due.get(heading.depth, 0),)


def _numbered(text: str, at: int) -> _Heading | None:
    for depth, numbering in _NUMBERINGS:
        if (match := numbering.match(text, at)) and not (depth == 1 and _PROSE.match(text, match.end())):
            rest = _SENTENCE_END.split(text[match.end() : match.end() + 200], maxsplit=1)[0]
            number = match[0].strip()
            return _Heading(at, depth, number, rest.strip()) if rest.strip() else None
    return None


def _unnumbered(text: str, begin: int, end: int) -> _Heading | None:
    line = text[begin:end].strip()
    return _Heading(begin, 1, "", line) if len(line) > 2 and _UNNUMBERED.fullmatch(line) else None


def _value(heading: _Heading) -> int | None:
    plain = heading.number.translate(str.maketrans("㈠㈡㈢㈣㈤㈥㈦㈧㈨㈩", "一二三四五六七八九十"))
    return chinese_number(re.sub(r"[^一二三四五六七八九十\d]", "", plain))


def _kinds(cuts: list[_Heading], *, signed: bool) -> list[str]:
    """Tell what each section holds: by its own heading at the first depth there is, below it by the heading above."""
    top = min((cut.depth for cut in cuts if cut.depth), default=1)
    kinds: list[str] = []
    current = "results"
    inherited = {0: "lead"}
    for n, cut in enumerate(cuts):
        if cut.depth == 0:
            kinds.append(
                "signature" if signed and n == len(cuts) - 1 and n else "signature" if signed and len(cuts) == 1 else "lead"
            )
            continue
        if cut.depth == top:
            kind = current = _top_kind(cut.heading, current)
        else:
            above = next((inherited[depth] for depth in range(cut.depth - 1, 0, -1) if depth in inherited), current)
            said = _DEALT_WITH.sub("", cut.heading)
            plain = [name for name, words in _PLAIN.items() if words.search(said)]
            if above in ("problems", "plan"):  # 落实第一责任人职责 is what lacks there, or what is planned
                plain = [name for name in plain if name != "leaders"]
            kind = plain[0] if plain and cut.depth <= 2 else above
        inherited = {depth: name for depth, name in inherited.items() if depth < cut.depth} | {cut.depth: kind}
        kinds.append(kind)
    return kinds


def _top_kind(heading: str, before: str) -> str:
    """Tell a first-depth heading's content; without a telling word it is results until problems or plans have come."""
    said = heading if "存在" in heading else _DEALT_WITH.sub("", heading)
    found = {name: match.start() for name, words in _WORDS.items() if (match := words.search(said))}
    if "leaders" in found:
        return "leaders"
    if (
        "plan" in found
        and _DOING.match(heading)
        and not _AHEAD.search(heading)
        and not re.search(r"20\d\d|新一年|未来", heading)
    ):
        del found["plan"]
    if "plan" in found and _DONE.search(heading) and not _AHEAD.search(heading):
        del found["plan"]
    telling = {name: at for name, at in found.items() if name in ("problems", "plan")}
    if telling:
        return min(telling, key=lambda name: telling[name])
    if "other" in found:
        return "other"
    return "results" if found or said != heading or before in ("results", "leaders") else "other"
