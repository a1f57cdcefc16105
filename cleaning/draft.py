"""Draft: what a page or a text holds before any line is taken off: the lines of its body and everything said around it."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from cleaning.bars import unlabelled_date
from cleaning.block import read
from cleaning.body import Body, holds_images, locate
from cleaning.boxes import boxes
from cleaning.containers import names_of
from cleaning.document import Attachment, Dropped
from cleaning.embedded import stated_fields, unshown_body
from cleaning.headline import ORGAN, heading_weight
from cleaning.hidden import continuations
from cleaning.labels import Pair, canonical
from cleaning.lines import MAX_LINES, Line, han, is_prose, plain_lines, squeeze, tidy
from cleaning.links import attachments
from cleaning.markup import is_plain, parse
from cleaning.meta import own_names, read_meta
from cleaning.page import Page, read_page
from cleaning.rules.peel import rule_of

#: So many lines above a body, nearest first, may be its title; headings further away are the site's.
_ABOVE, _NEAR = 8, 40
#: So many hidden elements are looked into for one.
_TABS = 20
#: A body's name and what follows it behind a <br> are a title as likely as a heading is one.
_BROKEN = 2.0
#: A metadata block below the body is looked for in so many lines.
_BELOW = 40
#: Bodies found by these may be nothing but a message: then what the page's scripts hold is asked too, and it must be much more.
_WEAK = ("title", "wrapper", "trafilatura")
_MORE_UNSHOWN = 2
#: So many Chinese characters of hidden running text in no known container are a body that a script shows later.
_LONG = 400
#: The rule for a line of a page that is not in its body.
OUTSIDE = "outside_body"
#: A page without a body and with so many links of such a length is a column.
_LIST_TITLES, _TITLE_CHARACTERS = 5, 14
_NUMBERED = re.compile(r"^(?:[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]|\d+[.．、])")


@dataclass
class Draft:
    """The body's lines, and what the page says outside them."""

    lines: list[Line]
    raw_text: str  #: the page's decoded source, or the text of a file
    source_format: str
    above: list[str] = field(default_factory=list)  #: lines over the body that could be its title, nearest last
    headings: list[tuple[str, float]] = field(default_factory=list)  #: texts of heading elements and their weights
    declared: list[str] = field(default_factory=list)  #: titles that say they are one
    page_title: str = ""
    meta: dict[str, str] = field(default_factory=dict)
    never: set[str] = field(default_factory=set)  #: names of the site and its columns
    pairs: list[Pair] = field(default_factory=list)
    bare_date: str = ""
    attachments: list[Attachment] = field(default_factory=list)
    flags: list[str] = field(default_factory=list)
    dropped: list[Dropped] = field(default_factory=list)  #: the lines outside the body
    is_list: bool = False  #: it has no body but many links that read like titles

    def converted(self, convert: Callable[[str], str]) -> Draft:
        """Return a copy with every text converted."""
        return replace(
            self,
            lines=[Line(convert(line.text), line.linked, convert(line.spans)) for line in self.lines],
            above=[convert(text) for text in self.above],
            headings=[(convert(text), weight) for text, weight in self.headings],
            declared=[convert(text) for text in self.declared],
            page_title=convert(self.page_title),
            meta={name: convert(text) for name, text in self.meta.items()},
            never={convert(text) for text in self.never},
            pairs=[Pair(convert(label), convert(value), source) for label, value, source in self.pairs],
            attachments=[Attachment(url=one.url, name=convert(one.name)) for one in self.attachments],
        )  # fmt: skip


def draft_of_text(text: str, source_format: str) -> Draft:
    """Return the draft of a plain text: all of it is body."""
    lines = plain_lines(text)
    return Draft(lines, text, source_format, flags=["truncated"] if len(lines) >= MAX_LINES else [])


