"""The reader: from a report's text to its figures, sentence by sentence and clause by clause.

A number is taken where every word of its clause is known and the clause says one thing. What an earlier clause named (object,
verb, year, area, a single body) holds on in the sentence until another is named.
"""

import re
from collections.abc import Iterable, Iterator
from itertools import takewhile

from archive.indicators.choosing import Candidate, choose
from archive.indicators.clauses import Clause, State, cut, may_state
from archive.indicators.figure import Figure
from archive.indicators.numbers import Number
from archive.indicators.own import Own
from archive.indicators.phrases import PLAN
from archive.indicators.rules import RULES, Form, fitting
from archive.indicators.words import SUBJECTS, THINGS, VERBS
from cleaning.document import Section
from cleaning.sections import split

_SENTENCE = re.compile(r"[^。！!？?\n]+[。！!？?]?")
#: The longest line that is a heading to the paragraph below it.
_HEADING = 30
_LIST, _CARRIED, _BEFORE, _ABOUT, _DIRECT = 0.9, 0.9, 0.85, 0.8, 0.95
_VERBS = re.compile(rf"(?P<before>[{THINGS}]?n?)(?P<items>[{VERBS}](?:l[{VERBS}])+)(?P<after>[{THINGS}]?n?)f?N")
_THINGS = re.compile(rf"(?P<before>[{VERBS}]?)(?P<items>[{THINGS}](?:l[{THINGS}])+)(?P<after>[{VERBS}]?)f?N")
_RATES = re.compile(r"(?P<items>[^NRl]*[osi](?:l[^NRl]*[osi])+)0?(?P<how>[fu])R")


def indicators(
    text: str, *, sections: Iterable[Section] | None = None, year: int | None = None, issuer: str = ""
) -> list[Figure]:
    """Return the figures of a report, one of each name at most, in the order of the text.

    Args:
        text: a report's text, as `reports.text` holds it.
        sections: its sections, where they have been cut already; plans are left out.
        year: the year reported on; without it, the year that the text names most in its beginning.
        issuer: who reports, so that its own numbers are told from those of bodies below it.
    """
    own = Own.of(text, year, issuer)
    plans = [(s.start, s.end) for s in (split(text) if sections is None else sections) if s.kind == "plan"]
    found: list[Candidate] = []
    before, ahead, past = "", False, 0
    for match in _SENTENCE.finditer(text):
        said, start = match.group(), match.start()
        if "\n" in text[past:start]:
            ahead = False
            before = before if len(before) <= _HEADING else ""
        ahead = ahead or PLAN.match(said) is not None
        if not ahead and may_state(said) and not any(a <= start < b for a, b in plans):
            found += _stated(said, start, own, before)
        before, past = said, match.end()
    return choose(found)


def _stated(said: str, start: int, own: Own, before: str) -> Iterator[Candidate]:
    """Yield what a sentence states; `before` is the one that may have named what it is about."""
    if said.count("\t") > 1:
        return  # a row of a table: which column is this year's only its head tells
    folded, places = own.fold(said)
    clauses = list(cut(folded, own.year, own.level))
    state, names, unread = State(), set[str](), set[str]()
    for n, clause in enumerate(clauses):
        topic, other_time = state.topic, state.other_time
        state.follow(clause)
        if clause.numbers and not state.elsewhere:
            understood = False
            for core, number, sure in _readings(clause, clauses[n + 1 :], state.verb):
                for form, confidence in _fitting(core, clause, state, topic, own, before):
                    rule = RULES[form.name]
                    if number.unit not in rule.units or (number.unit == "%" and number.value > 100):
                        continue
                    understood = True
                    if rule.topic in unread and (form.name == "调解成功率" or (form.rank and "c" in core)):
                        continue  # the cases themselves stand there too, in words that are not known
                    part = _is_part(clause, form.name in names)
                    names.add(form.name)
                    about = number.about or "约" in clause.text
                    figure = Figure(
                        name=form.name,
                        value=number.value,
                        unit=number.unit,
                        sentence=said.strip(),
                        start=start + places[number.start],
                        end=start + places[number.end - 1] + 1,
                        confidence=min(confidence, sure, _ABOUT if about else 1),
                    )
                    yield Candidate(figure, form.rank + part, clause.total or state.area)
            (unread.discard if understood else unread.add)(clause.topic or topic)
        if clause.core.strip("B") in ("N", "R"):
            state.other_time = other_time  # 收案132件，上年为98件，结案112件
        state.remember(clause)


