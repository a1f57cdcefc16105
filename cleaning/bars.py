"""Bars: info bars that say no labels: 县司法局 2024-03-01 09:12 | 128次浏览."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cleaning.headline import ORGAN
from cleaning.labels import CLOCK, DAY, split_pairs
from cleaning.lines import BORDER, Line, is_prose, is_sentence, squeeze
from cleaning.rules.peel import rule_of

BARE_DATE = re.compile(rf"^[\[（(【]?\s*({DAY}{CLOCK}?)\s*[\]）)】]?(?=$|[\s【\[(（\u4e00-\u9fff])")
#: Pieces of a bar without labels: a date, names, counts.
_BETWEEN_PIECES = re.compile(r"[\s|｜·丨\[\]【】（）()]+")
_A_DATE = re.compile(rf"(?P<date>{DAY})(?P<clock>{CLOCK})?")
_A_CLOCK = re.compile(r"\d{1,2}[:：时]\d{1,2}(?:[:：分]\d{0,2}秒?)?分?|星期[一二三四五六日天]")
_A_NAME = re.compile(r"(?:[^\s\d，。；：:]{1,6}[：:])?[^\s\d，。；：:]{2,20}")
_A_COUNT = re.compile(r"[\d,.]+万?次?(?:浏览|阅读|点击)?|次|发布|发表|更新|(?:浏览|阅读|点击)\S{0,8}")
_MOST_NAMES = 3
_UNLABELLED_LINES, _LONGEST_BAR = 8, 120


def unlabelled_bar(lines: Sequence[Line]) -> tuple[list[int], str]:
    """Return the line numbers of a bar without labels among the lines above the running text, and its date, "" for none."""
    for n, line in enumerate(lines[:_UNLABELLED_LINES]):
        if is_prose(line.text) or is_sentence(line.text):
            break
        row = "\t" in line.text and any("\t" in other.text for other in lines[max(n - 1, 0) : n + 2] if other is not line)
        if not row and not split_pairs(line.text) and (day := unlabelled_date(line)):
            alone = BARE_DATE.fullmatch(line.text) and n + 1 < len(lines)
            # Under a date by itself stands who published it; a signature has its date last.
            return ([n, n + 1] if alone and ORGAN.fullmatch(lines[n + 1].text) else [n]), day
    return [], ""


def unlabelled_date(line: Line) -> str:
    """Return the date of a bar that says no labels, "" for any other line; buttons beside it do not matter.

    A date as people write it (2024年2月26日) is one only with a clock, a count or strokes beside it: it may be a signature's.
    """
    if len(line.text) > _LONGEST_BAR or not _A_DATE.search(line.text):
        return ""
    pieces = [piece for piece in line.spans.split(BORDER) if piece.strip() and not is_button(piece)]
    return _date_among(line.text) or (_date_among(" ".join(pieces)) if pieces else "")


def _date_among(text: str) -> str:
    found = _A_DATE.search(text)
    if not found:
        return ""
    rest = [piece for piece in _BETWEEN_PIECES.split(f"{text[: found.start()]} {text[found.end() :]}") if piece]
    counts = [piece for piece in rest if _A_COUNT.fullmatch(piece) or _A_CLOCK.fullmatch(piece) or is_button(piece)]
    names = [piece for piece in rest if piece not in counts]
    if len(names) > _MOST_NAMES or not all(_A_NAME.fullmatch(name) for name in names):
        return ""
    apart = found["clock"] or counts or any(mark in text for mark in "|｜·丨【[")
    return found["date"] + (found["clock"] or "") if apart or "年" not in found["date"] else ""


def is_button(text: str) -> bool:
    """Say whether words are a button, which may be glued to a value; 字号： is a label, which ends one."""
    rule = None if ":" in text or "：" in text else rule_of(text, squeeze)
    return rule is not None and rule.place == "edge" and rule.name not in ("download", "separator")
