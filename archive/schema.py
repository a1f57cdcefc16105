"""The tables of archive.db: every column with its type and meaning, in this one place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Table:
    """A table of the public database. `columns`: name -> (Python type, meaning). `pk`: primary key columns."""

    about: str
    columns: dict[str, tuple[type, str]]
    pk: tuple[str, ...] | str | None = None
    indexes: tuple[tuple[str, ...], ...] = ()


REPORTS = Table(
    "One row a report: the issuer's yearly report, however often it was found.",
    {
        "id": (int, "row number; ascends by published date after a rebuild, undated ones first"),
        "report_id": (str, "stable identifier: fz and 16 hex digits of the SHA-256 of the earliest capture's address"),
        "status": (str, "live, withdrawn (no longer on the site) or removed (on request)"),
        "title": (str, "title"),
        "title_source": (str, "where the title was found: page, meta, body, synthesised"),
        "report_year": (int, "the year reported on"),
        "year_source": (str, "where the year was found: title, first_sentence, published_date"),
        "issuer": (str, "full name; joint issuers joined by 、"),
        "issuer_type": (str, "government, department, party, joint, vertical, zone"),
        "level": (str, "the issuer's level: national, province, prefecture, county, township"),
        "division_code": (str, "the issuer's division: 6 digits, townships 9"),
        "division_method": (str, "how the code was found: site, text, code, manual"),
        "province": (str, "province"),
        "prefecture": (str, "prefecture"),
        "county": (str, "county or district"),
        "township": (str, "township or sub-district"),
        "published_date": (str, "date of publication on the web, YYYY-MM-DD"),
        "signed_date": (str, "date of signature, YYYY-MM-DD"),
        "days_late": (int, "days after 31 March of the year after the report year; negative is early"),
        "index_number": (str, "索引号"),
        "document_number": (str, "文号"),
        "series": (str, "same issuer over the years: issuer and division in one key"),
        "text": (str, "the report, one paragraph a line"),
        "char_count": (int, "characters of text, line breaks not counted"),
        "text_sha256": (str, "SHA-256 of text in UTF-8, hex"),
        "text_source_id": (str, "the source the text was taken from"),
        "source_format": (str, "html, docx, doc, pdf, pdf-ocr, ofd, txt"),
        "url": (str, "address of the canonical source"),
        "site": (str, "registry id of the canonical source's site"),
        "first_seen": (str, "first capture, UTC"),
        "last_seen": (str, "last time it was fetched or still listed, UTC"),
        "withdrawn_on": (str, "day it was found gone, YYYY-MM-DD"),
        "quality_flags": (str, "JSON list of what was repaired, inferred or doubtful"),
        "cleaner_version": (str, "version of the cleaning rules"),
    },
    pk="id",
    indexes=(("status",), ("report_year",), ("province", "prefecture", "county"), ("level",), ("published_date",), ("series",)),
)

SOURCES = Table(
    "Every place a report was found.",
    {
        "source_id": (str, "identifier of this place, made as report_id is"),
        "report_id": (str, "the report it belongs to"),
        "parent_id": (str, "of an attachment: the source_id of its page"),
        "url": (str, "address"),
        "filename": (str, "name of an attachment or an imported file"),
        "site": (str, "registry id of the site"),
        "relation": (str, "canonical, copy, excerpt, version, attachment"),
        "similarity": (float, "share of the report's text that is here, 0 to 1"),
        "http_status": (int, "status of the capture the text came from"),
        "last_status": (int, "status of the newest response"),
        "content_type": (str, "media type as the server declared it"),
        "charset": (str, "charset that was used"),
        "first_seen": (str, "first capture, UTC"),
        "last_seen": (str, "last time it was fetched or still listed, UTC"),
        "payload_sha256": (str, "SHA-256 of the decoded body, hex"),
        "warc_file": (str, "file in data/raw"),
        "warc_offset": (int, "offset of the record in that file, bytes"),
    },
    pk="source_id",
    indexes=(("report_id",), ("url",)),
)

VERSIONS = Table(
    "Every text a report has had.",
    {
        "report_id": (str, "report"),
        "n": (int, "1 for the first text"),
        "text": (str, "the text"),
        "text_sha256": (str, "its SHA-256, hex"),
        "source_id": (str, "where it stood"),
        "first_seen": (str, "first capture of this text, UTC"),
        "last_seen": (str, "last capture of this text, UTC"),
        "cause": (str, "first, changed (in place) or republished"),
    },
    pk=("report_id", "n"),
)

VERDICTS = Table(
    "Decisions on pairs of sources, with the numbers they rest on.",
    {
        "source_a": (str, "the smaller source_id"),
        "source_b": (str, "the larger source_id"),
        "verdict": (str, "same, excerpt, version, similar, different"),
        "exact": (int, "1 when the normalised cores are equal"),
        "containment": (float, "share of character 5-grams of the shorter core found in the longer, 0 to 1"),
        "sentences": (float, "identical sentences over the fewer sentences, 0 to 1"),
        "numbers": (float, "share of numbers that agree, 0 to 1; null with fewer than five"),
        "length_ratio": (float, "shorter core over longer, 0 to 1"),
        "substitutions": (int, "how often one short replacement recurs in aligned sentences; null where nothing depends on it"),
        "rule_version": (str, "version of the rule"),
        "decided_by": (str, "rule, or the person who decided"),
    },
    pk=("source_a", "source_b"),
    indexes=(("source_b",),),
)

REUSE = Table(
    "How much of a report was said before: by the same issuer last year, and by other governments.",
    {
        "report_id": (str, "report"),
        "origin": (str, "last_year (the same issuer) or other_governments (of the same or an earlier year)"),
        "sentences": (int, "sentences of at least 8 characters, each counted once"),
        "carried": (int, "of these, sentences that stand there word for word, punctuation and script apart"),
        "share": (float, "carried over sentences, 0 to 1"),
        "from_report_id": (str, "the report of last year"),
    },
    pk=("report_id", "origin"),
)

SECTIONS = Table(
    "The report by its headings.",
    {
        "report_id": (str, "report"),
        "position": (int, "order in the text, from 0"),
        "kind": (str, "lead, results, problems, leaders, plan, other, signature"),
        "depth": (int, "0 lead and signature, 1 for 一、, 2 for （一）, 3 for 1., 4 for （1） and 一是"),
        "number": (str, "numbering as printed"),
        "heading": (str, "heading without its numbering"),
        "text": (str, "reports.text[start:end]"),
        "start": (int, "first character in reports.text"),
        "end": (int, "past the last character in reports.text"),
    },
    pk=("report_id", "position"),
)

INDICATORS = Table(
    "Figures with the sentence they stand in.",
    {
        "report_id": (str, "report"),
        "name": (str, "what is counted"),
        "value": (float, "the number"),
        "unit": (str, "件, 人, %, …"),
        "sentence": (str, "the sentence"),
        "start": (int, "first character of the number in reports.text"),
        "end": (int, "past its last character"),
        "confidence": (float, "0 to 1"),
    },
    indexes=(("report_id",), ("name",)),
)

REJECTED = Table(
    "Pages that were read and are no reports, with the reason.",
    {
        "url": (str, "address"),
        "site": (str, "registry id of the site"),
        "reason": (str, "see the word list in docs/words.md"),
        "detail": (str, "the words or the error that decided"),
        "fetched_at": (str, "capture, UTC"),
    },
    pk="url",
    indexes=(("site",), ("reason",)),
)

SITES = Table(
    "The registry, and how each site does.",
    {
        "id": (str, "registry id"),
        "name": (str, "name of the government"),
        "code": (str, "home division"),
        "home": (str, "home page"),
        "dialect": (str, "CMS family, declared or detected"),
        "status": (str, "ok, partial, blocked, failing, moved, never"),
        "reason": (str, "why it is not ok; see the word list in docs/words.md"),
        "detail": (str, "the address or message behind the reason"),
        "found": (int, "reports found on this site"),
        "expected": (int, "fewest reports that are expected there"),
        "rejected": (int, "pages read there that are no reports"),
        "blocked": (int, "addresses not read in the newest run, for whatever reason"),
        "merged": (int, "sources here that are copies of a report found elsewhere"),
        "newest_report": (str, "newest publication date found, YYYY-MM-DD"),
        "last_success": (str, "last time a list or report was read, UTC"),
        "last_checked": (str, "last time it was visited, UTC"),
    },
    pk="id",
)

DIVISIONS = Table(
    "Administrative divisions, province to township.",
    {
        "code": (str, "6 digits, townships 9"),
        "name": (str, "name"),
        "level": (str, "province, prefecture, county, township"),
        "parent": (str, "code of the division above"),
    },
    pk="code",
)

COVERAGE = Table(
    "Who should have reported, and who did.",
    {
        "division_code": (str, "division"),
        "issuer": (str, "issuer"),
        "report_year": (int, "the year reported on"),
        "status": (str, "on_time, late, undated, missing, blocked, not_due, withdrawn"),
        "report_id": (str, "the report, where there is one"),
        "last_checked": (str, "last time its site was visited, UTC; empty where nobody ever did"),
    },
    pk=("division_code", "issuer", "report_year"),
    indexes=(("status",), ("report_id",)),
)

CRAWLS = Table(
    "One row a run of a spider or an import.",
    {
        "run": (str, "identifier of the run"),
        "spider": (str, "spider, or import"),
        "started": (str, "UTC"),
        "finished": (str, "UTC; empty when the run was cut off"),
        "sites": (int, "sites visited"),
        "responses": (int, "responses stored"),
        "attempts": (int, "attempts that brought nothing usable"),
    },
    pk="run",
)

TABLES: dict[str, Table] = {
    "reports": REPORTS,
    "sources": SOURCES,
    "versions": VERSIONS,
    "verdicts": VERDICTS,
    "reuse": REUSE,
    "sections": SECTIONS,
    "indicators": INDICATORS,
    "rejected": REJECTED,
    "sites": SITES,
    "divisions": DIVISIONS,
    "coverage": COVERAGE,
    "crawls": CRAWLS,
}
