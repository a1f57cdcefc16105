"""The signature: who signed a document and when, on the last lines of its text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from itertools import islice

from cleaning.dates import find_dates

#: How the name of a public body ends.
BODY = (
    r"(?:政府|公署|行署|兵团|委员会|委|会|局|厅|署|办公室|办事处|街道办|管理办|办|部|院|处|所|站|中心|总队|支队|大队|调查队|海关|银行|分行|支行|公司"
    r"|集团|馆|学校|大学|党组|联|供销(?:合作)?社|公路段)"
)
_CN = "[0-9０-９〇○◯零OoＯ一二三四五六七八九十廿卅元 ]"
_DATE = re.compile(
    rf"[（(\[]?(?:{_CN}{{4,8}}\s?年\s?)?{_CN}{{1,4}}\s?月\s?{_CN}{{1,4}}\s?[日号][）)\]]?|(?:19|20)\d\d[-./]\d{{1,2}}[-./]\d{{1,2}}"
)
_ISSUER = re.compile(
    rf"(?!(?:附|抄送|联系|[（(]?[一二三四五六七八九十]{{1,3}}[）)、]|\d))[\u4e00-\u9fff（）()、·\s]{{2,60}}?{BODY}(?:[（(]\s*(?:盖章|公章|印|章)\s*[)）])?"
)
_CLOSING = re.compile(r"(?:专此|特此|以上)[^。]{0,12}(?:报告|汇报|报请|函告|公告|呈报)[^。]{0,10}[。！]?")
_NOTE = re.compile(
    r"[（(](?:此件|本件|联系|公开)[^)）]*[)）]|附\s*件\s*[:：\d]?.*|联\s*系\s*(?:人|电话|方式).*|抄\s*[送报].*|[（(]?完[)）]?"
    r"|.{0,60}印\s*发|注[:：].{1,190}|[（(][^（）()]{2,40}(?:供稿|提供)[）)]|主题词.*"
)
_LISTED = re.compile(r"\s*(?:附件)?\s*\d{1,2}\s*[.．、].{1,60}")
_LINES = 15
_APPENDIX, _MOST_APPENDICES = re.compile(r"^附\s?件\s?\d{0,2}[:：]?$", re.M), 20


@dataclass(frozen=True)
class Signature:
    """Who signed and when. `start`: offset of the first closing line (专此报告。 and 附件 lists are some)."""

    start: int
    issuers: tuple[str, ...]  #: as written, white space taken out
    signed: date | None  #: None where no date stands there, or one without its year


@lru_cache(maxsize=1)  # issuer and sections both ask, one after the other
def find(text: str) -> Signature | None:
    """Return the signature of a text, or None where it ends without one (three of five samples do).

    An appendix may follow it: then it stands above the line 附件.
    """
    return _at_the_end(text) or next((found for n in _appendices(text) if (found := _at_the_end(text[:n]))), None)


def _appendices(text: str) -> list[int]:
    """Return where lines stand that say 附件 and no more."""
    return [match.start() for match in islice(_APPENDIX.finditer(text), _MOST_APPENDICES)]


def _at_the_end(text: str) -> Signature | None:
    lines = _last_lines(text)
    known = [_read(line) for _, line in lines]
    signed = [n for n, part in enumerate(known) if part]
    if not signed:
        return None
    last = signed[-1]
    if not all(_is_note(line) for _, line in lines[last + 1 :]):
        return None
    first = last
    while first and known[first - 1]:
        first -= 1
    parts = [part for part in known[first : last + 1] if part]
    issuers = tuple(name for names, _ in parts for name in names)
    dates = [day for _, days in parts for day in days]
    if not issuers and not any(_DATE.fullmatch(line) for _, line in lines[first : last + 1]):
        return None
    return Signature(lines[_with_closing(lines, first)][0], issuers, dates[-1] if dates else None)


def _last_lines(text: str) -> list[tuple[int, str]]:
    """The last lines that are not empty: offset and text without white space around it."""
    found: list[tuple[int, str]] = []
    end = len(text)
    while end >= 0 and len(found) < _LINES:
        begin = text.rfind("\n", 0, end) + 1
        if line := text[begin:end].strip():
            found.append((begin, line))
        end = begin - 1
    return found[::-1]


def _read(line: str) -> tuple[list[str], list[date]] | None:
    """Take a line apart: names of bodies, then a date or none; None where it is something else."""
    if len(line) > 90:
        return None
    date_at = next((match for match in _DATE.finditer(line) if match.end() == len(line)), None)
    names = line[: date_at.start()].strip() if date_at else line
    if names and not _ISSUER.fullmatch(names):
        return None
    if not names and not date_at:
        return None
    return _bodies(names), find_dates(line)


def _bodies(names: str) -> list[str]:
    """Cut a line of signatories at its white space, unless the space only stretches one name (甲县 人民政府)."""
    names = re.sub(r"[（(]\s*(?:盖章|公章|印|章)\s*[)）]", "", names)
    parts = names.split()
    whole = all(len(part) > 4 and re.search(BODY + "$", part) for part in parts)
    return [name for part in (parts if whole else ["".join(parts)]) for name in part.split("、") if name]


def _is_note(line: str) -> bool:
    return bool(_NOTE.fullmatch(line) or _LISTED.fullmatch(line))


def _with_closing(lines: list[tuple[int, str]], first: int) -> int:
    """Go up over 专此报告。 and the 附件 list that stand before the signatories; a numbered list counts only below 附件."""
    begin = first
    for n in range(first - 1, -1, -1):
        line = lines[n][1]
        if _CLOSING.fullmatch(line) or _NOTE.fullmatch(line):
            begin = n
        elif not _LISTED.fullmatch(line):
            break
    return begin
