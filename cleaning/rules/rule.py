"""Rule: one named kind of line that is not part of a document, matched on the whole line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

Place = Literal["anywhere", "edge", "peel"]


@dataclass(frozen=True, slots=True)
class Rule:
    """A kind of line. Patterns see the whole line, widths folded and white space gone, and match all of it.

    `anywhere` rules are unmistakable; `edge` rules hold above the first and below the last running text; `peel` rules only
    in an unbroken run from the top or the bottom. None looks for a word inside a sentence.
    """

    name: str
    place: Place
    pattern: re.Pattern[str]
    opens: bool = False  #: what follows it at the bottom, up to the end, is a list of other pages


def rule(name: str, place: Place, *alternatives: str, opens: bool = False) -> Rule:
    """Return a rule of alternative patterns."""
    return Rule(name, place, re.compile("|".join(f"(?:{one})" for one in alternatives), re.I), opens)


def words(text: str) -> str:
    """Return the alternation of words that are set apart by white space, the longest first."""
    return "(?:" + "|".join(sorted(text.split(), key=len, reverse=True)) + ")"
