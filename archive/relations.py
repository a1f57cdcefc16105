"""How the sources of one report relate: which of them speaks for it, and what each other holds of its text."""

from __future__ import annotations

from collections.abc import Callable

from archive.groups import Source
from archive.texts import Profile, shared
from archive.verdicts import Numbers, is_excerpt, measure, repeats


class Relations:
    """The sources of a report beside the one that speaks for it."""

    def __init__(self, members: list[Source], strangeness: Callable[[Source], int]) -> None:
        """Choose the canonical source: the issuer's own host, else the earliest; of several texts of the report the newest.

        Args:
            members: the sources of a report, earliest first.
            strangeness: 0 for a source on the issuer's own host, more the stranger the host.
        """
        self._profiles: dict[str, Profile] = {}
        self._found: dict[tuple[str, str], Numbers] = {}
        self.members = members
        self.canonical, self.whole = members[0], members
        if len(members) == 1:
            return
        speaking = [source for source in members if source.text and source.parent not in members]
        self.whole = whole = [s for s in speaking if not any(self._is_piece(s, other) for other in speaking)]
        nearest = min(strangeness(source) for source in whole)
        near = [source for source in whole if strangeness(source) == nearest]
        first = min(near, key=lambda source: source.order)
        # a strange host repairs and spoils: only another version may stand in place of the first
        texts = near if nearest == 0 else [s for s in near if s is first or not self._alike(first, s)]
        newest = max(texts, key=lambda source: self._published(source, near))
        same = [source for source in near if self._profile(source).flat == self._profile(newest).flat]
        self.canonical = min(same, key=lambda source: source.order)

    def of(self, source: Source) -> tuple[str, float]:
        """Return relation and similarity: the share of the report's text that stands there, 0 to 1."""
        if source is self.canonical:
            return "canonical", 1.0
        shown, own = self._profile(self.canonical), self._profile(source)
        share = 1.0 if own.flat == shown.flat else round(shared(shown.grams, own.grams) / max(len(shown.grams), 1), 4)
        if source.parent in self.members:
            return "attachment", share
        if any(self._is_piece(source, other) for other in self.whole):  # of the text shown, or of an older one
            return "excerpt", share
        return ("copy" if self._alike(source, self.canonical) else "version"), share

    def _alike(self, one: Source, other: Source) -> bool:
        """Whether two whole texts of a report are the same but for small repairs."""
        return repeats(self._between(one, other))

    def _published(self, source: Source, near: list[Source]) -> tuple[str, str]:
        """Return when the text of a source first appeared, as far as is known, and its id."""
        flat = self._profile(source).flat
        holders = [other for other in near if self._profile(other).flat == flat]
        return min(self._day(other) for other in holders), min(other.id for other in holders)

    def _day(self, source: Source) -> str:
        document = source.newest.document
        return document.published_date.isoformat() if document.published_date else source.moments[0].taken.time[:10]

    def _is_piece(self, source: Source, other: Source) -> bool:
        """Whether the text of a source is an excerpt of another's."""
        shorter = len(self._profile(source).flat) < len(self._profile(other).flat)
        return shorter and is_excerpt(self._between(source, other))

    def _profile(self, source: Source) -> Profile:
        text = (source.text or source).newest.document.text
        if text not in self._profiles:
            self._profiles[text] = Profile(text)
        return self._profiles[text]

    def _between(self, one: Source, other: Source) -> Numbers:
        a, b = self._profile(one), self._profile(other)
        pair = min(a.flat, b.flat), max(a.flat, b.flat)
        if pair not in self._found:
            self._found[pair] = measure(a, b)
        return self._found[pair]
