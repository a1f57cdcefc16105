"""Short: what is of a document though it is no running text: sentences, addressee, signature, links to its files."""

from __future__ import annotations

import re

from cleaning.bars import unlabelled_date
from cleaning.labels import is_label, split_pairs
from cleaning.lines import Line, squeeze
from cleaning.page import Page, is_text
from cleaning.rules.catalogue import GENUINE
from cleaning.rules.peel import SIGNED, rule_of
from cleaning.titles import DOCUMENT_NUMBER

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
        if is_site_line(page.lines[n]):
            break
        folded = _WEEKDAY.sub("", squeeze(text))
        if SIGNED.fullmatch(folded) or GENUINE.fullmatch(folded) or _TIME.fullmatch(folded):
            reached = n + 1
    return reached


def leads_elsewhere(line: Line) -> bool:
    """Say whether a line is a link to another page; the files of a document are its own."""
    return line.linked >= _MOSTLY_LINKS and rule_of(line.text, squeeze) is None and not _FILES.match(squeeze(line.text))


def is_tool(line: Line) -> bool:
    """Say whether a rule drops a line at the edges of a text."""
    rule = rule_of(line.text, squeeze)
    return rule is not None and rule.place == "edge"


def is_site_line(line: Line) -> bool:
    """Say whether a line is the site's: a link or a tool."""
    return line.linked >= _MOSTLY_LINKS or is_tool(line)
