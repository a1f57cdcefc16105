"""Who belongs together: the sources at each address, and which sources are of one report.

Everything here is decided from a whole group at once, in an order that time and address give, so that the result is the
same whatever order its members arrived in.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from archive.candidates import judgements
from archive.ids import source_id
from archive.keys import Key, contradict
from archive.verdicts import Judgement
from archive.work import Cleaned, Taken, Work
from cleaning.document import Document

GONE = (404, 410)


@dataclass(frozen=True)
class Moment:
    """A capture with what cleaning made of it."""

    taken: Taken
    cleaned: Cleaned

    @property
    def document(self) -> Document:
        """The Document."""
        return self.cleaned.document

    @property
    def key(self) -> Key:
        """Report year, issuer and division."""
        return self.cleaned.key


@dataclass(eq=False)
class Source:
    """A place where a report was found: an address (or a later, different report there), with its captures, oldest first."""

    id: str
    address: str
    moments: list[Moment]
    gone: str = ""  #: when it was first found gone after its last capture, "" where it was not
    last_seen: str = ""
    last_status: int | None = None
    parent: Source | None = None  #: of an attachment: its page
    attached: dict[str, list[Source]] = field(default_factory=dict)  #: page payload -> attachments of the same report

    @property
    def order(self) -> tuple[str, str, str]:
        """The earliest capture comes first; ties: the smaller address."""
        return self.moments[0].taken.time, self.address, self.id

    @property
    def named(self) -> int:
        """How much of its key is known: year, issuer, both."""
        return max(bool(m.key.year) + bool(m.key.issuer) for m in self.moments)

    @property
    def newest(self) -> Moment:
        """The newest capture."""
        return self.moments[-1]

    @property
    def cores(self) -> set[str]:
        """Hashes of every text it had."""
        return {moment.cleaned.core for moment in self.moments if moment.cleaned.core}

    def bearer(self, payload: str) -> Source | None:
        """Return the source whose text a payload here stands for: itself, or a page's first attachment; None where neither."""
        if any(m.taken.payload == payload and m.cleaned.kind == "report" for m in self.moments):
            return self
        return next(iter(self.attached.get(payload, [])), None)

    @property
    def text(self) -> Source | None:
        """The source that holds the text shown here now."""
        return self.bearer(self.newest.taken.payload)

    def takes(self, moment: Moment) -> bool:
        """Whether a later capture at this address is a version of this source: the same core, or no other issuer or year."""
        if moment.cleaned.core and moment.cleaned.core in self.cores:
            return True
        return not any(contradict(moment.key, own.key) for own in self.moments)


@dataclass
class Group:
    """Addresses that may have to do with each other, with everything known about them."""

    captures: dict[str, list[Taken]] = field(default_factory=dict)
    documents: dict[str, dict[str, Cleaned]] = field(default_factory=dict)
    links: list[tuple[str, str, str, int]] = field(default_factory=list)  #: page, payload, attachment, position
    seen: dict[str, str] = field(default_factory=dict)
    pairs: dict[tuple[int, int], Judgement] = field(default_factory=dict)  #: of documents, by their rows
    gone: list[tuple[str, str]] = field(default_factory=list)  #: address, time: a revisit was led to the home page, or the like

    def load(self, work: Work, addresses: set[str]) -> Group:
        """Read what work.db knows of the addresses."""
        for address in sorted(addresses):
            self.captures[address] = work.captures(address)
            self.documents[address] = work.documents(address)
            self.links += work.db.execute("select page, payload, attachment, position from links where page = ?", (address,))
            self.seen |= dict(work.db.execute("select address, time from seen where address = ?", (address,)))
            self.gone += work.db.execute("select address, time from gone where address = ?", (address,))
        self.pairs = judgements(work.db, {cleaned.id for known in self.documents.values() for cleaned in known.values()})
        return self

    def moments(self, address: str) -> list[Moment]:
        """Return the captures of an address that were cleaned, oldest first."""
        known = self.documents[address]
        return [Moment(t, known[t.payload]) for t in self.captures[address] if t.readable and t.payload in known]

    def sources(self) -> list[Source]:
        """Return the sources at every address, earliest first."""
        return sorted((s for address in self.captures for s in self._at(address)), key=lambda source: source.order)

    def _at(self, address: str) -> list[Source]:
        sources: list[Source] = []
        moments = self.moments(address)
        for moment in moments:
            if moment.cleaned.kind == "other":
                continue
            exact = [s for s in sources if moment.cleaned.core and moment.cleaned.core in s.cores]
            home = next((s for s in exact or sources if s.takes(moment)), None)
            if home:
                home.moments.append(moment)
            else:
                name = source_id(address, moment.taken.payload if sources else "")
                sources.append(Source(id=name, address=address, moments=[moment]))
        newest = max(sources, key=lambda s: s.newest.taken.time, default=None)
        for source in sources:
            source.last_status = self.captures[address][-1].status
            source.last_seen = source.newest.taken.time
            if source is newest:
                source.last_seen = max(source.last_seen, self.seen.get(address, ""))
            source.gone = self._gone(source, sources, moments)
        return sources

    def _gone(self, source: Source, at_address: list[Source], moments: list[Moment]) -> str:
        """Return when a source was first found gone: 404, 410, an error page, or another report in its place."""
        times = [t.time for t in self.captures[source.address] if t.status in GONE]
        times += [time for address, time in self.gone if address == source.address]
        times += [m.taken.time for m in moments if m.document.genre == "soft_404"]
        times += [m.taken.time for other in at_address if other is not source for m in other.moments]
        return min((time for time in times if time > source.last_seen), default="")
