"""Choosing: of several numbers of one name the one that is the whole, or none."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from archive.indicators.figure import Figure

#: Confidence of a figure that was chosen among others of its name.
CHOSEN = 0.85


@dataclass(frozen=True)
class Candidate:
    """A figure that a clause states."""

    figure: Figure
    rank: float  #: 0 the whole; more: a lesser reading (concluded cases for cases, a part for the whole)
    total: bool  #: the clause says that it is the whole (共, 总计, 全县)


def choose(found: Iterable[Candidate]) -> list[Figure]:
    """Return one figure of each name, in the order of the text; none where two contradict and neither says it is the whole."""
    named = defaultdict(list)
    for candidate in found:
        named[candidate.figure.name].append(candidate)
    chosen = []
    for several in named.values():
        least = min(candidate.rank for candidate in several)
        best = [candidate for candidate in several if candidate.rank == least]
        if len({c.figure.value for c in best}) > 1:
            best = [c for c in best if c.total]
        if len({c.figure.value for c in best}) == 1:
            figure = best[0].figure
            lesser = least > 0 or len({c.figure.value for c in several if c.rank == least}) > 1
            chosen.append(replace(figure, confidence=min(figure.confidence, CHOSEN)) if lesser else figure)
    return sorted(chosen, key=lambda figure: (figure.start, figure.name))
