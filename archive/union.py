"""Which sources are of one report: united step by step, the surest first, in an order that no arrival changes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from archive.decisions import Decision, Decisions
from archive.groups import Group, Source
from archive.keys import contradict
from archive.texts import Profile
from archive.verdicts import Judgement, Side, judge, measure

#: Verdicts in the order in which they unite; of equal ones the more alike come first.
ORDER = ("same", "version", "excerpt")


@dataclass(frozen=True)
class Pair:
    """A decision on two sources, for the table `verdicts`."""

    a: Source
    b: Source
    verdict: str
    found: Judgement
    decided_by: str = "rule"


class Union:
    """Sources united step by step, unless their years or issuers contradict or a person keeps them apart."""

    def __init__(self, group: Group, decisions: Decisions) -> None:
        self.group, self.decisions = group, decisions
        self.sources = group.sources()
        self.members: dict[str, list[Source]] = {source.id: [source] for source in self.sources}
        self.home = {source.id: source.id for source in self.sources}
        self.pairs: dict[tuple[str, str], Pair] = {}

    def unite(self) -> list[list[Source]]:
        """Return the sources of each report, earliest first, reports by their earliest source."""
        self._note_people()
        self._attach()
        self._join_exact()
        self._join_alike()
        self._merge_people()
        united = [sorted(members, key=lambda source: source.order) for members in self.members.values()]
        return sorted(united, key=lambda members: members[0].order)

    def _join(self, a: Source, b: Source, *, decided: bool = False) -> bool:
        """Unite the groups of two sources; False where they must stay apart. People's decisions do not ask for keys."""
        into, out = self.home[a.id], self.home[b.id]
        if into == out:
            return True
        first, second = self.members[into], self.members[out]
        if any(frozenset((x.id, y.id)) in self.decisions.parted for x in first for y in second):
            return False
        keys = [{m.key for source in group for m in source.moments} for group in (first, second)]
        if not decided and any(contradict(x, y) for x in keys[0] for y in keys[1]):
            return False
        for source in second:
            self.home[source.id] = into
        first += self.members.pop(out)
        return True

    def _note(self, a: Source, b: Source, verdict: str, found: Judgement, decided_by: str = "rule") -> None:
        """Keep a verdict on two sources, unless there is one already: people's and surer ones come first."""
        a, b = sorted((a, b), key=lambda source: source.id)
        self.pairs.setdefault((a.id, b.id), Pair(a, b, verdict, found, decided_by))

    def _decided(self, chosen: dict[frozenset[str], Decision]) -> Iterator[tuple[Source, Source, Decision]]:
        """Yield the pairs of these decisions that are both here, in an order of their own."""
        by_id = {source.id: source for source in self.sources}
        for pair, decision in sorted(chosen.items(), key=lambda item: sorted(item[0])):
            if pair <= by_id.keys():
                a, b = (by_id[name] for name in sorted(pair))
                yield a, b, decision

    def _note_people(self) -> None:
        for verdict, chosen in (("same", self.decisions.merged), ("different", self.decisions.parted)):
            for a, b, decision in self._decided(chosen):
                self._note(a, b, verdict, judge(side(a), side(b)), decision.who)

    def _merge_people(self) -> None:
        """Unite the whole reports of sources that somebody merged, whatever their years and issuers."""
        for a, b, _ in self._decided(self.decisions.merged):
            self._join(a, b, decided=True)

    def _attach(self) -> None:
        """Unite pages with their attachments: a page without text with those that fit it, others with those of the same key."""
        at = {address: [s for s in self.sources if s.address == address] for address in self.group.captures}
        for page in self.sources:
            for payload, stub in {m.taken.payload: m.cleaned.kind == "stub" for m in page.moments}.items():
                listed = [
                    x for x in self.group.links if x[0] == page.address and x[1] in (payload, "") and x[2] != page.address
                ]
                for address in dict.fromkeys(link[2] for link in sorted(listed, key=lambda x: (x[3], x[2]))):
                    for source in at.get(address, []):
                        known = all(m.key.year and m.key.issuer for one in (page, source) for m in one.moments)
                        if source.text is source and (stub or known) and self._join(page, source):
                            page.attached.setdefault(payload, []).append(source)
                            if not source.parent or self.home[source.parent.id] != self.home[page.id]:
                                source.parent = page
                        source.parent = source.parent or page

    def _join_exact(self) -> None:
        """Unite sources whose cores are equal; each with the first it does not contradict, those that name most first."""
        holders: dict[str, list[Source]] = {}
        for source in sorted(self.sources, key=lambda source: (-source.named, source.id)):
            for core in sorted(source.cores):
                holders.setdefault(core, []).append(source)
        for core in sorted(holders):
            heads: list[Source] = []
            for source in holders[core]:
                home = next((head for head in heads if self._join(head, source)), None)
                for other in [home] if home else heads:
                    self._note(other, source, "same" if home else "similar", equal(source, core))
                if not home:
                    heads.append(source)

    def _join_alike(self) -> None:
        """Unite sources by the verdicts on their texts; what may not be united is only similar."""
        bearers = {m.cleaned.id: source for source in self.sources for m in source.moments}
        edges = []
        for (a, b), found in self.group.pairs.items():
            if a in bearers and b in bearers and bearers[a] is not bearers[b]:
                one, other = sorted((bearers[a], bearers[b]), key=lambda source: source.id)
                strength = (ORDER.index(found.verdict), -found.containment, -found.sentences, one.id, other.id)
                edges.append((strength, one, other, found))
        for _, one, other, found in sorted(edges, key=lambda edge: edge[0]):
            self._note(one, other, found.verdict if self._join(one, other) else "similar", found)


def side(source: Source) -> Side:
    """Return a source's newest text with its key."""
    document = (source.text or source).newest.document
    return Side(document.text, document.report_year, document.issuer, document.division_code)


def equal(source: Source, core: str) -> Judgement:
    """Return the measures of two texts whose cores are equal."""
    profile = Profile(next(m.document.text for m in source.moments if m.cleaned.core == core))
    return Judgement(**vars(measure(profile, profile)), verdict="same")
