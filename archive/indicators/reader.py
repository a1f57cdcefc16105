"""The reader: from a report's text to its figures, sentence by sentence and clause by clause.

A number is taken where every word of its clause is known and the clause says one thing. What an earlier clause named (object,
verb, year, area, a single body) holds on in the sentence until another is named.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache

from archive.indicators.choosing import Candidate, choose
from archive.indicators.clauses import Clause, State, cut, may_state, mediates
from archive.indicators.figure import Figure
from archive.indicators.judging import ABOUT, judge
from archive.indicators.own import Own
from archive.indicators.phrases import PLAN
from cleaning.document import Section
from cleaning.sections import split

_SENTENCE = re.compile(r"[^。！!？?\n]+[。！!？?]?")
#: The longest line that is a heading to the paragraph below it.
_HEADING = 30
#: How many clauses a list of numbers may have.
_LIST = 9


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
    state = State(mediated=mediates(folded))
    ended = cache(lambda: _ended(before, own))  # seldom asked for
    for n, clause in enumerate(clauses):
        elsewhen = state.other_time
        state.follow(clause)
        if clause.numbers and not state.elsewhere:
            understood = False
            for judgement in judge(clause, clauses[n + 1 : n + _LIST], state, ended):
                number, understood = judgement.number, True
                part = _is_part(clause, state, judgement.name)
                state.stated.add(judgement.name)
                figure = Figure(
                    name=judgement.name,
                    value=number.value,
                    unit=number.unit,
                    sentence=said.strip(),
                    start=start + places[number.start],
                    end=start + places[number.end - 1] + 1,
                    confidence=min(judgement.confidence, ABOUT if number.about or "约" in clause.text else 1),
                )
                yield Candidate(figure, judgement.rank + part, clause.total or state.area)
            state.note(clause, understood=understood)
        if clause.core.strip("B") in ("N", "R"):
            state.other_time = elsewhen  # 收案132件，上年为98件，结案112件
        state.remember(clause)


def _ended(said: str, own: Own) -> State:
    """Return what a sentence has named at its end."""
    state = State()
    if said:
        folded, _ = own.fold(said)
        for clause in cut(folded, own.year, own.level):
            state.follow(clause)
    return state


def _is_part(clause: Clause, state: State, name: str) -> float:
    """Return how much less than the whole a clause counts."""
    government = "1" in clause.letters and "S" not in clause.letters and state.area  # 全市审结35件，市政府审结12件
    again = name in state.stated and (clause.mark == "(" or "q" in clause.letters)
    if government or again or "g" in clause.letters:
        return 1
    return 0.5 if "一审" in clause.text else 0