def _is_part(clause: Clause, said: bool) -> float:
    """Return how much less than the whole a clause counts; `said`: the sentence has stated that name already."""
    if "g" in clause.letters or (said and (clause.mark == "(" or "q" in clause.letters)):
        return 1
    return 0.5 if "一审" in clause.text else 0


def _readings(clause: Clause, following: list[Clause], verb: str) -> Iterator[tuple[str, Number, float]]:
    """Yield a clause's letters with its number; the members of a list one by one, where there are as many numbers."""
    core = clause.core
    bare = list(takewhile(lambda c: c.core in ("N", "R") and c.mark in ("l", ","), following))
    numbers = [clause.numbers[-1], *(c.numbers[0] for c in bare)]
    if match := _RATES.fullmatch(core):
        items = match["items"].split("l")
        if match["how"] == "u":
            numbers = numbers[:1] * len(items)
        if len(items) == len(numbers):
            yield from ((item[-1] + "R", number, _LIST) for item, number in zip(items, numbers, strict=True))
    elif match := _VERBS.fullmatch(core) or _THINGS.fullmatch(core):
        items = match["items"].split("l")
        if len(items) == len(numbers):
            for item, number in zip(items, numbers, strict=True):
                yield match["before"] + item + match["after"] + "N", number, _LIST
    elif re.fullmatch(rf"[{THINGS}]n?N|N[{THINGS}]", core):
        yield core, numbers[0], _DIRECT
        if core[0] == "N":  # 对12件规范性文件、15份合同进行审查: the verb comes at the end
            last = next((c.core for c in following if c.mark != "l" or not re.fullmatch(rf"N[{THINGS}X]", c.core)), "")
            verb = last[-1] if re.fullmatch(rf"N[{THINGS}X][{VERBS}]", last) else verb
        if verb:
            yield verb + core, numbers[0], _CARRIED
    else:
        yield core, numbers[0], _DIRECT


def _fitting(core: str, clause: Clause, state: State, topic: str, own: Own, before: str) -> Iterator[tuple[Form, float]]:
    """Yield the rules that a clause fits, with the confidence that its object is theirs; `topic` is that of the clauses before."""
    forms = fitting(core) + (fitting("m" + core) if state.mediators and "m" not in core else ())
    for form in forms:
        rule = RULES[form.name]
        subjects = rule.subjects + "3" * ("S" in clause.letters)  # 全省各级行政机关 are all there are
        if any(letter in SUBJECTS and letter not in subjects for letter in clause.letters):
            continue
        if "R" in core and state.wish and not ("T" in clause.letters or "S" in clause.letters):
            continue
        about = clause.topic or topic
        if form.name == "行政诉讼败诉" and form.carried and "3" in clause.letters and about != "F":
            about = "L"
        if form.name == "调解成功率" and (about not in ("", "M") or (about == "" and "调" not in clause.text)):
            continue
        if form.name == "行政处罚" and core == "PN" and topic not in ("", "P"):
            continue
        if not form.carried:
            yield form, _DIRECT
        elif about == rule.topic:
            yield form, _CARRIED if clause.topic != rule.topic else _DIRECT
        elif not about and before and _topic(before, own) == rule.topic:
            yield form, _BEFORE


def _topic(said: str, own: Own) -> str:
    """Return the object that a sentence ends on, "" where it speaks of another year or place."""
    folded, _ = own.fold(said)
    state = State()
    for clause in cut(folded, own.year, own.level):
        state.follow(clause)
    return "" if state.elsewhere else state.topic
