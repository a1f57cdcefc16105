"""Judging: what the numbers of a clause are, given what the clauses before it have named."""

import re
from collections.abc import Callable, Iterator
from itertools import takewhile
from typing import NamedTuple

from archive.indicators.clauses import Clause, State
from archive.indicators.numbers import Number
from archive.indicators.rules import RULES, fitting
from archive.indicators.words import SUBJECTS, THINGS, VERBS

#: Confidence of a clause that names its object; of one whose object, or verb, an earlier one named; of a member of a list;
#: of a clause whose object stands in the sentence before; of a number with 余, 多, 近 or 约.
DIRECT, CARRIED, LISTED, BEFORE, ABOUT = 0.95, 0.9, 0.9, 0.85, 0.8
_VERBS = re.compile(rf"(?P<before>[{THINGS}]?n?)(?P<items>[{VERBS}](?:l[{VERBS}])+)(?P<after>[{THINGS}]?n?)f?N")
_THINGS = re.compile(rf"(?P<before>[{VERBS}]?)(?P<items>[{THINGS}](?:l[{THINGS}])+)(?P<after>[{VERBS}]?)f?N")
_RATES = re.compile(r"(?P<items>[^NRl]*[osi](?:l[^NRl]*[osi])+)(?P<how>[fu])R")
_NOUN = re.compile(rf"[{THINGS}]n?N|N[{THINGS}]")
_NUMBERED = re.compile(rf"N[{THINGS}XZ](?P<verb>[{VERBS}]?)")


class Reading(NamedTuple):
    """A clause's letters, or those of one member of its list, with the number."""

    core: str
    number: Number
    confidence: float


class Judgement(NamedTuple):
    """What a number is."""

    name: str
    rank: float  #: more for a lesser reading
    number: Number
    confidence: float


def judge(clause: Clause, following: list[Clause], state: State, before: Callable[[], State]) -> Iterator[Judgement]:
    """Yield what a clause states.

    Args:
        clause: one with a number.
        following: the clauses after it, which may hold the other numbers of its list.
        state: what the sentence has named, this clause included.
        before: gives what the sentence before it had named at its end.
    """
    for reading in readings(clause, following, state.verb):
        core = reading.core
        theirs = state.topic == "M" and "m" not in core and (state.mediators or (state.mediated and "d" not in core))
        also = fitting("m" + core) if theirs else ()
        for form in fitting(core) + also:
            rule, number = RULES[form.name], reading.number
            if number.unit not in rule.units or (number.unit == "%" and number.value > 100):
                continue
            sure = _sure(clause, state, before, rule.topic) if form.carried else DIRECT
            rest = _is_rest(reading, form.rank, clause, state.unread.get(rule.topic, ""))
            if sure and not rest and _done_by_all(clause, rule.subjects) and _belongs(form.name, core, clause, state):
                yield Judgement(form.name, form.rank, number, min(sure, reading.confidence))


def _is_rest(reading: Reading, rank: float, clause: Clause, unread: str) -> bool:
    """Whether the cases themselves stand in the sentence too, in words that are not known: 印发县级文件16件，其中新制定13件."""
    same = any(letter in VERBS and letter in unread for letter in reading.core)
    return bool(unread) and (rank > 0 or (same and "l" not in unread)) and not clause.total


def readings(clause: Clause, following: list[Clause], verb: str) -> Iterator[Reading]:
    """Yield a clause's letters with its number; the members of a list one by one, where there are as many numbers.

    `verb` is that of an earlier clause, for a clause that has none (审查规范性文件35件、合同124份).
    """
    core = clause.core
    bare = takewhile(lambda other: other.core in ("N", "R") and other.mark in ("l", ","), following)
    numbers = [clause.numbers[-1], *(other.numbers[0] for other in bare)]
    if match := _RATES.fullmatch(core):
        items = match["items"].split("l")
        if match["how"] == "u":  # 均达100%
            numbers = numbers[:1] * len(items)
        if len(items) == len(numbers):
            yield from (Reading(item[-1] + "R", number, LISTED) for item, number in zip(items, numbers, strict=True))
    elif match := _VERBS.fullmatch(core) or _THINGS.fullmatch(core):
        items = match["items"].split("l")
        if len(items) == len(numbers):
            for item, number in zip(items, numbers, strict=True):
                yield Reading(match["before"] + item + match["after"] + "N", number, LISTED)
    else:
        yield Reading(core, numbers[0], DIRECT)
        if _NOUN.fullmatch(core):
            if core[0] == "N":  # 对12件规范性文件、15份合同进行审查: the verb comes at the end
                row = [match for other in following if (match := _NUMBERED.fullmatch(other.core))]
                verb = next((match["verb"] for match in row if match["verb"]), verb)
            if verb and (verb == "v" or clause.mark == "l" or "q" in clause.letters) and clause.mark != ";":
                yield Reading(verb + core, numbers[0], CARRIED)


def _sure(clause: Clause, state: State, before: Callable[[], State], topic: str) -> float:
    """Return how sure it is that a clause without its object is about a topic: 0 for not at all."""
    if clause.topic or state.topic:
        return 0 if state.topic != topic or topic in state.doubtful else DIRECT if clause.topic else CARRIED
    last = before()
    same_time = state.this_time or not last.other_time
    here = same_time and not (state.moved or last.other_area or last.body or last.plan)
    return BEFORE if last.topic == topic and here else 0


def _done_by_all(clause: Clause, subjects: str) -> bool:
    """Whether those who did it are all who do it in the issuer's area; 全省各级行政机关 are."""
    allowed = subjects + "3" * ("S" in clause.letters)
    return all(letter in allowed for letter in clause.letters if letter in SUBJECTS)


def _belongs(name: str, core: str, clause: Clause, state: State) -> bool:
    """Whether what the sentence has named lets the clause be of that name."""
    if state.doubtful and _NOUN.fullmatch(core) and not clause.total and clause.mark in (",", "l"):
        return False  # 工伤认定引发行政复议案件64件，行政诉讼案件118件
    if core.endswith("R") and state.wish and not {"T", "S"} & set(clause.letters):
        return False  # 确保应出尽出，出庭应诉率达100%
    if name == "调解成功率":
        told = "调" in clause.text or state.topic == "M"
        return told and state.topic in ("", "M") and "M" not in state.unread
    return name != "行政处罚" or core != "PN" or state.former in ("", "P")
