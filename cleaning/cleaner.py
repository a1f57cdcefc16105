"""The cleaner: bytes of a page, a text or an attachment in, a Document out. It never raises on content."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from cleaning import attachments, block, fields, genre, headline, sections, when, who
from cleaning.bars import unlabelled_bar
from cleaning.charset import Decoded, decode
from cleaning.damage import is_damaged, is_folded, is_traditional, undo_mojibake
from cleaning.dates import parse_date
from cleaning.document import Document, Dropped
from cleaning.draft import OUTSIDE, Draft, draft_of_page, draft_of_text
from cleaning.labels import Pair, canonical, split_pairs
from cleaning.lines import Line, han, squeeze, tidy
from cleaning.markup import MAX_BYTES, MAX_CHARACTERS, is_plain
from cleaning.meta import meta_fields
from cleaning.rules.peel import peel, rule_of
from cleaning.rules.repeats import drop_repeats
from cleaning.rules.residue import remove_residue
from cleaning.simplified import to_simplified
from cleaning.titles import report_title

#: A text with fewer Chinese characters is no report, whatever else it is.
SHORT = 200
_GOVERNMENT_HOST = re.compile(r"(?:https?:)?(?://)?(?:[\w-]+\.)*gov\.cn(?:[:/?#]|$)", re.I)
_BIG5_GATEWAY = re.compile(r"^big5\.|/gate/big5/")
#: Real pages need four or fewer; each one looks at every line.
_PASSES = 8
#: What stands before the name of a file.
_ATTACHED = re.compile(r"^(?:相关)?附件(?:下载|列表)?\d*[:.、]?(?:\d+[.、])?")
#: Pages that show a message of the server: it is no document.
_FAULTS = ("soft_404", "challenge_page")
#: What cleaning.who tells of a document.
_WHO = ("issuer", "issuer_type", "level", "division_code", "division_method", "province", "prefecture", "county", "township")
_TEXTS = {"txt": "txt", "json": "txt"}
#: Kinds of attachment that are a `source_format` of their own.
_FORMATS = ("docx", "doc", "pdf", "ofd")


def clean(
    body: bytes,
    *,
    url: str = "",
    content_type: str = "",
    site: Mapping[str, Any] | None = None,
    listing: Mapping[str, str] | None = None,
) -> Document:
    """Return what a page or attachment says as a Document, whether it is a report or not.

    >>> clean("甲县2023年法治政府建设情况报告\\n2023年，甲县……".encode()).title
    '甲县2023年法治政府建设情况报告'

    Args:
        body: the bytes as they were fetched.
        url: the address, for dates, links and the host's place.
        content_type: the header, for its charset; what a file is, its bytes tell.
        site: the registry entry of the site (id, name, code, netlocs), if there is one.
        listing: what the list page said of it (title, date, name): used where the page is silent.
    """
    kind = attachments.sniff(body)
    if kind == "empty":
        return Document(genre="empty_body", url=url).finish()
    decoded = decode(body[:MAX_BYTES], content_type) if kind in ("html", "unknown", *_TEXTS) else Decoded("", None, "")
    if kind == "unknown" and decoded.used.startswith("utf-16"):
        kind = attachments.sniff(decoded.text.encode("utf-8", "replace"))
    if kind == "html" or kind in _TEXTS:
        text, damaged = undo_mojibake(decoded.text[:MAX_CHARACTERS])
        if kind in ("html", "txt"):
            kind = "txt" if is_plain(text) else "html"
        draft = draft_of_page(text, url) if kind == "html" else draft_of_text(text, _TEXTS[kind])
        draft.flags += [*decoded.flags, *(["mojibake"] if damaged else [])]
        if len(decoded.text) > MAX_CHARACTERS or len(body) > MAX_BYTES:
            draft.flags.append("truncated")
    else:
        reading = attachments.read(body, kind)
        if reading.problem:
            return Document(genre=reading.problem, genre_detail=reading.detail, url=url, quality_flags=reading.flags).finish()
        draft = draft_of_text(reading.text, kind if kind in _FORMATS else "txt")
        draft.flags += reading.flags
    document = _document(draft, url, site or {}, listing or {})
    document.charset_declared, document.charset = decoded.declared, decoded.used or None
    return document.finish()


def _document(draft: Draft, url: str, site: Mapping[str, Any], listing: Mapping[str, str]) -> Document:
    """Clean a draft; a Traditional one is read as Simplified, and again as it stands if it turns out to be none of ours."""
    if not is_traditional("\n".join(line.text for line in draft.lines)):
        return _read(draft, url, site, listing)
    if not _BIG5_GATEWAY.search(url.split("//")[-1]):
        document = _read(draft.converted(to_simplified), url, site, listing)
        if document.genre == "report" or _GOVERNMENT_HOST.match(url):
            document.quality_flags.append("converted_from_traditional")
            return document
    return _read(draft, url, site, listing, to_simplified)


def _read(
    draft: Draft, url: str, site: Mapping[str, Any], listing: Mapping[str, str], simplify: Callable[[str], str] = str
) -> Document:
    """Clean a draft; `simplify` makes its words comparable with ours, where it is to stay Traditional."""
    document = Document(url=url, source_format=draft.source_format, attachments=draft.attachments, quality_flags=[*draft.flags])
    document.dropped = [*draft.dropped]
    fold = squeeze if simplify is str else lambda line: squeeze(simplify(line))
    pairs, bare_date = _take_lines(document, draft, fold)
    fields.fill(document, pairs, bare_date=bare_date, said=meta_fields(draft.meta), listing=listing)
    _name(document, draft, site, listing, simplify)
    document.sections = sections.split(document.text)
    if is_damaged(document.text):
        document.quality_flags.append("mojibake")
    if is_folded(document.text):
        document.quality_flags.append("folded_punctuation")
    return document


def _take_lines(document: Document, draft: Draft, fold: Callable[[str], str]) -> tuple[list[Pair], str]:
    """Fill text and title; return the pairs of label and value, and the date of an info bar without a label."""
    lines = _repaired(document, draft.lines)
    inside: list[Pair] = []
    bare_date = draft.bare_date
    if draft.source_format == "html":
        bar, day = unlabelled_bar(lines)
        bare_date = bare_date or day
        document.dropped += [Dropped(rule="info_bar", line=lines[n].text) for n in bar]
        lines = [line for n, line in enumerate(lines) if n not in bar]
    for _ in range(_PASSES):
        count = len(lines)
        for read in (_at_the_top, block.read_end):
            found = read(lines)
            inside += found.pairs
            bare_date = bare_date or found.bare_date
            document.dropped += [Dropped(rule=rule, line=lines[n].text) for n, rule in sorted(found.used.items())]
            lines = [line for n, line in enumerate(lines) if n not in found.used]
        for strip in (partial(peel, fold=fold), drop_repeats):
            lines, dropped = strip(lines)
            document.dropped += dropped
            inside += _said_in(dropped)
        if document.title is None:
            _find_title(document, draft, lines, inside)
        lines = _without_title(document, lines)
        if len(lines) == count:
            break
    else:
        document.quality_flags.append("truncated")
    if _only_files(lines, draft, fold):
        document.dropped += [Dropped(rule="download", line=line.text) for line in lines]
        lines = []
    document.text = "\n".join(line.text for line in lines)
    return [*draft.pairs, *inside], bare_date


def _said_in(dropped: list[Dropped]) -> list[Pair]:
    """Return what dropped bylines say (来源：… 编辑：…)."""
    bylines = (one.line for one in dropped if one.rule == "byline")
    return [Pair(label, value, "info_bar") for line in bylines for label, value in split_pairs(line) if value]


def _without_title(document: Document, lines: list[Line]) -> list[Line]:
    """Take the title off, and the names of columns above it; a red head and a 文号 there are the document's."""
    begin, count = headline.place(lines, document.title or "")
    head = [line for line in lines[:begin] if headline.HEAD.fullmatch(line.text)] if count else []
    document.dropped += [Dropped(rule="column_name", line=line.text) for line in lines[:begin] if count and line not in head]
    document.dropped += [Dropped(rule="title", line=line.text) for line in lines[begin : begin + count]]
    return [*head, *lines[begin + count :]] if count else lines


