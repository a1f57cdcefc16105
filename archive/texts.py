"""What duplicates are found by: the normalised core of a text, its sentences, numbers and character 5-grams.

For keys only, never shown. The normalisation is that of the measurements behind it: on 3,600 labelled pairs it finds every
reflowed, re-encoded and decorated copy and no other report.
"""

from __future__ import annotations

import re
from collections import Counter
from functools import cached_property
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from archive.chinese import normalise_text

#: Raised whenever what is made of a text changes; stored in work.db, which is then made again.
NORM_VERSION = 3
#: Shorter cores are too common to prove anything (characters after normalisation).
LEAST = 300
#: Shorter sentences are headings and phrases that everybody writes (characters after normalisation).
SENTENCE = 8
#: Characters of a gram.
GRAM = 5

RESIDUE = re.compile(r"\[(?:bookmark|image):[^\]]*\]|[\u200b-\u200f\ufeff]", re.IGNORECASE)
PAGE_NUMBER = re.compile(r"[\s—\-–·]*\d{1,3}[\s—\-–·]*")
NOT_FLAT = re.compile(r"[^0-9a-z\u3400-\u9fff\U00020000-\U0003ffff]+")
STOPS = re.compile(r"[。!?;\n]+")  # of normalised text


def unwrap(lines: list[str]) -> list[str]:
    """Join the lines of hard-wrapped text: most are then equally long, and paragraphs end early or with a mark."""
    widths = Counter(len(line) for line in lines if len(line) >= 20)
    if not widths:
        return lines
    width = max(widths, key=lambda n: (widths[n] + widths[n - 1] + widths[n - 2], n))  # an indent of two is often lost
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


class Profile:
    """A text as duplicates are looked for; each part is made when it is first asked for."""

    def __init__(self, text: str) -> None:
        self._normal = normalise_text(core(text))

    @cached_property
    def flat(self) -> str:
        """The core as letters, digits and Chinese characters alone: one width, lower case, Simplified."""
        return NOT_FLAT.sub("", self._normal)

    @cached_property
    def exact(self) -> str | None:
        """Hash (blake2b-128, hex) of the flat core, None where it is too short to prove anything."""
        return blake2b(self.flat.encode(), digest_size=16).hexdigest() if len(self.flat) >= LEAST else None

    @cached_property
    def sentences(self) -> list[str]:
        """The flat sentences, in order, each once; headings and short phrases left out."""
        found = (NOT_FLAT.sub("", sentence) for sentence in STOPS.split(self._normal))
        return list(dict.fromkeys(sentence for sentence in found if len(sentence) >= SENTENCE))

    @cached_property
    def sentence_hashes(self) -> list[int]:
        """A 63-bit hash of every sentence, in order."""
        return [hash63(sentence.encode()) for sentence in self.sentences]

    @cached_property
    def numbers(self) -> Counter[str]:
        """Numbers of at least two digits, with how often each stands there."""
        return Counter(re.findall(r"\d{2,}", self.flat))

    @cached_property
    def grams(self) -> NDArray[np.uint64]:
        """Hashes of the character 5-grams, sorted, each once."""
        codes = np.frombuffer(self.flat.encode("utf-32-le"), dtype=np.uint32).astype(np.uint64)
        if len(codes) < GRAM:
            return np.zeros(0, np.uint64)
        made = np.zeros(len(codes) - GRAM + 1, np.uint64)
        for n in range(GRAM):
            made = made * np.uint64(0x9E3779B97F4A7C15) + codes[n : n + len(made)]
        mixed = (made ^ (made >> np.uint64(32))) * np.uint64(0xD6E8FEB86659FD93)  # so that the upper bits tell grams apart
        mixed ^= mixed >> np.uint64(32)
        mixed.sort()
        each_once: NDArray[np.uint64] = mixed[np.append(True, mixed[1:] != mixed[:-1])]  # np.unique takes five times as long
        return each_once


def hash63(data: bytes) -> int:
    """Return a hash that SQLite can hold as an integer."""
    return int.from_bytes(blake2b(data, digest_size=8).digest(), "big") >> 1


def shared(a: NDArray[np.uint64], b: NDArray[np.uint64]) -> int:
    """Return how many grams two profiles have in common."""
    return len(np.intersect1d(a, b, assume_unique=True))
