"""The rule on two texts: the same report, an excerpt or a version of it, only similar, or different; pure functions.

No measure of likeness alone tells copies from the reports of sibling towns or of the next year (scale.md A): the rule rests on
who reported on which year, and then on 5-grams, sentences, numbers, and on a place name that is replaced throughout.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import islice

from archive.keys import Key, contradict, same_key, same_place
from archive.texts import Profile, shared

#: Version of the rule in `verdicts`.
RULE_VERSION = "3"
#: A copy or excerpt is contained to this share, has this share of sentences and of numbers in common.
CONTAINED, SENTENCES, NUMBERS = 0.85, 0.75, 0.88
#: A whole copy holds more than a piece must: with a sixth of its sentences new, a text is a version.
COPIED = 0.9
#: With fewer numbers their agreement says nothing, and more sentences must be the same.
FEWEST_NUMBERS, ALL_SENTENCES = 5, 0.95
#: A copy is at least this long beside the other; what is shorter is an excerpt.
LENGTH = 0.8
#: So many equal replacements are another place's name; fewer where an issuer is not known.
SUBSTITUTIONS, SUBSTITUTIONS_UNNAMED = 3, 2
#: Another text of the same issuer and year holds at least this share; texts this alike are worth showing together.
VERSION, SIMILAR = 0.3, 0.5

#: Where nothing tells which town of a name it is, so many numbers must agree: those of another town do not.
REVISED = 0.5

#: What a replacement is made of: one short word for another.
WORD = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]{1,8}")
#: How a place's name ends, in a replacement with the character after it.
PLACE = re.compile(r"^[^全我本该各]{1,8}(?:[省市县区州盟旗镇乡村]|街道?)$")
#: Sentences that differ are aligned up to this number; longer ones are cut (characters): hostile texts must not cost seconds.
ALIGNED, CUT = 200, 200


@dataclass(frozen=True)
class Side:
    """A text and what is known of it."""

    text: str
    year: int | None = None
    issuer: str | None = None
    code: str | None = None

    @property
    def key(self) -> Key:
        """Year, issuer and division."""
        return Key(self.year, self.issuer, self.code)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """The measures of two texts; each a share from 0 to 1 but for `exact` and `substitutions`."""

    exact: bool  #: the normalised cores are equal
    containment: float  #: of the shorter core's 5-grams, in the longer
    sentences: float  #: identical sentences over the fewer sentences
    numbers: float | None  #: numbers that agree, of the side with fewer; None with fewer than five
    length_ratio: float  #: shorter core over longer
    substitutions: int | None  #: how often one short replacement recurs; None where nothing depends on it
    places: int = 0  #: how often the name of one place stands for that of another


@dataclass(frozen=True, kw_only=True)
class Judgement(Numbers):
    """A verdict with the measures it rests on."""

    verdict: str  #: same, excerpt, version, similar, different


def judge(a: Side, b: Side) -> Judgement:
    """Return the verdict on two texts; the order makes no difference."""
    first, second = Profile(a.text), Profile(b.text)
    return decide(measure(first, second), a.key, b.key)


def measure(a: Profile, b: Profile, *, places: bool = True) -> Numbers:
    """Return the measures of two profiles.

    Args:
        a: one profile.
        b: the other; the order makes no difference.
        places: look for a place name that is replaced throughout, which takes as long as all the rest.
    """
    if a.exact and a.exact == b.exact:
        agreed = 1.0 if a.numbers.total() >= FEWEST_NUMBERS else None
        return Numbers(exact=True, containment=1.0, sentences=1.0, numbers=agreed, length_ratio=1.0, substitutions=0)
    short, long = sorted((a, b), key=lambda profile: (len(profile.flat), profile.flat))
    contained = shared(short.grams, long.grams) / len(short.grams) if len(short.grams) else 0.0
    fewer = min(len(short.sentences), len(long.sentences))
    common = len(set(short.sentences) & set(long.sentences))
    least = min(short.numbers.total(), long.numbers.total())
    replaced = substitutions(short.sentences, long.sentences) if places and contained >= VERSION else None
    agreeing = (short.numbers & long.numbers).total()
    return Numbers(
        exact=False,
        containment=round(contained, 4),
        sentences=round(common / fewer, 4) if fewer else 0.0,
        numbers=round(agreeing / least, 4) if least >= FEWEST_NUMBERS else None,
        length_ratio=round(len(short.flat) / len(long.flat), 4) if long.flat else 0.0,
        substitutions=None if replaced is None else replaced[0],
        places=0 if replaced is None else replaced[1],
    )


def decide(found: Numbers, a: Key, b: Key) -> Judgement:
    """Return the verdict on two texts of these keys (scale.md A, the verification rule)."""

    def verdict() -> str:
        apart = contradict(a, b)
        if found.exact and not apart:
            return "same"
        if not apart and is_part(found, a, b):
            return "same" if found.length_ratio >= LENGTH else "excerpt"
        if not apart and same_key(a, b) and is_revised(found, a, b):
            return "excerpt" if is_excerpt(found) else "version"
        return "similar" if found.containment >= SIMILAR else "different"

    return Judgement(**vars(found), verdict=verdict())


def is_part(found: Numbers, a: Key, b: Key) -> bool:
    """Whether the shorter text stands in the longer, and nothing says that it is another's; `a` and `b` do not contradict."""
    if not repeats(found):
        return False
    if not (a.year and b.year):  # the report of the next year may differ by nothing but the years that it names
        return found.sentences >= ALL_SENTENCES and found.numbers == 1 and not found.substitutions
    if same_key(a, b):
        return found.places < SUBSTITUTIONS  # the cleaner may have taken both names from one site
    return (found.substitutions or 0) < (SUBSTITUTIONS if a.named and b.named else SUBSTITUTIONS_UNNAMED)


