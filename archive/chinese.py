"""Chinese text for full-text search: to tokens, from a query to FTS5 phrases, and snippets; pure functions.

The index holds overlapping pairs of characters (复议案 gives 复议 议案 案), so every word of any length is found wherever
it stands, and plain SQLite can read the index. docs/search.md says what readers may expect.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from operator import add
from typing import Any, NamedTuple
from unicodedata import normalize

from archive import charmap

#: Around a hit in a snippet. Private-use characters, so that JSON and CSV stay plain text; the site turns them into <mark>.
MARK_START, MARK_END = "\ue000", "\ue001"

#: Han, kana and hangul, 々〆〇: what is cut into pairs. Every other letter or digit belongs to a whole word or number.
CJK = (
    "\u1100-\u11ff\u3005-\u3007\u3040-\u30fa\u30fc-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7ff\uf900-\ufaff"
    "\U00020000-\U000323af"
)
LETTER = rf"[^\W_{CJK}]"
#: Marks that people leave out or vary: 双随机、一公开, “12348”热线, 互联网+监管. Stops and line ends are no such marks.
LIGHT = r""" 、“”‘’"'《》〈〉「」『』()【】〔〕\[\]{}+·•・\-–—/&|~_*"""

RUN = re.compile(rf"([{CJK}]+)|({LETTER}+)(?=([{CJK}])?)")
#: One to three light marks with Chinese on one side and Chinese, a letter or digit on the other. The first mark stands
#: before the look at what precedes it: so `re` leaps from mark to mark, ten times as fast.
LIGHT_GAP = re.compile(
    rf"[{LIGHT}](?:(?<=[{CJK}].)[{LIGHT}]{{0,2}}(?=[{CJK}]|{LETTER})|(?<={LETTER}.)[{LIGHT}]{{0,2}}(?=[{CJK}]))"
)
TERM = re.compile(r'"([^"]*)"?|([^\s"]+)')

#: Tokens of a term that are looked for in a text before its own are made.
FIRST = 8
#: Snippets look at no more than this: hostile texts and queries must not cost seconds.
SNIPPET_TEXT, SNIPPET_TERMS, SNIPPET_TERM, SNIPPET_HITS, SNIPPET_WIDTH = 200_000, 32, 64, 200, 1000


class _Folding(dict[int, str]):
    """Code point -> what search takes it for, character by character, so that a part of a text folds to a part of it."""

    simplified = str.maketrans(charmap.load())

    def __missing__(self, code: int) -> str:
        self[code] = folded = normalize("NFKC", chr(code)).lower().translate(self.simplified)
        return folded


_folding = _Folding()
#: Most of a text are characters that stay what they are, and most of the rest these marks: `translate` on a whole text
#: takes five times as long.
_WIDE = {mark: _folding[ord(mark)] for mark in "，：；！？（）％"}
_SAME = "".join(chr(code) for code in range(0x4E00, 0xA000) if code not in _Folding.simplified)
_FOLDS = re.compile(rf"[^\n -@\[-~。、“”《》{_SAME}]+")


def normalise_text(text: str) -> str:
    """Return the text as search sees it: NFKC (widths, radicals), lower case, Simplified."""
    for wide, narrow in _WIDE.items():
        text = text.replace(wide, narrow)
    return _FOLDS.sub(lambda found: found[0].translate(_folding), text)


def _squeezed(text: str) -> str:
    """Return the folded text without the light marks inside of what is searched as one."""
    return LIGHT_GAP.sub("", normalise_text(text))


def _tokens(squeezed: str) -> Iterator[str]:
    """Yield the tokens of a squeezed text: pairs and last character of a Chinese run; words and numbers whole.

    Where Chinese follows a number or word directly, the two meet in one more token: 2023年 gives 2023 3年 年.
    """
    for run, word, following in RUN.findall(squeezed):
        if run:
            yield from map(add, run, run[1:])
            yield run[-1]
        else:
            yield word
            if following:
                yield word[-1] + following


def zh_tokens(text: str) -> str:
    """Return the tokens of a title or text, joined by spaces: what is written into `reports_fts`."""
    return " ".join(_tokens(_squeezed(text)))


class Phrase(NamedTuple):
    """A term of a query as the index sees it."""

    run: str  #: the term where it is one run of Chinese, else ""
    tokens: str  #: its tokens, joined by spaces
    prefix: bool  #: the last token is only the beginning of one of the text's


def _terms(query: str) -> list[str]:
    """Return the folded terms of a query: parted by white space, what stands in "…" kept together."""
    return list(dict.fromkeys(quoted or bare for quoted, bare in TERM.findall(normalise_text(query)) if quoted or bare))


