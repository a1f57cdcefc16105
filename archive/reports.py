"""Rows of the archive from the sources of one report: which source speaks for it, its text, versions and fields."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict, dataclass, field, replace

from archive.candidates import MEASURES
from archive.decisions import Decisions
from archive.groups import Group, Moment, Source
from archive.ids import URN
from archive.indicators import indicators
from archive.keys import same_issuer
from archive.kinship import Shown
from archive.places import Places
from archive.registry import Entry, Registry
from archive.relations import Relations
from archive.shown import PLACE, Row, combine, texts
from archive.union import Pair, Union
from archive.verdicts import RULE_VERSION
from cleaning.divisions import level_of
from cleaning.document import Document

#: Columns of `reports` that are fields of the Document, unchanged.
SAME = ("title", "title_source", "report_year", "year_source", "issuer", "issuer_type", "level", *PLACE, "days_late",
        "index_number", "document_number", "text", "char_count", "text_sha256", "source_format", "cleaner_version")  # fmt: skip


@dataclass
class Rows:
    """What a group adds to the archive, table by table. `reports` hold their children under the names of the tables."""

    reports: list[Row] = field(default_factory=list)
    sources: list[Row] = field(default_factory=list)
    verdicts: list[Row] = field(default_factory=list)
    rejected: list[Row] = field(default_factory=list)
    shown: list[Shown] = field(default_factory=list)  #: the texts that stand for the reports, but for removed ones


class Maker:
    """Makes rows with what is the same for all: the registry, divisions and people's decisions."""

    def __init__(self, registry: Registry, places: Places, decisions: Decisions) -> None:
        self.registry, self.places, self.decisions = registry, places, decisions

    def make(self, group: Group) -> Rows:
        """Return every row of a group of addresses."""
        rows = Rows()
        union = Union(group, self.decisions)
        reported: dict[str, str] = {}
        kept = [members for members in union.unite() if any(source.text for source in members)]
        for members in kept:
            reported |= {source.id: members[0].id for source in members}
        for members in kept:
            report, sources, shown = self._report(members, reported)
            rows.reports.append(report)
            rows.sources += sources
            if report["status"] != "removed":
                rows.shown.append(shown)
        rows.verdicts = [verdict(pair) for pair in union.pairs.values() if pair.a.id in reported and pair.b.id in reported]
        found = {source.address for members in kept for source in members}
        refused = (self._rejected(group, address) for address in sorted(group.captures) if address not in found)
        rows.rejected = [row for row in refused if row]
        return rows

    def site(self, source: Source) -> str:
        """Return the registry id of a source's site, "" for none."""
        named = next((m.taken.site for m in source.moments if m.taken.site), "")
        return self.registry.site(named, source.newest.taken.url)

    def _strangeness(self, members: list[Source]) -> Callable[[Source], int]:
        """Return what tells how strange a source's host is to the issuer: 0 its own, 1 of its division, 2 another."""
        documents = [m.document for s in members for m in s.moments]
        issuers = {d.issuer for d in documents if d.issuer}
        placed = {d.division_code for d in documents if d.division_code}
        codes = {d.division_code for d in documents if d.division_code and d.division_method != "site"}
        codes = codes or (placed if len(placed) == 1 else set())  # a division told by the host only is no proof of it

        def strangeness(source: Source) -> int:
            entry = self.registry.entry(self.site(source))
            if entry is None:
                return 2
            if any(same_issuer(entry["name"], issuer) for issuer in issuers):
                return 0
            return 1 if entry.get("code") in codes else 2

        return strangeness

    def _report(self, members: list[Source], reported: dict[str, str]) -> tuple[Row, list[Row], Shown]:
        relations = Relations(members, self._strangeness(members))
        canonical = relations.canonical
        bearer = canonical.text
        assert bearer is not None
        ids = {source.id for source in members}
        page = canonical.newest.document
        document = page if bearer is canonical else combine(page, bearer.newest.document)
        document = self._placed(document, ids, self.registry.entry(self.site(canonical)))
        removed = bool(ids & self.decisions.removed.keys())
        sources = [self._source(source, *relations.of(source), reported) for source in members]
        versions = [] if removed else texts(members, canonical, {row["source_id"]: row["relation"] for row in sources})
        if removed:
            document = replace(document, text="", sections=[]).finish()
        report_id = members[0].id
        gone = [s.gone for s in members if s.parent not in members and not s.address.startswith(URN)]
        withdrawn = bool(gone) and all(gone)
        figures = indicators(document.text, sections=document.sections, year=document.report_year, issuer=document.issuer or "")
        row = {
            "report_id": report_id,
            "status": "removed" if removed else "withdrawn" if withdrawn else "live",
            **{name: getattr(document, name) for name in SAME},
            "published_date": document.published_date and document.published_date.isoformat(),
            "signed_date": document.signed_date and document.signed_date.isoformat(),
            "series": document.issuer and self.places.series(document.issuer, document.division_code),
            "text_source_id": bearer.id,
            "url": canonical.newest.taken.url,
            "site": self.site(canonical),
            "first_seen": min(source.moments[0].taken.time for source in members),
            "last_seen": max(source.last_seen for source in members),
            "withdrawn_on": max(gone)[:10] if withdrawn else None,
            "quality_flags": json.dumps(document.quality_flags, ensure_ascii=False),
            "versions": [{"report_id": report_id, **version} for version in versions],
            "sections": [{"report_id": report_id, **asdict(section)} for section in document.sections],
            "indicators": [{"report_id": report_id, **asdict(figure)} for figure in figures],
        }
        doc = bearer.newest.cleaned.id
        return row, sources, Shown(report_id, doc, bearer.id, document.report_year or 0, row["series"])

    def _placed(self, document: Document, ids: set[str], entry: Entry | None) -> Document:
        """Apply a person's division, and complete the names of divisions by the code, else by the home of the site."""
        chosen = max((d for name, d in self.decisions.divisions.items() if name in ids), key=lambda d: d[0], default=None)
        if chosen:
            code = chosen[1].division
            named: Row = dict.fromkeys(PLACE) | {"division_code": code, "division_method": "manual"}
            flags = [flag for flag in document.quality_flags if flag != "division_ambiguous"]
            document = replace(document, **named, level=level_of(code), quality_flags=flags)
        if document.division_code:
            names = self.places.names(document.division_code)
        else:  # 竹坞镇 of 青禾县 is in no table: what is above 青禾县 is known where the site is that of 青禾县
            home = self.places.names(str((entry or {}).get("code") or ""))
            ranks = list(home)
            shared = [n for n, name in enumerate(ranks) if home[name] and home[name] == getattr(document, name)]
            names = {name: home[name] for name in ranks[: max(shared, default=0)]}
        completed: Row = {name: getattr(document, name) or value for name, value in names.items()}
        return replace(document, **completed)

    def _source(self, source: Source, relation: str, similarity: float, reported: dict[str, str]) -> Row:
        taken = source.newest.taken
        parent = source.parent.id if source.parent and source.parent.id in reported else None
        return {
            "source_id": source.id,
            "report_id": reported[source.id],
            "parent_id": parent,
            "url": taken.url,
            "filename": taken.filename or (taken.link_text if parent or taken.role == "attachment" else "") or None,
            "site": self.site(source),
            "relation": relation,
            "similarity": similarity,
            "http_status": taken.status,
            "last_status": source.last_status,
            "content_type": taken.type,
            "charset": source.newest.document.charset,
            "first_seen": source.moments[0].taken.time,
            "last_seen": source.last_seen,
            "payload_sha256": taken.payload,
            "warc_file": taken.file,
            "warc_offset": taken.offset,
        }

    def _rejected(self, group: Group, address: str) -> Row | None:
        """Return why an address gave no report, None where nothing was cleaned."""
        moment = next(iter(reversed(group.moments(address))), None)
        if moment is None:
            return None
        reason, detail = moment.document.genre, moment.document.genre_detail
        if moment.cleaned.kind == "stub":
            reason, detail = "empty_body", attachments_detail(group, moment)
        return {
            "url": moment.taken.url,
            "site": self.registry.site(moment.taken.site, moment.taken.url),
            "reason": reason,
            "detail": detail,
            "fetched_at": moment.taken.time,
        }


def verdict(pair: Pair) -> Row:
    """Return the row of a decision with the measures it rests on."""
    return {
        "source_a": pair.a.id,
        "source_b": pair.b.id,
        "verdict": pair.verdict,
        **{name: getattr(pair.found, name) for name in MEASURES},
        "exact": int(pair.found.exact),
        "rule_version": RULE_VERSION,
        "decided_by": pair.decided_by,
    }


def attachments_detail(group: Group, page: Moment) -> str:
    """Say what became of the attachments of a page without text."""
    outcomes = []
    listed = {link[2] for link in group.links if link[0] == page.taken.address and link[1] in (page.taken.payload, "")}
    for address in sorted(listed):
        newest = next(iter(reversed(group.moments(address))), None) if address in group.captures else None
        outcomes.append(f"{address}: {newest.document.genre if newest else 'not fetched'}")
    return "the text is in an attachment, and none gives a report: " + "; ".join(outcomes)
