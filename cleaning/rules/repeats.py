"""Repeats: a body that the page holds twice (a version for elderly readers, text for reading aloud) is kept once."""

from __future__ import annotations

from cleaning.document import Dropped
from cleaning.lines import Line, squeeze

#: A line this long opens a second copy when it comes again; shorter ones recur in tables and refrains.
_OPENING_CHARACTERS = 25
_SHARE = 0.8
_COPIED_LINES = 3
#: A line that says all the others has so many characters at least, and at most so many more for the title.
_READ_ALOUD, _TITLE = 100, 160
#: A teaser stands so near the top, and quotes no more lines.
_TOP, _QUOTED_LINES = 3, 6


def drop_repeats(lines: list[Line]) -> tuple[list[Line], list[Dropped]]:
    """Return the lines without a second copy of the whole text, and what was taken away."""
    if teaser := _teaser(lines):
        return [line for line in lines if line is not teaser], [Dropped(rule="second_copy", line=teaser.text)]
    keys = [squeeze(line.text) for line in lines]
    if (whole := _whole(keys)) is not None:
        return lines[:whole] + lines[whole + 1 :], [Dropped(rule="second_copy", line=lines[whole].text)]
    first = next((n for n, text in enumerate(keys) if len(text) >= _OPENING_CHARACTERS), None)
    if first is None or keys[first] not in keys[first + 1 :]:
        return lines, []
    again = keys.index(keys[first], first + 1)
    begins, lead = again, first
    while lead and keys[lead - 1] == keys[begins - 1]:
        begins, lead = begins - 1, lead - 1
    before, copy = keys[:begins], keys[begins:]
    known = set(before)
    shared = sum(len(text) for text in copy if text in known)
    enough = sum(text in known for text in copy) >= min(_COPIED_LINES, len(before))
    if not enough or shared < _SHARE * sum(map(len, copy)) or shared < _SHARE * sum(map(len, before)) / 2:
        return lines, []
    return lines[:begins], [Dropped(rule="second_copy", line=line.text) for line in lines[begins:]]


def _teaser(lines: list[Line]) -> Line | None:
    """Return the line at the top that only quotes how the text begins, up to an ellipsis."""
    for n, line in enumerate(lines[:_TOP]):
        text = squeeze(line.text)
        begun = text.rstrip(".…")
        if len(text) - len(begun) >= 2:
            below = squeeze("".join(other.text for other in lines[n + 1 : n + 1 + _QUOTED_LINES]))
            if len(begun) >= _OPENING_CHARACTERS and below.startswith(begun):
                return line
    return None


def _whole(keys: list[str]) -> int | None:
    """Return the number of the line that says all the others at once, for reading aloud, with or without the title."""
    longest = max(range(len(keys)), key=lambda n: len(keys[n]), default=0)
    if len(keys) < _COPIED_LINES or len(keys[longest]) < _READ_ALOUD:
        return None
    rest = "".join(key for n, key in enumerate(keys) if n != longest)
    return longest if 0 <= len(keys[longest]) - len(rest) <= _TITLE and keys[longest].endswith(rest) else None