def _only_files(lines: list[Line], draft: Draft, fold: Callable[[str], str]) -> bool:
    """Say whether all that a page says is which files it has: then the document is in them."""
    named = {fold(one.name) for one in draft.attachments}
    texts = (fold(line.text) for line in lines)
    return bool(named) and all(
        _ATTACHED.sub("", text) in {"", *named} or ((rule := rule_of(text, fold)) and rule.name == "download") for text in texts
    )


def _at_the_top(lines: list[Line]) -> block.Found:
    return block.read(lines, inside=True)


def _repaired(document: Document, lines: list[Line]) -> list[Line]:
    repaired = []
    for line in lines:
        text, flag = remove_residue(line.text)
        if flag or (text and not text.strip("?")):
            document.quality_flags.append(flag or "question_marks")
        if text := tidy(text):
            repaired.append(line if text == line.text else Line(text, line.linked))
        else:
            document.dropped.append(Dropped(rule=flag, line=line.text))
    return repaired


def _find_title(document: Document, draft: Draft, lines: list[Line], inside: list[Pair]) -> None:
    named = next((pair.value for pair in inside if canonical(pair.label) == "标题"), "")
    if draft.source_format != "html":
        document.title = headline.of_plain_text(lines) or named or None
        document.title_source = "page" if document.title else None
        return
    best = headline.choose(
        declared=[*draft.declared, named],
        page_title=draft.page_title,
        headings=draft.headings,
        above=draft.above,
        lead=[line.text for line in lines[:6] if line.linked < 0.5],
        never=draft.never,
    )
    if best:
        document.title, document.title_source = best.text, best.source


