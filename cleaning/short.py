"""Short: the body of a page that has hardly any running text, found by its sentences and by the title above it."""

from __future__ import annotations

import re

from cleaning.block import unlabelled_date
from cleaning.headline import ORGAN
from cleaning.labels import is_label, split_pairs
from cleaning.lines import Line, han, key, squeeze
from cleaning.meta import read_meta
from cleaning.page import Page, is_text
from cleaning.rules.catalogue import GENUINE
from cleaning.rules.peel import SIGNED, rule_of
from cleaning.titles import DOCUMENT_NUMBER, tidy

#: Headings that may be a title where no line equals the page's own; the lower ones may be those of its sections.
_TITLE_TAG = frozenset({"h1"})
_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
#: A heading with fewer Chinese characters names a column.
_TITLE_CHARACTERS = 8
_TITLE_LINES, _MOST_TITLES = 6, 20
#: So many marks and spaces may stand in a title besides the characters that are compared.
_MARKS = 30
#: Metadata, info bar and tools may stand between a title and the first sentence under it: no more lines than this.
_BETWEEN = 30
#: A signature has no more lines.
_SIGNATURE_LINES = 8
_CLOSING_LINES = 3
_FILES = re.compile(r"附件|附:|\d+[.、]|.*\.(?:docx?|pdf|wps|ofd|xlsx?|zip|rar)")
_WEEKDAY = re.compile(r"\(星期[一二三四五六日]\)$")
_TIME = re.compile(r"香港[時时][間间]\d{1,2}[時时]\d{2}分")
_MOSTLY_LINKS = 0.5
_ADDRESSEE = re.compile(rf"[^。；;]{{2,80}}[:：]|{DOCUMENT_NUMBER.pattern}")


def sentences(page: Page, span: tuple[int, int]) -> int:
    """Return how many lines of a span end as sentences do, those of footers and of the site's tools left out."""
    return sum(is_text(line) for line in page.lines[span[0] : span[1]])


def is_dated(page: Page, span: tuple[int, int]) -> bool:
    """Say whether a span ends with the date of a signature, a few closing lines aside."""
    last = page.lines[max(span[0], span[1] - _CLOSING_LINES) : span[1]]
    return any(SIGNED.fullmatch(squeeze(line.text)) for line in last)


def addressed_from(page: Page, start: int, limit: int) -> int:
    """Return where a text begins whose 文号 and addressee stand in blocks above line `start`, a date between them or none."""
    for n in range(start - 1, limit - 1, -1):
        text = page.lines[n].text
        if _ADDRESSEE.fullmatch(text) and not is_label(text) and not split_pairs(text):
            start = n
        elif start - n > 1 or not unlabelled_date(page.lines[n]):
            break
    return start


def signed_until(page: Page, end: int, limit: int) -> int:
    """Return where a text ends whose signature stands in blocks of its own below `end`: at the last date or closing note."""
    reached = end
    for n in range(end, min(limit, end + _SIGNATURE_LINES)):
        text = page.lines[n].text
        if _is_site(page.lines[n]):
            break
        folded = _WEEKDAY.sub("", squeeze(text))
        if SIGNED.fullmatch(folded) or GENUINE.fullmatch(folded) or _TIME.fullmatch(folded):
            reached = n + 1
    return reached


def under_title(page: Page) -> tuple[int, int] | None:
    """Return the lines from the title to the first line of the site itself, where a sentence stands among them."""
    for end, owner in title_ends(page, _HEADINGS):
        while owner >= 0:
            block = page.blocks[owner]
            below = range(end, min(block.end, end + _BETWEEN))
            first = next((n for n in below if _opens(page.lines[n]) or _is_signature(page, n, end)), None)
            if first is not None:
                return end, next((n for n in range(first, block.end) if _is_site(page.lines[n])), block.end)
            owner = block.parent
    return None


def opened_from(page: Page, start: int, limit: int) -> int:
    """Return where a text begins whose first lines (公布如下：, a table) stand in blocks of their own above line `start`."""
    opened = start
    for n in range(start - 1, limit - 1, -1):
        if _is_site(page.lines[n]):
            break
        if _opens(page.lines[n]):
            opened = n
    return opened


def _opens(line: Line) -> bool:
    """Say whether a line can only be of a document: a sentence, or a row of a table that is no metadata."""
    if is_text(line):
        return True
    cells = line.text.split("\t")
    return len(cells) > 1 and line.linked < _MOSTLY_LINKS and not split_pairs(line.text) and not any(map(is_label, cells))


def _is_signature(page: Page, n: int, begin: int) -> bool:
    """Say whether line n is the date under the name of a body, with lines of a document above them from `begin` on."""
    if n - 1 <= begin or not SIGNED.fullmatch(squeeze(page.lines[n].text)) or not ORGAN.fullmatch(page.lines[n - 1].text):
        return False
    free = [line for line in page.lines[begin : n - 1] if not split_pairs(line.text) and rule_of(line.text, squeeze) is None]
    return any(not unlabelled_date(line) and line.linked < _MOSTLY_LINKS for line in free)


def title_ends(page: Page, headings: frozenset[str] = _TITLE_TAG) -> list[tuple[int, int]]:
    """Return for each line that is the page's title, or a heading, the line after it and the block that holds it."""
    tree = page.tree
    named = [read_meta(tree).get("articletitle", ""), tree.findtext(".//title") or ""]
    wanted = {key(tidy(text)) for text in named} - {""}
    longest = max(map(len, wanted), default=0) + _MARKS
    shortest = min(map(len, wanted), default=0)
    own = [n for n, line in enumerate(page.lines) if shortest <= len(line.text) <= longest and line.linked < _MOSTLY_LINKS]
    found = [(n + 1, page.owners[n]) for n in own if key(page.lines[n].text) in wanted]
    for number, block in enumerate(page.blocks):
        if block.element.tag not in headings or block.end - block.start > _TITLE_LINES:
            continue
        text = "".join(line.text for line in page.lines[block.start : block.end])
        if han(text) >= _TITLE_CHARACTERS and page.link_share(block.start, block.end) < _MOSTLY_LINKS:
            found.append((block.end, number))
    return sorted(found, reverse=True)[:_MOST_TITLES]


def leads_elsewhere(line: Line) -> bool:
    """Say whether a line is a link to another page; the files of a document are its own."""
    return line.linked >= _MOSTLY_LINKS and rule_of(line.text, squeeze) is None and not _FILES.match(squeeze(line.text))


def _is_site(line: Line) -> bool:
    rule = rule_of(line.text, squeeze)
    return line.linked >= _MOSTLY_LINKS or (rule is not None and rule.place == "edge")
