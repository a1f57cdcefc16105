"""Damage: characters that were harmed before the page was published: undone where the bytes allow it, else only reported."""

from __future__ import annotations

import re
from contextlib import suppress

from cleaning.lines import han
from cleaning.simplified import to_simplified

#: UTF-8 read as GBK or Latin-1, GBK read as Latin-1, and what nothing can bring back; field-notes 5.
_AS_GBK = re.compile(r"鏀垮|娉曟不|鐨勬|涓€|锛|銆|鍜|骞[磋]")
_AS_LATIN = re.compile(r"[\xa1-\xff][\x80-\xff\u0152-\u2122]{2,}")
#: The byte that a character was: of Latin-1, or of windows-1252, which browsers take for it; 81, 8D … are none of its.
_BYTES = {chr(byte): byte for byte in range(256)} | {
    bytes([byte]).decode("cp1252"): byte for byte in range(0x80, 0xA0) if byte not in (0x81, 0x8D, 0x8F, 0x90, 0x9D)
}
_CHINESE = re.compile(r"[\u2014-\u2026\u3000-\u9fff\uff00-\uffef]")
_LOST = re.compile(r"锟斤拷|烫烫烫|屯屯屯|\ufffd")
_SIGNS_PER = 200  #: one sign of UTF-8 read as GBK in so many characters
#: The mark comes first and what stands around it after, so that the search skips from mark to mark.
_HALF = re.compile(r"[,;:()?!](?:(?<=[\u4e00-\u9fff].)(?=[\u4e00-\u9fff\d“《\s]|$)|(?<=\()(?=[\u4e00-\u9fff]))", re.M)
_FULL = re.compile(r"[，；：（）？！]")
_FOLDED_AT_LEAST = 3
#: Share of characters that Traditional writing writes otherwise, above which a text is Traditional; quoted names stay below it.
_TRADITIONAL_SHARE = 0.05
_SAMPLE = 5_000


def undo_mojibake(text: str) -> tuple[str, bool]:
    """Return the text with wrongly decoded runs decoded again, and whether any were seen, undone or not."""
    misread = _misread(text)
    better = _recoded(text, "gb18030", "utf-8") if misread else None
    if better is None:
        better = _AS_LATIN.sub(_again, text)
    return better, misread or better != text


def is_damaged(text: str) -> bool:
    """Say whether characters are lost for good: 锟斤拷, 烫烫烫, U+FFFD."""
    return _LOST.search(text) is not None


def _misread(text: str) -> bool:
    return _AS_GBK.search(text) is not None and len(_AS_GBK.findall(text)) * _SIGNS_PER > han(text)


def _again(match: re.Match[str]) -> str:
    with suppress(KeyError):
        raw = bytes(_BYTES[character] for character in match[0])
        for right in ("utf-8", "gb18030"):
            with suppress(UnicodeError):
                better = raw.decode(right)
                if len(_CHINESE.findall(better)) * 2 >= len(better):
                    return better
    return match[0]


def _recoded(text: str, wrong: str, right: str) -> str | None:
    """Return text decoded as `right` that had been decoded as `wrong`, or None where that cannot be."""
    try:
        return text.encode(wrong).decode(right)
    except UnicodeError:
        return None


def is_folded(text: str) -> bool:
    """Say whether full-width punctuation came as ASCII: half-width marks between Chinese characters, and hardly a full one."""
    half = len(_HALF.findall(text))
    return half >= _FOLDED_AT_LEAST and len(_FULL.findall(text)) * 10 <= half


def is_traditional(text: str) -> bool:
    """Say whether a text is written in Traditional characters."""
    sample = text[:_SAMPLE]
    simplified = to_simplified(sample)
    if simplified == sample or not han(sample) or _misread(sample):
        return False
    changed = sum(map(str.__ne__, sample, simplified))
    return changed > _TRADITIONAL_SHARE * han(sample)
