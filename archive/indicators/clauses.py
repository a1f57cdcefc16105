"""Clauses: a sentence cut at its marks, each clause a row of letters, and what the clauses before it have named."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from archive.indicators.numbers import Number
from archive.indicators.phrases import BODY, HELPERS, OCCASION, PLAN, WISH
from archive.indicators.tokens import Token, tokens
from archive.indicators.words import SUBJECTS, THINGS, VERBS

#: Letters that a rule does not ask for.
_SILENT = str.maketrans("", "", "0TSqg" + SUBJECTS)
_NAMED = frozenset({*THINGS, "Z"})
_TOTAL = re.compile("共|总|合计")
_OTHER_MEDIATION = re.compile("(?:行政|司法|商事|律师|诉前|仲裁|消费|委派)调解|诉前")
#: What was found or meant to be done is not yet a case.
_UNCOUNTED = re.compile("排查|计划")
#: An object with words before it that are not known, or none.
_MODIFIED = re.compile(rf"X*[{THINGS}]n?N")
_WITHIN = r"[^,;:()\t.。!?]+"
_PIECE = re.compile(rf"{_WITHIN}(?:(?:(?<=\d)[.,](?=\d)|[:\t](?=\d)){_WITHIN})*")
#: A clause without one of these words states none of our figures, unless it is a bare number in a list.
_STATING = re.compile(
    "复议|诉讼|应诉|被[诉告]|败诉|出庭|规范性文件|执法[人证持]|持证|行政处罚|合同|协议|调[解处]|纠纷|法律援助|受理|收到|新收|接[收到]|收案|立案|[办审]结|结案"
    "|纠[错正]|确认违法|成功率|备案|报备|审[查核]|处罚"
)
_NUMERIC = re.compile("[0-9０-９一二两三四五六七八九十百千万] ?[万千亿]? ?[余多]? ?[件起宗例份个部项名人位%％]|百分之")
_ROUGH = re.compile(r"[^,;:，；：]+(?:[,，](?=\d{3})[^,;:，；：]+)*")
#: A clause without any of these does not name a year, an area or a subject either, nor is it a number of a list.
_NAMING = re.compile(
    "年|以来|季度|期间|时期|级|^自|^从|[全我本][国省自市州盟县区旗镇乡街局委厅系机单]|□|信访|投诉|举报|许可|仲裁|其中|分别|制[定发]|印发|出台"
    "|^[一二三四五六七八九十百千0-9]"
)


class Clause(NamedTuple):
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
    former: str = ""  #: the topic before this clause
    verb: str = ""  #: of the last clause with a number
    mediated: bool = False  #: the sentence speaks of mediation, and of no other than the people's
    mediators: bool = False  #: they were named
    other_time: bool = False
    this_time: bool = False  #: the report's year was named
    other_area: bool = False
    body: bool = False  #: a single body among others
    level_only: bool = False  #: the issuer's own level, where the whole area was named
    plan: bool = False
    wish: bool = False
    area: bool = False  #: the issuer's whole area was named
    unread: dict[str, str] = field(default_factory=dict)  #: topic -> letters of a clause about cases that was not understood
    moved: bool = False  #: no longer on what the sentence before spoke of
    doubtful: set[str] = field(default_factory=set)  #: topics that were named for a part only: 工伤引发的诉讼118件
    stated: set[str] = field(default_factory=set)  #: names of the figures

    @property
    def elsewhere(self) -> bool:
        """Whether what is said now is of another year, another place, or to come."""
        return self.other_time or self.other_area or self.body or self.level_only or self.plan

    def follow(self, clause: Clause) -> None:
        """Take up what a clause says of time, place and subject."""
        self.former = self.topic
        for letter in filter("BTUSWg".__contains__, clause.letters):
            match letter:
                case "B" | "T":
                    self.other_time, self.this_time = letter == "B", letter == "T"
                case "U":
                    self.other_area, self.area = True, False
                case "S":
                    self.other_area, self.body, self.level_only, self.area = False, False, False, True
                case "W":
                    self.body = True
                case "g":  # 全市审结35件，其中市本级12件
                    self.level_only = self.area or "q" in clause.letters
        if clause.letters.lstrip("0Tlq")[:1] in ("X", "Z") and BODY.match(clause.text):
            self.body = True
        self.body = self.body or HELPERS.search(clause.text) is not None
        self.other_time = self.other_time or OCCASION.search(clause.text) is not None
        self.plan = self.plan or PLAN.search(clause.text) is not None
        self.wish = self.wish or WISH.search(clause.text) is not None
        if clause.mark == ";":
            self.doubtful.clear()
        if clause.topic and not (
            clause.topic == "Z" and ("q" in clause.letters or clause.mark == "l")
        ):  # parts of what is spoken of
            self.mediators = self.mediators or "m" in clause.letters
            self.topic = clause.topic

    def note(self, clause: Clause, *, understood: bool) -> None:
        """Note whether a clause that counts cases was understood: what is said of the same ones later may be a part of them."""
        topic = "M" if "t" in clause.core else self.topic
        if understood:
            self.unread.pop(topic, None)
            self.doubtful.discard(clause.topic)
        elif clause.numbers[-1].unit in "件起宗例份" and "q" not in clause.letters and not _UNCOUNTED.search(clause.text):
            self.unread[topic] = clause.core or "X"
            if not topic and {"S", *SUBJECTS} & set(clause.letters):
                self.moved = True  # 全县被诉19件，审结16件
            if clause.topic and _MODIFIED.fullmatch(clause.core) and (self.doubtful or clause.core[0] == "X"):
                self.doubtful.add(clause.topic)

    def remember(self, clause: Clause) -> None:
        """Keep the verb of a clause that was understood, for the objects after it (审查规范性文件35件、合同124份)."""
        verbs = [letter for letter in clause.core if letter in VERBS]
        if "X" in clause.core:
            self.verb = "v" if verbs == ["v"] and clause.numbers else ""  # whatever else was reviewed
        elif clause.numbers and verbs:
            self.verb = verbs[-1]


def mediates(text: str) -> bool:
    """Whether the disputes of a sentence are mediated by the people's mediators: nothing else is named."""
    return ("调解" in text or "调处" in text) and not _OTHER_MEDIATION.search(text)