@lru_cache(maxsize=256)
def _phrases(query: str) -> tuple[Phrase, ...]:
    """Return the terms of a query; those without a letter or digit are left out."""
    found = []
    for squeezed in map(_squeezed, _terms(query)):
        tokens = list(_tokens(squeezed))
        if not tokens:
            continue
        # The last character of a run is a token only where the text's run ends too: elsewhere it begins a pair.
        prefix = RUN.findall(tokens[-1])[0][0] != ""
        if prefix and len(tokens) > 1 and len(tokens[-2]) == 2 and tokens[-2][1] == tokens[-1]:
            tokens.pop()
            prefix = False
        runs = RUN.findall(squeezed)
        found.append(Phrase(runs[0][0] if len(runs) == 1 else "", " ".join(tokens), prefix))
    return tuple(dict.fromkeys(found))


def zh_match(query: str) -> str:
    """Return the FTS5 expression for a query: one phrase a term, all of which must match; "" in quotes where nothing is left.

    Everything of the user's stands inside quotes and is letters and digits alone, so no query can be a syntax error.
    """
    return " ".join(f'"{phrase.tokens}"{" *" * phrase.prefix}' for phrase in _phrases(query)) or '""'


def zh_has(text: str, query: str) -> bool:
    """Whether a text that is not in the index (a section) holds every term of a query, by the rules of the index."""
    phrases = _phrases(query)
    runs = all(phrase.run for phrase in phrases)
    if runs and all(phrase.run in text for phrase in phrases):  # as they are: folding leaves what is folded
        return bool(phrases)
    squeezed = _squeezed(text)
    if runs:
        return all(phrase.run in squeezed for phrase in phrases)
    if not all(token in squeezed for phrase in phrases for token in phrase.tokens.split(" ", FIRST)[:FIRST]):
        return False  # most texts: making the tokens of a text takes ten times as long
    tokens = f" {' '.join(_tokens(squeezed))} "
    return all(f" {phrase.tokens}{'' if phrase.prefix else ' '}" in tokens for phrase in phrases)


@lru_cache(maxsize=256)
def _pattern(query: str) -> re.Pattern[str] | None:
    """Return a pattern for folded text with one group a term; longer terms first."""
    terms = []
    for term in sorted(_terms(query)[:SNIPPET_TERMS], key=len, reverse=True):
        pattern, chinese, bridged = "", False, False
        for run, word, following in RUN.findall(_squeezed(term[:SNIPPET_TERM])):
            if bridged:
                pattern += rf"[{LIGHT}]{{0,3}}"
            elif pattern:  # between Chinese and a number after it, the index does not tell what stood there
                pattern += rf"[\W_]{{{0 if chinese and word else 1},9}}"
            pattern += rf"[{LIGHT}]{{0,3}}".join(run) if run else rf"(?<!{LETTER}){re.escape(word)}(?!{LETTER})"
            chinese, bridged = bool(run), bool(following)
        if pattern:
            terms.append(f"({pattern})")
    return re.compile("|".join(terms)) if terms else None


def zh_snippet(text: str, query: str, width: int = 80) -> str:
    """Return the part of a text with the most different terms of a query, its hits between U+E000 and U+E001.

    Args:
        text: the original text; of a very long one the first 200,000 characters are looked at.
        query: as typed.
        width: characters of text to show, 1 to 1,000; … says where it was cut. Line ends become spaces.
    """
    text = text[:SNIPPET_TEXT].replace(MARK_START, "").replace(MARK_END, "")
    width = max(1, min(int(width), SNIPPET_WIDTH))
    spans = _spans(text, query)
    first, last = _best_window(spans, width)
    begin = max(0, min(first - (width - (last - first)) // 2, len(text) - width))
    end = min(len(text), begin + width)
    parts, at = ["…" if begin else ""], begin
    for start, stop, _ in spans:
        start, stop = max(start, at), min(stop, end)
        if start < stop:
            parts += [text[at:start], MARK_START, text[start:stop], MARK_END]
            at = stop
    parts += [text[at:end], "…" if end < len(text) else ""]
    joined = "".join(parts).replace(MARK_END + MARK_START, "")
    return joined.translate({ord("\n"): " ", ord("\t"): " "}).strip()


def _spans(text: str, query: str) -> list[tuple[int, int, int]]:
    """Return (start, end, term) of the hits in the original text, in its order."""
    pattern = _pattern(query)
    if pattern is None:
        return []
    folded = normalise_text(text)
    origin: Any = range(len(text))
    if len(folded) != len(text):  # some characters became several: … is ..., ㎡ is m2
        origin = [n for n, character in enumerate(text) for _ in _folding[ord(character)]]
    hits = (hit for hit, _ in zip(pattern.finditer(folded), range(SNIPPET_HITS), strict=False))
    return [(origin[hit.start()], origin[hit.end() - 1] + 1, hit.lastindex or 0) for hit in hits]


def _best_window(spans: list[tuple[int, int, int]], width: int) -> tuple[int, int]:
    """Return the start of the first and the end of the last hit of the window with the most different terms."""
    best, found = 0, (0, min(width, spans[0][1]) if spans else 0)
    for n, (start, _, _) in enumerate(spans):
        inside = [span for span in spans[n : n + width] if span[1] <= start + width]
        if (terms := len({term for _, _, term in inside})) > best:
            best, found = terms, (start, inside[-1][1])
    return found
