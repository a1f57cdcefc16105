"""Snippets: the part of a text that shows what a query found, its hits marked; pure functions."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

from archive.chinese import FOLDING, LETTER, LIGHT, RUN, normalise_text, parsed, squeezed
from archive.query import words

#: Around a hit in a snippet. Private-use characters, so that JSON and CSV stay plain text; the site turns them into <mark>.
MARK_START, MARK_END = "\ue000", "\ue001"

#: Snippets look at no more than this: hostile texts and queries must not cost seconds.
SNIPPET_TEXT, SNIPPET_TERMS, SNIPPET_TERM, SNIPPET_HITS, SNIPPET_WIDTH = 200_000, 32, 64, 200, 1000


@lru_cache(maxsize=256)
def _pattern(query: str) -> re.Pattern[str] | None:
    """Return a pattern for folded text with one group a term; longer terms first."""
    terms = []
    asked = [normalise_text(word.text) for word in words(parsed(query))[:SNIPPET_TERMS]]
    for term in sorted(dict.fromkeys(asked), key=len, reverse=True):
        pattern, chinese, bridged = "", False, False
        for run, word, following in RUN.findall(squeezed(term[:SNIPPET_TERM])):
            if bridged:
                pattern += rf"[{LIGHT}]{{0,3}}"
            elif pattern:  # between Chinese and a number after it, the index does not tell what stood there
                pattern += rf"[\W_]{{{0 if chinese and word else 1},9}}"
            pattern += rf"[{LIGHT}]{{0,3}}".join(run) if run else rf"(?<!{LETTER}){re.escape(word)}(?!{LETTER})"
            chinese, bridged = bool(run), bool(following)
        if pattern:
            terms.append(f"({pattern})")
    return re.compile("|".join(terms)) if terms else None


def zh_counts(text: str, queries: Sequence[str]) -> list[int]:
    """Return for each query how often its words stand in a text; of a very long one the first 200,000 characters are read."""
    folded = normalise_text(text[:SNIPPET_TEXT])
    patterns = map(_pattern, queries)
    return [sum(1 for _ in pattern.finditer(folded)) if pattern else 0 for pattern in patterns]


def zh_snippet(text: str, query: str, width: int = 80) -> str:
    """Return the part of a text with the most different words of a query, its hits between U+E000 and U+E001.

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
        origin = [n for n, character in enumerate(text) for _ in FOLDING[ord(character)]]
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
