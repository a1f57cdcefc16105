"""Lines: one paragraph of a page with what its markup says about it, and the white space rule they all obey."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache

#: More lines than any real document has; what follows them is cut off.
MAX_LINES = 10_000
#: Cuts a Line's `spans` at the borders of inline elements; no page can hold it, `tidy` drops control characters.
BORDER = "\x1f"

_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff〇]+")
_INVISIBLE = re.compile(r"[\x00-\x08\x0e-\x1b\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\ud800-\udfff]")
_WHITE = re.compile(r"\s+")
_ENTITY = re.compile(r"&(?:amp;)*(nbsp|ensp|emsp|thinsp|ldquo|rdquo|lsquo|rsquo|middot|mdash|hellip|#x?[0-9a-fA-F]{2,6});")
_SENTENCE = re.compile(r"[。！？；!?;，,]")
_BULLET = re.compile(r"^[•·●■◆▪○◇□*]\s*")
_WIDE = r"[\u2014\u2018-\u201d\u2026\u2e80-\u9fff\uf900-\ufaff\uff00-\uffef]"
#: Runs of white space are matched up to a length, so that a page of nothing else costs no more.
_WRAP = re.compile(rf"(?<={_WIDE})[ \t]{{0,99}}[\r\n][ \t\r\n]{{0,999}}(?={_WIDE})")
#: Paragraphs that only full-width indents (or their NBSP twins) set apart; the number of a heading also opens one.
_INDENT = re.compile(
    r"[\r\n][ \t\r\n]{0,20}(?=\u3000{2}|\xa0{4})"
    r"|(?<=[。！？；：])(?:\u3000{2,99}|[\xa0 \u2002\u2003]{4,99})(?=\S)"
    r"|\u3000{2,20}(?=[一二三四五六七八九十]{1,3}、|[（(][一二三四五六七八九十]{1,3}[)）])"
)
#: A text with so many full-width indents, one of them behind a full stop, has no other mark between its paragraphs.
_EVERY_INDENT = re.compile(r"[\r\n \t]{0,20}\u3000{2,20}")
_INDENTS = 4
#: Every step asks the same of the lines of a page; longer ones are few, and not kept in memory.
_REMEMBERED = 1_000
#: An entity may be escaped so many times.
_NESTED = 8


@dataclass(slots=True)
class Line:
    """A paragraph, or a row of a table with its cells separated by TAB."""

    text: str
    linked: float = 0.0  #: share of the characters that are link text, 0 to 1
    spans: str = ""  #: the text cut by BORDER where inline elements begin and end, "" where nothing is cut
    hollow: bool = False  #: an empty cell follows it in its row


def tidy(text: str) -> str:
    """Return one line as the policy wants it: no invisible characters, one plain space for white space, TAB between cells."""
    if text.isprintable() and "  " not in text and "&" not in text:
        return text.strip()
    text = _INVISIBLE.sub("", text)
    for _ in range(_NESTED):
        if "&" not in text or not _ENTITY.search(text):
            break
        text = _ENTITY.sub(_unescape, text)
    if "\t" not in text:
        return _WHITE.sub(" ", text).strip()
    return "\t".join(_WHITE.sub(" ", cell).strip() for cell in text.split("\t")).strip()


def _unescape(match: re.Match[str]) -> str:
    from html import unescape

    return _INVISIBLE.sub("", unescape(f"&{match[1]};")).replace("\ufffd", "")


def paragraphs(text: str) -> list[str]:
    """Cut running text where only an indent begins a paragraph; a source line break between Chinese characters is nothing."""
    if "\n" not in text and "\r" not in text and "\u3000" not in text and "\xa0" not in text:
        return [text]
    if text.count("\u3000") >= 2 * _INDENTS and len(_EVERY_INDENT.findall(text)) >= _INDENTS and _INDENT.search(text):
        return [_WRAP.sub("", part) for part in _EVERY_INDENT.split(text)]
    return [_WRAP.sub("", part) for part in _INDENT.split(text)]


def plain_lines(text: str) -> list[Line]:
    """Return the lines of a plain text, empty ones left out."""
    rows = re.split(r"\r\n|[\r\n\f\u2028\u2029]", text, maxsplit=MAX_LINES)[:MAX_LINES]
    return [Line(line) for row in rows for part in paragraphs(row) if (line := tidy(part))]


def unbulleted(text: str) -> str:
    """Return a line without the bullet that a converter set before it."""
    return _BULLET.sub("", text)


def han(text: str) -> int:
    """Return the number of Chinese characters."""
    return _han(text) if len(text) <= _REMEMBERED else _han.__wrapped__(text)


@lru_cache(maxsize=4096)
def _han(text: str) -> int:
    return 0 if text.isascii() else sum(map(len, _HAN.findall(text)))


def is_prose(text: str) -> bool:
    """Say whether a line is running text rather than a label, a heading or a menu entry."""
    count = han(text)
    return count >= 50 or (count >= 18 and _SENTENCE.search(text) is not None and "\t" not in text)


def is_sentence(text: str) -> bool:
    """Say whether a line ends as a sentence does, however short, or announces what follows (公布如下：)."""
    ended = text.rstrip("”’」』）)")
    return ended.endswith(("。", "；", "！", "？", "如下：", "如下:")) and han(text) > 2


def squeeze(text: str) -> str:
    """Return text for comparing: widths folded, no white space."""
    return _squeezed(text) if len(text) <= _REMEMBERED else _squeezed.__wrapped__(text)


@lru_cache(maxsize=4096)
def _squeezed(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).split())


def key(text: str) -> str:
    """Return text for comparing titles: `squeeze` without punctuation, which pages change freely."""
    return "".join(filter(str.isalnum, squeeze(text))).lower()
