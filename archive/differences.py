"""The difference between two texts, to be read: paragraph by paragraph, and inside of changed ones what came and went.

Its time is bounded whatever the texts are: comparing is paid for out of a budget, and where that is spent a stretch counts as
replaced as a whole.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import pairwise

#: Steps that may be spent on one pair of texts, and on one pair of stretches; a step is a pair of equal elements looked at.
BUDGET, AT_ONCE = 1_500_000, 100_000
#: Unchanged paragraphs that stay in sight on either side of a change; longer stretches are folded.
CONTEXT = 2
#: Paragraphs are one changed when they share this much of their pairs of characters (Dice); else one went and one came.
ALIKE = 0.4
#: How far from its place a changed paragraph is looked for, and in stretches of how many paragraphs.
AWAY, PARAGRAPHS = 12, 2_000
#: Fewer unchanged characters than this between two changes are read as changed: 的 alone holds nothing together.
ISLAND = 2
#: Numbers and Latin words change as wholes, everything else character by character.
TOKEN = re.compile(r"[0-9]+(?:[.,，][0-9]+)*|[A-Za-z]+|.", re.DOTALL)

#: Where two sequences agree: start in the one, start in the other, length.
Match = tuple[int, int, int]


@dataclass(frozen=True)
class Run:
    """A run of characters: `same`, `inserted` or `deleted`."""

    kind: str
    text: str


@dataclass(frozen=True)
class Change:
    """A paragraph that is `same`, `changed`, `inserted` or `deleted`, or a stretch of unchanged ones that is `folded`."""

    kind: str
    runs: tuple[Run, ...]  #: of a folded stretch: one a paragraph


def difference(old: str, new: str) -> list[Change]:
    """Return how one text became another; both have one paragraph a line.

    What is not inserted is the old text, and what is not deleted the new one, paragraph by paragraph.
    """
    a, b = (text.split("\n") if text else [] for text in (old, new))
    purse = _Purse()
    found: list[Change] = []
    i = j = 0
    for start, other, size in [*_anchored(a, b, purse), (len(a), len(b), 0)]:
        found += _changed(a[i:start], b[j:other], purse)
        i, j = start + size, other + size
        found += _folded(a[start:i], before=bool(start or other), after=i < len(a) or j < len(b))
    return found


class _Purse:
    """What may still be spent on comparing."""

    def __init__(self) -> None:
        self.left = BUDGET

    def pays(self, steps: int) -> bool:
        """Take so many steps; False where they are not left."""
        self.left -= steps if (paid := steps <= self.left) else 0
        return paid


def _anchored(a: Sequence[str], b: Sequence[str], purse: _Purse) -> list[Match]:
    """Return where two lists of paragraphs agree: around those that occur once in either, then as difflib finds them."""
    found: list[Match] = []
    waiting = [(0, len(a), 0, len(b))]
    while waiting:
        i, end, j, last = waiting.pop()
        ends, (i, end, j, last) = _ends(a, b, i, end, j, last)
        found += ends
        if i == end or j == last or not purse.pays(end - i + last - j):
            continue
        corners = [(i, j), *_unique(a, b, i, end, j, last), (end, last)]
        if len(corners) > 2:
            waiting += [(p, q, r, s) for (p, r), (q, s) in pairwise(corners)]
        else:
            found += [(i + p, j + q, size) for p, q, size in _matcher(a[i:end], b[j:last], purse)]
    return _joined(sorted(match for match in found if match[2]))


def _joined(matches: list[Match]) -> list[Match]:
    """Return matches with those that follow one another directly as one."""
    found: list[Match] = []
    for i, j, size in matches:
        if found and (found[-1][0] + found[-1][2], found[-1][1] + found[-1][2]) == (i, j):
            i, j, size = found[-1][0], found[-1][1], found.pop()[2] + size
        found.append((i, j, size))
    return found


def _ends(
    a: Sequence[str], b: Sequence[str], i: int, end: int, j: int, last: int
) -> tuple[list[Match], tuple[int, int, int, int]]:
    """Return what two stretches begin and end with alike, and what lies between."""
    head = 0
    while i + head < end and j + head < last and a[i + head] == b[j + head]:
        head += 1
    tail = 0
    while i + head < end - tail and j + head < last - tail and a[end - tail - 1] == b[last - tail - 1]:
        tail += 1
    return [(i, j, head), (end - tail, last - tail, tail)], (i + head, end - tail, j + head, last - tail)


def _unique(a: Sequence[str], b: Sequence[str], i: int, end: int, j: int, last: int) -> list[tuple[int, int]]:
    """Return the longest ascending chain of elements that occur once in either stretch."""
    once, others = Counter(a[i:end]), Counter(b[j:last])
    place = {item: n for n, item in enumerate(b[j:last], j) if others[item] == 1}
    pairs = [(n, place[item]) for n, item in enumerate(a[i:end], i) if once[item] == 1 and item in place]
    tops: list[int] = []  # patience sorting: the smallest end of a chain of every length
    piles: list[list[tuple[int, int, int]]] = []  # (place in a, place in b, which of the pile before)
    for n, other in pairs:
        pile = bisect_left(tops, other)
        entry = (n, other, len(piles[pile - 1]) - 1 if pile else 0)
        if pile == len(tops):
            tops.append(other)
            piles.append([entry])
        else:
            tops[pile] = other
            piles[pile].append(entry)
    chain: list[tuple[int, int]] = []
    which = len(piles[-1]) - 1 if piles else 0
    for stack in reversed(piles):
        n, other, which = stack[which]
        chain.append((n, other))
    return chain[::-1]


def _matcher(a: Sequence[str], b: Sequence[str], purse: _Purse) -> list[Match]:
    """Return what difflib finds alike; nothing where that would take too long."""
    counts = Counter(b)
    steps = sum(counts[item] for item in a)
    if steps > AT_ONCE or not purse.pays(steps):
        return []
    return [(m.a, m.b, m.size) for m in SequenceMatcher(None, a, b, autojunk=False).get_matching_blocks() if m.size]


def _folded(same: list[str], *, before: bool, after: bool) -> Iterator[Change]:
    """Yield unchanged paragraphs: those next to a change in sight, the others folded where there are at least two."""
    head, tail = CONTEXT * before, CONTEXT * after
    hidden = same[head : len(same) - tail]
    if len(hidden) < 2:
        head, hidden, tail = len(same), [], 0
    yield from (Change("same", (Run("same", line),)) for line in same[:head])
    if hidden:
        yield Change("folded", tuple(Run("same", line) for line in hidden))
    yield from (Change("same", (Run("same", line),)) for line in same[len(same) - tail :])


def _changed(gone: list[str], come: list[str], purse: _Purse) -> Iterator[Change]:
    """Yield the paragraphs of a changed stretch: those that became others beside them, the rest deleted or inserted."""
    i = j = 0
    for n, other in [*_pairs(gone, come), (len(gone), len(come))]:
        yield from (Change("deleted", (Run("deleted", line),)) for line in gone[i:n])
        yield from (Change("inserted", (Run("inserted", line),)) for line in come[j:other])
        if n < len(gone):
            yield Change("changed", tuple(_runs(gone[n], come[other], purse)))
        i, j = n + 1, other + 1


def _pairs(gone: list[str], come: list[str]) -> list[tuple[int, int]]:
    """Return which paragraphs became which, in order: the choice whose pairs are most alike together."""
    if not gone or not come or max(len(gone), len(come)) > PARAGRAPHS:
        return []
    if len(gone) == len(come) == 1:  # whatever they say, one stands where the other stood
        return [(0, 0)]
    old, new = ([{line[k : k + 2] for k in range(len(line))} for line in lines] for lines in (gone, come))
    best: dict[tuple[int, int], float] = {}
    step: dict[tuple[int, int], tuple[int, int]] = {}
    for n in range(len(gone)):
        middle = n * len(come) // len(gone)
        for m in range(max(0, middle - AWAY), min(len(come), middle + AWAY + 1)):
            alike = 2 * len(old[n] & new[m]) / max(len(old[n]) + len(new[m]), 1)
            together = best.get((n - 1, m - 1), 0) + alike if alike >= ALIKE else -1.0
            choices = ((together, (1, 1)), (best.get((n - 1, m), 0), (1, 0)), (best.get((n, m - 1), 0), (0, 1)))
            best[n, m], step[n, m] = max(choices)
    found = []
    n, m = max(best, key=lambda place: best[place], default=(-1, -1))
    while (n, m) in step:
        if step[n, m] == (1, 1):
            found.append((n, m))
        n, m = n - step[n, m][0], m - step[n, m][1]
    return found[::-1]


def _runs(old: str, new: str, purse: _Purse) -> Iterator[Run]:
    """Yield what stayed, went and came inside of a paragraph."""
    a, b = TOKEN.findall(old), TOKEN.findall(new)
    (head, tail), (i, end, j, last) = _ends(a, b, 0, len(a), 0, len(b))
    matches = [head, *((i + p, j + q, size) for p, q, size in _matcher(a[i:end], b[j:last], purse)), tail]
    held = [m for m in matches if m in (head, tail) or len("".join(a[m[0] : m[0] + m[2]])) >= ISLAND]
    i = j = 0
    for start, other, size in held:
        for kind, text in (("deleted", a[i:start]), ("inserted", b[j:other]), ("same", a[start : start + size])):
            if text:
                yield Run(kind, "".join(text))
        i, j = start + size, other + size
