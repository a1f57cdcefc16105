"""What a report shows: the fields of its page and the text of its attachment put together, and every text it has had."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from archive.groups import Moment, Source
from cleaning.document import YEAR_SOURCES, Document

Row = dict[str, Any]

#: Fields of a Document that belong together: the division and its names.
PLACE = ("division_code", "division_method", "province", "prefecture", "county", "township")


def combine(page: Document, text: Document) -> Document:
    """Return the Document of a page whose text is in an attachment: what the page knows better, and the attachment's text."""
    titled = page if page.title and page.title_source != "synthesised" else text if text.title else page
    years = [document for document in (page, text) if document.report_year and document.year_source]
    dated = min(years, key=lambda document: YEAR_SOURCES.index(document.year_source or ""), default=text)
    issued = page if page.issuer and (not text.issuer or page.issuer.endswith(text.issuer)) else text
    placed = issued if issued.division_code else page if page.division_code else text
    speakers = {"title_missing": titled, "title_synthesised": titled, "year_inferred": dated, "issuer_completed": issued,
                "division_ambiguous": placed, "short_body": text, "images_only": text}  # fmt: skip
    flags = {flag for flag in text.quality_flags if flag not in speakers}
    flags |= {flag for flag, speaker in speakers.items() if flag in speaker.quality_flags}
    return replace(
        text,
        genre="report",
        title=titled.title,
        title_source=titled.title_source,
        report_year=dated.report_year,
        year_source=dated.year_source,
        issuer=issued.issuer,
        issuer_type=issued.issuer_type,
        level=issued.level or placed.level,
        **{name: getattr(placed, name) for name in PLACE},
        published_date=page.published_date or text.published_date,
        signed_date=page.signed_date or text.signed_date,
        index_number=page.index_number or text.index_number,
        document_number=page.document_number or text.document_number,
        fields={**text.fields, **page.fields},
        quality_flags=sorted(flags | {"attachment_only"}),
    ).finish()


def again(source: Source, canonical: Source) -> bool:
    """Whether a source is the same host's, with other words: small corrections are versions there, elsewhere errors."""
    same_host = source.address.partition("/")[0] == canonical.address.partition("/")[0]
    return same_host and source.parent is None and not source.cores & canonical.cores


def texts(members: list[Source], canonical: Source, relations: dict[str, str]) -> list[Row]:
    """Return the texts of a report in time: those of its canonical source, and of other places that differ."""
    moments: list[tuple[Moment, Source, str]] = []
    for source in members:
        if source is not canonical and relations[source.id] != "version" and not again(source, canonical):
            continue
        cause = "changed" if source is canonical else "republished"
        for payload in {moment.taken.payload for moment in source.moments}:
            if bearer := source.bearer(payload):
                own = [m for m in bearer.moments if bearer is not source or m.taken.payload == payload]
                moments += [(moment, bearer, cause) for moment in own]
    versions: dict[str, Row] = {}
    for moment, bearer, cause in sorted(moments, key=lambda item: (item[0].taken.time, item[1].order)):
        digest, time = moment.document.text_sha256, moment.taken.time
        row = versions.setdefault(
            digest, {"n": len(versions) + 1, "text": moment.document.text, "text_sha256": digest, "source_id": bearer.id,
                     "first_seen": time, "last_seen": time, "cause": cause if versions else "first"}
        )  # fmt: skip
        row["last_seen"] = time
    return list(versions.values())
