"""Duplicates: the normalised core of a report, its exact hash, and what keeps two reports apart.

The normalisation is that of the measurements behind it: for keys only, never shown. On 3,600 labelled pairs it finds every
reflowed, re-encoded and decorated copy and no other report.
"""

from __future__ import annotations

import re
from collections import Counter
from hashlib import blake2b

from archive.chinese import normalise_text

#: Raised whenever the hash of a text changes; stored in work.db, which is then made again.
NORM_VERSION = 1
#: Version of the rule in `verdicts`.
RULE_VERSION = "1"
#: Shorter cores are too common to prove anything (characters after normalisation).
LEAST = 300

RESIDUE = re.compile(r"\[(?:bookmark|image):[^\]]*\]|[\u200b-\u200f\ufeff]", re.IGNORECASE)
PAGE_NUMBER = re.compile(r"[\s—\-–·]*\d{1,3}[\s—\-–·]*")
NOT_FLAT = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")


def unwrap(lines: list[str]) -> list[str]:
    """Join the lines of hard-wrapped text: most are then equally long, and paragraphs end early or with a mark."""
    widths = Counter(len(line) for line in lines if len(line) >= 20)
    if not widths:
        return lines
    width = max(widths, key=lambda n: (widths[n] + widths[n - 1], n))
    full = [line for line in lines if width - 2 <= len(line) <= width]
    if len(full) < 5 or len(full) * 2 < len(lines):
        return lines
    joined: list[str] = []
    open_line = False
    for line in lines:
        if open_line:
            joined[-1] += line
        else:
            joined.append(line)
        open_line = width - 2 <= len(line) <= width and not line.endswith("。")
    return joined


def core(text: str) -> str:
    """Return the text from the first to the last line that holds a 。: titles, index blocks and signatures fall away."""
    lines = [line for line in RESIDUE.sub("", text).split("\n") if not PAGE_NUMBER.fullmatch(line)]
    lines = unwrap(lines)
    holding = [n for n, line in enumerate(lines) if "。" in line]
    return "\n".join(lines[holding[0] : holding[-1] + 1]) if holding else ""


def flat(text: str) -> str:
    """Return the text as letters, digits and Chinese characters alone: one width, lower case, Simplified."""
    return NOT_FLAT.sub("", normalise_text(text))


def exact(text: str) -> str | None:
    """Return the hash (blake2b-128, hex) of the normalised core, None where it is too short to prove anything."""
    key = flat(core(text))
    return blake2b(key.encode(), digest_size=16).hexdigest() if len(key) >= LEAST else None


Key = tuple[int | None, str | None]  #: report year and issuer, None where not known


def contradict(a: Key, b: Key) -> bool:
    """Whether two keys cannot be of one report: both years known and different, or both issuers and not the same."""
    if a[0] and b[0] and a[0] != b[0]:
        return True
    return bool(a[1] and b[1]) and not same_issuer(a[1] or "", b[1] or "")


def same_issuer(a: str, b: str) -> bool:
    """Whether two names can be of one issuer: one ends in the other (婺城区人民政府, 金华市婺城区人民政府), in any part."""
    return any(x.endswith(y) or y.endswith(x) for x in a.split("、") for y in b.split("、"))


def containment(part: str, whole: str, size: int = 5) -> float:
    """Return the share of the character 5-grams of `part` (normalised) that `whole` holds, 0 to 1."""
    a, b = ({key[n : n + size] for n in range(len(key) - size + 1)} for key in (flat(part), flat(whole)))
    return round(len(a & b) / len(a), 4) if a else 0.0


def contains_five_numbers(text: str) -> bool:
    """Whether a text has at least five numbers of two digits or more: with fewer, their agreement says nothing."""
    return len(re.findall(r"\d{2,}", flat(core(text)))) >= 5
