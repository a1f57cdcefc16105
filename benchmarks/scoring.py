"""Scoring: how near what a tool found in a page comes to what a careful reader takes from it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from statistics import mean, median

from benchmarks.extractors import Extractor, Found, Page
from cleaning.dates import parse_date
from cleaning.document import LABELS

#: A body is lost when less of its bigrams than this is found.
LOST = 0.5
_SPACE = re.compile(r"[\s\u200b\ufeff]+")
_PUBLISHED = "发布日期"
_DATES = (_PUBLISHED, "成文日期")
#: What a block prints where it has nothing to say: no value is stated.
_PLACEHOLDERS = ("", "无", "-", "--", "—", "——")


@dataclass(frozen=True, kw_only=True)
class Gold:
    """A page and what a careful reader takes from it."""

    name: str
    page: Page
    title: str | None  #: None: not judged
    main_text: str | None  #: "" where the page has no text of its own, None: not judged
    metadata: dict[str, str]
    must_not_contain: list[str]

    def stated(self) -> dict[str, str]:
        """Return the values that the page states under the canonical labels, publication date aside."""
        return {
            label: value
            for label, value in self.metadata.items()
            if label in LABELS and label != _PUBLISHED and squeeze(value) not in _PLACEHOLDERS
        }

    def published(self) -> str:
        """Return the publication date as the page states it, "" where it states none."""
        value = self.metadata.get(_PUBLISHED, "")
        return "" if squeeze(value) in _PLACEHOLDERS else value


@dataclass(kw_only=True)
class Tally:
    """What one tool did on the pages so far."""

    tool: Extractor
    seconds: list[float] = field(default_factory=list)  #: CPU time a page
    scores: list[tuple[float, float, float]] = field(default_factory=list)  #: precision, recall, F1 of each page with a body
    leaks: int = 0
    listed: int = 0  #: pages that list strings which must not be left
    emitted: int = 0
    empties: int = 0
    raised: int = 0
    right: Counter[str] = field(default_factory=Counter)
    stated: Counter[str] = field(default_factory=Counter)

    def add(self, found: Found, gold: Gold) -> None:
        """Count one page."""
        if gold.main_text is not None:
            self._add_text(found.text, gold, gold.main_text)
        for what, given, wanted in facts(found, gold):
            if what in self.tool.gives:
                self.stated[what] += 1
                self.right[what] += given == wanted

    def _add_text(self, text: str, gold: Gold, main_text: str) -> None:
        title = gold.title or ""
        if squeeze(main_text):
            self.scores.append(score(text, main_text, title))
        else:
            self.empties += 1
            self.emitted += bool(squeeze("".join(without_title(text, title))))
        if gold.must_not_contain:
            self.listed += 1
            self.leaks += bool(leaked(text, gold))

    def row(self, baseline: Tally | None) -> dict[str, float | int | str | None]:
        """Return the figures of one tool; None where it does not give such a thing or no page asks for it.

        Args:
            baseline: the tally that the time is divided by, of the same run.
        """
        precision, recall, f1 = ([one[part] for one in self.scores] for part in range(3))
        times = {"median": _milliseconds(self, median), "mean": _milliseconds(self, mean)}
        base = {"median": _milliseconds(baseline, median), "mean": _milliseconds(baseline, mean)} if baseline else {}
        return {
            "tool": self.tool.name,
            "precision": mean(precision) if precision else None,
            "recall": mean(recall) if recall else None,
            "f1": mean(f1) if f1 else None,
            "leak": self.leaks / self.listed if self.listed else None,
            "lost": sum(one < LOST for one in recall),
            "emitted": self.emitted,
            **{what: self.right[what] / self.stated[what] if self.stated[what] else None for what in FACTS},
            **{f"ms_{kind}": value for kind, value in times.items()},
            **{f"ratio_{kind}": value / base[kind] if base.get(kind) else None for kind, value in times.items()},
            "raised": self.raised,
        }


FACTS = ("title", "published", "fields")


def _milliseconds(tally: Tally, average: Callable[[list[float]], float]) -> float:
    return 1000 * average(tally.seconds)


def squeeze(text: str) -> str:
    """Return the text without any white space."""
    return _SPACE.sub("", text)


def without_title(text: str, title: str) -> list[str]:
    """Return the lines of a text without the leading lines that together are the title."""
    lines, wanted, seen = text.splitlines(), squeeze(title), ""
    for number, line in enumerate(lines, 1):
        seen += squeeze(line)
        if wanted and seen == wanted:
            return lines[number:]
        if not wanted.startswith(seen):
            break
    return lines


def score(text: str, main_text: str, title: str) -> tuple[float, float, float]:
    """Return precision, recall and F1 of a text on character bigrams, leading title lines and white space aside."""
    got, wanted = (_bigrams("".join(without_title(side, title))) for side in (text, main_text))
    common = (got & wanted).total()
    if not common:
        return 0.0, 0.0, 0.0
    precision, recall = common / got.total(), common / wanted.total()
    return precision, recall, 2 * precision * recall / (precision + recall)


def _bigrams(text: str) -> Counter[str]:
    text = squeeze(text)
    return Counter(text[place : place + 2] for place in range(max(1, len(text) - 1)) if text)


def leaked(text: str, gold: Gold) -> list[str]:
    """Return the strings that must not be left and stand in a line of the text, white space aside."""
    own = squeeze(f"{gold.title or ''}{gold.main_text or ''}")
    lines = [squeeze(line) for line in text.splitlines()]
    strings = [string for string in gold.must_not_contain if squeeze(string) and squeeze(string) not in own]
    return [string for string in strings if any(squeeze(string) in line for line in lines)]


def facts(found: Found, gold: Gold) -> Iterator[tuple[str, object, object]]:
    """Yield (what, given, wanted) for each fact that the page states."""
    if gold.title:
        yield "title", squeeze(found.title), squeeze(gold.title)
    if gold.published():
        yield "published", parse_date(found.published), parse_date(gold.published())
    for label, value in gold.stated().items():
        given = found.fields.get(label, "")
        if label in _DATES:
            yield "fields", parse_date(given), parse_date(value)
        else:
            yield "fields", squeeze(given), squeeze(value)


def unreadable_dates(golds: Sequence[Gold]) -> list[str]:
    """Return what the gold gives as a date and is none, as "page: value"."""
    dates = [(gold.name, gold.metadata.get(label, "")) for gold in golds for label in _DATES]
    return [f"{name}: {value}" for name, value in dates if squeeze(value) not in _PLACEHOLDERS and not parse_date(value)]
