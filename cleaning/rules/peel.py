"""Peel: the passes that take boilerplate off the lines of a document, from the edges inwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache
from itertools import pairwise, takewhile

from cleaning.document import Dropped
from cleaning.lines import BORDER, Line, is_prose, is_sentence
from cleaning.rules.catalogue import GENUINE, RULES
from cleaning.rules.rule import Rule
from cleaning.simplified import to_simplified

#: No boilerplate line is longer.
_LONGEST = 200
_TOP_LINES, _PEEL_LINES = 40, 12
#: A label for files under which none is named.
_NO_FILES = re.compile(r"附\s?件\s?[:：]?")
#: A footer is looked for in so many lines; its own lines stand no further apart.
_FOOT_LINES, _FOOT_GAP = 15, 3
#: What stands between the tools of a row.
_SEPARATORS = re.compile(r"[\s|｜丨/·【】\[\]（）()]+")
_TOOLS_IN_A_ROW, _LONGEST_ROW = 20, 100
#: Most lines fit no rule: one question tells so.
_ANY_RULE = re.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in RULES), re.I)
_ANYWHERE = re.compile("|".join(f"(?:{rule.pattern.pattern})" for rule in RULES if rule.place == "anywhere"), re.I)
#: A date alone on its line ends a document, however it is written; 〇, ○ and O are all seen as zero.
SIGNED = re.compile(
    r"[(（]?(?:(?:19|20)\d\d|[一二三四五六七八九〇○零OＯ]{4})年[\d一二三四五六七八九十元]{1,3}月"
    r"(?:[\d一二三四五六七八九十廿]{1,4}日)?[)）]?|\d{1,2}月\d{1,2}日"
)


def rule_of(text: str, fold: Callable[[str], str]) -> Rule | None:
    """Return the first rule whose pattern is the whole line, or None; genuine lines that only look like noise have none."""
    return _whole_line(text, fold) if len(text) <= _LONGEST else None


@lru_cache(maxsize=4096)
def _whole_line(text: str, fold: Callable[[str], str]) -> Rule | None:
    if "掃" in text or "瀏覽" in text:  # a Simplified page may have the tools of its Traditional twin
        text = to_simplified(text)
    return _first_rule(fold(text)) or (_row_of_tools(_SEPARATORS.split(text), fold) if len(text) <= _LONGEST_ROW else None)


def _row_of_tools(pieces: list[str], fold: Callable[[str], str]) -> Rule | None:
    """Return the rule of the first piece of a line if every piece is boilerplate by itself, counts between them aside."""
    if not 2 <= len(pieces) <= _TOOLS_IN_A_ROW:
        return None
    words = [folded for piece in pieces if (folded := fold(piece)) and not folded.isdigit()]
    found = [_first_rule(word) for word in words]
    if not found or not all(
        rule and rule.place == "edge" and not (rule.name == "download" and "." in word)
        for rule, word in zip(found, words, strict=True)
    ):
        return None
    return found[0]


@lru_cache(maxsize=4096)
def _first_rule(folded: str) -> Rule | None:
    if not folded or not _ANY_RULE.fullmatch(folded) or GENUINE.fullmatch(folded):
        return None
    return next((rule for rule in RULES if rule.pattern.fullmatch(folded)), None)


def _unmistakable(text: str, fold: Callable[[str], str]) -> Rule | None:
    """Return the rule of a line if it is one that holds anywhere; it is much quicker to say that there is none."""
    seen = len(text) <= _LONGEST and (_ANYWHERE.fullmatch(fold(text)) or "掃" in text)
    return rule_of(text, fold) if seen else None


def peel(lines: list[Line], fold: Callable[[str], str]) -> tuple[list[Line], list[Dropped]]:
    """Return the lines without boilerplate, and what was taken away.

    Args:
        lines: the lines of a body.
        fold: makes a line comparable: widths folded, white space gone, Simplified where the page is Traditional.
    """

    def row_at(n: int) -> Rule | None:
        return _row_of_tools(lines[n].spans.split(BORDER), fold) if lines[n].spans else None

    def rule_at(n: int) -> Rule | None:
        return rule_of(lines[n].text, fold) or row_at(n)

    def runs(n: int) -> bool:
        return (is_prose(lines[n].text) or is_sentence(lines[n].text)) and rule_at(n) is None

    foot = _foot(lines, fold)
    below = [Dropped(rule="footer", line=line.text) for line in lines[foot:]]
    lines = lines[:foot]
    numbers = range(len(lines))
    top = next((n for n in numbers if runs(n)), 0)
    last = next((n for n in reversed(numbers) if runs(n)), len(lines))
    prose = last < len(lines)
    # Between the first and the last running text only the unmistakable counts.
    rules = [_unmistakable(lines[n].text, fold) if prose and top < n < last else rule_at(n) for n in numbers]
    why: dict[int, str] = {n: rule.name for n, rule in enumerate(rules) if rule and rule.place == "anywhere"}
    why |= {n: row.name for n in range(top + 1, last) if (row := row_at(n))}  # buttons side by side are no sentence anywhere
    signed = max((n for n in range(last + 1, len(lines)) if SIGNED.fullmatch("".join(lines[n].text.split()))), default=last)
    for n in range(min(top, _TOP_LINES)):
        if (rule := rules[n]) and rule.place == "edge" and rule.name != "download":
            why.setdefault(n, rule.name)
    for n in range(last + 1, len(lines)):
        if (rule := rules[n]) and rule.place == "edge" and (rule.name != "download" or n > signed or _is_button(lines[n])):
            why.setdefault(n, rule.name)
    _run(range(len(lines)), rules, why, files=False)
    _run(range(len(lines) - 1, signed if prose else -1, -1), rules, why, files=prose)
    _lists(lines, rules, why, signed)
    for left in reversed(numbers):
        if left in why:
            continue
        if left == 0 or not _NO_FILES.fullmatch(lines[left].text):
            break
        why[left] = "download"
    dropped = [Dropped(rule=why[n], line=line.text) for n, line in enumerate(lines) if n in why] + below
    return [line for n, line in enumerate(lines) if n not in why], dropped


def _foot(lines: list[Line], fold: Callable[[str], str]) -> int:
    """Return where the site's footer begins: with two of its lines close together, and no signature or note behind them.

    A sentence in it (本站致力于…) would else shield all above it.
    """
    begin = max(1, len(lines) - _FOOT_LINES)
    feet = [n for n in range(begin, len(lines)) if (rule := rule_of(lines[n].text, fold)) and rule.name == "footer"]
    first = next((a for a, b in pairwise(feet) if b - a <= _FOOT_GAP), len(lines))
    rest = [fold(line.text) for line in lines[first:]]
    if any(SIGNED.fullmatch(text) or GENUINE.fullmatch(text) for text in rest):
        return len(lines)
    if not any(is_prose(line.text) for line in lines[:first]):
        return len(lines)
    return first


def _is_button(line: Line) -> bool:
    return "." not in line.text


def _run(numbers: range, rules: list[Rule | None], why: dict[int, str], *, files: bool) -> None:
    """Drop an unbroken run of lines with a rule.

    `files`: names of files too, which else are all that a short page says. Addresses and telephones go with a footer only: a
    notice ends with its own.
    """
    run = list(takewhile(lambda n: n in why or rules[n] is not None, numbers))
    footer = any(rule.name == "footer" for n in run if (rule := rules[n]))
    peeled = 0
    for n in run:
        rule = rules[n]
        if n in why or rule is None:
            continue
        kept = (rule.name == "download" and not files) or (rule.name == "footer_contact" and not footer)
        if kept or peeled == _PEEL_LINES:
            return
        why[n] = rule.name
        peeled += rule.place == "peel"


def _lists(lines: list[Line], rules: list[Rule | None], why: dict[int, str], signed: int) -> None:
    """Drop what stands under 相关链接 or 上一篇 at the bottom, where a list of other pages is all that follows."""
    opening = next((n for n in range(signed + 1, len(lines)) if (rule := rules[n]) and rule.opens and n in why), None)
    if opening is None:
        return
    for n in range(opening + 1, len(lines)):
        if n not in why and not GENUINE.fullmatch("".join(lines[n].text.split())):
            why[n] = why[opening]