def repeats(found: Numbers) -> bool:
    """Whether the shorter text stands in the longer as it is, small repairs apart."""
    if found.containment < (COPIED if found.length_ratio >= LENGTH else CONTAINED) or found.sentences < SENTENCES:
        return False
    return found.sentences >= ALL_SENTENCES if found.numbers is None else found.numbers >= NUMBERS


def is_revised(found: Numbers, a: Key, b: Key) -> bool:
    """Whether two texts that share issuer and year are the same report's; towns of one name also use the same forms."""
    if found.places >= SUBSTITUTIONS:
        return False
    if same_place(a, b):
        return found.containment >= VERSION
    agreeing = found.sentences if found.numbers is None else found.numbers
    return found.containment >= SIMILAR and agreeing >= REVISED


def is_excerpt(found: Numbers) -> bool:
    """Whether the shorter text is a piece of the longer."""
    return found.containment >= CONTAINED and found.length_ratio < LENGTH


def substitutions(a: list[str], b: list[str]) -> tuple[int, int]:
    """Return how often the most frequent replacement of one short word by another recurs, and that of one place by another.

    Args:
        a: sentences of one text, in order.
        b: sentences of the other.
    """
    words: Counter[tuple[str, str]] = Counter()
    places: Counter[tuple[str, str]] = Counter()
    for old, new in islice(_aligned(a, b), ALIGNED):
        for kind, i, j, k, m in SequenceMatcher(None, old[:CUT], new[:CUT], autojunk=False).get_opcodes():
            if kind == "replace" and WORD.fullmatch(old[i:j]) and WORD.fullmatch(new[k:m]):
                words[old[i:j], new[k:m]] += 1
                places[old[i:j], new[k:m]] += _is_place(old, i, j) and _is_place(new, k, m)
    return max(words.values(), default=0), max(places.values(), default=0)


def _is_place(sentence: str, start: int, end: int) -> bool:
    """Whether a replaced word is a place's name; its rank word may be replaced with it (苔浦县 by 栎溪市) or stand after it."""
    return any(PLACE.search(sentence[start:stop]) for stop in (end, end + 1))


def _aligned(a: list[str], b: list[str]) -> Iterator[tuple[str, str]]:
    """Yield the sentences that differ in pairs: each with the most alike of those that stand in the same place."""
    for kind, i, j, k, m in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        if kind != "replace":
            continue
        others = [(sentence, _pairs(sentence)) for sentence in b[k : min(m, k + ALIGNED)]]
        for sentence in a[i : min(j, i + ALIGNED)]:
            own = _pairs(sentence)
            best = max(others, key=lambda other: len(own & other[1]))
            if len(own & best[1]) * 2 >= min(len(own), len(best[1])):
                yield sentence, best[0]


def _pairs(sentence: str) -> set[str]:
    return {sentence[n : n + 2] for n in range(len(sentence[:CUT]) - 1)}
