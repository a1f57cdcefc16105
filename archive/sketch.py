"""MinHash of a text: a signature whose agreement estimates likeness, and the bands by which look-alikes are found.

One permutation, cut into slots: a gram's hash says both its slot and its rank there, so that a signature is read off the sorted
grams. Our own few lines, not a library's: stored bands must mean the same for ever (scale.md A: releases of the usual
libraries cannot read each other's).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from archive.texts import Profile, hash63

#: Slots of a signature, in bands of so many rows (16 x 8: measured beside 32 x 4, which brings ten times the candidates).
SLOTS, ROWS = 128, 8
EDGES = np.arange(SLOTS, dtype=np.uint64) << np.uint64(57)


@dataclass(frozen=True)
class Sketch:
    """What is kept of a text to find its look-alikes by."""

    exact: str | None  #: hash of the core, None where it is too short
    signature: bytes
    sentences: list[int]  #: hashes, in order

    @classmethod
    def of(cls, text: str) -> Sketch:
        """Make the sketch of a text."""
        profile = Profile(text)
        return cls(profile.exact, signature(profile), profile.sentence_hashes)


def signature(profile: Profile) -> bytes:
    """Return the signature, 128 numbers of 32 bits; b"" of a text without grams."""
    grams = profile.grams
    if not len(grams):
        return b""
    # the least gram of every slot; an empty slot takes that of the next one that is not
    least = grams[np.searchsorted(grams, EDGES) % len(grams)]
    return (least >> np.uint64(16)).astype(np.uint32).tobytes()


def bands(signed: bytes) -> list[int]:
    """Return the hashes of a signature's bands; texts that share one are probably alike."""
    size = ROWS * 4
    return [hash63(bytes([n // size]) + signed[n : n + size]) for n in range(0, len(signed), size)]


def likeness(one: bytes, others: list[bytes]) -> NDArray[np.float64]:
    """Return the estimated Jaccard likeness of a signature with each of others."""
    rest = np.frombuffer(b"".join(others), np.uint32).reshape(-1, SLOTS)
    agreed: NDArray[np.float64] = (rest == np.frombuffer(one, np.uint32)).mean(axis=1)
    return agreed