def _name(
    document: Document, draft: Draft, site: Mapping[str, Any], listing: Mapping[str, str], simplify: Callable[[str], str]
) -> None:
    """Fill year, issuer, place and genre, and make a title where a report has none."""
    document.title = document.title or tidy(listing.get("title", "")) or None
    if document.title and not document.title_source:
        document.title_source = "meta"
    title, text = document.title and simplify(document.title), simplify(document.text)
    document.report_year, document.year_source, flags = when.report_year(title, text, document.published_date)
    stated = {**document.fields, "SiteIDCode": draft.meta.get("siteidcode", "")}
    issuer = who.identify(title, text, fields=stated, site=site, year=document.report_year, url=document.url)
    for name in _WHO:
        setattr(document, name, getattr(issuer, name))
    document.signed_date = parse_date(document.fields.get("成文日期", ""))
    if document.signed_date is None and issuer.signed_date:
        document.signed_date, document.field_sources["成文日期"] = issuer.signed_date, "signature"
    characters = han(text)
    if characters < SHORT:
        flags = [*flags, "attachment_only" if document.attachments and characters < genre.LEAST else "short_body"]
    document.quality_flags += [*flags, *issuer.flags]
    document.genre, document.genre_detail = genre.judge(
        title, text, url=document.url, site=site, raw_text=draft.raw_text, flags=document.quality_flags
    )
    if document.genre in _FAULTS and document.text:
        document.dropped += [Dropped(rule=OUTSIDE, line=line) for line in document.text.split("\n")]
        document.text = ""
    if document.genre == "empty_body" and draft.is_list:
        document.genre, document.genre_detail = "navigation", "links to documents and no text"
    if document.title is None and document.genre == "report" and document.issuer and document.report_year:
        document.title, document.title_source = report_title(document.issuer, document.report_year), "synthesised"
        document.quality_flags.append("title_synthesised")
    elif document.title is None:
        document.quality_flags.append("title_missing")
