"""Peel: the passes that take boilerplate off the lines of a document, from the edges inwards."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import lru_cache

from cleaning.document import Dropped
from cleaning.lines import Line, is_prose
from cleaning.rules.catalogue import GENUINE, RULES
from cleaning.rules.rule import Rule

#: No boilerplate line is longer.
_LONGEST = 200
_TOP_LINES, _PEEL_LINES = 40, 12
#: A date alone on its line ends a document, however it is written; 〇, ○ and O are all seen as zero.
SIGNED = re.compile(
    r"[(（]?(?:(?:19|20)\d\d|[一二三四五六七八九〇○零OＯ]{4})年[\d一二三四五六七八九十元]{1,3}月"
    r"(?:[\d一二三四五六七八九十廿]{1,4}日)?[)）]?|\d{1,2}月\d{1,2}日"
)


def rule_of(text: str, fold: Callable[[str], str]) -> Rule | None:
    """Return the first rule whose pattern is the whole line, or None; genuine lines that only look like noise have none."""
    if len(text) > _LONGEST:
        return None
    return _first_rule(fold(text))


@lru_cache(maxsize=4096)
def _first_rule(folded: str) -> Rule | None:
    if not folded or GENUINE.fullmatch(folded):
        return None
    return next((rule for rule in RULES if rule.pattern.fullmatch(folded)), None)


def peel(lines: list[Line], fold: Callable[[str], str]) -> tuple[list[Line], list[Dropped]]:
    """Return the lines without boilerplate, and what was taken away.

    Args:
        lines: the lines of a body.
        fold: makes a line comparable: widths folded, white space gone, Simplified where the page is Traditional.
    """
    rules = [rule_of(line.text, fold) for line in lines]
    why: dict[int, str] = {n: rule.name for n, rule in enumerate(rules) if rule and rule.place == "anywhere"}
    prose = [n for n, line in enumerate(lines) if rules[n] is None and is_prose(line.text)]
    top, last = (prose[0], prose[-1]) if prose else (0, len(lines))
    signed = max((n for n in range(last + 1, len(lines)) if SIGNED.fullmatch("".join(lines[n].text.split()))), default=last)
    for n in range(min(top, _TOP_LINES)):
        if (rule := rules[n]) and rule.place == "edge" and rule.name != "download":
            why.setdefault(n, rule.name)
    for n in range(last + 1, len(lines)):
        if (rule := rules[n]) and rule.place == "edge" and (rule.name != "download" or n > signed or _is_button(lines[n])):
            why.setdefault(n, rule.name)
    _run(range(len(lines)), rules, why, files=False)
    _run(range(len(lines) - 1, signed if prose else -1, -1), rules, why, files=bool(prose))
    _lists(lines, rules, why, signed)
    dropped = [Dropped(rule=why[n], line=line.text) for n, line in enumerate(lines) if n in why]
    return [line for n, line in enumerate(lines) if n not in why], dropped


def _is_button(line: Line) -> bool:
    return "." not in line.text


def _run(numbers: range, rules: list[Rule | None], why: dict[int, str], *, files: bool) -> None:
    """Drop an unbroken run of lines with a rule; `files`: names of files too, which else are all that a short page says."""
    peeled = 0
    for n in numbers:
        rule = rules[n]
        if n in why:
            continue
        if rule is None or peeled == _PEEL_LINES or (rule.name == "download" and not files):
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