def draft_of_page(text: str, url: str) -> Draft:
    """Return the draft of an HTML page."""
    tree = parse(text)
    if tree is None:
        return Draft([], text, "html")
    page = read_page(tree)
    body = locate(page)
    if body and (more := continuations(page, body)):
        page = read_page(tree, shown=more)
        body = locate(page)
    embedded = ""
    fields: dict[str, str] = {}
    if body is None or body.found_by in _WEAK:
        embedded, fields = unshown_body(tree)
        if body is None or body.found_by != "title":
            shown = read_page(tree, show_hidden=True)
            revealed = locate(shown)
            long = revealed is not None and shown.prose_in(revealed.start, revealed.end) >= _LONG
            if revealed is not None and revealed.found_by not in _WEAK and (long or revealed.found_by != "running_text"):
                page, body = shown, revealed
        if body is not None and han(embedded) < _MORE_UNSHOWN * (page.characters[body.end] - page.characters[body.start]):
            embedded = ""
    boxed: list[Dropped] = []
    meta = read_meta(tree)
    draft = Draft([], text, "html", meta=meta, never=own_names(meta), flags=["truncated"] if page.truncated else [])
    draft.page_title = tidy("".join((tree.findtext(".//title") or "").split("\t")))
    draft.declared = [meta.get("articletitle", ""), fields.pop("标题", "")]
    draft.declared += [text for name, text in page.marked.items() if name in ("title", "标题名称") or canonical(name) == "标题"]
    stated = {**stated_fields(tree), **fields}
    draft.pairs = [Pair(label, value, "script") for label, value in stated.items() if label != "标题"]
    draft.pairs += [Pair(name, text, "template") for name, text in page.marked.items() if canonical(name) and len(text) < 200]
    if embedded:
        inner = parse(f"<body>{embedded}</body>")
        draft.lines = read_page(inner).lines if inner is not None else []
        body = None
    elif body is not None:
        inserted = boxes(page, body)
        draft.lines = [page.lines[n] for n in range(body.start, body.end) if n not in inserted]
        boxed = [Dropped(rule="box", line=page.lines[n].text) for n in sorted(inserted)]
    elif holds_images(page):
        draft.flags.append("images_only")
    else:
        titles = sum(line.linked > 0.5 and han(line.text) >= _TITLE_CHARACTERS for line in page.lines)
        draft.is_list = titles >= _LIST_TITLES and "articletitle" not in meta
    draft.lines = _unescaped(draft.lines)
    draft.dropped = boxed
    _read_around(draft, page, body or Body(len(page.lines), len(page.lines), ""))
    draft.attachments = attachments(page, body.start if body else 0, url)
    return draft


def _unescaped(lines: list[Line]) -> list[Line]:
    """Read lines again that show the tags of a page that was escaped once too often."""
    text = "\n".join(line.text for line in lines)
    inner = None if is_plain(text) else parse(f"<body>{text}</body>")
    return lines if inner is None else read_page(inner).lines


def _in_tabs(page: Page) -> list[Pair]:
    """Return the pairs of metadata blocks that a tab (基本信息) hides until somebody clicks."""
    pairs: list[Pair] = []
    for _, element in page.hidden[:_TABS]:
        lines = read_page(element).lines
        if len(lines) <= _BELOW and "metadata_block" in (found := read(lines)).used.values():
            pairs += found.pairs
    return pairs


def _read_around(draft: Draft, page: Page, body: Body) -> None:
    before = page.lines[: body.start]
    found = read(before)
    below = read(page.lines[body.end : body.end + _BELOW])
    draft.dropped += [Dropped(rule=found.used.get(n, OUTSIDE), line=line.text) for n, line in enumerate(before)]
    draft.dropped += [Dropped(rule=below.used.get(n, OUTSIDE), line=line.text) for n, line in enumerate(page.lines[body.end :])]
    draft.pairs = [*found.pairs, *below.pairs, *_in_tabs(page), *draft.pairs]
    draft.declared += [value for label, value, _ in found.pairs if canonical(label) == "标题"]
    draft.bare_date = found.bare_date
    free = [n for n in range(len(before)) if n not in found.used]
    near = [n for n in free[-_ABOVE:] if before[n].linked < 0.5 and rule_of(before[n].text, squeeze) is None]
    draft.above = [before[n].text for n in near if not (is_prose(before[n].text) and "。" in before[n].text)]
    if not draft.bare_date:
        dates = [day for n in free[-_ABOVE:] if (day := unlabelled_date(before[n]))]
        draft.bare_date = dates[-1] if dates else ""
    for number, block in enumerate(page.blocks):
        if block.start >= body.start + 6 or not 0 < block.end - block.start <= 4:
            continue
        weight = heading_weight(block.element.tag, " ".join((names_of(block.element)[0], *names_of(block.element)[1])))
        if (
            not weight
            and set(page.owners[block.start : block.end]) == {number}
            and ORGAN.fullmatch(page.lines[block.start].text)
        ):
            weight = _BROKEN if block.end - block.start > 1 else 0
        text = "".join(line.text for line in page.lines[block.start : block.end])
        if weight and not _NUMBERED.match(text) and page.link_share(block.start, block.end) < 0.5:
            near_enough = body.start - block.end <= _NEAR
            draft.headings.append((text, weight if near_enough else weight / 2))