def may_state(text: str) -> bool:
    """Whether a clause of a sentence, as printed, has both a number and a word of ours: most have not, and need not be read."""
    return _NUMERIC.search(text) is not None and any(_NUMERIC.search(c) and _STATING.search(c) for c in _ROUGH.findall(text))


def cut(text: str, year: int | None, level: int) -> Iterator[Clause]:
    """Yield the clauses of a sentence. 、 and 和 part figures (受理12件、审结8件), not the words of a list."""
    for piece in _PIECE.finditer(text):
        mark = text[piece.start() - 1 : piece.start()]
        if not _STATING.search(piece.group()) and not _NAMING.search(piece.group()):
            yield Clause(text=piece.group(), letters="X", core="X", numbers=(), mark=mark, topic="")
            continue
        row = tokens(text, piece.start(), piece.end(), year, level)
        held: list[Token] = []
        for n, token in enumerate(row):
            before, after = row[n - 1].kind if n else "", row[n + 1].kind if n + 1 < len(row) else ""
            if token.kind == "l" and (before in ("N", "R") or after == "N"):
                if held:
                    yield _clause(text[held[0].start : token.start], held, mark)
                mark, held = "l", []
            else:
                held.append(token)
        if held:
            yield _clause(text[held[0].start : piece.end()], held, mark)


def _clause(text: str, held: list[Token], mark: str) -> Clause:
    letters = "".join([token.kind for token in held])
    named = _NAMED.intersection(letters)
    if "m" in letters:
        named |= {"M"}
    if "H" in letters:
        named |= {"F" if "复议" in text else "G"}
    return Clause(
        text=text,
        letters=letters,
        core=letters.translate(_SILENT).replace("mlm", "m"),
        numbers=tuple([token.number for token in held if token.number]),
        mark=mark,
        topic="" if not named else min(named) if len(named) == 1 else "Z",
    )
