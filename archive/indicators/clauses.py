"""Clauses: a sentence cut at its marks, each clause a row of letters, and what the clauses before it have named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from archive.indicators import words
from archive.indicators.numbers import Number
from archive.indicators.tokens import Token

#: Letters that a rule does not ask for.
_SILENT = frozenset("0TSqg123456H")
_MARKS = frozenset(",;:()\t.。!?")
_THINGS = frozenset(words.OBJECTS)
_VERBS = frozenset(words.VERBS)
_PLAN, _WISH, _BODY = re.compile(words.PLANS), re.compile(words.WISHES), re.compile(words.BODY)
_TOTAL = re.compile("共|总|合计")


@dataclass(frozen=True)
class Clause:
    """The tokens between two marks."""

    text: str
    letters: str
    core: str  #: the letters that a rule asks for
    numbers: tuple[Number, ...]
    mark: str  #: the mark before it; l for 、 and 和
    topic: str  #: letter of the one object that is named; "" for none, Z for others or several

    @property
    def total(self) -> bool:
        """Whether it says that it counts the whole."""
        return "S" in self.letters or _TOTAL.search(self.text) is not None


@dataclass
class State:
    """What the clauses of a sentence have named so far."""

    topic: str = ""  #: as in Clause
    verb: str = ""  #: of the last clause with a number
    mediators: bool = False
    other_time: bool = False
    other_area: bool = False
    body: bool = False  #: a single body among others
    plan: bool = False
    wish: bool = False
    area: bool = False  #: the issuer's whole area was named

    @property
    def elsewhere(self) -> bool:
        """Whether what is said now is of another year, another place, or to come."""
        return self.other_time or self.other_area or self.body or self.plan

    def follow(self, clause: Clause) -> None:
        """Take up what a clause says of time, place and persons."""
        for letter in clause.letters:
            match letter:
                case "B" | "T":
                    self.other_time = letter == "B"
                case "U":
                    self.other_area, self.area = True, False
                case "S":
                    self.other_area, self.body, self.area = False, False, True
                case "W":
                    self.body = True
        if clause.letters.lstrip("0Tlq")[:1] in ("X", "Z") and _BODY.match(clause.text):
            self.body = True
        self.plan = self.plan or _PLAN.search(clause.text) is not None
        self.wish = self.wish or _WISH.search(clause.text) is not None
        if clause.topic:
            self.mediators = clause.topic == "M" and (self.mediators or "m" in clause.letters)
            self.topic = clause.topic

    def remember(self, clause: Clause) -> None:
        """Keep the verb of a clause that was understood, for the objects after it (审查规范性文件35件、合同124份)."""
        verbs = [letter for letter in clause.core if letter in _VERBS]
        if "X" in clause.core or "Z" in clause.core:
            self.verb = ""
        elif clause.numbers and verbs:
            self.verb = verbs[-1]


def cut(text: str, row: list[Token]) -> Iterator[Clause]:
    """Yield the clauses of a sentence. 、 and 和 part figures (受理12件、审结8件), not the words of a list."""
    mark, held = "", list[Token]()
    for n, token in enumerate(row):
        before = row[n - 1].kind if n else ""
        after = row[n + 1].kind if n + 1 < len(row) else ""
        if token.kind in ":\t" and after in ("N", "R"):
            continue
        if token.kind in _MARKS or (token.kind == "l" and (before in ("N", "R", ")") or after == "N")):
            if held:
                yield _clause(text, held, mark)
            mark, held = token.kind, []
        else:
            held.append(token)
    if held:
        yield _clause(text, held, mark)


def _clause(text: str, held: list[Token], mark: str) -> Clause:
    letters = "".join(token.kind for token in held)
    named = {letter for letter in letters if letter in _THINGS or letter == "Z"}
    named |= {"M"} if "m" in letters else set()
    named |= {"F" if "复议" in text[token.start : token.end] else "G" for token in held if token.kind == "H"}
    return Clause(
        text=text[held[0].start : held[-1].end],
        letters=letters,
        core="".join(letter for letter in letters if letter not in _SILENT),
        numbers=tuple(token.number for token in held if token.number),
        mark=mark,
        topic="" if not named else named.pop() if len(named) == 1 else "Z",
    )
